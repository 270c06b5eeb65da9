/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cmd_forward_list.c - net-forward-list: the port forwards and 1:1 addresses of a network. */
#include <sys/socket.h>

#include "cli/columns.h"
#include "cli/document.h"
#include "cli/json.h"
#include "cli/option_checks.h"
#include "cli/session.h"
#include "util/mem.h"

static void add_address(struct vnm_buf *out, const struct vnm_addr *addr, bool bracket)
{
	char text[VNM_ADDR_STRLEN];

	bracket &= addr->family == AF_INET6;
	vnm_buf_printf(out, "%s%s%s", bracket ? "[" : "", vnm_addr_format(addr, text),
		       bracket ? "]" : "");
}

static void add_ports(struct vnm_buf *out, const struct vnm_port_range *ports)
{
	vnm_buf_printf(out, "%u", ports->first);
	if (ports->last != ports->first)
		vnm_buf_printf(out, "-%u", ports->last);
}

static void print_address(const void *row, struct vnm_buf *out)
{
	const struct vnm_forward_entry *entry = row;

	if (entry->address.family == AF_UNSPEC)
		vnm_buf_add(out, "host's");
	else
		add_address(out, &entry->address, false);
}

static void print_port(const void *row, struct vnm_buf *out)
{
	const struct vnm_forward_entry *entry = row;

	if (entry->port.first)
		add_ports(out, &entry->port);
	else
		vnm_buf_add(out, "all");
}

static json_t *json_port(const void *row)
{
	const struct vnm_forward_entry *entry = row;

	return entry->port.first ? json_integer(entry->port.first) : NULL;
}

static json_t *json_port_last(const void *row)
{
	const struct vnm_forward_entry *entry = row;

	return entry->port.last != entry->port.first ? json_integer(entry->port.last) : NULL;
}

static void print_from(const void *row, struct vnm_buf *out)
{
	const struct vnm_forward_entry *entry = row;
	bool loopback =
		entry->port.first && entry->address.family == AF_INET && entry->address.b[0] == 127;

	vnm_buf_add(out, entry->dev ? entry->dev : loopback ? "host" : "anywhere");
}

static void print_to(const void *row, struct vnm_buf *out)
{
	const struct vnm_forward_entry *entry = row;

	for (size_t i = 0; i < entry->n_to; i++) {
		const struct vnm_forward_to *to = &entry->to[i];

		vnm_buf_add(out, i ? ", " : "");
		add_address(out, &to->address, to->port.first > 0);
		if (to->port.first) {
			vnm_buf_addc(out, ':');
			add_ports(out, &to->port);
		}
		if (entry->n_to > 1)
			vnm_buf_printf(out, " (%u)", to->weight);
	}
}

static json_t *json_to(const void *row)
{
	const struct vnm_forward_entry *entry = row;
	json_t *list = json_array();

	for (size_t i = 0; i < entry->n_to; i++) {
		const struct vnm_forward_to *to = &entry->to[i];
		json_t *object = json_object();

		vnm_json_set(object, "address", vnm_json_addr(&to->address));
		vnm_json_set_ports(object, &to->port);
		if (entry->n_to > 1)
			vnm_json_set(object, "weight", json_integer(to->weight));
		json_array_append_new(list, object);
	}
	return list;
}

/* clang-format off */
#define ROW struct vnm_forward_entry
static const struct vnm_column items[] = {
	VNM_COLUMN("Protocol", "proto", STRING, ROW, proto),
	VNM_COLUMN_AS("Address", "address", ADDR, ROW, address, print_address),
	VNM_COLUMN_BY("Port", "port", print_port, json_port),
	VNM_COLUMN_BY(NULL, "port_last", NULL, json_port_last),
	VNM_COLUMN_AS("From", "dev", STRING, ROW, dev, print_from),
	VNM_COLUMN_BY("To", "to", print_to, json_to),
	VNM_COLUMN("State", "state", STRING, ROW, state),
	VNM_COLUMN("Name", "name", STRING, ROW, name),
};
#undef ROW
/* clang-format on */

static const struct vnm_columns columns = {
	"forwards",
	items,
	VNM_ARRAY_SIZE(items),
	sizeof(struct vnm_forward_entry),
};

static int net_forward_list(struct vnm_cli *cli)
{
	vnm_autofree char *name = NULL;
	struct vnm_forward_entry *entries;
	struct vnm_error err = { 0 };
	size_t n;
	int r;

	if (vnm_cli_refuse_both(cli, VNM_OPT_JSON, VNM_OPT_TABLE) < 0 ||
	    vnm_cli_lookup(cli, &name) < 0)
		return 1;
	r = vnm_driver_forwards(cli->driver, name, &entries, &n, &err);
	if (vnm_cli_finish(cli, r, &err, NULL) != 0)
		return 1;
	vnm_cli_name_network(cli, name);
	vnm_columns_list(cli, &columns, entries, n);
	vnm_forward_entries_free(entries, n);
	return 0;
}

static const struct vnm_option net_forward_list_options[] = {
	VNM_OPTION_NETWORK,
	{ VNM_OPT_TABLE, 0, "list table (default)" },
	VNM_OPTION_JSON,
};

const struct vnm_command vnm_command_net_forward_list = {
	.name = "net-forward-list",
	.flags = VNM_COMMAND_PUBLIC,
	.summary = "list port forwards and 1:1 addresses",
	VNM_OPTIONS(net_forward_list_options),
	.run = net_forward_list,
};
