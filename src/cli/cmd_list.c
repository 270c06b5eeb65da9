/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cmd_list.c - networks and their state: net-list, net-info. */
#include <stdio.h>
#include <stdlib.h>

#include "cli/bulk.h"
#include "cli/output.h"
#include "cli/session.h"
#include "cli/table.h"
#include "util/mem.h"

/* A pair of opposite filters: none or both select everything. */
static bool pair_wants(const struct vnm_cli *cli, enum vnm_opt yes, enum vnm_opt no, bool is)
{
	return vnm_cli_seen(cli, yes) == vnm_cli_seen(cli, no) || vnm_cli_seen(cli, yes) == is;
}

static bool list_wants(const struct vnm_cli *cli, const struct vnm_info *info)
{
	if (!vnm_cli_seen(cli, VNM_OPT_ALL) && info->active == vnm_cli_seen(cli, VNM_OPT_INACTIVE))
		return false;
	return pair_wants(cli, VNM_OPT_PERSISTENT, VNM_OPT_TRANSIENT, info->persistent) &&
	       pair_wants(cli, VNM_OPT_AUTOSTART, VNM_OPT_NO_AUTOSTART, info->autostart);
}

static const char *state_word(const struct vnm_info *info)
{
	static const char *const passing[] = {
		[VNM_PASSING_UP] = "starting",
		[VNM_PASSING_DOWN] = "stopping",
		[VNM_PASSING_UNKNOWN] = "unknown",
	};

	if (info->passing)
		return passing[info->passing];
	if (!info->active)
		return "inactive";
	return info->n_missing || info->n_faults ? "degraded" : "active";
}

static const char *yes_no(bool is)
{
	return is ? "yes" : "no";
}

#define LIST_PLAIN 4 /* virsh's columns */
#define LIST_WIDE 4

static char *join(char *const *texts, size_t n)
{
	struct vnm_buf out = { 0 };

	for (size_t i = 0; i < n; i++)
		vnm_buf_printf(&out, "%s%s", i ? ", " : "", texts[i]);
	return out.len ? vnm_buf_steal(&out) : NULL;
}

/* virsh's columns, then those of --wide and --title. */
static void list_row(const struct vnm_cli *cli, const char *const plain[LIST_PLAIN],
		     const char *const wide[LIST_WIDE], const char *title, struct vnm_table *table)
{
	const char *cells[LIST_PLAIN + LIST_WIDE + 1];
	size_t n = 0;

	for (size_t i = 0; i < LIST_PLAIN; i++)
		cells[n++] = plain[i];
	for (size_t i = 0; i < LIST_WIDE && vnm_cli_seen(cli, VNM_OPT_WIDE); i++)
		cells[n++] = wide[i];
	if (vnm_cli_seen(cli, VNM_OPT_TITLE))
		cells[n++] = title;
	table->columns = n;
	vnm_table_add(table, cells);
}

static void list_table(const struct vnm_cli *cli, const struct vnm_info *infos, size_t n,
		       struct vnm_buf *out)
{
	static const char *const plain[] = { "Name", "State", "Autostart", "Persistent" };
	static const char *const wide[] = { "Bridge", "Mode", "Subnet", "Guests" };
	vnm_autotable struct vnm_table table = { 0 };

	list_row(cli, plain, wide, "Title", &table);
	for (size_t i = 0; i < n; i++) {
		const struct vnm_info *info = &infos[i];
		vnm_autofree char *subnets = join(info->subnets, info->n_subnets);
		vnm_autofree char *guests = vnm_asprintf("%zu", info->n_guests);
		const char *const own[] = { info->name, state_word(info), yes_no(info->autostart),
					    yes_no(info->persistent) };
		const char *const more[] = { info->bridge, info->mode, subnets, guests };

		if (list_wants(cli, info))
			list_row(cli, own, more, info->title ? info->title : "", &table);
	}
	vnm_table_print(&table, !cli->quiet, out);
}

static void list_lines(const struct vnm_cli *cli, const struct vnm_info *infos, size_t n,
		       struct vnm_buf *out)
{
	char uuid[VNM_UUID_STRLEN];

	for (size_t i = 0; i < n; i++) {
		if (!list_wants(cli, &infos[i]))
			continue;
		vnm_uuid_format(&infos[i].uuid, uuid);
		vnm_buf_printf(out, "%s\n", vnm_cli_seen(cli, VNM_OPT_UUID) ? uuid : infos[i].name);
	}
}

static int net_list(struct vnm_cli *cli)
{
	bool name = vnm_cli_seen(cli, VNM_OPT_NAME), uuid = vnm_cli_seen(cli, VNM_OPT_UUID);
	vnm_autobuf struct vnm_buf out = { 0 };
	struct vnm_error err = { 0 };
	struct vnm_info *infos;
	size_t n;

	if (name + uuid + vnm_cli_seen(cli, VNM_OPT_TABLE) > 1) {
		vnm_cli_error(
			cli, "Only one argument from --table, --name and --uuid may be specified.");
		return 1;
	}
	if (vnm_cli_open(cli) < 0)
		return 1;
	if (vnm_driver_list(cli->driver, !name && !uuid, &infos, &n, &err) < 0) {
		vnm_cli_fail(cli, &err, "Failed to list networks");
		return 1;
	}
	vnm_cli_close(cli);
	if (name || uuid)
		list_lines(cli, infos, n, &out);
	else
		list_table(cli, infos, n, &out);
	vnm_infos_free(infos, n);
	fputs(vnm_buf_str(&out), stdout);
	return 0;
}

static const struct vnm_option net_list_options[] = {
	{ VNM_OPT_INACTIVE, 0, "list inactive networks" },
	{ VNM_OPT_ALL, 0, "list inactive and active networks" },
	{ VNM_OPT_PERSISTENT, 0, "list persistent networks" },
	{ VNM_OPT_TRANSIENT, 0, "list transient networks" },
	{ VNM_OPT_AUTOSTART, 0, "list networks with autostart enabled" },
	{ VNM_OPT_NO_AUTOSTART, 0, "list networks with autostart disabled" },
	{ VNM_OPT_UUID, 0, "list UUIDs only" },
	{ VNM_OPT_NAME, 0, "list network names only" },
	{ VNM_OPT_TABLE, 0, "list table (default)" },
	{ VNM_OPT_TITLE, 0, "add the networks' titles" },
	{ VNM_OPT_WIDE, 0, "add bridge, mode, subnets and the number of attached guests" },
};

const struct vnm_command vnm_command_net_list = {
	.name = "net-list",
	.summary = "list networks and their states",
	.description = "Lists active networks by default.",
	VNM_OPTIONS(net_list_options),
	.run = net_list,
};

static void info_line(const char *label, const char *value, struct vnm_buf *out)
{
	vnm_buf_printf(out, "%-15s %s\n", label, value);
}

static void info_health(const struct vnm_info *info, struct vnm_buf *out)
{
	vnm_autobuf struct vnm_buf text = { 0 };

	for (size_t i = 0; i < info->n_missing; i++)
		vnm_buf_printf(&text, "%s%s", i ? ", " : "missing ", info->missing[i]);
	if (info->n_missing)
		info_line("Degraded:", vnm_buf_str(&text), out);
	for (size_t i = 0; i < info->n_faults; i++)
		info_line("Degraded:", info->faults[i], out);
	for (size_t i = 0; i < info->notes.n; i++)
		info_line("Note:", info->notes.items[i], out);
}

static void info_guard(int left, struct vnm_buf *out)
{
	vnm_autofree char *text = NULL;

	if (left >= 0)
		text = vnm_asprintf("waits for net-confirm, %d second%s left", left,
				    left == 1 ? "" : "s");
	info_line("Guard:", text ? text : "waits for net-confirm", out);
}

/* Lines that virsh does not have. */
static void info_definition(const struct vnm_info *info, struct vnm_buf *out)
{
	vnm_autofree char *guests = vnm_asprintf("%zu", info->n_guests);

	if (!info->mode)
		return;
	info_line("Mode:", info->mode, out);
	for (size_t i = 0; i < info->n_subnets; i++)
		info_line("Subnet:", info->subnets[i], out);
	for (size_t i = 0; i < info->n_ranges; i++)
		info_line("DHCP range:", info->ranges[i], out);
	if (info->leases)
		info_line("Leases:", info->leases, out);
	info_line("Guests:", guests, out);
}

static int describe_one(struct vnm_cli *cli, const char *name, struct vnm_result *result)
{
	vnm_autobuf struct vnm_buf text = { 0 };
	char uuid[VNM_UUID_STRLEN];
	struct vnm_info info;
	int r = vnm_driver_info(cli->driver, name, true, &info, &result->err);

	if (r < 0)
		return r;
	info_line("Name:", info.name, &text);
	info_line("UUID:", vnm_uuid_format(&info.uuid, uuid), &text);
	info_line("Active:", info.passing ? state_word(&info) : yes_no(info.active), &text);
	info_health(&info, &text);
	if (info.active && vnm_driver_guarded(cli->driver, name))
		info_guard(vnm_driver_guard_left(cli->driver, name), &text);
	info_line("Persistent:", yes_no(info.persistent), &text);
	info_line("Autostart:", yes_no(info.autostart), &text);
	if (info.bridge)
		info_line("Bridge:", info.bridge, &text);
	info_definition(&info, &text);
	if (info.firewall)
		info_line("Firewall:", info.firewall, &text);
	vnm_info_clear(&info);
	result->detail = vnm_buf_steal(&text);
	return 0;
}

static void report_info(struct vnm_cli *cli, const struct vnm_result *result)
{
	if (result->failed)
		vnm_cli_fail(cli, &result->err, "failed to get network '%s'", result->name);
	else
		printf("%s%s", cli->n_reported ? "\n" : "", result->detail);
}

static int net_info(struct vnm_cli *cli)
{
	static const struct vnm_bulk describe = { .one = describe_one, .report = report_info };

	return vnm_cli_bulk(cli, &describe);
}

static const struct vnm_option net_info_options[] = { VNM_OPTION_NETWORKS };

const struct vnm_command vnm_command_net_info = {
	.name = "net-info",
	.summary = "show networks in detail",
	.description = "Compares active networks with the system, and reports what is "
		       "missing.",
	VNM_OPTIONS(net_info_options),
	.run = net_info,
};
