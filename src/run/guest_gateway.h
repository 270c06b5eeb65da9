/* SPDX-License-Identifier: GPL-2.0-or-later */
/* guest_gateway.h - the default gateways of guests on the host's LAN. */
#ifndef VNM_RUN_GUEST_GATEWAY_H
#define VNM_RUN_GUEST_GATEWAY_H

#include "plan/attach_facts.h"

struct vnm_attachment;
struct vnm_driver;
struct vnm_error;

bool vnm_guest_wants_gateway(const struct vnm_network *net, const struct vnm_attachment *attach);
int vnm_guest_see_gateways(struct vnm_driver *drv, const struct vnm_network *net,
			   const struct vnm_attachment *attach, struct vnm_attach_facts *facts,
			   struct vnm_error *err);
bool vnm_guest_has_gateway(struct vnm_driver *drv, const struct vnm_attachment *attach, int family,
			   bool elsewhere);

#endif
