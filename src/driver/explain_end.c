/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * explain_end.c - what a trail says.
 *
 * A rule that stops a packet is the last one. Where the trail ends without one, the packet was lost between two hooks, and
 * what is there is asked for: connection tracking, the routing decision, the bridge. A packet that was caught at its end
 * still needs a next hop, and an answer needs a way back.
 */
#include "driver/explain_end.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "driver/explain_back.h"
#include "driver/explain_guest.h"
#include "driver/explain_reply.h"
#include "driver/explain_route.h"
#include "driver/explain_service.h"
#include "plan/trace/rule_words.h"
#include "run/guest_state.h"
#include "state/guest_store.h"
#include "state/session.h"
#include "sys/host/proc_sys.h"
#include "sys/link/link.h"
#include "sys/link/neighbour.h"
#include "util/file.h"
#include "util/mem.h"

/* ---- the way so far ---- */

static void add_endpoint(struct vnm_buf *out, const struct vnm_addr *addr, uint16_t port)
{
	char text[VNM_ADDR_STRLEN];
	bool v6 = addr->family == AF_INET6 && port;

	vnm_buf_printf(out, "%s%s%s", v6 ? "[" : "", vnm_addr_format(addr, text), v6 ? "]" : "");
	if (port)
		vnm_buf_printf(out, ":%u", port);
}

/* The rule that counted at a stage: the last that accepted, with what it did to the addresses. */
static void describe_stage(const struct vnm_trail *trail, enum vnm_stage stage, struct vnm_buf *out)
{
	const struct vnm_trace_event *rule = NULL;
	vnm_autobuf struct vnm_buf place = { 0 };

	for (size_t i = 0; i < trail->n; i++)
		if (trail->events[i].stage == stage && !trail->events[i].ours &&
		    trail->events[i].kind == VNM_TRACED_RULE &&
		    trail->events[i].fate == VNM_FATED_ACCEPT)
			rule = &trail->events[i];
	if (!rule) {
		vnm_buf_add(out, "no rule decides");
		return;
	}
	vnm_rule_place(rule, &place);
	vnm_buf_printf(out, "accepted by %s%s%s", vnm_buf_str(&place), rule->text ? ": " : "",
		       rule->text ? rule->text : "");
}

/* The first report at a stage, or, @later, behind it, that has addresses. */
static const struct vnm_trace_event *first_addresses(const struct vnm_trail *trail,
						     enum vnm_stage stage, bool later)
{
	for (size_t i = 0; i < trail->n; i++)
		if (trail->events[i].src.family &&
		    (later ? trail->events[i].stage > stage : trail->events[i].stage == stage))
			return &trail->events[i];
	return NULL;
}

/* A destination is translated when the rules of its stage are done, so that only the next stage reports it. */
static void describe_translation(const struct vnm_trail *trail, enum vnm_stage stage,
				 struct vnm_buf *out)
{
	const bool last = stage == VNM_STAGE_INPUT || stage == VNM_STAGE_FORWARD;
	const struct vnm_trace_event *before = NULL, *after = NULL;
	bool src, dst;

	if (stage == VNM_STAGE_PREROUTING || stage == VNM_STAGE_OUTPUT)
		after = first_addresses(trail, stage, true);
	if (stage > 0 && !last)
		before = vnm_trail_addresses(trail, stage - 1);
	if (!before)
		before = first_addresses(trail, stage, false);
	for (size_t i = trail->n; !after && i > 0; i--)
		if (trail->events[i - 1].stage == stage && trail->events[i - 1].src.family)
			after = &trail->events[i - 1];
	if (!before || !after || !vnm_trace_event_translated(before, after, &src, &dst))
		return;
	if (src) {
		vnm_buf_add(out, "; the source becomes ");
		add_endpoint(out, &after->src, after->sport);
	}
	if (dst) {
		vnm_buf_add(out, "; the destination becomes ");
		add_endpoint(out, &after->dst, after->dport);
	}
}

static void describe(struct vnm_explain_case *of, const struct vnm_trail *trail,
		     const struct vnm_trail_end *end)
{
	for (enum vnm_stage stage = 0; stage < VNM_STAGE_COUNT; stage++) {
		vnm_autobuf struct vnm_buf text = { 0 };
		bool met = false;

		for (size_t i = 0; i < trail->n; i++)
			met |= trail->events[i].stage == stage && !trail->events[i].ours;
		if (!met || (end->decided && end->decided->stage == stage))
			continue;
		describe_stage(trail, stage, &text);
		describe_translation(trail, stage, &text);
		vnm_explanation_hop(of->ret, vnm_stage_name(stage), "%s", vnm_buf_str(&text));
	}
}

/* ---- lost between two hooks ---- */

static bool connections_full(struct vnm_explain_case *of, const struct vnm_trail_end *end)
{
	char count[VNM_PROC_SYS_VALUE], max[VNM_PROC_SYS_VALUE];

	if (end->last->stage > VNM_STAGE_OUTPUT ||
	    vnm_proc_read(VNM_PROC_SYS "net/netfilter/nf_conntrack_count", count, sizeof(count)) <
		    0 ||
	    vnm_proc_read(VNM_PROC_SYS "net/netfilter/nf_conntrack_max", max, sizeof(max)) < 0 ||
	    strtoul(count, NULL, 10) < strtoul(max, NULL, 10) || strtoul(max, NULL, 10) == 0)
		return false;
	vnm_explanation_stop(of->ret, VNM_REASON_CONNECTIONS_FULL,
			     "the host's table of connections is full: %s of %s "
			     "(net.netfilter.nf_conntrack_max)",
			     count, max);
	vnm_explanation_mend(of->ret, "sysctl -w net.netfilter.nf_conntrack_max=%lu",
			     2 * strtoul(max, NULL, 10));
	return true;
}

static bool expired(struct vnm_explain_case *of, const struct vnm_trail *trail)
{
	const struct vnm_trace_event *at = vnm_trail_addresses(trail, VNM_STAGE_PREROUTING);

	if (!at || at->hops > 1)
		return false;
	vnm_explanation_stop(of->ret, VNM_REASON_HOPS,
			     "the packet's time to live has ended: a rule of prerouting set it to "
			     "%u",
			     at->hops);
	return true;
}

static bool is_routed(const struct vnm_explain_case *of, const struct vnm_trace_job *job)
{
	return job->from != VNM_FROM_HOST && (of->guest.tun || of->ask->from.family ||
					      vnm_mac_equal(&job->to_mac, &of->link.fact.mac));
}

/* The incoming device, as routing sees it: the bridge for a port. */
static int incoming(const struct vnm_explain_case *of, const struct vnm_trail *trail)
{
	int in = of->link.fact.index;

	for (size_t i = 0; i < trail->n; i++)
		if (trail->events[i].stage == VNM_STAGE_PREROUTING && trail->events[i].in)
			in = trail->events[i].in;
	return in;
}

static void explain_lost(struct vnm_explain_case *of, const struct vnm_trace_job *job,
			 const struct vnm_trail *trail, const struct vnm_trail_end *end)
{
	const struct vnm_trace_event *at = vnm_trail_addresses(trail, VNM_STAGE_OUTPUT);
	const struct vnm_route_question question = {
		.src = at ? at->src : job->packet.src,
		.dst = at ? at->dst : job->packet.dst,
		.in = job->from == VNM_FROM_HOST ? 0 : incoming(of, trail),
		.mark = vnm_trail_mark(trail, VNM_STAGE_OUTPUT),
		.packet = &job->packet,
	};
	struct vnm_route_answer answer;

	if (connections_full(of, end) ||
	    (!is_routed(of, job) && vnm_explain_isolated(of, &job->to_mac)))
		return;
	if (end->last->stage <= VNM_STAGE_PREROUTING && is_routed(of, job) &&
	    (!vnm_explain_route(of, &question, &answer) || expired(of, trail)) &&
	    vnm_explanation_ended(of->ret))
		return;
	vnm_explanation_stop(of->ret, VNM_REASON_LOST,
			     "the packet was lost behind %s; neither a rule nor the routing "
			     "decision says why",
			     vnm_stage_name(end->last->stage));
}

static void explain_unseen(struct vnm_explain_case *of, const struct vnm_trace_job *job)
{
	const char *port = job->port ? job->port : of->link.fact.name;

	vnm_explanation_stop(of->ret, VNM_REASON_NOT_SEEN,
			     "no packet filter of the host has seen the packet: something before "
			     "them on '%s' stops it, such as a filter of traffic control or an XDP "
			     "program (tc filter show dev %s ingress; ip link show dev %s)",
			     port, port, port);
}

/* ---- at its end ---- */

static const struct vnm_trace_event *end_addresses(const struct vnm_trail *trail)
{
	return vnm_trail_addresses(trail, VNM_STAGE_COUNT);
}

static void explain_input(struct vnm_explain_case *of, const struct vnm_trace_job *job,
			  const struct vnm_trail *trail)
{
	const struct vnm_trace_event *at = end_addresses(trail);
	vnm_autobuf struct vnm_buf to = { 0 };

	if (at)
		add_endpoint(&to, &at->dst, at->dport);
	vnm_explanation_hop(of->ret, "host", "delivered to the host at %s", vnm_buf_str(&to));
	if (of->ask->from.family) {
		vnm_explanation_stop(of->ret, VNM_REASON_NOT_FORWARDED,
				     "no rule leads the packet to a guest: it is for the host "
				     "itself, at %s",
				     vnm_buf_str(&to));
		if (job->packet.dport)
			vnm_explanation_mend(of->ret, "vnetmgr net-forward-add %s %s %u %s",
					     of->ask->network,
					     job->packet.proto == IPPROTO_UDP ? "udp" : "tcp",
					     job->packet.dport, of->ask->guest);
		return;
	}
	vnm_explain_back_from_host(of);
	if (!vnm_explanation_ended(of->ret))
		vnm_explain_reply(of, trail, 0);
	if (!vnm_explanation_ended(of->ret))
		vnm_explain_host_service(of, at, vnm_trail_translator(trail, VNM_STAGE_PREROUTING));
}

/* Whose rule keeps the packet from connection tracking; NULL: none of others. */
static const struct vnm_trace_event *untracker_of(const struct vnm_trail *trail)
{
	const struct vnm_trace_event *rule = vnm_trail_untracker(trail);

	return rule && !vnm_rule_is_ours(rule) ? rule : NULL;
}

/* The guest's answer to who has asked from outside. */
static void answer_outside(struct vnm_explain_case *of, const struct vnm_trail *trail,
			   const struct vnm_addr *guest)
{
	struct vnm_link port;
	struct vnm_mac mac = { 0 };

	(void)vnm_neighbour_state(&of->drv->sys, of->link.fact.index, guest, &mac);
	if (!of->guest.tun && vnm_link_read(&of->drv->sys, of->guest.port, &port) == 0)
		vnm_explain_guest_reply(of, trail, port.fact.index, &mac, &of->link.fact.mac);
}

static void explain_forwarded(struct vnm_explain_case *of, const struct vnm_trace_job *job,
			      const struct vnm_trail *trail)
{
	const struct vnm_trace_event *at = end_addresses(trail);
	const struct vnm_trace_event *before = vnm_trail_addresses(trail, VNM_STAGE_FORWARD);
	struct vnm_explain_onward onward = {
		.in = incoming(of, trail),
		.mark = vnm_trail_mark(trail, VNM_STAGE_POSTROUTING),
	};

	for (size_t i = 0; i < trail->n; i++)
		if (trail->events[i].out)
			onward.out = trail->events[i].out;
	onward.src = at ? at->src : job->packet.src;
	onward.dst = at ? at->dst : job->packet.dst;
	if (before && !vnm_addr_equal(&before->src, &onward.src))
		onward.translator = vnm_trail_translator(trail, VNM_STAGE_POSTROUTING);
	onward.untracker = untracker_of(trail);
	vnm_explain_onward(of, &onward);
	of->ret->onward = onward.out != of->link.fact.index;
	if (!vnm_explanation_ended(of->ret) && !of->ask->from.family)
		vnm_explain_reply(of, trail, onward.out);
	if (!vnm_explanation_ended(of->ret) && of->ask->from.family)
		answer_outside(of, trail, &onward.dst);
	if (!vnm_explanation_ended(of->ret) && of->ask->from.family && at)
		vnm_explain_guest_service(of, &at->dst, at->dport);
}

/* A guest that routes: what it does with the packet is its own. */
static void note_router(struct vnm_explain_case *of, const char *port)
{
	const struct vnm_attachments *all = vnm_attachments_get(of->drv, of->ask->network);
	char to[VNM_ADDR_STRLEN];

	if (!of->next.family)
		return;
	of->ret->onward = true;
	for (size_t i = 0; i < all->n_items; i++) {
		vnm_autofree char *guest = NULL;

		if (strcmp(all->items[i].dev, port) != 0)
			continue;
		guest = vnm_attach_guest_name(&all->items[i]);
		vnm_explanation_note(of->ret,
				     "it reaches guest %s, which is the gateway %s; what that does "
				     "with it is not followed",
				     guest, vnm_addr_format(&of->next, to));
	}
}

static void explain_bridged(struct vnm_explain_case *of, const struct vnm_trace_job *job,
			    const struct vnm_trail *trail)
{
	char out[VNM_IFNAME_SIZE];
	int port = 0;

	for (size_t i = 0; i < trail->n; i++)
		if (trail->events[i].out)
			port = trail->events[i].out;
	vnm_explanation_hop(of->ret, "bridge", "leaves bridge '%s' by port '%s'",
			    of->link.fact.name, vnm_explain_device(of, port, out));
	note_router(of, out);
	vnm_explain_guest_reply(of, trail, port, &job->to_mac, &job->from_mac);
	if (!vnm_explanation_ended(of->ret))
		vnm_explain_guest_service(of, &of->ret->packet.dst, of->ret->packet.dport);
}

/* From outside: was it led to the guest that was named? */
static bool leads_elsewhere(struct vnm_explain_case *of, const struct vnm_trail *trail)
{
	const struct vnm_trace_event *at = vnm_trail_addresses(trail, VNM_STAGE_FORWARD);
	const struct vnm_trace_event *leader = vnm_trail_translator(trail, VNM_STAGE_PREROUTING);
	vnm_autofree char *led = NULL;
	char dst[VNM_ADDR_STRLEN];

	if (!of->ask->from.family || !of->guest.addr.family || !at || !leader ||
	    vnm_addr_equal(&at->dst, &of->ask->to) || vnm_addr_equal(&at->dst, &of->guest.addr))
		return false;
	led = vnm_asprintf("leads the packet to %s, not to the guest",
			   vnm_addr_format(&at->dst, dst));
	vnm_explanation_astray(of->ret, VNM_REASON_LED_ELSEWHERE, leader, of->link.fact.name, led);
	return true;
}

/* Of a packet that is not tracked, our rules know no connection, and drop it: who prevents that is to blame. */
static void blame(struct vnm_explain_case *of, const struct vnm_trace_event *decided,
		  const struct vnm_trail *trail)
{
	const struct vnm_trace_event *untracker = untracker_of(trail);
	vnm_autobuf struct vnm_buf place = { 0 };
	vnm_autofree char *deed = NULL;

	if (!untracker || !vnm_rule_is_ours(decided))
		return vnm_explanation_blame(of->ret, decided, of->link.fact.name, false);
	vnm_rule_place(decided, &place);
	deed = vnm_asprintf("keeps the packet from connection tracking, so that %s drops it",
			    vnm_buf_str(&place));
	vnm_explanation_astray(of->ret, VNM_REASON_UNTRACKED, untracker, of->link.fact.name, deed);
}

/* Caught by the chain of the bridge? */
static bool is_bridged(const struct vnm_trail_end *end)
{
	return !strcmp(vnm_rule_family(end->last), "bridge");
}

static void add_notes(struct vnm_explain_case *of, const struct vnm_trail *trail)
{
	if (trail->lost)
		vnm_explanation_note(of->ret,
				     "the kernel lost some reports; run the command again");
	if (trail->partial)
		vnm_explanation_note(
			of->ret, "another program, such as ulogd, listens to NFLOG group 0: the "
				 "rules of the legacy tables are not among what was seen");
	for (size_t i = 0; i < trail->n; i++)
		if (trail->events[i].kind == VNM_TRACED_LOG)
			vnm_explanation_note(of->ret, "the kernel says: %s", trail->events[i].text);
}

/**
 * vnm_explain_end() - say what a trail says
 * @of:    the case
 * @job:   the packet
 * @trail: its trail
 */
void vnm_explain_end(struct vnm_explain_case *of, const struct vnm_trace_job *job,
		     const struct vnm_trail *trail)
{
	struct vnm_trail_end end;

	vnm_trail_judge(trail, &end);
	add_notes(of, trail);
	describe(of, trail, &end);
	if (!end.last)
		explain_unseen(of, job);
	else if (leads_elsewhere(of, trail))
		return;
	else if (end.decided)
		blame(of, end.decided, trail);
	else if (!end.reached)
		explain_lost(of, job, trail, &end);
	else if (is_bridged(&end))
		explain_bridged(of, job, trail);
	else if (end.last->stage == VNM_STAGE_INPUT)
		explain_input(of, job, trail);
	else
		explain_forwarded(of, job, trail);
}
