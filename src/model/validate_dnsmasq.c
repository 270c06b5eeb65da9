/*
 * validate_dnsmasq.c - <dnsmasq:options>: lines of an administrator's own for dnsmasq's configuration.
 *
 * dnsmasq reads its configuration as root, and some options would let a definition run programs, write files or
 * serve on other networks. Those, and those by which we find our dnsmasq again, are refused by name.
 */
#include <errno.h>
#include <string.h>

#include "model/validate_internal.h"
#include "util/mem.h"

#define RUNS "it would run a program as root"
#define FILES "it would bring in options that nobody has looked at"
#define WRITES "it would write files as root"
#define OURS "it is set by vnetmgr itself"
#define LISTENS "on which addresses it serves is what the network says"
#define LEAVES "dnsmasq must stay in the foreground, where vnetmgr watches it"

/* Names from dnsmasq(8), 2.90. */
static const struct {
	const char *name, *reason;
} refused[] = {
	{ "dhcp-script", RUNS },	 { "dhcp-luascript", RUNS },
	{ "dhcp-scriptuser", RUNS },	 { "script-arp", RUNS },
	{ "script-on-renewal", RUNS },	 { "conf-script", RUNS },
	{ "conf-file", FILES },		 { "conf-dir", FILES },
	{ "log-facility", WRITES },	 { "dumpfile", WRITES },
	{ "pid-file", OURS },		 { "user", OURS },
	{ "group", OURS },		 { "dhcp-leasefile", OURS },
	{ "leasefile-ro", OURS },	 { "dhcp-hostsfile", OURS },
	{ "keep-in-foreground", OURS },	 { "no-daemon", LEAVES },
	{ "interface", LISTENS },	 { "except-interface", LISTENS },
	{ "listen-address", LISTENS },	 { "bind-interfaces", LISTENS },
	{ "bind-dynamic", LISTENS },	 { "no-dhcp-interface", LISTENS },
	{ "no-dhcpv4-interface", LISTENS }, { "no-dhcpv6-interface", LISTENS },
};

/*
 * What an option's name is made of. Nothing else may stand in it, blanks before the '=' neither: dnsmasq takes
 * quotes out of a line before it looks for the name, so that dhcp-scr"ip"t is dhcp-script to it.
 */
static size_t name_length(const char *value)
{
	return strspn(value, "abcdefghijklmnopqrstuvwxyz0123456789-");
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
