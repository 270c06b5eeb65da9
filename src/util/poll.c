/* SPDX-License-Identifier: GPL-2.0-or-later */
/* poll.c - waiting with a deadline. */
#include "util/poll.h"

#include <errno.h>
#include <time.h>

/** vnm_now_ms() - milliseconds of CLOCK_MONOTONIC. */
int64_t vnm_now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/**
 * vnm_poll_until() - poll(2) with a deadline, repeated after EINTR
 * @fds:         what to wait for
 * @n:           how many
 * @deadline_ms: on the clock of vnm_now_ms(); negative: none
 *
 * Return: how many are ready; 0 after the deadline; -errno.
 */
int vnm_poll_until(struct pollfd *fds, nfds_t n, int64_t deadline_ms)
{
	for (;;) {
		int64_t left = deadline_ms < 0 ? -1 : deadline_ms - vnm_now_ms();
		int r;

		if (deadline_ms >= 0 && left < 0)
			left = 0;
		if (left > INT32_MAX)
			left = INT32_MAX;
		r = poll(fds, n, (int)left);
		if (r >= 0)
			return r;
		if (errno != EINTR)
			return -errno;
	}
}
