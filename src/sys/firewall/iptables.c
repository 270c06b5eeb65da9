/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * iptables.c - the back ends whose rules are in the tables of iptables: add rules and delete them.
 *
 * Theory of operation. A table is read, edited in memory and committed, under the lock of the iptables commands where the
 * kind of tables needs it (fw_table_impl.h): from the first read to the last check, without a fork meanwhile.
 *
 * A commit that fails may have taken effect, and one that succeeds may be undone by a writer without the lock; so the
 * table is read again after each, and that reading decides about success. An atomic commit is its own proof, and so is one
 * that the kernel lets nobody undo.
 *
 * Missing rules are added, after missing chains, jumps and early-return rules; so apply is idempotent, and repair is the
 * same as apply.
 */
#include "sys/firewall/fw_backend_impl.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#include "sys/firewall/fw_edit.h"
#include "sys/firewall/fw_kernel.h"
#include "sys/firewall/fw_nft_base.h"
#include "sys/firewall/fw_nft_handles.h"
#include "sys/firewall/fw_review.h"
#include "sys/firewall/fw_snapshot.h"
#include "sys/firewall/fwentry_read.h"
#include "util/file.h"
#include "util/mem.h"

#define TRIES 10
#define ATOMIC_TRIES 500 /* each fails only if another program has committed meanwhile */
#define WAIT_MAX_MS 512
#define ATOMIC_WAIT_MAX_MS 4
#define FEW 200 /* rules: of a handful of networks */
#define EDITS_MAX (VNM_ARRAY_SIZE(families) * VNM_FW_TABLE_COUNT)

static const int families[] = { AF_INET, AF_INET6 };

/** struct job - tables that are edited by the same function. @what: the action, for messages: "write" */
struct job {
	struct vnm_fw_edit edits[VNM_ARRAY_SIZE(families) * VNM_FW_TABLE_COUNT];
	size_t n;
	int (*edit_fn)(struct vnm_fw_edit *edit);
	const char *what;
};

static void close_all(struct vnm_fw_edit *edits, size_t n)
{
	for (size_t i = 0; i < n; i++)
		vnm_fw_table_close(&edits[i].handle);
}

static int commit(struct vnm_fw_edit *edits, size_t n, size_t *ret_failed)
{
	struct vnm_fw_handle *handles[EDITS_MAX];

	for (size_t i = 0; i < n; i++)
		handles[i] = &edits[i].handle;
	return handles[0]->impl->commit(handles, n, ret_failed);
}

/* Read and edit. @ret_changes: how many. Return: 0 or -errno, with @err if a table could not be read. */
static int read_and_edit(const struct job *job, struct vnm_fw_edit *edits, size_t n,
			 unsigned *ret_changes, struct vnm_error *err)
{
	bool are_new;
	int r = 0;

	*ret_changes = 0;
	for (size_t i = 0; i < n; i++) {
		struct vnm_fw_edit *edit = &edits[i];

		r = vnm_fw_table_read(edit->sys, edit->family, edit->table, &edit->handle);
		if (r < 0)
			return vnm_fw_table_unreadable(&edit->handle, r, err);
		edit->handle.few = edit->n + edit->n_gone <= FEW;
	}
	/* Where each table is edited alone, and was read whole, its rules are at hand. */
	are_new = edits[0].handle.impl->atomic && !edits[0].sys->fw_expected &&
		  vnm_fw_are_new(edits, n);
	for (size_t i = 0; i < n && r == 0; i++) {
		edits[i].are_new = are_new;
		edits[i].changes = 0;
		r = job->edit_fn(&edits[i]);
		*ret_changes += edits[i].changes;
	}
	return r;
}

/* ENOENT, EPROTOTYPE: an unknown match. The early-return rules are dispensable. */
static bool do_without(struct vnm_fw_edit *edits, size_t n, int committed)
{
	bool had = edits[0].early_returns;

	for (size_t i = 0; i < n && (committed == -ENOENT || committed == -EPROTOTYPE); i++)
		edits[i].early_returns = false;
	return had && !edits[0].early_returns;
}

/* For a writer without the lock, or for one that is quicker. */
static void wait_for_others(bool atomic, int try)
{
	int most = atomic ? ATOMIC_WAIT_MAX_MS : WAIT_MAX_MS;

	(void)poll(NULL, 0, try < 10 && 1 << try < most ? 1 << try : most);
}

/*
 * Read, edit, commit, until there is nothing left to edit. The edit is idempotent, so the round after a commit verifies
 * it: no change means success, whatever the commit returned. An atomic one answers for itself, and says also whether all could
 * be read.
 */
static int edit_tables(const struct job *job, struct vnm_fw_edit *edits, size_t n,
		       struct vnm_error *err)
{
	const bool atomic = vnm_fw_tables_of(edits[0].sys)->atomic;
	size_t failed = 0;
	int committed = 0;

	for (int try = 0; try < (atomic ? ATOMIC_TRIES : TRIES); try++) {
		unsigned changes;
		int r;

		close_all(edits, n);
		r = read_and_edit(job, edits, n, &changes, err);
		if (err->code)
			break;
		if (r == 0 && changes == 0 && !atomic) {
			close_all(edits, n);
			return 0;
		}
		committed = r < 0 ? r : commit(edits, n, &failed);
		if (committed > 0 || (committed == 0 && atomic)) {
			close_all(edits, n);
			return 0;
		}
		if (do_without(edits, n, committed))
			continue;
		if (committed < 0 && committed != -EAGAIN && try > 0)
			break;
		if (committed == -EAGAIN)
			wait_for_others(atomic, try);
	}
	if (!err->code)
		vnm_fw_table_fail(&edits[failed].handle, committed < 0 ? committed : -EAGAIN,
				  job->what, err);
	close_all(edits, n);
	return vnm_error_errno(err);
}

/* One table after another, or all together. @keep_on: after a failure, too. */
static int run(struct vnm_sys *sys, struct job *job, bool keep_on, struct vnm_error *err)
{
	size_t step = vnm_fw_tables_of(sys)->atomic && job->n > 0 ? job->n : 1;
	int result = 0;

	for (size_t i = 0; i < job->n && (result == 0 || keep_on); i += step) {
		struct vnm_error why = { 0 };
		int r = edit_tables(job, &job->edits[i], step, &why);

		/* A table that the kernel lacks holds no rule. */
		if (r == 0 || (keep_on && why.code == VNM_ERR_UNSUPPORTED) || result < 0)
			continue;
		*err = why;
		result = r;
	}
	return result;
}

static void forget(struct vnm_sys *sys)
{
	vnm_fw_extensions_free(sys->fw_extensions);
	sys->fw_extensions = NULL;
}

/* @like, for each table that it concerns; @existing: only those that exist. */
static void add_edits(struct job *job, const struct vnm_fw_edit *like, bool existing)
{
	for (size_t f = 0; f < VNM_ARRAY_SIZE(families); f++) {
		for (int t = 0; t < VNM_FW_TABLE_COUNT; t++) {
			struct vnm_fw_edit edit = *like;

			edit.family = families[f];
			edit.table = (enum vnm_fw_table)t;
			if (!edit.last_one &&
			    !vnm_fw_touches(edit.ops, edit.n, edit.family, edit.table) &&
			    !vnm_fw_touches(edit.gone, edit.n_gone, edit.family, edit.table))
				continue;
			if (!existing ||
			    vnm_fw_tables_of(edit.sys)->exists(edit.sys, edit.family, edit.table))
				job->edits[job->n++] = edit;
		}
	}
}

static int remove_all(struct vnm_sys *sys, const struct vnm_op *const *ops, size_t n,
		      struct vnm_error *err)
{
	const struct vnm_fw_edit edit = {
		.sys = sys, .ops = ops, .n = n, .last_one = sys->last_one
	};
	struct job job = { .edit_fn = vnm_fw_take, .what = "clean" };

	add_edits(&job, &edit, true);
	return run(sys, &job, true, err);
}

static int put_all(struct vnm_sys *sys, const struct vnm_op *const *gone, size_t n_gone,
		   const struct vnm_op *const *ops, size_t n, struct vnm_error *err)
{
	const struct vnm_fw_edit edit = { .sys = sys,
					  .ops = ops,
					  .gone = gone,
					  .n = n,
					  .n_gone = n_gone,
					  .early_returns = true };
	struct job job = { .edit_fn = vnm_fw_put, .what = "write" };

	vnm_fw_snapshot_forget(sys);
	add_edits(&job, &edit, false);
	return run(sys, &job, false, err);
}

/* @ret: closes itself; -1: none is needed. */
static int take_lock(const struct vnm_sys *sys, int *ret, struct vnm_error *err)
{
	const struct vnm_fw_table_impl *tables = vnm_fw_tables_of(sys);

	if (tables->lock)
		*ret = tables->lock(err);
	return tables->lock && *ret < 0 ? *ret : 0;
}

/* Can rules be added here at all? Checked before anything is changed. */
static int iptables_prepare(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	enum vnm_fw_table table = vnm_fw_chains[op->rule.chain].table;
	const struct vnm_fw_handle *handle;
	int r = vnm_fw_snapshot_ready(sys, op->rule.family, table, &handle);

	if (r < 0)
		return vnm_fw_table_unreadable(handle, r, err);
	if (handle->impl->usable)
		r = handle->impl->usable(handle, vnm_fw_chains[op->rule.chain].parent, err);
	return r < 0 ? r : vnm_fw_rule_possible(sys, &op->rule, err);
}

/* What could not be read looks as if it had no rules. A kernel without such a table has none. */
static int read_failed(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	const struct vnm_fw_handle *handle;
	struct vnm_error ignored = { 0 };
	int r = vnm_fw_snapshot_table(sys, op->rule.family, vnm_fw_chains[op->rule.chain].table,
				      &handle);

	if (!handle->impl->unread || (r < 0 && handle->impl->absent(handle, r, &ignored)))
		return 0;
	if (r == 0)
		r = handle->impl->unread(handle);
	return r < 0 ? vnm_fw_table_fail(handle, r, "read", err) : 0;
}

/* Does the rule exist? Only together with the jump to its chain. */
static int iptables_check(struct vnm_sys *sys, const struct vnm_op *op, enum vnm_presence *ret,
			  struct vnm_error *err)
{
	const struct vnm_fw_seen_chain *chain = vnm_fw_snapshot_chain(
		sys, op->rule.family, op->rule.chain, vnm_fwrule_own(&op->rule));
	bool there = chain && chain->jump &&
		     vnm_fw_seen_find(chain, vnm_fwentry_hash_of(&op->rule), 0) < chain->n;

	*ret = there ? VNM_PRESENT : VNM_ABSENT;
	return there ? 0 : read_failed(sys, op, err);
}

static int iptables_apply_many(struct vnm_sys *sys, const struct vnm_op *const *ops, size_t n,
			       struct vnm_error *err)
{
	vnm_autoclose int lock = -1;
	struct vnm_error ignored = { 0 };
	int r = take_lock(sys, &lock, err);

	if (r < 0)
		return r;
	r = put_all(sys, NULL, 0, ops, n, err);
	if (r < 0)
		(void)remove_all(sys, ops, n, &ignored);
	return r;
}

/* After a partial failure the caller replaces them back: it has all the rules that should exist. */
static int iptables_replace_many(struct vnm_sys *sys, const struct vnm_op *const *gone,
				 size_t n_gone, const struct vnm_op *const *ops, size_t n,
				 struct vnm_error *err)
{
	vnm_autoclose int lock = -1;
	int r = take_lock(sys, &lock, err);

	return r < 0 ? r : put_all(sys, gone, n_gone, ops, n, err);
}

static int iptables_revert_many(struct vnm_sys *sys, const struct vnm_op *const *ops, size_t n,
				struct vnm_error *err)
{
	vnm_autoclose int lock = -1;
	int r = take_lock(sys, &lock, err);

	if (r < 0)
		return r;
	vnm_fw_snapshot_forget(sys);
	r = remove_all(sys, ops, n, err);
	if (r == 0)
		vnm_fw_nft_handles_drop(sys, ops, n);
	return r;
}

/* Our empty chains, jumps and early-return rules. */
static int iptables_release(struct vnm_sys *sys, struct vnm_error *err)
{
	return iptables_revert_many(sys, NULL, 0, err);
}

static int iptables_count(struct vnm_sys *sys, const struct vnm_fwrule *rule,
			  struct vnm_fw_hits *ret)
{
	const struct vnm_fw_seen_chain *chain = vnm_fw_snapshot_counted(sys, rule);
	size_t at = chain ? vnm_fw_seen_find(chain, vnm_fwentry_hash_of(rule), 0) : 0;

	if (!chain || at >= chain->n)
		return -ENOENT;
	*ret = chain->hits[at];
	return 0;
}

#define SLOTS \
	.rule = {                                                                                  \
		.prepare = iptables_prepare,                                                       \
		.apply_many = iptables_apply_many,                                                 \
		.check = iptables_check,                                                           \
		.revert_many = iptables_revert_many,                                               \
		.replace_many = iptables_replace_many,                                             \
	},                                                                                         \
	.review = vnm_fw_tables_review, .release = iptables_release,                               \
	.observe = vnm_fw_kernel_observe, .count = iptables_count, .forget = forget

const struct vnm_fw_backend_impl vnm_fw_iptables_legacy = { SLOTS };
const struct vnm_fw_backend_impl vnm_fw_iptables_nft = { SLOTS,
							 .comes_first = vnm_fw_nft_comes_first };
