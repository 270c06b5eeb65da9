/* SPDX-License-Identifier: GPL-2.0-or-later */
/* open.h - opening a driver, with recovery. */
#ifndef VNM_DRIVER_OPEN_H
#define VNM_DRIVER_OPEN_H

#include <stdbool.h>

#include "state/session.h"
#include "util/error.h"

struct vnm_assumed;
struct vnm_schema;

/**
 * struct vnm_options - how the state directories are opened
 * @root:  NULL for the system's directories
 * @reads: nothing will be changed, so a command that takes long is not waited for
 * @looks: nothing is recovered either, and no other command is waited for: completion
 * @public: where the state is root's, the public summary will do: paths.public of the driver tells
 * @again: reopened after it was closed for others, who come first
 * @late:  where nothing was ever defined, create nothing before it is certain that something will be: vnm_driver_define()
 * @wait:  seconds to wait for another command; negative: the default
 * @schema: of networks, borrowed; NULL: loaded when it is needed
 * @assumed: a dry run, whose later steps see what was assumed before; NULL: it is none
 */
struct vnm_options {
	const char *root;
	bool reads, looks, public, again, late;
	int wait;
	struct vnm_schema *schema;
	struct vnm_assumed *assumed;
	struct vnm_report report;
};

int vnm_driver_open(const struct vnm_options *options, struct vnm_driver **ret,
		    struct vnm_error *err);
int vnm_driver_refresh(struct vnm_driver *drv, struct vnm_error *err);
int vnm_driver_complete_open(struct vnm_driver *drv, struct vnm_error *err);

#endif
