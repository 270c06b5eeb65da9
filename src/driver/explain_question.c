/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * explain_question.c - a question of the host's own, such as that of dnsmasq to a name server outside: does it get out, and the answer in?
 *
 * What a guest asks dnsmasq, that may have to ask somebody else. Rules that let guests pass may still drop the answer to it.
 */
#include "driver/explain_question.h"

#include <linux/rtnetlink.h>
#include <string.h>

#include "driver/explain.h"
#include "driver/explain_case.h"
#include "driver/explain_reply.h"
#include "driver/trace.h"
#include "state/session.h"
#include "util/mem.h"

/* The question itself, by the host's own rules; its answer, only if that passes. */
static int ask_and_answer(struct vnm_explain_case *of, const struct vnm_route_answer *route,
			  struct vnm_error *err)
{
	struct vnm_trace_job job = { .packet = of->ret->packet, .from = VNM_FROM_HOST };
	vnm_autotrail struct vnm_trail trail = { 0 };
	struct vnm_trail_end end;
	int r = vnm_driver_trace(of->drv, &job, &trail, err);

	if (r < 0)
		return r;
	vnm_trail_judge(&trail, &end);
	if (end.decided)
		vnm_explanation_blame(of->ret, end.decided, of->link.fact.name, false);
	else if (end.reached)
		vnm_explain_reply(of, &trail, route->out);
	return 0;
}

/**
 * vnm_driver_explain_question() - follow a question of the host's own, and its answer
 * @drv: the driver
 * @ask: the question: where it goes, and what it is; of no network and no guest
 * @ret: gets what stops them; free with vnm_explanation_clear(), in any case
 * @err: set when that cannot be found out
 *
 * One to the host itself, or without a route, is not followed.
 *
 * Return: 0 or -errno.
 */
int vnm_driver_explain_question(struct vnm_driver *drv, const struct vnm_explain_ask *ask,
				struct vnm_explanation *ret, struct vnm_error *err)
{
	const struct vnm_route_question question = { .dst = ask->to };
	struct vnm_explain_case of = { .drv = drv, .ask = ask, .ret = ret };
	struct vnm_route_answer route;
	int r;

	*ret = (struct vnm_explanation){ 0 };
	r = vnm_explain_packet(ask, &ret->packet, err);
	if (r < 0)
		return r;
	r = vnm_route_ask(&drv->sys, &question, &route);
	if (r == 0 && (route.error < 0 || route.type != RTN_UNICAST))
		return 0;
	if (r == 0)
		r = vnm_link_read_index(&drv->sys, route.out, &of.link);
	if (r < 0)
		return vnm_error_set(err, VNM_ERR_SYSTEM, -r, "cannot ask for its way: %s",
				     strerror(-r));
	ret->packet.src = of.guest.addr = route.src;
	return ask_and_answer(&of, &route, err);
}
