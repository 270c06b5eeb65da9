/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lease_kept.c - leases that guests keep for a while, though other addresses are reserved for them by now.
 *
 * DHCP cannot revoke a lease: dnsmasq refuses to renew it, and then the client asks anew. A client that net-attach started does so at
 * once when its lease is released (driver/release.c).
 */
#include "run/lease_kept.h"

#include <sys/socket.h>

#include "model/lease.h"
#include "run/lease_use.h"
#include "state/guest_store.h"
#include "state/leases.h"
#include "state/session.h"
#include "util/mem.h"

/* The reservation of a client, of the family; NULL: none. */
static const struct vnm_dhcp_host *reserved_for(const struct vnm_network *net,
						const struct vnm_lease_entry *lease)
{
	for (size_t i = 0; i < net->n_ips; i++)
		for (size_t k = 0; k < net->ips[i].dhcp.n_hosts; k++) {
			const struct vnm_dhcp_host *host = &net->ips[i].dhcp.hosts[k];

			if (lease->mac.set && vnm_mac_equal(&host->mac, &lease->mac) &&
			    host->ip.family == lease->addr.family)
				return host;
		}
	return NULL;
}

static bool is_ours(const struct vnm_attachments *all, const struct vnm_lease_entry *lease)
{
	for (size_t i = 0; i < all->n_items; i++)
		if (all->items[i].dhcp == VNM_TRI_YES &&
		    vnm_mac_equal(&all->items[i].mac, &lease->mac))
			return true;
	return false;
}

static void hint(struct vnm_driver *drv, const struct vnm_network *net,
		 const struct vnm_lease_entry *lease, const struct vnm_addr *reserved)
{
	const bool ours = is_ours(vnm_attachments_get(drv, net->name), lease);
	char mac[VNM_MAC_STRLEN], now[VNM_ADDR_STRLEN], then[VNM_ADDR_STRLEN];
	vnm_autobuf struct vnm_buf holder = { 0 };

	vnm_lease_holder(lease, &holder);
	vnm_driver_report(
		drv, VNM_REPORT_HINT,
		"%s keeps %s until it renews its lease, or asks anew, and then gets %s%s%s%s%s",
		vnm_buf_str(&holder), vnm_addr_format(&lease->addr, now),
		vnm_addr_format(reserved, then), ours ? "; now: vnetmgr net-dhcp-release " : "",
		ours ? net->name : "", ours ? " " : "",
		ours ? vnm_mac_format(&lease->mac, mac) : "");
}

/**
 * vnm_driver_hint_kept() - tell which guests have a lease of another address than a change has reserved for them
 * @drv: the driver
 * @old: the definition before
 * @net: the definition now
 */
void vnm_driver_hint_kept(struct vnm_driver *drv, const struct vnm_network *old,
			  const struct vnm_network *net)
{
	vnm_autoleases struct vnm_leases leases = { 0 };
	struct vnm_error unread = { 0 };

	if (!vnm_network_makes_bridge(net) || vnm_leases_load(drv, net->name, &leases, &unread) < 0)
		return;
	for (size_t i = 0; i < leases.n; i++) {
		const struct vnm_dhcp_host *host = reserved_for(net, &leases.items[i]);
		const struct vnm_dhcp_host *before = reserved_for(old, &leases.items[i]);

		if (host && !vnm_addr_equal(&host->ip, &leases.items[i].addr) &&
		    !(before && vnm_addr_equal(&before->ip, &host->ip)))
			hint(drv, net, &leases.items[i], &host->ip);
	}
}
