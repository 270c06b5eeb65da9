/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_nftables_kernel.c - the back end "nftables" in the kernel: what it writes is what nft(8) makes of the same rules as
 * text, it finds it again, mends what others changed, and takes it away without a trace. What the rules then do to
 * packets: tests/ns/nat.sh, modes.sh, forwards.sh with VNM_FIREWALL=nftables.
 */
#include "netns.h"
#include "examples.h"

#include <stdarg.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "plan/firewall/nftables_text.h"
#include "sys/firewall/fw_backend_impl.h"
#include "sys/firewall/fw_expected.h"
#include "sys/handles.h"

const char vnm_suite[] = "sys/nftables";

#define OUTPUT_MAX (1024 * 1024)

static char scratch[] = "/tmp/vnm-test-nftables.XXXXXX";

/* Return: its exit status. */
static int sh(const char *command)
{
	pid_t pid = fork();
	int status = -1;

	if (pid == 0) {
		execl("/bin/sh", "sh", "-c", command, (char *)NULL);
		_exit(127);
	}
	return waitpid(pid, &status, 0) == pid ? status : -1;
}

/* What a command prints; "" on failure. */
static char *output(const char *command)
{
	vnm_autofree char *whole = vnm_asprintf("{ %s; } >%s", command, scratch);
	char *text = NULL;

	if (sh(whole) != 0 || vnm_file_read(AT_FDCWD, scratch, OUTPUT_MAX, &text, NULL) < 0)
		return vnm_strdup("");
	return text;
}

static void nft(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
static void nft(const char *fmt, ...)
{
	char command[512] = "nft ";
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(command + 4, sizeof(command) - 4, fmt, ap);
	va_end(ap);
	if (sh(command) != 0) {
		printf("\n%s\n", command);
		CU_FAIL("nft");
	}
}

const char *vnm_test_cannot_run(void)
{
	const char *reason = netns_enter();

	if (reason)
		return reason;
	if (sh("nft -c 'add table ip t; add table ip6 t' >/dev/null 2>&1") != 0)
		return "no nft";
	return mkstemp(scratch) < 0 ? "no file in /tmp to be had" : NULL;
}

/* ---- the back end ---- */

enum what { APPLY, REVERT, REVERT_LAST };

static void run(const struct vnm_op *const *ops, size_t n, enum what what)
{
	struct vnm_error err = { 0 };
	struct vnm_sys sys;

	vnm_sys_init(&sys, -1);
	sys.fw_backend = VNM_FW_BACKEND_NFTABLES;
	sys.last_one = what == REVERT_LAST;
	if (what == APPLY)
		VNM_ASSERT_OK(vnm_fw_nftables.rule.apply_many(&sys, ops, n, &err), err);
	else
		VNM_ASSERT_OK(vnm_fw_nftables.rule.revert_many(&sys, ops, n, &err), err);
	vnm_sys_clear(&sys);
}

static size_t count_present(const struct vnm_op *const *ops, size_t n)
{
	struct vnm_error err = { 0 };
	struct vnm_sys sys;
	size_t present = 0;

	vnm_sys_init(&sys, -1);
	sys.fw_backend = VNM_FW_BACKEND_NFTABLES;
	for (size_t i = 0; i < n; i++) {
		enum vnm_presence presence = VNM_ABSENT;

		VNM_ASSERT_OK(vnm_fw_nftables.rule.check(&sys, ops[i], &presence, &err), err);
		present += presence == VNM_PRESENT;
	}
	vnm_sys_clear(&sys);
	return present;
}

/* ---- every example ---- */

#define LIST "{ nft list table ip vnetmgr; nft list table ip6 vnetmgr; } 2>/dev/null | sort"
#define RELOAD                                                                  \
	"f=$(mktemp) && { nft list ruleset ip; nft list ruleset ip6; } >$f && " \
	"nft flush ruleset && nft -f $f && rm $f"

/* As nft makes it of the text. */
static char *list_of_text(const struct vnm_op *const *rules, size_t n)
{
	vnm_autobuf struct vnm_buf text = { 0 };
	vnm_autoclose int fd = -1;

	vnm_nftables_base_text(AF_INET, &text);
	if (rules[n - 1]->rule.family == AF_INET6)
		vnm_nftables_base_text(AF_INET6, &text);
	vnm_nftables_text(rules, n, &text);
	fd = open(scratch, O_WRONLY | O_TRUNC | O_CLOEXEC);
	CU_ASSERT_FATAL(fd >= 0 && write(fd, text.data, text.len) == (ssize_t)text.len);
	nft("-f %s", scratch);
	return output(LIST);
}

/* nft 1.0.6 lists a range of addresses with ports as a prefix with ports, and cannot read that. */
static bool reads_back(const struct vnm_op *const *rules, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (rules[i]->rule.target == VNM_TARGET_SNAT && rules[i]->rule.to_port_first &&
		    !vnm_addr_equal(&rules[i]->rule.to_first, &rules[i]->rule.to_last))
			return false;
	return true;
}

static size_t examples;

static void check_example(const char *name, const struct vnm_op *const *rules, size_t n)
{
	vnm_autofree char *ours = NULL, *of_text = NULL, *again = NULL, *none = NULL;
	size_t held = 0;

	for (size_t i = 0; i < n; i++)
		held += vnm_nftables_holds(&rules[i]->rule);
	if (held == 0)
		return;
	run(rules, n, APPLY);
	ours = output(LIST);
	VNM_ASSERT_INT_EQ((int)count_present(rules, n), (int)n);
	if (reads_back(rules, n)) {
		CU_ASSERT_EQUAL(sh(RELOAD), 0);
		again = output(LIST);
		vnm_check_str(name, again, ours, __FILE__, __LINE__, 0);
		VNM_ASSERT_INT_EQ((int)count_present(rules, n), (int)n);
	}
	run(rules, n, REVERT_LAST);
	none = output("nft list ruleset");
	VNM_ASSERT_STR_EQ(none, "");
	of_text = list_of_text(rules, n);
	vnm_check_str(name, ours, of_text, __FILE__, __LINE__, 0);
	VNM_ASSERT_INT_EQ((int)count_present(rules, n), (int)n);
	run(rules, n, REVERT_LAST);
	examples++;
}

static void test_examples(void)
{
	each_example(check_example);
	printf(" %zu examples", examples);
	CU_ASSERT(examples > 30);
}

/* ---- what others change ---- */

enum { ACCEPT, REJECT, MASQUERADE, RANGE, OPS };

static void fill(struct vnm_op ops[static OPS], const char *bridge, const char *subnet)
{
	const struct vnm_prefix prefix = netns_prefix(subnet);
	const struct vnm_fwrule rules[OPS] = {
		[ACCEPT] = { .chain = VNM_CHAIN_FWO, .src = prefix, .target = VNM_TARGET_ACCEPT },
		[REJECT] = { .chain = VNM_CHAIN_FWO, .target = VNM_TARGET_REJECT },
		[MASQUERADE] = { .chain = VNM_CHAIN_NAT,
				 .src = prefix,
				 .target = VNM_TARGET_MASQUERADE },
		[RANGE] = { .chain = VNM_CHAIN_PRE,
			    .proto = IPPROTO_TCP,
			    .dport = (uint16_t)(4000 + prefix.addr.b[2]),
			    .dport_last = (uint16_t)(4001 + prefix.addr.b[2]),
			    .dst_local = true,
			    .target = VNM_TARGET_DNAT,
			    .to_first = prefix.addr,
			    .to_last = prefix.addr },
	};

	for (int i = 0; i < OPS; i++) {
		ops[i] = (struct vnm_op){ .type = VNM_OP_RULE, .rule = rules[i] };
		ops[i].rule.family = AF_INET;
		if (i == ACCEPT || i == REJECT)
			snprintf(ops[i].rule.in, sizeof(ops[i].rule.in), "%s", bridge);
	}
}

static void point(const struct vnm_op *ops, const struct vnm_op *ret[static OPS])
{
	for (size_t i = 0; i < OPS; i++)
		ret[i] = &ops[i];
}

/* With the rules of all networks at hand. @fix: mend; else only look. Return: the first fault, or "". */
static const char *review(struct vnm_op *ops, bool fix)
{
	static char text[256];
	const struct vnm_plan plan = { .ops = ops, .n = OPS }, *plans[] = { &plan };
	struct vnm_fw_findings found = { 0 };
	const struct vnm_op *list[OPS];
	struct vnm_error err = { 0 };
	struct vnm_sys sys;

	point(ops, list);
	vnm_sys_init(&sys, -1);
	sys.fw_backend = VNM_FW_BACKEND_NFTABLES;
	vnm_fw_expect(&sys, plans, 1, true);
	vnm_fw_nftables.review(&sys, &plan, &found);
	snprintf(text, sizeof(text), "%s", found.faults.n ? found.faults.items[0] : "");
	if (fix)
		VNM_ASSERT_OK(vnm_fw_nftables.rule.apply_many(&sys, list, OPS, &err), err);
	vnm_fw_findings_clear(&found);
	vnm_sys_clear(&sys);
	return text;
}

/* @fault: what a review says; NULL: a rule is absent. */
static const struct {
	const char *change, *fault;
} changes[] = {
	{ "delete rule ip vnetmgr forward handle $(nft -a list chain ip vnetmgr forward | "
	  "sed -n 's/.*jump within # handle //p')",
	  "nf_tables chain 'forward' of table 'ip vnetmgr' does not begin as it should" },
	{ "insert rule ip vnetmgr forward accept",
	  "nf_tables chain 'forward' of table 'ip vnetmgr' has a rule that is not vnetmgr's" },
	{ "insert rule ip vnetmgr from_guests_in.vnm0 accept",
	  "nf_tables chain 'from_guests_in.vnm0' of table 'ip vnetmgr' has a rule that is not" },
	{ "add rule ip vnetmgr prerouting drop",
	  "nf_tables chain 'prerouting' of table 'ip vnetmgr' has a rule that is not vnetmgr's" },
	{ "'flush chain ip vnetmgr from_guests_in.vnm0; "
	  "add rule ip vnetmgr from_guests_in.vnm0 iifname vnm0 counter reject; "
	  "add rule ip vnetmgr from_guests_in.vnm0 iifname vnm0 ip saddr 192.0.2.0/24 "
	  "counter accept'",
	  "nf_tables chain 'from_guests_in.vnm0' of table 'ip vnetmgr' has its rules in" },
	{ "'flush chain ip vnetmgr output; delete chain ip vnetmgr output; "
	  "add chain ip vnetmgr output { type filter hook output priority 7; }'",
	  "nf_tables chain 'output' of table 'ip vnetmgr' is not at its hook, with its priority" },
	{ "'add table ip vnetmgr { flags dormant; }'", "nf_tables table 'ip vnetmgr' is dormant" },
	{ "flush ruleset", NULL },
	{ "flush table ip vnetmgr", NULL },
	{ "flush chain ip vnetmgr postrouting_src", NULL },
	{ "flush map ip vnetmgr from_guests_in", NULL },
	{ "flush chain ip vnetmgr from_guests_in.vnm0", NULL },
};

static void test_changes(void)
{
	vnm_autofree char *whole = NULL;
	const struct vnm_op *list[OPS];
	struct vnm_op ops[OPS];

	fill(ops, "vnm0", "192.0.2.0/24");
	point(ops, list);
	run(list, OPS, APPLY);
	whole = output(LIST);
	VNM_ASSERT_STR_EQ(review(ops, false), "");
	for (size_t i = 0; i < VNM_ARRAY_SIZE(changes); i++) {
		vnm_autofree char *now = NULL;

		nft("%s", changes[i].change);
		if (changes[i].fault) {
			const char *fault = review(ops, false);

			if (strncmp(fault, changes[i].fault, strlen(changes[i].fault)) != 0)
				vnm_check_str(changes[i].change, fault, changes[i].fault, __FILE__,
					      __LINE__, 0);
		} else {
			CU_ASSERT(count_present(list, OPS) < OPS);
		}
		(void)review(ops, true);
		now = output(LIST);
		vnm_check_str(changes[i].change, now, whole, __FILE__, __LINE__, 0);
		VNM_ASSERT_STR_EQ(review(ops, false), "");
		VNM_ASSERT_INT_EQ((int)count_present(list, OPS), OPS);
	}
	run(list, OPS, REVERT_LAST);
}

/* ---- two networks ---- */

static void test_neighbours(void)
{
	vnm_autofree char *alone = NULL, *again = NULL, *none = NULL;
	struct vnm_op a[OPS], b[OPS];
	const struct vnm_op *list_a[OPS], *list_b[OPS];

	fill(a, "vnm0", "192.0.2.0/24");
	fill(b, "vnm1", "192.0.3.0/24");
	point(a, list_a);
	point(b, list_b);
	run(list_a, OPS, APPLY);
	alone = output(LIST);
	run(list_b, OPS, APPLY);
	run(list_b, OPS, APPLY); /* once more changes nothing */
	VNM_ASSERT_INT_EQ((int)(count_present(list_a, OPS) + count_present(list_b, OPS)), 2 * OPS);
	run(list_b, OPS, REVERT);
	run(list_b, OPS, REVERT);
	again = output(LIST);
	VNM_ASSERT_STR_EQ(again, alone);
	/* Those of another state directory stay, though it knows of no other network. */
	run(list_b, OPS, REVERT_LAST);
	VNM_ASSERT_INT_EQ((int)count_present(list_a, OPS), OPS);
	run(list_a, OPS, REVERT_LAST);
	none = output("nft list ruleset");
	VNM_ASSERT_STR_EQ(none, "");
	unlink(scratch);
}

const struct vnm_test vnm_tests[] = {
	{ "examples", test_examples },
	{ "what others change", test_changes },
	{ "two networks", test_neighbours },
	{ 0 },
};
