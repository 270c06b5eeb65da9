/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rule.c - add rules to the legacy tables and delete them.
 *
 * Theory of operation. A table is read whole, edited in memory and written back whole. The kernel refuses a
 * table that was read before somebody else changed it only if the number of rules differs, so without the lock
 * that the iptables commands take, the last writer silently wins. We take it around everything from the first
 * read to the last check, and never fork while holding it.
 *
 * A commit that fails may have taken effect (the counters are a second request), and a table may change right after one
 * that succeeds; so the table is read again after each, and that reading decides about success.
 *
 * Missing rules are added, after missing chains, jumps and early-return rules; so apply is idempotent, and repair is the
 * same as apply.
 */
#include "sys/firewall/rule.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sys/firewall/fw_edit.h"
#include "sys/firewall/fw_kernel.h"
#include "sys/firewall/fw_snapshot.h"
#include "sys/firewall/fw_table.h"
#include "sys/firewall/fwentry_read.h"
#include "util/file.h"
#include "util/lock.h"
#include "util/mem.h"

#define LOCK_FILE "/run/xtables.lock" /* as iptables 1.8 */
#define LOCK_WAIT_SECONDS 30
#define TRIES 10

static const int families[] = { AF_INET, AF_INET6 };

static int lock_tables(struct vnm_error *err)
{
	vnm_autoclose int fd = vnm_open(AT_FDCWD, LOCK_FILE, O_RDWR | O_CREAT | O_NOFOLLOW, 0600);
	int r;

	if (fd < 0)
		return vnm_error_set(
			err, fd == -EACCES || fd == -EPERM ? VNM_ERR_PERMISSION : VNM_ERR_SYSTEM,
			-fd, "cannot open " LOCK_FILE ": %s", strerror(-fd));
	r = vnm_lock_wait(fd, LOCK_WAIT_SECONDS);
	if (r < 0 && r != -ETIMEDOUT)
		return vnm_error_set(err, VNM_ERR_SYSTEM, -r, "cannot lock " LOCK_FILE ": %s",
				     strerror(-r));
	if (r < 0)
		return vnm_error_set(err, VNM_ERR_BUSY, -r,
				     "another program has held " LOCK_FILE
				     " for %d seconds; see who: fuser " LOCK_FILE,
				     LOCK_WAIT_SECONDS);
	return vnm_steal_fd(&fd);
}

/*
 * Read, edit, commit, until there is nothing left to edit. @edit_fn is idempotent, so the round after a commit verifies
 * it: no change means success, whatever the commit returned.
 */
static int edit_table(struct vnm_fw_edit *edit, int (*edit_fn)(struct vnm_fw_edit *edit),
		      const char *what, struct vnm_error *err)
{
	int committed = 0;

	for (int try = 0; try < TRIES; try++) {
		int r = vnm_fw_table_read(edit->family, edit->table, &edit->handle);

		if (r < 0)
			return vnm_fw_table_unreadable(edit->family, edit->table, r, err);
		edit->changes = 0;
		r = edit_fn(edit);
		if (r == 0 && edit->changes == 0) {
			vnm_fw_table_close(&edit->handle);
			return 0;
		}
		committed = r < 0 ? r : vnm_fw_table_commit(&edit->handle);
		vnm_fw_table_close(&edit->handle);
		/* ENOENT, EPROTOTYPE: an unknown match. The early-return rules are dispensable. */
		if ((committed == -ENOENT || committed == -EPROTOTYPE) && edit->early_returns)
			edit->early_returns = false;
		else if (committed < 0 && committed != -EAGAIN && try > 0)
			break;
		else if (committed == -EAGAIN)
			(void)poll(NULL, 0, 1 << try); /* wait for a writer without the lock */
	}
	return vnm_fw_table_fail(edit->family, edit->table, committed < 0 ? committed : -EAGAIN,
				 what, err);
}

static void forget_snapshot(struct vnm_sys *sys)
{
	vnm_fw_snapshot_free(sys->fw_seen);
	sys->fw_seen = NULL;
}

/* From every table; one that the kernel lacks holds no rule. */
static int remove_all(struct vnm_sys *sys, const struct vnm_op *const *ops, size_t n,
		      struct vnm_error *err)
{
	int result = 0;

	for (size_t f = 0; f < VNM_ARRAY_SIZE(families); f++) {
		for (int t = 0; t < VNM_FW_TABLE_COUNT; t++) {
			struct vnm_fw_edit edit = { .sys = sys,
						    .family = families[f],
						    .table = (enum vnm_fw_table)t,
						    .ops = ops,
						    .n = n,
						    .last_one = sys->last_one };
			struct vnm_error why = { 0 };

			if (!sys->last_one && !vnm_fw_touches(ops, n, edit.family, edit.table))
				continue;
			if (!vnm_fw_table_exists(edit.family, edit.table))
				continue;
			if (edit_table(&edit, vnm_fw_take, "clean", &why) == 0 ||
			    why.code == VNM_ERR_UNSUPPORTED)
				continue;
			if (result == 0)
				*err = why;
			result = vnm_error_errno(&why);
		}
	}
	return result;
}

static int put_all(struct vnm_sys *sys, const struct vnm_op *const *gone, size_t n_gone,
		   const struct vnm_op *const *ops, size_t n, struct vnm_error *err)
{
	int r = 0;

	forget_snapshot(sys);
	for (size_t f = 0; f < VNM_ARRAY_SIZE(families) && r == 0; f++) {
		for (int t = 0; t < VNM_FW_TABLE_COUNT && r == 0; t++) {
			struct vnm_fw_edit edit = { .sys = sys,
						    .family = families[f],
						    .table = (enum vnm_fw_table)t,
						    .ops = ops,
						    .gone = gone,
						    .n = n,
						    .n_gone = n_gone,
						    .early_returns = true };

			if (vnm_fw_touches(ops, n, edit.family, edit.table) ||
			    vnm_fw_touches(gone, n_gone, edit.family, edit.table))
				r = edit_table(&edit, vnm_fw_put, "write", err);
		}
	}
	return r;
}

/* Can rules be added here at all? Checked before anything is changed. */
static int rule_prepare(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	enum vnm_fw_table table = vnm_fw_chains[op->rule.chain].table;
	const struct vnm_fw_handle *handle;
	int r = vnm_fw_snapshot_table(sys, op->rule.family, table, &handle);

	if (r < 0)
		return vnm_fw_table_unreadable(op->rule.family, table, r, err);
	return vnm_fw_rule_possible(sys, &op->rule, err);
}

/* Does the rule exist? Only together with the jump to its chain. */
static int rule_check(struct vnm_sys *sys, const struct vnm_op *op, enum vnm_presence *ret,
		      struct vnm_error *err)
{
	const struct vnm_fw_seen_chain *chain =
		vnm_fw_snapshot_chain(sys, op->rule.family, op->rule.chain);
	bool there = chain && chain->jump &&
		     vnm_fw_seen_find(chain, vnm_fwentry_hash_of(&op->rule), 0) < chain->n;

	(void)err;
	*ret = there ? VNM_PRESENT : VNM_ABSENT;
	return 0;
}

static int rule_apply_many(struct vnm_sys *sys, const struct vnm_op *const *ops, size_t n,
			   struct vnm_error *err)
{
	vnm_autoclose int lock = lock_tables(err);
	struct vnm_error ignored = { 0 };
	int r = lock < 0 ? lock : put_all(sys, NULL, 0, ops, n, err);

	if (r < 0 && lock >= 0)
		(void)remove_all(sys, ops, n, &ignored);
	return r;
}

/* After a partial failure the caller replaces them back: it has all the rules that should exist. */
static int rule_replace_many(struct vnm_sys *sys, const struct vnm_op *const *gone, size_t n_gone,
			     const struct vnm_op *const *ops, size_t n, struct vnm_error *err)
{
	vnm_autoclose int lock = lock_tables(err);

	return lock < 0 ? lock : put_all(sys, gone, n_gone, ops, n, err);
}

static int rule_revert_many(struct vnm_sys *sys, const struct vnm_op *const *ops, size_t n,
			    struct vnm_error *err)
{
	vnm_autoclose int lock = lock_tables(err);

	if (lock < 0)
		return lock;
	forget_snapshot(sys);
	return remove_all(sys, ops, n, err);
}

/**
 * vnm_fw_release() - remove our empty chains, jumps and early-return rules when no network is left
 * @sys: the handles, with last_one set
 * @err: set on failure
 *
 * For a last network without rules; reverting rules does this already.
 *
 * Return: 0 or -errno.
 */
int vnm_fw_release(struct vnm_sys *sys, struct vnm_error *err)
{
	return rule_revert_many(sys, NULL, 0, err);
}

const struct vnm_op_impl vnm_impl_rule = {
	.prepare = rule_prepare,
	.apply_many = rule_apply_many,
	.check = rule_check,
	.revert_many = rule_revert_many,
	.replace_many = rule_replace_many,
};
