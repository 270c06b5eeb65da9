/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Limits of traffic, with the real kernel: what was set is what is read back, other rates replace ours in place,
 * somebody else's queues stay. That traffic then goes at these rates: tests/ns/bandwidth.sh.
 */
#include "netns.h"
#include "sys/handles.h"
#include "sys/link/link.h"

#include <fcntl.h>
#include <linux/pkt_sched.h>
#include <unistd.h>

#include "model/network.h"
#include "sys/traffic/bandwidth.h"
#include "sys/op_impl.h"
#include "sys/traffic/nft_policer.h"
#include "sys/traffic/tc.h"
#include "sys/traffic/tc_class.h"
#include "sys/traffic/tc_probe.h"
#include "sys/traffic/tc_qdisc.h"
#include "util/mem.h"

const char vnm_suite[] = "sys/bandwidth";

#define HANDLE 0x1234

const char *vnm_test_cannot_run(void)
{
	return netns_enter();
}

static struct vnm_op in_op(uint64_t average, uint64_t peak, uint32_t burst)
{
	return (struct vnm_op){
		.type = VNM_OP_BANDWIDTH,
		.bandwidth = { .dev = (char *)"vnm0",
			       .shape = VNM_SHAPE_IN,
			       .handle = HANDLE,
			       .average = average,
			       .peak = peak,
			       .burst = burst },
	};
}

static struct vnm_op out_op(uint64_t average)
{
	struct vnm_op op = in_op(average, 0, 0);

	op.bandwidth.shape = VNM_SHAPE_OUT_IFB;
	op.bandwidth.ifb = (char *)"ifb-vnm0";
	op.bandwidth.mac = netns_mac(7);
	return op;
}

/* What NAT makes of packets that come back from an ifb is bandwidth-nat.sh's. */
static void see_bridged(const char *value)
{
	static const char *const switches[] = { "/proc/sys/net/bridge/bridge-nf-call-iptables",
						"/proc/sys/net/bridge/bridge-nf-call-ip6tables" };

	for (size_t i = 0; i < VNM_ARRAY_SIZE(switches); i++) {
		int fd = open(switches[i], O_WRONLY | O_CLOEXEC);

		if (fd < 0)
			continue;
		CU_ASSERT_EQUAL(write(fd, value, 1), 1);
		close(fd);
	}
}

static int begin(struct vnm_sys *sys)
{
	see_bridged("0");
	vnm_sys_init(sys, -1);
	netns_wipe(sys);
	netns_make(sys, "bridge", "vnm0", netns_mac(1), VNM_GROUP_BASE);
	return netns_link(sys, "vnm0").fact.index;
}

static bool there(struct vnm_sys *sys, const char *name)
{
	struct vnm_link link;

	return vnm_link_read(sys, name, &link) == 0;
}

/* Are the queues of a device only those that the kernel gives to all? */
static void check_bare(struct vnm_sys *sys, int ifindex)
{
	struct vnm_tc_qdisc qdisc;

	VNM_ASSERT_INT_EQ(vnm_tc_qdisc_get(sys, ifindex, TC_H_ROOT, &qdisc), 0);
	VNM_ASSERT_STR_EQ(qdisc.kind, "");
	VNM_ASSERT_INT_EQ(vnm_tc_qdisc_get(sys, ifindex, TC_H_INGRESS, &qdisc), 0);
	VNM_ASSERT_STR_EQ(qdisc.kind, "");
}

static void test_ticks(void)
{
	VNM_ASSERT_INT_EQ(vnm_tc_ticks(1000, 1000), 15625000);
	VNM_ASSERT_INT_EQ(vnm_tc_ticks(64, 1000000000), 1);
	VNM_ASSERT_INT_EQ(vnm_tc_ticks(1, UINT32_MAX * 1000ull), 1);
	CU_ASSERT_EQUAL(vnm_tc_ticks(UINT32_MAX * 1024ull, 1000), UINT32_MAX);
	CU_ASSERT_EQUAL(vnm_tc_ticks(274000, 1000), 4281250000u);
	CU_ASSERT_EQUAL(vnm_tc_ticks(275000, 1000), UINT32_MAX);
}

static void test_in(void)
{
	static const struct {
		uint64_t average, peak;
		uint32_t burst;
		uint64_t rate, ceil;
	} rows[] = {
		{ 2000, 0, 0, 2000000, 2000000 },
		{ 1, 0, 0, 1000, 1000 },
		{ 1000, 5000, 5120, 1000000, 5000000 },
		{ 1000, 0, 64, 1000000, 1000000 },
		/* More than 32 bits of bytes a second; a burst longer than the kernel counts. */
		{ 5000000, 6000000, 0, 5000000000, 6000000000 },
		{ UINT32_MAX, UINT32_MAX, UINT32_MAX, 4294967295000, 4294967295000 },
		{ 1, 1, UINT32_MAX, 1000, 1000 },
		{ 4294967296, 0, 0, 4294967296000, 4294967296000 },
		{ VNM_RATE_MAX, VNM_RATE_MAX, 0, VNM_RATE_MAX * 1000, VNM_RATE_MAX * 1000 },
	};
	struct vnm_sys sys;
	int ifindex = begin(&sys);

	for (size_t i = 0; i < VNM_ARRAY_SIZE(rows); i++) {
		struct vnm_op op = in_op(rows[i].average, rows[i].peak, rows[i].burst);
		struct vnm_tc_class class;

		VNM_ASSERT_INT_EQ(netns_check(&sys, &vnm_impl_bandwidth, &op), VNM_ABSENT);
		netns_apply(&sys, &vnm_impl_bandwidth, &op);
		VNM_ASSERT_INT_EQ(netns_check(&sys, &vnm_impl_bandwidth, &op), VNM_PRESENT);
		for (uint32_t id = 1; id <= 2; id++) {
			VNM_ASSERT_INT_EQ(
				vnm_tc_class_get(&sys, ifindex, HANDLE << 16 | id, &class), 0);
			CU_ASSERT_EQUAL(class.rate, rows[i].rate);
			CU_ASSERT_EQUAL(class.ceil, rows[i].ceil);
		}
		if (rows[i].burst)
			CU_ASSERT_EQUAL(class.buffer,
					vnm_tc_ticks(rows[i].burst * 1024ull, class.rate));
		/* The next row replaces it in place, but for every other one. */
		if (i % 2)
			netns_revert(&sys, &vnm_impl_bandwidth, &op);
	}
	netns_revert(&sys, &vnm_impl_bandwidth,
		     &(struct vnm_op){ .bandwidth = in_op(1, 0, 0).bandwidth });
	check_bare(&sys, ifindex);
	vnm_sys_clear(&sys);
}

static void test_out(void)
{
	struct vnm_op op = out_op(2000), other = out_op(9000);
	struct vnm_error err = { 0 };
	struct vnm_sys sys;
	int ifindex = begin(&sys), ifb;

	netns_apply(&sys, &vnm_impl_bandwidth, &op);
	netns_apply(&sys, &vnm_impl_bandwidth, &op);
	VNM_ASSERT_INT_EQ(netns_check(&sys, &vnm_impl_bandwidth, &op), VNM_PRESENT);
	VNM_ASSERT_INT_EQ(netns_check(&sys, &vnm_impl_bandwidth, &other), VNM_ABSENT);
	ifb = netns_link(&sys, "ifb-vnm0").fact.index;
	VNM_ASSERT_OK(vnm_impl_bandwidth.change(&sys, &op, &other, &err), err);
	VNM_ASSERT_INT_EQ(netns_link(&sys, "ifb-vnm0").fact.index, ifb);
	VNM_ASSERT_INT_EQ(netns_check(&sys, &vnm_impl_bandwidth, &other), VNM_PRESENT);
	/* One whose device was lost, and the filter leads nowhere. */
	netns_delete(&sys, "ifb-vnm0");
	VNM_ASSERT_INT_EQ(netns_check(&sys, &vnm_impl_bandwidth, &other), VNM_ABSENT);
	netns_apply(&sys, &vnm_impl_bandwidth, &other);
	VNM_ASSERT_INT_EQ(netns_check(&sys, &vnm_impl_bandwidth, &other), VNM_PRESENT);
	netns_revert(&sys, &vnm_impl_bandwidth, &other);
	netns_revert(&sys, &vnm_impl_bandwidth, &other);
	CU_ASSERT_FALSE(there(&sys, "ifb-vnm0"));
	check_bare(&sys, ifindex);
	vnm_sys_clear(&sys);
}

/* By nf_tables: made, given other rates in place, gone with or without its bridge; one more of another number stays. */
static void test_limit(void)
{
	static const uint64_t rates[] = { 1, 2000, UINT32_MAX, VNM_RATE_MAX };
	struct vnm_op op = in_op(1, 0, 0), other;
	struct vnm_sys sys;

	begin(&sys);
	op.bandwidth.shape = VNM_SHAPE_OUT_NFT;
	if (!vnm_nft_policer_possible())
		return;
	other = op;
	other.bandwidth.handle = HANDLE + 1;
	netns_apply(&sys, &vnm_impl_bandwidth, &other);
	for (size_t i = 0; i < VNM_ARRAY_SIZE(rates); i++) {
		op.bandwidth.average = rates[i];
		op.bandwidth.burst = (uint32_t)(rates[i] / 2);
		VNM_ASSERT_INT_EQ(netns_check(&sys, &vnm_impl_bandwidth, &op), VNM_ABSENT);
		netns_apply(&sys, &vnm_impl_bandwidth, &op);
		netns_apply(&sys, &vnm_impl_bandwidth, &op);
		VNM_ASSERT_INT_EQ(netns_check(&sys, &vnm_impl_bandwidth, &op), VNM_PRESENT);
	}
	netns_revert(&sys, &vnm_impl_bandwidth, &op);
	netns_revert(&sys, &vnm_impl_bandwidth, &op);
	VNM_ASSERT_INT_EQ(netns_check(&sys, &vnm_impl_bandwidth, &op), VNM_ABSENT);
	VNM_ASSERT_INT_EQ(netns_check(&sys, &vnm_impl_bandwidth, &other), VNM_PRESENT);
	netns_delete(&sys, "vnm0");
	netns_revert(&sys, &vnm_impl_bandwidth, &other);
	netns_make(&sys, "bridge", "vnm0", netns_mac(1), VNM_GROUP_BASE);
	VNM_ASSERT_INT_EQ(netns_check(&sys, &vnm_impl_bandwidth, &other), VNM_ABSENT);
	vnm_sys_clear(&sys);
}

/* One that was made before iptables saw bridged packets is not in effect any more, and not made again. */
static void test_hidden(void)
{
	struct vnm_op op = out_op(2000);
	struct vnm_error err = { 0 };
	struct vnm_facts facts = { 0 };
	struct vnm_sys sys;

	begin(&sys);
	netns_apply(&sys, &vnm_impl_bandwidth, &op);
	see_bridged("1");
	vnm_observe_bandwidth(&sys, &facts);
	VNM_ASSERT_INT_EQ(netns_check(&sys, &vnm_impl_bandwidth, &op),
			  facts.bridge_nf ? VNM_ABSENT : VNM_PRESENT);
	CU_ASSERT_EQUAL(vnm_impl_bandwidth.prepare(&sys, &op, &err) < 0, facts.bridge_nf);
	netns_revert(&sys, &vnm_impl_bandwidth, &op);
	CU_ASSERT_FALSE(there(&sys, "ifb-vnm0"));
	vnm_sys_clear(&sys);
}

/* The class, its filter, the filter's address: each is noticed, and made again. */
static void test_floor(void)
{
	struct vnm_op whole = in_op(1000, 2000, 0);
	struct vnm_op op = { .type = VNM_OP_FLOOR,
			     .floor = { .dev = (char *)"vnm0",
					.handle = HANDLE,
					.class_id = 3,
					.mac = netns_mac(9),
					.rate = 300,
					.ceil = 2000 } };
	struct vnm_op other = op, second = op;
	struct vnm_error err = { 0 };
	struct vnm_tc_class class;
	struct vnm_sys sys;
	int ifindex = begin(&sys);

	second.floor.class_id = 0xffff;
	other.floor.mac = netns_mac(8);
	VNM_ASSERT_INT_EQ(netns_check(&sys, &vnm_impl_floor, &op), VNM_ABSENT);
	CU_ASSERT_TRUE(vnm_impl_floor.apply(&sys, &op, &err) < 0);
	whole.bandwidth.reserved = 600;
	netns_apply(&sys, &vnm_impl_bandwidth, &whole);
	netns_apply(&sys, &vnm_impl_floor, &op);
	netns_apply(&sys, &vnm_impl_floor, &second);
	netns_apply(&sys, &vnm_impl_floor, &op);
	VNM_ASSERT_INT_EQ(netns_check(&sys, &vnm_impl_floor, &op), VNM_PRESENT);
	VNM_ASSERT_INT_EQ(netns_check(&sys, &vnm_impl_bandwidth, &whole), VNM_PRESENT);
	VNM_ASSERT_INT_EQ(vnm_tc_class_get(&sys, ifindex, HANDLE << 16 | 2, &class), 0);
	CU_ASSERT_EQUAL(class.rate, 400000);
	VNM_ASSERT_INT_EQ(netns_check(&sys, &vnm_impl_floor, &other), VNM_ABSENT);
	VNM_ASSERT_OK(vnm_impl_floor.change(&sys, &op, &other, &err), err);
	VNM_ASSERT_INT_EQ(netns_check(&sys, &vnm_impl_floor, &op), VNM_ABSENT);
	VNM_ASSERT_INT_EQ(netns_check(&sys, &vnm_impl_floor, &other), VNM_PRESENT);
	netns_revert(&sys, &vnm_impl_floor, &other);
	netns_revert(&sys, &vnm_impl_floor, &other);
	VNM_ASSERT_INT_EQ(vnm_tc_class_get(&sys, ifindex, HANDLE << 16 | 3, &class), 0);
	CU_ASSERT_EQUAL(class.rate, 0);
	VNM_ASSERT_INT_EQ(netns_check(&sys, &vnm_impl_floor, &second), VNM_PRESENT);
	netns_revert(&sys, &vnm_impl_bandwidth, &whole);
	VNM_ASSERT_INT_EQ(netns_check(&sys, &vnm_impl_floor, &second), VNM_ABSENT);
	netns_revert(&sys, &vnm_impl_floor, &second);
	check_bare(&sys, ifindex);
	vnm_sys_clear(&sys);
}

/* The bridge goes first: what is left of it is reverted all the same. */
static void test_bridge_gone(void)
{
	struct vnm_op op = out_op(2000);
	struct vnm_sys sys;

	begin(&sys);
	netns_apply(&sys, &vnm_impl_bandwidth, &op);
	netns_delete(&sys, "vnm0");
	VNM_ASSERT_INT_EQ(netns_check(&sys, &vnm_impl_bandwidth, &op), VNM_ABSENT);
	netns_revert(&sys, &vnm_impl_bandwidth, &op);
	CU_ASSERT_FALSE(there(&sys, "ifb-vnm0"));
	vnm_sys_clear(&sys);
}

static void check_refused(struct vnm_sys *sys, const struct vnm_op *op, enum vnm_err code)
{
	struct vnm_error err = { 0 };

	CU_ASSERT_TRUE(vnm_impl_bandwidth.prepare(sys, op, &err) < 0);
	VNM_ASSERT_INT_EQ(err.code, code);
	err = (struct vnm_error){ 0 };
	CU_ASSERT_TRUE(vnm_impl_bandwidth.apply(sys, op, &err) < 0);
	VNM_ASSERT_INT_EQ(err.code, code);
}

/* Another network's queue is somebody else's, too. */
static void test_foreign(void)
{
	struct vnm_op in = in_op(2000, 0, 0), out = out_op(2000), other = in;
	struct vnm_tc_qdisc qdisc;
	struct vnm_error err = { 0 };
	struct vnm_sys sys;
	int ifindex = begin(&sys);

	other.bandwidth.handle = HANDLE + 1;
	netns_apply(&sys, &vnm_impl_bandwidth, &in);
	VNM_ASSERT_INT_EQ(netns_check(&sys, &vnm_impl_bandwidth, &other), VNM_FOREIGN);
	check_refused(&sys, &other, VNM_ERR_FOREIGN);
	netns_revert(&sys, &vnm_impl_bandwidth, &other);
	VNM_ASSERT_INT_EQ(netns_check(&sys, &vnm_impl_bandwidth, &in), VNM_PRESENT);
	netns_revert(&sys, &vnm_impl_bandwidth, &in);

	netns_make(&sys, "bridge", "ifb-vnm0", netns_mac(7), VNM_GROUP_BASE);
	VNM_ASSERT_INT_EQ(netns_check(&sys, &vnm_impl_bandwidth, &out), VNM_FOREIGN);
	check_refused(&sys, &out, VNM_ERR_FOREIGN);
	netns_revert(&sys, &vnm_impl_bandwidth, &out);
	CU_ASSERT_TRUE(there(&sys, "ifb-vnm0"));
	check_bare(&sys, ifindex);
	netns_delete(&sys, "ifb-vnm0");

	/* An empty ingress queue is what a kill leaves; with a filter of another number it is somebody's. */
	VNM_ASSERT_OK(vnm_tc_ingress_add(&sys, ifindex, &err), err);
	netns_apply(&sys, &vnm_impl_bandwidth, &out);
	other = out;
	other.bandwidth.handle = HANDLE + 1;
	VNM_ASSERT_INT_EQ(netns_check(&sys, &vnm_impl_bandwidth, &other), VNM_FOREIGN);
	check_refused(&sys, &other, VNM_ERR_FOREIGN);
	VNM_ASSERT_INT_EQ(netns_check(&sys, &vnm_impl_bandwidth, &out), VNM_PRESENT);
	netns_revert(&sys, &vnm_impl_bandwidth, &out);
	VNM_ASSERT_INT_EQ(vnm_tc_qdisc_get(&sys, ifindex, TC_H_INGRESS, &qdisc), 0);
	VNM_ASSERT_STR_EQ(qdisc.kind, "");
	vnm_sys_clear(&sys);
}

/* What the kernel lacks is refused by prepare, and left out by the facts; what it has works. */
static void test_kernel(void)
{
	struct vnm_op police = in_op(2000, 0, 0), fair = in_op(2000, 0, 0);
	struct vnm_facts facts = { 0 };
	struct vnm_error err = { 0 };
	struct vnm_sys sys;
	int ifindex = begin(&sys);

	police.bandwidth.shape = VNM_SHAPE_OUT_POLICE;
	fair.bandwidth.fair = true;
	CU_ASSERT_TRUE(vnm_tc_has_qdisc(&sys, "htb"));
	CU_ASSERT_FALSE(vnm_tc_has_qdisc(&sys, "vnmsort"));
	CU_ASSERT_FALSE(vnm_tc_has_action(&sys, "vnmsort", false));
	vnm_observe_bandwidth(&sys, &facts);
	check_bare(&sys, 1);
	VNM_ASSERT_INT_EQ(vnm_impl_bandwidth.prepare(&sys, &fair, &err) == 0, facts.sfq);
	VNM_ASSERT_INT_EQ(vnm_impl_bandwidth.apply(&sys, &fair, &err) == 0, facts.sfq);
	if (facts.sfq)
		netns_revert(&sys, &vnm_impl_bandwidth, &fair);
	VNM_ASSERT_INT_EQ(vnm_impl_bandwidth.prepare(&sys, &police, &err) == 0, facts.police);
	VNM_ASSERT_INT_EQ(vnm_impl_bandwidth.apply(&sys, &police, &err) == 0, facts.police);
	VNM_ASSERT_INT_EQ(netns_check(&sys, &vnm_impl_bandwidth, &police),
			  facts.police ? VNM_PRESENT : VNM_ABSENT);
	if (facts.police)
		netns_revert(&sys, &vnm_impl_bandwidth, &police);
	check_bare(&sys, ifindex);
	vnm_sys_clear(&sys);
}

const struct vnm_test vnm_tests[] = {
	{ "ticks", test_ticks },
	{ "in", test_in },
	{ "out", test_out },
	{ "limit", test_limit },
	{ "hidden", test_hidden },
	{ "floor", test_floor },
	{ "bridge gone", test_bridge_gone },
	{ "foreign", test_foreign },
	{ "kernel", test_kernel },
	{ 0 },
};
