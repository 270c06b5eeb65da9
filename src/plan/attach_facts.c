/* SPDX-License-Identifier: GPL-2.0-or-later */
/* attach_facts.c - what follows from what was seen for a guest. Pure. */
#include "plan/attach_facts.h"

/** vnm_attach_mtu() - of the devices that are made for guests of a network: that of its bridge; 0: as they come */
uint32_t vnm_attach_mtu(const struct vnm_network *net, const struct vnm_attach_facts *facts)
{
	return vnm_network_mtu(net).set ? vnm_network_mtu(net).v : facts->mtu;
}
