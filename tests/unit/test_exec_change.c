/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_exec_change.c - leading an active network from one plan to another, with hands that keep a list of what is
 * there, and that fail where asked.
 *
 * The table of operations is this file's own, so the linker takes it instead of the one in sys/ops.c.
 */
#include "runner.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "plan/op/op_text.h"
#include "plan/plan.h"
#include "run/exec_change.h"
#include "sys/ops.h"
#include "util/mem.h"
#include "xml/network_xml.h"

const char vnm_suite[] = "run/exec_change";

#define WORLD_MAX 256

/* What is there, as the texts of operations; and the step at which to fail. */
static struct {
	char *there[WORLD_MAX];
	size_t n;
	int step, fail_at;
	struct vnm_buf log;
} world;

static char *text_of(const struct vnm_op *op)
{
	struct vnm_buf text = { 0 };

	vnm_op_format(op, &text);
	return vnm_buf_steal(&text);
}

static int find(const struct vnm_op *op)
{
	vnm_autofree char *text = text_of(op);

	for (size_t i = 0; i < world.n; i++)
		if (!strcmp(world.there[i], text))
			return (int)i;
	return -1;
}

static void put(const struct vnm_op *op)
{
	CU_ASSERT_FATAL(world.n < WORLD_MAX);
	if (find(op) < 0)
		world.there[world.n++] = text_of(op);
}

static void drop(const struct vnm_op *op)
{
	int at = find(op);

	if (at < 0)
		return;
	free(world.there[at]);
	world.n--;
	memmove(&world.there[at], &world.there[at + 1], (world.n - (size_t)at) * sizeof(char *));
}

/* One more step; nothing of it is done when it fails. */
static int act(const char *what, const struct vnm_op *op, struct vnm_error *err)
{
	world.step++;
	vnm_buf_printf(&world.log, "%s%s:%s", world.log.len ? " " : "", what,
		       vnm_op_type_name(op->type));
	if (world.step == world.fail_at)
		return vnm_error_set(err, VNM_ERR_SYSTEM, EIO, "step %d", world.step);
	return 0;
}

static int fake_check(struct vnm_sys *sys, const struct vnm_op *op, enum vnm_presence *ret,
		      struct vnm_error *err)
{
	(void)sys, (void)err;
	*ret = find(op) < 0 ? VNM_ABSENT : VNM_PRESENT;
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
		put(op);
	return r;
}

static int fake_settle(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	(void)sys;
	return act("settle", op, err);
}

static int fake_revert(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	int r = act("revert", op, err);

	(void)sys;
	if (r == 0)
		drop(op);
	return r;
}

static int fake_revert_settle(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	(void)sys;
	return act("gone", op, err);
}

static int fake_change(struct vnm_sys *sys, const struct vnm_op *old, const struct vnm_op *new,
		       struct vnm_error *err)
{
	int r = act("change", new, err);

	(void)sys;
	if (r < 0)
		return r;
	/* Works also when it was done already. */
	CU_ASSERT(find(old) >= 0 || find(new) >= 0);
	drop(old);
	put(new);
	return 0;
}

static int fake_apply_many(struct vnm_sys *sys, const struct vnm_op *const *ops, size_t n,
			   struct vnm_error *err)
{
	(void)sys, (void)ops, (void)n;
	return vnm_error_set(err, VNM_ERR_SYSTEM, EIO, "rules are replaced in one step");
}

static int fake_revert_many(struct vnm_sys *sys, const struct vnm_op *const *ops, size_t n,
			    struct vnm_error *err)
{
	return fake_apply_many(sys, ops, n, err);
}

/* All of them in their order, whatever was there. */
static int fake_replace_many(struct vnm_sys *sys, const struct vnm_op *const *gone, size_t n_gone,
			     const struct vnm_op *const *ops, size_t n, struct vnm_error *err)
{
	int r = act("replace", n ? ops[0] : gone[0], err);

	(void)sys;
	if (r < 0)
		return r;
	for (size_t i = 0; i < n_gone; i++)
		drop(gone[i]);
	for (size_t i = 0; i < n; i++)
		drop(ops[i]);
	for (size_t i = 0; i < n; i++)
		put(ops[i]);
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
	.replace_many = fake_replace_many,
};
static const struct vnm_op_impl changed = {
	.apply = fake_apply,
	.check = fake_check,
	.revert = fake_revert,
	.change = fake_change,
};
static const struct vnm_op_impl process = {
	.apply = fake_apply,
	.wait_ready = fake_settle,
	.check = fake_check,
	.revert = fake_revert,
	.wait_gone = fake_revert_settle,
	.change = fake_change,
};

/* clang-format off */
const struct vnm_op_impl *const vnm_op_impls[VNM_OP_COUNT] = {
	[VNM_OP_FORWARDING] = &single, [VNM_OP_BRIDGE] = &changed,
	[VNM_OP_TAP] = &single, [VNM_OP_NETNS] = &single, [VNM_OP_REQUIRE_DEVICE] = &single,
	[VNM_OP_BRIDGE_PORT] = &single, [VNM_OP_PROXY_NEIGHBOUR] = &single,
	[VNM_OP_VETH] = &single, [VNM_OP_MACVLAN] = &single,
	[VNM_OP_SYSCTL] = &single, [VNM_OP_ADDRESS] = &single, [VNM_OP_RULE] = &many,
	[VNM_OP_BANDWIDTH] = &changed, [VNM_OP_LINK_UP] = &single,
	[VNM_OP_ROUTE] = &single, [VNM_OP_RESOLV] = &single, [VNM_OP_FILE] = &changed,
	[VNM_OP_DNSMASQ] = &process, [VNM_OP_ROUTE_LOCALNET] = &single, [VNM_OP_ZONE] = &single,
	[VNM_OP_NAMESERVER] = &single, [VNM_OP_UPLINK] = &single,
	[VNM_OP_DHCP] = &single, [VNM_OP_FLOOR] = &changed, [VNM_OP_FRAMES] = &changed,
	[VNM_OP_STATION] = &single, [VNM_OP_ACCEPT_RA] = &single,
};
/* clang-format on */

/* ---- plans ---- */

static char dnsmasq_path[] = "/usr/sbin/dnsmasq";
static char dnsmasq_dir[] = "/run/vnetmgr/dnsmasq/n", lease_file[] = "/var/lib/vnetmgr/leases/n";
static char account[] = "dnsmasq";
static const struct vnm_facts facts = { .dnsmasq = dnsmasq_path, .dnsmasq_user = account,
					.dnsmasq_group = account };
static const struct vnm_dnsmasq_paths places = { dnsmasq_dir, lease_file };

static void make_plan(const char *body, struct vnm_plan *ret)
{
	vnm_autofree char *xml = vnm_asprintf(
		"<network><name>n</name><bridge name='br0'/><mac address='52:54:00:00:00:01'/>"
		"%s</network>",
		body);
	vnm_autonetwork struct vnm_network net = { 0 };
	struct vnm_error err = { 0 };

	VNM_ASSERT_OK_FATAL(vnm_network_xml_parse(xml, strlen(xml), "t.xml", &net, &err), err);
	VNM_ASSERT_OK_FATAL(vnm_plan_start(&net, &facts, &places, ret, &err), err);
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

static void world_clear(void)
{
	while (world.n)
		free(world.there[--world.n]);
	world.step = world.fail_at = 0;
	vnm_buf_clear(&world.log);
}

static void world_make(const struct vnm_plan *plan)
{
	world_clear();
	for (size_t i = 0; i < plan->n; i++)
		put(&plan->ops[i]);
}

/* All of the plan is there and nothing else, and the rules in their order. */
static void world_is(const struct vnm_plan *plan)
{
	int last = -1;

	VNM_ASSERT_INT_EQ(world.n, plan->n);
	for (size_t i = 0; i < plan->n; i++) {
		int at = find(&plan->ops[i]);

		CU_ASSERT(at >= 0);
		if (plan->ops[i].type != VNM_OP_RULE)
			continue;
		CU_ASSERT(at > last);
		last = at;
	}
}

static int lead(const struct vnm_plan *from, const struct vnm_plan *to, struct vnm_error *err)
{
	vnm_autodiff struct vnm_diff diff = { 0 };
	struct vnm_sys sys = { 0 };

	vnm_diff_plans(from, to, &diff);
	CU_ASSERT(!diff.obstacle);
	world.step = 0;
	vnm_buf_clear(&world.log);
	return vnm_exec_change(&sys, &diff, to, err);
}

/* ---- tests ---- */

static void steps(const char *from, const char *to, const char *should)
{
	vnm_autoplan struct vnm_plan old = { 0 }, new = { 0 };
	struct vnm_error err = { 0 };

	make_plan(from, &old);
	make_plan(to, &new);
	world_make(&old);
	VNM_ASSERT_OK_FATAL(lead(&old, &new, &err), err);
	VNM_ASSERT_STR_EQ(vnm_buf_str(&world.log), should);
	world_is(&new);
	world_clear();
}

static void in_order(void)
{
	steps(bodies[1], bodies[1], "");
	steps(bodies[0], bodies[1],
	      "prepare:address apply:address replace:rule apply:file apply:file apply:file "
	      "apply:dnsmasq settle:dnsmasq revert:sysctl");
	/* dnsmasq is gone for good before its files are. */
	steps(bodies[1], bodies[0],
	      "prepare:sysctl apply:sysctl replace:rule revert:dnsmasq gone:dnsmasq revert:file "
	      "revert:file revert:file revert:address");
	steps(NAT IP("<dhcp>" RANGE "</dhcp>"), bodies[3], "change:file change:dnsmasq");
	steps(bodies[1], bodies[2],
	      "replace:rule change:frames change:file revert:dnsmasq gone:dnsmasq apply:dnsmasq "
	      "settle:dnsmasq");
	/* What cannot be changed in place goes and comes. */
	steps(IP() ROUTE("9"), IP() ROUTE("8"), "revert:route prepare:route apply:route");
	steps(NAT IP(), "<forward><nat><port start='5000' end='6000'/></nat></forward>" IP(),
	      "replace:rule");
}

/* Wherever it fails, the opposite change leads back; and the same change, once more, to the end. */
static void failures(void)
{
	size_t n = VNM_ARRAY_SIZE(bodies);

	for (size_t i = 0; i < n * n; i++) {
		vnm_autoplan struct vnm_plan old = { 0 }, new = { 0 };
		struct vnm_error err = { 0 };
		int total;

		make_plan(bodies[i / n], &old);
		make_plan(bodies[i % n], &new);
		world_make(&old);
		VNM_ASSERT_OK_FATAL(lead(&old, &new, &err), err);
		world_is(&new);
		total = world.step;
		for (int at = 1; at <= total; at++) {
			for (int again = 0; again < 2; again++) {
				world_make(&old);
				world.fail_at = at;
				VNM_ASSERT_INT_EQ(lead(&old, &new, &err), -EIO);
				VNM_ASSERT_INT_EQ(world.step, at);
				world.fail_at = 0;
				VNM_ASSERT_OK(again ? lead(&old, &new, &err)
						    : lead(&new, &old, &err),
					      err);
				world_is(again ? &new : &old);
			}
		}
	}
	world_clear();
}

/* An address that goes takes routes along, of which no step knows. */
static void healed(void)
{
	vnm_autoplan struct vnm_plan old = { 0 }, new = { 0 };
	struct vnm_error err = { 0 };

	make_plan(NAT IP() "<ip address='10.5.0.1' prefix='24'/>" ROUTE("9"), &old);
	make_plan(NAT IP() ROUTE("9"), &new);
	world_make(&old);
	for (size_t i = 0; i < old.n; i++)
		if (old.ops[i].type == VNM_OP_ROUTE)
			drop(&old.ops[i]);
	VNM_ASSERT_OK_FATAL(lead(&old, &new, &err), err);
	world_is(&new);
	world_clear();
}

const struct vnm_test vnm_tests[] = {
	{ "in order", in_order },
	{ "failures", failures },
	{ "healed", healed },
	{ 0 },
};
