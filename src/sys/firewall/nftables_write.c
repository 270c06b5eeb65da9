/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nftables_write.c - changes to the tables of the back end "nftables", as messages to the kernel. */
#include "sys/firewall/nftables_write.h"

#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>

#include "plan/firewall/nftables_text.h"
#include "sys/firewall/nftables_expr.h"

#define TABLE VNM_NFTABLES_TABLE
#define PORTS_PER_MESSAGE 64 /* a message is a page at most */
#define PORT_LEN 2
#define VERDICT_TYPE 0xffffff00u /* NFT_DATA_VERDICT */

/* Types of keys and values, for "nft list" (nft's enum datatypes). */
enum {
	TYPE_IPV4 = 7,
	TYPE_IPV6 = 8,
	TYPE_PROTO = 12,
	TYPE_PORT = 13,
	TYPE_IFNAME = 41,
	TYPE_PROTO_PORT = TYPE_PROTO << 6 | TYPE_PORT,
};

/** vnm_nftables_proto() - NFPROTO_* of a family. */
uint8_t vnm_nftables_proto(int family)
{
	return family == AF_INET6 ? NFPROTO_IPV6 : NFPROTO_IPV4;
}

static void begin(struct vnm_nl_req *req, int family, int type, int flags, int table_attr)
{
	vnm_nft_begin(req, vnm_nftables_proto(family), VNM_NFT_MESSAGE(type), flags);
	vnm_nl_put_str(req, table_attr, TABLE);
}

/* ---- chains ---- */

/** vnm_nftables_add_base() - create a chain that is there for all networks, unless it is. */
void vnm_nftables_add_base(struct vnm_nl_batch *batch, int family,
			   const struct vnm_nftables_base *base)
{
	const struct vnm_nft_chain_spec spec = { .name = base->name,
						 .hook = base->hook,
						 .priority = base->priority,
						 .type = base->type };

	vnm_nft_add_chain(batch, vnm_nftables_proto(family), TABLE, &spec);
}

/** vnm_nftables_add_chain() - create the chain of a key, unless it is there. */
void vnm_nftables_add_chain(struct vnm_nl_batch *batch, int family, const char *name)
{
	const struct vnm_nft_chain_spec spec = { .name = name, .hook = -1 };

	vnm_nft_add_chain(batch, vnm_nftables_proto(family), TABLE, &spec);
}

/** vnm_nftables_del_chain() - delete a chain with its rules; nothing may lead to it. */
void vnm_nftables_del_chain(struct vnm_nl_batch *batch, int family, const char *name)
{
	vnm_autonl struct vnm_nl_req req = { 0 };

	begin(&req, family, NFT_MSG_DELCHAIN, 0, NFTA_CHAIN_TABLE);
	vnm_nl_put_str(&req, NFTA_CHAIN_NAME, name);
	vnm_nl_batch_add(batch, &req, NFT_MSG_DELCHAIN);
}

/* ---- maps ---- */

static uint32_t key_type(const struct vnm_nftables_map *map)
{
	switch (map->by) {
	case VNM_BY_IN:
	case VNM_BY_OUT: return TYPE_IFNAME;
	case VNM_BY_PORT: return TYPE_PROTO_PORT;
	case VNM_BY_SRC:
	case VNM_BY_DST: break;
	}
	return map->family == AF_INET6 ? TYPE_IPV6 : TYPE_IPV4;
}

static uint32_t key_len(const struct vnm_nftables_map *map)
{
	switch (map->by) {
	case VNM_BY_IN:
	case VNM_BY_OUT: return VNM_IFNAME_SIZE;
	case VNM_BY_PORT: return 2 * sizeof(uint32_t);
	case VNM_BY_SRC:
	case VNM_BY_DST: break;
	}
	return vnm_addr_bits(map->family) / 8;
}

/* Byte orders, as nft records them to list elements: 1 the host's, 2 big endian. */
static void put_order(struct vnm_nl_req *req, bool of_host)
{
	uint32_t order = of_host ? 1 : 2;
	uint8_t data[2 + sizeof(order)] = { 0, sizeof(order) };

	memcpy(data + 2, &order, sizeof(order));
	vnm_nl_put(req, NFTA_SET_USERDATA, data, sizeof(data));
}

/** vnm_nftables_add_map() - create a map, unless it is there. */
void vnm_nftables_add_map(struct vnm_nl_batch *batch, const struct vnm_nftables_map *map)
{
	vnm_autonl struct vnm_nl_req req = { 0 };

	begin(&req, map->family, NFT_MSG_NEWSET, NLM_F_CREATE, NFTA_SET_TABLE);
	vnm_nl_put_str(&req, NFTA_SET_NAME, map->name);
	vnm_nft_put_number(&req, NFTA_SET_ID, (uint32_t)batch->n);
	vnm_nft_put_number(&req, NFTA_SET_FLAGS, NFT_SET_MAP);
	vnm_nft_put_number(&req, NFTA_SET_KEY_TYPE, key_type(map));
	vnm_nft_put_number(&req, NFTA_SET_KEY_LEN, key_len(map));
	vnm_nft_put_number(&req, NFTA_SET_DATA_TYPE, VERDICT_TYPE);
	if (map->by != VNM_BY_PORT)
		put_order(&req, map->by == VNM_BY_IN || map->by == VNM_BY_OUT);
	vnm_nl_batch_add(batch, &req, NFT_MSG_NEWSET);
}

static void put_jump(struct vnm_nl_req *req, const char *chain)
{
	struct nlattr *data = vnm_nl_nest(req, NFTA_SET_ELEM_DATA);
	struct nlattr *verdict = vnm_nl_nest(req, NFTA_DATA_VERDICT);

	vnm_nft_put_number(req, NFTA_VERDICT_CODE, (uint32_t)NFT_JUMP);
	vnm_nl_put_str(req, NFTA_VERDICT_CHAIN, chain);
	vnm_nl_nest_end(req, verdict);
	vnm_nl_nest_end(req, data);
}

/* As nft writes a comment: a type, a length, the text. */
static void put_comment(struct vnm_nl_req *req, int attr, const char *text)
{
	uint8_t data[2 + VNM_NFTABLES_COMMENT] = { 0 };

	data[1] = (uint8_t)(strlen(text) + 1);
	memcpy(data + 2, text, data[1]);
	vnm_nl_put(req, attr, data, 2u + data[1]);
}

/**
 * vnm_nftables_put_element() - name the element that leads to a place
 * @req:     a message about elements, begun
 * @place:   the place
 * @comment: of the element, with the jump to its chain; NULL: neither
 */
void vnm_nftables_put_element(struct vnm_nl_req *req, const struct vnm_nftables_place *place,
			      const char *comment)
{
	struct nlattr *list, *item;

	vnm_nl_put_str(req, NFTA_SET_ELEM_LIST_TABLE, TABLE);
	vnm_nl_put_str(req, NFTA_SET_ELEM_LIST_SET, place->map.name);
	list = vnm_nl_nest(req, NFTA_SET_ELEM_LIST_ELEMENTS);
	item = vnm_nl_nest(req, NFTA_LIST_ELEM);
	vnm_nft_put_value(req, NFTA_SET_ELEM_KEY, place->key, place->key_len);
	if (comment)
		put_jump(req, place->name);
	if (comment && *comment)
		put_comment(req, NFTA_SET_ELEM_USERDATA, comment);
	vnm_nl_nest_end(req, item);
	vnm_nl_nest_end(req, list);
}

/**
 * vnm_nftables_add_element() - add the element that leads to a place, unless it is there
 * @batch: gets the message
 * @place: the place
 * @rule:  the first one in it
 */
void vnm_nftables_add_element(struct vnm_nl_batch *batch, const struct vnm_nftables_place *place,
			      const struct vnm_fwrule *rule)
{
	vnm_autonl struct vnm_nl_req req = { 0 };

	vnm_nft_begin(&req, vnm_nftables_proto(place->family), VNM_NFT_MESSAGE(NFT_MSG_NEWSETELEM),
		      NLM_F_CREATE);
	vnm_nftables_put_element(&req, place, vnm_nftables_element_comment(place, rule));
	vnm_nl_batch_add(batch, &req, NFT_MSG_NEWSETELEM);
}

/** vnm_nftables_del_element() - delete the element that leads to a place; it must be there. */
void vnm_nftables_del_element(struct vnm_nl_batch *batch, const struct vnm_nftables_place *place)
{
	vnm_autonl struct vnm_nl_req req = { 0 };

	vnm_nft_begin(&req, vnm_nftables_proto(place->family), VNM_NFT_MESSAGE(NFT_MSG_DELSETELEM),
		      0);
	vnm_nftables_put_element(&req, place, NULL);
	vnm_nl_batch_add(batch, &req, NFT_MSG_DELSETELEM);
}

/* ---- rules ---- */

/* Return: the number of the map in this transaction. */
static uint32_t add_port_map(struct vnm_nl_batch *batch, int family)
{
	vnm_autonl struct vnm_nl_req req = { 0 };
	uint32_t id = (uint32_t)batch->n;

	begin(&req, family, NFT_MSG_NEWSET, NLM_F_CREATE, NFTA_SET_TABLE);
	vnm_nl_put_str(&req, NFTA_SET_NAME, VNM_NFTABLES_PORT_MAP);
	vnm_nft_put_number(&req, NFTA_SET_ID, id);
	vnm_nft_put_number(&req, NFTA_SET_FLAGS,
			   NFT_SET_ANONYMOUS | NFT_SET_CONSTANT | NFT_SET_MAP);
	vnm_nft_put_number(&req, NFTA_SET_KEY_TYPE, TYPE_PORT);
	vnm_nft_put_number(&req, NFTA_SET_KEY_LEN, PORT_LEN);
	vnm_nft_put_number(&req, NFTA_SET_DATA_TYPE, TYPE_PORT);
	vnm_nft_put_number(&req, NFTA_SET_DATA_LEN, PORT_LEN);
	put_order(&req, false);
	vnm_nl_batch_add(batch, &req, NFT_MSG_NEWSET);
	return id;
}

static void put_port(struct vnm_nl_req *req, unsigned from, unsigned to)
{
	struct nlattr *item = vnm_nl_nest(req, NFTA_LIST_ELEM);
	uint16_t key = htons((uint16_t)from), data = htons((uint16_t)to);

	vnm_nft_put_value(req, NFTA_SET_ELEM_KEY, &key, sizeof(key));
	vnm_nft_put_value(req, NFTA_SET_ELEM_DATA, &data, sizeof(data));
	vnm_nl_nest_end(req, item);
}

static void add_ports(struct vnm_nl_batch *batch, const struct vnm_fwrule *rule, uint32_t id)
{
	unsigned last = rule->dport_last ? rule->dport_last : rule->dport;

	for (unsigned from = rule->dport; from <= last; from += PORTS_PER_MESSAGE) {
		vnm_autonl struct vnm_nl_req req = { 0 };
		struct nlattr *list;

		begin(&req, rule->family, NFT_MSG_NEWSETELEM, NLM_F_CREATE,
		      NFTA_SET_ELEM_LIST_TABLE);
		vnm_nl_put_str(&req, NFTA_SET_ELEM_LIST_SET, VNM_NFTABLES_PORT_MAP);
		vnm_nft_put_number(&req, NFTA_SET_ELEM_LIST_SET_ID, id);
		list = vnm_nl_nest(&req, NFTA_SET_ELEM_LIST_ELEMENTS);
		for (unsigned port = from; port <= last && port < from + PORTS_PER_MESSAGE; port++)
			put_port(&req, port, port - rule->to_port_base + rule->to_port_first);
		vnm_nl_nest_end(&req, list);
		vnm_nl_batch_add(batch, &req, NFT_MSG_NEWSETELEM);
	}
}

/**
 * vnm_nftables_add_rule() - add a rule to a chain
 * @batch: gets the messages
 * @chain: the chain
 * @step:  the rule
 * @first: before all others; else behind them
 */
void vnm_nftables_add_rule(struct vnm_nl_batch *batch, const char *chain,
			   const struct vnm_nftables_step *step, bool first)
{
	vnm_autonl struct vnm_nl_req req = { 0 };
	char comment[VNM_NFTABLES_COMMENT];
	uint32_t port_map = 0;
	struct nlattr *list;

	if (step->kind == VNM_STEP_IS_RULE && step->rule.to_port_base) {
		port_map = add_port_map(batch, step->family);
		add_ports(batch, &step->rule, port_map);
	}
	begin(&req, step->family, NFT_MSG_NEWRULE, NLM_F_CREATE | (first ? 0 : NLM_F_APPEND),
	      NFTA_RULE_TABLE);
	vnm_nl_put_str(&req, NFTA_RULE_CHAIN, chain);
	list = vnm_nl_nest(&req, NFTA_RULE_EXPRESSIONS);
	vnm_nftables_put_step(&req, step, port_map);
	vnm_nl_nest_end(&req, list);
	if (vnm_nftables_comment(step, comment))
		put_comment(&req, NFTA_RULE_USERDATA, comment);
	vnm_nl_batch_add(batch, &req, NFT_MSG_NEWRULE);
}

/** vnm_nftables_del_rule() - delete a rule. */
void vnm_nftables_del_rule(struct vnm_nl_batch *batch, int family, const char *chain,
			   uint64_t handle)
{
	vnm_autonl struct vnm_nl_req req = { 0 };

	begin(&req, family, NFT_MSG_DELRULE, 0, NFTA_RULE_TABLE);
	vnm_nl_put_str(&req, NFTA_RULE_CHAIN, chain);
	vnm_nft_put_long(&req, NFTA_RULE_HANDLE, handle);
	vnm_nl_batch_add(batch, &req, NFT_MSG_DELRULE);
}

/**
 * vnm_nftables_add_structure() - create what is there for all networks, but for rules, unless it is
 * @batch:  gets the messages
 * @family: of the table
 */
void vnm_nftables_add_structure(struct vnm_nl_batch *batch, int family)
{
	vnm_autonl struct vnm_nl_req req = { 0 };
	const struct vnm_nftables_base *bases;
	struct vnm_nftables_map map;
	size_t n = vnm_nftables_bases(&bases);

	begin(&req, family, NFT_MSG_NEWTABLE, NLM_F_CREATE, NFTA_TABLE_NAME);
	vnm_nft_put_number(&req, NFTA_TABLE_FLAGS, 0); /* one that is dormant is no longer */
	vnm_nl_batch_add(batch, &req, NFT_MSG_NEWTABLE);
	for (size_t i = 0; vnm_nftables_map(family, i, &map); i++)
		vnm_nftables_add_map(batch, &map);
	for (size_t i = 0; i < n; i++)
		vnm_nftables_add_base(batch, family, &bases[i]);
}
