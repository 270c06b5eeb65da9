/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nftables_seen.h - what was read of the tables of the back end "nftables", kept until something changes. */
#ifndef VNM_SYS_NFTABLES_SEEN_H
#define VNM_SYS_NFTABLES_SEEN_H

#include "plan/firewall/nftables_layout.h"
#include "sys/firewall/nft_read.h"

#define VNM_NFTABLES_FAMILIES 2 /* VNM_NFTABLES_AT() */
#define VNM_NFTABLES_AT(family) ((family) == AF_INET6)

/** enum vnm_nftables_table - whether our table is there; dormant: without effect. */
enum vnm_nftables_table {
	VNM_NFTABLES_UNKNOWN,
	VNM_NFTABLES_ABSENT,
	VNM_NFTABLES_DORMANT,
	VNM_NFTABLES_THERE
};

/**
 * struct vnm_nftables_chain - a chain as it was read
 * @led:  the map's element leads to it
 * @lens: the prefix lengths by which its rules look up sources, @n_lens; if @lens_read
 */
struct vnm_nftables_chain {
	struct vnm_nft_chain chain;
	enum vnm_tristate led;
	unsigned *lens;
	size_t n_lens;
	bool lens_read;
};

/** struct vnm_nftables_element - where a map leads with a key. */
struct vnm_nftables_element {
	int family;
	char map[VNM_NFTABLES_MAP];
	uint8_t key[VNM_NFTABLES_KEY];
	char chain[VNM_NFTABLES_NAME];
};

/**
 * struct vnm_nftables - what was read; by family: VNM_NFTABLES_AT()
 * @chains:   sorted
 * @elements: sorted
 * @whole:    all chains and elements were read: others do not exist
 * @reviewed: by family: @base_faults has what a review of the chains that are there for all networks has found
 */
struct vnm_nftables {
	struct vnm_nftables_chain **chains;
	size_t n;
	struct vnm_nftables_element *elements;
	size_t n_elements;
	enum vnm_nftables_table tables[VNM_NFTABLES_FAMILIES];
	bool whole, reviewed[VNM_NFTABLES_FAMILIES];
	struct vnm_warnings base_faults[VNM_NFTABLES_FAMILIES];
};

struct vnm_nftables *vnm_nftables_seen(struct vnm_sys *sys);
struct vnm_nftables_chain *vnm_nftables_seen_find(struct vnm_sys *sys, int family,
						  const char *name);
struct vnm_nftables_chain *vnm_nftables_seen_chain(struct vnm_sys *sys, int family,
						   const char *name);
const char *vnm_nftables_seen_led(struct vnm_sys *sys, const struct vnm_nftables_place *place);
void vnm_nftables_seen_add(struct vnm_nftables *is, const struct vnm_nft_chain *list, size_t n);
void vnm_nftables_seen_sort(struct vnm_nftables *is);
void vnm_nftables_forget(struct vnm_sys *sys);

#endif
