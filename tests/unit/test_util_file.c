/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files replaced whole with exact modes, directories that nobody else can write to. */
#include "runner.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "util/dir.h"
#include "util/file.h"
#include "util/mem.h"

const char vnm_suite[] = "util/file";

#define NO_GROUP ((gid_t)-1)

static unsigned mode_of(int dirfd, const char *name)
{
	struct stat st = { 0 };

	VNM_ASSERT_INT_EQ(fstatat(dirfd, name, &st, AT_SYMLINK_NOFOLLOW), 0);
	return st.st_mode & 07777;
}

static void check_content(int dirfd, const char *name, const char *should)
{
	vnm_autofree char *text = NULL;

	VNM_ASSERT_INT_EQ(vnm_file_read(dirfd, name, 1 << 20, &text, NULL), 0);
	VNM_ASSERT_STR_EQ(text, should);
}

static int count_entries(int dirfd)
{
	DIR *dir = fdopendir(openat(dirfd, ".", O_RDONLY | O_DIRECTORY));
	int n = -2;

	CU_ASSERT_PTR_NOT_NULL_FATAL(dir);
	while (readdir(dir))
		n++;
	closedir(dir);
	return n;
}

static void put(int dirfd, const char *name, const char *text)
{
	VNM_ASSERT_INT_EQ_FATAL(
		vnm_file_replace(dirfd, name, text, strlen(text), 0600, NO_GROUP, VNM_VOLATILE), 0);
}

static void test_replace(void)
{
	static const mode_t modes[] = { 0600, 0640, 0644, 0660, 0400 };
	static const mode_t umasks[] = { 0, 022, 077, 0777 };
	vnm_autotestdir struct vnm_test_dir d;

	vnm_test_dir_make(&d);
	for (size_t i = 0; i < VNM_ARRAY_SIZE(umasks); i++) {
		mode_t old = umask(umasks[i]);

		for (size_t j = 0; j < VNM_ARRAY_SIZE(modes); j++) {
			VNM_ASSERT_INT_EQ(vnm_file_replace(d.fd, "f", "new", 3, modes[j], NO_GROUP,
							   j % 2 ? VNM_DURABLE : VNM_VOLATILE), 0);
			VNM_ASSERT_INT_EQ(mode_of(d.fd, "f"), modes[j]);
			check_content(d.fd, "f", "new");
		}
		umask(old);
	}
	VNM_ASSERT_INT_EQ(vnm_file_replace(d.fd, "f", "", 0, 0600, getgid(), VNM_VOLATILE), 0);
	check_content(d.fd, "f", "");
	VNM_ASSERT_INT_EQ(count_entries(d.fd), 1);
}

static void test_replace_group(void)
{
	vnm_autotestdir struct vnm_test_dir d;
	gid_t gids[64] = { 0 };
	struct stat st = { 0 };
	int n = getgroups(64, gids);
	gid_t gid = geteuid() == 0 ? 4711 : n > 0 ? gids[n - 1] : getgid();

	vnm_test_dir_make(&d);
	VNM_ASSERT_INT_EQ(vnm_file_replace(d.fd, "f", "x", 1, 02640, gid, VNM_VOLATILE), 0);
	VNM_ASSERT_INT_EQ(fstatat(d.fd, "f", &st, 0), 0);
	VNM_ASSERT_INT_EQ(st.st_gid, gid);
	VNM_ASSERT_INT_EQ(st.st_mode & 07777, 02640);
}

/* The link itself gives way; what it points to is not touched. */
static void test_replace_symlink(void)
{
	vnm_autotestdir struct vnm_test_dir d;
	struct stat st = { 0 };

	vnm_test_dir_make(&d);
	put(d.fd, "victim", "untouched");
	VNM_ASSERT_INT_EQ(symlinkat("victim", d.fd, "f"), 0);
	put(d.fd, "f", "new");
	VNM_ASSERT_INT_EQ(fstatat(d.fd, "f", &st, AT_SYMLINK_NOFOLLOW), 0);
	CU_ASSERT(S_ISREG(st.st_mode));
	check_content(d.fd, "victim", "untouched");
	check_content(d.fd, "f", "new");
}

/* Lets files grow to @bytes only; writes beyond that are short, and then fail. */
static void limit_file_size(rlim_t bytes)
{
	struct rlimit limit;

	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &limit);
	limit.rlim_cur = bytes;
	setrlimit(RLIMIT_FSIZE, &limit);
}

static void unlimit_file_size(void)
{
	struct rlimit limit;

	getrlimit(RLIMIT_FSIZE, &limit);
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_FSIZE, &limit);
	signal(SIGXFSZ, SIG_DFL);
}

static void test_replace_failures(void)
{
	vnm_autotestdir struct vnm_test_dir d;
	char name[300], text[1000];

	vnm_test_dir_make(&d);
	memset(name, 'n', sizeof(name));
	name[NAME_MAX - 5] = '\0';
	memset(text, 'x', sizeof(text));
	put(d.fd, "f", "old");
	VNM_ASSERT_INT_EQ(mkdirat(d.fd, "dir", 0700), 0);

	VNM_ASSERT_INT_EQ(vnm_file_replace(d.fd, "dir", "x", 1, 0600, NO_GROUP, VNM_VOLATILE),
			  -EISDIR);
	VNM_ASSERT_INT_EQ(vnm_file_replace(d.fd, name, "x", 1, 0600, NO_GROUP, VNM_VOLATILE),
			  -ENAMETOOLONG);
	VNM_ASSERT_INT_EQ(vnm_file_replace(d.fd, "no/f", "x", 1, 0600, NO_GROUP, VNM_VOLATILE),
			  -ENOENT);
	VNM_ASSERT_INT_EQ(vnm_file_replace(-2, "f", "x", 1, 0600, NO_GROUP, VNM_VOLATILE), -EBADF);
	/* Nothing is in a directory that is not there. */
	VNM_ASSERT_INT_EQ(vnm_open(VNM_DIR_ABSENT, "f", O_RDONLY, 0), -ENOENT);
	VNM_ASSERT_INT_EQ(vnm_stat_at(VNM_DIR_ABSENT, "f", &(struct stat){ 0 }), -ENOENT);
	limit_file_size(100);
	VNM_ASSERT_INT_EQ(vnm_file_replace(d.fd, "f", text, sizeof(text), 0600, NO_GROUP,
					   VNM_DURABLE),
			  -EFBIG);
	unlimit_file_size();
	check_content(d.fd, "f", "old");
	VNM_ASSERT_INT_EQ(count_entries(d.fd), 2);
}

static void test_read(void)
{
	vnm_autotestdir struct vnm_test_dir d;
	vnm_autofree char *text = NULL, *big = NULL;
	const size_t large = 100001;
	size_t len = 77;

	vnm_test_dir_make(&d);
	VNM_ASSERT_INT_EQ(vnm_file_read(d.fd, "none", 10, &text, &len), -ENOENT);
	put(d.fd, "f", "12345");
	VNM_ASSERT_INT_EQ(vnm_file_read(d.fd, "f", 4, &text, &len), -EFBIG);
	CU_ASSERT_PTR_NULL(text);
	VNM_ASSERT_INT_EQ(len, 77);
	VNM_ASSERT_INT_EQ(vnm_file_read(d.fd, "f", 5, &text, &len), 0);
	VNM_ASSERT_STR_EQ(text, "12345");
	VNM_ASSERT_INT_EQ(len, 5);

	big = vnm_alloc(large + 1);
	memset(big, 'b', large);
	put(d.fd, "big", big);
	check_content(d.fd, "big", big);
}

/* Files of /proc report no size, and have more than one page. */
static void test_read_without_size(void)
{
	vnm_autofree char *text = NULL;
	size_t len = 0;

	VNM_ASSERT_INT_EQ(vnm_file_read(AT_FDCWD, "/proc/self/smaps", 1 << 28, &text, &len), 0);
	CU_ASSERT(len > 4097);
	VNM_ASSERT_INT_EQ(strlen(text), len);
	VNM_ASSERT_INT_EQ(vnm_file_read(AT_FDCWD, "/proc/self/smaps", 5000, &text, &len), -EFBIG);
}

static void test_read_nul(void)
{
	vnm_autotestdir struct vnm_test_dir d;
	vnm_autofree char *text = NULL;
	size_t len = 0;

	vnm_test_dir_make(&d);
	VNM_ASSERT_INT_EQ(vnm_file_replace(d.fd, "f", "a\0b", 3, 0600, NO_GROUP, VNM_VOLATILE), 0);
	VNM_ASSERT_INT_EQ(vnm_file_read(d.fd, "f", 10, &text, NULL), -EILSEQ);
	VNM_ASSERT_INT_EQ(vnm_file_read(d.fd, "f", 10, &text, &len), 0);
	VNM_ASSERT_INT_EQ(len, 3);
	CU_ASSERT_EQUAL(memcmp(text, "a\0b", 4), 0);
}

static void test_read_others(void)
{
	vnm_autotestdir struct vnm_test_dir d;
	char *text = NULL;

	vnm_test_dir_make(&d);
	put(d.fd, "f", "x");
	VNM_ASSERT_INT_EQ(symlinkat("f", d.fd, "link"), 0);
	VNM_ASSERT_INT_EQ(mkfifoat(d.fd, "fifo", 0600), 0);
	VNM_ASSERT_INT_EQ(mkdirat(d.fd, "dir", 0700), 0);
	VNM_ASSERT_INT_EQ(vnm_file_read(d.fd, "link", 10, &text, NULL), -ELOOP);
	VNM_ASSERT_INT_EQ(vnm_file_read(d.fd, "fifo", 10, &text, NULL), -EINVAL);
	VNM_ASSERT_INT_EQ(vnm_file_read(d.fd, "dir", 10, &text, NULL), -EISDIR);
	VNM_ASSERT_INT_EQ(vnm_file_append(d.fd, "link", "y\n"), -ELOOP);
	VNM_ASSERT_INT_EQ(vnm_file_append(d.fd, "none", "y\n"), -ENOENT);
	VNM_ASSERT_INT_EQ(vnm_file_append(d.fd, "fifo", "y\n"), -ENXIO);
	CU_ASSERT_PTR_NULL(text);
	check_content(d.fd, "f", "x");
}

static void test_append(void)
{
	vnm_autotestdir struct vnm_test_dir d;

	vnm_test_dir_make(&d);
	put(d.fd, "f", "one\n");
	VNM_ASSERT_INT_EQ(vnm_file_append(d.fd, "f", "two\n"), 0);
	VNM_ASSERT_INT_EQ(vnm_file_append(d.fd, "f", ""), 0);
	check_content(d.fd, "f", "one\ntwo\n");
	limit_file_size(10);
	VNM_ASSERT_INT_EQ(vnm_file_append(d.fd, "f", "three\n"), -ENOSPC);
	unlimit_file_size();
	check_content(d.fd, "f", "one\ntwo\n");
}

static void test_unlink(void)
{
	vnm_autotestdir struct vnm_test_dir d;

	vnm_test_dir_make(&d);
	put(d.fd, "f", "x");
	VNM_ASSERT_INT_EQ(symlinkat("f", d.fd, "link"), 0);
	VNM_ASSERT_INT_EQ(vnm_file_unlink(d.fd, "link", VNM_DURABLE), 0);
	check_content(d.fd, "f", "x");
	VNM_ASSERT_INT_EQ(vnm_file_unlink(d.fd, "f", VNM_VOLATILE), 0);
	VNM_ASSERT_INT_EQ(vnm_file_unlink(d.fd, "f", VNM_DURABLE), 0);
	VNM_ASSERT_INT_EQ(mkdirat(d.fd, "dir", 0700), 0);
	VNM_ASSERT_INT_EQ(vnm_file_unlink(d.fd, "dir", VNM_VOLATILE), -EISDIR);
	VNM_ASSERT_INT_EQ(count_entries(d.fd), 1);
}

static void test_sweep(void)
{
	static const char *const keep[] = {
		"f", ".f", "f.new", ".new", ".f.new", "..abcdef.new", "f.abcdef.new",
		".f.abcdef.newer", ".f.abcdefg.new", ".f.abcde.new",
	};
	static const char *const go[] = { ".f.abcdef.new", ".f.xml.012345.new",
					  ".a.b.c.aaaaaa.new" };
	vnm_autotestdir struct vnm_test_dir d;

	vnm_test_dir_make(&d);
	for (size_t i = 0; i < VNM_ARRAY_SIZE(keep); i++)
		put(d.fd, keep[i], "x");
	for (size_t i = 0; i < VNM_ARRAY_SIZE(go); i++)
		put(d.fd, go[i], "x");
	/* Of one file only. */
	VNM_ASSERT_INT_EQ(vnm_file_sweep_temp_of(d.fd, "f.x"), 0);
	VNM_ASSERT_INT_EQ(count_entries(d.fd), VNM_ARRAY_SIZE(keep) + VNM_ARRAY_SIZE(go));
	VNM_ASSERT_INT_EQ(vnm_file_sweep_temp_of(d.fd, "f"), 0);
	VNM_ASSERT_INT_EQ(count_entries(d.fd), VNM_ARRAY_SIZE(keep) + VNM_ARRAY_SIZE(go) - 1);
	VNM_ASSERT_INT_EQ(vnm_file_sweep_temp(d.fd), 0);
	for (size_t i = 0; i < VNM_ARRAY_SIZE(keep); i++)
		check_content(d.fd, keep[i], "x");
	VNM_ASSERT_INT_EQ(count_entries(d.fd), VNM_ARRAY_SIZE(keep));
	VNM_ASSERT_INT_EQ(vnm_file_sweep_temp(d.fd), 0);
	VNM_ASSERT_INT_EQ(vnm_file_sweep_temp(-2), -EBADF);
}

/* A writer killed anywhere leaves the old content and, at most, a file that the sweep deletes. */
static void test_replace_killed(void)
{
	vnm_autotestdir struct vnm_test_dir d;
	int status = 0;
	pid_t pid;

	vnm_test_dir_make(&d);
	put(d.fd, "f", "old");
	fflush(NULL);
	pid = fork();
	CU_ASSERT_FATAL(pid >= 0);
	if (pid == 0) {
		struct rlimit limit = { .rlim_cur = 2, .rlim_max = 2 };

		/* SIGXFSZ, in the middle of the write, is deadly here. */
		setrlimit(RLIMIT_FSIZE, &limit);
		limit = (struct rlimit){ 0 };
		setrlimit(RLIMIT_CORE, &limit);
		_exit(vnm_file_replace(d.fd, "f", "fresh", 5, 0600, NO_GROUP, VNM_DURABLE) ? 1 : 0);
	}
	VNM_ASSERT_INT_EQ(waitpid(pid, &status, 0), pid);
	CU_ASSERT(WIFSIGNALED(status));
	check_content(d.fd, "f", "old");
	VNM_ASSERT_INT_EQ(count_entries(d.fd), 2);
	VNM_ASSERT_INT_EQ(vnm_file_sweep_temp(d.fd), 0);
	VNM_ASSERT_INT_EQ(count_entries(d.fd), 1);
}

static void test_dir_remove(void)
{
	vnm_autotestdir struct vnm_test_dir d;
	int sub;

	vnm_test_dir_make(&d);
	VNM_ASSERT_INT_EQ(vnm_dir_remove(d.fd, "none"), 0);
	VNM_ASSERT_INT_EQ(mkdirat(d.fd, "dir", 0700), 0);
	sub = openat(d.fd, "dir", O_RDONLY | O_DIRECTORY);
	put(sub, "a", "x");
	put(sub, ".b", "x");
	VNM_ASSERT_INT_EQ(symlinkat("../keep", sub, "link"), 0);
	VNM_ASSERT_INT_EQ(mkdirat(d.fd, "keep", 0700), 0);
	VNM_ASSERT_INT_EQ(symlinkat("keep", d.fd, "dirlink"), 0);
	VNM_ASSERT_INT_EQ(vnm_dir_remove(d.fd, "dir"), 0);
	VNM_ASSERT_INT_EQ(faccessat(d.fd, "dir", F_OK, 0), -1);
	CU_ASSERT(vnm_dir_remove(d.fd, "dirlink") < 0);
	VNM_ASSERT_INT_EQ(count_entries(d.fd), 2);
	close(sub);

	VNM_ASSERT_INT_EQ(mkdirat(d.fd, "keep/inner", 0700), 0);
	CU_ASSERT(vnm_dir_remove(d.fd, "keep") < 0);
	VNM_ASSERT_INT_EQ(faccessat(d.fd, "keep/inner", F_OK, 0), 0);
}

/* What vnm_dir_open() returns for @dir/@name; the descriptor is closed again. */
static int try_dir(const struct vnm_test_dir *dir, const char *name, mode_t mode,
		   struct vnm_error *err)
{
	vnm_autofree char *path = vnm_asprintf("%s/%s", dir->path, name);
	int fd;

	*err = (struct vnm_error){ 0 };
	fd = vnm_dir_open(path, mode, err);
	if (fd < 0) {
		/* The message must name the directory. */
		CU_ASSERT_PTR_NOT_NULL(strstr(err->msg, dir->path));
		return fd;
	}
	CU_ASSERT(fcntl(fd, F_GETFD) & FD_CLOEXEC);
	close(fd);
	return 0;
}

static void test_dir_open(void)
{
	static const mode_t umasks[] = { 0, 077, 0777 };
	vnm_autotestdir struct vnm_test_dir d;
	struct vnm_error err;

	vnm_test_dir_make(&d);
	for (size_t i = 0; i < VNM_ARRAY_SIZE(umasks); i++) {
		vnm_autofree char *top = vnm_asprintf("top%zu", i);
		vnm_autofree char *mid = vnm_asprintf("top%zu/mid", i);
		vnm_autofree char *end = vnm_asprintf("top%zu/mid/end", i);
		mode_t old = umask(umasks[i]);

		VNM_ASSERT_INT_EQ(try_dir(&d, end, 0700, &err), 0);
		umask(old);
		VNM_ASSERT_INT_EQ(mode_of(d.fd, top), 0755);
		VNM_ASSERT_INT_EQ(mode_of(d.fd, mid), 0755);
		VNM_ASSERT_INT_EQ(mode_of(d.fd, end), 0700);
	}
	VNM_ASSERT_INT_EQ(try_dir(&d, "top0//mid///end//", 0755, &err), 0);
	VNM_ASSERT_INT_EQ(mode_of(d.fd, "top0/mid/end"), 0700);
	VNM_ASSERT_INT_EQ(count_entries(d.fd), 3);
}

static void test_dir_refused(void)
{
	vnm_autotestdir struct vnm_test_dir d;
	struct vnm_error err;

	vnm_test_dir_make(&d);
	VNM_ASSERT_INT_EQ(mkdirat(d.fd, "dir", 0700), 0);
	VNM_ASSERT_INT_EQ(symlinkat("dir", d.fd, "link"), 0);
	VNM_ASSERT_INT_EQ(symlinkat("gone", d.fd, "dangling"), 0);
	put(d.fd, "file", "x");

	VNM_ASSERT_INT_EQ(try_dir(&d, "link", 0700, &err), -ELOOP);
	VNM_ASSERT_INT_EQ(err.code, VNM_ERR_STATE);
	VNM_ASSERT_INT_EQ(try_dir(&d, "link/", 0700, &err), -ELOOP);
	VNM_ASSERT_INT_EQ(try_dir(&d, "dangling", 0700, &err), -ELOOP);
	VNM_ASSERT_INT_EQ(try_dir(&d, "file", 0700, &err), -ENOTDIR);
	VNM_ASSERT_INT_EQ(try_dir(&d, "file/below", 0700, &err), -ENOTDIR);
	/* A symlink above the last component is the administrator's business. */
	VNM_ASSERT_INT_EQ(try_dir(&d, "link/below", 0700, &err), 0);
	VNM_ASSERT_INT_EQ(count_entries(d.fd), 4);
}

static void test_dir_writable_for_others(void)
{
	static const mode_t bad[] = { 0720, 0702, 0770, 0777, 01777 };
	static const mode_t good[] = { 0700, 0755, 0711, 0750 };
	vnm_autotestdir struct vnm_test_dir d;
	struct vnm_error err;

	vnm_test_dir_make(&d);
	VNM_ASSERT_INT_EQ(mkdirat(d.fd, "dir", 0700), 0);
	for (size_t i = 0; i < VNM_ARRAY_SIZE(bad); i++) {
		VNM_ASSERT_INT_EQ(fchmodat(d.fd, "dir", bad[i], 0), 0);
		VNM_ASSERT_INT_EQ(try_dir(&d, "dir", 0700, &err), -EPERM);
		VNM_ASSERT_INT_EQ(err.code, VNM_ERR_STATE);
		CU_ASSERT_PTR_NOT_NULL(strstr(err.msg, "chmod go-w"));
		VNM_ASSERT_INT_EQ(mode_of(d.fd, "dir"), bad[i]);
	}
	for (size_t i = 0; i < VNM_ARRAY_SIZE(good); i++) {
		VNM_ASSERT_INT_EQ(fchmodat(d.fd, "dir", good[i], 0), 0);
		VNM_ASSERT_INT_EQ(try_dir(&d, "dir", 0700, &err), 0);
		VNM_ASSERT_INT_EQ(mode_of(d.fd, "dir"), good[i]);
	}
}

/* Root can give a directory away; anybody else finds "/" to be somebody else's. */
static void test_dir_of_another_user(void)
{
	vnm_autotestdir struct vnm_test_dir d;
	struct vnm_error err = { 0 };

	vnm_test_dir_make(&d);
	if (geteuid() != 0) {
		VNM_ASSERT_INT_EQ(vnm_dir_open("/", 0755, &err), -EPERM);
		VNM_ASSERT_INT_EQ(err.code, VNM_ERR_STATE);
		return;
	}
	VNM_ASSERT_INT_EQ(mkdirat(d.fd, "dir", 0700), 0);
	VNM_ASSERT_INT_EQ(fchownat(d.fd, "dir", 4711, (gid_t)-1, 0), 0);
	VNM_ASSERT_INT_EQ(try_dir(&d, "dir", 0700, &err), -EPERM);
	VNM_ASSERT_INT_EQ(err.code, VNM_ERR_STATE);
	CU_ASSERT_PTR_NOT_NULL(strstr(err.msg, "4711"));
}

/* What is above a directory of ours, up to the one that somebody chose. */
static void test_dir_check_below(void)
{
	vnm_autotestdir struct vnm_test_dir d;
	vnm_autofree char *path = NULL, *slashes = NULL;
	struct vnm_error err = { 0 };

	vnm_test_dir_make(&d);
	path = vnm_asprintf("%s/a/b/c", d.path);
	slashes = vnm_asprintf("%s////////////////////", d.path);
	VNM_ASSERT_OK(vnm_dir_check_below(d.path, path, &err), err);
	VNM_ASSERT_INT_EQ(mkdirat(d.fd, "a", 0755), 0);
	VNM_ASSERT_INT_EQ(mkdirat(d.fd, "a/b", 0755), 0);
	VNM_ASSERT_OK(vnm_dir_check_below(d.path, path, &err), err);
	VNM_ASSERT_INT_EQ(fchmodat(d.fd, "a/b", 01777, 0), 0);
	VNM_ASSERT_OK(vnm_dir_check_below(d.path, path, &err), err);
	VNM_ASSERT_INT_EQ(fchmodat(d.fd, "a/b", 0775, 0), 0);
	VNM_ASSERT_INT_EQ(vnm_dir_check_below(d.path, path, &err), -EPERM);
	VNM_ASSERT_INT_EQ(vnm_dir_check_below(slashes, path, &err), -EPERM);
	VNM_ASSERT_INT_EQ(err.code, VNM_ERR_STATE);
	VNM_ASSERT_INT_EQ(fchmodat(d.fd, "a/b", 0755, 0), 0);
	if (geteuid() != 0)
		return;
	VNM_ASSERT_INT_EQ(fchownat(d.fd, "a", 4711, (gid_t)-1, 0), 0);
	VNM_ASSERT_INT_EQ(vnm_dir_check_below(d.path, path, &err), -EPERM);
	CU_ASSERT_PTR_NOT_NULL(strstr(err.msg, "/a' belongs to user 4711"));
	/* Where it begins is the caller's affair. */
	VNM_ASSERT_INT_EQ(fchownat(d.fd, "a", 0, (gid_t)-1, 0), 0);
	VNM_ASSERT_INT_EQ(fchown(d.fd, 4711, (gid_t)-1), 0);
	VNM_ASSERT_OK(vnm_dir_check_below(d.path, path, &err), err);
	VNM_ASSERT_INT_EQ(fchown(d.fd, 0, (gid_t)-1), 0);
}

static void test_dir_openat(void)
{
	gid_t gid = geteuid() == 0 ? 4711 : getgid();
	vnm_autotestdir struct vnm_test_dir d;
	struct vnm_error err = { 0 };
	struct stat st = { 0 };
	mode_t old = umask(077);
	int fd;

	vnm_test_dir_make(&d);
	fd = vnm_dir_openat(d.fd, "dir", 02770, gid, &err);
	umask(old);
	VNM_ASSERT_OK_FATAL(fd, err);
	VNM_ASSERT_INT_EQ(fstat(fd, &st), 0);
	VNM_ASSERT_INT_EQ(st.st_gid, gid);
	VNM_ASSERT_INT_EQ(st.st_mode & 07777, 02770);
	close(fd);

	/* Writable for the group was asked for above; here it is not. */
	VNM_ASSERT_INT_EQ(vnm_dir_openat(d.fd, "dir", 0750, gid, &err), -EPERM);
	CU_ASSERT_PTR_NOT_NULL(strstr(err.msg, d.path));
	VNM_ASSERT_INT_EQ(vnm_dir_openat(d.fd, "a/b", 0750, gid, &err), -ENOENT);
}

static void test_proc(void)
{
	vnm_autotestdir struct vnm_test_dir d;
	vnm_autofree char *path = NULL;
	char buf[8];

	vnm_test_dir_make(&d);
	path = vnm_asprintf("%s/f", d.path);
	VNM_ASSERT_INT_EQ(vnm_proc_write(path, "1"), -ENOENT);
	VNM_ASSERT_INT_EQ(vnm_proc_read(path, buf, sizeof(buf)), -ENOENT);
	put(d.fd, "f", "");
	VNM_ASSERT_INT_EQ(vnm_proc_read(path, buf, sizeof(buf)), 0);
	VNM_ASSERT_STR_EQ(buf, "");
	VNM_ASSERT_INT_EQ(vnm_proc_write(path, "1234567"), 0);
	VNM_ASSERT_INT_EQ(vnm_proc_read(path, buf, sizeof(buf)), 0);
	VNM_ASSERT_STR_EQ(buf, "1234567");
	put(d.fd, "f", "1234567\n");
	VNM_ASSERT_INT_EQ(vnm_proc_read(path, buf, sizeof(buf)), 0);
	VNM_ASSERT_STR_EQ(buf, "1234567");
	put(d.fd, "f", "12345678");
	VNM_ASSERT_INT_EQ(vnm_proc_read(path, buf, sizeof(buf)), -EOVERFLOW);
	put(d.fd, "f", "one\ntwo and more\n");
	VNM_ASSERT_INT_EQ(vnm_proc_read(path, buf, sizeof(buf)), 0);
	VNM_ASSERT_STR_EQ(buf, "one");
	VNM_ASSERT_INT_EQ(vnm_proc_write("/proc/version", "x") < 0, 1);
}

const struct vnm_test vnm_tests[] = {
	{ "replace", test_replace },
	{ "replace_group", test_replace_group },
	{ "replace_symlink", test_replace_symlink },
	{ "replace_failures", test_replace_failures },
	{ "replace_killed", test_replace_killed },
	{ "read", test_read },
	{ "read_without_size", test_read_without_size },
	{ "read_nul", test_read_nul },
	{ "read_others", test_read_others },
	{ "append", test_append },
	{ "unlink", test_unlink },
	{ "sweep", test_sweep },
	{ "dir_remove", test_dir_remove },
	{ "dir_open", test_dir_open },
	{ "dir_refused", test_dir_refused },
	{ "dir_writable_for_others", test_dir_writable_for_others },
	{ "dir_of_another_user", test_dir_of_another_user },
	{ "dir_check_below", test_dir_check_below },
	{ "dir_openat", test_dir_openat },
	{ "proc", test_proc },
	{ 0 },
};
