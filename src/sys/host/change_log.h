/* SPDX-License-Identifier: GPL-2.0-or-later */
/* change_log.h - the log of changes, in the host's systemd journal. */
#ifndef VNM_SYS_HOST_CHANGE_LOG_H
#define VNM_SYS_HOST_CHANGE_LOG_H

#include <stdint.h>

/** struct vnm_logged - a change. @action: the command; @network: NULL: unknown; @error: NULL: it was made; @msec: it took */
struct vnm_logged {
	const char *action, *network, *error;
	int64_t msec;
};

void vnm_change_log(const struct vnm_logged *change);

#endif
