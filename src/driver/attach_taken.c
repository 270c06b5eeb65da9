/* SPDX-License-Identifier: GPL-2.0-or-later */
/* attach_taken.c - an address that a guest cannot have, and who has it. */
#include "driver/attach_taken.h"

#include <errno.h>

#include "run/guest_state.h"
#include "state/guest_store.h"
#include "state/leases.h"
#include "state/session.h"
#include "sys/process/leases.h"
#include "util/mem.h"
#include "xml/network_xml.h"

static char *guest_text(struct vnm_driver *drv, const char *network, const struct vnm_addr *addr)
{
	const struct vnm_attachments *all = vnm_attachments_get(drv, network);

	for (size_t i = 0; i < all->n_items; i++)
		for (size_t k = 0; k < all->items[i].n_ips; k++) {
			const struct vnm_attach_ip *ip = &all->items[i].ips[k];
			vnm_autofree char *guest = NULL;

			if (!vnm_addr_equal(&ip->address, addr) && !vnm_addr_equal(&ip->host, addr))
				continue;
			guest = vnm_attach_guest_name(&all->items[i]);
			return vnm_asprintf("%s has it", guest);
		}
	return NULL;
}

static char *host_text(const struct vnm_network *net, const struct vnm_addr *addr)
{
	for (size_t i = 0; i < net->n_ips; i++) {
		const struct vnm_dhcp *dhcp = &net->ips[i].dhcp;

		if (vnm_addr_equal(&net->ips[i].address, addr))
			return vnm_strdup("it is the host's own");
		for (size_t k = 0; k < dhcp->n_hosts; k++) {
			const struct vnm_dhcp_host *host = &dhcp->hosts[k];
			char mac[VNM_MAC_STRLEN];

			if (vnm_addr_equal(&host->ip, addr))
				return vnm_asprintf("it is reserved for %s",
						    host->mac.set ? vnm_mac_format(&host->mac, mac)
						    : host->name  ? host->name
								  : host->id);
		}
	}
	return NULL;
}

static char *lease_text(struct vnm_driver *drv, const char *network, const struct vnm_addr *addr)
{
	vnm_autofree unsigned *lens = NULL;
	struct vnm_lease_entry *leases;
	struct vnm_error ignored = { 0 };
	char mac[VNM_MAC_STRLEN], *ret = NULL;
	size_t n;

	if (vnm_driver_leases(drv, network, NULL, &leases, &lens, &n, &ignored) < 0)
		return NULL;
	for (size_t i = 0; i < n && !ret; i++)
		if (vnm_addr_equal(&leases[i].addr, addr))
			ret = vnm_asprintf("%s has leased it",
					   leases[i].mac.set ? vnm_mac_format(&leases[i].mac, mac)
							     : "somebody");
	vnm_leases_free(leases, n);
	return ret;
}

/* Reserved from the next start on. */
static char *next_text(struct vnm_driver *drv, const char *network, const struct vnm_addr *addr)
{
	vnm_autonetwork struct vnm_network next = { 0 };
	struct vnm_error ignored = { 0 };

	return vnm_store_load(&drv->persistent, network, &next, &ignored) < 0
		       ? NULL
		       : host_text(&next, addr);
}

/**
 * vnm_attach_taken() - refuse an address that is taken, by a record of ours
 * @drv:  the driver
 * @net:  the network
 * @addr: the address
 * @err:  VNM_ERR_NAME_IN_USE, with who has it
 *
 * Return: -EEXIST.
 */
int vnm_attach_taken(struct vnm_driver *drv, const struct vnm_network *net,
		     const struct vnm_addr *addr, struct vnm_error *err)
{
	vnm_autofree char *who = guest_text(drv, net->name, addr);
	char text[VNM_ADDR_STRLEN];

	if (!who)
		who = lease_text(drv, net->name, addr);
	if (!who)
		who = host_text(net, addr);
	if (!who)
		who = next_text(drv, net->name, addr);
	return vnm_error_set(err, VNM_ERR_NAME_IN_USE, EEXIST,
			     "address %s is taken already on network '%s': %s; choose another%s",
			     vnm_addr_format(addr, text), net->name,
			     who ? who : "the definition has it for somebody else",
			     net->n_ips > 0 ? ", or use --ip auto" : "");
}
