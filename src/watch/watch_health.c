/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * watch_health.c - whether active networks are whole, as net-info reports it.
 *
 * A check takes place under a shared lock, so never in the middle of a command: the result of a start, a change or a
 * repair is seen when it is complete. The lock is not waited for. While a command holds it, the check is
 * retried from time to time, and when the command has ended.
 */
#include "watch/watch_health.h"

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>

#include "run/health.h"
#include "state/guest_store.h"
#include "state/owner.h"
#include "sys/firewall/firewall.h"
#include "sys/handles.h"
#include "sys/netlink/link_watch.h"
#include "sys/process/dnsmasq_find.h"
#include "util/mem.h"
#include "util/poll.h"

#define RETRY_MS 100

static void forget_links(struct vnm_watched *net)
{
	for (size_t i = 0; i < net->n_links; i++)
		free(net->links[i].name);
	free(net->links);
	net->links = NULL;
	net->n_links = 0;
}

/** vnm_watch_forget_health() - an inactive network lacks nothing. */
void vnm_watch_forget_health(struct vnm_watched *net)
{
	forget_links(net);
	vnm_cleanup_close(&net->pidfd);
	free(net->missing);
	net->missing = NULL;
	net->health = VNM_HEALTH_UNKNOWN;
	net->look = false;
}

/* ---- what triggers a check ---- */

static bool has_link(const struct vnm_watched *net, const char *name, unsigned index)
{
	for (size_t i = 0; i < net->n_links; i++)
		if (net->links[i].index == index || !strcmp(net->links[i].name, name))
			return true;
	return false;
}

static void on_link(const char *name, unsigned index, void *data)
{
	struct vnm_watch *watch = data;

	for (size_t i = 0; i < watch->n_nets; i++)
		watch->nets[i].look |= watch->nets[i].life == VNM_LIFE_ACTIVE &&
				       (!name || has_link(&watch->nets[i], name, index));
}

/** vnm_watch_links() - process the events of devices. Return: 0 or -errno. */
int vnm_watch_links(struct vnm_watch *watch, struct vnm_error *err)
{
	const struct vnm_link_sink sink = { on_link, watch };
	int r = vnm_link_watch_read(watch->link_fd, &sink);

	if (r < 0)
		return vnm_error_set(err, VNM_ERR_SYSTEM, -r, "cannot read device events: %s",
				     strerror(-r));
	return 0;
}

/* ---- the check ---- */

static void add_link(struct vnm_watched *net, const char *name)
{
	net->links = vnm_array_add(net->links, &net->n_links, sizeof(*net->links));
	net->links[net->n_links - 1] =
		(struct vnm_watched_link){ vnm_strdup(name), if_nametoindex(name) };
}

/* The guests' devices on the host. */
static void listen_to_guests(struct vnm_watch *watch, struct vnm_watched *net)
{
	struct vnm_error ignored = { 0 };
	vnm_autoclose int made = vnm_attach_made_at(&watch->paths, net->name, false, &ignored);
	const struct vnm_store store = { made, net->name, VNM_VOLATILE };
	char **devs = NULL;
	size_t n = 0;

	if (made < 0 || vnm_store_names(&store, ".journal", &devs, &n, &ignored) < 0)
		return;
	for (size_t i = 0; i < n; i++)
		add_link(net, devs[i]);
	vnm_names_free(devs, n);
}

/* Watches what will trigger the next check: the devices of the network and its guests, and its dnsmasq. */
static void listen_to(struct vnm_watch *watch, struct vnm_watched *net, const struct vnm_plan *plan)
{
	forget_links(net);
	listen_to_guests(watch, net);
	for (size_t i = 0; i < plan->n; i++) {
		const struct vnm_op *op = &plan->ops[i];
		const char *name = vnm_op_device(op);

		if (op->type == VNM_OP_DNSMASQ && net->pidfd < 0)
			net->pidfd = vnm_dnsmasq_find_process(&op->dnsmasq, NULL);
		if (!name)
			continue;
		add_link(net, name);
	}
}

static void conclude(struct vnm_watch *watch, struct vnm_watched *net, char *missing)
{
	enum vnm_wholeness old = net->health;
	bool same = net->missing && !strcmp(net->missing, missing);

	net->health = *missing ? VNM_HEALTH_DEGRADED : VNM_HEALTH_WHOLE;
	free(net->missing);
	net->missing = missing;
	if (old == VNM_HEALTH_UNKNOWN || (old == net->health && (old == VNM_HEALTH_WHOLE || same)))
		return;
	if (net->health == VNM_HEALTH_WHOLE)
		vnm_watch_emit(watch, net, VNM_EVENT_WHOLE, NULL);
	else
		vnm_watch_emit(watch, net, VNM_EVENT_DEGRADED, missing);
}

static int check_network(struct vnm_watch *watch, struct vnm_watched *net, struct vnm_sys *sys,
			 struct vnm_journal_cache *journals, struct vnm_error *err)
{
	vnm_autojournal struct vnm_journal journal = { 0 };
	vnm_autohealth struct vnm_health health = { 0 };
	int r = vnm_journal_cache_read(journals, net->name, true, &journal, err);

	/* An interrupted change is neither the old network nor the new one. */
	if (r == -ENOENT || (r == 0 && (journal.state != VNM_JOURNAL_ACTIVE ||
					vnm_journal_has_pending(watch->live.fd, net->name))))
		return 0;
	if (r < 0)
		return r;
	listen_to(watch, net, &journal.plan);
	vnm_fw_use_backend(sys, journal.plan.firewall);
	r = vnm_health_check(sys, &watch->paths, net->name, &journal.plan, false, &health, err);
	if (r < 0)
		return r;
	conclude(watch, net, vnm_health_text(&health));
	return 0;
}

static bool anything_to_do(const struct vnm_watch *watch)
{
	for (size_t i = 0; i < watch->n_nets; i++)
		if (watch->nets[i].look && watch->nets[i].life == VNM_LIFE_ACTIVE)
			return true;
	return false;
}

/* Return: a descriptor with the lock; -EWOULDBLOCK: a command is at work; -ENOENT: none ever was; -errno. */
static int share_lock(const struct vnm_watch *watch)
{
	vnm_autoclose int fd = openat(watch->live.fd, "lock", O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	int r;

	if (fd < 0)
		return -errno;
	do
		r = flock(fd, LOCK_SH | LOCK_NB);
	while (r < 0 && errno == EINTR);
	return r < 0 ? -errno : vnm_steal_fd(&fd);
}

/* Networks may have been started in another namespace meanwhile. */
static bool is_ours(const struct vnm_watch *watch)
{
	enum vnm_ownership ownership;
	struct vnm_error ignored = { 0 };
	struct vnm_owner owner;

	return vnm_owner_look(watch->live.fd, &watch->paths, &ownership, &owner, &ignored) == 0 &&
	       (ownership == VNM_OWNER_US || ownership == VNM_OWNER_NOBODY);
}

/**
 * vnm_watch_look() - check the health of the networks for which that is due
 * @watch: the watch; findings become events, errors warnings
 */
void vnm_watch_look(struct vnm_watch *watch)
{
	vnm_autojournal_cache struct vnm_journal_cache journals = { .run_fd = watch->live.fd };
	vnm_autoclose int lock_fd = -1;
	struct vnm_sys sys;

	watch->retry_ms = -1;
	if (!vnm_watch_wants(watch, VNM_EVENT_HEALTH) || !anything_to_do(watch))
		return;
	lock_fd = share_lock(watch);
	if (lock_fd < 0 && lock_fd != -ENOENT) {
		watch->retry_ms = vnm_now_ms() + RETRY_MS;
		return;
	}
	if (!is_ours(watch))
		return;
	vnm_sys_init(&sys, watch->live.fd);
	journals.locked = lock_fd >= 0;
	vnm_health_expect_rules(&sys, &journals, NULL);
	for (size_t i = 0; i < watch->n_nets; i++) {
		struct vnm_watched *net = &watch->nets[i];
		struct vnm_error err = { 0 };

		if (net->look && net->life == VNM_LIFE_ACTIVE &&
		    check_network(watch, net, &sys, &journals, &err) < 0)
			vnm_watch_warn(watch, "network '%s' cannot be inspected: %s", net->name,
				       err.msg);
		net->look = false;
	}
	vnm_sys_clear(&sys);
}
