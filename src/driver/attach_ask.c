/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * attach_ask.c - is an address that a guest is to have in use?
 *
 * Leases, reservations and attachments show who was given an address. A host that has taken one, or keeps one whose lease or
 * reservation is another's by now, answers a probe (sys/link/neighbour.c), within a few
 * milliseconds; where there is reason to expect a host, the probe waits a second. No probe is needed if all ports of
 * the bridge are guests whose addresses we have set, which is the usual case for namespaces.
 */
#include "driver/attach_ask.h"

#include <stdlib.h>
#include <string.h>

#include "state/guest_store.h"
#include "state/session.h"
#include "sys/link/link.h"
#include "util/mem.h"

#define ASK_MS 100
#define SUSPECT_MS 1000

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool sets_all(const struct vnm_attachment *guest)
{
	return guest->kind == VNM_ATTACH_NETNS && (guest->n_ips > 0 || guest->dhcp == VNM_TRI_YES);
}

/* Are all ports of the bridge guests of ours with the addresses on record? When in doubt, no. */
static bool all_ours(struct vnm_driver *drv, const struct vnm_network *net)
{
	const struct vnm_attachments *guests = vnm_attachments_get(drv, net->name);
	vnm_autofree const char **devices = vnm_alloc((guests->n_items + 1) * sizeof(*devices));
	vnm_autolinks struct vnm_links ports = { 0 };
	struct vnm_error ignored = { 0 };
	bool all = true;
	size_t n = 0;

	if (vnm_links_read_ports(&drv->sys, net->bridge.name, &ports, &ignored) < 0)
		return false;
	for (size_t i = 0; i < guests->n_items; i++)
		if (sets_all(&guests->items[i]))
			devices[n++] = guests->items[i].dev;
	qsort(devices, n, sizeof(*devices), by_name);
	for (size_t i = 0; i < ports.n && all; i++) {
		const char *name = ports.items[i].fact.name;

		all = bsearch(&name, devices, n, sizeof(*devices), by_name) != NULL;
	}
	return all;
}

/* An address that is reserved, or was leased to another client, may still be in use by that. */
static bool is_suspect(const struct vnm_attachment *attach, const struct vnm_dhcp_host *own)
{
	for (size_t i = 0; own && i < attach->n_ips; i++)
		if (vnm_addr_equal(&attach->ips[i].address, &own->ip))
			return true;
	return false;
}

static bool is_other(const struct vnm_probe *found, const struct vnm_attachment *attach)
{
	return found->answered &&
	       !(attach->mac.set && found->mac.set && vnm_mac_equal(&attach->mac, &found->mac));
}

/**
 * vnm_attach_ask() - is an address that a guest is to have in use by another host?
 * @drv:    the driver
 * @net:    the network, active
 * @attach: the guest, with its addresses
 * @ret:    which address, and the host's MAC address, if so
 *
 * Without a bridge no probe is possible. A bridge without ports is not waited for.
 *
 * Return: the number of the address in @attach, or -1.
 */
ssize_t vnm_attach_ask(struct vnm_driver *drv, const struct vnm_network *net,
		       const struct vnm_attachment *attach, struct vnm_probe *ret)
{
	const struct vnm_dhcp_host *own = vnm_attach_reservation(net, attach);
	vnm_autofree struct vnm_probe *probes = NULL;
	bool suspect = is_suspect(attach, own);

	if (!net->bridge.name || attach->n_ips == 0 || (!suspect && all_ours(drv, net)))
		return -1;
	probes = vnm_alloc(attach->n_ips * sizeof(*probes));
	for (size_t i = 0; i < attach->n_ips; i++)
		probes[i].addr = attach->ips[i].address;
	(void)vnm_neighbours_probe(&drv->sys, net->bridge.name, probes, attach->n_ips,
				   suspect ? SUSPECT_MS : ASK_MS);
	for (size_t i = 0; i < attach->n_ips; i++) {
		if (!is_other(&probes[i], attach))
			continue;
		*ret = probes[i];
		return (ssize_t)i;
	}
	return -1;
}
