/* SPDX-License-Identifier: GPL-2.0-or-later */
/* dnsmasq_dhcp.c - the parts of dnsmasq's configuration about DHCP, TFTP and router advertisements. */
#include "plan/dnsmasq/dnsmasq_dhcp.h"

#include <assert.h>
#include <string.h>
#include <sys/socket.h>

#include "model/lease.h"
#include "model/names.h"
#include "plan/dnsmasq/dnsmasq_names.h"
#include "util/mem.h"

#define TAG_NO_NAME "vnm-no-name" /* tag of clients whose name is ignored */
#define SUBNET_BITS_MAX 20	/* more than a million leases: no limit */

static bool is_v4(const struct vnm_ip *ip)
{
	return ip->address.family == AF_INET;
}

/**
 * vnm_dm_lease() - append a lease time: ",2h"
 * @dm:    the file, in the middle of a line
 * @lease: in dnsmasq's own units; a number without a unit is minutes
 */
void vnm_dm_lease(struct vnm_dm *dm, const struct vnm_lease *lease)
{
	static const char *const units[] = {
		[VNM_UNIT_ABSENT] = "m",
		[VNM_UNIT_SECONDS] = "s",
		[VNM_UNIT_MINUTES] = "m",
		[VNM_UNIT_HOURS] = "h",
	};
	static_assert(VNM_ARRAY_SIZE(units) == VNM_UNIT_COUNT, "one letter per unit");

	if (!lease->at.present || !lease->expiry.set)
		return;
	vnm_dm_put(dm, ",");
	if (lease->expiry.v == 0) {
		vnm_dm_put(dm, "infinite");
		return;
	}
	vnm_dm_number(dm, lease->expiry.v);
	vnm_dm_put(dm, units[lease->unit]);
}

/* On many hosts, each leases its part. */
static void range(struct vnm_dm *dm, const struct vnm_ip *ip, size_t i)
{
	struct vnm_prefix prefix = vnm_ip_prefix(ip);
	struct vnm_addr mask = vnm_netmask_from_len(AF_INET, is_v4(ip) ? prefix.len : 0);
	const struct vnm_dhcp_range range = vnm_dhcp_range_here(dm->net, ip, i);

	vnm_dm_begin(dm, "dhcp-range", &range.at);
	vnm_dm_put(dm, "=");
	vnm_dm_addr(dm, &range.start);
	vnm_dm_put(dm, ",");
	vnm_dm_addr(dm, &range.end);
	vnm_dm_put(dm, ",");
	if (is_v4(ip))
		vnm_dm_addr(dm, &mask);
	else
		vnm_dm_number(dm, prefix.len);
	vnm_dm_lease(dm, &range.lease);
	vnm_dm_end(dm);
}

/* Without a range, only those with a reservation are served. */
static void static_range(struct vnm_dm *dm, const struct vnm_ip *ip)
{
	vnm_dm_begin(dm, "dhcp-range", &ip->at);
	vnm_dm_put(dm, "=");
	vnm_dm_addr(dm, &ip->address);
	vnm_dm_put(dm, ",static");
	if (!is_v4(ip)) {
		vnm_dm_put(dm, ",");
		vnm_dm_number(dm, vnm_ip_prefix(ip).len);
	}
	vnm_dm_end(dm);
}

static void bootp(struct vnm_dm *dm, const struct vnm_bootp *bootp)
{
	if (!bootp->at.present || !bootp->file)
		return;
	vnm_dm_begin(dm, "dhcp-boot", &bootp->at);
	vnm_dm_put(dm, "=");
	vnm_dm_value(dm, VNM_DM_BOOT_FILE, bootp->file);
	if (bootp->server.family != AF_UNSPEC) {
		vnm_dm_put(dm, ",,");
		vnm_dm_addr(dm, &bootp->server);
	}
	vnm_dm_end(dm);
}

static void dhcp(struct vnm_dm *dm, const struct vnm_ip *ip)
{
	if (!vnm_dhcp_serves(&ip->dhcp))
		return;
	for (size_t i = 0; i < ip->dhcp.n_ranges; i++)
		range(dm, ip, i);
	if (ip->dhcp.n_ranges == 0)
		static_range(dm, ip);
	if (!is_v4(ip))
		return;
	vnm_dm_flag(dm, "dhcp-no-override");
	vnm_dm_flag(dm, "dhcp-authoritative");
	bootp(dm, &ip->dhcp.bootp);
}

/*
 * The lease limit is the number of addresses of the subnets. Counting ranges and reservations would be closer, but
 * each new reservation would then restart dnsmasq.
 */
static uint64_t lease_max(const struct vnm_network *net)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < net->n_ips; i++) {
		const struct vnm_prefix prefix = vnm_ip_prefix(&net->ips[i]);
		unsigned bits = (prefix.addr.family == AF_INET ? 32 : 128) - prefix.len;

		if (vnm_dhcp_serves(&net->ips[i].dhcp))
			sum += bits < SUBNET_BITS_MAX ? 1ull << bits : 1ull << SUBNET_BITS_MAX;
	}
	return sum;
}

static bool serves(const struct vnm_network *net, int family)
{
	for (size_t i = 0; i < net->n_ips; i++)
		if (net->ips[i].address.family == family && vnm_dhcp_serves(&net->ips[i].dhcp))
			return true;
	return false;
}

/**
 * vnm_dm_tftp() - the lines about TFTP
 * @dm: the file
 */
void vnm_dm_tftp(struct vnm_dm *dm)
{
	bool enabled = false;

	for (size_t i = 0; i < dm->net->n_ips; i++) {
		const struct vnm_tftp *tftp = &dm->net->ips[i].tftp;

		if (!tftp->at.present || !tftp->root)
			continue;
		if (!enabled)
			vnm_dm_flag(dm, "enable-tftp");
		enabled = true;
		vnm_dm_option(dm, "tftp-root", &tftp->at, VNM_DM_PATH, tftp->root);
	}
}

/**
 * vnm_dm_advertisements() - the lines about router advertisements
 * @dm: the file
 *
 * Without DHCPv6 they announce SLAAC.
 */
void vnm_dm_advertisements(struct vnm_dm *dm)
{
	if (serves(dm->net, AF_INET6)) {
		vnm_dm_flag(dm, "enable-ra");
		return;
	}
	for (size_t i = 0; i < dm->net->n_ips; i++) {
		const struct vnm_ip *ip = &dm->net->ips[i];

		if (is_v4(ip))
			continue;
		vnm_dm_begin(dm, "dhcp-range", &ip->at);
		vnm_dm_put(dm, "=");
		vnm_dm_addr(dm, &ip->address);
		vnm_dm_put(dm, ",ra-only");
		vnm_dm_end(dm);
	}
}

/* dnsmasq strips the domain from a client's name only after this check. */
static void ignore_name(struct vnm_dm *dm, const char *name, size_t len, const struct vnm_at *at)
{
	static const char *const ends[] = { "", ".*" };
	vnm_autofree char *text = vnm_strndup(name, len);

	for (size_t i = 0; i < VNM_ARRAY_SIZE(ends); i++) {
		vnm_dm_begin(dm, "dhcp-name-match", at);
		vnm_dm_put(dm, "=set:" TAG_NO_NAME ",");
		vnm_dm_value(dm, VNM_DM_HOST, text);
		vnm_dm_put(dm, ends[i]);
		vnm_dm_end(dm);
	}
}

/* A reservation by name alone needs the name that the client sends. */
static bool is_reserved_by_name(const struct vnm_name *name)
{
	return name->host && !name->host->mac.set && !name->host->id;
}

/*
 * The hosts list protects a name in the families in which it has an address there (dnsmasq_hosts.c). Where guests
 * are leased addresses of the other family, too, no client gets the name there: dnsmasq does not match its owner by
 * a reservation of the first family.
 */
static void ignore_half_reserved(struct vnm_dm *dm, const struct vnm_names *names)
{
	bool v4 = serves(dm->net, AF_INET), v6 = serves(dm->net, AF_INET6);

	for (size_t i = 0, n; i < names->n; i += n) {
		const struct vnm_name *name = &names->items[i];
		bool in4 = false, in6 = false, free_for_all = false;

		n = vnm_names_same(names, i);
		for (size_t k = 0; k < n; k++) {
			in4 |= name[k].ip.family == AF_INET;
			in6 |= name[k].ip.family == AF_INET6;
			free_for_all |= is_reserved_by_name(&name[k]);
		}
		if (((v4 && !in4) || (v6 && !in6)) && !free_for_all &&
		    !memchr(name->text, '.', name->len))
			ignore_name(dm, name->text, name->len, name->at);
	}
}

/* Names that a client must not claim. Browsers find their proxy at "wpad": VU#598349. */
static void ignored_names(struct vnm_dm *dm)
{
	static const char *const never[] = { "localhost", "wpad" };
	vnm_autonames struct vnm_names names = { 0 };

	for (size_t i = 0; i < VNM_ARRAY_SIZE(never); i++)
		ignore_name(dm, never[i], strlen(never[i]), NULL);
	vnm_names_init(&names, dm->net);
	ignore_half_reserved(dm, &names);
	vnm_dm_setting(dm, "dhcp-ignore-names", "tag:" TAG_NO_NAME);
}

/* Does the administrator set the option? dnsmasq accepts some only once. */
static bool has_own(const struct vnm_network *net, const char *name)
{
	for (size_t i = 0; i < net->dnsmasq_options.n_items; i++) {
		const char *value = net->dnsmasq_options.items[i].value;

		if (!strncmp(value, name, strlen(name)) && value[strlen(name)] == '=')
			return true;
	}
	return false;
}

/**
 * vnm_dm_dhcp() - the lines about DHCP, v4 first, as libvirt writes them
 * @dm:     the file
 * @places: where the leases and the reservations are
 */
void vnm_dm_dhcp(struct vnm_dm *dm, const struct vnm_dnsmasq_paths *places)
{
	const struct vnm_network *net = dm->net;

	for (size_t i = 0; i < net->n_ips; i++)
		if (is_v4(&net->ips[i]))
			dhcp(dm, &net->ips[i]);
	for (size_t i = 0; i < net->n_ips; i++)
		if (!is_v4(&net->ips[i]))
			dhcp(dm, &net->ips[i]);
	if (!serves(net, AF_INET) && !serves(net, AF_INET6))
		return;
	if (!has_own(net, "dhcp-lease-max")) {
		vnm_dm_begin(dm, "dhcp-lease-max", NULL);
		vnm_dm_put(dm, "=");
		vnm_dm_number(dm, lease_max(net));
		vnm_dm_end(dm);
	}
	vnm_dm_option(dm, "dhcp-leasefile", NULL, VNM_DM_PATH, places->lease_file);
	vnm_dm_path(dm, "dhcp-hostsfile", places->dnsmasq_dir, VNM_DNSMASQ_HOSTS);
	ignored_names(dm);
}
