/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * nftables_layout.c - the tables of the back end "nftables", and where in them each rule is. Pure.
 *
 * Theory of operation. There is a table for each family, since each rule is of one: none has to look at a packet's
 * family first, and NAT needs no kernel with NAT in "inet" tables (Linux 5.2). A transaction covers both.
 *
 * Each chain of the plan (enum vnm_fw_chain) has its own here, with the same early-return rules. But the rules of
 * networks are not in it: it looks up the packet's device, source or destination in maps, which lead to small chains of
 * the rules for just that key. So a packet meets the rules of the networks that it may concern, and their number does
 * not matter. A rule with no key stays in the chain itself, behind the lookups. Answers to and from networks that all
 * established traffic may pass are accepted by the first two rules of "forward", before any lookup.
 *
 * Sources are looked up by their subnet, in a map for each prefix length, so that the subnets of different networks may
 * overlap, as those behind guests do; there are as many lookups as there are prefix lengths.
 *
 * Why the fate of a packet is that of the plan's order. Rules are moved in three ways:
 *
 * - Rules with different devices, sources, or destinations as keys in one map are separated. They match no packet in
 *   common; sources of one network that overlap are kept together, by the shortest prefix (vnm_nftables_assign()).
 * - Rules in the first map of a chain are moved before those in the second, and all these before rules without a key.
 *   The planners' order is this one, or the moved rules commute (vnm_fwrule_commute()): tests/unit/test_nftables.c
 *   checks every pair of the rules of every example. Port forwardings are in the order of their definition, which may
 *   be any: one that would come before an earlier one for the same packets is put behind the lookups instead.
 * - Those of a network are moved among those of another. These commute, as the planners have it: networks of which one
 *   rejects what another accepts have different chains for that, in the plan (VNM_CHAIN_ISO, _FWX, before _FWI and
 *   _FWO; _ALLOW before all), and those keep their order.
 *
 * "return" in a chain of one key would go on with the next lookup. Where a chain has more than one lookup it is the only
 * one at its hook, and "accept", which ends it, is the same there.
 *
 * Between isolated ports (plan_within.c) the host must not route, but with br_netfilter it sees what the bridge forwards, too, and no
 * expression tells the one from the other at the hook for both. Behind it one can: what is bridged has no input device at
 * NF_INET_POST_ROUTING (since Linux 5.7 what is routed has one). So the rule that rejects is in a chain there, "routed", and
 * the one that accepts what is bridged accepts all (vnm_nftables_rule()). What the host itself sends may have an input device
 * there, too: the one that its neighbour and router advertisements and multicast reports leave by. But it has no
 * link-layer header yet, and what was received has (vnm_nftables_received()).
 *
 * There is no rule that fills in a checksum: nf_tables cannot.
 */
#include "plan/firewall/nftables_layout.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <linux/netfilter.h>

#include "plan/firewall/fwrule_overlap.h"
#include "util/mem.h"

#define LOOKUPS 3
#define RAW \
	(-300) /* NF_IP_PRI_RAW, _MANGLE, _NAT_DST, _FILTER, _NAT_SRC: as the tables of iptables */
#define MANGLE (-150)
#define NAT_DST (-100)
#define FILTER 0
#define NAT_SRC 100

/** struct lookup - one of a chain. @state: it is only for rules of that state, and packets in it */
struct lookup {
	enum vnm_nftables_by by;
	enum vnm_fw_state state;
};

/**
 * struct layout - a chain of the plan
 * @lookups:    a rule is in the map of the first that it has a key for
 * @sources:    the chain with the lookups of VNM_BY_SRC, which come with the prefix lengths
 * @user_order: rules are in an order of the user's
 * @alone:      at its hook
 */
static const struct layout {
	const char *name, *sources;
	struct lookup lookups[LOOKUPS];
	size_t n;
	bool user_order, alone;
} layouts[VNM_CHAIN_COUNT] = {
	[VNM_CHAIN_ALLOW] = { "allow", NULL, { { VNM_BY_IN } }, 1 },
	[VNM_CHAIN_ISO] = { "isolated", NULL, { { VNM_BY_IN }, { VNM_BY_OUT } }, 2 },
	[VNM_CHAIN_INP] = { "input",
			    "input_src",
			    { { VNM_BY_SRC, VNM_STATE_UNTRACKED }, { VNM_BY_IN } },
			    2,
			    .alone = true },
	[VNM_CHAIN_OUT] = { "output", NULL, { { VNM_BY_OUT } }, 1, .alone = true },
	[VNM_CHAIN_FWX] = { "within", NULL, { { VNM_BY_IN } }, 1 },
	[VNM_CHAIN_FWI] = { "to_guests", NULL, { { VNM_BY_OUT } }, 1 },
	[VNM_CHAIN_FWO] = { "from_guests", NULL, { { VNM_BY_IN } }, 1 },
	[VNM_CHAIN_PRE] = { "prerouting",
			    NULL,
			    { { VNM_BY_DST }, { VNM_BY_PORT }, { VNM_BY_IN } },
			    3,
			    .user_order = true,
			    .alone = true },
	[VNM_CHAIN_NOU] = { "output_nat",
			    NULL,
			    { { VNM_BY_DST }, { VNM_BY_PORT } },
			    2,
			    .user_order = true,
			    .alone = true },
	[VNM_CHAIN_NAT] = { "postrouting",
			    "postrouting_src",
			    { { VNM_BY_OUT, VNM_STATE_DNAT }, { VNM_BY_SRC } },
			    2,
			    .alone = true },
	[VNM_CHAIN_MANGLE] = { "routed", NULL, { { VNM_BY_OUT } }, 1, .alone = true },
	[VNM_CHAIN_SRC] = { "raw_prerouting",
			    "raw_prerouting_src",
			    { { VNM_BY_IN }, { VNM_BY_SRC } },
			    2,
			    .alone = true },
};

static const struct vnm_nftables_base bases[] = {
	{ "allow", NULL, -1, 0, VNM_CHAIN_ALLOW },
	{ "isolated", NULL, -1, 0, VNM_CHAIN_ISO },
	{ "within", NULL, -1, 0, VNM_CHAIN_FWX },
	{ "to_guests", NULL, -1, 0, VNM_CHAIN_FWI },
	{ "from_guests", NULL, -1, 0, VNM_CHAIN_FWO },
	{ "raw_prerouting_src", NULL, -1, 0, -1 },
	{ "input_src", NULL, -1, 0, -1 },
	{ "postrouting_src", NULL, -1, 0, -1 },
	{ "raw_prerouting", "filter", NF_INET_PRE_ROUTING, RAW, VNM_CHAIN_SRC },
	{ "prerouting", "nat", NF_INET_PRE_ROUTING, NAT_DST, VNM_CHAIN_PRE },
	{ "input", "filter", NF_INET_LOCAL_IN, FILTER, VNM_CHAIN_INP },
	{ "forward", "filter", NF_INET_FORWARD, FILTER, -1 },
	{ "output_nat", "nat", NF_INET_LOCAL_OUT, NAT_DST, VNM_CHAIN_NOU },
	{ "output", "filter", NF_INET_LOCAL_OUT, FILTER, VNM_CHAIN_OUT },
	{ "routed", "filter", NF_INET_POST_ROUTING, MANGLE, VNM_CHAIN_MANGLE },
	{ "postrouting", "nat", NF_INET_POST_ROUTING, NAT_SRC, VNM_CHAIN_NAT },
};

static const enum vnm_fw_chain forward[] = {
	VNM_CHAIN_ALLOW, VNM_CHAIN_ISO, VNM_CHAIN_FWX, VNM_CHAIN_FWI, VNM_CHAIN_FWO,
};

static const char *const by_words[] = {
	[VNM_BY_IN] = "in",   [VNM_BY_OUT] = "out",   [VNM_BY_SRC] = "src",
	[VNM_BY_DST] = "dst", [VNM_BY_PORT] = "port",
};

/** vnm_nftables_family() - a family's word: "ip", "ip6". */
const char *vnm_nftables_family(int family)
{
	return family == AF_INET6 ? "ip6" : "ip";
}

/** vnm_nftables_ends() - does "return" end what is done with a packet at the hook, as "accept" does? */
bool vnm_nftables_ends(enum vnm_fw_chain chain)
{
	return layouts[chain].alone;
}

/** vnm_nftables_holds() - have the tables such a rule? None that fills in checksums, and maps for dispatch rules. */
bool vnm_nftables_holds(const struct vnm_fwrule *rule)
{
	return layouts[vnm_nftables_rule(rule).chain].name && rule->target != VNM_TARGET_CHECKSUM &&
	       rule->target != VNM_TARGET_JUMP;
}

/**
 * vnm_nftables_rule() - a rule of the plan as the tables have it
 * @rule: the rule
 *
 * Return: the same, but for those between the ports of one bridge.
 */
struct vnm_fwrule vnm_nftables_rule(const struct vnm_fwrule *rule)
{
	struct vnm_fwrule ret = *rule;

	ret.bridged = false;
	if (rule->target == VNM_TARGET_REJECT && *rule->in && !strcmp(rule->in, rule->out)) {
		ret.chain = VNM_CHAIN_MANGLE;
		ret.target = VNM_TARGET_DROP;
	}
	return ret;
}

/**
 * vnm_nftables_received() - is a rule for what was received, and not for what the host sends itself?
 * @rule: the rule, as vnm_nftables_rule() has it
 */
bool vnm_nftables_received(const struct vnm_fwrule *rule)
{
	return rule->chain == VNM_CHAIN_MANGLE && *rule->in;
}

static const struct layout *layout_of(const struct vnm_fwrule *rule)
{
	return &layouts[vnm_nftables_rule(rule).chain];
}

/** vnm_nftables_source_chain() - the chain whose rules look up the source for a chain of the plan; NULL: none. */
const char *vnm_nftables_source_chain(enum vnm_fw_chain chain)
{
	return layouts[chain].sources;
}

/* ---- what is there for all networks ---- */

/** vnm_nftables_name_source() - name a map of VNM_BY_SRC. @chain: with the lookup; @map: has its length */
void vnm_nftables_name_source(const char *chain, struct vnm_nftables_map *map)
{
	snprintf(map->name, sizeof(map->name), "%s%u", chain, map->len);
}

static void name_map(const struct layout *layout, struct vnm_nftables_map *map)
{
	if (map->by == VNM_BY_SRC)
		vnm_nftables_name_source(layout->sources, map);
	else
		snprintf(map->name, sizeof(map->name), "%s_%s", layout->name, by_words[map->by]);
}

/**
 * vnm_nftables_bases() - the chains that are there for all networks
 * @ret: the chains; those that a chain jumps to precede it
 *
 * Return: how many.
 */
size_t vnm_nftables_bases(const struct vnm_nftables_base **ret)
{
	*ret = bases;
	return VNM_ARRAY_SIZE(bases);
}

/** vnm_nftables_map() - the maps that are there for all networks, by number. Return: false beyond the last. */
bool vnm_nftables_map(int family, size_t i, struct vnm_nftables_map *ret)
{
	for (int c = 0; c < VNM_CHAIN_COUNT; c++) {
		for (size_t k = 0; k < layouts[c].n; k++) {
			if (layouts[c].lookups[k].by == VNM_BY_SRC || i-- > 0)
				continue;
			*ret = (struct vnm_nftables_map){ family, layouts[c].lookups[k].by };
			name_map(&layouts[c], ret);
			return true;
		}
	}
	return false;
}

/* Accepted by the first rules of "forward" already: before VNM_CHAIN_ALLOW and _ISO, which return such packets. */
static bool is_hoisted(const struct vnm_fwrule *early)
{
	return early->chain == VNM_CHAIN_FWX && early->target == VNM_TARGET_ACCEPT;
}

/* Spares packets the rules of other networks, which the lookups do as well. */
static bool is_shortcut(const struct vnm_fwrule *early)
{
	return early->state == VNM_STATE_TRACKED;
}

static size_t add_early(int family, enum vnm_fw_chain chain, bool hoisted,
			struct vnm_nftables_step *ret)
{
	struct vnm_fwrule rules[VNM_FW_EARLY_RETURNS_MAX];
	size_t n = vnm_fw_early_returns(family, chain, rules), at = 0;

	for (size_t i = 0; i < n; i++)
		if (is_hoisted(&rules[i]) == hoisted && !is_shortcut(&rules[i]))
			ret[at++] = (struct vnm_nftables_step){ .kind = VNM_STEP_IS_RULE,
								.family = family,
								.rule = rules[i] };
	return at;
}

/* Connections to a forwarded port are routed between isolated ports, too. */
static size_t add_translated(int family, struct vnm_nftables_step *ret)
{
	*ret = (struct vnm_nftables_step){
		.kind = VNM_STEP_IS_RULE,
		.family = family,
		.rule = { .family = family,
			  .chain = VNM_CHAIN_MANGLE,
			  .state = VNM_STATE_DNAT,
			  .target = VNM_TARGET_ACCEPT },
	};
	return 1;
}

static size_t add_lookups(int family, const struct layout *layout, struct vnm_nftables_step *ret)
{
	for (size_t i = 0; i < layout->n; i++) {
		const struct lookup *lookup = &layout->lookups[i];

		ret[i] = (struct vnm_nftables_step){ .family = family, .state = lookup->state };
		if (lookup->by == VNM_BY_SRC) {
			ret[i].kind = VNM_STEP_IS_JUMP;
			ret[i].chain = layout->sources;
			continue;
		}
		ret[i].kind = VNM_STEP_IS_LOOKUP;
		ret[i].map = (struct vnm_nftables_map){ family, lookup->by };
		name_map(layout, &ret[i].map);
	}
	return layout->n;
}

static size_t add_forward(int family, struct vnm_nftables_step *ret)
{
	size_t n = add_early(family, VNM_CHAIN_FWX, true, ret);

	for (size_t i = 0; i < VNM_ARRAY_SIZE(forward); i++)
		ret[n++] = (struct vnm_nftables_step){ .kind = VNM_STEP_IS_JUMP,
						       .family = family,
						       .chain = layouts[forward[i]].name };
	return n;
}

/**
 * vnm_nftables_steps() - the rules of a chain that is there for all networks
 * @family: of the table
 * @base:   the chain
 * @ret:    gets them
 *
 * Return: how many.
 */
size_t vnm_nftables_steps(int family, const struct vnm_nftables_base *base,
			  struct vnm_nftables_step ret[static VNM_NFTABLES_STEPS])
{
	size_t n;

	if (base->chain < 0)
		return base->hook == NF_INET_FORWARD ? add_forward(family, ret) : 0;
	n = add_early(family, (enum vnm_fw_chain)base->chain, false, ret);
	if (base->chain == VNM_CHAIN_MANGLE)
		n += add_translated(family, ret + n);
	return n + add_lookups(family, &layouts[base->chain], ret + n);
}

/** vnm_nftables_source_step() - the rule that looks up sources in a map of VNM_BY_SRC */
void vnm_nftables_source_step(const struct vnm_nftables_map *map, struct vnm_nftables_step *ret)
{
	*ret = (struct vnm_nftables_step){ .kind = VNM_STEP_IS_LOOKUP,
					   .family = map->family,
					   .map = *map };
}

/* ---- the place of a rule ---- */

static bool is_host(const struct vnm_prefix *prefix)
{
	return prefix->addr.family != AF_UNSPEC &&
	       prefix->len == vnm_addr_bits(prefix->addr.family);
}

static bool has_key(const struct vnm_fwrule *rule, const struct lookup *lookup)
{
	if (lookup->state != VNM_STATE_ANY && lookup->state != rule->state)
		return false;
	switch (lookup->by) {
	case VNM_BY_IN: return *rule->in && !rule->in_invert && rule->target != VNM_TARGET_DNAT;
	case VNM_BY_OUT: return *rule->out && !rule->out_invert;
	case VNM_BY_SRC: return rule->src.addr.family != AF_UNSPEC && !rule->src_invert;
	case VNM_BY_DST:
		return rule->target == VNM_TARGET_DNAT && is_host(&rule->dst) && !rule->dst_invert;
	case VNM_BY_PORT:
		return rule->target == VNM_TARGET_DNAT && rule->dst_local && rule->proto &&
		       rule->dport && !rule->dport_last;
	}
	return false;
}

/* The lookup that leads to a rule; the number of lookups where none does. */
static size_t lookup_of(const struct vnm_fwrule *rule)
{
	const struct layout *layout = layout_of(rule);
	size_t i = 0;

	while (i < layout->n && !has_key(rule, &layout->lookups[i]))
		i++;
	return i;
}

static bool is_plain(char c)
{
	return ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || (c >= '0' && c <= '9') ||
	       strchr("_.-", c);
}

/* Of a device's name, what a name in nf_tables cannot have is written as "/xx", since it has no slash itself. */
static void set_device(struct vnm_nftables_place *place, const char *dev, char *text, size_t size)
{
	size_t at = 0;

	place->key_len = VNM_IFNAME_SIZE;
	memcpy(place->key, dev, strnlen(dev, VNM_IFNAME_SIZE));
	for (const char *c = dev; *c && at + 3 < size; c++)
		at += (size_t)snprintf(text + at, size - at, is_plain(*c) ? "%c" : "/%02x",
				       (unsigned char)*c);
}

static void set_address(struct vnm_nftables_place *place, const struct vnm_addr *addr, char *text)
{
	place->key_len = vnm_addr_bits(place->family) / 8;
	memcpy(place->key, addr->b, place->key_len);
	vnm_addr_format(addr, text);
}

/* As nft concatenates them: each is padded to 32 bits. */
static void set_port(struct vnm_nftables_place *place, const struct vnm_fwrule *rule, char *text,
		     size_t size)
{
	place->key_len = 8;
	place->key[0] = rule->proto;
	place->key[4] = rule->dport >> 8;
	place->key[5] = rule->dport & 0xff;
	snprintf(text, size, "%s.%u", rule->proto == IPPROTO_TCP ? "tcp" : "udp", rule->dport);
}

/* "postrouting_src24.192.0.2.0", "postrouting_src64.2001_db8__" */
static void name_chain(struct vnm_nftables_place *place, const char key[static VNM_ADDR_STRLEN])
{
	snprintf(place->name, sizeof(place->name), "%.31s.%.46s", place->map.name, key);
	for (char *c = place->name; *c; c++)
		if (*c == ':')
			*c = '_';
}

/**
 * vnm_nftables_place_behind() - the place of a rule without a key, behind the lookups
 * @rule: the rule
 * @ret:  the place
 *
 * Return: whether the rule may be there.
 */
bool vnm_nftables_place_behind(const struct vnm_fwrule *rule, struct vnm_nftables_place *ret)
{
	const struct layout *layout = layout_of(rule);

	*ret = (struct vnm_nftables_place){ .family = rule->family,
					    .chain = vnm_nftables_rule(rule).chain };
	snprintf(ret->name, sizeof(ret->name), "%s", layout->name);
	return layout->user_order || lookup_of(rule) == layout->n;
}

/**
 * vnm_nftables_place() - the place of a rule with a key
 * @rule: the rule
 * @len:  where its source is looked up: the prefix length of the map; 0: its own
 * @ret:  the place
 *
 * Return: false where the rule has no key, or a source with a shorter prefix.
 */
bool vnm_nftables_place(const struct vnm_fwrule *rule, unsigned len, struct vnm_nftables_place *ret)
{
	const struct layout *layout = layout_of(rule);
	size_t i = lookup_of(rule);
	struct vnm_prefix subnet = rule->src;
	char text[VNM_ADDR_STRLEN] = "";

	if (i == layout->n)
		return false;
	*ret = (struct vnm_nftables_place){ .family = rule->family,
					    .chain = vnm_nftables_rule(rule).chain,
					    .keyed = true,
					    .map = { rule->family, layout->lookups[i].by } };
	switch (ret->map.by) {
	case VNM_BY_IN: set_device(ret, rule->in, text, sizeof(text)); break;
	case VNM_BY_OUT: set_device(ret, rule->out, text, sizeof(text)); break;
	case VNM_BY_DST: set_address(ret, &rule->dst.addr, text); break;
	case VNM_BY_PORT: set_port(ret, rule, text, sizeof(text)); break;
	case VNM_BY_SRC:
		if (len > subnet.len)
			return false;
		ret->map.len = subnet.len = len ? len : subnet.len;
		subnet = vnm_prefix_network(&subnet);
		set_address(ret, &subnet.addr, text);
		break;
	}
	name_map(layout, &ret->map);
	name_chain(ret, text);
	return true;
}

/* ---- the places of a list of rules ---- */

/** struct cover - a subnet that is the source of rules in one chain. */
struct cover {
	int family;
	enum vnm_fw_chain chain;
	struct vnm_prefix subnet;
};

static bool same_cover(const struct cover *a, const struct cover *b)
{
	return a->family == b->family && a->chain == b->chain && a->subnet.len == b->subnet.len &&
	       vnm_addr_equal(&a->subnet.addr, &b->subnet.addr);
}

static bool cover_of(const struct vnm_fwrule *rule, struct cover *ret)
{
	const struct layout *layout = layout_of(rule);
	size_t i = lookup_of(rule);

	*ret = (struct cover){ rule->family, rule->chain, vnm_prefix_network(&rule->src) };
	return i < layout->n && layout->lookups[i].by == VNM_BY_SRC;
}

static size_t list_covers(const struct vnm_op *const *ops, size_t n, struct cover **ret)
{
	struct cover *covers = NULL, one;
	size_t count = 0;

	for (size_t i = 0; i < n; i++) {
		bool known = !cover_of(&ops[i]->rule, &one);

		for (size_t k = count; k > 0 && !known; k--)
			known = same_cover(&covers[k - 1], &one);
		if (known)
			continue;
		covers = vnm_array_add(covers, &count, sizeof(*covers));
		covers[count - 1] = one;
	}
	*ret = covers;
	return count;
}

/* The shortest prefix among the rules' sources that contains this one's. */
static unsigned shortest(const struct vnm_fwrule *rule, const struct cover *covers, size_t n)
{
	unsigned len = rule->src.len;

	for (size_t i = 0; i < n; i++)
		if (covers[i].subnet.len < len && covers[i].chain == rule->chain &&
		    covers[i].family == rule->family &&
		    vnm_prefix_contains(&covers[i].subnet, &rule->src.addr))
			len = covers[i].subnet.len;
	return len;
}

/* Would the rule come before an earlier one in a later place, which may match the same packets? */
static bool overtakes(const struct vnm_op *const *ops, size_t at,
		      const struct vnm_nftables_place *places)
{
	const struct vnm_fwrule *rule = &ops[at]->rule;
	size_t lookup = lookup_of(rule);

	for (size_t i = at; i > 0 && layouts[rule->chain].user_order; i--) {
		const struct vnm_fwrule *earlier = &ops[i - 1]->rule;

		if (earlier->chain == rule->chain && earlier->family == rule->family &&
		    (!places[i - 1].keyed || lookup_of(earlier) > lookup) &&
		    !vnm_fwrule_commute(earlier, rule))
			return true;
	}
	return false;
}

/**
 * vnm_nftables_assign() - the places of the rules of networks
 * @ops: all rules of each network, in order
 * @n:   how many
 * @ret: gets a place for each; with no name where the tables cannot hold the rule
 */
void vnm_nftables_assign(const struct vnm_op *const *ops, size_t n, struct vnm_nftables_place *ret)
{
	vnm_autofree struct cover *covers = NULL;
	size_t n_covers = list_covers(ops, n, &covers);

	for (size_t i = 0; i < n; i++) {
		const struct vnm_fwrule *rule = &ops[i]->rule;
		struct cover own;
		unsigned len = cover_of(rule, &own) ? shortest(rule, covers, n_covers) : 0;

		ret[i] = (struct vnm_nftables_place){ .name = "" };
		if (!vnm_nftables_holds(rule))
			continue;
		if (!vnm_nftables_place(rule, len, &ret[i]) || overtakes(ops, i, ret))
			(void)vnm_nftables_place_behind(rule, &ret[i]);
	}
}
