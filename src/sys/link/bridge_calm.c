// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * bridge_calm.c - what guests' packets have done to a bridge, and how to revert it.
 *
 * Spanning tree: the bridge takes over the timers of a guest that claims to be the root, and a forward delay of 256
 * seconds keeps the next guests out for nine minutes. Ports of net-attach have root_block (sys/link/bridge_port.c). A port
 * that another program has enslaved gets it when the bridge reports its root behind that port. It leaves the port in the
 * tree, so that loops are still found.
 *
 * Multicast: when guests have joined more groups than the bridge has room for, the kernel turns snooping off
 * (br_multicast_new_group()), floods all multicast, and does not resume by itself.
 */
#include "sys/link/bridge_calm.h"

#include <stdio.h>
#include <string.h>

#include <linux/if_bridge.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>

#include "sys/link/link_set.h"

/* A guest's device; a wire to a switch would be hardware, or a VLAN, bond or tunnel. */
static bool is_guest(const struct vnm_link *link)
{
	return !strcmp(link->fact.kind, "tun") || !strcmp(link->fact.kind, "veth");
}

/* The guest's port that leads to the root. Return: 1; 0: the bridge is the root, or the root is legitimate; or -errno. */
static int find_guest_root_port(struct vnm_sys *sys, const struct vnm_link *bridge,
				const struct vnm_op_bridge *want, struct vnm_link *ret,
				struct vnm_error *err)
{
	vnm_autolinks struct vnm_links links = { 0 };
	int r;

	if (bridge->root_port == 0 || want->peers)
		return 0;
	r = vnm_links_read(sys, &links, err);
	for (size_t i = 0; i < links.n && r == 0; i++) {
		const struct vnm_link *link = &links.items[i];

		if (link->fact.master != bridge->fact.index ||
		    link->port.number != bridge->root_port || !is_guest(link))
			continue;
		*ret = *link;
		r = 1;
	}
	return r;
}

/**
 * vnm_bridge_disturbed() - has a guest taken over a bridge's spanning tree, or filled its table of multicast groups?
 * @sys:  the handles
 * @link: the bridge
 * @want: how it was made
 * @why:  gets the words
 *
 * Return: whether.
 */
bool vnm_bridge_disturbed(struct vnm_sys *sys, const struct vnm_link *link,
			  const struct vnm_op_bridge *want, char why[static VNM_WHY_SIZE])
{
	struct vnm_error err = { 0 };
	struct vnm_link port;

	if (find_guest_root_port(sys, link, want, &port, &err) > 0)
		snprintf(why, VNM_WHY_SIZE,
			 "the guest at '%s' has made itself the root of the spanning tree",
			 port.fact.name);
	else if (link->unsnooped && !want->unsnooped)
		snprintf(why, VNM_WHY_SIZE,
			 "multicast snooping is off: guests have joined too many groups");
	else
		return false;
	return true;
}

static int block_root(struct vnm_sys *sys, const struct vnm_link *port, struct vnm_error *err)
{
	uint64_t on = VNM_PORT_SETTING(IFLA_BRPORT_PROTECT);
	vnm_autonl struct vnm_nl_req req = { 0 };
	int r = vnm_link_set_port(sys, port, on, on, &req);

	return r < 0 ? vnm_nl_fail(err, r, &req, "cannot block the root at '%s'", port->fact.name)
		     : 0;
}

/* Setting the same priority makes the kernel elect the root again, without waiting for the old one to expire. */
static int reelect_root(struct vnm_sys *sys, const struct vnm_link *bridge, struct vnm_error *err)
{
	struct ifinfomsg head = { .ifi_family = AF_UNSPEC, .ifi_index = bridge->fact.index };
	vnm_autonl struct vnm_nl_req req = { 0 };
	struct vnm_nl_kind nests;
	int r;

	vnm_nl_begin(&req, RTM_NEWLINK, 0, &head, sizeof(head));
	nests = vnm_nl_kind(&req, "bridge");
	vnm_nl_put(&req, IFLA_BR_PRIORITY, &bridge->priority, sizeof(bridge->priority));
	vnm_nl_kind_end(&req, &nests);
	r = vnm_nl_do(sys, &req, NULL);
	return r < 0 ? vnm_nl_fail(err, r, &req, "cannot set the priority of bridge '%s'",
				   bridge->fact.name)
		     : 0;
}

/**
 * vnm_bridge_calm() - revert what vnm_bridge_disturbed() has found; multicast snooping: vnm_bridge_passes_set()
 * @sys:  the handles
 * @link: the bridge
 * @want: how it was made
 * @err:  set on failure
 *
 * Return: 0 or -errno.
 */
int vnm_bridge_calm(struct vnm_sys *sys, const struct vnm_link *link,
		    const struct vnm_op_bridge *want, struct vnm_error *err)
{
	struct vnm_link port;
	int r = find_guest_root_port(sys, link, want, &port, err);

	if (r <= 0)
		return r;
	r = block_root(sys, &port, err);
	return r < 0 ? r : reelect_root(sys, link, err);
}
