/* SPDX-License-Identifier: GPL-2.0-or-later */
/* explain_back.c - behind the packet filters: the next hop, and the way back of an answer. */
#include "driver/explain_back.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include "driver/explain_route.h"
#include "plan/trace/rule_words.h"
#include "state/session.h"
#include "sys/link/link_traffic.h"
#include "sys/link/neighbour.h"
#include "util/mem.h"
#include "util/patience.h"

#define NEIGHBOUR_MS 1500 /* one probe may be lost */

static bool leads_to_guest(const struct vnm_explain_case *of, int out)
{
	return out == of->link.fact.index || of->guest.tun;
}

/* @question: an answer to the guest. */
static bool check_way_back(struct vnm_explain_case *of, const struct vnm_route_question *question)
{
	char to[VNM_ADDR_STRLEN], out[VNM_IFNAME_SIZE], route[VNM_PREFIX_STRLEN];
	struct vnm_route_answer answer;

	if (!vnm_explain_route(of, question, &answer)) {
		if (of->ret->obstacle.reason == VNM_REASON_ROUTE_NONE)
			vnm_explain_mend_way_back(of, &answer);
		return !vnm_explanation_ended(of->ret);
	}
	if (leads_to_guest(of, answer.out)) {
		vnm_explanation_hop(of->ret, "back", "an answer to %s leaves by %s",
				    vnm_addr_format(&question->dst, to), of->link.fact.name);
		return true;
	}
	vnm_explain_device(of, answer.out, out);
	vnm_explanation_stop(of->ret, VNM_REASON_BACK_ROUTE,
			     "an answer does not get back: the route %s leads %s to '%s', not to "
			     "'%s'",
			     vnm_prefix_format(&answer.prefix, route),
			     vnm_addr_format(&question->dst, to), out, of->link.fact.name);
	vnm_explain_mend_way_back(of, &answer);
	return false;
}

/** vnm_explain_back_from_host() - does the host's own answer get to the guest? */
void vnm_explain_back_from_host(struct vnm_explain_case *of)
{
	const struct vnm_route_question question = { .dst = of->guest.addr };

	(void)check_way_back(of, &question);
}

/* ---- onward ---- */

static bool check_device(struct vnm_explain_case *of, int index, struct vnm_link *ret)
{
	struct vnm_traffic traffic = { 0 };
	int r = vnm_link_read_index(&of->drv->sys, index, ret);

	if (r < 0 && r != -ENODEV)
		of->failed = r;
	if (r < 0 || !ret->fact.up) {
		vnm_explanation_stop(of->ret, VNM_REASON_OUT_DOWN,
				     "the outgoing device '%s' is down", ret->fact.name);
		vnm_explanation_mend(of->ret, "ip link set dev %s up", ret->fact.name);
		return false;
	}
	r = vnm_link_traffic(&of->drv->sys, ret->fact.name, &traffic);
	if (r < 0)
		of->failed = r;
	if (traffic.carrier || ret->loopback)
		return true;
	vnm_explanation_stop(of->ret, VNM_REASON_OUT_UNPLUGGED,
			     "the outgoing device '%s' has no carrier: its cable is out, or its "
			     "other end is down",
			     ret->fact.name);
	return false;
}

static bool check_next_hop(struct vnm_explain_case *of, const struct vnm_link *link,
			   const struct vnm_addr *next)
{
	struct vnm_probe probe = { .addr = *next };
	char text[VNM_ADDR_STRLEN];
	int r = 0;

	vnm_addr_format(next, text);
	if (!link->fact.no_neighbours)
		r = vnm_neighbours_probe(&of->drv->sys, link->fact.name, &probe, 1,
					 (unsigned)vnm_patience_ms(NEIGHBOUR_MS));
	if (r < 0)
		of->failed = r;
	if (probe.answered || link->fact.no_neighbours) {
		vnm_explanation_hop(of->ret, "next hop", "%s on %s%s", text, link->fact.name,
				    probe.answered ? " answers" : "");
		return true;
	}
	vnm_explanation_stop(of->ret, VNM_REASON_NEXT_HOP,
			     "the next hop %s on '%s' is silent: it does not answer the host's %s",
			     text, link->fact.name,
			     next->family == AF_INET6 ? "neighbour solicitations" : "ARP requests");
	return false;
}

/* Is the source one that the outside can answer to? */
static bool check_source(struct vnm_explain_case *of, const struct vnm_explain_onward *onward,
			 const struct vnm_link *out)
{
	const struct vnm_route_question question = { .dst = onward->src };
	bool nat = of->network.forward.mode == VNM_FORWARD_NAT && onward->src.family == AF_INET;
	vnm_autofree char *led = NULL;
	char src[VNM_ADDR_STRLEN];
	struct vnm_route_answer answer;

	vnm_addr_format(&onward->src, src);
	if (!onward->translator && nat && !vnm_link_in_our_group(out) &&
	    vnm_attach_subnet(&of->network, &onward->src)) {
		if (onward->untracker) {
			vnm_explanation_astray(of->ret, VNM_REASON_UNTRACKED, onward->untracker,
					       of->link.fact.name,
					       "keeps the packet from connection tracking, so "
					       "that its source is not translated");
			return false;
		}
		vnm_explanation_stop(
			of->ret, VNM_REASON_NOT_TRANSLATED,
			"the packet leaves by '%s' with the guest's own address %s, to "
			"which nobody outside can answer: no rule translates it",
			out->fact.name, src);
		vnm_explanation_mend(of->ret, "vnetmgr net-repair %s", of->ask->network);
		return false;
	}
	if (!onward->translator || vnm_rule_is_ours(onward->translator) ||
	    vnm_route_ask(&of->drv->sys, &question, &answer) < 0 || answer.type == RTN_LOCAL)
		return true;
	led = vnm_asprintf(
		"gives the packet the source %s, which is no address of the host, so that "
		"answers do not come back",
		src);
	vnm_explanation_astray(of->ret, VNM_REASON_LED_ELSEWHERE, onward->translator,
			       of->link.fact.name, led);
	return false;
}

/* From outside: to the guest that was named? */
static bool check_target(struct vnm_explain_case *of, const struct vnm_explain_onward *onward)
{
	char dst[VNM_ADDR_STRLEN], guest[VNM_ADDR_STRLEN];

	if (of->guest.addr.family == AF_UNSPEC || vnm_addr_equal(&onward->dst, &of->guest.addr))
		return true;
	vnm_explanation_stop(of->ret, VNM_REASON_LED_ELSEWHERE,
			     "the packet goes to %s, which is not the guest's %s",
			     vnm_addr_format(&onward->dst, dst),
			     vnm_addr_format(&of->guest.addr, guest));
	return false;
}

/**
 * vnm_explain_onward() - does a packet that leaves the host get on, and an answer back?
 * @of:     the case
 * @onward: the packet
 */
void vnm_explain_onward(struct vnm_explain_case *of, const struct vnm_explain_onward *onward)
{
	const bool inbound = of->ask->from.family != AF_UNSPEC;
	const struct vnm_route_question route = { .dst = onward->dst, .mark = onward->mark };
	const struct vnm_route_question back = {
		.src = onward->dst,
		.dst = of->guest.addr,
		.in = onward->out,
	};
	struct vnm_route_answer answer = { 0 };
	struct vnm_link out = { 0 };
	int r = vnm_route_ask(&of->drv->sys, &route, &answer);

	if (r < 0)
		of->failed = r;
	if (inbound && !check_target(of, onward))
		return;
	if (!check_device(of, onward->out, &out) || (!inbound && !check_source(of, onward, &out)) ||
	    !check_next_hop(of, &out, answer.gateway.family ? &answer.gateway : &onward->dst) ||
	    inbound)
		return;
	(void)check_way_back(of, &back);
}
