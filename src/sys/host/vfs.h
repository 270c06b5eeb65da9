/* SPDX-License-Identifier: GPL-2.0-or-later */
/* vfs.h - virtual functions (SR-IOV) of the host's network devices, as sysfs shows them. */
#ifndef VNM_SYS_VFS_H
#define VNM_SYS_VFS_H

#include <stddef.h>

#include "plan/facts.h"

int vnm_vfs_read(const char *pf, struct vnm_fact_vf **ret, size_t *ret_n);
int vnm_vf_find(const char *address, struct vnm_fact_vf *ret);

#endif
