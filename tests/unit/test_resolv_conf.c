/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_resolv_conf.c - the resolv.conf that the guests in one namespace share. */
#include "runner.h"

#include <stdlib.h>

#include "plan/resolv_conf.h"
#include "util/mem.h"

const char vnm_suite[] = "plan/resolv_conf";

#define BOOT "b1"
#define HEAD VNM_RESOLV_MARK "# Boot " BOOT "\n"
#define INSIDE "# vnet0 isolated: nameserver 10.2.0.254 nameserver fd02::1 search in.test\n"
#define OUTSIDE "# vnet1 outside: nameserver 10.1.0.254 nameserver fd01::1 search out.test\n"
#define OTHER "# vnet10 outside: nameserver 10.3.0.254\n"
#define ALONE HEAD INSIDE "nameserver 10.2.0.254\nnameserver fd02::1\nsearch in.test\n"
#define BOTH                                                                                     \
	HEAD INSIDE OUTSIDE "nameserver 10.1.0.254\nnameserver fd01::1\nnameserver 10.2.0.254\n" \
			    "search out.test in.test\n"

static void check(char *is, const char *should)
{
	VNM_ASSERT_STR_EQ(is, should);
	free(is);
}

static void shared(void)
{
	check(vnm_resolv_with(NULL, BOOT, INSIDE), ALONE);
	check(vnm_resolv_with(ALONE, BOOT, INSIDE), ALONE);
	check(vnm_resolv_with(ALONE, BOOT, OUTSIDE), BOTH);
	CU_ASSERT(vnm_resolv_has(BOTH, BOOT, INSIDE) && vnm_resolv_has(BOTH, BOOT, OUTSIDE));
	CU_ASSERT(vnm_resolv_ours(BOTH) && !vnm_resolv_has(ALONE, BOOT, OUTSIDE));
	check(vnm_resolv_without(BOTH, BOOT, OUTSIDE), ALONE);
	CU_ASSERT_PTR_NULL(vnm_resolv_without(ALONE, BOOT, INSIDE));
}

static void devices(void)
{
	vnm_autofree char *two = vnm_resolv_with(ALONE, BOOT, OTHER);
	vnm_autofree char *three = vnm_resolv_with(two, BOOT, OUTSIDE);

	/* A device is known by its whole name; a new line of its replaces the old one; a server is named once. */
	CU_ASSERT(vnm_resolv_has(three, BOOT, OTHER) && vnm_resolv_has(three, BOOT, OUTSIDE));
	check(vnm_resolv_with(ALONE, BOOT, "# vnet0 outside: nameserver 10.2.0.254\n"),
	      HEAD "# vnet0 outside: nameserver 10.2.0.254\nnameserver 10.2.0.254\n");
	check(vnm_resolv_with(ALONE, BOOT, "# vnet5 isolated: nameserver 10.2.0.254\n"),
	      HEAD INSIDE "# vnet5 isolated: nameserver 10.2.0.254\nnameserver 10.2.0.254\n"
			  "nameserver fd02::1\nsearch in.test\n");
}

static void others(void)
{
	static const char edited[] = HEAD INSIDE OUTSIDE "nameserver 192.0.2.1\n";
	static const char old[] = VNM_RESOLV_MARK "nameserver 10.2.0.254\n";

	/* Edited, of another boot, or of an earlier version: its lines are not believed. */
	CU_ASSERT(!vnm_resolv_has(edited, BOOT, INSIDE) && vnm_resolv_ours(edited));
	check(vnm_resolv_with(edited, BOOT, INSIDE), ALONE);
	CU_ASSERT(!vnm_resolv_has(BOTH, "b2", INSIDE));
	check(vnm_resolv_with(VNM_RESOLV_MARK "# Boot b0\n" OUTSIDE, BOOT, INSIDE), ALONE);
	CU_ASSERT(vnm_resolv_has(old, BOOT, old));
	CU_ASSERT_PTR_NULL(vnm_resolv_without(old, BOOT, old));
	check(vnm_resolv_with(old, BOOT, INSIDE), ALONE);
	CU_ASSERT(!vnm_resolv_ours("nameserver 10.2.0.254\n"));
}

const struct vnm_test vnm_tests[] = {
	{ "shared", shared },
	{ "devices", devices },
	{ "others", others },
	{ 0 },
};
