/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * open.c - opening a driver, with recovery.
 *
 * Theory of operation. All state is files, and one lock covers them: a driver that changes anything exists only while
 * it holds the lock, so all other code may assume that nobody else does. A network is active when it has a
 * journal whose last state is "active" (state/journal.h). The first thing a driver does is to find journals
 * in another state: their commands were killed, and what they did is reverted before anything else
 * happens. Only a driver that reads may do without the lock (state/holder.h); it takes such journals for networks in
 * transition, and recovers nothing.
 */
#include "driver/open.h"

#include <errno.h>
#include <fcntl.h>

#include "driver/recover.h"
#include "run/firewall.h"
#include "run/hook_process.h"
#include "state/assume.h"
#include "state/holder.h"
#include "state/owner.h"
#include "state/public.h"
#include "state/public_read.h"
#include "state/upgrade.h"
#include "sys/handles.h"
#include "util/dir.h"
#include "util/mem.h"

/* @make: create it if it is missing. @ret: a descriptor, or VNM_DIR_ABSENT. */
static int open_dir(const char *path, mode_t mode, bool make, int *ret, struct vnm_error *err)
{
	struct stat st;

	if (!make && vnm_stat_at(AT_FDCWD, path, &st) == -ENOENT) {
		*ret = VNM_DIR_ABSENT;
		return 0;
	}
	*ret = vnm_dir_open(path, mode, err);
	return *ret < 0 ? *ret : 0;
}

/*
 * Did a power failure interrupt a change of the definitions? Then they must not be shown as they are. Where there is
 * a run directory, the next holder of its lock recovers.
 */
static bool is_unfinished(const struct vnm_driver *drv)
{
	static const char *const suffixes[] = { VNM_STORE_PENDING, VNM_STORE_UNDEFINED,
						".staged" /* of an earlier version */ };
	struct vnm_error ignored = { 0 };
	struct stat st;
	size_t total = 0;

	if (vnm_stat_at(AT_FDCWD, drv->paths.run, &st) != -ENOENT)
		return false;
	for (size_t i = 0; i < VNM_ARRAY_SIZE(suffixes); i++) {
		char **names = NULL;
		size_t n = 0;

		(void)vnm_store_names(&drv->persistent, suffixes[i], &names, &n, &ignored);
		vnm_names_free(names, n);
		total += n;
	}
	return total > 0;
}

/* @reads: nothing will be changed; @looks: not even by recovery. */
static int open_dirs(struct vnm_driver *drv, bool reads, bool looks, struct vnm_error *err)
{
	bool make = !reads && !looks;
	vnm_autofree char *autostart = vnm_asprintf("%s/autostart", drv->paths.config);
	vnm_autoclose int leases_fd = -1;
	int r = vnm_paths_check(&drv->paths, drv->root, err);

	if (r == 0)
		r = open_dir(drv->paths.config, 0700, make, &drv->persistent.fd, err);
	make = make || (r == 0 && !looks && is_unfinished(drv));
	if (r == 0)
		r = open_dir(autostart, 0700, make, &drv->autostart_fd, err);
	if (r == 0)
		r = open_dir(drv->paths.run, 0755, make, &drv->run_fd, err);
	if (r == 0)
		r = open_dir(drv->paths.leases, 0700, make, &leases_fd, err);
	return r;
}

/* Checks the owner of the run directory, before any use of it. */
static int check_owner(struct vnm_driver *drv, struct vnm_error *err)
{
	enum vnm_ownership ownership;
	struct vnm_error ignored = { 0 };
	struct vnm_owner owner;
	int r = vnm_owner_look(drv->run_fd, &drv->paths, &ownership, &owner, err);

	if (r < 0)
		return r;
	drv->owned = ownership == VNM_OWNER_US;
	if (ownership == VNM_OWNER_ELSE || (ownership == VNM_OWNER_GONE && drv->lock_fd < 0))
		return vnm_owner_refuse(&drv->paths, &owner, err);
	if (ownership == VNM_OWNER_GONE)
		vnm_driver_forget_all(drv, &owner);
	/* They were started by a version without an owner file; the next command tries again. */
	if (ownership == VNM_OWNER_NOBODY && drv->lock_fd >= 0 &&
	    vnm_owner_describes_something(drv->run_fd))
		(void)vnm_driver_own(drv, &ignored);
	return 0;
}

static void sweep_leases(struct vnm_driver *drv)
{
	vnm_autoclose int fd = vnm_open(AT_FDCWD, drv->paths.leases, O_RDONLY | O_DIRECTORY, 0);

	if (fd >= 0)
		(void)vnm_file_sweep_temp(fd);
}

static void report_wait(void *data, const char *line)
{
	vnm_driver_report(data, VNM_REPORT_WAIT, "%s", line);
}

/* Whose state it is; and, with the lock, what is left to recover. */
static int begin(struct vnm_driver *drv, bool assumed, struct vnm_error *err)
{
	int r;

	drv->journals.locked = drv->lock_fd >= 0;
	r = check_owner(drv, err);
	if (r == 0)
		r = vnm_driver_recall_firewall(drv, err);
	if (r < 0 || drv->lock_fd < 0)
		return r;
	if (!assumed)
		vnm_public_begin(drv);
	if (drv->changes)
		vnm_rules_record_begin(&drv->rules, &drv->sys);
	sweep_leases(drv);
	vnm_upgrade_attachments(drv);
	r = vnm_driver_recover(drv, err);
	if (r == 0)
		vnm_rules_record_stands(&drv->rules, drv->run.journals,
					drv->run.known ? drv->run.n_journals : 0);
	return r;
}

/**
 * vnm_driver_refresh() - look at everything anew, after another command has been at work
 * @drv: opened to read; paused until then, and with the lock now
 * @err: as vnm_driver_open()
 *
 * Return: 0 or -errno; then it may only be closed.
 */
int vnm_driver_refresh(struct vnm_driver *drv, struct vnm_error *err)
{
	vnm_journal_cache_clear(&drv->journals);
	vnm_index_clear(&drv->index);
	vnm_rules_record_clear(&drv->rules);
	drv->owned = drv->interrupted = drv->unpublished = drv->checked = false;
	return begin(drv, false, err);
}

static int open_state(struct vnm_driver *drv, const struct vnm_options *options,
		      struct vnm_error *err)
{
	struct vnm_hold hold = {
		.run_fd = -1,
		.run = drv->paths.run,
		.reads = options->reads,
		.again = options->again,
		.seconds = options->wait,
		.waits = report_wait,
		.data = drv,
	};
	int r = open_dirs(drv, options->reads || options->assumed, options->looks, err);

	if (r == -EACCES || r == -EPERM)
		return vnm_driver_ask_for_root(r, err);
	if (r < 0)
		return r;
	drv->changes = !options->reads && !options->assumed;
	hold.run_fd = drv->run_fd;
	drv->live.fd = drv->run_fd;
	vnm_sys_init(&drv->sys, drv->run_fd);
	vnm_driver_report_steps(drv);
	/* Without records there is nothing to wait for. */
	if (drv->run_fd != VNM_DIR_ABSENT && !options->looks)
		r = vnm_hold_take(&hold, &drv->lock_fd, err);
	vnm_paths_find_old(&drv->paths);
	drv->journals.run_fd = drv->run_fd;
	return r < 0 ? r : begin(drv, options->assumed, err);
}

static struct vnm_driver *new_session(const struct vnm_options *options)
{
	struct vnm_driver *drv = vnm_alloc(sizeof(*drv));

	drv->lock_fd = drv->autostart_fd = drv->run_fd = drv->persistent.fd = drv->live.fd = -1;
	drv->report = options->report;
	drv->schema = options->schema;
	drv->schema_borrowed = options->schema;
	drv->root = options->root ? vnm_strdup(options->root) : NULL;
	vnm_paths_init(&drv->paths, options->root);
	drv->persistent.path = drv->paths.config;
	drv->persistent.durability = VNM_DURABLE;
	drv->live.path = drv->paths.run;
	drv->live.durability = VNM_VOLATILE;
	drv->persistent.settled = &drv->kept;
	drv->live.settled = drv->journals.settled = &drv->run;
	return drv;
}

/* Return: 0 or -errno. */
static int open_public(const struct vnm_options *options, struct vnm_driver **ret)
{
	vnm_autodriver struct vnm_driver *drv = new_session(options);
	struct vnm_error ignored = { 0 };
	int r = vnm_public_open(drv, &ignored);

	if (r == 0)
		vnm_sys_init(&drv->sys, drv->run_fd);
	if (r == 0)
		r = check_owner(drv, &ignored);
	if (r == 0)
		*ret = vnm_steal(&drv);
	return r;
}

/**
 * vnm_driver_open() - open the state directories
 * @options: their place and where reports go; the strings are copied
 * @ret:     close with vnm_driver_close()
 * @err:     set on failure: VNM_ERR_PERMISSION, VNM_ERR_BUSY, VNM_ERR_SYSTEM
 *
 * Creates missing directories, waits for the lock, and reverts what a killed command left unfinished, with a
 * warning for each. A reader or a dry run creates none unless there is something to recover. A reader that
 * finds another command at work does without the lock: then networks may be in transition.
 * One with @options->looks never takes it. One with @options->public reads the public summary where it may not read the state.
 * With @options->late, where nothing was ever defined, all that is left to vnm_driver_complete_open().
 *
 * Return: 0 or -errno.
 */
int vnm_driver_open(const struct vnm_options *options, struct vnm_driver **ret,
		    struct vnm_error *err)
{
	vnm_autodriver struct vnm_driver *drv = new_session(options);
	struct stat st;
	int r;

	r = vnm_hook_check_caller(err);
	drv->late = options->late && vnm_stat_at(AT_FDCWD, drv->paths.config, &st) == -ENOENT;
	drv->wait = options->wait;
	if (r == 0 && !drv->late)
		r = open_state(drv, options, err);
	if (r < 0 && options->public && err->code == VNM_ERR_PERMISSION &&
	    open_public(options, ret) == 0)
		return 0;
	if (r < 0)
		return r;
	/* Recovery is real even in a dry run, so the dry run begins after it. */
	vnm_driver_set_assumed(drv, options->assumed);
	*ret = vnm_steal(&drv);
	return 0;
}

/**
 * vnm_driver_complete_open() - finish what vnm_driver_open() deferred
 * @drv: the driver, now fully open
 * @err: as vnm_driver_open()
 *
 * Return: 0 or -errno.
 */
int vnm_driver_complete_open(struct vnm_driver *drv, struct vnm_error *err)
{
	const struct vnm_options options = { .wait = drv->wait };

	if (!drv->late)
		return 0;
	drv->late = false;
	return open_state(drv, &options, err);
}
