/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * link_settings.c - settings of a device below /proc/sys/net, as the kernel's list of devices has them.
 *
 * A command that checks all networks would open some ten files below /proc/sys for each; their values are in the
 * message of each device (IFLA_AF_SPEC) as well.
 */
#include "sys/link/link_settings.h"

#include <linux/if_link.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <netlink/attr.h>
#include <string.h>
#include <sys/socket.h>

#include "util/mem.h"

/* IPv4 settings are numbered from 1, IPv6 ones from 0. */
#define V4(number) AF_INET, (number) - 1
#define V6(number) AF_INET6, (number)

/* Those that a plan sets on devices, or that say how a device takes router advertisements. */
static const struct {
	const char *family, *name;
	int af, at;
} table[] = {
	{ "ipv4", "forwarding", V4(IPV4_DEVCONF_FORWARDING) },
	{ "ipv4", "accept_redirects", V4(IPV4_DEVCONF_ACCEPT_REDIRECTS) },
	{ "ipv4", "send_redirects", V4(IPV4_DEVCONF_SEND_REDIRECTS) },
	{ "ipv4", "rp_filter", V4(IPV4_DEVCONF_RP_FILTER) },
	{ "ipv4", "arp_ignore", V4(IPV4_DEVCONF_ARP_IGNORE) },
	{ "ipv6", "disable_ipv6", V6(DEVCONF_DISABLE_IPV6) },
	{ "ipv6", "accept_ra", V6(DEVCONF_ACCEPT_RA) },
	{ "ipv6", "accept_redirects", V6(DEVCONF_ACCEPT_REDIRECTS) },
	{ "ipv6", "autoconf", V6(DEVCONF_AUTOCONF) },
	{ "ipv6", "accept_dad", V6(DEVCONF_ACCEPT_DAD) },
	{ "ipv6", "forwarding", V6(DEVCONF_FORWARDING) },
	{ "ipv6", "proxy_ndp", V6(DEVCONF_PROXY_NDP) },
};
_Static_assert(VNM_ARRAY_SIZE(table) == VNM_LINK_SETTINGS, "a value for each row");

/* @conf: the numbers of one family; NULL: the device does without it */
static void take_family(const struct nlattr *conf, int af, struct vnm_link_settings *ret)
{
	size_t n = conf ? (size_t)nla_len(conf) / sizeof(int32_t) : 0;

	for (size_t i = 0; i < VNM_ARRAY_SIZE(table); i++) {
		if (table[i].af != af || (size_t)table[i].at >= n)
			continue;
		memcpy(&ret->values[i], (const int32_t *)nla_data(conf) + table[i].at,
		       sizeof(ret->values[i]));
		ret->known |= UINT32_C(1) << i;
	}
}

/**
 * vnm_link_settings_parse() - the settings in a device's message
 * @spec: its IFLA_AF_SPEC, or NULL
 * @ret:  gets them; without a family's numbers, those of that family are not known
 */
void vnm_link_settings_parse(struct nlattr *spec, struct vnm_link_settings *ret)
{
	struct nlattr *families[AF_MAX + 1], *v4[IFLA_INET_MAX + 1], *v6[IFLA_INET6_MAX + 1];

	*ret = (struct vnm_link_settings){ 0 };
	if (!spec || nla_parse_nested(families, AF_MAX, spec, NULL) < 0)
		return;
	if (families[AF_INET] && nla_parse_nested(v4, IFLA_INET_MAX, families[AF_INET], NULL) >= 0)
		take_family(v4[IFLA_INET_CONF], AF_INET, ret);
	if (families[AF_INET6] &&
	    nla_parse_nested(v6, IFLA_INET6_MAX, families[AF_INET6], NULL) >= 0)
		take_family(v6[IFLA_INET6_CONF], AF_INET6, ret);
}

/**
 * vnm_link_settings_get() - a setting, as the file below /proc/sys has it
 * @settings: of the device
 * @family:   "ipv4" or "ipv6"
 * @name:     the file
 * @ret:      gets the value
 *
 * Return: false: the kernel has not told it.
 */
bool vnm_link_settings_get(const struct vnm_link_settings *settings, const char *family,
			   const char *name, int32_t *ret)
{
	for (size_t i = 0; i < VNM_ARRAY_SIZE(table); i++) {
		if (strcmp(table[i].family, family) != 0 || strcmp(table[i].name, name) != 0)
			continue;
		*ret = settings->values[i];
		return settings->known & (UINT32_C(1) << i);
	}
	return false;
}
