/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * validate_dnsmasq.c - <dnsmasq:options>: lines of an administrator's own for dnsmasq's configuration.
 *
 * dnsmasq reads its configuration as root. Refused by name is what would run programs, read further options, write
 * files or serve elsewhere than on the network, and what would undo lines that we write. All else of dnsmasq(8) 2.90
 * is tuning of this network. That goes for files of data, too (addn-hosts, hostsdir, servers-file, resolv-file,
 * dhcp-hostsfile, dhcp-optsfile, their directories, /etc/ethers): read_file() of dnsmasq's option.c is told for each
 * which one kind of entry it may hold, and takes no other from it.
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
 * What an option's name is made of (filter-AAAA). Nothing else may stand in it, blanks before the '=' neither: dnsmasq takes
 * quotes out of a line before it looks for the name, so that dhcp-scr"ip"t is dhcp-script to it.
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
 * Line breaks and lengths are the reader's affair (xml/scalar.c).
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
