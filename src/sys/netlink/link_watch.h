/* SPDX-License-Identifier: GPL-2.0-or-later */
/* link_watch.h - subscribe to changes of devices and their addresses. */
#ifndef VNM_SYS_LINK_WATCH_H
#define VNM_SYS_LINK_WATCH_H

#include "util/error.h"

/**
 * struct vnm_link_sink - the receiver of notifications.
 * @changed: called for each; @name NULL and @index 0: some were lost, so anything may have changed
 */
struct vnm_link_sink {
	void (*changed)(const char *name, unsigned index, void *data);
	void *data;
};

int vnm_link_watch_open(struct vnm_error *err);
int vnm_link_watch_read(int fd, const struct vnm_link_sink *sink);

#endif
