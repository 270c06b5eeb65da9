/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * owner.h - the namespaces that the run directory describes.
 *
 * Devices and rules are those of a network namespace, process numbers those of a process namespace, start times those of a
 * time namespace; but the run directory is a directory, and "ip netns exec", "unshare" and containers take it along into
 * others. What is read there about this one would be wrong, and what is done would be half done.
 */
#ifndef VNM_STATE_OWNER_H
#define VNM_STATE_OWNER_H

#include <stdbool.h>
#include <stdint.h>

#include "state/paths.h"
#include "util/error.h"
#include "util/namespaces.h"
#include "util/parse.h"

/**
 * struct vnm_owner - who the run directory belongs to
 * @ns:   the namespaces of the command that wrote it
 * @root: the inode of its root directory: containers have others
 * @boot: the boot
 */
struct vnm_owner {
	struct vnm_namespaces ns;
	uint64_t root;
	char boot[VNM_UUID_STRLEN];
};

/** enum vnm_ownership - what the run directory is to a command. */
enum vnm_ownership {
	VNM_OWNER_US, /* ours, and it says so */
	VNM_OWNER_NOBODY, /* free, or ours and does not say so: see vnm_owner_claim() */
	VNM_OWNER_GONE, /* it belonged to a network namespace that is no more; so did all that it describes */
	VNM_OWNER_ELSE, /* somebody else's */
};

int vnm_owner_look(int run_fd, const struct vnm_paths *paths, enum vnm_ownership *ret,
		   struct vnm_owner *ret_owner, struct vnm_error *err);
int vnm_owner_refuse(const struct vnm_paths *paths, const struct vnm_owner *owner,
		     struct vnm_error *err);
int vnm_owner_claim(int run_fd, const struct vnm_paths *paths, struct vnm_error *err);
bool vnm_owner_describes_something(int run_fd);

#endif
