// SPDX-License-Identifier: GPL-2.0-or-later
/* frames_write.c - the table of frames_table.c, and elements of its sets, as messages to the kernel. */
#include "sys/firewall/frames_write.h"

#include <arpa/inet.h>
#include <string.h>

#include "sys/firewall/frames_table.h"
#include "sys/firewall/nft_expr.h"
#include "sys/netlink/nl_batch.h"

#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>

#define FAMILY NFPROTO_BRIDGE
#define LEARNT_MS (3600ull * 1000)

/* ---- expressions ---- */

static bool is_second(enum vnm_frames_what what)
{
	return what == LINK_TOO || what == ABOVE_TOO;
}

static uint32_t base_of(enum vnm_frames_what what)
{
	return what == INTERNET			    ? NFT_PAYLOAD_NETWORK_HEADER
	       : what == ABOVE || what == ABOVE_TOO ? NFT_PAYLOAD_TRANSPORT_HEADER
						    : NFT_PAYLOAD_LL_HEADER;
}

static void put_field(struct vnm_nl_req *req, const struct vnm_frames_step *step)
{
	vnm_nft_put_field(req,
			  &(struct vnm_nft_field){ base_of(step->what), step->offset, step->len },
			  is_second(step->what) ? NFT_REG_2 : NFT_REG_1);
}

static void put_lookup(struct vnm_nl_req *req, const struct vnm_frames_step *step)
{
	vnm_nft_put_lookup(req, &(struct vnm_nft_lookup){ .set = vnm_frames_set_name(step->set),
							  .from = NFT_REG_1,
							  .into = -1,
							  .invert = step->what == NOT_AMONG });
}

static void put_learn(struct vnm_nl_req *req, const struct vnm_frames_step *step)
{
	struct nlattr *data, *item = vnm_nft_expr_begin(req, "dynset", &data);

	vnm_nl_put_str(req, NFTA_DYNSET_SET_NAME, vnm_frames_set_name(step->set));
	vnm_nft_put_number(req, NFTA_DYNSET_OP, NFT_DYNSET_OP_UPDATE);
	vnm_nft_put_number(req, NFTA_DYNSET_SREG_KEY, NFT_REG_1);
	vnm_nft_put_long(req, NFTA_DYNSET_TIMEOUT, LEARNT_MS);
	vnm_nft_expr_end(req, item, data);
}

static void put_step(struct vnm_nl_req *req, const struct vnm_frames_step *step)
{
	switch (step->what) {
	case TYPE: vnm_nft_put_meta(req, NFT_META_PROTOCOL, NFT_REG_1); break;
	case PROTO: vnm_nft_put_meta(req, NFT_META_L4PROTO, NFT_REG_1); break;
	case IN: vnm_nft_put_meta(req, NFT_META_IIFNAME, NFT_REG_1); break;
	case OUT:
	case OUT_TOO:
		vnm_nft_put_meta(req, NFT_META_OIFNAME,
				 step->what == OUT_TOO ? NFT_REG_2 : NFT_REG_1);
		break;
	case IN_INDEX: vnm_nft_put_meta(req, NFT_META_IIF, NFT_REG_1); break;
	case OUT_INDEX: vnm_nft_put_meta(req, NFT_META_OIF, NFT_REG_1); break;
	case BRIDGE: vnm_nft_put_meta(req, NFT_META_BRI_IIFNAME, NFT_REG_1); break;
	case LINK:
	case LINK_TOO:
	case ABOVE:
	case ABOVE_TOO:
	case INTERNET: put_field(req, step); break;
	case MASK: vnm_nft_put_mask(req, step->value, step->len); break;
	case IS:
	case ISNT:
		vnm_nft_put_compare(req, step->what == IS ? NFT_CMP_EQ : NFT_CMP_NEQ, step->value,
				    step->len);
		break;
	case AMONG:
	case NOT_AMONG: put_lookup(req, step); break;
	case LEARN: put_learn(req, step); break;
	case DROP: vnm_nft_put_verdict(req, NF_DROP, NULL); break;
	case ACCEPT: vnm_nft_put_verdict(req, NF_ACCEPT, NULL); break;
	case GUESTS: vnm_nft_put_verdict(req, NFT_GOTO, "guests"); break;
	case END: break;
	}
}

/* ---- messages ---- */

/* As nft writes a comment: a type, a length, the text. */
static void put_comment(struct vnm_nl_req *req, const char *comment)
{
	uint8_t data[64] = { 0, (uint8_t)(strlen(comment) + 1) };

	memcpy(data + 2, comment, strlen(comment) + 1);
	vnm_nl_put(req, NFTA_RULE_USERDATA, data, 2u + data[1]);
}

static void add_rule(struct vnm_nl_batch *batch, const struct vnm_frames_rule *rule)
{
	vnm_autonl struct vnm_nl_req req = { 0 };
	struct nlattr *list;

	vnm_nft_begin(&req, FAMILY, VNM_NFT_MESSAGE(NFT_MSG_NEWRULE), NLM_F_CREATE | NLM_F_APPEND);
	vnm_nl_put_str(&req, NFTA_RULE_TABLE, VNM_FRAMES_TABLE);
	vnm_nl_put_str(&req, NFTA_RULE_CHAIN, rule->chain);
	list = vnm_nl_nest(&req, NFTA_RULE_EXPRESSIONS);
	for (const struct vnm_frames_step *step = rule->steps; step->what != END; step++)
		put_step(&req, step);
	vnm_nl_nest_end(&req, list);
	put_comment(&req, rule->comment);
	vnm_nl_batch_add(batch, &req, NFT_MSG_NEWRULE);
}

/* The byte order of a key, as nft records it to list elements: 1 the host's, 2 big endian. */
static void put_order(struct vnm_nl_req *req, const struct vnm_frames_set_spec *set)
{
	uint32_t order = set->key_type == TYPE_ETHER ? 2 : 1;
	uint8_t data[2 + sizeof(order)] = { 0, sizeof(order) };

	if (set->key_type == TYPE_IFNAME_ETHER || set->key_type == TYPE_TWO_IFNAMES)
		return;
	memcpy(data + 2, &order, sizeof(order));
	vnm_nl_put(req, NFTA_SET_USERDATA, data, sizeof(data));
}

static void add_set(struct vnm_nl_batch *batch, enum vnm_frames_set which)
{
	const struct vnm_frames_set_spec *set = vnm_frames_set_spec(which);
	vnm_autonl struct vnm_nl_req req = { 0 };

	vnm_nft_begin(&req, FAMILY, VNM_NFT_MESSAGE(NFT_MSG_NEWSET), NLM_F_CREATE);
	vnm_nl_put_str(&req, NFTA_SET_TABLE, VNM_FRAMES_TABLE);
	vnm_nl_put_str(&req, NFTA_SET_NAME, set->name);
	vnm_nft_put_number(&req, NFTA_SET_ID, (uint32_t)which + 1);
	vnm_nft_put_number(&req, NFTA_SET_KEY_TYPE, set->key_type);
	vnm_nft_put_number(&req, NFTA_SET_KEY_LEN, set->key_len);
	put_order(&req, set);
	if (set->learns)
		vnm_nft_put_number(&req, NFTA_SET_FLAGS, NFT_SET_TIMEOUT | NFT_SET_EVAL);
	vnm_nl_batch_add(batch, &req, NFT_MSG_NEWSET);
}

/**
 * vnm_frames_add_structure() - create the table, which is absent, with its sets, chains and rules
 * @batch:   gets the messages
 * @by_name: rules can match a bridge's name
 */
void vnm_frames_add_structure(struct vnm_nl_batch *batch, bool by_name)
{
	const struct vnm_frames_rule *rule;

	vnm_nft_add_table(batch, NFT_MSG_NEWTABLE, FAMILY, VNM_FRAMES_TABLE);
	for (int set = 0; set < VNM_SET_COUNT; set++)
		if (vnm_frames_has_set((enum vnm_frames_set)set, by_name))
			add_set(batch, (enum vnm_frames_set)set);
	for (size_t i = 0; i < VNM_FRAMES_CHAINS; i++)
		vnm_nft_add_chain(batch, FAMILY, VNM_FRAMES_TABLE, vnm_frames_chain(i));
	for (size_t i = 0; (rule = vnm_frames_rule(i, by_name)); i++)
		add_rule(batch, rule);
}

/**
 * vnm_frames_add_element() - add an element to its set, or delete it
 * @batch:   gets the message
 * @element: the element
 * @comes:   add; it may be there already. Else delete; it must be there
 */
void vnm_frames_add_element(struct vnm_nl_batch *batch, const struct vnm_frames_element *element,
			    bool comes)
{
	const struct vnm_frames_set_spec *set = vnm_frames_set_spec(element->set);
	int type = comes ? NFT_MSG_NEWSETELEM : NFT_MSG_DELSETELEM;
	vnm_autonl struct vnm_nl_req req = { 0 };
	struct nlattr *list, *item;

	vnm_nft_begin(&req, FAMILY, VNM_NFT_MESSAGE(type), comes ? NLM_F_CREATE : 0);
	vnm_nl_put_str(&req, NFTA_SET_ELEM_LIST_TABLE, VNM_FRAMES_TABLE);
	vnm_nl_put_str(&req, NFTA_SET_ELEM_LIST_SET, set->name);
	list = vnm_nl_nest(&req, NFTA_SET_ELEM_LIST_ELEMENTS);
	item = vnm_nl_nest(&req, NFTA_LIST_ELEM);
	vnm_nft_put_value(&req, NFTA_SET_ELEM_KEY, element->key, set->key_len);
	vnm_nl_nest_end(&req, item);
	vnm_nl_nest_end(&req, list);
	vnm_nl_batch_add(batch, &req, type);
}
