/* SPDX-License-Identifier: GPL-2.0-or-later */
/* guest_announce.c - tell the other hosts of a guest's network that it is here. */
#include "run/guest_announce.h"

#include <string.h>

#include "model/overlay.h"
#include "state/session.h"
#include "state/store.h"
#include "sys/link/announce.h"
#include "xml/network_xml.h"

static int announce(struct vnm_driver *drv, const struct vnm_network *net,
		    const struct vnm_attachment *attach)
{
	const struct vnm_dhcp_host *own = vnm_attach_reservation(net, attach);
	char tunnel[VNM_OVERLAY_DEV_SIZE];
	int r = vnm_announce_port(&drv->sys, attach->dev, &attach->mac);

	vnm_overlay_dev(&net->overlay, tunnel);
	for (size_t i = 0; i < attach->n_ips && r == 0; i++)
		r = vnm_announce_address(&drv->sys, tunnel, &attach->mac, &attach->ips[i].address);
	if (r == 0 && own && attach->n_ips == 0)
		r = vnm_announce_address(&drv->sys, tunnel, &attach->mac, &own->ip);
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
	struct vnm_error unread = { 0 };
	int r;

	if (!attach->mac.set || attach->kind == VNM_ATTACH_TUN || drv->assumed || drv->previews ||
	    vnm_store_load(&drv->live, attach->network, &net, &unread) < 0 ||
	    !net.overlay.at.present)
		return;
	r = announce(drv, &net, attach);
	if (r < 0)
		vnm_driver_report(drv, VNM_REPORT_WARNING,
				  "other hosts of network '%s' are not told that guest '%s' is "
				  "here now (%s): they find it when it sends something",
				  net.name, attach->dev, strerror(-r));
}
