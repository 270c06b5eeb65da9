/* SPDX-License-Identifier: GPL-2.0-or-later */
/* guest_leg.c - by which network a device of a namespace is connected: a guest may be on several. */
#include "run/guest_leg.h"

#include <fcntl.h>
#include <string.h>

#include "state/guest_store.h"
#include "state/session.h"
#include "util/file.h"
#include "util/mem.h"
#include "util/parse.h"
#include "xml/attach_xml.h"

static bool is_leg_of(struct vnm_driver *drv, const char *network, const char *netns,
		      const char *ifname)
{
	vnm_autoattachments struct vnm_attachments all = { 0 };
	struct vnm_error ignored = { 0 };

	if (vnm_attachments_read(&drv->paths, network, &all, &ignored) < 0)
		return false;
	for (size_t i = 0; i < all.n_items; i++)
		if (all.items[i].netns && !strcmp(all.items[i].netns, netns) &&
		    all.items[i].ifname && !strcmp(all.items[i].ifname, ifname))
			return true;
	return false;
}

/**
 * vnm_guest_leg() - the network whose guest a device of a namespace is
 * @drv:    the driver
 * @netns:  the path of the namespace
 * @ifname: the device in it
 *
 * Return: its name, allocated; NULL: none.
 */
char *vnm_guest_leg(struct vnm_driver *drv, const char *netns, const char *ifname)
{
	const char *network;
	vnm_autodir DIR *dir = NULL;

	if (vnm_dir_list(AT_FDCWD, drv->paths.made, &dir) < 0)
		return NULL;
	while (vnm_dir_next(dir, &network) > 0)
		if (vnm_name_valid(network) && is_leg_of(drv, network, netns, ifname))
			return vnm_strdup(network);
	return NULL;
}
