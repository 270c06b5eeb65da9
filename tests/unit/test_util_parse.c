/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Numbers, hardware addresses, UUIDs and names: what is read, and above all what is refused. */
#include "runner.h"

#include <errno.h>
#include <string.h>

#include "util/bidi.h"
#include "util/mem.h"
#include "util/parse.h"

const char vnm_suite[] = "util/parse";

static void test_numbers(void)
{
	static const struct {
		const char *s;
		uint64_t min, max;
		int r;
		uint64_t v;
	} cases[] = {
		{ "0", 0, UINT64_MAX, 0, 0 },
		{ "007", 0, 10, 0, 7 },
		{ "18446744073709551615", 0, UINT64_MAX, 0, UINT64_MAX },
		{ "18446744073709551616", 0, UINT64_MAX, -ERANGE, 0 },
		{ "99999999999999999999999999", 0, UINT64_MAX, -ERANGE, 0 },
		{ "00000000000000000000000000000001", 0, 1, 0, 1 },
		{ "5", 5, 5, 0, 5 },
		{ "4", 5, 9, -ERANGE, 0 },
		{ "10", 5, 9, -ERANGE, 0 },
		{ "", 0, 9, -EINVAL, 0 },
		{ " 1", 0, 9, -EINVAL, 0 },
		{ "1 ", 0, 9, -EINVAL, 0 },
		{ "+1", 0, 9, -EINVAL, 0 },
		{ "-1", 0, 9, -EINVAL, 0 },
		{ "0x1", 0, 9, -EINVAL, 0 },
		{ "1e1", 0, 99, -EINVAL, 0 },
		{ "1\n", 0, 9, -EINVAL, 0 },
		{ "99999999999999999999999999z", 0, 9, -EINVAL, 0 },
		{ NULL, 0, 9, -EINVAL, 0 },
	};

	for (size_t i = 0; i < VNM_ARRAY_SIZE(cases); i++) {
		uint64_t v = 4711;

		VNM_ASSERT_INT_EQ(vnm_parse_u64(cases[i].s, cases[i].min, cases[i].max, &v),
				  cases[i].r);
		CU_ASSERT_EQUAL(v, cases[i].r ? 4711 : cases[i].v);
	}
}

static void test_numbers_32(void)
{
	uint32_t v = 4711;

	VNM_ASSERT_INT_EQ(vnm_parse_u32("4294967295", 0, UINT32_MAX, &v), 0);
	CU_ASSERT_EQUAL(v, UINT32_MAX);
	v = 4711;
	VNM_ASSERT_INT_EQ(vnm_parse_u32("4294967296", 0, UINT32_MAX, &v), -ERANGE);
	VNM_ASSERT_INT_EQ(vnm_parse_u32("0", 1, 4094, &v), -ERANGE);
	VNM_ASSERT_INT_EQ(vnm_parse_u32("4095", 1, 4094, &v), -ERANGE);
	CU_ASSERT_EQUAL(v, 4711);
}

static void test_mac(void)
{
	static const char *const bad[] = {
		"", "52:54:00:12:34", "52:54:00:12:34:56:78", "52:54:00:12:34:5g",
		"52-54-00-12-34-56", "52:54:00:12:34:", ":54:00:12:34:56", "52::00:12:34:56",
		"152:54:00:12:34:56", "52:54:00:12:34:567", " 52:54:00:12:34:56",
		"52:54:00:12:34:56 ", "0x52:54:00:12:34:56", "+2:54:00:12:34:56", "525400123456",
	};
	struct vnm_mac mac = { 0 }, same = { 0 };
	char buf[VNM_MAC_STRLEN];

	VNM_ASSERT_STR_EQ(vnm_mac_format(&mac, buf), "");
	VNM_ASSERT_INT_EQ(vnm_mac_parse("52:54:00:AB:cD:0f", &mac), 0);
	CU_ASSERT_TRUE(mac.set);
	VNM_ASSERT_STR_EQ(vnm_mac_format(&mac, buf), "52:54:00:ab:cd:0f");
	CU_ASSERT_FALSE(vnm_mac_equal(&mac, &same));
	VNM_ASSERT_INT_EQ(vnm_mac_parse("52:54:0:ab:cd:f", &same), 0);
	CU_ASSERT_TRUE(vnm_mac_equal(&mac, &same));
	CU_ASSERT_FALSE(vnm_mac_is_multicast(&mac));
	VNM_ASSERT_INT_EQ(vnm_mac_parse("53:54:00:ab:cd:0f", &same), 0);
	CU_ASSERT_TRUE(vnm_mac_is_multicast(&same));
	CU_ASSERT_FALSE(vnm_mac_equal(&mac, &same));

	for (size_t i = 0; i < VNM_ARRAY_SIZE(bad); i++)
		if (vnm_mac_parse(bad[i], &same) != -EINVAL)
			VNM_ASSERT_STR_EQ(bad[i], "(refused)");
	VNM_ASSERT_STR_EQ(vnm_mac_format(&same, buf), "53:54:00:ab:cd:0f");
	VNM_ASSERT_INT_EQ(vnm_mac_parse(NULL, &same), -EINVAL);
}

static void test_mac_unset(void)
{
	struct vnm_mac a = { .b = { 1 } }, b = { .b = { 2 } };

	CU_ASSERT_TRUE(vnm_mac_equal(&a, &b));
	CU_ASSERT_FALSE(vnm_mac_is_multicast(&a));
}

#define UUID "3e3fce45-4f53-4fa7-bb32-11f34168b82b"

static void test_uuid(void)
{
	static const char *const good[] = {
		UUID, "3E3FCE45-4F53-4FA7-BB32-11F34168B82B", "3e3fce454f534fa7bb3211f34168b82b",
		("  " UUID "\n"), "3e 3f ce45 - 4f53--4fa7bb3211f34168b82b\t", ("-" UUID),
	};
	static const char *const bad[] = {
		"", "3e3fce45-4f53-4fa7-bb32-11f34168b82", (UUID "0"),
		"3e3fce45-4f53-4fa7-bb32-11f34168b82g", "3-e3fce45-4f53-4fa7-bb32-11f34168b82b",
		("{" UUID "}"), (UUID "-"), "3e3fce45\t4f53-4fa7-bb32-11f34168b82b", "----", "   ",
	};
	struct vnm_uuid uuid = { 0 }, other = { 0 };
	char buf[VNM_UUID_STRLEN];

	VNM_ASSERT_STR_EQ(vnm_uuid_format(&uuid, buf), "");
	for (size_t i = 0; i < VNM_ARRAY_SIZE(good); i++) {
		struct vnm_uuid got = { 0 };

		VNM_ASSERT_INT_EQ(vnm_uuid_parse(good[i], &got), 0);
		VNM_ASSERT_STR_EQ(vnm_uuid_format(&got, buf), UUID);
	}
	VNM_ASSERT_INT_EQ(vnm_uuid_parse(UUID, &uuid), 0);
	for (size_t i = 0; i < VNM_ARRAY_SIZE(bad); i++)
		if (vnm_uuid_parse(bad[i], &other) != -EINVAL)
			VNM_ASSERT_STR_EQ(bad[i], "(refused)");
	CU_ASSERT_FALSE(other.set);
	CU_ASSERT_FALSE(vnm_uuid_equal(&uuid, &other));
	other = uuid;
	CU_ASSERT_TRUE(vnm_uuid_equal(&uuid, &other));
	other.b[15] ^= 1;
	CU_ASSERT_FALSE(vnm_uuid_equal(&uuid, &other));
}

#define X10 "xxxxxxxxxx"
#define X60 X10 X10 X10 X10 X10 X10
#define X63 X60 "xxx"

/* Each list must be taken, or refused, as a whole; what was not is printed. */
static void check_names(bool (*valid)(const char *s), const char *const *list, bool expected)
{
	for (; *list; list++)
		if (valid(*list) != expected)
			VNM_ASSERT_STR_EQ(*list, expected ? "(taken)" : "(refused)");
}

#define TAKEN(valid, ...) check_names(valid, (const char *const[]){ __VA_ARGS__, NULL }, true)
#define REFUSED(valid, ...) check_names(valid, (const char *const[]){ __VA_ARGS__, NULL }, false)

static void test_network_names(void)
{
	TAKEN(vnm_name_valid, "default", "a", "_x", "0", "a.b", "net-1_2+3.", X63 "x");
	REFUSED(vnm_name_valid, "", ".", "..", ".x", "-x", "+x", "a/b", "../x", "a b", "a\tb",
		"a\n", "q\"", "a%sb$", "n\xc3\xa4tz", X63 "xx", "a\x7f", "a\x1b[31m");
	CU_ASSERT_FALSE(vnm_name_valid(NULL));
}

static void test_interface_names(void)
{
	TAKEN(vnm_ifname_valid, "virbr0", "e", "123456789012345", "eth0.100", "...", "a-b", "_",
	      "lo0", "all0");
	REFUSED(vnm_ifname_valid, "", ".", "..", "all", "default", "lo", "-x", "1234567890123456",
		"a/b", "a b", "a:b", "vnet%d", "a\n");
	CU_ASSERT_FALSE(vnm_ifname_valid(NULL));
}

static void test_host_names(void)
{
	TAKEN(vnm_hostname_valid, "h", "host-1", "a.b.c", "_ldap", "1.2", X63,
	      X63 "." X63 "." X63 "." X60 "x", "a_b", "a.-b");
	REFUSED(vnm_hostname_valid, "", ".", "a.", ".a", "a..b", "-a", X63 "x", "a b", "a,b",
		"a\nb", "#", X63 "." X63 "." X63 "." X63, "h\xc3\xb6st", "*");
	TAKEN(vnm_domain_valid, "example.com", "example.com.", "lan", "lan.",
	      X63 "." X63 "." X63 "." X60 "x.");
	REFUSED(vnm_domain_valid, "", ".", "..", "a..", "a,b", "/a/", "-a.", X63 "x.");
	CU_ASSERT_FALSE(vnm_hostname_valid(NULL));
	CU_ASSERT_FALSE(vnm_domain_valid(NULL));
}

/* Each with its reason. */
static void test_name_faults(void)
{
	static const struct {
		const char *name, *fault;
	} cases[] = {
		{ "", "it is empty" },
		{ X63 "." X63 "." X63 "." X63, "it has more than 253 characters" },
		{ "a b", "it may hold letters, digits, - and _ only, and dots between them" },
		{ "-a", "it begins with neither a letter nor a digit" },
		{ ".a", "it begins with neither a letter nor a digit" },
		{ "a..b", "there is nothing between two of its dots, or behind the last one" },
		{ "a.", "there is nothing between two of its dots, or behind the last one" },
		{ "a." X63 "x.b", "it has more than 63 characters without a dot" },
		{ X63 "x", "it has more than 63 characters without a dot" },
	};

	for (size_t i = 0; i < VNM_ARRAY_SIZE(cases); i++)
		VNM_ASSERT_STR_EQ(vnm_hostname_fault(cases[i].name), cases[i].fault);
	CU_ASSERT_PTR_NULL(vnm_hostname_fault("a.b"));
	CU_ASSERT_PTR_NULL(vnm_domain_fault("a.b."));
	VNM_ASSERT_STR_EQ(vnm_domain_fault("a.."), cases[5].fault);
}

static void test_duid(void)
{
	char text[131 * 3 + 1] = "";

	TAKEN(vnm_duid_valid, "00:01", "0:1", "00:03:00:01:52:54:00:AB:cd:ef");
	REFUSED(vnm_duid_valid, "", "00", "00:", ":00", "00::01", "000:01", "00:0g", "00:01 ",
		"00,01", "00:01:");
	CU_ASSERT_FALSE(vnm_duid_valid(NULL));
	for (int i = 0; i < 130; i++)
		memcpy(text + (size_t)i * 3, i ? ":ab" : "0ab", 3);
	CU_ASSERT_TRUE(vnm_duid_valid(text + 1));
	memcpy(text + (size_t)130 * 3, ":ab", 4);
	CU_ASSERT_FALSE(vnm_duid_valid(text + 1));
}

static void test_paths(void)
{
	char text[514];

	TAKEN(vnm_path_valid, "/", "/srv/tftp", "/a b", "/\xc3\xa4", "/\xe2\x82\xac",
	      "/\xf0\x9f\x98\x80", "/\xf4\x8f\xbf\xbf", "/\xed\x9f\xbf", "/\xee\x80\x80",
	      "/\xc2\xa0");
	REFUSED(vnm_path_valid, "", "a", "./a", "/a\n", "/a\"b", "/a\\b", "/a#b", "/a,b", "/a\x1b",
		"/\x7f");
	/* Not UTF-8: a lone byte, too long a form, a surrogate, beyond the last, cut off; and C1 controls. */
	REFUSED(vnm_path_valid, "/\x80", "/\xff", "/\xc0\xaf", "/\xe0\x80\xaf", "/\xf0\x80\x80\xaf",
		"/\xed\xa0\x80", "/\xf4\x90\x80\x80", "/\xf5\x80\x80\x80", "/\xc3", "/\xe2\x82",
		"/\xf0\x9f\x98", "/\xe2\x28\xa1", "/\xc2\x85");
	memset(text, 'x', sizeof(text));
	text[0] = '/';
	text[512] = '\0';
	CU_ASSERT_TRUE(vnm_path_valid(text));
	text[512] = 'x';
	text[513] = '\0';
	CU_ASSERT_FALSE(vnm_path_valid(text));
	CU_ASSERT_FALSE(vnm_path_valid(NULL));
}

/* The characters of UAX 9 that are not seen, and their neighbours. */
static void test_directional_characters(void)
{
	static const struct {
		const char *s;
		uint32_t c;
	} cases[] = {
		{ "\xd8\x9c", 0x061c },
		{ "\xd8\x9b", 0 },
		{ "\xd8\x9d", 0 },
		{ "\xe2\x80\x8d", 0 },
		{ "\xe2\x80\x8e", 0x200e },
		{ "\xe2\x80\x8f", 0x200f },
		{ "\xe2\x80\x90", 0 },
		{ "\xe2\x80\xa9", 0 },
		{ "\xe2\x80\xaa", 0x202a },
		{ "\xe2\x80\xae", 0x202e },
		{ "\xe2\x80\xaf", 0 },
		{ "\xe2\x81\xa5", 0 },
		{ "\xe2\x81\xa6", 0x2066 },
		{ "\xe2\x81\xa9", 0x2069 },
		{ "\xe2\x81\xaa", 0 },
		{ "\xe2\x80", 0 },
		{ "\xe2", 0 },
		{ "", 0 },
	};

	for (size_t i = 0; i < VNM_ARRAY_SIZE(cases); i++) {
		vnm_autofree char *inside = vnm_asprintf("a \xe2\x82\xac %sz", cases[i].s);
		uint32_t c = 0;
		const char *at = vnm_bidi_find(inside, &c);

		VNM_ASSERT_INT_EQ(vnm_bidi_at(cases[i].s, NULL),
				  cases[i].c ? strlen(cases[i].s) : 0);
		VNM_ASSERT_INT_EQ(c, cases[i].c);
		CU_ASSERT_PTR_EQUAL(at, cases[i].c ? inside + 6 : NULL);
	}
}

const struct vnm_test vnm_tests[] = {
	{ "numbers", test_numbers },
	{ "numbers_32", test_numbers_32 },
	{ "mac", test_mac },
	{ "mac_unset", test_mac_unset },
	{ "uuid", test_uuid },
	{ "network_names", test_network_names },
	{ "interface_names", test_interface_names },
	{ "host_names", test_host_names },
	{ "faults of names", test_name_faults },
	{ "duid", test_duid },
	{ "paths", test_paths },
	{ "directional_characters", test_directional_characters },
	{ 0 },
};
