/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cmd_apply.c - networks as files say: net-apply, net-diff, net-rename. */
#include "cli/cli_internal.h"

#include <string.h>

#include "util/linediff.h"
#include "util/mem.h"

/* "defined, changed live"; "": it was so already. */
static void add_words(const struct vnm_applied *applied, struct vnm_buf *out)
{
	const struct {
		bool done;
		const char *word;
	} parts[] = {
		{ applied->defined, "defined" },
		{ applied->started, "started" },
		{ applied->changed, "changed live" },
		{ applied->repaired != NULL, "repaired" },
	};

	for (size_t i = 0; i < VNM_ARRAY_SIZE(parts); i++)
		if (parts[i].done)
			vnm_buf_printf(out, "%s%s", out->len ? ", " : "", parts[i].word);
}

/* As patch(1) and people read it. @kept NULL: there was none. */
static void add_difference(const char *name, const char *kept, const char *file, const char *wanted,
			   struct vnm_buf *out)
{
	vnm_autobuf struct vnm_buf hunks = { 0 };

	if (vnm_linediff(kept ? kept : "", wanted, &hunks))
		vnm_buf_printf(out, "--- %s (%s)\n+++ %s\n%s", name,
			       kept ? "defined" : "not defined", file, hunks.data);
}

/**
 * vnm_cli_tell_applied() - what would become of a file: what changes in the definition, and each step
 * @cli:     the call, with --dry-run
 * @applied: what would be done
 * @file:    the file
 * @done:    what is said of it: "defined"
 *
 * The plan is the result, and so it is printed with --quiet, too.
 */
void vnm_cli_tell_applied(const struct vnm_cli *cli, const struct vnm_applied *applied,
			  const char *file, const char *done)
{
	vnm_autobuf struct vnm_buf text = { 0 };

	vnm_cli_extra(cli, "Network %s would be %s\n", applied->name, done);
	if (applied->defined)
		add_difference(applied->name, applied->kept, file, applied->wanted, &text);
	vnm_buf_add(&text, vnm_buf_str(&applied->steps));
	fputs(vnm_buf_str(&text), stdout);
	fflush(stdout); /* the next file may have warnings */
}

/* Return: whether anything was, or would be, done. */
static bool tell_applied(struct vnm_cli *cli, const struct vnm_applied *applied, const char *file)
{
	vnm_autobuf struct vnm_buf words = { 0 };

	add_words(applied, &words);
	if (words.len == 0)
		vnm_cli_extra(cli, "Network %s unchanged\n", applied->name);
	else if (vnm_cli_seen(cli, VNM_OPT_DRY_RUN))
		vnm_cli_tell_applied(cli, applied, file, words.data);
	else
		vnm_cli_extra(cli, "Network %s %s\n", applied->name, words.data);
	return words.len > 0;
}

/* Return: the exit status. */
static int apply_file(struct vnm_cli *cli, const char *file)
{
	const char *name = strcmp(file, "-") ? file : "stdin";
	vnm_autobuf struct vnm_buf text = { 0 };
	vnm_autoapplied struct vnm_applied applied = { 0 };
	struct vnm_error err = { 0 };
	int r;

	if (vnm_cli_read(cli, file, "apply network", &text) < 0 || vnm_cli_open(cli) < 0)
		return 1;
	r = vnm_driver_apply(cli->driver, vnm_buf_str(&text), text.len, name, &applied, &err);
	vnm_cli_close(cli);
	if (r < 0) {
		vnm_cli_fail(cli, &err, "Failed to apply network from %s", file);
		return 1;
	}
	return tell_applied(cli, &applied, name) && vnm_cli_seen(cli, VNM_OPT_DRY_RUN)
		       ? VNM_STATUS_DIFFERS
		       : 0;
}

/** vnm_cmd_apply() - net-apply. Return: the exit status: an error counts more than a difference. */
int vnm_cmd_apply(struct vnm_cli *cli)
{
	const struct vnm_values *files = &cli->values[VNM_OPT_FILE];
	int status = 0;

	for (size_t i = 0; i < files->n; i++) {
		int this = apply_file(cli, files->items[i]);

		if (status == 0 || this == 1)
			status = this;
	}
	return status;
}

/* What the network has lost of what it should be made of. */
static int add_health(struct vnm_cli *cli, const char *name, struct vnm_buf *out,
		       struct vnm_error *err)
{
	struct vnm_info info = { 0 };
	int r = vnm_driver_info(cli->driver, name, true, &info, err);

	for (size_t i = 0; r == 0 && i < info.n_missing; i++)
		vnm_buf_printf(out, "missing: %s\n", info.missing[i]);
	for (size_t i = 0; r == 0 && i < info.n_faults; i++)
		vnm_buf_printf(out, "degraded: %s\n", info.faults[i]);
	vnm_info_clear(&info);
	return r;
}

static int compare(struct vnm_cli *cli, const char *name, const char *file,
		   const struct vnm_buf *text, struct vnm_buf *out, struct vnm_error *err)
{
	vnm_autofree char *kept = NULL, *other = NULL;
	int r = vnm_driver_compare(cli->driver, name, file ? vnm_buf_str(text) : NULL, text->len,
				   file, &kept, &other, err);

	if (r < 0)
		return r;
	add_difference(name, kept, file ? file : "active network", other, out);
	return file ? 0 : add_health(cli, name, out, err);
}

/** vnm_cmd_diff() - net-diff. Return: the exit status; VNM_STATUS_DIFFERS when there is a difference. */
int vnm_cmd_diff(struct vnm_cli *cli)
{
	const char *file = vnm_cli_value(cli, VNM_OPT_FILE);
	vnm_autobuf struct vnm_buf text = { 0 }, out = { 0 };
	vnm_autofree char *name = NULL;
	struct vnm_error err = { 0 };
	int r;

	if (!file == !vnm_cli_seen(cli, VNM_OPT_LIVE)) {
		vnm_cli_error(cli, "either a file or --live is required");
		return 1;
	}
	if ((file && vnm_cli_read(cli, file, "compare network", &text) < 0) ||
	    vnm_cli_lookup(cli, &name) < 0)
		return 1;
	r = compare(cli, name, file, &text, &out, &err);
	vnm_cli_close(cli);
	if (r < 0) {
		vnm_cli_fail(cli, &err, "Failed to compare network %s", name);
		return 1;
	}
	fputs(vnm_buf_str(&out), stdout);
	return out.len > 0 ? VNM_STATUS_DIFFERS : 0;
}

/** vnm_cmd_rename() - net-rename. Return: the exit status. */
int vnm_cmd_rename(struct vnm_cli *cli)
{
	const char *to = vnm_cli_value(cli, VNM_OPT_NEW_NAME);
	vnm_autofree char *name = NULL;
	struct vnm_error err = { 0 };
	int r;

	if (vnm_cli_lookup(cli, &name) < 0)
		return 1;
	r = vnm_driver_rename(cli->driver, name, to, &err);
	vnm_cli_close(cli);
	if (r < 0) {
		vnm_cli_fail(cli, &err, "Failed to rename network %s to %s", name, to);
		return 1;
	}
	vnm_cli_extra(cli, "Network %s renamed to %s\n", name, to);
	return 0;
}
