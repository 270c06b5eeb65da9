/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bridges and devices, with the real kernel: made once, recognised, never somebody else's, deleted on request. */
#include "netns.h"
#include "sys/handles.h"
#include "sys/ops.h"

#include <netlink/attr.h>
#include <netlink/msg.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "util/mem.h"

const char vnm_suite[] = "sys/link";

#define GROUP (VNM_GROUP_BASE | VNM_GROUP_FREE)

const char *vnm_test_cannot_run(void)
{
	return netns_enter();
}

static struct vnm_op bridge_op(const char *name, int mac)
{
	return (struct vnm_op){
		.type = VNM_OP_BRIDGE,
		.bridge = { .name = (char *)name,
			    .mac = netns_mac(mac),
			    .stp = true,
			    .group = GROUP },
	};
}

static struct vnm_op link_up_op(const char *dev)
{
	return (struct vnm_op){ .type = VNM_OP_LINK_UP, .link_up = { .dev = (char *)dev } };
}

static void begin(struct vnm_sys *sys)
{
	vnm_sys_init(sys, -1);
	netns_wipe(sys);
}

/* STP and delay of a bridge, as the kernel keeps them. */
struct stp {
	uint32_t state, delay;
};

static int take_stp(const struct nlmsghdr *hdr, void *data)
{
	struct nlattr *tb[IFLA_MAX + 1], *info[IFLA_INFO_MAX + 1], *br[IFLA_BR_MAX + 1];
	struct stp *stp = data;

	if (nlmsg_parse((struct nlmsghdr *)hdr, sizeof(struct ifinfomsg), tb, IFLA_MAX, NULL) < 0 ||
	    nla_parse_nested(info, IFLA_INFO_MAX, tb[IFLA_LINKINFO], NULL) < 0 ||
	    nla_parse_nested(br, IFLA_BR_MAX, info[IFLA_INFO_DATA], NULL) < 0)
		return -EPROTO;
	stp->state = nla_get_u32(br[IFLA_BR_STP_STATE]);
	stp->delay = nla_get_u32(br[IFLA_BR_FORWARD_DELAY]);
	return 0;
}

static struct stp read_stp(struct vnm_sys *sys, const char *name)
{
	struct ifinfomsg head = { .ifi_index = netns_link(sys, name).fact.index };
	vnm_autonl struct vnm_nl_req req = { 0 };
	struct stp stp = { UINT32_MAX, UINT32_MAX };

	vnm_nl_begin(&req, RTM_GETLINK, 0, &head, sizeof(head));
	VNM_ASSERT_INT_EQ(
		vnm_nl_do(sys, &req, &(struct vnm_nl_sink){ .each = take_stp, .data = &stp }), 0);
	return stp;
}

static void test_bridge(void)
{
	struct vnm_op op = bridge_op("vnm0", 1);
	struct vnm_sys sys;
	struct vnm_link link;

	begin(&sys);
	VNM_ASSERT_INT_EQ(netns_check(&sys, &vnm_impl_bridge, &op), VNM_ABSENT);
	netns_apply(&sys, &vnm_impl_bridge, &op);
	VNM_ASSERT_INT_EQ(netns_check(&sys, &vnm_impl_bridge, &op), VNM_PRESENT);
	link = netns_link(&sys, "vnm0");
	VNM_ASSERT_STR_EQ(link.fact.kind, "bridge");
	CU_ASSERT(vnm_mac_equal(&link.fact.mac, &op.bridge.mac));
	VNM_ASSERT_INT_EQ(link.group, GROUP);
	VNM_ASSERT_INT_EQ(link.fact.mtu, 1500);
	CU_ASSERT_FALSE(link.fact.up);
	netns_revert(&sys, &vnm_impl_bridge, &op);
	VNM_ASSERT_INT_EQ(netns_check(&sys, &vnm_impl_bridge, &op), VNM_ABSENT);
	netns_revert(&sys, &vnm_impl_bridge, &op);
	vnm_sys_clear(&sys);
}

static void test_bridge_stp(void)
{
	static const struct {
		bool stp;
		uint32_t delay, kept;
	} rows[] = {
		{ true, 0, 200 },   { true, 2, 200 },	{ true, 15, 1500 },
		{ true, 30, 3000 }, { true, 40, 3000 }, { true, UINT32_MAX, 3000 },
		{ false, 0, 0 },    { false, 1, 100 },	{ false, 40, 4000 },
	};
	struct vnm_op op = bridge_op("vnm0", 1);
	struct vnm_sys sys;

	begin(&sys);
	for (size_t i = 0; i < VNM_ARRAY_SIZE(rows); i++) {
		struct stp stp;

		op.bridge.stp = rows[i].stp;
		op.bridge.delay = rows[i].delay;
		netns_apply(&sys, &vnm_impl_bridge, &op);
		stp = read_stp(&sys, "vnm0");
		VNM_ASSERT_INT_EQ(stp.state, rows[i].stp);
		VNM_ASSERT_INT_EQ(stp.delay, rows[i].kept);
		netns_revert(&sys, &vnm_impl_bridge, &op);
	}
	/* More than the unit can express: taken as the longest there is, not as its low bits. */
	op.bridge.stp = false;
	op.bridge.delay = UINT32_MAX / 100 + 1;
	netns_apply(&sys, &vnm_impl_bridge, &op);
	CU_ASSERT(read_stp(&sys, "vnm0").delay > 1000000);
	netns_revert(&sys, &vnm_impl_bridge, &op);
	vnm_sys_clear(&sys);
}

/* The MTU and the MAC that were asked for outlast a port with others. */
static void test_bridge_keeps(void)
{
	static const struct {
		uint32_t bridge, port;
	} rows[] = { { 1400, 1500 }, { 1500, 1300 }, { 9000, 1500 } };
	struct vnm_mac low = { true, { 0x02, 0, 0, 0, 0, 1 } };
	struct vnm_op op = bridge_op("vnm0", 1);
	struct vnm_sys sys;

	begin(&sys);
	for (size_t i = 0; i < VNM_ARRAY_SIZE(rows); i++) {
		struct vnm_link link;

		op.bridge.mtu = (struct vnm_uint){ true, rows[i].bridge };
		netns_apply(&sys, &vnm_impl_bridge, &op);
		VNM_ASSERT_INT_EQ(netns_link(&sys, "vnm0").fact.mtu, rows[i].bridge);
		netns_make(&sys, "veth", "tap0", low, 0);
		netns_set(&sys, "tap0", IFLA_MTU, rows[i].port);
		netns_set(&sys, "tap0", IFLA_MASTER, (uint32_t)netns_link(&sys, "vnm0").fact.index);
		link = netns_link(&sys, "vnm0");
		VNM_ASSERT_INT_EQ(link.fact.mtu, rows[i].bridge);
		CU_ASSERT(vnm_mac_equal(&link.fact.mac, &op.bridge.mac));
		VNM_ASSERT_INT_EQ(netns_link(&sys, "tap0").fact.master, link.fact.index);
		/* The port is a guest's: it outlives the bridge. */
		netns_revert(&sys, &vnm_impl_bridge, &op);
		VNM_ASSERT_INT_EQ(netns_link(&sys, "tap0").fact.master, 0);
		netns_delete(&sys, "tap0");
	}
	vnm_sys_clear(&sys);
}

/* A bridge that cannot have its MTU is not left behind. */
static void test_bridge_bad_mtu(void)
{
	struct vnm_op op = bridge_op("vnm0", 1);
	struct vnm_error err = { 0 };
	struct vnm_sys sys;

	begin(&sys);
	op.bridge.mtu = (struct vnm_uint){ true, 67 };
	VNM_ASSERT_INT_EQ(vnm_impl_bridge.apply(&sys, &op, &err), -EINVAL);
	VNM_ASSERT_INT_EQ(err.code, VNM_ERR_SYSTEM);
	CU_ASSERT_PTR_NOT_NULL(strstr(err.msg, "vnm0"));
	CU_ASSERT_PTR_NOT_NULL(
		strstr(err.msg, "less than device minimum")); /* the kernel's words */
	VNM_ASSERT_INT_EQ(netns_check(&sys, &vnm_impl_bridge, &op), VNM_ABSENT);
	op.bridge.mtu.set = false;
	op.bridge.mac.b[0] |= 1;
	VNM_ASSERT_INT_EQ(vnm_impl_bridge.apply(&sys, &op, &err), -EADDRNOTAVAIL);
	VNM_ASSERT_INT_EQ(netns_check(&sys, &vnm_impl_bridge, &op), VNM_ABSENT);
	vnm_sys_clear(&sys);
}

/* A bridge of ours that stands there already is completed. */
static void test_bridge_again(void)
{
	struct vnm_op op = bridge_op("vnm0", 1);
	struct vnm_sys sys;
	int index;

	begin(&sys);
	netns_apply(&sys, &vnm_impl_bridge, &op);
	index = netns_link(&sys, "vnm0").fact.index;
	netns_apply(&sys, &vnm_impl_bridge, &op);
	VNM_ASSERT_INT_EQ(netns_link(&sys, "vnm0").fact.index, index);

	netns_set(&sys, "vnm0", IFLA_GROUP, VNM_GROUP_BASE | 0xe);
	VNM_ASSERT_INT_EQ(netns_check(&sys, &vnm_impl_bridge, &op), VNM_ABSENT);
	op.bridge.mtu = (struct vnm_uint){ true, 1400 };
	netns_apply(&sys, &vnm_impl_bridge, &op);
	VNM_ASSERT_INT_EQ(netns_check(&sys, &vnm_impl_bridge, &op), VNM_PRESENT);
	VNM_ASSERT_INT_EQ(netns_link(&sys, "vnm0").fact.mtu, 1400);
	VNM_ASSERT_INT_EQ(netns_link(&sys, "vnm0").fact.index, index);
	netns_revert(&sys, &vnm_impl_bridge, &op);
	VNM_ASSERT_INT_EQ(netns_check(&sys, &vnm_impl_bridge, &op), VNM_ABSENT);
	vnm_sys_clear(&sys);
}

/* Somebody else's device of the name: refused at every step, and untouched at the end. */
static void refuse(const char *kind, int mac, uint32_t group)
{
	struct vnm_op op = bridge_op("vnm0", 1), up = link_up_op("vnm0");
	enum vnm_err codes[2];
	struct vnm_error err = { 0 };
	struct vnm_link link;
	struct vnm_sys sys;
	int index;

	begin(&sys);
	netns_make(&sys, kind, "vnm0", netns_mac(mac), group);
	netns_flags(&sys, "vnm0", IFF_UP, IFF_UP);
	index = netns_link(&sys, "vnm0").fact.index;
	op.bridge.mtu = (struct vnm_uint){ true, 1400 };
	VNM_ASSERT_INT_EQ(vnm_impl_bridge.prepare(&sys, &op, &err), -EEXIST);
	codes[0] = err.code;
	VNM_ASSERT_INT_EQ(vnm_impl_bridge.apply(&sys, &op, &err), -EEXIST);
	codes[1] = err.code;
	VNM_ASSERT_INT_EQ(codes[0], VNM_ERR_FOREIGN);
	VNM_ASSERT_INT_EQ(codes[1], VNM_ERR_FOREIGN);
	VNM_ASSERT_INT_EQ(netns_check(&sys, &vnm_impl_bridge, &op), VNM_FOREIGN);
	netns_revert(&sys, &vnm_impl_bridge, &op);
	if ((group & VNM_GROUP_MASK) != VNM_GROUP_BASE)
		netns_revert(&sys, &vnm_impl_link_up, &up);
	link = netns_link(&sys, "vnm0");
	VNM_ASSERT_INT_EQ(link.fact.index, index);
	VNM_ASSERT_INT_EQ(link.group, group);
	VNM_ASSERT_INT_EQ(link.fact.mtu, 1500);
	CU_ASSERT(link.fact.up);
	netns_delete(&sys, "vnm0");
	vnm_sys_clear(&sys);
}

static void test_bridge_foreign(void)
{
	refuse("veth", 1, 0);
	refuse("bridge", 2, 0);
	refuse("bridge", 2, GROUP); /* another network's */
	refuse("bridge", 1, 0); /* libvirt's, for the same definition */
	refuse("veth", 1, GROUP);
}

static void test_names(void)
{
	struct vnm_op op =
		bridge_op("abcdefghijklmnop", 1); /* 16; cut short it would be the other's */
	struct vnm_op up = link_up_op("abcdefghijklmnop");
	struct vnm_error err = { 0 };
	struct vnm_link link;
	struct vnm_sys sys;

	begin(&sys);
	netns_make(&sys, "bridge", "abcdefghijklmno", netns_mac(1), GROUP);
	VNM_ASSERT_INT_EQ(vnm_link_read(&sys, "abcdefghijklmnop", &link), -EINVAL);
	VNM_ASSERT_INT_EQ(vnm_impl_bridge.prepare(&sys, &op, &err), -EINVAL);
	VNM_ASSERT_INT_EQ(vnm_impl_bridge.apply(&sys, &op, &err), -EINVAL);
	VNM_ASSERT_INT_EQ(vnm_impl_link_up.apply(&sys, &up, &err), -EINVAL);
	netns_revert(&sys, &vnm_impl_bridge, &op);
	netns_revert(&sys, &vnm_impl_link_up, &up);
	CU_ASSERT_FALSE(netns_link(&sys, "abcdefghijklmno").fact.up);
	netns_delete(&sys, "abcdefghijklmno");

	op = bridge_op("vnm%d", 1); /* the kernel would number it */
	VNM_ASSERT_INT_EQ(vnm_impl_bridge.apply(&sys, &op, &err), -EINVAL);
	op = bridge_op("vnm0", 1);
	op.bridge.mac.set = false;
	VNM_ASSERT_INT_EQ(vnm_impl_bridge.apply(&sys, &op, &err), -EINVAL);
	vnm_sys_clear(&sys);
}

/* The kernel finds devices by alternative names, too. */
static void test_alternative_name(void)
{
	struct vnm_op op = bridge_op("vnm0", 1), up = link_up_op("vnm0");
	struct vnm_error err = { 0 };
	vnm_autonl struct vnm_nl_req req = { 0 };
	struct ifinfomsg head = { 0 };
	struct vnm_fact_link fact;
	struct vnm_sys sys;
	struct nlattr *list;

	begin(&sys);
	netns_make(&sys, "veth", "uplink", netns_mac(9), 0);
	head.ifi_index = netns_link(&sys, "uplink").fact.index;
	vnm_nl_begin(&req, RTM_NEWLINKPROP, NLM_F_CREATE | NLM_F_EXCL | NLM_F_APPEND, &head,
		     sizeof(head));
	list = vnm_nl_nest(&req, IFLA_PROP_LIST | NLA_F_NESTED);
	vnm_nl_put_str(&req, IFLA_ALT_IFNAME, "vnm0");
	vnm_nl_nest_end(&req, list);
	VNM_ASSERT_INT_EQ_FATAL(vnm_nl_do(&sys, &req, NULL), 0);

	VNM_ASSERT_INT_EQ(vnm_link_read_fact(&sys, "vnm0", &fact), -ENODEV);
	VNM_ASSERT_INT_EQ(vnm_impl_bridge.apply(&sys, &op, &err), -EEXIST);
	VNM_ASSERT_INT_EQ(err.code, VNM_ERR_FOREIGN);
	VNM_ASSERT_INT_EQ(vnm_impl_link_up.apply(&sys, &up, &err), -ENODEV);
	VNM_ASSERT_INT_EQ(err.code, VNM_ERR_NO_DEVICE);
	CU_ASSERT_FALSE(netns_link(&sys, "uplink").fact.up);
	netns_delete(&sys, "uplink");
	vnm_sys_clear(&sys);
}

#define RACE_ROUNDS 40

/* What two processes share that want the same names. */
struct race {
	pthread_barrier_t start;
	int results[2][RACE_ROUNDS];
	enum vnm_err codes[2][RACE_ROUNDS];
};

static void race_run(struct race *race, int who)
{
	struct vnm_sys sys;
	char name[16];

	vnm_sys_init(&sys, -1);
	for (int i = 0; i < RACE_ROUNDS; i++) {
		struct vnm_op op = bridge_op(name, who);
		struct vnm_error err = { 0 };

		snprintf(name, sizeof(name), "race%d", i);
		pthread_barrier_wait(&race->start);
		race->results[who][i] = vnm_impl_bridge.apply(&sys, &op, &err);
		race->codes[who][i] = err.code;
	}
	vnm_sys_clear(&sys);
}

static void race_judge(struct race *race)
{
	struct vnm_op ops[RACE_ROUNDS];
	const struct vnm_op *list[RACE_ROUNDS];
	char names[RACE_ROUNDS][16];
	struct vnm_error err = { 0 };
	struct vnm_sys sys;

	vnm_sys_init(&sys, -1);
	for (int i = 0; i < RACE_ROUNDS; i++) {
		int winner = race->results[0][i] == 0 ? 0 : 1;
		struct vnm_op loser;

		snprintf(names[i], sizeof(names[i]), "race%d", i);
		ops[i] = bridge_op(names[i], winner);
		loser = bridge_op(names[i], !winner);
		list[i] = &ops[i];
		VNM_ASSERT_INT_EQ(race->results[winner][i], 0);
		VNM_ASSERT_INT_EQ(race->results[!winner][i], -EEXIST);
		VNM_ASSERT_INT_EQ(race->codes[!winner][i], VNM_ERR_FOREIGN);
		netns_revert(&sys, &vnm_impl_bridge, &loser);
		VNM_ASSERT_INT_EQ(netns_check(&sys, &vnm_impl_bridge, &ops[i]), VNM_PRESENT);
	}
	VNM_ASSERT_OK(vnm_impl_bridge.revert_many(&sys, list, RACE_ROUNDS, &err), err);
	vnm_sys_clear(&sys);
}

static void test_race(void)
{
	struct race *race = mmap(NULL, sizeof(*race), PROT_READ | PROT_WRITE,
				 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pthread_barrierattr_t attr;
	int status;
	pid_t pid;

	CU_ASSERT_FATAL(race != MAP_FAILED);
	pthread_barrierattr_init(&attr);
	pthread_barrierattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
	pthread_barrier_init(&race->start, &attr, 2);
	pid = fork();
	CU_ASSERT_FATAL(pid >= 0);
	race_run(race, pid == 0);
	if (pid == 0)
		_exit(0);
	VNM_ASSERT_INT_EQ(waitpid(pid, &status, 0), pid);
	VNM_ASSERT_INT_EQ(status, 0);
	race_judge(race);
	munmap(race, sizeof(*race));
}

#define MANY 6

static void revert_all(struct vnm_sys *sys, struct vnm_op *ops, size_t n)
{
	const struct vnm_op *list[MANY + 2] = { 0 };
	struct vnm_error err = { 0 };

	for (size_t i = 0; i < n; i++)
		list[i] = &ops[i];
	VNM_ASSERT_OK(vnm_impl_bridge.revert_many(sys, list, n, &err), err);
	for (size_t i = 0; i < n; i++)
		CU_ASSERT_NOT_EQUAL(netns_check(sys, &vnm_impl_bridge, &ops[i]), VNM_PRESENT);
}

/*
 * Together: ours go, one that is gone and one that is another's do not matter, nobody else's goes
 * along.
 */
static void many(struct vnm_sys *sys, const char *const *bystanders, size_t n)
{
	static const char *const names[] = { "m0", "m1", "m2", "m3", "m4", "m5", "gone", "other" };
	struct vnm_op ops[MANY + 2];

	for (int i = 0; i < MANY + 2; i++)
		ops[i] = bridge_op(names[i], i + 1);
	for (int i = 0; i < MANY; i++)
		netns_apply(sys, &vnm_impl_bridge, &ops[i]);
	netns_make(sys, "bridge", "other", netns_mac(99), GROUP);
	revert_all(sys, ops, MANY + 2);
	VNM_ASSERT_INT_EQ(netns_link(sys, "other").group, GROUP);
	for (size_t i = 0; i < n; i++)
		VNM_ASSERT_INT_EQ(netns_link(sys, bystanders[i]).group,
				  VNM_GROUP_BASE | (8 + 2 * i));
	netns_delete(sys, "other");
}

static void test_bridges_together(void)
{
	static const char *const bystanders[] = { "stand0", "stand1", "stand2", "stand3" };
	struct vnm_sys sys;

	begin(&sys);
	many(&sys, bystanders, 0);
	/*
	 * Somebody else's devices in the groups that bridges leave by: first in one of them, then
	 * in all.
	 */
	for (size_t i = 0; i < VNM_ARRAY_SIZE(bystanders); i++) {
		netns_make(&sys, "veth", bystanders[i], netns_mac(0x20 + (int)i),
			   (uint32_t)(VNM_GROUP_BASE | (8 + 2 * i)));
		if (i == 0 || i == VNM_ARRAY_SIZE(bystanders) - 1)
			many(&sys, bystanders, i + 1);
	}
	for (size_t i = 0; i < VNM_ARRAY_SIZE(bystanders); i++)
		netns_delete(&sys, bystanders[i]);
	vnm_sys_clear(&sys);
}

/* Killed between moving them and deleting them: still ours, and deleted by the next attempt. */
static void test_bridges_half_way(void)
{
	struct vnm_op ops[2] = { bridge_op("m0", 1), bridge_op("m1", 2) };
	struct vnm_sys sys;

	begin(&sys);
	for (int i = 0; i < 2; i++)
		netns_apply(&sys, &vnm_impl_bridge, &ops[i]);
	netns_set(&sys, "m0", IFLA_GROUP, VNM_GROUP_BASE | 8);
	revert_all(&sys, ops, 2);
	VNM_ASSERT_INT_EQ(netns_check(&sys, &vnm_impl_bridge, &ops[0]), VNM_ABSENT);
	VNM_ASSERT_INT_EQ(netns_check(&sys, &vnm_impl_bridge, &ops[1]), VNM_ABSENT);
	vnm_sys_clear(&sys);
}

static void test_link_up(void)
{
	struct vnm_op op = bridge_op("vnm0", 1), up = link_up_op("vnm0");
	struct vnm_sys sys;

	begin(&sys);
	VNM_ASSERT_INT_EQ(netns_check(&sys, &vnm_impl_link_up, &up), VNM_ABSENT);
	netns_revert(&sys, &vnm_impl_link_up, &up);
	netns_apply(&sys, &vnm_impl_bridge, &op);
	VNM_ASSERT_INT_EQ(netns_check(&sys, &vnm_impl_link_up, &up), VNM_ABSENT);
	netns_apply(&sys, &vnm_impl_link_up, &up);
	netns_apply(&sys, &vnm_impl_link_up, &up);
	VNM_ASSERT_INT_EQ(netns_check(&sys, &vnm_impl_link_up, &up), VNM_PRESENT);
	netns_revert(&sys, &vnm_impl_link_up, &up);
	VNM_ASSERT_INT_EQ(netns_check(&sys, &vnm_impl_link_up, &up), VNM_ABSENT);
	netns_revert(&sys, &vnm_impl_link_up, &up);
	netns_revert(&sys, &vnm_impl_bridge, &op);
	vnm_sys_clear(&sys);
}

static void test_use_device(void)
{
	struct vnm_op op = { .type = VNM_OP_REQUIRE_DEVICE,
			     .require_device = { (char *)"br0", true } };
	struct vnm_error err = { 0 };
	struct vnm_sys sys;

	begin(&sys);
	VNM_ASSERT_INT_EQ(vnm_impl_require_device.prepare(&sys, &op, &err), -ENODEV);
	VNM_ASSERT_INT_EQ(err.code, VNM_ERR_NO_DEVICE);
	VNM_ASSERT_INT_EQ(netns_check(&sys, &vnm_impl_require_device, &op), VNM_ABSENT);
	netns_make(&sys, "veth", "br0", netns_mac(7), 0);
	VNM_ASSERT_INT_EQ(vnm_impl_require_device.prepare(&sys, &op, &err), -ENODEV);
	VNM_ASSERT_INT_EQ(netns_check(&sys, &vnm_impl_require_device, &op), VNM_FOREIGN);
	netns_delete(&sys, "br0");
	netns_make(&sys, "bridge", "br0", netns_mac(7), 0);
	VNM_ASSERT_INT_EQ(vnm_impl_require_device.prepare(&sys, &op, &err), 0);
	netns_apply(&sys, &vnm_impl_require_device, &op);
	VNM_ASSERT_INT_EQ(netns_check(&sys, &vnm_impl_require_device, &op), VNM_PRESENT);
	netns_revert(&sys, &vnm_impl_require_device, &op);
	VNM_ASSERT_INT_EQ(netns_check(&sys, &vnm_impl_require_device, &op), VNM_PRESENT);
	netns_delete(&sys, "br0");
	vnm_sys_clear(&sys);
}

/* Enough devices for several datagrams of a dump. */
static void test_observe_links(void)
{
	vnm_autolinks struct vnm_links links = { 0 };
	struct vnm_facts facts __attribute__((cleanup(vnm_facts_clear))) = { 0 };
	struct vnm_error err = { 0 };
	struct vnm_sys sys;
	char name[16];

	begin(&sys);
	for (int i = 0; i < 60; i++) {
		snprintf(name, sizeof(name), "pair%d", i);
		netns_make(&sys, "veth", name, netns_mac(i), 7777);
	}
	VNM_ASSERT_OK_FATAL(vnm_observe_links(&sys, &facts, &err), err);
	VNM_ASSERT_OK_FATAL(vnm_observe_links(&sys, &facts, &err), err);
	CU_ASSERT(facts.n_links >= 121);
	for (int i = 0; i < 60; i++) {
		struct vnm_mac mac = netns_mac(i);
		const struct vnm_fact_link *link;

		snprintf(name, sizeof(name), "pair%d", i);
		link = vnm_facts_link(&facts, name);
		CU_ASSERT_PTR_NOT_NULL_FATAL(link);
		VNM_ASSERT_STR_EQ(link->kind, "veth");
		CU_ASSERT(vnm_mac_equal(&link->mac, &mac));
		netns_delete(&sys, name);
	}
	VNM_ASSERT_OK(vnm_links_read(&sys, &links, &err), err);
	CU_ASSERT_PTR_NULL(vnm_links_find(&links, "pair0"));
	CU_ASSERT_PTR_NOT_NULL_FATAL(vnm_links_find(&links, "lo"));
	CU_ASSERT(vnm_links_find(&links, "lo")->loopback);
	vnm_sys_clear(&sys);
}

/* In a child that gives up what lets it change the network. */
static void test_permission(void)
{
	int status;
	pid_t pid = fork();

	CU_ASSERT_FATAL(pid >= 0);
	if (pid == 0) {
		struct vnm_op op = bridge_op("vnm0", 1);
		struct vnm_error err = { 0 };
		struct vnm_sys sys;

		if (unshare(CLONE_NEWUSER) < 0)
			_exit(2);
		vnm_sys_init(&sys, -1);
		_exit(vnm_impl_bridge.apply(&sys, &op, &err) != -EPERM ||
		      err.code != VNM_ERR_PERMISSION);
	}
	VNM_ASSERT_INT_EQ(waitpid(pid, &status, 0), pid);
	VNM_ASSERT_INT_EQ(status, 0);
}

static void test_every_kind(void)
{
	for (int type = 0; type < VNM_OP_COUNT; type++) {
		CU_ASSERT_PTR_NOT_NULL_FATAL(vnm_op_impls[type]);
		CU_ASSERT(vnm_op_impls[type]->apply || vnm_op_impls[type]->apply_many);
		CU_ASSERT(vnm_op_impls[type]->revert || vnm_op_impls[type]->revert_many);
		CU_ASSERT(vnm_op_impls[type]->check != NULL);
	}
}

const struct vnm_test vnm_tests[] = {
	{ "every_kind", test_every_kind },
	{ "bridge", test_bridge },
	{ "bridge_stp", test_bridge_stp },
	{ "bridge_keeps", test_bridge_keeps },
	{ "bridge_bad_mtu", test_bridge_bad_mtu },
	{ "bridge_again", test_bridge_again },
	{ "bridge_foreign", test_bridge_foreign },
	{ "names", test_names },
	{ "alternative_name", test_alternative_name },
	{ "race", test_race },
	{ "bridges_together", test_bridges_together },
	{ "bridges_half_way", test_bridges_half_way },
	{ "link_up", test_link_up },
	{ "use_device", test_use_device },
	{ "observe_links", test_observe_links },
	{ "permission", test_permission },
	{ 0 },
};
