/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is pending is beside the file until it is committed or aborted. */
#include "runner.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "state/pending.h"
#include "util/mem.h"

const char vnm_suite[] = "state/pending";

/* @file: NULL: there is none; and the same of what is pending. */
static void check_files(int fd, const char *file, const char *pending)
{
	const char *const names[] = { "f", "f.pending" }, *const should[] = { file, pending };

	CU_ASSERT_EQUAL(vnm_pending_exists(fd, "f"), pending != NULL);
	for (int i = 0; i < 2; i++) {
		vnm_autofree char *text = NULL;
		int r = vnm_file_read(fd, names[i], 100, &text, NULL);

		VNM_ASSERT_INT_EQ(r, should[i] ? 0 : -ENOENT);
		if (should[i])
			VNM_ASSERT_STR_EQ(text, should[i]);
	}
}

static void test_transaction(void)
{
	static const enum vnm_durability how[] = { VNM_VOLATILE, VNM_DURABLE };

	for (size_t i = 0; i < VNM_ARRAY_SIZE(how); i++) {
		vnm_autotestdir struct vnm_test_dir dir;
		struct stat st = { 0 };

		vnm_test_dir_make(&dir);
		VNM_ASSERT_INT_EQ(vnm_pending_commit(dir.fd, "f", how[i]), -ENOENT);
		VNM_ASSERT_INT_EQ(vnm_pending_abort(dir.fd, "f", how[i]), 0);
		VNM_ASSERT_INT_EQ(vnm_pending_write(dir.fd, "f", "one", 3, how[i]), 0);
		check_files(dir.fd, NULL, "one");
		VNM_ASSERT_INT_EQ(vnm_stat_at(dir.fd, "f.pending", &st), 0);
		VNM_ASSERT_INT_EQ(st.st_mode & 07777, 0600);
		VNM_ASSERT_INT_EQ(vnm_pending_write(dir.fd, "f", "two", 3, how[i]), 0);
		VNM_ASSERT_INT_EQ(vnm_pending_commit(dir.fd, "f", how[i]), 0);
		check_files(dir.fd, "two", NULL);
		VNM_ASSERT_INT_EQ(vnm_pending_write(dir.fd, "f", "three", 5, how[i]), 0);
		check_files(dir.fd, "two", "three");
		VNM_ASSERT_INT_EQ(vnm_pending_abort(dir.fd, "f", how[i]), 0);
		check_files(dir.fd, "two", NULL);
		VNM_ASSERT_INT_EQ(vnm_pending_retract(dir.fd, "f"), 0);
		check_files(dir.fd, NULL, "two");
		VNM_ASSERT_INT_EQ(vnm_pending_retract(dir.fd, "f"), -ENOENT);
	}
}

const struct vnm_test vnm_tests[] = {
	{ "transaction", test_transaction },
	{ 0 },
};
