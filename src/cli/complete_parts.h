/* SPDX-License-Identifier: GPL-2.0-or-later */
/* complete_parts.h - the parts of a network that completion offers. What cannot be read, it does not offer. */
#ifndef VNM_CLI_COMPLETE_PARTS_H
#define VNM_CLI_COMPLETE_PARTS_H

#include "cli/offers.h"
#include "driver/driver.h"

void vnm_offer_guests(struct vnm_driver *drv, const char *network, struct vnm_offers *offers);
void vnm_offer_guest_addresses(struct vnm_driver *drv, const char *network,
			       struct vnm_offers *offers);
void vnm_offer_leases(struct vnm_driver *drv, const char *network, struct vnm_offers *offers);
void vnm_offer_macs(struct vnm_driver *drv, const char *network, struct vnm_offers *offers);
void vnm_offer_ports(struct vnm_driver *drv, const char *network, struct vnm_offers *offers);
void vnm_offer_portgroups(struct vnm_driver *drv, const char *network, struct vnm_offers *offers);
void vnm_offer_forwards(struct vnm_driver *drv, const char *network, struct vnm_offers *offers);

#endif
