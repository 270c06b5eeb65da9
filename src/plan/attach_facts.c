/* SPDX-License-Identifier: GPL-2.0-or-later */
/* attach_facts.c - values derived from the facts of an attachment. Pure. */
#include "plan/attach_facts.h"

/** vnm_attach_mtu() - the MTU of guests' devices: that of the bridge; 0: the kernel's default */
uint32_t vnm_attach_mtu(const struct vnm_network *net, const struct vnm_attach_facts *facts)
{
	return vnm_network_mtu(net).set ? vnm_network_mtu(net).v : facts->mtu;
}
