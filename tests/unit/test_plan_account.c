/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_plan_account.c - who dnsmasq is to be, and what it is given. */
#include "runner.h"

#include <errno.h>
#include <string.h>

#include "input.h"
#include "plan/plan.h"
#include "util/mem.h"
#include "xml/network_xml.h"

const char vnm_suite[] = "plan_account";

static char dnsmasq_dir[] = "/run/vnetmgr/dnsmasq/n", lease_file[] = "/var/lib/vnetmgr/leases/n";
static const struct vnm_dnsmasq_paths places = { dnsmasq_dir, lease_file };
static char program[] = "/usr/sbin/dnsmasq", account[] = "dnsmasq";

static const char definition[] =
	"<network><name>n</name><bridge name='br-n'/><mac address='52:54:00:00:00:01'/>"
	"<ip address='192.168.77.1' prefix='24'/></network>";

/* Whose the lists are that dnsmasq reads again: its own account's, or the group's of one that others use, too. */
static void test_account(void)
{
	static char nobody[] = "nobody", nogroup[] = "nogroup";
	static const struct {
		const char *user, *owner, *group;
		bool single_uid;
	} cases[] = { { account, account, NULL, false },
		      { nobody, NULL, nogroup, false },
		      { NULL, NULL, NULL, true } };
	struct vnm_facts who = { .dnsmasq = program };
	vnm_autonetwork struct vnm_network net = { 0 };
	struct vnm_error err = { 0 };

	VNM_ASSERT_OK_FATAL(vnm_network_xml_parse(definition, strlen(definition), "t", &net, &err),
			    err);
	for (size_t i = 0; i < VNM_ARRAY_SIZE(cases); i++) {
		vnm_autoplan struct vnm_plan plan = { 0 };
		size_t lists = 0;

		who.dnsmasq_user = (char *)cases[i].user;
		who.dnsmasq_group = nogroup;
		who.single_uid = cases[i].single_uid;
		VNM_ASSERT_OK_FATAL(vnm_plan_start(INPUT(&net, &who, &places), &plan, &err), err);
		for (size_t k = 0; k < plan.n; k++) {
			const struct vnm_op_file *file = &plan.ops[k].file;

			if (plan.ops[k].type != VNM_OP_FILE || !file->shared)
				continue;
			lists++;
			VNM_ASSERT_STR_EQ(file->owner, cases[i].owner);
			VNM_ASSERT_STR_EQ(file->group, cases[i].group);
		}
		VNM_ASSERT_INT_EQ(lists, 2);
	}
	{
		vnm_autoplan struct vnm_plan plan = { 0 };

		who.dnsmasq_user = NULL;
		who.single_uid = false;
		VNM_ASSERT_INT_EQ(vnm_plan_start(INPUT(&net, &who, &places), &plan, &err), -ENOENT);
		VNM_ASSERT_INT_EQ(err.code, VNM_ERR_UNSUPPORTED);
		CU_ASSERT_PTR_NOT_NULL(strstr(err.msg, "neither 'dnsmasq' nor 'nobody'"));
	}
}

const struct vnm_test vnm_tests[] = { { "account", test_account }, { 0 } };
