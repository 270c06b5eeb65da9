/* SPDX-License-Identifier: GPL-2.0-or-later */
/* vrf.c - networks in a VRF of the host. Pure. */
#include "model/vrf.h"

#include <string.h>
#include <sys/socket.h>

#include "util/mem.h"

#define MARKS 0x766e0000u /* "vn"; below, the number of the table */
#define TABLE_MAIN 254u

/** vnm_vrf_mark() - the mark of answers to the guests of a VRF, and of their connections */
uint32_t vnm_vrf_mark(const struct vnm_network *net)
{
	return MARKS | net->vrf.table.v;
}

/** vnm_vrf_table() - the routing table that a network's subnets are in */
uint32_t vnm_vrf_table(const struct vnm_network *net)
{
	return net->vrf.at.present ? net->vrf.table.v : TABLE_MAIN;
}

/** vnm_vrf_shared() - are two networks in one VRF, or both in none? By its name: networks that give it two tables conflict. */
bool vnm_vrf_shared(const struct vnm_network *a, const struct vnm_network *b)
{
	if (!a->vrf.at.present || !b->vrf.at.present)
		return a->vrf.at.present == b->vrf.at.present;
	return !strcmp(a->vrf.name, b->vrf.name);
}

/** vnm_vrf_parts() - may two networks have the same addresses, since each is in a VRF, and in another one? */
bool vnm_vrf_parts(const struct vnm_network *a, const struct vnm_network *b)
{
	return a->vrf.at.present && b->vrf.at.present && strcmp(a->vrf.name, b->vrf.name) != 0;
}

/** vnm_vrf_keeps() - do packets of a family leave the network's VRF by devices in it only? With NAT, they take the host's routes, too. */
bool vnm_vrf_keeps(const struct vnm_network *net, int family)
{
	const bool nat = vnm_network_mode(net) == VNM_FORWARD_NAT &&
			 (family == AF_INET || net->forward.nat.ipv6 == VNM_TRI_YES);

	return net->vrf.at.present && !nat;
}

/**
 * vnm_vrf_misplaced() - is a network's forward device in another VRF than the network?
 * @net: the network
 * @vrf: that the device is in; NULL: in none
 *
 * Return: what is wrong with the device; NULL: nothing.
 */
char *vnm_vrf_misplaced(const struct vnm_network *net, const char *vrf)
{
	if (vrf && !net->vrf.at.present)
		return vnm_asprintf("is in VRF '%s', whose routes are not the network's: nothing "
				    "gets out by it",
				    vrf);
	if (vrf && strcmp(vrf, net->vrf.name) != 0)
		return vnm_asprintf("is in VRF '%s', and the network in VRF '%s': nothing gets out "
				    "by it",
				    vrf, net->vrf.name);
	if (vrf || vnm_network_mode(net) != VNM_FORWARD_ROUTE || !net->vrf.at.present)
		return NULL;
	return vnm_asprintf("is not in VRF '%s': nothing gets out by it", net->vrf.name);
}

/** vnm_vrf_placing() - the command that puts a forward device where the network needs it. @dev: the device */
char *vnm_vrf_placing(const struct vnm_network *net, const char *dev)
{
	return net->vrf.at.present ? vnm_asprintf("ip link set %s master %s", dev, net->vrf.name)
				   : vnm_asprintf("ip link set %s nomaster", dev);
}
