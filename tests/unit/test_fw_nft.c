/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rules in the tables of iptables-nft: what they become there, and back; and what of these tables is other programs'. What
 * both kinds of tables have in common: test_fw.c. How the iptables commands see them: tests/ns/firewall-nft.sh.
 */
#include "netns.h"
#include "input.h"

#include <dirent.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <stdlib.h>

#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter_ipv4/ip_tables.h>

#include "model/validate.h"
#include "plan/firewall/plan_firewall.h"
#include "sys/firewall/firewall.h"
#include "sys/firewall/fw_nft_commit.h"
#include "sys/firewall/fw_nft_decode.h"
#include "sys/firewall/fw_nft_encode.h"
#include "sys/firewall/fw_table.h"
#include "sys/firewall/fwentry_read.h"
#include "sys/firewall/fwentry_text.h"
#include "sys/firewall/nft_write.h"
#include "sys/handles.h"
#include "util/file.h"
#include "util/mem.h"
#include "xml/network_xml.h"

const char vnm_suite[] = "sys/fw_nft";

static void init(struct vnm_sys *sys)
{
	vnm_sys_init(sys, -1);
	vnm_fw_use_backend(sys, VNM_FW_BACKEND_IPTABLES_NFT);
}

const char *vnm_test_cannot_run(void)
{
	struct vnm_fw_handle handle;
	const char *reason = netns_enter();
	struct vnm_sys sys;
	int r;

	if (reason)
		return reason;
	vnm_sys_init(&sys, -1);
	sys.fw_backend = VNM_FW_BACKEND_IPTABLES_NFT;
	r = vnm_fw_table_read(&sys, AF_INET, VNM_FW_FILTER, &handle);
	vnm_fw_table_close(&handle);
	vnm_sys_clear(&sys);
	return r < 0 ? "the kernel has no nf_tables" : NULL;
}

/* ---- there and back ---- */

/* To expressions, and back from what the message holds of them. */
static void turn(const struct vnm_fw_nft_rule *rule, int family, struct vnm_fwentry *ret,
		 char **ret_target)
{
	struct nlattr *attrs[NFTA_RULE_MAX + 1];
	vnm_autonl struct vnm_nl_req req = { 0 };

	vnm_nft_begin(&req, NFPROTO_IPV4, VNM_NFT_MESSAGE(NFT_MSG_NEWRULE), 0);
	vnm_fw_nft_encode(&req, family, rule->data, rule->target);
	VNM_ASSERT_INT_EQ_FATAL(nlmsg_parse(nlmsg_hdr(req.msg), 4, attrs, NFTA_RULE_MAX, NULL), 0);
	CU_ASSERT_PTR_NOT_NULL_FATAL(attrs[NFTA_RULE_EXPRESSIONS]);
	vnm_fw_nft_decode(family, nla_data(attrs[NFTA_RULE_EXPRESSIONS]),
			  (size_t)nla_len(attrs[NFTA_RULE_EXPRESSIONS]), ret, ret_target);
}

static void expect_same(int family, const struct vnm_fwentry *compiled, const char *text)
{
	struct vnm_fw_nft_rule *rule = vnm_fw_nft_compile(family, compiled);
	vnm_autofwentry struct vnm_fwentry back = { 0 };
	vnm_autofree char *target = NULL;
	bool same;

	turn(rule, family, &back, &target);
	same = back.size == compiled->size && memcmp(back.data, rule->data, back.size) == 0 &&
	       vnm_fwentry_hash(family, back.data, target) == rule->hash;
	if (!same)
		printf("\n%s: another entry came back", text);
	CU_ASSERT(same);
	VNM_ASSERT_STR_EQ(target, rule->target);
	vnm_fw_nft_rule_free(rule);
}

static void turn_rule(const struct vnm_fwrule *rule)
{
	vnm_autofwentry struct vnm_fwentry compiled = { 0 };
	vnm_autobuf struct vnm_buf text = { 0 };

	vnm_fwentry_compile(rule, &compiled);
	vnm_fwrule_format(rule, &text);
	expect_same(rule->family, &compiled, text.data);
}

static size_t turn_case(int data, const char *name)
{
	vnm_autofree char *path = vnm_asprintf("%s/in.xml", name), *text = NULL;
	vnm_autonetwork struct vnm_network net = { 0 };
	vnm_autoplan struct vnm_plan plan = { 0 };
	struct vnm_facts facts = { .sees_bridged = true };
	struct vnm_warnings warnings = { 0 };
	struct vnm_error err = { 0 };
	size_t len;

	if (vnm_file_read(data, path, 1 << 20, &text, &len) < 0 ||
	    vnm_network_xml_parse(text, len, "in.xml", &net, &err) < 0)
		return 0;
	if (vnm_network_validate(&net, &warnings, &err) == 0)
		vnm_plan_firewall(INPUT(&net, &facts, NULL), &plan);
	vnm_warnings_clear(&warnings);
	for (size_t i = 0; i < plan.n; i++)
		turn_rule(&plan.ops[i].rule);
	return plan.n;
}

/* Every rule that the examples of the tests need is the same entry after all, byte for byte. */
static void test_golden_rules(void)
{
	vnm_autofree char *path = vnm_asprintf("%s/tests/data", vnm_test_srcdir());
	vnm_autoclose int data = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct dirent **entries;
	int n = scandir(path, &entries, NULL, alphasort);
	size_t rules = 0;

	CU_ASSERT_FATAL(n > 0);
	for (int i = 0; i < n; i++) {
		if (entries[i]->d_name[0] != '.')
			rules += turn_case(data, entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
	printf(" %zu rules", rules);
	CU_ASSERT(rules > 1000);
}

static void test_other_rules(void)
{
	static const int families[] = { AF_INET, AF_INET6 };

	for (int c = 0; c < VNM_CHAIN_COUNT; c++) {
		for (size_t f = 0; f < VNM_ARRAY_SIZE(families); f++) {
			struct vnm_fwrule rules[VNM_FW_EARLY_RETURNS_MAX];
			vnm_autofwentry struct vnm_fwentry jump = { 0 };
			size_t n = vnm_fw_early_returns(families[f], (enum vnm_fw_chain)c, rules);

			for (size_t i = 0; i < n; i++)
				turn_rule(&rules[i]);
			vnm_fwentry_jump(families[f], vnm_fw_chains[c].name, &jump);
			expect_same(families[f], &jump, vnm_fw_chains[c].name);
		}
	}
}

/* ---- expressions of others ---- */

struct list {
	struct vnm_nl_req req;
	struct nlattr *nest;
};

static void list_begin(struct list *list)
{
	*list = (struct list){ 0 };
	vnm_nft_begin(&list->req, NFPROTO_IPV4, VNM_NFT_MESSAGE(NFT_MSG_NEWRULE), 0);
	list->nest = vnm_nl_nest(&list->req, NFTA_RULE_EXPRESSIONS);
}

static void list_expr(struct list *list, const char *name, int attr_1, uint32_t value_1, int attr_2,
		      uint32_t value_2)
{
	struct nlattr *data, *item = vnm_nft_expr_begin(&list->req, name, &data);

	if (attr_1)
		vnm_nft_put_number(&list->req, attr_1, value_1);
	if (attr_2)
		vnm_nft_put_number(&list->req, attr_2, value_2);
	vnm_nft_expr_end(&list->req, item, data);
}

static void list_cmp(struct list *list, const void *value, size_t len)
{
	struct nlattr *data, *nest, *item = vnm_nft_expr_begin(&list->req, "cmp", &data);

	vnm_nft_put_number(&list->req, NFTA_CMP_OP, NFT_CMP_EQ);
	nest = vnm_nl_nest(&list->req, NFTA_CMP_DATA);
	vnm_nl_put(&list->req, NFTA_DATA_VALUE, value, len);
	vnm_nl_nest_end(&list->req, nest);
	vnm_nft_expr_end(&list->req, item, data);
}

/* Frees the list. */
static void expect_text(struct list *list, const char *expected)
{
	vnm_autofwentry struct vnm_fwentry entry = { 0 };
	vnm_autobuf struct vnm_buf text = { 0 };
	vnm_autofree char *target = NULL;

	vnm_nl_nest_end(&list->req, list->nest);
	vnm_fw_nft_decode(AF_INET, nla_data(list->nest), (size_t)nla_len(list->nest), &entry,
			  &target);
	vnm_fwentry_text(AF_INET, entry.data, target, &text);
	VNM_ASSERT_STR_EQ(vnm_buf_str(&text), expected);
	vnm_nl_req_clear(&list->req);
}

/* As iptables 1.8.8 and later write ports: the same entry as with the match. */
static void test_native_ports(void)
{
	const struct vnm_fwrule rule = { .family = AF_INET,
					 .chain = VNM_CHAIN_INP,
					 .in = "vnm0",
					 .proto = IPPROTO_UDP,
					 .dport = 53,
					 .target = VNM_TARGET_ACCEPT };
	vnm_autofwentry struct vnm_fwentry entry = { 0 };
	vnm_autofree char *target = NULL;
	struct list list;

	list_begin(&list);
	list_expr(&list, "meta", NFTA_META_KEY, NFT_META_IIFNAME, NFTA_META_DREG, NFT_REG_1);
	list_cmp(&list, "vnm0", 5);
	list_expr(&list, "meta", NFTA_META_KEY, NFT_META_L4PROTO, NFTA_META_DREG, NFT_REG_1);
	list_cmp(&list, &rule.proto, 1);
	{
		struct nlattr *data, *item = vnm_nft_expr_begin(&list.req, "payload", &data);

		vnm_nft_put_number(&list.req, NFTA_PAYLOAD_BASE, NFT_PAYLOAD_TRANSPORT_HEADER);
		vnm_nft_put_number(&list.req, NFTA_PAYLOAD_OFFSET, 2);
		vnm_nft_put_number(&list.req, NFTA_PAYLOAD_LEN, 2);
		vnm_nft_expr_end(&list.req, item, data);
	}
	list_cmp(&list, "\0\x35", 2);
	vnm_nft_put_verdict(&list.req, NF_ACCEPT, NULL);
	vnm_nl_nest_end(&list.req, list.nest);
	vnm_fw_nft_decode(AF_INET, nla_data(list.nest), (size_t)nla_len(list.nest), &entry,
			  &target);
	CU_ASSERT(vnm_fwentry_hash(AF_INET, entry.data, target) == vnm_fwentry_hash_of(&rule));
	vnm_nl_req_clear(&list.req);
}

/* What an entry cannot say is an unknown match, or a target that decides; never nothing. */
static void test_foreign_expressions(void)
{
	struct list list;

	list_begin(&list);
	list_expr(&list, "ct", NFTA_CT_KEY, NFT_CT_STATE, NFTA_CT_DREG, NFT_REG_1);
	vnm_nft_put_verdict(&list.req, NF_ACCEPT, NULL);
	expect_text(&list, "-m ct ... -j ACCEPT");
	list_begin(&list);
	list_expr(&list, "meta", NFTA_META_KEY, NFT_META_IIFNAME, NFTA_META_DREG, NFT_REG_1);
	list_cmp(&list, "eth", 3);
	vnm_nft_put_verdict(&list.req, NFT_GOTO, "elsewhere");
	expect_text(&list, "-i eth+ -g elsewhere");
	list_begin(&list);
	list_expr(&list, "meta", NFTA_META_KEY, NFT_META_MARK, NFTA_META_DREG, NFT_REG_1);
	list_cmp(&list, "\1\0\0", 4);
	vnm_nft_put_verdict(&list.req, NF_DROP, NULL);
	expect_text(&list, "-m mark --mark 0x1 -j DROP");
	list_begin(&list);
	list_expr(&list, "lookup", NFTA_LOOKUP_DREG, NFT_REG_VERDICT, 0, 0);
	expect_text(&list, "-m lookup ... -j vmap");
	list_begin(&list);
	list_expr(&list, "masq", 0, 0, 0, 0);
	expect_text(&list, "-m masq ... -j masq");
	list_begin(&list);
	list_expr(&list, "reject", 0, 0, 0, 0);
	expect_text(&list, "-j REJECT");
	list_begin(&list);
	list_expr(&list, "log", 0, 0, 0, 0);
	expect_text(&list, "-m log ... (no target)");
}

/* ---- what is sent ---- */

static bool has_policy(const struct nlmsghdr *head)
{
	struct nlattr *attrs[NFTA_CHAIN_MAX + 1];

	CU_ASSERT_FATAL(nlmsg_parse((struct nlmsghdr *)head, 4, attrs, NFTA_CHAIN_MAX, NULL) == 0);
	return attrs[NFTA_CHAIN_POLICY] != NULL;
}

/* A policy that is sent for a built-in chain changes that of an existing one. */
static void test_no_policy(void)
{
	vnm_autobatch struct vnm_nl_batch batch = { 0 };
	struct vnm_fw_handle handle = { 0 };
	int chains = 0;
	struct vnm_sys sys;

	init(&sys);
	VNM_ASSERT_INT_EQ_FATAL(vnm_fw_table_read(&sys, AF_INET, VNM_FW_FILTER, &handle), 0);
	for (int c = 0; c < VNM_CHAIN_COUNT; c++) {
		vnm_autofwentry struct vnm_fwentry jump = { 0 };

		if (vnm_fw_chains[c].table != VNM_FW_FILTER)
			continue;
		vnm_fwentry_jump(AF_INET, vnm_fw_chains[c].name, &jump);
		vnm_fw_make_chain(&handle, vnm_fw_chains[c].name);
		VNM_ASSERT_INT_EQ(vnm_fw_append(&handle, vnm_fw_chains[c].parent, &jump), 0);
	}
	vnm_fw_nft_add_changes(&batch, handle.data);
	for (size_t i = 0; i < batch.n; i++) {
		const struct nlmsghdr *head = (const void *)(batch.data.data + batch.steps[i].at);

		if (head->nlmsg_type != VNM_NFT_MESSAGE(NFT_MSG_NEWCHAIN))
			continue;
		chains++;
		CU_ASSERT_FALSE(has_policy(head));
	}
	VNM_ASSERT_INT_EQ(chains, 8 + 3); /* ours, and INPUT, FORWARD, OUTPUT */
	vnm_fw_table_close(&handle);
	vnm_sys_clear(&sys);
}

/* ---- chains of others ---- */

/* A base chain in "ip filter"; @policy: NF_*. */
static void make_base(struct vnm_sys *sys, const char *name, int priority, uint32_t policy)
{
	vnm_autobatch struct vnm_nl_batch batch = { .silent = 1 };
	vnm_autonl struct vnm_nl_req req = { 0 };
	struct nlattr *hook;

	vnm_nft_add_edge(&batch, NFNL_MSG_BATCH_BEGIN);
	vnm_nft_add_table(&batch, NFT_MSG_NEWTABLE, NFPROTO_IPV4, "filter");
	vnm_nft_begin(&req, NFPROTO_IPV4, VNM_NFT_MESSAGE(NFT_MSG_NEWCHAIN), NLM_F_CREATE);
	vnm_nl_put_str(&req, NFTA_CHAIN_TABLE, "filter");
	vnm_nl_put_str(&req, NFTA_CHAIN_NAME, name);
	vnm_nl_put_str(&req, NFTA_CHAIN_TYPE, "filter");
	vnm_nft_put_number(&req, NFTA_CHAIN_POLICY, policy);
	hook = vnm_nl_nest(&req, NFTA_CHAIN_HOOK);
	vnm_nft_put_number(&req, NFTA_HOOK_HOOKNUM, NF_INET_FORWARD);
	vnm_nft_put_number(&req, NFTA_HOOK_PRIORITY, (uint32_t)priority);
	vnm_nl_nest_end(&req, hook);
	vnm_nl_batch_add(&batch, &req, 0);
	vnm_nft_add_edge(&batch, NFNL_MSG_BATCH_END);
	VNM_ASSERT_INT_EQ_FATAL(vnm_nft_run(&sys->nft_write_sock, &batch), 0);
}

static void drop_filter(struct vnm_sys *sys)
{
	vnm_autobatch struct vnm_nl_batch batch = { .silent = 1 };

	vnm_nft_add_edge(&batch, NFNL_MSG_BATCH_BEGIN);
	vnm_nft_add_table(&batch, NFT_MSG_DELTABLE, NFPROTO_IPV4, "filter");
	vnm_nft_add_edge(&batch, NFNL_MSG_BATCH_END);
	VNM_ASSERT_INT_EQ(vnm_nft_run(&sys->nft_write_sock, &batch), 0);
}

static struct vnm_op accept_op(void)
{
	struct vnm_op op = { .type = VNM_OP_RULE };

	op.rule = (struct vnm_fwrule){
		.family = AF_INET, .chain = VNM_CHAIN_FWO, .in = "vnm0", .target = VNM_TARGET_ACCEPT
	};
	return op;
}

static const char *policy(struct vnm_sys *sys)
{
	struct vnm_nft_chain chain;
	const char *word = "none";

	if (vnm_nft_chain_get(sys, NFPROTO_IPV4, "filter", "FORWARD", &chain) == 0)
		word = chain.drops ? "DROP" : "ACCEPT";
	vnm_nft_chain_clear(&chain);
	return word;
}

/* Docker's DROP stays, whatever we add, and when all of it is gone again. */
static void test_policy_stays(void)
{
	const struct vnm_op op = accept_op(), *list[] = { &op };
	struct vnm_error err = { 0 };
	struct vnm_sys sys;

	init(&sys);
	make_base(&sys, "FORWARD", 0, NF_DROP);
	VNM_ASSERT_OK(vnm_impl_rule.apply_many(&sys, list, 1, &err), err);
	VNM_ASSERT_INT_EQ(netns_check(&sys, &vnm_impl_rule, &op), VNM_PRESENT);
	VNM_ASSERT_STR_EQ(policy(&sys), "DROP");
	sys.last_one = true;
	VNM_ASSERT_OK(vnm_impl_rule.revert_many(&sys, list, 1, &err), err);
	VNM_ASSERT_STR_EQ(policy(&sys), "DROP");
	drop_filter(&sys);
	vnm_sys_clear(&sys);
}

/* A chain of that name that iptables-nft would not make either: told by name, before anything is changed. */
static void test_incompatible(void)
{
	const struct vnm_op op = accept_op();
	struct vnm_error err = { 0 };
	struct vnm_sys sys;

	init(&sys);
	make_base(&sys, "FORWARD", 5, NF_ACCEPT);
	CU_ASSERT(vnm_impl_rule.prepare(&sys, &op, &err) < 0);
	VNM_ASSERT_INT_EQ(err.code, VNM_ERR_UNSUPPORTED);
	CU_ASSERT_PTR_NOT_NULL(
		strstr(err.msg, "chain 'FORWARD' of the nf_tables table 'ip filter'"));
	drop_filter(&sys);
	vnm_sys_clear(&sys);
}

/* All tables of both families, or none: here the last message of all cannot succeed. */
static void test_all_or_nothing(void)
{
	struct vnm_op ops[] = { accept_op(), accept_op() };
	const struct vnm_op *list[] = { &ops[0], &ops[1] };
	struct vnm_error err = { 0 };
	struct vnm_sys sys;

	init(&sys);
	ops[1].rule.chain = VNM_CHAIN_NAT;
	ops[1].rule.in[0] = '\0';
	ops[1].rule.target = VNM_TARGET_DNAT; /* not in POSTROUTING */
	ops[1].rule.to_first = ops[1].rule.to_last = netns_prefix("192.0.2.1/32").addr;
	CU_ASSERT(vnm_impl_rule.apply_many(&sys, list, 2, &err) < 0);
	CU_ASSERT_PTR_NOT_NULL(strstr(err.msg, "'nat'"));
	CU_ASSERT_PTR_NOT_NULL(strstr(err.msg, "chain 'VNM_PRT'"));
	VNM_ASSERT_INT_EQ(netns_check(&sys, &vnm_impl_rule, &ops[0]), VNM_ABSENT);
	VNM_ASSERT_STR_EQ(policy(&sys), "none");
	vnm_sys_clear(&sys);
}

const struct vnm_test vnm_tests[] = {
	{ "golden_rules", test_golden_rules },
	{ "other_rules", test_other_rules },
	{ "native_ports", test_native_ports },
	{ "foreign_expressions", test_foreign_expressions },
	{ "no_policy", test_no_policy },
	{ "policy_stays", test_policy_stays },
	{ "incompatible", test_incompatible },
	{ "all_or_nothing", test_all_or_nothing },
	{ 0 },
};
