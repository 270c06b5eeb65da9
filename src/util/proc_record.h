/* SPDX-License-Identifier: GPL-2.0-or-later */
/* proc_record.h - pidfile records. */
#ifndef VNM_UTIL_PROC_RECORD_H
#define VNM_UTIL_PROC_RECORD_H

#include "util/proc.h"

int vnm_proc_record_write(int dirfd, const char *name, const struct vnm_proc_id *id);
int vnm_proc_record_read(int dirfd, const char *name,
			 struct vnm_proc_id *ret); /* -ENOENT: there is none */

#endif
