/* SPDX-License-Identifier: GPL-2.0-or-later */
/* vlan.h - the VLANs of a container, as CNI's own plugin "bridge" has them in its configuration. */
#ifndef VNM_CNI_VLAN_H
#define VNM_CNI_VLAN_H

#include <jansson.h>

#include "cni/failure.h"
#include "model/network.h"

int vnm_cni_vlan_read(const json_t *config, struct vnm_vlan *ret, struct vnm_cni_failure *failure);

#endif
