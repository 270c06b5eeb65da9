/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * explain_question.c - a question of the host's own, such as that of dnsmasq to a name server outside: does it get out, and the answer in?
 *
 * What a guest asks dnsmasq, that may have to ask somebody else. Rules that let guests pass may still drop the answer to it.
 */
#include "driver/explain_question.h"

#include <linux/rtnetlink.h>

#include "driver/explain.h"
#include "driver/explain_case.h"
#include "driver/explain_reply.h"
#include "driver/trace.h"
#include "state/session.h"
#include "util/mem.h"

/* The question itself, by the host's own rules; its answer, only if that passes. */
static void ask_and_answer(struct vnm_explain_case *of, const struct vnm_route_answer *route)
{
	struct vnm_trace_job job = { .packet = of->ret->packet, .from = VNM_FROM_HOST };
	vnm_autotrail struct vnm_trail trail = { 0 };
	struct vnm_error ignored = { 0 };
	struct vnm_trail_end end;

	if (vnm_driver_trace(of->drv, &job, &trail, &ignored) < 0)
		return;
	vnm_trail_judge(&trail, &end);
	if (end.decided)
		vnm_explanation_blame(of->ret, end.decided, of->link.fact.name, false);
	else if (end.reached)
		vnm_explain_reply(of, &trail, route->out);
}

/**
 * vnm_driver_explain_question() - follow a question of the host's own, and its answer
 * @drv: the driver, with the lock
 * @ask: the question: where it goes, and what it is; of no network and no guest
 * @ret: gets what stops them; free with vnm_explanation_clear(), in any case
 *
 * Best effort: what cannot be followed is not stopped.
 */
void vnm_driver_explain_question(struct vnm_driver *drv, const struct vnm_explain_ask *ask,
				 struct vnm_explanation *ret)
{
	const struct vnm_route_question question = { .dst = ask->to };
	struct vnm_explain_case of = { .drv = drv, .ask = ask, .ret = ret };
	struct vnm_error ignored = { 0 };
	struct vnm_route_answer route;

	*ret = (struct vnm_explanation){ 0 };
	if (vnm_explain_packet(ask, &ret->packet, &ignored) < 0 ||
	    vnm_route_ask(&drv->sys, &question, &route) < 0 || route.error < 0 ||
	    route.type != RTN_UNICAST ||
	    vnm_link_read_index(&drv->sys, route.out, &of.link) < 0)
		return;
	ret->packet.src = of.guest.addr = route.src;
	ask_and_answer(&of, &route);
}
