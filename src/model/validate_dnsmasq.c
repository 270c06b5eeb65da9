/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * validate_dnsmasq.c - <dnsmasq:options>: lines of an administrator's own for dnsmasq's configuration.
 *
 * dnsmasq reads its configuration as root. Options that would run programs, read further options, write files, serve
 * outside of the network or override our own lines are refused by name. All others of dnsmasq(8) 2.90 only tune this
 * network; so do data files (addn-hosts, hostsdir, servers-file, resolv-file, dhcp-hostsfile, dhcp-optsfile, their
 * directories, /etc/ethers): read_file() of dnsmasq's option.c accepts only one kind of entry in each.
 */
#include "model/validate_dnsmasq.h"

#include <errno.h>
#include <string.h>

#include "util/mem.h"

#define RUNS "it would run a program as root"
#define FILES "it would bring in options that nobody has looked at"
#define WRITES "it would write files as root"
#define OURS "it is set by vnetmgr itself"
#define LISTENS "on which addresses it serves is what the network says"
#define PORT "guests ask the usual ports, which are those that the firewall lets in"
#define BUS "whoever is on that bus could change what it answers"
#define LEAVES "dnsmasq must stay in the foreground, where vnetmgr watches it"

/* clang-format off */
static const struct {
	const char *name, *reason;
} refused[] = {
	{ "dhcp-script", RUNS },
	{ "dhcp-luascript", RUNS },
	{ "dhcp-scriptuser", RUNS },
	{ "script-arp", RUNS },
	{ "script-on-renewal", RUNS },
	{ "conf-script", RUNS },
	{ "conf-file", FILES },
	{ "conf-dir", FILES },
	{ "log-facility", WRITES },
	{ "dumpfile", WRITES },
	{ "pid-file", OURS },
	{ "user", OURS },
	{ "group", OURS },
	{ "dhcp-leasefile", OURS },
	{ "leasefile-ro", OURS },
	{ "keep-in-foreground", OURS },
	{ "no-daemon", LEAVES },
	{ "interface", LISTENS },
	{ "except-interface", LISTENS },
	{ "listen-address", LISTENS },
	{ "bind-interfaces", LISTENS },
	{ "bind-dynamic", LISTENS },
	{ "no-dhcp-interface", LISTENS },
	{ "no-dhcpv4-interface", LISTENS },
	{ "no-dhcpv6-interface", LISTENS },
	{ "auth-server", LISTENS },
	{ "bridge-interface", LISTENS },
	{ "dhcp-relay", LISTENS },
	{ "dhcp-alternate-port", PORT },
	{ "enable-dbus", BUS },
	{ "enable-ubus", BUS },
};
/* clang-format on */

/*
 * Characters of an option's name (filter-AAAA). No others, not even blanks before the '=': dnsmasq removes quotes
 * from a line before it parses the name, so dhcp-scr"ip"t would be dhcp-script.
 */
static size_t name_length(const char *value)
{
	return strspn(value, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-");
}

static int check_option(struct vnm_check *check, const struct vnm_dnsmasq_option *option)
{
	size_t len = name_length(option->value);

	if (len == 0 || option->value[0] == '-' ||
	    (option->value[len] && option->value[len] != '='))
		return vnm_check_fail(check, &option->at,
				      "'%.60s' is no option of dnsmasq; write it as in its "
				      "configuration file: name or name=value", option->value);
	for (size_t i = 0; i < VNM_ARRAY_SIZE(refused); i++)
		if (strlen(refused[i].name) == len &&
		    !strncmp(refused[i].name, option->value, len))
			return vnm_check_fail(check, &option->at,
					      "the dnsmasq option '%s' is not allowed: %s",
					      refused[i].name, refused[i].reason);
	return 0;
}

/**
 * vnm_check_dnsmasq() - <dnsmasq:options>
 * @check: the validation
 *
 * Line breaks and lengths are checked by the parser (xml/scalar.c).
 *
 * Return: 0 or -EINVAL.
 */
int vnm_check_dnsmasq(struct vnm_check *check)
{
	const struct vnm_dnsmasq_options *options = &check->net->dnsmasq_options;
	int r = 0;

	for (size_t i = 0; r == 0 && i < options->n_items; i++)
		r = check_option(check, &options->items[i]);
	return r;
}
