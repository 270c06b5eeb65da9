/* SPDX-License-Identifier: GPL-2.0-or-later */
/* conflict_vrf.c - is a network's VRF its own, and its forward device in it, and does the host stay out of its subnets? Pure. */
#include "plan/conflict/conflict_vrf.h"

#include <errno.h>
#include <string.h>

#include "model/vrf.h"
#include "plan/conflict/other_net.h"
#include "util/mem.h"

#define FORWARDS_BY "network '%s' forwards by device '%s' only, and that "
#define MISPLACED "%s; name another device, or: %s"

/**
 * vnm_conflict_vrf() - do two networks mean different VRFs by one name, or one table?
 * @net:   the one
 * @other: the other
 * @err:   VNM_ERR_BRIDGE_IN_USE
 *
 * Return: 0 or -EEXIST.
 */
int vnm_conflict_vrf(const struct vnm_network *net, const struct vnm_network *other,
		     struct vnm_error *err)
{
	const struct vnm_vrf *mine = &net->vrf, *theirs = &other->vrf;
	bool named, tabled;

	if (!mine->at.present || !theirs->at.present || vnm_conflict_same(net, other))
		return 0;
	named = !strcmp(mine->name, theirs->name);
	tabled = mine->table.v == theirs->table.v;
	if (named == tabled)
		return 0;
	if (named)
		return vnm_error_set(err, VNM_ERR_BRIDGE_IN_USE, EEXIST,
				     "VRF '%s' of network '%s' has table %u in network '%s', and "
				     "here %u; give it the same table, or another name",
				     mine->name, net->name, theirs->table.v, other->name,
				     mine->table.v);
	return vnm_error_set(
		err, VNM_ERR_BRIDGE_IN_USE, EEXIST,
		"table %u of VRF '%s' of network '%s' is already in use by VRF '%s' of "
		"network '%s'; choose another <vnm:vrf table='...'>",
		mine->table.v, mine->name, net->name, theirs->name, other->name);
}

/* The name of the VRF that a device is in, whose table has its addresses; NULL: none. */
static const char *vrf_of(const struct vnm_facts *facts, const struct vnm_fact_link *link)
{
	const struct vnm_fact_link *master =
		link && link->master ? vnm_facts_link_index(facts, link->master) : NULL;

	return master && !strcmp(master->kind, "vrf") ? master->name : NULL;
}

static int check_address(const struct vnm_network *net, const struct vnm_ip *ip,
			 const struct vnm_fact_address *fact, const struct vnm_facts *facts,
			 struct vnm_error *err)
{
	const struct vnm_fact_link *link = vnm_facts_link_index(facts, fact->ifindex);
	const struct vnm_prefix mine = vnm_ip_prefix(ip), subnet = vnm_prefix_network(&mine);
	char text[VNM_PREFIX_STRLEN], addr[VNM_ADDR_STRLEN];

	if (!vnm_prefix_contains(&subnet, &fact->prefix.addr) ||
	    vnm_addr_equal(&fact->prefix.addr, &mine.addr) || vrf_of(facts, link) ||
	    (link && net->bridge.name && !strcmp(link->name, net->bridge.name)))
		return 0;
	return vnm_error_set(err, VNM_ERR_SUBNET_IN_USE, EADDRINUSE,
			     "subnet %s of network '%s' has the address %s of interface %s: the "
			     "host takes for its own what is sent there, in VRF '%s', too; choose "
			     "another <ip>",
			     vnm_prefix_format(&subnet, text), net->name,
			     vnm_addr_format(&fact->prefix.addr, addr),
			     link ? link->name : "unknown", net->vrf.name);
}

/**
 * vnm_conflict_host_addresses() - has the host, outside of VRFs, an address that a guest of a network in one may have?
 * @net:   the network
 * @old:   its live definition: subnets that it has already are not checked; NULL: it is not active
 * @facts: the host's addresses and links
 * @err:   VNM_ERR_SUBNET_IN_USE
 *
 * The kernel looks for local addresses in one table before it looks for a packet's VRF. The routes of that, in contrast, come later.
 *
 * Return: 0 or -EADDRINUSE.
 */
int vnm_conflict_host_addresses(const struct vnm_network *net, const struct vnm_network *old,
				const struct vnm_facts *facts, struct vnm_error *err)
{
	int r = 0;

	for (size_t i = 0; i < net->n_ips && r == 0; i++) {
		const struct vnm_prefix mine = vnm_ip_prefix(&net->ips[i]);

		for (size_t k = 0; k < facts->n_addresses && r == 0; k++)
			if (!vnm_conflict_has_subnet(old, &mine))
				r = check_address(net, &net->ips[i], &facts->addresses[k], facts,
						  err);
	}
	return r;
}

/**
 * vnm_conflict_forward_dev() - can the network forward by its device?
 * @net:      the network
 * @old:      its live definition: the device that it has is not checked again; NULL: it is not active
 * @facts:    the host's links: the device, and the VRF that it is in
 * @warnings: it does not exist, or is not in the network's VRF, which the first start makes
 * @err:      VNM_ERR_NO_DEVICE: it is in another VRF
 *
 * Return: 0 or -EXDEV.
 */
int vnm_conflict_forward_dev(const struct vnm_network *net, const struct vnm_network *old,
			     const struct vnm_facts *facts, struct vnm_warnings *warnings,
			     struct vnm_error *err)
{
	const char *dev = vnm_network_forward_dev(net), *vrf;
	const char *old_dev = old ? vnm_network_forward_dev(old) : NULL;
	const struct vnm_fact_link *link = dev ? vnm_facts_link(facts, dev) : NULL;
	vnm_autofree char *wrong = NULL, *mend = NULL;

	if (!dev || (old_dev && !strcmp(dev, old_dev)))
		return 0;
	if (!link) {
		vnm_warnings_add(warnings,
				 FORWARDS_BY "does not exist: nothing gets out until it does",
				 net->name, dev);
		return 0;
	}
	vrf = vrf_of(facts, link);
	wrong = vnm_vrf_misplaced(net, vrf);
	mend = vnm_vrf_placing(net, dev);
	if (wrong && vrf)
		return vnm_error_set(err, VNM_ERR_NO_DEVICE, EXDEV, FORWARDS_BY MISPLACED,
				     net->name, dev, wrong, mend);
	if (wrong)
		vnm_warnings_add(warnings, FORWARDS_BY MISPLACED, net->name, dev, wrong, mend);
	return 0;
}
