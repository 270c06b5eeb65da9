/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cmd_apply.c - net-apply: networks that match files. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "cli/applied.h"
#include "cli/bulk.h"
#include "cli/document.h"
#include "cli/files.h"
#include "cli/input.h"
#include "cli/log.h"
#include "cli/output.h"
#include "cli/session.h"
#include "util/file.h"
#include "util/mem.h"

#define DONE_MAX 5

/**
 * struct applying - a call of net-apply
 * @names: the networks of the files so far; @from: and the files
 * @status: the exit status: an error counts more than a difference
 */
struct applying {
	struct vnm_cli *cli;
	char **names, **from;
	size_t n, n_from;
	int status;
};

static void set_status(struct applying *all, int status)
{
	if (all->status == 0 || status == 1)
		all->status = status;
}

/* What was done, or would be: none, and nothing had to be. @marked: for autostart */
static size_t find_done(const struct vnm_applied *applied, bool marked, const char *words[DONE_MAX])
{
	size_t n = 0;

	if (applied->defined)
		words[n++] = "defined";
	if (applied->started)
		words[n++] = "started";
	if (applied->changed)
		words[n++] = "changed live";
	if (applied->repaired)
		words[n++] = "repaired";
	if (marked)
		words[n++] = "marked as autostarted";
	return n;
}

static void report_done(struct vnm_cli *cli, const char *name, const char *const *words, size_t n)
{
	vnm_autobuf struct vnm_buf text = { 0 };

	for (size_t i = 0; i < n; i++)
		vnm_buf_printf(&text, "%s%s", i ? ", " : "", words[i]);
	vnm_cli_extra(cli, "Network %s %s\n", name, n ? text.data : "unchanged");
}

static void report_applied(struct applying *all, const struct vnm_applied *applied, bool marked,
			   const char *file)
{
	bool dry = vnm_cli_seen(all->cli, VNM_OPT_DRY_RUN);
	const char *words[DONE_MAX];
	size_t n = find_done(applied, marked, words);

	if (dry && (n > 0 || vnm_cli_seen(all->cli, VNM_OPT_JSON)))
		vnm_cli_print_applied(all->cli, applied, file, words, n);
	else
		report_done(all->cli, applied->name, words, n);
	if (dry && n > 0)
		set_status(all, VNM_STATUS_DIFFERS);
}

/* With --autostart. Return: 0 or -errno; *ret: it was not marked before. */
static int mark(struct vnm_cli *cli, const char *name, bool *ret, struct vnm_error *err)
{
	struct vnm_info info;
	int r;

	if (!vnm_cli_seen(cli, VNM_OPT_AUTOSTART))
		return 0;
	r = vnm_driver_info(cli->driver, name, false, &info, err);
	if (r < 0)
		return r;
	*ret = !info.autostart;
	vnm_info_clear(&info);
	return *ret && !vnm_cli_seen(cli, VNM_OPT_DRY_RUN)
		       ? vnm_driver_set_autostart(cli->driver, name, true, err)
		       : 0;
}

/* Of two files, the last one would win, after a change and back in each run. */
static void note(struct applying *all, const char *name, const char *file)
{
	for (size_t i = 0; i < all->n; i++) {
		vnm_autofree char *text = NULL;

		if (strcmp(all->names[i], name) != 0)
			continue;
		text = vnm_asprintf("network '%s' is defined by '%s' and again by '%s', which "
				    "replaces it: keep one of them",
				    name, all->from[i], file);
		vnm_cli_report(all->cli, VNM_REPORT_WARNING, text);
		return;
	}
	all->names = vnm_array_add(all->names, &all->n, sizeof(*all->names));
	all->names[all->n - 1] = vnm_strdup(name);
	all->from = vnm_array_add(all->from, &all->n_from, sizeof(*all->from));
	all->from[all->n_from - 1] = vnm_strdup(file);
}

static void apply_file(struct applying *all, const char *file)
{
	const char *name = strcmp(file, "-") ? file : "stdin";
	vnm_autobuf struct vnm_buf text = { 0 };
	vnm_autoapplied struct vnm_applied applied = { 0 };
	struct vnm_cli *cli = all->cli;
	struct vnm_error err = { 0 };
	bool marked = false;
	int r;

	if (vnm_cli_read(cli, file, "apply network", &text) < 0 || vnm_cli_open(cli) < 0) {
		set_status(all, 1);
		return;
	}
	r = vnm_driver_apply(cli->driver, vnm_buf_str(&text), text.len, name, &applied, &err);
	if (r == 0) {
		free(cli->network);
		cli->network = vnm_strdup(applied.name);
		r = mark(cli, applied.name, &marked, &err);
		if (applied.started && !vnm_cli_seen(cli, VNM_OPT_DRY_RUN))
			vnm_driver_start_hints(cli->driver, applied.name, &applied.hints);
	}
	if (vnm_cli_finish(cli, r, &err, "Failed to apply network from %s", file) != 0) {
		set_status(all, 1);
		return;
	}
	report_applied(all, &applied, marked, name);
	vnm_cli_hints(cli, &applied.hints);
	note(all, applied.name, name);
}

static bool is_kept(const struct applying *all, const char *name)
{
	for (size_t i = 0; i < all->n; i++)
		if (!strcmp(all->names[i], name))
			return true;
	return false;
}

static int remove_network(struct vnm_cli *cli, const struct vnm_info *info, struct vnm_error *err)
{
	static const struct vnm_bulk destroy = { .all = vnm_driver_destroy_for_good,
						 .hooks = true };
	const char *const names[] = { info->name };
	struct vnm_result *results;
	int r = 0;

	if (info->active) {
		results = vnm_cli_all(cli, &destroy, names, 1);
		*err = results[0].err;
		r = results[0].failed ? -EIO : 0;
		vnm_results_free(results, 1);
	}
	return r == 0 && info->persistent ? vnm_driver_undefine(cli->driver, info->name, err) : r;
}

static void preview_removal(struct vnm_cli *cli, const struct vnm_info *info,
			    const char *const *words, size_t n)
{
	vnm_autoapplied struct vnm_applied applied = { .name = vnm_strdup(info->name) };
	vnm_autoplan struct vnm_plan plan = { 0 };
	struct vnm_error err = { 0 };

	if (vnm_driver_preview_removal(cli->driver, info->name, &plan, &err) == 0)
		vnm_steps_add_plan(&applied.steps, &plan, true);
	vnm_cli_print_applied(cli, &applied, "", words, n);
}

static void prune_one(struct applying *all, const struct vnm_info *info)
{
	struct vnm_cli *cli = all->cli;
	struct vnm_error err = { 0 };
	const char *words[DONE_MAX];
	size_t n = 0;
	int r;

	if (info->active)
		words[n++] = "destroyed";
	if (info->persistent)
		words[n++] = "undefined";
	if (vnm_cli_seen(cli, VNM_OPT_DRY_RUN)) {
		preview_removal(cli, info, words, n);
		set_status(all, VNM_STATUS_DIFFERS);
		return;
	}
	r = remove_network(cli, info, &err);
	vnm_cli_log(cli, info->name, r < 0 ? &err : NULL);
	if (r < 0) {
		vnm_cli_fail(cli, &err, "Failed to remove network %s", info->name);
		set_status(all, 1);
	} else {
		report_done(cli, info->name, words, n);
	}
}

/* Stop and undefine all networks that no file describes. */
static void prune(struct applying *all)
{
	struct vnm_error err = { 0 };
	struct vnm_info *infos;
	size_t n;

	if (vnm_cli_open(all->cli) < 0) {
		set_status(all, 1);
		return;
	}
	if (vnm_driver_list(all->cli->driver, false, &infos, &n, &err) < 0) {
		vnm_cli_fail(all->cli, &err, "Failed to list networks");
		set_status(all, 1);
		return;
	}
	for (size_t i = 0; i < n; i++)
		if (!is_kept(all, infos[i].name))
			prune_one(all, &infos[i]);
	vnm_infos_free(infos, n);
	vnm_cli_close(all->cli);
}

static void refuse_prune(struct vnm_cli *cli, const struct vnm_files *files)
{
	struct stat st;

	for (size_t i = 0; i < files->n; i++) {
		int r = strcmp(files->names[i], "-") ? vnm_stat_at(AT_FDCWD, files->names[i], &st)
						     : 0;

		if (r < 0) {
			vnm_cli_error(cli, "Failed to open '%s': %s", files->names[i],
				      strerror(-r));
			return;
		}
	}
	vnm_cli_error(cli,
		      "--prune needs a directory, which has the files of all networks that are "
		      "to stay");
}

/* Return: the exit status. */
static int net_apply(struct vnm_cli *cli)
{
	struct applying all = { .cli = cli };
	struct vnm_files files vnm_autofiles = { 0 };

	if (vnm_cli_files(cli, &cli->values[VNM_OPT_FILE], &files) < 0)
		return 1;
	if (vnm_cli_seen(cli, VNM_OPT_PRUNE) && !files.directory) {
		refuse_prune(cli, &files);
		return 1;
	}
	for (size_t i = 0; i < files.n; i++) {
		vnm_cli_progress(cli, files.names[i], i, files.n);
		apply_file(&all, files.names[i]);
	}
	if (vnm_cli_seen(cli, VNM_OPT_PRUNE) && all.status != 1)
		prune(&all);
	else if (vnm_cli_seen(cli, VNM_OPT_PRUNE))
		vnm_cli_hint(cli, "no network was removed, since not all files could be applied");
	vnm_names_free(all.names, all.n);
	vnm_names_free(all.from, all.n_from);
	return all.status;
}

static const struct vnm_option net_apply_options[] = {
	{ VNM_OPT_FILE, VNM_OPT_OPERAND | VNM_OPT_MANY,
	  "files containing XML network descriptions, or directories of such files, *.xml; - is "
	  "standard input" },
	{ VNM_OPT_AUTOSTART, 0, "start them at boot, too" },
	{ VNM_OPT_PRUNE, 0, "stop and undefine all other networks; with a directory only" },
	{ VNM_OPT_DRY_RUN, 0,
	  "only print what would be done; exit status 2: there is something to do" },
	VNM_OPTION_JSON_STEPS,
};

const struct vnm_command vnm_command_net_apply = {
	.name = "net-apply",
	.group = VNM_HELP_CHANGE,
	.flags = VNM_COMMAND_CHANGES,
	.summary = "make networks match files: define, start, change, repair",
	.description = "Defines or redefines networks, starts them, changes active ones "
		       "while guests keep their connections, and repairs them. Doing it "
		       "again changes nothing.",
	VNM_OPTIONS(net_apply_options),
	.run = net_apply,
};
