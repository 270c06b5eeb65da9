/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * trail.h - the trail of one packet through the chains of all packet filters, and where it ends. Pure.
 *
 * The kernel reports, in order, each rule that the packet matched, of nf_tables and of the legacy tables, and each end of a
 * chain. Rules that did not match are not reported.
 */
#ifndef VNM_PLAN_TRAIL_H
#define VNM_PLAN_TRAIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/addr.h"

#define VNM_TRAIL_NAME 64

/** enum vnm_traced_kind - what was reported. */
enum vnm_traced_kind {
	VNM_TRACED_RULE, /* a rule matched */
	VNM_TRACED_END, /* the end of a chain that was called */
	VNM_TRACED_POLICY, /* the end of a base chain */
	VNM_TRACED_LOG, /* words of the kernel's own about the packet, as table */
};

/** enum vnm_fate - what a rule, or a policy, did. */
enum vnm_fate {
	VNM_FATED_ON, /* it goes on: to the next rule, or in another chain */
	VNM_FATED_ACCEPT, /* the base chain is done with */
	VNM_FATED_DROP,
	VNM_FATED_REJECT, /* dropped, with an answer */
	VNM_FATED_AWAY, /* taken out: to a program (queue), by another part of the kernel (stolen) */
};

/** enum vnm_stage - where the packet was. In the order in which it gets there, but for what a bridge does last. */
enum vnm_stage {
	VNM_STAGE_INGRESS,
	VNM_STAGE_BRIDGE, /* any hook of the bridge */
	VNM_STAGE_PREROUTING,
	VNM_STAGE_INPUT,
	VNM_STAGE_FORWARD,
	VNM_STAGE_OUTPUT,
	VNM_STAGE_POSTROUTING,
	VNM_STAGE_COUNT
};

/**
 * struct vnm_trace_event - one report.
 * @legacy: of a legacy table, whose rules have numbers, from 1; else of nf_tables, whose rules have handles
 * @nat:    of a chain that translates addresses
 * @ours:   of the table that follows the packet
 * @untracks: the rule keeps the packet from connection tracking
 * @family: of the table, NFPROTO_*
 * @number: the number or handle; 0: none
 * @ordinal: its number in the chain, from 1; 0: unknown
 * @text:   the rule, as far as it can be printed; NULL: unknown
 * @in, @out, @physical_in, @physical_out: indexes of devices; 0: not reported
 * @hops: how many more it may take: its time to live
 * @src, @dst, @sport, @dport: as they are here; family AF_UNSPEC: not reported
 */
struct vnm_trace_event {
	bool legacy, ours, nat, untracks;
	enum vnm_traced_kind kind;
	enum vnm_stage stage;
	enum vnm_fate fate;
	uint8_t family;
	char table[VNM_TRAIL_NAME], chain[VNM_TRAIL_NAME];
	uint64_t number;
	unsigned ordinal;
	char *text;
	int in, out, physical_in, physical_out;
	uint32_t mark, state;
	uint8_t hops;
	struct vnm_addr src, dst;
	uint16_t sport, dport;
};

/**
 * struct vnm_trail - the reports about one packet
 * @lost:    some were lost: the kernel's queue was full
 * @partial: those of legacy tables are not among them
 */
struct vnm_trail {
	struct vnm_trace_event *events;
	size_t n;
	bool lost, partial;
};

/**
 * struct vnm_trail_end - where it ends
 * @reached: it passed all filters of the last stage, at @last's
 * @decided: the rule or policy that stopped it; NULL: none did
 * @last:    the last report; NULL: there is none
 */
struct vnm_trail_end {
	bool reached;
	const struct vnm_trace_event *decided, *last;
};

void vnm_trail_clear(struct vnm_trail *trail);
#define vnm_autotrail __attribute__((cleanup(vnm_trail_clear)))

void vnm_trail_judge(const struct vnm_trail *trail, struct vnm_trail_end *ret);
bool vnm_trace_event_translated(const struct vnm_trace_event *before,
				const struct vnm_trace_event *after, bool *ret_src, bool *ret_dst);
const struct vnm_trace_event *vnm_trail_addresses(const struct vnm_trail *trail,
						  enum vnm_stage stage);
const struct vnm_trace_event *vnm_trail_translator(const struct vnm_trail *trail,
						   enum vnm_stage stage);
const struct vnm_trace_event *vnm_trail_untracker(const struct vnm_trail *trail);
uint32_t vnm_trail_mark(const struct vnm_trail *trail, enum vnm_stage stage);
const char *vnm_stage_name(enum vnm_stage stage);

#endif
