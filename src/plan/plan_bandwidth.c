/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plan_bandwidth.c - the limits of traffic: of a network on its bridge, of one guest on its device.
 *
 * Inbound is what guests receive, so the device sends it, and a shaper can queue it. Outbound is what the device
 * receives and cannot queue: the kernel either polices it (police, or nf_tables) or redirects it to an ifb device
 * with a shaper. Which of them is decided here. No ifb where iptables sees packets before the device does:
 * redirected packets lose their conntrack entry, and with it NAT (sys/traffic/ifb.c). A guest's own device receives
 * packets first.
 *
 * The handle of the HTB and the preference of the filter are derived from the network's name, so that other networks
 * on the same bridge, or other programs, hardly ever use the same; what has another number is not ours. For a
 * guest's device they are derived from the device's name, since its network may be renamed.
 */
#include "plan/plan_bandwidth.h"

#include <stdio.h>
#include <string.h>

#include "model/port.h"
#include "util/mem.h"

/* User space may choose handles below 0x8000; tutorials and libvirt choose 1. */
#define HANDLE_FIRST 0x100u
#define HANDLE_LAST 0x7fffu

#define IFB_PREFIX "ifb-"

/* FNV-1a, 64 bits. */
static uint64_t hash(uint64_t seed, const char *text)
{
	uint64_t h = seed ? seed : 0xcbf29ce484222325u;

	for (; *text; text++)
		h = (h ^ (unsigned char)*text) * 0x100000001b3u;
	return h;
}

/* The device's name with a prefix; if too long, its end is replaced by a number. */
static char *ifb_name(const char *dev)
{
	char name[VNM_IFNAME_SIZE];

	if (strlen(IFB_PREFIX) + strlen(dev) < sizeof(name))
		return vnm_asprintf(IFB_PREFIX "%s", dev);
	snprintf(name, sizeof(name), IFB_PREFIX "%.5s%06x", dev,
		 (unsigned)(hash(0, dev) & 0xffffffu));
	return vnm_strdup(name);
}

/* A generated MAC address that identifies the device by its owner and parent. */
static struct vnm_mac ifb_mac(const char *owner, const char *dev)
{
	uint64_t h = hash(hash(0, owner), dev);
	struct vnm_mac mac = { true, { 0x02 } };

	for (size_t i = 1; i < sizeof(mac.b); i++)
		mac.b[i] = (uint8_t)(h >> 8 * i);
	return mac;
}

/* @owner: the name that the numbers are derived from. */
static void plan_rate(const char *dev, const char *owner, const struct vnm_rate *rate,
		      enum vnm_shape shape, const struct vnm_facts *facts, struct vnm_plan *plan)
{
	struct vnm_op_bandwidth *op;

	if (rate->average.v == 0)
		return;
	op = &vnm_plan_add(plan, VNM_OP_BANDWIDTH)->bandwidth;
	op->dev = vnm_strdup(dev);
	op->shape = shape;
	op->handle = (uint16_t)(HANDLE_FIRST + hash(0, owner) % (HANDLE_LAST - HANDLE_FIRST + 1));
	op->average = rate->average.v;
	op->burst = rate->burst.v;
	if (shape == VNM_SHAPE_OUT_POLICE || shape == VNM_SHAPE_OUT_NFT)
		return;
	op->peak = rate->peak.v;
	op->fair = facts->sfq;
	if (shape == VNM_SHAPE_OUT_IFB) {
		op->ifb = ifb_name(dev);
		op->mac = ifb_mac(owner, dev);
	}
}

/* @seen: iptables sees packets before the device receives them. */
static enum vnm_shape outbound_shape(const struct vnm_facts *facts, bool seen)
{
	if (facts->police)
		return VNM_SHAPE_OUT_POLICE;
	return seen ? VNM_SHAPE_OUT_NFT : VNM_SHAPE_OUT_IFB;
}

/* @at: index of the limit that they are a part of. */
static void plan_floors(size_t at, const struct vnm_plan_input *in, struct vnm_plan *plan)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < in->n_ports; i++) {
		const struct vnm_port *port = &in->ports[i];
		uint64_t rate = port->bandwidth.inbound.floor.v;
		const struct vnm_op_bandwidth *whole;
		struct vnm_op_floor *op;

		if (rate == 0 || !port->bandwidth.class_id.set)
			continue;
		op = &vnm_plan_add(plan, VNM_OP_FLOOR)->floor;
		whole = &plan->ops[at].bandwidth;
		op->dev = vnm_strdup(whole->dev);
		op->handle = whole->handle;
		op->class_id = (uint16_t)port->bandwidth.class_id.v;
		op->mac = port->mac.address;
		op->rate = rate;
		op->ceil = whole->peak ? whole->peak : whole->average;
		op->fair = whole->fair;
		sum += rate;
	}
	plan->ops[at].bandwidth.reserved = sum;
}

/**
 * vnm_plan_bandwidth() - the limits of a network that is a bridge, and the rates guaranteed within them
 * @in:   the network, its ports, and what the kernel has
 * @plan: gets an operation for each direction that is limited
 */
void vnm_plan_bandwidth(const struct vnm_plan_input *in, struct vnm_plan *plan)
{
	const struct vnm_network *net = in->net;
	const struct vnm_facts *facts = in->facts;
	const struct vnm_bandwidth *bandwidth = &net->bandwidth;
	const char *dev = net->bridge.name;
	size_t first = plan->n;

	plan_rate(dev, net->name, &bandwidth->inbound, VNM_SHAPE_IN, facts, plan);
	plan_rate(dev, net->name, &bandwidth->outbound, outbound_shape(facts, facts->bridge_nf),
		  facts, plan);
	if (bandwidth->inbound.average.v > 0)
		plan_floors(first, in, plan);
}

/**
 * vnm_plan_guest_bandwidth() - the limits of one guest
 * @dev:   its device on the host
 * @group: the portgroup whose settings it has, or NULL
 * @facts: what the kernel has
 * @plan:  gets an operation for each direction that is limited
 */
void vnm_plan_guest_bandwidth(const char *dev, const struct vnm_portgroup *group,
			      const struct vnm_facts *facts, struct vnm_plan *plan)
{
	if (!group)
		return;
	plan_rate(dev, dev, &group->bandwidth.inbound, VNM_SHAPE_IN, facts, plan);
	plan_rate(dev, dev, &group->bandwidth.outbound, outbound_shape(facts, false), facts, plan);
}
