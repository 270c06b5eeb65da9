/* SPDX-License-Identifier: GPL-2.0-or-later */
/* reservation_table.c - the DHCP reservations of a network, in a table or as JSON. */
#include "cli/reservation_table.h"

#include <sys/socket.h>

#include "cli/columns.h"
#include "cli/json.h"
#include "util/mem.h"

/** struct row - a reservation, borrowed. @prefix: its address, with the length of its subnet's prefix */
struct row {
	struct vnm_mac mac;
	const char *name, *id;
	struct vnm_prefix prefix;
};

static const char *family(const void *row)
{
	return ((const struct row *)row)->prefix.addr.family == AF_INET6 ? "ipv6" : "ipv4";
}

static void print_family(const void *row, struct vnm_buf *out)
{
	vnm_buf_add(out, family(row));
}

static json_t *json_family(const void *row)
{
	return json_string(family(row));
}

static void print_ip(const void *row, struct vnm_buf *out)
{
	char text[VNM_PREFIX_STRLEN];

	vnm_buf_add(out, vnm_prefix_format(&((const struct row *)row)->prefix, text));
}

static const struct vnm_column items[] = {
	VNM_COLUMN("MAC address", "mac", MAC, struct row, mac),
	VNM_COLUMN_BY("Protocol", "family", print_family, json_family),
	VNM_COLUMN_AS("IP address", "ip", ADDR, struct row, prefix.addr, print_ip),
	VNM_COLUMN(NULL, "prefix", UNSIGNED, struct row, prefix.len),
	VNM_COLUMN("Hostname", "hostname", STRING, struct row, name),
	VNM_COLUMN("Client ID or DUID", "client_id", STRING, struct row, id),
};

static const struct vnm_columns columns = {
	"reservations",
	items,
	VNM_ARRAY_SIZE(items),
	sizeof(struct row),
};

/**
 * vnm_cli_reservations() - the DHCP reservations of a network, in the order of its definition
 * @cli: the call
 * @net: the network
 * @mac: only those of this MAC address; NULL: all
 */
void vnm_cli_reservations(struct vnm_cli *cli, const struct vnm_network *net,
			  const struct vnm_mac *mac)
{
	vnm_autofree struct row *rows = NULL;
	size_t n = 0;

	for (size_t i = 0; i < net->n_ips; i++)
		n += net->ips[i].dhcp.n_hosts;
	rows = vnm_alloc(n * sizeof(*rows));
	n = 0;
	for (size_t i = 0; i < net->n_ips; i++) {
		const struct vnm_dhcp *dhcp = &net->ips[i].dhcp;
		struct vnm_prefix prefix = vnm_ip_prefix(&net->ips[i]);

		for (size_t j = 0; j < dhcp->n_hosts; j++) {
			const struct vnm_dhcp_host *host = &dhcp->hosts[j];

			prefix.addr = host->ip;
			if (!mac || (host->mac.set && vnm_mac_equal(&host->mac, mac)))
				rows[n++] = (struct row){ host->mac, host->name, host->id, prefix };
		}
	}
	vnm_columns_list(cli, &columns, rows, n);
}
