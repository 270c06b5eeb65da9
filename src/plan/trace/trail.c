/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * trail.c - where the trail of a packet ends, and what decided.
 *
 * Theory of operation. A packet must be accepted by every base chain at its hook, so only a drop ends its way, and it is the
 * last report. Where the table that follows the packet reports that it has caught it at the last hook, it passed. If
 * neither is so, the packet was lost between two hooks: by the routing decision, by the bridge, by connection tracking.
 */
#include "plan/trace/trail.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

static const char *const stages[] = {
	[VNM_STAGE_INGRESS] = "ingress",	 [VNM_STAGE_BRIDGE] = "bridge",
	[VNM_STAGE_PREROUTING] = "prerouting",	 [VNM_STAGE_INPUT] = "input",
	[VNM_STAGE_FORWARD] = "forward",	 [VNM_STAGE_OUTPUT] = "output",
	[VNM_STAGE_POSTROUTING] = "postrouting",
};

/** vnm_stage_name() - its name, as nft(8) has it */
const char *vnm_stage_name(enum vnm_stage stage)
{
	return stages[stage];
}

/** vnm_trail_clear() - free a trail */
void vnm_trail_clear(struct vnm_trail *trail)
{
	for (size_t i = 0; i < trail->n; i++)
		free(trail->events[i].text);
	free(trail->events);
	*trail = (struct vnm_trail){ 0 };
}

static bool stops(const struct vnm_trace_event *event)
{
	return event->fate == VNM_FATED_DROP || event->fate == VNM_FATED_REJECT ||
	       event->fate == VNM_FATED_AWAY;
}

/**
 * vnm_trail_judge() - where does it end?
 * @trail: the trail
 * @ret:   gets that
 *
 * A frame that is flooded has several trails. It passes if one of them does.
 */
void vnm_trail_judge(const struct vnm_trail *trail, struct vnm_trail_end *ret)
{
	*ret = (struct vnm_trail_end){ 0 };
	for (size_t i = 0; i < trail->n && !ret->reached; i++) {
		const struct vnm_trace_event *event = &trail->events[i];

		if (event->kind == VNM_TRACED_LOG)
			continue;
		ret->last = event;
		ret->reached = event->ours && event->fate == VNM_FATED_DROP;
		if (stops(event) && !event->ours)
			ret->decided = event;
	}
	if (ret->reached)
		ret->decided = NULL;
}

/** vnm_trace_event_translated() - do the addresses or ports of two reports differ? Unreported ones do not. */
bool vnm_trace_event_translated(const struct vnm_trace_event *before,
				const struct vnm_trace_event *after, bool *ret_src, bool *ret_dst)
{
	bool known = before->src.family && after->src.family;

	*ret_src = known &&
		   (!vnm_addr_equal(&before->src, &after->src) || before->sport != after->sport);
	*ret_dst = known &&
		   (!vnm_addr_equal(&before->dst, &after->dst) || before->dport != after->dport);
	return *ret_src || *ret_dst;
}

/** vnm_trail_addresses() - the last report up to the end of a stage that has addresses; NULL: none */
const struct vnm_trace_event *vnm_trail_addresses(const struct vnm_trail *trail,
						  enum vnm_stage stage)
{
	const struct vnm_trace_event *found = NULL;

	for (size_t i = 0; i < trail->n; i++)
		if (trail->events[i].stage <= stage && trail->events[i].src.family)
			found = &trail->events[i];
	return found;
}

/** vnm_trail_translator() - the rule of that stage that decided about translation; NULL: none */
const struct vnm_trace_event *vnm_trail_translator(const struct vnm_trail *trail,
						   enum vnm_stage stage)
{
	const struct vnm_trace_event *found = NULL;

	for (size_t i = 0; i < trail->n; i++) {
		const struct vnm_trace_event *event = &trail->events[i];

		if (event->stage == stage && event->kind == VNM_TRACED_RULE &&
		    event->fate == VNM_FATED_ACCEPT && event->nat)
			found = event;
	}
	return found;
}

/** vnm_trail_untracker() - the rule that keeps the packet from connection tracking, and so from translation; NULL: none */
const struct vnm_trace_event *vnm_trail_untracker(const struct vnm_trail *trail)
{
	for (size_t i = 0; i < trail->n; i++)
		if (trail->events[i].untracks)
			return &trail->events[i];
	return NULL;
}

/** vnm_trail_mark() - the packet's mark at the end of a stage */
uint32_t vnm_trail_mark(const struct vnm_trail *trail, enum vnm_stage stage)
{
	uint32_t mark = 0;

	for (size_t i = 0; i < trail->n; i++)
		if (trail->events[i].stage <= stage && trail->events[i].mark)
			mark = trail->events[i].mark;
	return mark;
}
