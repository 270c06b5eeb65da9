/* SPDX-License-Identifier: GPL-2.0-or-later */
/* proc_sys.h - files below /proc/sys: common to the kinds that write them. */
#ifndef VNM_SYS_PROC_SYS_H
#define VNM_SYS_PROC_SYS_H

#include "util/error.h"

#define VNM_PROC_SYS "/proc/sys/"
#define VNM_PROC_SYS_VALUE 64 /* bytes of a value, with its end */

int vnm_proc_sys_fail(struct vnm_error *err, int rc, const char *what, const char *path);

#endif
