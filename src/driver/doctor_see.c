/* SPDX-License-Identifier: GPL-2.0-or-later */
/* doctor_see.c - what is read for net-doctor of an active network, its guests and its host. */
#include "driver/doctor_see.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "run/guest_state.h"
#include "run/health.h"
#include "state/guest_store.h"
#include "state/leases.h"
#include "state/networks.h"
#include "state/session.h"
#include "sys/doctor/see_files.h"
#include "sys/doctor/see_flows.h"
#include "sys/doctor/see_guest.h"
#include "sys/doctor/see_neighbours.h"
#include "sys/doctor/see_routes.h"
#include "sys/doctor/see_vlans.h"
#include "sys/firewall/nft_chains.h"
#include "sys/firewall/nft_read.h"
#include "sys/link/link.h"
#include "sys/uplink/uplink_observe.h"
#include "util/mem.h"
#include "xml/attach_xml.h"
#include "xml/network_xml.h"

static void see_settings(struct vnm_case *c)
{
	static const char *const of_device[] = { "forwarding", "rp_filter", "arp_ignore" };
	static const char *const of_host[] = { "net/netfilter/nf_conntrack_count",
					       "net/netfilter/nf_conntrack_max" };

	for (size_t k = 0; k < VNM_ARRAY_SIZE(of_device); k++) {
		vnm_see_setting(c, "net/ipv4/conf/all/%s", of_device[k]);
		for (size_t i = 0; i < c->host.links.n; i++)
			vnm_see_setting(c, "net/ipv4/conf/%s/%s", c->host.links.items[i].fact.name,
					of_device[k]);
	}
	for (size_t i = 0; i < c->host.links.n; i++)
		vnm_see_setting(c, "net/ipv6/conf/%s/mtu", c->host.links.items[i].fact.name);
	for (size_t i = 0; i < VNM_ARRAY_SIZE(of_host); i++)
		vnm_see_setting(c, "%s", of_host[i]);
}

static void see_leases(struct vnm_driver *drv, const struct vnm_network *net, struct vnm_case *c)
{
	vnm_autoleases struct vnm_leases leases = { 0 };
	vnm_autonetwork struct vnm_network whole = { 0 };
	struct vnm_error ignored = { 0 };
	int r = vnm_leases_load(drv, net->name, &leases, &ignored);

	vnm_case_unchecked(c, r, "the leases");
	if (r < 0)
		return;
	vnm_driver_with_guests(drv, net, &whole);
	c->pool = vnm_dhcp_room(&whole, AF_INET, leases.items, leases.n);
	c->leased = vnm_alloc((leases.n ? leases.n : 1) * sizeof(*c->leased));
	for (size_t i = 0; i < leases.n; i++)
		c->leased[c->n_leased++] =
			(struct vnm_case_lease){ leases.items[i].addr, leases.items[i].mac };
}

static void see_dnsmasq(const struct vnm_op_dnsmasq *dnsmasq, const struct vnm_network *net,
			struct vnm_case *c)
{
	int r = dnsmasq->lease_file ? vnm_see_read_only(dnsmasq->lease_file) : 0;

	vnm_case_unchecked(c, vnm_see_dnsmasq(dnsmasq, &c->dnsmasq), "the network's dnsmasq");
	if (dnsmasq->lease_file)
		vnm_case_unchecked(c, r, "the file of leases %s", dnsmasq->lease_file);
	if (r > 0)
		c->lease_file_fixed = vnm_strdup(dnsmasq->lease_file);
	for (size_t i = 0; i < net->n_ips && !c->no_boot_root; i++) {
		const char *root = net->ips[i].tftp.root;

		if (!root)
			continue;
		r = vnm_see_absent(root);
		vnm_case_unchecked(c, r, "the directory of boot files %s", root);
		if (r > 0)
			c->no_boot_root = vnm_strdup(root);
	}
}

static void see_services(struct vnm_driver *drv, const struct vnm_network *net, struct vnm_case *c)
{
	const struct vnm_op *dnsmasq = vnm_plan_find(c->plan, VNM_OP_DNSMASQ);

	see_leases(drv, net, c);
	if (dnsmasq)
		see_dnsmasq(&dnsmasq->dnsmasq, net, c);
}

static void see_health(const struct vnm_health *health, struct vnm_case *c)
{
	char **missing;
	size_t n = vnm_health_missing(health, &missing);

	for (size_t i = 0; i < n; i++)
		vnm_warnings_add(&c->missing, "the network lacks %s", missing[i]);
	vnm_names_free(missing, n);
	for (size_t i = 0; i < health->unknown.n; i++)
		vnm_warnings_add(&c->unchecked, "%s", health->unknown.items[i]);
	for (size_t i = 0; i < health->found.faults.n; i++)
		vnm_warnings_add(&c->missing, "%s", health->found.faults.items[i]);
	for (size_t i = 0; i < health->found.obstacles.n; i++)
		vnm_case_obstacle_add(&c->obstacles, health->found.obstacles.items[i],
				      health->found.shows.items[i], health->found.mends.items[i]);
}

/* What health says of this guest: its lines begin with the device's name. */
static char *lacks_of(const struct vnm_health *health, const struct vnm_attachment *attach)
{
	vnm_autofree char *start = vnm_asprintf("guest %s ", attach->dev);

	for (size_t i = 0; i < health->guests.n; i++)
		if (!strncmp(health->guests.items[i], start, strlen(start)))
			return vnm_strdup(health->guests.items[i]);
	return NULL;
}

static void name_guest(struct vnm_case_guest *guest)
{
	const struct vnm_attachment *attach = guest->attach;

	guest->name = attach->netns_name ? vnm_asprintf("%s (%s)", attach->dev, attach->netns_name)
					 : vnm_strdup(attach->dev);
	if (attach->netns_name) {
		guest->ip = vnm_asprintf("ip -n %s", attach->netns_name);
		guest->run = vnm_asprintf("ip netns exec %s", attach->netns_name);
	} else if (attach->netns) {
		guest->run = vnm_asprintf("nsenter --net=%s", attach->netns);
		guest->ip = vnm_asprintf("%s ip", guest->run);
	}
}

/* Return: 0; -errno: it is not known. */
static int see_gateway(struct vnm_driver *drv, struct vnm_case_guest *guest)
{
	vnm_autojournal struct vnm_journal journal = { 0 };
	struct vnm_error ignored = { 0 };
	vnm_autoclose int made = vnm_attach_made(drv, guest->attach->network, false, &ignored);
	int r = made < 0 ? made : vnm_attach_journal(made, guest->attach->dev, &journal, &ignored);

	if (r < 0)
		return r == -ENOENT ? 0 : r;
	for (size_t i = 0; i < journal.plan.n; i++) {
		const struct vnm_op *op = &journal.plan.ops[i];

		if (op->type == VNM_OP_ROUTE && op->route.ns.path && op->route.dst.len == 0 &&
		    op->route.gateway.family == AF_INET)
			guest->gateway = op->route.gateway;
	}
	return 0;
}

static void see_guests(struct vnm_driver *drv, const struct vnm_health *health,
		       struct vnm_doctor *doctor)
{
	struct vnm_case *c = &doctor->c;
	const size_t n = doctor->attachments.n_items;

	c->guests = vnm_alloc((n ? n : 1) * sizeof(*c->guests));
	c->n_guests = n;
	for (size_t i = 0; i < n; i++) {
		struct vnm_case_guest *guest = &c->guests[i];

		guest->attach = &doctor->attachments.items[i];
		guest->gone = vnm_attach_gone(guest->attach);
		guest->awaited = vnm_attach_awaited(&drv->paths, guest->attach);
		name_guest(guest);
		if (guest->gone)
			continue;
		guest->lacks = lacks_of(health, guest->attach);
		vnm_case_unchecked(c, see_gateway(drv, guest), "the attachment of guest %s",
				   guest->name);
		vnm_case_unchecked(c, vnm_see_guest(&drv->sys, guest), "guest %s", guest->name);
	}
}

/* What all networks share. */
static int see_host(struct vnm_driver *drv, struct vnm_case *c, struct vnm_error *err)
{
	int r = vnm_see_stack(&drv->sys, &c->host, err);

	if (r == 0)
		r = vnm_see_rules(&drv->sys, c, err);
	if (r < 0)
		return r;
	vnm_see_neighbours(&drv->sys, c);
	vnm_see_stations(&drv->sys, c);
	vnm_see_queues(&drv->sys, c);
	see_settings(c);
	vnm_case_unchecked(c, vnm_see_resolver("/etc/resolv.conf", &c->resolver),
			   "/etc/resolv.conf");
	return 0;
}

/* It is read for the first network, and copied for each. */
static int share_host(struct vnm_driver *drv, struct vnm_case *host, struct vnm_case *c,
		      struct vnm_error *err)
{
	int r = host->host.links.n > 0 ? 0 : see_host(drv, host, err);

	if (r == 0)
		vnm_case_copy_host(host, c);
	return r;
}

static void see_bridge(struct vnm_driver *drv, struct vnm_case *c)
{
	c->link = c->bridge ? vnm_links_find(&c->host.links, c->bridge) : NULL;
	vnm_see_vlans(&drv->sys, c);
	vnm_see_flows(c);
	if (c->link)
		c->managers = vnm_uplink_managers(c->bridge, c->link->fact.index);
}

/**
 * vnm_doctor_see() - read all that the checks of an active network are made on
 * @drv:    the driver, after vnm_driver_survey() with the rules
 * @host:   what networks share: empty at first, and for the next network; free with vnm_case_clear()
 * @doctor: of the network; gets it
 * @err:    set on failure
 *
 * Return: 0 or -errno.
 */
int vnm_doctor_see(struct vnm_driver *drv, struct vnm_case *host, struct vnm_doctor *doctor,
		   struct vnm_error *err)
{
	vnm_autohealth struct vnm_health health = { 0 };
	const char *name = doctor->net.name;
	int r = vnm_driver_read_active(drv, name, &doctor->plan, err);

	if (r == 0)
		r = vnm_health_check(&drv->sys, &drv->paths, name, &doctor->plan, false, &health,
				     err);
	if (r == 0)
		r = share_host(drv, host, &doctor->c, err);
	if (r < 0)
		return r;
	see_bridge(drv, &doctor->c);
	vnm_case_unchecked(&doctor->c, vnm_nft_failure(&drv->sys), "rules of others in nf_tables");
	see_health(&health, &doctor->c);
	see_guests(drv, &health, doctor);
	see_services(drv, &doctor->net, &doctor->c);
	return 0;
}
