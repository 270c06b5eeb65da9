/* SPDX-License-Identifier: GPL-2.0-or-later */
/* announce.h - notifies the hooks of what happens to a network. */
#ifndef VNM_RUN_ANNOUNCE_H
#define VNM_RUN_ANNOUNCE_H

#include <stdbool.h>

#include "model/network.h"
#include "run/hook.h"
#include "util/error.h"

struct vnm_driver;

void vnm_driver_report_hooks(struct vnm_driver *drv, const char *network);
bool vnm_driver_has_hooks(struct vnm_driver *drv);
int vnm_driver_run_hook(struct vnm_driver *drv, enum vnm_hook_op op, const struct vnm_network *net,
			const char *port_xml, struct vnm_error *err);
void vnm_driver_notify_hook(struct vnm_driver *drv, enum vnm_hook_op op,
			    const struct vnm_network *net, const char *port_xml);

#endif
