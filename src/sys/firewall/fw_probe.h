/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fw_probe.h - a packet in question: what is known of it, whether conditions hold for it, and what becomes of it. */
#ifndef VNM_SYS_FW_PROBE_H
#define VNM_SYS_FW_PROBE_H

#include "sys/sys.h"

/**
 * struct vnm_fw_probe - the packet in question.
 * @in, @out: the devices; "": from, or to, somewhere outside of this host; NULL: no device at this hook
 * @fresh:    the first of its connection; else one of an established connection
 * @proto, @dport: 0: any
 * @src, @dst: the subnets that its addresses are in; without a family: any
 * @icmp6:    with IPPROTO_ICMPV6: the type; 0: any
 */
struct vnm_fw_probe {
	const char *in, *out;
	bool fresh;
	uint8_t nfproto, proto;
	uint16_t dport;
	uint8_t icmp6;
	struct vnm_prefix src, dst;
};

/** enum vnm_fw_answer - does a condition hold? In this order a rule has the least of its conditions' answers. */
enum vnm_fw_answer { VNM_ANSWER_NO, VNM_ANSWER_MAYBE, VNM_ANSWER_YES };

/** enum vnm_fw_verdict - what a rule does with the packets that it matches. @VNM_VERDICT_OTHER: unknown */
enum vnm_fw_verdict {
	VNM_VERDICT_GOES_ON,
	VNM_VERDICT_ACCEPT,
	VNM_VERDICT_DROP,
	VNM_VERDICT_RETURN,
	VNM_VERDICT_JUMP,
	VNM_VERDICT_GOTO,
	VNM_VERDICT_OTHER,
};

/** enum vnm_fw_fate - what becomes of the packet. */
enum vnm_fw_fate {
	VNM_FATE_FALLS, /* no rule decides */
	VNM_FATE_ACCEPTED,
	VNM_FATE_MAYBE, /* a rule may accept it */
	VNM_FATE_DROPPED,
};

/** struct vnm_fw_match - a match of xtables. @data: of @len bytes */
struct vnm_fw_match {
	const char *name;
	unsigned revision;
	const void *data;
	size_t len;
};

enum vnm_fw_answer vnm_fw_probe_dev(struct vnm_sys *sys, const char *dev, const char *name,
				    size_t len);
enum vnm_fw_answer vnm_fw_probe_match(const struct vnm_fw_probe *probe,
				      const struct vnm_fw_match *match);
enum vnm_fw_answer vnm_fw_probe_subnet(const struct vnm_prefix *known, const unsigned char *addr,
				       const unsigned char *mask, size_t len);
enum vnm_fw_answer vnm_fw_answer_not(enum vnm_fw_answer answer);
bool vnm_fw_lets_go(const char *chain);
bool vnm_fw_decide(enum vnm_fw_verdict verdict, bool certain, enum vnm_fw_fate inner,
		   enum vnm_fw_fate *ret);

#endif
