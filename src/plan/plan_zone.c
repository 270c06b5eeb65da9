/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plan_zone.c - which of firewalld's zones a bridge is to be in.
 *
 * A packet must be accepted by firewalld's rules as well as by ours, and a device without a zone is in firewalld's
 * default one, which usually blocks DHCP and DNS of guests. So where firewalld runs a bridge is added to a zone made
 * for it, even if the definition names none.
 *
 * The journal records that the choice was ours. So a live update leaves the bridge in its zone when firewalld does
 * not answer, the zone is not reported missing while firewalld is stopped, and its failures are warnings.
 */
#include "plan/plan_zone.h"

#include "plan/facts.h"
#include "util/mem.h"

#define CHOICES_MAX 4

/* The first that firewalld has is used. An open network's firewall is up to the administrator. */
/* clang-format off */
static const char *const choices[VNM_FORWARD_COUNT][CHOICES_MAX] = {
	[VNM_FORWARD_NONE] =  { "vnetmgr", "libvirt" },
	[VNM_FORWARD_NAT] =   { "vnetmgr", "libvirt" },
	[VNM_FORWARD_ROUTE] = { "vnetmgr-routed", "libvirt-routed", "vnetmgr", "libvirt" },
};
/* clang-format on */

static bool has_own(const struct vnm_network *net)
{
	return net->bridge.zone && *net->bridge.zone;
}

static const char *choose(const struct vnm_network *net, const struct vnm_facts *facts)
{
	const char *const *names = choices[vnm_network_mode(net)];

	for (size_t i = 0; i < CHOICES_MAX && names[i]; i++)
		if (vnm_facts_has_zone(facts, names[i]))
			return names[i];
	return NULL;
}

/** vnm_zone_by_default() - is the bridge added to a zone of our choice, if firewalld runs? */
bool vnm_zone_by_default(const struct vnm_network *net)
{
	return !has_own(net) && choices[vnm_network_mode(net)][0];
}

/**
 * vnm_zone_warn() - warn that there is no zone for the bridge
 * @net:      the definition
 * @facts:    firewalld's zones
 * @warnings: a line is added where firewalld runs and has none of the zones that fit
 */
void vnm_zone_warn(const struct vnm_network *net, const struct vnm_facts *facts,
		   struct vnm_warnings *warnings)
{
	const char *const *names = choices[vnm_network_mode(net)];

	if (!facts->firewalld || !vnm_zone_by_default(net) || choose(net, facts))
		return;
	vnm_warnings_add(
		warnings,
		"firewalld has neither a zone %s nor %s: the guests of network '%s' are in its "
		"default zone, which may let them have neither DHCP nor DNS; install vnetmgr's "
		"zones (see FILES in vnetmgr(8)), firewall-cmd --reload, and restart the "
		"network, or name a zone in <bridge zone=.../>",
		names[0], names[1], net->name);
}

/**
 * vnm_plan_zone() - plan the zone that the definition names, or else the one that suits its mode
 * @net:   the definition, with the bridge's name
 * @facts: firewalld's zones
 * @plan:  gets the operation, if there is such a zone
 */
void vnm_plan_zone(const struct vnm_network *net, const struct vnm_facts *facts,
		   struct vnm_plan *plan)
{
	const char *name = has_own(net) ? net->bridge.zone : choose(net, facts);
	struct vnm_op_zone *zone;

	if (!name)
		return;
	zone = &vnm_plan_add(plan, VNM_OP_ZONE)->zone;
	zone->dev = vnm_strdup(net->bridge.name);
	zone->zone = vnm_strdup(name);
	zone->network = vnm_strdup(net->name);
	zone->mac = net->mac.address;
	zone->by_default = !has_own(net);
}
