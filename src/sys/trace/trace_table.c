/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * trace_table.c - the tables of nf_tables that follow one packet, and catch it at the end.
 *
 * The first chain that it meets, on its port, on the bridge, or at the host, sets the trace bit, which both nf_tables and the
 * legacy tables report by. The last chain of input and postrouting drops it: after all others have decided, and before its
 * connection would be confirmed. So it is neither received nor sent, and leaves no connection behind. An answer that
 * refuses it, such as that of a REJECT rule, is dropped in the same place.
 *
 * The tables belong to the socket (NFT_TABLE_F_OWNER, Linux 5.12): nobody else can change them, and they go with it,
 * whatever becomes of the process. Before 5.12 they have to be removed, see trace_record.c.
 */
#include "sys/trace/trace_table.h"

#include <errno.h>
#include <limits.h>
#include <linux/netfilter_bridge.h>

#include "sys/firewall/nft_expr.h"
#include "util/mem.h"

/* Missing in headers older than Linux 5.12. */
#define TABLE_OWNER 2u

#define FIRST INT_MIN + 1
#define LAST INT_MAX - 1 /* connections are confirmed at INT_MAX */

/** enum what - what a chain does with the packet. */
enum what { FOLLOW, CATCH };

/** struct spec - a chain of ours. */
struct spec {
	uint8_t family;
	enum what what;
	struct vnm_nft_chain_spec chain;
};

static const struct spec inet_chains[] = {
	{ NFPROTO_INET, FOLLOW, { "prerouting", NF_INET_PRE_ROUTING, FIRST, NULL, NULL } },
	{ NFPROTO_INET, FOLLOW, { "output", NF_INET_LOCAL_OUT, FIRST, NULL, NULL } },
	{ NFPROTO_INET, CATCH, { "input", NF_INET_LOCAL_IN, LAST, NULL, NULL } },
	{ NFPROTO_INET, CATCH, { "postrouting", NF_INET_POST_ROUTING, LAST, NULL, NULL } },
};

static const struct spec bridge_chains[] = {
	{ NFPROTO_BRIDGE, FOLLOW, { "prerouting", NF_BR_PRE_ROUTING, FIRST, NULL, NULL } },
	{ NFPROTO_BRIDGE, CATCH, { "postrouting", NF_BR_POST_ROUTING, LAST, NULL, NULL } },
};

static void put_match(struct vnm_nl_req *req, const struct vnm_packet_mark *mark)
{
	const struct vnm_nft_field field = { NFT_PAYLOAD_TRANSPORT_HEADER, mark->offset,
					     mark->len };

	vnm_nft_put_meta(req, NFT_META_L4PROTO, NFT_REG_1);
	vnm_nft_put_compare(req, NFT_CMP_EQ, &mark->proto, sizeof(mark->proto));
	vnm_nft_put_field(req, &field, NFT_REG_1);
	vnm_nft_put_compare(req, NFT_CMP_EQ, mark->value, mark->len);
}

static void put_trace(struct vnm_nl_req *req)
{
	static const uint8_t on = 1;

	vnm_nft_set_meta(req, NFT_META_NFTRACE, &on, sizeof(on));
}

static void add_rule(struct vnm_nl_batch *batch, const struct spec *spec,
		     const struct vnm_packet_mark *mark)
{
	vnm_autonl struct vnm_nl_req req = { 0 };
	struct nlattr *list;

	vnm_nft_begin(&req, spec->family, VNM_NFT_MESSAGE(NFT_MSG_NEWRULE),
		      NLM_F_CREATE | NLM_F_APPEND);
	vnm_nl_put_str(&req, NFTA_RULE_TABLE, VNM_TRACE_TABLE);
	vnm_nl_put_str(&req, NFTA_RULE_CHAIN, spec->chain.name);
	list = vnm_nl_nest(&req, NFTA_RULE_EXPRESSIONS);
	put_match(&req, mark);
	if (spec->what == FOLLOW)
		put_trace(&req);
	else
		vnm_nft_put_verdict(&req, NF_DROP, NULL);
	vnm_nl_nest_end(&req, list);
	vnm_nl_batch_add(batch, &req, NFT_MSG_NEWRULE);
}

static void add_chain(struct vnm_nl_batch *batch, const struct spec *spec,
		      const struct vnm_packet *packet)
{
	const struct vnm_packet_mark mark = vnm_packet_mark(packet);
	struct vnm_packet_mark errors[VNM_PACKET_ERRORS];
	size_t n = spec->what == CATCH ? vnm_packet_errors(packet, errors) : 0;

	vnm_nft_add_chain(batch, spec->family, VNM_TRACE_TABLE, &spec->chain);
	add_rule(batch, spec, &mark);
	for (size_t i = 0; i < n; i++)
		add_rule(batch, spec, &errors[i]);
}

static void add_table(struct vnm_nl_batch *batch, uint8_t family, uint32_t flags)
{
	vnm_autonl struct vnm_nl_req req = { 0 };

	vnm_nft_begin(&req, family, VNM_NFT_MESSAGE(NFT_MSG_NEWTABLE), NLM_F_CREATE | NLM_F_EXCL);
	vnm_nl_put_str(&req, NFTA_TABLE_NAME, VNM_TRACE_TABLE);
	if (flags)
		vnm_nft_put_number(&req, NFTA_TABLE_FLAGS, flags);
	vnm_nl_batch_add(batch, &req, NFT_MSG_NEWTABLE);
}

static int run(struct nl_sock **sock, const struct spec *specs, size_t n,
	       const struct vnm_packet *packet, uint32_t flags)
{
	vnm_autobatch struct vnm_nl_batch batch = { .silent = 1 };

	vnm_nft_add_edge(&batch, NFNL_MSG_BATCH_BEGIN);
	add_table(&batch, specs->family, flags);
	for (size_t i = 0; i < n; i++)
		add_chain(&batch, &specs[i], packet);
	vnm_nft_add_edge(&batch, NFNL_MSG_BATCH_END);
	return vnm_nft_run(sock, &batch);
}

/* Kernels before 5.12 refuse the flag. */
static int add(struct nl_sock **sock, const struct spec *specs, size_t n,
	       const struct vnm_packet *packet)
{
	int r = run(sock, specs, n, packet, TABLE_OWNER);

	return r == -EINVAL || r == -EOPNOTSUPP ? run(sock, specs, n, packet, 0) : r;
}

/**
 * vnm_trace_table_add() - follow a packet
 * @sock:   a socket, kept open; the tables go with it
 * @packet: the packet
 * @dev:    the port that it comes in by; NULL: none
 *
 * Chains on a bridge or a port that the kernel does not support are left out.
 *
 * Return: 0 or -errno.
 */
int vnm_trace_table_add(struct nl_sock **sock, const struct vnm_packet *packet, const char *dev)
{
	const struct spec port = { NFPROTO_NETDEV,
				   FOLLOW,
				   { "ingress", NF_NETDEV_INGRESS, FIRST, dev, NULL } };
	int r = add(sock, inet_chains, VNM_ARRAY_SIZE(inet_chains), packet);

	if (r < 0)
		return r;
	(void)add(sock, bridge_chains, VNM_ARRAY_SIZE(bridge_chains), packet);
	if (dev)
		(void)add(sock, &port, 1, packet);
	return 0;
}

/** vnm_trace_table_remove() - remove what vnm_trace_table_add() added; absent is fine */
void vnm_trace_table_remove(struct nl_sock **sock)
{
	static const uint8_t families[] = { NFPROTO_NETDEV, NFPROTO_BRIDGE, NFPROTO_INET };

	for (size_t i = 0; i < VNM_ARRAY_SIZE(families); i++) {
		vnm_autobatch struct vnm_nl_batch batch = { .silent = 1 };

		vnm_nft_add_edge(&batch, NFNL_MSG_BATCH_BEGIN);
		vnm_nft_add_table(&batch, NFT_MSG_DELTABLE, families[i], VNM_TRACE_TABLE);
		vnm_nft_add_edge(&batch, NFNL_MSG_BATCH_END);
		(void)vnm_nft_run(sock, &batch);
	}
}
