// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * nft_read.c - the chains of nf_tables, by netlink (include/uapi/linux/netfilter/nf_tables.h).
 *
 * One request for the names of all chains, and no answer where nf_tables is not in use. The rules of a chain are asked
 * for when somebody wants to know: other programs may have many thousands.
 */
#include "sys/firewall/nft_read.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <netlink/socket.h>
#include <stdlib.h>
#include <string.h>

#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>

#include "util/mem.h"

/** struct vnm_nft - chains as last read. */
struct vnm_nft {
	struct nl_sock *sock;
	struct vnm_nft_chain *chains;
	size_t n;
};

static void take_hook(struct nlattr *const attrs[], struct vnm_nft_chain *chain)
{
	struct nlattr *hook[NFTA_HOOK_MAX + 1];

	chain->hook = -1;
	if (attrs[NFTA_CHAIN_HOOK] &&
	    nla_parse_nested(hook, NFTA_HOOK_MAX, attrs[NFTA_CHAIN_HOOK], NULL) == 0 &&
	    hook[NFTA_HOOK_HOOKNUM])
		chain->hook = (int)ntohl(nla_get_u32(hook[NFTA_HOOK_HOOKNUM]));
	chain->drops = attrs[NFTA_CHAIN_POLICY] &&
		       ntohl(nla_get_u32(attrs[NFTA_CHAIN_POLICY])) == NF_DROP;
}

static int on_chain(struct nl_msg *msg, void *data)
{
	struct vnm_nft *nft = data;
	struct nlattr *attrs[NFTA_CHAIN_MAX + 1];
	struct nlmsghdr *head = nlmsg_hdr(msg);
	const struct nfgenmsg *gen = nlmsg_data(head);
	struct vnm_nft_chain *chain;

	if (nlmsg_parse(head, sizeof(*gen), attrs, NFTA_CHAIN_MAX, NULL) < 0 ||
	    !attrs[NFTA_CHAIN_TABLE] || !attrs[NFTA_CHAIN_NAME])
		return NL_OK;
	nft->chains = vnm_array_add(nft->chains, &nft->n, sizeof(*nft->chains));
	chain = &nft->chains[nft->n - 1];
	*chain = (struct vnm_nft_chain){
		.family = gen->nfgen_family,
		.table = vnm_strdup(nla_get_string(attrs[NFTA_CHAIN_TABLE])),
		.name = vnm_strdup(nla_get_string(attrs[NFTA_CHAIN_NAME])),
	};
	take_hook(attrs, chain);
	return NL_OK;
}

static int on_rule(struct nl_msg *msg, void *data)
{
	struct vnm_nft_chain *chain = data;
	struct nlattr *attrs[NFTA_RULE_MAX + 1];
	struct nlmsghdr *head = nlmsg_hdr(msg);
	struct vnm_nft_rule *rule;

	/* Kernels before 4.7 do not ask which chain is wanted. */
	if (nlmsg_parse(head, sizeof(struct nfgenmsg), attrs, NFTA_RULE_MAX, NULL) < 0 ||
	    !attrs[NFTA_RULE_CHAIN] || !attrs[NFTA_RULE_TABLE] ||
	    strcmp(nla_get_string(attrs[NFTA_RULE_CHAIN]), chain->name) != 0 ||
	    strcmp(nla_get_string(attrs[NFTA_RULE_TABLE]), chain->table) != 0)
		return NL_OK;
	chain->rules = vnm_array_add(chain->rules, &chain->n, sizeof(*chain->rules));
	rule = &chain->rules[chain->n - 1];
	*rule = (struct vnm_nft_rule){ 0 };
	if (attrs[NFTA_RULE_HANDLE])
		memcpy(&rule->handle, nla_data(attrs[NFTA_RULE_HANDLE]), sizeof(rule->handle));
	rule->handle = be64toh(rule->handle);
	if (!attrs[NFTA_RULE_EXPRESSIONS])
		return NL_OK;
	rule->len = (size_t)nla_len(attrs[NFTA_RULE_EXPRESSIONS]);
	rule->exprs = vnm_alloc(rule->len ? rule->len : 1);
	memcpy(rule->exprs, nla_data(attrs[NFTA_RULE_EXPRESSIONS]), rule->len);
	return NL_OK;
}

static void read_chains(struct vnm_nft *nft)
{
	struct nfgenmsg gen = { .nfgen_family = NFPROTO_UNSPEC, .version = NFNETLINK_V0 };

	nft->sock = nl_socket_alloc();
	if (!nft->sock || nl_connect(nft->sock, NETLINK_NETFILTER) < 0)
		return;
	nl_socket_modify_cb(nft->sock, NL_CB_VALID, NL_CB_CUSTOM, on_chain, nft);
	if (nl_send_simple(nft->sock, NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_GETCHAIN, NLM_F_DUMP,
			   &gen, sizeof(gen)) >= 0)
		(void)nl_recvmsgs_default(nft->sock);
}

/**
 * vnm_nft_chains() - the chains of all tables, as they were when they were first asked for
 * @sys: the handles, which keep them
 * @ret: none where nf_tables is absent or may not be asked
 *
 * Return: how many.
 */
size_t vnm_nft_chains(struct vnm_sys *sys, struct vnm_nft_chain **ret)
{
	if (!sys->nft) {
		sys->nft = vnm_alloc(sizeof(*sys->nft));
		read_chains(sys->nft);
	}
	*ret = sys->nft->chains;
	return sys->nft->n;
}

/** vnm_nft_find() - the chain of a name in the table of @near, or NULL. */
struct vnm_nft_chain *vnm_nft_find(struct vnm_sys *sys, const struct vnm_nft_chain *near,
				   const char *name)
{
	struct vnm_nft_chain *chains;
	size_t n = vnm_nft_chains(sys, &chains);

	for (size_t i = 0; i < n; i++)
		if (chains[i].family == near->family && !strcmp(chains[i].table, near->table) &&
		    !strcmp(chains[i].name, name))
			return &chains[i];
	return NULL;
}

/** vnm_nft_rules() - read the rules of a chain, if they were not. Return: false where that cannot be done. */
bool vnm_nft_rules(struct vnm_sys *sys, struct vnm_nft_chain *chain)
{
	struct nfgenmsg gen = { .nfgen_family = chain->family, .version = NFNETLINK_V0 };
	struct nl_msg *msg;

	if (chain->read)
		return true;
	msg = nlmsg_alloc_simple(NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_GETRULE, NLM_F_DUMP);
	if (!msg)
		vnm_oom();
	if (nlmsg_append(msg, &gen, sizeof(gen), NLMSG_ALIGNTO) < 0 ||
	    nla_put_string(msg, NFTA_RULE_TABLE, chain->table) < 0 ||
	    nla_put_string(msg, NFTA_RULE_CHAIN, chain->name) < 0)
		vnm_oom();
	nl_socket_modify_cb(sys->nft->sock, NL_CB_VALID, NL_CB_CUSTOM, on_rule, chain);
	chain->read = nl_send_auto(sys->nft->sock, msg) >= 0 &&
		      nl_recvmsgs_default(sys->nft->sock) >= 0;
	nlmsg_free(msg);
	return chain->read;
}

/** vnm_nft_free() - drop what was read; NULL is fine. */
void vnm_nft_free(struct vnm_nft *nft)
{
	if (!nft)
		return;
	for (size_t i = 0; i < nft->n; i++) {
		for (size_t k = 0; k < nft->chains[i].n; k++)
			free(nft->chains[i].rules[k].exprs);
		free(nft->chains[i].rules);
		free(nft->chains[i].table);
		free(nft->chains[i].name);
	}
	free(nft->chains);
	if (nft->sock)
		nl_socket_free(nft->sock);
	free(nft);
}
