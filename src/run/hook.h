/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hook.h - the administrator's programs that are notified of what happens to a network.
 *
 * They are called as libvirt calls them: NAME OPERATION begin|end -, the definition as input.
 */
#ifndef VNM_RUN_HOOK_H
#define VNM_RUN_HOOK_H

#include <stdbool.h>

#include "model/network.h"
#include "state/paths.h"
#include "util/buf.h"
#include "util/error.h"

/** enum vnm_hook_op - the event. A failed hook prevents the first two only; after the others it is a warning. */
enum vnm_hook_op {
	VNM_HOOK_START, /* about to start; the persistent definition */
	VNM_HOOK_STARTED, /* all is there; the live one */
	VNM_HOOK_STOPPED, /* nothing is left; the live one as it was */
	VNM_HOOK_UPDATED, /* an active network has changed */
	VNM_HOOK_PORT_CREATED,
	VNM_HOOK_PORT_DELETED,
	VNM_HOOK_OP_COUNT
};

bool vnm_hook_exists(const struct vnm_paths *paths, struct vnm_warnings *notes);
int vnm_hook_run(const struct vnm_paths *paths, const char *name, enum vnm_hook_op op,
		 const struct vnm_network *net, const char *port_xml, struct vnm_error *err);
int vnm_hook_check(const struct vnm_paths *paths, struct vnm_error *err);
/* The parts of the above, for tests as well. */
void vnm_hook_data(const struct vnm_network *net, const char *port_xml, struct vnm_buf *out);
int vnm_hook_check_safe(const char *path, struct vnm_error *err);

#endif
