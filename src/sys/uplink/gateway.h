/* SPDX-License-Identifier: GPL-2.0-or-later */
/* gateway.h - does the gateway answer? Probed by ARP and neighbour discovery, which no host firewall blocks. */
#ifndef VNM_SYS_GATEWAY_H
#define VNM_SYS_GATEWAY_H

#include "sys/sys.h"

#define VNM_GATEWAYS_MAX 2 /* one of each family */

/** struct vnm_gateways - the gateways of the default routes by a device. */
struct vnm_gateways {
	struct vnm_addr items[VNM_GATEWAYS_MAX];
	size_t n;
};

int vnm_gateways_find(struct vnm_sys *sys, const char *dev, struct vnm_gateways *ret,
		      struct vnm_error *err);
int vnm_gateways_ask(struct vnm_sys *sys, const char *dev, const struct vnm_gateways *gateways);
bool vnm_gateways_answer(struct vnm_sys *sys, const char *dev, const struct vnm_gateways *gateways);

#endif
