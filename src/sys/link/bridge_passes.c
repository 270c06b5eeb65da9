// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * bridge_passes.c - forwarding settings of a bridge: link-local frames (group_fwd_mask), multicast.
 *
 * Frames to 01:80:c2:00:00:00 to 0f end at the first bridge (IEEE 802.1D 7.12.6): LLDP and 802.1X between guests need a bit
 * in group_fwd_mask. Without a mask in the definition, what others, such as a hook, have set stays. For frames that leave
 * by an uplink see sys/firewall/frames_table.c.
 */
#include "sys/link/bridge_passes.h"

#include <stdio.h>

#include <linux/if_link.h>
#include <linux/rtnetlink.h>

/**
 * vnm_bridge_passes_put() - add a bridge's forwarding settings to the request that creates it
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
 * vnm_bridge_passes_explain() - how do a bridge's forwarding settings differ from the wanted ones?
 * @link: the bridge
 * @want: how it was made
 * @why:  gets the words
 *
 * Not snooping that is off but wanted: the kernel turns it off itself, see vnm_bridge_disturbed().
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
 * vnm_bridge_passes_set() - change the forwarding settings of an existing bridge
 * @sys:  the handles
 * @link: the bridge, as it is
 * @old:  the settings wanted before; those that @want lacks return to their defaults. NULL: none
 * @want: the settings wanted now
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
	return r < 0 ? vnm_nl_fail(err, r, &req, "cannot set the options of bridge '%s'",
				   link->fact.name)
		     : 0;
}
