/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * overlay_look.c - what is wrong between the hosts of an active overlay: they are asked.
 *
 * First, in the network, who has the addresses that hosts have by their numbers, and those of this host's guests, which nobody else
 * should have; then, outside of it, whether the peers answer, and how large packets to them may be. What is found is judged by
 * model/overlay_fault.c. A host that does not answer is waited for once in a command.
 */
#include "run/overlay_look.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "model/attach.h"
#include "model/overlay.h"
#include "run/evpn_look.h"
#include "run/guest_state.h"
#include "state/guest_store.h"
#include "sys/doctor/probe_echo.h"
#include "sys/frr/frr_seen.h"
#include "sys/link/guest_record.h"
#include "sys/link/overlay_ask.h"
#include "sys/link/vxlan_entries.h"
#include "util/mem.h"
#include "xml/attach_xml.h"

#define WAIT_MS 600 /* of a host that is busy */
#define ECHO_MS 250
#define GUEST_MS 5 /* after the last host's answer; guests are behind them */
#define PATIENT_GUEST_MS 150
#define SETTLE_MS 200
#define SETTLE_TRIES 4

/** struct look - @dev: the VXLAN device; @told: with EVPN, what FRR says; NULL: without */
struct look {
	const struct vnm_evpn_state *told;
	struct vnm_sys *sys;
	const struct vnm_network *net;
	struct vnm_link dev;
	struct vnm_overlay_sight sight;
};

static bool is_silent(const struct vnm_sys *sys, const struct vnm_addr *host)
{
	for (size_t i = 0; i < sys->n_echoes; i++)
		if (sys->echoes[i].silent && vnm_addr_equal(&sys->echoes[i].host, host))
			return true;
	return false;
}

/* ---- in the network ---- */

static void add_guests(struct look *look, const struct vnm_attachment *attach)
{
	struct vnm_overlay_sight *sight = &look->sight;

	for (size_t i = 0; i < attach->n_ips; i++) {
		sight->guests =
			vnm_array_add(sight->guests, &sight->n_guests, sizeof(*sight->guests));
		sight->guests[sight->n_guests - 1] = (struct vnm_overlay_guest){
			attach->ips[i].address,
			vnm_strdup(attach->netns_name ? attach->netns_name : attach->dev)
		};
	}
}

static void see_guests(struct look *look, const struct vnm_paths *paths)
{
	vnm_autoattachments struct vnm_attachments all = { 0 };
	struct vnm_error unread = { 0 };

	(void)vnm_attachments_read(paths, look->net->name, &all, &unread);
	for (size_t i = 0; i < all.n_items; i++)
		if (all.items[i].kind != VNM_ATTACH_TUN && !vnm_attach_gone(&all.items[i]))
			add_guests(look, &all.items[i]);
}

static void add_address(struct vnm_overlay_question *question, const struct vnm_addr *addr)
{
	question->addrs =
		vnm_array_add(question->addrs, &question->n_addrs, sizeof(*question->addrs));
	question->addrs[question->n_addrs - 1] = *addr;
}

static void make_question(const struct look *look, struct vnm_overlay_question *question)
{
	const struct vnm_overlay *overlay = &look->net->overlay;
	struct vnm_addr addr;

	for (uint32_t i = 1; i <= vnm_overlay_numbers(look->net); i++)
		if (vnm_overlay_number_address(look->net, i, &addr))
			add_address(question, &addr);
	for (size_t i = 0; i < look->sight.n_guests; i++)
		add_address(question, &look->sight.guests[i].addr);
	for (size_t i = 0; i < overlay->n_peers && vnm_overlay_numbers(look->net) > 0; i++) {
		if (!vnm_overlay_is_peer(overlay, i) ||
		    is_silent(look->sys, &overlay->peers[i].address))
			continue;
		question->expects = vnm_array_add(question->expects, &question->n_expects,
						  sizeof(*question->expects));
		question->expects[question->n_expects - 1] =
			vnm_overlay_host_mac(look->net, &overlay->peers[i].address);
	}
}

static void ask(struct look *look, bool patient)
{
	const int guest_ms = patient ? PATIENT_GUEST_MS : GUEST_MS;
	struct vnm_overlay_question question = {
		.mac = vnm_overlay_own_mac(look->net),
		.wait_ms = WAIT_MS,
		.more_ms = look->sight.n_guests > 0 ? guest_ms : 0,
	};

	/* Not the bridge's: the kernel would remember each answer, and has room for 1024 neighbours. */
	question.mac.b[1] ^= 2;
	make_question(look, &question);
	if (question.n_addrs > 0)
		(void)vnm_overlay_ask(look->dev.fact.index, &question, &look->sight);
	free(question.addrs);
	free(question.expects);
}

/* From where the answers came, and who else is where. */
static void place(struct look *look)
{
	vnm_autoentries struct vnm_vxlan_entries entries = { 0 };
	struct vnm_overlay_sight *sight = &look->sight;

	if (vnm_vxlan_entries(look->sys, &look->dev, &entries) < 0)
		return;
	for (size_t i = 0; i < entries.n; i++) {
		const struct vnm_vxlan_entry *entry = &entries.items[i];
		const struct vnm_mac own = vnm_overlay_host_mac(look->net, &entry->host);

		for (size_t k = 0; k < sight->n_answers; k++)
			if (vnm_mac_equal(&sight->answers[k].mac, &entry->mac) ||
			    vnm_mac_equal(&sight->answers[k].mac, &own))
				sight->answers[k].host = entry->host;
		for (size_t k = 0; k < sight->n_ways; k++) {
			struct vnm_overlay_way *way = &sight->ways[k];

			if (vnm_vxlan_is_flood(entry) || !vnm_addr_equal(&way->host, &entry->host))
				continue;
			way->known |= vnm_mac_equal(&entry->mac, &own);
			way->stations |= !vnm_mac_equal(&entry->mac, &own);
		}
	}
}

/* ---- between the hosts ---- */

/* Do guests' packets of the full size arrive, if the hosts' do not? */
static bool is_lost(const struct look *look, const struct vnm_overlay_way *way)
{
	const struct vnm_overlay_answer *answer =
		vnm_overlay_answer_of(look->net, &look->sight, &way->host);
	const uint32_t mtu = vnm_network_mtu(look->net).v;
	struct vnm_echo_result result;

	if (!answer)
		return true;
	vnm_probe_echo(&answer->addr, 0, look->net->vrf.name, mtu, ECHO_MS, &result);
	return result.largest != mtu;
}

static struct vnm_host_echo send_echoes(struct look *look, const struct vnm_addr *host,
					uint32_t full)
{
	struct vnm_echo_result result;

	vnm_probe_echo(host, 0, look->net->overlay.dev, full, ECHO_MS, &result);
	return (struct vnm_host_echo){
		*host, full, result.largest,
		result.largest == 0 && !vnm_overlay_answer_of(look->net, &look->sight, host)
	};
}

/* Once for all networks. */
static struct vnm_host_echo echo_of(struct look *look, const struct vnm_addr *host, uint32_t full)
{
	struct vnm_sys *sys = look->sys;

	for (size_t i = 0; i < sys->n_echoes; i++)
		if (sys->echoes[i].full == full && vnm_addr_equal(&sys->echoes[i].host, host))
			return sys->echoes[i];
	sys->echoes = vnm_array_add(sys->echoes, &sys->n_echoes, sizeof(*sys->echoes));
	sys->echoes[sys->n_echoes - 1] = send_echoes(look, host, full);
	return sys->echoes[sys->n_echoes - 1];
}

static void see_way(struct look *look, struct vnm_overlay_way *way)
{
	const uint32_t promised = look->net->overlay.mtu.v;
	const uint32_t full = promised < VNM_ECHO_MAX ? promised : VNM_ECHO_MAX;
	const struct vnm_host_echo echo = echo_of(look, &way->host, full);

	way->echoes = echo.largest > 0;
	if (!way->echoes || echo.largest >= full)
		return;
	way->mtu = echo.largest;
	way->lost = is_lost(look, way);
}

static void add_ways(struct look *look)
{
	const struct vnm_overlay *overlay = &look->net->overlay;
	struct vnm_overlay_sight *sight = &look->sight;

	for (size_t i = 0; i < overlay->n_peers; i++) {
		if (!vnm_overlay_is_peer(overlay, i))
			continue;
		sight->ways = vnm_array_add(sight->ways, &sight->n_ways, sizeof(*sight->ways));
		sight->ways[sight->n_ways - 1] =
			(struct vnm_overlay_way){ .host = overlay->peers[i].address };
	}
}

/* With EVPN the device does not learn from where an answer came: the numbers are known of which hosts tell. */
static void place_by_number(struct look *look)
{
	for (size_t i = 0; look->told && i < look->sight.n_answers; i++) {
		struct vnm_overlay_answer *answer = &look->sight.answers[i];
		struct vnm_addr own;

		for (size_t k = 0; !answer->host.family && k < look->told->n_numbers; k++)
			if (vnm_overlay_number_address(look->net, look->told->numbers[k].number,
						       &own) &&
			    vnm_addr_equal(&own, &answer->addr))
				answer->host = look->told->numbers[k].host;
	}
}

static void look_at_peers(struct look *look, const struct vnm_paths *paths, bool patient,
			  struct vnm_overlay_faults *ret)
{
	add_ways(look);
	see_guests(look, paths);
	if (look->sight.n_ways > 0) {
		ask(look, patient);
		place(look);
		place_by_number(look);
	}
	for (size_t i = 0; i < look->sight.n_ways; i++)
		see_way(look, &look->sight.ways[i]);
	vnm_overlay_find_faults(look->net, &look->sight, ret);
	vnm_overlay_sight_clear(&look->sight);
}

/* ---- with EVPN ---- */

static bool has_fault(const struct vnm_overlay_faults *faults,
		      const struct vnm_overlay_fault *fault)
{
	for (size_t i = 0; i < faults->n; i++)
		if (faults->items[i].kind == fault->kind &&
		    vnm_addr_equal(&faults->items[i].host, &fault->host))
			return true;
	return false;
}

/* Takes what @from has, but for what is known. */
static void merge(struct vnm_overlay_faults *faults, struct vnm_overlay_faults *from)
{
	for (size_t i = 0; i < from->n; i++) {
		if (has_fault(faults, &from->items[i]))
			continue;
		faults->items = vnm_array_add(faults->items, &faults->n, sizeof(*faults->items));
		faults->items[faults->n - 1] = from->items[i];
		from->items[i].text = NULL;
	}
	vnm_overlay_faults_clear(from);
}

/* The kernel follows FRR in a moment, so what differs is looked at again. Return: -errno: then FRR cannot be asked any more. */
static int look_at_floods(struct look *look, const struct vnm_paths *paths,
			  struct vnm_evpn_state *state, struct vnm_overlay_faults *ret,
			  struct vnm_error *err)
{
	for (int i = 1;; i++) {
		vnm_autoentries struct vnm_vxlan_entries entries = { 0 };
		int r = vnm_vxlan_entries(look->sys, &look->dev, &entries);

		if (r == 0)
			vnm_evpn_find_floods(look->net, state, &entries, ret);
		if (ret->n == 0 || i == SETTLE_TRIES)
			return 0;
		vnm_overlay_faults_clear(ret);
		(void)poll(NULL, 0, SETTLE_MS);
		vnm_frr_forget(look->sys);
		vnm_evpn_state_clear(state);
		r = vnm_evpn_look(look->sys, paths, look->net, state, err);
		if (r < 0)
			return r;
	}
}

/* FRR knows which hosts are there, and that they answer; they are asked for the rest only where one network is looked at. */
static void look_with_evpn(struct look *look, const struct vnm_paths *paths, bool patient,
			   struct vnm_overlay_faults *ret)
{
	vnm_autoevpn_state struct vnm_evpn_state state = { 0 };
	struct vnm_peer peers[VNM_OVERLAY_ASK_MAX] = { 0 };
	struct vnm_overlay_faults more = { 0 };
	struct vnm_network known = *look->net;
	struct vnm_error err = { 0 };

	if (vnm_evpn_look(look->sys, paths, look->net, &state, &err) < 0 ||
	    look_at_floods(look, paths, &state, ret, &err) < 0) {
		vnm_evpn_unasked(&state, &err, ret);
		return;
	}
	vnm_evpn_find_faults(look->net, &state, ret);
	known.overlay.peers = peers;
	for (size_t i = 0; i < state.n_hosts && i < VNM_OVERLAY_ASK_MAX; i++)
		peers[known.overlay.n_peers++].address = state.hosts[i];
	if (!patient)
		return;
	look->net = &known;
	look->told = &state;
	look_at_peers(look, paths, patient, &more);
	merge(ret, &more);
}

/**
 * vnm_overlay_look() - find what is wrong between the hosts
 * @sys:     the handles; they remember who did not answer
 * @paths:   the state directories, for guests
 * @net:     the definition in effect
 * @patient: wait longer for guests elsewhere that have an address of one here
 * @ret:     gets the faults; none, where the network is on this host alone, or its device is not there
 */
void vnm_overlay_look(struct vnm_sys *sys, const struct vnm_paths *paths,
		      const struct vnm_network *net, bool patient, struct vnm_overlay_faults *ret)
{
	struct look look = { .sys = sys, .net = net };
	char dev[VNM_OVERLAY_DEV_SIZE];

	*ret = (struct vnm_overlay_faults){ 0 };
	if (!net->overlay.at.present)
		return;
	vnm_overlay_dev(&net->overlay, dev);
	if (vnm_guest_record_read(sys, dev, &look.dev) < 0)
		return;
	if (net->overlay.evpn.at.present)
		look_with_evpn(&look, paths, patient, ret);
	else
		look_at_peers(&look, paths, patient, ret);
}
