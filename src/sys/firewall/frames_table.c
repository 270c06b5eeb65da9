// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * frames_table.c - the nf_tables table that drops harmful frames of guests, as data.
 *
 * One table for all networks, whose rules look up sets, so that a packet meets the same few rules however many networks
 * there are. The most frequent packets leave at the first rule. Dropped are:
 *
 *   forward   Frames for switches that leave by an uplink (IEEE 802.1D 7.12.6, 802.1Q 8.6.3, and Cisco's). What only the
 *             server of a served network may send: DHCP replies, router advertisements, redirects. Frames that leave by
 *             the port that they came in by and are not for the guest there: such a port is in hairpin mode, for NAT to
 *             its guest, and would return the guest's own broadcasts as if another had sent them.
 *   input     Redirects to the host. DHCP requests in the name of an attached guest from another port than that guest's.
 *             The name is the client's MAC address in the request (RFC 2131 chaddr), not the frame's source. It is at a
 *             fixed offset, unless the packet is a first fragment, which no client sends: that is dropped, too.
 *   output    Redirects from the host. BPDUs from our bridge to the switches that name a root behind a guest. Those with
 *             the bridge itself as root pass, or a loop through the LAN would not be found.
 *
 * These rules see the content of a frame with one tag. They do not see that of one with a second tag behind, although Linux does
 * (vlan_do_receive()) if the first one is for no VLAN (a priority tag, VLAN 0), or if the second one is and a bridge that filters
 * VLANs takes the first one off: a served bridge forwards neither.
 *
 * The bridge is matched by its name, where the kernel can (CONFIG_NFT_BRIDGE_META). Otherwise by the port: those of
 * attached guests are in a set; others are learnt when the bridge sends by them, which with the spanning tree it does
 * before it forwards anything, and else as soon as the host replies or broadcasts there. It is enough that the sender's or
 * the receiver's port is in a set. A learnt port expires after an hour, since it may join another bridge.
 */
#include "sys/firewall/frames_table.h"

#include <arpa/inet.h>
#include <endian.h>
#include <net/if.h>
#include <string.h>

#include <linux/netfilter_bridge.h> /* before linux/if_ether.h, as musl's netinet/if_ether.h, which it includes, must be */
#include <linux/if_ether.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>

#include "util/mem.h"

#define PRIORITY (-200) /* as other filters of this family (NF_BR_PRI_FILTER_BRIDGED) */

static const struct vnm_frames_set_spec sets[VNM_SET_COUNT] = {
	[VNM_SET_UPLINKS] = { "uplinks", TYPE_IFNAME, IFNAMSIZ, BOTH, false },
	[VNM_SET_ROOTS] = { "roots", TYPE_IFNAME_ETHER, IFNAMSIZ + 8, BOTH, false },
	[VNM_SET_BRIDGES] = { "bridges", TYPE_ETHER, ETH_ALEN, BOTH, false },
	[VNM_SET_SERVED] = { "served", TYPE_IFNAME, IFNAMSIZ, BY_NAME, false },
	[VNM_SET_SERVERS] = { "servers", TYPE_ETHER, ETH_ALEN, BY_PORT, false },
	[VNM_SET_STATIONS] = { "stations", TYPE_IFNAME, IFNAMSIZ, BY_PORT, false },
	[VNM_SET_PORTS] = { "ports", TYPE_IFINDEX, sizeof(uint32_t), BY_PORT, true },
	[VNM_SET_HOMES] = { "homes", TYPE_IFNAME_ETHER, IFNAMSIZ + 8, BY_NAME, false },
	[VNM_SET_GUESTS] = { "guest_macs", TYPE_ETHER, ETH_ALEN, BY_PORT, false },
	[VNM_SET_HAIRPINS] = { "hairpins", TYPE_TWO_IFNAMES, 2 * IFNAMSIZ, BOTH, false },
	[VNM_SET_AT_HOME] = { "at_home", TYPE_IFNAME_ETHER, IFNAMSIZ + 8, BOTH, false },
};

static const struct vnm_nft_chain_spec chains[VNM_FRAMES_CHAINS] = {
	{ "guests", -1, 0, NULL },
	{ "forward", NF_BR_FORWARD, PRIORITY, NULL },
	{ "input", NF_BR_LOCAL_IN, PRIORITY, NULL },
	{ "output", NF_BR_LOCAL_OUT, PRIORITY, NULL },
};

/* clang-format off */
#define PROTO_IS(n) { PROTO }, { IS, .len = 1, .value = { n } }
#define TYPE_IS(n) { ABOVE, .offset = 0, .len = 1 }, { IS, .len = 1, .value = { n } }
#define PORT(at) { ABOVE, .offset = at, .len = 2 }
#define IS16(n) { IS, .len = 2, .value = { (n) >> 8, (n) & 0xff } }
#define ISNT16(n) { ISNT, .len = 2, .value = { (n) >> 8, (n) & 0xff } }
#define PORT_IS(n) PORT(2), IS16(n)
#define TO_ONE \
	{ LINK, .offset = 0, .len = 1 }, { MASK, .len = 1, .value = { 1 } }, { IS, .len = 1 }
#define TO_GROUP(bits, ...) \
	{ LINK, .offset = 0, .len = ETH_ALEN }, \
	{ MASK, .len = ETH_ALEN, .value = { 0xff, 0xff, 0xff, 0xff, 0xff, bits } }, \
	{ IS, .len = ETH_ALEN, .value = { __VA_ARGS__ } }
#define TO_UPLINK { OUT }, { AMONG, .set = VNM_SET_UPLINKS }
#define TO_BRIDGE(in) { LINK, .offset = 0, .len = ETH_ALEN }, { AMONG, .set = in }
#define FROM_BRIDGE(in) { LINK, .offset = 6, .len = ETH_ALEN }, { AMONG, .set = in }
#define BPDU TO_GROUP(0xff, 0x01, 0x80, 0xc2, 0x00, 0x00, 0x00)
/* Of a BPDU in LLC (IEEE 802.1D 9.3.1): type; MAC addresses of the root and of the sending bridge. */
#define BPDU_TYPE { LINK, .offset = 20, .len = 1 }
#define BPDU_ROOT 24
#define BPDU_SENDER { LINK, .offset = 36, .len = ETH_ALEN }
#define TOPOLOGY_CHANGE 0x80
#define LEARN_OUT { OUT_INDEX }, { LEARN, .set = VNM_SET_PORTS }
#define TO_DHCP PROTO_IS(UDP), PORT_IS(DHCP_SERVER)
#define MORE_FRAGMENTS \
	{ INTERNET, .offset = 6, .len = 2 }, { MASK, .len = 2, .value = { 0x20 } }, \
	{ ISNT, .len = 2, .value = { 0 } }
/* IEEE 802.1Q's type or 802.1ad's, and no other that is in use */
#define TAG_AT(at) \
	{ LINK, .offset = at, .len = 2 }, { MASK, .len = 2, .value = { 0xf6, 0x57 } }, \
	{ IS, .len = 2, .value = { 0x80 } }
#define NO_VLAN_AT(at) \
	{ LINK, .offset = at, .len = 2 }, { MASK, .len = 2, .value = { 0x0f, 0xff } }, \
	{ IS, .len = 2 }
/* Behind the tag that the kernel has taken off, which LINK sees unless the bridge has dropped it by now. */
#define TAG_BEHIND \
	{ TYPE }, { MASK, .len = 2, .value = { 0xf6, 0x57 } }, \
	{ IS, .len = 2, .value = { 0x80 } }
#define TAGGED_TWICE TAG_BEHIND, NO_VLAN_AT(14)
#define TAGGED_BEHIND TAG_BEHIND, TAG_AT(16), NO_VLAN_AT(18)
#define CLIENT .offset = UDP_LEN + 28, .len = ETH_ALEN	/* chaddr */
#define FROM_ELSEWHERE { IN }, { NOT_AMONG, .set = VNM_SET_AT_HOME }

enum {
	ICMP_REDIRECT = 5, ICMP_ROUTER = 9, ICMP6_ROUTER = 134, ICMP6_REDIRECT = 137,
	DHCP_SERVER = 67, DHCP_CLIENT = 68, DHCP6_CLIENT = 546,
	TCP = 6, UDP = 17, ICMP1 = 1, ICMP6 = 58,
	UDP_LEN = 8,
};

#define OR_GUESTS(comment, ...) { "forward", comment, BOTH, { __VA_ARGS__, { GUESTS } } }
#define IF_OURS(comment, variant, load, where) \
	{ "guests", comment, variant, { { load }, { AMONG, .set = where }, { DROP } } }

static const struct vnm_frames_rule rules[] = {
	{ "forward", "TCP of one to one", BOTH, { PROTO_IS(TCP), TO_ONE, { ACCEPT } } },
	{ "forward", "UDP of one to one, but DHCP", BOTH, {
		PROTO_IS(UDP), PORT(2), ISNT16(DHCP_CLIENT), ISNT16(DHCP6_CLIENT), TO_ONE,
		{ ACCEPT } } },
	{ "forward", "back to where it came from", BOTH, {
		{ IN }, { OUT_TOO }, { AMONG, .set = VNM_SET_HAIRPINS },
		{ OUT }, { LINK_TOO, .offset = 0, .len = ETH_ALEN },
		{ NOT_AMONG, .set = VNM_SET_AT_HOME }, { DROP } } },
	{ "forward", "for switches", BOTH, {
		TO_GROUP(0xf0, 0x01, 0x80, 0xc2, 0x00, 0x00, 0x00), TO_UPLINK, { DROP } } },
	{ "forward", "for switches: GARP, MRP", BOTH, {
		TO_GROUP(0xf0, 0x01, 0x80, 0xc2, 0x00, 0x00, 0x20), TO_UPLINK, { DROP } } },
	{ "forward", "for switches: Cisco's", BOTH, {
		TO_GROUP(0xfe, 0x01, 0x00, 0x0c, 0xcc, 0xcc, 0xcc), TO_UPLINK, { DROP } } },
	OR_GUESTS("hidden by tags", TAGGED_TWICE),
	OR_GUESTS("hidden behind a VLAN's tag", TAGGED_BEHIND),
	OR_GUESTS("DHCP to clients", PROTO_IS(UDP), PORT_IS(DHCP_CLIENT)),
	OR_GUESTS("DHCPv6 to clients", PROTO_IS(UDP), PORT_IS(DHCP6_CLIENT)),
	OR_GUESTS("router advertisements", PROTO_IS(ICMP6), TYPE_IS(ICMP6_ROUTER)),
	OR_GUESTS("redirects", PROTO_IS(ICMP6), TYPE_IS(ICMP6_REDIRECT)),
	OR_GUESTS("router advertisements of IPv4", PROTO_IS(ICMP1), TYPE_IS(ICMP_ROUTER)),
	OR_GUESTS("redirects of IPv4", PROTO_IS(ICMP1), TYPE_IS(ICMP_REDIRECT)),

	IF_OURS("on a bridge that is served", BY_NAME, BRIDGE, VNM_SET_SERVED),
	IF_OURS("from an attached guest", BY_PORT, IN, VNM_SET_STATIONS),
	IF_OURS("to an attached guest", BY_PORT, OUT, VNM_SET_STATIONS),
	IF_OURS("from a port that is served", BY_PORT, IN_INDEX, VNM_SET_PORTS),
	IF_OURS("to a port that is served", BY_PORT, OUT_INDEX, VNM_SET_PORTS),

	{ "input", "TCP", BOTH, { PROTO_IS(TCP), { ACCEPT } } },
	{ "input", "UDP, but DHCP", BOTH, {
		PROTO_IS(UDP), PORT(2), ISNT16(DHCP_SERVER), { ACCEPT } } },
	{ "input", "hidden by tags", BOTH, { TAGGED_TWICE, { GUESTS } } },
	{ "input", "hidden behind a VLAN's tag", BOTH, { TAGGED_BEHIND, { GUESTS } } },
	{ "input", "DHCP in pieces", BOTH, { TO_DHCP, MORE_FRAGMENTS, { GUESTS } } },
	{ "input", "DHCP in another guest's name", BY_NAME, {
		TO_DHCP, { BRIDGE }, { ABOVE_TOO, CLIENT }, { AMONG, .set = VNM_SET_HOMES },
		FROM_ELSEWHERE, { DROP } } },
	{ "input", "DHCP of an attached guest, in another's name", BY_PORT, {
		TO_DHCP, { ABOVE, CLIENT }, { AMONG, .set = VNM_SET_GUESTS },
		{ IN }, { AMONG, .set = VNM_SET_STATIONS },
		{ ABOVE_TOO, CLIENT }, { NOT_AMONG, .set = VNM_SET_AT_HOME }, { DROP } } },
	{ "input", "redirects for the host", BOTH, {
		PROTO_IS(ICMP1), TYPE_IS(ICMP_REDIRECT), TO_BRIDGE(VNM_SET_BRIDGES), { DROP } } },
	{ "input", "redirects for all", BOTH, {
		PROTO_IS(ICMP1), TYPE_IS(ICMP_REDIRECT), { GUESTS } } },
	{ "input", "router advertisements", BOTH, {
		PROTO_IS(ICMP6), TYPE_IS(ICMP6_ROUTER), { GUESTS } } },

	{ "output", "TCP", BOTH, { PROTO_IS(TCP), { ACCEPT } } },
	{ "output", "UDP, but DHCP", BOTH, {
		PROTO_IS(UDP), PORT(0), ISNT16(DHCP_SERVER), { ACCEPT } } },
	{ "output", "the host's redirects", BOTH, {
		PROTO_IS(ICMP6), TYPE_IS(ICMP6_REDIRECT), FROM_BRIDGE(VNM_SET_BRIDGES),
		{ DROP } } },
	{ "output", "the host's redirects of IPv4", BOTH, {
		PROTO_IS(ICMP1), TYPE_IS(ICMP_REDIRECT), FROM_BRIDGE(VNM_SET_BRIDGES),
		{ DROP } } },
	{ "output", "a root behind a guest, told to switches", BOTH, {
		BPDU, BPDU_TYPE, { ISNT, .len = 1, .value = { TOPOLOGY_CHANGE } }, TO_UPLINK,
		{ LINK_TOO, .offset = BPDU_ROOT, .len = ETH_ALEN },
		{ NOT_AMONG, .set = VNM_SET_ROOTS }, { DROP } } },
	{ "output", "a port, by the spanning tree", BY_PORT, {
		BPDU, BPDU_SENDER, { AMONG, .set = VNM_SET_SERVERS }, LEARN_OUT } },
	{ "output", "a port, by what the host sends", BY_PORT, {
		FROM_BRIDGE(VNM_SET_SERVERS), LEARN_OUT } },
};
/* clang-format on */

static bool in_variant(enum vnm_frames_variant variant, bool by_name)
{
	return variant == BOTH || (variant == BY_NAME) == by_name;
}

/* ---- access ---- */

/** vnm_frames_set_spec() - the specification of a set. */
const struct vnm_frames_set_spec *vnm_frames_set_spec(enum vnm_frames_set set)
{
	return &sets[set];
}

/**
 * vnm_frames_rule() - the rules in their order
 * @i:       the number, from 0
 * @by_name: skip the rules for kernels that cannot match a bridge's name; else those for kernels that can
 *
 * Return: the rule; NULL after the last one.
 */
const struct vnm_frames_rule *vnm_frames_rule(size_t i, bool by_name)
{
	for (size_t at = 0; at < VNM_ARRAY_SIZE(rules); at++)
		if (in_variant(rules[at].variant, by_name) && i-- == 0)
			return &rules[at];
	return NULL;
}

/** vnm_frames_set_name() - a set's name. */
const char *vnm_frames_set_name(enum vnm_frames_set set)
{
	return sets[set].name;
}

/** vnm_frames_has_set() - has the table that set, with or without rules that match a bridge's name? */
bool vnm_frames_has_set(enum vnm_frames_set set, bool by_name)
{
	return in_variant(sets[set].variant, by_name);
}

/** vnm_frames_chain() - the chain of a number, below VNM_FRAMES_CHAINS. */
const struct vnm_nft_chain_spec *vnm_frames_chain(size_t i)
{
	return &chains[i];
}

/** vnm_frames_count_rules() - how many rules there are, in all chains. */
size_t vnm_frames_count_rules(bool by_name)
{
	size_t n = 0;

	while (vnm_frames_rule(n, by_name))
		n++;
	return n;
}

/**
 * vnm_frames_is_rule() - is it the rule expected at this position?
 * @index:   its position in its chain, from 0
 * @by_name: as above
 * @chain:   its chain
 * @comment: its comment, by which rules are recognised
 *
 * Return: whether.
 */
bool vnm_frames_is_rule(size_t index, bool by_name, const char *chain, const char *comment)
{
	const struct vnm_frames_rule *rule;

	for (size_t i = 0; (rule = vnm_frames_rule(i, by_name)); i++)
		if (!strcmp(rule->chain, chain) && index-- == 0)
			return !strcmp(rule->comment, comment);
	return false;
}
