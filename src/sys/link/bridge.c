/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bridge.c - the bridge of a network: create, recognise, delete.
 *
 * Ownership. A bridge of ours is recognised by its name, kind, MAC address and device group, all
 * set by the one message that creates it; the message fails when the name is taken (NLM_F_EXCL).
 * So a bridge of ours is never without them, and no other program's device ever gets them. The MAC
 * alone would not do: libvirt gives its bridge the same one when it runs the same definition. A MAC
 * set at creation stays when ports join (kernel br_stp_recalculate_bridge_id()).
 *
 * MTU. Only a change of an existing bridge's MTU makes it stick; one given at creation is
 * overwritten when the first port joins (kernel br_mtu_auto_adjust()). So it is set by a second
 * message. A bridge that a kill left between the two is ours, and the next attempt completes or
 * deletes it.
 */
#include "sys/op_impl.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "sys/link/bridge_calm.h"
#include "sys/link/bridge_delete.h"
#include "sys/link/bridge_record.h"
#include "sys/link/bridge_passes.h"
#include "sys/link/bridge_vlans.h"
#include "sys/netlink/netlink.h"

#include <linux/if_ether.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>

#include "sys/link/link.h"
#include "sys/link/link_kind.h"
#include "sys/link/link_set.h"

/* IEEE 802.1D table 17-1; the kernel's BR_MIN_FORWARD_DELAY and BR_MAX_FORWARD_DELAY, enforced with STP. */
#define STP_DELAY_MIN 2
#define STP_DELAY_MAX 30

#define CENTISECONDS 100u /* USER_HZ: the unit of a bridge's times in netlink */

static int refuse_foreign(const struct vnm_link *link, struct vnm_error *err)
{
	char mac[VNM_MAC_STRLEN] = "none";

	if (link->fact.mac.set)
		vnm_mac_format(&link->fact.mac, mac);
	return vnm_error_set(
		err, VNM_ERR_FOREIGN, EEXIST,
		"device '%s' already exists and is not ours (kind %s, MAC %s, group %" PRIu32 ")",
		link->fact.name, link->fact.kind[0] ? link->fact.kind : "hardware", mac,
		link->group);
}

/* The kernel clamps the delay when STP starts; we send the value that it will keep. */
static uint32_t delay_value(const struct vnm_op_bridge *want)
{
	uint32_t delay = want->delay;

	if (want->stp && delay < STP_DELAY_MIN)
		delay = STP_DELAY_MIN;
	if (want->stp && delay > STP_DELAY_MAX)
		delay = STP_DELAY_MAX;
	return delay > UINT32_MAX / CENTISECONDS ? UINT32_MAX : delay * CENTISECONDS;
}

/* Not the wanted MTU (see the top of the file). For 1500, the default, any other: setting the same value does not stick. */
static void put_first_mtu(struct vnm_nl_req *req, const struct vnm_op_bridge *want)
{
	if (want->mtu.set && want->mtu.v == ETH_DATA_LEN)
		vnm_nl_put_u32(req, IFLA_MTU, ETH_DATA_LEN - 1);
}

static void begin_create(struct vnm_nl_req *req, const struct vnm_op_bridge *want, int master)
{
	struct ifinfomsg head = { .ifi_family = AF_UNSPEC };
	struct vnm_nl_kind nests;

	vnm_nl_begin(req, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, &head, sizeof(head));
	vnm_nl_put_str(req, IFLA_IFNAME, want->name);
	vnm_nl_put(req, IFLA_ADDRESS, want->mac.b, sizeof(want->mac.b));
	vnm_nl_put_u32(req, IFLA_GROUP, want->group);
	if (master)
		vnm_nl_put_u32(req, IFLA_MASTER, (uint32_t)master);
	put_first_mtu(req, want);
	nests = vnm_nl_kind(req, "bridge");
	vnm_nl_put_u32(req, IFLA_BR_FORWARD_DELAY, delay_value(want));
	vnm_nl_put_u32(req, IFLA_BR_STP_STATE, want->stp);
	vnm_nl_put_u32(req, VNM_IFLA_BR_FDB_MAX_LEARNED, VNM_BRIDGE_FDB_MAX);
	vnm_bridge_passes_put(req, want);
	vnm_nl_kind_end(req, &nests);
}

static int complete_mtu(struct vnm_sys *sys, const struct vnm_op_bridge *want,
			const struct vnm_link *link, struct vnm_error *err)
{
	return vnm_link_set_mtu(sys, link, want->mtu.v, err);
}

static int complete_group(struct vnm_sys *sys, const struct vnm_op_bridge *want,
			  const struct vnm_link *link, struct vnm_error *err)
{
	vnm_autonl struct vnm_nl_req req = { 0 };
	int r;

	if (want->group == link->group)
		return 0;
	r = vnm_link_set_u32(sys, link, IFLA_GROUP, want->group, &req);
	if (r < 0)
		return vnm_nl_fail(err, r, &req, "cannot set the group of bridge '%s'", want->name);
	return 0;
}

/* The number of its VRF; 0: it is in none */
static int find_vrf(struct vnm_sys *sys, const struct vnm_op_bridge *want, int *ret,
		    struct vnm_error *err)
{
	struct vnm_link vrf;
	int r = want->vrf ? vnm_link_need(sys, want->vrf, &vrf, err) : 0;

	*ret = want->vrf && r == 0 ? vrf.fact.index : 0;
	return r;
}

/* Its addresses go with it, and the routes of these; the kernel takes it down and up for that. */
static int complete_vrf(struct vnm_sys *sys, const struct vnm_op_bridge *want,
			const struct vnm_link *link, struct vnm_error *err)
{
	int master, r = find_vrf(sys, want, &master, err);

	if (r < 0 || !master || link->fact.master == master)
		return r;
	return vnm_link_set_master(sys, link, master, err);
}

/*
 * A bridge exists under the wanted name: ours is completed, another's is not touched. The name can also be taken as the
 * alternative name of another device (ip link property).
 */
static int complete_bridge(struct vnm_sys *sys, const struct vnm_op_bridge *want,
			   struct vnm_error *err)
{
	struct vnm_link link;
	int r = vnm_link_find(sys, want->name, &link, err);

	if (r < 0)
		return r;
	if (r == 0)
		return vnm_error_set(
			err, VNM_ERR_FOREIGN, EEXIST,
			"cannot create bridge '%s': it is an alternative name of another device",
			want->name);
	if (!vnm_bridge_is_ours(&link, want))
		return refuse_foreign(&link, err);
	r = complete_group(sys, want, &link, err);
	if (r == 0)
		r = complete_vrf(sys, want, &link, err);
	if (r == 0)
		r = vnm_bridge_passes_set(sys, &link, NULL, want, err);
	if (r == 0)
		r = vnm_bridge_vlans_set(sys, &link, NULL, want, err);
	return r < 0 ? r : complete_mtu(sys, want, &link, err);
}

/* A foreign device stays; the warning comes now, as it will prevent the next start. */
static void warn_foreign(struct vnm_sys *sys, const struct vnm_link *link)
{
	vnm_warnings_add(
		sys->warnings,
		"device '%s' is not the one that vnetmgr made, and stays; if nothing needs it: "
		"ip link del %s",
		link->fact.name, link->fact.name);
}

static int delete_ours(struct vnm_sys *sys, const struct vnm_op_bridge *want, struct vnm_error *err)
{
	struct vnm_link link;
	int r = vnm_bridge_recorded(sys, want->name, &link) ? 0 : -ENOENT;

	if (r == 0)
		r = vnm_link_delete(sys, &link, err);
	if (r < 0 && r != -ENOENT)
		return r;
	r = vnm_bridge_record_drop(sys, want->name, err);
	if (r == 0)
		r = vnm_link_find(sys, want->name, &link, err);
	if (r <= 0)
		return r;
	if (vnm_bridge_is_ours(&link, want))
		return vnm_link_delete(sys, &link, err);
	warn_foreign(sys, &link);
	return 0;
}

static int refuse_arguments(const struct vnm_op_bridge *want, struct vnm_error *err)
{
	if (!vnm_ifname_valid(want->name))
		return vnm_error_set(err, VNM_ERR_USAGE, EINVAL,
				     "'%s' cannot be the name of a bridge", want->name);
	if (!want->mac.set)
		return vnm_error_set(err, VNM_ERR_USAGE, EINVAL, "bridge '%s' has no MAC address",
				     want->name);
	return 0;
}

static int bridge_prepare(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	struct vnm_link link;
	int r = refuse_arguments(&op->bridge, err);

	if (r < 0)
		return r;
	if (vnm_bridge_recorded(sys, op->bridge.name, &link))
		return vnm_bridge_vlans_probe(sys, &op->bridge, err);
	r = vnm_link_find(sys, op->bridge.name, &link, err);
	if (r == 0) {
		r = vnm_link_kind_need(sys, "bridge", op->bridge.name, err);
		return r < 0 ? r : vnm_bridge_vlans_probe(sys, &op->bridge, err);
	}
	if (r < 0)
		return r;
	return !vnm_bridge_is_ours(&link, &op->bridge) ? refuse_foreign(&link, err) : 0;
}

/*
 * A bridge of ours that exists already (an interrupted start) is completed, which is success: the journal tells whether it
 * should exist. A bridge created here that cannot be completed is deleted at once.
 */
static int bridge_apply(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	const struct vnm_op_bridge *want = &op->bridge;
	vnm_autonl struct vnm_nl_req req = { 0 };
	struct vnm_link link;
	bool made;
	int master, r = refuse_arguments(want, err);

	if (r < 0)
		return r;
	if (vnm_bridge_recorded(sys, want->name, &link)) {
		r = vnm_bridge_restore(sys, &link, want, err);
		if (r == 0)
			r = complete_vrf(sys, want, &link, err);
		if (r == 0)
			r = vnm_bridge_calm(sys, &link, want, err);
		if (r == 0)
			r = vnm_bridge_passes_set(sys, &link, NULL, want, err);
		if (r == 0)
			r = vnm_bridge_vlans_set(sys, &link, NULL, want, err);
		return r < 0 ? r : complete_mtu(sys, want, &link, err);
	}
	r = find_vrf(sys, want, &master, err);
	if (r < 0)
		return r;
	begin_create(&req, want, master);
	r = vnm_nl_do(sys, &req, NULL);
	if (r < 0 && r != -EEXIST)
		return vnm_nl_fail(err, r, &req, "cannot create bridge '%s'", want->name);
	made = r == 0;
	r = made && !want->mtu.set && !want->filters_vlans ? 0 : complete_bridge(sys, want, err);
	if (r == 0)
		r = vnm_bridge_record_write(sys, want, err);
	if (r < 0 && made)
		(void)delete_ours(sys, want, &(struct vnm_error){ 0 });
	return r;
}

/* Is it outside of its VRF? */
static bool left_vrf(struct vnm_sys *sys, const struct vnm_link *link,
		     const struct vnm_op_bridge *want)
{
	struct vnm_link vrf;

	if (!want->vrf ||
	    (vnm_link_read(sys, want->vrf, &vrf) == 0 && link->fact.master == vrf.fact.index))
		return false;
	snprintf(sys->why, sizeof(sys->why), "it is not in its VRF");
	return true;
}

/* A bridge of ours outside its group is not guarded by the firewall: it counts as absent, and apply mends it. */
static int bridge_check(struct vnm_sys *sys, const struct vnm_op *op, enum vnm_presence *ret,
			struct vnm_error *err)
{
	struct vnm_link link;
	int r;

	if (vnm_bridge_recorded(sys, op->bridge.name, &link)) {
		r = left_vrf(sys, &link, &op->bridge) ||
		    vnm_bridge_explain(&link, &op->bridge, sys->why) ||
		    vnm_bridge_passes_explain(&link, &op->bridge, sys->why) ||
		    vnm_bridge_disturbed(sys, &link, &op->bridge, sys->why);
		if (r == 0)
			r = vnm_bridge_vlans_explain(sys, &link, &op->bridge);
		*ret = r ? VNM_ABSENT : VNM_PRESENT;
		return r < 0 ? vnm_nl_fail(err, r, NULL, "cannot read the VLANs of '%s'",
					   op->bridge.name)
			     : 0;
	}
	r = vnm_link_find(sys, op->bridge.name, &link, err);
	if (r < 0)
		return r;
	if (r == 0)
		*ret = VNM_ABSENT;
	else if (!vnm_bridge_is_ours(&link, &op->bridge))
		*ret = VNM_FOREIGN;
	else
		*ret = vnm_bridge_explain(&link, &op->bridge, sys->why) ? VNM_ABSENT : VNM_PRESENT;
	return 0;
}

/* One setting at a time: the kernel takes the delay before STP, and limits it by the state STP was in. */
static int set_bridge(struct vnm_sys *sys, int ifindex, int attr, uint32_t value,
		      const struct vnm_op_bridge *want, struct vnm_error *err)
{
	struct ifinfomsg head = { .ifi_family = AF_UNSPEC, .ifi_index = ifindex };
	vnm_autonl struct vnm_nl_req req = { 0 };
	struct vnm_nl_kind nests;
	int r;

	vnm_nl_begin(&req, RTM_NEWLINK, 0, &head, sizeof(head));
	vnm_nl_put_u32(&req, IFLA_GROUP, want->group);
	vnm_nl_put_u32(&req, IFLA_MTU, want->mtu.set ? want->mtu.v : ETH_DATA_LEN);
	nests = vnm_nl_kind(&req, "bridge");
	vnm_nl_put_u32(&req, attr, value);
	vnm_nl_kind_end(&req, &nests);
	r = vnm_nl_do(sys, &req, NULL);
	if (r < 0)
		return vnm_nl_fail(err, r, &req, "cannot change bridge '%s'", want->name);
	return 0;
}

/* The bridge had no MTU of its own, and may have had this value by chance. */
static int pin_mtu(struct vnm_sys *sys, const struct vnm_op_bridge *want, struct vnm_error *err)
{
	struct vnm_link link;
	int r = vnm_link_need(sys, want->name, &link, err);

	return r < 0 ? r : vnm_bridge_pin_mtu(sys, &link, want->mtu.v, err);
}

/* Settings only: the bridge is recognised by its name and MAC. */
static int bridge_change(struct vnm_sys *sys, const struct vnm_op *old, const struct vnm_op *new,
			 struct vnm_error *err)
{
	const struct vnm_op_bridge *want = &new->bridge;
	struct vnm_link link;
	int r = vnm_link_read(sys, want->name, &link);

	if (r < 0)
		return vnm_nl_fail(err, r, NULL, "cannot inspect device '%s'", want->name);
	if (!vnm_bridge_is_ours(&link, &old->bridge))
		return refuse_foreign(&link, err);
	if (!want->stp)
		r = set_bridge(sys, link.fact.index, IFLA_BR_STP_STATE, 0, want, err);
	if (r == 0)
		r = set_bridge(sys, link.fact.index, IFLA_BR_FORWARD_DELAY, delay_value(want), want,
			       err);
	if (r == 0 && want->stp)
		r = set_bridge(sys, link.fact.index, IFLA_BR_STP_STATE, 1, want, err);
	if (r == 0 && want->mtu.set && !old->bridge.mtu.set)
		r = pin_mtu(sys, want, err);
	if (r == 0)
		r = vnm_bridge_passes_set(sys, &link, &old->bridge, want, err);
	return r < 0 ? r : vnm_bridge_vlans_set(sys, &link, &old->bridge, want, err);
}

static int bridge_revert(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	return delete_ours(sys, &op->bridge, err);
}

static int bridge_revert_many(struct vnm_sys *sys, const struct vnm_op *const *ops, size_t n,
			      struct vnm_error *err)
{
	int r = 0;

	vnm_bridges_delete(sys, ops, n);
	for (size_t i = 0; i < n; i++) {
		struct vnm_error this = { 0 };
		int one = delete_ours(sys, &ops[i]->bridge, &this);

		if (one < 0 && r == 0) {
			r = one;
			*err = this;
		}
	}
	return r;
}

const struct vnm_op_impl vnm_impl_bridge = {
	.prepare = bridge_prepare,
	.apply = bridge_apply,
	.check = bridge_check,
	.revert = bridge_revert,
	.revert_many = bridge_revert_many,
	.change = bridge_change,
};
