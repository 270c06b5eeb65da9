/* SPDX-License-Identifier: GPL-2.0-or-later */
/* validate_dhcp_host.c - reservations: owner, address, and no duplicates. */
#include "model/validate_dhcp_host.h"

#include <errno.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "model/validate_address.h"
#include "model/validate_lease.h"
#include "util/mem.h"

/* Fields of dhcp-host that dnsmasq would not read as a name. */
static const char *misread_as(const char *name)
{
	size_t digits = strspn(name, "0123456789");
	struct vnm_addr addr;

	if (digits > 0 && name[digits + strspn(name + digits, "wdhmsWDHMS")] == '\0' &&
	    strlen(name) <= digits + 1)
		return "a lease time";
	if (!strcmp(name, "infinite") || !strcmp(name, "ignore"))
		return "a word of its own";
	return vnm_addr_parse(name, &addr) == 0 ? "an address" : NULL;
}

static bool begins_with_alnum(const char *s)
{
	return (*s >= '0' && *s <= '9') || (*s >= 'A' && *s <= 'Z') || (*s >= 'a' && *s <= 'z');
}

static int check_host_name(struct vnm_check *check, const struct vnm_dhcp_host *host)
{
	const char *name = host->name, *fault = vnm_hostname_fault(name), *misread;

	if (!name)
		return 0;
	if (!fault && !begins_with_alnum(name))
		fault = "it begins with neither a letter nor a digit";
	if (fault)
		return vnm_check_fail(check, &host->at,
				      "Cannot use host name '%.80s' in network '%s': %s", name,
				      check->net->name, fault);
	misread = misread_as(name);
	if (!misread)
		return 0;
	return vnm_check_fail(check, &host->at,
			      "Cannot use host name '%.80s' in network '%s': dnsmasq would read it "
			      "as %s", name, check->net->name, misread);
}

static int check_host4(struct vnm_check *check, const struct vnm_dhcp_host *host)
{
	static const struct vnm_mac none = { .set = true };
	const char *name = check->net->name;
	char text[VNM_MAC_STRLEN];

	if (!host->mac.set && !host->name)
		return vnm_check_fail(check, &host->at,
				      "Static host definition in IPv4 network '%s' must have mac "
				      "or name attribute", name);
	if (vnm_mac_is_multicast(&host->mac))
		return vnm_check_fail(check, &host->at,
				      "expected unicast mac address, found multicast '%s' in "
				      "network '%s'", vnm_mac_format(&host->mac, text), name);
	if (vnm_mac_equal(&host->mac, &none))
		return vnm_check_fail(check, &host->at,
				      "expected unicast mac address, found '%s' in network '%s'",
				      vnm_mac_format(&host->mac, text), name);
	if (host->id)
		return vnm_check_fail(check, &host->at,
				      "attribute 'id' is not for IPv4 (network '%s'): it is the "
				      "DUID of a DHCPv6 client", name);
	return 0;
}

static int check_duid(struct vnm_check *check, const struct vnm_dhcp_host *host)
{
	const char *wrong = host->id + strspn(host->id, "0123456789abcdefABCDEF:");

	if (vnm_duid_valid(host->id))
		return 0;
	if ((unsigned char)*wrong > 0x20 && (unsigned char)*wrong < 0x7f)
		return vnm_check_fail(check, &host->at,
				      "Invalid character '%c' in id '%.60s' of network '%s'",
				      *wrong, host->id, check->net->name);
	return vnm_check_fail(check, &host->at,
			      "Invalid id '%.60s' of network '%s': a DUID is 2 to 130 hexadecimal "
			      "octets joined by colons", host->id, check->net->name);
}

static int check_host6(struct vnm_check *check, const struct vnm_dhcp_host *host)
{
	char text[VNM_MAC_STRLEN];

	if (host->mac.set)
		return vnm_check_fail(check, &host->at,
				      "Invalid to specify MAC address '%s' in network '%s' IPv6 "
				      "static host definition", vnm_mac_format(&host->mac, text),
				      check->net->name);
	if (!host->id && !host->name)
		return vnm_check_fail(check, &host->at,
				      "Static host definition in IPv6 network '%s' must have id or "
				      "name attribute", check->net->name);
	return host->id ? check_duid(check, host) : 0;
}

static int check_host_place(struct vnm_check *check, const struct vnm_ip *ip,
			    const struct vnm_dhcp_host *host)
{
	struct vnm_prefix subnet = vnm_ip_prefix(ip);
	const char *special = vnm_prefix_special(&subnet, &host->ip);
	bool outside = !vnm_prefix_contains(&subnet, &host->ip);
	bool own = vnm_check_own_address(check->net, &host->ip, &host->ip);
	char a[VNM_ADDR_STRLEN], text[VNM_PREFIX_STRLEN];

	if (!outside && !special && !own)
		return 0;
	vnm_addr_format(&host->ip, a);
	vnm_prefix_format(&subnet, text);
	if (outside)
		return vnm_check_fail(check, &host->at, "host address %s is not within network %s",
				      a, text);
	if (special)
		return vnm_check_fail(check, &host->at,
				      "host address %s in network %s is the %s address", a, text,
				      special);
	return vnm_check_fail(check, &host->at, "host address %s in network %s is the host's own",
			      a, text);
}

static int check_host(struct vnm_check *check, const struct vnm_ip *ip,
		      const struct vnm_dhcp_host *host)
{
	int r;

	if (host->ip.family != ip->address.family)
		return vnm_check_fail(check, &host->at,
				      "the address family of a host entry IP must match the "
				      "address family of the dhcp element's parent");
	r = ip->address.family == AF_INET ? check_host4(check, host) : check_host6(check, host);
	if (r == 0)
		r = check_host_name(check, host);
	if (r == 0)
		r = check_host_place(check, ip, host);
	return r < 0 ? r : vnm_check_lease(check, &host->lease);
}

/* Absent first; names and DUIDs whatever their case. */
static int order_text(const char *a, const char *b)
{
	return a && b ? strcasecmp(a, b) : (a != NULL) - (b != NULL);
}

static int order_macs(const void *a, const void *b)
{
	const struct vnm_dhcp_host *ha = a, *hb = b;
	int r = ha->mac.set - hb->mac.set;

	return r ? r : memcmp(ha->mac.b, hb->mac.b, sizeof(ha->mac.b));
}

static bool macs_clash(const void *a, const void *b)
{
	const struct vnm_dhcp_host *ha = a, *hb = b;

	return ha->mac.set && vnm_mac_equal(&ha->mac, &hb->mac);
}

static int order_addresses(const void *a, const void *b)
{
	const struct vnm_dhcp_host *ha = a, *hb = b;

	return vnm_addr_cmp(&ha->ip, &hb->ip);
}

static bool addresses_clash(const void *a, const void *b)
{
	return order_addresses(a, b) == 0;
}

static int order_names(const void *a, const void *b)
{
	const struct vnm_dhcp_host *ha = a, *hb = b;

	return order_text(ha->name, hb->name);
}

static bool names_clash(const void *a, const void *b)
{
	const struct vnm_dhcp_host *ha = a;

	return ha->name && order_names(a, b) == 0;
}

static int order_ids(const void *a, const void *b)
{
	const struct vnm_dhcp_host *ha = a, *hb = b;

	return order_text(ha->id, hb->id);
}

static bool ids_clash(const void *a, const void *b)
{
	const struct vnm_dhcp_host *ha = a;

	return ha->id && order_ids(a, b) == 0;
}

static int check_host_twins(struct vnm_check *check, const struct vnm_dhcp *dhcp)
{
	static const struct {
		const char *what;
		struct vnm_clash_rule rule;
	} keys[] = {
		{ "mac", { order_macs, macs_clash } },
		{ "ip", { order_addresses, addresses_clash } },
		{ "name", { order_names, names_clash } },
		{ "id", { order_ids, ids_clash } },
	};
	char mac[VNM_MAC_STRLEN], ip[VNM_ADDR_STRLEN], place[VNM_CHECK_PLACE];

	for (size_t i = 0; i < VNM_ARRAY_SIZE(keys); i++) {
		const struct vnm_dhcp_host *first, *second;
		struct vnm_clash clash;

		if (!vnm_check_clash(dhcp->hosts, dhcp->n_hosts, sizeof(*dhcp->hosts),
				     &keys[i].rule, &clash))
			continue;
		first = clash.first;
		second = clash.second;
		const char *const values[] = {
			vnm_mac_format(&second->mac, mac),
			vnm_addr_format(&second->ip, ip),
			second->name,
			second->id,
		};
		return vnm_check_fail(check, &second->at,
				      "there is an existing dhcp host entry in network '%s' with "
				      "%s '%.80s'%s",
				      check->net->name, keys[i].what, values[i],
				      vnm_check_place(check, "line", &first->at, place));
	}
	return 0;
}

/**
 * vnm_check_dhcp_hosts() - every <host> of an <ip>'s <dhcp>
 * @check: the validation
 * @ip:    the <ip>, whose address and prefix are valid
 *
 * Return: 0 or -EINVAL.
 */
int vnm_check_dhcp_hosts(struct vnm_check *check, const struct vnm_ip *ip)
{
	const struct vnm_dhcp *dhcp = &ip->dhcp;
	int r = 0;

	for (size_t i = 0; i < dhcp->n_hosts && r == 0; i++)
		r = check_host(check, ip, &dhcp->hosts[i]);
	return r < 0 ? r : check_host_twins(check, dhcp);
}
