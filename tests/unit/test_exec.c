/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_exec.c - carrying plans out, with hands that only note what they are told to do, and that fail where asked.
 *
 * The table of operations is this file's own, so the linker takes it instead of the one in sys/ops.c.
 */
#include "runner.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "run/exec.h"
#include "util/buf.h"
#include "util/mem.h"

const char vnm_suite[] = "run/exec";

#define NETS 3

/* What was done, and at which step to fail; the steps of all networks count together. */
static struct {
	struct vnm_buf log;
	int step, fail_at;
	bool fail_revert;
	bool made[NETS][VNM_OP_COUNT];
} hands;

/* The network's number stands in the name of the device or directory of each operation. */
static int net_of(const struct vnm_op *op)
{
	return op->link_up.dev[0] - '0';
}

static int act(const char *what, const struct vnm_op *op, struct vnm_error *err)
{
	hands.step++;
	vnm_buf_printf(&hands.log, "%s:%d:%s ", what, net_of(op), vnm_op_type_name(op->type));
	if (hands.step == hands.fail_at)
		return vnm_error_set(err, VNM_ERR_SYSTEM, EIO, "step %d", hands.step);
	return 0;
}

static int fake_prepare(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	(void)sys;
	return act("prepare", op, err);
}

static int fake_apply(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	int r = act("apply", op, err);

	(void)sys;
	if (r == 0)
		hands.made[net_of(op)][op->type] = true;
	return r;
}

static int fake_settle(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	(void)sys;
	return act("settle", op, err);
}

/* All or nothing, as the contract says. */
static int fake_apply_many(struct vnm_sys *sys, const struct vnm_op *const *ops, size_t n,
			   struct vnm_error *err)
{
	(void)sys;
	for (size_t i = 0; i < n; i++) {
		int r = act("many", ops[i], err);

		if (r < 0)
			return r;
	}
	for (size_t i = 0; i < n; i++)
		hands.made[net_of(ops[i])][ops[i]->type] = true;
	return 0;
}

static int fake_check(struct vnm_sys *sys, const struct vnm_op *op, enum vnm_presence *ret,
		      struct vnm_error *err)
{
	(void)sys, (void)err;
	*ret = hands.made[net_of(op)][op->type] ? VNM_PRESENT : VNM_ABSENT;
	return 0;
}

static int fake_revert(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	(void)sys;
	vnm_buf_printf(&hands.log, "revert:%d:%s ", net_of(op), vnm_op_type_name(op->type));
	if (hands.fail_revert && op->type == VNM_OP_LINK_UP)
		return vnm_error_set(err, VNM_ERR_SYSTEM, EBUSY, "stuck");
	hands.made[net_of(op)][op->type] = false;
	return 0;
}

static int fake_revert_many(struct vnm_sys *sys, const struct vnm_op *const *ops, size_t n,
			    struct vnm_error *err)
{
	for (size_t i = 0; i < n; i++)
		(void)fake_revert(sys, ops[i], err);
	return 0;
}

static const struct vnm_op_impl single = {
	.prepare = fake_prepare,
	.apply = fake_apply,
	.check = fake_check,
	.revert = fake_revert,
};
static const struct vnm_op_impl many = {
	.apply_many = fake_apply_many,
	.check = fake_check,
	.revert_many = fake_revert_many,
};
static const struct vnm_op_impl process = {
	.apply = fake_apply,
	.wait_ready = fake_settle,
	.check = fake_check,
	.revert = fake_revert,
};

const struct vnm_op_impl *const vnm_op_impls[VNM_OP_COUNT] = {
	[VNM_OP_REQUIRE_DEVICE] = &single, [VNM_OP_FORWARDING] = &single,
	[VNM_OP_BRIDGE] = &single,	   [VNM_OP_SYSCTL] = &single,
	[VNM_OP_ADDRESS] = &single,	   [VNM_OP_RULE] = &many,
	[VNM_OP_LINK_UP] = &single,	   [VNM_OP_ROUTE] = &single,
	[VNM_OP_FILE] = &single,	   [VNM_OP_DNSMASQ] = &process,
	[VNM_OP_BANDWIDTH] = &single,	   [VNM_OP_TAP] = &single,
	[VNM_OP_NETNS] = &single,	   [VNM_OP_VETH] = &single,
	[VNM_OP_MACVLAN] = &single,	   [VNM_OP_BRIDGE_PORT] = &single,
	[VNM_OP_RESOLV] = &single,	   [VNM_OP_ROUTE_LOCALNET] = &single,
	[VNM_OP_ZONE] = &single,	   [VNM_OP_NAMESERVER] = &single,
	[VNM_OP_UPLINK] = &single,	   [VNM_OP_PROXY_NEIGHBOUR] = &single,
	[VNM_OP_DHCP] = &single,	   [VNM_OP_FLOOR] = &single,
	[VNM_OP_FRAMES] = &single,	   [VNM_OP_STATION] = &single,
	[VNM_OP_ACCEPT_RA] = &single,
};

/* Kinds whose first member is a string, which carries the number; the rest is of no matter to these hands. */
static const enum vnm_op_type kinds[] = {
	VNM_OP_BRIDGE, VNM_OP_RULE, VNM_OP_LINK_UP, VNM_OP_FILE, VNM_OP_DNSMASQ,
};

static char names[NETS][2] = { "0", "1", "2" };

static void begin(struct vnm_job *jobs, int fail_at)
{
	vnm_buf_clear(&hands.log);
	memset(&hands, 0, sizeof(hands));
	hands.fail_at = fail_at;
	for (int i = 0; i < NETS; i++) {
		jobs[i] = (struct vnm_job){ .name = names[i] };
		for (size_t k = 0; k < VNM_ARRAY_SIZE(kinds); k++)
			vnm_plan_add(&jobs[i].plan, kinds[k])->link_up.dev = names[i];
	}
}

/* The strings are not the plans' own. */
static void end(struct vnm_job *jobs)
{
	for (int i = 0; i < NETS; i++)
		free(jobs[i].plan.ops);
	vnm_buf_clear(&hands.log);
}

static int made_of(int net)
{
	int n = 0;

	for (size_t k = 0; k < VNM_ARRAY_SIZE(kinds); k++)
		n += hands.made[net][kinds[k]];
	return n;
}

static void test_success(void)
{
	struct vnm_sys sys = { 0 };
	struct vnm_job jobs[NETS];
	struct vnm_missing *missing;
	struct vnm_error err = { 0 };
	size_t n;

	begin(jobs, 0);
	vnm_exec_apply(&sys, jobs, NETS);
	VNM_ASSERT_STR_EQ(vnm_buf_str(&hands.log),
			  "apply:0:bridge apply:1:bridge apply:2:bridge "
			  "many:0:rule many:1:rule many:2:rule "
			  "apply:0:link-up apply:1:link-up apply:2:link-up "
			  "apply:0:file apply:1:file apply:2:file "
			  "apply:0:dnsmasq apply:1:dnsmasq apply:2:dnsmasq "
			  "settle:0:dnsmasq settle:1:dnsmasq settle:2:dnsmasq ");
	hands.made[1][VNM_OP_LINK_UP] = false;
	VNM_ASSERT_OK_FATAL(vnm_exec_check(&sys, &jobs[1].plan, &missing, &n, &err), err);
	VNM_ASSERT_INT_EQ_FATAL(n, 1);
	VNM_ASSERT_INT_EQ(missing[0].op->type, VNM_OP_LINK_UP);
	VNM_ASSERT_INT_EQ(missing[0].presence, VNM_ABSENT);
	free(missing);
	end(jobs);
}

/* Every step may fail: then just its network is marked, the others come up whole, and revert takes all back. */
static void test_failures(void)
{
	struct vnm_sys sys = { 0 };
	struct vnm_job jobs[NETS];
	int steps = 1;

	for (int at = 1; at <= steps; at++) {
		int failed = 0;

		begin(jobs, at);
		vnm_exec_apply(&sys, jobs, NETS);
		if (at == 1)
			steps = 3 * 6;
		for (int i = 0; i < NETS; i++) {
			failed += jobs[i].failed;
			if (jobs[i].failed)
				VNM_ASSERT_INT_EQ(jobs[i].err.sys, EIO);
			else
				VNM_ASSERT_INT_EQ(made_of(i), VNM_ARRAY_SIZE(kinds));
		}
		/* A step of apply_many that fails once is tried again for each network by itself. */
		CU_ASSERT(failed <= 1);
		vnm_exec_revert(&sys, jobs, NETS);
		for (int i = 0; i < NETS; i++)
			VNM_ASSERT_INT_EQ(made_of(i), 0);
		end(jobs);
	}
}

static void test_prepare(void)
{
	struct vnm_sys sys = { 0 };
	struct vnm_job jobs[NETS];

	begin(jobs, 2); /* the bridge of the second network */
	vnm_exec_prepare(&sys, jobs, NETS);
	CU_ASSERT(!jobs[0].failed && jobs[1].failed && !jobs[2].failed);
	for (int i = 0; i < NETS; i++)
		VNM_ASSERT_INT_EQ(made_of(i), 0);
	vnm_exec_apply(&sys, jobs, NETS);
	VNM_ASSERT_INT_EQ(made_of(1), 0);
	VNM_ASSERT_INT_EQ(made_of(2), VNM_ARRAY_SIZE(kinds));
	end(jobs);
}

/* Backwards, each operation once; one that is stuck keeps none of the others. */
static void test_revert(void)
{
	struct vnm_sys sys = { 0 };
	struct vnm_job jobs[NETS];

	begin(jobs, 0);
	vnm_exec_apply(&sys, jobs, 1);
	vnm_buf_clear(&hands.log);
	hands.fail_revert = true;
	vnm_exec_revert(&sys, jobs, 1);
	VNM_ASSERT_STR_EQ(vnm_buf_str(&hands.log),
			  "revert:0:dnsmasq revert:0:file revert:0:link-up revert:0:rule "
			  "revert:0:bridge ");
	CU_ASSERT(jobs[0].failed);
	VNM_ASSERT_STR_EQ(jobs[0].err.msg, "stuck");
	VNM_ASSERT_INT_EQ(made_of(0), 1);
	end(jobs);
}

const struct vnm_test vnm_tests[] = {
	{ "success", test_success },
	{ "failures", test_failures },
	{ "prepare", test_prepare },
	{ "revert", test_revert },
	{ 0 },
};
