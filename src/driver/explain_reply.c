/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * explain_reply.c - the answer to a packet that passes: does it get back?
 *
 * It is made up and followed like the packet itself: sent by the host, or in by the device that the packet would have
 * left by. The connection that it belongs to is made for it, so that rules see an answer, and it is translated back.
 */
#include "driver/explain_reply.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

#include "driver/explain_route.h"
#include "driver/trace.h"
#include "state/session.h"
#include "sys/trace/trace_flow.h"
#include "util/mem.h"

/* As the packet left. The identifier of an echo is not reported; translation keeps it where it can. */
static struct vnm_trace_flow flow_of(const struct vnm_explain_case *of,
				     const struct vnm_trail *trail)
{
	const struct vnm_packet *first = &of->ret->packet;
	const struct vnm_trace_event *at = vnm_trail_addresses(trail, VNM_STAGE_COUNT);
	struct vnm_trace_flow flow = { *first, first->src, first->dst, first->sport, first->dport };

	if (!at)
		return flow;
	flow.src = at->src;
	flow.dst = at->dst;
	if (at->sport) {
		flow.sport = at->sport;
		flow.dport = at->dport;
	}
	return flow;
}

static bool make_answer(const struct vnm_trace_flow *flow, struct vnm_packet *ret)
{
	*ret = (struct vnm_packet){
		.src = flow->dst,
		.dst = flow->src,
		.proto = flow->first.proto,
		.sport = flow->dport,
		.dport = flow->sport,
		.reply = true,
	};
	memcpy(ret->answers, flow->first.cookie, sizeof(ret->answers));
	return getrandom(ret->cookie, sizeof(ret->cookie), 0) == (ssize_t)sizeof(ret->cookie);
}

static void judge(struct vnm_explain_case *of, const struct vnm_trail *trail)
{
	const struct vnm_addr *asker = of->ask->from.family ? &of->ask->from : &of->guest.addr;
	const struct vnm_trace_event *at;
	char dst[VNM_ADDR_STRLEN];
	struct vnm_trail_end end;

	vnm_trail_judge(trail, &end);
	if (end.decided)
		return vnm_explanation_blame(of->ret, end.decided, of->link.fact.name, true);
	if (!end.reached)
		return vnm_explanation_stop(of->ret, VNM_REASON_LOST,
					    "the answer was lost %s%s; neither a rule nor the "
					    "routing decision says why",
					    end.last ? "behind " : "before any packet filter",
					    end.last ? vnm_stage_name(end.last->stage) : "");
	at = vnm_trail_addresses(trail, VNM_STAGE_COUNT);
	if (at && !vnm_addr_equal(&at->dst, asker))
		return vnm_explanation_stop(
			of->ret, VNM_REASON_LOST,
			"the answer is not translated back to who has asked: it "
			"gets to %s",
			vnm_addr_format(&at->dst, dst));
	vnm_explanation_hop(of->ret, "answer", "passes the packet filters back to %s",
			    of->ask->from.family ? "the outside" : "the guest");
}

static int answer(struct vnm_explain_case *of, const struct vnm_trace_flow *flow,
		  struct vnm_trace_job *job, struct vnm_trail *trail)
{
	struct vnm_error ignored = { 0 };
	int r = make_answer(flow, &job->packet) ? vnm_trace_flow_add(flow) : -EIO;

	if (r < 0)
		return r;
	r = vnm_driver_trace(of->drv, job, trail, &ignored);
	vnm_trace_flow_remove(flow);
	return r;
}

/* In by the device, as if from the next hop there. Return: 0; -errno; -ENODEV: it has no frames. */
static int come_in(struct vnm_explain_case *of, int from, struct vnm_trace_job *job,
		   char name[static VNM_IFNAME_SIZE])
{
	static const struct vnm_mac neighbour = { true, { 0x02, 0, 0, 0, 0, 1 } };
	struct vnm_link link;
	int r = vnm_link_read_index(&of->drv->sys, from, &link);

	if (r < 0 || link.loopback || !link.fact.mac.set)
		return r < 0 ? r : -ENODEV;
	job->from = VNM_FROM_PORT;
	job->port = vnm_explain_device(of, from, name);
	job->from_mac = neighbour;
	job->to_mac = link.fact.mac;
	return 0;
}

/**
 * vnm_explain_reply() - follow an answer to the packet
 * @of:    the case; the packet passes
 * @trail: of the packet
 * @from:  index of the device that the answer comes in by; 0: the host itself answers
 *
 * Where that is not possible, it is a note: the kernel needs nf_conntrack_netlink for it.
 */
void vnm_explain_reply(struct vnm_explain_case *of, const struct vnm_trail *trail, int from)
{
	const struct vnm_trace_flow flow = flow_of(of, trail);
	struct vnm_trace_job job = { .from = VNM_FROM_HOST };
	vnm_autotrail struct vnm_trail back = { 0 };
	char name[VNM_IFNAME_SIZE];
	int r = from ? come_in(of, from, &job, name) : 0;

	if (r == -ENODEV)
		return;
	if (r == 0)
		r = answer(of, &flow, &job, &back);
	if (r == 0)
		judge(of, &back);
	else
		vnm_explanation_note(
			of->ret,
			"an answer could not be followed: %s; the kernel needs "
			"CONFIG_NF_CT_NETLINK for that (modprobe nf_conntrack_netlink)",
			strerror(-r));
}

/**
 * vnm_explain_guest_reply() - follow the answer of the guest that the packet gets to
 * @of:    the case; the packet passes
 * @trail: of the packet
 * @port:  index of the device that leads to that guest
 * @from:  the guest's MAC address
 * @to:    whom it answers: the guest that has asked, or the bridge
 */
void vnm_explain_guest_reply(struct vnm_explain_case *of, const struct vnm_trail *trail, int port,
			     const struct vnm_mac *from, const struct vnm_mac *to)
{
	const struct vnm_trace_flow flow = flow_of(of, trail);
	struct vnm_trace_job job = { .from = VNM_FROM_PORT, .from_mac = *from, .to_mac = *to };
	vnm_autotrail struct vnm_trail back = { 0 };
	char name[VNM_IFNAME_SIZE];

	if (!port || !from->set || !to->set)
		return;
	job.port = vnm_explain_device(of, port, name);
	if (answer(of, &flow, &job, &back) == 0)
		judge(of, &back);
}
