/* SPDX-License-Identifier: GPL-2.0-or-later */
/* watch_metadata.h - changes of title, description and metadata, found by comparing definitions. */
#ifndef VNM_WATCH_WATCH_METADATA_H
#define VNM_WATCH_WATCH_METADATA_H

#include <stdbool.h>

#include "model/network.h"
#include "watch/emit.h"

void vnm_watch_metadata(struct vnm_watch *watch, const struct vnm_watched *net,
			struct vnm_network *now, struct vnm_seen_metadata *seen, bool tell);
void vnm_watch_new_command(struct vnm_watch *watch);
void vnm_seen_metadata_clear(struct vnm_seen_metadata *seen);

#endif
