/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fw_foreign.c - is there a chain in nf_tables that drops what we accept?
 *
 * A packet must be accepted by every base chain at its hook. An ACCEPT of ours in the legacy tables does not keep
 * a DROP policy of an nf_tables chain from dropping the packet, whatever the order; Docker, firewalld and ufw make
 * such chains on most distributions. Nothing that we could do from here would be right, so it is told.
 *
 * The kernel is asked for its chains by netlink (include/uapi/linux/netfilter/nf_tables.h): one request, and no
 * answer where nf_tables is not in use.
 */
#include "sys/fw.h"

#include <arpa/inet.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <netlink/socket.h>

#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>

#include "util/mem.h"

static void free_socket(struct nl_sock **sock)
{
	if (*sock)
		nl_socket_free(*sock);
}

static const char *family_word(uint8_t family)
{
	switch (family) {
	case NFPROTO_IPV4: return "ip";
	case NFPROTO_IPV6: return "ip6";
	case NFPROTO_INET: return "inet";
	default: return NULL; /* arp, bridge, netdev: not on a routed packet's way */
	}
}

/* Base chains at the forward hook with a policy of drop are the ones that guests notice. */
static bool drops_forwarded(struct nlattr *const attrs[])
{
	struct nlattr *hook[NFTA_HOOK_MAX + 1];

	if (!attrs[NFTA_CHAIN_HOOK] || !attrs[NFTA_CHAIN_POLICY] ||
	    nla_parse_nested(hook, NFTA_HOOK_MAX, attrs[NFTA_CHAIN_HOOK], NULL) < 0 ||
	    !hook[NFTA_HOOK_HOOKNUM])
		return false;
	return ntohl(nla_get_u32(hook[NFTA_HOOK_HOOKNUM])) == NF_INET_FORWARD &&
	       ntohl(nla_get_u32(attrs[NFTA_CHAIN_POLICY])) == NF_DROP;
}

static int on_chain(struct nl_msg *msg, void *data)
{
	struct vnm_notes *warnings = data;
	struct nlattr *attrs[NFTA_CHAIN_MAX + 1];
	struct nlmsghdr *head = nlmsg_hdr(msg);
	const struct nfgenmsg *gen = nlmsg_data(head);
	const char *family = family_word(gen->nfgen_family);
	const char *table, *chain;

	if (!family || nlmsg_parse(head, sizeof(*gen), attrs, NFTA_CHAIN_MAX, NULL) < 0 ||
	    !attrs[NFTA_CHAIN_TABLE] || !attrs[NFTA_CHAIN_NAME] || !drops_forwarded(attrs))
		return NL_OK;
	table = nla_get_string(attrs[NFTA_CHAIN_TABLE]);
	chain = nla_get_string(attrs[NFTA_CHAIN_NAME]);
	vnm_notes_add(warnings,
		      "nf_tables chain '%s' of table '%s %s' drops forwarded packets by policy, "
		      "whatever is accepted here; let guests pass there, too, for example: "
		      "nft insert rule %s %s %s iifname BRIDGE accept; "
		      "nft insert rule %s %s %s oifname BRIDGE ct state related,established accept",
		      chain, family, table, family, table, chain, family, table, chain);
	return NL_OK;
}

/**
 * vnm_fw_foreign_drop() - warn of a DROP policy that our rules cannot override
 * @warnings: one line is added for each such chain; none where nf_tables is absent or may not be asked
 */
void vnm_fw_foreign_drop(struct vnm_notes *warnings)
{
	struct nl_sock *sock __attribute__((cleanup(free_socket))) = nl_socket_alloc();
	struct nfgenmsg gen = { .nfgen_family = NFPROTO_UNSPEC, .version = NFNETLINK_V0 };

	if (!sock || nl_connect(sock, NETLINK_NETFILTER) < 0)
		return;
	nl_socket_modify_cb(sock, NL_CB_VALID, NL_CB_CUSTOM, on_chain, warnings);
	if (nl_send_simple(sock, NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_GETCHAIN, NLM_F_DUMP, &gen,
			   sizeof(gen)) >= 0)
		(void)nl_recvmsgs_default(sock);
}
