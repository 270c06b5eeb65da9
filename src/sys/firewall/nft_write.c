// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * nft_write.c - changes to nf_tables (include/uapi/linux/netfilter/nf_tables.h); numbers are in network order.
 *
 * A transaction is the messages between NFNL_MSG_BATCH_BEGIN and _END: all take effect, or none.
 */
#include "sys/firewall/nft_write.h"

#include <arpa/inet.h>
#include <endian.h>
#include <errno.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <string.h>

#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>

/**
 * vnm_nft_begin() - begin a message
 * @req:    gets it
 * @family: NFPROTO_*
 * @type:   VNM_NFT_MESSAGE(NFT_MSG_*), or NFNL_MSG_BATCH_BEGIN, NFNL_MSG_BATCH_END
 * @flags:  NLM_F_*
 */
void vnm_nft_begin(struct vnm_nl_req *req, uint8_t family, int type, int flags)
{
	bool edge = type == NFNL_MSG_BATCH_BEGIN || type == NFNL_MSG_BATCH_END;
	struct nfgenmsg head = {
		.nfgen_family = edge ? AF_UNSPEC : family,
		.version = NFNETLINK_V0,
		.res_id = htons(edge ? NFNL_SUBSYS_NFTABLES : 0),
	};

	vnm_nl_begin(req, type, flags, &head, sizeof(head));
}

/** vnm_nft_put_number() - an attribute of 32 bits, in network order. */
void vnm_nft_put_number(struct vnm_nl_req *req, int attr, uint32_t value)
{
	vnm_nl_put_u32(req, attr, htonl(value));
}

/** vnm_nft_put_long() - an attribute of 64 bits, in network order. */
void vnm_nft_put_long(struct vnm_nl_req *req, int attr, uint64_t value)
{
	uint64_t wire = htobe64(value);

	vnm_nl_put(req, attr, &wire, sizeof(wire));
}

/**
 * vnm_nft_expr_begin() - begin an expression of a rule
 * @req:  the message, in its list of expressions
 * @name: the expression's
 * @data: gets the nest for its attributes; end both with vnm_nft_expr_end()
 *
 * Return: the item of the list.
 */
struct nlattr *vnm_nft_expr_begin(struct vnm_nl_req *req, const char *name, struct nlattr **data)
{
	struct nlattr *item = vnm_nl_nest(req, NFTA_LIST_ELEM);

	vnm_nl_put_str(req, NFTA_EXPR_NAME, name);
	*data = vnm_nl_nest(req, NFTA_EXPR_DATA);
	return item;
}

/** vnm_nft_expr_end() - end what vnm_nft_expr_begin() has begun. */
void vnm_nft_expr_end(struct vnm_nl_req *req, struct nlattr *item, struct nlattr *data)
{
	vnm_nl_nest_end(req, data);
	vnm_nl_nest_end(req, item);
}

/**
 * vnm_nft_put_verdict() - the verdict expression
 * @req:   the message, in its list of expressions
 * @code:  NF_DROP, NF_ACCEPT, NFT_GOTO
 * @chain: of NFT_GOTO, else NULL
 */
void vnm_nft_put_verdict(struct vnm_nl_req *req, int code, const char *chain)
{
	struct nlattr *data, *value, *verdict;
	struct nlattr *item = vnm_nft_expr_begin(req, "immediate", &data);

	vnm_nft_put_number(req, NFTA_IMMEDIATE_DREG, NFT_REG_VERDICT);
	value = vnm_nl_nest(req, NFTA_IMMEDIATE_DATA);
	verdict = vnm_nl_nest(req, NFTA_DATA_VERDICT);
	vnm_nft_put_number(req, NFTA_VERDICT_CODE, (uint32_t)code);
	if (chain)
		vnm_nl_put_str(req, NFTA_VERDICT_CHAIN, chain);
	vnm_nl_nest_end(req, verdict);
	vnm_nl_nest_end(req, value);
	vnm_nft_expr_end(req, item, data);
}

/** vnm_nft_add_edge() - the beginning or end of a transaction: NFNL_MSG_BATCH_BEGIN, NFNL_MSG_BATCH_END. */
void vnm_nft_add_edge(struct vnm_nl_batch *batch, int type)
{
	vnm_autonl struct vnm_nl_req req = { 0 };

	vnm_nft_begin(&req, AF_UNSPEC, type, 0);
	vnm_nl_batch_add(batch, &req, type);
}

/**
 * vnm_nft_add_begin() - the beginning of a transaction that is refused unless nothing has changed since it was read
 * @batch:      gets it
 * @generation: of what was read (vnm_nft_generation()); if it is another by now the result is -ERESTART
 */
void vnm_nft_add_begin(struct vnm_nl_batch *batch, uint32_t generation)
{
	vnm_autonl struct vnm_nl_req req = { 0 };

	vnm_nft_begin(&req, AF_UNSPEC, NFNL_MSG_BATCH_BEGIN, 0);
	vnm_nft_put_number(&req, NFNL_BATCH_GENID, generation);
	vnm_nl_batch_add(batch, &req, NFNL_MSG_BATCH_BEGIN);
}

/** vnm_nft_add_table() - add (NFT_MSG_NEWTABLE) or delete (NFT_MSG_DELTABLE) a table. */
void vnm_nft_add_table(struct vnm_nl_batch *batch, int type, uint8_t family, const char *table)
{
	vnm_autonl struct vnm_nl_req req = { 0 };

	vnm_nft_begin(&req, family, VNM_NFT_MESSAGE(type),
		      type == NFT_MSG_NEWTABLE ? NLM_F_CREATE : 0);
	vnm_nl_put_str(&req, NFTA_TABLE_NAME, table);
	vnm_nl_batch_add(batch, &req, type);
}

/** vnm_nft_add_chain() - add a chain: a base chain with policy accept, or a regular one. */
void vnm_nft_add_chain(struct vnm_nl_batch *batch, uint8_t family, const char *table,
		       const struct vnm_nft_chain_spec *chain)
{
	vnm_autonl struct vnm_nl_req req = { 0 };
	struct nlattr *hook;

	vnm_nft_begin(&req, family, VNM_NFT_MESSAGE(NFT_MSG_NEWCHAIN), NLM_F_CREATE);
	vnm_nl_put_str(&req, NFTA_CHAIN_TABLE, table);
	vnm_nl_put_str(&req, NFTA_CHAIN_NAME, chain->name);
	if (chain->hook >= 0) {
		vnm_nl_put_str(&req, NFTA_CHAIN_TYPE, chain->type ? chain->type : "filter");
		vnm_nft_put_number(&req, NFTA_CHAIN_POLICY, NF_ACCEPT);
		hook = vnm_nl_nest(&req, NFTA_CHAIN_HOOK);
		vnm_nft_put_number(&req, NFTA_HOOK_HOOKNUM, (uint32_t)chain->hook);
		vnm_nft_put_number(&req, NFTA_HOOK_PRIORITY, (uint32_t)chain->priority);
		if (chain->dev)
			vnm_nl_put_str(&req, NFTA_HOOK_DEV, chain->dev);
		vnm_nl_nest_end(&req, hook);
	}
	vnm_nl_batch_add(batch, &req, NFT_MSG_NEWCHAIN);
}

/**
 * vnm_nft_run() - run a transaction
 * @keep:  the socket of the previous transaction, kept for the next, or NULL
 * @batch: with its BEGIN and END; without END the kernel only checks it
 *
 * Closing an nf_tables socket takes a grace period of RCU, 5 to 15 ms, while a deletion by any socket waits for one
 * (kernel nft_rcv_nl_event()).
 *
 * Return: 0, or the first error as -errno.
 */
int vnm_nft_run(struct nl_sock **keep, struct vnm_nl_batch *batch)
{
	struct vnm_sys netfilter = { .run_fd = -1, .nl_protocol = NETLINK_NETFILTER };
	int r;

	batch->keep = keep != NULL;
	if (keep)
		netfilter.nl = *keep;
	r = vnm_nl_batch_run(&netfilter, batch);
	if (keep)
		*keep = netfilter.nl;
	for (size_t i = 0; i < batch->n && r == 0; i++)
		r = batch->steps[i].rc;
	return r;
}

/** vnm_nft_generation_of() - the number of a transaction, by NFT_MSG_NEWGEN. Return: 0 or -EPROTO. */
int vnm_nft_generation_of(const struct nlmsghdr *hdr, uint32_t *ret)
{
	struct nlattr *attrs[NFTA_GEN_MAX + 1];

	if (nlmsg_parse((struct nlmsghdr *)hdr, sizeof(struct nfgenmsg), attrs, NFTA_GEN_MAX,
			NULL) < 0 ||
	    !attrs[NFTA_GEN_ID])
		return -EPROTO;
	*ret = ntohl(nla_get_u32(attrs[NFTA_GEN_ID]));
	return 0;
}

/** struct committed - what the kernel tells of a transaction. @others: gets what else it tells */
struct committed {
	uint32_t generation;
	struct vnm_nl_sink others;
};

static int on_committed(const struct nlmsghdr *hdr, void *data)
{
	struct committed *committed = data;

	if (hdr->nlmsg_type == VNM_NFT_MESSAGE(NFT_MSG_NEWGEN))
		return vnm_nft_generation_of(hdr, &committed->generation);
	return committed->others.each ? committed->others.each(hdr, committed->others.data) : 0;
}

/**
 * vnm_nft_commit() - run a transaction that is to be known as ours (@sys->nft_own)
 * @sys:   the handles; their socket for transactions is used
 * @batch: with its BEGIN and END; @batch->notice gets other messages than the number
 *
 * With NLM_F_ECHO in the first change the kernel tells the number that the transaction got. It sends none for one that
 * changes nothing.
 *
 * Return: as vnm_nft_run().
 */
int vnm_nft_commit(struct vnm_sys *sys, struct vnm_nl_batch *batch)
{
	struct committed committed = { .others = batch->notice };
	uint32_t generation;
	int r;

	if (batch->n > 1)
		((struct nlmsghdr *)(batch->data.data + batch->steps[1].at))->nlmsg_flags |=
			NLM_F_ECHO;
	batch->notice = (struct vnm_nl_sink){ on_committed, NULL, &committed };
	r = vnm_nft_run(&sys->nft_write_sock, batch);
	generation = committed.generation;
	if (generation == sys->nft_own.generation + 1)
		sys->nft_own.generation = generation;
	else if (generation || r < 0)
		sys->nft_own.known = false;
	return r;
}

/**
 * vnm_nft_get() - get one object of nf_tables
 *
 * Arguments and return value as vnm_nft_dump().
 */
int vnm_nft_get(struct nl_sock **keep, struct vnm_nl_req *req, const struct vnm_nl_sink *sink)
{
	struct vnm_sys netfilter = { .run_fd = -1, .nl_protocol = NETLINK_NETFILTER, .nl = *keep };
	int r = vnm_nl_do(&netfilter, req, sink);

	*keep = netfilter.nl;
	return r;
}

/**
 * vnm_nft_dump() - dump objects of nf_tables
 * @keep: the socket of the previous request, kept for the next
 * @req:  the request
 * @sink: gets the answer
 *
 * Return: 0 or -errno, as vnm_nl_dump().
 */
int vnm_nft_dump(struct nl_sock **keep, struct vnm_nl_req *req, const struct vnm_nl_sink *sink)
{
	struct vnm_sys netfilter = { .run_fd = -1, .nl_protocol = NETLINK_NETFILTER, .nl = *keep };
	int r = vnm_nl_dump(&netfilter, req, sink);

	*keep = netfilter.nl;
	return r;
}

/** vnm_nft_is_text() - is it this text? NULL is none. */
bool vnm_nft_is_text(const struct nlattr *attr, const char *text)
{
	return attr && nla_len(attr) == (int)strlen(text) + 1 &&
	       memcmp(nla_data(attr), text, strlen(text) + 1) == 0;
}

/** vnm_nft_is_number() - is it this number of 32 bits? NULL is none. */
bool vnm_nft_is_number(const struct nlattr *attr, uint32_t number)
{
	return attr && nla_len(attr) == sizeof(uint32_t) && ntohl(nla_get_u32(attr)) == number;
}
