/* SPDX-License-Identifier: GPL-2.0-or-later */
/* release.c - net-dhcp-release: leases ended on request. */
#include "driver/release.h"

#include <errno.h>
#include <stdlib.h>

#include "run/lease_end.h"
#include "state/leases.h"
#include "state/networks.h"
#include "state/session.h"
#include "sys/link/neighbour.h"
#include "util/mem.h"
#include "xml/network_xml.h"

static void warn_users(struct vnm_driver *drv, const struct vnm_ending *ending)
{
	vnm_autofree struct vnm_probe *found = vnm_ending_probe(drv, ending);

	for (size_t i = 0; i < ending->n; i++) {
		char mac[VNM_MAC_STRLEN], addr[VNM_ADDR_STRLEN];

		if (!found[i].answered)
			continue;
		vnm_driver_report(drv, VNM_REPORT_WARNING,
				  "%s goes on using %s until it asks for a lease again",
				  found[i].mac.set ? vnm_mac_format(&found[i].mac, mac) : "a guest",
				  vnm_addr_format(&found[i].addr, addr));
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
 * Return: 0 or -errno.
 */
int vnm_driver_release(struct vnm_driver *drv, const char *name, const char *ref, bool dry,
		       struct vnm_lease_entry **ret, size_t *ret_n, struct vnm_error *err)
{
	vnm_autonetwork struct vnm_network net = { 0 };
	vnm_autoleases struct vnm_leases leases = { 0 };
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
	if (vnm_driver_active(drv, name))
		warn_users(drv, &ending);
	r = dry ? 0 : vnm_ending_run(drv, &ending, err);
	if (r < 0)
		return r;
	for (size_t i = n; i < leases.n; i++) {
		free(leases.items[i].hostname);
		free(leases.items[i].client_id);
	}
	leases.n = 0;
	*ret_n = n;
	*ret = vnm_steal(&leases.items);
	return 0;
}
