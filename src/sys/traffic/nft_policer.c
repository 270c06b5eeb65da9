/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * nft_policer.c - an ingress policer by nf_tables.
 *
 * For kernels without the police action, on bridges whose packets must not be redirected through an ifb device
 * (vnm_ifb_loses_nat()).
 *
 * A table of the netdev family, recognised as ours by its name, which holds device and handle; in it one chain at the
 * device's ingress hook; in that one rule: limit rate over RATE drop. They are added and deleted in one transaction.
 * Messages as in include/uapi/linux/netfilter/nf_tables.h; numbers are in network order.
 */
#include "sys/traffic/nft_policer.h"

#include <arpa/inet.h>
#include <endian.h>
#include <errno.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <stdio.h>
#include <string.h>

#include "sys/firewall/nft_write.h"
#include "sys/netlink/nl_batch.h"
#include "util/mem.h"

#define CHAIN "in"
#define NSEC_PER_SEC 1000000000ull

/* Room for "vnetmgr-", a device's name, "-" and a handle. */
#define TABLE_SIZE (sizeof("vnetmgr--ffff") + VNM_IFNAME_SIZE)

/** struct policer - the rule: @rate bytes a second, and @burst bytes besides. */
struct policer {
	char table[TABLE_SIZE];
	const char *dev;
	uint64_t rate;
	uint32_t burst;
};

/* The kernel's bucket holds a second's traffic and the burst, counted in 64 bits of nanoseconds. */
static struct policer policer_of(const struct vnm_op_bandwidth *op)
{
	struct policer policer = { .dev = op->dev, .rate = op->average * 1000ull };
	uint64_t burst = op->burst * 1024ull, most = UINT64_MAX / NSEC_PER_SEC - UINT32_MAX;

	policer.burst = burst < UINT32_MAX ? (uint32_t)burst : UINT32_MAX;
	if (policer.rate > most)
		policer.rate = most;
	snprintf(policer.table, sizeof(policer.table), VNM_NFT_POLICER_TABLE, op->dev, op->handle);
	return policer;
}

static void put_limit(struct vnm_nl_req *req, const struct policer *policer)
{
	struct nlattr *data, *item = vnm_nft_expr_begin(req, "limit", &data);

	vnm_nft_put_long(req, NFTA_LIMIT_RATE, policer->rate);
	vnm_nft_put_long(req, NFTA_LIMIT_UNIT, 1);
	vnm_nft_put_number(req, NFTA_LIMIT_BURST, policer->burst);
	vnm_nft_put_number(req, NFTA_LIMIT_TYPE, NFT_LIMIT_PKT_BYTES);
	vnm_nft_put_number(req, NFTA_LIMIT_FLAGS, NFT_LIMIT_F_INV);
	vnm_nft_expr_end(req, item, data);
}

static void add_rule(struct vnm_nl_batch *batch, const struct policer *policer)
{
	vnm_autonl struct vnm_nl_req req = { 0 };
	struct nlattr *list;

	vnm_nft_begin(&req, NFPROTO_NETDEV, VNM_NFT_MESSAGE(NFT_MSG_NEWRULE),
		      NLM_F_CREATE | NLM_F_APPEND);
	vnm_nl_put_str(&req, NFTA_RULE_TABLE, policer->table);
	vnm_nl_put_str(&req, NFTA_RULE_CHAIN, CHAIN);
	list = vnm_nl_nest(&req, NFTA_RULE_EXPRESSIONS);
	put_limit(&req, policer);
	vnm_nft_put_verdict(&req, NF_DROP, NULL);
	vnm_nl_nest_end(&req, list);
	vnm_nl_batch_add(batch, &req, NFT_MSG_NEWRULE);
}

static void add_all(struct vnm_nl_batch *batch, const struct policer *policer)
{
	const struct vnm_nft_chain_spec chain = { CHAIN, NF_NETDEV_INGRESS, 0, policer->dev };

	vnm_nft_add_table(batch, NFT_MSG_NEWTABLE, NFPROTO_NETDEV, policer->table);
	vnm_nft_add_chain(batch, NFPROTO_NETDEV, policer->table, &chain);
	add_rule(batch, policer);
}

/**
 * vnm_nft_policer_possible() - does the kernel support the policer?
 *
 * Probed by a policer on the loopback device, without the end of the transaction, so that the kernel checks the changes
 * and discards them.
 *
 * Return: false when it refused.
 */
bool vnm_nft_policer_possible(void)
{
	static const struct policer probe = { "vnetmgr--probe", "lo", 1000, 1000 };
	vnm_autobatch struct vnm_nl_batch batch = { 0 };

	vnm_nft_add_edge(&batch, NFNL_MSG_BATCH_BEGIN);
	add_all(&batch, &probe);
	return vnm_nft_run(NULL, &batch) == 0;
}

/** struct found - the current state of a policer: @table, its @chain, and @rules in it, @same of which are right. */
struct found {
	const struct policer *policer;
	bool table, chain;
	size_t rules, same;
};

static int on_table(const struct nlmsghdr *hdr, void *data)
{
	struct nlattr *attrs[NFTA_TABLE_MAX + 1];
	struct found *found = data;

	if (nlmsg_parse((struct nlmsghdr *)hdr, sizeof(struct nfgenmsg), attrs, NFTA_TABLE_MAX,
			NULL) == 0)
		found->table |= vnm_nft_is_text(attrs[NFTA_TABLE_NAME], found->policer->table);
	return 0;
}

static int on_chain(const struct nlmsghdr *hdr, void *data)
{
	struct nlattr *attrs[NFTA_CHAIN_MAX + 1], *hook[NFTA_HOOK_MAX + 1];
	struct found *found = data;

	if (nlmsg_parse((struct nlmsghdr *)hdr, sizeof(struct nfgenmsg), attrs, NFTA_CHAIN_MAX,
			NULL) == 0 &&
	    vnm_nft_is_text(attrs[NFTA_CHAIN_TABLE], found->policer->table) &&
	    vnm_nft_is_text(attrs[NFTA_CHAIN_NAME], CHAIN) && attrs[NFTA_CHAIN_HOOK] &&
	    nla_parse_nested(hook, NFTA_HOOK_MAX, attrs[NFTA_CHAIN_HOOK], NULL) == 0)
		found->chain |= vnm_nft_is_text(hook[NFTA_HOOK_DEV], found->policer->dev);
	return 0;
}

static bool same_limit(struct nlattr *data, const struct policer *policer)
{
	struct nlattr *attrs[NFTA_LIMIT_MAX + 1];

	return data && nla_parse_nested(attrs, NFTA_LIMIT_MAX, data, NULL) == 0 &&
	       attrs[NFTA_LIMIT_RATE] &&
	       nla_get_u64(attrs[NFTA_LIMIT_RATE]) == htobe64(policer->rate) &&
	       vnm_nft_is_number(attrs[NFTA_LIMIT_BURST], policer->burst) &&
	       vnm_nft_is_number(attrs[NFTA_LIMIT_TYPE], NFT_LIMIT_PKT_BYTES) &&
	       vnm_nft_is_number(attrs[NFTA_LIMIT_FLAGS], NFT_LIMIT_F_INV);
}

/* Only the first expression is compared: the second has always been a drop. */
static int on_rule(const struct nlmsghdr *hdr, void *data)
{
	struct nlattr *attrs[NFTA_RULE_MAX + 1], *expr[NFTA_EXPR_MAX + 1], *first;
	struct found *found = data;

	if (nlmsg_parse((struct nlmsghdr *)hdr, sizeof(struct nfgenmsg), attrs, NFTA_RULE_MAX,
			NULL) < 0 ||
	    !vnm_nft_is_text(attrs[NFTA_RULE_TABLE], found->policer->table))
		return 0;
	found->rules++;
	if (!attrs[NFTA_RULE_EXPRESSIONS] || nla_len(attrs[NFTA_RULE_EXPRESSIONS]) < NLA_HDRLEN)
		return 0;
	first = nla_data(attrs[NFTA_RULE_EXPRESSIONS]);
	if (nla_ok(first, nla_len(attrs[NFTA_RULE_EXPRESSIONS])) &&
	    nla_parse_nested(expr, NFTA_EXPR_MAX, first, NULL) == 0 &&
	    vnm_nft_is_text(expr[NFTA_EXPR_NAME], "limit"))
		found->same += same_limit(expr[NFTA_EXPR_DATA], found->policer);
	return 0;
}

static void forget_rules(void *data)
{
	struct found *found = data;

	found->rules = found->same = 0;
}

/* Chains and rules only when there is a table. */
static int policer_read(const struct policer *policer, struct found *ret)
{
	static const struct {
		int type;
		int (*each)(const struct nlmsghdr *hdr, void *data);
	} kinds[] = {
		{ VNM_NFT_MESSAGE(NFT_MSG_GETTABLE), on_table },
		{ VNM_NFT_MESSAGE(NFT_MSG_GETCHAIN), on_chain },
		{ VNM_NFT_MESSAGE(NFT_MSG_GETRULE), on_rule },
	};
	struct vnm_sys netfilter = { .run_fd = -1, .nl_protocol = NETLINK_NETFILTER };
	int r = 0;

	*ret = (struct found){ .policer = policer };
	for (size_t i = 0; i < VNM_ARRAY_SIZE(kinds) && r == 0 && (i == 0 || ret->table); i++) {
		struct vnm_nl_sink sink = { kinds[i].each, forget_rules, ret };
		vnm_autonl struct vnm_nl_req req = { 0 };

		vnm_nft_begin(&req, NFPROTO_NETDEV, kinds[i].type, 0);
		r = vnm_nl_dump(&netfilter, &req, &sink);
	}
	vnm_nl_close(&netfilter);
	return r;
}

static int fail_policer(const struct vnm_op_bandwidth *op, int r, const char *what,
			struct vnm_error *err)
{
	return vnm_nl_fail(err, r, NULL, "cannot %s the nf_tables limit of '%s'", what, op->dev);
}

/** vnm_nft_policer_check() - vnm_op_impl.check of the policer */
int vnm_nft_policer_check(const struct vnm_op_bandwidth *op, enum vnm_presence *ret,
			  struct vnm_error *err)
{
	struct policer policer = policer_of(op);
	struct found found;
	int r = policer_read(&policer, &found);

	*ret = found.table && found.chain && found.rules == 1 && found.same == 1 ? VNM_PRESENT
										 : VNM_ABSENT;
	return r < 0 ? fail_policer(op, r, "read", err) : 0;
}

/* In one transaction: delete the existing policer and, if @limited, add the new one. */
static int policer_replace(const struct vnm_op_bandwidth *op, bool limited, struct vnm_error *err)
{
	vnm_autobatch struct vnm_nl_batch batch = { .silent = 1 };
	struct policer policer = policer_of(op);
	struct found found;
	int r = policer_read(&policer, &found);

	if (r < 0)
		return fail_policer(op, r, "read", err);
	if (!found.table && !limited)
		return 0;
	vnm_nft_add_edge(&batch, NFNL_MSG_BATCH_BEGIN);
	if (found.table)
		vnm_nft_add_table(&batch, NFT_MSG_DELTABLE, NFPROTO_NETDEV, policer.table);
	if (limited)
		add_all(&batch, &policer);
	vnm_nft_add_edge(&batch, NFNL_MSG_BATCH_END);
	r = vnm_nft_run(NULL, &batch);
	if (r == -ENOENT && !limited)
		return 0;
	return r < 0 ? fail_policer(op, r, limited ? "set" : "delete", err) : 0;
}

/** vnm_nft_policer_apply() - vnm_op_impl.apply of the policer; its device must exist */
int vnm_nft_policer_apply(const struct vnm_op_bandwidth *op, struct vnm_error *err)
{
	return policer_replace(op, true, err);
}

/** vnm_nft_policer_revert() - vnm_op_impl.revert of the policer */
int vnm_nft_policer_revert(const struct vnm_op_bandwidth *op, struct vnm_error *err)
{
	return policer_replace(op, false, err);
}
