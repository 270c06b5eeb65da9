/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * nftables.c - the back end with tables of its own in nf_tables: add rules and delete them.
 *
 * Theory of operation. What is there for all networks, and where each rule is: plan/firewall/nftables_layout.c. An edit
 * is one transaction, over both families: no packet sees a part of it, and a kill leaves all or nothing. It holds for
 * the generation in which the chains were read; if another program committed something since, the kernel refuses it
 * (ERESTART), and all is read again. No lock is needed for that.
 *
 * Missing rules are added, after what is there for all networks; so apply is idempotent, and repair is the same as apply.
 */
#include "sys/firewall/fw_backend_impl.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "plan/firewall/nftables_layout.h"
#include "sys/firewall/fw_nft_base.h"
#include "sys/firewall/nft_read.h"
#include "sys/firewall/nft_write.h"
#include "sys/firewall/nftables_edit.h"
#include "sys/firewall/nftables_read.h"
#include "sys/firewall/nftables_see.h"
#include "util/mem.h"

#define TRIES 100 /* against another program that commits all the time */
#define PATIENT_TRIES 10
#define PAUSE_MS 5
#define BRIDGED "/proc/sys/net/bridge/bridge-nf-call-iptables" /* is br_netfilter loaded? */
#define KERNEL_NEEDS                                                                            \
	"CONFIG_NFT_CT, NFT_FIB_IPV4, NFT_FIB_IPV6, NFT_MASQ, NFT_NAT, NFT_NUMGEN, NFT_REDIR, " \
	"NFT_REJECT_IPV4, NFT_REJECT_IPV6"

static int fail(int r, const char *what, struct vnm_error *err)
{
	if (r == -EEXIST || r == -EBUSY || r == -EINVAL)
		return vnm_error_set(err, VNM_ERR_SYSTEM, -r,
				     "cannot %s the firewall rules: somebody has changed the "
				     "nf_tables tables '" VNM_NFTABLES_TABLE
				     "' (%s); delete them, and repair all networks: nft delete "
				     "table ip " VNM_NFTABLES_TABLE
				     "; nft delete table ip6 " VNM_NFTABLES_TABLE
				     "; vnetmgr net-repair --all",
				     what, strerror(-r));
	if (r == -ENOENT)
		return vnm_error_set(err, VNM_ERR_UNSUPPORTED, -r,
				     "cannot %s the firewall rules: the kernel lacks a part of "
				     "nf_tables (" KERNEL_NEEDS "); to use another back end, set "
				     "firewall_backend in network.conf",
				     what);
	return vnm_nl_fail(err, r, NULL, "cannot %s the firewall rules in nf_tables", what);
}

/* One attempt. Return: 0 or -errno; -ERESTART when something was committed meanwhile. */
static int try_edit(struct vnm_nftables_edit *edit)
{
	uint32_t generation = 0;
	int r = vnm_nft_generation(edit->sys, &generation);

	vnm_nftables_forget(edit->sys);
	edit->batch = (struct vnm_nl_batch){ .silent = 1 };
	vnm_nft_add_begin(&edit->batch, generation);
	if (r == 0)
		r = vnm_nftables_edit(edit);
	if (r == 0 && edit->batch.n > 1) {
		vnm_nft_add_edge(&edit->batch, NFNL_MSG_BATCH_END);
		r = vnm_nft_commit(edit->sys, &edit->batch);
	}
	vnm_nl_batch_clear(&edit->batch);
	vnm_nftables_forget(edit->sys);
	return r;
}

static int run(struct vnm_nftables_edit *edit, const char *what, struct vnm_error *err)
{
	int r = -ERESTART;

	for (int try = 0; try < TRIES && (r == -ERESTART || r == -EAGAIN); try++) {
		if (try > PATIENT_TRIES)
			(void)poll(NULL, 0, PAUSE_MS);
		r = try_edit(edit);
	}
	return r < 0 ? fail(r, what, err) : 0;
}

static int rule_apply_many(struct vnm_sys *sys, const struct vnm_op *const *ops, size_t n,
			   struct vnm_error *err)
{
	return run(&(struct vnm_nftables_edit){ .sys = sys, .ops = ops, .n = n }, "write", err);
}

static int rule_replace_many(struct vnm_sys *sys, const struct vnm_op *const *gone, size_t n_gone,
			     const struct vnm_op *const *ops, size_t n, struct vnm_error *err)
{
	return run(
		&(struct vnm_nftables_edit){
			.sys = sys, .ops = ops, .n = n, .gone = gone, .n_gone = n_gone },
		"write", err);
}

static int rule_revert_many(struct vnm_sys *sys, const struct vnm_op *const *ops, size_t n,
			    struct vnm_error *err)
{
	return run(
		&(struct vnm_nftables_edit){
			.sys = sys, .gone = ops, .n_gone = n, .last_one = sys->last_one },
		"remove", err);
}

static int nftables_release(struct vnm_sys *sys, struct vnm_error *err)
{
	return rule_revert_many(sys, NULL, 0, err);
}

/* Has what was routed an input device at NF_INET_POST_ROUTING? Since Linux 5.7. */
static bool knows_routed(void)
{
	struct utsname kernel;
	unsigned major, minor;

	return uname(&kernel) != 0 || sscanf(kernel.release, "%u.%u", &major, &minor) != 2 ||
	       major > 5 || (major == 5 && minor >= 7);
}

/* Can rules be added here at all? Checked before anything is changed. */
static int rule_prepare(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	struct vnm_fwrule rule = vnm_nftables_rule(&op->rule);
	enum vnm_nftables_table table;
	int r = vnm_nftables_read_table(sys, op->rule.family, &table);

	if (r == 0 && vnm_nftables_received(&rule) && !knows_routed())
		return vnm_error_set(err, VNM_ERR_UNSUPPORTED, EOPNOTSUPP,
				     "guests on isolated ports of bridge '%s' would reach each "
				     "other by way of the host: with the firewall back end "
				     "'nftables', that takes Linux 5.7; set firewall_backend to "
				     "\"iptables-nft\" or \"legacy\" in network.conf",
				     rule.in);
	if (r < 0 && vnm_fw_nft_lacks(r, VNM_FW_BACKEND_NFTABLES, err))
		return r;
	return r < 0 ? fail(r, "read", err) : 0;
}

/* Find a rule in a chain, which the map must lead to. */
static int find_in(struct vnm_sys *sys, const struct vnm_nftables_expr *expr,
		   const struct vnm_nftables_place *place, const struct vnm_nft_rule **ret)
{
	const struct vnm_nft_chain *chain;
	bool led = true;
	int r = vnm_nftables_read_chain(sys, place->family, place->name, &chain);

	for (size_t i = 0; r == 0 && i < chain->n && !*ret; i++)
		if (vnm_nftables_is(expr, &chain->rules[i]))
			*ret = &chain->rules[i];
	if (*ret && place->keyed)
		r = vnm_nftables_leads(sys, place, &led);
	if (r < 0 || !led)
		*ret = NULL;
	return r;
}

/* Find a rule in any chain that may hold it; NULL: it is absent. */
static int find_rule(struct vnm_sys *sys, const struct vnm_fwrule *rule,
		     const struct vnm_nft_rule **ret)
{
	const struct vnm_nftables_step step = { .kind = VNM_STEP_IS_RULE,
						.family = rule->family,
						.rule = *rule };
	vnm_autonftexpr struct vnm_nftables_expr expr = { .shift = "" };
	unsigned lens[VNM_NFTABLES_LENS + 1] = { 0 };
	struct vnm_nftables_place place;
	size_t n = 0;
	int r;

	vnm_nftables_compile(&step, &expr);
	*ret = NULL;
	if (vnm_nftables_place_behind(rule, &place))
		r = find_in(sys, &expr, &place, ret);
	else
		r = vnm_nftables_read_lens(sys, rule->family, rule->chain, lens, &n);
	lens[n++] = 0; /* for those with another key */
	for (size_t i = n; i > 0 && r == 0 && !*ret; i--)
		if (vnm_nftables_place(rule, lens[i - 1], &place) &&
		    (place.map.by != VNM_BY_SRC || lens[i - 1] > 0))
			r = find_in(sys, &expr, &place, ret);
	return r;
}

static int rule_check(struct vnm_sys *sys, const struct vnm_op *op, enum vnm_presence *ret,
		      struct vnm_error *err)
{
	const struct vnm_nft_rule *found = NULL;
	bool held = vnm_nftables_holds(&op->rule);
	int r = held ? find_rule(sys, &op->rule, &found) : 0;

	*ret = found || !held ? VNM_PRESENT : VNM_ABSENT;
	return r < 0 ? fail(r, "read", err) : 0;
}

static int nftables_count(struct vnm_sys *sys, const struct vnm_fwrule *rule,
			  struct vnm_fw_hits *ret)
{
	const struct vnm_nft_rule *found = NULL;
	int r = vnm_nftables_holds(rule) ? find_rule(sys, rule, &found) : 0;

	if (r < 0)
		return r;
	return found && vnm_nft_counter(found, &ret->packets, &ret->bytes) ? 0 : -ENOENT;
}

/* What an edit would mend, but for absent rules: those are reported elsewhere. */
static void nftables_review(struct vnm_sys *sys, const struct vnm_plan *plan,
			    struct vnm_fw_findings *findings)
{
	vnm_autofree const struct vnm_op **rules = vnm_alloc(plan->n * sizeof(*rules));
	struct vnm_nftables_edit edit = { .sys = sys, .ops = rules, .findings = findings };

	for (size_t i = 0; i < plan->n; i++)
		if (plan->ops[i].type == VNM_OP_RULE)
			rules[edit.n++] = &plan->ops[i];
	(void)vnm_nftables_edit(&edit);
	vnm_nl_batch_clear(&edit.batch);
}

/* What else rules need is found out by the first transaction: to probe for it takes longer than that. */
static void nftables_observe(struct vnm_sys *sys, const struct vnm_fw_needs *needs,
			     struct vnm_facts *facts)
{
	(void)sys;
	if (needs->rules)
		facts->sees_bridged = access(BRIDGED, F_OK) == 0;
}

/* Our own chains are reviewed as such. */
static bool nftables_comes_first(const struct vnm_plan *plan, const struct vnm_nft_chain *chain)
{
	(void)plan;
	return !strcmp(chain->table, VNM_NFTABLES_TABLE);
}

const struct vnm_fw_backend_impl vnm_fw_nftables = {
	.rule = {
		.prepare = rule_prepare,
		.apply_many = rule_apply_many,
		.check = rule_check,
		.revert_many = rule_revert_many,
		.replace_many = rule_replace_many,
	},
	.review = nftables_review,
	.release = nftables_release,
	.observe = nftables_observe,
	.count = nftables_count,
	.see = vnm_nftables_see,
	.forget = vnm_nftables_forget,
	.comes_first = nftables_comes_first,
};
