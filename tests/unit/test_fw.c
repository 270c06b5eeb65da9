/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rules in the tables of iptables, of either kind: put whole, found again, in order, taken without a trace, and nobody
 * else's with them. What the rules then do to packets: tests/ns/nat.sh, modes.sh, forwards.sh.
 */
#include "netns.h"
#include "sys/firewall/fw_foreign.h"

#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <netlink/socket.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>

#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>

#include "sys/firewall/firewall.h"
#include "sys/firewall/fw_place.h"
#include "sys/firewall/fw_table.h"
#include "sys/firewall/fwentry.h"
#include "sys/handles.h"
#include "sys/sys.h"
#include "util/mem.h"

const char vnm_suite[] = "sys/fw";

static enum vnm_fw_backend backend = VNM_FW_BACKEND_LEGACY;

static void init(struct vnm_sys *sys)
{
	vnm_sys_init(sys, -1);
	vnm_fw_use_backend(sys, backend);
}

/* The lock of the iptables commands is the host's; here is one of our own. */
const char *vnm_test_cannot_run(void)
{
	struct vnm_fw_handle handle = { 0 };
	const char *reason = netns_enter();
	struct vnm_sys sys;

	if (reason)
		return reason;
	if (unshare(CLONE_NEWNS) < 0 || mount("none", "/", "none", MS_REC | MS_PRIVATE, NULL) < 0 ||
	    mount("tmpfs", "/run", "tmpfs", 0, NULL) < 0)
		return "no /run of its own to be had";
	vnm_sys_init(&sys, -1);
	if (vnm_fw_table_read(&sys, AF_INET, VNM_FW_FILTER, &handle) < 0)
		return "the kernel has no legacy tables";
	vnm_fw_table_close(&handle);
	return NULL;
}

/* ---- rules, and what is in the kernel ---- */

enum { ACCEPT, REJECT, MASQUERADE, ACCEPT6, OPS };

static void fill(struct vnm_op ops[static OPS])
{
	const struct vnm_fwrule rules[OPS] = {
		[ACCEPT] = { .family = AF_INET,
			     .chain = VNM_CHAIN_FWO,
			     .in = "vnm0",
			     .src = netns_prefix("192.0.2.0/24"),
			     .target = VNM_TARGET_ACCEPT },
		[REJECT] = { .family = AF_INET,
			     .chain = VNM_CHAIN_FWO,
			     .in = "vnm0",
			     .target = VNM_TARGET_REJECT },
		[MASQUERADE] = { .family = AF_INET,
				 .chain = VNM_CHAIN_NAT,
				 .src = netns_prefix("192.0.2.0/24"),
				 .dst = netns_prefix("192.0.2.0/24"),
				 .dst_invert = true,
				 .proto = IPPROTO_TCP,
				 .to_port_first = 1024,
				 .to_port_last = 65535,
				 .target = VNM_TARGET_MASQUERADE },
		[ACCEPT6] = { .family = AF_INET6,
			      .chain = VNM_CHAIN_INP,
			      .in = "vnm0",
			      .proto = IPPROTO_UDP,
			      .dport = 53,
			      .target = VNM_TARGET_ACCEPT },
	};

	for (int i = 0; i < OPS; i++)
		ops[i] = (struct vnm_op){ .type = VNM_OP_RULE, .rule = rules[i] };
}

/* The backend takes operations by address. */
static void point(const struct vnm_op *ops, size_t n, const struct vnm_op *ret[static OPS])
{
	for (size_t i = 0; i < n; i++)
		ret[i] = &ops[i];
}

static void put(const struct vnm_op *ops, size_t n)
{
	const struct vnm_op *list[OPS];
	struct vnm_error err = { 0 };
	struct vnm_sys sys;

	point(ops, n, list);
	init(&sys);
	VNM_ASSERT_OK(vnm_impl_rule.apply_many(&sys, list, n, &err), err);
	vnm_sys_clear(&sys);
}

static void take(const struct vnm_op *ops, size_t n, bool last_one)
{
	const struct vnm_op *list[OPS];
	struct vnm_error err = { 0 };
	struct vnm_sys sys;

	point(ops, n, list);
	init(&sys);
	sys.last_one = last_one;
	VNM_ASSERT_OK(vnm_impl_rule.revert_many(&sys, list, n, &err), err);
	vnm_sys_clear(&sys);
}

static enum vnm_presence read_presence(const struct vnm_op *op)
{
	enum vnm_presence presence;
	struct vnm_sys sys;

	init(&sys);
	presence = netns_check(&sys, &vnm_impl_rule, op);
	vnm_sys_clear(&sys);
	return presence;
}

static struct vnm_fw_handle read_table(int family, enum vnm_fw_table table)
{
	static struct vnm_sys sys; /* the handle uses it */
	struct vnm_fw_handle handle = { 0 };

	vnm_sys_clear(&sys);
	init(&sys);
	VNM_ASSERT_INT_EQ_FATAL(vnm_fw_table_read(&sys, family, table, &handle), 0);
	return handle;
}

static unsigned count(enum vnm_fw_table table, const char *chain)
{
	struct vnm_fw_handle handle = read_table(AF_INET, table);
	unsigned n = vnm_fw_count(&handle, chain);

	vnm_fw_table_close(&handle);
	return n;
}

static bool has_chain(enum vnm_fw_table table, const char *chain)
{
	struct vnm_fw_handle handle = read_table(AF_INET, table);
	bool there = vnm_fw_has_chain(&handle, chain);

	vnm_fw_table_close(&handle);
	return there;
}

static void expect_target(const char *chain, unsigned at, const char *expected)
{
	struct vnm_fw_handle handle = read_table(AF_INET, VNM_FW_FILTER);
	const void *entry = vnm_fw_at(&handle, chain, (int)at);

	VNM_ASSERT_INT_EQ(entry != NULL, 1);
	VNM_ASSERT_STR_EQ(entry ? vnm_fw_target_of(&handle, entry) : "", expected);
	vnm_fw_table_close(&handle);
}

static int commit(struct vnm_fw_handle *handle)
{
	size_t failed;

	return handle->impl->commit(&handle, 1, &failed);
}

/* What somebody else does: a rule of the same looks in a chain of their choice; @remove: every copy of it. */
static void somebody(const char *chain, const struct vnm_fwrule *rule, bool remove)
{
	struct vnm_fw_handle handle = read_table(AF_INET, VNM_FW_FILTER);
	vnm_autofwentry struct vnm_fwentry entry = { 0 };

	vnm_fwentry_compile(rule, &entry);
	if (remove)
		VNM_ASSERT_INT_EQ(vnm_fw_delete(&handle, chain, &entry), 1);
	else
		VNM_ASSERT_INT_EQ(vnm_fw_append(&handle, chain, &entry), 0);
	CU_ASSERT_TRUE(commit(&handle) >= 0);
	vnm_fw_table_close(&handle);
}

static const struct vnm_fwrule foreign = { .family = AF_INET,
					   .in = "eth9",
					   .target = VNM_TARGET_ACCEPT };

/* What an initialiser that leaves padding alone would find there. */
static __attribute__((noinline)) void fill_stack(int with)
{
	volatile unsigned char room[8192];

	for (size_t i = 0; i < sizeof(room); i++)
		room[i] = (unsigned char)with;
}

/* ---- tests ---- */

/* Entries are compared with the kernel's byte by byte: padding is zero whatever the compiler makes of it. */
static void test_padding(void)
{
	struct vnm_fwrule rule = { .family = AF_INET6,
				   .proto = IPPROTO_UDP,
				   .dport = 53,
				   .state = VNM_STATE_DNAT,
				   .src_local = true,
				   .chance = 7,
				   .src_group = { .value = 1, .mask = 1 } };

	for (int target = 0; target < VNM_TARGET_COUNT; target++) {
		vnm_autofwentry struct vnm_fwentry first = { 0 }, second = { 0 };

		rule.target = target;
		fill_stack(0x55);
		vnm_fwentry_compile(&rule, &first);
		fill_stack(0xaa);
		vnm_fwentry_compile(&rule, &second);
		VNM_ASSERT_INT_EQ(first.size, second.size);
		VNM_ASSERT_INT_EQ(memcmp(first.data, second.data, first.size), 0);
	}
}

static void test_put_and_take(void)
{
	struct vnm_op ops[OPS];
	unsigned n;

	fill(ops);
	for (int i = 0; i < OPS; i++)
		VNM_ASSERT_INT_EQ(read_presence(&ops[i]), VNM_ABSENT);
	put(ops, OPS);
	for (int i = 0; i < OPS; i++)
		VNM_ASSERT_INT_EQ(read_presence(&ops[i]), VNM_PRESENT);
	expect_target("FORWARD", 0, "VNM_FWX");
	expect_target("FORWARD", 1, "VNM_FWI");
	expect_target("FORWARD", 2, "VNM_FWO");
	n = count(VNM_FW_FILTER, "VNM_FWO");
	put(ops, OPS); /* twice is once */
	VNM_ASSERT_INT_EQ(count(VNM_FW_FILTER, "VNM_FWO"), n);
	take(ops, OPS, true);
	for (int i = 0; i < OPS; i++)
		VNM_ASSERT_INT_EQ(read_presence(&ops[i]), VNM_ABSENT);
	VNM_ASSERT_INT_EQ(count(VNM_FW_FILTER, "FORWARD"), 0);
	CU_ASSERT_FALSE(has_chain(VNM_FW_FILTER, "VNM_FWO"));
	CU_ASSERT_FALSE(has_chain(VNM_FW_NAT, "VNM_PRT"));
	take(ops, OPS, true); /* gone is gone */
}

/* Chains stay for other networks, and with them the jumps to them. */
static void test_not_the_last(void)
{
	struct vnm_op ops[OPS];

	fill(ops);
	put(ops, OPS);
	take(ops, OPS, false);
	VNM_ASSERT_INT_EQ(read_presence(&ops[ACCEPT]), VNM_ABSENT);
	CU_ASSERT_TRUE(has_chain(VNM_FW_FILTER, "VNM_FWO"));
	expect_target("FORWARD", 0, "VNM_FWX");
	take(NULL, 0, true);
	CU_ASSERT_FALSE(has_chain(VNM_FW_FILTER, "VNM_FWO"));
}

/* What is accepted stands before what is refused, also when only the first of the two was lost. */
static void test_order(void)
{
	struct vnm_op ops[OPS];
	unsigned gates;

	fill(ops);
	put(ops, OPS);
	gates = count(VNM_FW_FILTER, "VNM_FWO") - 2;
	somebody("VNM_FWO", &ops[ACCEPT].rule, true);
	VNM_ASSERT_INT_EQ(read_presence(&ops[ACCEPT]), VNM_ABSENT);
	put(ops, OPS);
	expect_target("VNM_FWO", gates, "ACCEPT");
	expect_target("VNM_FWO", gates + 1, "REJECT");
	VNM_ASSERT_INT_EQ(count(VNM_FW_FILTER, "VNM_FWO"), gates + 2);
	take(ops, OPS, true);
}

/* A rule that no packet reaches is not there, and comes back with its jump, at the head. */
static void test_jump_lost(void)
{
	struct vnm_fw_handle handle;
	vnm_autofwentry struct vnm_fwentry jump = { 0 };
	struct vnm_op ops[OPS];

	fill(ops);
	put(ops, OPS);
	handle = read_table(AF_INET, VNM_FW_FILTER);
	vnm_fwentry_jump(AF_INET, "VNM_FWX", &jump);
	VNM_ASSERT_INT_EQ(vnm_fw_delete(&handle, "FORWARD", &jump), 1);
	vnm_fwentry_clear(&jump);
	vnm_fwentry_jump(AF_INET, "VNM_FWO", &jump);
	VNM_ASSERT_INT_EQ(vnm_fw_delete(&handle, "FORWARD", &jump), 1);
	CU_ASSERT_TRUE(commit(&handle) >= 0);
	vnm_fw_table_close(&handle);
	VNM_ASSERT_INT_EQ(read_presence(&ops[ACCEPT]), VNM_ABSENT);
	somebody("FORWARD", &foreign, false);
	put(ops, OPS);
	VNM_ASSERT_INT_EQ(read_presence(&ops[ACCEPT]), VNM_PRESENT);
	expect_target("FORWARD", 0, "VNM_FWX");
	expect_target("FORWARD", 2, "VNM_FWO");
	expect_target("FORWARD", 3, "ACCEPT");
	take(ops, OPS, true);
	somebody("FORWARD", &foreign, true);
}

/* Somebody else's rule stays where it is; if that is a chain of ours, so does the chain. */
static void test_foreign(void)
{
	struct vnm_op ops[OPS];

	fill(ops);
	somebody("FORWARD", &foreign, false);
	put(ops, OPS);
	somebody("VNM_FWO", &foreign, false);
	take(ops, OPS, true);
	CU_ASSERT_FALSE(has_chain(VNM_FW_FILTER, "VNM_FWI"));
	CU_ASSERT_TRUE(has_chain(VNM_FW_FILTER, "VNM_FWO"));
	expect_target("FORWARD", 0, "VNM_FWO");
	expect_target("FORWARD", 1, "ACCEPT");
	somebody("VNM_FWO", &foreign, true);
	take(NULL, 0, true);
	VNM_ASSERT_INT_EQ(count(VNM_FW_FILTER, "FORWARD"), 1);
	somebody("FORWARD", &foreign, true);
}

/* A foreign rule jumps to a chain of ours: it stays, without our rules, and nothing is wrong with that. */
static void test_foreign_jump(void)
{
	vnm_autofwentry struct vnm_fwentry jump = { 0 };
	struct vnm_op ops[OPS];
	struct vnm_fw_handle handle;

	fill(ops);
	put(ops, OPS);
	vnm_fwentry_jump(AF_INET, "VNM_FWO", &jump);
	handle = read_table(AF_INET, VNM_FW_FILTER);
	VNM_ASSERT_INT_EQ(vnm_fw_insert(&handle, "VNM_FWI", &jump, 0), 0);
	CU_ASSERT_TRUE(commit(&handle) >= 0);
	vnm_fw_table_close(&handle);
	take(ops, OPS, true);
	VNM_ASSERT_INT_EQ(read_presence(&ops[ACCEPT]), VNM_ABSENT);
	CU_ASSERT_TRUE(has_chain(VNM_FW_FILTER, "VNM_FWO"));
	CU_ASSERT_FALSE(has_chain(VNM_FW_FILTER, "VNM_FWX"));
	handle = read_table(AF_INET, VNM_FW_FILTER);
	VNM_ASSERT_INT_EQ(vnm_fw_delete(&handle, "VNM_FWI", &jump), 1);
	CU_ASSERT_TRUE(commit(&handle) >= 0);
	vnm_fw_table_close(&handle);
	take(NULL, 0, true);
	CU_ASSERT_FALSE(has_chain(VNM_FW_FILTER, "VNM_FWO"));
}

/* A change of a network: old rules go and new ones come at one stroke. */
static void test_replace(void)
{
	const struct vnm_op *gone[1], *new[2];
	struct vnm_error err = { 0 };
	struct vnm_op ops[OPS], other;
	struct vnm_sys sys;

	fill(ops);
	put(ops, 2);
	other = ops[ACCEPT];
	other.rule.src = netns_prefix("198.51.100.0/24");
	gone[0] = &ops[ACCEPT];
	new[0] = &other;
	new[1] = &ops[REJECT];
	init(&sys);
	VNM_ASSERT_OK(vnm_impl_rule.replace_many(&sys, gone, 1, new, 2, &err), err);
	vnm_sys_clear(&sys);
	VNM_ASSERT_INT_EQ(read_presence(&ops[ACCEPT]), VNM_ABSENT);
	VNM_ASSERT_INT_EQ(read_presence(&other), VNM_PRESENT);
	expect_target("VNM_FWO", count(VNM_FW_FILTER, "VNM_FWO") - 1, "REJECT");
	ops[ACCEPT] = other;
	take(ops, 2, true);
}

/* The kernel takes no table back that has another number of rules by now. */
static void test_somebody_was_faster(void)
{
	struct vnm_fw_handle handle = read_table(AF_INET, VNM_FW_FILTER);

	somebody("FORWARD", &foreign, false);
	VNM_ASSERT_INT_EQ(vnm_fw_make_chain(&handle, "VNM_FWO"), 0);
	VNM_ASSERT_INT_EQ(commit(&handle), -EAGAIN);
	vnm_fw_table_close(&handle);
	VNM_ASSERT_INT_EQ(count(VNM_FW_FILTER, "FORWARD"), 1);
	somebody("FORWARD", &foreign, true);
}

/* A commit needs no second look once the kernel refuses all that was read before: then the number of rules is another one. */
static void test_commit_holds(void)
{
	struct vnm_fwrule other = foreign;
	vnm_autofwentry struct vnm_fwentry entry = { 0 }, instead = { 0 };
	struct vnm_fw_handle handle = read_table(AF_INET, VNM_FW_FILTER);

	other.target = VNM_TARGET_ACCEPT;
	vnm_fwentry_compile(&foreign, &entry);
	vnm_fwentry_compile(&other, &instead);
	VNM_ASSERT_INT_EQ(vnm_fw_append(&handle, "FORWARD", &entry), 0);
	VNM_ASSERT_INT_EQ(commit(&handle), 1);
	vnm_fw_table_close(&handle);
	handle = read_table(AF_INET, VNM_FW_FILTER);
	VNM_ASSERT_INT_EQ(vnm_fw_delete(&handle, "FORWARD", &entry), 1);
	VNM_ASSERT_INT_EQ(vnm_fw_append(&handle, "FORWARD", &instead), 0);
	VNM_ASSERT_INT_EQ(commit(&handle), 0);
	vnm_fw_table_close(&handle);
	somebody("FORWARD", &other, true);
}

/* Without the lock nothing is changed; a link in its place leads nowhere. */
static void test_no_lock(void)
{
	struct vnm_error err = { 0 };
	struct vnm_op ops[OPS];
	const struct vnm_op *list[] = { &ops[ACCEPT] };
	struct vnm_sys sys;

	fill(ops);
	VNM_ASSERT_INT_EQ_FATAL(unlink("/run/xtables.lock"), 0);
	VNM_ASSERT_INT_EQ_FATAL(symlink("/run/elsewhere", "/run/xtables.lock"), 0);
	init(&sys);
	VNM_ASSERT_INT_EQ(vnm_impl_rule.apply_many(&sys, list, 1, &err), -ELOOP);
	CU_ASSERT_PTR_NOT_NULL(strstr(err.msg, "/run/xtables.lock"));
	CU_ASSERT_TRUE(access("/run/elsewhere", F_OK) < 0);
	CU_ASSERT_FALSE(has_chain(VNM_FW_FILTER, "VNM_FWO"));
	vnm_sys_clear(&sys);
	VNM_ASSERT_INT_EQ(unlink("/run/xtables.lock"), 0);
}

/* ---- chains of nf_tables, made with plain requests ---- */

#define NFT(message) (NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_##message)

static struct nl_msg *nft_message(uint8_t family, int type, int flags)
{
	struct nfgenmsg gen = { .nfgen_family = family,
				.version = NFNETLINK_V0,
				.res_id = htons(NFNL_SUBSYS_NFTABLES) };
	struct nl_msg *msg = nlmsg_alloc();

	CU_ASSERT_PTR_NOT_NULL_FATAL(
		nlmsg_put(msg, 0, NL_AUTO_SEQ, type, 0, NLM_F_REQUEST | flags));
	nlmsg_append(msg, &gen, sizeof(gen), NLMSG_ALIGNTO);
	return msg;
}

static struct nl_msg *nft_chain(uint8_t family, const char *name, uint32_t hook, uint32_t policy)
{
	struct nl_msg *msg = nft_message(family, NFT(NEWCHAIN), NLM_F_CREATE | NLM_F_ACK);
	struct nlattr *nest;

	nla_put_string(msg, NFTA_CHAIN_TABLE, "theirs");
	nla_put_string(msg, NFTA_CHAIN_NAME, name);
	nest = nla_nest_start(msg, NFTA_CHAIN_HOOK);
	nla_put_u32(msg, NFTA_HOOK_HOOKNUM, htonl(hook));
	nla_put_u32(msg, NFTA_HOOK_PRIORITY, htonl(0));
	nla_nest_end(msg, nest);
	nla_put_u32(msg, NFTA_CHAIN_POLICY, htonl(policy));
	nla_put_string(msg, NFTA_CHAIN_TYPE, "filter");
	return msg;
}

/* Return: 0 or -1, where nf_tables is not to be had. */
static int make_chains(void)
{
	struct nl_sock *sock = nl_socket_alloc();
	struct nl_msg *msgs[] = {
		nft_message(AF_UNSPEC, NFNL_MSG_BATCH_BEGIN, 0),
		nft_message(NFPROTO_INET, NFT(NEWTABLE), NLM_F_CREATE),
		nft_chain(NFPROTO_INET, "strict", NF_INET_FORWARD, NF_DROP),
		nft_chain(NFPROTO_INET, "lenient", NF_INET_FORWARD, NF_ACCEPT),
		nft_chain(NFPROTO_INET, "closed", NF_INET_LOCAL_IN, NF_DROP),
		nft_message(AF_UNSPEC, NFNL_MSG_BATCH_END, 0),
	};
	vnm_autobuf struct vnm_buf batch = { 0 };
	int r;

	nla_put_string(msgs[1], NFTA_TABLE_NAME, "theirs");
	r = nl_connect(sock, NETLINK_NETFILTER);
	for (size_t i = 0; i < VNM_ARRAY_SIZE(msgs); i++) {
		if (r == 0)
			nl_complete_msg(sock, msgs[i]);
		vnm_buf_addn(&batch, (const char *)nlmsg_hdr(msgs[i]),
			     NLMSG_ALIGN(nlmsg_hdr(msgs[i])->nlmsg_len));
		nlmsg_free(msgs[i]);
	}
	if (r == 0)
		r = nl_sendto(sock, batch.data, batch.len);
	for (int i = 0; i < 3 && r >= 0; i++)
		r = nl_wait_for_ack(sock);
	nl_socket_free(sock);
	return r < 0 ? -1 : 0;
}

static void test_foreign_drop(void)
{
	struct vnm_fw_findings found = { 0 };
	vnm_autoplan struct vnm_plan plan = { 0 };
	struct vnm_sys sys;
	const char *line;

	vnm_plan_add(&plan, VNM_OP_FORWARDING)->forwarding.family = AF_INET;
	vnm_plan_add(&plan, VNM_OP_BRIDGE)->bridge.name = vnm_strdup("br-own");
	init(&sys);
	vnm_fw_foreign(&sys, &plan, &found);
	VNM_ASSERT_INT_EQ(found.obstacles.n + found.notes.n, 0);
	vnm_sys_clear(&sys);
	if (make_chains() < 0)
		return; /* no nf_tables in this kernel */
	init(&sys);
	vnm_fw_foreign(&sys, &plan, &found);
	VNM_ASSERT_INT_EQ(found.notes.n, 0);
	VNM_ASSERT_INT_EQ_FATAL(found.obstacles.n, 1);
	line = found.obstacles.items[0];
	CU_ASSERT_PTR_NOT_NULL(strstr(line, "chain 'strict' of table 'inet theirs'"));
	CU_ASSERT_PTR_NOT_NULL(strstr(line, "nft insert rule inet theirs strict iifname br-own "));
	vnm_fw_findings_clear(&found);
	vnm_sys_clear(&sys);
}

/* The same in the tables of iptables-nft. */
#define IN_NFT(name)                                   \
	static void name##_nft(void)                   \
	{                                              \
		backend = VNM_FW_BACKEND_IPTABLES_NFT; \
		name();                                \
		backend = VNM_FW_BACKEND_LEGACY;       \
	}
IN_NFT(test_put_and_take)
IN_NFT(test_not_the_last)
IN_NFT(test_order)
IN_NFT(test_jump_lost)
IN_NFT(test_foreign)
IN_NFT(test_foreign_jump)
IN_NFT(test_replace)
IN_NFT(test_somebody_was_faster)

const struct vnm_test vnm_tests[] = {
	{ "padding", test_padding },
	{ "put_and_take", test_put_and_take },
	{ "not_the_last", test_not_the_last },
	{ "order", test_order },
	{ "jump_lost", test_jump_lost },
	{ "foreign", test_foreign },
	{ "foreign_jump", test_foreign_jump },
	{ "replace", test_replace },
	{ "somebody_was_faster", test_somebody_was_faster },
	{ "commit_holds", test_commit_holds },
	{ "no_lock", test_no_lock },
	{ "foreign_drop", test_foreign_drop },
	{ "put_and_take_nft", test_put_and_take_nft },
	{ "not_the_last_nft", test_not_the_last_nft },
	{ "order_nft", test_order_nft },
	{ "jump_lost_nft", test_jump_lost_nft },
	{ "foreign_nft", test_foreign_nft },
	{ "foreign_jump_nft", test_foreign_jump_nft },
	{ "replace_nft", test_replace_nft },
	{ "somebody_was_faster_nft", test_somebody_was_faster_nft },
	{ 0 },
};
