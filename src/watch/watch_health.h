/* SPDX-License-Identifier: GPL-2.0-or-later */
/* watch_health.h - whether active networks are whole, as net-info reports it. */
#ifndef VNM_WATCH_WATCH_HEALTH_H
#define VNM_WATCH_WATCH_HEALTH_H

#include "util/error.h"
#include "watch/emit.h"

void vnm_watch_forget_health(struct vnm_watched *net);
int vnm_watch_links(struct vnm_watch *watch, struct vnm_error *err);
void vnm_watch_look(struct vnm_watch *watch);

#endif
