/* SPDX-License-Identifier: GPL-2.0-or-later */
/* attach_augment.h - what attachments add to the definition of their network: reservations and names, ports. Pure. */
#ifndef VNM_PLAN_ATTACH_AUGMENT_H
#define VNM_PLAN_ATTACH_AUGMENT_H

#include "model/attach.h"

void vnm_attach_augment_forwards(struct vnm_network *net, const struct vnm_attachment *attach);
void vnm_attach_augment(struct vnm_network *net, const struct vnm_attachments *guests);

#endif
