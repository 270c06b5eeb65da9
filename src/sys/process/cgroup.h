/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cgroup.h - move processes out of the caller's login session. */
#ifndef VNM_SYS_CGROUP_H
#define VNM_SYS_CGROUP_H

#include <stdbool.h>
#include <sys/types.h>

void vnm_cgroup_leave_session(pid_t pid);
bool vnm_cgroup_frozen(pid_t pid);

#endif
