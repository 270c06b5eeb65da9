/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * forward_args.c - the arguments of net-forward-add and net-forward-del.
 *
 * Three forms: "tcp 8080 GUEST:80", "tcp/8080 GUEST:80", and docker's "8080:80 GUEST", "8080:80/udp GUEST". They are
 * split into the same four parts, which are parsed then.
 */
#include "cli/forward_args.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <inttypes.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "cli/hint.h"
#include "cli/output.h"
#include "util/mem.h"
#include "util/parse.h"
#include "xml/bind.h"
#include "xml/vocabulary.h"

#define WHAT_TO "a guest's address or name, with or without :PORT"
#define NAME_CHARS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_"
#define DIGITS "0123456789"

/* ---- splitting ---- */

/**
 * struct parts - the parts, unchecked
 * @proto:   "tcp" where none was given
 * @port:    of the host, or a range
 * @to_port: of the guest, if it followed the host's; or NULL
 * @to:      the guest, with or without a port; or NULL
 */
struct parts {
	char *proto, *port, *to_port, *to;
};

static void parts_clear(struct parts *parts)
{
	free(parts->proto);
	free(parts->port);
	free(parts->to_port);
	free(parts->to);
}
#define autoparts __attribute__((cleanup(parts_clear)))

static int missing_option(struct vnm_cli *cli, enum vnm_opt id)
{
	vnm_cli_error(cli, "command '%s' requires <%s> option", cli->command->name,
		      vnm_opt_names[id]);
	if (id == VNM_OPT_TO)
		vnm_cli_hint(
			cli,
			"which guest? Its name or address comes last: vnetmgr %s %s %s%s%s GUEST",
			cli->command->name, vnm_cli_value(cli, VNM_OPT_NETWORK),
			vnm_cli_value(cli, VNM_OPT_PROTO),
			vnm_cli_value(cli, VNM_OPT_PORT) ? " " : "",
			vnm_cli_value(cli, VNM_OPT_PORT) ? vnm_cli_value(cli, VNM_OPT_PORT) : "");
	else
		vnm_hint_usage(cli);
	return -1;
}

/* A protocol alone begins with a letter and is followed by neither a port nor a guest's port. */
static bool is_protocol(const char *word)
{
	return !strchr(DIGITS, word[0]) && !strpbrk(word, "/:");
}

/* "8080", "tcp/8080", "8080:80", "8080:80/udp". @proto: what was given before, or NULL. */
static int split_port(struct vnm_cli *cli, const char *text, const char *proto, struct parts *ret)
{
	size_t slash = strcspn(text, "/");
	bool first = text[slash] && !strchr(DIGITS, text[0]);
	const char *rest = text[slash] ? text + slash + 1 : NULL;
	char *colon;

	if (rest && proto) {
		vnm_cli_error(cli, "'%s %s' names a protocol twice", proto, text);
		return -1;
	}
	if (!proto)
		proto = "tcp";
	ret->port = first ? vnm_strdup(rest) : vnm_strndup(text, slash);
	ret->proto = first ? vnm_strndup(text, slash) : vnm_strdup(rest ? rest : proto);
	colon = strrchr(ret->port, ':');
	if (colon) {
		*colon = '\0';
		ret->to_port = vnm_strdup(colon + 1);
	}
	return 0;
}

/* @adds: a guest is required. */
static int split_args(struct vnm_cli *cli, bool adds, struct parts *ret)
{
	const char *first = vnm_cli_value(cli, VNM_OPT_PROTO);
	const char *second = vnm_cli_value(cli, VNM_OPT_PORT);
	const char *to = vnm_cli_value(cli, VNM_OPT_TO);
	bool alone = is_protocol(first);

	if (alone && !second)
		return missing_option(cli, VNM_OPT_PORT);
	if (!alone && second && (to || !adds)) {
		vnm_cli_error(cli, "unexpected data '%s'", to && adds ? to : second);
		return -1;
	}
	if (!alone && second)
		to = second;
	if (adds && !to)
		return missing_option(cli, VNM_OPT_TO);
	ret->to = to ? vnm_strdup(to) : NULL;
	return split_port(cli, alone ? second : first, alone ? first : NULL, ret);
}

/* ---- parsing ---- */

static int malformed(struct vnm_cli *cli, const char *what, const char *text)
{
	vnm_cli_error(cli, "'%s' is not %s", text, what);
	return -1;
}

/* "ssh", by /etc/services. Return: whether it is one. */
static bool read_service(const char *text, enum vnm_proto proto, uint32_t *ret)
{
	const struct servent *service =
		getservbyname(text, vnm_enum_name(&vnm_enum_proto, (int)proto));

	if (!service)
		return false;
	*ret = ntohs((uint16_t)service->s_port);
	return true;
}

static int refuse_protocol(struct vnm_cli *cli, const char *text)
{
	if (!strcmp(text, "both") || strpbrk(text, ",+"))
		vnm_cli_error(
			cli,
			"'%s' is not a protocol; give the command once with tcp, and once with "
			"udp",
			text);
	else if (!strcmp(text, "sctp") || !strcmp(text, "dccp"))
		vnm_cli_error(cli,
			      "'%s' cannot be forwarded, only tcp or udp; all protocols of an "
			      "address lead to a guest by <vnm:staticNat>, see vnetmgr-network(5)",
			      text);
	else
		return malformed(cli, "a protocol that can be forwarded: tcp or udp", text);
	return -1;
}

static int read_forward(struct vnm_cli *cli, struct parts *parts, struct vnm_port_forward *forward)
{
	const char *address = vnm_cli_value(cli, VNM_OPT_ADDRESS);
	const char *dev = vnm_cli_value(cli, VNM_OPT_DEV);
	uint32_t service;
	int word;

	for (char *c = parts->proto; *c; c++)
		*c = (char)tolower((unsigned char)*c);
	word = vnm_enum_value(&vnm_enum_proto, parts->proto);
	if (word < 0)
		return refuse_protocol(cli, parts->proto);
	forward->proto = (enum vnm_proto)word;
	if (read_service(parts->port, forward->proto, &service))
		forward->port.first = forward->port.last = (uint16_t)service;
	else if (vnm_port_range_parse(parts->port, &forward->port) < 0)
		return malformed(cli, "a port or a range of ports such as 8000-8010", parts->port);
	if (address && vnm_addr_parse(address, &forward->address) < 0)
		return malformed(cli, "an IP address", address);
	if (dev)
		forward->dev = vnm_strdup(dev);
	return 0;
}

static int read_to_port(struct vnm_cli *cli, const char *text, struct vnm_port_forward *forward)
{
	uint32_t port;

	if (forward->to_port.set) {
		vnm_cli_error(cli, "a port of the guest is given twice: %" PRIu32 " and %s",
			      forward->to_port.v, text);
		return -1;
	}
	if (vnm_parse_u32(text, 1, UINT16_MAX, &port) < 0 &&
	    !read_service(text, forward->proto, &port))
		return malformed(cli, "a port", text);
	forward->to_port = (struct vnm_uint){ true, port };
	return 0;
}

/* What is neither an address nor like a mistyped one may be a name. */
static bool may_be_name(const char *text)
{
	return text[strspn(text, NAME_CHARS)] == '\0' && text[strspn(text, ".0123456789")] != '\0';
}

/*
 * "GUEST", "GUEST:PORT", "[ADDRESS]:PORT"; an IPv6 address with a port needs the brackets. @ret_name: the guest, when it is not
 * an address; allocated.
 */
static int read_to(struct vnm_cli *cli, const char *text, struct vnm_port_forward *forward,
		   char **ret_name)
{
	const char *close = *text == '[' ? strchr(text, ']') : NULL;
	const char *colon = close ? close + 1 : strrchr(text, ':');
	const char *start = close ? text + 1 : text;
	vnm_autofree char *guest = NULL;

	if (!close && vnm_addr_parse(text, &forward->to) == 0)
		return 0;
	if (colon && *colon && *colon != ':')
		return malformed(cli, WHAT_TO, text);
	guest = colon ? vnm_strndup(start, (size_t)((close ? close : colon) - start))
		      : vnm_strdup(text);
	if (vnm_addr_parse(guest, &forward->to) < 0) {
		if (close || !may_be_name(guest))
			return malformed(cli, WHAT_TO, text);
		*ret_name = vnm_steal(&guest);
	}
	return colon && *colon ? read_to_port(cli, colon + 1, forward) : 0;
}

/**
 * vnm_forward_args_read() - read the arguments of net-forward-add or net-forward-del
 * @cli:  the call
 * @adds: a forward is to be added: the guest is required
 * @ret:  zeroed; vnm_forward_args_clear()
 *
 * Return: 0, or -1 after the error was printed.
 */
int vnm_forward_args_read(struct vnm_cli *cli, bool adds, struct vnm_forward_args *ret)
{
	struct parts parts autoparts = { 0 };
	int r = split_args(cli, adds, &parts);

	if (r == 0)
		r = read_forward(cli, &parts, &ret->forward);
	if (r == 0 && parts.to_port)
		r = read_to_port(cli, parts.to_port, &ret->forward);
	if (r == 0 && parts.to)
		r = read_to(cli, parts.to, &ret->forward, &ret->guest);
	ret->proto = vnm_steal(&parts.proto);
	ret->port = vnm_steal(&parts.port);
	return r;
}

/** vnm_forward_args_clear() - free what vnm_forward_args_read() filled in. */
void vnm_forward_args_clear(struct vnm_forward_args *args)
{
	vnm_bind_clear(vnm_field_find("portForward")->element, &args->forward);
	free(args->proto);
	free(args->port);
	free(args->guest);
}
