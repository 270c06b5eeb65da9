/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_facts_assume.c - the host as it will be when a network is up, or has changed. */
#include "runner.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "plan/facts.h"
#include "plan/facts_assume.h"
#include "plan/op/op.h"
#include "plan/op/op_parse.h"
#include "util/mem.h"

const char vnm_suite[] = "facts assumed";

static void add_op(struct vnm_plan *plan, const char *line)
{
	struct vnm_op op = { 0 };
	struct vnm_error err = { 0 };

	VNM_ASSERT_OK_FATAL(vnm_op_parse(line, &op, &err), err);
	*vnm_plan_add(plan, op.type) = op;
}

#define BRIDGE "bridge name=br-a mac=52:54:00:00:00:0a stp=yes group=1986948353"

static void add_link(struct vnm_facts *facts, int index, const char *name, const char *kind)
{
	struct vnm_fact_link *link;

	facts->links = vnm_array_add(facts->links, &facts->n_links, sizeof(*facts->links));
	link = &facts->links[facts->n_links - 1];
	link->index = index;
	snprintf(link->name, sizeof(link->name), "%s", name);
	snprintf(link->kind, sizeof(link->kind), "%s", kind);
}

static void add_route(struct vnm_facts *facts, const char *prefix, int ifindex)
{
	facts->routes = vnm_array_add(facts->routes, &facts->n_routes, sizeof(*facts->routes));
	facts->routes[facts->n_routes - 1].ifindex = ifindex;
	CU_ASSERT_FATAL(vnm_prefix_parse(prefix, &facts->routes[facts->n_routes - 1].prefix) == 0);
}

/* "DEVICE PREFIX" of each route, "via" after those that lead away; one a line. */
static char *routes(const struct vnm_facts *facts)
{
	struct vnm_buf text = { 0 };

	for (size_t i = 0; i < facts->n_routes; i++) {
		const struct vnm_fact_link *link =
			vnm_facts_link_index(facts, facts->routes[i].ifindex);
		char prefix[VNM_PREFIX_STRLEN];

		vnm_buf_printf(&text, "%s %s%s\n", link ? link->name : "?",
			       vnm_prefix_format(&facts->routes[i].prefix, prefix),
			       facts->routes[i].via ? " via" : "");
	}
	return vnm_buf_steal(&text);
}

static void check(const struct vnm_facts *facts, const char *expected)
{
	vnm_autofree char *text = routes(facts);

	VNM_ASSERT_STR_EQ(text ? text : "", expected);
}

static void test_start(void)
{
	struct vnm_facts facts __attribute__((cleanup(vnm_facts_clear))) = { 0 };
	vnm_autoplan struct vnm_plan plan = { 0 };
	const struct vnm_fact_link *link;

	add_link(&facts, 2, "eth0", "");
	add_route(&facts, "203.0.113.0/24", 2);
	add_op(&plan, "forwarding family=ipv4");
	add_op(&plan, BRIDGE);
	add_op(&plan, "address dev=br-a addr=192.0.2.1/24");
	add_op(&plan, "route dev=br-a dst=198.51.100.0/24 gateway=192.0.2.9 metric=1");
	vnm_facts_assume(&facts, &plan);
	link = vnm_facts_link(&facts, "br-a");
	CU_ASSERT_PTR_NOT_NULL_FATAL(link);
	VNM_ASSERT_STR_EQ(link->kind, "bridge");
	CU_ASSERT(link->index < 0 && link->mac.b[5] == 0x0a);
	CU_ASSERT(facts.forwarding4 && !facts.forwarding6);
	check(&facts, "eth0 203.0.113.0/24\nbr-a 192.0.2.0/24\nbr-a 198.51.100.0/24 via\n");
	/* Once more: it is the same. */
	vnm_facts_assume(&facts, &plan);
	VNM_ASSERT_INT_EQ(facts.n_links, 2);
	check(&facts, "eth0 203.0.113.0/24\nbr-a 192.0.2.0/24\nbr-a 198.51.100.0/24 via\n");
}

/* What it had is free for others, what it gets is not. */
static void test_change(void)
{
	struct vnm_facts facts __attribute__((cleanup(vnm_facts_clear))) = { 0 };
	vnm_autoplan struct vnm_plan plan = { 0 };

	add_link(&facts, 5, "br-a", "bridge");
	add_link(&facts, 2, "eth0", "");
	add_route(&facts, "192.0.2.0/24", 5);
	add_route(&facts, "203.0.113.0/24", 2);
	add_op(&plan, BRIDGE);
	add_op(&plan, "address dev=br-a addr=198.51.100.1/24");
	vnm_facts_assume(&facts, &plan);
	VNM_ASSERT_INT_EQ(vnm_facts_link(&facts, "br-a")->index, 5);
	check(&facts, "eth0 203.0.113.0/24\nbr-a 198.51.100.0/24\n");
}

static void test_uplink(void)
{
	struct vnm_facts facts __attribute__((cleanup(vnm_facts_clear))) = { 0 };
	vnm_autoplan struct vnm_plan plan = { 0 };

	add_link(&facts, 2, "eth0", "");
	add_route(&facts, "203.0.113.0/24", 2);
	add_op(&plan, BRIDGE);
	add_op(&plan, "uplink bridge=br-a dev=eth0 mac=52:54:00:00:00:0a since=1 global=yes");
	vnm_facts_assume(&facts, &plan);
	VNM_ASSERT_INT_EQ(vnm_facts_link(&facts, "eth0")->master,
			vnm_facts_link(&facts, "br-a")->index);
	check(&facts, "br-a 203.0.113.0/24\n");
}

const struct vnm_test vnm_tests[] = {
	{ "a network that starts", test_start },
	{ "one that changes", test_change },
	{ "one with an uplink", test_uplink },
	{ 0 },
};
