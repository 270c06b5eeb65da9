/* SPDX-License-Identifier: GPL-2.0-or-later */
/* attachment_table.c - a network's guests, as net-port-list shows them. */
#include "cli/attachment_table.h"

#include <string.h>

#include "cli/json.h"
#include "util/mem.h"

/**
 * vnm_print_attached_ip() - an address of a guest, as it was given
 * @ip:  the address; a length that is all of it is left out
 * @out: gets the text
 */
void vnm_print_attached_ip(const struct vnm_attach_ip *ip, struct vnm_buf *out)
{
	char text[VNM_ADDR_STRLEN];

	vnm_buf_add(out, vnm_addr_format(&ip->address, text));
	if (ip->prefix.v != vnm_addr_bits(ip->address.family))
		vnm_buf_printf(out, "/%u", ip->prefix.v);
}

static char *addresses(const struct vnm_attached *one)
{
	const struct vnm_attachment *attach = &one->attach;
	char leased[VNM_PREFIX_STRLEN];
	struct vnm_buf out = { 0 };

	for (size_t i = 0; i < attach->n_ips; i++) {
		vnm_buf_add(&out, i ? " " : "");
		vnm_print_attached_ip(&attach->ips[i], &out);
	}
	if (attach->dhcp == VNM_TRI_YES && one->leased.len)
		vnm_buf_printf(&out, "%s (dhcp)", vnm_prefix_format(&one->leased, leased));
	else if (attach->dhcp == VNM_TRI_YES)
		vnm_buf_add(&out, "(dhcp)");
	return out.len ? vnm_buf_steal(&out) : NULL;
}

static void print_addresses(const void *row, struct vnm_buf *out)
{
	vnm_autofree char *text = addresses(row);

	if (text)
		vnm_buf_add(out, text);
}

static void add_address(json_t *list, const struct vnm_addr *addr, unsigned len, bool dhcp)
{
	json_t *object = json_object();

	vnm_json_set(object, "address", vnm_json_addr(addr));
	vnm_json_set(object, "prefix", json_integer(len));
	vnm_json_set(object, "dhcp", json_boolean(dhcp));
	json_array_append_new(list, object);
}

static json_t *json_addresses(const void *row)
{
	const struct vnm_attached *one = row;
	json_t *list = json_array();

	for (size_t i = 0; i < one->attach.n_ips; i++)
		add_address(list, &one->attach.ips[i].address, one->attach.ips[i].prefix.v, false);
	if (one->leased.len)
		add_address(list, &one->leased.addr, one->leased.len, true);
	return list;
}

static const char *kind_of(const struct vnm_attached *one)
{
	return vnm_enum_name(&vnm_enum_attach_kind, one->attach.kind);
}

static void print_kind(const void *row, struct vnm_buf *out)
{
	vnm_buf_add(out, kind_of(row));
}

static json_t *json_kind(const void *row)
{
	return json_string(kind_of(row));
}

static void print_netns(const void *row, struct vnm_buf *out)
{
	const struct vnm_attachment *attach = &((const struct vnm_attached *)row)->attach;
	const char *name = attach->netns_name ? attach->netns_name : attach->netns;

	if (name)
		vnm_buf_add(out, name);
}

static enum vnm_colour state_colour(const void *row)
{
	const char *state = ((const struct vnm_attached *)row)->state;

	if (!strcmp(state, "attached"))
		return VNM_COLOUR_GOOD;
	return strcmp(state, "unplugged") ? VNM_COLOUR_BAD : VNM_COLOUR_NONE;
}

static json_t *json_vlans(const void *row)
{
	const struct vnm_vlan_members *vlans = &((const struct vnm_attached *)row)->vlans;
	json_t *list;

	if (vlans->n == 0)
		return NULL;
	list = json_array();
	for (size_t i = 0; i < vlans->n; i++) {
		json_t *object = json_object();

		vnm_json_set(object, "id", json_integer(vlans->items[i].id));
		vnm_json_set(object, "pvid", json_boolean(vlans->items[i].pvid));
		vnm_json_set(object, "untagged", json_boolean(vlans->items[i].untagged));
		json_array_append_new(list, object);
	}
	return list;
}

static json_t *json_dhcp(const void *row)
{
	return json_boolean(((const struct vnm_attached *)row)->attach.dhcp == VNM_TRI_YES);
}

/* clang-format off */
#define ROW struct vnm_attached
static const struct vnm_column items[] = {
	VNM_COLUMN("Device", "dev", STRING, ROW, attach.dev),
	VNM_COLUMN_BY("Kind", "kind", print_kind, json_kind),
	VNM_COLUMN_AS("Namespace", "netns", STRING, ROW, attach.netns, print_netns),
	VNM_COLUMN(NULL, "netns_name", STRING, ROW, attach.netns_name),
	VNM_COLUMN("Interface", "ifname", STRING, ROW, attach.ifname),
	VNM_COLUMN("MAC address", "mac", MAC, ROW, attach.mac),
	VNM_COLUMN_BY("IP addresses", "ips", print_addresses, json_addresses),
	VNM_COLUMN_BY(NULL, "dhcp", NULL, json_dhcp),
	VNM_COLUMN(NULL, "hostname", STRING, ROW, attach.hostname),
	VNM_COLUMN(NULL, "id", STRING, ROW, attach.id),
	VNM_COLUMN(NULL, "portgroup", STRING, ROW, attach.portgroup),
	VNM_COLUMN_BY(NULL, "vlans", NULL, json_vlans),
	VNM_COLUMN(NULL, "parent", STRING, ROW, attach.parent),
	{ "State", "state", VNM_COLUMN_STRING, offsetof(ROW, state), .with = VNM_OPT_COUNT,
	  .colour = state_colour },
	VNM_COLUMN("Carrier", "carrier", BOOL, ROW, carrier),
	VNM_COLUMN("Bytes to", "bytes_to", U64, ROW, to),
	VNM_COLUMN("Bytes from", "bytes_from", U64, ROW, from),
	VNM_COLUMN(NULL, "packets_to", U64, ROW, packets_to),
	VNM_COLUMN(NULL, "packets_from", U64, ROW, packets_from),
};
#undef ROW
/* clang-format on */

/** vnm_attached_columns - what net-port-list shows of an attachment */
const struct vnm_columns vnm_attached_columns = {
	"guests",
	items,
	VNM_ARRAY_SIZE(items),
	sizeof(struct vnm_attached),
};
