/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_index.c - the index is trusted only for files that are as they were. */
#include "runner.h"

#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "state/index.h"
#include "util/file.h"
#include "util/mem.h"

const char vnm_suite[] = "state/index";

#define BOOT "11111111-1111-1111-1111-111111111111"
#define OTHER_BOOT "22222222-2222-2222-2222-222222222222"
#define HEAD "vnetmgr-index 1 " BOOT
#define FILES 20

static void write_file(int fd, const char *file, const char *text)
{
	VNM_ASSERT_INT_EQ_FATAL(vnm_file_replace(fd, file, text, strlen(text), 0600, (gid_t)-1,
						 VNM_VOLATILE),
				0);
}

static char *name_of(int i)
{
	return vnm_asprintf("n%02d", i);
}

/* As if it had been written long ago: files that are new get no entry. */
static void put_old(struct vnm_index *index, const char *name, const struct vnm_stamp *now,
		    const char *text)
{
	struct vnm_stamp old = *now;

	old.sec -= 3600;
	vnm_index_put(index, VNM_INDEX_JOURNAL, name, &old, text);
	for (size_t i = 0; i < index->n; i++)
		if (!strcmp(index->items[i].name, name))
			index->items[i].stamp = *now;
}

/* FILES journals that are all known, in an index on disk. */
static void make_index(int fd, struct vnm_index *index)
{
	vnm_index_load(index, fd, BOOT, true);
	for (int i = 0; i < FILES; i++) {
		vnm_autofree char *name = name_of(i), *file = vnm_asprintf("%s.journal", name);
		struct vnm_stamp stamp;

		write_file(fd, file, "state active\n");
		CU_ASSERT_PTR_NULL(vnm_index_find(index, VNM_INDEX_JOURNAL, fd, name, &stamp));
		CU_ASSERT(stamp.ino != 0);
		put_old(index, name, &stamp, name);
	}
	vnm_index_save(index, false);
}

static int known(int fd, const char *boot)
{
	struct vnm_index index;
	struct vnm_stamp stamp;
	int n = 0;

	vnm_index_load(&index, fd, boot, true);
	for (int i = 0; i < FILES; i++) {
		vnm_autofree char *name = name_of(i);
		const char *text = vnm_index_find(&index, VNM_INDEX_JOURNAL, fd, name, &stamp);

		n += text != NULL;
		if (text)
			VNM_ASSERT_STR_EQ(text, name);
	}
	vnm_index_clear(&index);
	return n;
}

static void test_known_as_they_were(void)
{
	vnm_autotestdir struct vnm_test_dir dir;
	struct vnm_index index;

	vnm_test_dir_make(&dir);
	make_index(dir.fd, &index);
	vnm_index_clear(&index);
	VNM_ASSERT_INT_EQ(known(dir.fd, BOOT), FILES);
	VNM_ASSERT_INT_EQ(known(dir.fd, OTHER_BOOT), 0);
	/* What a command that was killed leaves: a state appended, another journal, none. */
	VNM_ASSERT_INT_EQ(vnm_file_append(dir.fd, "n03.journal", "state stopping\n"), 0);
	VNM_ASSERT_INT_EQ(known(dir.fd, BOOT), FILES - 1);
	write_file(dir.fd, "n04.journal", "state active\n");
	VNM_ASSERT_INT_EQ(known(dir.fd, BOOT), FILES - 2);
	VNM_ASSERT_INT_EQ(unlinkat(dir.fd, "n05.journal", 0), 0);
	VNM_ASSERT_INT_EQ(known(dir.fd, BOOT), FILES - 3);
	VNM_ASSERT_INT_EQ(symlinkat("n07.journal", dir.fd, "n05.journal"), 0);
	VNM_ASSERT_INT_EQ(known(dir.fd, BOOT), FILES - 3);
}

/* Written in place by somebody, with as many bytes, and the old time of modification. */
static void test_written_in_place(void)
{
	vnm_autotestdir struct vnm_test_dir dir;
	struct vnm_index index;
	struct stat st;
	int fd;

	vnm_test_dir_make(&dir);
	make_index(dir.fd, &index);
	vnm_index_clear(&index);
	VNM_ASSERT_INT_EQ_FATAL(vnm_stat_at(dir.fd, "n00.journal", &st), 0);
	(void)poll(NULL, 0, 20); /* a tick of the file system's clock, which MIN_AGE stands for */
	fd = openat(dir.fd, "n00.journal", O_WRONLY | O_CLOEXEC);
	VNM_ASSERT_INT_EQ(write(fd, "state actixe\n", 13), 13);
	VNM_ASSERT_INT_EQ(futimens(fd, (const struct timespec[]){ st.st_atim, st.st_mtim }), 0);
	close(fd);
	VNM_ASSERT_INT_EQ(known(dir.fd, BOOT), FILES - 1);
}

static void test_young_files_are_read(void)
{
	vnm_autotestdir struct vnm_test_dir dir;
	struct vnm_index index;
	struct vnm_stamp stamp;

	vnm_test_dir_make(&dir);
	vnm_index_load(&index, dir.fd, BOOT, true);
	write_file(dir.fd, "a.journal", "state active\n");
	CU_ASSERT_PTR_NULL(vnm_index_find(&index, VNM_INDEX_JOURNAL, dir.fd, "a", &stamp));
	vnm_index_put(&index, VNM_INDEX_JOURNAL, "a", &stamp, "");
	VNM_ASSERT_INT_EQ(index.n, 0);
	vnm_index_clear(&index);
}

/* Whatever its text, it is an index of what is sound in it, or an empty one. */
static void test_damaged(void)
{
	static const char *const texts[] = {
		"",
		"\n",
		HEAD,
		"vnetmgr-index 2 " BOOT "\n0 1 1 1 1 n00\t\n",
		HEAD "\n0 1 1 1 1 n00\n",
		HEAD "\n9 1 1 1 1 n00\t\n",
		HEAD "\n0 1 1 x 1 n00\t\n",
		HEAD "\n0 1 1 1 1 n00\t",
		HEAD "\n\t\n",
	};
	vnm_autotestdir struct vnm_test_dir dir;
	struct vnm_index index;

	vnm_test_dir_make(&dir);
	for (size_t i = 0; i < VNM_ARRAY_SIZE(texts); i++) {
		write_file(dir.fd, "index", texts[i]);
		vnm_index_load(&index, dir.fd, BOOT, true);
		VNM_ASSERT_INT_EQ(index.n, 0);
		CU_ASSERT(index.in_use);
		vnm_index_clear(&index);
	}
}

static void use_journals(struct vnm_index *index, int fd)
{
	struct vnm_stamp stamp;

	for (int i = 0; i < FILES; i++) {
		vnm_autofree char *name = name_of(i);

		CU_ASSERT_PTR_NOT_NULL(vnm_index_find(index, VNM_INDEX_JOURNAL, fd, name, &stamp));
	}
}

/* Entries of files that are gone go with them; those of kinds that were not looked at stay. */
static void test_saved(void)
{
	vnm_autotestdir struct vnm_test_dir dir;
	struct vnm_index index;
	struct vnm_stamp stamp = { 1, 1, 1, 1 };

	vnm_test_dir_make(&dir);
	make_index(dir.fd, &index);
	vnm_index_put(&index, VNM_INDEX_LIVE, "a", &stamp, "text");
	vnm_index_clear(&index);
	vnm_index_load(&index, dir.fd, BOOT, true);
	VNM_ASSERT_INT_EQ(index.n, FILES);
	use_journals(&index, dir.fd);
	for (int i = 0; i < FILES; i++) {
		vnm_autofree char *name = name_of(i);

		vnm_index_put(&index, VNM_INDEX_LIVE, name, &stamp, "text");
	}
	vnm_index_save(&index, true);
	vnm_index_clear(&index);
	vnm_index_load(&index, dir.fd, BOOT, true);
	VNM_ASSERT_INT_EQ(index.n, 2 * FILES);
	use_journals(&index, dir.fd);
	for (int i = 0; i < FILES; i++) {
		vnm_autofree char *name = vnm_asprintf("new%02d", i);

		vnm_index_put(&index, VNM_INDEX_LIVE, name, &stamp, "text");
	}
	vnm_index_save(&index, true);
	vnm_index_clear(&index);
	vnm_index_load(&index, dir.fd, BOOT, true);
	VNM_ASSERT_INT_EQ(index.n, 2 * FILES);
	vnm_index_drop(&index);
	CU_ASSERT(faccessat(dir.fd, "index", F_OK, 0) < 0);
	vnm_index_clear(&index);
}

/* By a command that only reads, and without active networks. */
static void test_not_saved(void)
{
	vnm_autotestdir struct vnm_test_dir dir;
	struct vnm_stamp stamp = { 1, 1, 1, 1 };
	struct vnm_index index;

	vnm_test_dir_make(&dir);
	for (int kind = 0; kind < VNM_INDEX_KINDS; kind++) {
		vnm_index_load(&index, dir.fd, BOOT, kind != VNM_INDEX_JOURNAL);
		for (int i = 0; i < FILES; i++) {
			vnm_autofree char *name = name_of(i);

			vnm_index_put(&index, (enum vnm_index_kind)kind, name, &stamp, "text");
		}
		VNM_ASSERT_INT_EQ(index.n, FILES);
		vnm_index_save(&index, kind != VNM_INDEX_JOURNAL);
		CU_ASSERT(faccessat(dir.fd, "index", F_OK, 0) < 0);
		vnm_index_clear(&index);
	}
}

const struct vnm_test vnm_tests[] = { { "known_as_they_were", test_known_as_they_were },
				      { "written_in_place", test_written_in_place },
				      { "young_files_are_read", test_young_files_are_read },
				      { "damaged", test_damaged },
				      { "saved", test_saved },
				      { "not_saved", test_not_saved },
				      { 0 } };
