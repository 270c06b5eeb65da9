/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lock.h - flock(2) with a timeout. */
#ifndef VNM_UTIL_LOCK_H
#define VNM_UTIL_LOCK_H

int vnm_lock_wait(int fd, unsigned seconds);

#endif
