/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * file.h - our files: read whole, replaced whole, in directories that nobody else may write to.
 *
 * All access is by a directory descriptor with O_NOFOLLOW, so that no name or symlink leads out of the state
 * directories.
 */
#ifndef VNM_UTIL_FILE_H
#define VNM_UTIL_FILE_H

#include <dirent.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "util/error.h"

/** enum vnm_durability - whether a file must survive a power loss. */
enum vnm_durability {
	VNM_VOLATILE,	/* it describes kernel state, which a power loss ends: no fsync */
	VNM_DURABLE,	/* fsync of the file before the rename and of the directory after it */
};

#define VNM_DIR_ABSENT (-1)	/* in the place of a directory: it does not exist */

int vnm_open(int dirfd, const char *name, int flags, mode_t mode);	/* close-on-exec, not interrupted; fd or -errno */
int vnm_stat_at(int dirfd, const char *name, struct stat *ret);
int vnm_dir_list(int dirfd, const char *name, DIR **ret);	/* 0 or -errno; closed by vnm_autodir */
int vnm_dir_next(DIR *dir, const char **ret);		/* 1 and an entry's name, 0 at the end, -errno */
void vnm_cleanup_dir(DIR **dir);
#define vnm_autodir __attribute__((cleanup(vnm_cleanup_dir)))
int vnm_file_read(int dirfd, const char *name, size_t max, char **ret, size_t *ret_len);	/* 0, -errno, -EFBIG; NUL-terminated */
bool vnm_file_damaged(int r);		/* does vnm_file_read()'s error concern the file itself? */
int vnm_file_replace_as(int dirfd, const char *name, const void *data, size_t len, mode_t mode,
			uid_t uid, gid_t gid, enum vnm_durability durability);
int vnm_file_replace(int dirfd, const char *name, const void *data, size_t len, mode_t mode,
		     gid_t gid, enum vnm_durability durability);
int vnm_file_append(int dirfd, const char *name, const char *line);			/* one write(2) */
int vnm_file_unlink(int dirfd, const char *name, enum vnm_durability durability);	/* absent is success */
int vnm_fsync(int fd);
int vnm_write_all(int fd, const char *data, size_t len);
int vnm_file_sweep_temp_of(int dirfd, const char *name);
int vnm_file_sweep_temp(int dirfd);		/* removes what an interrupted vnm_file_replace() left (".NAME.XXXXXX.new") */
int vnm_dir_remove(int dirfd, const char *name);	/* a directory of ours with its files, one level; absent is success */
int vnm_proc_write(const char *path, const char *value);	/* a /proc/sys file: one write(2), no creation */
int vnm_proc_read(const char *path, char *buf,
		  size_t size); /* one line without its newline; 0 or -errno */

#endif
