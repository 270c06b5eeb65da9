/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_lease.c - whose the address of a lease is, and how many are left. */
#include "runner.h"

#include <string.h>
#include <sys/socket.h>

#include "model/lease.h"
#include "util/mem.h"
#include "xml/network_xml.h"

const char vnm_suite[] = "lease";

static const char definition[] =
	"<network><name>n</name>"
	"<ip address='10.1.1.1' prefix='24'><dhcp>"
	"<range start='10.1.1.1' end='10.1.1.4'/><range start='10.1.1.10' end='10.1.1.10'/>"
	"<host mac='52:54:00:00:00:01' name='one' ip='10.1.1.2'/>"
	"<host name='two' ip='10.1.1.20'/></dhcp></ip>"
	"<ip family='ipv6' address='fd00::1' prefix='64'><dhcp>"
	"<host id='0:3:0:1:52:54:0:0:0:1' name='db' ip='fd00::2'/></dhcp></ip></network>";

static void read_definition(struct vnm_network *ret)
{
	struct vnm_error err = { 0 };

	VNM_ASSERT_OK_FATAL(vnm_network_xml_parse(definition, strlen(definition), "t", ret, &err),
			    err);
}

/* @mac, @name, @id: NULL for none. */
static struct vnm_lease_entry lease(const char *addr, const char *mac, const char *name,
				    const char *id)
{
	struct vnm_lease_entry ret = { .hostname = (char *)name, .client_id = (char *)id };

	VNM_ASSERT_INT_EQ_FATAL(vnm_addr_parse(addr, &ret.addr), 0);
	if (mac)
		VNM_ASSERT_INT_EQ_FATAL(vnm_mac_parse(mac, &ret.mac), 0);
	return ret;
}

static void test_rival(void)
{
	static const struct {
		const char *addr, *mac, *name, *id;
		bool rival;
	} cases[] = {
		{ "10.1.1.2", "52:54:00:00:00:01", NULL, NULL, false },
		{ "10.1.1.2", "52:54:00:00:00:02", "one", NULL, true },
		{ "10.1.1.2", NULL, NULL, "01:02", true },
		{ "10.1.1.3", "52:54:00:00:00:02", NULL, NULL, false },
		{ "10.1.1.20", "52:54:00:00:00:02", "Two", NULL, false },
		{ "10.1.1.20", "52:54:00:00:00:02", "two.lab.test", NULL, false },
		{ "10.1.1.20", "52:54:00:00:00:02", "twofold", NULL, true },
		{ "10.1.1.20", "52:54:00:00:00:02", NULL, NULL, true },
		{ "fd00::2", NULL, NULL, "00:03:00:01:52:54:00:00:00:01", false },
		{ "fd00::2", NULL, NULL, "00:03:00:01:52:54:00:00:00:02", true },
		{ "fd00::2", NULL, "db", NULL, true },
		{ "fd00::3", NULL, NULL, "00:03:00:01:52:54:00:00:00:02", false },
	};
	vnm_autonetwork struct vnm_network net = { 0 };

	read_definition(&net);
	for (size_t i = 0; i < VNM_ARRAY_SIZE(cases); i++) {
		const struct vnm_lease_entry entry =
			lease(cases[i].addr, cases[i].mac, cases[i].name, cases[i].id);
		const struct vnm_dhcp_host *rival = vnm_lease_rival(&net, &entry);

		VNM_ASSERT_INT_EQ(rival != NULL, cases[i].rival);
		if (rival)
			CU_ASSERT_TRUE(vnm_addr_equal(&rival->ip, &entry.addr));
	}
	/* An attached guest is identified by its MAC address, which a DUID need not contain. */
	net.ips[1].dhcp.hosts[0].mac.set = true;
	{
		const struct vnm_lease_entry unknown = lease("fd00::2", NULL, NULL, "00:04:01");
		const struct vnm_lease_entry other =
			lease("fd00::2", "52:54:00:00:00:09", NULL, "00:04:01");

		CU_ASSERT_PTR_NULL(vnm_lease_rival(&net, &unknown));
		CU_ASSERT_PTR_NOT_NULL(vnm_lease_rival(&net, &other));
	}
}

static void test_is(void)
{
	const struct vnm_lease_entry v4 =
		lease("10.1.1.2", "52:54:00:00:00:01", NULL, "ff:00:11:22:33:44:55:66");
	const struct vnm_lease_entry v6 = lease("fd00::2", NULL, NULL, "00:04:01");

	CU_ASSERT_TRUE(vnm_lease_is(&v4, "10.1.1.2"));
	CU_ASSERT_TRUE(vnm_lease_is(&v4, "52:54:0:0:0:1"));
	CU_ASSERT_TRUE(vnm_lease_is(&v4, "FF:00:11:22:33:44:55:66"));
	CU_ASSERT_TRUE(vnm_lease_is(&v6, "FD00:0::2"));
	CU_ASSERT_TRUE(vnm_lease_is(&v6, "0:4:1"));
	CU_ASSERT_FALSE(vnm_lease_is(&v4, "10.1.1.20"));
	CU_ASSERT_FALSE(vnm_lease_is(&v4, ""));
	CU_ASSERT_FALSE(vnm_lease_is(&v4, "52:54:00:00:00:02"));
	CU_ASSERT_FALSE(vnm_lease_is(&v6, "00:00:00:00:00:00"));
	CU_ASSERT_FALSE(vnm_lease_is(&v6, "00:04:01:02"));
	CU_ASSERT_FALSE(vnm_lease_is(&v6, "::::"));
}

static void room_is(const struct vnm_network *net, const struct vnm_lease_entry *leases, size_t n,
		    uint64_t size, uint64_t used, uint64_t left)
{
	struct vnm_dhcp_room room = vnm_dhcp_room(net, AF_INET, leases, n);

	VNM_ASSERT_INT_EQ(room.size, size);
	VNM_ASSERT_INT_EQ(room.used, used);
	VNM_ASSERT_INT_EQ(room.left, left);
}

static void test_room(void)
{
	vnm_autonetwork struct vnm_network net = { 0 };
	struct vnm_dhcp_room room;

	read_definition(&net);
	/* Five in ranges, of which one is the host's and one reserved; and one that is reserved outside. */
	room_is(&net, NULL, 0, 5, 0, 3);
	{
		const struct vnm_lease_entry leases[] = {
			lease("10.1.1.2", "52:54:00:00:00:01", NULL, NULL),
			lease("10.1.1.20", "52:54:00:00:00:02", "two", NULL),
			lease("10.1.1.99", "52:54:00:00:00:03", NULL, NULL), /* of another range once */
			lease("fd00::9", NULL, NULL, NULL),
			lease("10.1.1.3", "52:54:00:00:00:04", NULL, NULL),
			lease("10.1.1.4", "52:54:00:00:00:05", NULL, NULL),
			lease("10.1.1.10", "52:54:00:00:00:06", NULL, NULL),
		};

		room_is(&net, leases, 2, 5, 2, 3);
		room_is(&net, leases, 5, 5, 3, 2);
		room_is(&net, leases, VNM_ARRAY_SIZE(leases), 5, 5, 0);
		room = vnm_dhcp_room(&net, AF_INET, leases, VNM_ARRAY_SIZE(leases));
	}
	CU_ASSERT_TRUE(vnm_dhcp_has_range(&net, AF_INET));
	CU_ASSERT_FALSE(vnm_dhcp_has_range(&net, AF_INET6));
	VNM_ASSERT_INT_EQ(room.outside, 1);
	room = vnm_dhcp_room(&net, AF_INET6, NULL, 0);
	VNM_ASSERT_INT_EQ(room.size, 1);
	VNM_ASSERT_INT_EQ(room.left, 0);
}

static void test_effect(void)
{
	struct vnm_lease_entry entry = lease("10.1.1.2", NULL, NULL, NULL);

	CU_ASSERT_TRUE(vnm_lease_in_effect(&entry, 1000));
	entry.expiry = 1000;
	CU_ASSERT_TRUE(vnm_lease_in_effect(&entry, 1000));
	CU_ASSERT_FALSE(vnm_lease_in_effect(&entry, 1001));
}

const struct vnm_test vnm_tests[] = { { "rival", test_rival },
				      { "is", test_is },
				      { "room", test_room },
				      { "effect", test_effect },
				      { 0 } };
