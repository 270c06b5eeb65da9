/* SPDX-License-Identifier: GPL-2.0-or-later */
/* attach_augment.h - an attachment's reservations and names for the network's dnsmasq. Pure. */
#ifndef VNM_PLAN_ATTACH_AUGMENT_H
#define VNM_PLAN_ATTACH_AUGMENT_H

#include "model/attach.h"

void vnm_attach_augment(struct vnm_network *net, const struct vnm_attachment *attach);

#endif
