/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ovs.h - networks whose guests are on a switch of Open vSwitch. */
#ifndef VNM_MODEL_OVS_H
#define VNM_MODEL_OVS_H

#include "model/network.h"

const struct vnm_virtualport *vnm_virtualport_nearest(const struct vnm_network *net,
						      const struct vnm_portgroup *group,
						      const struct vnm_virtualport *own);
bool vnm_network_uses_ovs(const struct vnm_network *net);
bool vnm_ovs_has(const struct vnm_network *net, const char *group);
struct vnm_uuid vnm_ovs_interface_id(const struct vnm_network *net, const char *group,
				     const struct vnm_mac *mac, const char *dev);

#endif
