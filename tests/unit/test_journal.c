/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_journal.c - the journal of a network: written, its state appended, read back, and never taken for more than it holds. */
#include "runner.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "state/journal.h"
#include "state/journal_cache.h"
#include "util/file.h"
#include "util/mem.h"
#include "util/proc.h"

const char vnm_suite[] = "run/journal";

static void make_plan(struct vnm_plan *plan)
{
	struct vnm_op *op = vnm_plan_add(plan, VNM_OP_BRIDGE);

	op->bridge.name = vnm_strdup("br0");
	vnm_mac_parse("52:54:00:00:00:01", &op->bridge.mac);
	op->bridge.stp = true;
	vnm_plan_add(plan, VNM_OP_LINK_UP)->link_up.dev = vnm_strdup("br0");
	op = vnm_plan_add(plan, VNM_OP_FILE);
	op->file.dir = vnm_strdup("/run/x y");
	op->file.name = vnm_strdup("dnsmasq.conf");
	op->file.content = vnm_strdup("one line\nanother = 100 %\n");
}

static void test_life(void)
{
	vnm_autotestdir struct vnm_test_dir dir;
	vnm_autoplan struct vnm_plan plan = { 0 };
	vnm_autojournal struct vnm_journal journal = { 0 };
	struct vnm_error err = { 0 };
	char boot_id[VNM_UUID_STRLEN];

	vnm_test_dir_make(&dir);
	make_plan(&plan);
	CU_ASSERT(!vnm_journal_exists(dir.fd, "n"));
	VNM_ASSERT_INT_EQ(vnm_journal_read(dir.fd, "n", true, &journal, &err), -ENOENT);
	VNM_ASSERT_OK_FATAL(vnm_journal_create(dir.fd, "n", &plan, NULL, &err), err);
	CU_ASSERT(vnm_journal_exists(dir.fd, "n"));
	VNM_ASSERT_OK_FATAL(vnm_journal_read(dir.fd, "n", true, &journal, &err), err);
	VNM_ASSERT_INT_EQ(journal.state, VNM_JOURNAL_STARTING);
	VNM_ASSERT_STR_EQ(journal.name, "n");
	VNM_ASSERT_OK_FATAL(vnm_boot_id(boot_id), err);
	VNM_ASSERT_STR_EQ(journal.boot_id, boot_id);
	VNM_ASSERT_INT_EQ_FATAL(journal.plan.n, 3);
	VNM_ASSERT_STR_EQ(journal.plan.ops[2].file.content, "one line\nanother = 100 %\n");
	vnm_journal_clear(&journal);

	VNM_ASSERT_OK(vnm_journal_mark(dir.fd, "n", VNM_JOURNAL_ACTIVE, &err), err);
	VNM_ASSERT_OK_FATAL(vnm_journal_read(dir.fd, "n", false, &journal, &err), err);
	VNM_ASSERT_INT_EQ(journal.state, VNM_JOURNAL_ACTIVE);
	VNM_ASSERT_INT_EQ(journal.plan.n, 0);
	vnm_journal_clear(&journal);
	VNM_ASSERT_OK(vnm_journal_mark(dir.fd, "n", VNM_JOURNAL_STOPPING, &err), err);
	VNM_ASSERT_OK_FATAL(vnm_journal_read(dir.fd, "n", true, &journal, &err), err);
	VNM_ASSERT_INT_EQ(journal.state, VNM_JOURNAL_STOPPING);
	VNM_ASSERT_INT_EQ(journal.plan.n, 3);

	VNM_ASSERT_OK(vnm_journal_remove(dir.fd, "n", &err), err);
	VNM_ASSERT_OK(vnm_journal_remove(dir.fd, "n", &err), err);
	CU_ASSERT(!vnm_journal_exists(dir.fd, "n"));
	CU_ASSERT(vnm_journal_mark(dir.fd, "n", VNM_JOURNAL_ACTIVE, &err) < 0);
}

/* The back end of the rules is recorded where there are rules; without a line it is the legacy one. */
static void test_firewall(void)
{
	vnm_autotestdir struct vnm_test_dir dir;
	struct vnm_error err = { 0 };

	vnm_test_dir_make(&dir);
	for (int b = 0; b < VNM_FW_BACKEND_COUNT; b++) {
		vnm_autoplan struct vnm_plan plan = { .firewall = (enum vnm_fw_backend)b };
		vnm_autojournal struct vnm_journal journal = { 0 };
		struct vnm_op *op;

		make_plan(&plan);
		VNM_ASSERT_OK_FATAL(vnm_journal_create(dir.fd, "n", &plan, NULL, &err), err);
		VNM_ASSERT_OK_FATAL(vnm_journal_read(dir.fd, "n", true, &journal, &err), err);
		VNM_ASSERT_INT_EQ(journal.plan.firewall, VNM_FW_BACKEND_LEGACY);
		vnm_journal_clear(&journal);
		op = vnm_plan_add(&plan, VNM_OP_RULE);
		op->rule.family = AF_INET;
		VNM_ASSERT_OK_FATAL(vnm_journal_create(dir.fd, "n", &plan, NULL, &err), err);
		VNM_ASSERT_OK_FATAL(vnm_journal_read(dir.fd, "n", true, &journal, &err), err);
		VNM_ASSERT_INT_EQ(journal.plan.firewall, b);
		vnm_journal_clear(&journal);
		VNM_ASSERT_OK_FATAL(vnm_journal_read(dir.fd, "n", false, &journal, &err), err);
		VNM_ASSERT_INT_EQ(journal.plan.firewall, b);
	}
}

static void test_firewall_unknown(void)
{
	char text[] = "vnetmgr-journal 1\nboot 01234567-89ab-cdef-0123-456789abcdef\n"
		      "firewall ebtables\nstate active\n";
	vnm_autojournal struct vnm_journal journal = { 0 };
	struct vnm_error err = { 0 };

	CU_ASSERT(vnm_journal_parse(text, "n", false, &journal, &err) < 0);
	VNM_ASSERT_INT_EQ(err.code, VNM_ERR_STATE);
	VNM_ASSERT_STR_EQ(err.msg, "journal of network 'n', line 3: unknown firewall back end "
				   "'ebtables'");
}

/* However much of the file is there: active is only what has a whole line for it. */
static void test_cut(void)
{
	static const char text[] = "vnetmgr-journal 1\nboot 01234567-89ab-cdef-0123-456789abcdef\n"
				   "link_up dev=br0\nstate starting\nstate active\n";
	size_t len = strlen(text);

	for (size_t n = 0; n <= len; n++) {
		vnm_autofree char *cut = vnm_strndup(text, n);
		vnm_autojournal struct vnm_journal journal = { 0 };
		struct vnm_error err = { 0 };
		int r = vnm_journal_parse(cut, "n", true, &journal, &err);

		if (r < 0)
			VNM_ASSERT_INT_EQ(err.code, VNM_ERR_STATE);
		else
			VNM_ASSERT_INT_EQ(journal.state == VNM_JOURNAL_ACTIVE, n == len);
	}
}

static void test_damaged(void)
{
	static const struct {
		const char *text, *message;
	} rows[] = {
		{ "", "cut off in its header" },
		{ "journal of mine\nboot x\n", "unknown format" },
		{ "vnetmgr-journal 1\nboot x\nversion 0.1\nfrobnicate a=b\n", "line 4" },
		{ "vnetmgr-journal 1\nstate active\n", "cut off in its header" },
		{ "vnetmgr-journal 1\nboot x\nfrobnicate a=b\n", "line 3" },
		{ "vnetmgr-journal 1\nboot x\nlink_up\n", "line 3" },
		{ "vnetmgr-journal 1\nboot x\nstate dreaming\n", "unknown state 'dreaming'" },
	};

	for (size_t i = 0; i < VNM_ARRAY_SIZE(rows); i++) {
		vnm_autofree char *text = vnm_strdup(rows[i].text);
		struct vnm_journal journal = { 0 };
		struct vnm_error err = { 0 };

		CU_ASSERT(vnm_journal_parse(text, "n", true, &journal, &err) < 0);
		VNM_ASSERT_INT_EQ(err.code, VNM_ERR_STATE);
		if (!strstr(err.msg, rows[i].message))
			VNM_ASSERT_STR_EQ(err.msg, rows[i].message);
		CU_ASSERT_PTR_NULL(journal.name);
	}
}

/* What a newer version wrote is not damaged, and one of the same or an older version is. */
static void test_newer(void)
{
	static const char *const texts[] = {
		"vnetmgr-journal 2\nboot x\n",
		"vnetmgr-journal 1\nboot x\nversion 99.1\nfrobnicate a=b\nstate active\n",
		"vnetmgr-journal 1\nboot x\nversion 99.1\nlink_up\n",
		"vnetmgr-journal 1\nboot x\nversion 99.1\nstate dreaming\n",
	};

	for (size_t i = 0; i < VNM_ARRAY_SIZE(texts); i++) {
		vnm_autofree char *text = vnm_strdup(texts[i]);
		struct vnm_journal journal = { 0 };
		struct vnm_error err = { 0 };

		VNM_ASSERT_INT_EQ(vnm_journal_parse(text, "n", true, &journal, &err), -EINVAL);
		VNM_ASSERT_INT_EQ(err.code, VNM_ERR_NEWER);
	}
}

/* How many operations the record and what was proposed beside it have; -1: there is none. */
static void check_records(int fd, int n, int n_proposed)
{
	vnm_autojournal struct vnm_journal journal = { 0 }, proposal = { 0 };
	struct vnm_error err = { 0 };
	int r = vnm_journal_read(fd, "n", true, &journal, &err);

	VNM_ASSERT_INT_EQ(r, n < 0 ? -ENOENT : 0);
	if (n >= 0)
		VNM_ASSERT_INT_EQ(journal.plan.n, n);
	r = vnm_journal_read_pending(fd, "n", &proposal, &err);
	VNM_ASSERT_INT_EQ(r, n_proposed < 0 ? -ENOENT : 0);
	if (n_proposed < 0)
		return;
	VNM_ASSERT_INT_EQ(proposal.plan.n, n_proposed);
	VNM_ASSERT_INT_EQ(proposal.state, VNM_JOURNAL_ACTIVE);
	VNM_ASSERT_STR_EQ(proposal.name, "n");
}

/* A pending journal is beside that of the active network until it is committed or aborted. */
static void test_proposal(void)
{
	vnm_autotestdir struct vnm_test_dir dir;
	vnm_autoplan struct vnm_plan plan = { 0 }, other = { 0 };
	struct vnm_error err = { 0 };

	vnm_test_dir_make(&dir);
	make_plan(&plan);
	vnm_plan_add(&other, VNM_OP_LINK_UP)->link_up.dev = vnm_strdup("br0");
	check_records(dir.fd, -1, -1);
	VNM_ASSERT_OK_FATAL(vnm_journal_create(dir.fd, "n", &plan, NULL, &err), err);
	VNM_ASSERT_OK_FATAL(vnm_journal_mark(dir.fd, "n", VNM_JOURNAL_ACTIVE, &err), err);
	CU_ASSERT(vnm_journal_commit(dir.fd, "n", &err) < 0);
	VNM_ASSERT_OK(vnm_journal_abort(dir.fd, "n", &err), err);
	check_records(dir.fd, 3, -1);

	VNM_ASSERT_OK_FATAL(vnm_journal_write_pending(dir.fd, "n", &other, NULL, &err), err);
	check_records(dir.fd, 3, 1);
	VNM_ASSERT_OK(vnm_journal_abort(dir.fd, "n", &err), err);
	VNM_ASSERT_OK(vnm_journal_abort(dir.fd, "n", &err), err);
	check_records(dir.fd, 3, -1);

	VNM_ASSERT_OK_FATAL(vnm_journal_write_pending(dir.fd, "n", &other, NULL, &err), err);
	VNM_ASSERT_OK(vnm_journal_commit(dir.fd, "n", &err), err);
	check_records(dir.fd, 1, -1);
}

/* What was accepted is the record of an active network: it can be marked, and proposed against, as any other. */
static void test_accepted(void)
{
	vnm_autotestdir struct vnm_test_dir dir;
	vnm_autoplan struct vnm_plan plan = { 0 };
	vnm_autojournal struct vnm_journal journal = { 0 };
	struct vnm_error err = { 0 };

	vnm_test_dir_make(&dir);
	make_plan(&plan);
	/* Of an interrupted change; the record itself is gone. */
	VNM_ASSERT_OK_FATAL(vnm_journal_write_pending(dir.fd, "n", &plan, NULL, &err), err);
	CU_ASSERT(!vnm_journal_exists(dir.fd, "n"));
	VNM_ASSERT_OK_FATAL(vnm_journal_commit(dir.fd, "n", &err), err);
	VNM_ASSERT_OK_FATAL(vnm_journal_read(dir.fd, "n", false, &journal, &err), err);
	VNM_ASSERT_INT_EQ(journal.state, VNM_JOURNAL_ACTIVE);
	vnm_journal_clear(&journal);
	VNM_ASSERT_OK(vnm_journal_mark(dir.fd, "n", VNM_JOURNAL_STOPPING, &err), err);
	VNM_ASSERT_OK_FATAL(vnm_journal_read(dir.fd, "n", false, &journal, &err), err);
	VNM_ASSERT_INT_EQ(journal.state, VNM_JOURNAL_STOPPING);
}

/* The journal of an attachment: pending until it is attached, replaced by a repair, pending again while it is detached. */
static void test_attachment(void)
{
	vnm_autotestdir struct vnm_test_dir dir;
	vnm_autoplan struct vnm_plan plan = { 0 }, other = { 0 };
	struct vnm_error err = { 0 };

	vnm_test_dir_make(&dir);
	make_plan(&plan);
	vnm_plan_add(&other, VNM_OP_LINK_UP)->link_up.dev = vnm_strdup("br0");
	CU_ASSERT(vnm_journal_retract(dir.fd, "n", &err) < 0);
	VNM_ASSERT_OK_FATAL(vnm_journal_write_pending(dir.fd, "n", &plan, NULL, &err), err);
	CU_ASSERT(vnm_journal_has_pending(dir.fd, "n"));
	check_records(dir.fd, -1, 3);
	VNM_ASSERT_OK_FATAL(vnm_journal_commit(dir.fd, "n", &err), err);
	CU_ASSERT(!vnm_journal_has_pending(dir.fd, "n"));
	VNM_ASSERT_OK_FATAL(vnm_journal_replace(dir.fd, "n", &other, &err), err);
	check_records(dir.fd, 1, -1);
	VNM_ASSERT_OK_FATAL(vnm_journal_retract(dir.fd, "n", &err), err);
	check_records(dir.fd, -1, 1);
	VNM_ASSERT_OK(vnm_journal_abort(dir.fd, "n", &err), err);
	check_records(dir.fd, -1, -1);
}

/* What the cache says of a network is what its file says: @state and @n operations; @n -1: no journal. */
static void check_cached(struct vnm_journal_cache *cache, enum vnm_journal_state state, int n)
{
	vnm_autojournal struct vnm_journal cached = { 0 }, file = { 0 };
	struct vnm_error err = { 0 };

	if (n < 0) {
		VNM_ASSERT_INT_EQ(vnm_journal_cache_read(cache, "n", true, &cached, &err), -ENOENT);
		VNM_ASSERT_INT_EQ(vnm_journal_read(cache->run_fd, "n", true, &file, &err), -ENOENT);
		return;
	}
	VNM_ASSERT_OK_FATAL(vnm_journal_cache_read(cache, "n", true, &cached, &err), err);
	VNM_ASSERT_OK_FATAL(vnm_journal_read(cache->run_fd, "n", true, &file, &err), err);
	VNM_ASSERT_INT_EQ(cached.state, state);
	VNM_ASSERT_INT_EQ(cached.plan.n, n);
	VNM_ASSERT_INT_EQ(file.state, state);
	VNM_ASSERT_INT_EQ(file.plan.n, n);
}

/* The whole life of a journal through the cache; @locked: with the lock, so that it is kept. */
static void check_cache(bool locked)
{
	vnm_autotestdir struct vnm_test_dir dir;
	vnm_autoplan struct vnm_plan plan = { 0 }, other = { 0 };
	struct vnm_error err = { 0 };

	vnm_test_dir_make(&dir);
	vnm_autojournal_cache struct vnm_journal_cache cache = { .run_fd = dir.fd,
								 .locked = locked };
	make_plan(&plan);
	vnm_plan_add(&other, VNM_OP_LINK_UP)->link_up.dev = vnm_strdup("br0");
	check_cached(&cache, VNM_JOURNAL_STARTING, -1);
	VNM_ASSERT_OK_FATAL(vnm_journal_cache_create(&cache, "n", &plan, &err), err);
	check_cached(&cache, VNM_JOURNAL_STARTING, 3);
	VNM_ASSERT_OK_FATAL(vnm_journal_cache_mark(&cache, "n", VNM_JOURNAL_ACTIVE, &err), err);
	check_cached(&cache, VNM_JOURNAL_ACTIVE, 3);
	VNM_ASSERT_OK_FATAL(vnm_journal_cache_write_pending(&cache, "n", &other, &err), err);
	check_cached(&cache, VNM_JOURNAL_ACTIVE, 3);
	VNM_ASSERT_OK_FATAL(vnm_journal_cache_commit(&cache, "n", &err), err);
	check_cached(&cache, VNM_JOURNAL_ACTIVE, 1);
	CU_ASSERT(vnm_journal_cache_commit(&cache, "n", &err) < 0);
	check_cached(&cache, VNM_JOURNAL_ACTIVE, 1);
	VNM_ASSERT_OK_FATAL(vnm_journal_cache_mark(&cache, "n", VNM_JOURNAL_STOPPING, &err), err);
	check_cached(&cache, VNM_JOURNAL_STOPPING, 1);
	VNM_ASSERT_OK_FATAL(vnm_journal_cache_remove(&cache, "n", &err), err);
	check_cached(&cache, VNM_JOURNAL_STOPPING, -1);
	VNM_ASSERT_INT_EQ(cache.n, locked ? 1 : 0);
}

static void test_cache(void)
{
	check_cache(true);
	check_cache(false);
}

static void test_leave_out_rules(void)
{
	char text[] = "vnetmgr-journal 1\nbridge name=b\nrule a\nrule b\nlink-up dev=b\n"
		      "rule c\nstate active\nrule cut";
	char none[] = "vnetmgr-journal 1\nbridge name=b\n";

	vnm_journal_leave_out_rules(text);
	CU_ASSERT_STRING_EQUAL(text, "vnetmgr-journal 1\nbridge name=b\nrule a\nlink-up dev=b\n"
				     "state active\nrule cut");
	vnm_journal_leave_out_rules(none);
	CU_ASSERT_STRING_EQUAL(none, "vnetmgr-journal 1\nbridge name=b\n");
}

const struct vnm_test vnm_tests[] = {
	{ "life", test_life },
	{ "proposal", test_proposal },
	{ "accepted", test_accepted },
	{ "attachment", test_attachment },
	{ "cache", test_cache },
	{ "cut", test_cut },
	{ "leave_out_rules", test_leave_out_rules },
	{ "damaged", test_damaged },
	{ "newer", test_newer },
	{ "firewall", test_firewall },
	{ "firewall-unknown", test_firewall_unknown },
	{ 0 },
};
