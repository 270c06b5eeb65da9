/* SPDX-License-Identifier: GPL-2.0-or-later */
/* poll.h - waiting with a deadline. */
#ifndef VNM_UTIL_POLL_H
#define VNM_UTIL_POLL_H

#include <poll.h>
#include <stdint.h>

int64_t vnm_now_ms(void);
int vnm_poll_until(struct pollfd *fds, nfds_t n, int64_t deadline_ms);

#endif
