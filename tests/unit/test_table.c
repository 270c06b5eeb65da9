/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Columns, byte for byte as virsh 9.0.0 prints them. */
#include "runner.h"

#include <stdlib.h>

#include "cli/table.h"
#include "util/mem.h"

const char vnm_suite[] = "cli/table";

static const char *const headings[] = { "Name", "State", "Autostart", "Persistent" };
static const char *const keennet[] = { "keennet", "inactive", "no", "yes" };
static const char *const b[] = { "B", "active", "yes", "no" };

static void check(const struct vnm_table *table, bool with_headings, const char *should)
{
	vnm_autobuf struct vnm_buf out = { 0 };

	vnm_table_print(table, with_headings, &out);
	VNM_ASSERT_STR_EQ(vnm_buf_str(&out), should);
}

static void test_headings_alone(void)
{
	vnm_autotable struct vnm_table table = { .columns = VNM_ARRAY_SIZE(headings) };

	vnm_table_add(&table, headings);
	check(&table, true,
	      " Name   State   Autostart   Persistent\n"
	      "----------------------------------------\n");
	check(&table, false, "");
}

static void test_rows_widen_columns(void)
{
	vnm_autotable struct vnm_table table = { .columns = VNM_ARRAY_SIZE(headings) };

	vnm_table_add(&table, headings);
	vnm_table_add(&table, keennet);
	vnm_table_add(&table, b);
	check(&table, true,
	      " Name      State      Autostart   Persistent\n"
	      "----------------------------------------------\n"
	      " keennet   inactive   no          yes\n"
	      " B         active     yes         no\n");
}

static void test_without_headings_narrower(void)
{
	vnm_autotable struct vnm_table table = { .columns = VNM_ARRAY_SIZE(headings) };

	vnm_table_add(&table, headings);
	vnm_table_add(&table, keennet);
	vnm_table_add(&table, b);
	check(&table, false,
	      " keennet   inactive   no    yes\n"
	      " B         active     yes   no\n");
}

static void test_absent_is_dash(void)
{
	static const char *const row[] = { NULL, "", NULL, "x" };
	vnm_autotable struct vnm_table table = { .columns = VNM_ARRAY_SIZE(row) };

	vnm_table_add(&table, headings);
	vnm_table_add(&table, row);
	check(&table, false, " -      -   x\n");
}

static void test_unprintable_is_escaped(void)
{
	static const char *const one[] = { "N", "M" };
	static const char *const row[] = { "a\033[31m\n\t", "\xc3\xa4\x7f~ " };
	vnm_autotable struct vnm_table table = { .columns = VNM_ARRAY_SIZE(row) };

	setenv("LC_ALL", "C", 1);
	vnm_table_add(&table, one);
	vnm_table_add(&table, row);
	check(&table, true,
	      " N                   M\n"
	      "-------------------------------------\n"
	      " a\\x1b[31m\\x0a\\x09   \\xc3\\xa4\\x7f~ \n");
}

/* A umlaut, two ideographs of double width, half a character, and a control character of ISO 6429. */
static void test_printable_in_the_users_locale(void)
{
	static const char *const one[] = { "N", "M" };
	static const char *const row[] = { "\xc3\xa4\xe7\xb6\xb2\xe8\xb7\xaf", "\xc3 \xc2\x9b" };
	vnm_autotable struct vnm_table table = { .columns = VNM_ARRAY_SIZE(row) };

	setenv("LC_ALL", "C.UTF-8", 1);
	vnm_table_add(&table, one);
	vnm_table_add(&table, row);
	check(&table, true,
	      " N       M\n"
	      "------------------------\n"
	      " \xc3\xa4\xe7\xb6\xb2\xe8\xb7\xaf   \\xc3 \\xc2\\x9b\n");
	setenv("LC_ALL", "no such locale", 1);
	check(&table, false,
	      " \\xc3\\xa4\\xe7\\xb6\\xb2\\xe8\\xb7\\xaf   \\xc3 \\xc2\\x9b\n");
	unsetenv("LC_ALL");
}

static void test_one_column(void)
{
	static const char *const uuid[] = { "UUID" };
	vnm_autotable struct vnm_table table = { .columns = 1 };

	vnm_table_add(&table, uuid);
	check(&table, true, " UUID\n-------\n");
}

static void test_empty_and_cleared(void)
{
	struct vnm_table table = { .columns = VNM_ARRAY_SIZE(headings) };

	check(&table, true, "");
	vnm_table_add(&table, headings);
	vnm_table_add(&table, keennet);
	vnm_table_clear(&table);
	check(&table, true, "");
	vnm_table_add(&table, headings);
	check(&table, true,
	      " Name   State   Autostart   Persistent\n"
	      "----------------------------------------\n");
	vnm_table_clear(&table);
}

static void test_many_rows(void)
{
	static const char *const one[] = { "N", "M" };
	vnm_autotable struct vnm_table table = { .columns = 2 };
	vnm_autobuf struct vnm_buf out = { 0 }, should = { 0 };

	vnm_table_add(&table, one);
	for (int i = 0; i < 1000; i++) {
		vnm_autofree char *name = vnm_asprintf("net%d", i);
		const char *const row[] = { name, "x" };

		vnm_table_add(&table, row);
		vnm_buf_printf(&should, " %-6s   x\n", name);
	}
	vnm_table_print(&table, false, &out);
	VNM_ASSERT_STR_EQ(vnm_buf_str(&out), vnm_buf_str(&should));
}

/* Broken at blanks and commas where there are any, the widest columns first; and no further than can be read. */
static void test_fits_a_terminal(void)
{
	static const char *const one[] = { "Name", "Subnet", "Persistent" };
	static const char *const row[] = { "keennet", "192.0.2.0/24, 2001:db8::/64", "no" };
	static const char *const name[] = { "abcdefghijklmnopqrstuvwxyz", "", "x" };
	vnm_autotable struct vnm_table table = { .columns = VNM_ARRAY_SIZE(row), .width = 48 };

	vnm_table_add(&table, one);
	vnm_table_add(&table, row);
	check(&table, true,
	      " Name      Subnet                   Persistent\n"
	      "------------------------------------------------\n"
	      " keennet   192.0.2.0/24,            no\n"
	      "           2001:db8::/64\n");
	vnm_table_add(&table, name);
	table.width = 45;
	check(&table, true,
	      " Name            Subnet          Persistent\n"
	      "---------------------------------------------\n"
	      " keennet         192.0.2.0/24,   no\n"
	      "                 2001:db8::/64\n"
	      " abcdefghijklm                   x\n"
	      " nopqrstuvwxyz\n");
	table.width = 10;
	check(&table, false,
	      " keennet  192.0.2.0/24, no\n"
	      "          2001:db8::/64\n"
	      " abcdefgh               x\n"
	      " ijklmnop\n"
	      " qrstuvwx\n"
	      " yz\n");
}

/* What would be read as another one is not broken: there is less between the columns, and headings are continued. */
static void test_addresses_are_whole(void)
{
	static const char *const one[] = { "Expiry Time", "MAC address", "IP address",
					   "Client ID" };
	static const char *const row[] = { "2026-11-30 14:47:19", "52:54:00:28:eb:f2",
					   "10.77.0.120/24 (dhcp)", "-" };
	vnm_autotable struct vnm_table table = { .columns = VNM_ARRAY_SIZE(row), .width = 64 };

	vnm_table_add(&table, one);
	vnm_table_add(&table, row);
	check(&table, true,
	      " Expiry Time    MAC address         IP address       Client ID\n"
	      "----------------------------------------------------------------\n"
	      " 2026-11-30     52:54:00:28:eb:f2   10.77.0.120/24   -\n"
	      " 14:47:19                           (dhcp)\n");
	table.width = 60;
	check(&table, true,
	      " Expiry Time   MAC address        IP address      Client ID\n"
	      "------------------------------------------------------------\n"
	      " 2026-11-30    52:54:00:28:eb:f2  10.77.0.120/24  -\n"
	      " 14:47:19                         (dhcp)\n");
	table.width = 57;
	check(&table, true,
	      " Expiry      MAC address        IP address      Client\n"
	      " Time                                           ID\n"
	      "---------------------------------------------------------\n"
	      " 2026-11-30  52:54:00:28:eb:f2  10.77.0.120/24  -\n"
	      " 14:47:19                       (dhcp)\n");
}

static void test_colours(void)
{
	static const char *const one[] = { "State", "M" };
	static const char *const row[] = { "up", "x" };
	vnm_autotable struct vnm_table table = { .columns = VNM_ARRAY_SIZE(row) };
	vnm_autobuf struct vnm_buf lines = { 0 };

	vnm_table_add(&table, one);
	vnm_table_add(&table, row);
	vnm_table_colour(&table, 0, VNM_COLOUR_GOOD);
	check(&table, false, " \033[32mup\033[0m   x\n");
	vnm_colour_lines(&lines, "@@ 1 @@\n same\n-old\n+new\n~ file\n! dnsmasq");
	VNM_ASSERT_STR_EQ(vnm_buf_str(&lines),
			  "\033[36m@@ 1 @@\033[0m\n same\n\033[31m-old\033[0m\n"
			  "\033[32m+new\033[0m\n\033[33m~ file\033[0m\n\033[33m! dnsmasq\033[0m");
}

const struct vnm_test vnm_tests[] = {
	{ "headings_alone", test_headings_alone },
	{ "rows_widen_columns", test_rows_widen_columns },
	{ "without_headings_narrower", test_without_headings_narrower },
	{ "absent_is_dash", test_absent_is_dash },
	{ "unprintable_is_escaped", test_unprintable_is_escaped },
	{ "printable_in_the_users_locale", test_printable_in_the_users_locale },
	{ "one_column", test_one_column },
	{ "empty_and_cleared", test_empty_and_cleared },
	{ "many_rows", test_many_rows },
	{ "fits_a_terminal", test_fits_a_terminal },
	{ "addresses_are_whole", test_addresses_are_whole },
	{ "colours", test_colours },
	{ 0 }
};
