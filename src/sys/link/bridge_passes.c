// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * bridge_passes.c - what a bridge passes on beyond, or without, what bridges do: frames for switches, multicast.
 *
 * Frames to 01:80:c2:00:00:00 to 0f end at the first switch (IEEE 802.1D 7.12.6), and a bridge is one: LLDP and 802.1X between
 * guests need a bit in its mask (group_fwd_mask). The mask is kept only where the definition has one: else it is as
 * others, such as a hook, have set it. What leaves by an uplink is another matter (sys/firewall/frames_table.c).
 */
#include "sys/link/bridge_passes.h"

#include <stdio.h>

#include <linux/if_link.h>
#include <linux/rtnetlink.h>

/**
 * vnm_bridge_passes_put() - add to a request that makes a bridge what it is to pass on
 * @req:  the request, within IFLA_INFO_DATA
 * @want: the bridge
 */
void vnm_bridge_passes_put(struct vnm_nl_req *req, const struct vnm_op_bridge *want)
{
	uint16_t mask = (uint16_t)want->group_fwd.v;

	if (want->group_fwd.set)
		vnm_nl_put(req, IFLA_BR_GROUP_FWD_MASK, &mask, sizeof(mask));
	if (want->unsnooped)
		vnm_nl_put_u8(req, IFLA_BR_MCAST_SNOOPING, 0);
	if (want->querier)
		vnm_nl_put_u8(req, IFLA_BR_MCAST_QUERIER, 1);
}

/**
 * vnm_bridge_passes_explain() - in what does a bridge pass on something else than it is to?
 * @link: the bridge
 * @want: how it was made
 * @why:  gets the words
 *
 * Snooping that is off though it is to be on is vnm_bridge_disturbed()'s: the kernel does that itself.
 *
 * Return: false when it does not.
 */
bool vnm_bridge_passes_explain(const struct vnm_link *link, const struct vnm_op_bridge *want,
			       char why[static VNM_WHY_SIZE])
{
	if (want->group_fwd.set && link->group_fwd != want->group_fwd.v)
		snprintf(why, VNM_WHY_SIZE, "its group_fwd_mask was changed to 0x%x",
			 link->group_fwd);
	else if (want->unsnooped && link->snooped)
		snprintf(why, VNM_WHY_SIZE, "multicast snooping was switched on");
	else if (want->querier && !link->querier)
		snprintf(why, VNM_WHY_SIZE, "its multicast querier was switched off");
	else
		return false;
	return true;
}

/**
 * vnm_bridge_passes_set() - let a bridge that is there pass on what it is to
 * @sys:  the handles
 * @link: the bridge, as it is
 * @old:  what it was to be; what that had and @want has not is as if nobody had set it. NULL: nothing
 * @want: what it is to be
 * @err:  set on failure
 *
 * Return: 0 or -errno.
 */
int vnm_bridge_passes_set(struct vnm_sys *sys, const struct vnm_link *link,
			  const struct vnm_op_bridge *old, const struct vnm_op_bridge *want,
			  struct vnm_error *err)
{
	struct ifinfomsg head = { .ifi_family = AF_UNSPEC, .ifi_index = link->fact.index };
	bool mask_is_kept = want->group_fwd.set || (old && old->group_fwd.set);
	uint16_t mask = want->group_fwd.set ? (uint16_t)want->group_fwd.v : 0;
	vnm_autonl struct vnm_nl_req req = { 0 };
	struct vnm_nl_kind nests;
	int r;

	vnm_nl_begin(&req, RTM_NEWLINK, 0, &head, sizeof(head));
	nests = vnm_nl_kind(&req, "bridge");
	if (mask_is_kept)
		vnm_nl_put(&req, IFLA_BR_GROUP_FWD_MASK, &mask, sizeof(mask));
	if (want->unsnooped ? link->snooped : link->unsnooped)
		vnm_nl_put_u8(&req, IFLA_BR_MCAST_SNOOPING, !want->unsnooped);
	if (want->querier || (old && old->querier))
		vnm_nl_put_u8(&req, IFLA_BR_MCAST_QUERIER, want->querier);
	vnm_nl_kind_end(&req, &nests);
	r = vnm_nl_do(sys, &req, NULL);
	return r < 0 ? vnm_nl_fail(err, r, &req, "cannot set what bridge '%s' passes on",
				   link->fact.name)
		     : 0;
}
