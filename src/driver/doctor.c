/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * doctor.c - net-doctor: what keeps guests from their network and from the outside, and what mends it.
 *
 * First everything that can be read is read, and the checks are made on it (doctor/checks.c). Only if they find nothing, packets are
 * followed through the kernel as net-explain does; and only if these pass, probes are sent and answers awaited, without the lock,
 * since that takes seconds. What follows from a fault that is found already would only hide it.
 */
#include "driver/doctor.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "doctor/check_service.h"
#include "doctor/checks.h"
#include "driver/doctor_follow.h"
#include "run/guest_state.h"
#include "run/health.h"
#include "run/overlay_look.h"
#include "state/guest_store.h"
#include "state/leases.h"
#include "state/networks.h"
#include "state/session.h"
#include "sys/doctor/probe.h"
#include "sys/doctor/probe_arp.h"
#include "sys/doctor/probe_forward.h"
#include "sys/doctor/probe_gateway.h"
#include "sys/doctor/probe_path.h"
#include "sys/doctor/probe_sums.h"
#include "sys/doctor/probe_way.h"
#include "sys/doctor/see_files.h"
#include "sys/doctor/see_flows.h"
#include "sys/doctor/see_guest.h"
#include "sys/doctor/see_neighbours.h"
#include "sys/doctor/see_rival.h"
#include "sys/doctor/see_routes.h"
#include "sys/doctor/see_vlans.h"
#include "sys/firewall/fw_expected.h"
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

	if (vnm_leases_load(drv, net->name, &leases, &ignored) < 0)
		return;
	vnm_driver_with_guests(drv, net, &whole);
	c->pool = vnm_dhcp_room(&whole, AF_INET, leases.items, leases.n);
	c->leased = vnm_alloc((leases.n ? leases.n : 1) * sizeof(*c->leased));
	for (size_t i = 0; i < leases.n; i++)
		c->leased[c->n_leased++] = leases.items[i].addr;
}

static void see_services(struct vnm_driver *drv, const struct vnm_network *net, struct vnm_case *c)
{
	const struct vnm_op *dnsmasq = vnm_plan_find(c->plan, VNM_OP_DNSMASQ);

	vnm_see_resolver("/etc/resolv.conf", &c->resolver);
	see_leases(drv, net, c);
	if (!dnsmasq)
		return;
	vnm_see_dnsmasq(&dnsmasq->dnsmasq, &c->dnsmasq);
	if (vnm_see_read_only(dnsmasq->dnsmasq.lease_file))
		c->lease_file_fixed = vnm_strdup(dnsmasq->dnsmasq.lease_file);
	for (size_t i = 0; i < net->n_ips && !c->no_boot_root; i++)
		if (net->ips[i].tftp.root && vnm_see_absent(net->ips[i].tftp.root))
			c->no_boot_root = vnm_strdup(net->ips[i].tftp.root);
}

static void see_health(const struct vnm_health *health, struct vnm_case *c)
{
	char **missing;
	size_t n = vnm_health_missing(health, &missing);

	for (size_t i = 0; i < n; i++)
		vnm_warnings_add(&c->missing, "the network lacks %s", missing[i]);
	vnm_names_free(missing, n);
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

static void see_gateway(struct vnm_driver *drv, struct vnm_case_guest *guest)
{
	vnm_autojournal struct vnm_journal journal = { 0 };
	struct vnm_error ignored = { 0 };
	vnm_autoclose int made = vnm_attach_made(drv, guest->attach->network, false, &ignored);

	if (made < 0 || vnm_attach_journal(made, guest->attach->dev, &journal, &ignored) < 0)
		return;
	for (size_t i = 0; i < journal.plan.n; i++) {
		const struct vnm_op *op = &journal.plan.ops[i];

		if (op->type == VNM_OP_ROUTE && op->route.ns.path && op->route.dst.len == 0 &&
		    op->route.gateway.family == AF_INET)
			guest->gateway = op->route.gateway;
	}
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
		name_guest(guest);
		if (guest->gone)
			continue;
		guest->lacks = lacks_of(health, guest->attach);
		see_gateway(drv, guest);
		vnm_see_guest(&drv->sys, guest);
	}
}

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
	c->link = c->bridge ? vnm_links_find(&c->host.links, c->bridge) : NULL;
	vnm_see_vlans(&drv->sys, c);
	vnm_see_flows(c);
	if (c->link)
		c->managers = vnm_uplink_managers(c->bridge, c->link->fact.index);
	see_settings(c);
	return 0;
}

static int see_active(struct vnm_driver *drv, const char *name, struct vnm_doctor *doctor,
		      struct vnm_error *err)
{
	vnm_autohealth struct vnm_health health = { 0 };
	int r = vnm_driver_read_active(drv, name, &doctor->plan, err);

	if (r == 0)
		r = vnm_health_check(&drv->sys, &drv->paths, name, &doctor->plan, false, &health,
				     err);
	if (r == 0)
		r = see_host(drv, &doctor->c, err);
	if (r < 0)
		return r;
	see_health(&health, &doctor->c);
	see_guests(drv, &health, doctor);
	see_services(drv, &doctor->net, &doctor->c);
	return 0;
}

/* Only those of one guest, and the network's own. */
static void keep_guest(struct vnm_findings *found, const char *guest)
{
	size_t n = 0;

	for (size_t i = 0; i < found->n; i++) {
		struct vnm_finding *item = &found->items[i];

		if (item->guest && strcmp(item->guest, guest) != 0)
			vnm_finding_clear(item);
		else
			found->items[n++] = *item;
	}
	found->n = n;
}

/* With the rules that all networks should have, where nobody changes them meanwhile. */
static int examine(struct vnm_driver *drv, const char *name, struct vnm_doctor *doctor,
		   struct vnm_error *err)
{
	int r;

	if (drv->lock_fd >= 0)
		vnm_health_expect_rules(&drv->sys, &drv->journals, NULL);
	r = see_active(drv, name, doctor, err);
	vnm_fw_expected_drop(&drv->sys);
	return r;
}

static int choose_guest(struct vnm_doctor *doctor, const char *guest, struct vnm_error *err)
{
	for (size_t i = 0; guest && i < doctor->attachments.n_items; i++) {
		const struct vnm_attachment *attach = &doctor->attachments.items[i];

		if (strcmp(attach->dev, guest) != 0 &&
		    (!attach->netns_name || strcmp(attach->netns_name, guest) != 0))
			continue;
		doctor->guest = vnm_strdup(attach->dev);
		return 0;
	}
	return guest ? vnm_error_set(err, VNM_ERR_USAGE, ENOENT,
				     "network '%s' has no guest '%s'; list them: vnetmgr "
				     "net-port-list %s",
				     doctor->net.name, guest, doctor->net.name)
		     : 0;
}

/**
 * vnm_driver_doctor() - read everything that the checks of a network are made on, and make them
 * @drv:  the driver
 * @name: the network
 * @guest: only what concerns this one is reported: its device on the host, or its namespace; NULL: all
 * @passive: send nothing, neither here nor in vnm_doctor_probe()
 * @ret:  gets it; free with vnm_doctor_clear()
 * @err:  set on failure
 *
 * Return: 0 or -errno.
 */
int vnm_driver_doctor(struct vnm_driver *drv, const char *name, const char *guest, bool passive,
		      struct vnm_doctor *ret, struct vnm_error *err)
{
	struct vnm_case *c = &ret->c;
	int r = vnm_driver_load(drv, name, &ret->net, err);

	if (r < 0)
		return r;
	c->net = &ret->net;
	c->plan = &ret->plan;
	c->bridge = ret->net.bridge.name;
	c->active = vnm_driver_active(drv, name);
	c->autostart = vnm_autostart_get(drv->autostart_fd, name);
	ret->passive = passive;
	vnm_attachments_load(drv, name, &ret->attachments);
	r = choose_guest(ret, guest, err);
	if (r == 0 && c->active)
		r = examine(drv, name, ret, err);
	if (r < 0)
		return r;
	c->asked = ret->guest;
	if (!c->active && !passive)
		vnm_see_rival(c);
	if (c->active && !passive) {
		vnm_probe_gateways(&drv->sys, c);
		vnm_overlay_look(&drv->sys, &drv->paths, c->net, true, &c->hosts);
	}
	if (c->active && !passive && vnm_check_resolver_doubt(c))
		vnm_probe_resolver(c);
	vnm_checks_run(c, false, &ret->found);
	if (c->active && !passive && ret->found.n == 0) {
		vnm_doctor_follow(drv, c);
		vnm_probe_forwards(&drv->sys, c);
		vnm_checks_run(c, true, &ret->found);
	}
	if (ret->guest)
		keep_guest(&ret->found, ret->guest);
	return 0;
}

/**
 * vnm_doctor_probe() - if all is well so far, send probes, and look at what comes back
 * @doctor: what vnm_driver_doctor() has read and found; gets the findings
 *
 * Without the lock: the driver may be closed.
 */
void vnm_doctor_probe(struct vnm_doctor *doctor)
{
	struct vnm_case *c = &doctor->c;
	vnm_autoclose int sample = -1;

	if (!c->active || doctor->passive || doctor->found.n > 0)
		return;
	sample = vnm_probe_sums_open(c);
	vnm_probe_arp(c);
	vnm_probe_paths(c);
	if (vnm_plan_find(c->plan, VNM_OP_FORWARDING)) {
		vnm_probe_gateway_mtu(c);
		vnm_probe_ways(c);
	}
	vnm_probe_services(c);
	vnm_probe_sums_read(sample, c);
	if (c->probes.upstream == VNM_PROBE_SILENCE || c->probes.upstream == VNM_PROBE_REFUSED)
		vnm_probe_resolver(c);
	vnm_checks_run(c, true, &doctor->found);
	if (doctor->guest)
		keep_guest(&doctor->found, doctor->guest);
}

/** vnm_doctor_clear() - free it. */
void vnm_doctor_clear(struct vnm_doctor *doctor)
{
	vnm_findings_clear(&doctor->found);
	vnm_case_clear(&doctor->c);
	vnm_plan_clear(&doctor->plan);
	vnm_attachments_clear(&doctor->attachments);
	vnm_network_clear(&doctor->net);
	free(doctor->guest);
	*doctor = (struct vnm_doctor){ 0 };
}
