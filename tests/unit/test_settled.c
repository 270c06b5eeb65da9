/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_settled.c - names that recovery has listed are used until one is added or removed. */
#include "runner.h"

#include <string.h>

#include "state/leftovers.h"
#include "state/settled.h"
#include "state/store.h"
#include "util/file.h"

const char vnm_suite[] = "state/settled";

static void put(int fd, const char *file)
{
	VNM_ASSERT_INT_EQ_FATAL(vnm_file_replace(fd, file, "x", 1, 0600, (gid_t)-1, VNM_VOLATILE),
				0);
}

/* The names as the store gives them, with a blank behind each. */
static void expect(const struct vnm_store *store, const char *suffix, const char *expected)
{
	char **names, text[200] = "";
	struct vnm_error err = { 0 };
	size_t n;

	VNM_ASSERT_OK_FATAL(vnm_store_names(store, suffix, &names, &n, &err), err);
	for (size_t i = 0; i < n; i++) {
		strncat(text, names[i], sizeof(text) - strlen(text) - 1);
		strncat(text, " ", sizeof(text) - strlen(text) - 1);
	}
	VNM_ASSERT_STR_EQ(text, expected);
	vnm_names_free(names, n);
}

static void make(struct vnm_test_dir *dir)
{
	vnm_test_dir_make(dir);
	put(dir->fd, "b.xml");
	put(dir->fd, "a.xml");
	put(dir->fd, "c.journal");
	put(dir->fd, "lock");
}

/* What others put there meanwhile is not seen: that is what makes them known. */
static void test_known(void)
{
	vnm_autotestdir struct vnm_test_dir dir;
	struct vnm_settled settled = { 0 };
	struct vnm_store store = { -1, "/", VNM_VOLATILE, NULL, &settled };

	make(&dir);
	store.fd = dir.fd;
	CU_ASSERT_FALSE(vnm_leftovers(store.fd, &settled));
	CU_ASSERT(vnm_settled_defined(&settled, "a"));
	CU_ASSERT_FALSE(vnm_settled_defined(&settled, "c"));
	put(store.fd, "d.xml");
	put(store.fd, "d.guard");
	expect(&store, ".xml", "a b ");
	expect(&store, ".journal", "c ");
	expect(&store, ".guard", "d ");
	vnm_settled_clear(&settled);
	expect(&store, ".xml", "a b d ");
}

/* Each way to add or remove a definition. */
static void test_forgotten(void)
{
	int (*const ways[])(const struct vnm_store *, const char *,
			    struct vnm_error *) = { vnm_store_commit, vnm_store_remove,
						    vnm_store_commit_undefine };
	static const char *const left[] = { "a b ", "b ", "a b " };

	for (size_t i = 0; i < 3; i++) {
		vnm_autotestdir struct vnm_test_dir dir;
		struct vnm_settled settled = { 0 };
		struct vnm_store store = { -1, "/", VNM_VOLATILE, NULL, &settled };
		struct vnm_error err = { 0 };

		make(&dir);
		store.fd = dir.fd;
		CU_ASSERT_FALSE(vnm_leftovers(store.fd, &settled));
		if (i == 2)
			put(store.fd, "c.xml");
		VNM_ASSERT_OK(ways[i](&store, i == 2 ? "c" : "a", &err), err);
		CU_ASSERT_FALSE(settled.known);
		expect(&store, ".xml", left[i]);
		vnm_settled_clear(&settled);
	}
}

static void test_leftovers(void)
{
	vnm_autotestdir struct vnm_test_dir dir;
	struct vnm_settled settled = { 0 };
	struct vnm_store store = { -1, "/", VNM_VOLATILE, NULL, &settled };

	make(&dir);
	store.fd = dir.fd;
	put(store.fd, "a.xml.pending");
	CU_ASSERT(vnm_leftovers(store.fd, &settled));
	CU_ASSERT_FALSE(settled.known);
	expect(&store, ".xml", "a b ");
}

/* What a dry run has written is among them, however many there are. */
static void test_shadow(void)
{
	vnm_autotestdir struct vnm_test_dir dir;
	struct vnm_settled settled = { 0 };
	struct vnm_shadow shadow = { 0 };
	struct vnm_store store = { -1, "/", VNM_VOLATILE, &shadow, &settled };

	make(&dir);
	store.fd = dir.fd;
	put(store.fd, "e.xml");
	CU_ASSERT_FALSE(vnm_leftovers(store.fd, &settled));
	vnm_shadow_put(&shadow, "d.xml", "x");
	vnm_shadow_put(&shadow, "f.xml", "x");
	vnm_shadow_put(&shadow, "a.xml", NULL);
	expect(&store, ".xml", "b d e f ");
	vnm_shadow_clear(&shadow);
	vnm_settled_clear(&settled);
}

const struct vnm_test vnm_tests[] = { { "known", test_known },
				      { "forgotten", test_forgotten },
				      { "leftovers", test_leftovers },
				      { "shadow", test_shadow },
				      { 0 } };
