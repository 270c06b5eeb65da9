/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lend.c - taps for the programs of ordinary users.
 *
 * Such a tap ends with the descriptor that its program holds: nothing has to be deleted, whatever becomes of the program or of us. What
 * stays is an attachment whose device is gone, which the next loan, start or repair collects. By the ID of these attachments,
 * "tap:UID:DEVICE", it is counted how many a user has.
 */
#include "driver/lend.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "driver/attach.h"
#include "driver/attach_complete.h"
#include "driver/guest_id.h"
#include "run/guest_remove.h"
#include "state/networks.h"
#include "state/session.h"
#include "sys/link/link.h"
#include "sys/link/tap.h"
#include "util/mem.h"
#include "xml/attach_xml.h"
#include "xml/network_xml.h"

/** vnm_driver_is_bridge() - is it the bridge of this active network? */
bool vnm_driver_is_bridge(struct vnm_driver *drv, const char *network, const char *bridge)
{
	vnm_autonetwork struct vnm_network net = { 0 };
	struct vnm_error ignored = { 0 };

	return vnm_driver_active(drv, network) &&
	       vnm_store_load(&drv->live, network, &net, &ignored) == 0 && net.bridge.name &&
	       !strcmp(net.bridge.name, bridge);
}

static int check_quota(struct vnm_driver *drv, const struct vnm_loan *loan, struct vnm_error *err)
{
	vnm_autofree char *prefix = vnm_asprintf("tap:%u:", (unsigned)loan->uid);
	char **ids = NULL;
	size_t n = 0;
	int r = vnm_driver_ids(drv, loan->network, prefix, &ids, &n, err);

	vnm_names_free(ids, n);
	if (r < 0 || n < loan->max)
		return r;
	return vnm_error_set(err, VNM_ERR_PERMISSION, EDQUOT,
			     "user %u has %zu tap%s on network '%s' already, and may have no more",
			     (unsigned)loan->uid, n, n == 1 ? "" : "s", loan->network);
}

/* That of the bridge: what is larger than its ports take is lost. */
static uint32_t bridge_mtu(struct vnm_driver *drv, const char *network)
{
	vnm_autonetwork struct vnm_network net = { 0 };
	struct vnm_error ignored = { 0 };
	struct vnm_fact_link link;

	if (vnm_store_load(&drv->live, network, &net, &ignored) < 0 || !net.bridge.name ||
	    vnm_link_read_fact(&drv->sys, net.bridge.name, &link) < 0)
		return 0;
	return link.mtu;
}

/**
 * vnm_driver_lend() - create a tap on a network that ends with its descriptor
 * @drv:    the driver
 * @loan:   for whom; gets the ID of the attachment, allocated, to be freed by the caller also after a failure
 * @ret_fd: gets the descriptor
 * @err:    VNM_ERR_PERMISSION: the user has as many as he may; VNM_ERR_INACTIVE
 *
 * Return: 0 or -errno; then there is no tap.
 */
int vnm_driver_lend(struct vnm_driver *drv, struct vnm_loan *loan, int *ret_fd,
		    struct vnm_error *err)
{
	vnm_autoattach struct vnm_attachment attach = { .kind = VNM_ATTACH_DEV };
	vnm_autoclose int fd = -1;
	int r = vnm_driver_need_active(drv, loan->network, err);

	if (r < 0)
		return r;
	vnm_guest_collect(drv, loan->network);
	r = check_quota(drv, loan, err);
	if (r == 0)
		r = vnm_attach_pick_device(drv, &attach, err);
	if (r < 0)
		return r;
	attach.at.present = true;
	attach.id = vnm_asprintf("tap:%u:%s", (unsigned)loan->uid, attach.dev);
	loan->id = vnm_strdup(attach.id);
	r = vnm_tap_open(&drv->sys, attach.dev, loan->vnet_hdr, bridge_mtu(drv, loan->network), &fd,
			 err);
	if (r == 0)
		r = vnm_driver_attach(drv, loan->network, &attach, 0, err);
	if (r == 0)
		*ret_fd = vnm_steal_fd(&fd);
	return r;
}
