/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dnsmasq_conf.c - the configuration of a network's dnsmasq.
 *
 * The lines and their order are libvirt's, so that the two can be compared. Differences:
 *
 * - user= and group= are always set, since the host lists belong to that user or group;
 * - there is no pid file (a pidfile record identifies the process) and no lease script (dnsmasq's own lease file is
 *   read);
 * - the lease limit counts the reserved addresses outside of the ranges, too.
 */
#include "plan/dnsmasq/dnsmasq_conf.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "model/attach.h"
#include "plan/dnsmasq/dnsmasq_dhcp.h"
#include "plan/dnsmasq/dnsmasq_hosts.h"
#include "plan/dnsmasq/dnsmasq_line.h"
#include "plan/dnsmasq/dnsmasq_names.h"
#include "util/mem.h"

static void forwarder(struct vnm_dm *dm, const struct vnm_forwarder *to)
{
	vnm_dm_begin(dm, "server", &to->at);
	vnm_dm_put(dm, "=");
	if (to->domain) {
		vnm_dm_put(dm, "/");
		vnm_dm_value(dm, VNM_DM_DOMAIN, to->domain);
		vnm_dm_put(dm, "/");
	}
	if (to->addr.family != AF_UNSPEC)
		vnm_dm_addr(dm, &to->addr);
	else
		vnm_dm_put(dm, "#");	/* the host's own servers */
	if (to->port.set) {
		vnm_dm_put(dm, "#");
		vnm_dm_number(dm, to->port.v);
	}
	vnm_dm_end(dm);
}

static void forwarders(struct vnm_dm *dm, const struct vnm_dns *dns)
{
	bool replaces = false;

	for (size_t i = 0; i < dns->n_forwarders; i++) {
		forwarder(dm, &dns->forwarders[i]);
		replaces |= !dns->forwarders[i].domain;
	}
	if (replaces)
		vnm_dm_flag(dm, "no-resolv");
}

static void local_zone(struct vnm_dm *dm, const struct vnm_at *at, const char *domain)
{
	vnm_dm_begin(dm, "local", at);
	vnm_dm_put(dm, "=/");
	vnm_dm_value(dm, VNM_DM_DOMAIN, domain);
	vnm_dm_put(dm, "/");
	vnm_dm_end(dm);
}

static void domain(struct vnm_dm *dm, const struct vnm_domain *domain)
{
	if (!domain->at.present || !domain->name)
		return;
	if (domain->local_only == VNM_TRI_YES)
		local_zone(dm, &domain->at, domain->name);
	vnm_dm_option(dm, "domain", &domain->at, VNM_DM_DOMAIN, domain->name);
	vnm_dm_flag(dm, "expand-hosts");
}

/* The zone of a subnet's addresses: RFC 1035 3.5 (v4, a label an octet), RFC 3596 2.5 (v6, a label four bits). */
static char *reverse_zone(const struct vnm_prefix *prefix)
{
	bool v4 = prefix->addr.family == AF_INET;
	struct vnm_buf zone = { 0 };

	for (unsigned n = prefix->len / (v4 ? 8 : 4); n-- > 0; ) {
		if (v4)
			vnm_buf_printf(&zone, "%u.", prefix->addr.b[n]);
		else
			vnm_buf_printf(&zone, "%x.",
				       prefix->addr.b[n / 2] >> (n % 2 ? 0 : 4) & 0xf);
	}
	vnm_buf_add(&zone, v4 ? "in-addr.arpa" : "ip6.arpa");
	return vnm_buf_steal(&zone);
}

static void reverse_zones(struct vnm_dm *dm)
{
	for (size_t i = 0; i < dm->net->n_ips; i++) {
		const struct vnm_ip *ip = &dm->net->ips[i];
		struct vnm_prefix prefix = vnm_ip_prefix(ip);
		vnm_autofree char *zone = reverse_zone(&prefix);

		if (ip->local_ptr == VNM_TRI_YES)
			local_zone(dm, &ip->at, zone);
	}
}

static void plain_names(struct vnm_dm *dm, const struct vnm_dns *dns)
{
	if (dns->forward_plain_names != VNM_TRI_NO)
		return;
	vnm_dm_flag(dm, "domain-needed");
	vnm_dm_setting(dm, "local", "//");
}

static bool has_option(const struct vnm_network *net, const char *name)
{
	size_t len = strlen(name);

	for (size_t i = 0; i < net->dnsmasq_options.n_items; i++) {
		const char *value = net->dnsmasq_options.items[i].value;

		if (!strncmp(value, name, len) && (!value[len] || value[len] == '='))
			return true;
	}
	return false;
}

/* The definition's own name servers: their answers may contain addresses of its guests. */
static bool chooses_servers(const struct vnm_network *net)
{
	static const char *const options[] = { "server", "rev-server", "servers-file",
					       "resolv-file" };
	bool chooses = net->dns.n_forwarders > 0;

	for (size_t i = 0; i < VNM_ARRAY_SIZE(options); i++)
		chooses |= has_option(net, options[i]);
	return chooses;
}

static void no_answer(struct vnm_dm *dm, const char *range)
{
	vnm_dm_setting(dm, "bogus-nxdomain", range);
}

/*
 * DNS rebinding: a name of an outside domain that resolves to a guest or to the host's address here serves to attack
 * it by a guest's browser. Behind NAT no outside server has reason to return these addresses, unless the definition
 * names the server. Of the loopback addresses only 127.0.0.1 is refused: others are answers of DNS blocklists (RFC
 * 5782). Other private addresses pass: they may be a VPN's.
 */
static void misleading_answers(struct vnm_dm *dm, const struct vnm_network *net)
{
	if (!has_option(net, "rebind-localhost-ok")) {
		no_answer(dm, "0.0.0.0/8");
		no_answer(dm, "127.0.0.1");
		no_answer(dm, "::");
		no_answer(dm, "::1");
	}
	if (vnm_network_mode(net) != VNM_FORWARD_NAT || chooses_servers(net) ||
	    has_option(net, "rebind-domain-ok"))
		return;
	for (size_t i = 0; i < net->n_ips; i++) {
		struct vnm_prefix prefix = vnm_ip_prefix(&net->ips[i]);
		struct vnm_prefix subnet = vnm_prefix_network(&prefix);
		char text[VNM_PREFIX_STRLEN];

		if (prefix.addr.family == AF_INET || net->forward.nat.ipv6 == VNM_TRI_YES)
			no_answer(dm, vnm_prefix_format(&subnet, text));
	}
}

static void txt_record(struct vnm_dm *dm, const struct vnm_txt *txt)
{
	vnm_dm_begin(dm, "txt-record", &txt->at);
	vnm_dm_put(dm, "=");
	vnm_dm_value(dm, VNM_DM_RECORD, txt->name);
	vnm_dm_put(dm, ",");
	vnm_dm_value(dm, VNM_DM_TEXT, txt->value);
	vnm_dm_end(dm);
}

/* Port, priority and weight, in this order; one that is absent before one that is set gets its default. */
static void srv_numbers(struct vnm_dm *dm, const struct vnm_srv *srv)
{
	const uint32_t numbers[] = { srv->port.v ? srv->port.v : 1, srv->priority.v,
				     srv->weight.v };
	size_t n = srv->weight.v ? 3 : srv->priority.v ? 2 : srv->port.v ? 1 : 0;

	for (size_t i = 0; i < n; i++) {
		vnm_dm_put(dm, ",");
		vnm_dm_number(dm, numbers[i]);
	}
}

static void srv_record(struct vnm_dm *dm, const struct vnm_srv *srv)
{
	vnm_dm_begin(dm, "srv-host", &srv->at);
	vnm_dm_put(dm, "=_");
	vnm_dm_value(dm, VNM_DM_LABEL, srv->service);
	vnm_dm_put(dm, "._");
	vnm_dm_value(dm, VNM_DM_LABEL, srv->protocol);
	if (srv->domain) {
		vnm_dm_put(dm, ".");
		vnm_dm_value(dm, VNM_DM_DOMAIN, srv->domain);
	}
	/* "." means no such service (RFC 2782); in dnsmasq, a record without a target. */
	if (srv->target && !(srv->target[0] == '.' && !srv->target[1])) {
		vnm_dm_put(dm, ",");
		vnm_dm_value(dm, VNM_DM_DOMAIN, srv->target);
		srv_numbers(dm, srv);
	}
	vnm_dm_end(dm);
}

static void dns_records(struct vnm_dm *dm, const struct vnm_dns *dns)
{
	for (size_t i = 0; i < dns->n_txts; i++)
		txt_record(dm, &dns->txts[i]);
	for (size_t i = 0; i < dns->n_srvs; i++)
		srv_record(dm, &dns->srvs[i]);
}

/* The account it runs as; it answers on our bridge only. */
static void process(struct vnm_dm *dm, const struct vnm_plan_input *in)
{
	const struct vnm_facts *facts = in->facts;
	const struct vnm_attachment *tun;

	vnm_dm_setting(dm, "pid-file", "");
	if (!facts->single_uid) {
		vnm_dm_setting(dm, "user", facts->dnsmasq_user);
		vnm_dm_setting(dm, "group", facts->dnsmasq_group);
	}
	vnm_dm_setting(dm, "except-interface", "lo");
	/* In a VRF, what is bound later would be bound to an address of the host's, outside of it (sys/process/bind_device.c). */
	vnm_dm_flag(dm, dm->net->vrf.at.present ? "bind-interfaces" : "bind-dynamic");
	vnm_dm_option(dm, "interface", &dm->net->bridge.at, VNM_DM_DEVICE, dm->net->bridge.name);
	/* A guest behind a tun has its address already; it uses DNS only. */
	for (size_t i = 0; (tun = vnm_attachments_next_tun(in->guests, &i));) {
		vnm_dm_option(dm, "interface", &tun->at, VNM_DM_DEVICE, tun->dev);
		vnm_dm_option(dm, "no-dhcp-interface", &tun->at, VNM_DM_DEVICE, tun->dev);
	}
}

/* A guest of an isolated network gets no router and no name from outside. */
static void isolated(struct vnm_dm *dm)
{
	if (vnm_network_mode(dm->net) != VNM_FORWARD_NONE)
		return;
	vnm_dm_setting(dm, "dhcp-option", "3");
	vnm_dm_flag(dm, "no-resolv");
	vnm_dm_setting(dm, "ra-param", "*,0,0");
}

static void mtu(struct vnm_dm *dm)
{
	const struct vnm_mtu *mtu = &dm->net->mtu;

	if (!vnm_network_mtu(dm->net).set)
		return;
	vnm_dm_begin(dm, "dhcp-option", &mtu->at);
	vnm_dm_put(dm, "=option:mtu,");
	vnm_dm_number(dm, vnm_network_mtu(dm->net).v);
	vnm_dm_end(dm);
}

static void own_lines(struct vnm_dm *dm, const struct vnm_dnsmasq_options *options)
{
	if (options->n_items)
		vnm_buf_add(&dm->text, VNM_DNSMASQ_OWN_LINES "\n");
	for (size_t i = 0; i < options->n_items; i++)
		vnm_dm_raw(dm, &options->items[i].at, options->items[i].value);
}

static int make_conf(const struct vnm_plan_input *in, char **ret, struct vnm_error *err)
{
	const struct vnm_dnsmasq_paths *places = in->paths;
	const struct vnm_network *net = in->net;
	vnm_autodm struct vnm_dm dm = { .net = net, .format = VNM_DM_CONF, .err = err };
	bool dns = vnm_network_dns_enabled(net);

	vnm_buf_add(&dm.text, "# Written by vnetmgr at every start: changes made here are lost.\n"
			      "# To change the network: vnetmgr net-define\n");
	vnm_dm_flag(&dm, "strict-order");
	if (!dns)
		vnm_dm_setting(&dm, "port", "0");
	forwarders(&dm, &net->dns);
	domain(&dm, &net->domain);
	if (dns) {
		reverse_zones(&dm);
		plain_names(&dm, &net->dns);
		misleading_answers(&dm, net);
		vnm_dm_flag(&dm, "no-ident"); /* its upstream servers are not revealed to guests */
	}
	process(&dm, in);
	isolated(&dm);
	if (dns)
		dns_records(&dm, &net->dns);
	vnm_dm_tftp(&dm);
	vnm_dm_dhcp(&dm, places);
	if (dns)
		vnm_dm_path(&dm, "addn-hosts", places->dnsmasq_dir, VNM_DNSMASQ_ADDNHOSTS);
	mtu(&dm);
	vnm_dm_advertisements(&dm);
	own_lines(&dm, &net->dnsmasq_options);
	return vnm_dm_finish(&dm, ret);
}

/**
 * vnm_dnsmasq_files() - write the texts of dnsmasq's files for a network
 * @in:  a valid definition with a bridge name, its guests, and where the files and the leases are
 * @ret: the texts; free with vnm_dnsmasq_files_clear()
 * @err: VNM_ERR_XML_MEANING when a value of the definition cannot be written in them, VNM_ERR_UNSUPPORTED when a path
 *       of ours cannot
 *
 * Return: 0 or -errno.
 */
int vnm_dnsmasq_files(const struct vnm_plan_input *in, struct vnm_dnsmasq_files *ret,
		      struct vnm_error *err)
{
	struct vnm_dnsmasq_files files = { 0 };
	int r;

	r = make_conf(in, &files.conf, err);
	if (r == 0)
		r = vnm_dm_hosts_file(in->net, in->guests, &files.hosts, err);
	if (r == 0)
		r = vnm_dm_addnhosts_file(in->net, &files.addnhosts, err);
	if (r < 0)
		vnm_dnsmasq_files_clear(&files);
	else
		*ret = files;
	return r;
}

/**
 * vnm_dnsmasq_files_clear() - free the texts
 * @files: becomes all zero
 */
void vnm_dnsmasq_files_clear(struct vnm_dnsmasq_files *files)
{
	free(files->conf);
	free(files->hosts);
	free(files->addnhosts);
	*files = (struct vnm_dnsmasq_files){ 0 };
}
