/* SPDX-License-Identifier: GPL-2.0-or-later */
/* handles.h - opens and closes the handles of struct vnm_sys. */
#ifndef VNM_SYS_HANDLES_H
#define VNM_SYS_HANDLES_H

#include "sys/sys.h"

void vnm_sys_init(struct vnm_sys *sys, int run_fd);
void vnm_sys_clear(struct vnm_sys *sys);

#endif
