/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cmd_define.c - definitions: net-define, net-create, net-undefine, net-autostart, net-dumpxml. */
#include "cli/cli_internal.h"

#include <string.h>

#include "util/mem.h"

/** struct from_file - what net-define and net-create do with a text, and what they call it. */
struct from_file {
	int (*run)(struct vnm_driver *drv, const char *text, size_t len, const char *file,
		   struct vnm_applied *ret, struct vnm_error *err);
	const char *verb, *done;
};

static int run_from_file(struct vnm_cli *cli, const struct from_file *how)
{
	const char *file = vnm_cli_value(cli, VNM_OPT_FILE);
	vnm_autoapplied struct vnm_applied applied = { 0 };
	vnm_autofree char *what = vnm_asprintf("%s network", how->verb);
	vnm_autobuf struct vnm_buf text = { 0 };
	struct vnm_error err = { 0 };
	int r;

	if (vnm_cli_read(cli, file, what, &text) < 0 || vnm_cli_open(cli) < 0)
		return 1;
	r = how->run(cli->driver, vnm_buf_str(&text), text.len, strcmp(file, "-") ? file : "stdin",
		     &applied, &err);
	vnm_cli_close(cli);
	if (r < 0) {
		vnm_cli_fail(cli, &err, "Failed to %s network from %s", how->verb, file);
		return 1;
	}
	if (vnm_cli_seen(cli, VNM_OPT_DRY_RUN))
		vnm_cli_tell_applied(cli, &applied, file, how->done);
	else
		vnm_cli_extra(cli, "Network %s %s from %s\n", applied.name, how->done, file);
	return 0;
}

/** vnm_cmd_define() - net-define. Return: the exit status. */
int vnm_cmd_define(struct vnm_cli *cli)
{
	static const struct from_file how = { vnm_driver_define, "define", "defined" };

	return run_from_file(cli, &how);
}

/** vnm_cmd_create() - net-create. Return: the exit status. */
int vnm_cmd_create(struct vnm_cli *cli)
{
	static const struct from_file how = { vnm_driver_create, "create", "created" };

	return run_from_file(cli, &how);
}

static int undefine_one(struct vnm_cli *cli, const char *name, char **ret_detail,
			struct vnm_error *err)
{
	(void)ret_detail;
	return vnm_driver_undefine(cli->driver, name, err);
}

static void tell_undefined(struct vnm_cli *cli, const struct vnm_result *result)
{
	if (result->failed)
		vnm_cli_fail(cli, &result->err, "Failed to undefine network %s", result->name);
	else
		vnm_cli_extra(cli, "Network %s has been undefined\n", result->name);
}

/** vnm_cmd_undefine() - net-undefine. Return: the exit status. */
int vnm_cmd_undefine(struct vnm_cli *cli)
{
	static const struct vnm_bulk undefine = { .one = undefine_one, .tell = tell_undefined };

	return vnm_cli_bulk(cli, &undefine);
}

static bool is_persistent(const struct vnm_info *info)
{
	return info->persistent;
}

static int mark_one(struct vnm_cli *cli, const char *name, char **ret_detail, struct vnm_error *err)
{
	(void)ret_detail;
	return vnm_driver_set_autostart(cli->driver, name, !vnm_cli_seen(cli, VNM_OPT_DISABLE),
					err);
}

static void tell_marked(struct vnm_cli *cli, const struct vnm_result *result)
{
	const char *un = vnm_cli_seen(cli, VNM_OPT_DISABLE) ? "un" : "";

	if (result->failed)
		vnm_cli_fail(cli, &result->err, "failed to %smark network %s as autostarted", un,
			     result->name);
	else
		vnm_cli_extra(cli, "Network %s %smarked as autostarted\n", result->name, un);
}

/** vnm_cmd_net_autostart() - net-autostart. Return: the exit status. */
int vnm_cmd_net_autostart(struct vnm_cli *cli)
{
	static const struct vnm_bulk mark = {
		.wanted = is_persistent,
		.one = mark_one,
		.tell = tell_marked,
	};

	return vnm_cli_bulk(cli, &mark);
}

/** vnm_cmd_dumpxml() - net-dumpxml. Return: the exit status. */
int vnm_cmd_dumpxml(struct vnm_cli *cli)
{
	vnm_autofree char *name = NULL, *xml = NULL;
	struct vnm_error err = { 0 };
	int r;

	if (vnm_cli_lookup(cli, &name) < 0)
		return 1;
	r = vnm_driver_dumpxml(cli->driver, name, vnm_cli_seen(cli, VNM_OPT_INACTIVE), &xml, &err);
	vnm_cli_close(cli);
	if (r < 0) {
		vnm_cli_error(cli, "%s", err.msg);
		return 1;
	}
	return vnm_cli_print_xml(cli, xml);
}
