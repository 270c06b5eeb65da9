/* SPDX-License-Identifier: GPL-2.0-or-later */
/* guest_restore.h - attachments that are restored: when their network starts, and in a repair. */
#ifndef VNM_RUN_GUEST_RESTORE_H
#define VNM_RUN_GUEST_RESTORE_H

#include <stdbool.h>
#include <stddef.h>

#include "model/attach.h"
#include "model/network.h"
#include "plan/op/steps.h"
#include "util/error.h"

struct vnm_driver;

void vnm_driver_address_guests(struct vnm_driver *drv, const struct vnm_network *net);
int vnm_attach_restore(struct vnm_driver *drv, const struct vnm_network *net,
		       const struct vnm_attachment *attach, bool starting, size_t *ret_n,
		       struct vnm_steps *steps, struct vnm_error *err);

#endif
