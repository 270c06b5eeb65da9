/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * zone.c - our bridge in a zone of firewalld.
 *
 * firewalld assigns each device, by its name alone, to one zone; the device need not exist. The setting lasts until
 * firewalld restarts.
 */
#ifdef HAVE_SD_BUS
#include "sys/dbus/zone.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <systemd/sd-bus.h>

#include "util/mem.h"
#include "sys/dbus/bus.h"

static const struct vnm_bus_place zones = { VNM_BUS_FIREWALLD, "/org/fedoraproject/FirewallD1",
					    "org.fedoraproject.FirewallD1.zone" };

/*
 * Can firewalld be on the bus at all? Connecting in vain takes longer than planning a network. Without its policy file the
 * bus does not let it own its name: dbus-daemon(1).
 */
static bool may_run(void)
{
	static const char *const policies[] = {
		"/usr/share/dbus-1/system.d/FirewallD.conf",
		"/usr/local/share/dbus-1/system.d/FirewallD.conf",
		"/etc/dbus-1/system.d/FirewallD.conf",
	};

	if (!getenv("DBUS_SYSTEM_BUS_ADDRESS") && access("/run/dbus/system_bus_socket", F_OK) < 0)
		return false;
	for (size_t i = 0; i < VNM_ARRAY_SIZE(policies); i++)
		if (access(policies[i], F_OK) == 0)
			return true;
	return false;
}

static int note_zones(sd_bus_message *answer, struct vnm_facts *facts)
{
	const char *item;
	int r = sd_bus_message_enter_container(answer, 'a', "s");

	while (r > 0 && (r = sd_bus_message_read(answer, "s", &item)) > 0)
		vnm_facts_add_zone(facts, item);
	return r;
}

/**
 * vnm_observe_zones() - which zones firewalld has, for the planner
 * @sys:   the handles
 * @facts: get them, if it runs
 * @err:   why the call failed
 *
 * Return: 0 or -errno.
 */
int vnm_observe_zones(struct vnm_sys *sys, struct vnm_facts *facts, struct vnm_error *err)
{
	vnm_autocall struct vnm_bus_call call = { 0 };
	int r;

	if (!may_run())
		return 0;
	r = vnm_bus_ask(sys, &call, &zones, "getZones", "");
	if (r == -ESRCH)
		return 0;
	if (r == 0)
		r = note_zones(call.answer, facts);
	if (r < 0)
		return vnm_bus_fail(err, r, &call, "cannot read the zones of firewalld");
	facts->firewalld = true;
	return 0;
}

/* Is @zone among the strings of the answer? 1, 0 or -errno. */
static int is_listed(sd_bus_message *answer, const char *zone)
{
	const char *item;
	int r = sd_bus_message_enter_container(answer, 'a', "s");

	while (r > 0 && (r = sd_bus_message_read(answer, "s", &item)) > 0)
		if (!strcmp(item, zone))
			return 1;
	return r;
}

static int zone_prepare(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	const struct vnm_op_zone *want = &op->zone;
	vnm_autocall struct vnm_bus_call call = { 0 };
	int r;

	/* The default was chosen from firewalld's own zones. */
	if (want->by_default)
		return 0;
	r = vnm_bus_ask(sys, &call, &zones, "getZones", "");
	if (r == -ESRCH)
		return vnm_error_set(err, VNM_ERR_UNSUPPORTED, ESRCH,
				     "zone %s requested for network %s but firewalld is not "
				     "active; start it (systemctl start firewalld), or take "
				     "zone='%s' out of the definition",
				     want->zone, want->network, want->zone);
	if (r == 0)
		r = is_listed(call.answer, want->zone);
	if (r < 0)
		return vnm_bus_fail(err, r, &call, "cannot read the zones of firewalld");
	if (r == 0)
		return vnm_error_set(err, VNM_ERR_UNSUPPORTED, ENOENT,
				     "zone %s requested for network %s does not exist in "
				     "firewalld; firewall-cmd --get-zones lists those that do",
				     want->zone, want->network);
	return 0;
}

/* Whatever zone the name was in before: the definition decides. */
static int set_zone(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	const struct vnm_op_zone *want = &op->zone;
	vnm_autocall struct vnm_bus_call call = { 0 };
	int r = vnm_bus_ask(sys, &call, &zones, "changeZoneOfInterface", "ss", want->zone,
			    want->dev);

	return r < 0 ? vnm_bus_fail(err, r, &call, "cannot add device '%s' to firewalld's zone %s",
				    want->dev, want->zone)
		     : 0;
}

static int zone_apply(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	struct vnm_error why = { 0 };
	int r = set_zone(sys, op, &why);

	if (r < 0 && op->zone.by_default && sys->warnings) {
		vnm_warnings_add(
			sys->warnings,
			"%s; until it is there, the guests of network '%s' may get neither "
			"DHCP nor DNS; vnetmgr net-repair %s tries again",
			why.msg, op->zone.network, op->zone.network);
		return 0;
	}
	if (r < 0)
		*err = why;
	return r;
}

/* Without firewalld no name is in a zone. Return: 0, 1 when there is none, or -errno. */
static int read_zone(struct vnm_sys *sys, const struct vnm_op_zone *want, enum vnm_presence *ret,
		     struct vnm_error *err)
{
	vnm_autocall struct vnm_bus_call call = { 0 };
	const char *zone = "";
	int r = vnm_bus_ask(sys, &call, &zones, "getZoneOfInterface", "s", want->dev);

	if (r == 0)
		r = sd_bus_message_read(call.answer, "s", &zone);
	if (r < 0 && r != -ESRCH)
		return vnm_bus_fail(err, r, &call, "cannot ask in which zone device '%s' is",
				    want->dev);
	*ret = !*zone ? VNM_ABSENT : !strcmp(zone, want->zone) ? VNM_PRESENT : VNM_FOREIGN;
	return r == -ESRCH;
}

static int zone_check(struct vnm_sys *sys, const struct vnm_op *op, enum vnm_presence *ret,
		      struct vnm_error *err)
{
	int r = read_zone(sys, &op->zone, ret, err);

	/* Without firewalld nothing blocks what our default zone would allow. */
	if (r > 0 && op->zone.by_default)
		*ret = VNM_PRESENT;
	/* A hanging firewalld makes the network degraded; its repair reports why. */
	if (r == -ETIMEDOUT)
		*ret = VNM_ABSENT;
	return r < 0 && r != -ETIMEDOUT ? r : 0;
}

static int zone_revert(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	const struct vnm_op_zone *want = &op->zone;
	vnm_autocall struct vnm_bus_call call = { 0 };
	enum vnm_presence device, binding = VNM_ABSENT;
	struct vnm_link link;
	int r = vnm_bus_device(sys, want->dev, &want->mac, &link, &device, err);

	if (r < 0 || device == VNM_FOREIGN)
		return r;
	r = read_zone(sys, want, &binding, err);
	if (r < 0 || binding != VNM_PRESENT)
		return r < 0 ? r : 0;
	r = vnm_bus_ask(sys, &call, &zones, "removeInterface", "ss", want->zone, want->dev);
	if (r == 0 || r == -ESRCH)
		return 0;
	return vnm_bus_fail(err, r, &call, "cannot remove device '%s' from firewalld's zone %s",
			    want->dev, want->zone);
}

/* In one call: between two zones the device would be in the default one. */
static int zone_change(struct vnm_sys *sys, const struct vnm_op *old, const struct vnm_op *new,
		       struct vnm_error *err)
{
	int r = zone_prepare(sys, new, err);

	(void)old;
	return r < 0 ? r : zone_apply(sys, new, err);
}

const struct vnm_op_impl vnm_impl_zone = {
	.prepare = zone_prepare,
	.apply = zone_apply,
	.check = zone_check,
	.revert = zone_revert,
	.change = zone_change,
};
#endif
