/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * evpn_look.c - what FRR says of the other hosts of an overlay.
 *
 * Whoever has configured it. What guests suffer from is a fault; that one of two reflectors is gone, they do not notice.
 */
#include "run/evpn_look.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "model/overlay.h"
#include "plan/frr_conf.h"
#include "plan/frr_text.h"
#include "plan/plan_evpn.h"
#include "sys/frr/frr_file.h"
#include "sys/frr/frr_seen.h"
#include "util/mem.h"

/* Is our part in frr.conf, and with this network's password? */
static void see_part(const struct vnm_paths *paths, const struct vnm_op_evpn *evpn,
		     struct vnm_evpn_state *ret)
{
	vnm_autofree char *conf = NULL, *part = NULL;
	vnm_autobuf struct vnm_buf want = { 0 };
	struct vnm_error ignored = { 0 };

	if (vnm_frr_file_read(paths->frr_conf, &conf, &ignored) < 0)
		return;
	part = vnm_frr_conf_part(conf);
	vnm_frr_fragment(evpn, true, &want);
	ret->ours = *part != '\0';
	ret->other_password = ret->ours && strcmp(part, want.data) != 0 &&
			      vnm_frr_same_but_password(part, want.data);
}

/**
 * vnm_evpn_look() - ask FRR for the other hosts of a network
 * @sys:   the handles
 * @paths: where FRR is
 * @net:   the definition in effect, with EVPN
 * @ret:   free with vnm_evpn_state_clear()
 * @err:   it cannot be asked
 *
 * Return: 0 or -errno.
 */
int vnm_evpn_look(struct vnm_sys *sys, const struct vnm_paths *paths, const struct vnm_network *net,
		  struct vnm_evpn_state *ret, struct vnm_error *err)
{
	struct vnm_op op = { .type = VNM_OP_EVPN };
	const char *seen;

	*ret = (struct vnm_evpn_state){ 0 };
	vnm_plan_evpn_fill(net, &op.evpn);
	op.evpn.conf = vnm_strdup(paths->frr_conf);
	op.evpn.sockets = vnm_strdup(paths->frr_sockets);
	seen = vnm_frr_see(sys, &op.evpn, err);
	if (seen)
		vnm_evpn_state_parse(seen, &op.evpn, net->overlay.vni.v, ret);
	see_part(paths, &op.evpn, ret);
	vnm_op_clear(&op);
	return seen ? 0 : vnm_error_errno(err);
}

/* ---- faults ---- */

/** struct finder - @faults: gets them */
struct finder {
	const struct vnm_network *net;
	const struct vnm_evpn_state *state;
	struct vnm_overlay_faults *faults;
};

static void add(struct finder *finder, enum vnm_overlay_fault_kind kind,
		const struct vnm_addr *host, bool harmless, char *text)
{
	struct vnm_overlay_faults *faults = finder->faults;

	faults->items = vnm_array_add(faults->items, &faults->n, sizeof(*faults->items));
	faults->items[faults->n - 1] = (struct vnm_overlay_fault){ kind, *host, harmless, text };
}

static const struct vnm_evpn_session *session_with(const struct finder *finder,
						   const struct vnm_addr *peer)
{
	for (size_t i = 0; i < finder->state->n_sessions; i++)
		if (vnm_addr_equal(&finder->state->sessions[i].peer, peer))
			return &finder->state->sessions[i];
	return NULL;
}

static void find_session(struct finder *finder, const struct vnm_addr *reflector, bool harmless)
{
	const struct vnm_evpn_session *session = session_with(finder, reflector);
	char peer[VNM_ADDR_STRLEN];

	if (reflector->family == AF_UNSPEC ||
	    vnm_addr_equal(reflector, &finder->net->overlay.local) || (session && session->up))
		return;
	vnm_addr_format(reflector, peer);
	add(finder, VNM_HOST_SESSION, reflector, harmless,
	    vnm_asprintf("no BGP session with reflector %s (%s)%s", peer,
			 session ? session->state : "FRR does not know it",
			 harmless ? "" : ": guests on other hosts are not reached"));
}

static bool has_session(const struct finder *finder)
{
	for (size_t i = 0; i < finder->state->n_sessions; i++)
		if (finder->state->sessions[i].up)
			return true;
	return false;
}

static void find_sessions(struct finder *finder)
{
	static const struct vnm_addr none = { 0 };
	const struct vnm_evpn *evpn = &finder->net->overlay.evpn;
	const bool any = has_session(finder);
	const bool harmless = any || vnm_evpn_reflects(&finder->net->overlay);

	if (finder->state->ours) {
		find_session(finder, &evpn->reflector, harmless);
		find_session(finder, &evpn->reflector2, harmless);
	} else if (!any) {
		add(finder, VNM_HOST_SESSION, &none, false,
		    vnm_strdup("FRR has no BGP session for EVPN: guests on other hosts are not "
			       "reached"));
	}
}

#define SLOWLY "that a host fails is noticed after nine seconds, not within one"

static void find_unwatched(struct finder *finder)
{
	static const struct vnm_addr none = { 0 };
	const struct vnm_evpn_state *state = finder->state;
	char peer[VNM_ADDR_STRLEN];

	if (finder->net->overlay.evpn.bfd != VNM_TRI_YES)
		return;
	if (!state->bfdd) {
		add(finder, VNM_HOST_UNWATCHED, &none, true,
		    vnm_strdup("bfdd (FRR) does not run: " SLOWLY "; bfdd=yes in "
			       "/etc/frr/daemons, and systemctl restart frr"));
		return;
	}
	for (size_t i = 0; i < state->n_unwatched; i++) {
		const struct vnm_evpn_session *session = session_with(finder, &state->unwatched[i]);

		if (session && session->up)
			add(finder, VNM_HOST_UNWATCHED, &session->peer, true,
			    vnm_asprintf("no BFD session with reflector %s: " SLOWLY
					 "; bfdd (FRR) does not run there, or a packet filter "
					 "drops UDP port 3784",
					 vnm_addr_format(&session->peer, peer)));
	}
}

/**
 * vnm_evpn_find_faults() - find what is wrong with what FRR says
 * @net:    the network, with what is this host's
 * @state:  what it says
 * @faults: gets the faults
 */
void vnm_evpn_find_faults(const struct vnm_network *net, const struct vnm_evpn_state *state,
			  struct vnm_overlay_faults *faults)
{
	static const struct vnm_addr none = { 0 };
	struct finder finder = { net, state, faults };
	char twin[VNM_ADDR_STRLEN];

	if (!state->advertised)
		add(&finder, VNM_HOST_UNTOLD, &none, false,
		    vnm_asprintf("FRR does not advertise VNI %u (advertise-all-vni): guests of "
				 "this host are not reached from others",
				 net->overlay.vni.v));
	find_sessions(&finder);
	find_unwatched(&finder);
	if (state->other_password)
		add(&finder, VNM_HOST_PASSWORD, &none, true,
		    vnm_asprintf("the BGP sessions have the password of another network, which was "
				 "changed later: give network '%s' the same in <vnm:evpn>",
				 net->name));
	for (size_t i = 0; i < state->n_numbers; i++)
		if (net->overlay.host.at.present &&
		    state->numbers[i].number == net->overlay.host.index.v)
			add(&finder, VNM_HOST_NUMBER, &state->numbers[i].host, false,
			    vnm_asprintf("host %s has number %u, as this one has: both lease the "
					 "same addresses",
					 vnm_addr_format(&state->numbers[i].host, twin),
					 net->overlay.host.index.v));
}

/** vnm_evpn_unasked() - FRR could not be asked: of a configuration of ours, the check of its operation says so */
void vnm_evpn_unasked(const struct vnm_evpn_state *state, const struct vnm_error *err,
		      struct vnm_overlay_faults *faults)
{
	static const struct vnm_addr none = { 0 };
	struct finder finder = { NULL, state, faults };

	if (!state->ours)
		add(&finder, VNM_HOST_UNTOLD, &none, false, vnm_strdup(err->msg));
}

/* ---- what the kernel does with it ---- */

static bool floods_to(const struct vnm_vxlan_entries *entries, const struct vnm_addr *host)
{
	for (size_t i = 0; i < entries->n; i++)
		if (vnm_vxlan_is_flood(&entries->items[i]) &&
		    vnm_addr_equal(&entries->items[i].host, host))
			return true;
	return false;
}

static bool knows(const struct vnm_evpn_state *state, const struct vnm_addr *host)
{
	for (size_t i = 0; i < state->n_hosts; i++)
		if (vnm_addr_equal(&state->hosts[i], host))
			return true;
	return false;
}

/**
 * vnm_evpn_find_floods() - compare the hosts that FRR knows with those to which the kernel sends what is for everybody
 * @net:     the network
 * @state:   what FRR says
 * @entries: of the VXLAN device
 * @faults:  gets the faults
 */
void vnm_evpn_find_floods(const struct vnm_network *net, const struct vnm_evpn_state *state,
			  const struct vnm_vxlan_entries *entries,
			  struct vnm_overlay_faults *faults)
{
	struct finder finder = { net, state, faults };
	char host[VNM_ADDR_STRLEN];

	for (size_t i = 0; i < state->n_hosts; i++)
		if (!floods_to(entries, &state->hosts[i]))
			add(&finder, VNM_HOST_UNFLOODED, &state->hosts[i], false,
			    vnm_asprintf("FRR knows host %s, but the kernel does not send to it "
					 "what is for everybody: guests there are not found",
					 vnm_addr_format(&state->hosts[i], host)));
	for (size_t i = 0; i < entries->n; i++) {
		const struct vnm_vxlan_entry *entry = &entries->items[i];

		if (vnm_vxlan_is_flood(entry) && entry->host.family != AF_UNSPEC &&
		    !knows(state, &entry->host))
			add(&finder, VNM_HOST_STALE, &entry->host, true,
			    vnm_asprintf("the kernel sends what is for everybody to host %s, too, "
					 "which FRR does not know: it is gone, or was never one",
					 vnm_addr_format(&entry->host, host)));
	}
}
