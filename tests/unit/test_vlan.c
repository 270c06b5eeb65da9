/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_vlan.c - which VLANs a guest's port is a member of: by its tags, as text, from the kernel's messages. */
#include "runner.h"

#include <errno.h>
#include <linux/if_bridge.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <sys/socket.h>

#include "model/vlan.h"
#include "sys/link/port_vlans.h"
#include "util/mem.h"

const char vnm_suite[] = "model/vlan";

#define TAG(n, mode)                                                               \
	{                                                                          \
		.at.present = true, .id = { true, n }, .native = VNM_NATIVE_##mode \
	}
#define VLAN(t, ...)                                                       \
	{                                                                  \
		.at.present = true, .trunk = VNM_TRI_##t,                  \
		.tags = (struct vnm_vlan_tag[]){ __VA_ARGS__ },            \
		.n_tags = sizeof((struct vnm_vlan_tag[]){ __VA_ARGS__ }) / \
			  sizeof(struct vnm_vlan_tag)                      \
	}

/* As libvirt 11 sets them, seen by bridge(8). */
static void tags(void)
{
	const struct {
		struct vnm_vlan vlan;
		const char *members, *words;
	} cases[] = {
		{ VLAN(ABSENT, TAG(42, ABSENT)), "42:pvid:untagged", "42" },
		{ VLAN(ABSENT, TAG(5, TAGGED)), "5:pvid:untagged", "5" },
		{ VLAN(YES, TAG(5, ABSENT)), "5", "trunk of 5" },
		{ VLAN(YES, TAG(123, TAGGED)), "123:pvid", "trunk of 123 (native, tagged)" },
		{ VLAN(ABSENT, TAG(43, ABSENT), TAG(42, ABSENT)), "42,43", "trunk of 43, 42" },
		{ VLAN(YES, TAG(123, UNTAGGED), TAG(42, ABSENT)), "42,123:pvid:untagged",
		  "trunk of 123 (native, untagged), 42" },
		{ VLAN(YES, TAG(42, ABSENT), TAG(42, UNTAGGED)), "42:pvid:untagged",
		  "trunk of 42, 42 (native, untagged)" },
	};

	for (size_t i = 0; i < VNM_ARRAY_SIZE(cases); i++) {
		struct vnm_vlan_members members vnm_automembers = { 0 };
		struct vnm_vlan_members again vnm_automembers = { 0 };
		vnm_autofree char *words = vnm_vlan_words(&cases[i].vlan);
		vnm_autofree char *text = NULL, *twice = NULL;

		vnm_vlan_members(&cases[i].vlan, &members);
		text = vnm_vlan_members_format(&members);
		VNM_ASSERT_STR_EQ(text, cases[i].members);
		VNM_ASSERT_STR_EQ(words, cases[i].words);
		VNM_ASSERT_INT_EQ(vnm_vlan_members_parse(text, &again), 0);
		twice = vnm_vlan_members_format(&again);
		VNM_ASSERT_STR_EQ(twice, text);
	}
}

/* "42,100-102", as in <vnm:uplink>. */
static void lists(void)
{
	static const struct {
		const char *list, *members;
	} cases[] = { { "42", "42" },
		      { "100-102,42", "42,100,101,102" },
		      { "7-7,7,6-8", "6,7,8" },
		      { "4094", "4094" },
		      { "", NULL },
		      { "0", NULL },
		      { "4095", NULL },
		      { "9-8", NULL },
		      { "1-", NULL },
		      { "-2", NULL },
		      { "1-2-3", NULL },
		      { "1,,2", NULL },
		      { "1, 2", NULL } };

	for (size_t i = 0; i < VNM_ARRAY_SIZE(cases); i++) {
		struct vnm_vlan_members members vnm_automembers = { 0 };
		int r = vnm_vlan_list_parse(cases[i].list, &members);
		vnm_autofree char *text = r == 0 ? vnm_vlan_members_format(&members) : NULL;

		VNM_ASSERT_INT_EQ(r, cases[i].members ? 0 : -EINVAL);
		if (cases[i].members)
			VNM_ASSERT_STR_EQ(text, cases[i].members);
	}
}

static void none(void)
{
	struct vnm_vlan_members members vnm_automembers = { 0 };

	vnm_vlan_members(NULL, &members);
	VNM_ASSERT_INT_EQ(members.n, 0);
	CU_ASSERT(vnm_vlan_members_format(&members) == NULL);
	VNM_ASSERT_INT_EQ(vnm_vlan_members_parse(NULL, &members), 0);
	VNM_ASSERT_INT_EQ(members.n, 0);
}

static void bad(void)
{
	static const char *const texts[] = { "",	 "0",	   "4095", "42:pvd",	      "42,",
					     "42::pvid", "42 ,43", "-1",   "4:pvid:untagged:" };

	for (size_t i = 0; i < VNM_ARRAY_SIZE(texts); i++) {
		struct vnm_vlan_members members vnm_automembers = { 0 };

		VNM_ASSERT_INT_EQ(vnm_vlan_members_parse(texts[i], &members), -EINVAL);
	}
}

static void nearest(void)
{
	struct vnm_network net = { 0 };
	struct vnm_portgroup group = { 0 };
	struct vnm_vlan own = { 0 };

	CU_ASSERT(vnm_vlan_nearest(&net, NULL, NULL) == NULL);
	net.vlan.at.present = true;
	CU_ASSERT(vnm_vlan_nearest(&net, &group, &own) == &net.vlan);
	group.vlan.at.present = true;
	CU_ASSERT(vnm_vlan_nearest(&net, &group, &own) == &group.vlan);
	own.at.present = true;
	CU_ASSERT(vnm_vlan_nearest(&net, &group, &own) == &own);
}

static void reserved(void)
{
	static const struct {
		uint32_t id;
		int want;
	} cases[] = { { 0, -EINVAL }, { 1, 0 }, { 4094, 0 }, { 4095, -EINVAL } };

	for (size_t i = 0; i < VNM_ARRAY_SIZE(cases); i++) {
		const struct vnm_vlan vlan = VLAN(ABSENT, TAG(cases[i].id, ABSENT));
		struct vnm_error err = { 0 };

		VNM_ASSERT_INT_EQ(vnm_vlan_check_ids(&vlan, "network 'n'", &err), cases[i].want);
		if (cases[i].want)
			CU_ASSERT(strstr(err.msg, "of network 'n' is reserved") != NULL);
	}
}

static void put_entry(struct nl_msg *msg, uint16_t vid, uint16_t flags, uint16_t last)
{
	const struct bridge_vlan_info info = { flags, vid };
	struct nlattr *nest = nla_nest_start(msg, BRIDGE_VLANDB_ENTRY);

	CU_ASSERT_FATAL(nla_put(msg, BRIDGE_VLANDB_ENTRY_INFO, sizeof(info), &info) == 0);
	if (last)
		CU_ASSERT_FATAL(nla_put_u16(msg, BRIDGE_VLANDB_ENTRY_RANGE, last) == 0);
	nla_nest_end(msg, nest);
}

/* The kernel puts neighbours with equal flags together. */
static void message(void)
{
	const struct br_vlan_msg head = { .family = AF_BRIDGE, .ifindex = 4 };
	struct vnm_vlan_members members vnm_automembers = { 0 };
	struct nl_msg *msg = nlmsg_alloc_simple(RTM_NEWVLAN, 0);
	vnm_autofree char *text = NULL;

	CU_ASSERT_FATAL(msg && nlmsg_append(msg, (void *)&head, sizeof(head), NLMSG_ALIGNTO) == 0);
	put_entry(msg, 99, BRIDGE_VLAN_INFO_PVID | BRIDGE_VLAN_INFO_UNTAGGED, 0);
	put_entry(msg, 42, 0, 44);
	VNM_ASSERT_INT_EQ(vnm_port_vlans_parse(nlmsg_hdr(msg), &members), 0);
	vnm_vlan_members_sort(&members);
	text = vnm_vlan_members_format(&members);
	VNM_ASSERT_STR_EQ(text, "42,43,44,99:pvid:untagged");
	nlmsg_free(msg);
}

const struct vnm_test vnm_tests[] = {
	{ "of tags, as text, for people", tags },
	{ "lists", lists },
	{ "without", none },
	{ "text that is none", bad },
	{ "the nearest is taken whole", nearest },
	{ "reserved numbers", reserved },
	{ "from the kernel's messages", message },
	{ NULL, NULL },
};
