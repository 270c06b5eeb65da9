/* SPDX-License-Identifier: GPL-2.0-or-later */
/* versions.h - has another command changed a network meanwhile? */
#ifndef VNM_DRIVER_VERSIONS_H
#define VNM_DRIVER_VERSIONS_H

#include <stdbool.h>
#include <sys/types.h>
#include <time.h>

struct vnm_driver;

/** struct vnm_versions - identifies the versions of a network's files. Files are replaced whole, and appended to. @changing: another command is changing it */
struct vnm_versions {
	struct vnm_version_of_file {
		ino_t ino;
		off_t size;
		struct timespec changed;
	} files[3];
	bool changing;
};

bool vnm_driver_changing(struct vnm_driver *drv, const char *name);
struct vnm_versions vnm_versions_of(struct vnm_driver *drv, const char *name);
bool vnm_versions_same(const struct vnm_versions *a, const struct vnm_versions *b);

#endif
