/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * guest_forwards.c - ports of the host that lead to a guest, for as long as it is attached.
 *
 * They are part of the attachment, and added to the definition that its network is planned from (plan/attach_augment.c). So they
 * come and go with it in one change of the network's rules.
 */
#include "run/guest_forwards.h"

#include <errno.h>
#include <string.h>

#include "model/validate.h"
#include "plan/attach_augment.h"
#include "run/plan_network.h"
#include "state/guest_store.h"
#include "state/networks.h"
#include "state/session.h"
#include "xml/attach_xml.h"
#include "xml/network_xml.h"

static int refuse(const struct vnm_port_forward *forward, const struct vnm_attachment *other,
		  struct vnm_error *err)
{
	return vnm_error_set(
		err, VNM_ERR_PORT_IN_USE, EADDRINUSE,
		"%s port %u is already forwarded to guest '%s' of network '%s'; choose "
		"another port, or detach that guest",
		vnm_enum_name(&vnm_enum_proto, (int)forward->proto), forward->port.first,
		other->dev, other->network);
}

/* @mine: with the forwardings of the new guest only. */
static int check_guest(const struct vnm_network *mine, const struct vnm_attachment *other,
		       struct vnm_error *err)
{
	vnm_autonetwork struct vnm_network theirs = { 0 };

	vnm_attach_augment_forwards(&theirs, other);
	for (size_t i = 0; i < mine->n_port_forwards; i++)
		for (size_t k = 0; k < theirs.n_port_forwards; k++)
			if (vnm_port_forwards_clash(&mine->port_forwards[i],
						    &theirs.port_forwards[k]))
				return refuse(&mine->port_forwards[i], other, err);
	return 0;
}

static int check_guests_of(struct vnm_driver *drv, const char *name, const struct vnm_network *mine,
			   struct vnm_error *err)
{
	vnm_autoattachments struct vnm_attachments guests = { 0 };
	int r = vnm_attachments_read(&drv->paths, name, &guests, err);

	for (size_t i = 0; i < guests.n_items && r == 0; i++)
		r = check_guest(mine, &guests.items[i], err);
	return r;
}

/* Those of guests of all networks. */
static int check_guests(struct vnm_driver *drv, const struct vnm_attachment *attach,
			struct vnm_error *err)
{
	vnm_autonetwork struct vnm_network mine = { 0 };
	char **names;
	size_t n;
	int r = vnm_driver_names(drv, &names, &n, err);

	if (r < 0)
		return r;
	vnm_attach_augment_forwards(&mine, attach);
	for (size_t i = 0; i < n && r == 0; i++)
		r = check_guests_of(drv, names[i], &mine, err);
	vnm_names_free(names, n);
	return r;
}

/**
 * vnm_guest_check_forwards() - may these ports lead to the guest?
 * @drv:    the driver
 * @net:    its network
 * @attach: the guest, complete
 * @err:    VNM_ERR_PORT_IN_USE; VNM_ERR_XML_MEANING: its network does not forward ports
 *
 * Return: 0 or -errno.
 */
int vnm_guest_check_forwards(struct vnm_driver *drv, const struct vnm_network *net,
			     const struct vnm_attachment *attach, struct vnm_error *err)
{
	const struct vnm_attachments *others = vnm_attachments_get(drv, net->name);
	vnm_autonetwork struct vnm_network old = { 0 }, whole = { 0 };
	struct vnm_warnings ignored = { 0 };
	int r;

	if (attach->n_forwards == 0)
		return 0;
	r = check_guests(drv, attach, err);
	if (r < 0)
		return r;
	vnm_network_copy(net, &old);
	for (size_t i = 0; i < others->n_items; i++)
		vnm_attach_augment_forwards(&old, &others->items[i]);
	vnm_network_copy(&old, &whole);
	vnm_attach_augment_forwards(&whole, attach);
	r = vnm_network_validate(&whole, &ignored, err);
	vnm_warnings_clear(&ignored);
	return r < 0 ? r : vnm_driver_check_forwards(drv, &whole, &old, NULL, 0, err);
}
