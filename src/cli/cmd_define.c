/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cmd_define.c - definitions: net-define, net-create, net-undefine, net-autostart, net-dumpxml. */
#include <string.h>

#include "cli/applied.h"
#include "cli/bulk.h"
#include "cli/document.h"
#include "cli/input.h"
#include "cli/output.h"
#include "cli/session.h"
#include "util/mem.h"

/** struct from_file - what net-define and net-create do with a text, and their messages. */
struct from_file {
	int (*run)(struct vnm_driver *drv, const char *text, size_t len, const char *file,
		   struct vnm_applied *ret, struct vnm_error *err);
	const char *verb, *done;
	bool starts;
};

/* Is it active with another definition than the stored one? *ret_restart: and stays so until it is stopped */
static bool runs_with_another(struct vnm_cli *cli, const char *name, bool *ret_restart)
{
	vnm_autofree char *kept = NULL, *live = NULL;
	struct vnm_error ignored = { 0 };

	if (vnm_driver_compare(cli->driver, name, NULL, 0, NULL, &kept, &live, &ignored) < 0 ||
	    !strcmp(kept, live))
		return false;
	*ret_restart = vnm_driver_takes_restart(cli->driver, name);
	return true;
}

static void preview(struct vnm_cli *cli, const struct vnm_applied *applied, const char *file,
		    const struct from_file *how)
{
	bool same = !how->starts && (!applied->defined ||
				     (applied->kept && !strcmp(applied->kept, applied->wanted)));

	if (same && !vnm_cli_seen(cli, VNM_OPT_JSON))
		vnm_cli_extra(cli, "Network %s unchanged\n", applied->name);
	else
		vnm_cli_print_applied(cli, applied, file, &how->done, same ? 0 : 1);
}

static int run_from_file(struct vnm_cli *cli, const struct from_file *how)
{
	const char *file = vnm_cli_value(cli, VNM_OPT_FILE);
	vnm_autoapplied struct vnm_applied applied = { 0 };
	vnm_autofree char *what = vnm_asprintf("%s network", how->verb);
	vnm_autobuf struct vnm_buf text = { 0 };
	bool dry = vnm_cli_seen(cli, VNM_OPT_DRY_RUN), later = false, restart = false;
	struct vnm_error err = { 0 };
	int r;

	if (vnm_cli_read(cli, file, what, &text) < 0 || vnm_cli_open(cli) < 0)
		return 1;
	r = how->run(cli->driver, vnm_buf_str(&text), text.len, strcmp(file, "-") ? file : "stdin",
		     &applied, &err);
	if (r == 0)
		cli->network = vnm_strdup(applied.name);
	if (r == 0 && how->starts && !dry)
		vnm_driver_start_hints(cli->driver, applied.name, &applied.hints);
	if (r == 0 && !how->starts && !dry && applied.active)
		later = runs_with_another(cli, applied.name, &restart);
	if (vnm_cli_finish(cli, r, &err, "Failed to %s network from %s", how->verb, file) != 0)
		return 1;
	if (dry)
		preview(cli, &applied, file, how);
	else
		vnm_cli_extra(cli, "Network %s %s from %s\n", applied.name, how->done, file);
	vnm_cli_hints(cli, &applied.hints);
	if (later)
		vnm_cli_hint_later(cli, applied.name, restart);
	return 0;
}

/* clang-format off */
#define FILE_OPTIONS \
	{ VNM_OPT_FILE, VNM_OPT_OPERAND, \
	  "file containing an XML network description; - is standard input" }, \
	{ VNM_OPT_VALIDATE, 0, "validate the XML against the schema; this is always done" }
/* clang-format on */

static int net_define(struct vnm_cli *cli)
{
	static const struct from_file how = { vnm_driver_define, "define", "defined", false };

	return run_from_file(cli, &how);
}

static const struct vnm_option net_define_options[] = {
	FILE_OPTIONS,
	VNM_OPTION_DRY_RUN,
	VNM_OPTION_JSON_STEPS,
};

const struct vnm_command vnm_command_net_define = {
	.name = "net-define",
	.group = VNM_HELP_DEFINITION,
	.flags = VNM_COMMAND_CHANGES | VNM_COMMAND_LATE,
	.summary = "store a persistent definition, or replace it",
	.description = "An active network is not changed; the new definition takes effect "
		       "at its next start.",
	VNM_OPTIONS(net_define_options),
	.run = net_define,
};

static int net_create(struct vnm_cli *cli)
{
	static const struct from_file how = { vnm_driver_create, "create", "created", true };

	return run_from_file(cli, &how);
}

static const struct vnm_option net_create_options[] = {
	FILE_OPTIONS,
	VNM_OPTIONS_GUARD,
	VNM_OPTION_DRY_RUN,
	VNM_OPTION_JSON_STEPS,
};

const struct vnm_command vnm_command_net_create = {
	.name = "net-create",
	.group = VNM_HELP_LIFECYCLE,
	.flags = VNM_COMMAND_CHANGES,
	.summary = "start a transient network from a file",
	.description = "The network is transient: once it stops, nothing of it is left.",
	VNM_OPTIONS(net_create_options),
	.run = net_create,
};

static int undefine_one(struct vnm_cli *cli, const char *name, struct vnm_result *result)
{
	return vnm_driver_undefine(cli->driver, name, &result->err);
}

static int net_undefine(struct vnm_cli *cli)
{
	static const struct vnm_bulk undefine = {
		.one = undefine_one,
		.failed = "Failed to undefine",
		.done = "has been undefined",
	};

	return vnm_cli_bulk(cli, &undefine);
}

static const struct vnm_option net_undefine_options[] = { VNM_OPTION_NETWORKS_OF(
	VNM_ARG_PERSISTENT) };

const struct vnm_command vnm_command_net_undefine = {
	.name = "net-undefine",
	.group = VNM_HELP_DEFINITION,
	.flags = VNM_COMMAND_CHANGES,
	.summary = "remove a persistent definition",
	.description = "An active network continues as a transient one.",
	VNM_OPTIONS(net_undefine_options),
	.run = net_undefine,
};

static bool is_persistent(const struct vnm_info *info)
{
	return info->persistent;
}

static int set_autostart_one(struct vnm_cli *cli, const char *name, struct vnm_result *result)
{
	return vnm_driver_set_autostart(cli->driver, name, !vnm_cli_seen(cli, VNM_OPT_DISABLE),
					&result->err);
}

static void report_autostart(struct vnm_cli *cli, const struct vnm_result *result)
{
	const char *un = vnm_cli_seen(cli, VNM_OPT_DISABLE) ? "un" : "";

	if (result->failed)
		vnm_cli_fail(cli, &result->err, "failed to %smark network %s as autostarted", un,
			     result->name);
	else
		vnm_cli_extra(cli, "Network %s %smarked as autostarted\n", result->name, un);
}

static int net_autostart(struct vnm_cli *cli)
{
	static const struct vnm_bulk mark = {
		.wanted = is_persistent,
		.one = set_autostart_one,
		.report = report_autostart,
	};

	return vnm_cli_bulk(cli, &mark);
}

static const struct vnm_option net_autostart_options[] = {
	VNM_OPTION_NETWORKS_OR_ALL(VNM_ARG_PERSISTENT),
	{ VNM_OPT_ALL, 0, "all persistent networks" },
	{ VNM_OPT_DISABLE, 0, "disable autostarting" },
};

const struct vnm_command vnm_command_net_autostart = {
	.name = "net-autostart",
	.group = VNM_HELP_DEFINITION,
	.flags = VNM_COMMAND_CHANGES,
	.summary = "start networks at boot, or no longer",
	.description = "Configures networks to be automatically started at boot, by \"vnetmgr "
		       "autostart\".",
	VNM_OPTIONS(net_autostart_options),
	.run = net_autostart,
};

static int net_dumpxml(struct vnm_cli *cli)
{
	vnm_autofree char *name = NULL, *xml = NULL;
	const struct vnm_dumpxml what = { .inactive = vnm_cli_seen(cli, VNM_OPT_INACTIVE),
					  .secrets = vnm_cli_seen(cli, VNM_OPT_SECURITY_INFO),
					  .frr = vnm_cli_seen(cli, VNM_OPT_FRR) };
	struct vnm_error err = { 0 };
	int r;

	if (vnm_cli_lookup(cli, &name) < 0)
		return 1;
	r = vnm_driver_dumpxml(cli->driver, name, &what, &xml, &err);
	if (vnm_cli_finish(cli, r, &err, NULL) != 0)
		return 1;
	if (!what.frr)
		return vnm_cli_print_xml(cli, xml);
	fputs(xml, stdout);
	return 0;
}

static const struct vnm_option net_dumpxml_options[] = {
	VNM_OPTION_NETWORK,
	{ VNM_OPT_INACTIVE, 0, "show inactive defined XML" },
	{ VNM_OPT_SECURITY_INFO, 0, "include passwords" },
	{ VNM_OPT_FRR, 0, "instead, FRR's configuration of a network with EVPN" },
	VNM_OPTIONS_XPATH,
};

const struct vnm_command vnm_command_net_dumpxml = {
	.name = "net-dumpxml",
	.group = VNM_HELP_DEFINITION,
	.flags = VNM_COMMAND_PUBLIC,
	.summary = "print a definition",
	.description = "Prints the live definition of an active network, otherwise the "
		       "persistent one.",
	VNM_OPTIONS(net_dumpxml_options),
	.run = net_dumpxml,
};
