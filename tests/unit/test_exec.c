/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_exec.c - carrying plans out, by operations that only note what they are asked for. */
#include "mock_ops.h"

#include <errno.h>
#include <stdlib.h>

#include "run/exec.h"
#include "sys/ops.h"
#include "util/buf.h"
#include "util/mem.h"

const char vnm_suite[] = "run/exec";

#define NETS 3

/* The network's number stands in the name of the device or directory of each operation. */
static int net_of(const struct vnm_op *op)
{
	return op->link_up.dev[0] - '0';
}

static void mock_name(const struct vnm_op *op, struct vnm_buf *out)
{
	vnm_buf_printf(out, "%d:%s", net_of(op), vnm_op_type_name(op->type));
}

static void mock_text(const struct vnm_op *op, struct vnm_buf *out)
{
	mock_name(op, out);
}

/* All or nothing, as the contract says. */
static int mock_apply_many(struct vnm_sys *sys, const struct vnm_op *const *ops, size_t n,
			   struct vnm_error *err)
{
	(void)sys;
	for (size_t i = 0; i < n; i++) {
		int r = mock_step("many", ops[i], err);

		if (r < 0)
			return r;
	}
	for (size_t i = 0; i < n; i++)
		mock_put(ops[i]);
	return 0;
}

static int mock_revert_many(struct vnm_sys *sys, const struct vnm_op *const *ops, size_t n,
			    struct vnm_error *err)
{
	for (size_t i = 0; i < n; i++)
		(void)mock_revert(sys, ops[i], err);
	return 0;
}

static const struct vnm_op_impl many = {
	.apply_many = mock_apply_many,
	.check = mock_check,
	.revert_many = mock_revert_many,
};
static const struct vnm_op_impl process = {
	.apply = mock_apply,
	.wait_ready = mock_wait_ready,
	.check = mock_check,
	.revert = mock_revert,
};

const struct vnm_op_impl *const vnm_op_impls[VNM_OP_COUNT] =
	MOCK_OP_IMPLS(&mock_single, &many, &process, &mock_many);

/* Kinds whose first member is a string, which carries the number; the rest is of no matter here. */
static const enum vnm_op_type kinds[] = {
	VNM_OP_BRIDGE, VNM_OP_RULE, VNM_OP_LINK_UP, VNM_OP_FILE, VNM_OP_DNSMASQ,
};

static char names[NETS][2] = { "0", "1", "2" };

static void make_jobs(struct vnm_job *jobs, int fail_at)
{
	mock_clear();
	mock.fail_at = fail_at;
	for (int i = 0; i < NETS; i++) {
		jobs[i] = (struct vnm_job){ .name = names[i] };
		for (size_t k = 0; k < VNM_ARRAY_SIZE(kinds); k++)
			vnm_plan_add(&jobs[i].plan, kinds[k])->link_up.dev = names[i];
	}
}

/* The strings are not the plans' own. */
static void free_jobs(struct vnm_job *jobs)
{
	for (int i = 0; i < NETS; i++)
		free(jobs[i].plan.ops);
	mock_clear();
}

/* How many of a network's operations are there. */
static int count_present(const struct vnm_job *job)
{
	int n = 0;

	for (size_t i = 0; i < job->plan.n; i++)
		n += mock_find(&job->plan.ops[i]) >= 0;
	return n;
}

static void test_success(void)
{
	struct vnm_sys sys = { 0 };
	struct vnm_job jobs[NETS];
	struct vnm_missing *missing;
	struct vnm_error err = { 0 };
	size_t n;

	make_jobs(jobs, 0);
	vnm_exec_apply(&sys, jobs, NETS);
	VNM_ASSERT_STR_EQ(vnm_buf_str(&mock.log),
			  "apply:0:bridge apply:1:bridge apply:2:bridge "
			  "many:0:rule many:1:rule many:2:rule "
			  "apply:0:link-up apply:1:link-up apply:2:link-up "
			  "apply:0:file apply:1:file apply:2:file "
			  "apply:0:dnsmasq apply:1:dnsmasq apply:2:dnsmasq "
			  "ready:0:dnsmasq ready:1:dnsmasq ready:2:dnsmasq");
	mock_drop(&jobs[1].plan.ops[2]);
	VNM_ASSERT_OK_FATAL(vnm_exec_check(&sys, &jobs[1].plan, &missing, &n, &err), err);
	VNM_ASSERT_INT_EQ_FATAL(n, 1);
	VNM_ASSERT_INT_EQ(missing[0].op->type, VNM_OP_LINK_UP);
	VNM_ASSERT_INT_EQ(missing[0].presence, VNM_ABSENT);
	free(missing);
	free_jobs(jobs);
}

/* Every step may fail: then just its network is marked, the others come up whole, and all of it can be reverted. */
static void test_failures(void)
{
	struct vnm_sys sys = { 0 };
	struct vnm_job jobs[NETS];
	int steps = 1;

	for (int at = 1; at <= steps; at++) {
		int failed = 0;

		make_jobs(jobs, at);
		vnm_exec_apply(&sys, jobs, NETS);
		if (at == 1)
			steps = 3 * 6;
		for (int i = 0; i < NETS; i++) {
			failed += jobs[i].failed;
			if (jobs[i].failed)
				VNM_ASSERT_INT_EQ(jobs[i].err.sys, EIO);
			else
				VNM_ASSERT_INT_EQ(count_present(&jobs[i]), VNM_ARRAY_SIZE(kinds));
		}
		/* A step of apply_many that fails once is tried again for each network by itself. */
		CU_ASSERT(failed <= 1);
		vnm_exec_revert(&sys, jobs, NETS);
		for (int i = 0; i < NETS; i++)
			VNM_ASSERT_INT_EQ(count_present(&jobs[i]), 0);
		free_jobs(jobs);
	}
}

static void test_prepare(void)
{
	struct vnm_sys sys = { 0 };
	struct vnm_job jobs[NETS];

	make_jobs(jobs, 2); /* the bridge of the second network */
	vnm_exec_prepare(&sys, jobs, NETS);
	CU_ASSERT(!jobs[0].failed && jobs[1].failed && !jobs[2].failed);
	for (int i = 0; i < NETS; i++)
		VNM_ASSERT_INT_EQ(count_present(&jobs[i]), 0);
	vnm_exec_apply(&sys, jobs, NETS);
	VNM_ASSERT_INT_EQ(count_present(&jobs[1]), 0);
	VNM_ASSERT_INT_EQ(count_present(&jobs[2]), VNM_ARRAY_SIZE(kinds));
	free_jobs(jobs);
}

/* Backwards, each operation once; one that is stuck keeps none of the others. */
static void test_revert(void)
{
	struct vnm_sys sys = { 0 };
	struct vnm_job jobs[NETS];

	make_jobs(jobs, 0);
	vnm_exec_apply(&sys, jobs, 1);
	vnm_buf_clear(&mock.log);
	mock.stuck = VNM_OP_LINK_UP;
	vnm_exec_revert(&sys, jobs, 1);
	VNM_ASSERT_STR_EQ(vnm_buf_str(&mock.log),
			  "revert:0:dnsmasq revert:0:file revert:0:link-up revert:0:rule "
			  "revert:0:bridge");
	CU_ASSERT(jobs[0].failed);
	VNM_ASSERT_STR_EQ(jobs[0].err.msg, "stuck");
	VNM_ASSERT_INT_EQ(count_present(&jobs[0]), 1);
	free_jobs(jobs);
}

const struct vnm_test vnm_tests[] = {
	{ "success", test_success },
	{ "failures", test_failures },
	{ "prepare", test_prepare },
	{ "revert", test_revert },
	{ 0 },
};
