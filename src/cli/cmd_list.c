/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cmd_list.c - networks and their state: net-list, net-info. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/socket.h>

#include "cli/bulk.h"
#include "cli/columns.h"
#include "cli/document.h"
#include "cli/info_overlay.h"
#include "cli/json.h"
#include "cli/option_checks.h"
#include "cli/output.h"
#include "cli/session.h"
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

static void print_state(const void *row, struct vnm_buf *out)
{
	vnm_buf_add(out, vnm_info_state(row));
}

static enum vnm_colour state_colour(const void *row)
{
	const struct vnm_info *info = row;

	if (info->passing)
		return VNM_COLOUR_WARN;
	if (info->n_missing > 0 || info->n_faults > 0)
		return VNM_COLOUR_BAD;
	return info->active ? VNM_COLOUR_GOOD : VNM_COLOUR_NONE;
}

static json_t *json_state(const void *row)
{
	return json_string(vnm_info_state(row));
}

static void print_title(const void *row, struct vnm_buf *out)
{
	const struct vnm_info *info = row;

	vnm_buf_printf(out, "%s", info->title ? info->title : "");
}

/* clang-format off */
#define ROW struct vnm_info
static const struct vnm_column list_items[] = {
	VNM_COLUMN("Name", "name", STRING, ROW, name),
	VNM_COLUMN_COLOURED("State", "state", print_state, json_state, state_colour),
	VNM_COLUMN("Autostart", "autostart", BOOL, ROW, autostart),
	VNM_COLUMN("Persistent", "persistent", BOOL, ROW, persistent),
	VNM_COLUMN_WITH("Bridge", "bridge", STRING, ROW, bridge, VNM_OPT_WIDE),
	VNM_COLUMN_WITH("Mode", "mode", STRING, ROW, mode, VNM_OPT_WIDE),
	{ "Subnet", "subnets", VNM_COLUMN_STRINGS, offsetof(ROW, subnets),
	  offsetof(ROW, n_subnets), .with = VNM_OPT_WIDE },
	VNM_COLUMN_WITH("Guests", "guests", SIZE, ROW, n_guests, VNM_OPT_WIDE),
	{ "Title", "title", VNM_COLUMN_STRING, offsetof(ROW, title), .print = print_title,
	  .with = VNM_OPT_TITLE },
	VNM_COLUMN(NULL, "uuid", UUID, ROW, uuid),
	VNM_COLUMN(NULL, "active", BOOL, ROW, active),
	VNM_COLUMN_LIST(NULL, "missing", ROW, missing, n_missing),
	VNM_COLUMN_LIST(NULL, "faults", ROW, faults, n_faults),
};
#undef ROW
/* clang-format on */

static const struct vnm_columns list_columns = {
	"networks",
	list_items,
	VNM_ARRAY_SIZE(list_items),
	sizeof(struct vnm_info),
};

static void print_lines(const struct vnm_cli *cli, const struct vnm_info *infos, size_t n)
{
	char uuid[VNM_UUID_STRLEN];

	for (size_t i = 0; i < n; i++)
		puts(vnm_cli_seen(cli, VNM_OPT_UUID) ? vnm_uuid_format(&infos[i].uuid, uuid)
						     : infos[i].name);
}

/* The networks that were asked for come first, in their order; how many. */
static size_t select_wanted(const struct vnm_cli *cli, struct vnm_info *infos, size_t n)
{
	size_t n_wanted = 0;

	for (size_t i = 0; i < n; i++) {
		struct vnm_info info = infos[i];

		if (!list_wants(cli, &info))
			continue;
		infos[i] = infos[n_wanted];
		infos[n_wanted++] = info;
	}
	return n_wanted;
}

/* Return: 0, or -EINVAL after an error message. */
static int check_forms(struct vnm_cli *cli)
{
	static const enum vnm_opt forms[] = { VNM_OPT_TABLE, VNM_OPT_NAME, VNM_OPT_UUID };
	size_t n = 0;

	for (size_t i = 0; i < VNM_ARRAY_SIZE(forms); i++) {
		if (vnm_cli_refuse_both(cli, VNM_OPT_JSON, forms[i]) < 0)
			return -EINVAL;
		n += vnm_cli_seen(cli, forms[i]);
	}
	if (n <= 1)
		return 0;
	vnm_cli_error(cli, "Only one argument from --table, --name and --uuid may be specified.");
	return -EINVAL;
}

static int net_list(struct vnm_cli *cli)
{
	bool lines = vnm_cli_seen(cli, VNM_OPT_NAME) || vnm_cli_seen(cli, VNM_OPT_UUID);
	struct vnm_error err = { 0 };
	struct vnm_info *infos;
	size_t n, n_wanted;

	if (check_forms(cli) < 0 || vnm_cli_open(cli) < 0)
		return 1;
	if (vnm_driver_list(cli->driver, !lines, &infos, &n, &err) < 0) {
		vnm_cli_fail(cli, &err, "Failed to list networks");
		return 1;
	}
	vnm_cli_close(cli);
	n_wanted = select_wanted(cli, infos, n);
	if (lines)
		print_lines(cli, infos, n_wanted);
	else
		vnm_columns_list(cli, &list_columns, infos, n_wanted);
	vnm_infos_free(infos, n);
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
	VNM_OPTION_JSON,
};

const struct vnm_command vnm_command_net_list = {
	.name = "net-list",
	.group = VNM_HELP_INFORMATION,
	.flags = VNM_COMMAND_PUBLIC,
	.summary = "list networks and their states",
	.description = "Lists active networks by default.",
	VNM_OPTIONS(net_list_options),
	.run = net_list,
};

static void print_active(const void *row, struct vnm_buf *out)
{
	const struct vnm_info *info = row;

	vnm_buf_add(out, info->passing ? vnm_info_state(info) : info->active ? "yes" : "no");
}

static void print_missing(const void *row, struct vnm_buf *out)
{
	const struct vnm_info *info = row;

	for (size_t i = 0; i < info->n_missing; i++)
		vnm_buf_printf(out, "%s%s", i ? ", " : "missing ", info->missing[i]);
}

static void print_guard(const void *row, struct vnm_buf *out)
{
	const struct vnm_info *info = row;

	if (!info->guarded)
		return;
	vnm_buf_add(out, "waits for net-confirm");
	if (info->guard_left >= 0)
		vnm_buf_printf(out, ", %d second%s left", info->guard_left,
			       info->guard_left == 1 ? "" : "s");
}

static json_t *json_guard(const void *row)
{
	const struct vnm_info *info = row;
	json_t *guard = info->guarded ? json_object() : NULL;

	if (guard && info->guard_left >= 0)
		vnm_json_set(guard, "seconds_left", json_integer(info->guard_left));
	return guard;
}

static enum vnm_colour fault_colour(const void *row)
{
	(void)row;
	return VNM_COLOUR_BAD;
}

static enum vnm_colour guard_colour(const void *row)
{
	(void)row;
	return VNM_COLOUR_WARN;
}

static void print_ranges(const void *row, struct vnm_buf *out)
{
	const struct vnm_info *info = row;
	char start[VNM_ADDR_STRLEN], end[VNM_ADDR_STRLEN];

	for (size_t i = 0; i < info->n_ranges; i++)
		vnm_buf_printf(out, "%s - %s\n", vnm_addr_format(&info->ranges[i].start, start),
			       vnm_addr_format(&info->ranges[i].end, end));
}

static json_t *json_ranges(const void *row)
{
	const struct vnm_info *info = row;
	json_t *list = json_array();

	for (size_t i = 0; i < info->n_ranges; i++) {
		json_t *range = json_object();

		vnm_json_set(range, "start", vnm_json_addr(&info->ranges[i].start));
		vnm_json_set(range, "end", vnm_json_addr(&info->ranges[i].end));
		json_array_append_new(list, range);
	}
	return list;
}

/* "3 of 253 (IPv4), 1 of 240 (IPv6)", without the size where it is beyond counting */
static void print_leases(const void *row, struct vnm_buf *out)
{
	const struct vnm_info *info = row;

	for (size_t i = 0; i < info->n_leases; i++) {
		const struct vnm_lease_use *use = &info->leases[i];

		vnm_buf_printf(out, "%s%" PRIu64, i ? ", " : "", use->used);
		if (use->size <= UINT32_MAX)
			vnm_buf_printf(out, " of %" PRIu64, use->size);
		vnm_buf_printf(out, " (%s)", use->family == AF_INET ? "IPv4" : "IPv6");
	}
}

static json_t *json_leases(const void *row)
{
	const struct vnm_info *info = row;
	json_t *list = json_array();

	for (size_t i = 0; i < info->n_leases; i++) {
		const struct vnm_lease_use *use = &info->leases[i];
		json_t *object = json_object();

		vnm_json_set(object, "family",
			     json_string(use->family == AF_INET ? "ipv4" : "ipv6"));
		vnm_json_set(object, "used", vnm_json_number(use->used));
		vnm_json_set(object, "size", vnm_json_number(use->size));
		json_array_append_new(list, object);
	}
	return list;
}

static json_t *json_notes(const void *row)
{
	const struct vnm_info *info = row;
	json_t *list = json_array();

	for (size_t i = 0; i < info->notes.n; i++)
		json_array_append_new(list, vnm_json_string(info->notes.items[i]));
	return list;
}

static void print_notes(const void *row, struct vnm_buf *out)
{
	const struct vnm_info *info = row;

	for (size_t i = 0; i < info->notes.n; i++)
		vnm_buf_printf(out, "%s\n", info->notes.items[i]);
}

/* Without a definition, they are unknown. */
static void print_guests(const void *row, struct vnm_buf *out)
{
	const struct vnm_info *info = row;

	if (info->mode)
		vnm_buf_printf(out, "%zu", info->n_guests);
}

/* clang-format off */
#define ROW struct vnm_info
static const struct vnm_column info_items[] = {
	VNM_COLUMN("Name", "name", STRING, ROW, name),
	VNM_COLUMN("UUID", "uuid", UUID, ROW, uuid),
	VNM_COLUMN_BY(NULL, "state", NULL, json_state),
	VNM_COLUMN_AS("Active", "active", BOOL, ROW, active, print_active),
	{ "Degraded", "missing", VNM_COLUMN_STRINGS, offsetof(ROW, missing),
	  offsetof(ROW, n_missing), print_missing, NULL, VNM_OPT_COUNT, fault_colour },
	{ "Degraded", "faults", VNM_COLUMN_STRINGS, offsetof(ROW, faults), offsetof(ROW, n_faults),
	  .with = VNM_OPT_COUNT, .colour = fault_colour },
	VNM_COLUMN_BY("Note", "notes", print_notes, json_notes),
	VNM_COLUMN_COLOURED("Guard", "guard", print_guard, json_guard, guard_colour),
	VNM_COLUMN("Persistent", "persistent", BOOL, ROW, persistent),
	VNM_COLUMN("Autostart", "autostart", BOOL, ROW, autostart),
	VNM_COLUMN("Bridge", "bridge", STRING, ROW, bridge),
	VNM_COLUMN("Mode", "mode", STRING, ROW, mode),
	VNM_COLUMN("VLAN", "vlan", STRING, ROW, vlan),
	VNM_COLUMN("VRF", "vrf", STRING, ROW, vrf),
	VNM_COLUMN_LIST("Device", "devices", ROW, devices, n_devices),
	VNM_COLUMN_LIST("Subnet", "subnets", ROW, subnets, n_subnets),
	VNM_COLUMN_BY("Overlay", "overlay", vnm_print_overlay, vnm_json_overlay),
	VNM_COLUMN_BY("Peer", NULL, vnm_print_peers, NULL),
	VNM_COLUMN_BY("EVPN", NULL, vnm_print_sessions, NULL),
	VNM_COLUMN_BY("DHCP range", "ranges", print_ranges, json_ranges),
	VNM_COLUMN_BY("Leases", "leases", print_leases, json_leases),
	VNM_COLUMN_AS("Guests", "guests", SIZE, ROW, n_guests, print_guests),
	VNM_COLUMN("Firewall", "firewall", STRING, ROW, firewall),
	VNM_COLUMN(NULL, "title", STRING, ROW, title),
};
#undef ROW
/* clang-format on */

static const struct vnm_columns info_columns = {
	"networks",
	info_items,
	VNM_ARRAY_SIZE(info_items),
	sizeof(struct vnm_info),
};

static int describe_one(struct vnm_cli *cli, const char *name, struct vnm_result *result)
{
	vnm_autobuf struct vnm_buf text = { 0 };
	struct vnm_info info;
	int r = vnm_driver_info(cli->driver, name, true, &info, &result->err);

	if (r < 0)
		return r;
	if (vnm_cli_seen(cli, VNM_OPT_JSON))
		json_array_append_new(vnm_document_list(cli, info_columns.key),
				      vnm_columns_json(&info_columns, &info));
	else
		vnm_columns_lines(cli, &info_columns, &info, &text);
	vnm_info_clear(&info);
	result->detail = vnm_buf_steal(&text);
	return 0;
}

static void report_info(struct vnm_cli *cli, const struct vnm_result *result)
{
	if (result->failed)
		vnm_cli_fail(cli, &result->err, "failed to get network '%s'", result->name);
	else if (!vnm_cli_seen(cli, VNM_OPT_JSON))
		printf("%s%s", cli->n_reported ? "\n" : "", result->detail);
}

static int net_info(struct vnm_cli *cli)
{
	static const struct vnm_bulk describe = {
		.one = describe_one,
		.report = report_info,
		.compares = true,
	};

	return vnm_cli_bulk(cli, &describe);
}

static const struct vnm_option net_info_options[] = { VNM_OPTION_NETWORKS, VNM_OPTION_JSON };

const struct vnm_command vnm_command_net_info = {
	.name = "net-info",
	.group = VNM_HELP_INFORMATION,
	.flags = VNM_COMMAND_PUBLIC,
	.summary = "show networks in detail",
	.description = "Compares active networks with the system, and reports what is "
		       "missing.",
	VNM_OPTIONS(net_info_options),
	.run = net_info,
};
