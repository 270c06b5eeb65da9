/* SPDX-License-Identifier: GPL-2.0-or-later */
/* overlay.h - a network on many hosts: what follows from its <vnm:overlay>. Pure. */
#ifndef VNM_MODEL_OVERLAY_H
#define VNM_MODEL_OVERLAY_H

#include "model/network.h"

#define VNM_OVERLAY_PORT 4789 /* RFC 7348 8 */
#define VNM_OVERLAY_DEV_SIZE 12 /* "vnm16777215" */

uint16_t vnm_overlay_port(const struct vnm_overlay *overlay);
void vnm_overlay_dev(const struct vnm_overlay *overlay, char ret[static VNM_OVERLAY_DEV_SIZE]);
bool vnm_overlay_is_peer(const struct vnm_overlay *overlay, size_t i);
size_t vnm_overlay_sources(const struct vnm_overlay *overlay, struct vnm_prefix **ret);
bool vnm_evpn_reflects(const struct vnm_overlay *overlay);
struct vnm_mac vnm_overlay_gateway_mac(const struct vnm_uuid *uuid);
struct vnm_mac vnm_overlay_host_mac(const struct vnm_network *net, const struct vnm_addr *host);
struct vnm_mac vnm_overlay_own_mac(const struct vnm_network *net);
bool vnm_overlay_own_address(const struct vnm_overlay_host *host, const struct vnm_prefix *subnet,
			     struct vnm_addr *ret);
bool vnm_overlay_reserves(const struct vnm_overlay_host *host, const struct vnm_prefix *subnet,
			  const struct vnm_addr *addr);
bool vnm_overlay_leaves(const struct vnm_overlay_host *host, const struct vnm_addr *addr);
bool vnm_overlay_share(const struct vnm_overlay_host *host, const struct vnm_prefix *subnet,
		       struct vnm_dhcp_range *range);

#endif
