/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cmd_lifecycle.c - net-start, net-destroy, net-repair, net-confirm, autostart. */
#include <string.h>

#include "cli/bulk.h"
#include "cli/document.h"
#include "cli/log.h"
#include "cli/output.h"
#include "cli/session.h"
#include "cli/steps_output.h"
#include "state/store.h"
#include "util/buf.h"

static bool is_active(const struct vnm_info *info)
{
	return info->active;
}

static bool can_start(const struct vnm_info *info)
{
	return info->persistent && !info->active;
}

/* With --dry-run: the steps. */
static void report_repaired(struct vnm_cli *cli, const struct vnm_result *result)
{
	bool dry = vnm_cli_seen(cli, VNM_OPT_DRY_RUN);

	if (dry && (result->steps.n > 0 || (vnm_cli_seen(cli, VNM_OPT_JSON) && !result->failed)))
		vnm_bulk_print_steps(cli, result);
	else if (!dry && result->detail && (!result->failed || result->obstructed))
		vnm_cli_extra(cli, "Network %s repaired: %s\n", result->name, result->detail);
	if (result->failed)
		vnm_cli_fail(cli, &result->err, "Failed to repair network %s", result->name);
	else if (dry ? result->steps.n == 0 : !result->detail)
		vnm_cli_extra(cli, "Network %s is complete\n", result->name);
}

/* At boot, a network is started or, if it is active and degraded, repaired. */
static void report_booted(struct vnm_cli *cli, const struct vnm_result *result)
{
	if (result->failed)
		vnm_cli_fail(cli, &result->err, "Failed to start network %s", result->name);
	else if (result->detail)
		report_repaired(cli, result);
	else if (!result->skipped)
		vnm_cli_extra(cli, "Network %s started\n", result->name);
}

static int preview_destroy(struct vnm_cli *cli, const char *name, struct vnm_result *result)
{
	vnm_autoplan struct vnm_plan plan = { 0 };
	int r = vnm_driver_preview_destroy(cli->driver, name, &plan, &result->err);

	if (r == 0)
		vnm_steps_add_plan(&result->steps, &plan, true);
	return r;
}

static int start_all(struct vnm_driver *drv, const char *const *names, size_t n,
		     struct vnm_result **ret, struct vnm_error *err)
{
	int r = vnm_driver_start(drv, names, n, ret, err);

	for (size_t i = 0; r == 0 && i < n && !drv->assumed; i++)
		if (!(*ret)[i].failed)
			vnm_driver_start_hints(drv, names[i], &(*ret)[i].hints);
	return r;
}

static int net_start(struct vnm_cli *cli)
{
	static const struct vnm_bulk start = {
		.wanted = can_start,
		.all = start_all,
		.failed = "Failed to start",
		.done = "started",
		.hooks = true,
	};

	return vnm_cli_bulk(cli, &start);
}

static const struct vnm_option net_start_options[] = {
	VNM_OPTION_NETWORKS_OR_ALL(VNM_ARG_INACTIVE),
	{ VNM_OPT_ALL, 0, "all inactive networks" },
	VNM_OPTION_DRY_RUN,
	VNM_OPTION_JSON_STEPS,
	VNM_OPTIONS_GUARD,
};

const struct vnm_command vnm_command_net_start = {
	.name = "net-start",
	.group = VNM_HELP_LIFECYCLE,
	.flags = VNM_COMMAND_CHANGES,
	.summary = "start networks",
	.description = "A network that cannot be started leaves nothing behind, and stops "
		       "none of the others.",
	VNM_OPTIONS(net_start_options),
	.run = net_start,
};

static int net_destroy(struct vnm_cli *cli)
{
	static const struct vnm_bulk destroy = {
		.wanted = is_active,
		.all = vnm_driver_destroy,
		.failed = "Failed to destroy",
		.done = "destroyed",
		.hooks = true,
	};
	static const struct vnm_bulk preview = {
		.wanted = is_active,
		.one = preview_destroy,
		.failed = "Failed to destroy",
	};

	return vnm_cli_bulk(cli, vnm_cli_seen(cli, VNM_OPT_DRY_RUN) ? &preview : &destroy);
}

static const struct vnm_option net_destroy_options[] = {
	VNM_OPTION_NETWORKS_OR_ALL(VNM_ARG_ACTIVE),
	{ VNM_OPT_ALL, 0, "all active networks" },
	{ VNM_OPT_DRY_RUN, 0, "only print what would be reverted" },
	VNM_OPTION_JSON_STEPS,
};

const struct vnm_command vnm_command_net_destroy = {
	.name = "net-destroy",
	.group = VNM_HELP_LIFECYCLE,
	.flags = VNM_COMMAND_CHANGES,
	.summary = "stop networks",
	.description = "Reverts everything that the start did. Persistent definitions are "
		       "kept.",
	VNM_OPTIONS(net_destroy_options),
	.run = net_destroy,
};

static void report_firewall(struct vnm_cli *cli, const struct vnm_firewall_change *change)
{
	if (vnm_cli_seen(cli, VNM_OPT_JSON))
		vnm_firewall_document(cli, change);
	else if (!change->active)
		vnm_cli_extra(cli,
			      "No network is active; the firewall back end will be %s, since %s\n",
			      change->to, change->reason);
	else if (!strcmp(change->from, change->to))
		vnm_cli_extra(cli, "Firewall back end is %s, since %s\n", change->to,
			      change->reason);
	else if (!vnm_cli_seen(cli, VNM_OPT_DRY_RUN))
		vnm_cli_extra(cli, "Firewall back end changed from %s to %s, since %s\n",
			      change->from, change->to, change->reason);
	else
		vnm_cli_print_steps(cli, NULL, &change->steps);
}

/* Of all networks. Return: the exit status. */
static int suit_firewall(struct vnm_cli *cli)
{
	struct vnm_firewall_change change = { 0 };
	vnm_autobuf struct vnm_buf moved = { 0 };
	struct vnm_error err = { 0 };
	int r;

	if (vnm_cli_open(cli) < 0)
		return 1;
	r = vnm_driver_suit_firewall(cli->driver, &change, &err);
	if (r == 0)
		vnm_buf_printf(&moved, "the firewall back end changed from %s to %s", change.from,
			       change.to);
	if (r < 0 || (change.active && strcmp(change.from, change.to) != 0))
		vnm_cli_log_detail(cli, NULL, r < 0 ? NULL : vnm_buf_str(&moved),
				   r < 0 ? &err : NULL);
	vnm_cli_close(cli);
	if (r == 0)
		report_firewall(cli, &change);
	else
		vnm_cli_fail(cli, &err, "Failed to change the firewall back end");
	vnm_steps_clear(&change.steps);
	return r < 0;
}

static int net_repair(struct vnm_cli *cli)
{
	static const struct vnm_bulk repair = {
		.wanted = is_active,
		.all = vnm_driver_repair,
		.report = report_repaired,
	};

	if (vnm_cli_seen(cli, VNM_OPT_FIREWALL)) {
		if (suit_firewall(cli) != 0)
			return 1;
		if (!vnm_cli_seen(cli, VNM_OPT_ALL) && !vnm_cli_seen(cli, VNM_OPT_NETWORK))
			return 0;
	}
	return vnm_cli_bulk(cli, &repair);
}

static const struct vnm_option net_repair_options[] = {
	VNM_OPTION_NETWORKS_OR_ALL(VNM_ARG_ACTIVE),
	{ VNM_OPT_ALL, 0, "all active networks" },
	{ VNM_OPT_FIREWALL, 0,
	  "first move the rules of all active networks to the firewall back end that suits the "
	  "host now" },
	{ VNM_OPT_DRY_RUN, 0, "only print what would be restored" },
	VNM_OPTION_JSON_STEPS,
};

const struct vnm_command vnm_command_net_repair = {
	.name = "net-repair",
	.group = VNM_HELP_LIFECYCLE,
	.flags = VNM_COMMAND_CHANGES,
	.summary = "restore what active networks have lost",
	.description = "Compares them with the system and restores what is missing; "
		       "nothing else is touched.",
	VNM_OPTIONS(net_repair_options),
	.run = net_repair,
};

/* Return: how many failed. */
static size_t run_boot(struct vnm_cli *cli, const struct vnm_bulk *bulk, char **names, size_t n)
{
	struct vnm_result *results = vnm_cli_all(cli, bulk, (const char *const *)names, n);
	size_t failed = 0;

	for (size_t i = 0; i < n; i++) {
		bulk->report(cli, &results[i]);
		vnm_cli_log_result(cli, &results[i]);
		failed += results[i].failed;
	}
	vnm_results_free(results, n);
	return failed;
}

static const struct vnm_bulk boot = { .all = vnm_driver_autostart,
				      .report = report_booted,
				      .hooks = true };

/* Networks that wait for devices, and those that have lost some. Return: how many failed of @ret_n. */
static size_t start_late(struct vnm_cli *cli, size_t *ret_n)
{
	static const struct vnm_bulk repair = { .all = vnm_driver_repair,
						.report = report_repaired };
	char **waiting, **active;
	size_t n_waiting, n_active, failed;

	vnm_driver_late(cli->driver, true, &active, &n_active);
	vnm_driver_late(cli->driver, false, &waiting, &n_waiting);
	failed =
		run_boot(cli, &repair, active, n_active) + run_boot(cli, &boot, waiting, n_waiting);
	vnm_names_free(active, n_active);
	vnm_names_free(waiting, n_waiting);
	*ret_n = n_active + n_waiting;
	return failed;
}

/* Return: the exit status; that of a part when others are up. */
static int autostart(struct vnm_cli *cli)
{
	struct vnm_error err = { 0 };
	size_t n, failed;
	char **names;

	if (vnm_cli_open(cli) < 0)
		return 1;
	if (vnm_cli_seen(cli, VNM_OPT_LATE)) {
		failed = start_late(cli, &n);
	} else if (vnm_driver_marked(cli->driver, &names, &n, &err) < 0) {
		vnm_cli_error(cli, "%s", err.msg);
		return 1;
	} else {
		failed = run_boot(cli, &boot, names, n);
		vnm_names_free(names, n);
	}
	vnm_cli_close(cli);
	if (failed == 0)
		return 0;
	return failed < n ? VNM_STATUS_PART : 1;
}

static const struct vnm_option autostart_options[] = {
	{ VNM_OPT_LATE, 0,
	  "only those that wait for devices; and repair active ones that use devices" },
};

const struct vnm_command vnm_command_autostart = {
	.name = "autostart",
	.group = VNM_HELP_LIFECYCLE,
	.flags = VNM_COMMAND_CHANGES,
	.summary = "start the networks that are marked for autostart",
	.description = "See net-autostart. Active networks are left alone.",
	VNM_OPTIONS(autostart_options),
	.run = autostart,
};

static int autostop(struct vnm_cli *cli)
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
				     "Failed to stop the dnsmasq of network %s", results[i].name);
		vnm_cli_log_result(cli, &results[i]);
		status |= results[i].failed;
	}
	vnm_results_free(results, n);
	return status;
}

const struct vnm_command vnm_command_autostop = {
	.name = "autostop",
	.group = VNM_HELP_LIFECYCLE,
	.flags = VNM_COMMAND_CHANGES,
	.summary = "stop dnsmasq of all active networks (at shutdown)",
	.description = "The networks stay; net-repair starts dnsmasq again.",
	.run = autostop,
};
