/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_bus_none.c - how a program without D-Bus refuses zones and registered domains. */
#undef HAVE_SD_BUS
#include "runner.h"
#include "sys/dbus/bus.h"

#include <errno.h>
#include <string.h>

#include "sys/dbus/bus_none.c"
#include "sys/op_impl.h"
#include "sys/dbus/zone.h"

const char vnm_suite[] = "sys/bus_none";

static void check_refused(const struct vnm_op_impl *impl, const struct vnm_op *op,
			  const char *words)
{
	enum vnm_presence presence = VNM_PRESENT;
	struct vnm_error err = { 0 };

	VNM_ASSERT_INT_EQ(impl->prepare(NULL, op, &err), -EOPNOTSUPP);
	VNM_ASSERT_INT_EQ(err.code, VNM_ERR_UNSUPPORTED);
	CU_ASSERT_PTR_NOT_NULL(strstr(err.msg, words));
	CU_ASSERT_PTR_NOT_NULL(strstr(err.msg, "built without D-Bus support (libsystemd)"));
	VNM_ASSERT_INT_EQ(impl->apply(NULL, op, &err), -EOPNOTSUPP);
	VNM_ASSERT_INT_EQ(impl->check(NULL, op, &presence, &err), 0);
	VNM_ASSERT_INT_EQ(presence, VNM_ABSENT);
	VNM_ASSERT_INT_EQ(impl->revert(NULL, op, &err), 0);
}

static void test_refused(void)
{
	struct vnm_op zone = { .type = VNM_OP_ZONE,
			       .zone = { .dev = "br7", .zone = "work", .network = "lab" } };
	struct vnm_op server = { .type = VNM_OP_NAMESERVER,
				 .nameserver = { .dev = "br7", .domain = "lab.test" } };

	struct vnm_facts facts = { 0 };
	struct vnm_error err = { 0 };

	VNM_ASSERT_INT_EQ(vnm_observe_zones(NULL, &facts, &err), 0);
	CU_ASSERT_FALSE(facts.firewalld);
	check_refused(&vnm_impl_zone, &zone, "zone work requested for network lab");
	check_refused(&vnm_impl_nameserver, &server, "name server for domain lab.test");
	vnm_bus_free(NULL);
}

const struct vnm_test vnm_tests[] = {
	{ "refused", test_refused },
	{ 0 },
};
