/* SPDX-License-Identifier: GPL-2.0-or-later */
/* neighbour.h - is anybody at an address? Probed by ARP and neighbour discovery, which no host firewall blocks. */
#ifndef VNM_SYS_NEIGHBOUR_H
#define VNM_SYS_NEIGHBOUR_H

#include "sys/sys.h"

/** struct vnm_probe - an address to probe. @answered: somebody has it; @mac: who, if the kernel has it. */
struct vnm_probe {
	struct vnm_addr addr;
	struct vnm_mac mac;
	bool answered;
};

int vnm_neighbour_ask(struct vnm_sys *sys, int ifindex, const struct vnm_addr *addr);
uint16_t vnm_neighbour_state(struct vnm_sys *sys, int ifindex, const struct vnm_addr *addr,
			     struct vnm_mac *ret_mac);
int vnm_neighbours_watch(void);
int vnm_neighbours_probe(struct vnm_sys *sys, const char *dev, struct vnm_probe *probes, size_t n,
			 unsigned ms);

#endif
