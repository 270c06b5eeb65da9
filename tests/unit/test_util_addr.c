/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Addresses and prefixes of both families, at the ends of their ranges above all. */
#include "runner.h"

#include <errno.h>
#include <string.h>

#include "util/addr.h"
#include "util/mem.h"

const char vnm_suite[] = "util/addr";

static struct vnm_addr addr(const char *s)
{
	struct vnm_addr a = { 0 };

	VNM_ASSERT_INT_EQ_FATAL(vnm_addr_parse(s, &a), 0);
	return a;
}

static struct vnm_prefix prefix(const char *s)
{
	struct vnm_prefix p = { 0 };

	VNM_ASSERT_INT_EQ_FATAL(vnm_prefix_parse(s, &p), 0);
	return p;
}

static void check_addr(struct vnm_addr a, const char *text)
{
	char buf[VNM_ADDR_STRLEN];

	VNM_ASSERT_STR_EQ(vnm_addr_format(&a, buf), text);
}

static void test_parse(void)
{
	static const char *const bad[] = {
		"", "1", "1.2.3", "1.2.3.4.5", "256.1.1.1", "01.2.3.4", "1.2.3.4 ", " 1.2.3.4",
		"0x1.2.3.4", "1.2.3.4/24", "1.2.3.-4", "1..2.3", ":", ":::", "1::2::3", "12345::",
		"::g", "[::1]", "fe80::1%eth0", "::1/64", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7",
		"localhost", "1.2.3.4\n",
	};
	struct vnm_addr a = { 0 };

	check_addr(addr("192.0.2.1"), "192.0.2.1");
	check_addr(addr("0.0.0.0"), "0.0.0.0");
	check_addr(addr("255.255.255.255"), "255.255.255.255");
	check_addr(addr("2001:0DB8:0:0:0:0:0:1"), "2001:db8::1");
	check_addr(addr("::"), "::");
	check_addr(addr("::ffff:192.0.2.1"), "::ffff:192.0.2.1");
	check_addr(addr("ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255"),
		   "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");
	for (size_t i = 0; i < VNM_ARRAY_SIZE(bad); i++)
		if (vnm_addr_parse(bad[i], &a) != -EINVAL)
			VNM_ASSERT_STR_EQ(bad[i], "(refused)");
	VNM_ASSERT_INT_EQ(vnm_addr_parse(NULL, &a), -EINVAL);
	VNM_ASSERT_INT_EQ(a.family, 0);
	check_addr(a, "");
}

static int sign(int v)
{
	return (v > 0) - (v < 0);
}

static void test_order(void)
{
	static const char *const sorted[] = {
		"", "0.0.0.0", "1.2.3.4", "1.2.4.3", "127.255.255.255", "128.0.0.0",
		"255.255.255.255", "::", "::1", "7fff::", "8000::", "ffff::",
	};

	for (size_t i = 0; i < VNM_ARRAY_SIZE(sorted); i++) {
		for (size_t j = 0; j < VNM_ARRAY_SIZE(sorted); j++) {
			struct vnm_addr a = { 0 }, b = { 0 };

			if (i)
				a = addr(sorted[i]);
			if (j)
				b = addr(sorted[j]);
			VNM_ASSERT_INT_EQ(sign(vnm_addr_cmp(&a, &b)), (i > j) - (i < j));
			VNM_ASSERT_INT_EQ(vnm_addr_equal(&a, &b), i == j);
		}
	}
}

static void test_order_ignores_padding(void)
{
	struct vnm_addr a = addr("1.2.3.4"), b = a;

	memset(b.b + 4, 0xff, sizeof(b.b) - 4);
	CU_ASSERT_TRUE(vnm_addr_equal(&a, &b));
}

static void test_netmask(void)
{
	static const int families[] = { AF_INET, AF_INET6 };
	struct vnm_addr holes = addr("255.0.255.0"), low = addr("0.0.0.1"), none = { 0 };
	struct vnm_addr six = addr("ffff::8000:0:0:0:0");
	unsigned len = 99;

	for (size_t i = 0; i < VNM_ARRAY_SIZE(families); i++) {
		for (unsigned want = 0; want <= vnm_addr_bits(families[i]); want++) {
			struct vnm_addr mask = vnm_netmask_from_len(families[i], want);

			VNM_ASSERT_INT_EQ(vnm_netmask_to_len(&mask, &len), 0);
			VNM_ASSERT_INT_EQ(len, want);
		}
	}
	check_addr(vnm_netmask_from_len(AF_INET, 0), "0.0.0.0");
	check_addr(vnm_netmask_from_len(AF_INET, 23), "255.255.254.0");
	check_addr(vnm_netmask_from_len(AF_INET, 33), "255.255.255.255");
	check_addr(vnm_netmask_from_len(AF_INET6, 65), "ffff:ffff:ffff:ffff:8000::");
	len = 99;
	VNM_ASSERT_INT_EQ(vnm_netmask_to_len(&holes, &len), -EINVAL);
	VNM_ASSERT_INT_EQ(vnm_netmask_to_len(&low, &len), -EINVAL);
	VNM_ASSERT_INT_EQ(vnm_netmask_to_len(&six, &len), -EINVAL);
	VNM_ASSERT_INT_EQ(vnm_netmask_to_len(&none, &len), -EINVAL);
	VNM_ASSERT_INT_EQ(len, 99);
}

static void test_class(void)
{
	static const struct {
		const char *s;
		unsigned len;
	} cases[] = {
		{ "10.0.0.1", 8 }, { "127.255.255.255", 8 }, { "128.0.0.0", 16 },
		{ "191.255.0.0", 16 }, { "192.0.0.0", 24 }, { "223.1.1.1", 24 }, { "fd00::1", 64 },
	};

	for (size_t i = 0; i < VNM_ARRAY_SIZE(cases); i++) {
		struct vnm_addr a = addr(cases[i].s);

		VNM_ASSERT_INT_EQ(vnm_addr_class_len(&a), cases[i].len);
	}
	VNM_ASSERT_INT_EQ(vnm_addr_class_len(&(struct vnm_addr){ 0 }), 0);
}

static void test_prefix_parse(void)
{
	static const char *const bad[] = {
		"", "/", "192.0.2.1", "192.0.2.1/", "/24", "192.0.2.1/ 24", "192.0.2.1/-1",
		"192.0.2.1/24/1", "192.0.2.1 /24", "192.0.2.1/255.255.255.0",
		"0000000000000000000000000000000000000000000001::/1",
	};
	struct vnm_prefix p = prefix("192.0.2.77/24");
	char buf[VNM_PREFIX_STRLEN];

	VNM_ASSERT_STR_EQ(vnm_prefix_format(&p, buf), "192.0.2.77/24");
	p = prefix("ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255/128");
	VNM_ASSERT_STR_EQ(vnm_prefix_format(&p, buf),
			  "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128");
	VNM_ASSERT_INT_EQ(vnm_prefix_parse("192.0.2.1/33", &p), -ERANGE);
	VNM_ASSERT_INT_EQ(vnm_prefix_parse("2001:db8::/129", &p), -ERANGE);
	for (size_t i = 0; i < VNM_ARRAY_SIZE(bad); i++)
		if (vnm_prefix_parse(bad[i], &p) != -EINVAL)
			VNM_ASSERT_STR_EQ(bad[i], "(refused)");
	VNM_ASSERT_INT_EQ(vnm_prefix_parse(NULL, &p), -EINVAL);
	VNM_ASSERT_INT_EQ(p.len, 128);
	VNM_ASSERT_STR_EQ(vnm_prefix_format(&(struct vnm_prefix){ 0 }, buf), "");
}

static void test_prefix_range(void)
{
	static const struct {
		const char *prefix, *first, *last;
	} cases[] = {
		{ "192.0.2.77/24", "192.0.2.0", "192.0.2.255" },
		{ "192.0.2.77/0", "0.0.0.0", "255.255.255.255" },
		{ "192.0.2.77/32", "192.0.2.77", "192.0.2.77" },
		{ "192.0.2.77/31", "192.0.2.76", "192.0.2.77" },
		{ "10.20.30.40/13", "10.16.0.0", "10.23.255.255" },
		{ "2001:db8::1/64", "2001:db8::", "2001:db8::ffff:ffff:ffff:ffff" },
		{ "2001:db8::1/127", "2001:db8::", "2001:db8::1" },
		{ "::1/0", "::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff" },
	};

	for (size_t i = 0; i < VNM_ARRAY_SIZE(cases); i++) {
		struct vnm_prefix p = prefix(cases[i].prefix), net = vnm_prefix_network(&p);

		check_addr(vnm_prefix_first(&p), cases[i].first);
		check_addr(vnm_prefix_last(&p), cases[i].last);
		check_addr(net.addr, cases[i].first);
		VNM_ASSERT_INT_EQ(net.len, p.len);
		CU_ASSERT_TRUE(vnm_prefix_equal(&p, &net));
	}
}

static bool contains(const char *p, const char *a)
{
	struct vnm_prefix pp = prefix(p);
	struct vnm_addr aa = addr(a);

	return vnm_prefix_contains(&pp, &aa);
}

static void test_contains(void)
{
	CU_ASSERT_TRUE(contains("192.0.2.77/24", "192.0.2.0"));
	CU_ASSERT_TRUE(contains("192.0.2.77/24", "192.0.2.255"));
	CU_ASSERT_FALSE(contains("192.0.2.77/24", "192.0.1.255"));
	CU_ASSERT_FALSE(contains("192.0.2.77/24", "192.0.3.0"));
	CU_ASSERT_TRUE(contains("192.0.2.77/0", "1.1.1.1"));
	CU_ASSERT_FALSE(contains("0.0.0.0/0", "::1"));
	CU_ASSERT_FALSE(contains("::/0", "1.1.1.1"));
	CU_ASSERT_TRUE(contains("2001:db8::/33", "2001:db8:7fff::1"));
	CU_ASSERT_FALSE(contains("2001:db8::/33", "2001:db8:8000::"));
	CU_ASSERT_FALSE(vnm_prefix_contains(&(struct vnm_prefix){ 0 }, &(struct vnm_addr){ 0 }));
}

/* Symmetric by nature, so both orders are asked. */
static bool overlaps(const char *a, const char *b)
{
	struct vnm_prefix pa = prefix(a), pb = prefix(b);

	VNM_ASSERT_INT_EQ(vnm_prefix_overlaps(&pa, &pb), vnm_prefix_overlaps(&pb, &pa));
	return vnm_prefix_overlaps(&pa, &pb);
}

static void test_overlaps(void)
{
	CU_ASSERT_TRUE(overlaps("192.0.2.1/24", "192.0.2.200/25"));
	CU_ASSERT_TRUE(overlaps("192.0.2.1/24", "192.0.2.1/24"));
	CU_ASSERT_TRUE(overlaps("192.0.2.1/32", "192.0.0.0/16"));
	CU_ASSERT_FALSE(overlaps("192.0.2.0/25", "192.0.2.128/25"));
	CU_ASSERT_FALSE(overlaps("192.0.2.0/24", "192.0.3.0/24"));
	CU_ASSERT_TRUE(overlaps("192.0.2.0/23", "192.0.3.0/24"));
	CU_ASSERT_FALSE(overlaps("0.0.0.0/0", "::/0"));
	CU_ASSERT_TRUE(overlaps("fd00::/8", "fd12:3456::/48"));
}

static void test_prefix_equal(void)
{
	struct vnm_prefix a = prefix("192.0.2.1/24"), b = prefix("192.0.2.2/24"),
			  c = prefix("192.0.2.1/25");
	struct vnm_prefix d = prefix("192.0.3.1/24");

	CU_ASSERT_TRUE(vnm_prefix_equal(&a, &b));
	CU_ASSERT_FALSE(vnm_prefix_equal(&a, &c));
	CU_ASSERT_FALSE(vnm_prefix_equal(&a, &d));
}

static uint64_t span(const char *start, const char *end)
{
	struct vnm_addr a = addr(start), b = addr(end);

	return vnm_addr_span(&a, &b);
}

static void test_span(void)
{
	CU_ASSERT_EQUAL(span("192.0.2.2", "192.0.2.254"), 253);
	CU_ASSERT_EQUAL(span("192.0.2.2", "192.0.2.2"), 1);
	CU_ASSERT_EQUAL(span("192.0.2.3", "192.0.2.2"), 0);
	CU_ASSERT_EQUAL(span("0.0.0.0", "255.255.255.255"), UINT64_C(1) << 32);
	CU_ASSERT_EQUAL(span("192.0.2.2", "::1"), 0);
	CU_ASSERT_EQUAL(span("2001:db8::100", "2001:db8::1ff"), 256);
	CU_ASSERT_EQUAL(span("2001:db8::", "2001:db8::ffff:ffff:ffff:fffe"), UINT64_MAX);
	CU_ASSERT_EQUAL(span("2001:db8::", "2001:db8::ffff:ffff:ffff:ffff"), UINT64_MAX);
	CU_ASSERT_EQUAL(span("::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"), UINT64_MAX);
	CU_ASSERT_EQUAL(vnm_addr_span(&(struct vnm_addr){ 0 }, &(struct vnm_addr){ 0 }), 0);
}

const struct vnm_test vnm_tests[] = {
	{ "parse", test_parse },
	{ "order", test_order },
	{ "order_ignores_padding", test_order_ignores_padding },
	{ "netmask", test_netmask },
	{ "class", test_class },
	{ "prefix_parse", test_prefix_parse },
	{ "prefix_range", test_prefix_range },
	{ "contains", test_contains },
	{ "overlaps", test_overlaps },
	{ "prefix_equal", test_prefix_equal },
	{ "span", test_span },
	{ 0 },
};
