/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lock.h - a lock that is waited for in the kernel, and not for ever. */
#ifndef VNM_UTIL_LOCK_H
#define VNM_UTIL_LOCK_H

int vnm_lock_wait(int fd, unsigned seconds);

#endif
