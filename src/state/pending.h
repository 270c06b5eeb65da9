/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pending.h - pending files: what a transaction writes before its commit.
 *
 * FILE.pending is what FILE will be. It is no fact, and void unless its transaction has been committed, which is one rename of
 * one decisive file. What is pending after that is committed as well, by the same command or by the next one; what is pending
 * of a transaction that was not committed is aborted.
 *
 *   transaction   committed when                                     pending until then, or until the next command
 *   attach        DEV.journal.pending becomes DEV.journal
 *   detach        DEV.journal becomes pending again, and is removed
 *   live change   NAME.journal.pending becomes NAME.journal
 */
#ifndef VNM_STATE_PENDING_H
#define VNM_STATE_PENDING_H

#include <stdbool.h>
#include <stddef.h>

#include "util/file.h"

#define VNM_PENDING ".pending" /* follows the name of the file */

char *vnm_pending_name(const char *file);
int vnm_pending_write(int dirfd, const char *file, const char *text, size_t len,
		      enum vnm_durability durability);
int vnm_pending_commit(int dirfd, const char *file, enum vnm_durability durability);
int vnm_pending_abort(int dirfd, const char *file, enum vnm_durability durability);
int vnm_pending_retract(int dirfd, const char *file);
bool vnm_pending_exists(int dirfd, const char *file);

#endif
