/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lease_stale.c - ends leases of addresses that are reserved for another client by now.
 *
 * Whatever creates the reservation ends such a lease: a change, a start, a repair. But not while the address
 * is in use, since two would have it; that is reported instead. It comes last, after the commit; RUNDIR/NAME.leases,
 * written before, records that it is still to be done.
 */
#include "run/lease_stale.h"

#include <string.h>

#include "model/lease.h"
#include "run/lease_end.h"
#include "run/lease_use.h"
#include "state/leases.h"
#include "state/networks.h"
#include "state/session.h"
#include "sys/link/neighbour.h"
#include "util/mem.h"
#include "xml/network_xml.h"

#define MARK ".leases"

static void warn_in_use(struct vnm_driver *drv, const struct vnm_network *net,
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

/* The owner of the reservation may use the address already, without DHCP. */
static bool in_use(const struct vnm_network *net, const struct vnm_lease_entry *lease,
		   const struct vnm_probe *found)
{
	const struct vnm_dhcp_host *rival = vnm_lease_rival(net, lease);

	return found->answered &&
	       !(rival->mac.set && found->mac.set && vnm_mac_equal(&rival->mac, &found->mac));
}

/* Selects the leases whose addresses are not in use; reports the others. @ret: their items are @leases' */
static void find_stale(struct vnm_driver *drv, const struct vnm_network *net,
		       const struct vnm_leases *leases, struct vnm_ending *ret)
{
	struct vnm_ending rivals vnm_autoending = { .net = net };
	vnm_autofree struct vnm_probe *found = NULL;

	for (size_t i = 0; i < leases->n; i++)
		if (vnm_lease_rival(net, &leases->items[i]))
			vnm_ending_add(&rivals, &leases->items[i]);
	if (rivals.n == 0)
		return;
	found = vnm_ending_probe(drv, &rivals);
	for (size_t i = 0; i < rivals.n; i++) {
		if (in_use(net, rivals.items[i], &found[i]))
			warn_in_use(drv, net, rivals.items[i], &found[i]);
		else
			vnm_ending_add(ret, rivals.items[i]);
	}
}

static void describe(const struct vnm_lease_entry *lease, struct vnm_buf *out)
{
	char addr[VNM_ADDR_STRLEN];

	vnm_buf_printf(out, "lease of %s by ", vnm_addr_format(&lease->addr, addr));
	vnm_lease_holder(lease, out);
}

/* A dnsmasq that does not release a lease will not do so the next time either. */
static bool is_hopeless(const struct vnm_error *err)
{
	return err->code == VNM_ERR_DNSMASQ || err->code == VNM_ERR_UNSUPPORTED;
}

/* Loads the leases of a network, and the network with its guests. Return: 1; 0: it has no leases; -errno. */
static int load_leases(struct vnm_driver *drv, const struct vnm_network *net,
		       struct vnm_network *whole, struct vnm_leases *leases, struct vnm_error *err)
{
	int r = vnm_network_makes_bridge(net) ? vnm_leases_load(drv, net->name, leases, err) : 0;

	if (r < 0 || leases->n == 0)
		return r;
	vnm_driver_with_guests(drv, net, whole);
	return 1;
}

static int end_stale(struct vnm_driver *drv, const struct vnm_network *net, struct vnm_error *err)
{
	vnm_autonetwork struct vnm_network whole = { 0 };
	vnm_autoleases struct vnm_leases leases = { 0 };
	struct vnm_ending stale vnm_autoending = { .net = &whole };
	int r = load_leases(drv, net, &whole, &leases, err);

	if (r <= 0)
		return r;
	stale.text = leases.text;
	find_stale(drv, &whole, &leases, &stale);
	r = vnm_ending_run(drv, &stale, err);
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

/** vnm_driver_unmark_leases() - remove the record of vnm_driver_mark_leases(): aborted, or done */
void vnm_driver_unmark_leases(struct vnm_driver *drv, const char *name)
{
	vnm_autofree char *mark = mark_of(name);

	(void)vnm_file_unlink(drv->run_fd, mark, VNM_VOLATILE);
}

/**
 * vnm_driver_mark_leases() - before the commit: record that leases will have to be ended
 * @drv: the driver
 * @net: the new definition
 * @err: set on failure
 *
 * Records nothing if there are no such leases. The next command that finds the record of an active network ends them.
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
	int r = load_leases(drv, net, &whole, &leases, err);

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
 * vnm_driver_end_stale_leases() - end the leases of addresses that are reserved for others
 * @drv: the driver
 * @net: the live definition, in effect in dnsmasq
 *
 * A lease whose address is in use stays, with a warning; so does one that cannot be ended: net-info reports it,
 * and the next command tries again.
 */
void vnm_driver_end_stale_leases(struct vnm_driver *drv, const struct vnm_network *net)
{
	struct vnm_error err = { 0 };
	int r = end_stale(drv, net, &err);

	if (r < 0)
		vnm_driver_report(drv, VNM_REPORT_WARNING, "%s%s", err.msg,
				  is_hopeless(&err) ? "" : "; the next command tries again");
	if (r == 0 || is_hopeless(&err))
		vnm_driver_unmark_leases(drv, net->name);
}

/** vnm_driver_recover_leases() - end the leases that interrupted commands have recorded */
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
			vnm_driver_end_stale_leases(drv, &net);
		else
			vnm_driver_unmark_leases(drv, names[i]);
	}
	vnm_names_free(names, n);
}

/**
 * vnm_driver_preview_leases() - what vnm_driver_end_stale_leases() would do
 * @drv:   the driver
 * @net:   the new definition
 * @steps: gets the leases to be ended, "lease of A by MAC"; or NULL
 */
void vnm_driver_preview_leases(struct vnm_driver *drv, const struct vnm_network *net,
			       struct vnm_steps *steps)
{
	vnm_autonetwork struct vnm_network whole = { 0 };
	vnm_autoleases struct vnm_leases leases = { 0 };
	struct vnm_ending stale vnm_autoending = { 0 };
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
			vnm_steps_add(steps, VNM_STEP_REMOVE, "lease", "%s", vnm_buf_str(&text));
	}
}
