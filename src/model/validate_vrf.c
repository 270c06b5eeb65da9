/* SPDX-License-Identifier: GPL-2.0-or-later */
/* validate_vrf.c - <vnm:vrf>: can the network be in a VRF? */
#include "model/validate_vrf.h"

#include <string.h>

#include "util/mem.h"

/* The tables that the kernel has by itself (rt_tables): default, main, local. */
#define TABLE_DEFAULT 253
#define TABLE_LOCAL 255

static int check_name(struct vnm_check *check)
{
	const struct vnm_network *net = check->net;
	const struct vnm_vrf *vrf = &net->vrf;

	if (!vrf->name || !vnm_ifname_valid(vrf->name))
		return vnm_check_fail(
			check, &vrf->at,
			"'%.80s' cannot be the name of the VRF of network '%s': it is "
			"a device, with a name of at most 15 letters, digits, and _.-",
			vrf->name ? vrf->name : "", net->name);
	if (net->bridge.name && !strcmp(net->bridge.name, vrf->name))
		return vnm_check_fail(check, &vrf->at,
				      "'%s' cannot be the name of both the bridge and the VRF of "
				      "network '%s'",
				      vrf->name, net->name);
	return 0;
}

static int check_table(struct vnm_check *check)
{
	const struct vnm_vrf *vrf = &check->net->vrf;

	if (vrf->table.v && (vrf->table.v < TABLE_DEFAULT || vrf->table.v > TABLE_LOCAL) &&
	    vrf->table.v <= UINT16_MAX)
		return 0;
	return vnm_check_fail(check, &vrf->at,
			      "table '%u' cannot be that of the VRF of network '%s': it must be "
			      "from 1 to 65535, and 253 to 255 are the host's",
			      vrf->table.v, check->net->name);
}

/* What would be reached from outside of the VRF by an address that another network may have, too. */
static int check_reached(struct vnm_check *check)
{
	const struct vnm_network *net = check->net;
	const struct {
		const struct vnm_at *at;
		const char *what;
	} elements[] = {
		{ net->n_port_forwards ? &net->port_forwards[0].at : NULL, "<vnm:portForward>" },
		{ net->n_static_nats ? &net->static_nats[0].at : NULL, "<vnm:staticNat>" },
		{ net->domain.registered == VNM_TRI_YES ? &net->domain.at : NULL,
		  "<domain register='yes'>" },
	};

	for (size_t i = 0; i < VNM_ARRAY_SIZE(elements); i++)
		if (elements[i].at)
			return vnm_check_fail(
				check, elements[i].at,
				"network '%s' cannot have both %s and <vnm:vrf>: the host, and "
				"what comes to it from outside, is not in the VRF; leave one of "
				"them out",
				net->name, elements[i].what);
	return 0;
}

/** vnm_check_vrf() - check <vnm:vrf>. Return: 0 or -EINVAL. */
int vnm_check_vrf(struct vnm_check *check)
{
	const struct vnm_network *net = check->net;
	const enum vnm_forward_mode mode = vnm_network_mode(net);
	int r;

	if (!net->vrf.at.present)
		return 0;
	if (mode != VNM_FORWARD_NAT && mode != VNM_FORWARD_ROUTE)
		return vnm_check_fail(check, &net->vrf.at,
				      "<vnm:vrf> in network '%s' needs <forward mode='nat'/> or "
				      "'route'",
				      net->name);
	if (net->n_ips == 0)
		return vnm_check_fail(
			check, &net->vrf.at,
			"network '%s' cannot have <vnm:vrf> without an <ip>: there is "
			"nothing to route",
			net->name);
	r = check_name(check);
	if (r == 0)
		r = check_table(check);
	return r < 0 ? r : check_reached(check);
}
