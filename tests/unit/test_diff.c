/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_diff.c - what leads from the plan of one definition to that of another, whatever they are. */
#include "input.h"
#include "plan_facts.h"
#include "runner.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "plan/op/diff.h"
#include "plan/op/op_text.h"
#include "plan/plan.h"
#include "util/mem.h"
#include "xml/network_xml.h"

const char vnm_suite[] = "diff";

static void make_plan(const char *body, struct vnm_plan *ret)
{
	vnm_autofree char *xml = vnm_asprintf("<network><name>n</name>%s</network>", body);
	vnm_autonetwork struct vnm_network net = { 0 };
	struct vnm_error err = { 0 };

	VNM_ASSERT_OK_FATAL(vnm_network_xml_parse(xml, strlen(xml), "t.xml", &net, &err), err);
	VNM_ASSERT_OK_FATAL(vnm_plan_start(INPUT(&net, &facts, &paths), ret, &err), err);
}

#define BRIDGE "<bridge name='br0' stp='on' delay='0'/><mac address='52:54:00:00:00:01'/>"
#define IP(inside) "<ip address='10.0.0.1' prefix='24'>" inside "</ip>"
#define RANGE "<range start='10.0.0.100' end='10.0.0.120'/>"
#define HOST(n) "<host mac='52:54:00:00:01:0" n "' ip='10.0.0.1" n "'/>"
#define PLAIN BRIDGE IP()
#define SERVED BRIDGE IP("<dhcp>" RANGE HOST("1") "</dhcp>")
#define NAT "<forward mode='nat'/>"

/* The steps in short: "~bridge +rule*7 !dnsmasq", and "STOP" when one of them is an obstacle. */
static void outline(const struct vnm_diff *diff, struct vnm_buf *out)
{
	static const char marks[] = "+-~!";
	size_t n = 0;

	for (size_t i = 0; i < diff->n; i++) {
		const struct vnm_step *step = &diff->steps[i], *next = &step[1];
		enum vnm_op_type type = (step->new ? step->new : step->old)->type;

		n++;
		if (i + 1 < diff->n && next->how == step->how &&
		    (next->new ? next->new : next->old)->type == type)
			continue;
		vnm_buf_printf(out, "%s%c%s", out->len ? " " : "", marks[step->how],
			       vnm_op_type_name(type));
		if (n > 1)
			vnm_buf_printf(out, "*%zu", n);
		n = 0;
	}
	if (diff->obstacle)
		vnm_buf_add(out, " STOP");
}

static void check(const char *from, const char *to, const char *should)
{
	vnm_autoplan struct vnm_plan old = { 0 }, new = { 0 };
	vnm_autobuf struct vnm_buf is = { 0 };
	vnm_autodiff struct vnm_diff diff = { 0 };

	make_plan(from, &old);
	make_plan(to, &new);
	vnm_diff_plans(&old, &new, &diff);
	outline(&diff, &is);
	VNM_ASSERT_STR_EQ(vnm_buf_str(&is), should);
}

static const char *const bodies[] = {
	PLAIN,
	SERVED,
	BRIDGE,
	NAT SERVED,
	"<forward mode='route'/>" SERVED,
	NAT BRIDGE IP("<dhcp>" RANGE HOST("1") HOST("2") "</dhcp>"),
	NAT SERVED "<ip family='ipv6' address='fd00::1' prefix='64'/>",
	NAT SERVED "<route address='10.9.0.0' prefix='16' gateway='10.0.0.9'/>",
	NAT SERVED "<dns><host ip='10.0.0.5'><hostname>five</hostname></host></dns>",
	NAT SERVED "<domain name='lab'/>",
	BRIDGE IP("<tftp root='/srv'/>") "<dns enable='no'/>",
};

/* Of equal plans there is no difference, whoever made them. */
static void equal(void)
{
	for (size_t i = 0; i < VNM_ARRAY_SIZE(bodies); i++)
		check(bodies[i], bodies[i], "");
}

/* ---- one change each ---- */

static void links(void)
{
	static const char route[] = "<route address='10.9.0.0' prefix='16' gateway='10.0.0.9'/>";
	static const char far[] = "<route address='10.9.0.0' prefix='16' gateway='10.0.0.8'/>";
	vnm_autofree char *one = vnm_asprintf("%s%s", PLAIN, route);
	vnm_autofree char *other = vnm_asprintf("%s%s", PLAIN, far);

	check(PLAIN, one, "+rule*3 +route");
	check(one, PLAIN, "-route -rule*3");
	check(one, other, "~route");
	check(BRIDGE,
	      "<bridge name='br0' stp='off' delay='3'/>"
	      "<mac address='52:54:00:00:00:01'/>",
	      "~bridge");
	check(BRIDGE, BRIDGE "<mtu size='1400'/>", "~bridge");
	/* Guests get it by DHCP. */
	check(PLAIN, PLAIN "<mtu size='1400'/>", "~bridge ~file !dnsmasq");
	check(PLAIN, BRIDGE "<ip address='10.0.0.1' prefix='25'/>", "~address +rule*3 -rule*3");
	/* Its name server must have the addresses that nobody outside can resolve. */
	check(NAT PLAIN, NAT PLAIN "<ip address='10.5.0.1' prefix='24'/>",
	      "+address +rule*11 ~file !dnsmasq");
	check(NAT PLAIN "<ip address='10.5.0.1' prefix='24'/>", NAT PLAIN,
	      "~file !dnsmasq -rule*11 -address");
	check("<forward mode='route'/>" PLAIN,
	      "<forward mode='route'/>" PLAIN "<ip address='10.5.0.1' prefix='24'/>",
	      "+address +rule*4");
}

static void rules(void)
{
	check(NAT PLAIN, "<forward mode='open'/>" PLAIN, "~bridge ~file !dnsmasq -rule*32");
	check(NAT BRIDGE IP(), NAT BRIDGE IP() "<domain name='x'/>", "~file !dnsmasq");
	check("<forward mode='nat'><nat><port start='5000' "
	      "end='6000'/></nat></forward>" BRIDGE IP(),
	      NAT BRIDGE IP(), "+rule*2 -rule*2");
}

/* dnsmasq reads lists of hosts again on SIGHUP; its configuration, when it starts. */
static void dnsmasq(void)
{
	static const char more_hosts[] = BRIDGE IP("<dhcp>" RANGE HOST("1") HOST("2") "</dhcp>");

	check(SERVED, more_hosts, "~file ~dnsmasq");
	check(more_hosts, SERVED, "~file ~dnsmasq");
	check(SERVED, BRIDGE IP("<dhcp>" RANGE "</dhcp>"), "~file ~dnsmasq");
	check(SERVED, SERVED "<dns><host ip='10.0.0.5'><hostname>five</hostname></host></dns>",
	      "~file ~dnsmasq");
	check(SERVED, SERVED "<dns><txt name='a' value='b'/></dns>", "~file !dnsmasq");
	check(SERVED, SERVED "<dns><forwarder addr='10.9.9.9'/></dns>", "~file !dnsmasq");
	check(SERVED,
	      BRIDGE IP("<dhcp><range start='10.0.0.100' "
			"end='10.0.0.130'/>" HOST("1") "</dhcp>"),
	      "~file !dnsmasq");
	/* Lists and configuration at once: once is enough. */
	check(SERVED,
	      BRIDGE IP("<dhcp><range start='10.0.0.100' "
			"end='10.0.0.130'/></dhcp>") "<domain name='x'/>",
	      "~file*2 !dnsmasq");
	check(PLAIN, BRIDGE, "+sysctl +rule -dnsmasq -file*3 -rule*16 -address");
	check(BRIDGE, PLAIN, "+address +rule*16 +file*3 +dnsmasq -rule -sysctl");
}

/* What guests are attached to, and known by, stays. */
static void obstacles(void)
{
	check(BRIDGE, "<bridge name='br0' stp='on' delay='0'/><mac address='52:54:00:00:00:02'/>",
	      "~bridge ~frames STOP");
	check(BRIDGE, "<bridge name='br1' stp='on' delay='0'/><mac address='52:54:00:00:00:01'/>",
	      "~bridge +sysctl*8 +rule*6 ~frames +link-up -link-up -rule*6 -sysctl*8 "
	      "STOP");
	check(BRIDGE, "<forward mode='bridge'/><bridge name='br0'/>",
	      "+use-device -link-up -frames -rule*6 -sysctl*8 -bridge STOP");
	check("<forward mode='bridge'/><bridge name='br0'/>", BRIDGE,
	      "+bridge +sysctl*8 +rule*6 +frames +link-up -use-device STOP");
}

/* For people: each step by its mark. */
static void printed(void)
{
	vnm_autoplan struct vnm_plan old = { 0 }, new = { 0 };
	vnm_autobuf struct vnm_buf is = { 0 };
	vnm_autodiff struct vnm_diff diff = { 0 };

	make_plan(NAT SERVED "<ip address='10.5.0.1' prefix='24'/>", &old);
	make_plan(NAT BRIDGE "<ip address='10.0.0.1' prefix='25'/><ip address='10.6.0.1' "
			     "prefix='24'/>"
			     "<route address='10.9.0.0' prefix='16' gateway='10.0.0.9'/>",
		  &new);
	for (struct vnm_plan *plan = &old; plan; plan = plan == &old ? &new : NULL)
		for (size_t i = 0; i < plan->n; i++)
			if (plan->ops[i].type == VNM_OP_RULE)
				plan->ops[i].rule = (struct vnm_fwrule){ .family = AF_INET };
	vnm_diff_plans(&old, &new, &diff);
	vnm_diff_print(&diff, &is);
	VNM_ASSERT_STR_EQ(vnm_buf_str(&is), "~ address 10.0.0.1/25 on br0\n"
					    "+ address 10.6.0.1/24 on br0\n"
					    "~ frame filter of br0\n"
					    "+ route 10.9.0.0/16 on br0\n"
					    "~ dnsmasq file dnsmasq.conf\n"
					    "~ dnsmasq file hosts\n"
					    "! dnsmasq\n"
					    "- address 10.5.0.1/24 on br0\n");
	vnm_diff_clear(&diff);
	CU_ASSERT(diff.n == 0 && !diff.steps);
}

/* For people, in one line, with the rules counted. */
static void described(void)
{
	vnm_autoplan struct vnm_plan old = { 0 }, new = { 0 };
	vnm_autobuf struct vnm_buf is = { 0 };
	vnm_autodiff struct vnm_diff diff = { 0 };

	make_plan(NAT SERVED, &old);
	make_plan(NAT SERVED "<ip address='10.5.0.1' prefix='24'/>", &new);
	vnm_buf_add(&is, "dnsmasq");
	vnm_diff_plans(&old, &new, &diff);
	vnm_diff_describe(&diff, &is);
	VNM_ASSERT_STR_EQ(vnm_buf_str(&is),
			  "dnsmasq, address 10.5.0.1/24 on br0 added, dnsmasq file dnsmasq.conf "
			  "changed, dnsmasq restarted, 11 firewall rules added");
}

/* ---- what holds for every pair of plans ---- */

static char *text_of(const struct vnm_op *op)
{
	struct vnm_buf text = { 0 };

	if (op)
		vnm_op_format(op, &text);
	return vnm_buf_steal(&text);
}

static bool same(const struct vnm_op *a, const struct vnm_op *b)
{
	vnm_autofree char *x = text_of(a), *y = text_of(b);

	return !strcmp(x, y);
}

static size_t count(const struct vnm_plan *plan, const struct vnm_op *op)
{
	size_t n = 0;

	for (size_t i = 0; i < plan->n; i++)
		n += same(&plan->ops[i], op);
	return n;
}

/* Is each step reverted by one of the others? */
static bool has_mirror(const struct vnm_step *step, const struct vnm_diff *back)
{
	static const enum vnm_step_how mirror[] = {
		[VNM_STEP_ADD] = VNM_STEP_REMOVE,
		[VNM_STEP_REMOVE] = VNM_STEP_ADD,
		[VNM_STEP_CHANGE] = VNM_STEP_CHANGE,
		[VNM_STEP_RESTART] = VNM_STEP_RESTART,
	};

	for (size_t i = 0; i < back->n; i++)
		if (back->steps[i].how == mirror[step->how] &&
		    same(back->steps[i].old, step->new) && same(back->steps[i].new, step->old))
			return true;
	return false;
}

/* Each operation of both plans is either in both, or in exactly one step. */
static void check_complete(const struct vnm_plan *old, const struct vnm_plan *new,
			   const struct vnm_diff *diff)
{
	size_t stays = 0, goes = 0, comes = 0;

	for (size_t i = 0; i < diff->n; i++) {
		const struct vnm_step *step = &diff->steps[i];
		/* A process may go on, or start again, as the same operation. */
		bool both = step->old && step->new &&same(step->old, step->new);

		CU_ASSERT(!both || step->new->type == VNM_OP_DNSMASQ);
		goes += step->old && !both;
		comes += step->new && !both;
	}
	for (size_t i = 0; i < new->n; i++)
		stays += count(old, &new->ops[i]);
	VNM_ASSERT_INT_EQ(stays + goes, old->n);
	VNM_ASSERT_INT_EQ(stays + comes, new->n);
}

/* Up in the order of the new plan, then down in the reverse one of the old. */
static void check_order(const struct vnm_diff *diff)
{
	const struct vnm_op *last_new = NULL, *last_old = NULL;

	for (size_t i = 0; i < diff->n; i++) {
		const struct vnm_step *step = &diff->steps[i];

		if (step->new) {
			CU_ASSERT(!last_old && (!last_new || step->new > last_new));
			last_new = step->new;
		} else {
			CU_ASSERT(!last_old || step->old < last_old);
			last_old = step->old;
		}
	}
}

static void every_pair(void)
{
	struct vnm_plan plans[VNM_ARRAY_SIZE(bodies)] = { 0 };
	size_t n = VNM_ARRAY_SIZE(bodies);

	for (size_t i = 0; i < n; i++)
		make_plan(bodies[i], &plans[i]);
	for (size_t i = 0; i < n * n; i++) {
		const struct vnm_plan *old = &plans[i / n], *new = &plans[i % n];
		vnm_autodiff struct vnm_diff there = { 0 }, back = { 0 };

		vnm_diff_plans(old, new, &there);
		vnm_diff_plans(new, old, &back);
		VNM_ASSERT_INT_EQ(there.n, back.n);
		VNM_ASSERT_INT_EQ(!there.obstacle, !back.obstacle);
		for (size_t k = 0; k < there.n; k++)
			CU_ASSERT(has_mirror(&there.steps[k], &back));
		check_complete(old, new, &there);
		check_order(&there);
	}
	for (size_t i = 0; i < n; i++)
		vnm_plan_clear(&plans[i]);
}

static size_t differences(uint32_t ino, uint64_t cookie, uint64_t was)
{
	char path[] = "/run/netns/guest", dev[] = "eth0";
	struct vnm_op old = { .type = VNM_OP_ADDRESS, .address = { .dev = dev } };
	struct vnm_op new;
	vnm_autodiff struct vnm_diff diff = { 0 };

	VNM_ASSERT_INT_EQ(vnm_prefix_parse("10.0.0.2/24", &old.address.addr), 0);
	old.address.ns = (struct vnm_op_netns){ path, 5, was };
	new = old;
	new.address.ns = (struct vnm_op_netns){ path, ino, cookie };
	vnm_diff_plans(&(struct vnm_plan){ .ops = &old, .n = 1 },
		       &(struct vnm_plan){ .ops = &new, .n = 1 }, &diff);
	return diff.n;
}

/* One that was identified by its inode alone is the same when its cookie is known. */
static void namespaces(void)
{
	VNM_ASSERT_INT_EQ(differences(5, 77, 77), 0);
	VNM_ASSERT_INT_EQ(differences(5, 77, 0), 0);
	VNM_ASSERT_INT_EQ(differences(5, 0, 77), 0);
	VNM_ASSERT_INT_EQ(differences(5, 77, 78), 1);
	VNM_ASSERT_INT_EQ(differences(6, 77, 0), 1);
}

const struct vnm_test vnm_tests[] = {
	{ "equal", equal },	      { "links", links },
	{ "rules", rules },	      { "dnsmasq", dnsmasq },
	{ "obstacles", obstacles },   { "printed", printed },
	{ "described", described },   { "every pair", every_pair },
	{ "namespaces", namespaces }, { 0 },
};
