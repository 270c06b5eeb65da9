/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_plan_vf.c - what is planned for ports that have virtual functions, and the addresses of PCI devices. */
#include "runner.h"

#include <errno.h>

#include "model/pci.h"
#include "plan/plan.h"
#include "plan/plan_input.h"

const char vnm_suite[] = "plan_vf";

/* A port's virtual function gets MAC address and VLAN, and its journal what it had; one that nobody knows is refused. */
static void test_functions(void)
{
	struct vnm_fact_vf vf = { .address = "0000:03:10.1",
				  .pf = "eth9",
				  .number = { true, 0 },
				  .mac = { true, { 2, 0, 0, 0, 0, 7 } },
				  .vlan = 9 };
	const struct vnm_facts host = { .vfs = &vf, .n_vfs = 1 };
	struct vnm_vlan_tag tag = { .id = { true, 42 } };
	struct vnm_port port = { .mac.address = { true, { 0x52, 0x54, 0, 0, 0, 1 } },
				 .vlan = { .at.present = true, .tags = &tag, .n_tags = 1 },
				 .plug = { .type = VNM_PLUG_HOSTDEV_PCI } };
	vnm_autoplan struct vnm_plan p = { 0 }, none = { 0 };
	const struct vnm_op_virtual_function *op;
	struct vnm_plan_input in = { .facts = &host, .ports = &port, .n_ports = 1 };
	struct vnm_error err = { 0 };
	struct vnm_network net = { .name = (char *)"n",
				   .forward = { .at.present = true, .mode = VNM_FORWARD_HOSTDEV } };

	in.net = &net;
	VNM_ASSERT_OK_FATAL(vnm_pci_parse("0000:03:10.1", &port.plug.address), err);
	VNM_ASSERT_OK_FATAL(vnm_plan_start(&in, &p, &err), err);
	VNM_ASSERT_INT_EQ(p.n, 1);
	op = &p.ops[0].virtual_function;
	VNM_ASSERT_INT_EQ(p.ops[0].type, VNM_OP_VIRTUAL_FUNCTION);
	VNM_ASSERT_STR_EQ(op->dev, "eth9");
	VNM_ASSERT_INT_EQ(op->vlan, 42);
	VNM_ASSERT_INT_EQ(op->old_vlan, 9);
	CU_ASSERT(vnm_mac_equal(&op->mac, &port.mac.address));
	CU_ASSERT(vnm_mac_equal(&op->old_mac, &vf.mac));
	VNM_ASSERT_INT_EQ(vnm_pci_parse("0000:3:10.1", &port.plug.address), -EINVAL);
	port.plug.address.function.v = 2;
	VNM_ASSERT_INT_EQ(vnm_plan_start(&in, &none, &err), -ENODEV);
	VNM_ASSERT_STR_EQ(err.msg, "PCI device 0000:03:10.2 of network 'n' is no virtual function "
				   "of a network device");
}

static void test_addresses(void)
{
	static const char *const bad[] = { "", "0000:03:10", "0000:3:10.1", "0000:03:20.1",
					   "0000:03:10.8", "0000:03:10.1 " };
	struct vnm_pci_address a, b;
	char text[VNM_PCI_STRLEN];

	VNM_ASSERT_INT_EQ(vnm_pci_parse("00ff:fe:1f.7", &a), 0);
	VNM_ASSERT_STR_EQ(vnm_pci_format(&a, text), "00ff:fe:1f.7");
	b = a;
	CU_ASSERT(vnm_pci_equal(&a, &b));
	b.slot.v = 1;
	CU_ASSERT(!vnm_pci_equal(&a, &b));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		VNM_ASSERT_INT_EQ(vnm_pci_parse(bad[i], &b), -EINVAL);
}

const struct vnm_test vnm_tests[] = {
	{ "functions", test_functions },
	{ "addresses", test_addresses },
	{ NULL, NULL },
};
