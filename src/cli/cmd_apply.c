/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cmd_apply.c - networks as files say: net-apply, net-diff, net-rename. */
#include "cli/cli_internal.h"

#include <string.h>

#include "util/linediff.h"
#include "util/mem.h"

#define DIFFERS 2 /* net-diff's exit status; 1 is an error, as everywhere */

static void tell_applied(struct vnm_cli *cli, const struct vnm_applied *applied)
{
	const bool dry = vnm_cli_seen(cli, VNM_OPT_DRY_RUN);
	const struct {
		bool done;
		const char *words, *would;
	} parts[] = {
		{ applied->defined, "defined", "be defined" },
		{ applied->started, "started", "be started" },
		{ applied->changed, "changed live", "be changed live" },
		{ applied->repaired != NULL, "repaired", "be repaired" },
	};
	vnm_autobuf struct vnm_buf text = { 0 };

	for (size_t i = 0; i < VNM_ARRAY_SIZE(parts); i++)
		if (parts[i].done)
			vnm_buf_printf(&text, "%s%s", text.len ? ", " : "",
				       dry ? parts[i].would : parts[i].words);
	if (text.len == 0)
		vnm_cli_extra(cli, "Network %s unchanged\n", applied->name);
	else
		vnm_cli_extra(cli, "Network %s %s%s\n", applied->name, dry ? "would " : "",
			      text.data);
}

static int apply_file(struct vnm_cli *cli, const char *file)
{
	const char *name = strcmp(file, "-") ? file : "stdin";
	vnm_autobuf struct vnm_buf text = { 0 };
	struct vnm_applied applied = { 0 };
	struct vnm_error err = { 0 };
	int r;

	if (vnm_cli_read(cli, file, "apply network", &text) < 0 || vnm_cli_open(cli) < 0)
		return -1;
	r = vnm_driver_apply(cli->driver, vnm_buf_str(&text), text.len, name,
			     vnm_cli_seen(cli, VNM_OPT_DRY_RUN), &applied, &err);
	vnm_cli_close(cli);
	if (r < 0) {
		vnm_cli_fail(cli, &err, "Failed to apply network from %s", file);
		return r;
	}
	tell_applied(cli, &applied);
	vnm_applied_clear(&applied);
	return 0;
}

/** vnm_cmd_apply() - net-apply. Return: the exit status. */
int vnm_cmd_apply(struct vnm_cli *cli)
{
	const struct vnm_values *files = &cli->values[VNM_OPT_FILE];
	int status = 0;

	for (size_t i = 0; i < files->n; i++)
		if (apply_file(cli, files->items[i]) < 0)
			status = 1;
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
	vnm_autobuf struct vnm_buf hunks = { 0 };
	int r = vnm_driver_compare(cli->driver, name, file ? vnm_buf_str(text) : NULL, text->len,
				   file, &kept, &other, err);

	if (r < 0)
		return r;
	if (vnm_linediff(kept, other, &hunks))
		vnm_buf_printf(out, "--- %s (defined)\n+++ %s\n%s", name,
			       file ? file : "active network", hunks.data);
	return file ? 0 : add_health(cli, name, out, err);
}

/** vnm_cmd_diff() - net-diff. Return: the exit status; DIFFERS when there is a difference. */
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
	return out.len > 0 ? DIFFERS : 0;
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
