/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * link_mtu.c - the largest packet that a device takes.
 *
 * A packet larger than the MTU of the port or of the pair's end that it is to leave by is dropped on a bridge, and nobody is
 * told. So everything on a bridge has the bridge's MTU before it is put there. A bridge whose MTU nobody has set has the
 * smallest of its ports (kernel br_mtu_auto_adjust()), and the host that lives by it would follow whatever is attached; once
 * set, it stays. Setting the value that is there changes nothing, and so does not count as set.
 */
#include <inttypes.h>

#include "sys/netlink/netlink.h"

#include <linux/if_link.h>
#include <linux/rtnetlink.h>

#define MTU_MAX 65535u /* ETH_MAX_MTU */

static int set(struct vnm_sys *sys, const struct vnm_link *link, uint32_t mtu,
	       struct vnm_error *err)
{
	struct ifinfomsg head = { .ifi_family = AF_UNSPEC, .ifi_index = link->fact.index };
	vnm_autonl struct vnm_nl_req req = { 0 };
	int r;

	vnm_nl_begin(&req, RTM_NEWLINK, 0, &head, sizeof(head));
	vnm_nl_put_u32(&req, IFLA_MTU, mtu);
	r = vnm_nl_do(sys, &req, NULL);
	return r < 0 ? vnm_nl_fail(err, r, &req, "cannot set the MTU of '%s' to %" PRIu32,
				   link->fact.name, mtu)
		     : 0;
}

/**
 * vnm_link_set_mtu() - give a device an MTU
 * @sys:  the handles where it is
 * @link: the device, as it was looked at
 * @mtu:  bytes; 0: it may keep what it has
 * @err:  set on failure
 *
 * Return: 0 or -errno.
 */
int vnm_link_set_mtu(struct vnm_sys *sys, const struct vnm_link *link, uint32_t mtu,
		     struct vnm_error *err)
{
	return mtu == 0 || mtu == link->fact.mtu ? 0 : set(sys, link, mtu, err);
}

/**
 * vnm_bridge_pin_mtu() - give a bridge an MTU that no port changes
 * @sys:  the handles
 * @link: the bridge, as it was looked at
 * @mtu:  bytes
 * @err:  set on failure
 *
 * By way of a larger one, so that nothing on its way is too large meanwhile, and IPv6 is not taken from it.
 *
 * Return: 0 or -errno.
 */
int vnm_bridge_pin_mtu(struct vnm_sys *sys, const struct vnm_link *link, uint32_t mtu,
		       struct vnm_error *err)
{
	int r = mtu == link->fact.mtu ? set(sys, link, mtu < MTU_MAX ? mtu + 1 : mtu - 1, err) : 0;

	return r < 0 ? r : set(sys, link, mtu, err);
}
