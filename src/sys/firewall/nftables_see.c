// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * nftables_see.c - read the tables of the back end "nftables" whole.
 *
 * For one network its chains are read one by one (nftables_read.c). For a command that looks at most networks, one dump of
 * the rules and one of each map take a fraction of the time that a request for each chain and each element takes. If
 * such a dump is interrupted again and again, by other programs' transactions, the chains are read one by one after all.
 */
#include "sys/firewall/nftables_see.h"

#include <errno.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "sys/firewall/nft_write.h"
#include "sys/firewall/nftables_read.h"
#include "sys/firewall/nftables_write.h"
#include "util/mem.h"

#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>

static const int families[] = { AF_INET, AF_INET6 };

/** struct map_dump - of a map. @is: gets its elements, from @first on */
struct map_dump {
	const struct vnm_nftables_map *map;
	struct vnm_nftables *is;
	size_t first;
};

static void restart_map(void *data)
{
	struct map_dump *dump = data;

	dump->is->n_elements = dump->first;
}

static bool parse_element(struct nlattr *attr, struct vnm_nftables_element *ret)
{
	struct nlattr *elem[NFTA_SET_ELEM_MAX + 1], *key[NFTA_DATA_MAX + 1];

	if (nla_parse_nested(elem, NFTA_SET_ELEM_MAX, attr, NULL) < 0 || !elem[NFTA_SET_ELEM_KEY] ||
	    nla_parse_nested(key, NFTA_DATA_MAX, elem[NFTA_SET_ELEM_KEY], NULL) < 0 ||
	    !key[NFTA_DATA_VALUE] || (size_t)nla_len(key[NFTA_DATA_VALUE]) > sizeof(ret->key))
		return false;
	memcpy(ret->key, nla_data(key[NFTA_DATA_VALUE]), (size_t)nla_len(key[NFTA_DATA_VALUE]));
	return vnm_nftables_jump_of(elem, ret->chain);
}

static int on_elements(const struct nlmsghdr *hdr, void *data)
{
	struct nlattr *list[NFTA_SET_ELEM_LIST_MAX + 1], *attr;
	struct map_dump *dump = data;
	struct vnm_nftables *is = dump->is;
	int left;

	if (nlmsg_parse((struct nlmsghdr *)hdr, sizeof(struct nfgenmsg), list,
			NFTA_SET_ELEM_LIST_MAX, NULL) < 0 ||
	    !list[NFTA_SET_ELEM_LIST_ELEMENTS])
		return 0;
	nla_for_each_nested(attr, list[NFTA_SET_ELEM_LIST_ELEMENTS], left)
	{
		struct vnm_nftables_element one = { .family = dump->map->family };

		memcpy(one.map, dump->map->name, sizeof(one.map));
		if (!parse_element(attr, &one))
			continue;
		is->elements = vnm_array_add(is->elements, &is->n_elements, sizeof(one));
		is->elements[is->n_elements - 1] = one;
	}
	return 0;
}

/* Return: 0 or -errno. */
static int read_map(struct vnm_sys *sys, const struct vnm_nftables_map *map)
{
	struct vnm_nftables *is = vnm_nftables_seen(sys);
	struct map_dump dump = { map, is, is->n_elements };
	vnm_autonl struct vnm_nl_req req = { 0 };
	int r;

	vnm_nft_begin(&req, vnm_nftables_proto(map->family), VNM_NFT_MESSAGE(NFT_MSG_GETSETELEM),
		      0);
	vnm_nl_put_str(&req, NFTA_SET_ELEM_LIST_TABLE, VNM_NFTABLES_TABLE);
	vnm_nl_put_str(&req, NFTA_SET_ELEM_LIST_SET, map->name);
	r = vnm_nft_dump(&sys->nft_read_sock, &req,
			 &(struct vnm_nl_sink){ on_elements, restart_map, &dump });
	return r == -ENOENT ? 0 : r;
}

/* ---- whole tables ---- */

static int read_rules(struct vnm_sys *sys, int family)
{
	struct vnm_nftables *is = vnm_nftables_seen(sys);
	struct vnm_nft_chain *list = NULL;
	size_t n = 0;
	int r = vnm_nft_table_rules(sys, vnm_nftables_proto(family), VNM_NFTABLES_TABLE, &list, &n);

	vnm_nftables_seen_add(is, list, n);
	vnm_nftables_seen_sort(is);
	free(list);
	return r;
}

/* Of the maps of sources there are as many as prefix lengths. */
static int read_source_maps(struct vnm_sys *sys, int family, enum vnm_fw_chain chain)
{
	const char *name = vnm_nftables_source_chain(chain);
	unsigned lens[VNM_NFTABLES_LENS] = { 0 };
	size_t n = 0;
	int r = name ? vnm_nftables_read_lens(sys, family, chain, lens, &n) : 0;

	for (size_t i = 0; i < n && r == 0; i++) {
		struct vnm_nftables_map map = { family, VNM_BY_SRC, lens[i], "" };

		vnm_nftables_name_source(name, &map);
		r = read_map(sys, &map);
	}
	return r;
}

static int see_family(struct vnm_sys *sys, int family)
{
	enum vnm_nftables_table table;
	struct vnm_nftables_map map;
	int r = vnm_nftables_read_table(sys, family, &table);

	if (r < 0 || table == VNM_NFTABLES_ABSENT)
		return r;
	r = read_rules(sys, family);
	for (size_t i = 0; r == 0 && vnm_nftables_map(family, i, &map); i++)
		r = read_map(sys, &map);
	for (int c = 0; r == 0 && c < VNM_CHAIN_COUNT; c++)
		r = read_source_maps(sys, family, (enum vnm_fw_chain)c);
	return r;
}

/**
 * vnm_nftables_see() - read all at once, for a command that looks at most networks
 * @sys: the handles; until vnm_nftables_forget(), chains and elements are those of now
 *
 * Best effort: if that fails, each is read when it is asked for.
 */
void vnm_nftables_see(struct vnm_sys *sys)
{
	int r = 0;

	vnm_nftables_forget(sys);
	for (size_t f = 0; f < VNM_ARRAY_SIZE(families) && r == 0; f++)
		r = see_family(sys, families[f]);
	if (r < 0) {
		vnm_nftables_forget(sys);
		return;
	}
	vnm_nftables_seen_sort(sys->nftables);
	sys->nftables->whole = true;
}
