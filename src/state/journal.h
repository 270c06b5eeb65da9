/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * journal.h - the journal of a network: its plan and its state on disk.
 *
 * One file per active network, NAME.journal in the run directory: a header, one line per operation, and then
 * one line per change of state. It is complete before the first operation is applied and removed after
 * the last one was reverted; while it exists, it is what net-destroy reverts, what net-list checks and
 * what net-repair repairs. A journal whose last state is not "active" is of an interrupted command:
 * the next command reverts every operation in it, which is harmless for those that were never
 * applied.
 *
 * A change of an active network has a second file, the pending journal (state/pending.h), of the network as it will
 * be. Its commit is that of the change; one left by an interrupted command makes the next one roll the network
 * back to NAME.journal.
 *
 * Attachments have a journal each, DEV.journal, which is pending until the guest is attached, and again while it is detached. So
 * the unfinished ones among many are found by their names alone.
 *
 * A journal describes kernel state, which does not survive a power loss; so it is never synced to disk, and
 * a journal of another boot is void.
 */
#ifndef VNM_STATE_JOURNAL_H
#define VNM_STATE_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>

#include "plan/op/op.h"
#include "util/buf.h"
#include "util/error.h"
#include "util/parse.h"

enum vnm_journal_state {
	VNM_JOURNAL_STARTING,
	VNM_JOURNAL_ACTIVE,
	VNM_JOURNAL_STOPPING,
	VNM_JOURNAL_STATE_COUNT
};

/** struct vnm_journal - @boot_id: of the boot it was written in. @version: of the program; "": 1.0.0, which wrote none. */
struct vnm_journal {
	char *name;
	char version[32];
	char boot_id[VNM_UUID_STRLEN];
	enum vnm_journal_state state;
	struct vnm_plan plan;
};

/** struct vnm_journals - those of several networks; with a change pending, both journals under one name. */
struct vnm_journals {
	struct vnm_journal *items;
	size_t n;
};

int vnm_journal_create(int run_fd, const char *name, const struct vnm_plan *plan, char **ret_text,
		       struct vnm_error *err);
int vnm_journal_mark(int run_fd, const char *name, enum vnm_journal_state state,
		     struct vnm_error *err);
int vnm_journal_read(int run_fd, const char *name, bool with_plan, struct vnm_journal *ret,
		     struct vnm_error *err);
int vnm_journal_write_pending(int run_fd, const char *name, const struct vnm_plan *plan,
			      char **ret_text, struct vnm_error *err);
int vnm_journal_read_pending(int run_fd, const char *name, struct vnm_journal *ret,
			     struct vnm_error *err);
int vnm_journal_commit(int run_fd, const char *name, struct vnm_error *err);
int vnm_journal_abort(int run_fd, const char *name, struct vnm_error *err);
int vnm_journal_replace(int run_fd, const char *name, const struct vnm_plan *plan,
			struct vnm_error *err);
int vnm_journal_retract(int run_fd, const char *name, struct vnm_error *err);
int vnm_journal_read_old(int run_fd, const char *name, struct vnm_journal *ret,
			 struct vnm_error *err);
const char *vnm_journal_state_line(enum vnm_journal_state state);
void vnm_journal_leave_out_rules(char *text);
int vnm_journal_load(int run_fd, const char *name, char **ret, struct vnm_error *err);
int vnm_journal_format(const struct vnm_plan *plan, enum vnm_journal_state state, const char *name,
		       struct vnm_buf *ret, struct vnm_error *err);
int vnm_journal_parse(char *text, const char *name, bool with_plan, struct vnm_journal *ret,
		      struct vnm_error *err);
int vnm_journal_remove(int run_fd, const char *name, struct vnm_error *err);
bool vnm_journal_newer(const struct vnm_journal *journal);
bool vnm_journal_exists(int run_fd, const char *name);
bool vnm_journal_has_pending(int run_fd, const char *name);
void vnm_journal_clear(struct vnm_journal *journal);
#define vnm_autojournal __attribute__((cleanup(vnm_journal_clear)))
void vnm_journals_add(struct vnm_journals *journals, const struct vnm_journal *journal);
const struct vnm_journal *vnm_journals_find(const struct vnm_journals *journals, const char *name);
void vnm_journals_clear(struct vnm_journals *journals);
#define vnm_autojournals __attribute__((cleanup(vnm_journals_clear)))

#endif
