/* SPDX-License-Identifier: GPL-2.0-or-later */
/* attach_rival.h - reservations of addresses that attached guests have, for somebody else. Pure. */
#ifndef VNM_MODEL_ATTACH_RIVAL_H
#define VNM_MODEL_ATTACH_RIVAL_H

#include "model/attach.h"

bool vnm_attach_owns(const struct vnm_attachment *attach, const struct vnm_dhcp_host *host);
const struct vnm_dhcp_host *vnm_attach_rival(const struct vnm_network *net,
					     const struct vnm_attachment *attach, size_t *i);

#endif
