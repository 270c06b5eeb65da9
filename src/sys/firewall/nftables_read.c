/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * nftables_read.c - the tables of the back end "nftables" as they are, read chain by chain.
 *
 * A dump of a table is interrupted by every transaction of another program, and costs more with each network; that of a
 * small chain is not, and does not. What was read is kept until something changes.
 */
#include "sys/firewall/nftables_read.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "sys/firewall/nft_compare.h"
#include "sys/firewall/nftables_expr.h"
#include "sys/firewall/nftables_write.h"
#include "util/mem.h"

/** struct seen - a chain as it was read. @led: the map's element leads to it */
struct seen {
	struct vnm_nft_chain chain;
	enum vnm_tristate led;
};

/** struct vnm_nftables - what was read. @seen: sorted; @tables: by family */
struct vnm_nftables {
	struct seen **seen;
	size_t n;
	enum vnm_nftables_table tables[2];
};

/* ---- rules to compare ---- */

/** vnm_nftables_compile() - write a rule to compare it with others. */
void vnm_nftables_compile(const struct vnm_nftables_step *step, struct vnm_nftables_expr *ret)
{
	struct nlattr *list;

	*ret = (struct vnm_nftables_expr){ .shift = "" };
	vnm_nft_begin(&ret->req, vnm_nftables_proto(step->family), VNM_NFT_MESSAGE(NFT_MSG_NEWRULE),
		      0);
	list = vnm_nl_nest(&ret->req, NFTA_RULE_EXPRESSIONS);
	vnm_nftables_put_step(&ret->req, step, 0);
	vnm_nl_nest_end(&ret->req, list);
	ret->data = nla_data(list);
	ret->len = (size_t)nla_len(list);
	(void)vnm_nftables_shift(step, ret->shift);
}

/** vnm_nftables_expr_clear() - free it. */
void vnm_nftables_expr_clear(struct vnm_nftables_expr *expr)
{
	vnm_nl_req_clear(&expr->req);
}

/* Does the comment end so? The network's name before it says nothing about the rule. */
static bool comment_ends(const struct vnm_nft_rule *rule, const char *text)
{
	size_t size = strlen(text) + 1;

	return rule->user_len > size && !memcmp(rule->user + rule->user_len - size, text, size);
}

/** vnm_nftables_is() - is that the rule? */
bool vnm_nftables_is(const struct vnm_nftables_expr *expr, const struct vnm_nft_rule *rule)
{
	if (*expr->shift && !comment_ends(rule, expr->shift))
		return false;
	return vnm_nft_same(expr->data, expr->len, rule->exprs, rule->len);
}

/* ---- what is there ---- */

static struct vnm_nftables *cache(struct vnm_sys *sys)
{
	if (!sys->nftables)
		sys->nftables = vnm_alloc(sizeof(*sys->nftables));
	return sys->nftables;
}

static int on_table(const struct nlmsghdr *hdr, void *data)
{
	struct nlattr *attrs[NFTA_TABLE_MAX + 1];
	enum vnm_nftables_table *table = data;

	if (nlmsg_parse((struct nlmsghdr *)hdr, sizeof(struct nfgenmsg), attrs, NFTA_TABLE_MAX,
			NULL) == 0)
		*table = !attrs[NFTA_TABLE_FLAGS] || vnm_nft_is_number(attrs[NFTA_TABLE_FLAGS], 0)
				 ? VNM_NFTABLES_THERE
				 : VNM_NFTABLES_DORMANT;
	return 0;
}

/**
 * vnm_nftables_read_table() - is our table of a family there?
 * @sys:    the handles, which keep the answer
 * @family: AF_INET or AF_INET6
 * @ret:    the answer
 *
 * Return: 0 or -errno.
 */
int vnm_nftables_read_table(struct vnm_sys *sys, int family, enum vnm_nftables_table *ret)
{
	enum vnm_nftables_table *table = &cache(sys)->tables[family == AF_INET6];
	vnm_autonl struct vnm_nl_req req = { 0 };
	int r = 0;

	if (*table == VNM_NFTABLES_UNKNOWN) {
		vnm_nft_begin(&req, vnm_nftables_proto(family), VNM_NFT_MESSAGE(NFT_MSG_GETTABLE),
			      0);
		vnm_nl_put_str(&req, NFTA_TABLE_NAME, VNM_NFTABLES_TABLE);
		r = vnm_nft_get(&sys->nft_read_sock, &req,
				&(struct vnm_nl_sink){ on_table, NULL, table });
	}
	if (r == -ENOENT)
		*table = VNM_NFTABLES_ABSENT;
	*ret = *table;
	return r == -ENOENT ? 0 : r;
}

/**
 * vnm_nftables_read_hook() - is a base chain at its hook?
 * @sys:    the handles
 * @family: of the table
 * @base:   the chain
 * @ret:    the answer
 *
 * Return: 0 or -errno.
 */
int vnm_nftables_read_hook(struct vnm_sys *sys, int family, const struct vnm_nftables_base *base,
			   enum vnm_nftables_hook *ret)
{
	struct vnm_nft_chain chain;
	int r = vnm_nft_chain_get(sys, vnm_nftables_proto(family), VNM_NFTABLES_TABLE, base->name,
				  &chain);
	bool right = r == 0 && chain.hook == base->hook && chain.priority == base->priority &&
		     !chain.drops && !strcmp(chain.type, base->type);

	*ret = r < 0	? VNM_NFTABLES_NO_CHAIN
	       : right ? VNM_NFTABLES_RIGHT_HOOK
		       : VNM_NFTABLES_WRONG_HOOK;
	vnm_nft_chain_clear(&chain);
	return r == -ENOENT ? 0 : r;
}

static int on_chain(const struct nlmsghdr *hdr, void *data)
{
	struct nlattr *attrs[NFTA_CHAIN_MAX + 1];
	size_t *n = data;

	if (nlmsg_parse((struct nlmsghdr *)hdr, sizeof(struct nfgenmsg), attrs, NFTA_CHAIN_MAX,
			NULL) == 0)
		*n += vnm_nft_is_text(attrs[NFTA_CHAIN_TABLE], VNM_NFTABLES_TABLE);
	return 0;
}

static void restart_count(void *data)
{
	*(size_t *)data = 0;
}

/** vnm_nftables_count_chains() - how many chains has our table of a family? Return: 0 or -errno. */
int vnm_nftables_count_chains(struct vnm_sys *sys, int family, size_t *ret)
{
	vnm_autonl struct vnm_nl_req req = { 0 };

	*ret = 0;
	vnm_nft_begin(&req, vnm_nftables_proto(family), VNM_NFT_MESSAGE(NFT_MSG_GETCHAIN), 0);
	return vnm_nft_dump(&sys->nft_read_sock, &req,
			    &(struct vnm_nl_sink){ on_chain, restart_count, ret });
}

static int compare_key(const struct seen *seen, uint8_t proto, const char *name)
{
	return seen->chain.family != proto ? (int)seen->chain.family - (int)proto
					   : strcmp(seen->chain.name, name);
}

/* Where the chain is, or would be. */
static size_t position(const struct vnm_nftables *is, uint8_t proto, const char *name)
{
	size_t from = 0, to = is->n;

	while (from < to) {
		size_t mid = from + (to - from) / 2;

		if (compare_key(is->seen[mid], proto, name) < 0)
			from = mid + 1;
		else
			to = mid;
	}
	return from;
}

static struct seen *find(struct vnm_sys *sys, uint8_t proto, const char *name, bool *ret_new)
{
	struct vnm_nftables *is = cache(sys);
	size_t at = position(is, proto, name);

	*ret_new = at == is->n || compare_key(is->seen[at], proto, name) != 0;
	if (!*ret_new)
		return is->seen[at];
	is->seen = vnm_array_add(is->seen, &is->n, sizeof(struct seen *));
	memmove(&is->seen[at + 1], &is->seen[at], (is->n - 1 - at) * sizeof(struct seen *));
	is->seen[at] = vnm_alloc(sizeof(struct seen));
	is->seen[at]->chain = (struct vnm_nft_chain){ .family = proto,
						      .table = vnm_strdup(VNM_NFTABLES_TABLE),
						      .name = vnm_strdup(name) };
	return is->seen[at];
}

/**
 * vnm_nftables_read_chain() - read a chain
 * @sys:    the handles, which keep it
 * @family: of the table
 * @name:   the chain
 * @ret:    the chain; without rules where it is absent
 *
 * Return: 0 or -errno.
 */
int vnm_nftables_read_chain(struct vnm_sys *sys, int family, const char *name,
			    const struct vnm_nft_chain **ret)
{
	bool is_new;
	struct seen *seen = find(sys, vnm_nftables_proto(family), name, &is_new);
	int r = seen->chain.read ? 0 : vnm_nft_rules_read(sys, &seen->chain);

	*ret = &seen->chain;
	return r == -ENOENT ? 0 : r;
}

/* The map that a rule looks up, "" for none. */
static const char *map_of(const struct vnm_nft_rule *rule)
{
	struct nlattr *expr, *tb[NFTA_EXPR_MAX + 1], *lookup[NFTA_LOOKUP_MAX + 1];
	int left;

	nla_for_each_attr(
		expr, (struct nlattr *)(void *)rule->exprs, (int)rule->len,
		left) if (nla_parse_nested(tb, NFTA_EXPR_MAX, expr, NULL) == 0 &&
			  tb[NFTA_EXPR_DATA] && vnm_nft_is_text(tb[NFTA_EXPR_NAME], "lookup") &&
			  nla_parse_nested(lookup, NFTA_LOOKUP_MAX, tb[NFTA_EXPR_DATA], NULL) ==
				  0 &&
			  lookup[NFTA_LOOKUP_SET]) return nla_get_string(lookup[NFTA_LOOKUP_SET]);
	return "";
}

/** vnm_nftables_len_of() - the prefix length by which a rule of a chain looks up sources; 0: another rule. */
unsigned vnm_nftables_len_of(const struct vnm_nft_rule *rule, int family, const char *chain)
{
	struct vnm_nftables_map map = { family, VNM_BY_SRC, 0, "" };
	const char *name = map_of(rule);
	vnm_autonftexpr struct vnm_nftables_expr expr = { 0 };
	struct vnm_nftables_step step;

	if (strncmp(name, chain, strlen(chain)) != 0)
		return 0;
	map.len = (unsigned)strtoul(name + strlen(chain), NULL, 10);
	if (map.len == 0 || map.len > vnm_addr_bits(family))
		return 0;
	vnm_nftables_name_source(chain, &map);
	vnm_nftables_source_step(&map, &step);
	vnm_nftables_compile(&step, &expr);
	return vnm_nftables_is(&expr, rule) ? map.len : 0;
}

/**
 * vnm_nftables_read_lens() - the prefix lengths by which sources are looked up
 * @sys:    the handles
 * @family: of the table
 * @chain:  for which rules of the plan
 * @lens:   gets them
 * @ret_n:  how many; 0 where sources are not looked up for @chain
 *
 * Return: 0 or -errno.
 */
int vnm_nftables_read_lens(struct vnm_sys *sys, int family, enum vnm_fw_chain chain,
			   unsigned lens[static VNM_NFTABLES_LENS], size_t *ret_n)
{
	const char *name = vnm_nftables_source_chain(chain);
	const struct vnm_nft_chain *rules = NULL;
	int r = name ? vnm_nftables_read_chain(sys, family, name, &rules) : 0;

	*ret_n = 0;
	for (size_t i = 0; r == 0 && rules && i < rules->n && *ret_n < VNM_NFTABLES_LENS; i++) {
		unsigned len = vnm_nftables_len_of(&rules->rules[i], family, name);

		if (len)
			lens[(*ret_n)++] = len;
	}
	return r;
}

static int on_element(const struct nlmsghdr *hdr, void *data)
{
	struct nlattr *list[NFTA_SET_ELEM_LIST_MAX + 1], *elem[NFTA_SET_ELEM_MAX + 1];
	struct nlattr *value[NFTA_DATA_MAX + 1], *verdict[NFTA_VERDICT_MAX + 1];
	struct seen *seen = data;

	if (nlmsg_parse((struct nlmsghdr *)hdr, sizeof(struct nfgenmsg), list,
			NFTA_SET_ELEM_LIST_MAX, NULL) == 0 &&
	    list[NFTA_SET_ELEM_LIST_ELEMENTS] &&
	    nla_parse_nested(elem, NFTA_SET_ELEM_MAX, nla_data(list[NFTA_SET_ELEM_LIST_ELEMENTS]),
			     NULL) == 0 &&
	    elem[NFTA_SET_ELEM_DATA] &&
	    nla_parse_nested(value, NFTA_DATA_MAX, elem[NFTA_SET_ELEM_DATA], NULL) == 0 &&
	    value[NFTA_DATA_VERDICT] &&
	    nla_parse_nested(verdict, NFTA_VERDICT_MAX, value[NFTA_DATA_VERDICT], NULL) == 0 &&
	    vnm_nft_is_number(verdict[NFTA_VERDICT_CODE], (uint32_t)NFT_JUMP) &&
	    vnm_nft_is_text(verdict[NFTA_VERDICT_CHAIN], seen->chain.name))
		seen->led = VNM_TRI_YES;
	return 0;
}

/**
 * vnm_nftables_leads() - does the map lead to a chain?
 * @sys:   the handles, which keep the answer
 * @place: the chain, and the key in the map
 * @ret:   the answer
 *
 * Return: 0 or -errno.
 */
int vnm_nftables_leads(struct vnm_sys *sys, const struct vnm_nftables_place *place, bool *ret)
{
	bool is_new;
	struct seen *seen = find(sys, vnm_nftables_proto(place->family), place->name, &is_new);
	vnm_autonl struct vnm_nl_req req = { 0 };
	int r = 0;

	if (seen->led == VNM_TRI_ABSENT) {
		seen->led = VNM_TRI_NO;
		vnm_nft_begin(&req, seen->chain.family, VNM_NFT_MESSAGE(NFT_MSG_GETSETELEM), 0);
		vnm_nftables_put_element(&req, place, NULL);
		r = vnm_nft_get(&sys->nft_read_sock, &req,
				&(struct vnm_nl_sink){ on_element, NULL, seen });
	}
	*ret = seen->led == VNM_TRI_YES;
	return r == -ENOENT ? 0 : r;
}

/** vnm_nftables_forget() - drop what was read; it may change now. */
void vnm_nftables_forget(struct vnm_sys *sys)
{
	struct vnm_nftables *is = sys->nftables;

	for (size_t i = 0; is && i < is->n; i++) {
		vnm_nft_chain_clear(&is->seen[i]->chain);
		free(is->seen[i]);
	}
	if (is)
		free(is->seen);
	free(is);
	sys->nftables = NULL;
}
