/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nft_fate.h - what the rules of a chain of nf_tables do with a packet. */
#ifndef VNM_SYS_NFT_FATE_H
#define VNM_SYS_NFT_FATE_H

#include "sys/firewall/nft_read.h"

/**
 * struct vnm_nft_probe - the packet in question.
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
	VNM_FATE_MAYBE,		/* a rule may accept it */
	VNM_FATE_DROPPED,
};

enum vnm_nft_fate vnm_nft_fate(struct vnm_sys *sys, struct vnm_nft_chain *chain,
			       const struct vnm_nft_probe *probe, uint64_t *ret_handle);

#endif
