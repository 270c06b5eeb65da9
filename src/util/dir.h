/* SPDX-License-Identifier: GPL-2.0-or-later */
/* dir.h - our directories, which nobody else may write to. */
#ifndef VNM_UTIL_DIR_H
#define VNM_UTIL_DIR_H

#include <sys/types.h>

#include "util/error.h"

int vnm_dir_open(const char *path, mode_t mode, struct vnm_error *err);
int vnm_dir_openat(int dirfd, const char *name, mode_t mode, gid_t gid, struct vnm_error *err);
int vnm_dir_check_below(const char *root, const char *path, struct vnm_error *err);

#endif
