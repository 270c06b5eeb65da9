// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * nft_read.c - chains of nf_tables and their rules, by netlink (include/uapi/linux/netfilter/nf_tables.h).
 *
 * One request for the names of all chains, with an empty answer where nf_tables is not in use. The rules of a chain are
 * read only when needed: other programs may have many thousands.
 */
#include "sys/firewall/nft_read.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <stdlib.h>
#include <string.h>

#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>

#include "sys/firewall/nft_write.h"
#include "util/mem.h"

static void parse_hook(struct nlattr *const attrs[], struct vnm_nft_chain *chain)
{
	struct nlattr *hook[NFTA_HOOK_MAX + 1];

	chain->hook = -1;
	if (attrs[NFTA_CHAIN_HOOK] &&
	    nla_parse_nested(hook, NFTA_HOOK_MAX, attrs[NFTA_CHAIN_HOOK], NULL) == 0 &&
	    hook[NFTA_HOOK_HOOKNUM] && hook[NFTA_HOOK_PRIORITY]) {
		chain->hook = (int)ntohl(nla_get_u32(hook[NFTA_HOOK_HOOKNUM]));
		chain->priority = (int)ntohl(nla_get_u32(hook[NFTA_HOOK_PRIORITY]));
	}
	if (attrs[NFTA_CHAIN_TYPE])
		nla_strlcpy(chain->type, attrs[NFTA_CHAIN_TYPE], sizeof(chain->type));
	chain->drops = attrs[NFTA_CHAIN_POLICY] &&
		       ntohl(nla_get_u32(attrs[NFTA_CHAIN_POLICY])) == NF_DROP;
}

/** vnm_nft_chain_parse() - a chain by NFT_MSG_NEWCHAIN; free with vnm_nft_chain_clear(). Return: false: it is malformed. */
bool vnm_nft_chain_parse(const struct nlmsghdr *head, struct vnm_nft_chain *ret)
{
	struct nlattr *attrs[NFTA_CHAIN_MAX + 1];
	const struct nfgenmsg *gen = nlmsg_data(head);

	if (nlmsg_parse((struct nlmsghdr *)head, sizeof(*gen), attrs, NFTA_CHAIN_MAX, NULL) < 0 ||
	    !attrs[NFTA_CHAIN_TABLE] || !attrs[NFTA_CHAIN_NAME])
		return false;
	*ret = (struct vnm_nft_chain){
		.family = gen->nfgen_family,
		.table = vnm_strdup(nla_get_string(attrs[NFTA_CHAIN_TABLE])),
		.name = vnm_strdup(nla_get_string(attrs[NFTA_CHAIN_NAME])),
		.use = attrs[NFTA_CHAIN_USE] ? ntohl(nla_get_u32(attrs[NFTA_CHAIN_USE])) : 0,
	};
	parse_hook(attrs, ret);
	return true;
}

static int on_one_chain(const struct nlmsghdr *head, void *data)
{
	struct vnm_nft_chain *chain = data;

	return chain->name || vnm_nft_chain_parse(head, chain) ? 0 : -EPROTO;
}

static char *copy_of(const struct nlattr *attr, size_t *ret_len)
{
	char *copy = vnm_alloc(attr ? (size_t)nla_len(attr) : 0);

	*ret_len = attr ? (size_t)nla_len(attr) : 0;
	if (attr)
		memcpy(copy, nla_data(attr), *ret_len);
	return copy;
}

static bool parse_rule(const struct nlmsghdr *head, struct nlattr *ret[static NFTA_RULE_MAX + 1])
{
	return nlmsg_parse((struct nlmsghdr *)head, sizeof(struct nfgenmsg), ret, NFTA_RULE_MAX,
			   NULL) == 0 &&
	       ret[NFTA_RULE_CHAIN] && ret[NFTA_RULE_TABLE];
}

static void add_rule(struct vnm_nft_chain *chain, struct nlattr *const attrs[])
{
	struct vnm_nft_rule *rule;

	chain->rules = vnm_array_add(chain->rules, &chain->n, sizeof(*chain->rules));
	rule = &chain->rules[chain->n - 1];
	*rule = (struct vnm_nft_rule){ 0 };
	if (attrs[NFTA_RULE_HANDLE])
		memcpy(&rule->handle, nla_data(attrs[NFTA_RULE_HANDLE]), sizeof(rule->handle));
	rule->handle = be64toh(rule->handle);
	rule->exprs = copy_of(attrs[NFTA_RULE_EXPRESSIONS], &rule->len);
	rule->user = copy_of(attrs[NFTA_RULE_USERDATA], &rule->user_len);
}

static int on_rule(const struct nlmsghdr *head, void *data)
{
	struct vnm_nft_chain *chain = data;
	struct nlattr *attrs[NFTA_RULE_MAX + 1];

	/* Kernels before 4.7 ignore the requested chain. */
	if (parse_rule(head, attrs) && vnm_nft_is_text(attrs[NFTA_RULE_CHAIN], chain->name) &&
	    vnm_nft_is_text(attrs[NFTA_RULE_TABLE], chain->table))
		add_rule(chain, attrs);
	return 0;
}

static void forget_rules(void *data)
{
	struct vnm_nft_chain *chain = data;

	for (size_t i = 0; i < chain->n; i++) {
		free(chain->rules[i].exprs);
		free(chain->rules[i].user);
	}
	free(chain->rules);
	chain->rules = NULL;
	chain->n = 0;
}

/** vnm_nft_chain_clear() - free a chain and its rules. */
void vnm_nft_chain_clear(struct vnm_nft_chain *chain)
{
	forget_rules(chain);
	free(chain->table);
	free(chain->name);
	*chain = (struct vnm_nft_chain){ 0 };
}

/**
 * vnm_nft_chain_get() - one chain, without its rules
 * @sys:    the handles
 * @family: NFPROTO_*
 * @table:  its table
 * @name:   its name
 * @ret:    free with vnm_nft_chain_clear()
 *
 * Return: 0 or -errno; -ENOENT: there is none.
 */
int vnm_nft_chain_get(struct vnm_sys *sys, uint8_t family, const char *table, const char *name,
		      struct vnm_nft_chain *ret)
{
	vnm_autonl struct vnm_nl_req req = { 0 };

	*ret = (struct vnm_nft_chain){ 0 };
	vnm_nft_begin(&req, family, VNM_NFT_MESSAGE(NFT_MSG_GETCHAIN), 0);
	vnm_nl_put_str(&req, NFTA_CHAIN_TABLE, table);
	vnm_nl_put_str(&req, NFTA_CHAIN_NAME, name);
	return vnm_nft_get(&sys->nft_read_sock, &req,
			   &(struct vnm_nl_sink){ on_one_chain, NULL, ret });
}

static int on_generation(const struct nlmsghdr *head, void *data)
{
	return vnm_nft_generation_of(head, data);
}

/**
 * vnm_nft_generation() - the number of the last transaction in this network namespace, whoever made it
 * @sys: the handles
 * @ret: gets it
 *
 * Return: 0 or -errno: -EPERM without CAP_NET_ADMIN; -EINVAL, -EPROTONOSUPPORT where the kernel has no nf_tables.
 */
int vnm_nft_generation(struct vnm_sys *sys, uint32_t *ret)
{
	vnm_autonl struct vnm_nl_req req = { 0 };

	*ret = 0;
	vnm_nft_begin(&req, AF_UNSPEC, VNM_NFT_MESSAGE(NFT_MSG_GETGEN), 0);
	return vnm_nft_get(&sys->nft_read_sock, &req,
			   &(struct vnm_nl_sink){ on_generation, NULL, ret });
}

static void begin_rules(const struct vnm_nft_chain *chain, struct vnm_nl_req *ret)
{
	vnm_nft_begin(ret, chain->family, VNM_NFT_MESSAGE(NFT_MSG_GETRULE), 0);
	vnm_nl_put_str(ret, NFTA_RULE_TABLE, chain->table);
	vnm_nl_put_str(ret, NFTA_RULE_CHAIN, chain->name);
}

/**
 * vnm_nft_rules_read() - read the rules of a chain
 * @sys:   the handles
 * @chain: family, table and name; gets the rules, none where there is no such chain
 *
 * Return: 0 or -errno.
 */
int vnm_nft_rules_read(struct vnm_sys *sys, struct vnm_nft_chain *chain)
{
	vnm_autonl struct vnm_nl_req req = { 0 };
	int r;

	begin_rules(chain, &req);
	r = vnm_nft_dump(&sys->nft_read_sock, &req,
			 &(struct vnm_nl_sink){ on_rule, forget_rules, chain });
	chain->read = r >= 0;
	return r;
}

/**
 * vnm_nft_rule_get() - read one rule of a chain
 * @sys:    the handles
 * @chain:  family, table and name; gets the rule, and does not count as read
 * @handle: the rule's
 *
 * Return: 0 or -errno; -ENOENT: there is none.
 */
int vnm_nft_rule_get(struct vnm_sys *sys, struct vnm_nft_chain *chain, uint64_t handle)
{
	vnm_autonl struct vnm_nl_req req = { 0 };

	begin_rules(chain, &req);
	vnm_nft_put_long(&req, NFTA_RULE_HANDLE, handle);
	return vnm_nft_get(&sys->nft_read_sock, &req,
			   &(struct vnm_nl_sink){ on_rule, NULL, chain });
}

/**
 * vnm_nft_rules_head() - read the first rules of a chain
 * @chain: family, table and name; gets the rules, and does not count as read
 * @most:  how many
 *
 * A chain with a rule for each network takes milliseconds to read whole.
 *
 * Return: 0 or -errno.
 */
int vnm_nft_rules_head(struct vnm_nft_chain *chain, size_t most)
{
	struct vnm_sys netfilter = { .run_fd = -1, .nl_protocol = NETLINK_NETFILTER };
	vnm_autonl struct vnm_nl_req req = { 0 };

	begin_rules(chain, &req);
	return vnm_nl_head(&netfilter, &req, most, &(struct vnm_nl_sink){ on_rule, NULL, chain });
}

/** struct table_dump - the chains of a table, in the kernel's order. */
struct table_dump {
	uint8_t family;
	const char *table;
	struct vnm_nft_chain *chains;
	size_t n;
};

/* The rules of a chain follow each other. */
static int on_table_rule(const struct nlmsghdr *head, void *data)
{
	struct table_dump *dump = data;
	struct nlattr *attrs[NFTA_RULE_MAX + 1];

	if (!parse_rule(head, attrs) || !vnm_nft_is_text(attrs[NFTA_RULE_TABLE], dump->table))
		return 0;
	if (dump->n == 0 ||
	    !vnm_nft_is_text(attrs[NFTA_RULE_CHAIN], dump->chains[dump->n - 1].name)) {
		dump->chains = vnm_array_add(dump->chains, &dump->n, sizeof(*dump->chains));
		dump->chains[dump->n - 1] = (struct vnm_nft_chain){
			.family = dump->family,
			.table = vnm_strdup(dump->table),
			.name = vnm_strdup(nla_get_string(attrs[NFTA_RULE_CHAIN])),
			.read = true,
		};
	}
	add_rule(&dump->chains[dump->n - 1], attrs);
	return 0;
}

static void forget_table(void *data)
{
	struct table_dump *dump = data;

	for (size_t i = 0; i < dump->n; i++)
		vnm_nft_chain_clear(&dump->chains[i]);
	free(dump->chains);
	dump->chains = NULL;
	dump->n = 0;
}

/**
 * vnm_nft_table_rules() - read the rules of all chains of a table
 * @sys:    the handles
 * @family: NFPROTO_*
 * @table:  its name
 * @ret:    the chains that have rules, without hook and policy; vnm_nft_chain_clear() each, and free()
 * @ret_n:  how many
 *
 * Return: 0 or -errno; -EAGAIN: other programs' transactions have interrupted each attempt.
 */
int vnm_nft_table_rules(struct vnm_sys *sys, uint8_t family, const char *table,
			struct vnm_nft_chain **ret, size_t *ret_n)
{
	struct table_dump dump = { .family = family, .table = table };
	vnm_autonl struct vnm_nl_req req = { 0 };
	int r;

	vnm_nft_begin(&req, family, VNM_NFT_MESSAGE(NFT_MSG_GETRULE), 0);
	vnm_nl_put_str(&req, NFTA_RULE_TABLE, table);
	r = vnm_nft_dump(&sys->nft_read_sock, &req,
			 &(struct vnm_nl_sink){ on_table_rule, forget_table, &dump });
	if (r < 0)
		forget_table(&dump);
	*ret = dump.chains;
	*ret_n = dump.n;
	return r;
}

/** vnm_nft_rules() - read the rules of a chain, unless read already. Return: false on failure. */
bool vnm_nft_rules(struct vnm_sys *sys, struct vnm_nft_chain *chain)
{
	int r = chain->read ? 0 : vnm_nft_rules_read(sys, chain);

	if (r < 0)
		sys->nft_rules_rc = r;
	return r >= 0;
}

static uint64_t long_of(const struct nlattr *attr)
{
	return attr && nla_len(attr) >= (int)sizeof(uint64_t) ? be64toh(nla_get_u64(attr)) : 0;
}

/**
 * vnm_nft_counter() - what a rule had counted when it was read
 * @rule:    the rule
 * @packets: gets the packets
 * @bytes:   gets their bytes
 *
 * Return: false where it does not count.
 */
bool vnm_nft_counter(const struct vnm_nft_rule *rule, uint64_t *packets, uint64_t *bytes)
{
	struct nlattr *expr, *tb[NFTA_EXPR_MAX + 1], *counter[NFTA_COUNTER_MAX + 1];
	int left;

	nla_for_each_attr(expr, (struct nlattr *)(void *)rule->exprs, (int)rule->len, left)
	{
		if (nla_parse_nested(tb, NFTA_EXPR_MAX, expr, NULL) < 0 || !tb[NFTA_EXPR_DATA] ||
		    !vnm_nft_is_text(tb[NFTA_EXPR_NAME], "counter") ||
		    nla_parse_nested(counter, NFTA_COUNTER_MAX, tb[NFTA_EXPR_DATA], NULL) < 0)
			continue;
		*packets = long_of(counter[NFTA_COUNTER_PACKETS]);
		*bytes = long_of(counter[NFTA_COUNTER_BYTES]);
		return true;
	}
	return false;
}

/** vnm_nft_family_word() - the word of nft(8) for a family; NULL: arp, bridge, netdev, not on a routed packet's path */
const char *vnm_nft_family_word(uint8_t family)
{
	switch (family) {
	case NFPROTO_IPV4: return "ip";
	case NFPROTO_IPV6: return "ip6";
	case NFPROTO_INET: return "inet";
	default: return NULL;
	}
}
