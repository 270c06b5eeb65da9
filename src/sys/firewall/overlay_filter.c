/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * overlay_filter.c - the filter of an overlay: two nf_tables tables, replaced as a whole in one transaction; see overlay_rules.c.
 *
 * Without it hosts would give guests each other's leases, and anybody could be one of the hosts: a kernel that cannot have it is
 * an error. It is compared rule by rule with what it should be, since others may change it.
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
#include "sys/firewall/nft_read.h"
#include "sys/firewall/overlay_rules.h"
#include "util/mem.h"

#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>

#define KERNEL_NEEDS \
	"nf_tables with egress hooks (CONFIG_NFT_NETDEV, CONFIG_NETFILTER_EGRESS, Linux 5.16)"
#define TABLE_SIZE (sizeof(VNM_OVERLAY_TABLE) + VNM_IFNAME_SIZE)
#define TABLES 2

/** struct filter - @families: NFPROTO_*, of its tables */
struct filter {
	const struct vnm_op_overlay_filter *op;
	char table[TABLE_SIZE];
	uint8_t families[TABLES];
	struct vnm_overlay_rules rules;
};

static void filter_init(struct filter *filter, const struct vnm_op_overlay_filter *op)
{
	*filter = (struct filter){
		.op = op,
		.families = { NFPROTO_NETDEV,
			      op->family == AF_INET6 ? NFPROTO_IPV6 : NFPROTO_IPV4 },
	};
	snprintf(filter->table, sizeof(filter->table), VNM_OVERLAY_TABLE, op->dev);
	vnm_overlay_rules(op, &filter->rules);
}

static void filter_clear(struct filter *filter)
{
	free(filter->rules.items);
}
#define autofilter __attribute__((cleanup(filter_clear)))

/* ---- writing ---- */

static void begin_rule(struct vnm_nl_req *req, const struct filter *filter,
		       const struct vnm_overlay_rule *rule)
{
	struct nlattr *list;

	vnm_nft_begin(req, rule->family, VNM_NFT_MESSAGE(NFT_MSG_NEWRULE),
		      NLM_F_CREATE | NLM_F_APPEND);
	vnm_nl_put_str(req, NFTA_RULE_TABLE, filter->table);
	vnm_nl_put_str(req, NFTA_RULE_CHAIN, rule->chain);
	list = vnm_nl_nest(req, NFTA_RULE_EXPRESSIONS);
	vnm_overlay_put_rule(req, rule);
	vnm_nl_nest_end(req, list);
}

static void add_chains(struct vnm_nl_batch *batch, const struct filter *filter, const char *dev)
{
	const struct vnm_overlay_chain *chains;
	const size_t n = vnm_overlay_chains(&chains);

	for (size_t i = 0; i < n; i++) {
		struct vnm_nft_chain_spec spec = chains[i].spec;

		spec.dev = chains[i].netdev && spec.hook >= 0 ? dev : NULL;
		vnm_nft_add_chain(batch, filter->families[chains[i].netdev ? 0 : 1], filter->table,
				  &spec);
	}
}

static void add_all(struct vnm_nl_batch *batch, const struct filter *filter, const char *dev)
{
	for (size_t i = 0; i < TABLES; i++)
		vnm_nft_add_table(batch, NFT_MSG_NEWTABLE, filter->families[i], filter->table);
	add_chains(batch, filter, dev);
	for (size_t i = 0; i < filter->rules.n; i++) {
		vnm_autonl struct vnm_nl_req req = { 0 };

		begin_rule(&req, filter, &filter->rules.items[i]);
		vnm_nl_batch_add(batch, &req, NFT_MSG_NEWRULE);
	}
}

/* ---- reading ---- */

/** struct search - for a table of a name. */
struct search {
	const char *name;
	bool found;
};

static int on_table(const struct nlmsghdr *hdr, void *data)
{
	struct nlattr *attrs[NFTA_TABLE_MAX + 1];
	struct search *search = data;

	if (nlmsg_parse((struct nlmsghdr *)hdr, sizeof(struct nfgenmsg), attrs, NFTA_TABLE_MAX,
			NULL) == 0)
		search->found |= vnm_nft_is_text(attrs[NFTA_TABLE_NAME], search->name);
	return 0;
}

static void search_again(void *data)
{
	((struct search *)data)->found = false;
}

static int table_there(struct vnm_sys *sys, const struct filter *filter, size_t i, bool *ret)
{
	struct search search = { filter->table, false };
	vnm_autonl struct vnm_nl_req req = { 0 };
	int r;

	vnm_nft_begin(&req, filter->families[i], VNM_NFT_MESSAGE(NFT_MSG_GETTABLE), 0);
	r = vnm_nft_dump(&sys->nft_read_sock, &req,
			 &(struct vnm_nl_sink){ on_table, search_again, &search });
	*ret = search.found;
	return r == -EOPNOTSUPP || r == -EAFNOSUPPORT ? 0 : r;
}

static bool same_rule(const struct filter *filter, const struct vnm_overlay_rule *ours,
		      const struct vnm_nft_rule *read)
{
	vnm_autonl struct vnm_nl_req req = { 0 };

	begin_rule(&req, filter, ours);
	return vnm_nft_same_rule(&req, read);
}

/* Of the rules of one chain, which follow each other: are they @read? Return: how many they are; 0: they are not. */
static size_t match_chain(const struct filter *filter, const struct vnm_nft_chain *read)
{
	size_t first = 0, n = 0;

	while (first < filter->rules.n &&
	       (filter->rules.items[first].family != read->family ||
		strcmp(filter->rules.items[first].chain, read->name) != 0))
		first++;
	for (size_t i = first;
	     i < filter->rules.n && filter->rules.items[i].family == read->family &&
	     !strcmp(filter->rules.items[i].chain, read->name);
	     i++, n++)
		if (n >= read->n || !same_rule(filter, &filter->rules.items[i], &read->rules[n]))
			return 0;
	return n == read->n ? n : 0;
}

/* How many of the rules are in chains that are as they should be? */
static int count_right(struct vnm_sys *sys, const struct filter *filter, size_t table,
		       size_t *right, bool *wrong)
{
	struct vnm_nft_chain *chains = NULL;
	size_t n = 0;
	int r = vnm_nft_table_rules(sys, filter->families[table], filter->table, &chains, &n);

	for (size_t i = 0; i < n; i++) {
		size_t matched = match_chain(filter, &chains[i]);

		*right += matched;
		*wrong |= matched == 0;
		vnm_nft_chain_clear(&chains[i]);
	}
	free(chains);
	return r == -ENOENT ? 0 : r;
}

/** struct hooks - @n: base chains of @table that see packets of the device */
struct hooks {
	const char *table, *dev;
	size_t n;
};

static int on_chain(const struct nlmsghdr *hdr, void *data)
{
	struct nlattr *attrs[NFTA_CHAIN_MAX + 1], *hook[NFTA_HOOK_MAX + 1];
	struct hooks *hooks = data;

	if (nlmsg_parse((struct nlmsghdr *)hdr, sizeof(struct nfgenmsg), attrs, NFTA_CHAIN_MAX,
			NULL) == 0 &&
	    vnm_nft_is_text(attrs[NFTA_CHAIN_TABLE], hooks->table) && attrs[NFTA_CHAIN_HOOK] &&
	    nla_parse_nested(hook, NFTA_HOOK_MAX, attrs[NFTA_CHAIN_HOOK], NULL) == 0)
		hooks->n += vnm_nft_is_text(hook[NFTA_HOOK_DEV], hooks->dev);
	return 0;
}

static void hooks_again(void *data)
{
	((struct hooks *)data)->n = 0;
}

/*
 * Do the chains see the device? When it is gone, older kernels (6.1) delete them; others (6.12) keep them without it, and they do not see
 * another one of its name; the newest (6.18) let them.
 */
static int sees_device(struct vnm_sys *sys, const struct filter *filter, bool *ret)
{
	struct hooks hooks = { filter->table, filter->op->dev, 0 };
	const struct vnm_overlay_chain *chains;
	const size_t n = vnm_overlay_chains(&chains);
	vnm_autonl struct vnm_nl_req req = { 0 };
	size_t want = 0;
	int r;

	for (size_t i = 0; i < n; i++)
		want += chains[i].netdev && chains[i].spec.hook >= 0;
	vnm_nft_begin(&req, NFPROTO_NETDEV, VNM_NFT_MESSAGE(NFT_MSG_GETCHAIN), 0);
	r = vnm_nft_dump(&sys->nft_read_sock, &req,
			 &(struct vnm_nl_sink){ on_chain, hooks_again, &hooks });
	*ret = hooks.n == want;
	return r;
}

/* ---- the operation ---- */

static int fail(const struct vnm_op *op, int r, const char *what, struct vnm_error *err)
{
	return vnm_nl_fail(err, r, NULL, "cannot %s the filter (nf_tables) of '%s'", what,
			   op->overlay_filter.dev);
}

/* On the loopback device, without the end of the transaction: the kernel checks it, and discards it. */
static int filter_prepare(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	vnm_autobatch struct vnm_nl_batch batch = { 0 };
	struct filter filter autofilter;
	int r;

	filter_init(&filter, &op->overlay_filter);
	snprintf(filter.table, sizeof(filter.table), VNM_OVERLAY_TABLE, "probe");
	vnm_nft_add_edge(&batch, NFNL_MSG_BATCH_BEGIN);
	add_all(&batch, &filter, "lo");
	r = vnm_nft_run(&sys->nft_write_sock, &batch);
	if (r == 0)
		return 0;
	return vnm_error_set(err, VNM_ERR_UNSUPPORTED, -r,
			     "the kernel has no " KERNEL_NEEDS ", or forbids its use (%s); an "
			     "overlay needs it: without it hosts would lease addresses to each "
			     "other's guests",
			     strerror(-r));
}

/* In one transaction: what is there goes, and if @comes, the new one is there. */
static int replace(struct vnm_sys *sys, const struct vnm_op *op, bool comes, struct vnm_error *err)
{
	vnm_autobatch struct vnm_nl_batch batch = { .silent = 1 };
	struct filter filter autofilter;
	bool there[TABLES] = { false };
	int r = 0;

	filter_init(&filter, &op->overlay_filter);
	for (size_t i = 0; i < TABLES && r == 0; i++)
		r = table_there(sys, &filter, i, &there[i]);
	if (r < 0)
		return fail(op, r, "read", err);
	if (!comes && !there[0] && !there[1])
		return 0;
	vnm_nft_add_edge(&batch, NFNL_MSG_BATCH_BEGIN);
	for (size_t i = 0; i < TABLES; i++)
		if (there[i])
			vnm_nft_add_table(&batch, NFT_MSG_DELTABLE, filter.families[i],
					  filter.table);
	if (comes)
		add_all(&batch, &filter, op->overlay_filter.dev);
	vnm_nft_add_edge(&batch, NFNL_MSG_BATCH_END);
	r = vnm_nft_run(&sys->nft_write_sock, &batch);
	return r < 0 ? fail(op, r, comes ? "set" : "delete", err) : 0;
}

static int filter_apply(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	return replace(sys, op, true, err);
}

static int filter_revert(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	return replace(sys, op, false, err);
}

static int filter_change(struct vnm_sys *sys, const struct vnm_op *old, const struct vnm_op *new,
			 struct vnm_error *err)
{
	const bool same = !strcmp(old->overlay_filter.dev, new->overlay_filter.dev) &&
			  old->overlay_filter.family == new->overlay_filter.family;
	int r = same ? 0 : replace(sys, old, false, err);

	return r < 0 ? r : replace(sys, new, true, err);
}

static int filter_check(struct vnm_sys *sys, const struct vnm_op *op, enum vnm_presence *ret,
			struct vnm_error *err)
{
	struct filter filter autofilter;
	size_t right = 0;
	bool wrong = false, sees = false;
	int r = 0;

	filter_init(&filter, &op->overlay_filter);
	for (size_t i = 0; i < TABLES && r == 0; i++)
		r = count_right(sys, &filter, i, &right, &wrong);
	*ret = VNM_ABSENT;
	if (r == 0 && right == filter.rules.n && !wrong)
		r = sees_device(sys, &filter, &sees);
	if (sees)
		*ret = VNM_PRESENT;
	return r < 0 ? fail(op, r, "read", err) : 0;
}

const struct vnm_op_impl vnm_impl_overlay_filter = {
	.prepare = filter_prepare,
	.apply = filter_apply,
	.check = filter_check,
	.revert = filter_revert,
	.change = filter_change,
};
