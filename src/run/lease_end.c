/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lease_end.c - ends leases before they expire.
 *
 * Theory of operation. The leases are dnsmasq's. While it runs it is sent the message by which the client itself would release
 * its address (sys/process/lease_release.c), and its file shows when that was processed; all other clients are served meanwhile.
 * When it does not run, its file is replaced. Either way it is one step that cannot be reverted.
 */
#include "run/lease_end.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "state/leases.h"
#include "state/session.h"
#include "sys/process/dnsmasq_find.h"
#include "sys/process/lease_release.h"
#include "sys/process/leases.h"
#include "util/dir.h"
#include "util/inotify.h"
#include "util/mem.h"
#include "util/poll.h"

#define PROBE_MS 1000
#define RELEASE_MS 5000
#define AGAIN_MS 300 /* a datagram can be lost */
#define REST_MS 20 /* dnsmasq writes its file in two steps, with nothing between them */

/** vnm_ending_add() - add a lease; borrowed */
void vnm_ending_add(struct vnm_ending *ending, const struct vnm_lease_entry *lease)
{
	ending->items = vnm_array_add(ending->items, &ending->n, sizeof(*ending->items));
	ending->items[ending->n - 1] = lease;
}

/** vnm_ending_clear() - for vnm_autoending. */
void vnm_ending_clear(struct vnm_ending *ending)
{
	free(ending->items);
}

/* ---- a dnsmasq that does not run ---- */

static int edit_file(struct vnm_driver *drv, const struct vnm_ending *ending, int dirfd,
		     struct vnm_error *err)
{
	vnm_autofree struct vnm_addr *addrs = vnm_alloc(ending->n * sizeof(*addrs));
	vnm_autofree char *text = NULL;
	int r;

	for (size_t i = 0; i < ending->n; i++)
		addrs[i] = ending->items[i]->addr;
	text = vnm_leases_without(ending->text, addrs, ending->n);
	r = vnm_file_replace(dirfd, ending->net->name, text, strlen(text), 0644, (gid_t)-1,
			     VNM_DURABLE);
	return r == 0 ? 0
		      : vnm_error_set(err, VNM_ERR_SYSTEM, -r,
				      "cannot write the lease file '%s/%s': %s", drv->paths.leases,
				      ending->net->name, strerror(-r));
}

/* ---- a dnsmasq that runs ---- */

/* The server identifier for a guest: dnsmasq's address in the guest's subnet. */
static const struct vnm_addr *server_of(const struct vnm_network *net, const struct vnm_addr *addr)
{
	const struct vnm_ip *ip = vnm_attach_subnet(net, addr);

	return ip ? &ip->address : NULL;
}

static int send_release(const struct vnm_ending *ending, const struct vnm_lease_entry *lease,
			struct vnm_error *err)
{
	vnm_autofree char *duid = vnm_leases_server(ending->text);
	const struct vnm_addr *server = server_of(ending->net, &lease->addr);
	char addr[VNM_ADDR_STRLEN];
	int r = server ? vnm_lease_release(ending->net->bridge.name, server, duid, lease)
		       : -EOPNOTSUPP;

	vnm_addr_format(&lease->addr, addr);
	if (r == -EOPNOTSUPP)
		return vnm_error_set(err, VNM_ERR_UNSUPPORTED, -r,
				     "the lease of %s in network '%s' can be ended only while the "
				     "network is not active: dnsmasq knows it by nothing that "
				     "could be named",
				     addr, ending->net->name);
	return r == 0 ? 0
		      : vnm_error_set(err, VNM_ERR_SYSTEM, -r,
				      "cannot end the lease of %s in network '%s': %s", addr,
				      ending->net->name, strerror(-r));
}

static bool is_there(const struct vnm_leases *leases, const struct vnm_addr *addr)
{
	for (size_t i = 0; i < leases->n; i++)
		if (vnm_addr_equal(&leases->items[i].addr, addr))
			return true;
	return false;
}

/** enum whom - to send a release for each lease, for those that are in the file, for none. */
enum whom { ALL, LEFT, NONE };

/* Return: how many leases are in the file, or -errno. */
static ssize_t release_all(struct vnm_driver *drv, const struct vnm_ending *ending, enum whom whom,
			   const struct vnm_lease_entry **ret_first, struct vnm_error *err)
{
	vnm_autoleases struct vnm_leases now = { 0 };
	ssize_t n = 0;
	int r = vnm_leases_load(drv, ending->net->name, &now, err);

	for (size_t i = 0; i < ending->n && r == 0; i++) {
		bool there = is_there(&now, &ending->items[i]->addr);

		if (there && n++ == 0)
			*ret_first = ending->items[i];
		if (whom == ALL || (whom == LEFT && there))
			r = send_release(ending, ending->items[i], err);
	}
	return r < 0 ? r : n;
}

/* Return: 1: the file has changed; 0: it has not; -errno. */
static int wait_for_change(struct vnm_inotify *in, int64_t deadline)
{
	struct pollfd news = { in->fd, POLLIN, 0 };
	const struct inotify_event *event;
	int r = vnm_poll_until(&news, 1, deadline);

	if (r <= 0)
		return r;
	while ((r = vnm_inotify_next(in, &event)) > 0)
		;
	return r < 0 ? r : 1;
}

static int not_taken(const struct vnm_ending *ending, const struct vnm_lease_entry *lease,
		     struct vnm_error *err)
{
	char addr[VNM_ADDR_STRLEN];

	return vnm_error_set(err, VNM_ERR_DNSMASQ, ETIMEDOUT,
			     "dnsmasq for %s has not ended the lease of %s within %d seconds; see: "
			     "vnetmgr net-info %s",
			     ending->net->name, vnm_addr_format(&lease->addr, addr),
			     RELEASE_MS / 1000, ending->net->name);
}

/* Release until the file shows that none is left, and dnsmasq has finished writing it. At first it may show none since it is being written. */
static int release_until_done(struct vnm_driver *drv, const struct vnm_ending *ending,
			      struct vnm_inotify *in, struct vnm_error *err)
{
	const int64_t deadline = vnm_now_ms() + RELEASE_MS;
	const struct vnm_lease_entry *first = NULL;
	enum whom whom = ALL;

	for (;;) {
		ssize_t left = release_all(drv, ending, whom, &first, err);
		int r;

		if (left < 0)
			return (int)left;
		if (left > 0 && vnm_now_ms() >= deadline)
			return not_taken(ending, first, err);
		r = wait_for_change(in, vnm_now_ms() + (left > 0 ? AGAIN_MS : REST_MS));
		if (r < 0)
			return vnm_error_set(err, VNM_ERR_SYSTEM, -r,
					     "cannot watch the leases of network '%s': %s",
					     ending->net->name, strerror(-r));
		if (left == 0 && r == 0)
			return 0;
		whom = r == 0 ? LEFT : NONE;
	}
}

static int release_by_dnsmasq(struct vnm_driver *drv, const struct vnm_ending *ending, int dirfd,
			      struct vnm_error *err)
{
	struct vnm_inotify in = { .fd = -1 };
	int r = vnm_inotify_open(&in);

	if (r == 0)
		r = vnm_inotify_add(&in, dirfd, IN_MODIFY | IN_MOVED_TO);
	if (r < 0)
		(void)vnm_error_set(err, VNM_ERR_SYSTEM, -r, "cannot watch '%s': %s",
				    drv->paths.leases, strerror(-r));
	else
		r = release_until_done(drv, ending, &in, err);
	vnm_inotify_close(&in);
	return r;
}

/* ---- both ---- */

/* Return: 1, 0, -errno. */
static int dnsmasq_runs(struct vnm_driver *drv, const char *name, struct vnm_error *err)
{
	vnm_autojournal struct vnm_journal journal = { 0 };
	int r = vnm_journal_cache_read(&drv->journals, name, true, &journal, err);

	if (r < 0)
		return r == -ENOENT ? 0 : r;
	for (size_t i = 0; i < journal.plan.n; i++) {
		vnm_autoclose int pidfd = -1;

		if (journal.plan.ops[i].type != VNM_OP_DNSMASQ)
			continue;
		pidfd = vnm_dnsmasq_find_process(&journal.plan.ops[i].dnsmasq, NULL);
		if (pidfd < 0 && pidfd != -ESRCH)
			return vnm_error_set(err, VNM_ERR_SYSTEM, -pidfd,
					     "cannot find the dnsmasq of network '%s': %s", name,
					     strerror(-pidfd));
		return pidfd >= 0;
	}
	return 0;
}

/**
 * vnm_ending_run() - end leases: by messages to dnsmasq, or, when it does not run, by replacing its file
 * @drv:    the driver
 * @ending: the leases
 * @err:    VNM_ERR_DNSMASQ when dnsmasq does not release them
 *
 * Return: 0 or -errno.
 */
int vnm_ending_run(struct vnm_driver *drv, const struct vnm_ending *ending, struct vnm_error *err)
{
	vnm_autoclose int dirfd = -1;
	int runs;

	if (ending->n == 0)
		return 0;
	runs = dnsmasq_runs(drv, ending->net->name, err);
	if (runs < 0)
		return runs;
	dirfd = vnm_dir_open(drv->paths.leases, 0755, err);
	if (dirfd < 0)
		return dirfd;
	return runs ? release_by_dnsmasq(drv, ending, dirfd, err)
		    : edit_file(drv, ending, dirfd, err);
}

/** vnm_ending_probe() - probe the addresses on the network's bridge. Return: one answer for each lease, allocated; nobody, if it cannot be probed. */
struct vnm_probe *vnm_ending_probe(struct vnm_driver *drv, const struct vnm_ending *ending)
{
	struct vnm_probe *probes = vnm_alloc((ending->n ? ending->n : 1) * sizeof(*probes));

	for (size_t i = 0; i < ending->n; i++)
		probes[i].addr = ending->items[i]->addr;
	if (ending->net->bridge.name)
		(void)vnm_neighbours_probe(&drv->sys, ending->net->bridge.name, probes, ending->n,
					   PROBE_MS);
	return probes;
}
