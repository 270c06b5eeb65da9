/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cmd_diff.c - definitions that are compared, and renamed: net-diff, net-rename. */
#include <stdio.h>
#include <string.h>

#include "cli/applied.h"
#include "cli/colour.h"
#include "cli/document.h"
#include "cli/input.h"
#include "cli/json.h"
#include "cli/output.h"
#include "cli/session.h"
#include "util/mem.h"

/* struct comparison - of two definitions, and of an active network with the system: what net-info reports. */
struct comparison {
	struct vnm_buf difference;
	struct vnm_info info;
};

static void comparison_clear(struct comparison *found)
{
	vnm_buf_clear(&found->difference);
	vnm_info_clear(&found->info);
}
#define autocomparison __attribute__((cleanup(comparison_clear)))

static int compare(struct vnm_cli *cli, const char *name, const char *file,
		   const struct vnm_buf *text, struct comparison *ret, struct vnm_error *err)
{
	vnm_autofree char *kept = NULL, *other = NULL;
	int r = vnm_driver_compare(cli->driver, name, file ? vnm_buf_str(text) : NULL, text->len,
				   file, &kept, &other, err);

	if (r < 0)
		return r;
	vnm_print_difference(name, kept, file ? file : "active network", other, &ret->difference);
	return file ? 0 : vnm_driver_info(cli->driver, name, true, &ret->info, err);
}

static void print_fault(const struct vnm_cli *cli, const char *what, const char *text)
{
	vnm_autofree char *line = vnm_asprintf("%s: %s", what, text);
	vnm_autobuf struct vnm_buf out = { 0 };

	vnm_colour_add(&out, cli->colours ? VNM_COLOUR_BAD : VNM_COLOUR_NONE, line, strlen(line));
	puts(vnm_buf_str(&out));
}

static void print_comparison(struct vnm_cli *cli, const char *name, const char *file,
			     const struct comparison *found)
{
	const struct vnm_info *info = &found->info;
	json_t *document = vnm_cli_seen(cli, VNM_OPT_JSON) ? vnm_document(cli) : NULL;

	if (document) {
		vnm_json_set(document, "network", vnm_json_string(name));
		vnm_json_set(document, "file", vnm_json_string(file));
		vnm_json_set(document, "difference",
			     vnm_json_lines(vnm_buf_str(&found->difference)));
		vnm_json_set(document, "missing",
			     vnm_json_strings((const char *const *)info->missing, info->n_missing));
		vnm_json_set(document, "faults",
			     vnm_json_strings((const char *const *)info->faults, info->n_faults));
		return;
	}
	vnm_cli_print_marked(cli, vnm_buf_str(&found->difference));
	for (size_t i = 0; i < info->n_missing; i++)
		print_fault(cli, "missing", info->missing[i]);
	for (size_t i = 0; i < info->n_faults; i++)
		print_fault(cli, "degraded", info->faults[i]);
}

/* Return: the exit status; VNM_STATUS_DIFFERS when there is a difference. */
static int net_diff(struct vnm_cli *cli)
{
	const char *file = vnm_cli_value(cli, VNM_OPT_FILE);
	vnm_autobuf struct vnm_buf text = { 0 };
	struct comparison found autocomparison = { 0 };
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
	r = compare(cli, name, file, &text, &found, &err);
	if (vnm_cli_finish(cli, r, &err, "Failed to compare network %s", name) != 0)
		return 1;
	print_comparison(cli, name, file, &found);
	return found.difference.len > 0 || found.info.n_missing > 0 || found.info.n_faults > 0
		       ? VNM_STATUS_DIFFERS
		       : 0;
}

static const struct vnm_option net_diff_options[] = {
	VNM_OPTION_NETWORK,
	{ VNM_OPT_FILE, VNM_OPT_ARGUMENT | VNM_OPT_PLACED,
	  "file to compare the persistent definition with" },
	{ VNM_OPT_LIVE, 0,
	  "compare it with the active network, and that with the state of the system" },
	VNM_OPTION_JSON,
};

const struct vnm_command vnm_command_net_diff = {
	.name = "net-diff",
	.group = VNM_HELP_DEFINITION,
	.flags = VNM_COMMAND_PUBLIC,
	.summary = "compare a definition with a file or the running network",
	.description = "Exit status: 0 no difference, 2 there is one, 1 an error.",
	VNM_OPTIONS(net_diff_options),
	.run = net_diff,
};

static int net_rename(struct vnm_cli *cli)
{
	const char *to = vnm_cli_value(cli, VNM_OPT_NEW_NAME);
	vnm_autofree char *name = NULL;
	struct vnm_error err = { 0 };
	int r;

	if (vnm_cli_lookup(cli, &name) < 0)
		return 1;
	r = vnm_driver_rename(cli->driver, name, to, &err);
	if (vnm_cli_finish(cli, r, &err, "Failed to rename network %s to %s", name, to) != 0)
		return 1;
	vnm_cli_extra(cli, "Network %s renamed to %s\n", name, to);
	return 0;
}

static const struct vnm_option net_rename_options[] = {
	VNM_OPTION_NETWORK_OF(VNM_ARG_INACTIVE),
	{ VNM_OPT_NEW_NAME, VNM_OPT_OPERAND, "the new name" },
};

const struct vnm_command vnm_command_net_rename = {
	.name = "net-rename",
	.group = VNM_HELP_DEFINITION,
	.flags = VNM_COMMAND_CHANGES,
	.summary = "rename an inactive network",
	.description = "UUID, bridge, leases and the autostart link are kept.",
	VNM_OPTIONS(net_rename_options),
	.run = net_rename,
};
