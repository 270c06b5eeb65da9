/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * nft_read.h - the chains of nf_tables and what their rules would do with a packet: of other programs, and only read.
 */
#ifndef VNM_SYS_NFT_READ_H
#define VNM_SYS_NFT_READ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sys/sys.h"

struct nlattr;

/** struct vnm_nft_rule - @exprs: the kernel's own message, @len bytes of expressions. */
struct vnm_nft_rule {
	uint64_t handle;
	char *exprs;
	size_t len;
};

/**
 * struct vnm_nft_chain - one chain.
 * @family: of its table (NFPROTO_*)
 * @hook:   NF_INET_*; -1: packets come to it from other chains only
 * @drops:  its policy
 * @read:   @rules are there
 */
struct vnm_nft_chain {
	uint8_t family;
	char *table, *name;
	int hook;
	bool drops, read;
	struct vnm_nft_rule *rules;
	size_t n;
};

struct vnm_nft;

size_t vnm_nft_chains(struct vnm_sys *sys, struct vnm_nft_chain **ret);
struct vnm_nft_chain *vnm_nft_find(struct vnm_sys *sys, const struct vnm_nft_chain *near,
				   const char *name);
bool vnm_nft_rules(struct vnm_sys *sys, struct vnm_nft_chain *chain);
void vnm_nft_free(struct vnm_nft *nft);

/**
 * struct vnm_nft_probe - the packet that is asked for.
 * @in, @out: the devices; "": from, or to, somewhere outside of this host; NULL: no device at this hook
 * @fresh:    the first of its connection; else one of an established connection
 * @proto, @dport: 0: any
 */
struct vnm_nft_probe {
	const char *in, *out;
	bool fresh;
	uint8_t nfproto, proto;
	uint16_t dport;
};

/** enum vnm_nft_fate - what becomes of it. */
enum vnm_nft_fate {
	VNM_FATE_FALLS,		/* no rule decides */
	VNM_FATE_ACCEPTED,
	VNM_FATE_MAYBE,		/* there is a rule that may accept it */
	VNM_FATE_DROPPED,
};

enum vnm_nft_fate vnm_nft_fate(struct vnm_sys *sys, struct vnm_nft_chain *chain,
			       const struct vnm_nft_probe *probe, uint64_t *ret_handle);

#endif
