/* SPDX-License-Identifier: GPL-2.0-or-later */
/* session.h - a session with the state directories: what is open, whether it is locked, and where reports go. */
#ifndef VNM_STATE_SESSION_H
#define VNM_STATE_SESSION_H

#include <stdbool.h>
#include <time.h>

#include "model/attach.h"
#include "plan/op/op_types.h"
#include "state/guard_record.h"
#include "state/index.h"
#include "state/journal_cache.h"
#include "state/paths.h"
#include "state/rules_record.h"
#include "state/settled.h"
#include "state/store.h"
#include "sys/sys.h"
#include "util/error.h"
#include "xml/schema.h"

struct vnm_assumed;

enum vnm_report_kind {
	VNM_REPORT_WARNING, /* the user should know */
	VNM_REPORT_HINT, /* what may be done next */
	VNM_REPORT_DETAIL, /* with -v: each step */
	VNM_REPORT_PROGRESS, /* "step 12 of 100": shown on a terminal only, overwritten by the next */
	VNM_REPORT_WAIT, /* the same, and an event is waited for now */
};

/** struct vnm_report - where lines for the user go. @line has no newline and no "warning:". @details: they are wanted, too. */
struct vnm_report {
	void (*line)(void *data, enum vnm_report_kind kind, const char *line);
	void *data;
	bool details;
};

/**
 * struct vnm_driver - see driver.h
 * @root: as it was given; NULL: the system's directories
 * @assumed: a dry run (assume.h); NULL: it is none
 * @lock_fd: -1: another command has the lock, and this one only reads
 * @changes: it is for a command that changes something, and no dry run; @defines: it was opened to read, and only until it is paused
 * @late: vnm_driver_complete_open() is still to be called, with @wait as it was given
 * @warned: a warning was reported, so that the next session may have to do something again
 * @checked: vnm_driver_pause() has found nothing that prevents it; @released: when the lock was last taken
 * @interrupted: recovery has found takeovers from libvirt, for vnm_driver_resume_takeovers()
 * @previews: create nothing, not even what the plan depends on
 * @owned: the owner file names our namespaces
 * @guard: for the uplinks that are started
 * @guests: the attachments of the network @guests_of, as last read
 * @guests_unread: it was reported that they cannot be read
 * @publish: is called at the end, with the lock; or NULL. @unpublished: an earlier session has not done so
 * @persistent: the definitions; @live: those of active networks, in the run directory
 * @kept, @run: the names in these two, if recovery has listed them
 */
struct vnm_driver {
	struct vnm_paths paths;
	char *root;
	struct vnm_guard guard;
	struct vnm_report report;
	struct vnm_assumed *assumed;
	int lock_fd, autostart_fd, run_fd;
	bool owned, late, previews, changes, defines, interrupted, unpublished, warned, checked;
	struct timespec released;
	int wait;
	void (*publish)(struct vnm_driver *drv);
	struct vnm_store persistent, live;
	struct vnm_settled kept, run;
	struct vnm_journal_cache journals;
	struct vnm_index index; /* of a session that holds the lock */
	struct vnm_rules_record rules; /* the same */
	struct vnm_sys sys;
	struct vnm_attachments guests;
	char *guests_of;
	bool guests_unread;
	struct vnm_schema *schema; /* loaded when first needed */
	bool schema_borrowed;
};

void vnm_driver_close(struct vnm_driver *drv);
void vnm_cleanup_driver(struct vnm_driver **drv);
#define vnm_autodriver __attribute__((cleanup(vnm_cleanup_driver)))
void vnm_driver_report(struct vnm_driver *drv, enum vnm_report_kind kind, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void vnm_driver_warn(struct vnm_driver *drv, struct vnm_warnings *notes);
void vnm_driver_report_steps(struct vnm_driver *drv);
int vnm_driver_own(struct vnm_driver *drv, struct vnm_error *err);
int vnm_driver_ask_for_root(int r, struct vnm_error *err);
void vnm_driver_report_op(struct vnm_driver *drv, const char *before, const struct vnm_op *op,
			  bool undo);

#endif
