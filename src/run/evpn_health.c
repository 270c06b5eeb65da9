/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * evpn_health.c - do the hosts of a network with EVPN find each other?
 *
 * Whoever has configured FRR. What guests suffer from is a fault; that one of two reflectors is gone, they do not notice.
 */
#include "run/evpn_health.h"

#include <string.h>
#include <sys/socket.h>

#include "sys/frr/evpn_state.h"
#include "sys/frr/frr_seen.h"
#include "util/mem.h"

/** struct review - of a network. @evpn: how FRR is to be configured, by us if @ours, else only where it is */
struct review {
	struct vnm_op_evpn evpn;
	bool ours;
	uint32_t vni;
	struct vnm_evpn_state state;
	struct vnm_warnings *faults, *notes;
};

static bool review_init(const struct vnm_paths *paths, const struct vnm_plan *plan,
			struct review *ret)
{
	bool told = false;

	ret->evpn.conf = paths->frr_conf;
	ret->evpn.sockets = paths->frr_sockets;
	for (size_t i = 0; i < plan->n; i++) {
		const struct vnm_op *op = &plan->ops[i];

		if (op->type == VNM_OP_VXLAN && op->vxlan.told) {
			told = true;
			ret->vni = op->vxlan.vni;
			ret->evpn.local = op->vxlan.local;
		}
		ret->ours |= op->type == VNM_OP_EVPN;
		if (op->type == VNM_OP_EVPN)
			ret->evpn = op->evpn;
	}
	return told;
}

static const struct vnm_evpn_session *session_with(const struct review *review,
						   const struct vnm_addr *peer)
{
	for (size_t i = 0; i < review->state.n_sessions; i++)
		if (vnm_addr_equal(&review->state.sessions[i].peer, peer))
			return &review->state.sessions[i];
	return NULL;
}

static bool is_another(const struct review *review, const struct vnm_addr *reflector)
{
	return reflector->family != AF_UNSPEC && !vnm_addr_equal(reflector, &review->evpn.local);
}

/* A reflector reaches its clients without the other one. */
static bool is_reflector(const struct review *review)
{
	return !is_another(review, &review->evpn.reflector) ||
	       vnm_addr_equal(&review->evpn.reflector2, &review->evpn.local);
}

static void check_reflectors(const struct review *review)
{
	const struct vnm_addr *both[] = { &review->evpn.reflector, &review->evpn.reflector2 };
	size_t n_up = 0;

	for (size_t i = 0; i < VNM_ARRAY_SIZE(both); i++) {
		const struct vnm_evpn_session *session = session_with(review, both[i]);

		n_up += is_another(review, both[i]) && session && session->up;
	}
	for (size_t i = 0; i < VNM_ARRAY_SIZE(both); i++) {
		const struct vnm_evpn_session *session = session_with(review, both[i]);
		char peer[VNM_ADDR_STRLEN];

		if (!is_another(review, both[i]) || (session && session->up))
			continue;
		vnm_addr_format(both[i], peer);
		vnm_warnings_add(n_up || is_reflector(review) ? review->notes : review->faults,
				 "no BGP session with reflector %s (%s)%s", peer,
				 session ? session->state : "FRR does not know it",
				 n_up || is_reflector(review)
					 ? ""
					 : ": guests on other hosts are not reached");
	}
}

static void check_any(const struct review *review)
{
	for (size_t i = 0; i < review->state.n_sessions; i++)
		if (review->state.sessions[i].up)
			return;
	vnm_warnings_add(review->faults,
			 "FRR has no BGP session for EVPN: guests on other hosts are not reached");
}

/**
 * vnm_evpn_review() - do the hosts of a network with EVPN find each other?
 * @sys:    the handles
 * @paths:  where FRR is
 * @plan:   the network's
 * @faults: gets what guests suffer from, a sentence each
 * @notes:  gets what they do not notice
 */
void vnm_evpn_review(struct vnm_sys *sys, const struct vnm_paths *paths,
		     const struct vnm_plan *plan, struct vnm_warnings *faults,
		     struct vnm_warnings *notes)
{
	struct review review = { .faults = faults, .notes = notes };
	struct vnm_error err = { 0 };
	const char *seen;

	if (!review_init(paths, plan, &review))
		return;
	seen = vnm_frr_see(sys, &review.evpn, &err);
	if (!seen) {
		/* Of ours, the check of the operation says so. */
		if (!review.ours)
			vnm_warnings_add(faults, "%s", err.msg);
		return;
	}
	vnm_evpn_state_parse(seen, review.vni, &review.state);
	if (!review.state.advertised)
		vnm_warnings_add(faults,
				 "FRR does not advertise VNI %u (advertise-all-vni): guests of "
				 "this host are not reached from others",
				 review.vni);
	if (review.ours)
		check_reflectors(&review);
	else
		check_any(&review);
	vnm_evpn_state_clear(&review.state);
}
