/* SPDX-License-Identifier: GPL-2.0-or-later */
/* leases.c - the leases of a network, read from dnsmasq's file. */
#include "state/leases.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "model/names.h"
#include "plan/attach_augment.h"
#include "state/guest_store.h"
#include "state/networks.h"
#include "state/session.h"
#include "sys/process/leases.h"
#include "util/dir.h"
#include "util/mem.h"
#include "util/patience.h"
#include "util/poll.h"
#include "xml/network_xml.h"

/** vnm_driver_put_leases() - replace the lease file of an inactive network by a text. Return: 0 or -errno. */
int vnm_driver_put_leases(struct vnm_driver *drv, const char *name, const char *text,
			  struct vnm_error *err)
{
	vnm_autoclose int fd = vnm_dir_open(drv->paths.leases, 0700, err);
	int r;

	if (fd < 0)
		return fd;
	r = vnm_file_replace(fd, name, text, strlen(text), 0644, (gid_t)-1, VNM_VOLATILE);
	return r < 0 ? vnm_error_set(err, VNM_ERR_SYSTEM, -r, "cannot write '%s/%s': %s",
				     drv->paths.leases, name, strerror(-r))
		     : 0;
}

/** vnm_driver_drop_leases() - remove the lease file of a network. Return: 0 or -errno. */
int vnm_driver_drop_leases(struct vnm_driver *drv, const char *name, struct vnm_error *err)
{
	vnm_autoclose int fd = vnm_dir_open(drv->paths.leases, 0700, err);
	int r = fd < 0 ? fd : vnm_file_unlink(fd, name, VNM_VOLATILE);

	if (fd >= 0 && r < 0)
		return vnm_error_set(err, VNM_ERR_SYSTEM, -r, "cannot remove '%s/%s': %s",
				     drv->paths.leases, name, strerror(-r));
	return r;
}

#define LEASES_MAX (16 * 1024 * 1024)
#define REST_MS 30 /* what is older is not being written, on an idle machine */
#define PAUSE_MS 10
#define MOST_MS 100 /* so long is waited at most, the same */

/** vnm_leases_clear() - free what vnm_leases_load() filled in. */
void vnm_leases_clear(struct vnm_leases *leases)
{
	vnm_leases_free(leases->items, leases->n);
	free(leases->text);
	*leases = (struct vnm_leases){ 0 };
}

/* How long ago was the file written? A time that is yet to come is now. */
static int64_t age_ms(int dirfd, const char *name)
{
	struct timespec now;
	struct stat st;
	int64_t age;

	if (fstatat(dirfd, name, &st, AT_SYMLINK_NOFOLLOW) < 0 ||
	    clock_gettime(CLOCK_REALTIME, &now) < 0)
		return INT64_MAX;
	age = ((int64_t)now.tv_sec - st.st_mtim.tv_sec) * 1000 +
	      (now.tv_nsec - st.st_mtim.tv_nsec) / 1000000;
	return age < 0 ? 0 : age;
}

/* Without a file there are no leases. @ret_age: of the text, in milliseconds. */
static int read_file(struct vnm_driver *drv, const char *name, char **ret, int64_t *ret_age,
		     struct vnm_error *err)
{
	vnm_autoclose int fd = vnm_open(AT_FDCWD, drv->paths.leases, O_RDONLY | O_DIRECTORY, 0);
	size_t len;
	int r = fd;

	if (r >= 0)
		r = vnm_file_read(fd, name, LEASES_MAX, ret, &len);
	if (r == -ENOENT) {
		*ret = vnm_strdup("");
		*ret_age = INT64_MAX;
		return 0;
	}
	if (r < 0)
		return vnm_error_set(err, VNM_ERR_SYSTEM, -r,
				     "cannot read the lease file '%s/%s': %s", drv->paths.leases,
				     name, strerror(-r));
	*ret_age = age_ms(fd, name);
	return 0;
}

/* Moves the leases in effect to the front, and forgets the others. */
static void keep_those_in_effect(struct vnm_leases *leases)
{
	time_t now = time(NULL);
	size_t n = 0;

	for (size_t i = 0; i < leases->n; i++) {
		if (!vnm_lease_in_effect(&leases->items[i], now)) {
			free(leases->items[i].hostname);
			free(leases->items[i].client_id);
			continue;
		}
		leases->items[n++] = leases->items[i];
	}
	leases->n = n;
}

static bool is_whole(const struct vnm_leases *leases)
{
	size_t len = strlen(leases->text);

	return leases->damaged == 0 && (len == 0 || leases->text[len - 1] == '\n');
}

/* How busy the machine is, is asked only where it matters. */
static bool has_rested(int64_t age)
{
	return age >= VNM_PATIENCE_MOST * REST_MS ||
	       (age >= REST_MS && age >= vnm_patience_ms(REST_MS));
}

/*
 * dnsmasq empties its file and writes it anew in place, so a reader can find nothing, or a part that ends anywhere: within a
 * line, or after one. Nothing tells such a part from a whole but time. What has just been written is read again until it is
 * whole; @settled: until it has not been written for a moment, too. Who keeps writing is not waited for without end. What is
 * malformed in an old file is damaged. On a busy machine the moments are longer: dnsmasq may be kept from writing.
 */
static int read_leases(struct vnm_driver *drv, const char *name, bool settled,
		       struct vnm_leases *ret, struct vnm_error *err)
{
	int64_t deadline = 0;

	for (;;) {
		int64_t age = INT64_MAX;
		int r;

		vnm_leases_clear(ret);
		r = read_file(drv, name, &ret->text, &age, err);
		if (r < 0)
			return r;
		ret->damaged = vnm_leases_parse(ret->text, &ret->items, &ret->n);
		if ((!settled && is_whole(ret)) || has_rested(age))
			return 0;
		if (!deadline)
			deadline = vnm_now_ms() + vnm_patience_ms(MOST_MS);
		if (vnm_now_ms() >= deadline)
			return 0;
		(void)poll(NULL, 0, PAUSE_MS);
	}
}

static int load(struct vnm_driver *drv, const char *name, bool settled, struct vnm_leases *ret,
		struct vnm_error *err)
{
	struct vnm_leases leases = { 0 };
	int r = read_leases(drv, name, settled, &leases, err);

	if (r < 0)
		return r;
	keep_those_in_effect(&leases);
	*ret = leases;
	return 0;
}

/**
 * vnm_leases_load() - the leases of a network that are in effect
 * @drv:  the driver
 * @name: the network
 * @ret:  in the file's order; free with vnm_leases_clear()
 * @err:  set on failure
 *
 * A file that dnsmasq has just emptied, to write it anew, is taken as it is.
 *
 * Return: 0 or -errno.
 */
int vnm_leases_load(struct vnm_driver *drv, const char *name, struct vnm_leases *ret,
		    struct vnm_error *err)
{
	return load(drv, name, false, ret, err);
}

/** vnm_leases_load_settled() - the same, after waiting until dnsmasq has not written for 30 ms; for 100 ms at most; longer on a busy machine */
int vnm_leases_load_settled(struct vnm_driver *drv, const char *name, struct vnm_leases *ret,
			    struct vnm_error *err)
{
	return load(drv, name, true, ret, err);
}

static int lease_cmp(const void *a, const void *b)
{
	const struct vnm_lease_entry *x = a, *y = b;
	int order = memcmp(x->mac.b, y->mac.b, sizeof(x->mac.b));

	return order ? order : vnm_addr_cmp(&x->addr, &y->addr);
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

static void only_of(struct vnm_leases *leases, const struct vnm_mac *mac)
{
	size_t n = 0;

	for (size_t i = 0; i < leases->n; i++) {
		struct vnm_lease_entry lease = leases->items[i];

		if (!vnm_mac_equal(&lease.mac, mac))
			continue;
		leases->items[i] = leases->items[n];
		leases->items[n++] = lease;
	}
	for (size_t i = n; i < leases->n; i++) {
		free(leases->items[i].hostname);
		free(leases->items[i].client_id);
	}
	leases->n = n;
}

/** vnm_driver_with_guests() - a definition with the reservations of the attached guests added; free @ret */
void vnm_driver_with_guests(struct vnm_driver *drv, const struct vnm_network *net,
			    struct vnm_network *ret)
{
	vnm_network_copy(net, ret);
	vnm_attach_augment(ret, vnm_attachments_get(drv, net->name));
}

static bool is_owner(const struct vnm_name *name, const struct vnm_lease_entry *lease)
{
	const struct vnm_dhcp_host *host = name->host;

	if (vnm_addr_equal(&name->ip, &lease->addr))
		return true;
	if (!host)
		return false;
	return (host->mac.set && vnm_mac_equal(&host->mac, &lease->mac)) ||
	       (host->id && lease->client_id && vnm_duid_equal(host->id, lease->client_id));
}

/* dnsmasq records the name that a client claims. One that is reserved for another client is not shown. */
static void hide_false_names(struct vnm_driver *drv, const struct vnm_network *net,
			     struct vnm_lease_entry *leases, size_t n)
{
	vnm_autonetwork struct vnm_network whole = { 0 };
	vnm_autonames struct vnm_names names = { 0 };

	vnm_driver_with_guests(drv, net, &whole);
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

/**
 * vnm_driver_leases() - the leases in effect
 * @drv:            the driver
 * @name:           the network
 * @mac:            of this client only, or NULL
 * @ret:            sorted by MAC address; free with vnm_leases_free()
 * @ret_prefix_len: the prefix length of each; free()
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
	vnm_autoleases struct vnm_leases leases = { 0 };
	int r = vnm_driver_load(drv, name, &net, err);

	if (r == 0)
		r = vnm_leases_load_settled(drv, name, &leases, err);
	if (r < 0)
		return r;
	if (leases.damaged > 0)
		vnm_driver_report(drv, VNM_REPORT_WARNING,
				  "%d line%s of '%s/%s' %s no lease, and left out", leases.damaged,
				  leases.damaged > 1 ? "s" : "", drv->paths.leases, name,
				  leases.damaged > 1 ? "are" : "is");
	if (mac)
		only_of(&leases, mac);
	if (leases.n > 0)
		qsort(leases.items, leases.n, sizeof(*leases.items), lease_cmp);
	hide_false_names(drv, &net, leases.items, leases.n);
	*ret_prefix_len = vnm_alloc((leases.n ? leases.n : 1) * sizeof(**ret_prefix_len));
	for (size_t i = 0; i < leases.n; i++)
		(*ret_prefix_len)[i] = prefix_len_for(&net, &leases.items[i].addr);
	*ret_n = leases.n;
	leases.n = 0;
	*ret = vnm_steal(&leases.items);
	return 0;
}
