/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cmd_import.c - net-import, from a backup or from libvirt, and net-export. */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <string.h>

#include "cli/bulk.h"
#include "cli/document.h"
#include "cli/gather.h"
#include "cli/input.h"
#include "cli/log.h"
#include "cli/option_checks.h"
#include "cli/output.h"
#include "cli/session.h"
#include "util/file.h"
#include "util/mem.h"

#define FROM_NOUN "libvirt"

static int report_results(struct vnm_cli *cli, struct vnm_result *results, size_t n,
			  const char *verb, const char *where)
{
	int status = 0;

	cli->n_targets = n;
	for (size_t i = 0; i < n; i++) {
		cli->n_reported = i;
		if (!vnm_cli_seen(cli, VNM_OPT_DRY_RUN))
			vnm_cli_log_result(cli, &results[i]);
		if (results[i].failed) {
			vnm_cli_fail(cli, &results[i].err, "Failed to import network %s",
				     results[i].name);
			status = 1;
		} else if (vnm_cli_seen(cli, VNM_OPT_DRY_RUN) && results[i].steps.n > 0) {
			vnm_bulk_print_steps(cli, &results[i]);
		} else {
			vnm_cli_extra(cli, "Network %s %s%s %s: %s\n", results[i].name,
				      vnm_cli_seen(cli, VNM_OPT_DRY_RUN) ? "would be " : "", verb,
				      where,
				      results[i].detail ? results[i].detail : "nothing is changed");
		}
	}
	vnm_results_free(results, n);
	return status;
}

static int import_backup(struct vnm_cli *cli, const char *file)
{
	const char *name = strcmp(file, "-") ? file : "stdin";
	vnm_autobuf struct vnm_buf text = { 0 };
	struct vnm_result *results = NULL;
	struct vnm_error err = { 0 };
	size_t n = 0;
	int r, status;

	if (vnm_cli_read(cli, file, "import networks", &text) < 0 || vnm_cli_open(cli) < 0)
		return 1;
	r = vnm_driver_import_backup(cli->driver, vnm_buf_str(&text), text.len, name, &results, &n,
				     &err);
	if (vnm_cli_finish(cli, r, &err, "Failed to import networks from %s", name) != 0) {
		if (*vnm_buf_str(&text) == '<')
			vnm_cli_hint(cli, "a definition is for net-define: vnetmgr net-define %s",
				     file);
		return 1;
	}
	status = report_results(cli, results, n, "imported from", name);
	fflush(stdout);
	if (n > 0 && status == 0 && !vnm_cli_seen(cli, VNM_OPT_DRY_RUN))
		vnm_cli_hint(cli, "nothing is started; those that are marked for autostart: "
				  "vnetmgr autostart; another one: vnetmgr net-start NETWORK");
	return status;
}

static int import_libvirt(struct vnm_cli *cli)
{
	const struct vnm_values *names = &cli->values[VNM_OPT_NETWORK];
	const bool undo = vnm_cli_seen(cli, VNM_OPT_UNDO);
	const struct vnm_import how = {
		.dir = vnm_cli_value(cli, VNM_OPT_FROM),
		.uri = vnm_cli_value(cli, VNM_OPT_URI),
		.names = (const char *const *)names->items,
		.n = names->n,
		.start = vnm_cli_seen(cli, VNM_OPT_START),
		.forget = vnm_cli_seen(cli, VNM_OPT_FORGET),
	};
	struct vnm_result *results = NULL;
	struct vnm_error err = { 0 };
	size_t n = 0;
	int r;

	if (vnm_cli_open(cli) < 0)
		return 1;
	r = undo ? vnm_driver_undo_import(cli->driver, &how, &results, &n, &err)
		 : vnm_driver_import(cli->driver, &how, &results, &n, &err);
	if (vnm_cli_finish(cli, r, &err, "Failed to import networks from " FROM_NOUN) != 0)
		return 1;
	return report_results(cli, results, n, undo ? "given back to" : "imported from", FROM_NOUN);
}

static int net_import(struct vnm_cli *cli)
{
	static const enum vnm_opt libvirts[] = { VNM_OPT_FROM, VNM_OPT_START, VNM_OPT_FORGET,
						 VNM_OPT_UNDO, VNM_OPT_URI,   VNM_OPT_NETWORK };
	const char *file = vnm_cli_value(cli, VNM_OPT_FILE);

	for (size_t i = 0; i < VNM_ARRAY_SIZE(libvirts); i++)
		if (vnm_cli_refuse_both(cli, VNM_OPT_FILE, libvirts[i]) < 0)
			return 1;
	if (vnm_cli_refuse_both(cli, VNM_OPT_UNDO, VNM_OPT_START) < 0 ||
	    vnm_cli_refuse_both(cli, VNM_OPT_UNDO, VNM_OPT_FROM) < 0 ||
	    vnm_cli_require(cli, VNM_OPT_FORGET, VNM_OPT_START) < 0)
		return 1;
	return file ? import_backup(cli, file) : import_libvirt(cli);
}

static const struct vnm_option net_import_options[] = {
	{ VNM_OPT_FILE, VNM_OPT_ARGUMENT | VNM_OPT_PLACED,
	  "a backup of net-export; - is standard input" },
	{ VNM_OPT_FROM, VNM_OPT_HAS_VALUE,
	  "directory of libvirt's definitions, instead of this host's", VNM_ARG_FILE },
	{ VNM_OPT_NETWORK, VNM_OPT_HAS_VALUE | VNM_OPT_MANY, "only this network of libvirt",
	  VNM_ARG_NONE },
	{ VNM_OPT_START, 0, "take over networks that are active in libvirt; it gives all up" },
	{ VNM_OPT_FORGET, 0, "libvirt is not to keep networks of mode bridge in their place" },
	{ VNM_OPT_UNDO, 0, "give imported networks back to libvirt" },
	{ VNM_OPT_URI, VNM_OPT_HAS_VALUE, "of libvirt's daemon, instead of network:///system" },
	VNM_OPTION_DRY_RUN,
	VNM_OPTION_JSON_STEPS,
};

const struct vnm_command vnm_command_net_import = {
	.name = "net-import",
	.group = VNM_HELP_DEFINITION,
	.flags = VNM_COMMAND_CHANGES,
	.summary = "take networks over from libvirt, or define those of a backup",
	.description = "Without a file: the networks that libvirt has on this host, with their "
		       "autostart and leases; with --start, active ones go on here while their "
		       "guests stay connected.",
	VNM_OPTIONS(net_import_options),
	.run = net_import,
};

static int export_named(struct vnm_cli *cli, const char *name, void *all, struct vnm_error *err)
{
	struct vnm_values *names = all;

	(void)cli;
	(void)err;
	names->items = vnm_array_add(names->items, &names->n, sizeof(*names->items));
	names->items[names->n - 1] = vnm_strdup(name);
	return 0;
}

static int write_backup(struct vnm_cli *cli, const char *file, const char *text)
{
	vnm_autofree char *dir = vnm_strdup(file), *base = vnm_strdup(file);
	vnm_autoclose int fd = -1;
	int r;

	if (!strcmp(file, "-")) {
		fputs(text, stdout);
		return 0;
	}
	fd = vnm_open(AT_FDCWD, dirname(dir), O_RDONLY | O_DIRECTORY, 0);
	r = fd < 0 ? fd
		   : vnm_file_replace(fd, basename(base), text, strlen(text), 0600, (gid_t)-1,
				      VNM_DURABLE);
	if (r < 0)
		vnm_cli_error(cli, "cannot write '%s': %s", file, strerror(-r));
	return r < 0 ? 1 : 0;
}

static int net_export(struct vnm_cli *cli)
{
	const char *file = vnm_cli_value(cli, VNM_OPT_FILE);
	struct vnm_values names = { 0 };
	vnm_autofree char *text = NULL;
	struct vnm_error err = { 0 };
	int r, status = 1;

	if (vnm_cli_open(cli) < 0)
		return 1;
	r = vnm_cli_gather(cli, export_named, &names);
	if (r == 0)
		r = vnm_driver_export(cli->driver, (const char *const *)names.items, names.n, &text,
				      &err);
	if (r < 0 && err.code == VNM_ERR_NONE)
		vnm_cli_close(cli);
	else if (vnm_cli_finish(cli, r, &err, "Failed to export networks") == 0)
		status = write_backup(cli, file, text);
	if (status == 0 && strcmp(file, "-") != 0)
		vnm_cli_extra(cli, "%zu network%s exported to %s\n", names.n,
			      names.n == 1 ? "" : "s", file);
	vnm_names_free((char **)names.items, names.n);
	return status;
}

static const struct vnm_option net_export_options[] = {
	{ VNM_OPT_FILE, VNM_OPT_OPERAND, "the backup to write; - is standard output" },
	{ VNM_OPT_NETWORK, VNM_OPT_ARGUMENT | VNM_OPT_MANY, VNM_NETWORK_HELP, VNM_ARG_PERSISTENT },
};

const struct vnm_command vnm_command_net_export = {
	.name = "net-export",
	.group = VNM_HELP_DEFINITION,
	.flags = VNM_COMMAND_BARE,
	.summary = "write definitions, attachments, leases and autostart into a backup",
	.description = "Of all networks, or of those that are named. net-import reads it.",
	VNM_OPTIONS(net_export_options),
	.run = net_export,
};
