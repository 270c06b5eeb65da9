/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_patience.c - how long others are waited for, by how busy the machine is. */
#include "runner.h"

#include "util/patience.h"

const char vnm_suite[] = "patience";

static void test_idle(void)
{
	VNM_ASSERT_INT_EQ(vnm_patience_for(100, "0.00 0.01 0.05 1/186 21084", 2), 100);
	VNM_ASSERT_INT_EQ(vnm_patience_for(100, "1.90 3.00 9.00 2/186 21084", 2), 100);
}

/* By the average of a minute, or what wants to run now, if that is more. */
static void test_busy(void)
{
	VNM_ASSERT_INT_EQ(vnm_patience_for(100, "6.00 0.01 0.05 1/186 21084", 2), 300);
	VNM_ASSERT_INT_EQ(vnm_patience_for(100, "0.10 0.01 0.05 8/186 21084", 2), 400);
	VNM_ASSERT_INT_EQ(vnm_patience_for(100, "64.00 0.01 0.05 8/186 21084", 2), 800);
}

static void test_unknown(void)
{
	VNM_ASSERT_INT_EQ(vnm_patience_for(100, "", 2), 100);
	VNM_ASSERT_INT_EQ(vnm_patience_for(100, "9.00 9.00 9.00 9/10 1", 0), 100);
}

const struct vnm_test vnm_tests[] = {
	{ "idle", test_idle },
	{ "busy", test_busy },
	{ "unknown", test_unknown },
	{ 0 },
};
