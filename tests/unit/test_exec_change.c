/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_exec_change.c - changing an active network from one plan to another, by operations that keep a list of what is there. */
#include "input.h"
#include "mock_ops.h"
#include "plan_facts.h"

#include <errno.h>
#include <string.h>

#include "plan/op/op_text.h"
#include "plan/plan.h"
#include "run/exec_change.h"
#include "sys/ops.h"
#include "util/mem.h"
#include "xml/network_xml.h"

const char vnm_suite[] = "run/exec_change";

static void mock_name(const struct vnm_op *op, struct vnm_buf *out)
{
	vnm_buf_printf(out, "%s", vnm_op_type_name(op->type));
}

static void mock_text(const struct vnm_op *op, struct vnm_buf *out)
{
	vnm_op_format(op, out);
}

static int mock_wait_gone(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	(void)sys;
	return mock_step("gone", op, err);
}

static int mock_change(struct vnm_sys *sys, const struct vnm_op *old, const struct vnm_op *new,
		       struct vnm_error *err)
{
	int r = mock_step("change", new, err);

	(void)sys;
	if (r < 0)
		return r;
	/* Works also when it was done already. */
	CU_ASSERT(mock_find(old) >= 0 || mock_find(new) >= 0);
	mock_drop(old);
	mock_put(new);
	return 0;
}

static int mock_apply_many(struct vnm_sys *sys, const struct vnm_op *const *ops, size_t n,
			   struct vnm_error *err)
{
	(void)sys, (void)ops, (void)n;
	return vnm_error_set(err, VNM_ERR_SYSTEM, EIO, "rules are replaced in one step");
}

static int mock_revert_many(struct vnm_sys *sys, const struct vnm_op *const *ops, size_t n,
			    struct vnm_error *err)
{
	return mock_apply_many(sys, ops, n, err);
}

/* All of them in their order, whatever was there. */
static int mock_replace_many(struct vnm_sys *sys, const struct vnm_op *const *gone, size_t n_gone,
			     const struct vnm_op *const *ops, size_t n, struct vnm_error *err)
{
	int r = mock_step("replace", n ? ops[0] : gone[0], err);

	(void)sys;
	if (r < 0)
		return r;
	for (size_t i = 0; i < n_gone; i++)
		mock_drop(gone[i]);
	for (size_t i = 0; i < n; i++)
		mock_drop(ops[i]);
	for (size_t i = 0; i < n; i++)
		mock_put(ops[i]);
	return 0;
}

static const struct vnm_op_impl many = {
	.apply_many = mock_apply_many,
	.check = mock_check,
	.revert_many = mock_revert_many,
	.replace_many = mock_replace_many,
};
static const struct vnm_op_impl changed = {
	.apply = mock_apply,
	.check = mock_check,
	.revert = mock_revert,
	.change = mock_change,
};
static const struct vnm_op_impl frames = {
	.apply_many = mock_apply_all,
	.check = mock_check,
	.revert_many = mock_revert_all,
	.change = mock_change,
};
static const struct vnm_op_impl process = {
	.apply = mock_apply,
	.wait_ready = mock_wait_ready,
	.check = mock_check,
	.revert = mock_revert,
	.wait_gone = mock_wait_gone,
	.change = mock_change,
};

const struct vnm_op_impl *const vnm_op_impls[VNM_OP_COUNT] =
	MOCK_OP_IMPLS(&changed, &many, &process, &frames);

/* ---- plans ---- */

static void make_plan(const char *body, struct vnm_plan *ret)
{
	vnm_autofree char *xml = vnm_asprintf(
		"<network><name>n</name><bridge name='br0'/><mac address='52:54:00:00:00:01'/>"
		"%s</network>",
		body);
	vnm_autonetwork struct vnm_network net = { 0 };
	struct vnm_error err = { 0 };

	VNM_ASSERT_OK_FATAL(vnm_network_xml_parse(xml, strlen(xml), "t.xml", &net, &err), err);
	VNM_ASSERT_OK_FATAL(vnm_plan_start(INPUT(&net, &facts, &paths), ret, &err), err);
}

#define IP(inside) "<ip address='10.0.0.1' prefix='24'>" inside "</ip>"
#define RANGE "<range start='10.0.0.100' end='10.0.0.120'/>"
#define HOST "<host mac='52:54:00:00:01:01' ip='10.0.0.11'/>"
#define ROUTE(to) "<route address='10.9.0.0' prefix='16' gateway='10.0.0." to "'/>"
#define NAT "<forward mode='nat'/>"

static const char *const bodies[] = {
	"",
	IP(),
	IP("<dhcp>" RANGE "</dhcp>"),
	NAT IP("<dhcp>" RANGE HOST "</dhcp>"),
	NAT IP("<dhcp>" RANGE "</dhcp>") ROUTE("9"),
	"<forward mode='route'/><mtu size='1400'/>" IP("<dhcp>" RANGE HOST "</dhcp>") ROUTE("8"),
	NAT "<ip address='10.0.0.1' prefix='25'/><ip address='10.5.0.1' prefix='24'/>" ROUTE("9"),
	NAT "<ip address='10.5.0.1' prefix='24'/><ip family='ipv6' address='fd00::1' prefix='64'/>",
};

static void make_present(const struct vnm_plan *plan)
{
	mock_clear();
	for (size_t i = 0; i < plan->n; i++)
		mock_put(&plan->ops[i]);
}

/* All of the plan is there and nothing else, and the rules in their order. */
static void assert_present(const struct vnm_plan *plan)
{
	int last = -1;

	VNM_ASSERT_INT_EQ(mock.n, plan->n);
	for (size_t i = 0; i < plan->n; i++) {
		int at = mock_find(&plan->ops[i]);

		CU_ASSERT(at >= 0);
		if (plan->ops[i].type != VNM_OP_RULE)
			continue;
		CU_ASSERT(at > last);
		last = at;
	}
}

static int change_plan(const struct vnm_plan *from, const struct vnm_plan *to,
		       struct vnm_error *err)
{
	vnm_autodiff struct vnm_diff diff = { 0 };
	struct vnm_sys sys = { 0 };

	vnm_diff_plans(from, to, &diff);
	CU_ASSERT(!diff.obstacle);
	mock.step = 0;
	vnm_buf_clear(&mock.log);
	return vnm_exec_change(&sys, &diff, to, err);
}

/* ---- tests ---- */

static void steps(const char *from, const char *to, const char *should)
{
	vnm_autoplan struct vnm_plan old = { 0 }, new = { 0 };
	struct vnm_error err = { 0 };

	make_plan(from, &old);
	make_plan(to, &new);
	make_present(&old);
	VNM_ASSERT_OK_FATAL(change_plan(&old, &new, &err), err);
	VNM_ASSERT_STR_EQ(vnm_buf_str(&mock.log), should);
	assert_present(&new);
	mock_clear();
}

static void in_order(void)
{
	steps(bodies[1], bodies[1], "");
	steps(bodies[0], bodies[1],
	      "prepare:address apply:address replace:rule apply:file apply:file apply:file "
	      "apply:dnsmasq ready:dnsmasq revert:sysctl");
	/* dnsmasq is gone for good before its files are. */
	steps(bodies[1], bodies[0],
	      "prepare:sysctl apply:sysctl replace:rule revert:dnsmasq gone:dnsmasq revert:file "
	      "revert:file revert:file revert:address");
	steps(NAT IP("<dhcp>" RANGE "</dhcp>"), bodies[3], "change:file change:dnsmasq");
	steps(bodies[1], bodies[2],
	      "replace:rule change:frames change:file revert:dnsmasq gone:dnsmasq apply:dnsmasq "
	      "ready:dnsmasq");
	/* What cannot be changed in place goes and comes. */
	steps(IP() ROUTE("9"), IP() ROUTE("8"), "revert:route prepare:route apply:route");
	steps(NAT IP(), "<forward><nat><port start='5000' end='6000'/></nat></forward>" IP(),
	      "replace:rule");
}

/* Wherever it fails, the opposite change reverts it; and the same change, once more, completes it. */
static void failures(void)
{
	size_t n = VNM_ARRAY_SIZE(bodies);

	for (size_t i = 0; i < n * n; i++) {
		vnm_autoplan struct vnm_plan old = { 0 }, new = { 0 };
		struct vnm_error err = { 0 };
		int total;

		make_plan(bodies[i / n], &old);
		make_plan(bodies[i % n], &new);
		make_present(&old);
		VNM_ASSERT_OK_FATAL(change_plan(&old, &new, &err), err);
		assert_present(&new);
		total = mock.step;
		for (int at = 1; at <= total; at++) {
			for (int again = 0; again < 2; again++) {
				make_present(&old);
				mock.fail_at = at;
				VNM_ASSERT_INT_EQ(change_plan(&old, &new, &err), -EIO);
				VNM_ASSERT_INT_EQ(mock.step, at);
				mock.fail_at = 0;
				VNM_ASSERT_OK(again ? change_plan(&old, &new, &err)
						    : change_plan(&new, &old, &err),
					      err);
				assert_present(again ? &new : &old);
			}
		}
	}
	mock_clear();
}

/* With an address the kernel deletes routes, for which there is no step. */
static void healed(void)
{
	vnm_autoplan struct vnm_plan old = { 0 }, new = { 0 };
	struct vnm_error err = { 0 };

	make_plan(NAT IP() "<ip address='10.5.0.1' prefix='24'/>" ROUTE("9"), &old);
	make_plan(NAT IP() ROUTE("9"), &new);
	make_present(&old);
	for (size_t i = 0; i < old.n; i++)
		if (old.ops[i].type == VNM_OP_ROUTE)
			mock_drop(&old.ops[i]);
	VNM_ASSERT_OK_FATAL(change_plan(&old, &new, &err), err);
	assert_present(&new);
	mock_clear();
}

/* A network that an earlier version has started lacks kinds of operations that were not known then. */
static void earlier(void)
{
	vnm_autoplan struct vnm_plan old = { 0 }, new = { 0 };
	struct vnm_error err = { 0 };
	size_t n = 0;

	make_plan(bodies[3], &old);
	make_plan(bodies[3], &new);
	for (size_t i = 0; i < old.n; i++)
		if (old.ops[i].type == VNM_OP_FRAMES)
			vnm_op_clear(&old.ops[i]);
		else
			old.ops[n++] = old.ops[i];
	CU_ASSERT(n == old.n - 1);
	old.n = n;
	make_present(&old);
	VNM_ASSERT_OK_FATAL(change_plan(&old, &new, &err), err);
	assert_present(&new);
	VNM_ASSERT_OK_FATAL(change_plan(&new, &old, &err), err);
	assert_present(&old);
	mock_clear();
}

const struct vnm_test vnm_tests[] = {
	{ "in order", in_order },
	{ "failures", failures },
	{ "healed", healed },
	{ "earlier", earlier },
	{ 0 },
};
