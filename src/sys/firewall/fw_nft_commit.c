// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fw_nft_commit.c - the changes to tables of iptables-nft, in one transaction.
 *
 * Theory of operation. The transaction is made of what the tables are to be, compared with what they were: tables and
 * chains first, then the rules that go, then those that come, each before the first one after it that was there, then
 * the chains that go. It names the generation that was read, so the handles are those of the kernel.
 *
 * A policy is never sent. For a chain that exists the kernel would take it as a change, and set the DROP of Docker or ufw
 * to ACCEPT; a new chain without one accepts.
 */
#include "sys/firewall/fw_nft_commit.h"

#include <endian.h>
#include <errno.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <string.h>
#include <sys/socket.h>

#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>

#include "sys/firewall/fw_nft_base.h"
#include "sys/firewall/fw_nft_encode.h"
#include "sys/firewall/fw_nft_handles.h"
#include "sys/firewall/nft_write.h"
#include "sys/host/kmod.h"
#include "util/mem.h"

static const char *table_name(const struct vnm_fw_nft *nft)
{
	return vnm_enum_name(&vnm_enum_fw_table, (int)nft->table);
}

static void add_new_chain(struct vnm_nl_batch *batch, const struct vnm_fw_nft *nft, size_t c)
{
	const char *name = nft->chains[c]->name;
	const struct vnm_fw_nft_base *base = vnm_fw_nft_base(nft->table, name);
	vnm_autonl struct vnm_nl_req req = { 0 };
	struct nlattr *hook;

	vnm_nft_begin(&req, vnm_fw_nft_family(nft->family), VNM_NFT_MESSAGE(NFT_MSG_NEWCHAIN),
		      NLM_F_CREATE);
	vnm_nl_put_str(&req, NFTA_CHAIN_TABLE, table_name(nft));
	vnm_nl_put_str(&req, NFTA_CHAIN_NAME, name);
	if (base) {
		vnm_nl_put_str(&req, NFTA_CHAIN_TYPE, base->type);
		hook = vnm_nl_nest(&req, NFTA_CHAIN_HOOK);
		vnm_nft_put_number(&req, NFTA_HOOK_HOOKNUM, (uint32_t)base->hook);
		vnm_nft_put_number(&req, NFTA_HOOK_PRIORITY, (uint32_t)base->priority);
		vnm_nl_nest_end(&req, hook);
	}
	vnm_nl_batch_add(batch, &req, (int)c);
}

static void add_gone_chain(struct vnm_nl_batch *batch, const struct vnm_fw_nft *nft, size_t c)
{
	vnm_autonl struct vnm_nl_req req = { 0 };

	vnm_nft_begin(&req, vnm_fw_nft_family(nft->family), VNM_NFT_MESSAGE(NFT_MSG_DELCHAIN), 0);
	vnm_nl_put_str(&req, NFTA_CHAIN_TABLE, table_name(nft));
	vnm_nl_put_str(&req, NFTA_CHAIN_NAME, nft->chains[c]->name);
	vnm_nl_batch_add(batch, &req, (int)c);
}

static void begin_rule(struct vnm_nl_req *req, const struct vnm_fw_nft *nft, size_t c, int type,
		       int flags)
{
	vnm_nft_begin(req, vnm_fw_nft_family(nft->family), VNM_NFT_MESSAGE(type), flags);
	vnm_nl_put_str(req, NFTA_RULE_TABLE, table_name(nft));
	vnm_nl_put_str(req, NFTA_RULE_CHAIN, nft->chains[c]->name);
}

static void add_gone_rules(struct vnm_nl_batch *batch, const struct vnm_fw_nft *nft, size_t c)
{
	const struct vnm_fw_nft_chain *chain = nft->chains[c];

	for (size_t i = 0; i < chain->n_gone; i++) {
		vnm_autonl struct vnm_nl_req req = { 0 };

		begin_rule(&req, nft, c, NFT_MSG_DELRULE, 0);
		vnm_nft_put_long(&req, NFTA_RULE_HANDLE, chain->gone[i]);
		vnm_nl_batch_add(batch, &req, (int)c);
	}
}

/* Before @next, a rule that stays; 0: at the end. The kernel tells the handle of a table's first new rule. */
static void add_new_rule(struct vnm_nl_batch *batch, struct vnm_fw_nft *nft, size_t c,
			 struct vnm_fw_nft_rule *rule, uint64_t next)
{
	vnm_autonl struct vnm_nl_req req = { 0 };

	rule->order = nft->n_new++;
	begin_rule(&req, nft, c, NFT_MSG_NEWRULE,
		   NLM_F_CREATE | (next ? 0 : NLM_F_APPEND) | (rule->order ? 0 : NLM_F_ECHO));
	if (next)
		vnm_nft_put_long(&req, NFTA_RULE_POSITION, next);
	vnm_fw_nft_encode(&req, nft->family, rule->data, rule->target);
	vnm_nl_batch_add(batch, &req, (int)c);
}

static void add_new_rules(struct vnm_nl_batch *batch, struct vnm_fw_nft *nft, size_t c)
{
	const struct vnm_fw_nft_chain *chain = nft->chains[c];
	size_t next = 0;

	for (size_t i = 0; i < chain->n; i++) {
		if (chain->rules[i]->handle)
			continue;
		for (next = next > i ? next : i; next < chain->n && !chain->rules[next]->handle;)
			next++;
		add_new_rule(batch, nft, c, chain->rules[i],
			     next < chain->n ? chain->rules[next]->handle : 0);
	}
}

/**
 * vnm_fw_nft_add_changes() - the messages that make a table what it is to be
 * @batch: gets them, each with the number of its chain as the tag; -1: the table
 * @nft:   the table
 */
void vnm_fw_nft_add_changes(struct vnm_nl_batch *batch, struct vnm_fw_nft *nft)
{
	bool makes = false;

	for (size_t c = 0; c < nft->n; c++)
		makes |= nft->chains[c]->wanted && !nft->chains[c]->there;
	if (makes)
		vnm_nft_add_table(batch, NFT_MSG_NEWTABLE, vnm_fw_nft_family(nft->family),
				  table_name(nft));
	for (size_t c = 0; c < nft->n; c++)
		if (nft->chains[c]->wanted && !nft->chains[c]->there)
			add_new_chain(batch, nft, c);
	for (size_t c = 0; c < nft->n; c++)
		add_gone_rules(batch, nft, c);
	for (size_t c = 0; c < nft->n; c++)
		add_new_rules(batch, nft, c);
	for (size_t c = 0; c < nft->n; c++)
		if (nft->chains[c]->there && !nft->chains[c]->wanted)
			add_gone_chain(batch, nft, c);
}

static bool is_nat(const struct vnm_fw_nft *nft, const char *chain)
{
	const struct vnm_fw_nft_base *base = vnm_fw_nft_base(nft->table, chain);

	return base && !strcmp(base->type, "nat");
}

/* "the kernel refuses a change of chain 'FORWARD': File exists" */
static void note_failure(struct vnm_fw_nft *nft, const char *chain, int r)
{
	vnm_autobuf struct vnm_buf remedy = { 0 };
	const char *why = r == -EOPNOTSUPP || r == -EEXIST
				  ? "it exists with another type, hook or priority"
			  : r == -EPERM ? "another program owns the table, or root is needed"
					: strerror(-r);

	if (r == -ENOENT && is_nat(nft, chain)) {
		vnm_kmod_remedy("nft_chain_nat", &remedy);
		nft->failure = vnm_asprintf("this kernel lacks NAT in nf_tables (module "
					    "nft_chain_nat, CONFIG_NFT_NAT); %s; or use another "
					    "firewall back end",
					    remedy.data);
		return;
	}
	nft->failure = vnm_asprintf("the kernel refuses a change of chain '%s': %s", chain, why);
}

/* @ends: of each table's messages in the batch. */
static void find_failure(struct vnm_fw_handle *const *handles, size_t n, const size_t *ends,
			 const struct vnm_nl_batch *batch, size_t *ret_failed)
{
	size_t at = 0, table = 0;

	while (at < batch->n && batch->steps[at].rc == 0)
		at++;
	while (table < n && at >= ends[table])
		table++;
	if (at == 0 || table == n)
		return;
	*ret_failed = table;
	if (batch->steps[at].tag >= 0 && batch->steps[at].rc != -ERESTART) {
		struct vnm_fw_nft *nft = handles[table]->data;
		size_t c = (size_t)batch->steps[at].tag;

		note_failure(nft, c < nft->n ? nft->chains[c]->name : "", batch->steps[at].rc);
	}
}

/** struct tables - those of a transaction. */
struct tables {
	struct vnm_fw_handle *const *handles;
	size_t n;
};

static int on_new_rule(const struct nlmsghdr *head, void *data)
{
	const struct tables *tables = data;
	struct nlattr *attrs[NFTA_RULE_MAX + 1];
	const struct nfgenmsg *gen = nlmsg_data(head);

	if (head->nlmsg_type != VNM_NFT_MESSAGE(NFT_MSG_NEWRULE) ||
	    nlmsg_parse((struct nlmsghdr *)head, sizeof(*gen), attrs, NFTA_RULE_MAX, NULL) < 0 ||
	    !attrs[NFTA_RULE_HANDLE])
		return 0;
	for (size_t i = 0; i < tables->n; i++) {
		struct vnm_fw_nft *nft = tables->handles[i]->data;

		if (vnm_fw_nft_family(nft->family) == gen->nfgen_family &&
		    vnm_nft_is_text(attrs[NFTA_RULE_TABLE], table_name(nft)))
			nft->first_new = be64toh(nla_get_u64(attrs[NFTA_RULE_HANDLE]));
	}
	return 0;
}

/* Of the rules that were added to a chain */
static void list_new(const struct vnm_fw_nft *nft, const struct vnm_fw_nft_chain *chain,
		     struct vnm_fw_nft_place **rules, size_t *n)
{
	for (size_t i = 0; i < chain->n; i++) {
		const struct vnm_fw_nft_rule *rule = chain->rules[i];

		if (rule->handle || !rule->network || !*rule->network)
			continue;
		*rules = vnm_array_add(*rules, n, sizeof(**rules));
		(*rules)[*n - 1] =
			(struct vnm_fw_nft_place){ rule->network, chain->name,
						   nft->family,	  nft->table,
						   rule->hash,	  nft->first_new + rule->order };
	}
}

/* The kernel counts the rules of a table. A network's own chains are short, and are read. */
static void record_handles(const struct tables *tables)
{
	vnm_autofree struct vnm_fw_nft_place *rules = NULL;
	size_t n = 0;

	for (size_t i = 0; i < tables->n; i++) {
		const struct vnm_fw_nft *nft = tables->handles[i]->data;

		for (size_t c = 0; c < nft->n && nft->first_new; c++)
			if (!strchr(nft->chains[c]->name, '.'))
				list_new(nft, nft->chains[c], &rules, &n);
	}
	if (tables->n > 0)
		vnm_fw_nft_handles_write(((struct vnm_fw_nft *)tables->handles[0]->data)->sys,
					 rules, n);
}

/**
 * vnm_fw_nft_commit() - make the changes of several tables, all or none
 * @handles: the tables, the first of which was read first; @n of them
 * @ret_failed: the table in which an error was found
 *
 * Return: 0 or -errno; -EAGAIN: something has changed since they were read, so read them again.
 */
int vnm_fw_nft_commit(struct vnm_fw_handle *const *handles, size_t n, size_t *ret_failed)
{
	const struct vnm_fw_nft *first = handles[0]->data;
	struct tables tables = { handles, n };
	vnm_autobatch struct vnm_nl_batch batch = { .silent = 1,
						    .notice = { on_new_rule, NULL, &tables } };
	vnm_autofree size_t *ends = vnm_alloc(n * sizeof(*ends));
	int r;

	*ret_failed = 0;
	vnm_nft_add_begin(&batch, first->generation);
	for (size_t i = 0; i < n; i++) {
		struct vnm_fw_nft *nft = handles[i]->data;

		if (nft->result < 0) {
			*ret_failed = i;
			return nft->result;
		}
		vnm_fw_nft_add_changes(&batch, nft);
		ends[i] = batch.n;
	}
	/* Before Linux 6.10 the kernel does not answer an empty transaction. */
	if (batch.n == 1)
		return 0;
	vnm_nft_add_edge(&batch, NFNL_MSG_BATCH_END);
	r = vnm_nft_commit(first->sys, &batch);
	if (r < 0)
		find_failure(handles, n, ends, &batch, ret_failed);
	else
		record_handles(&tables);
	return r == -ERESTART ? -EAGAIN : r;
}
