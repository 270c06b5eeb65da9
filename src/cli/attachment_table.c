/* SPDX-License-Identifier: GPL-2.0-or-later */
/* attachment_table.c - a network's guests as a table. */
#include "cli/attachment_table.h"

#include <inttypes.h>

#include "cli/output.h"
#include "cli/table.h"
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

static void add_row(struct vnm_table *table, const struct vnm_attached *one)
{
	const struct vnm_attachment *attach = &one->attach;
	vnm_autofree char *ips = addresses(one);
	vnm_autofree char *to = vnm_asprintf("%" PRIu64, one->to);
	vnm_autofree char *from = vnm_asprintf("%" PRIu64, one->from);
	char mac[VNM_MAC_STRLEN];
	const char *cells[] = {
		attach->dev,
		vnm_enum_name(&vnm_enum_attach_kind, attach->kind),
		attach->netns_name ? attach->netns_name : attach->netns,
		attach->ifname,
		attach->mac.set ? vnm_mac_format(&attach->mac, mac) : NULL,
		ips,
		one->state,
		one->carrier ? "yes" : "no",
		to,
		from,
	};

	vnm_table_add(table, cells);
}

/** vnm_print_attached() - the attachments of a network as a table. */
void vnm_print_attached(const struct vnm_cli *cli, const struct vnm_attached *attached, size_t n)
{
	static const char *const headings[] = {
		"Device",	"Kind",	 "Namespace", "Interface", "MAC address",
		"IP addresses", "State", "Carrier",   "Bytes to",  "Bytes from",
	};
	vnm_autotable struct vnm_table table = { .columns = VNM_ARRAY_SIZE(headings) };

	vnm_table_add(&table, headings);
	for (size_t i = 0; i < n; i++)
		add_row(&table, &attached[i]);
	vnm_cli_print_table(cli, &table);
}
