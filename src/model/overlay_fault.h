/* SPDX-License-Identifier: GPL-2.0-or-later */
/* overlay_fault.h - what is wrong between the hosts of an overlay, as far as this one sees it. Pure. */
#ifndef VNM_MODEL_OVERLAY_FAULT_H
#define VNM_MODEL_OVERLAY_FAULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/network.h"

#define VNM_OVERLAY_ASK_MAX 64 /* hosts that are asked for by their numbers */

/** struct vnm_overlay_answer - somebody on another host has an address of the network. @host: which one; without a family: not known */
struct vnm_overlay_answer {
	struct vnm_addr addr, host;
	struct vnm_mac mac;
};

/**
 * struct vnm_overlay_way - the way to a peer
 * @echoes:   it answers echo requests
 * @mtu:      the largest packets that get there, in bytes, if larger ones should; 0: all do, or it is not known
 * @lost:     so are those of guests: nobody fragments them
 * @stations: guests behind it are known; @known: itself, by the MAC address that it should have
 */
struct vnm_overlay_way {
	struct vnm_addr host;
	bool echoes, lost, stations, known;
	uint32_t mtu;
};

/** struct vnm_overlay_guest - an address of a guest of this host */
struct vnm_overlay_guest {
	struct vnm_addr addr;
	char *name;
};

/** struct vnm_overlay_sight - what was seen. Free with vnm_overlay_sight_clear(). */
struct vnm_overlay_sight {
	struct vnm_overlay_guest *guests;
	size_t n_guests;
	struct vnm_overlay_answer *answers;
	size_t n_answers;
	struct vnm_overlay_way *ways;
	size_t n_ways;
};

/** enum vnm_overlay_fault_kind - in the order of what explains the others */
enum vnm_overlay_fault_kind {
	VNM_HOST_SILENT, /* a host does not answer */
	VNM_HOST_ABSENT, /* it does, but not on the network */
	VNM_HOST_GATEWAY, /* it has another gateway MAC address */
	VNM_HOST_NUMBER, /* two hosts have one number */
	VNM_HOST_PACKETS, /* large packets do not arrive */
	VNM_HOST_TWIN, /* a guest here and one there have one address */
	VNM_HOST_SESSION, /* with EVPN: no session of BGP with a reflector */
	VNM_HOST_UNTOLD, /* with EVPN: the others are not told of this host */
	VNM_HOST_UNFLOODED, /* with EVPN: FRR knows a host that the kernel does not send to */
	VNM_HOST_STALE, /* with EVPN: the kernel sends to a host that FRR does not know */
	VNM_HOST_UNWATCHED, /* with EVPN: BFD does not watch over a session, or over none */
	VNM_HOST_PASSWORD, /* with EVPN: FRR has another network's password */
};

/** struct vnm_overlay_fault - @host: the other one. @harmless: guests do not suffer */
struct vnm_overlay_fault {
	enum vnm_overlay_fault_kind kind;
	struct vnm_addr host;
	bool harmless;
	char *text;
};

struct vnm_overlay_faults {
	struct vnm_overlay_fault *items;
	size_t n;
};

bool vnm_overlay_number_address(const struct vnm_network *net, uint32_t number,
				struct vnm_addr *ret);
uint32_t vnm_overlay_numbers(const struct vnm_network *net);
const struct vnm_overlay_answer *vnm_overlay_answer_of(const struct vnm_network *net,
						       const struct vnm_overlay_sight *sight,
						       const struct vnm_addr *host);
void vnm_overlay_find_faults(const struct vnm_network *net, const struct vnm_overlay_sight *sight,
			     struct vnm_overlay_faults *ret);
void vnm_overlay_sight_clear(struct vnm_overlay_sight *sight);
void vnm_overlay_faults_clear(struct vnm_overlay_faults *faults);
#define vnm_autosight __attribute__((cleanup(vnm_overlay_sight_clear)))
#define vnm_autofaults __attribute__((cleanup(vnm_overlay_faults_clear)))

#endif
