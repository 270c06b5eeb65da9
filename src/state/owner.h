/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * owner.h - the namespaces that the run directory describes.
 *
 * Devices and rules belong to a network namespace, process numbers to a process namespace, start times to a
 * time namespace; but "ip netns exec", "unshare" and containers take the run directory along into other namespaces.
 * There its records are wrong, and acting on them would do half of the work.
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
 * struct vnm_owner - the owner of the run directory
 * @ns:   the namespaces of the command that wrote it
 * @root: the inode of its root directory: containers have others
 * @boot: the boot
 */
struct vnm_owner {
	struct vnm_namespaces ns;
	uint64_t root;
	char boot[VNM_UUID_STRLEN];
};

/** enum vnm_ownership - whose the run directory is */
enum vnm_ownership {
	VNM_OWNER_US, /* ours, by its owner file */
	VNM_OWNER_NOBODY, /* free, or ours without an owner file: see vnm_owner_claim() */
	VNM_OWNER_GONE, /* of a network namespace that no longer exists, as everything it describes */
	VNM_OWNER_ELSE, /* somebody else's */
};

int vnm_owner_look(int run_fd, const struct vnm_paths *paths, enum vnm_ownership *ret,
		   struct vnm_owner *ret_owner, struct vnm_error *err);
int vnm_owner_refuse(const struct vnm_paths *paths, const struct vnm_owner *owner,
		     struct vnm_error *err);
int vnm_owner_claim(int run_fd, const struct vnm_paths *paths, struct vnm_error *err);
bool vnm_owner_describes_something(int run_fd);

#endif
