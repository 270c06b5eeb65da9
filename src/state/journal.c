/* SPDX-License-Identifier: GPL-2.0-or-later */
/* journal.c - write, mark, read and remove the journal of a network; the format is in journal.h. */
#define _GNU_SOURCE 1 /* strverscmp */
#include "state/journal.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "plan/op/op_parse.h"
#include "plan/op/op_text.h"
#include "state/pending.h"
#include "util/file.h"
#include "util/mem.h"
#include "util/proc.h"

#define JOURNAL_KIND "vnetmgr-journal "
#define JOURNAL_MAGIC JOURNAL_KIND "1"
#define JOURNAL_MAX (16 * 1024 * 1024)
#define STATES_MAX 4096 /* for the lines appended later */

#ifndef VNM_VERSION
#define VNM_VERSION "unknown"
#endif

static char *journal_file(const char *name)
{
	return vnm_asprintf("%s.journal", name);
}

static const char *const state_lines[] = {
	[VNM_JOURNAL_STARTING] = "state starting\n",
	[VNM_JOURNAL_ACTIVE] = "state active\n",
	[VNM_JOURNAL_STOPPING] = "state stopping\n",
};
static_assert(VNM_ARRAY_SIZE(state_lines) == VNM_JOURNAL_STATE_COUNT, "one line per state");

/** vnm_journal_state_line() - the line by which a journal enters a state, with its newline */
const char *vnm_journal_state_line(enum vnm_journal_state state)
{
	return state_lines[state];
}

/**
 * vnm_journal_format() - the text of a journal
 * @plan:  the network's plan
 * @state: its state
 * @name:  the journal's name, for messages
 * @ret:   gets the text
 * @err:   set on failure: the boot ID cannot be read, or the text is too long
 *
 * Return: 0 or -errno.
 */
int vnm_journal_format(const struct vnm_plan *plan, enum vnm_journal_state state, const char *name,
		       struct vnm_buf *ret, struct vnm_error *err)
{
	char boot_id[VNM_UUID_STRLEN];
	int r = vnm_boot_id(boot_id);

	if (r < 0)
		return vnm_error_set(
			err, VNM_ERR_SYSTEM, -r,
			"cannot read /proc/sys/kernel/random/boot_id: %s; is /proc mounted?",
			strerror(-r));
	vnm_buf_printf(ret, JOURNAL_MAGIC "\nboot %s\nversion " VNM_VERSION "\n", boot_id);
	if (vnm_plan_find(plan, VNM_OP_RULE))
		vnm_buf_printf(ret, "firewall %s\n",
			       vnm_enum_name(&vnm_enum_fw_backend, (int)plan->firewall));
	for (size_t i = 0; i < plan->n; i++) {
		vnm_op_format(&plan->ops[i], ret);
		vnm_buf_addc(ret, '\n');
	}
	vnm_buf_add(ret, vnm_journal_state_line(state));
	if (ret->len + STATES_MAX > JOURNAL_MAX)
		return vnm_error_set(err, VNM_ERR_UNSUPPORTED, EFBIG,
				     "the journal '%s' would have %zu bytes, which is too much: "
				     "the definition has too many parts",
				     name, ret->len);
	return 0;
}

enum place { JOURNAL, PENDING };

static int fail_write(const char *file, int r, struct vnm_error *err)
{
	return vnm_error_set(err, VNM_ERR_SYSTEM, -r, "cannot write the journal '%s': %s", file,
			     strerror(-r));
}

/* @ret_text: gets what was written, allocated; or NULL */
static int write_whole(int run_fd, const char *name, enum place place, const struct vnm_plan *plan,
		       enum vnm_journal_state state, char **ret_text, struct vnm_error *err)
{
	vnm_autofree char *file = journal_file(name);
	vnm_autobuf struct vnm_buf text = { 0 };
	int r = vnm_journal_format(plan, state, file, &text, err);

	if (r < 0)
		return r;
	r = place == PENDING ? vnm_pending_write(run_fd, file, text.data, text.len, VNM_VOLATILE)
			     : vnm_file_replace(run_fd, file, text.data, text.len, 0600, (gid_t)-1,
						VNM_VOLATILE);
	if (r < 0)
		return fail_write(file, r, err);
	if (ret_text)
		*ret_text = vnm_buf_steal(&text);
	return 0;
}

/**
 * vnm_journal_create() - write the journal of a network, before anything of its plan is applied
 * @run_fd:   the run directory
 * @name:     the network
 * @plan:     what is about to be applied
 * @ret_text: gets the text of the journal, allocated; or NULL
 * @err:      set on failure
 *
 * Return: 0 or -errno; after a failure there is no journal.
 */
int vnm_journal_create(int run_fd, const char *name, const struct vnm_plan *plan, char **ret_text,
		       struct vnm_error *err)
{
	return write_whole(run_fd, name, JOURNAL, plan, VNM_JOURNAL_STARTING, ret_text, err);
}

/** vnm_journal_replace() - give a journal another plan, without a transaction; it is active. Return: 0 or -errno. */
int vnm_journal_replace(int run_fd, const char *name, const struct vnm_plan *plan,
			struct vnm_error *err)
{
	return write_whole(run_fd, name, JOURNAL, plan, VNM_JOURNAL_ACTIVE, NULL, err);
}

/**
 * vnm_journal_write_pending() - begin a transaction: write the pending journal
 *
 * Arguments and return value as vnm_journal_create().
 */
int vnm_journal_write_pending(int run_fd, const char *name, const struct vnm_plan *plan,
			      char **ret_text, struct vnm_error *err)
{
	return write_whole(run_fd, name, PENDING, plan, VNM_JOURNAL_ACTIVE, ret_text, err);
}

static int fail_rename(const char *file, int r, struct vnm_error *err)
{
	return r == 0 ? 0
		      : vnm_error_set(err, VNM_ERR_SYSTEM, -r, "cannot rename the journal '%s': %s",
				      file, strerror(-r));
}

/** vnm_journal_retract() - begin a transaction that reverts: the journal is pending again. Return: 0 or -errno. */
int vnm_journal_retract(int run_fd, const char *name, struct vnm_error *err)
{
	vnm_autofree char *file = journal_file(name);

	return fail_rename(file, vnm_pending_retract(run_fd, file), err);
}

/** vnm_journal_commit() - commit: the pending journal replaces the current one. Return: 0 or -errno. */
int vnm_journal_commit(int run_fd, const char *name, struct vnm_error *err)
{
	vnm_autofree char *file = journal_file(name);

	return fail_rename(file, vnm_pending_commit(run_fd, file, VNM_VOLATILE), err);
}

static int fail_remove(const char *file, int r, struct vnm_error *err)
{
	return r == 0 ? 0
		      : vnm_error_set(err, VNM_ERR_SYSTEM, -r, "cannot remove the journal '%s': %s",
				      file, strerror(-r));
}

/** vnm_journal_abort() - abort: remove the pending journal, if any. Return: 0 or -errno. */
int vnm_journal_abort(int run_fd, const char *name, struct vnm_error *err)
{
	vnm_autofree char *file = journal_file(name);

	return fail_remove(file, vnm_pending_abort(run_fd, file, VNM_VOLATILE), err);
}

/**
 * vnm_journal_mark() - append a state
 * @run_fd: the run directory
 * @name:   the network
 * @state:  the new state
 * @err:    set on failure
 *
 * One write(2) of one line: a torn line is ignored, so the state before it holds.
 *
 * Return: 0 or -errno.
 */
int vnm_journal_mark(int run_fd, const char *name, enum vnm_journal_state state,
		     struct vnm_error *err)
{
	vnm_autofree char *file = journal_file(name);
	int r = vnm_file_append(run_fd, file, vnm_journal_state_line(state));

	if (r < 0)
		return vnm_error_set(err, VNM_ERR_SYSTEM, -r,
				     "cannot write to the journal '%s': %s", file, strerror(-r));
	return 0;
}

static int parse_state(const char *line, enum vnm_journal_state *ret)
{
	const size_t len = strlen(line);

	for (int i = 0; i < VNM_JOURNAL_STATE_COUNT; i++) {
		if (!strncmp(line, state_lines[i], len) && !strcmp(state_lines[i] + len, "\n")) {
			*ret = (enum vnm_journal_state)i;
			return 0;
		}
	}
	return -EINVAL;
}

static int parse_firewall(const char *word, enum vnm_fw_backend *ret, struct vnm_error *err)
{
	int backend = vnm_enum_value(&vnm_enum_fw_backend, word);

	if (backend < 0)
		return vnm_error_set(err, VNM_ERR_STATE, EINVAL, "unknown firewall back end '%s'",
				     word);
	*ret = (enum vnm_fw_backend)backend;
	return 0;
}

/* One complete line after the magic. Return: 0, or -EINVAL with @err set when it is malformed. */
static int parse_line(const char *line, bool with_plan, struct vnm_journal *journal,
		      struct vnm_error *err)
{
	struct vnm_op op = { 0 };
	int r;

	if (!strncmp(line, "boot ", 5)) {
		snprintf(journal->boot_id, sizeof(journal->boot_id), "%s", line + 5);
		return 0;
	}
	if (!strncmp(line, "version ", 8)) {
		snprintf(journal->version, sizeof(journal->version), "%s", line + 8);
		return 0;
	}
	if (!strncmp(line, "firewall ", 9))
		return parse_firewall(line + 9, &journal->plan.firewall, err);
	if (!strncmp(line, "state ", 6)) {
		if (parse_state(line, &journal->state) < 0)
			return vnm_error_set(err, VNM_ERR_STATE, EINVAL, "unknown state '%s'",
					     line + 6);
		return 0;
	}
	if (!with_plan)
		return 0;
	r = vnm_op_parse(line, &op, err);
	if (r < 0)
		return r;
	*vnm_plan_add(&journal->plan, op.type) = op;
	return 0;
}

/** vnm_journal_leave_out_rules() - remove the rules from a journal's text, but for one, which tells that there are some */
void vnm_journal_leave_out_rules(char *text)
{
	static const char rule[] = "rule ";
	char *from = text, *to = text, *end;
	bool first = true;

	for (; (end = strchr(from, '\n')); from = end + 1) {
		size_t len = (size_t)(end + 1 - from);

		if (!strncmp(from, rule, strlen(rule)) && !first)
			continue;
		first &= strncmp(from, rule, strlen(rule)) != 0;
		memmove(to, from, len);
		to += len;
	}
	memmove(to, from, strlen(from) + 1);
}

/* The journal of another version is left to that version. */
static int refuse_format(const char *name, const char *line, struct vnm_error *err)
{
	if (strncmp(line, JOURNAL_KIND, strlen(JOURNAL_KIND)) != 0)
		return vnm_error_set(err, VNM_ERR_STATE, ENODATA,
				     "journal of network '%s' is of an unknown format: '%.40s'",
				     name, line);
	return vnm_error_set(err, VNM_ERR_NEWER, EINVAL,
			     "journal of network '%s' is of an unknown format, '%.40s', which "
			     "another version of vnetmgr has written; this is " VNM_VERSION
			     ". Use that one, or stop the network with it",
			     name, line);
}

/** vnm_journal_newer() - was it written by a newer version of the program? */
bool vnm_journal_newer(const struct vnm_journal *journal)
{
	return strverscmp(journal->version, VNM_VERSION) > 0;
}

/* The error for a line that cannot be parsed. Return: -errno. */
static int refuse_line(const struct vnm_journal *journal, const char *name, int n,
		       struct vnm_error *err)
{
	const struct vnm_error why = *err;

	if (!vnm_journal_newer(journal))
		return vnm_error_prefix(err, "journal of network '%s', line %d: ", name, n);
	return vnm_error_set(err, VNM_ERR_NEWER, EINVAL,
			     "network '%s' was started by vnetmgr %s, and " VNM_VERSION
			     " does not know all that it is made of (line %d of its journal: "
			     "%.200s); use that version, or stop the network with it",
			     name, journal->version, n, why.msg);
}

static void own_rules(struct vnm_journal *journal)
{
	for (size_t i = 0; i < journal->plan.n; i++) {
		struct vnm_op *op = &journal->plan.ops[i];

		if (op->type == VNM_OP_RULE)
			snprintf(op->rule.network, sizeof(op->rule.network), "%s", journal->name);
	}
}

/**
 * vnm_journal_parse() - read a journal's text
 * @text:      the text; modified
 * @name:      the network, for messages
 * @with_plan: read the operations, too; without, only boot and state
 * @ret:       free with vnm_journal_clear(); written on success only
 * @err:       VNM_ERR_STATE when the text is damaged, VNM_ERR_NEWER when a newer version wrote it
 *
 * A last line without newline is an interrupted write, and ignored.
 *
 * Return: 0 or -errno; -ENODATA when even the boot ID is missing.
 */
int vnm_journal_parse(char *text, const char *name, bool with_plan, struct vnm_journal *ret,
		      struct vnm_error *err)
{
	vnm_autojournal struct vnm_journal journal = { .state = VNM_JOURNAL_STARTING };
	char *line = text, *end;
	int n = 0;

	for (; (end = strchr(line, '\n')); line = end + 1) {
		*end = '\0';
		n++;
		if (n == 1 && strcmp(line, JOURNAL_MAGIC) != 0)
			return refuse_format(name, line, err);
		if (n == 1)
			continue;
		if (parse_line(line, with_plan, &journal, err) < 0)
			return refuse_line(&journal, name, n, err);
	}
	if (!journal.boot_id[0])
		return vnm_error_set(err, VNM_ERR_STATE, ENODATA,
				     "journal of network '%s' is cut off in its header", name);
	journal.name = vnm_strdup(name);
	own_rules(&journal);
	*ret = journal;
	journal = (struct vnm_journal){ 0 };
	return 0;
}

static int load_file(int run_fd, const char *file, char **ret, struct vnm_error *err)
{
	size_t len;
	int r = vnm_file_read(run_fd, file, JOURNAL_MAX, ret, &len);

	if (r == 0 || r == -ENOENT)
		return r;
	return vnm_error_set(err, vnm_file_damaged(r) ? VNM_ERR_STATE : VNM_ERR_SYSTEM, -r,
			     "cannot read the journal '%s': %s", file, strerror(-r));
}

static int read_file(int run_fd, const char *file, const char *name, bool with_plan,
		     struct vnm_journal *ret, struct vnm_error *err)
{
	vnm_autofree char *text = NULL;
	int r = load_file(run_fd, file, &text, err);

	return r < 0 ? r : vnm_journal_parse(text, name, with_plan, ret, err);
}

/** vnm_journal_load() - the text of a network's journal, for vnm_journal_parse(); allocated. Return: as vnm_journal_read(). */
int vnm_journal_load(int run_fd, const char *name, char **ret, struct vnm_error *err)
{
	vnm_autofree char *file = journal_file(name);

	return load_file(run_fd, file, ret, err);
}

/** vnm_journal_read_pending() - read the pending journal; arguments and return value as vnm_journal_read(). */
int vnm_journal_read_pending(int run_fd, const char *name, struct vnm_journal *ret,
			     struct vnm_error *err)
{
	vnm_autofree char *file = journal_file(name), *pending = vnm_pending_name(file);

	return read_file(run_fd, pending, name, true, ret, err);
}

/**
 * vnm_journal_read() - read the journal of a network
 * @run_fd:    the run directory
 * @name:      the network
 * @with_plan: read the operations, too
 * @ret:       free with vnm_journal_clear()
 * @err:       set on failure
 *
 * Return: 0, -ENOENT (@err not set) when the network has no journal, or another -errno: VNM_ERR_STATE when it is
 * damaged, VNM_ERR_NEWER when it takes a newer version to read it, VNM_ERR_SYSTEM when it cannot be read.
 */
int vnm_journal_read(int run_fd, const char *name, bool with_plan, struct vnm_journal *ret,
		     struct vnm_error *err)
{
	vnm_autofree char *file = journal_file(name);

	return read_file(run_fd, file, name, with_plan, ret, err);
}

/** vnm_journal_read_old() - vnm_journal_read() of an attachment's journal as earlier versions called it, NAME.made */
int vnm_journal_read_old(int run_fd, const char *name, struct vnm_journal *ret,
			 struct vnm_error *err)
{
	vnm_autofree char *file = vnm_asprintf("%s.made", name);

	return read_file(run_fd, file, name, true, ret, err);
}

/** vnm_journal_remove() - remove the journal: the network is inactive. Return: 0 (also when there was none) or -errno. */
int vnm_journal_remove(int run_fd, const char *name, struct vnm_error *err)
{
	vnm_autofree char *file = journal_file(name);

	return fail_remove(file, vnm_file_unlink(run_fd, file, VNM_VOLATILE), err);
}

/** vnm_journal_exists() - is there a journal? Yes, if that cannot be determined: reading it reports why. */
bool vnm_journal_exists(int run_fd, const char *name)
{
	vnm_autofree char *file = journal_file(name);
	struct stat st;

	return vnm_stat_at(run_fd, file, &st) != -ENOENT;
}

/** vnm_journal_has_pending() - is there a pending journal? */
bool vnm_journal_has_pending(int run_fd, const char *name)
{
	vnm_autofree char *file = journal_file(name);

	return vnm_pending_exists(run_fd, file);
}

/** vnm_journal_clear() - free what a journal holds; reusable afterwards. */
void vnm_journal_clear(struct vnm_journal *journal)
{
	free(journal->name);
	vnm_plan_clear(&journal->plan);
	*journal = (struct vnm_journal){ 0 };
}

/** vnm_journals_add() - append a journal; its contents move to the list */
void vnm_journals_add(struct vnm_journals *journals, const struct vnm_journal *journal)
{
	journals->items = vnm_array_add(journals->items, &journals->n, sizeof(*journals->items));
	journals->items[journals->n - 1] = *journal;
}

static int by_name(const void *item, const void *name)
{
	return strcmp(((const struct vnm_journal *)item)->name, name);
}

/** vnm_journals_find() - the first journal of a network, or NULL; they were added in the order of their names */
const struct vnm_journal *vnm_journals_find(const struct vnm_journals *journals, const char *name)
{
	const size_t at = vnm_array_place(journals->items, journals->n, sizeof(*journals->items),
					  name, by_name);

	return at < journals->n && !by_name(&journals->items[at], name) ? &journals->items[at]
									: NULL;
}

/** vnm_journals_clear() - free what the list holds; reusable afterwards. */
void vnm_journals_clear(struct vnm_journals *journals)
{
	for (size_t i = 0; i < journals->n; i++)
		vnm_journal_clear(&journals->items[i]);
	free(journals->items);
	*journals = (struct vnm_journals){ 0 };
}
