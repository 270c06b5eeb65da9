/* SPDX-License-Identifier: GPL-2.0-or-later */
/* release.c - net-dhcp-release: leases ended on request. */
#include "driver/release.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "run/guest_restore.h"
#include "run/guest_state.h"
#include "run/lease_end.h"
#include "state/guest_store.h"
#include "state/leases.h"
#include "state/networks.h"
#include "state/session.h"
#include "sys/link/neighbour.h"
#include "sys/netlink/netns_enter.h"
#include "sys/process/dhcp.h"
#include "util/mem.h"
#include "xml/attach_xml.h"
#include "xml/network_xml.h"

/* The guest whose DHCP client is ours; it is of IPv4. NULL: of none */
static const struct vnm_attachment *client_of(const struct vnm_attachments *all,
					      const struct vnm_lease_entry *lease)
{
	for (size_t i = 0; i < all->n_items; i++)
		if (all->items[i].dhcp == VNM_TRI_YES && lease->addr.family == AF_INET &&
		    vnm_mac_equal(&all->items[i].mac, &lease->mac) &&
		    !vnm_attach_gone(&all->items[i]))
			return &all->items[i];
	return NULL;
}

/* Clients of others cannot be told. */
static void warn_users(struct vnm_driver *drv, const struct vnm_ending *ending,
		       const struct vnm_attachments *all)
{
	vnm_autofree struct vnm_probe *found = vnm_ending_probe(drv, ending);

	for (size_t i = 0; i < ending->n; i++) {
		char mac[VNM_MAC_STRLEN], addr[VNM_ADDR_STRLEN];

		if (!found[i].answered || client_of(all, ending->items[i]))
			continue;
		vnm_driver_report(drv, VNM_REPORT_WARNING,
				  "%s goes on using %s until it asks for a lease again",
				  found[i].mac.set ? vnm_mac_format(&found[i].mac, mac) : "a guest",
				  vnm_addr_format(&found[i].addr, addr));
	}
}

/* A client of ours asks again at once: without its address it counts as missing, and is restarted. */
static int renew(struct vnm_driver *drv, const struct vnm_network *net,
		 const struct vnm_attachment *attach, struct vnm_error *err)
{
	const struct vnm_op_netns ns = { .path = attach->netns };
	struct vnm_sys *there;
	size_t n;
	int r = vnm_sys_enter(&drv->sys, &ns, &there);

	if (r == 0)
		r = vnm_dhcp_drop(there, attach->ifname, NULL, err);
	else
		(void)vnm_netns_fail(&ns, r, err);
	return r < 0 ? r : vnm_attach_restore(drv, net, attach, false, &n, NULL, err);
}

static void renew_clients(struct vnm_driver *drv, const struct vnm_ending *ending,
			  const struct vnm_attachments *all)
{
	for (size_t i = 0; i < ending->n; i++) {
		const struct vnm_attachment *attach = client_of(all, ending->items[i]);
		struct vnm_error err = { 0 };

		if (!attach || renew(drv, ending->net, attach, &err) == 0)
			continue;
		vnm_driver_report(drv, VNM_REPORT_WARNING,
				  "guest %s has no lease: %s; vnetmgr net-repair %s asks again",
				  attach->dev, err.msg, ending->net->name);
	}
}

static int no_such_lease(const char *name, const char *ref, struct vnm_error *err)
{
	return vnm_error_set(err, VNM_ERR_NO_DEVICE, ENOENT,
			     "network '%s' has no lease of '%s'; see: vnetmgr net-dhcp-leases %s",
			     name, ref, name);
}

/* Moves the leases meant by @ref to the front; returns their number. */
static size_t select_leases(struct vnm_leases *leases, const char *ref)
{
	size_t n = 0;

	for (size_t i = 0; i < leases->n; i++) {
		struct vnm_lease_entry lease = leases->items[i];

		if (!vnm_lease_is(&lease, ref))
			continue;
		leases->items[i] = leases->items[n];
		leases->items[n++] = lease;
	}
	return n;
}

/**
 * vnm_driver_release() - end leases
 * @drv:   the driver
 * @name:  the network, active or not
 * @ref:   an address, or a MAC address, client identifier or DUID for all leases of that client
 * @dry:   only find them
 * @ret:   the leases that were (or would be) ended; free with vnm_leases_free()
 * @ret_n: how many
 * @err:   VNM_ERR_NO_DEVICE: there is no such lease; VNM_ERR_DNSMASQ: dnsmasq does not release it
 *
 * The DHCP client of a guest that net-attach started asks again at once.
 *
 * Return: 0 or -errno.
 */
int vnm_driver_release(struct vnm_driver *drv, const char *name, const char *ref, bool dry,
		       struct vnm_lease_entry **ret, size_t *ret_n, struct vnm_error *err)
{
	vnm_autonetwork struct vnm_network net = { 0 };
	vnm_autoleases struct vnm_leases leases = { 0 };
	struct vnm_attachments all vnm_autoattachments = { 0 };
	struct vnm_ending ending vnm_autoending = { .net = &net };
	size_t n;
	int r = vnm_driver_load(drv, name, &net, err);

	if (r == 0)
		r = vnm_leases_load_settled(drv, name, &leases, err);
	if (r < 0)
		return r;
	n = select_leases(&leases, ref);
	if (n == 0)
		return no_such_lease(name, ref, err);
	for (size_t i = 0; i < n; i++)
		vnm_ending_add(&ending, &leases.items[i]);
	ending.text = leases.text;
	if (vnm_driver_active(drv, name)) {
		vnm_attachments_load(drv, name, &all);
		warn_users(drv, &ending, &all);
	}
	r = dry ? 0 : vnm_ending_run(drv, &ending, err);
	if (r < 0)
		return r;
	if (!dry)
		renew_clients(drv, &ending, &all);
	for (size_t i = n; i < leases.n; i++) {
		free(leases.items[i].hostname);
		free(leases.items[i].client_id);
	}
	leases.n = 0;
	*ret_n = n;
	*ret = vnm_steal(&leases.items);
	return 0;
}
