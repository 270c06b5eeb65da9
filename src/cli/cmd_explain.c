/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cmd_explain.c - net-explain. */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "cli/document.h"
#include "cli/json.h"
#include "cli/output.h"
#include "cli/session.h"
#include "util/mem.h"

#define WHERE_WIDTH 12

/* ---- arguments ---- */

static int malformed(struct vnm_cli *cli, const char *text, const char *what)
{
	vnm_cli_error(cli, "'%s' is not %s", text, what);
	return -1;
}

/* "ADDRESS", "ADDRESS:PORT", "[ADDRESS]:PORT", or with a name in place of the address. @ret_name: gets that, allocated; NULL: an address */
static int read_destination(struct vnm_cli *cli, const char *text, struct vnm_explain_ask *ask,
			    char **ret_name)
{
	const char *close = *text == '[' ? strchr(text, ']') : NULL;
	const char *colon = close ? close + 1 : strrchr(text, ':');
	const char *start = close ? text + 1 : text;
	vnm_autofree char *address = NULL;
	uint32_t port = 0;

	if (!close && vnm_addr_parse(text, &ask->to) == 0)
		return 0;
	address = colon ? vnm_strndup(start, (size_t)((close ? close : colon) - start))
			: vnm_strdup(text);
	if (vnm_addr_parse(address, &ask->to) < 0) {
		if (close || !*address)
			return malformed(cli, text, "an IP address, with or without :PORT");
		*ret_name = vnm_steal(&address);
	}
	if (colon && *colon &&
	    (*colon != ':' || vnm_parse_u32(colon + 1, 1, UINT16_MAX, &port) < 0))
		return malformed(cli, colon + (*colon == ':'), "a port");
	ask->port = (uint16_t)port;
	return 0;
}

/* A guest of the network; names of the outside are for its resolver. */
static int find_destination(struct vnm_cli *cli, const char *network, const char *name,
			    struct vnm_explain_ask *ask)
{
	struct vnm_error err = { 0 };

	if (!name || vnm_driver_guest_address(cli->driver, network, name, ask->from.family,
					      &ask->to, &err) == 0)
		return 0;
	vnm_cli_error(cli, "'%s' is not an IP address, and not a guest: %s", name, err.msg);
	return -1;
}

/* By default TCP to a port, else an echo request. */
static int read_proto(struct vnm_cli *cli, struct vnm_explain_ask *ask)
{
	const char *proto = vnm_cli_value(cli, VNM_OPT_PROTO);

	if (!proto)
		proto = ask->port ? "tcp" : "icmp";
	if (!strcmp(proto, "icmp"))
		ask->proto = vnm_packet_echo(ask->to.family);
	else if (!strcmp(proto, "tcp") || !strcmp(proto, "udp"))
		ask->proto = *proto == 't' ? IPPROTO_TCP : IPPROTO_UDP;
	else
		return malformed(cli, proto, "a protocol: tcp, udp or icmp");
	if ((*proto == 'i') != (ask->port == 0)) {
		vnm_cli_error(cli, ask->port ? "icmp has no ports" : "%s needs a port: %s:PORT",
			      proto, vnm_cli_value(cli, VNM_OPT_DESTINATION));
		return -1;
	}
	return 0;
}

static int read_from(struct vnm_cli *cli, struct vnm_explain_ask *ask)
{
	const char *from = vnm_cli_value(cli, VNM_OPT_FROM);

	if (!from)
		return 0;
	if (vnm_addr_parse(from, &ask->from) < 0)
		return malformed(cli, from, "an IP address");
	if (!ask->to.family || ask->from.family == ask->to.family)
		return 0;
	vnm_cli_error(cli, "'%s' and '%s' are of different families", from,
		      vnm_cli_value(cli, VNM_OPT_DESTINATION));
	return -1;
}

/* ---- text ---- */

static const char *proto_word(uint8_t proto)
{
	return proto == IPPROTO_TCP ? "tcp" : proto == IPPROTO_UDP ? "udp" : "icmp";
}

static void print_text(const struct vnm_explanation *is)
{
	const struct vnm_obstacle *obstacle = &is->obstacle;

	for (size_t i = 0; i < is->n_hops; i++)
		printf(" %-*s %s\n", WHERE_WIDTH, is->hops[i].where, is->hops[i].text);
	for (size_t i = 0; i < is->n_notes; i++)
		printf(" %-*s %s\n", WHERE_WIDTH, "note", is->notes[i]);
	if (is->n_hops > 0 || is->n_notes > 0)
		putchar('\n');
	if (is->verdict == VNM_EXPLAINED_PASSES) {
		puts(is->onward ? "The packet passes this host." : "The packet passes.");
		return;
	}
	printf("Stopped: %s\n", obstacle->text);
	if (obstacle->show)
		printf("Shown by: %s\n", obstacle->show);
	if (obstacle->mend)
		printf("Mended by: %s\n", obstacle->mend);
}

/* ---- JSON ---- */

static json_t *json_port(uint16_t port)
{
	return port ? json_integer(port) : NULL;
}

static json_t *json_packet(const struct vnm_packet *packet)
{
	bool ports = packet->proto == IPPROTO_TCP || packet->proto == IPPROTO_UDP;
	json_t *object = json_object();

	vnm_json_set(object, "proto", json_string(proto_word(packet->proto)));
	vnm_json_set(object, "src", vnm_json_addr(&packet->src));
	vnm_json_set(object, "sport", json_port(ports ? packet->sport : 0));
	vnm_json_set(object, "dst", vnm_json_addr(&packet->dst));
	vnm_json_set(object, "dport", json_port(ports ? packet->dport : 0));
	return object;
}

static json_t *json_hops(const struct vnm_explanation *is)
{
	json_t *list = json_array();

	for (size_t i = 0; i < is->n_hops; i++) {
		json_t *hop = json_object();

		vnm_json_set(hop, "where", json_string(is->hops[i].where));
		vnm_json_set(hop, "text", vnm_json_string(is->hops[i].text));
		json_array_append_new(list, hop);
	}
	return list;
}

static json_t *json_obstacle(const struct vnm_obstacle *obstacle)
{
	json_t *object = json_object();

	vnm_json_set(object, "reason", json_string(vnm_reason_name(obstacle->reason)));
	vnm_json_set(object, "text", vnm_json_string(obstacle->text));
	vnm_json_set(object, "legacy", obstacle->table ? json_boolean(obstacle->legacy) : NULL);
	vnm_json_set(object, "family", vnm_json_string(obstacle->family));
	vnm_json_set(object, "table", vnm_json_string(obstacle->table));
	vnm_json_set(object, "chain", vnm_json_string(obstacle->chain));
	if (obstacle->number)
		vnm_json_set(object, obstacle->legacy ? "number" : "handle",
			     vnm_json_number(obstacle->number));
	vnm_json_set(object, "owner", vnm_json_string(obstacle->owner));
	vnm_json_set(object, "rule", vnm_json_string(obstacle->rule));
	vnm_json_set(object, "show", vnm_json_string(obstacle->show));
	vnm_json_set(object, "mend", vnm_json_string(obstacle->mend));
	return object;
}

static void print_json(struct vnm_cli *cli, const char *network, const struct vnm_explanation *is)
{
	json_t *document = vnm_document(cli);

	vnm_cli_name_network(cli, network);
	vnm_json_set(document, "guest", vnm_json_string(vnm_cli_value(cli, VNM_OPT_GUEST)));
	vnm_json_set(document, "verdict", json_string(vnm_explained_name(is->verdict)));
	vnm_json_set(document, "packet", json_packet(&is->packet));
	vnm_json_set(document, "hops", json_hops(is));
	vnm_json_set(document, "notes",
		     vnm_json_strings((const char *const *)is->notes, is->n_notes));
	if (is->verdict != VNM_EXPLAINED_PASSES)
		vnm_json_set(document, "obstacle", json_obstacle(&is->obstacle));
}

static int net_explain(struct vnm_cli *cli)
{
	struct vnm_explain_ask ask = { .guest = vnm_cli_value(cli, VNM_OPT_GUEST) };
	vnm_autoexplanation struct vnm_explanation is = { 0 };
	vnm_autofree char *name = NULL, *to = NULL;
	struct vnm_error err = { 0 };
	int r;

	if (read_destination(cli, vnm_cli_value(cli, VNM_OPT_DESTINATION), &ask, &to) < 0 ||
	    read_from(cli, &ask) < 0 || vnm_cli_lookup(cli, &name) < 0 ||
	    find_destination(cli, name, to, &ask) < 0 || read_proto(cli, &ask) < 0)
		return 1;
	ask.network = name;
	/* Neighbours are waited for: no other command is to wait for that. */
	vnm_cli_close(cli);
	if (vnm_cli_look(cli) < 0)
		return 1;
	r = vnm_driver_explain(cli->driver, &ask, &is, &err);
	if (vnm_cli_finish(cli, r, &err, "Failed to follow a packet of guest '%s'", ask.guest) != 0)
		return 1;
	if (vnm_cli_seen(cli, VNM_OPT_JSON))
		print_json(cli, name, &is);
	else
		print_text(&is);
	return is.verdict == VNM_EXPLAINED_PASSES ? 0 : VNM_STATUS_STOPPED;
}

static const struct vnm_option net_explain_options[] = {
	VNM_OPTION_NETWORK_OF(VNM_ARG_ACTIVE),
	{ VNM_OPT_GUEST, VNM_OPT_OPERAND, "its device, namespace, name or address" },
	{ VNM_OPT_DESTINATION, VNM_OPT_OPERAND,
	  "ADDRESS, ADDRESS:PORT or [ADDRESS]:PORT; or a guest's name in place of the address" },
	{ VNM_OPT_PROTO, VNM_OPT_HAS_VALUE,
	  "tcp (default with a port), udp, or icmp (default without one)", VNM_ARG_TRACE_PROTOCOL },
	{ VNM_OPT_FROM, VNM_OPT_HAS_VALUE,
	  "an address outside that sends the packet, in place of the guest" },
	VNM_OPTION_JSON,
};

const struct vnm_command vnm_command_net_explain = {
	.name = "net-explain",
	.group = VNM_HELP_DIAGNOSIS,
	.flags = VNM_COMMAND_CHANGES,
	.summary = "follow one packet of a guest, and name what stops it",
	.description = "Sends one packet as the guest would, or the outside, has the kernel "
		       "report each rule that it meets, and asks for its routing decision. The "
		       "packet is caught before it is received or sent. Exits with 3 if "
		       "something stops it.",
	VNM_OPTIONS(net_explain_options),
	.run = net_explain,
};
