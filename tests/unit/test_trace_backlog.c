/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_trace_backlog.c - what the kernel says of packets that wait. */
#include "runner.h"

#include "sys/trace/trace_backlog.h"

const char vnm_suite[] = "trace-backlog";

/* A processor's line: the twelfth number is how many wait. */
#define LINE(waiting)                                                              \
	"033f3108 00003359 00000023 00000000 00000000 00000000 00000000 00000000 " \
	"00000000 00000000 00000000 " waiting " 00000000 00000000 00000000\n"
#define NONE "00000000"

static void test_waiting(void)
{
	CU_ASSERT(vnm_trace_backlog_none(LINE(NONE) LINE(NONE)));
	CU_ASSERT(!vnm_trace_backlog_none(LINE("0000000a") LINE(NONE)));
	CU_ASSERT(!vnm_trace_backlog_none(LINE(NONE) LINE("00000001")));
}

/* Before Linux 5.10 there are eleven. */
static void test_unknown(void)
{
	CU_ASSERT(vnm_trace_backlog_none("033f3108 00003359 00000023 00000000 00000000 00000000 "
					 "00000000 00000000 00000000 00000001 00000001\n"));
	CU_ASSERT(vnm_trace_backlog_none(""));
}

const struct vnm_test vnm_tests[] = {
	{ "waiting", test_waiting },
	{ "unknown", test_unknown },
	{ 0 },
};
