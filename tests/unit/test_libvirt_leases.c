/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Leases of libvirt as lines of dnsmasq's file. */
#include "runner.h"

#include <string.h>

#include "driver/libvirt_leases.h"
#include "sys/process/leases.h"
#include "util/mem.h"

const char vnm_suite[] = "driver/libvirt_leases";

static void expect(const char *list, const char *want, size_t want_n)
{
	size_t n = 99;
	vnm_autofree char *text = vnm_libvirt_leases_convert(list, strlen(list), 1000, &n);
	struct vnm_lease_entry *leases;
	size_t read;

	VNM_ASSERT_STR_EQ(text, want);
	CU_ASSERT_EQUAL(n, want_n);
	CU_ASSERT_EQUAL(vnm_leases_parse(text, &leases, &read), 0);
	CU_ASSERT_EQUAL(read, want_n);
	vnm_leases_free(leases, read);
}

#define IP(address) "\"ip-address\": \"" address "\", "
#define MAC "\"mac-address\": \"52:54:00:00:00:01\", "
#define NAME(name) "\"hostname\": \"" name "\", "
#define CLIENT "\"client-id\": \"01:52:54:00:00:00:01\", "
#define IAID "\"iaid\": \"17\", "
#define SERVER "\"server-duid\": \"00:01:00:02\", "
#define UNTIL(time) "\"expiry-time\": " #time

static void test_families(void)
{
	expect("[{" IP("192.0.2.9") MAC NAME("ann") CLIENT UNTIL(2000) "}]",
	       "2000 52:54:00:00:00:01 192.0.2.9 ann 01:52:54:00:00:00:01\n", 1);
	expect("[{" IP("2001:db8::9")
		       MAC IAID CLIENT SERVER UNTIL(3000) "},"
							  " {" IP("192.0.2.9") MAC UNTIL(2000) "}]",
	       "2000 52:54:00:00:00:01 192.0.2.9 * *\n"
	       "duid 00:01:00:02\n"
	       "3000 17 2001:db8::9 * 01:52:54:00:00:00:01\n",
	       2);
}

static void test_left_out(void)
{
	expect("", "", 0);
	expect("{}", "", 0);
	expect("[1, null, {}, {" IP("x") MAC UNTIL(2000) "}]", "", 0);
	/* Expired; of IPv6 without the server's DUID, which their lines need before them; with a second line in a name. */
	expect("[{" IP("192.0.2.9") MAC UNTIL(999) "}]", "", 0);
	expect("[{" IP("2001:db8::9") MAC IAID CLIENT UNTIL(3000) "}]", "", 0);
	expect("[{" IP("192.0.2.9") MAC NAME("a\\nb") UNTIL(2000) "}]", "", 0);
}

const struct vnm_test vnm_tests[] = { { "both families", test_families },
				      { "what is left out", test_left_out },
				      { 0 } };
