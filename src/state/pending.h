/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pending.h - pending files: what a transaction writes before its commit.
 *
 * FILE.pending is what FILE will be. It is void until its transaction is committed, which is one rename, or one removal, of a
 * decisive file. Then all that is pending for it becomes what it is to be, each by a rename: by the same command or, if that
 * is killed, by the next one. What is pending for a transaction that was not committed is removed.
 *
 *   transaction   pending                                              committed when
 *   attach        DEV.journal                                          it is renamed
 *   detach        DEV.journal, again                                   it is removed
 *   live change   RUN/NAME.journal, RUN/NAME.xml, and what changes     RUN/NAME.journal is renamed
 *                 along with it: ETC/NAME.xml, RUN/ports/NAME/UUID.xml
 *                 (empty: the port is deleted)
 *   rename        ETC/NEW.xml                                          ETC/OLD.xml is removed
 *
 * So what is pending can be judged without an account of its transaction: a definition or a port is void while its network's
 * journal is pending, a definition also while another one has its UUID.
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
