/* SPDX-License-Identifier: GPL-2.0-or-later */
/* readers.h - the group "vnetmgr", whose members may see networks without being root. */
#ifndef VNM_STATE_READERS_H
#define VNM_STATE_READERS_H

#include <stdbool.h>
#include <sys/types.h>

#define VNM_READERS "vnetmgr"

/** enum vnm_reader - what keeps this process from being a reader. */
enum vnm_reader {
	VNM_READER, /* nothing */
	VNM_READER_NO_GROUP, /* there is no such group */
	VNM_READER_STRANGER, /* its user is no member */
	VNM_READER_LATER, /* its user is one, since after the login */
};

bool vnm_readers_group(gid_t *ret);
enum vnm_reader vnm_readers_look(const char *user);
void vnm_readers_let_in(const char *leases, gid_t gid);

#endif
