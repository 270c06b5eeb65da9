/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * frr_text.c - what FRR is told of networks on many hosts, as text of its configuration. Pure.
 *
 * It is a host's, not a network's: that FRR advertises the guests of each VXLAN device is one line. Every host has a session with the
 * reflectors; these accept sessions from a range of addresses, and tell each host what the others have told them.
 *
 *   - Times: a host that is gone is noticed after 9 seconds (3 of keepalive), with BFD within one; who cannot reach a reflector tries
 *     again every second. FRR's own 60, 180 and 120 seconds are made for the internet.
 *   - The community ASN:NUMBER, of a host's own routes, tells which host has which number: two with one number are visible.
 *     Without the line on its delay FRR would wait five seconds before it applies the route map.
 *
 * The text has FRR's form, with a blank of indentation a level, so that it can be compared line by line.
 */
#include "plan/frr_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "util/mem.h"
#include "util/parse.h"

#define NAME "VNETMGR" /* of the peer group and the route map */
#define DELAY "bgp route-map delay-timer"
#define COMMUNITY_MAX \
	65535 /* RFC 1997: ASN and number have 16 bits each, and the last ASN is reserved */
#define LISTEN_LIMIT 5000 /* FRR's own is 100 hosts */

static void add_password(const struct vnm_op_evpn *evpn, const char *who, bool secrets,
			 struct vnm_buf *out)
{
	if (!evpn->password || !*evpn->password)
		return;
	if (secrets)
		vnm_buf_printf(out, " neighbor %s password %s\n", who, evpn->password);
	else
		vnm_buf_printf(out, " ! neighbor %s password (not shown)\n", who);
}

static void add_options(const struct vnm_op_evpn *evpn, const char *who, bool secrets,
			struct vnm_buf *out)
{
	add_password(evpn, who, secrets, out);
	if (evpn->bfd)
		vnm_buf_printf(out, " neighbor %s bfd\n", who);
}

/** struct sessions - @who: names of neighbours and of the group, @n; @group: the last one is that */
struct sessions {
	char who[3][VNM_ADDR_STRLEN];
	size_t n;
	bool group;
};

static void add_reflector(const struct vnm_op_evpn *evpn, const struct vnm_addr *reflector,
			  bool secrets, struct sessions *sessions, struct vnm_buf *out)
{
	char own[VNM_ADDR_STRLEN], *who = sessions->who[sessions->n];

	if (reflector->family == AF_UNSPEC || vnm_addr_equal(reflector, &evpn->local))
		return;
	sessions->n++;
	vnm_addr_format(reflector, who);
	vnm_buf_printf(out, " neighbor %s remote-as %u\n", who, evpn->asn);
	vnm_buf_printf(out, " neighbor %s timers connect 1\n", who);
	vnm_buf_printf(out, " neighbor %s update-source %s\n", who,
		       vnm_addr_format(&evpn->local, own));
	add_options(evpn, who, secrets, out);
}

static bool reflects(const struct vnm_op_evpn *evpn)
{
	return evpn->reflector.family == AF_UNSPEC ||
	       vnm_addr_equal(&evpn->reflector, &evpn->local) ||
	       vnm_addr_equal(&evpn->reflector2, &evpn->local);
}

static void add_group(const struct vnm_op_evpn *evpn, bool secrets, struct sessions *sessions,
		      struct vnm_buf *out)
{
	const struct vnm_prefix listen = vnm_prefix_network(&evpn->listen);
	char range[VNM_PREFIX_STRLEN];

	sessions->group = true;
	memcpy(sessions->who[sessions->n++], NAME, sizeof(NAME));
	vnm_buf_printf(out, " neighbor " NAME " peer-group\n neighbor " NAME " remote-as %u\n",
		       evpn->asn);
	add_options(evpn, NAME, secrets, out);
	vnm_buf_printf(out, " bgp listen limit %d\n", LISTEN_LIMIT);
	vnm_buf_printf(out, " bgp listen range %s peer-group " NAME "\n",
		       vnm_prefix_format(&listen, range));
}

static void add_family(const struct vnm_op_evpn *evpn, const struct sessions *sessions,
		       struct vnm_buf *out)
{
	vnm_buf_add(out, " address-family l2vpn evpn\n");
	for (size_t i = 0; i < sessions->n; i++) {
		vnm_buf_printf(out, "  neighbor %s activate\n", sessions->who[i]);
		if (sessions->group && i == sessions->n - 1)
			vnm_buf_printf(out, "  neighbor %s route-reflector-client\n",
				       sessions->who[i]);
		if (evpn->index)
			vnm_buf_printf(out, "  neighbor %s route-map " NAME " out\n",
				       sessions->who[i]);
	}
	vnm_buf_add(out, "  advertise-all-vni\n exit-address-family\nexit\n");
}

/** vnm_frr_community() - by which a host tells its number; of an ASN of more than 16 bits, the remainder */
const char *vnm_frr_community(const struct vnm_op_evpn *evpn,
			      char ret[static VNM_FRR_COMMUNITY_SIZE])
{
	snprintf(ret, VNM_FRR_COMMUNITY_SIZE, "%u:%u", evpn->asn % COMMUNITY_MAX,
		 evpn->index & COMMUNITY_MAX);
	return ret;
}

/** vnm_frr_number() - the number of a host, from its community. Return: false: the community says something else. */
bool vnm_frr_number(const struct vnm_op_evpn *evpn, const char *community, uint32_t *ret)
{
	vnm_autofree char *start = vnm_asprintf("%u:", evpn->asn % COMMUNITY_MAX);
	const size_t len = strlen(start);

	return !strncmp(community, start, len) &&
	       vnm_parse_u32(community + len, 1, COMMUNITY_MAX, ret) == 0;
}

/**
 * vnm_frr_fragment() - the configuration of a host
 * @evpn:    what it is to say
 * @secrets: with the password; else a comment is in its place
 * @out:     where to
 */
void vnm_frr_fragment(const struct vnm_op_evpn *evpn, bool secrets, struct vnm_buf *out)
{
	struct sessions sessions = { 0 };
	char own[VNM_ADDR_STRLEN], community[VNM_FRR_COMMUNITY_SIZE];

	if (evpn->index)
		vnm_buf_printf(out,
			       DELAY " 0\nroute-map " NAME " permit 10\n set community %s\nexit\n",
			       vnm_frr_community(evpn, community));
	vnm_buf_printf(out, "router bgp %u\n bgp router-id %s\n no bgp default ipv4-unicast\n",
		       evpn->asn, vnm_addr_format(&evpn->local, own));
	/* FRR's own is a second, for which a reflector keeps from new hosts what it knows. */
	vnm_buf_add(out, " timers bgp 3 9\n coalesce-time 100\n");
	add_reflector(evpn, &evpn->reflector, secrets, &sessions, out);
	add_reflector(evpn, &evpn->reflector2, secrets, &sessions, out);
	if (reflects(evpn))
		add_group(evpn, secrets, &sessions, out);
	add_family(evpn, &sessions, out);
}

/* The next line that says no password; NULL: there is none. */
static const char *next_open(const char **at, size_t *len)
{
	while (**at) {
		const char *line = *at;

		*len = strcspn(line, "\n");
		*at = line + *len + (line[*len] != '\0');
		if (!memmem(line, *len, " password ", 10))
			return line;
	}
	return NULL;
}

/** vnm_frr_same_but_password() - do two parts of a configuration differ in nothing but passwords, if at all? */
bool vnm_frr_same_but_password(const char *a, const char *b)
{
	const char *mine, *theirs;
	size_t n = 0, m = 0;

	do {
		mine = next_open(&a, &n);
		theirs = next_open(&b, &m);
	} while (mine && theirs && n == m && !memcmp(mine, theirs, n));
	return !mine && !theirs;
}

/* ---- the way back ---- */

#define DEPTH_MAX 3

/** struct line - @parent: the line whose level it is below; -1: none */
struct line {
	char *text;
	size_t depth;
	ssize_t parent;
};
struct lines {
	struct line *items;
	size_t n;
};

static void lines_clear(struct lines *lines)
{
	for (size_t i = 0; i < lines->n; i++)
		free(lines->items[i].text);
	free(lines->items);
}
#define autolines __attribute__((cleanup(lines_clear)))

static bool says_nothing(const char *line, size_t len)
{
	return len == 0 || *line == '!' || !strncmp(line, "exit", 4);
}

static ssize_t parent_of(const struct lines *lines, size_t depth)
{
	ssize_t i = (ssize_t)lines->n - 1;

	while (i >= 0 && lines->items[i].depth >= depth)
		i--;
	return i;
}

static void lines_read(const char *text, struct lines *ret)
{
	for (const char *at = text, *end; *at; at = *end ? end + 1 : end) {
		size_t depth = strspn(at, " ");
		struct line line = { .depth = depth, .parent = parent_of(ret, depth) };

		end = strchrnul(at, '\n');
		at += depth;
		if (at > end || says_nothing(at, (size_t)(end - at)))
			continue;
		line.text = vnm_asprintf("%.*s", (int)(end - at), at);
		ret->items = vnm_array_add(ret->items, &ret->n, sizeof(*ret->items));
		ret->items[ret->n - 1] = line;
	}
}

/* The same text, below the same lines; of several with one text, which FRR takes for one, below any. */
static bool same_place(const struct lines *a, ssize_t i, const struct lines *b, ssize_t k)
{
	if (i < 0 || k < 0)
		return i == k;
	return !strcmp(a->items[i].text, b->items[k].text) &&
	       same_place(a, a->items[i].parent, b, b->items[k].parent);
}

static bool has_line(const struct lines *lines, const struct lines *other, ssize_t i)
{
	for (size_t k = 0; k < lines->n; k++)
		if (same_place(lines, (ssize_t)k, other, i))
			return true;
	return false;
}

static void add_negation(const char *text, struct vnm_buf *out)
{
	if (!strncmp(text, "no ", 3))
		vnm_buf_printf(out, "%s\n", text + 3);
	else if (!strncmp(text, DELAY, strlen(DELAY)))
		vnm_buf_add(out, "no " DELAY "\n");
	else
		vnm_buf_printf(out, "no %s\n", text);
}

static void indent(size_t depth, struct vnm_buf *out)
{
	while (depth-- > 0)
		vnm_buf_addc(out, ' ');
}

/* With the lines that lead to its place, and back from there. */
static void undo_line(const struct lines *lines, ssize_t i, struct vnm_buf *out)
{
	ssize_t way[DEPTH_MAX];
	size_t n = 0;

	for (ssize_t at = lines->items[i].parent; at >= 0 && n < DEPTH_MAX;
	     at = lines->items[at].parent)
		way[n++] = at;
	for (size_t k = n; k-- > 0;) {
		indent(lines->items[way[k]].depth, out);
		vnm_buf_printf(out, "%s\n", lines->items[way[k]].text);
	}
	indent(lines->items[i].depth, out);
	add_negation(lines->items[i].text, out);
	for (size_t k = 0; k < n; k++) {
		const struct line *line = &lines->items[way[k]];

		indent(line->depth, out);
		vnm_buf_add(out, strncmp(line->text, "address-family", 14)
					 ? "exit\n"
					 : "exit-address-family\n");
	}
}

/**
 * vnm_frr_undo() - what takes back the lines of a configuration that another one does not have
 * @old: the configuration in effect
 * @new: the other one
 * @out: lines with "no", the last one first, each with those that lead to it
 */
void vnm_frr_undo(const char *old, const char *new, struct vnm_buf *out)
{
	struct lines from autolines = { 0 }, to autolines = { 0 };

	lines_read(old, &from);
	lines_read(new, &to);
	for (ssize_t i = (ssize_t)from.n - 1; i >= 0; i--) {
		const ssize_t parent = from.items[i].parent;

		if (!has_line(&to, &from, i) && (parent < 0 || has_line(&to, &from, parent)))
			undo_line(&from, i, out);
	}
}

/**
 * vnm_frr_leaves() - is something still in effect that was taken back?
 * @old:     the configuration that was in effect
 * @new:     the other one
 * @running: what is in effect
 *
 * Return: whether a line of @old that @new does not have is in @running.
 */
bool vnm_frr_leaves(const char *old, const char *new, const char *running)
{
	struct lines from autolines = { 0 }, to autolines = { 0 }, now autolines = { 0 };

	lines_read(old, &from);
	lines_read(new, &to);
	lines_read(running, &now);
	for (size_t i = 0; i < from.n; i++)
		if (!has_line(&to, &from, (ssize_t)i) && has_line(&now, &from, (ssize_t)i))
			return true;
	return false;
}
