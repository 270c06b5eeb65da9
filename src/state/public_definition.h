/* SPDX-License-Identifier: GPL-2.0-or-later */
/* public_definition.h - what members of the group "vnetmgr" may see of a definition. */
#ifndef VNM_STATE_PUBLIC_DEFINITION_H
#define VNM_STATE_PUBLIC_DEFINITION_H

#include "model/network.h"

void vnm_public_definition(const struct vnm_network *net, struct vnm_network *ret);

#endif
