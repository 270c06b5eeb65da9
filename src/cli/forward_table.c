/* SPDX-License-Identifier: GPL-2.0-or-later */
/* forward_table.c - port forwards and 1:1 addresses, as net-forward-list shows them. */
#include "cli/forward_table.h"

#include <sys/socket.h>

#include "cli/json.h"
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

/** vnm_forward_columns - what net-forward-list shows of a port forward or 1:1 address */
const struct vnm_columns vnm_forward_columns = {
	"forwards",
	items,
	VNM_ARRAY_SIZE(items),
	sizeof(struct vnm_forward_entry),
};
