/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * overlay_rules.c - the chains and rules of an overlay's filter, as data.
 *
 * Two tables of nf_tables for each overlay, so that none depends on another.
 *
 * "netdev", at the VXLAN device, in both directions. Each host serves its own guests, so these stay on it:
 *
 *   - DHCP and DHCPv6, router solicitations and advertisements, if the network is served. Several servers with one address would
 *     refuse each other's leases.
 *   - Frames to 01:80:c2:00:00:0X: no spanning tree spans the hosts.
 *   - ARP and neighbour discovery of the gateway's addresses, which are the same on each host, and everything from its link-local one.
 *   - What is tagged twice, first for no VLAN (a priority tag): any of this may be behind, and a receiver looks there (vlan_do_receive()).
 *
 * The bridge has the same MAC address on each host, too, and would take for itself what guests of other hosts send to this one. So what
 * it sends there has another source address, one of its own, in the frame and in ARP and neighbour discovery; what comes back to that
 * gets the address of the bridge again.
 *
 * "ip" or "ip6", for the packets between the hosts. VXLAN has no authentication: whoever sends from a peer's address is a peer.
 *
 *   input     Of this overlay's packets, and of BGP and BFD by which its hosts find each other, only those of peers; none of a
 *             guest's, which may forge such an address.
 *   forward   No guest sends to such a port of a peer: with NAT it would do so in this host's name.
 */
#include "sys/firewall/overlay_rules.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "plan/firewall/fwrule.h"
#include "sys/firewall/nft_expr.h"
#include "util/addr.h"
#include "util/mem.h"

#include <linux/if_ether.h>

#define EGRESS 1 /* NF_NETDEV_EGRESS, since Linux 5.16; older headers lack it */
#define BEFORE_OTHERS (-10)
#define BOTH_WAYS "between_hosts"
#define PEERS "peers"
#define REACH "reach"

enum {
	MAC_LEN = 6,
	DHCP_SERVER = 67,
	DHCP_CLIENT = 68,
	DHCP6_CLIENT = 546,
	DHCP6_SERVER = 547,
	PORT_BGP = 179,
	PORT_BFD = 3784,
	PORT_BFD_MULTIHOP = 4784,
	ROUTER_SOLICIT = 133,
	ROUTER_ADVERT,
	NEIGHBOUR_SOLICIT,
	NEIGHBOUR_ADVERT,
	/* offsets */
	FRAME_TO = 0,
	FRAME_FROM = 6,
	FRAME_TYPE = 12,
	ARP_FROM_MAC = 8,
	ARP_FROM = 14,
	ARP_TO = 24,
	IP_FROM = 12,
	IP_TO = 16,
	IP6_FROM = 8,
	IP6_TO = 24,
	PORT_TO = 2,
	VNI = 8 + 4,
	VNI_LEN = 3,
	ICMP6_SUM = 2,
	ND_TARGET = 8,
	ND_OPTION_MAC = 26,
};

static const struct vnm_overlay_chain chains[] = {
	{ true, { BOTH_WAYS, -1, 0, NULL, NULL } },
	{ true, { "from_hosts", NF_NETDEV_INGRESS, 0, NULL, NULL } },
	{ true, { "to_hosts", EGRESS, 0, NULL, NULL } },
	{ false, { PEERS, -1, 0, NULL, NULL } },
	{ false, { REACH, -1, 0, NULL, NULL } },
	{ false, { "input", NF_INET_LOCAL_IN, BEFORE_OTHERS, NULL, NULL } },
	{ false, { "forward", NF_INET_FORWARD, BEFORE_OTHERS, NULL, NULL } },
};

static bool in_netdev(const char *chain)
{
	size_t i = 0;

	while (strcmp(chains[i].spec.name, chain) != 0)
		i++;
	return chains[i].netdev;
}

/** vnm_overlay_chains() - the chains, those that others lead to first. Return: how many. */
size_t vnm_overlay_chains(const struct vnm_overlay_chain **ret)
{
	*ret = chains;
	return VNM_ARRAY_SIZE(chains);
}

/* ---- building ---- */

/** struct builder - @rule: the last one */
struct builder {
	const struct vnm_op_overlay_filter *filter;
	struct vnm_overlay_rules *rules;
	struct vnm_overlay_rule *rule;
};

static void begin(struct builder *b, const char *chain)
{
	uint8_t family = b->filter->family == AF_INET6 ? NFPROTO_IPV6 : NFPROTO_IPV4;

	b->rules->items = vnm_array_add(b->rules->items, &b->rules->n, sizeof(*b->rules->items));
	b->rule = &b->rules->items[b->rules->n - 1];
	*b->rule = (struct vnm_overlay_rule){ .family = in_netdev(chain) ? NFPROTO_NETDEV : family,
					      .chain = chain };
}

static struct vnm_overlay_step *add(struct builder *b, enum vnm_overlay_what what)
{
	struct vnm_overlay_step *step = &b->rule->steps[b->rule->n++];

	*step = (struct vnm_overlay_step){ .what = what };
	return step;
}

static void set(struct vnm_overlay_step *step, uint32_t base, uint32_t offset, const void *value,
		size_t len)
{
	step->base = base;
	step->offset = offset;
	step->len = (uint32_t)len;
	memcpy(step->value, value, len);
}

/* Of the step's value, as long as that is. */
static void mask(struct vnm_overlay_step *step, const void *bits)
{
	step->masked = true;
	memcpy(step->mask, bits, step->len);
}

static void is(struct builder *b, uint32_t base, uint32_t offset, const void *value, size_t len)
{
	set(add(b, VNM_OVERLAY_FIELD), base, offset, value, len);
}

static void is_protocol(struct builder *b, uint8_t protocol)
{
	set(add(b, VNM_OVERLAY_META), NFT_META_L4PROTO, 0, &protocol, 1);
}

static void is_type(struct builder *b, uint16_t ethertype)
{
	uint16_t wire = htons(ethertype);

	set(add(b, VNM_OVERLAY_META), NFT_META_PROTOCOL, 0, &wire, sizeof(wire));
}

static void is_port(struct builder *b, uint8_t protocol, uint16_t port)
{
	uint16_t wire = htons(port);

	is_protocol(b, protocol);
	is(b, NFT_PAYLOAD_TRANSPORT_HEADER, PORT_TO, &wire, sizeof(wire));
}

static void is_icmp6(struct builder *b, uint8_t type)
{
	is_protocol(b, IPPROTO_ICMPV6);
	is(b, NFT_PAYLOAD_TRANSPORT_HEADER, 0, &type, 1);
}

static void go(struct builder *b, const char *chain)
{
	add(b, VNM_OVERLAY_GO)->chain = chain;
}

/* ---- between the hosts' bridges ---- */

static void keep_service(struct builder *b)
{
	static const uint16_t ports[] = { DHCP_SERVER, DHCP_CLIENT, DHCP6_CLIENT, DHCP6_SERVER };
	static const uint8_t types[] = { ROUTER_SOLICIT, ROUTER_ADVERT };

	for (size_t i = 0; i < VNM_ARRAY_SIZE(ports); i++) {
		begin(b, BOTH_WAYS);
		is_port(b, IPPROTO_UDP, ports[i]);
		add(b, VNM_OVERLAY_DROP);
	}
	for (size_t i = 0; i < VNM_ARRAY_SIZE(types); i++) {
		begin(b, BOTH_WAYS);
		is_icmp6(b, types[i]);
		add(b, VNM_OVERLAY_DROP);
	}
}

static void keep_bridges(struct builder *b)
{
	static const uint8_t group[MAC_LEN] = { 0x01, 0x80, 0xc2 },
			     all[MAC_LEN] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xf0 };
	struct vnm_overlay_step *step;

	begin(b, BOTH_WAYS);
	step = add(b, VNM_OVERLAY_FIELD);
	set(step, NFT_PAYLOAD_LL_HEADER, FRAME_TO, group, sizeof(group));
	mask(step, all);
	add(b, VNM_OVERLAY_DROP);
}

/*
 * The first tag, which the kernel has taken off, is put back for who reads the frame. What type is behind it is read there, too: to newer
 * kernels (7.2) the protocol of such a packet is that behind both.
 */
static void keep_hidden(struct builder *b)
{
	/* a tag, IEEE 802.1Q's or 802.1ad's, since no other such type is in use; for VLAN 0; and another tag */
	static const uint8_t tags[] = { 0x80, 0x00, 0x00, 0x00, 0x80, 0x00 },
			     bits[] = { 0xf6, 0x57, 0x0f, 0xff, 0xf6, 0x57 };
	struct vnm_overlay_step *step;

	begin(b, BOTH_WAYS);
	step = add(b, VNM_OVERLAY_FIELD);
	set(step, NFT_PAYLOAD_LL_HEADER, FRAME_TYPE, tags, sizeof(tags));
	mask(step, bits);
	add(b, VNM_OVERLAY_DROP);
}

static void keep_gateway4(struct builder *b, const struct vnm_addr *gateway)
{
	static const uint32_t at[] = { ARP_TO, ARP_FROM };

	for (size_t i = 0; i < VNM_ARRAY_SIZE(at); i++) {
		begin(b, BOTH_WAYS);
		is_type(b, ETH_P_ARP);
		is(b, NFT_PAYLOAD_NETWORK_HEADER, at[i], gateway->b, 4);
		add(b, VNM_OVERLAY_DROP);
	}
}

static void keep_gateway6(struct builder *b, const struct vnm_addr *gateway)
{
	static const uint8_t types[] = { NEIGHBOUR_SOLICIT, NEIGHBOUR_ADVERT };

	for (size_t i = 0; i < VNM_ARRAY_SIZE(types); i++) {
		begin(b, BOTH_WAYS);
		is_icmp6(b, types[i]);
		is(b, NFT_PAYLOAD_TRANSPORT_HEADER, ND_TARGET, gateway->b, 16);
		add(b, VNM_OVERLAY_DROP);
	}
	if (gateway->b[0] != 0xfe)
		return;
	begin(b, BOTH_WAYS);
	is_type(b, ETH_P_IPV6);
	is(b, NFT_PAYLOAD_NETWORK_HEADER, IP6_FROM, gateway->b, 16);
	add(b, VNM_OVERLAY_DROP);
}

static void keep_gateways(struct builder *b)
{
	vnm_autofree char *list = vnm_strdup(b->filter->gateways);
	char *rest = list, *word;
	struct vnm_addr gateway;

	while ((word = strsep(&rest, ","))) {
		if (vnm_addr_parse(word, &gateway) < 0)
			continue;
		if (gateway.family == AF_INET)
			keep_gateway4(b, &gateway);
		else
			keep_gateway6(b, &gateway);
	}
}

static void is_from_bridge(struct builder *b)
{
	is(b, NFT_PAYLOAD_LL_HEADER, FRAME_FROM, b->filter->mac.b, MAC_LEN);
}

/* The frame's source last, since it is by that that the others are recognised. */
static void rename_sent(struct builder *b)
{
	static const uint8_t types[] = { NEIGHBOUR_SOLICIT, NEIGHBOUR_ADVERT };
	const uint8_t *own = b->filter->own.b;

	begin(b, "to_hosts");
	is_from_bridge(b);
	is_type(b, ETH_P_ARP);
	set(add(b, VNM_OVERLAY_WRITE), NFT_PAYLOAD_NETWORK_HEADER, ARP_FROM_MAC, own, MAC_LEN);
	for (size_t i = 0; i < VNM_ARRAY_SIZE(types); i++) {
		begin(b, "to_hosts");
		is_from_bridge(b);
		is_icmp6(b, types[i]);
		is(b, NFT_PAYLOAD_TRANSPORT_HEADER, ND_OPTION_MAC, b->filter->mac.b, MAC_LEN);
		set(add(b, VNM_OVERLAY_WRITE_SUM), NFT_PAYLOAD_TRANSPORT_HEADER, ND_OPTION_MAC, own,
		    MAC_LEN);
	}
	begin(b, "to_hosts");
	is_from_bridge(b);
	set(add(b, VNM_OVERLAY_WRITE), NFT_PAYLOAD_LL_HEADER, FRAME_FROM, own, MAC_LEN);
}

static void rename_received(struct builder *b)
{
	begin(b, "from_hosts");
	is(b, NFT_PAYLOAD_LL_HEADER, FRAME_TO, b->filter->own.b, MAC_LEN);
	set(add(b, VNM_OVERLAY_WRITE), NFT_PAYLOAD_LL_HEADER, FRAME_TO, b->filter->mac.b, MAC_LEN);
}

/* ---- between the hosts ---- */

/* Bridges and tuns of ours, those of open networks, too, which have another group. */
static void is_guests(struct builder *b)
{
	const uint32_t both = VNM_GROUP_MASK & ~(VNM_GROUP_BASE ^ VNM_GROUP_OPEN);
	const uint32_t value = VNM_GROUP_BASE & both;
	struct vnm_overlay_step *step = add(b, VNM_OVERLAY_META);

	set(step, NFT_META_IIFGROUP, 0, &value, sizeof(value));
	mask(step, &both);
}

/* The packet's address at @at is a peer's, or in a subnet of peers. */
static void is_peer(struct builder *b, uint32_t at, const struct vnm_prefix *peer)
{
	const struct vnm_addr bits = vnm_netmask_from_len(peer->addr.family, peer->len);
	const size_t len = vnm_addr_bits(peer->addr.family) / 8;

	is(b, NFT_PAYLOAD_NETWORK_HEADER, at, peer->addr.b, len);
	if (peer->len == vnm_addr_bits(peer->addr.family))
		return;
	mask(&b->rule->steps[b->rule->n - 1], bits.b);
}

/* A rule for each peer, with its address at a place of the IP header. */
static void each_peer(struct builder *b, const char *chain, bool from, enum vnm_overlay_what what)
{
	const bool v6 = b->filter->family == AF_INET6;
	const uint32_t at = v6 ? (from ? IP6_FROM : IP6_TO) : (from ? IP_FROM : IP_TO);
	vnm_autofree char *list = vnm_strdup(b->filter->peers);
	char *rest = list, *word;
	struct vnm_prefix peer;
	struct vnm_addr only;

	while ((word = strsep(&rest, ","))) {
		if (vnm_prefix_parse(word, &peer) < 0) {
			if (vnm_addr_parse(word, &only) < 0)
				continue;
			peer = vnm_prefix_only(&only);
		}
		if (peer.addr.family != b->filter->family)
			continue;
		begin(b, chain);
		is_peer(b, at, &peer);
		add(b, what);
	}
}

/* To a port of this host's, and through it: none from guests. @vni: of which the rest is for the peers alone; NULL: all */
static void guard_port(struct builder *b, uint8_t protocol, uint16_t port, const uint8_t *vni)
{
	begin(b, "input");
	is_port(b, protocol, port);
	is_guests(b);
	add(b, VNM_OVERLAY_DROP);
	begin(b, "input");
	is_port(b, protocol, port);
	if (vni)
		is(b, NFT_PAYLOAD_TRANSPORT_HEADER, VNI, vni, VNI_LEN);
	go(b, PEERS);
}

static void guard_way(struct builder *b, uint8_t protocol, uint16_t port)
{
	begin(b, "forward");
	is_port(b, protocol, port);
	is_guests(b);
	go(b, REACH);
}

static void only_peers(struct builder *b)
{
	const struct vnm_op_overlay_filter *filter = b->filter;
	const uint8_t vni[VNI_LEN] = { (uint8_t)(filter->vni >> 16), (uint8_t)(filter->vni >> 8),
				       (uint8_t)filter->vni };
	static const uint16_t bfd[] = { PORT_BFD, PORT_BFD_MULTIHOP };
	const size_t n_bfd = filter->bfd ? VNM_ARRAY_SIZE(bfd) : 0;

	each_peer(b, PEERS, true, VNM_OVERLAY_ACCEPT);
	begin(b, PEERS);
	add(b, VNM_OVERLAY_DROP);
	each_peer(b, REACH, false, VNM_OVERLAY_DROP);
	guard_port(b, IPPROTO_UDP, filter->port, vni);
	if (filter->bgp)
		guard_port(b, IPPROTO_TCP, PORT_BGP, NULL);
	for (size_t i = 0; i < n_bfd; i++)
		guard_port(b, IPPROTO_UDP, bfd[i], NULL);
	guard_way(b, IPPROTO_UDP, filter->port);
	if (filter->bgp)
		guard_way(b, IPPROTO_TCP, PORT_BGP);
	for (size_t i = 0; i < n_bfd; i++)
		guard_way(b, IPPROTO_UDP, bfd[i]);
}

/**
 * vnm_overlay_rules() - the rules of both tables
 * @filter: the overlay
 * @ret:    gets them, chain by chain
 */
void vnm_overlay_rules(const struct vnm_op_overlay_filter *filter, struct vnm_overlay_rules *ret)
{
	struct builder b = { .filter = filter, .rules = ret };

	*ret = (struct vnm_overlay_rules){ 0 };
	if (filter->served)
		keep_service(&b);
	keep_bridges(&b);
	keep_hidden(&b);
	keep_gateways(&b);
	begin(&b, "from_hosts");
	go(&b, BOTH_WAYS);
	rename_received(&b);
	begin(&b, "to_hosts");
	go(&b, BOTH_WAYS);
	rename_sent(&b);
	only_peers(&b);
}

/* ---- writing ---- */

static void put_write(struct vnm_nl_req *req, const struct vnm_overlay_step *step)
{
	const bool sum = step->what == VNM_OVERLAY_WRITE_SUM;
	struct nlattr *data, *item;

	vnm_nft_put_constant(req, NFT_REG_1, step->value, step->len);
	item = vnm_nft_expr_begin(req, "payload", &data);
	vnm_nft_put_number(req, NFTA_PAYLOAD_SREG, NFT_REG_1);
	vnm_nft_put_number(req, NFTA_PAYLOAD_BASE, step->base);
	vnm_nft_put_number(req, NFTA_PAYLOAD_OFFSET, step->offset);
	vnm_nft_put_number(req, NFTA_PAYLOAD_LEN, step->len);
	vnm_nft_put_number(req, NFTA_PAYLOAD_CSUM_TYPE,
			   sum ? NFT_PAYLOAD_CSUM_INET : NFT_PAYLOAD_CSUM_NONE);
	vnm_nft_put_number(req, NFTA_PAYLOAD_CSUM_OFFSET, sum ? ICMP6_SUM : 0);
	vnm_nft_expr_end(req, item, data);
}

static void put_compare(struct vnm_nl_req *req, const struct vnm_overlay_step *step)
{
	if (step->what == VNM_OVERLAY_META)
		vnm_nft_put_meta(req, step->base, NFT_REG_1);
	else
		vnm_nft_put_field(req,
				  &(struct vnm_nft_field){ step->base, step->offset, step->len },
				  NFT_REG_1);
	if (step->masked)
		vnm_nft_put_mask(req, step->mask, step->len);
	vnm_nft_put_compare(req, NFT_CMP_EQ, step->value, step->len);
}

/** vnm_overlay_put_rule() - a rule's list of expressions. @req: the message, in that list */
void vnm_overlay_put_rule(struct vnm_nl_req *req, const struct vnm_overlay_rule *rule)
{
	for (size_t i = 0; i < rule->n; i++) {
		const struct vnm_overlay_step *step = &rule->steps[i];

		switch (step->what) {
		case VNM_OVERLAY_META:
		case VNM_OVERLAY_FIELD: put_compare(req, step); break;
		case VNM_OVERLAY_WRITE:
		case VNM_OVERLAY_WRITE_SUM: put_write(req, step); break;
		case VNM_OVERLAY_DROP: vnm_nft_put_verdict(req, NF_DROP, NULL); break;
		case VNM_OVERLAY_ACCEPT: vnm_nft_put_verdict(req, NF_ACCEPT, NULL); break;
		case VNM_OVERLAY_GO: vnm_nft_put_verdict(req, NFT_JUMP, step->chain); break;
		}
	}
}
