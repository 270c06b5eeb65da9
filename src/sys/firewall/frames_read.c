// SPDX-License-Identifier: GPL-2.0-or-later
/* frames_read.c - read our table of frames; once for all networks, until something changes. */
#include "sys/firewall/frames_read.h"

#include <errno.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <stdlib.h>
#include <string.h>

#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>

#include "util/mem.h"

/** struct reading - a read in progress. @at: rules of each chain so far; @set: being read */
struct reading {
	struct vnm_frames *frames;
	bool chains[VNM_FRAMES_CHAINS];
	size_t at[VNM_FRAMES_CHAINS], n_chains, n_rules, wrong;
	enum vnm_frames_set set;
};

/** vnm_frames_elements_add() - append an element. */
void vnm_frames_elements_add(struct vnm_frames_elements *list, enum vnm_frames_set set,
			     const void *key, size_t len)
{
	struct vnm_frames_element *element;

	list->items = vnm_array_add(list->items, &list->n, sizeof(*list->items));
	element = &list->items[list->n - 1];
	*element = (struct vnm_frames_element){ .set = set };
	memcpy(element->key, key, len < sizeof(element->key) ? len : sizeof(element->key));
}

/** vnm_frames_elements_add_name() - the same, of a device */
void vnm_frames_elements_add_name(struct vnm_frames_elements *list, enum vnm_frames_set set,
				  const char *name)
{
	vnm_frames_elements_add(list, set, name, strlen(name));
}

/** vnm_frames_elements_add_pair() - the same, of a device and a MAC address */
void vnm_frames_elements_add_pair(struct vnm_frames_elements *list, enum vnm_frames_set set,
				  const char *name, const struct vnm_mac *mac)
{
	uint8_t key[VNM_FRAMES_KEY] = { 0 };

	memcpy(key, name, strnlen(name, IFNAMSIZ - 1));
	memcpy(key + IFNAMSIZ, mac->b, sizeof(mac->b));
	vnm_frames_elements_add(list, set, key, sizeof(key));
}

/** vnm_frames_elements_have() - is the element in the list? */
bool vnm_frames_elements_have(const struct vnm_frames_elements *list,
			      const struct vnm_frames_element *element)
{
	for (size_t i = 0; i < list->n; i++)
		if (list->items[i].set == element->set &&
		    !memcmp(list->items[i].key, element->key, sizeof(element->key)))
			return true;
	return false;
}

/** vnm_frames_elements_clear() - free the list. */
void vnm_frames_elements_clear(struct vnm_frames_elements *list)
{
	free(list->items);
	*list = (struct vnm_frames_elements){ 0 };
}

static int chain_number(const struct nlattr *name)
{
	for (int i = 0; i < VNM_FRAMES_CHAINS; i++)
		if (vnm_nft_is_text(name, vnm_frames_chain((size_t)i)->name))
			return i;
	return -1;
}

static int on_table(const struct nlmsghdr *hdr, void *data)
{
	struct nlattr *attrs[NFTA_TABLE_MAX + 1];
	struct reading *reading = data;

	if (nlmsg_parse((struct nlmsghdr *)hdr, sizeof(struct nfgenmsg), attrs, NFTA_TABLE_MAX,
			NULL) < 0 ||
	    !vnm_nft_is_text(attrs[NFTA_TABLE_NAME], VNM_FRAMES_TABLE))
		return 0;
	reading->frames->there = true;
	/* A dormant table has no effect. */
	reading->wrong += attrs[NFTA_TABLE_FLAGS] && !vnm_nft_is_number(attrs[NFTA_TABLE_FLAGS], 0);
	return 0;
}

static bool same_chain(struct nlattr *const attrs[], const struct vnm_nft_chain_spec *want)
{
	struct nlattr *hook[NFTA_HOOK_MAX + 1];

	if (want->hook < 0)
		return !attrs[NFTA_CHAIN_HOOK];
	return attrs[NFTA_CHAIN_HOOK] &&
	       nla_parse_nested(hook, NFTA_HOOK_MAX, attrs[NFTA_CHAIN_HOOK], NULL) == 0 &&
	       vnm_nft_is_number(hook[NFTA_HOOK_HOOKNUM], (uint32_t)want->hook) &&
	       vnm_nft_is_number(hook[NFTA_HOOK_PRIORITY], (uint32_t)want->priority) &&
	       vnm_nft_is_number(attrs[NFTA_CHAIN_POLICY], NF_ACCEPT);
}

static int on_chain(const struct nlmsghdr *hdr, void *data)
{
	struct nlattr *attrs[NFTA_CHAIN_MAX + 1];
	struct reading *reading = data;
	int chain;

	if (nlmsg_parse((struct nlmsghdr *)hdr, sizeof(struct nfgenmsg), attrs, NFTA_CHAIN_MAX,
			NULL) < 0 ||
	    !vnm_nft_is_text(attrs[NFTA_CHAIN_TABLE], VNM_FRAMES_TABLE))
		return 0;
	chain = chain_number(attrs[NFTA_CHAIN_NAME]);
	if (chain >= 0 && same_chain(attrs, vnm_frames_chain((size_t)chain)))
		reading->n_chains++;
	return 0;
}

static int on_set(const struct nlmsghdr *hdr, void *data)
{
	struct nlattr *attrs[NFTA_SET_MAX + 1];
	struct reading *reading = data;

	if (nlmsg_parse((struct nlmsghdr *)hdr, sizeof(struct nfgenmsg), attrs, NFTA_SET_MAX,
			NULL) == 0 &&
	    vnm_nft_is_text(attrs[NFTA_SET_TABLE], VNM_FRAMES_TABLE) &&
	    vnm_nft_is_text(attrs[NFTA_SET_NAME], vnm_frames_set_name(VNM_SET_SERVED)))
		reading->frames->by_name = true;
	return 0;
}

/* A rule is recognised by its comment, which somebody's replacement will not have. */
static int on_rule(const struct nlmsghdr *hdr, void *data)
{
	struct nlattr *attrs[NFTA_RULE_MAX + 1];
	struct reading *reading = data;
	const char *comment = "";
	int chain, len;

	if (nlmsg_parse((struct nlmsghdr *)hdr, sizeof(struct nfgenmsg), attrs, NFTA_RULE_MAX,
			NULL) < 0 ||
	    !vnm_nft_is_text(attrs[NFTA_RULE_TABLE], VNM_FRAMES_TABLE))
		return 0;
	chain = chain_number(attrs[NFTA_RULE_CHAIN]);
	if (chain < 0)
		return 0;
	len = attrs[NFTA_RULE_USERDATA] ? nla_len(attrs[NFTA_RULE_USERDATA]) : 0;
	if (len > 2 && ((const char *)nla_data(attrs[NFTA_RULE_USERDATA]))[len - 1] == '\0')
		comment = (const char *)nla_data(attrs[NFTA_RULE_USERDATA]) + 2;
	reading->wrong += !vnm_frames_is_rule(reading->at[chain]++, reading->frames->by_name,
					      vnm_frames_chain((size_t)chain)->name, comment);
	reading->n_rules++;
	return 0;
}

static struct vnm_frames_elements *list_of(const struct reading *reading)
{
	return reading->set == VNM_SET_PORTS ? &reading->frames->learnt
					     : &reading->frames->elements;
}

static int on_element(const struct nlmsghdr *hdr, void *data)
{
	struct nlattr *attrs[NFTA_SET_ELEM_LIST_MAX + 1], *item;
	struct reading *reading = data;
	int rest;

	if (nlmsg_parse((struct nlmsghdr *)hdr, sizeof(struct nfgenmsg), attrs,
			NFTA_SET_ELEM_LIST_MAX, NULL) < 0 ||
	    !attrs[NFTA_SET_ELEM_LIST_ELEMENTS])
		return 0;
	nla_for_each_nested(item, attrs[NFTA_SET_ELEM_LIST_ELEMENTS], rest)
	{
		struct nlattr *elem[NFTA_SET_ELEM_MAX + 1], *key[NFTA_DATA_MAX + 1];

		if (nla_parse_nested(elem, NFTA_SET_ELEM_MAX, item, NULL) == 0 &&
		    elem[NFTA_SET_ELEM_KEY] &&
		    nla_parse_nested(key, NFTA_DATA_MAX, elem[NFTA_SET_ELEM_KEY], NULL) == 0 &&
		    key[NFTA_DATA_VALUE])
			vnm_frames_elements_add(list_of(reading), reading->set,
						nla_data(key[NFTA_DATA_VALUE]),
						(size_t)nla_len(key[NFTA_DATA_VALUE]));
	}
	return 0;
}

/* Restart the answer to one request. */
static void restart_reading(void *data)
{
	struct reading *reading = data;
	struct vnm_frames_elements *list = list_of(reading);

	reading->n_chains = reading->n_rules = reading->wrong = 0;
	memset(reading->at, 0, sizeof(reading->at));
	while (list->n > 0 && list->items[list->n - 1].set == reading->set)
		list->n--;
}

/* @table_attr, @set_attr: the request's attributes for them; 0: none. */
static int dump(struct nl_sock **sock, struct reading *reading, int type, int table_attr,
		int set_attr, int (*each)(const struct nlmsghdr *hdr, void *data))
{
	struct vnm_nl_sink sink = { each, restart_reading, reading };
	vnm_autonl struct vnm_nl_req req = { 0 };

	vnm_nft_begin(&req, NFPROTO_BRIDGE, VNM_NFT_MESSAGE(type), 0);
	if (table_attr)
		vnm_nl_put_str(&req, table_attr, VNM_FRAMES_TABLE);
	if (set_attr)
		vnm_nl_put_str(&req, set_attr, vnm_frames_set_name(reading->set));
	return vnm_nft_dump(sock, &req, &sink);
}

static int read_elements(struct nl_sock **sock, struct reading *reading)
{
	int r = 0;

	for (int set = 0; set < VNM_SET_COUNT && r == 0; set++) {
		reading->set = (enum vnm_frames_set)set;
		if (!vnm_frames_has_set(reading->set, reading->frames->by_name))
			continue;
		r = dump(sock, reading, NFT_MSG_GETSETELEM, NFTA_SET_ELEM_LIST_TABLE,
			 NFTA_SET_ELEM_LIST_SET, on_element);
		if (r == -ENOENT) {
			reading->wrong++; /* the set is gone */
			r = 0;
		}
	}
	return r;
}

static int read_table(struct nl_sock **sock, struct reading *reading)
{
	size_t wrong;
	int r = dump(sock, reading, NFT_MSG_GETTABLE, 0, 0, on_table);

	if (r < 0 || !reading->frames->there)
		return r;
	wrong = reading->wrong;
	r = dump(sock, reading, NFT_MSG_GETSET, 0, 0, on_set);
	if (r == 0)
		r = dump(sock, reading, NFT_MSG_GETCHAIN, 0, 0, on_chain);
	wrong += reading->n_chains != VNM_FRAMES_CHAINS;
	reading->wrong = 0;
	if (r == 0)
		r = dump(sock, reading, NFT_MSG_GETRULE, NFTA_RULE_TABLE, 0, on_rule);
	reading->wrong +=
		wrong + (reading->n_rules != vnm_frames_count_rules(reading->frames->by_name));
	return r < 0 ? r : read_elements(sock, reading);
}

/* Has the kernel, or the container, no such tables? Not if there is one. */
static bool is_lack(int r)
{
	return r == -EOPNOTSUPP || r == -EPROTONOSUPPORT || r == -EPERM || r == -EINVAL ||
	       r == -ENOENT;
}

/**
 * vnm_frames_read() - read the table
 * @sys: the handles, which keep the result
 * @ret: the result; an absent table where the kernel has no nf_tables
 *
 * Return: 0 or -errno.
 */
int vnm_frames_read(struct vnm_sys *sys, const struct vnm_frames **ret)
{
	struct reading reading = { 0 };
	int r;

	if (!sys->frames) {
		sys->frames = reading.frames = vnm_alloc(sizeof(*reading.frames));
		r = read_table(&sys->nft_read_sock, &reading);
		reading.frames->whole = reading.frames->there && reading.wrong == 0;
		if (r < 0 && (reading.frames->there || !is_lack(r))) {
			vnm_frames_forget(sys);
			return r;
		}
	}
	*ret = sys->frames;
	return 0;
}

/** vnm_frames_forget() - drop the cached table, which may change now. */
void vnm_frames_forget(struct vnm_sys *sys)
{
	if (!sys->frames)
		return;
	vnm_frames_elements_clear(&sys->frames->elements);
	vnm_frames_elements_clear(&sys->frames->learnt);
	free(sys->frames);
	sys->frames = NULL;
}
