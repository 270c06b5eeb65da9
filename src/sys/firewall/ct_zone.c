/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ct_zone.c - connections of a network in a VRF, apart from others of the same addresses.
 *
 * Theory of operation. Connection tracking and NAT know addresses, and not by which table they are routed. So the connections that
 * guests open are in a zone, in their own direction only: what comes back, to an address and port that NAT has made unique, is in
 * none. Behind NAT it has a guest's address again, and only the connection tells which VRF that is in: it has a mark, which each of its
 * answers gets, and a routing rule for that mark (plan/plan_vrf.c). The kernel shows a packet to the hook twice, with the bridge and then
 * with the VRF as its input device; the first time decides.
 *
 * What is not translated has the guest's address outside, too, and there may be such a connection in another VRF: then the kernel's NAT
 * gives one of them another port. It does so where there is a chain of NAT, which is all that one is for. What comes by a forward device
 * in the VRF, to guests without NAT, is in the zone as well.
 *
 * What is untracked by then, since it was forged (plan/firewall/plan_source.c), stays so.
 *
 * A table of nf_tables for each family, whatever the firewall back end is, replaced as a whole in one transaction. A kernel that cannot
 * have it is an error.
 */
#include "sys/op_impl.h"

#include <errno.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "sys/firewall/nft_compare.h"
#include "sys/firewall/nft_expr.h"
#include "sys/firewall/nft_read.h"
#include "util/mem.h"

#include <linux/netfilter/nf_conntrack_tuple_common.h>

#define KERNEL_NEEDS                                                           \
	"nf_tables with zones of connection tracking and NAT (CONFIG_NFT_CT, " \
	"CONFIG_NF_CONNTRACK_ZONES, CONFIG_NFT_NAT)"
#define TABLE_SIZE (sizeof(VNM_CT_ZONE_TABLE) + VNM_IFNAME_SIZE)
#define STATE_UNTRACKED 64u
#define ZONE "zone"
#define MARK "mark"
#define UNIQUE "unique"

/* Between the table raw and connection tracking; behind the latter, before routing; and behind everybody's NAT. */
static const struct vnm_nft_chain_spec chains[] = {
	{ ZONE, NF_INET_PRE_ROUTING, -290, NULL, NULL },
	{ MARK, NF_INET_PRE_ROUTING, -149, NULL, NULL },
	{ UNIQUE, NF_INET_POST_ROUTING, 200, NULL, "nat" },
};

static const uint8_t families[] = { NFPROTO_IPV4, NFPROTO_IPV6 };

/**
 * struct rule - of @chain: for connections from @subnet; addr.family AF_UNSPEC: for untracked packets, or for answers
 * @enters: to @subnet, by the forward device
 */
struct rule {
	const char *chain;
	struct vnm_prefix subnet;
	bool enters;
};

/** struct zone - the table of a family */
struct zone {
	const struct vnm_op_ct_zone *op;
	char table[TABLE_SIZE];
	uint8_t family;
	struct rule *rules;
	size_t n;
};

static void zone_clear(struct zone *zone)
{
	free(zone->rules);
}
#define autozone __attribute__((cleanup(zone_clear)))

static void add(struct zone *zone, const char *chain, const struct vnm_prefix *subnet)
{
	zone->rules = vnm_array_add(zone->rules, &zone->n, sizeof(*zone->rules));
	zone->rules[zone->n - 1] = (struct rule){ .chain = chain };
	if (subnet)
		zone->rules[zone->n - 1].subnet = *subnet;
}

static size_t add_subnets(struct zone *zone, const char *chain, const char *list)
{
	const int family = zone->family == NFPROTO_IPV6 ? AF_INET6 : AF_INET;
	vnm_autofree char *copy = vnm_strdup(list);
	struct vnm_prefix subnet;
	size_t n = 0;

	for (char *save = NULL, *word = strtok_r(copy, ",", &save); word;
	     word = strtok_r(NULL, ",", &save)) {
		if (vnm_prefix_parse(word, &subnet) < 0 || subnet.addr.family != family)
			continue;
		add(zone, chain, &subnet);
		n++;
	}
	return n;
}

static void zone_init(struct zone *zone, const struct vnm_op_ct_zone *op, uint8_t family)
{
	size_t first;

	*zone = (struct zone){ .op = op, .family = family };
	snprintf(zone->table, sizeof(zone->table), VNM_CT_ZONE_TABLE, op->bridge);
	add(zone, ZONE, NULL);
	if (add_subnets(zone, ZONE, op->subnets) == 0) {
		zone->n = 0;
		return;
	}
	if (add_subnets(zone, MARK, op->marked) > 0)
		add(zone, MARK, NULL);
	first = zone->n;
	if (op->device)
		add_subnets(zone, ZONE, op->entered);
	for (; first < zone->n; first++)
		zone->rules[first].enters = true;
}

/* ---- rules as expressions ---- */

static void put_ct(struct vnm_nl_req *req, uint32_t key)
{
	struct nlattr *data, *item = vnm_nft_expr_begin(req, "ct", &data);

	vnm_nft_put_number(req, NFTA_CT_DREG, NFT_REG_1);
	vnm_nft_put_number(req, NFTA_CT_KEY, key);
	vnm_nft_expr_end(req, item, data);
}

static void put_input(struct vnm_nl_req *req, const char *dev, enum nft_cmp_ops how)
{
	char name[VNM_IFNAME_SIZE] = "";

	memcpy(name, dev, strnlen(dev, sizeof(name) - 1));
	vnm_nft_put_meta(req, NFT_META_IIFNAME, NFT_REG_1);
	vnm_nft_put_compare(req, how, name, sizeof(name));
}

/* From the subnet, or, with @to, to it. */
static void put_subnet(struct vnm_nl_req *req, const struct vnm_prefix *subnet, bool to)
{
	const bool v4 = subnet->addr.family == AF_INET;
	const uint32_t len = v4 ? 4 : 16;
	const struct vnm_nft_field field = { NFT_PAYLOAD_NETWORK_HEADER,
					     (v4 ? 12 : 8) + (to ? len : 0), len };
	const struct vnm_addr first = vnm_prefix_first(subnet);
	const struct vnm_addr mask = vnm_netmask_from_len(subnet->addr.family, subnet->len);

	vnm_nft_put_field(req, &field, NFT_REG_1);
	vnm_nft_put_mask(req, mask.b, field.len);
	vnm_nft_put_compare(req, NFT_CMP_EQ, first.b, field.len);
}

static void put_direction(struct vnm_nl_req *req, uint8_t direction)
{
	put_ct(req, NFT_CT_DIRECTION);
	vnm_nft_put_compare(req, NFT_CMP_EQ, &direction, sizeof(direction));
}

static void set_ct(struct vnm_nl_req *req, uint32_t key, const void *value, size_t len)
{
	struct nlattr *data, *item;

	vnm_nft_put_constant(req, NFT_REG_1, value, len);
	item = vnm_nft_expr_begin(req, "ct", &data);
	vnm_nft_put_number(req, NFTA_CT_SREG, NFT_REG_1);
	vnm_nft_put_number(req, NFTA_CT_KEY, key);
	if (key == NFT_CT_ZONE)
		vnm_nl_put_u8(req, NFTA_CT_DIRECTION, IP_CT_DIR_ORIGINAL);
	vnm_nft_expr_end(req, item, data);
}

static void put_untracked(struct vnm_nl_req *req)
{
	static const uint32_t untracked = STATE_UNTRACKED, none;

	put_ct(req, NFT_CT_STATE);
	vnm_nft_put_mask(req, &untracked, sizeof(untracked));
	vnm_nft_put_compare(req, NFT_CMP_NEQ, &none, sizeof(none));
	vnm_nft_put_verdict(req, NF_ACCEPT, NULL);
}

static void put_answer(struct vnm_nl_req *req, const struct zone *zone)
{
	put_input(req, zone->op->bridge, NFT_CMP_NEQ);
	put_direction(req, IP_CT_DIR_REPLY);
	put_ct(req, NFT_CT_MARK);
	vnm_nft_put_compare(req, NFT_CMP_EQ, &zone->op->mark, sizeof(zone->op->mark));
	vnm_nft_set_meta(req, NFT_META_MARK, &zone->op->mark, sizeof(zone->op->mark));
}

static void put_rule(struct vnm_nl_req *req, const struct zone *zone, const struct rule *rule)
{
	const bool zones = !strcmp(rule->chain, ZONE);

	if (rule->subnet.addr.family == AF_UNSPEC) {
		if (zones)
			put_untracked(req);
		else
			put_answer(req, zone);
		return;
	}
	put_input(req, rule->enters ? zone->op->device : zone->op->bridge, NFT_CMP_EQ);
	put_subnet(req, &rule->subnet, rule->enters);
	if (zones) {
		set_ct(req, NFT_CT_ZONE, &zone->op->zone, sizeof(zone->op->zone));
		return;
	}
	put_direction(req, IP_CT_DIR_ORIGINAL);
	set_ct(req, NFT_CT_MARK, &zone->op->mark, sizeof(zone->op->mark));
}

static void begin_rule(struct vnm_nl_req *req, const struct zone *zone, const struct rule *rule)
{
	struct nlattr *list;

	vnm_nft_begin(req, zone->family, VNM_NFT_MESSAGE(NFT_MSG_NEWRULE),
		      NLM_F_CREATE | NLM_F_APPEND);
	vnm_nl_put_str(req, NFTA_RULE_TABLE, zone->table);
	vnm_nl_put_str(req, NFTA_RULE_CHAIN, rule->chain);
	list = vnm_nl_nest(req, NFTA_RULE_EXPRESSIONS);
	put_rule(req, zone, rule);
	vnm_nl_nest_end(req, list);
}

/* ---- the table ---- */

static void add_table(struct vnm_nl_batch *batch, const struct zone *zone)
{
	if (zone->n == 0)
		return;
	vnm_nft_add_table(batch, NFT_MSG_NEWTABLE, zone->family, zone->table);
	for (size_t i = 0; i < VNM_ARRAY_SIZE(chains); i++)
		vnm_nft_add_chain(batch, zone->family, zone->table, &chains[i]);
	for (size_t i = 0; i < zone->n; i++) {
		vnm_autonl struct vnm_nl_req req = { 0 };

		begin_rule(&req, zone, &zone->rules[i]);
		vnm_nl_batch_add(batch, &req, NFT_MSG_NEWRULE);
	}
}

/* Creating one that exists is no error, and so it can be deleted whether it does or not. */
static void drop_table(struct vnm_nl_batch *batch, const struct zone *zone)
{
	vnm_nft_add_table(batch, NFT_MSG_NEWTABLE, zone->family, zone->table);
	vnm_nft_add_table(batch, NFT_MSG_DELTABLE, zone->family, zone->table);
}

static bool same_rule(const struct zone *zone, const struct rule *ours,
		      const struct vnm_nft_rule *read)
{
	vnm_autonl struct vnm_nl_req req = { 0 };

	begin_rule(&req, zone, ours);
	return vnm_nft_same_rule(&req, read);
}

/* Are all rules there, in order, and no others? */
static bool all_there(const struct zone *zone, const struct vnm_nft_chain *read, size_t n)
{
	size_t at[VNM_ARRAY_SIZE(chains)] = { 0 };

	for (size_t i = 0; i < zone->n; i++) {
		const size_t c = strcmp(zone->rules[i].chain, MARK) == 0;
		size_t k = 0;

		while (k < n && strcmp(read[k].name, zone->rules[i].chain) != 0)
			k++;
		if (k == n || at[c] == read[k].n ||
		    !same_rule(zone, &zone->rules[i], &read[k].rules[at[c]]))
			return false;
		at[c]++;
	}
	for (size_t k = 0; k < n; k++)
		if (read[k].n != at[strcmp(read[k].name, MARK) == 0])
			return false;
	return true;
}

static int is_right(struct vnm_sys *sys, const struct zone *zone, bool *ret)
{
	struct vnm_nft_chain *read = NULL;
	size_t n = 0;
	int r = vnm_nft_table_rules(sys, zone->family, zone->table, &read, &n);

	*ret = all_there(zone, read, n);
	for (size_t i = 0; i < n; i++)
		vnm_nft_chain_clear(&read[i]);
	free(read);
	return r == -ENOENT ? 0 : r;
}

/* ---- the operation ---- */

static int fail(const struct vnm_op *op, int r, const char *what, struct vnm_error *err)
{
	return vnm_nl_fail(err, r, NULL, "cannot %s the connection tracking zone of '%s'", what,
			   op->ct_zone.bridge);
}

/* In one transaction: what is there goes, and if @comes, the new one is there. @tries: it is only checked. */
static int run(struct vnm_sys *sys, const struct vnm_op_ct_zone *op, bool comes, bool tries)
{
	vnm_autobatch struct vnm_nl_batch batch = { .silent = tries ? 0 : 1 };

	vnm_nft_add_edge(&batch, NFNL_MSG_BATCH_BEGIN);
	for (size_t i = 0; i < VNM_ARRAY_SIZE(families); i++) {
		struct zone zone autozone;

		zone_init(&zone, op, families[i]);
		drop_table(&batch, &zone);
		if (comes)
			add_table(&batch, &zone);
	}
	if (!tries)
		vnm_nft_add_edge(&batch, NFNL_MSG_BATCH_END);
	return vnm_nft_run(&sys->nft_write_sock, &batch);
}

static int ct_zone_prepare(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	int r = run(sys, &op->ct_zone, true, true);

	if (r == 0)
		return 0;
	return vnm_error_set(
		err, VNM_ERR_UNSUPPORTED, -r,
		"the kernel has no " KERNEL_NEEDS ", or forbids its use (%s); a "
		"network in a VRF needs it: other networks may have the same addresses",
		strerror(-r));
}

static int ct_zone_apply(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	int r = run(sys, &op->ct_zone, true, false);

	return r < 0 ? fail(op, r, "set", err) : 0;
}

/* A kernel without nf_tables has no such table. */
static int ct_zone_revert(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	int r = run(sys, &op->ct_zone, false, false);

	if (r == -EOPNOTSUPP || r == -EAFNOSUPPORT || r == -EINVAL || r == -EPROTONOSUPPORT)
		return 0;
	return r < 0 ? fail(op, r, "delete", err) : 0;
}

static int ct_zone_change(struct vnm_sys *sys, const struct vnm_op *old, const struct vnm_op *new,
			  struct vnm_error *err)
{
	(void)old;
	return ct_zone_apply(sys, new, err);
}

static int ct_zone_check(struct vnm_sys *sys, const struct vnm_op *op, enum vnm_presence *ret,
			 struct vnm_error *err)
{
	bool right = true;
	int r = 0;

	for (size_t i = 0; r == 0 && right && i < VNM_ARRAY_SIZE(families); i++) {
		struct zone zone autozone;

		zone_init(&zone, &op->ct_zone, families[i]);
		r = is_right(sys, &zone, &right);
	}
	*ret = right ? VNM_PRESENT : VNM_ABSENT;
	return r < 0 ? fail(op, r, "read", err) : 0;
}

const struct vnm_op_impl vnm_impl_ct_zone = {
	.prepare = ct_zone_prepare,
	.apply = ct_zone_apply,
	.check = ct_zone_check,
	.revert = ct_zone_revert,
	.change = ct_zone_change,
};
