/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_findings.c - causes, what follows from them, and what could not be checked. */
#include "runner.h"
#include "patient.h"

#include <errno.h>
#include <string.h>

#include "doctor/checks.h"
#include "util/mem.h"

const char vnm_suite[] = "findings";

/*
 * The network lost its address, so the DNS server that a guest asks is not there; another guest lacks something, which the same command
 * mends; a port that does not learn has nothing to do with it.
 */
static void make_faults(struct patient *p)
{
	struct vnm_case_resolver *asks = &p->c.guests[0].resolver;

	vnm_warnings_add(&p->c.missing, "the network lacks its address");
	asks->path = vnm_strdup("/etc/netns/g/resolv.conf");
	asks->items = vnm_array_add(NULL, &asks->n, sizeof(*asks->items));
	asks->items[0] = (struct vnm_case_nameserver){ addr("192.0.2.1"), 3 };
	for (size_t i = 0; i < p->c.host.n_addresses; i++)
		if (p->c.host.addresses[i].ifindex == BRIDGE)
			p->c.host.addresses[i].prefix = prefix("203.0.113.1/24");
	p->c.guests[1].lacks = vnm_strdup("guest vg2 lacks it");
	port_of(p)->port.set &= ~VNM_PORT_SETTING(IFLA_BRPORT_LEARNING);
}

static void test_consequences(void)
{
	vnm_autofindings struct vnm_findings found = { 0 };
	const struct vnm_finding *root;
	struct patient p;

	make(&p);
	make_faults(&p);
	vnm_checks_run(&p.c, false, &found);
	vnm_findings_relate(&found);
	VNM_ASSERT_INT_EQ_FATAL(found.n, 4);
	root = &found.items[0];
	VNM_ASSERT_STR_EQ(root->check, "part");
	VNM_ASSERT_STR_EQ(root->mend, "vnetmgr net-repair n");
	VNM_ASSERT_INT_EQ_FATAL(root->n_also, 2);
	VNM_ASSERT_STR_EQ(root->also[0],
			  "guest vg1 asks name server 192.0.2.1, where nobody answers it");
	VNM_ASSERT_STR_EQ(root->also[1], "guest vg2 lacks it");
	for (size_t i = 0; i < found.n; i++) {
		bool alone = &found.items[i] == root ||
			     !strcmp(found.items[i].check, "port-learning");

		VNM_ASSERT_INT_EQ(found.items[i].root, alone ? -1 : 0);
		CU_ASSERT_EQUAL(found.items[i].mend != NULL, alone);
	}
	unmake(&p);
}

/* What was not seen is not absent: nothing is found, and it is told, once. What the kernel does not have, there is none of. */
static void test_unchecked(void)
{
	vnm_autofindings struct vnm_findings found = { 0 };
	struct patient p;

	make(&p);
	p.c.resolver.n = 0;
	p.c.resolver.unread = true;
	for (int i = 0; i < 2; i++)
		vnm_case_unchecked(&p.c, -EIO, "the file %s", "/etc/resolv.conf");
	vnm_case_unchecked(&p.c, -EOPNOTSUPP, "the VLANs");
	vnm_case_unchecked(&p.c, 0, "the routes");
	vnm_checks_run(&p.c, false, &found);
	vnm_checks_run(&p.c, true, &found);
	VNM_ASSERT_INT_EQ(found.n, 0);
	VNM_ASSERT_INT_EQ(p.c.unchecked.n, 1);
	VNM_ASSERT_STR_EQ(p.c.unchecked.items[0], "the file /etc/resolv.conf: Input/output error");
	unmake(&p);
}

/* Nobody answers where a port leads to: whose address that is tells a reservation, a lease or the attachment itself. */
static void check_holder(void (*give)(struct patient *p), const char *guest)
{
	vnm_autofindings struct vnm_findings found = { 0 };
	struct patient p;

	make(&p);
	p.net.ips[0].dhcp.n_hosts = 0;
	p.c.probes.answers =
		vnm_array_add(NULL, &p.c.probes.n_answers, sizeof(*p.c.probes.answers));
	p.c.probes.answers[0] = (struct vnm_case_answer){ .addr = addr("192.0.2.5") };
	p.attach[0].mac = mac("52:54:00:00:00:05");
	if (give)
		give(&p);
	vnm_checks_run(&p.c, true, &found);
	VNM_ASSERT_INT_EQ_FATAL(found.n, 1);
	CU_ASSERT_PTR_NOT_NULL(strstr(found.items[0].cause, guest));
	VNM_ASSERT_INT_EQ(found.items[0].mend != NULL, give == NULL);
	unmake(&p);
}

static void by_attachment(struct patient *p)
{
	static struct vnm_attach_ip given;

	given.address = addr("192.0.2.5");
	p->attach[0].ips = &given;
	p->attach[0].n_ips = 1;
}

static void by_lease(struct patient *p)
{
	p->c.leased = vnm_array_add(NULL, &p->c.n_leased, sizeof(*p->c.leased));
	p->c.leased[0] = (struct vnm_case_lease){ addr("192.0.2.5"), p->attach[0].mac };
}

static void test_forward_nobody(void)
{
	check_holder(NULL, "no such guest is attached, or it is off");
	check_holder(by_attachment, "is attached, and has no such address by now, or is off");
	check_holder(by_lease, "is attached, and has no such address by now, or is off");
}

const struct vnm_test vnm_tests[] = {
	{ "consequences", test_consequences },
	{ "unchecked", test_unchecked },
	{ "who does not answer", test_forward_nobody },
	{ 0 },
};
