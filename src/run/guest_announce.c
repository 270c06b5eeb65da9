/* SPDX-License-Identifier: GPL-2.0-or-later */
/* guest_announce.c - tell the other hosts of a guest's network that it is here. */
#include "run/guest_announce.h"

#include <string.h>

#include "model/overlay.h"
#include "state/session.h"
#include "state/store.h"
#include "sys/link/announce.h"
#include "xml/network_xml.h"

/* The addresses of the guest, or that which is reserved for it. @ret: gets the one with the number @i. Return: how many there are. */
static size_t addresses_of(const struct vnm_network *net, const struct vnm_attachment *attach,
			   struct vnm_addr *ret, size_t i)
{
	const struct vnm_dhcp_host *own = vnm_attach_reservation(net, attach);

	if (i < attach->n_ips)
		*ret = attach->ips[i].address;
	else if (own)
		*ret = own->ip;
	return attach->n_ips ? attach->n_ips : own != NULL;
}

/* Of a guest on an overlay: @ret gets its network. */
static bool is_on_many_hosts(struct vnm_driver *drv, const struct vnm_attachment *attach,
			     struct vnm_network *ret)
{
	struct vnm_error unread = { 0 };

	return attach->mac.set && attach->kind != VNM_ATTACH_TUN && !drv->assumed &&
	       !drv->previews && vnm_store_load(&drv->live, attach->network, ret, &unread) == 0 &&
	       ret->overlay.at.present;
}

static int announce(struct vnm_driver *drv, const struct vnm_network *net,
		    const struct vnm_attachment *attach)
{
	char tunnel[VNM_OVERLAY_DEV_SIZE];
	struct vnm_addr addr;
	int r = vnm_announce_port(&drv->sys, attach->dev, &attach->mac);

	vnm_overlay_dev(&net->overlay, tunnel);
	for (size_t i = 0; r == 0 && i < addresses_of(net, attach, &addr, i); i++)
		r = vnm_announce_address(&drv->sys, tunnel, &attach->mac, &addr);
	return r;
}

/**
 * vnm_guest_announce() - tell the other hosts of a guest's network that it is here
 * @drv:    the driver
 * @attach: the guest, on the bridge
 *
 * Of one whose address is known; the others are found when they send something. That it fails is a warning.
 */
void vnm_guest_announce(struct vnm_driver *drv, const struct vnm_attachment *attach)
{
	vnm_autonetwork struct vnm_network net = { 0 };
	int r = is_on_many_hosts(drv, attach, &net) ? announce(drv, &net, attach) : 0;

	if (r < 0)
		vnm_driver_report(drv, VNM_REPORT_WARNING,
				  "other hosts of network '%s' are not told that guest '%s' is "
				  "here now (%s): they find it when it sends something",
				  net.name, attach->dev, strerror(-r));
}

/**
 * vnm_guest_announce_elsewhere() - have a guest that may have moved to another host tell all of them
 * @drv:    the driver
 * @attach: the guest, which is here no more
 *
 * Best effort: it may be nowhere.
 */
void vnm_guest_announce_elsewhere(struct vnm_driver *drv, const struct vnm_attachment *attach)
{
	vnm_autonetwork struct vnm_network net = { 0 };
	char tunnel[VNM_OVERLAY_DEV_SIZE];
	struct vnm_addr addr;
	struct vnm_mac own;

	if (!is_on_many_hosts(drv, attach, &net))
		return;
	vnm_overlay_dev(&net.overlay, tunnel);
	own = vnm_overlay_own_mac(&net);
	for (size_t i = 0; i < addresses_of(&net, attach, &addr, i); i++)
		(void)vnm_announce_elsewhere(&drv->sys, tunnel, &own, &addr);
}
