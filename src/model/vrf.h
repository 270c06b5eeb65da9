/* SPDX-License-Identifier: GPL-2.0-or-later */
/* vrf.h - networks in a VRF of the host. */
#ifndef VNM_MODEL_VRF_H
#define VNM_MODEL_VRF_H

#include "model/network.h"

uint32_t vnm_vrf_mark(const struct vnm_network *net);
uint32_t vnm_vrf_table(const struct vnm_network *net);
bool vnm_vrf_shared(const struct vnm_network *a, const struct vnm_network *b);
bool vnm_vrf_parts(const struct vnm_network *a, const struct vnm_network *b);
bool vnm_vrf_keeps(const struct vnm_network *net, int family);
char *vnm_vrf_misplaced(const struct vnm_network *net, const char *vrf);
char *vnm_vrf_placing(const struct vnm_network *net, const char *dev);

#endif
