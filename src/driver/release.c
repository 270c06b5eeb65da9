/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * driver_release.c - ends leases before their time.
 *
 * Theory of operation. The leases are dnsmasq's. While it runs it is told, by what the guest itself would send to give
 * its address back (sys/process/lease_release.c), and its file shows when it has taken note; all others go on being served.
 * One that does not run is not told: its file is replaced. Either way it is one step that cannot be taken back.
 *
 * A lease whose address is reserved for somebody else is ended by whatever brings that about: a change, a start, a
 * repair. But not while somebody uses the address: two would have it. That is told instead. It comes last, when all
 * else is a fact; that it is still to be done is noted before, in RUNDIR/NAME.leases.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "driver/driver_internal.h"
#include "sys/link/neighbour.h"
#include "util/file.h"
#include "util/inotify.h"
#include "util/mem.h"
#include "util/proc.h"

#define MARK ".leases"
#define PROBE_MS 1000
#define RELEASE_MS 5000
#define AGAIN_MS 300	/* a datagram can be lost */
#define REST_MS 20	/* dnsmasq writes its file in two steps, with nothing between them */

/** struct ending - leases of one network that are to be ended. @items: borrowed. */
struct ending {
	const struct vnm_network *net;
	const char *text;	/* of the lease file */
	const struct vnm_lease_entry **items;
	size_t n;
};

static void ending_add(struct ending *ending, const struct vnm_lease_entry *lease)
{
	ending->items = vnm_array_add(ending->items, &ending->n, sizeof(*ending->items));
	ending->items[ending->n - 1] = lease;
}

static void ending_clear(struct ending *ending)
{
	free(ending->items);
}
#define autoending __attribute__((cleanup(ending_clear)))

/* ---- a dnsmasq that does not run ------------------------------------------------------------------------- */

static int edit_file(struct vnm_driver *drv, const struct ending *ending, int dirfd,
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

/* ---- one that does --------------------------------------------------------------------------------------- */

/* As which it is known to a guest: its address in that guest's subnet. */
static const struct vnm_addr *server_of(const struct vnm_network *net,
					const struct vnm_addr *addr)
{
	const struct vnm_ip *ip = vnm_attach_subnet(net, addr);

	return ip ? &ip->address : NULL;
}

static int tell(const struct ending *ending, const struct vnm_lease_entry *lease,
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

/* Those that are still in the file are told of (once more). Return: how many there are, or -errno. */
static ssize_t tell_all(struct vnm_driver *drv, const struct ending *ending, bool send,
			const struct vnm_lease_entry **ret_first, struct vnm_error *err)
{
	vnm_autoleases struct vnm_leases now = { 0 };
	ssize_t n = 0;
	int r = vnm_leases_load(drv, ending->net->name, &now, err);

	for (size_t i = 0; i < ending->n && r == 0; i++) {
		if (!is_there(&now, &ending->items[i]->addr))
			continue;
		if (n++ == 0)
			*ret_first = ending->items[i];
		r = send ? tell(ending, ending->items[i], err) : 0;
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

static int not_taken(const struct ending *ending, const struct vnm_lease_entry *lease,
		     struct vnm_error *err)
{
	char addr[VNM_ADDR_STRLEN];

	return vnm_error_set(err, VNM_ERR_DNSMASQ, ETIMEDOUT,
			     "dnsmasq for %s has not ended the lease of %s within %d seconds; see: "
			     "vnetmgr net-info %s",
			     ending->net->name, vnm_addr_format(&lease->addr, addr),
			     RELEASE_MS / 1000, ending->net->name);
}

/* Tell dnsmasq until its file shows that none is left, and it has finished writing that. */
static int tell_until_done(struct vnm_driver *drv, const struct ending *ending,
			   struct vnm_inotify *in, struct vnm_error *err)
{
	const int64_t deadline = vnm_now_ms() + RELEASE_MS;
	const struct vnm_lease_entry *first = NULL;
	bool send = true;

	for (;;) {
		ssize_t left = tell_all(drv, ending, send, &first, err);
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
		send = r == 0;
	}
}

static int tell_dnsmasq(struct vnm_driver *drv, const struct ending *ending, int dirfd,
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
		r = tell_until_done(drv, ending, &in, err);
	vnm_inotify_close(&in);
	return r;
}

/* ---- both ------------------------------------------------------------------------------------------------ */

/* Return: 1, 0, -errno. */
static int dnsmasq_runs(struct vnm_driver *drv, const char *name, struct vnm_error *err)
{
	vnm_autojournal struct vnm_journal journal = { 0 };
	int r = vnm_journal_read(drv->run_fd, name, true, &journal, err);

	if (r < 0)
		return r == -ENOENT ? 0 : r;
	for (size_t i = 0; i < journal.plan.n; i++) {
		vnm_autoclose int pidfd = -1;

		if (journal.plan.ops[i].type != VNM_OP_DNSMASQ)
			continue;
		pidfd = vnm_dnsmasq_pin(&journal.plan.ops[i]);
		if (pidfd < 0 && pidfd != -ESRCH)
			return vnm_error_set(err, VNM_ERR_SYSTEM, -pidfd,
					     "cannot find the dnsmasq of network '%s': %s", name,
					     strerror(-pidfd));
		return pidfd >= 0;
	}
	return 0;
}

static int end_all(struct vnm_driver *drv, const struct ending *ending, struct vnm_error *err)
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
	return runs ? tell_dnsmasq(drv, ending, dirfd, err) : edit_file(drv, ending, dirfd, err);
}

/* Who is at the addresses, on the network's bridge? @probes: one for each lease. What cannot be asked is nobody. */
static struct vnm_probe *probe(struct vnm_driver *drv, const struct ending *ending)
{
	struct vnm_probe *probes = vnm_alloc((ending->n ? ending->n : 1) * sizeof(*probes));

	for (size_t i = 0; i < ending->n; i++)
		probes[i].addr = ending->items[i]->addr;
	if (ending->net->bridge.name)
		(void)vnm_neighbours_probe(&drv->sys, ending->net->bridge.name, probes, ending->n,
					   PROBE_MS);
	return probes;
}

/* ---- leases of what is reserved for others --------------------------------------------------------------- */

static void tell_kept(struct vnm_driver *drv, const struct vnm_network *net,
		      const struct vnm_lease_entry *lease, const struct vnm_probe *found)
{
	vnm_autobuf struct vnm_buf text = { 0 };
	char mac[VNM_MAC_STRLEN], addr[VNM_ADDR_STRLEN];

	vnm_lease_rival_text(lease, vnm_lease_rival(net, lease), &text);
	vnm_driver_report(drv, VNM_REPORT_WARNING,
			  "%s; %s uses it, so that lease is not ended; to end it all the same: "
			  "vnetmgr net-dhcp-release %s %s",
			  vnm_buf_str(&text),
			  found->mac.set ? vnm_mac_format(&found->mac, mac) : "somebody", net->name,
			  vnm_addr_format(&lease->addr, addr));
}

/* Whom the address is for may have it already, without DHCP. */
static bool in_use(const struct vnm_network *net, const struct vnm_lease_entry *lease,
		   const struct vnm_probe *found)
{
	const struct vnm_dhcp_host *rival = vnm_lease_rival(net, lease);

	return found->answered &&
	       !(rival->mac.set && found->mac.set && vnm_mac_equal(&rival->mac, &found->mac));
}

/* Those that nobody uses; of the others it is told. @ret: their items are @leases' */
static void find_stale(struct vnm_driver *drv, const struct vnm_network *net,
		       const struct vnm_leases *leases, struct ending *ret)
{
	struct ending rivals autoending = { .net = net };
	vnm_autofree struct vnm_probe *found = NULL;

	for (size_t i = 0; i < leases->n; i++)
		if (vnm_lease_rival(net, &leases->items[i]))
			ending_add(&rivals, &leases->items[i]);
	if (rivals.n == 0)
		return;
	found = probe(drv, &rivals);
	for (size_t i = 0; i < rivals.n; i++) {
		if (in_use(net, rivals.items[i], &found[i]))
			tell_kept(drv, net, rivals.items[i], &found[i]);
		else
			ending_add(ret, rivals.items[i]);
	}
}

static void describe(const struct vnm_lease_entry *lease, struct vnm_buf *out)
{
	char addr[VNM_ADDR_STRLEN];

	vnm_buf_printf(out, "lease of %s by ", vnm_addr_format(&lease->addr, addr));
	vnm_lease_holder(lease, out);
}

/* A dnsmasq that does not do as it is told will not do so the next time either. */
static bool is_hopeless(const struct vnm_error *err)
{
	return err->code == VNM_ERR_DNSMASQ || err->code == VNM_ERR_UNSUPPORTED;
}

/* The leases of a network, and the network with its guests. Return: 1; 0: it has no leases; -errno. */
static int look(struct vnm_driver *drv, const struct vnm_network *net, struct vnm_network *whole,
		struct vnm_leases *leases, struct vnm_error *err)
{
	int r = vnm_network_makes_bridge(net) ? vnm_leases_load(drv, net->name, leases, err) : 0;

	if (r < 0 || leases->n == 0)
		return r;
	vnm_driver_with_guests(drv, net, whole);
	return 1;
}

static int settle(struct vnm_driver *drv, const struct vnm_network *net, struct vnm_error *err)
{
	vnm_autonetwork struct vnm_network whole = { 0 };
	vnm_autoleases struct vnm_leases leases = { 0 };
	struct ending stale autoending = { .net = &whole };
	int r = look(drv, net, &whole, &leases, err);

	if (r <= 0)
		return r;
	stale.text = leases.text;
	find_stale(drv, &whole, &leases, &stale);
	r = end_all(drv, &stale, err);
	for (size_t i = 0; r == 0 && i < stale.n; i++) {
		vnm_autobuf struct vnm_buf text = { 0 };

		describe(stale.items[i], &text);
		vnm_driver_report(drv, VNM_REPORT_DETAIL, "- %s", vnm_buf_str(&text));
	}
	return r;
}

static char *mark_of(const char *name)
{
	return vnm_asprintf("%s" MARK, name);
}

/** vnm_driver_unmark_leases() - what vnm_driver_mark_leases() noted has not come about; or it is done */
void vnm_driver_unmark_leases(struct vnm_driver *drv, const char *name)
{
	vnm_autofree char *mark = mark_of(name);

	(void)vnm_file_unlink(drv->run_fd, mark, VNM_VOLATILE);
}

/**
 * vnm_driver_mark_leases() - before it is a fact: note that leases will have to be ended
 * @drv: the driver
 * @net: the definition to come
 * @err: set on failure
 *
 * The note is there only if there are such leases. Whoever finds it, the network being active, ends them.
 *
 * Return: 0 or -errno.
 */
int vnm_driver_mark_leases(struct vnm_driver *drv, const struct vnm_network *net,
			   struct vnm_error *err)
{
	vnm_autonetwork struct vnm_network whole = { 0 };
	vnm_autoleases struct vnm_leases leases = { 0 };
	vnm_autofree char *mark = mark_of(net->name);
	bool any = false;
	int r = look(drv, net, &whole, &leases, err);

	if (r <= 0)
		return r;
	for (size_t i = 0; i < leases.n && !any; i++)
		any = vnm_lease_rival(&whole, &leases.items[i]) != NULL;
	r = any ? vnm_file_replace(drv->run_fd, mark, "", 0, 0600, (gid_t)-1, VNM_VOLATILE) : 0;
	return r == 0 ? 0
		      : vnm_error_set(err, VNM_ERR_SYSTEM, -r, "cannot write '%s/%s': %s",
				      drv->paths.run, mark, strerror(-r));
}

/**
 * vnm_driver_settle_leases() - end the leases of addresses that are reserved for others
 * @drv: the driver
 * @net: the definition that the network runs with; its dnsmasq knows of it
 *
 * A lease whose address somebody uses stays, and that is a warning; so is what cannot be done: net-info goes on
 * telling, and the next command tries again.
 */
void vnm_driver_settle_leases(struct vnm_driver *drv, const struct vnm_network *net)
{
	struct vnm_error err = { 0 };
	int r = settle(drv, net, &err);

	if (r < 0)
		vnm_driver_report(drv, VNM_REPORT_WARNING, "%s%s", err.msg,
				  is_hopeless(&err) ? "" : "; the next command tries again");
	if (r == 0 || is_hopeless(&err))
		vnm_driver_unmark_leases(drv, net->name);
}

/** vnm_driver_recover_leases() - do what is noted by commands that were interrupted */
void vnm_driver_recover_leases(struct vnm_driver *drv)
{
	struct vnm_error err = { 0 };
	char **names;
	size_t n;

	if (vnm_store_names(&drv->live, MARK, &names, &n, &err) < 0)
		return;
	for (size_t i = 0; i < n; i++) {
		vnm_autonetwork struct vnm_network net = { 0 };

		if (vnm_driver_active(drv, names[i]) &&
		    vnm_store_load(&drv->live, names[i], &net, &err) == 0)
			vnm_driver_settle_leases(drv, &net);
		else
			vnm_driver_unmark_leases(drv, names[i]);
	}
	vnm_names_free(names, n);
}

/**
 * vnm_driver_preview_leases() - what vnm_driver_settle_leases() would do
 * @drv:   the driver
 * @net:   the definition to come
 * @steps: the leases are added that it would end, "- lease of A by MAC", one a line; or NULL
 */
void vnm_driver_preview_leases(struct vnm_driver *drv, const struct vnm_network *net,
			       struct vnm_buf *steps)
{
	vnm_autonetwork struct vnm_network whole = { 0 };
	vnm_autoleases struct vnm_leases leases = { 0 };
	struct ending stale autoending = { 0 };
	struct vnm_error ignored = { 0 };

	if (!vnm_network_makes_bridge(net) ||
	    vnm_leases_load(drv, net->name, &leases, &ignored) < 0)
		return;
	vnm_driver_with_guests(drv, net, &whole);
	find_stale(drv, &whole, &leases, &stale);
	for (size_t i = 0; i < stale.n; i++) {
		vnm_autobuf struct vnm_buf text = { 0 };

		describe(stale.items[i], &text);
		if (steps)
			vnm_buf_printf(steps, "- %s\n", vnm_buf_str(&text));
	}
}

/* ---- net-dhcp-release ------------------------------------------------------------------------------------ */

static void warn_users(struct vnm_driver *drv, const struct ending *ending)
{
	vnm_autofree struct vnm_probe *found = probe(drv, ending);

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

/* To the front, whose they are; how many there are. */
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
 * @ref:   an address, or a MAC address, client identifier or DUID, all of whose leases are meant
 * @dry:   only find out which
 * @ret:   the leases that were (or would be) ended; free with vnm_leases_free()
 * @ret_n: how many
 * @err:   VNM_ERR_NO_DEVICE: there is no such lease; VNM_ERR_DNSMASQ: dnsmasq does not take note
 *
 * Return: 0 or -errno.
 */
int vnm_driver_release(struct vnm_driver *drv, const char *name, const char *ref, bool dry,
		       struct vnm_lease_entry **ret, size_t *ret_n, struct vnm_error *err)
{
	vnm_autonetwork struct vnm_network net = { 0 };
	vnm_autoleases struct vnm_leases leases = { 0 };
	struct ending ending autoending = { .net = &net };
	size_t n;
	int r = vnm_driver_load(drv, name, &net, err);

	if (r == 0)
		r = vnm_leases_load(drv, name, &leases, err);
	if (r < 0)
		return r;
	n = select_leases(&leases, ref);
	if (n == 0)
		return no_such_lease(name, ref, err);
	for (size_t i = 0; i < n; i++)
		ending_add(&ending, &leases.items[i]);
	ending.text = leases.text;
	if (vnm_driver_active(drv, name))
		warn_users(drv, &ending);
	r = dry ? 0 : end_all(drv, &ending, err);
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
