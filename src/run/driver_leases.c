/* SPDX-License-Identifier: GPL-2.0-or-later */
/* driver_leases.c - the leases of a network: who has which address, and by which name. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "model/names.h"
#include "plan/plan_attach.h"
#include "run/attach_internal.h"
#include "run/driver_internal.h"
#include "util/file.h"
#include "util/mem.h"

#define LEASES_MAX (16 * 1024 * 1024)

static int lease_cmp(const void *a, const void *b)
{
	const struct vnm_lease_entry *x = a, *y = b;
	int order = memcmp(x->mac.b, y->mac.b, sizeof(x->mac.b));

	return order ? order : vnm_addr_cmp(&x->addr, &y->addr);
}

static bool lease_wanted(const struct vnm_lease_entry *lease, const struct vnm_mac *mac, time_t now)
{
	if (lease->expiry != 0 && lease->expiry < now)
		return false;
	return !mac || vnm_mac_equal(&lease->mac, mac);
}

static unsigned prefix_len_for(const struct vnm_network *net, const struct vnm_addr *addr)
{
	for (size_t i = 0; i < net->n_ips; i++) {
		struct vnm_prefix prefix = vnm_ip_prefix(&net->ips[i]);

		if (vnm_prefix_contains(&prefix, addr))
			return prefix.len;
	}
	return vnm_addr_bits(addr->family);
}

/* Octets of one or two digits. */
static bool same_duid(const char *a, const char *b)
{
	while (*a && *b) {
		char *end_a, *end_b;

		if (strtoul(a, &end_a, 16) != strtoul(b, &end_b, 16) || *end_a != *end_b)
			return false;
		a = end_a + (*end_a == ':');
		b = end_b + (*end_b == ':');
	}
	return *a == *b;
}

static bool is_owner(const struct vnm_name *name, const struct vnm_lease_entry *lease)
{
	const struct vnm_dhcp_host *host = name->host;

	if (vnm_addr_equal(&name->ip, &lease->addr))
		return true;
	if (!host)
		return false;
	return (host->mac.set && vnm_mac_equal(&host->mac, &lease->mac)) ||
	       (host->id && lease->client_id && same_duid(host->id, lease->client_id));
}

/* dnsmasq notes what a client says that it is called. If the name is another one's, nobody is told that it is this one's. */
static void hide_false_names(struct vnm_driver *drv, const struct vnm_network *net,
			     struct vnm_lease_entry *leases, size_t n)
{
	const struct vnm_attachments *guests = vnm_attachments_look(drv, net->name);
	vnm_autonetwork struct vnm_network whole = { 0 };
	vnm_autonames struct vnm_names names = { 0 };

	vnm_network_copy(net, &whole);
	for (size_t i = 0; i < guests->n_items; i++)
		vnm_attach_augment(&whole, &guests->items[i]);
	vnm_names_init(&names, &whole);
	for (size_t i = 0; i < n; i++) {
		size_t owners = 0, k = 0;
		const struct vnm_name *name = NULL;

		if (leases[i].hostname)
			name = vnm_names_find(&names, leases[i].hostname, &owners);
		while (k < owners && !is_owner(&name[k], &leases[i]))
			k++;
		if (!name || k < owners)
			continue;
		free(leases[i].hostname);
		leases[i].hostname = NULL;
	}
}

static int read_leases(struct vnm_driver *drv, const char *name, char **ret, struct vnm_error *err)
{
	int fd = vnm_dir_open(drv->paths.leases, 0755, err), r;
	size_t len;

	if (fd < 0)
		return fd;
	r = vnm_file_read(fd, name, LEASES_MAX, ret, &len);
	close(fd);
	if (r == -ENOENT) {
		*ret = vnm_strdup("");
		return 0;
	}
	if (r < 0)
		return vnm_error_set(err, VNM_ERR_SYSTEM, -r,
				     "cannot read the lease file '%s/%s': %s", drv->paths.leases,
				     name, strerror(-r));
	return 0;
}

/**
 * vnm_driver_leases() - the leases in effect
 * @drv:            the driver
 * @name:           the network
 * @mac:            only this guest's, or NULL
 * @ret:            sorted by MAC address; free with vnm_leases_free()
 * @ret_prefix_len: the prefix length that belongs to each; free()
 * @ret_n:          how many
 * @err:            set on failure
 *
 * Return: 0 or -errno.
 */
int vnm_driver_leases(struct vnm_driver *drv, const char *name, const struct vnm_mac *mac,
		      struct vnm_lease_entry **ret, unsigned **ret_prefix_len, size_t *ret_n,
		      struct vnm_error *err)
{
	vnm_autonetwork struct vnm_network net = { 0 };
	vnm_autofree char *text = NULL;
	struct vnm_lease_entry *all;
	size_t n_all, n = 0;
	time_t now = time(NULL);
	int r;

	r = vnm_driver_load(drv, name, &net, err);
	if (r < 0)
		return r;
	r = read_leases(drv, name, &text, err);
	if (r < 0)
		return r;
	r = vnm_leases_parse(text, &all, &n_all);
	if (r < 0)
		return vnm_error_set(err, VNM_ERR_STATE, -r,
				     "cannot read the leases of network '%s': %s", name,
				     strerror(-r));
	for (size_t i = 0; i < n_all; i++) { /* the wanted ones to the front */
		struct vnm_lease_entry lease = all[i];

		if (!lease_wanted(&lease, mac, now))
			continue;
		all[i] = all[n];
		all[n++] = lease;
	}
	if (n > 0)
		qsort(all, n, sizeof(*all), lease_cmp);
	hide_false_names(drv, &net, all, n);
	*ret_prefix_len = vnm_alloc((n ? n : 1) * sizeof(**ret_prefix_len));
	for (size_t i = 0; i < n; i++)
		(*ret_prefix_len)[i] = prefix_len_for(&net, &all[i].addr);
	for (size_t i = n; i < n_all; i++) {
		free(all[i].hostname);
		free(all[i].client_id);
	}
	*ret = all;
	*ret_n = n;
	return 0;
}
