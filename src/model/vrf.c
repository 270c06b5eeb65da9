/* SPDX-License-Identifier: GPL-2.0-or-later */
/* vrf.c - networks in a VRF of the host. Pure. */
#include "model/vrf.h"

#include <string.h>

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
