/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * shadow.h - files of a directory that a dry run has written, in memory.
 *
 * What a dry run "writes" goes here and is read from here, so that its later steps
 * see it, by the same code as in a real run.
 */
#ifndef VNM_STATE_SHADOW_H
#define VNM_STATE_SHADOW_H

#include <stddef.h>

/** struct vnm_shadow_file - @text NULL: the file is removed. */
struct vnm_shadow_file {
	char *file, *text;
};

/** struct vnm_shadow - the files that differ from the directory; each name once. */
struct vnm_shadow {
	struct vnm_shadow_file *items;
	size_t n;
};

void vnm_shadow_put(struct vnm_shadow *shadow, const char *file, const char *text);
const struct vnm_shadow_file *vnm_shadow_get(const struct vnm_shadow *shadow, const char *file);
void vnm_shadow_clear(struct vnm_shadow *shadow);

#endif
