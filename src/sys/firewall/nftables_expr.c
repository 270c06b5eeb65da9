/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * nftables_expr.c - rules of the back end "nftables" as expressions of nf_tables.
 *
 * The same that nft(8) makes of vnm_nftables_step_text(), so that it lists the rules as they are written there.
 */
#include "sys/firewall/nftables_expr.h"

#include <arpa/inet.h>
#include <linux/netfilter/nf_conntrack_common.h>
#include <linux/netfilter/nf_nat.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>

#define CHANCE_ALL 2147483648u /* denominator of a probability */
#define STATE_INVALID 1u
#define STATE_UNTRACKED 64u
#define PORT_UNREACHABLE4 3 /* codes of ICMP and ICMPv6 */
#define PORT_UNREACHABLE6 4

/* Ports are in the header above IP; addresses in IP's. */
static const struct vnm_nft_field sport = { NFT_PAYLOAD_TRANSPORT_HEADER, 0, 2 };
static const struct vnm_nft_field dport = { NFT_PAYLOAD_TRANSPORT_HEADER, 2, 2 };
static const struct vnm_nft_field icmp_type = { NFT_PAYLOAD_TRANSPORT_HEADER, 0, 1 };
static const struct vnm_nft_field first_octet = { NFT_PAYLOAD_LL_HEADER, 0, 1 };

static struct vnm_nft_field address_field(int family, bool dst)
{
	return family == AF_INET6
		       ? (struct vnm_nft_field){ NFT_PAYLOAD_NETWORK_HEADER, dst ? 24 : 8, 16 }
		       : (struct vnm_nft_field){ NFT_PAYLOAD_NETWORK_HEADER, dst ? 16 : 12, 4 };
}

static enum nft_cmp_ops is_or_not(bool invert)
{
	return invert ? NFT_CMP_NEQ : NFT_CMP_EQ;
}

/* ---- matches ---- */

static void put_device(struct vnm_nl_req *req, uint32_t key, const char *dev, bool invert)
{
	char name[VNM_IFNAME_SIZE] = "";

	if (!*dev)
		return;
	memcpy(name, dev, strnlen(dev, sizeof(name) - 1));
	vnm_nft_put_meta(req, key, NFT_REG_1);
	vnm_nft_put_compare(req, is_or_not(invert), name, sizeof(name));
}

static void put_group(struct vnm_nl_req *req, uint32_t key, const struct vnm_fw_group *group)
{
	if (!group->mask)
		return;
	vnm_nft_put_meta(req, key, NFT_REG_1);
	vnm_nft_put_mask(req, &group->mask, sizeof(group->mask));
	vnm_nft_put_compare(req, is_or_not(group->invert), &group->value, sizeof(group->value));
}

/* Of a prefix of whole bytes only these are loaded. */
static void put_prefix(struct vnm_nl_req *req, bool dst, const struct vnm_prefix *prefix,
		       bool invert)
{
	struct vnm_nft_field field = address_field(prefix->addr.family, dst);
	struct vnm_addr subnet = vnm_prefix_first(prefix), mask;

	if (prefix->addr.family == AF_UNSPEC)
		return;
	if (prefix->len % 8 == 0 && prefix->len > 0) {
		field.len = prefix->len / 8;
		vnm_nft_put_field(req, &field, NFT_REG_1);
	} else {
		mask = vnm_netmask_from_len(prefix->addr.family, prefix->len);
		vnm_nft_put_field(req, &field, NFT_REG_1);
		vnm_nft_put_mask(req, mask.b, field.len);
	}
	vnm_nft_put_compare(req, is_or_not(invert), subnet.b, field.len);
}

static void put_port(struct vnm_nl_req *req, const struct vnm_nft_field *field, uint16_t first,
		     uint16_t last)
{
	uint16_t from = htons(first), to = htons(last);

	if (!first)
		return;
	vnm_nft_put_field(req, field, NFT_REG_1);
	if (!last) {
		vnm_nft_put_compare(req, NFT_CMP_EQ, &from, sizeof(from));
		return;
	}
	vnm_nft_put_compare(req, NFT_CMP_GTE, &from, sizeof(from));
	vnm_nft_put_compare(req, NFT_CMP_LTE, &to, sizeof(to));
}

static void put_proto(struct vnm_nl_req *req, const struct vnm_fwrule *rule)
{
	if (!rule->proto)
		return;
	vnm_nft_put_meta(req, NFT_META_L4PROTO, NFT_REG_1);
	vnm_nft_put_compare(req, NFT_CMP_EQ, &rule->proto, sizeof(rule->proto));
	if (rule->icmp6) {
		vnm_nft_put_field(req, &icmp_type, NFT_REG_1);
		vnm_nft_put_compare(req, NFT_CMP_EQ, &rule->icmp6, sizeof(rule->icmp6));
	}
	put_port(req, &sport, rule->sport, 0);
	put_port(req, &dport, rule->dport, rule->dport_last);
}

/* A packet without a link-layer header does not match. */
static void put_received(struct vnm_nl_req *req)
{
	static const uint8_t group = 1, none;

	vnm_nft_put_field(req, &first_octet, NFT_REG_1);
	vnm_nft_put_mask(req, &group, sizeof(group));
	vnm_nft_put_compare(req, NFT_CMP_EQ, &none, sizeof(none));
}

static void put_ct(struct vnm_nl_req *req, uint32_t key)
{
	struct nlattr *data, *item = vnm_nft_expr_begin(req, "ct", &data);

	vnm_nft_put_number(req, NFTA_CT_DREG, NFT_REG_1);
	vnm_nft_put_number(req, NFTA_CT_KEY, key);
	vnm_nft_expr_end(req, item, data);
}

static void put_ct_bits(struct vnm_nl_req *req, uint32_t key, uint32_t bits)
{
	static const uint32_t none;

	put_ct(req, key);
	vnm_nft_put_mask(req, &bits, sizeof(bits));
	vnm_nft_put_compare(req, NFT_CMP_NEQ, &none, sizeof(none));
}

static void put_state(struct vnm_nl_req *req, enum vnm_fw_state state)
{
	static const uint8_t reply = IP_CT_DIR_REPLY;

	switch (state) {
	case VNM_STATE_ESTABLISHED:
		put_ct_bits(req, NFT_CT_STATE,
			    NF_CT_STATE_BIT(IP_CT_ESTABLISHED) | NF_CT_STATE_BIT(IP_CT_RELATED));
		break;
	case VNM_STATE_DNAT_REPLY:
		put_ct(req, NFT_CT_DIRECTION);
		vnm_nft_put_compare(req, NFT_CMP_EQ, &reply, sizeof(reply));
		put_ct_bits(req, NFT_CT_STATUS, IPS_DST_NAT);
		break;
	case VNM_STATE_DNAT: put_ct_bits(req, NFT_CT_STATUS, IPS_DST_NAT); break;
	case VNM_STATE_UNTRACKED: put_ct_bits(req, NFT_CT_STATE, STATE_UNTRACKED); break;
	case VNM_STATE_UNKNOWN:
		put_ct_bits(req, NFT_CT_STATE, STATE_INVALID | STATE_UNTRACKED);
		break;
	case VNM_STATE_TRACKED:
		put_ct_bits(req, NFT_CT_STATE,
			    NF_CT_STATE_BIT(IP_CT_ESTABLISHED) | NF_CT_STATE_BIT(IP_CT_RELATED) |
				    NF_CT_STATE_BIT(IP_CT_NEW));
		break;
	case VNM_STATE_ANY:
	case VNM_STATE_COUNT: break;
	}
}

static void put_fib(struct vnm_nl_req *req, uint32_t flags, uint32_t result)
{
	struct nlattr *data, *item = vnm_nft_expr_begin(req, "fib", &data);

	vnm_nft_put_number(req, NFTA_FIB_DREG, NFT_REG_1);
	vnm_nft_put_number(req, NFTA_FIB_RESULT, result);
	vnm_nft_put_number(req, NFTA_FIB_FLAGS, flags);
	vnm_nft_expr_end(req, item, data);
}

static void put_local(struct vnm_nl_req *req, uint32_t flag)
{
	static const uint32_t local = RTN_LOCAL;

	put_fib(req, flag, NFT_FIB_RESULT_ADDRTYPE);
	vnm_nft_put_compare(req, NFT_CMP_EQ, &local, sizeof(local));
}

/* There is a route to the source by the device that it came in by. */
static void put_routed(struct vnm_nl_req *req)
{
	static const uint32_t yes = 1;

	put_fib(req, NFTA_FIB_F_SADDR | NFTA_FIB_F_IIF | NFTA_FIB_F_PRESENT, NFT_FIB_RESULT_OIF);
	vnm_nft_put_compare(req, NFT_CMP_EQ, &yes, sizeof(yes));
}

/* Numbers are compared in network order. */
static void put_chance(struct vnm_nl_req *req, uint32_t chance)
{
	const uint32_t below = htonl(chance);
	struct nlattr *data, *item = vnm_nft_expr_begin(req, "numgen", &data);

	vnm_nft_put_number(req, NFTA_NG_DREG, NFT_REG_1);
	vnm_nft_put_number(req, NFTA_NG_MODULUS, CHANCE_ALL);
	vnm_nft_put_number(req, NFTA_NG_TYPE, NFT_NG_RANDOM);
	vnm_nft_put_number(req, NFTA_NG_OFFSET, 0);
	vnm_nft_expr_end(req, item, data);
	item = vnm_nft_expr_begin(req, "byteorder", &data);
	vnm_nft_put_number(req, NFTA_BYTEORDER_SREG, NFT_REG_1);
	vnm_nft_put_number(req, NFTA_BYTEORDER_DREG, NFT_REG_1);
	vnm_nft_put_number(req, NFTA_BYTEORDER_OP, NFT_BYTEORDER_HTON);
	vnm_nft_put_number(req, NFTA_BYTEORDER_LEN, sizeof(below));
	vnm_nft_put_number(req, NFTA_BYTEORDER_SIZE, sizeof(below));
	vnm_nft_expr_end(req, item, data);
	vnm_nft_put_compare(req, NFT_CMP_LT, &below, sizeof(below));
}

/* In the order of vnm_nftables_step_text(). */
static void put_matches(struct vnm_nl_req *req, const struct vnm_fwrule *rule)
{
	put_device(req, NFT_META_IIFNAME, rule->in, rule->in_invert);
	put_device(req, NFT_META_OIFNAME, rule->out, rule->out_invert);
	put_group(req, NFT_META_IIFGROUP, &rule->src_group);
	put_group(req, NFT_META_OIFGROUP, &rule->dst_group);
	put_prefix(req, false, &rule->src, rule->src_invert);
	put_prefix(req, true, &rule->dst, rule->dst_invert);
	put_proto(req, rule);
	if (vnm_nftables_received(rule))
		put_received(req);
	put_state(req, rule->state);
	if (rule->src_local)
		put_local(req, NFTA_FIB_F_SADDR);
	if (rule->dst_local)
		put_local(req, NFTA_FIB_F_DADDR);
	if (rule->src_routed)
		put_routed(req);
	if (rule->chance)
		put_chance(req, rule->chance);
}

/* ---- targets ---- */

static void put_reject(struct vnm_nl_req *req, int family)
{
	struct nlattr *data, *item = vnm_nft_expr_begin(req, "reject", &data);

	vnm_nft_put_number(req, NFTA_REJECT_TYPE, NFT_REJECT_ICMP_UNREACH);
	vnm_nl_put_u8(req, NFTA_REJECT_ICMP_CODE,
		      family == AF_INET6 ? PORT_UNREACHABLE6 : PORT_UNREACHABLE4);
	vnm_nft_expr_end(req, item, data);
}

static void put_plain(struct vnm_nl_req *req, const char *name)
{
	struct nlattr *data, *item = vnm_nft_expr_begin(req, name, &data);

	vnm_nft_expr_end(req, item, data);
}

static void load_address(struct vnm_nl_req *req, uint32_t reg, const struct vnm_addr *addr)
{
	vnm_nft_put_constant(req, reg, addr->b, vnm_addr_bits(addr->family) / 8);
}

/** struct ports - registers with the port, or the first and the last of a range; 0: none */
struct ports {
	uint32_t first, last;
};

static struct ports load_ports(struct vnm_nl_req *req, const struct vnm_fwrule *rule, uint32_t reg)
{
	uint16_t first = htons(rule->to_port_first), last = htons(rule->to_port_last);

	if (!rule->to_port_first)
		return (struct ports){ 0 };
	vnm_nft_put_constant(req, reg, &first, sizeof(first));
	if (first == last)
		return (struct ports){ reg, 0 };
	vnm_nft_put_constant(req, reg + 1, &last, sizeof(last));
	return (struct ports){ reg, reg + 1 };
}

/* The port to translate to, by the map of each port to its own. */
static struct ports load_mapped(struct vnm_nl_req *req, uint32_t reg, uint32_t port_map)
{
	vnm_nft_put_field(req, &dport, reg);
	vnm_nft_put_lookup(req, &(struct vnm_nft_lookup){ .set = VNM_NFTABLES_PORT_MAP,
							  .from = reg,
							  .into = (int)reg,
							  .id = port_map });
	return (struct ports){ reg, 0 };
}

/* @flags: 0: the kernel sets them itself, along with others */
static void put_registers(struct vnm_nl_req *req, const struct ports *ports, int first, int last,
			  int flags)
{
	if (!ports->first)
		return;
	vnm_nft_put_number(req, first, ports->first);
	if (ports->last)
		vnm_nft_put_number(req, last, ports->last);
	if (flags)
		vnm_nft_put_number(req, flags, NF_NAT_RANGE_PROTO_SPECIFIED);
}

static void put_nat(struct vnm_nl_req *req, const struct vnm_fwrule *rule, uint32_t port_map)
{
	bool range = !vnm_addr_equal(&rule->to_first, &rule->to_last);
	uint32_t reg = range ? NFT_REG_3 : NFT_REG_2;
	struct nlattr *data, *item;
	struct ports ports;

	load_address(req, NFT_REG_1, &rule->to_first);
	if (range)
		load_address(req, NFT_REG_2, &rule->to_last);
	ports = rule->to_port_base ? load_mapped(req, reg, port_map) : load_ports(req, rule, reg);
	item = vnm_nft_expr_begin(req, "nat", &data);
	vnm_nft_put_number(req, NFTA_NAT_TYPE,
			   rule->target == VNM_TARGET_SNAT ? NFT_NAT_SNAT : NFT_NAT_DNAT);
	vnm_nft_put_number(req, NFTA_NAT_FAMILY,
			   rule->family == AF_INET6 ? NFPROTO_IPV6 : NFPROTO_IPV4);
	vnm_nft_put_number(req, NFTA_NAT_REG_ADDR_MIN, NFT_REG_1);
	if (range)
		vnm_nft_put_number(req, NFTA_NAT_REG_ADDR_MAX, NFT_REG_2);
	put_registers(req, &ports, NFTA_NAT_REG_PROTO_MIN, NFTA_NAT_REG_PROTO_MAX, 0);
	vnm_nft_expr_end(req, item, data);
}

/** struct own_nat - NAT to an address of the host, which the kernel chooses: the expression, and its attributes */
struct own_nat {
	const char *expr;
	int port_min, port_max, flags;
};

static const struct own_nat masquerade = { "masq", NFTA_MASQ_REG_PROTO_MIN, NFTA_MASQ_REG_PROTO_MAX,
					   NFTA_MASQ_FLAGS };
static const struct own_nat redirect = { "redir", NFTA_REDIR_REG_PROTO_MIN,
					 NFTA_REDIR_REG_PROTO_MAX, NFTA_REDIR_FLAGS };

static void put_own_nat(struct vnm_nl_req *req, const struct vnm_fwrule *rule,
			const struct own_nat *nat)
{
	struct ports ports = load_ports(req, rule, NFT_REG_1);
	struct nlattr *data, *item = vnm_nft_expr_begin(req, nat->expr, &data);

	put_registers(req, &ports, nat->port_min, nat->port_max, nat->flags);
	vnm_nft_expr_end(req, item, data);
}

static void put_target(struct vnm_nl_req *req, const struct vnm_fwrule *rule, uint32_t port_map)
{
	switch (rule->target) {
	case VNM_TARGET_ACCEPT: vnm_nft_put_verdict(req, NF_ACCEPT, NULL); break;
	case VNM_TARGET_RETURN:
		vnm_nft_put_verdict(req, vnm_nftables_ends(rule->chain) ? NF_ACCEPT : NFT_RETURN,
				    NULL);
		break;
	case VNM_TARGET_DROP: vnm_nft_put_verdict(req, NF_DROP, NULL); break;
	case VNM_TARGET_REJECT: put_reject(req, rule->family); break;
	case VNM_TARGET_NOTRACK: put_plain(req, "notrack"); break;
	case VNM_TARGET_MASQUERADE: put_own_nat(req, rule, &masquerade); break;
	case VNM_TARGET_REDIRECT: put_own_nat(req, rule, &redirect); break;
	case VNM_TARGET_SNAT:
	case VNM_TARGET_DNAT: put_nat(req, rule, port_map); break;
	case VNM_TARGET_CHECKSUM:
	case VNM_TARGET_JUMP:
	case VNM_TARGET_COUNT: break;
	}
}

/* ---- lookups ---- */

static uint32_t load_key(struct vnm_nl_req *req, const struct vnm_nftables_map *map)
{
	const struct vnm_nft_field src = address_field(map->family, false);
	const struct vnm_nft_field dst = address_field(map->family, true);
	struct vnm_addr mask;

	switch (map->by) {
	case VNM_BY_IN: vnm_nft_put_meta(req, NFT_META_IIFNAME, NFT_REG_1); break;
	case VNM_BY_OUT: vnm_nft_put_meta(req, NFT_META_OIFNAME, NFT_REG_1); break;
	case VNM_BY_DST: vnm_nft_put_field(req, &dst, NFT_REG_1); break;
	case VNM_BY_PORT:
		vnm_nft_put_meta(req, NFT_META_L4PROTO, NFT_REG_1);
		vnm_nft_put_field(req, &dport, NFT_REG32_01);
		break;
	case VNM_BY_SRC:
		vnm_nft_put_field(req, &src, NFT_REG_1);
		mask = vnm_netmask_from_len(map->family, map->len);
		if (map->len < vnm_addr_bits(map->family))
			vnm_nft_put_mask(req, mask.b, src.len);
		break;
	}
	return NFT_REG_1;
}

/**
 * vnm_nftables_put_step() - the expressions of a rule
 * @req:      the message, in NFTA_RULE_EXPRESSIONS
 * @step:     the rule
 * @port_map: the number of its map of ports in this transaction; 0: it has none, or is only compared
 */
void vnm_nftables_put_step(struct vnm_nl_req *req, const struct vnm_nftables_step *step,
			   uint32_t port_map)
{
	const struct vnm_fwrule rule = vnm_nftables_rule(&step->rule);

	if (step->kind == VNM_STEP_IS_RULE) {
		put_matches(req, &rule);
		vnm_nft_put_counter(req);
		put_target(req, &rule, port_map);
		return;
	}
	put_state(req, step->state);
	if (step->kind == VNM_STEP_IS_JUMP)
		vnm_nft_put_verdict(req, NFT_JUMP, step->chain);
	else
		vnm_nft_put_lookup(req, &(struct vnm_nft_lookup){ .set = step->map.name,
								  .from = load_key(req, &step->map),
								  .into = NFT_REG_VERDICT });
}
