/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * journal.h - the record of what a network is made of.
 *
 * One file per active network, NAME.journal in the run directory: a header, one line per operation, and then
 * one line per change of state. It is written whole before the first operation is applied and removed after
 * the last one was reverted; while it stands, it is what net-destroy reverts, what net-list checks and
 * what net-repair puts right. A journal whose last state is neither "active" nor gone is an interrupted
 * command: whoever finds it reverts every operation in it, which is harmless for those that were never
 * applied.
 *
 * A change of an active network has a second file, NAME.update: the journal of the network as it will be. It is
 * there as long as the change is on its way, and then takes the place of the first one in one rename. Whoever
 * finds it rolls the network back to the first.
 *
 * Where there are many (one for each guest's device), those in which nothing is on its way are called NAME.made, so
 * that the others are found by their names alone.
 *
 * The journal describes kernel state, which a power loss takes with it; so it is never synced to disk, and
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

/** struct vnm_journal - @boot_id: the boot in which it was written. @version: of the program; "": 1.0.0, which did not say. */
struct vnm_journal {
	char *name;
	char version[32];
	char boot_id[VNM_UUID_STRLEN];
	enum vnm_journal_state state;
	struct vnm_plan plan;
};

/** struct vnm_journals - those of several networks; one that is on its way to another has both under its name. */
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
int vnm_journal_propose(int run_fd, const char *name, const struct vnm_plan *plan, char **ret_text,
			struct vnm_error *err);
int vnm_journal_read_proposal(int run_fd, const char *name, struct vnm_journal *ret,
			      struct vnm_error *err);
int vnm_journal_accept(int run_fd, const char *name, struct vnm_error *err);
int vnm_journal_discard(int run_fd, const char *name, struct vnm_error *err);
int vnm_journal_settle(int run_fd, const char *name, struct vnm_error *err);
int vnm_journal_remake(int run_fd, const char *name, const struct vnm_plan *plan,
		       struct vnm_error *err);
int vnm_journal_reopen(int run_fd, const char *name, struct vnm_error *err);
int vnm_journal_read_settled(int run_fd, const char *name, struct vnm_journal *ret,
			     struct vnm_error *err);
const char *vnm_journal_state_line(enum vnm_journal_state state);
int vnm_journal_load(int run_fd, const char *name, char **ret, struct vnm_error *err);
int vnm_journal_format(const struct vnm_plan *plan, enum vnm_journal_state state, const char *name,
		       struct vnm_buf *ret, struct vnm_error *err);
int vnm_journal_parse(char *text, const char *name, bool with_plan, struct vnm_journal *ret,
		      struct vnm_error *err);
int vnm_journal_remove(int run_fd, const char *name, struct vnm_error *err);
int vnm_journal_remove_settled(int run_fd, const char *name, struct vnm_error *err);
bool vnm_journal_newer(const struct vnm_journal *journal);
bool vnm_journal_exists(int run_fd, const char *name);
bool vnm_journal_proposed(int run_fd, const char *name);
void vnm_journal_clear(struct vnm_journal *journal);
#define vnm_autojournal __attribute__((cleanup(vnm_journal_clear)))
void vnm_journals_add(struct vnm_journals *journals, const struct vnm_journal *journal);
const struct vnm_journal *vnm_journals_find(const struct vnm_journals *journals, const char *name);
void vnm_journals_clear(struct vnm_journals *journals);
#define vnm_autojournals __attribute__((cleanup(vnm_journals_clear)))

#endif
