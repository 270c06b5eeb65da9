/* SPDX-License-Identifier: GPL-2.0-or-later */
/* guest_address.c - the address of a guest, by its name. */
#include "driver/guest_address.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "model/lease.h"
#include "model/names.h"
#include "run/guest_state.h"
#include "state/guest_store.h"
#include "state/leases.h"
#include "state/networks.h"
#include "state/session.h"
#include "sys/process/leases.h"
#include "util/mem.h"
#include "xml/network_xml.h"

/** struct found - addresses, each once. */
struct found {
	struct vnm_addr *items;
	size_t n;
};

static void found_clear(struct found *found)
{
	free(found->items);
}

static void add(struct found *found, const struct vnm_addr *addr)
{
	if (addr->family == AF_UNSPEC)
		return;
	for (size_t i = 0; i < found->n; i++)
		if (vnm_addr_equal(&found->items[i], addr))
			return;
	found->items = vnm_array_add(found->items, &found->n, sizeof(*found->items));
	found->items[found->n - 1] = *addr;
}

/** vnm_attach_called() - is it the name of an attachment: its device, its namespace, or its host name? */
bool vnm_attach_called(const struct vnm_attachment *attach, const char *name)
{
	return !strcmp(attach->dev, name) ||
	       (attach->netns_name && !strcmp(attach->netns_name, name)) ||
	       (attach->hostname && !strcasecmp(attach->hostname, name));
}

/* Attachments, by device, namespace or host name. */
static void find_attached(struct vnm_driver *drv, const char *network, const char *name,
			  struct found *found)
{
	const struct vnm_attachments *guests = vnm_attachments_get(drv, network);

	for (size_t i = 0; i < guests->n_items; i++) {
		const struct vnm_attachment *attach = &guests->items[i];
		struct vnm_prefix leased = { 0 };

		if (!vnm_attach_called(attach, name))
			continue;
		for (size_t k = 0; k < attach->n_ips; k++)
			add(found, &attach->ips[k].address);
		if (attach->dhcp == VNM_TRI_YES)
			vnm_driver_leased(drv, attach, &leased);
		if (leased.len)
			add(found, &leased.addr);
	}
}

/* Reservations, and hosts in <dns>. */
static void find_named(const struct vnm_network *net, const char *name, struct found *found)
{
	vnm_autonames struct vnm_names names = { 0 };
	const struct vnm_name *first;
	size_t n;

	vnm_names_init(&names, net);
	first = vnm_names_find(&names, name, &n);
	for (size_t i = 0; first && i < n; i++)
		add(found, &first[i].ip);
}

/* Names that clients claim, unless they are another's. */
static int find_leased(struct vnm_driver *drv, const char *network, const char *name,
		       struct found *found, struct vnm_error *err)
{
	vnm_autofree unsigned *lens = NULL;
	struct vnm_lease_entry *leases;
	size_t n;
	int r = vnm_driver_leases(drv, network, NULL, &leases, &lens, &n, err);

	if (r < 0)
		return r;
	for (size_t i = 0; i < n; i++)
		if (leases[i].hostname && !strcasecmp(leases[i].hostname, name))
			add(found, &leases[i].addr);
	vnm_leases_free(leases, n);
	return 0;
}

/* IPv4 first, unless the other family is requested. */
static int choose(const char *network, const char *name, int family, const struct found *found,
		  struct vnm_addr *ret, struct vnm_error *err)
{
	vnm_autobuf struct vnm_buf all = { 0 };
	char text[VNM_ADDR_STRLEN];
	size_t n = 0;

	for (size_t i = 0; family == AF_UNSPEC && i < found->n; i++)
		if (found->items[i].family == AF_INET)
			family = AF_INET;
	for (size_t i = 0; i < found->n; i++) {
		if (family != AF_UNSPEC && found->items[i].family != family)
			continue;
		*ret = found->items[i];
		vnm_buf_printf(&all, "%s%s", n++ ? ", " : "", vnm_addr_format(ret, text));
	}
	if (n == 1)
		return 0;
	if (n == 0)
		return vnm_error_set(err, VNM_ERR_USAGE, ENOENT,
				     "guest '%s' of network '%s' has no %s address that is known; "
				     "give the address",
				     name, network, family == AF_INET6 ? "IPv6" : "IPv4");
	return vnm_error_set(err, VNM_ERR_USAGE, EINVAL,
			     "'%s' has several addresses in network '%s': %s; give one of them",
			     name, network, vnm_buf_str(&all));
}

/**
 * vnm_driver_guest_address() - the present address of a guest
 * @drv:     the driver
 * @network: the network's name
 * @name:    the guest's: of an attachment or its device, a reservation, a host in <dns>, or, failing these,
 *           of the client of a lease
 * @family:  of the address; AF_UNSPEC: either, IPv4 first
 * @ret:     gets it
 * @err:     set on failure: no guest has that name, or several have it
 *
 * Return: 0 or -errno.
 */
int vnm_driver_guest_address(struct vnm_driver *drv, const char *network, const char *name,
			     int family, struct vnm_addr *ret, struct vnm_error *err)
{
	struct found found __attribute__((cleanup(found_clear))) = { 0 };
	vnm_autonetwork struct vnm_network net = { 0 };
	int r = vnm_driver_load(drv, network, &net, err);

	if (r < 0)
		return r;
	find_attached(drv, network, name, &found);
	find_named(&net, name, &found);
	if (found.n == 0)
		r = find_leased(drv, network, name, &found, err);
	if (r < 0)
		return r;
	if (found.n > 0)
		return choose(network, name, family, &found, ret, err);
	return vnm_error_set(err, VNM_ERR_USAGE, ENOENT,
			     "no guest of network '%s' is called '%s': no attached one, no "
			     "reservation and no lease; see net-port-list and net-dhcp-leases, or "
			     "give the address",
			     network, name);
}
