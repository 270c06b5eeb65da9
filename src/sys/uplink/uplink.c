/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * uplink.c - a NIC of the host becomes a port of our bridge, and the bridge takes over its addresses.
 *
 * Addresses, routes and neighbours move in one batch (nl_batch.c), which a kill cannot divide. New before old: the bridge
 * gets the addresses before the NIC loses them, and its routes stand behind the NIC's own until those are deleted; so
 * the host is never without. Neighbours move too, since the answer to a request sent by one device may arrive by the
 * other.
 *
 * A restore moves what the bridge has by then: addresses added, renewed or deleted meanwhile are the host's. The record
 * serves when the bridge is gone, or has lost all of a kind: setting it down deletes its routes and IPv6 addresses.
 */
#include "sys/op_impl.h"

#include <errno.h>
#include <inttypes.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <stdio.h>

#include "sys/host/accept_ra.h"
#include "sys/link/link.h"
#include "sys/link/link_set.h"
#include "sys/link/port_vlans.h"
#include "sys/netlink/nl_batch.h"
#include "sys/uplink/uplink_move.h"
#include "sys/uplink/uplink_read.h"
#include "sys/uplink/uplink_route.h"
#include "sys/uplink/uplink_run.h"

/* The NIC and the bridge of an operation. */
struct pair {
	struct vnm_link dev, bridge;
	bool has_dev, has_bridge;
};

/** struct lists - what to move: of the record, or of struct vnm_interface_state. */
struct lists {
	const char *addresses, *routes, *neighbours;
};

static int read_pair(struct vnm_sys *sys, const struct vnm_op_uplink *want, struct pair *ret,
		     struct vnm_error *err)
{
	int r = vnm_link_find(sys, want->dev, &ret->dev, err);

	ret->has_dev = r > 0;
	if (r >= 0)
		r = vnm_link_find(sys, want->bridge, &ret->bridge, err);
	ret->has_bridge = r > 0;
	return r < 0 ? r : 0;
}

static bool is_port(const struct pair *pair)
{
	return pair->has_dev && pair->has_bridge &&
	       pair->dev.fact.master == pair->bridge.fact.index;
}

static void add_port(struct vnm_nl_batch *batch, const struct vnm_link *dev, int master)
{
	struct ifinfomsg head = { .ifi_family = AF_UNSPEC, .ifi_index = dev->fact.index };
	vnm_autonl struct vnm_nl_req req = { 0 };

	if (master)
		head.ifi_flags = head.ifi_change = IFF_UP;
	vnm_nl_begin(&req, RTM_NEWLINK, 0, &head, sizeof(head));
	vnm_nl_put_u32(&req, IFLA_MASTER, (uint32_t)master);
	vnm_nl_batch_add(batch, &req, VNM_MOVE_PORT);
}

static int damaged(const char *dev, struct vnm_error *err)
{
	return vnm_error_set(err, VNM_ERR_STATE, EINVAL,
			     "the record of the addresses and routes of '%s' is damaged", dev);
}

static bool add_additions(struct vnm_nl_batch *batch, const struct vnm_move *move,
			  const struct lists *lists)
{
	return vnm_move_addresses(batch, move, VNM_HALF_GIVE, lists->addresses) &&
	       vnm_move_neighbours(batch, move, VNM_HALF_GIVE, lists->neighbours);
}

static bool add_removals(struct vnm_nl_batch *batch, const struct vnm_move *move,
			 const struct lists *lists)
{
	return vnm_move_addresses(batch, move, VNM_HALF_TAKE, lists->addresses) &&
	       vnm_move_neighbours(batch, move, VNM_HALF_TAKE, lists->neighbours);
}

static struct vnm_move move_between(const struct pair *pair, bool back, uint32_t elapsed)
{
	struct vnm_place dev = { pair->dev.fact.index, pair->dev.fact.name };
	struct vnm_place bridge = { pair->bridge.fact.index, pair->bridge.fact.name };

	return back ? (struct vnm_move){ bridge, dev, elapsed, NULL }
		    : (struct vnm_move){ dev, bridge, elapsed, NULL };
}

static uint32_t age(const struct vnm_op_uplink *want)
{
	uint32_t now = vnm_uptime();

	return now > want->since ? now - want->since : 0;
}

static struct lists recorded(const struct vnm_op_uplink *want)
{
	return (struct lists){ want->addresses, want->routes, want->neighbours };
}

/*
 * Move to the NIC what the bridge holds and, if requested, what is recorded.
 *
 * The NIC is released last: without its port the bridge cannot send.
 */
static int move_back(struct vnm_sys *sys, const struct vnm_op_uplink *want, const struct pair *pair,
		     const struct lists *lists, bool by_record, struct vnm_error *err)
{
	struct vnm_move move = move_between(pair, true, 0);
	struct vnm_move old = move_between(pair, true, age(want));
	struct lists record = recorded(want);
	vnm_autobatch struct vnm_nl_batch batch = { 0 };
	bool good = add_additions(&batch, &move, lists) &&
		    (!by_record || add_additions(&batch, &old, &record));

	move.record = record.routes;
	/* Gateways are reachable once all addresses are set. */
	good = good && vnm_move_routes(&batch, &move, VNM_HALF_GIVE, lists->routes);
	if (by_record)
		good = good && vnm_move_routes(&batch, &old, VNM_HALF_GIVE, record.routes);
	if (pair->has_bridge)
		good = good && vnm_move_routes(&batch, &move, VNM_HALF_TAKE, lists->routes);
	good = good && vnm_move_routes_fewer(&batch, &move, lists->routes);
	if (by_record)
		good = good && vnm_move_routes_fewer(&batch, &old, record.routes);
	if (is_port(pair))
		add_port(&batch, &pair->dev, 0);
	if (pair->has_bridge)
		good = good && add_removals(&batch, &move, lists);
	if (!good)
		return damaged(want->dev, err);
	return batch.n ? vnm_move_run(sys, &batch, &move, true, err) : 0;
}

static int refuse_other(const struct vnm_op_uplink *want, struct vnm_error *err)
{
	return vnm_error_set(err, VNM_ERR_FOREIGN, EBUSY,
			     "device '%s' belongs to another bridge or bond already; take it out "
			     "first: ip link set %s nomaster",
			     want->dev, want->dev);
}

static int move_over(struct vnm_sys *sys, const struct vnm_op_uplink *want, const struct pair *pair,
		     struct vnm_error *err)
{
	struct vnm_move move = move_between(pair, false, age(want));
	struct lists lists = recorded(want);
	vnm_autobatch struct vnm_nl_batch batch = { 0 };
	bool good = add_additions(&batch, &move, &lists);

	add_port(&batch, &pair->dev, pair->bridge.fact.index);
	good = good && vnm_move_routes(&batch, &move, VNM_HALF_GIVE, want->routes) &&
	       vnm_move_routes(&batch, &move, VNM_HALF_TAKE, want->routes) &&
	       vnm_move_routes_fewer(&batch, &move, want->routes) &&
	       add_removals(&batch, &move, &lists);
	return good ? vnm_move_run(sys, &batch, &move, false, err) : damaged(want->dev, err);
}

/* The host's own VLAN comes first in the kernel, by default; so it stays connected. */
static int set_vlans(struct vnm_sys *sys, const struct vnm_op_uplink *want, const struct pair *pair,
		     struct vnm_error *err)
{
	return want->vlans ? vnm_port_vlans_set(sys, &pair->dev, want->vlans, err) : 0;
}

/* A move that fails in part is reverted at once, by the record. */
static int uplink_apply(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	const struct vnm_op_uplink *want = &op->uplink;
	struct vnm_error ignored = { 0 };
	struct pair pair = { 0 };
	struct lists lists = recorded(want);
	int r = vnm_link_need(sys, want->dev, &pair.dev, err);

	if (r == 0)
		r = vnm_link_need(sys, want->bridge, &pair.bridge, err);
	if (r < 0)
		return r;
	pair.has_dev = pair.has_bridge = true;
	if (pair.dev.fact.master && !is_port(&pair))
		return refuse_other(want, err);
	r = move_over(sys, want, &pair, err);
	if (r == 0)
		r = set_vlans(sys, want, &pair, err);
	if (r == 0 && pair.dev.fact.mtu < pair.bridge.fact.mtu)
		r = vnm_link_set_mtu(sys, &pair.bridge, pair.dev.fact.mtu, err);
	if (r < 0 && read_pair(sys, want, &pair, &ignored) == 0 && pair.has_dev)
		(void)move_back(sys, want, &pair, &lists, true, &ignored);
	return r;
}

/* Does the bridge lack all addresses or all routes of a family that the NIC had? */
static bool lacks_kinds(const struct vnm_op_uplink *want, const struct vnm_interface_state *held)
{
	return (vnm_move_kinds(want->addresses, want->routes) &
		~vnm_move_kinds(held->addresses.data, held->routes.data)) != 0;
}

/*
 * Is the NIC the bridge's port, and has the bridge something of each kind that the NIC had? The NIC's MTU, which somebody
 * may have lowered, must do for the bridge's.
 */
static int uplink_check(struct vnm_sys *sys, const struct vnm_op *op, enum vnm_presence *ret,
			struct vnm_error *err)
{
	const struct vnm_op_uplink *want = &op->uplink;
	vnm_autointerface_state struct vnm_interface_state held = { 0 };
	struct pair pair = { 0 };
	int r = read_pair(sys, want, &pair, err);

	if (r < 0)
		return r;
	*ret = VNM_ABSENT;
	if (pair.has_dev && pair.dev.fact.master && !is_port(&pair))
		*ret = VNM_FOREIGN;
	if (!is_port(&pair) || !pair.dev.fact.up)
		return 0;
	if (pair.dev.fact.mtu < pair.bridge.fact.mtu) {
		snprintf(sys->why, sizeof(sys->why),
			 "its MTU is %" PRIu32 ", that of its bridge %" PRIu32, pair.dev.fact.mtu,
			 pair.bridge.fact.mtu);
		return 0;
	}
	r = want->vlans ? vnm_port_vlans_differ(sys, &pair.dev, want->vlans) : 0;
	if (r < 0)
		return vnm_nl_fail(err, r, NULL, "cannot read the VLANs of '%s'", want->dev);
	if (r > 0) {
		snprintf(sys->why, sizeof(sys->why), "it is in other VLANs");
		return 0;
	}
	r = vnm_interface_state_read(sys, pair.bridge.fact.index, &held, err);
	if (r == 0 && (!want->global || held.global) && !lacks_kinds(want, &held))
		*ret = VNM_PRESENT;
	return r;
}

/* Its VLANs only: what the bridge took over from it is not read again. */
static int uplink_change(struct vnm_sys *sys, const struct vnm_op *old, const struct vnm_op *new,
			 struct vnm_error *err)
{
	struct pair pair = { 0 };
	int r = read_pair(sys, &new->uplink, &pair, err);

	if (r < 0 || !is_port(&pair))
		return r;
	if (!new->uplink.vlans)
		return old->uplink.vlans ? vnm_port_vlans_reset(sys, &pair.dev, &pair.bridge, err)
					 : 0;
	return set_vlans(sys, &new->uplink, &pair, err);
}

/*
 * A device of the same name with another MAC address is another one, and gets nothing. One that is on another bridge by
 * now, or was never on ours, has nothing to restore.
 */
static int uplink_revert(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	const struct vnm_op_uplink *want = &op->uplink;
	vnm_autointerface_state struct vnm_interface_state held = { 0 }, own = { 0 };
	struct lists lists = { 0 };
	struct pair pair = { 0 };
	int r = read_pair(sys, want, &pair, err);

	if (r < 0 || !pair.has_dev || !vnm_mac_equal(&pair.dev.fact.mac, &want->mac))
		return r;
	if (pair.dev.fact.master && !is_port(&pair))
		return 0;
	if (pair.has_bridge)
		r = vnm_interface_state_read(sys, pair.bridge.fact.index, &held, err);
	if (r == 0)
		r = vnm_interface_state_read(sys, pair.dev.fact.index, &own, err);
	if (r < 0 || (!is_port(&pair) && (own.global || !want->global)))
		return r; /* never applied, or reverted already */
	r = vnm_accept_ra_keep(sys, &pair.dev, err);
	if (r < 0)
		return r;
	lists = (struct lists){ held.addresses.data, held.routes.data, held.neighbours.data };
	return move_back(sys, want, &pair, &lists,
			 (want->global && !held.global) || lacks_kinds(want, &held), err);
}

const struct vnm_op_impl vnm_impl_uplink = {
	.apply = uplink_apply,
	.check = uplink_check,
	.revert = uplink_revert,
	.change = uplink_change,
};
