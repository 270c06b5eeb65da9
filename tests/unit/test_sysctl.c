/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Settings below /proc/sys, the shared forwarding switches with their records, and what is seen of
 * the host.
 */
#include "netns.h"
#include "sys/handles.h"
#include "sys/host/forwarding.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "sys/host/observe.h"
#include "sys/op_impl.h"
#include "util/file.h"
#include "util/mem.h"

const char vnm_suite[] = "sys/sysctl";

#define GROUP (VNM_GROUP_BASE | VNM_GROUP_FREE)
#define FORWARD4 "/proc/sys/net/ipv4/ip_forward"
#define FORWARD6 "/proc/sys/net/ipv6/conf/all/forwarding"

const char *vnm_test_cannot_run(void)
{
	const char *reason = netns_enter();

	if (!reason && access(FORWARD4, W_OK) < 0)
		return "/proc/sys is read-only";
	return reason;
}

static struct vnm_op sysctl_op(const char *path, const char *value)
{
	return (struct vnm_op){
		.type = VNM_OP_SYSCTL,
		.sysctl = { .path = (char *)path, .value = (char *)value },
	};
}

static void begin(struct vnm_sys *sys, int run_fd)
{
	vnm_sys_init(sys, run_fd);
	netns_wipe(sys);
	VNM_ASSERT_INT_EQ(netns_write(FORWARD4, "0"), 0);
	VNM_ASSERT_INT_EQ(netns_write(FORWARD6, "0"), 0);
}

static void test_sysctl(void)
{
	struct vnm_op op = sysctl_op("net/ipv6/conf/a..b/disable_ipv6", "1");
	struct vnm_op back = sysctl_op("net/ipv6/conf/a..b/disable_ipv6", "0");
	struct vnm_error err = { 0 };
	struct vnm_sys sys;

	begin(&sys, -1);
	VNM_ASSERT_INT_EQ(netns_check(&sys, &vnm_impl_sysctl, &op), VNM_ABSENT);
	VNM_ASSERT_INT_EQ(vnm_impl_sysctl.apply(&sys, &op, &err), -ENOENT);
	VNM_ASSERT_INT_EQ(err.code, VNM_ERR_SYSTEM);
	netns_make(&sys, "bridge", "a..b", netns_mac(1), GROUP);
	VNM_ASSERT_INT_EQ(netns_check(&sys, &vnm_impl_sysctl, &op), VNM_ABSENT);
	VNM_ASSERT_INT_EQ(netns_check(&sys, &vnm_impl_sysctl, &back), VNM_PRESENT);
	VNM_ASSERT_OK(vnm_impl_sysctl.apply(&sys, &op, &err), err);
	VNM_ASSERT_INT_EQ(netns_check(&sys, &vnm_impl_sysctl, &op), VNM_PRESENT);
	VNM_ASSERT_OK(vnm_impl_sysctl.revert(&sys, &op, &err), err);
	VNM_ASSERT_INT_EQ(netns_check(&sys, &vnm_impl_sysctl, &op), VNM_PRESENT);
	op = sysctl_op("net/ipv6/conf/a..b/disable_ipv6", "many");
	VNM_ASSERT_INT_EQ(vnm_impl_sysctl.apply(&sys, &op, &err), -EINVAL);
	netns_delete(&sys, "a..b");
	vnm_sys_clear(&sys);
}

/* Unlike a setting that goes with its bridge, it is reverted while that stays. */
static void test_localnet(void)
{
	struct vnm_op op = { .type = VNM_OP_ROUTE_LOCALNET, .route_localnet = { (char *)"a..b" } };
	struct vnm_op bad = { .type = VNM_OP_ROUTE_LOCALNET, .route_localnet = { (char *)"../x" } };
	struct vnm_error err = { 0 };
	struct vnm_sys sys;

	begin(&sys, -1);
	VNM_ASSERT_INT_EQ(netns_check(&sys, &vnm_impl_route_localnet, &op), VNM_ABSENT);
	VNM_ASSERT_INT_EQ(vnm_impl_route_localnet.apply(&sys, &op, &err), -ENOENT);
	VNM_ASSERT_OK(vnm_impl_route_localnet.revert(&sys, &op, &err), err);
	netns_make(&sys, "bridge", "a..b", netns_mac(1), GROUP);
	VNM_ASSERT_INT_EQ(netns_check(&sys, &vnm_impl_route_localnet, &op), VNM_ABSENT);
	VNM_ASSERT_OK(vnm_impl_route_localnet.apply(&sys, &op, &err), err);
	VNM_ASSERT_OK(vnm_impl_route_localnet.apply(&sys, &op, &err), err);
	VNM_ASSERT_INT_EQ(netns_check(&sys, &vnm_impl_route_localnet, &op), VNM_PRESENT);
	VNM_ASSERT_OK(vnm_impl_route_localnet.revert(&sys, &op, &err), err);
	VNM_ASSERT_INT_EQ(netns_check(&sys, &vnm_impl_route_localnet, &op), VNM_ABSENT);
	VNM_ASSERT_INT_EQ(vnm_impl_route_localnet.apply(&sys, &bad, &err), -EINVAL);
	netns_delete(&sys, "a..b");
	vnm_sys_clear(&sys);
}

static void test_sysctl_paths(void)
{
	static const char *const paths[] = {
		"",
		"net",
		"net/",
		"/net/ipv4/ip_forward",
		"kernel/hostname",
		"net/../kernel/hostname",
		"net/..",
		"net/./ipv4/ip_forward",
		"net//ipv4/ip_forward",
		"net/ipv4/ip_forward/",
		"network/x",
		"../net/x",
	};
	struct vnm_error err = { 0 };
	struct vnm_sys sys;

	begin(&sys, -1);
	for (size_t i = 0; i < VNM_ARRAY_SIZE(paths); i++) {
		struct vnm_op op = sysctl_op(paths[i], "1");
		enum vnm_presence presence;

		VNM_ASSERT_INT_EQ(vnm_impl_sysctl.apply(&sys, &op, &err), -EINVAL);
		VNM_ASSERT_INT_EQ(err.code, VNM_ERR_USAGE);
		VNM_ASSERT_INT_EQ(vnm_impl_sysctl.check(&sys, &op, &presence, &err), -EINVAL);
	}
	vnm_sys_clear(&sys);
}

/* One family's switch, with the record that goes with it. */
struct forwarding {
	struct vnm_test_dir dir;
	struct vnm_sys sys;
	struct vnm_op op;
	const char *path, *record;
};

static void forwarding_begin(struct forwarding *f, int family)
{
	*f = (struct forwarding){
		.op = { .type = VNM_OP_FORWARDING, .forwarding = { family } },
		.path = family == AF_INET ? FORWARD4 : FORWARD6,
		.record = family == AF_INET ? "forwarding4" : "forwarding6",
	};
	vnm_test_dir_make(&f->dir);
	begin(&f->sys, f->dir.fd);
}

static void forwarding_end(struct forwarding *f)
{
	vnm_sys_clear(&f->sys);
	vnm_test_dir_remove(&f->dir);
}

static bool on(const struct forwarding *f)
{
	bool is = false;

	VNM_ASSERT_INT_EQ(vnm_forwarding_get(f->op.forwarding.family, &is), 0);
	return is;
}

static bool recorded(const struct forwarding *f)
{
	return faccessat(f->dir.fd, f->record, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

static void start(struct forwarding *f)
{
	struct vnm_error err = { 0 };

	VNM_ASSERT_OK(vnm_impl_forwarding.apply(&f->sys, &f->op, &err), err);
	VNM_ASSERT_INT_EQ(netns_check(&f->sys, &vnm_impl_forwarding, &f->op), VNM_PRESENT);
}

static void stop(struct forwarding *f, bool last)
{
	struct vnm_error err = { 0 };

	f->sys.last_one = last;
	VNM_ASSERT_OK(vnm_impl_forwarding.revert(&f->sys, &f->op, &err), err);
}

static void record_put(struct forwarding *f, const char *text)
{
	VNM_ASSERT_INT_EQ(vnm_file_replace(f->dir.fd, f->record, text, strlen(text), 0600,
					   (gid_t)-1, VNM_VOLATILE),
			  0);
}

/* Off before us: on while a network wants it, off again after the last one. */
static void restore(int family)
{
	struct forwarding f;

	forwarding_begin(&f, family);
	VNM_ASSERT_INT_EQ(netns_check(&f.sys, &vnm_impl_forwarding, &f.op), VNM_ABSENT);
	start(&f);
	CU_ASSERT(recorded(&f));
	start(&f);
	stop(&f, false);
	CU_ASSERT(on(&f) && recorded(&f));
	stop(&f, true);
	CU_ASSERT(!on(&f) && !recorded(&f));
	stop(&f, true);
	CU_ASSERT_FALSE(on(&f));
	forwarding_end(&f);
}

/* On before us: none of our business. */
static void not_ours(int family)
{
	struct forwarding f;

	forwarding_begin(&f, family);
	VNM_ASSERT_INT_EQ(netns_write(f.path, "1"), 0);
	start(&f);
	CU_ASSERT_FALSE(recorded(&f));
	stop(&f, true);
	CU_ASSERT(on(&f));
	forwarding_end(&f);
}

/* Two other links at the end: somebody may rely on it. One, or one of them down: nobody can. */
static void became_router(int family)
{
	bool v6 = family == AF_INET6;
	struct forwarding f;

	forwarding_begin(&f, family);
	netns_make(&f.sys, "bridge", "vnm0", netns_mac(1), GROUP);
	netns_make(&f.sys, "veth", "eth8", netns_mac(8), 0);
	netns_make(&f.sys, "veth", "eth9", netns_mac(9), 0);
	netns_flags(&f.sys, "vnm0", IFF_UP, IFF_UP);
	netns_flags(&f.sys, "eth8", IFF_UP, IFF_UP);
	netns_address(&f.sys, "vnm0", v6 ? "fd00::1/64" : "192.0.2.1/24");
	netns_address(&f.sys, "eth8", v6 ? "2001:db8:1::1/64" : "203.0.113.1/24");
	netns_address(&f.sys, "eth9", v6 ? "2001:db8:2::1/64" : "198.51.100.1/24");
	start(&f);
	stop(&f, true);
	CU_ASSERT(!on(&f) && !recorded(&f));
	start(&f);
	netns_flags(&f.sys, "eth9", IFF_UP, IFF_UP);
	stop(&f, true);
	CU_ASSERT(on(&f) && !recorded(&f));
	forwarding_end(&f);
}

/* A record that is empty, or of another boot, is dropped; the switch stays. */
static void bad_records(int family)
{
	static const char *const texts[] = {
		"",
		"0",
		"0\n",
		" \n",
		"0 00000000-0000-0000-0000-000000000000\n",
		"0 x\n",
		"000000000000000000000000000000000000000000000000000000000000000000000 x\n",
	};
	struct forwarding f;

	forwarding_begin(&f, family);
	VNM_ASSERT_INT_EQ(netns_write(f.path, "1"), 0);
	for (size_t i = 0; i < VNM_ARRAY_SIZE(texts); i++) {
		record_put(&f, texts[i]);
		stop(&f, false);
		CU_ASSERT(recorded(&f));
		stop(&f, true);
		CU_ASSERT(on(&f) && !recorded(&f));
	}
	forwarding_end(&f);
}

/*
 * Killed between the record and the switch, or after somebody else switched it off: starts all the
 * same.
 */
static void half_way(int family)
{
	struct forwarding f;

	forwarding_begin(&f, family);
	start(&f);
	VNM_ASSERT_INT_EQ(netns_write(f.path, "0"), 0);
	VNM_ASSERT_INT_EQ(netns_check(&f.sys, &vnm_impl_forwarding, &f.op), VNM_ABSENT);
	start(&f);
	stop(&f, true);
	CU_ASSERT(!on(&f) && !recorded(&f));
	forwarding_end(&f);
}

/* When there is no room for the record the switch is not touched. */
static void no_record(int family)
{
	struct vnm_error err = { 0 };
	struct forwarding f;

	forwarding_begin(&f, family);
	f.sys.run_fd = -1;
	VNM_ASSERT_INT_EQ(vnm_impl_forwarding.apply(&f.sys, &f.op, &err), -ENOENT);
	CU_ASSERT_FALSE(on(&f));
	forwarding_end(&f);
}

static void test_forwarding(int family)
{
	restore(family);
	not_ours(family);
	became_router(family);
	bad_records(family);
	half_way(family);
	no_record(family);
}

static void test_forwarding4(void)
{
	test_forwarding(AF_INET);
}

static void test_forwarding6(void)
{
	test_forwarding(AF_INET6);
}

static void test_forwarding_record_mode(void)
{
	struct forwarding f;
	struct stat st;

	forwarding_begin(&f, AF_INET);
	start(&f);
	VNM_ASSERT_INT_EQ(fstatat(f.dir.fd, f.record, &st, AT_SYMLINK_NOFOLLOW), 0);
	VNM_ASSERT_INT_EQ(st.st_mode, S_IFREG | 0600);
	stop(&f, true);
	forwarding_end(&f);
}

static void observe(struct vnm_sys *sys, struct vnm_facts *facts)
{
	struct vnm_error err = { 0 };

	vnm_facts_clear(facts);
	VNM_ASSERT_OK_FATAL(vnm_observe(sys, facts, &err), err);
}

static void test_observe(void)
{
	struct vnm_facts facts __attribute__((cleanup(vnm_facts_clear))) = { 0 };
	struct vnm_sys sys;

	begin(&sys, -1);
	observe(&sys, &facts);
	CU_ASSERT_FALSE(facts.forwarding4 || facts.forwarding6);
	CU_ASSERT_PTR_NOT_NULL(vnm_facts_link(&facts, "lo"));
	VNM_ASSERT_INT_EQ(netns_write(FORWARD4, "1"), 0);
	observe(&sys, &facts);
	CU_ASSERT(facts.forwarding4 && !facts.forwarding6);
	VNM_ASSERT_INT_EQ(netns_write(FORWARD4, "0"), 0);
	VNM_ASSERT_INT_EQ(netns_write(FORWARD6, "1"), 0);
	observe(&sys, &facts);
	CU_ASSERT(!facts.forwarding4 && facts.forwarding6);
	vnm_sys_clear(&sys);
}

/* A user namespace with one id, in a child: what "unshare -r" gives. */
static void test_observe_single_uid(void)
{
	char map[64];
	int status;
	pid_t pid;

	snprintf(map, sizeof(map), "0 %u 1", (unsigned)geteuid());
	pid = fork();
	CU_ASSERT_FATAL(pid >= 0);
	if (pid == 0) {
		struct vnm_facts facts = { 0 };
		struct vnm_error err = { 0 };
		struct vnm_sys sys;

		vnm_sys_init(&sys, -1);
		if (unshare(CLONE_NEWUSER) < 0 || netns_write("/proc/self/uid_map", map) < 0)
			_exit(2);
		_exit(vnm_observe(&sys, &facts, &err) == 0 && facts.single_uid ? 0 : 1);
	}
	VNM_ASSERT_INT_EQ(waitpid(pid, &status, 0), pid);
	VNM_ASSERT_INT_EQ(status, 0);
}

/* All ids are there: nothing keeps dnsmasq from becoming another user. */
static void test_observe_all_uids(void)
{
	struct vnm_facts facts __attribute__((cleanup(vnm_facts_clear))) = { 0 };
	char map[64] = "";
	struct vnm_sys sys;

	vnm_sys_init(&sys, -1);
	VNM_ASSERT_INT_EQ(vnm_proc_read("/proc/self/uid_map", map, sizeof(map)), 0);
	observe(&sys, &facts);
	if (strstr(map, "4294967295"))
		CU_ASSERT_FALSE(facts.single_uid);
	vnm_sys_clear(&sys);
}

const struct vnm_test vnm_tests[] = {
	{ "sysctl", test_sysctl },
	{ "sysctl_paths", test_sysctl_paths },
	{ "localnet", test_localnet },
	{ "forwarding4", test_forwarding4 },
	{ "forwarding6", test_forwarding6 },
	{ "forwarding_record_mode", test_forwarding_record_mode },
	{ "observe", test_observe },
	{ "observe_single_uid", test_observe_single_uid },
	{ "observe_all_uids", test_observe_all_uids },
	{ 0 },
};
