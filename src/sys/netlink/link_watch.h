/* SPDX-License-Identifier: GPL-2.0-or-later */
/* link_watch.h - being told by the kernel when a device or its addresses change. */
#ifndef VNM_SYS_LINK_WATCH_H
#define VNM_SYS_LINK_WATCH_H

#include "util/error.h"

/**
 * struct vnm_link_sink - what takes the news.
 * @changed: called for each; @name NULL and @index 0: anything may have changed, since news were lost
 */
struct vnm_link_sink {
	void (*changed)(const char *name, unsigned index, void *data);
	void *data;
};

int vnm_link_watch_open(struct vnm_error *err);
int vnm_link_watch_read(int fd, const struct vnm_link_sink *sink);

#endif
