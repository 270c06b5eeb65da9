/* SPDX-License-Identifier: GPL-2.0-or-later */
/* namespaces.h - the namespaces and mounts of the sandbox. */
#ifndef VNM_SANDBOX_NAMESPACES_H
#define VNM_SANDBOX_NAMESPACES_H

#include "util/error.h"

#define VNM_SANDBOX_ROOT "/run/sandbox" /* VNETMGR_ROOT inside */

int vnm_sandbox_unshare(struct vnm_error *err);
int vnm_sandbox_mount(struct vnm_error *err);

#endif
