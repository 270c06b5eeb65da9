/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cmd_forward.c - ports that lead to guests: net-forward-add, net-forward-del, net-forward-list. */
#include "cli/cli_internal.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "cli/table.h"
#include "util/mem.h"
#include "xml/bind.h"
#include "xml/network_xml.h"

static int malformed(struct vnm_cli *cli, const char *what, const char *text)
{
	vnm_cli_error(cli, "'%s' is no %s", text, what);
	return -1;
}

static int read_forward(struct vnm_cli *cli, struct vnm_port_forward *forward)
{
	const char *proto = vnm_cli_value(cli, VNM_OPT_PROTO),
		   *port = vnm_cli_value(cli, VNM_OPT_PORT);
	const char *address = vnm_cli_value(cli, VNM_OPT_ADDRESS);
	const char *dev = vnm_cli_value(cli, VNM_OPT_DEV);
	int word = vnm_enum_value(&vnm_enum_proto, proto);

	if (word < 0)
		return malformed(cli, "protocol that can be forwarded: tcp or udp", proto);
	forward->proto = (enum vnm_proto)word;
	if (vnm_port_range_parse(port, &forward->port) < 0)
		return malformed(cli, "port nor a range of ports such as 8000-8010", port);
	if (address && vnm_addr_parse(address, &forward->address) < 0)
		return malformed(cli, "IP address", address);
	if (dev)
		forward->dev = vnm_strdup(dev);
	return 0;
}

/* "ADDRESS", "ADDRESS:PORT", "[ADDRESS]:PORT"; an IPv6 address with a port needs the brackets. */
static int read_to(struct vnm_cli *cli, const char *text, struct vnm_port_forward *forward)
{
	const char *close = *text == '[' ? strchr(text, ']') : NULL;
	const char *colon = close ? close + 1 : strrchr(text, ':');
	const char *start = close ? text + 1 : text;
	vnm_autofree char *address = NULL;
	uint32_t port;

	if (!close && vnm_addr_parse(text, &forward->to) == 0)
		return 0;
	if (!colon || (*colon && *colon != ':'))
		return malformed(cli, "address of a guest, with or without :PORT", text);
	address = vnm_strndup(start, (size_t)((close ? close : colon) - start));
	if (vnm_addr_parse(address, &forward->to) < 0)
		return malformed(cli, "address of a guest, with or without :PORT", text);
	if (!*colon)
		return 0;
	if (vnm_parse_u32(colon + 1, 1, UINT16_MAX, &port) < 0)
		return malformed(cli, "port", colon + 1);
	forward->to_port = (struct vnm_uint){ true, port };
	return 0;
}

/** struct done - a change, and for how long it is. @kept: the network has a kept definition; @kept_way: with the forward. */
struct done {
	char *name;
	unsigned affect;
	bool kept, kept_way;
};

static void done_clear(struct done *done)
{
	free(done->name);
}

static bool same_way(const struct vnm_port_forward *a, const struct vnm_port_forward *b)
{
	return a->proto == b->proto && a->port.first == b->port.first &&
	       a->port.last == b->port.last && vnm_addr_equal(&a->address, &b->address) &&
	       (a->to.family == AF_UNSPEC || vnm_addr_equal(&a->to, &b->to));
}

/* What is kept, before the change. For what is said about it afterwards; whatever is wrong with it, the change tells. */
static void look_kept(struct vnm_cli *cli, const struct vnm_port_forward *forward,
		      struct done *done)
{
	vnm_autonetwork struct vnm_network net = { 0 };
	vnm_autofree char *text = NULL;
	struct vnm_info info = { 0 };
	struct vnm_error ignored = { 0 };

	if (vnm_driver_info(cli->driver, done->name, false, &info, &ignored) == 0)
		done->kept = info.persistent;
	vnm_info_clear(&info);
	if (!done->kept ||
	    vnm_driver_dumpxml(cli->driver, done->name, true, &text, &ignored) < 0 ||
	    vnm_network_xml_parse(text, strlen(text), done->name, &net, &ignored) < 0)
		return;
	for (size_t i = 0; i < net.n_port_forwards; i++)
		done->kept_way |= same_way(forward, &net.port_forwards[i]);
}

/* The same change as "net-update NETWORK add port-forward '<vnm:portForward .../>'". */
static int update(struct vnm_cli *cli, const struct vnm_port_forward *forward,
		  enum vnm_update_how how, struct done *done, struct vnm_error *err)
{
	vnm_autobuf struct vnm_buf xml = { 0 };
	struct vnm_update change = { .how = how,
				     .section = VNM_SECTION_PORT_FORWARD,
				     .parent = -1 };

	if (vnm_cli_affect(cli, &done->affect) < 0 || vnm_cli_lookup(cli, &done->name) < 0)
		return 1;
	look_kept(cli, forward, done);
	vnm_bind_print(vnm_element_find("portForward"), forward, 0, &xml);
	change.xml = vnm_buf_str(&xml);
	change.len = xml.len;
	return vnm_cli_update(cli, done->name, &done->affect, &change, err);
}

/* From when, or for how long: what is only live ends with the network, and what is only kept begins with it. */
static const char *term(const struct done *done, enum vnm_update_how how)
{
	if (done->affect == VNM_AFFECT_CONFIG)
		return ", from its next start on";
	if (done->affect != VNM_AFFECT_LIVE)
		return "";
	if (how == VNM_UPDATE_DELETE)
		return done->kept_way ? ", until it is started again: --config ends it for good"
				      : "";
	if (!done->kept)
		return ", until that stops";
	return done->kept_way ? "" : ", until that stops: --config keeps it";
}

static void forward_clear(struct vnm_port_forward *forward)
{
	vnm_bind_clear(vnm_element_find("portForward"), forward);
}

/** vnm_cmd_forward_add() - net-forward-add. Return: the exit status. */
int vnm_cmd_forward_add(struct vnm_cli *cli)
{
	struct vnm_port_forward forward __attribute__((cleanup(forward_clear))) = { 0 };
	const char *label = vnm_cli_value(cli, VNM_OPT_NAME);
	const char *to = vnm_cli_value(cli, VNM_OPT_TO);
	struct done done __attribute__((cleanup(done_clear))) = { 0 };
	struct vnm_error err = { 0 };
	int r;

	if (read_forward(cli, &forward) < 0 || read_to(cli, to, &forward) < 0)
		return 1;
	if (label)
		forward.name = vnm_strdup(label);
	r = update(cli, &forward, VNM_UPDATE_ADD_LAST, &done, &err);
	if (r < 0)
		vnm_cli_fail(cli, &err, "Failed to forward %s port %s into network %s",
			     vnm_cli_value(cli, VNM_OPT_PROTO), vnm_cli_value(cli, VNM_OPT_PORT),
			     done.name);
	if (r != 0)
		return 1;
	if (!vnm_cli_seen(cli, VNM_OPT_DRY_RUN))
		vnm_cli_extra(cli, "%s port %s leads to %s in network %s%s",
			      vnm_cli_value(cli, VNM_OPT_PROTO), vnm_cli_value(cli, VNM_OPT_PORT),
			      to, done.name, term(&done, VNM_UPDATE_ADD_LAST));
	return 0;
}

/** vnm_cmd_forward_del() - net-forward-del. Return: the exit status. */
int vnm_cmd_forward_del(struct vnm_cli *cli)
{
	struct vnm_port_forward forward __attribute__((cleanup(forward_clear))) = { 0 };
	const char *to = vnm_cli_value(cli, VNM_OPT_TO);
	struct done done __attribute__((cleanup(done_clear))) = { 0 };
	struct vnm_error err = { 0 };
	int r;

	if (read_forward(cli, &forward) < 0 || (to && read_to(cli, to, &forward) < 0))
		return 1;
	r = update(cli, &forward, VNM_UPDATE_DELETE, &done, &err);
	if (r < 0)
		vnm_cli_fail(cli, &err, "Failed to end the forward of %s port %s into network %s",
			     vnm_cli_value(cli, VNM_OPT_PROTO), vnm_cli_value(cli, VNM_OPT_PORT),
			     done.name);
	if (r != 0)
		return 1;
	if (!vnm_cli_seen(cli, VNM_OPT_DRY_RUN))
		vnm_cli_extra(cli, "%s port %s no longer leads into network %s%s",
			      vnm_cli_value(cli, VNM_OPT_PROTO), vnm_cli_value(cli, VNM_OPT_PORT),
			      done.name, term(&done, VNM_UPDATE_DELETE));
	return 0;
}

/** vnm_cmd_forward_list() - net-forward-list. Return: the exit status. */
int vnm_cmd_forward_list(struct vnm_cli *cli)
{
	static const char *const headings[] = { "Protocol", "Address", "Port", "From",
						"To",	    "State",   "Name" };
	vnm_autotable struct vnm_table table = { .columns = VNM_ARRAY_SIZE(headings) };
	vnm_autobuf struct vnm_buf out = { 0 };
	vnm_autofree char *name = NULL;
	struct vnm_error err = { 0 };
	struct vnm_way *ways;
	size_t n;
	int r;

	if (vnm_cli_lookup(cli, &name) < 0)
		return 1;
	r = vnm_driver_ways(cli->driver, name, &ways, &n, &err);
	vnm_cli_close(cli);
	if (r < 0) {
		vnm_cli_error(cli, "%s", err.msg);
		return 1;
	}
	vnm_table_add(&table, headings);
	for (size_t i = 0; i < n; i++) {
		const char *const cells[] = { ways[i].proto, ways[i].address, ways[i].port,
					      ways[i].from,  ways[i].to,      ways[i].state,
					      ways[i].name };

		vnm_table_add(&table, cells);
	}
	vnm_table_print(&table, !cli->quiet, &out);
	fputs(vnm_buf_str(&out), stdout);
	vnm_ways_free(ways, n);
	return 0;
}
