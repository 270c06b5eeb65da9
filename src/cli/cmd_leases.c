/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cmd_leases.c - DHCP leases: net-dhcp-leases, net-dhcp-release. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "cli/output.h"
#include "cli/session.h"
#include "cli/table.h"
#include "sys/process/leases.h"
#include "util/mem.h"

static void add_lease(struct vnm_table *table, const struct vnm_lease_entry *lease,
		      unsigned prefix_len)
{
	bool v6 = lease->addr.family == AF_INET6;
	char mac[VNM_MAC_STRLEN], addr[VNM_PREFIX_STRLEN], expiry[32] = "";
	struct vnm_prefix prefix = { lease->addr, prefix_len };
	const char *const cells[] = {
		expiry,
		lease->mac.set ? vnm_mac_format(&lease->mac, mac) : NULL,
		v6 ? "ipv6" : "ipv4",
		vnm_prefix_format(&prefix, addr),
		lease->hostname,
		lease->client_id,
	};
	struct tm tm;

	/* A lease that never ends shows the time 0, as with virsh. */
	if (localtime_r(&lease->expiry, &tm))
		strftime(expiry, sizeof(expiry), "%Y-%m-%d %H:%M:%S", &tm);
	vnm_table_add(table, cells);
}

static void print_leases(const struct vnm_cli *cli, const struct vnm_lease_entry *leases,
			 const unsigned *prefix_len, size_t n)
{
	static const char *const headings[] = {
		"Expiry Time", "MAC address", "Protocol",
		"IP address",  "Hostname",    "Client ID or DUID",
	};
	vnm_autotable struct vnm_table table = { .columns = VNM_ARRAY_SIZE(headings) };

	vnm_table_add(&table, headings);
	for (size_t i = 0; i < n; i++)
		add_lease(&table, &leases[i], prefix_len[i]);
	vnm_cli_print_table(cli, &table);
}

static int net_dhcp_leases(struct vnm_cli *cli)
{
	const char *given_mac = vnm_cli_value(cli, VNM_OPT_MAC);
	vnm_autofree unsigned *prefix_len = NULL;
	struct vnm_lease_entry *leases = NULL;
	vnm_autofree char *name = NULL;
	struct vnm_error err = { 0 };
	struct vnm_mac mac = { 0 };
	size_t n = 0;
	int r;

	if (vnm_cli_lookup(cli, &name) < 0)
		return 1;
	if (given_mac && vnm_mac_parse(given_mac, &mac) < 0)
		r = vnm_error_set(&err, VNM_ERR_USAGE, EINVAL, "invalid MAC address: %s",
				  given_mac);
	else
		r = vnm_driver_leases(cli->driver, name, given_mac ? &mac : NULL, &leases,
				      &prefix_len, &n, &err);
	if (vnm_cli_finish(cli, r, &err, "Failed to get leases info for %s", name) != 0)
		return 1;
	print_leases(cli, leases, prefix_len, n);
	vnm_leases_free(leases, n);
	return 0;
}

static const struct vnm_option net_dhcp_leases_options[] = {
	VNM_OPTION_NETWORK,
	{ VNM_OPT_MAC, VNM_OPT_ARGUMENT, "print only the leases of this MAC address" },
};

const struct vnm_command vnm_command_net_dhcp_leases = {
	.name = "net-dhcp-leases",
	.summary = "list DHCP leases",
	.description = "Prints the leases in effect, sorted by MAC address, with times of "
		       "the local zone.",
	VNM_OPTIONS(net_dhcp_leases_options),
	.run = net_dhcp_leases,
};

static void report_released(struct vnm_cli *cli, const struct vnm_lease_entry *lease, bool dry)
{
	char mac[VNM_MAC_STRLEN], addr[VNM_ADDR_STRLEN];
	const char *holder = lease->mac.set ? vnm_mac_format(&lease->mac, mac) : lease->client_id;

	vnm_addr_format(&lease->addr, addr);
	if (dry)
		printf("- lease of %s by %s\n", addr, holder ? holder : "an unknown client");
	else
		vnm_cli_extra(cli, "Lease of %s by %s released\n", addr,
			      holder ? holder : "an unknown client");
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
	for (size_t i = 0; i < n; i++)
		report_released(cli, &leases[i], dry);
	vnm_leases_free(leases, n);
	return 0;
}

static const struct vnm_option net_dhcp_release_options[] = {
	VNM_OPTION_NETWORK,
	{ VNM_OPT_LEASE, VNM_OPT_OPERAND,
	  "the address, or the MAC address, client ID or DUID of its holder" },
	{ VNM_OPT_DRY_RUN, 0, "only print which leases would be released" },
};

const struct vnm_command vnm_command_net_dhcp_release = {
	.name = "net-dhcp-release",
	.flags = VNM_COMMAND_CHANGES,
	.summary = "end DHCP leases",
	.description = "The addresses are available to other guests at once; other leases "
		       "are not affected.",
	VNM_OPTIONS(net_dhcp_release_options),
	.run = net_dhcp_release,
};
