/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_network.c - what is meant by what a definition leaves out. */
#include "runner.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "model/network.h"
#include "util/mem.h"

const char vnm_suite[] = "network";

static struct vnm_addr addr(const char *s)
{
	struct vnm_addr a = { 0 };

	VNM_ASSERT_INT_EQ_FATAL(vnm_addr_parse(s, &a), 0);
	return a;
}

static const char *show(struct vnm_prefix prefix)
{
	static char text[VNM_PREFIX_STRLEN];

	return vnm_prefix_format(&prefix, text);
}

static void mode(void)
{
	struct vnm_network net = { 0 };

	VNM_ASSERT_INT_EQ(vnm_network_mode(&net), VNM_FORWARD_NONE);
	CU_ASSERT(vnm_network_makes_bridge(&net));
	net.forward.at.present = true;
	VNM_ASSERT_INT_EQ(vnm_network_mode(&net), VNM_FORWARD_NAT);
	for (int m = VNM_FORWARD_NAT; m < VNM_FORWARD_COUNT; m++) {
		net.forward.mode = (enum vnm_forward_mode)m;
		VNM_ASSERT_INT_EQ(vnm_network_mode(&net), m);
		CU_ASSERT_EQUAL(vnm_network_makes_bridge(&net), m < VNM_FORWARD_BRIDGE);
	}
}

static void ip_prefix(void)
{
	static const struct {
		const char *address, *netmask;
		int prefix;
		const char *should;
	} cases[] = {
		{ "192.168.77.1", NULL, 20, "192.168.77.1/20" },
		{ "192.168.77.1", "255.255.254.0", -1, "192.168.77.1/23" },
		{ "10.1.2.3", NULL, -1, "10.1.2.3/8" },
		{ "172.20.1.1", NULL, -1, "172.20.1.1/16" },
		{ "192.168.77.1", NULL, -1, "192.168.77.1/24" },
		{ "10.1.2.3", NULL, 0, "10.1.2.3/8" },
		{ "fd00::1", NULL, -1, "fd00::1/64" },
		{ "fd00::1", NULL, 48, "fd00::1/48" },
	};

	for (size_t i = 0; i < VNM_ARRAY_SIZE(cases); i++) {
		struct vnm_ip ip = { .address = addr(cases[i].address) };

		if (cases[i].netmask)
			ip.netmask = addr(cases[i].netmask);
		if (cases[i].prefix >= 0)
			ip.prefix = (struct vnm_uint){ true, (uint32_t)cases[i].prefix };
		VNM_ASSERT_STR_EQ(show(vnm_ip_prefix(&ip)), cases[i].should);
	}
}

static void route_prefix(void)
{
	static const struct {
		const char *address, *netmask;
		int prefix;
		const char *should;
	} cases[] = {
		{ "10.1.0.0", NULL, 16, "10.1.0.0/16" },
		{ "10.1.0.0", "255.255.0.0", -1, "10.1.0.0/16" },
		{ "0.0.0.0", NULL, -1, "0.0.0.0/0" },
		{ "0.0.0.0", "0.0.0.0", -1, "0.0.0.0/0" },
		{ "0.0.0.0", NULL, 0, "0.0.0.0/0" },
		{ "::", NULL, -1, "::/0" },
		{ "fd55::", NULL, 48, "fd55::/48" },
		/* as libvirt: no class, so this is no network's address, and refused later */
		{ "10.0.0.0", NULL, -1, "10.0.0.0/0" },
	};

	for (size_t i = 0; i < VNM_ARRAY_SIZE(cases); i++) {
		struct vnm_route route = { .address = addr(cases[i].address) };

		if (cases[i].netmask)
			route.netmask = addr(cases[i].netmask);
		if (cases[i].prefix >= 0)
			route.prefix = (struct vnm_uint){ true, (uint32_t)cases[i].prefix };
		VNM_ASSERT_STR_EQ(show(vnm_route_prefix(&route)), cases[i].should);
	}
}

static void families(void)
{
	struct vnm_ip ips[] = { { .address = addr("192.168.77.1") },
				{ .address = addr("fd00::1") } };
	struct vnm_network net = { .ips = ips };

	CU_ASSERT(!vnm_network_has_family(&net, AF_INET) &&
		  !vnm_network_has_family(&net, AF_INET6));
	net.n_ips = 1;
	CU_ASSERT(vnm_network_has_family(&net, AF_INET) && !vnm_network_has_family(&net, AF_INET6));
	net.n_ips = 2;
	CU_ASSERT(vnm_network_has_family(&net, AF_INET) && vnm_network_has_family(&net, AF_INET6));
}

static void forward_dev(void)
{
	struct vnm_forward_interface interfaces[] = { { .dev = (char *)"eth1" } };
	struct vnm_network net = { 0 };

	CU_ASSERT_PTR_NULL(vnm_network_forward_dev(&net));
	net.forward.interfaces = interfaces;
	net.forward.n_interfaces = 1;
	VNM_ASSERT_STR_EQ(vnm_network_forward_dev(&net), "eth1");
	net.forward.dev = (char *)"eth2";
	VNM_ASSERT_STR_EQ(vnm_network_forward_dev(&net), "eth2");
}

/* It needs an address to serve from, and something to serve. */
static void wants_dnsmasq(void)
{
	struct vnm_dhcp_range range = { .at.present = true };
	struct vnm_dhcp_host host = { .at.present = true };
	struct vnm_ip ip = { .address = addr("192.168.77.1") };
	struct vnm_network net = { .ips = &ip };

	CU_ASSERT(vnm_network_dns_enabled(&net));
	CU_ASSERT(!vnm_network_wants_dnsmasq(&net));
	net.n_ips = 1;
	CU_ASSERT(vnm_network_wants_dnsmasq(&net));
	net.dns.enable = VNM_TRI_YES;
	CU_ASSERT(vnm_network_dns_enabled(&net) && vnm_network_wants_dnsmasq(&net));
	net.dns.enable = VNM_TRI_NO;
	CU_ASSERT(!vnm_network_dns_enabled(&net));
	CU_ASSERT(!vnm_network_wants_dnsmasq(&net));
	ip.dhcp.at.present = true;
	CU_ASSERT(!vnm_network_wants_dnsmasq(&net));
	ip.tftp.at.present = true;
	CU_ASSERT(vnm_network_wants_dnsmasq(&net));
	ip.tftp.at.present = false;
	ip.dhcp.ranges = &range;
	ip.dhcp.n_ranges = 1;
	CU_ASSERT(vnm_dhcp_serves(&ip.dhcp) && vnm_network_wants_dnsmasq(&net));
	ip.dhcp.n_ranges = 0;
	CU_ASSERT(!vnm_dhcp_serves(&ip.dhcp));
	ip.dhcp.hosts = &host;
	ip.dhcp.n_hosts = 1;
	CU_ASSERT(vnm_dhcp_serves(&ip.dhcp) && vnm_network_wants_dnsmasq(&net));
	net.forward = (struct vnm_forward){ .at.present = true, .mode = VNM_FORWARD_BRIDGE };
	CU_ASSERT(!vnm_network_wants_dnsmasq(&net));
}

static void lease_seconds(void)
{
	struct vnm_lease lease = { .expiry = { true, 3 } };

	VNM_ASSERT_INT_EQ(vnm_lease_seconds(&lease), 180);
	lease.unit = VNM_UNIT_MINUTES;
	VNM_ASSERT_INT_EQ(vnm_lease_seconds(&lease), 180);
	lease.unit = VNM_UNIT_SECONDS;
	VNM_ASSERT_INT_EQ(vnm_lease_seconds(&lease), 3);
	lease.unit = VNM_UNIT_HOURS;
	VNM_ASSERT_INT_EQ(vnm_lease_seconds(&lease), 3 * 3600);
	lease.expiry.v = UINT32_MAX; /* more than 32 bits hold */
	VNM_ASSERT_INT_EQ(vnm_lease_seconds(&lease), UINT32_MAX * 3600ULL);
	lease.expiry.v = 0;
	VNM_ASSERT_INT_EQ(vnm_lease_seconds(&lease), 0);
}

const struct vnm_test vnm_tests[] = {
	{ "mode", mode },
	{ "prefix of an address", ip_prefix },
	{ "prefix of a route", route_prefix },
	{ "families", families },
	{ "forward device", forward_dev },
	{ "wants dnsmasq", wants_dnsmasq },
	{ "lease in seconds", lease_seconds },
	{ 0 },
};
