/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * guest_gateway.c - the default gateways of guests on the host's LAN.
 *
 * A network with an uplink, or with a bridge or device of the host, has no <ip> whose address could be the gateway: a guest with a
 * fixed address leaves by the host's own gateway there, if that is in the guest's subnet.
 */
#include "run/guest_gateway.h"

#include <errno.h>
#include <sys/socket.h>

#include "model/attach.h"
#include "state/session.h"
#include "sys/link/link.h"
#include "sys/link/route.h"
#include "sys/netlink/netns_enter.h"
#include "sys/uplink/gateway.h"

/**
 * vnm_guest_has_gateway() - has a guest's namespace a default route?
 * @drv:       the driver
 * @attach:    the guest
 * @family:    of the route
 * @elsewhere: only one that does not lead by the guest's device on this network counts
 */
bool vnm_guest_has_gateway(struct vnm_driver *drv, const struct vnm_attachment *attach, int family,
			   bool elsewhere)
{
	struct vnm_facts facts __attribute__((cleanup(vnm_facts_clear))) = { 0 };
	const struct vnm_op_netns ns = { .path = attach->netns };
	struct vnm_error ignored = { 0 };
	struct vnm_fact_link own = { 0 };
	struct vnm_sys *there;

	if (vnm_sys_enter(&drv->sys, &ns, &there) < 0 ||
	    vnm_observe_routes(there, &facts, &ignored) < 0)
		return false;
	if (elsewhere)
		(void)vnm_link_read_fact(there, attach->ifname, &own);
	for (size_t i = 0; i < facts.n_routes; i++)
		if (facts.routes[i].prefix.len == 0 &&
		    facts.routes[i].prefix.addr.family == family &&
		    !(elsewhere && facts.routes[i].ifindex == own.index))
			return true;
	return false;
}

/** vnm_guest_wants_gateway() - is the guest one with fixed addresses on the host's LAN, and to have a default route? */
bool vnm_guest_wants_gateway(const struct vnm_network *net, const struct vnm_attachment *attach)
{
	return net->n_ips == 0 && vnm_network_mode(net) != VNM_FORWARD_NONE &&
	       attach->kind == VNM_ATTACH_NETNS && attach->n_ips > 0 &&
	       attach->gateway != VNM_TRI_NO;
}

/**
 * vnm_guest_see_gateways() - find the gateways of a guest on the host's LAN
 * @drv:    the driver
 * @net:    the network, active
 * @attach: the guest
 * @facts:  gets them
 * @err:    set on failure
 *
 * A namespace with another way out keeps that.
 *
 * Return: 0 or -errno.
 */
int vnm_guest_see_gateways(struct vnm_driver *drv, const struct vnm_network *net,
			   const struct vnm_attachment *attach, struct vnm_attach_facts *facts,
			   struct vnm_error *err)
{
	const char *dev = vnm_network_is_pool(net) ? attach->parent : net->bridge.name;
	struct vnm_gateways found;
	struct vnm_error failed = { 0 };
	int r;

	if (!vnm_guest_wants_gateway(net, attach) || !dev)
		return 0;
	r = vnm_gateways_find(&drv->sys, dev, &found, &failed);
	if (r == -ENODEV) /* a dry run, of what would be started first */
		return 0;
	if (r < 0) {
		*err = failed;
		return r;
	}
	for (size_t i = 0; i < found.n; i++)
		if (!vnm_guest_has_gateway(drv, attach, found.items[i].family, true))
			facts->gateways[facts->n_gateways++] = found.items[i];
	return 0;
}
