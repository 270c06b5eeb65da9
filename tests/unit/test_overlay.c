/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_overlay.c - what follows from <vnm:overlay>: which host has which part of a range, which address and which MAC address. */
#include "runner.h"

#include <sys/socket.h>

#include "model/overlay.h"
#include "util/buf.h"
#include "util/mem.h"

const char vnm_suite[] = "model/overlay";

static struct vnm_addr addr_of(const char *text)
{
	struct vnm_addr addr = { 0 };

	CU_ASSERT_FATAL(vnm_addr_parse(text, &addr) == 0);
	return addr;
}

static struct vnm_prefix prefix_of(const char *text)
{
	struct vnm_prefix prefix = { 0 };

	CU_ASSERT_FATAL(vnm_prefix_parse(text, &prefix) == 0);
	return prefix;
}

static struct vnm_overlay_host host(unsigned index, unsigned of)
{
	return (struct vnm_overlay_host){ { .present = true }, { index > 0, index }, { true, of } };
}

/** struct row - a range, divided by @of; @parts: as text, host by host */
struct row {
	const char *subnet, *start, *end;
	unsigned of;
	const char *parts;
};

static char *parts_of(const struct row *row)
{
	const struct vnm_prefix subnet = prefix_of(row->subnet);
	char start[VNM_ADDR_STRLEN], end[VNM_ADDR_STRLEN];
	struct vnm_buf out = { 0 };

	for (unsigned i = 1; i <= row->of; i++) {
		const struct vnm_overlay_host one = host(i, row->of);
		struct vnm_dhcp_range range = { .start = addr_of(row->start),
						.end = addr_of(row->end) };

		if (!vnm_overlay_share(&one, &subnet, &range))
			vnm_buf_printf(&out, "%snone", i > 1 ? ", " : "");
		else
			vnm_buf_printf(&out, "%s%s-%s", i > 1 ? ", " : "",
				       vnm_addr_format(&range.start, start),
				       vnm_addr_format(&range.end, end));
	}
	return vnm_buf_steal(&out);
}

/* Without a gap and without an overlap; the last host has what is left over. The last addresses of a subnet are the hosts' own. */
static void parts(void)
{
	static const struct row rows[] = {
		{ "10.1.0.1/24", "10.1.0.10", "10.1.0.19", 1, "10.1.0.10-10.1.0.19" },
		{ "10.1.0.1/24", "10.1.0.10", "10.1.0.19", 3,
		  "10.1.0.10-10.1.0.12, 10.1.0.13-10.1.0.15, 10.1.0.16-10.1.0.19" },
		{ "10.1.0.1/24", "10.1.0.2", "10.1.0.254", 2,
		  "10.1.0.2-10.1.0.126, 10.1.0.127-10.1.0.252" },
		{ "10.1.0.1/24", "10.1.0.10", "10.1.0.11", 3, "none, none, none" },
		{ "fd01::1/64", "fd01::100", "fd01::1ff", 3,
		  "fd01::100-fd01::154, fd01::155-fd01::1a9, fd01::1aa-fd01::1ff" },
		{ "fd01::1/64", "fd01::2", "fd01::ffff:ffff:ffff:ffff", 2,
		  "fd01::2-fd01::7fff:ffff:ffff:fffe, "
		  "fd01::7fff:ffff:ffff:ffff-fd01::ffff:ffff:ffff:fffc" },
		{ "fd01::1/120", "fd01::fe", "fd01::ff", 2, "none, none" },
	};

	for (size_t i = 0; i < VNM_ARRAY_SIZE(rows); i++) {
		vnm_autofree char *is = parts_of(&rows[i]);

		VNM_ASSERT_STR_EQ(is, rows[i].parts);
	}
}

/* Before the number is known, a definition is the same on all hosts. */
static void without_a_number(void)
{
	const struct vnm_prefix subnet = prefix_of("10.1.0.1/24");
	const struct vnm_overlay_host all = host(0, 3);
	const struct vnm_addr first = addr_of("10.1.0.10"), last = addr_of("10.1.0.99");
	struct vnm_dhcp_range range = { .start = first, .end = last };
	struct vnm_addr own;

	CU_ASSERT_TRUE(vnm_overlay_share(&all, &subnet, &range));
	CU_ASSERT_TRUE(vnm_addr_equal(&range.start, &first));
	CU_ASSERT_TRUE(vnm_addr_equal(&range.end, &last));
	CU_ASSERT_FALSE(vnm_overlay_own_address(&all, &subnet, &own));
	CU_ASSERT_FALSE(vnm_overlay_leaves(&all, &first));
}

static void own_addresses(void)
{
	static const struct {
		const char *subnet, *own;
		unsigned index;
	} rows[] = {
		{ "10.1.0.1/24", "10.1.0.254", 1 },
		{ "10.1.0.1/24", "10.1.0.252", 3 },
		{ "10.1.0.1/16", "10.1.255.252", 3 },
		{ "fd01::1/64", "fd01::ffff:ffff:ffff:fffd", 2 },
	};

	for (size_t i = 0; i < VNM_ARRAY_SIZE(rows); i++) {
		const struct vnm_overlay_host one = host(rows[i].index, 3);
		const struct vnm_prefix subnet = prefix_of(rows[i].subnet);
		char text[VNM_ADDR_STRLEN];
		struct vnm_addr own;

		CU_ASSERT_TRUE_FATAL(vnm_overlay_own_address(&one, &subnet, &own));
		VNM_ASSERT_STR_EQ(vnm_addr_format(&own, text), rows[i].own);
		CU_ASSERT_TRUE(vnm_overlay_reserves(&one, &subnet, &own));
	}
}

/* Of addresses outside of ranges each is one host's to give away. */
static void left_to_others(void)
{
	for (unsigned last = 2; last < 250; last++) {
		const struct vnm_addr addr = { AF_INET, { 10, 1, 0, (uint8_t)last } };
		unsigned owners = 0;

		for (unsigned i = 1; i <= 3; i++) {
			const struct vnm_overlay_host one = host(i, 3);

			owners += !vnm_overlay_leaves(&one, &addr);
		}
		CU_ASSERT_EQUAL(owners, 1);
	}
}

/* The gateway's follows from the UUID alone, and is locally administered; a host's from that and its address. */
static void mac_addresses(void)
{
	const struct vnm_uuid one = { true, { 1, 2, 3 } }, two = { true, { 1, 2, 4 } };
	const struct vnm_mac a = vnm_overlay_gateway_mac(&one), b = vnm_overlay_gateway_mac(&two);
	const struct vnm_mac again = vnm_overlay_gateway_mac(&one);
	const struct vnm_addr first = addr_of("10.0.0.1"), second = addr_of("fd00::1");
	const struct vnm_network net = { .mac.address = a };
	const struct vnm_mac h1 = vnm_overlay_host_mac(&net, &first);
	const struct vnm_mac h2 = vnm_overlay_host_mac(&net, &second);

	CU_ASSERT_TRUE(vnm_mac_equal(&a, &again));
	CU_ASSERT_FALSE(vnm_mac_equal(&a, &b));
	CU_ASSERT_EQUAL(a.b[0] & 3, 2);
	CU_ASSERT_EQUAL(h1.b[0] & 3, 2);
	CU_ASSERT_FALSE(vnm_mac_equal(&h1, &a));
	CU_ASSERT_FALSE(vnm_mac_equal(&h1, &h2));
}

const struct vnm_test vnm_tests[] = {
	{ "parts of a range", parts },	    { "without a number", without_a_number },
	{ "own addresses", own_addresses }, { "left to others", left_to_others },
	{ "MAC addresses", mac_addresses }, { 0 },
};
