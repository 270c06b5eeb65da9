/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * attach_augment.c - what attachments add to the definition of their network: reservations and names, ports.
 *
 * A guest's address gets a DNS name, and is reserved, so that DHCP leases it to no other guest: not even to one that the
 * definition reserves it for.
 */
#include "plan/attach_augment.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "model/attach_named.h"
#include "model/attach_rival.h"
#include "util/mem.h"

/* In place of one for somebody else, if the definition has that. */
static struct vnm_dhcp_host *add_reservation(struct vnm_dhcp *dhcp, const struct vnm_addr *address)
{
	struct vnm_dhcp_host *host;

	for (size_t i = 0; i < dhcp->n_hosts; i++) {
		host = &dhcp->hosts[i];
		if (!vnm_addr_equal(&host->ip, address))
			continue;
		free(host->id);
		free(host->name);
		*host = (struct vnm_dhcp_host){ .ip = *address };
		return host;
	}
	dhcp->hosts = vnm_array_add(dhcp->hosts, &dhcp->n_hosts, sizeof(*dhcp->hosts));
	host = &dhcp->hosts[dhcp->n_hosts - 1];
	host->ip = *address;
	return host;
}

/*
 * A guest behind a tun has no MAC address and uses no DHCP: its reservations are for a MAC address that no guest
 * has, and only keep its addresses from others.
 */
static void reserve_address(struct vnm_ip *ip, const struct vnm_addr *address)
{
	struct vnm_dhcp *dhcp = &ip->dhcp;
	struct vnm_dhcp_host *host;
	char mac[VNM_MAC_STRLEN];
	struct vnm_mac none = { .set = true };

	if (!vnm_dhcp_serves(dhcp) || vnm_addr_equal(address, &ip->address))
		return;
	none.b[0] = 0x02; /* locally administered */
	memcpy(none.b + 2, address->b + vnm_addr_bits(address->family) / 8 - 4, 4);
	host = add_reservation(dhcp, address);
	if (address->family == AF_INET)
		host->mac = none;
	else
		host->id = vnm_asprintf("00:03:00:01:%s", vnm_mac_format(&none, mac));
}

static void reserve(struct vnm_ip *ip, const struct vnm_attachment *attach, const char *hostname,
		    const struct vnm_addr *address)
{
	struct vnm_dhcp_host *host;

	if (!vnm_dhcp_serves(&ip->dhcp) || !attach->mac.set)
		return;
	for (size_t i = 0; i < ip->dhcp.n_hosts; i++)
		if (vnm_addr_equal(&ip->dhcp.hosts[i].ip, address) &&
		    vnm_attach_owns(attach, &ip->dhcp.hosts[i]))
			return; /* the definition reserves it for this guest */
	host = add_reservation(&ip->dhcp, address);
	host->mac = attach->mac;
	host->name = hostname ? vnm_strdup(hostname) : NULL;
}

static void add_name(struct vnm_dns *dns, const char *name, const struct vnm_addr *address)
{
	struct vnm_dns_host *host;

	dns->hosts = vnm_array_add(dns->hosts, &dns->n_hosts, sizeof(*dns->hosts));
	host = &dns->hosts[dns->n_hosts - 1];
	host->ip = *address;
	host->names = vnm_array_add(NULL, &host->n_names, sizeof(*host->names));
	host->names[0].name = vnm_strdup(name);
}

/**
 * vnm_attach_augment_forwards() - add an attachment's port forwardings to a definition, one for each family that it has an address of
 * @net:    a copy of the definition
 * @attach: the attachment
 */
void vnm_attach_augment_forwards(struct vnm_network *net, const struct vnm_attachment *attach)
{
	for (size_t i = 0; i < attach->n_forwards; i++) {
		const struct vnm_port_forward *from = &attach->forwards[i];
		bool done[2] = { false, false };

		for (size_t k = 0; k < attach->n_ips; k++) {
			const struct vnm_addr *to = &attach->ips[k].address;
			struct vnm_port_forward *forward;

			if (done[to->family == AF_INET6] ||
			    (from->address.family && from->address.family != to->family))
				continue;
			done[to->family == AF_INET6] = true;
			net->port_forwards =
				vnm_array_add(net->port_forwards, &net->n_port_forwards,
					      sizeof(*net->port_forwards));
			forward = &net->port_forwards[net->n_port_forwards - 1];
			forward->proto = from->proto;
			forward->address = from->address;
			forward->port = from->port;
			forward->to_port = from->to_port;
			forward->to = *to;
		}
	}
}

static void add_names(struct vnm_dns *dns, const struct vnm_attachment *attach,
		      const char *hostname, const struct vnm_addr *address)
{
	if (hostname)
		add_name(dns, hostname, address);
	for (size_t i = 0; i < attach->n_aliases; i++)
		add_name(dns, attach->aliases[i].name, address);
}

static void augment(struct vnm_network *net, const struct vnm_attachment *attach,
		    const char *hostname)
{
	for (size_t i = 0; i < attach->n_ips; i++) {
		const struct vnm_addr *address = &attach->ips[i].address;
		struct vnm_ip *ip = (struct vnm_ip *)vnm_attach_subnet(net, address);

		if (!ip)
			continue;
		if (attach->kind == VNM_ATTACH_TUN)
			reserve_address(ip, address);
		else
			reserve(ip, attach, hostname, address);
		if (vnm_network_dns_enabled(net))
			add_names(&net->dns, attach, hostname, address);
	}
	for (size_t i = 0; i < attach->n_ips; i++) {
		const struct vnm_addr *host = &attach->ips[i].host;
		struct vnm_ip *ip = (struct vnm_ip *)vnm_attach_subnet(net, host);

		if (ip && host->family != AF_UNSPEC)
			reserve_address(ip, host);
	}
	vnm_attach_augment_forwards(net, attach);
}

/* Is it called as its namespace is, and has the definition that name for somebody else by now? */
static bool yields_name(const struct vnm_names *names, const struct vnm_attachment *attach)
{
	return attach->hostname && attach->netns_name &&
	       !strcasecmp(attach->hostname, attach->netns_name) &&
	       vnm_attach_named(names, attach, attach->hostname) == VNM_ATTACH_NAMED_OTHER;
}

/**
 * vnm_attach_augment() - add the reservations, names and port forwardings of attachments to a definition
 * @net:    a copy of the definition, only to be planned from
 * @guests: the attachments
 *
 * What the definition says of a name counts more than the name of a guest's namespace.
 */
void vnm_attach_augment(struct vnm_network *net, const struct vnm_attachments *guests)
{
	vnm_autofree bool *yields = vnm_alloc((guests->n_items + 1) * sizeof(*yields));
	struct vnm_names names;

	vnm_names_init(&names, net);
	for (size_t i = 0; i < guests->n_items; i++)
		yields[i] = yields_name(&names, &guests->items[i]);
	vnm_names_clear(&names); /* before the definition changes */
	for (size_t i = 0; i < guests->n_items; i++)
		augment(net, &guests->items[i], yields[i] ? NULL : guests->items[i].hostname);
}
