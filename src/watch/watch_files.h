/* SPDX-License-Identifier: GPL-2.0-or-later */
/* watch_files.h - events of networks, read from inotify events of the state directories. */
#ifndef VNM_WATCH_WATCH_FILES_H
#define VNM_WATCH_WATCH_FILES_H

#include <stdbool.h>

#include "util/error.h"
#include "watch/emit.h"

void vnm_watched_clear(struct vnm_watched *net);
int vnm_watch_files(struct vnm_watch *watch, struct vnm_error *err);
int vnm_watch_survey(struct vnm_watch *watch, bool tell, struct vnm_error *err);

#endif
