/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_steps.c - the steps of a dry run: data and text, independent of the plans that they are made of. */
#include "runner.h"

#include <stdlib.h>

#include "plan/op/op_parse.h"
#include "plan/op/steps.h"
#include "util/mem.h"

const char vnm_suite[] = "steps";

static void add_op(struct vnm_plan *plan, const char *line)
{
	struct vnm_error err = { 0 };

	VNM_ASSERT_OK_FATAL(vnm_op_parse(line, vnm_plan_add(plan, VNM_OP_BRIDGE), &err), err);
}

static void check_text(const struct vnm_steps *steps, const char *expected)
{
	vnm_autobuf struct vnm_buf text = { 0 };

	vnm_steps_print(steps, &text);
	VNM_ASSERT_STR_EQ(vnm_buf_str(&text), expected);
}

static void of_plan(void)
{
	vnm_autosteps struct vnm_steps there = { 0 }, back = { 0 };
	struct vnm_plan plan = { 0 };

	add_op(&plan, "bridge name=br0");
	add_op(&plan, "sysctl path=net/ipv6/conf/br0/accept_ra value=0");
	vnm_steps_add_plan(&there, &plan, false);
	vnm_steps_add_plan(&back, &plan, true);
	vnm_plan_clear(&plan);
	CU_ASSERT_EQUAL_FATAL(there.n, 2);
	VNM_ASSERT_INT_EQ(there.items[0].how, VNM_STEP_ADD);
	VNM_ASSERT_STR_EQ(there.items[0].new->bridge.name, "br0");
	CU_ASSERT_PTR_NULL(there.items[0].old);
	VNM_ASSERT_STR_EQ(there.items[1].kind, "sysctl");
	VNM_ASSERT_STR_EQ(there.items[1].object, "setting net/ipv6/conf/br0/accept_ra=0");
	CU_ASSERT_EQUAL_FATAL(back.n, 1); /* the setting disappears with its device */
	VNM_ASSERT_INT_EQ(back.items[0].how, VNM_STEP_REMOVE);
	VNM_ASSERT_STR_EQ(back.items[0].old->bridge.name, "br0");
	check_text(&back, "ip link del br0\n");
}

static void of_diff(void)
{
	struct vnm_plan old = { 0 }, new = { 0 };
	vnm_autosteps struct vnm_steps steps = { 0 };
	vnm_autodiff struct vnm_diff diff = { 0 };

	add_op(&old, "bridge name=br0");
	add_op(&old, "address dev=br0 addr=192.0.2.1/24");
	add_op(&new, "bridge name=br0 stp=yes");
	vnm_diff_plans(&old, &new, &diff);
	vnm_steps_add_diff(&steps, &diff);
	vnm_plan_clear(&old);
	vnm_plan_clear(&new);
	check_text(&steps, "~ bridge br0\n- address 192.0.2.1/24 on br0\n");
	CU_ASSERT_EQUAL_FATAL(steps.n, 2);
	CU_ASSERT(!steps.items[0].old->bridge.stp && steps.items[0].new->bridge.stp);
	CU_ASSERT_PTR_NULL(steps.items[1].new);
	VNM_ASSERT_STR_EQ(steps.items[1].old->address.dev, "br0");
}

static void of_others(void)
{
	vnm_autosteps struct vnm_steps all = { 0 };
	struct vnm_steps more = { 0 };

	vnm_steps_add(&more, VNM_STEP_REMOVE, "lease", "lease of %s", "192.0.2.7");
	vnm_steps_note(&more, "routers");
	vnm_steps_move(&all, &more);
	CU_ASSERT_EQUAL(more.n, 0);
	CU_ASSERT_EQUAL_FATAL(all.n, 2);
	VNM_ASSERT_STR_EQ(all.items[0].object, "lease of 192.0.2.7");
	VNM_ASSERT_STR_EQ(all.items[1].kind, "note");
	check_text(&all, "- lease of 192.0.2.7\n# routers\n");
}

const struct vnm_test vnm_tests[] = {
	{ "of plan", of_plan },
	{ "of diff", of_diff },
	{ "of others", of_others },
	{ 0 },
};
