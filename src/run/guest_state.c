/* SPDX-License-Identifier: GPL-2.0-or-later */
/* guest_state.c - guests as they are seen: their processes, names and leased addresses. */
#include "run/guest_state.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

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

/**
 * vnm_attach_note_process() - keep what tells the process of a namespace from every other
 * @attach: the attachment; one whose namespace is not named by a process stays as it is
 *
 * Numbers are given out again, after a reboot at the latest, and the next process of this number may be anything:
 * one in the host's own namespace, too.
 */
void vnm_attach_note_process(struct vnm_attachment *attach)
{
	if (attach->netns)
		(void)identity(attach->netns, &attach->process);
}

/** vnm_attach_gone() - is the namespace no more, or the process by which it was named? */
bool vnm_attach_gone(const struct vnm_attachment *attach)
{
	vnm_autofree char *now = NULL;
	uint32_t ino;

	/* One that we made is made again. */
	if (!attach->netns || attach->created == VNM_TRI_YES)
		return false;
	if (vnm_netns_inode(attach->netns, &ino) == -ENOENT)
		return true;
	return attach->process &&
	       (identity(attach->netns, &now) < 0 || !now || strcmp(now, attach->process) != 0);
}

/** vnm_guest_has_lease() - does dnsmasq know the guest's lease by its MAC address, and by nothing else? */
bool vnm_guest_has_lease(const struct vnm_attachment *attach)
{
	return attach->mac.set && !attach->parent && attach->kind != VNM_ATTACH_TUN;
}

/** vnm_guest_concerns_network() - is dnsmasq told of the guest, or does it have rules of the network? */
bool vnm_guest_concerns_network(const struct vnm_attachment *attach)
{
	return attach->n_ips > 0 || attach->isolated == VNM_TRI_YES || vnm_guest_has_lease(attach);
}

/** vnm_driver_leased() - the address that a guest's DHCP client has set; @ret is zeroed, and stays so if there is none */
void vnm_driver_leased(struct vnm_driver *drv, const struct vnm_attachment *attach,
		       struct vnm_prefix *ret)
{
	const struct vnm_op_netns ns = { attach->netns, 0 };
	struct vnm_prefix leased;

	if (attach->dhcp == VNM_TRI_YES &&
	    vnm_dhcp_address(&drv->sys, &ns, attach->ifname, &leased) == 0)
		*ret = leased;
}

/** vnm_attach_guest_name() - as a person knows it: the device, and the namespace; allocated */
char *vnm_attach_guest_name(const struct vnm_attachment *attach)
{
	if (!attach->netns)
		return vnm_asprintf("'%s'", attach->dev);
	return vnm_asprintf("'%s' (%s)", attach->dev,
			    attach->netns_name ? attach->netns_name : attach->netns);
}
