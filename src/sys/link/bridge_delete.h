/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bridge_delete.h - delete many bridges at once. */
#ifndef VNM_SYS_BRIDGE_DELETE_H
#define VNM_SYS_BRIDGE_DELETE_H

#include "sys/sys.h"

void vnm_bridges_delete(struct vnm_sys *sys, const struct vnm_op *const *ops, size_t n);

#endif
