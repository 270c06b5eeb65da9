/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * guest_rival.c - definitions that reserve an attached guest's address for somebody else.
 *
 * A text or a change with such a reservation is refused. One that is stored nevertheless, by an editor or by an earlier version,
 * does not keep its network from starting: the guest keeps its address, and the reservation is left out of dnsmasq's
 * configuration until the guest is detached (plan/attach_augment.c); that is reported.
 */
#include "run/guest_rival.h"

#include <errno.h>

#include "model/attach_rival.h"
#include "run/guest_state.h"
#include "state/guest_store.h"
#include "util/buf.h"
#include "util/mem.h"

/* Whom a reservation is for: "52:54:00:00:00:07", "id 00:03:...", "'web'". */
static char *owner_text(const struct vnm_dhcp_host *host)
{
	char mac[VNM_MAC_STRLEN];

	if (host->mac.set)
		return vnm_strdup(vnm_mac_format(&host->mac, mac));
	return host->id ? vnm_asprintf("id %s", host->id)
			: vnm_asprintf("'%s'", host->name ? host->name : "");
}

/**
 * vnm_driver_refuse_rival() - is an attached guest's address reserved for somebody else?
 * @drv: the driver
 * @net: a definition, valid, active or not
 * @err: VNM_ERR_NAME_IN_USE, with the guest
 *
 * Return: 0 or -EADDRINUSE.
 */
int vnm_driver_refuse_rival(struct vnm_driver *drv, const struct vnm_network *net,
			    struct vnm_error *err)
{
	const struct vnm_attachments *guests = vnm_attachments_get(drv, net->name);

	for (size_t i = 0; i < guests->n_items; i++) {
		const struct vnm_attachment *attach = &guests->items[i];
		size_t at = 0;
		const struct vnm_dhcp_host *host = vnm_attach_rival(net, attach, &at);
		vnm_autofree char *guest = NULL, *owner = NULL;
		char addr[VNM_ADDR_STRLEN];

		if (!host)
			continue;
		guest = vnm_attach_guest_name(attach);
		owner = owner_text(host);
		return vnm_error_set(err, VNM_ERR_NAME_IN_USE, EADDRINUSE,
				     "address %s cannot be reserved for %s in network '%s': the "
				     "attached guest %s has it; reserve another address, or detach "
				     "the guest first: vnetmgr net-detach %s %s",
				     vnm_addr_format(&host->ip, addr), owner, net->name, guest,
				     net->name, attach->dev);
	}
	return 0;
}

/**
 * vnm_driver_note_rivals() - a line for each reservation that has no effect, since an attached guest has the address
 * @drv:   the driver
 * @net:   the definition in effect
 * @notes: gets the lines
 */
void vnm_driver_note_rivals(struct vnm_driver *drv, const struct vnm_network *net,
			    struct vnm_warnings *notes)
{
	const struct vnm_attachments *guests = vnm_attachments_get(drv, net->name);

	for (size_t i = 0; i < guests->n_items; i++) {
		const struct vnm_attachment *attach = &guests->items[i];
		const struct vnm_dhcp_host *host;
		size_t at = 0;

		while ((host = vnm_attach_rival(net, attach, &at))) {
			vnm_autofree char *guest = vnm_attach_guest_name(attach);
			vnm_autofree char *owner = owner_text(host);
			char addr[VNM_ADDR_STRLEN];

			vnm_warnings_add(notes,
					 "the reservation of %s for %s has no effect: the attached "
					 "guest %s has that address",
					 vnm_addr_format(&host->ip, addr), owner, guest);
		}
	}
}
