/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cmd_forward.c - ports that lead to guests: net-forward-add, net-forward-del, net-forward-list. */
#include "cli/cli_internal.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <inttypes.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "cli/forward_words.h"
#include "cli/table.h"
#include "util/mem.h"
#include "xml/bind.h"
#include "xml/network_xml.h"
#include "xml/update/sections.h"

#define WHAT_TO "guest's address or name, with or without :PORT"
#define NAME_CHARS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_"

static int malformed(struct vnm_cli *cli, const char *what, const char *text)
{
	vnm_cli_error(cli, "'%s' is no %s", text, what);
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
		vnm_cli_error(cli,
			      "'%s' is no protocol; give the command once with tcp, and once with "
			      "udp",
			      text);
	else if (!strcmp(text, "sctp") || !strcmp(text, "dccp"))
		vnm_cli_error(cli,
			      "'%s' cannot be forwarded, only tcp or udp; all protocols of an "
			      "address lead to a guest by <vnm:staticNat>, see vnetmgr-network(5)",
			      text);
	else
		return malformed(cli, "protocol that can be forwarded: tcp or udp", text);
	return -1;
}

static int read_forward(struct vnm_cli *cli, struct vnm_forward_words *words,
			struct vnm_port_forward *forward)
{
	const char *address = vnm_cli_value(cli, VNM_OPT_ADDRESS);
	const char *dev = vnm_cli_value(cli, VNM_OPT_DEV);
	uint32_t service;
	int word;

	for (char *c = words->proto; *c; c++)
		*c = (char)tolower((unsigned char)*c);
	word = vnm_enum_value(&vnm_enum_proto, words->proto);
	if (word < 0)
		return refuse_protocol(cli, words->proto);
	forward->proto = (enum vnm_proto)word;
	if (read_service(words->port, forward->proto, &service))
		forward->port.first = forward->port.last = (uint16_t)service;
	else if (vnm_port_range_parse(words->port, &forward->port) < 0)
		return malformed(cli, "port nor a range of ports such as 8000-8010", words->port);
	if (address && vnm_addr_parse(address, &forward->address) < 0)
		return malformed(cli, "IP address", address);
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
		return malformed(cli, "port", text);
	forward->to_port = (struct vnm_uint){ true, port };
	return 0;
}

/* What is no address, and does not look like one that was mistyped, may be a name. */
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
 * struct done - a change, and for how long it is.
 * @guest: who it leads to, if a name was given
 * @kept:  the network has a kept definition; @kept_way: with the forward
 * @same:  bits of enum vnm_affect: where there is this very forward already
 */
struct done {
	char *name, *guest;
	unsigned affect;
	unsigned same;
	bool kept, kept_way;
};

static void done_clear(struct done *done)
{
	free(done->name);
	free(done->guest);
}

static bool same_text(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

static bool same_way(const struct vnm_port_forward *a, const struct vnm_port_forward *b)
{
	return a->proto == b->proto && a->port.first == b->port.first &&
	       a->port.last == b->port.last && vnm_addr_equal(&a->address, &b->address) &&
	       (a->to.family == AF_UNSPEC || vnm_addr_equal(&a->to, &b->to));
}

/* Nothing would be different. */
static bool same_forward(const struct vnm_port_forward *a, const struct vnm_port_forward *b)
{
	return same_way(a, b) && b->n_targets == 0 && same_text(a->dev, b->dev) &&
	       (a->masquerade == VNM_TRI_YES) == (b->masquerade == VNM_TRI_YES) &&
	       same_text(a->name, b->name) &&
	       (a->to_port.set ? a->to_port.v : a->port.first) ==
		       (b->to_port.set ? b->to_port.v : b->port.first);
}

static bool has_forward(const struct vnm_network *net, const struct vnm_port_forward *forward)
{
	for (size_t i = 0; i < net->n_port_forwards; i++)
		if (same_forward(forward, &net->port_forwards[i]))
			return true;
	return false;
}

static bool load(struct vnm_cli *cli, const char *name, bool kept, struct vnm_network *ret)
{
	vnm_autofree char *text = NULL;
	struct vnm_error ignored = { 0 };

	return vnm_driver_dumpxml(cli->driver, name, kept, &text, &ignored) == 0 &&
	       vnm_network_xml_parse(text, strlen(text), name, ret, &ignored) == 0;
}

/* What there is, before the change. For what is said about it afterwards; whatever is wrong with it, the change tells. */
static void look(struct vnm_cli *cli, const struct vnm_port_forward *forward, struct done *done)
{
	vnm_autonetwork struct vnm_network kept = { 0 }, live = { 0 };
	struct vnm_info info = { 0 };
	struct vnm_error ignored = { 0 };

	if (vnm_driver_info(cli->driver, done->name, false, &info, &ignored) < 0)
		return;
	done->kept = info.persistent;
	if (done->kept && load(cli, done->name, true, &kept))
		done->same |= has_forward(&kept, forward) ? VNM_AFFECT_CONFIG : 0;
	if (info.active && load(cli, done->name, false, &live))
		done->same |= has_forward(&live, forward) ? VNM_AFFECT_LIVE : 0;
	for (size_t i = 0; i < kept.n_port_forwards; i++)
		done->kept_way |= same_way(forward, &kept.port_forwards[i]);
	vnm_info_clear(&info);
}

/* What is live already can be kept, too, and the other way round. What is both is refused by the change. */
static void leave_same(struct done *done, enum vnm_update_how how)
{
	if (how != VNM_UPDATE_DELETE && done->affect == (VNM_AFFECT_LIVE | VNM_AFFECT_CONFIG) &&
	    done->same != done->affect)
		done->affect &= ~done->same;
}

/* The same change as "net-update NETWORK add port-forward '<vnm:portForward .../>'". */
static int update(struct vnm_cli *cli, struct vnm_port_forward *forward, enum vnm_update_how how,
		  struct done *done, struct vnm_error *err)
{
	vnm_autobuf struct vnm_buf xml = { 0 };
	struct vnm_update change = { .how = how,
				     .section = vnm_section_find("port-forward"),
				     .parent = -1 };
	int r;

	if (vnm_cli_affect(cli, &done->affect) < 0 || vnm_cli_lookup(cli, &done->name) < 0)
		return 1;
	if (done->guest) {
		r = vnm_driver_guest_address(cli->driver, done->name, done->guest,
					     forward->address.family, &forward->to, err);
		if (r < 0)
			return r;
	}
	look(cli, forward, done);
	leave_same(done, how);
	vnm_bind_print(vnm_field_find("portForward")->element, forward, 0, &xml);
	change.xml = vnm_buf_str(&xml);
	change.len = xml.len;
	return vnm_cli_update(cli, done->name, &done->affect, &change, err);
}

/* From when, or for how long: what is only live ends with the network, and what is only kept begins with it. */
static const char *term(const struct done *done, enum vnm_update_how how)
{
	if (done->affect == VNM_AFFECT_CONFIG) {
		bool leads = how != VNM_UPDATE_DELETE && (done->same & VNM_AFFECT_LIVE);

		return leads ? "" : ", from its next start on";
	}
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
	vnm_bind_clear(vnm_field_find("portForward")->element, forward);
}

/* "192.0.2.7:80", "[2001:db8::7]:80", "192.0.2.7:80 (web)" */
static char *place(const struct vnm_port_forward *forward, const char *guest)
{
	char addr[VNM_ADDR_STRLEN];
	struct vnm_buf out = { 0 };
	bool brackets = forward->to.family == AF_INET6 && forward->to_port.set;

	vnm_buf_printf(&out, brackets ? "[%s]" : "%s", vnm_addr_format(&forward->to, addr));
	if (forward->to_port.set)
		vnm_buf_printf(&out, ":%" PRIu32, forward->to_port.v);
	if (guest)
		vnm_buf_printf(&out, " (%s)", guest);
	return vnm_buf_steal(&out);
}

/** vnm_cmd_forward_add() - net-forward-add. Return: the exit status. */
int vnm_cmd_forward_add(struct vnm_cli *cli)
{
	struct vnm_port_forward forward __attribute__((cleanup(forward_clear))) = { 0 };
	const char *label = vnm_cli_value(cli, VNM_OPT_NAME);
	vnm_autowords struct vnm_forward_words words = { 0 };
	struct done done __attribute__((cleanup(done_clear))) = { 0 };
	vnm_autofree char *to = NULL;
	struct vnm_error err = { 0 };
	int r;

	if (vnm_forward_words_read(cli, &words) < 0 || read_forward(cli, &words, &forward) < 0 ||
	    (words.to_port && read_to_port(cli, words.to_port, &forward) < 0) ||
	    read_to(cli, words.to, &forward, &done.guest) < 0)
		return 1;
	if (label)
		forward.name = vnm_strdup(label);
	if (vnm_cli_seen(cli, VNM_OPT_MASQUERADE))
		forward.masquerade = VNM_TRI_YES;
	r = update(cli, &forward, VNM_UPDATE_ADD_LAST, &done, &err);
	if (r < 0)
		vnm_cli_fail(cli, &err, "Failed to forward %s port %s into network %s", words.proto,
			     words.port, done.name);
	if (r != 0)
		return 1;
	to = place(&forward, done.guest);
	if (!vnm_cli_seen(cli, VNM_OPT_DRY_RUN))
		vnm_cli_extra(cli, "%s port %s leads to %s in network %s%s\n", words.proto,
			      words.port, to, done.name, term(&done, VNM_UPDATE_ADD_LAST));
	return 0;
}

/** vnm_cmd_forward_del() - net-forward-del. Return: the exit status. */
int vnm_cmd_forward_del(struct vnm_cli *cli)
{
	struct vnm_port_forward forward __attribute__((cleanup(forward_clear))) = { 0 };
	vnm_autowords struct vnm_forward_words words = { 0 };
	struct done done __attribute__((cleanup(done_clear))) = { 0 };
	struct vnm_error err = { 0 };
	int r;

	if (vnm_forward_words_read(cli, &words) < 0 || read_forward(cli, &words, &forward) < 0 ||
	    (words.to && read_to(cli, words.to, &forward, &done.guest) < 0))
		return 1;
	r = update(cli, &forward, VNM_UPDATE_DELETE, &done, &err);
	if (r < 0)
		vnm_cli_fail(cli, &err, "Failed to end the forward of %s port %s into network %s",
			     words.proto, words.port, done.name);
	if (r != 0)
		return 1;
	if (!vnm_cli_seen(cli, VNM_OPT_DRY_RUN))
		vnm_cli_extra(cli, "%s port %s no longer leads into network %s%s\n", words.proto,
			      words.port, done.name, term(&done, VNM_UPDATE_DELETE));
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
	struct vnm_forward_entry *ways;
	size_t n;
	int r;

	if (vnm_cli_lookup(cli, &name) < 0)
		return 1;
	r = vnm_driver_forwards(cli->driver, name, &ways, &n, &err);
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
	vnm_forward_entries_free(ways, n);
	return 0;
}
