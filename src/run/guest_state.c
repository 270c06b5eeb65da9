/* SPDX-License-Identifier: GPL-2.0-or-later */
/* guest_state.c - the observed state of guests: their processes, names and leased addresses. */
#include "run/guest_state.h"

#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "state/guest_store.h"
#include "state/session.h"
#include "sys/netlink/netns_enter.h"
#include "sys/process/dhcp.h"
#include "util/mem.h"
#include "util/proc.h"

static int identity(const char *netns, char **ret)
{
	struct vnm_proc_id id;
	int pid, end = 0, r;

	*ret = NULL;
	if (sscanf(netns, "/proc/%d/%n", &pid, &end) != 1 || !end)
		return 0;
	r = vnm_proc_identify(pid, &id);
	if (r == 0)
		*ret = vnm_asprintf("%llu@%s", (unsigned long long)id.start, id.boot_id);
	return r;
}

/* Of a device that ends with its program: its number. NULL: there is none of that name. */
static char *device_identity(const char *dev)
{
	unsigned index = if_nametoindex(dev);
	char boot_id[VNM_UUID_STRLEN];

	if (!index || vnm_boot_id(boot_id) < 0)
		return NULL;
	return vnm_asprintf("%u@%s", index, boot_id);
}

static bool ends_with_device(const struct vnm_attachment *attach)
{
	return attach->id && attach->kind == VNM_ATTACH_DEV;
}

/**
 * vnm_attach_note_process() - record what identifies the process of a namespace, or a device that ends with its program
 * @attach: the attachment; unchanged if it has neither
 *
 * Process numbers are reused, after a reboot at the latest, and the next process of this number may be
 * in the host's own namespace. So are names of devices.
 */
void vnm_attach_note_process(struct vnm_attachment *attach)
{
	if (attach->netns)
		(void)identity(attach->netns, &attach->process);
	else if (ends_with_device(attach))
		attach->process = device_identity(attach->dev);
}

/** vnm_attach_gone() - is the namespace gone, or the process that it was given by, or the device that ends with its program? */
bool vnm_attach_gone(const struct vnm_attachment *attach)
{
	vnm_autofree char *now = NULL;
	uint32_t ino;

	if (ends_with_device(attach)) {
		now = device_identity(attach->dev);
		return !now || !attach->process || strcmp(now, attach->process) != 0;
	}
	/* A namespace of ours is made again. */
	if (!attach->netns || attach->created == VNM_TRI_YES)
		return false;
	if (vnm_netns_inode(attach->netns, &ino) == -ENOENT)
		return true;
	return attach->process &&
	       (identity(attach->netns, &now) < 0 || !now || strcmp(now, attach->process) != 0);
}

/**
 * vnm_attach_awaited() - is the namespace of a guest that is gone yet to be made by others, as after a boot?
 * @paths:  the state directories
 * @attach: the guest
 *
 * Without a journal nothing was made of the guest in this boot: its namespace was not lost in it. Other programs, whose guests
 * have an ID, make namespaces of new names.
 */
bool vnm_attach_awaited(const struct vnm_paths *paths, const struct vnm_attachment *attach)
{
	vnm_autojournal struct vnm_journal journal = { 0 };
	vnm_autoclose int made = -1;
	struct vnm_error ignored = { 0 };

	if (!attach->netns_name || attach->id || !vnm_attach_gone(attach))
		return false;
	made = vnm_attach_made_at(paths, attach->network, false, &ignored);
	if (made < 0)
		return made == -ENOENT;
	return vnm_attach_journal(made, attach->dev, &journal, &ignored) == -ENOENT;
}

/** vnm_guest_has_lease() - is a lease of the guest identified by its MAC address alone? */
bool vnm_guest_has_lease(const struct vnm_attachment *attach)
{
	return attach->mac.set && !attach->parent && attach->kind != VNM_ATTACH_TUN;
}

/** vnm_guest_concerns_network() - is the guest in dnsmasq's configuration, in the network's rules, or its VLAN on the uplink? */
bool vnm_guest_concerns_network(const struct vnm_attachment *attach)
{
	return attach->n_ips > 0 || attach->isolated == VNM_TRI_YES || attach->vlan.at.present ||
	       vnm_guest_has_lease(attach);
}

/** vnm_driver_leased() - the address that a guest's DHCP client has set; @ret is zeroed first */
void vnm_driver_leased(struct vnm_driver *drv, const struct vnm_attachment *attach,
		       struct vnm_prefix *ret)
{
	const struct vnm_op_netns ns = { attach->netns, 0 };
	struct vnm_prefix leased;

	if (attach->dhcp == VNM_TRI_YES &&
	    vnm_dhcp_address(&drv->sys, &ns, attach->ifname, &leased) == 0)
		*ret = leased;
}

/** vnm_attach_guest_name() - for people: the device, and the namespace; allocated */
char *vnm_attach_guest_name(const struct vnm_attachment *attach)
{
	if (!attach->netns)
		return vnm_asprintf("'%s'", attach->dev);
	return vnm_asprintf("'%s' (%s)", attach->dev,
			    attach->netns_name ? attach->netns_name : attach->netns);
}
