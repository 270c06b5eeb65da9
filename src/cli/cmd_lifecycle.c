/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cmd_lifecycle.c - up and down: net-start, net-destroy, net-repair, net-confirm, autostart. */
#include "cli/cli_internal.h"

#include "plan/op/op_print.h"
#include "state/store.h"
#include "util/mem.h"

static bool is_active(const struct vnm_info *info)
{
	return info->active;
}

static bool can_start(const struct vnm_info *info)
{
	return info->persistent && !info->active;
}

static void tell_started(struct vnm_cli *cli, const struct vnm_result *result)
{
	if (result->failed)
		vnm_cli_fail(cli, &result->err, "Failed to start network %s", result->name);
	else
		vnm_cli_extra(cli, "Network %s started\n", result->name);
}

static void tell_destroyed(struct vnm_cli *cli, const struct vnm_result *result)
{
	if (result->failed)
		vnm_cli_fail(cli, &result->err, "Failed to destroy network %s", result->name);
	else
		vnm_cli_extra(cli, "Network %s destroyed\n", result->name);
}

static void tell_repaired(struct vnm_cli *cli, const struct vnm_result *result)
{
	if (result->detail && (!result->failed || result->obstructed))
		vnm_cli_extra(cli, "Network %s repaired: %s\n", result->name, result->detail);
	if (result->failed)
		vnm_cli_fail(cli, &result->err, "Failed to repair network %s", result->name);
	else if (!result->detail)
		vnm_cli_extra(cli, "Network %s is complete\n", result->name);
}

/* At boot the same line serves those that had to be started and those that were up and not whole. */
static void tell_booted(struct vnm_cli *cli, const struct vnm_result *result)
{
	if (!result->failed && result->detail)
		tell_repaired(cli, result);
	else if (result->failed || !result->skipped)
		tell_started(cli, result);
}

/* A plan is a result, and so it is printed with --quiet, too. */
static void tell_plan(struct vnm_cli *cli, const struct vnm_result *result, const char *steps)
{
	if (cli->n_targets > 1)
		printf("%s# network %s\n", cli->n_told ? "\n" : "", result->name);
	fputs(steps ? steps : "", stdout);
}

static void tell_start_plan(struct vnm_cli *cli, const struct vnm_result *result)
{
	if (result->failed)
		tell_started(cli, result);
	else
		tell_plan(cli, result, result->steps);
}

static void tell_destroy_plan(struct vnm_cli *cli, const struct vnm_result *result)
{
	if (result->failed)
		tell_destroyed(cli, result);
	else
		tell_plan(cli, result, result->detail);
}

static void tell_repair_plan(struct vnm_cli *cli, const struct vnm_result *result)
{
	if (result->steps)
		tell_plan(cli, result, result->steps);
	if (result->failed)
		vnm_cli_fail(cli, &result->err, "Failed to repair network %s", result->name);
	else if (!result->steps)
		vnm_cli_extra(cli, "Network %s is complete\n", result->name);
}

static int preview_destroy(struct vnm_cli *cli, const char *name, char **ret_detail,
			   struct vnm_error *err)
{
	vnm_autoplan struct vnm_plan plan = { 0 };
	vnm_autobuf struct vnm_buf text = { 0 };
	int r = vnm_driver_preview_destroy(cli->driver, name, &plan, err);

	if (r < 0)
		return r;
	vnm_plan_print(&plan, true, &text);
	*ret_detail = vnm_buf_steal(&text);
	return 0;
}

/** vnm_cmd_start() - net-start. Return: the exit status. */
int vnm_cmd_start(struct vnm_cli *cli)
{
	static const struct vnm_bulk start = {
		.wanted = can_start,
		.all = vnm_driver_start,
		.tell = tell_started,
		.hooks = true,
	};
	static const struct vnm_bulk preview = {
		.wanted = can_start,
		.all = vnm_driver_start,
		.tell = tell_start_plan,
	};

	return vnm_cli_bulk(cli, vnm_cli_seen(cli, VNM_OPT_DRY_RUN) ? &preview : &start);
}

/** vnm_cmd_destroy() - net-destroy. Return: the exit status. */
int vnm_cmd_destroy(struct vnm_cli *cli)
{
	static const struct vnm_bulk destroy = {
		.wanted = is_active,
		.all = vnm_driver_destroy,
		.tell = tell_destroyed,
		.hooks = true,
	};
	static const struct vnm_bulk preview = {
		.wanted = is_active,
		.one = preview_destroy,
		.tell = tell_destroy_plan,
	};

	return vnm_cli_bulk(cli, vnm_cli_seen(cli, VNM_OPT_DRY_RUN) ? &preview : &destroy);
}

/** vnm_cmd_repair() - net-repair. Return: the exit status. */
int vnm_cmd_repair(struct vnm_cli *cli)
{
	static const struct vnm_bulk repair = {
		.wanted = is_active,
		.all = vnm_driver_repair,
		.tell = tell_repaired,
	};
	static const struct vnm_bulk preview = {
		.wanted = is_active,
		.all = vnm_driver_repair,
		.tell = tell_repair_plan,
	};

	return vnm_cli_bulk(cli, vnm_cli_seen(cli, VNM_OPT_DRY_RUN) ? &preview : &repair);
}

static int confirm_one(struct vnm_cli *cli, const char *name, char **ret_detail,
		       struct vnm_error *err)
{
	(void)ret_detail;
	return vnm_driver_confirm(cli->driver, name, err);
}

static void tell_confirmed(struct vnm_cli *cli, const struct vnm_result *result)
{
	if (result->failed)
		vnm_cli_fail(cli, &result->err, "Failed to confirm network %s", result->name);
	else
		vnm_cli_extra(cli, "Network %s confirmed\n", result->name);
}

/** vnm_cmd_confirm() - net-confirm. Return: the exit status. */
int vnm_cmd_confirm(struct vnm_cli *cli)
{
	static const struct vnm_bulk confirm = { .one = confirm_one, .tell = tell_confirmed };

	return vnm_cli_bulk(cli, &confirm);
}

/** vnm_cmd_autostart() - autostart. Return: the exit status; that of a part when others are up. */
int vnm_cmd_autostart(struct vnm_cli *cli)
{
	static const struct vnm_bulk boot = { .all = vnm_driver_autostart, .hooks = true };
	struct vnm_result *results;
	struct vnm_error err = { 0 };
	size_t n, n_failed = 0;
	char **names;

	if (vnm_cli_open(cli) < 0)
		return 1;
	if (vnm_driver_marked(cli->driver, &names, &n, &err) < 0) {
		vnm_cli_error(cli, "%s", err.msg);
		return 1;
	}
	results = vnm_cli_all(cli, &boot, (const char *const *)names, n);
	vnm_cli_close(cli);
	vnm_names_free(names, n);
	for (size_t i = 0; i < n; i++) {
		tell_booted(cli, &results[i]);
		n_failed += results[i].failed;
	}
	vnm_results_free(results, n);
	if (n_failed == 0)
		return 0;
	return n_failed < n ? VNM_STATUS_PART : 1;
}

/** vnm_cmd_autostop() - autostop. Return: the exit status. */
int vnm_cmd_autostop(struct vnm_cli *cli)
{
	struct vnm_result *results;
	struct vnm_error err = { 0 };
	int status = 0;
	size_t n;

	if (vnm_cli_open(cli) < 0)
		return 1;
	if (vnm_driver_autostop(cli->driver, &results, &n, &err) < 0) {
		vnm_cli_error(cli, "%s", err.msg);
		return 1;
	}
	vnm_cli_close(cli);
	for (size_t i = 0; i < n; i++) {
		if (results[i].failed)
			vnm_cli_fail(cli, &results[i].err,
				     "Failed to end the dnsmasq of network %s", results[i].name);
		status |= results[i].failed;
	}
	vnm_results_free(results, n);
	return status;
}
