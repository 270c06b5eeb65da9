/* SPDX-License-Identifier: GPL-2.0-or-later */
/* plan_frames.c - which frames of guests their bridge drops (sys/firewall/frames_table.c). Pure. */
#include "plan/firewall/plan_frames.h"

#include <sys/socket.h>

#include "util/mem.h"

static bool serves_addresses(const struct vnm_network *net)
{
	for (size_t i = 0; i < net->n_ips; i++)
		if (net->ips[i].address.family == AF_INET6 || vnm_dhcp_serves(&net->ips[i].dhcp))
			return true;
	return false;
}

/** vnm_plan_serves() - do guests get addresses from the host? */
bool vnm_plan_serves(const struct vnm_network *net)
{
	return vnm_network_makes_bridge(net) && !vnm_network_has_uplink(net) &&
	       vnm_network_wants_dnsmasq(net) && serves_addresses(net);
}

/**
 * vnm_plan_guards_service() - is the host the only DHCP server and router for guests?
 * @net: the network
 *
 * Return: false where we serve neither DHCP nor router advertisements, and where guests may, too.
 */
bool vnm_plan_guards_service(const struct vnm_network *net)
{
	return vnm_plan_serves(net) && net->guests.servers != VNM_TRI_YES;
}

/**
 * vnm_plan_frames() - the frames that must not reach other guests, the host and the switches behind an uplink
 * @net:  a network whose bridge is ours
 * @mac:  of the bridge
 * @facts: the kernel's abilities
 * @plan: gets the operation
 */
void vnm_plan_frames(const struct vnm_network *net, const struct vnm_mac *mac,
		     const struct vnm_facts *facts, struct vnm_plan *plan)
{
	struct vnm_op_frames *frames;

	if (vnm_network_has_uplink(net) && net->guests.bridges == VNM_TRI_YES)
		return;
	frames = &vnm_plan_add(plan, VNM_OP_FRAMES)->frames;
	frames->bridge = vnm_strdup(net->bridge.name);
	frames->mac = *mac;
	if (vnm_network_has_uplink(net))
		frames->uplink = vnm_strdup(net->uplink.dev);
	frames->served = vnm_plan_guards_service(net);
	frames->by_port = frames->served && facts->frames_by_port;
}
