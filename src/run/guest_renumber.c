// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * guest_renumber.c - replaces guests' addresses that a change of the definition has left outside of its subnets.
 *
 * An address that was found for a guest (--ip auto) is replaced by another, if possible the one with the same host part in
 * the new subnet: first in the list of attachments, by one write, then in dnsmasq's configuration, then at the guest
 * (guest_restore.c). The next start or repair finishes an interrupted replacement; until then the network is degraded
 * (health.c). An address that a person has chosen is reported, and stays.
 */
#include "run/guest_renumber.h"

#include <string.h>

#include "model/lease.h"
#include "model/taken.h"
#include "run/change.h"
#include "run/guest_pick.h"
#include "run/guest_restore.h"
#include "run/guest_state.h"
#include "run/lease_stale.h"
#include "run/lease_use.h"
#include "state/guest_store.h"
#include "state/leases.h"
#include "state/session.h"
#include "util/mem.h"
#include "xml/attach_xml.h"

/* struct lot - a network's guests and the outcome. @changed: one of them was renumbered. @mute: report only those. */
struct lot {
	struct vnm_driver *drv;
	const struct vnm_network *net;
	struct vnm_attachments all;
	struct vnm_taken picked;
	struct vnm_steps *steps;
	bool dry, mute, changed;
};

static void report_line(const struct lot *lot, const struct vnm_buf *text)
{
	if (lot->steps)
		vnm_steps_add(lot->steps, VNM_STEP_CHANGE, "guest", "%s", vnm_buf_str(text));
	else
		vnm_driver_report(lot->drv, VNM_REPORT_WARNING, "%s", vnm_buf_str(text));
}

static void report_moved(const struct lot *lot, const struct vnm_attachment *attach,
			 const struct vnm_prefix *old, const struct vnm_attach_ip *ip)
{
	const struct vnm_prefix new = { ip->address, ip->prefix.v };
	vnm_autofree char *guest = vnm_attach_guest_name(attach);
	char from[VNM_PREFIX_STRLEN], to[VNM_PREFIX_STRLEN];
	vnm_autobuf struct vnm_buf text = { 0 };

	if (attach->kind != VNM_ATTACH_NETNS && vnm_addr_equal(&old->addr, &ip->address))
		return; /* DHCP includes the prefix length */
	vnm_buf_printf(&text, "guest %s %s %s in place of %s", guest,
		       lot->dry ? "would get" : "gets", vnm_prefix_format(&new, to),
		       vnm_prefix_format(old, from));
	if (attach->kind != VNM_ATTACH_NETNS)
		vnm_buf_add(&text,
			    lot->dry ? ", when it asks by DHCP again"
				     : " when it asks by DHCP again; it is cut off until then");
	report_line(lot, &text);
}

static void report_stranded(const struct lot *lot, const struct vnm_attachment *attach,
			    const struct vnm_addr *addr, const char *why)
{
	vnm_autofree char *guest = vnm_attach_guest_name(attach);
	vnm_autobuf struct vnm_buf text = { 0 };
	char was[VNM_ADDR_STRLEN];

	if (lot->mute)
		return;
	vnm_buf_printf(&text,
		       "guest %s %s cut off: its address %s is outside of the subnets of network "
		       "'%s'%s%s; attach it again with another: vnetmgr net-detach %s %s",
		       guest, lot->dry ? "would be" : "is", vnm_addr_format(addr, was),
		       lot->net->name, *why ? ", and " : "", why, lot->net->name, attach->dev);
	report_line(lot, &text);
}

/* The prefix length is the subnet's, and may be the only change. */
static bool stays(const struct vnm_network *net, struct vnm_attach_ip *ip)
{
	const struct vnm_ip *subnet = vnm_attach_subnet(net, &ip->address);

	if (!vnm_network_has_family(net, ip->address.family))
		return true; /* there is no replacement */
	return subnet && !vnm_addr_equal(&subnet->address, &ip->address) &&
	       (ip->automatic != VNM_TRI_YES || ip->prefix.v == vnm_ip_prefix(subnet).len);
}

static void move_one(struct lot *lot, struct vnm_attachment *attach, struct vnm_attach_ip *ip)
{
	const struct vnm_prefix old = { ip->address, ip->prefix.v };
	struct vnm_error err = { 0 };

	if (stays(lot->net, ip))
		return;
	if (ip->automatic != VNM_TRI_YES || attach->kind == VNM_ATTACH_TUN) {
		report_stranded(lot, attach, &ip->address, "");
	} else if (vnm_attach_find_again(lot->drv, lot->net, attach, ip, &lot->picked, &err) < 0) {
		report_stranded(lot, attach, &ip->address, err.msg);
	} else {
		vnm_taken_add(&lot->picked, &ip->address);
		lot->changed = true;
		report_moved(lot, attach, &old, ip);
	}
}

static void move_all(struct lot *lot)
{
	vnm_attachments_load(lot->drv, lot->net->name, &lot->all);
	for (size_t i = 0; i < lot->all.n_items; i++)
		for (size_t k = 0; k < lot->all.items[i].n_ips; k++)
			move_one(lot, &lot->all.items[i], &lot->all.items[i].ips[k]);
}

static void lot_clear(struct lot *lot)
{
	vnm_attachments_clear(&lot->all);
	vnm_taken_clear(&lot->picked);
}

/* In the list of attachments only. */
static int renumber(struct vnm_driver *drv, const struct vnm_network *net, bool tell,
		    struct vnm_error *err)
{
	struct lot lot
		__attribute__((cleanup(lot_clear))) = { .drv = drv, .net = net, .mute = !tell };

	move_all(&lot);
	return lot.changed ? vnm_attach_replace_all(drv, net->name, &lot.all, err) : 0;
}

static bool has_automatic(const struct vnm_attachments *all)
{
	for (size_t i = 0; i < all->n_items; i++)
		for (size_t k = 0; k < all->items[i].n_ips; k++)
			if (all->items[i].ips[k].automatic == VNM_TRI_YES)
				return true;
	return false;
}

/**
 * vnm_driver_renumber() - replace guests' addresses in the list of attachments and in dnsmasq's configuration
 * @drv:  the driver
 * @net:  the live definition
 * @tell: report the guests that are cut off, too; renumbered ones are always reported
 * @text: gets what that changed of the network; or NULL
 * @steps: the same, of a dry run, which leaves the list alone (vnm_driver_preview_guests()); or NULL
 * @err:  set on failure; to be tried again
 *
 * Updates dnsmasq even if the list is up to date, since a command may have been interrupted in between.
 *
 * Return: 0 or -errno.
 */
int vnm_driver_renumber(struct vnm_driver *drv, const struct vnm_network *net, bool tell,
			struct vnm_buf *text, struct vnm_steps *steps, struct vnm_error *err)
{
	int r = drv->assumed ? 0 : renumber(drv, net, tell, err);

	if (r == 0 && has_automatic(vnm_attachments_get(drv, net->name)))
		r = vnm_driver_reconcile_told(drv, net->name, text, steps, err);
	return r;
}

/**
 * vnm_driver_renumber_all() - the same, of networks about to start; before they are planned, since the plan includes dnsmasq's files
 * @drv:  the driver
 * @nets: the networks; active ones are skipped
 * @jobs: one each; marked failed if the list cannot be written
 * @n:    how many
 */
void vnm_driver_renumber_all(struct vnm_driver *drv, const struct vnm_network *nets,
			     struct vnm_job *jobs, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!jobs[i].failed && !vnm_journal_exists(drv->run_fd, nets[i].name) &&
		    renumber(drv, &nets[i], true, &jobs[i].err) < 0)
			jobs[i].failed = true;
}

/* ---- leases ---- */

/* Its client has been made to ask again. */
static bool is_attached(const struct vnm_attachments *all, const struct vnm_lease_entry *lease)
{
	for (size_t i = 0; i < all->n_items; i++)
		if (all->items[i].dhcp == VNM_TRI_YES &&
		    vnm_mac_equal(&all->items[i].mac, &lease->mac))
			return true;
	return false;
}

/* Does the client have another lease by now? */
static bool has_moved(const struct lot *lot, const struct vnm_leases *leases,
		      const struct vnm_lease_entry *lease)
{
	for (size_t i = 0; i < leases->n; i++)
		if (vnm_mac_equal(&leases->items[i].mac, &lease->mac) &&
		    leases->items[i].addr.family == lease->addr.family &&
		    !vnm_attach_outside(lot->net, &leases->items[i].addr))
			return true;
	return false;
}

/* DHCP cannot revoke a lease before the client asks. */
static void report_leases(struct lot *lot)
{
	vnm_autoleases struct vnm_leases leases = { 0 };
	vnm_autobuf struct vnm_buf text = { 0 };
	struct vnm_error ignored = { 0 };
	size_t n = 0;

	if (!vnm_network_makes_bridge(lot->net) ||
	    vnm_leases_load(lot->drv, lot->net->name, &leases, &ignored) < 0)
		return;
	for (size_t i = 0; i < leases.n; i++) {
		const struct vnm_lease_entry *lease = &leases.items[i];
		char addr[VNM_ADDR_STRLEN];

		if (!vnm_attach_outside(lot->net, &lease->addr) || is_attached(&lot->all, lease) ||
		    has_moved(lot, &leases, lease))
			continue;
		vnm_buf_printf(&text, "%s%s of ", n++ ? ", " : "",
			       vnm_addr_format(&lease->addr, addr));
		vnm_lease_holder(lease, &text);
	}
	if (n > 0) {
		vnm_autobuf struct vnm_buf line = { 0 };

		vnm_buf_printf(&line,
			       "%zu lease%s outside of the subnets of network '%s': %s; guests "
			       "that use one are cut off until they ask by DHCP again",
			       n,
			       n == 1	  ? lot->dry ? " would be" : " is"
			       : lot->dry ? "s would be"
					  : "s are",
			       lot->net->name, vnm_buf_str(&text));
		report_line(lot, &line);
	}
}

/** vnm_driver_warn_outside() - report the leases that are in no subnet of a network any more. */
void vnm_driver_warn_outside(struct vnm_driver *drv, const struct vnm_network *net)
{
	struct lot lot __attribute__((cleanup(lot_clear))) = { .drv = drv, .net = net };

	vnm_attachments_load(drv, net->name, &lot.all);
	report_leases(&lot);
}

/* Did the subnets change at all? */
static bool same_subnets(const struct vnm_network *a, const struct vnm_network *b)
{
	if (a->n_ips != b->n_ips)
		return false;
	for (size_t i = 0; i < a->n_ips; i++) {
		const struct vnm_prefix x = vnm_ip_prefix(&a->ips[i]),
					y = vnm_ip_prefix(&b->ips[i]);

		if (!vnm_prefix_equal(&x, &y))
			return false;
	}
	return true;
}

/* What guests' resolv.conf has, beside addresses of subnets (plan/plan_attach.c)? DHCP clients get it with their next lease. */
static bool same_resolv(const struct vnm_network *a, const struct vnm_network *b)
{
	const char *mine = a->domain.name ? a->domain.name : "";
	const char *theirs = b->domain.name ? b->domain.name : "";

	return !strcmp(mine, theirs) && vnm_network_dns_enabled(a) == vnm_network_dns_enabled(b);
}

/**
 * vnm_driver_preview_guests() - report what a change of the definition would do to guests' leases and addresses
 * @drv:   the driver
 * @old:   the present definition; NULL: the network starts
 * @net:   the new one
 * @steps: gets a line for each; NULL: each is a warning
 */
void vnm_driver_preview_guests(struct vnm_driver *drv, const struct vnm_network *old,
			       const struct vnm_network *net, struct vnm_steps *steps)
{
	struct lot lot __attribute__((
		cleanup(lot_clear))) = { .drv = drv, .net = net, .steps = steps, .dry = true };

	vnm_driver_preview_leases(drv, net, steps);
	if (old && same_subnets(old, net))
		return;
	move_all(&lot);
	report_leases(&lot);
}

/**
 * vnm_driver_adapt_guests() - adapt the guests to a committed change of their network
 * @drv: the driver
 * @old: the old definition
 * @net: the new one
 * @err: set on failure; the network is changed, its guests are not
 *
 * A guest that cannot be adapted is a warning: its network is degraded.
 *
 * Return: 0 or -errno.
 */
int vnm_driver_adapt_guests(struct vnm_driver *drv, const struct vnm_network *old,
			    const struct vnm_network *net, struct vnm_error *err)
{
	int r;

	if (same_subnets(old, net)) {
		if (!same_resolv(old, net))
			vnm_driver_address_guests(drv, net);
		return 0;
	}
	r = vnm_driver_renumber(drv, net, true, NULL, NULL, err);
	if (r < 0) {
		(void)vnm_error_prefix(err,
				       "network '%s' is changed, but its guests are not "
				       "(net-repair tries again): ",
				       net->name);
		return r;
	}
	vnm_driver_address_guests(drv, net);
	vnm_driver_warn_outside(drv, net);
	return 0;
}
