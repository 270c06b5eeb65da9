/* SPDX-License-Identifier: GPL-2.0-or-later */
/* dnsmasq_hosts.c - the two lists that dnsmasq reads again on SIGHUP: reservations (dhcp-host) and hosts(5). */
#include "plan/dnsmasq/dnsmasq_hosts.h"

#include <string.h>
#include <sys/socket.h>

#include "model/attach.h"
#include "model/names.h"
#include "plan/dnsmasq/dnsmasq_dhcp.h"
#include "plan/dnsmasq/dnsmasq_line.h"

/*
 * An attached guest's MAC address identifies it: frames with it from another port are dropped
 * (plan/firewall/plan_frames.c). A client identifier does not, since anyone may copy it; so its lease does not go by
 * that.
 */
#define NO_CLIENT_ID ",id:*"

static bool is_on_bridge(const struct vnm_attachment *attach)
{
	return attach->mac.set && attach->kind != VNM_ATTACH_TUN && !attach->parent;
}

static bool is_attached(const struct vnm_attachments *guests, const struct vnm_mac *mac)
{
	for (size_t i = 0; guests && i < guests->n_items; i++)
		if (is_on_bridge(&guests->items[i]) && vnm_mac_equal(&guests->items[i].mac, mac))
			return true;
	return false;
}

static void host_line4(struct vnm_dm *dm, const struct vnm_dhcp_host *host,
		       const struct vnm_attachments *guests)
{
	char mac[VNM_MAC_STRLEN];

	if (host->mac.set)
		vnm_dm_put(dm, vnm_mac_format(&host->mac, mac));
	else if (host->name)
		vnm_dm_value(dm, VNM_DM_HOST, host->name);
	if (host->mac.set && is_attached(guests, &host->mac))
		vnm_dm_put(dm, NO_CLIENT_ID);
	vnm_dm_put(dm, ",");
	vnm_dm_addr(dm, &host->ip);
	if (host->mac.set && host->name) {
		vnm_dm_put(dm, ",");
		vnm_dm_value(dm, VNM_DM_HOST, host->name);
	}
}

/* A definition may identify guests by DUID or name here; attached ones are identified by their MAC address. */
static void host_line6(struct vnm_dm *dm, const struct vnm_dhcp_host *host)
{
	char mac[VNM_MAC_STRLEN];

	if (host->mac.set)
		vnm_dm_put(dm, vnm_mac_format(&host->mac, mac));
	else if (host->id) {
		vnm_dm_put(dm, "id:");
		vnm_dm_value(dm, VNM_DM_DUID, host->id);
	}
	if ((host->mac.set || host->id) && host->name)
		vnm_dm_put(dm, ",");
	if (host->name)
		vnm_dm_value(dm, VNM_DM_HOST, host->name);
	if (host->ip.family != AF_UNSPEC) {
		vnm_dm_put(dm, ",[");
		vnm_dm_addr(dm, &host->ip);
		vnm_dm_put(dm, "]");
	}
}

static bool has_host4(const struct vnm_network *net, const struct vnm_mac *mac)
{
	for (size_t i = 0; i < net->n_ips; i++)
		for (size_t k = 0; k < net->ips[i].dhcp.n_hosts; k++)
			if (net->ips[i].address.family == AF_INET &&
			    net->ips[i].dhcp.hosts[k].mac.set &&
			    vnm_mac_equal(&net->ips[i].dhcp.hosts[k].mac, mac))
				return true;
	return false;
}

/* A host with a line here is "known" to dnsmasq: the administrator's own options may use that tag. */
static bool uses_known_tag(const struct vnm_network *net)
{
	for (size_t i = 0; i < net->dnsmasq_options.n_items; i++)
		if (strstr(net->dnsmasq_options.items[i].value, "known"))
			return true;
	return false;
}

static bool serves4(const struct vnm_network *net)
{
	for (size_t i = 0; i < net->n_ips; i++)
		if (net->ips[i].address.family == AF_INET && vnm_dhcp_serves(&net->ips[i].dhcp))
			return true;
	return false;
}

/* Guests without a reservation. */
static void guest_lines(struct vnm_dm *dm, const struct vnm_network *net,
			const struct vnm_attachments *guests)
{
	char mac[VNM_MAC_STRLEN];

	if (!guests || !serves4(net) || uses_known_tag(net))
		return;
	for (size_t i = 0; i < guests->n_items; i++) {
		const struct vnm_attachment *attach = &guests->items[i];

		if (!is_on_bridge(attach) || has_host4(net, &attach->mac))
			continue;
		vnm_dm_begin(dm, "dhcp-host", NULL);
		vnm_dm_put(dm, vnm_mac_format(&attach->mac, mac));
		vnm_dm_put(dm, NO_CLIENT_ID);
		vnm_dm_end(dm);
	}
}

/**
 * vnm_dm_hosts_file() - the reservations, for dhcp-hostsfile
 * @net:    the definition
 * @guests: those that are attached
 * @ret:    the text
 * @err:    VNM_ERR_XML_MEANING when a value cannot be written in it
 *
 * Return: 0 or -errno.
 */
int vnm_dm_hosts_file(const struct vnm_network *net, const struct vnm_attachments *guests,
		      char **ret, struct vnm_error *err)
{
	vnm_autodm struct vnm_dm dm = { .net = net, .format = VNM_DM_LIST, .err = err };

	for (size_t i = 0; i < net->n_ips; i++) {
		for (size_t k = 0; k < net->ips[i].dhcp.n_hosts; k++) {
			const struct vnm_dhcp_host *host = &net->ips[i].dhcp.hosts[k];

			vnm_dm_begin(&dm, "dhcp-host", &host->at);
			if (net->ips[i].address.family == AF_INET)
				host_line4(&dm, host, guests);
			else
				host_line6(&dm, host);
			vnm_dm_lease(&dm, &host->lease);
			vnm_dm_end(&dm);
		}
	}
	guest_lines(&dm, net, guests);
	return vnm_dm_finish(&dm, ret);
}

/* Many names of one address are split over several lines, which dnsmasq treats as one. */
static void dns_host(struct vnm_dm *dm, const struct vnm_dns_host *host)
{
	const size_t room = VNM_DNSMASQ_LINE_MAX - 256; /* a name has 253 bytes at most */

	for (size_t i = 0; i < host->n_names;) {
		vnm_dm_begin(dm, "host", &host->at);
		vnm_dm_addr(dm, &host->ip);
		do {
			vnm_dm_put(dm, "\t");
			vnm_dm_value(dm, VNM_DM_HOST, host->names[i++].name);
		} while (i < host->n_names && dm->line.len < room);
		vnm_dm_end(dm);
	}
}

static bool in_dns(const struct vnm_names *names, const char *name)
{
	size_t n;
	const struct vnm_name *found = vnm_names_find(names, name, &n);

	for (size_t i = 0; i < n; i++)
		if (!found[i].host)
			return true;
	return false;
}

/*
 * The name of a reservation resolves even while its guest is off: dnsmasq gives no lease a name that has another
 * address, so no other guest can claim it meanwhile. <dns> takes precedence, as it does over leases.
 */
static void reserved_names(struct vnm_dm *dm, const struct vnm_names *names,
			   const struct vnm_dhcp *dhcp)
{
	for (size_t i = 0; i < dhcp->n_hosts; i++) {
		const struct vnm_dhcp_host *host = &dhcp->hosts[i];

		if (!host->name || host->ip.family == AF_UNSPEC || in_dns(names, host->name))
			continue;
		vnm_dm_begin(dm, "host", &host->at);
		vnm_dm_addr(dm, &host->ip);
		vnm_dm_put(dm, "\t");
		vnm_dm_value(dm, VNM_DM_HOST, host->name);
		vnm_dm_end(dm);
	}
}

/**
 * vnm_dm_addnhosts_file() - the names of <dns> and of reservations, for addn-hosts
 * @net: the definition
 * @ret: the text
 * @err: VNM_ERR_XML_MEANING when a value cannot be written in it
 *
 * Return: 0 or -errno.
 */
int vnm_dm_addnhosts_file(const struct vnm_network *net, char **ret, struct vnm_error *err)
{
	vnm_autodm struct vnm_dm dm = { .net = net, .format = VNM_DM_HOSTS, .err = err };
	vnm_autonames struct vnm_names names = { 0 };

	for (size_t i = 0; i < net->dns.n_hosts; i++)
		dns_host(&dm, &net->dns.hosts[i]);
	vnm_names_init(&names, net);
	for (size_t i = 0; i < net->n_ips; i++)
		reserved_names(&dm, &names, &net->ips[i].dhcp);
	return vnm_dm_finish(&dm, ret);
}
