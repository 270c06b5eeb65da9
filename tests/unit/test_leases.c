/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The reader of dnsmasq's lease file: what is right is read, what is damaged is left out, nothing is
 * harmed.
 */
#include "runner.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sys/process/dnsmasq.h"
#include "sys/process/leases.h"
#include "util/mem.h"

const char vnm_suite[] = "sys/leases";

/* A lease as text: expiry mac address hostname client-id. */
static char *words(const struct vnm_lease_entry *lease)
{
	char mac[VNM_MAC_STRLEN], addr[VNM_ADDR_STRLEN];

	return vnm_asprintf("%lld %s %s %s %s", (long long)lease->expiry,
			    lease->mac.set ? vnm_mac_format(&lease->mac, mac) : "-",
			    vnm_addr_format(&lease->addr, addr),
			    lease->hostname ? lease->hostname : "-",
			    lease->client_id ? lease->client_id : "-");
}

/* All leases in a text, each on a line. */
static void expect(const char *text, const char *want)
{
	struct vnm_lease_entry *leases = NULL;
	vnm_autobuf struct vnm_buf is = { 0 };
	size_t n = 99;

	CU_ASSERT_TRUE_FATAL(vnm_leases_parse(text, &leases, &n) >= 0);
	for (size_t i = 0; i < n; i++) {
		vnm_autofree char *line = words(&leases[i]);

		vnm_buf_printf(&is, "%s\n", line);
	}
	VNM_ASSERT_STR_EQ(vnm_buf_str(&is), want);
	vnm_leases_free(leases, n);
}

static void test_v4(void)
{
	expect("", "");
	expect("1700000000 52:54:00:12:34:56 192.0.2.10 guest ff:00:12:34:56\n",
	       "1700000000 52:54:00:12:34:56 192.0.2.10 guest ff:00:12:34:56\n");
	expect("0 52:54:00:AA:BB:CC 192.0.2.11 * *\n"
	       "1700000001 52:54:00:12:34:57 192.0.2.12 a-b_c.example.org 01:52:54:00:12:34:57\n",
	       "0 52:54:00:aa:bb:cc 192.0.2.11 - -\n"
	       "1700000001 52:54:00:12:34:57 192.0.2.12 a-b_c.example.org 01:52:54:00:12:34:57\n");
	/* After 2038 and after 2106. */
	expect("4294967296 52:54:00:12:34:56 192.0.2.10 * *\n",
	       "4294967296 52:54:00:12:34:56 192.0.2.10 - -\n");
	/* No Ethernet: a hardware type before the address, or another length. */
	expect("1 20-80:00:02:08:fe:80:00:00 192.0.2.10 ib *\n"
	       "2 52:54:00:12:34:56:78:9a 192.0.2.11 * *\n",
	       "1 - 192.0.2.10 ib -\n2 - 192.0.2.11 - -\n");
	expect("1 * 192.0.2.10 * 01:02\n", "1 - 192.0.2.10 - 01:02\n");
}

static void test_v6(void)
{
	expect("1 52:54:00:12:34:56 192.0.2.10 four *\n"
	       "duid 00:01:00:01:2c:65:2f:cf:52:54:00:00:00:01\n"
	       "1700000000 3430008 2001:db8::10 six 00:01:00:01:2c:65:2f:cf:52:54:00:12:34:56\n"
	       "1700000000 T3430008 2001:db8::11 * 00:03:00:01:52:54:00:12:34:57\n"
	       "1700000000 0 2001:db8::12 * 00:04:93:3d:c2:f0:a1:b2:c3:d4:e5:f6:a7:b8:c9:d0:e1:f2\n"
	       "1700000000 0 2001:db8::13 * *\n",
	       "1 52:54:00:12:34:56 192.0.2.10 four -\n"
	       "1700000000 52:54:00:12:34:56 2001:db8::10 six "
	       "00:01:00:01:2c:65:2f:cf:52:54:00:12:34:56\n"
	       "1700000000 52:54:00:12:34:57 2001:db8::11 - 00:03:00:01:52:54:00:12:34:57\n"
	       "1700000000 - 2001:db8::12 - 00:04:93:3d:c2:f0:a1:b2:c3:d4:e5:f6:a7:b8:c9:d0:e1:f2\n"
	       "1700000000 - 2001:db8::13 - -\n");
	/* A DUID that begins like one of ours, and has another length or hardware type. */
	expect("duid 00:01\n1 1 2001:db8::1 * 00:03:00:01:52:54:00:12:34\n"
	       "1 1 2001:db8::2 * 00:03:00:06:52:54:00:12:34:57\n"
	       "1 1 2001:db8::3 * 00:01:00:01:2c:65:2f:cf:52:54:00:12:34:56:78\n",
	       "1 - 2001:db8::1 - 00:03:00:01:52:54:00:12:34\n"
	       "1 - 2001:db8::2 - 00:03:00:06:52:54:00:12:34:57\n"
	       "1 - 2001:db8::3 - 00:01:00:01:2c:65:2f:cf:52:54:00:12:34:56:78\n");
}

static const char good[] = "7 52:54:00:12:34:56 192.0.2.10 guest 01:52";

static void count_damaged(const char *text, int should)
{
	struct vnm_lease_entry *leases = NULL;
	size_t n;

	VNM_ASSERT_INT_EQ(vnm_leases_parse(text, &leases, &n), should);
	vnm_leases_free(leases, n);
}

static void test_damaged(void)
{
	static const char *const lines[] = {
		"",
		" ",
		"    ",
		"garbage",
		"7 52:54:00:12:34:56 192.0.2.10 guest", /* four words */
		"7 52:54:00:12:34:56 192.0.2.10 guest 01:52 x", /* six */
		"7 52:54:00:12:34:56 192.0.2.10  01:52", /* an empty one */
		" 7 52:54:00:12:34:56 192.0.2.10 guest 01:52",
		"7 52:54:00:12:34:56 192.0.2.10 guest 01:52 ",
		"7 52:54:00:12:34:56 192.0.2.10 guest ",
		"-7 52:54:00:12:34:56 192.0.2.10 guest 01:52",
		"7x 52:54:00:12:34:56 192.0.2.10 guest 01:52",
		"99999999999999999999999 52:54:00:12:34:56 192.0.2.10 guest 01:52",
		"7 52:54:00:12:34:xx 192.0.2.10 guest 01:52",
		"7 525400123456 192.0.2.10 guest 01:52",
		"7 52:54:00:12:34:56 192.0.2.256 guest 01:52",
		"7 52:54:00:12:34:56 2001:db8::1 guest 01:52", /* IPv6 before the duid line */
		"7 52:54:00:12:34:56 192.0.2.10 gu\033[31mest 01:52", /* for a terminal */
		"7 52:54:00:12:34:56 192.0.2.10 gu/est 01:52",
		"7 52:54:00:12:34:56 192.0.2.10 guest 01:5",
		"7 52:54:00:12:34:56 192.0.2.10 guest 01:",
		"7 52:54:00:12:34:56 192.0.2.10 guest :",
		"7 52:54:00:12:34:56 192.0.2.10 guest 0g:52",
		"7\t52:54:00:12:34:56\t192.0.2.10\tguest\t01:52",
		"7 52:54:00:12:34:56 192.0.2.10 guest 01:52\r",
	};

	for (size_t i = 0; i < VNM_ARRAY_SIZE(lines); i++) {
		vnm_autofree char *text = vnm_asprintf("%s\n%s\n%s\n", good, lines[i], good);

		expect(text, "7 52:54:00:12:34:56 192.0.2.10 guest 01:52\n"
			     "7 52:54:00:12:34:56 192.0.2.10 guest 01:52\n");
		count_damaged(text, 1);
	}
	count_damaged("", 0);
	count_damaged("x", 0);
	count_damaged("x\ny\nduid 00:01\nz\n7 52:54", 3);
	/* IPv4 after it. */
	expect("duid 00:01\n7 52:54:00:12:34:56 192.0.2.10 guest 01:52\n"
	       "7 x 2001:db8::1 * *\n7 T 2001:db8::1 * *\n",
	       "");
	/* The last line is still being written. */
	expect("7 52:54:00:12:34:56 192.0.2.10 guest 01:52", "");
	expect("7 52:54:00:12:34:56 192.0.2.10 guest 01:52\n8 52:54:00:12:34:56 192.0.2.11 gue",
	       "7 52:54:00:12:34:56 192.0.2.10 guest 01:52\n");
}

static void test_without(void)
{
	static const char text[] = "7 52:54:00:12:34:56 192.0.2.10 guest 01:52\n"
				   "garbage 192.0.2.10\n"
				   "7 52:54:00:12:34:57 192.0.2.11 * *\n"
				   "duid 00:01:02\n"
				   "7 1 2001:db8::10 * 00:01\n"
				   "7 52:54";
	struct vnm_addr addrs[2];
	vnm_autofree char *all = vnm_leases_without(text, NULL, 0), *some = NULL, *none = NULL;
	vnm_autofree char *duid = vnm_leases_server(text);

	VNM_ASSERT_STR_EQ(all, text);
	VNM_ASSERT_STR_EQ(duid, "00:01:02");
	CU_ASSERT_PTR_NULL(vnm_leases_server("duid x\nduid\nduid 00:01"));
	VNM_ASSERT_INT_EQ_FATAL(vnm_addr_parse("192.0.2.10", &addrs[0]), 0);
	VNM_ASSERT_INT_EQ_FATAL(vnm_addr_parse("2001:db8::10", &addrs[1]), 0);
	some = vnm_leases_without(text, addrs, 2);
	VNM_ASSERT_STR_EQ(some, "garbage 192.0.2.10\n"
				"7 52:54:00:12:34:57 192.0.2.11 * *\n"
				"duid 00:01:02\n"
				"7 52:54");
	none = vnm_leases_without("", addrs, 2);
	VNM_ASSERT_STR_EQ(none, "");
}

/*
 * Every beginning of a file, and every file with one byte changed: no more leases than lines, none of
 * them wild.
 */
static void test_mutated(void)
{
	static const char file[] = "7 52:54:00:12:34:56 192.0.2.10 guest 01:52\n"
				   "duid 00:01:00:01:2c:65:2f:cf:52:54:00:00:00:01\n"
				   "7 T34 2001:db8::10 six 00:03:00:01:52:54:00:12:34:56\n";
	static const char bytes[] = "\n :*0fTx-.\xff\x01";
	vnm_autofree char *text = NULL;
	unsigned long runs = 0;

	for (size_t len = 0; len < sizeof(file); len++) {
		for (size_t i = 0; i < sizeof(bytes); i++) {
			struct vnm_lease_entry *leases = NULL;
			size_t n = 0;

			free(vnm_steal(&text));
			text = vnm_strdup(file);
			text[len] = bytes[i];
			if (len == sizeof(file) - 1)
				text[len] = '\0';
			CU_ASSERT_TRUE_FATAL(vnm_leases_parse(text, &leases, &n) >= 0);
			CU_ASSERT(n <= 4);
			for (size_t k = 0; k < n; k++) {
				CU_ASSERT(leases[k].addr.family == AF_INET ||
					  leases[k].addr.family == AF_INET6);
				CU_ASSERT(!leases[k].hostname ||
					  vnm_hostname_valid(leases[k].hostname));
			}
			vnm_leases_free(leases, n);
			runs++;
		}
	}
	VNM_ASSERT_INT_EQ(runs, sizeof(file) * sizeof(bytes));
	vnm_leases_free(NULL, 0);
}

static void test_many(void)
{
	vnm_autobuf struct vnm_buf text = { 0 };
	struct vnm_lease_entry *leases = NULL;
	size_t n = 0;

	for (int i = 0; i < 5000; i++)
		vnm_buf_printf(&text, "%d 52:54:00:12:%02x:%02x 10.0.%d.%d host%d *\n", i, i / 256,
			       i % 256, i / 256, i % 256, i);
	VNM_ASSERT_INT_EQ_FATAL(vnm_leases_parse(vnm_buf_str(&text), &leases, &n), 0);
	VNM_ASSERT_INT_EQ_FATAL(n, 5000);
	VNM_ASSERT_INT_EQ(leases[4999].expiry, 4999);
	VNM_ASSERT_STR_EQ(leases[4999].hostname, "host4999");
	vnm_leases_free(leases, n);
}

const struct vnm_test vnm_tests[] = {
	{ "v4", test_v4 },
	{ "v6", test_v6 },
	{ "damaged", test_damaged },
	{ "without", test_without },
	{ "mutated", test_mutated },
	{ "many", test_many },
	{ 0 }
};
