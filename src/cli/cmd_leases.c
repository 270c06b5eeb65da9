/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cmd_leases.c - DHCP leases: net-dhcp-leases, net-dhcp-release; and reservations. */
#include <errno.h>
#include <sys/socket.h>
#include <time.h>

#include "cli/columns.h"
#include "cli/document.h"
#include "cli/json.h"
#include "cli/output.h"
#include "cli/reservation_table.h"
#include "cli/session.h"
#include "cli/steps_output.h"
#include "state/networks.h"
#include "sys/process/leases.h"
#include "xml/network_xml.h"
#include "util/mem.h"

/** struct row - a lease, borrowed, and the length of its subnet's prefix. */
struct row {
	struct vnm_lease_entry lease;
	unsigned prefix_len;
};

/* A lease that never ends shows the time 0, as with virsh. */
static void print_expiry(const void *row, struct vnm_buf *out)
{
	const struct row *this = row;
	char text[32] = "";
	struct tm tm;

	if (localtime_r(&this->lease.expiry, &tm))
		strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S", &tm);
	vnm_buf_add(out, text);
}

static json_t *json_expiry(const void *row)
{
	const struct timespec at = { .tv_sec = ((const struct row *)row)->lease.expiry };

	return at.tv_sec ? vnm_json_time(&at, false) : NULL;
}

static json_t *json_expiry_epoch(const void *row)
{
	time_t expiry = ((const struct row *)row)->lease.expiry;

	return expiry ? json_integer(expiry) : NULL;
}

static const char *family(const void *row)
{
	return ((const struct row *)row)->lease.addr.family == AF_INET6 ? "ipv6" : "ipv4";
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
	const struct row *this = row;
	const struct vnm_prefix prefix = { this->lease.addr, this->prefix_len };
	char text[VNM_PREFIX_STRLEN];

	vnm_buf_add(out, vnm_prefix_format(&prefix, text));
}

static const struct vnm_column lease_items[] = {
	VNM_COLUMN_BY("Expiry Time", "expires", print_expiry, json_expiry),
	VNM_COLUMN_BY(NULL, "expires_epoch", NULL, json_expiry_epoch),
	VNM_COLUMN("MAC address", "mac", MAC, struct row, lease.mac),
	VNM_COLUMN_BY("Protocol", "family", print_family, json_family),
	VNM_COLUMN_AS("IP address", "ip", ADDR, struct row, lease.addr, print_ip),
	VNM_COLUMN(NULL, "prefix", UNSIGNED, struct row, prefix_len),
	VNM_COLUMN("Hostname", "hostname", STRING, struct row, lease.hostname),
	VNM_COLUMN("Client ID or DUID", "client_id", STRING, struct row, lease.client_id),
};

static const struct vnm_columns lease_columns = {
	"leases",
	lease_items,
	VNM_ARRAY_SIZE(lease_items),
	sizeof(struct row),
};

static void print_leases(struct vnm_cli *cli, const struct vnm_lease_entry *leases,
			 const unsigned *prefix_len, size_t n)
{
	vnm_autofree struct row *rows = vnm_alloc(n * sizeof(*rows));

	for (size_t i = 0; i < n; i++)
		rows[i] = (struct row){ leases[i], prefix_len[i] };
	vnm_columns_list(cli, &lease_columns, rows, n);
}

/* Addresses that guests have of another server, on the host's LAN for example, or that were given, are no leases of ours. */
static bool serves_dhcp(struct vnm_cli *cli, const char *name)
{
	vnm_autonetwork struct vnm_network net = { 0 };
	struct vnm_error ignored = { 0 };

	if (vnm_driver_load(cli->driver, name, &net, &ignored) < 0)
		return true;
	for (size_t i = 0; i < net.n_ips; i++)
		if (vnm_dhcp_serves(&net.ips[i].dhcp))
			return true;
	return false;
}

static int list_leases(struct vnm_cli *cli, const char *name, const struct vnm_mac *mac,
		       struct vnm_error *err)
{
	vnm_autofree unsigned *prefix_len = NULL;
	struct vnm_lease_entry *leases = NULL;
	size_t n = 0;
	int r = vnm_driver_leases(cli->driver, name, mac, &leases, &prefix_len, &n, err);
	bool serves = r < 0 || n > 0 || serves_dhcp(cli, name);

	if (vnm_cli_finish(cli, r, err, "Failed to get leases info for %s", name) != 0)
		return 1;
	vnm_cli_name_network(cli, name);
	print_leases(cli, leases, prefix_len, n);
	if (!serves)
		vnm_cli_hint(cli,
			     "network '%s' serves no DHCP; addresses of attached guests: vnetmgr "
			     "net-port-list %s",
			     name, name);
	vnm_leases_free(leases, n);
	return 0;
}

static int list_reservations(struct vnm_cli *cli, const char *name, const struct vnm_mac *mac,
			     struct vnm_error *err)
{
	vnm_autonetwork struct vnm_network net = { 0 };
	int r = vnm_driver_load(cli->driver, name, &net, err);

	if (vnm_cli_finish(cli, r, err, "Failed to get reservations of %s", name) != 0)
		return 1;
	vnm_cli_name_network(cli, name);
	vnm_cli_reservations(cli, &net, mac);
	return 0;
}

static int net_dhcp_leases(struct vnm_cli *cli)
{
	const char *given_mac = vnm_cli_value(cli, VNM_OPT_MAC);
	bool reservations = vnm_cli_seen(cli, VNM_OPT_RESERVATIONS);
	vnm_autofree char *name = NULL;
	struct vnm_error err = { 0 };
	struct vnm_mac mac = { 0 };

	if (vnm_cli_lookup(cli, &name) < 0)
		return 1;
	if (given_mac && vnm_mac_parse(given_mac, &mac) < 0)
		return vnm_cli_finish(cli,
				      vnm_error_set(&err, VNM_ERR_USAGE, EINVAL,
						    "invalid MAC address: %s", given_mac),
				      &err, "Failed to get %s %s",
				      reservations ? "reservations of" : "leases info for", name);
	return (reservations ? list_reservations : list_leases)(cli, name, given_mac ? &mac : NULL,
								&err);
}

static const struct vnm_option net_dhcp_leases_options[] = {
	VNM_OPTION_NETWORK,
	{ VNM_OPT_MAC, VNM_OPT_ARGUMENT, "print only those of this MAC address", VNM_ARG_MAC },
	{ VNM_OPT_RESERVATIONS, 0, "list the reservations of the definition instead" },
	VNM_OPTION_JSON,
};

const struct vnm_command vnm_command_net_dhcp_leases = {
	.name = "net-dhcp-leases",
	.group = VNM_HELP_INFORMATION,
	.flags = VNM_COMMAND_PUBLIC,
	.summary = "list DHCP leases",
	.description = "Prints the leases in effect, sorted by MAC address, with times of "
		       "the local zone.",
	VNM_OPTIONS(net_dhcp_leases_options),
	.run = net_dhcp_leases,
};

static void report_released(struct vnm_cli *cli, const char *network,
			    const struct vnm_lease_entry *leases, size_t n)
{
	bool dry = vnm_cli_seen(cli, VNM_OPT_DRY_RUN);
	vnm_autosteps struct vnm_steps steps = { 0 };

	for (size_t i = 0; i < n; i++) {
		char mac[VNM_MAC_STRLEN], addr[VNM_ADDR_STRLEN];
		const char *holder = leases[i].mac.set ? vnm_mac_format(&leases[i].mac, mac)
						       : leases[i].client_id;

		vnm_addr_format(&leases[i].addr, addr);
		holder = holder ? holder : "an unknown client";
		if (dry)
			vnm_steps_add(&steps, VNM_STEP_REMOVE, "lease", "lease of %s by %s", addr,
				      holder);
		else
			vnm_cli_extra(cli, "Lease of %s by %s released\n", addr, holder);
	}
	if (dry)
		vnm_cli_print_steps(cli, network, &steps);
}

static int net_dhcp_release(struct vnm_cli *cli)
{
	const char *ref = vnm_cli_value(cli, VNM_OPT_LEASE);
	bool dry = vnm_cli_seen(cli, VNM_OPT_DRY_RUN);
	vnm_autofree char *name = NULL;
	struct vnm_lease_entry *leases;
	struct vnm_error err = { 0 };
	size_t n = 0;
	int r;

	if (vnm_cli_lookup(cli, &name) < 0)
		return 1;
	r = vnm_driver_release(cli->driver, name, ref, dry, &leases, &n, &err);
	if (vnm_cli_finish(cli, r, &err, "Failed to release a lease of network %s", name) != 0)
		return 1;
	report_released(cli, name, leases, n);
	vnm_leases_free(leases, n);
	return 0;
}

static const struct vnm_option net_dhcp_release_options[] = {
	VNM_OPTION_NETWORK,
	{ VNM_OPT_LEASE, VNM_OPT_OPERAND,
	  "the address, or the MAC address, client ID or DUID of its holder" },
	{ VNM_OPT_DRY_RUN, 0, "only print which leases would be released" },
	VNM_OPTION_JSON_STEPS,
};

const struct vnm_command vnm_command_net_dhcp_release = {
	.name = "net-dhcp-release",
	.group = VNM_HELP_INFORMATION,
	.flags = VNM_COMMAND_CHANGES,
	.summary = "end DHCP leases",
	.description = "The addresses are available to other guests at once; other leases "
		       "are not affected.",
	VNM_OPTIONS(net_dhcp_release_options),
	.run = net_dhcp_release,
};
