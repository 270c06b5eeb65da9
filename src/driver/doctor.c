/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * doctor.c - net-doctor: what keeps guests from their network and from the outside, and what mends it.
 *
 * First everything that can be read is read, with the lock, and the checks are made on it (doctor/checks.c). Only if they find nothing,
 * packets are followed through the kernel as net-explain does; and only if these pass, probes are sent and answers awaited. What
 * follows from a fault that is found already would only hide it. All that takes seconds is done without the lock, which is
 * taken for each packet alone (driver/trace.c).
 *
 * What could not be looked at is no finding, and nothing that follows from it is one: it is told as that.
 */
#include "driver/doctor.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "doctor/check_service.h"
#include "doctor/checks.h"
#include "driver/doctor_follow.h"
#include "driver/doctor_see.h"
#include "driver/versions.h"
#include "driver/way_back.h"
#include "run/overlay_look.h"
#include "state/guest_store.h"
#include "state/networks.h"
#include "state/session.h"
#include "sys/doctor/probe.h"
#include "sys/doctor/probe_arp.h"
#include "sys/doctor/probe_forward.h"
#include "sys/doctor/probe_gateway.h"
#include "sys/doctor/probe_path.h"
#include "sys/doctor/probe_sums.h"
#include "sys/doctor/probe_way.h"
#include "sys/doctor/see_rival.h"
#include "util/mem.h"
#include "xml/attach_xml.h"
#include "xml/network_xml.h"

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
 * vnm_driver_doctor() - read everything that the checks of a network are made on
 * @drv:  the driver, after vnm_driver_survey() with the rules; it may be closed then
 * @host: what networks share: empty for the first, then for the next ones; free with vnm_case_clear()
 * @name: the network
 * @guest: only what concerns this one is reported: its device on the host, or its namespace; NULL: all
 * @passive: send nothing
 * @ret:  gets it; free with vnm_doctor_clear()
 * @err:  set on failure
 *
 * Return: 0 or -errno.
 */
int vnm_driver_doctor(struct vnm_driver *drv, struct vnm_case *host, const char *name,
		      const char *guest, bool passive, struct vnm_doctor *ret,
		      struct vnm_error *err)
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
	ret->versions = vnm_versions_of(drv, name);
	vnm_attachments_load(drv, name, &ret->attachments);
	r = choose_guest(ret, guest, err);
	if (r == 0 && c->active)
		r = vnm_doctor_see(drv, host, ret, err);
	if (r == 0 && c->active)
		vnm_way_back_hint(drv, &ret->net, &ret->hints);
	c->asked = ret->guest;
	return r;
}

/* What is seen of the host by asking, for the checks on what was read. */
static void ask_host(struct vnm_driver *drv, struct vnm_doctor *doctor)
{
	struct vnm_case *c = &doctor->c;

	if (!c->active) {
		vnm_see_rival(c);
		return;
	}
	vnm_probe_gateways(&drv->sys, c);
	vnm_overlay_look(&drv->sys, &drv->paths, c->net, true, &c->hosts);
	if (vnm_check_resolver_doubt(c))
		vnm_probe_resolver(c);
}

static void probe(struct vnm_case *c)
{
	vnm_autoclose int sample = vnm_probe_sums_open(c);

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
}

/**
 * vnm_doctor_examine() - make the checks; if all is well so far, follow packets, and then send probes, and look at what comes back
 * @drv:    a driver without the lock: what waits for answers must not keep other commands from their work
 * @doctor: what vnm_driver_doctor() has read; gets the findings
 *
 * Return: whether they hold; false: another command has changed the network meanwhile.
 */
bool vnm_doctor_examine(struct vnm_driver *drv, struct vnm_doctor *doctor)
{
	struct vnm_case *c = &doctor->c;
	const bool asks = !doctor->passive;
	struct vnm_versions now;

	if (asks)
		ask_host(drv, doctor);
	vnm_checks_run(c, false, &doctor->found);
	if (c->active && asks && doctor->found.n == 0) {
		vnm_doctor_follow(drv, c);
		vnm_probe_forwards(&drv->sys, c);
		vnm_checks_run(c, true, &doctor->found);
	}
	if (c->active && asks && doctor->found.n == 0) {
		probe(c);
		vnm_checks_run(c, true, &doctor->found);
	}
	if (doctor->guest)
		keep_guest(&doctor->found, doctor->guest);
	now = vnm_versions_of(drv, doctor->net.name);
	return vnm_versions_same(&doctor->versions, &now);
}

/** vnm_doctor_clear() - free it. */
void vnm_doctor_clear(struct vnm_doctor *doctor)
{
	vnm_findings_clear(&doctor->found);
	vnm_warnings_clear(&doctor->hints);
	vnm_case_clear(&doctor->c);
	vnm_plan_clear(&doctor->plan);
	vnm_attachments_clear(&doctor->attachments);
	vnm_network_clear(&doctor->net);
	free(doctor->guest);
	*doctor = (struct vnm_doctor){ 0 };
}
