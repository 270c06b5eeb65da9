/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * nftables_read.c - the tables of the back end "nftables" as they are, read chain by chain.
 *
 * A dump of a table is interrupted by every transaction of another program, and costs more with each network; that of a
 * small chain is not, and does not. Only a command that looks at most networks reads all before (nftables_see.c).
 */
#include "sys/firewall/nftables_read.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "sys/firewall/nft_compare.h"
#include "sys/firewall/nftables_expr.h"
#include "sys/firewall/nftables_write.h"
#include "util/mem.h"

/* ---- rules to compare ---- */

/*
 * Networks of one VRF may have equal rules there, for packets by its device instead of the network's bridge: of these only the comment
 * tells whose they are.
 */
static bool may_have_twin(const struct vnm_nftables_step *step)
{
	const struct vnm_fwrule *rule = &step->rule;

	return step->kind == VNM_STEP_IS_RULE && rule->chain != VNM_CHAIN_NAT && *rule->own &&
	       strcmp(rule->own, rule->in) != 0 && strcmp(rule->own, rule->out) != 0;
}

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
	if (may_have_twin(step))
		snprintf(ret->whose, sizeof(ret->whose), "%s", step->rule.network);
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

/* Behind its type and its length, as vnm_nftables_add_rule() writes it. */
static bool comment_is(const struct vnm_nft_rule *rule, const char *text)
{
	return rule->user_len == strlen(text) + 1 + 2 && comment_ends(rule, text);
}

/** vnm_nftables_is() - is that the rule? */
bool vnm_nftables_is(const struct vnm_nftables_expr *expr, const struct vnm_nft_rule *rule)
{
	if (*expr->shift && !comment_ends(rule, expr->shift))
		return false;
	if (*expr->whose && !comment_is(rule, expr->whose))
		return false;
	return vnm_nft_same(expr->data, expr->len, rule->exprs, rule->len);
}

/* ---- what is there ---- */

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
	enum vnm_nftables_table *table = &vnm_nftables_seen(sys)->tables[VNM_NFTABLES_AT(family)];
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

/**
 * vnm_nftables_read_chain() - read a chain
 * @sys:    the handles, which keep it
 * @family: of the table
 * @name:   the chain
 * @ret:    the chain; without rules where it is absent, and maybe without a name
 *
 * Return: 0 or -errno.
 */
int vnm_nftables_read_chain(struct vnm_sys *sys, int family, const char *name,
			    const struct vnm_nft_chain **ret)
{
	static const struct vnm_nft_chain none = { .hook = -1, .read = true };
	struct vnm_nftables_chain *seen = vnm_nftables_seen_find(sys, family, name);
	int r;

	*ret = &none;
	if (!seen && sys->nftables->whole)
		return 0;
	seen = seen ? seen : vnm_nftables_seen_chain(sys, family, name);
	r = seen->chain.read ? 0 : vnm_nft_rules_read(sys, &seen->chain);
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

static void note_lens(struct vnm_nftables_chain *seen, int family)
{
	seen->lens_read = true;
	for (size_t i = 0; i < seen->chain.n && seen->n_lens < VNM_NFTABLES_LENS; i++) {
		unsigned len = vnm_nftables_len_of(&seen->chain.rules[i], family, seen->chain.name);

		if (!len)
			continue;
		seen->lens = vnm_array_add(seen->lens, &seen->n_lens, sizeof(*seen->lens));
		seen->lens[seen->n_lens - 1] = len;
	}
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
	struct vnm_nftables_chain *seen;
	const struct vnm_nft_chain *rules;
	int r;

	*ret_n = 0;
	if (!name)
		return 0;
	r = vnm_nftables_read_chain(sys, family, name, &rules);
	seen = vnm_nftables_seen_find(sys, family, name);
	if (r < 0 || !seen)
		return r;
	if (!seen->lens_read)
		note_lens(seen, family);
	*ret_n = seen->n_lens;
	if (seen->n_lens > 0)
		memcpy(lens, seen->lens, seen->n_lens * sizeof(*lens));
	return 0;
}

/**
 * vnm_nftables_jump_of() - the chain that an element jumps to
 * @elem: its attributes, by NFTA_SET_ELEM_*
 * @ret:  gets the name
 *
 * Return: false where it has another verdict, or none.
 */
bool vnm_nftables_jump_of(struct nlattr *const elem[], char ret[static VNM_NFTABLES_NAME])
{
	struct nlattr *value[NFTA_DATA_MAX + 1], *verdict[NFTA_VERDICT_MAX + 1];

	if (!elem[NFTA_SET_ELEM_DATA] ||
	    nla_parse_nested(value, NFTA_DATA_MAX, elem[NFTA_SET_ELEM_DATA], NULL) < 0 ||
	    !value[NFTA_DATA_VERDICT] ||
	    nla_parse_nested(verdict, NFTA_VERDICT_MAX, value[NFTA_DATA_VERDICT], NULL) < 0 ||
	    !vnm_nft_is_number(verdict[NFTA_VERDICT_CODE], (uint32_t)NFT_JUMP) ||
	    !verdict[NFTA_VERDICT_CHAIN])
		return false;
	nla_strlcpy(ret, verdict[NFTA_VERDICT_CHAIN], VNM_NFTABLES_NAME);
	return true;
}

static int on_element(const struct nlmsghdr *hdr, void *data)
{
	struct nlattr *list[NFTA_SET_ELEM_LIST_MAX + 1], *elem[NFTA_SET_ELEM_MAX + 1];
	struct vnm_nftables_chain *seen = data;
	char name[VNM_NFTABLES_NAME];

	if (nlmsg_parse((struct nlmsghdr *)hdr, sizeof(struct nfgenmsg), list,
			NFTA_SET_ELEM_LIST_MAX, NULL) == 0 &&
	    list[NFTA_SET_ELEM_LIST_ELEMENTS] &&
	    nla_parse_nested(elem, NFTA_SET_ELEM_MAX, nla_data(list[NFTA_SET_ELEM_LIST_ELEMENTS]),
			     NULL) == 0 &&
	    vnm_nftables_jump_of(elem, name) && !strcmp(name, seen->chain.name))
		seen->led = VNM_TRI_YES;
	return 0;
}

static int ask_led(struct vnm_sys *sys, const struct vnm_nftables_place *place,
		   struct vnm_nftables_chain *seen)
{
	vnm_autonl struct vnm_nl_req req = { 0 };

	vnm_nft_begin(&req, seen->chain.family, VNM_NFT_MESSAGE(NFT_MSG_GETSETELEM), 0);
	vnm_nftables_put_element(&req, place, NULL);
	return vnm_nft_get(&sys->nft_read_sock, &req,
			   &(struct vnm_nl_sink){ on_element, NULL, seen });
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
	struct vnm_nftables_chain *seen;
	const char *led;
	int r = 0;

	if (vnm_nftables_seen(sys)->whole) {
		led = vnm_nftables_seen_led(sys, place);
		*ret = led && !strcmp(led, place->name);
		return 0;
	}
	seen = vnm_nftables_seen_chain(sys, place->family, place->name);
	if (seen->led == VNM_TRI_ABSENT) {
		seen->led = VNM_TRI_NO;
		r = ask_led(sys, place, seen);
	}
	*ret = seen->led == VNM_TRI_YES;
	return r == -ENOENT ? 0 : r;
}
