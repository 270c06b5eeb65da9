/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Growing strings and arrays, scope-bound cleanup, and errors that stay on one line. */
#include "runner.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "util/buf.h"
#include "util/error.h"
#include "util/mem.h"

const char vnm_suite[] = "util/buf";

static void test_empty(void)
{
	struct vnm_buf buf = { 0 };
	char *s;

	VNM_ASSERT_STR_EQ(vnm_buf_str(&buf), "");
	s = vnm_buf_steal(&buf);
	VNM_ASSERT_STR_EQ(s, "");
	free(s);
	vnm_buf_add(&buf, "");
	CU_ASSERT_PTR_NOT_NULL_FATAL(buf.data);
	VNM_ASSERT_STR_EQ(buf.data, "");
	vnm_buf_addn(&buf, NULL, 0);
	VNM_ASSERT_INT_EQ(buf.len, 0);
	vnm_buf_clear(&buf);
	vnm_buf_clear(&buf);
	CU_ASSERT_PTR_NULL(buf.data);
}

static void test_grow(void)
{
	vnm_autobuf struct vnm_buf buf = { 0 };

	for (int i = 0; i < 100000; i++) {
		vnm_buf_addc(&buf, (char)('a' + i % 26));
		if (buf.len != (size_t)i + 1 || buf.len >= buf.cap || buf.data[buf.len])
			VNM_ASSERT_INT_EQ(buf.len, i + 1);
	}
	VNM_ASSERT_INT_EQ(strlen(vnm_buf_str(&buf)), 100000);
	VNM_ASSERT_INT_EQ(buf.data[99999], 'a' + 99999 % 26);
}

/* Every length around the sizes at which the buffer grows. */
static void test_printf_boundaries(void)
{
	char text[300], want[300];

	memset(text, 'x', sizeof(text));
	for (int len = 0; len < 290; len++) {
		vnm_autobuf struct vnm_buf buf = { 0 };

		vnm_buf_printf(&buf, "%.*s", len, text);
		VNM_ASSERT_INT_EQ(buf.len, len);
		VNM_ASSERT_INT_EQ(strlen(vnm_buf_str(&buf)), len);
		vnm_buf_printf(&buf, "-%d", len);
		snprintf(want, sizeof(want), "%.*s-%d", len, text, len);
		VNM_ASSERT_STR_EQ(vnm_buf_str(&buf), want);
	}
}

static void test_bytes(void)
{
	vnm_autobuf struct vnm_buf buf = { 0 };

	vnm_buf_addn(&buf, "a\0b", 3);
	vnm_buf_add(&buf, "c");
	VNM_ASSERT_INT_EQ(buf.len, 4);
	CU_ASSERT_EQUAL(memcmp(buf.data, "a\0bc", 5), 0);
}

static void test_steal(void)
{
	struct vnm_buf buf = { 0 };
	vnm_autofree char *s = NULL;

	vnm_buf_add(&buf, "one");
	s = vnm_buf_steal(&buf);
	VNM_ASSERT_STR_EQ(s, "one");
	CU_ASSERT_PTR_NULL(buf.data);
	vnm_buf_add(&buf, "two");
	VNM_ASSERT_STR_EQ(vnm_buf_str(&buf), "two");
	VNM_ASSERT_STR_EQ(s, "one");
	vnm_buf_clear(&buf);
}

static void test_strings(void)
{
	vnm_autofree char *a = vnm_strndup("abc", 2), *b = vnm_strndup("abc", 99),
			  *c = vnm_strdup("");
	vnm_autofree char *d = vnm_asprintf("%s-%d", "x", -7);
	char unended[] = { 'x', 'y' };
	vnm_autofree char *e = vnm_strndup(unended, sizeof(unended));

	VNM_ASSERT_STR_EQ(a, "ab");
	VNM_ASSERT_STR_EQ(b, "abc");
	VNM_ASSERT_STR_EQ(c, "");
	VNM_ASSERT_STR_EQ(d, "x--7");
	VNM_ASSERT_STR_EQ(e, "xy");
	CU_ASSERT_PTR_NULL(vnm_strdup(NULL));
	CU_ASSERT_PTR_NULL(vnm_strndup(NULL, 3));
}

/** struct item - an element whose size is no power of two. */
struct item {
	int v;
	char pad[9];
};

static void test_array(void)
{
	struct item *items = NULL;
	size_t n = 0;

	for (int round = 0; round < 3; round++) {
		for (int i = (int)n; i < 1000; i++) {
			items = vnm_array_add(items, &n, sizeof(*items));
			VNM_ASSERT_INT_EQ_FATAL(n, i + 1);
			VNM_ASSERT_INT_EQ(items[i].v, 0);
			items[i].v = i;
			memset(items[i].pad, 0xff, sizeof(items[i].pad));
		}
		for (int i = 0; i < 1000; i++)
			if (items[i].v != i)
				VNM_ASSERT_INT_EQ(items[i].v, i);
		/* Take some off the end, the last time all of them. */
		n = round == 0 ? 300 : 0;
	}
	free(items);
}

static int by_v(const void *item, const void *key)
{
	return ((const struct item *)item)->v - *(const int *)key;
}

static void test_array_place(void)
{
	const struct item items[] = { { .v = 1 }, { .v = 3 }, { .v = 3 }, { .v = 5 } };
	const size_t expected[] = { 0, 0, 1, 1, 3, 3, 4 };

	for (size_t n = 0; n <= VNM_ARRAY_SIZE(items); n++)
		for (int key = 0; key < (int)VNM_ARRAY_SIZE(expected); key++) {
			size_t place = expected[key] < n ? expected[key] : n;

			VNM_ASSERT_INT_EQ(vnm_array_place(items, n, sizeof(*items), &key, by_v),
					  place);
		}
}

static void test_steal_and_scope(void)
{
	int pipe_fds[2];
	char *kept;

	CU_ASSERT_EQUAL_FATAL(pipe(pipe_fds), 0);
	{
		vnm_autofree char *s = vnm_strdup("kept");
		vnm_autoclose int closed = pipe_fds[1];
		vnm_autoclose int stays = pipe_fds[0];
		vnm_autoclose int none = -1;

		kept = vnm_steal(&s);
		CU_ASSERT_PTR_NULL(s);
		VNM_ASSERT_INT_EQ(vnm_steal_fd(&stays), pipe_fds[0]);
		VNM_ASSERT_INT_EQ(stays, -1);
		VNM_ASSERT_INT_EQ(closed, pipe_fds[1]);
		errno = ENOTTY;
		(void)none;
	}
	VNM_ASSERT_INT_EQ(errno, ENOTTY);
	VNM_ASSERT_INT_EQ(fcntl(pipe_fds[1], F_GETFD), -1);
	CU_ASSERT(fcntl(pipe_fds[0], F_GETFD) >= 0);
	close(pipe_fds[0]);
	VNM_ASSERT_STR_EQ(kept, "kept");
	free(kept);
}

/* In a child: the end of the memory is the end of the process, with one line and status 1. */
static void test_oom(void)
{
	char output[100] = "";
	int status = 0, fds[2];
	pid_t pid;

	CU_ASSERT_EQUAL_FATAL(pipe(fds), 0);
	fflush(NULL);
	pid = fork();
	CU_ASSERT_FATAL(pid >= 0);
	if (pid == 0) {
		dup2(fds[1], STDERR_FILENO);
		vnm_oom();
	}
	close(fds[1]);
	CU_ASSERT(read(fds[0], output, sizeof(output) - 1) > 0);
	close(fds[0]);
	CU_ASSERT_EQUAL(waitpid(pid, &status, 0), pid);
	CU_ASSERT(WIFEXITED(status));
	VNM_ASSERT_INT_EQ(WEXITSTATUS(status), 1);
	VNM_ASSERT_STR_EQ(output, "error: out of memory\n");
}

static void test_error(void)
{
	struct vnm_error err = { 0 };

	VNM_ASSERT_INT_EQ(vnm_error_set(&err, VNM_ERR_NAME_IN_USE, EEXIST, "network '%s'", "x"),
			  -EEXIST);
	VNM_ASSERT_INT_EQ(err.code, VNM_ERR_NAME_IN_USE);
	VNM_ASSERT_INT_EQ(err.sys, EEXIST);
	VNM_ASSERT_STR_EQ(err.msg, "network 'x'");
	VNM_ASSERT_INT_EQ(vnm_error_prefix(&err, "file '%s': ", "y"), -EEXIST);
	VNM_ASSERT_STR_EQ(err.msg, "file 'y': network 'x'");
	VNM_ASSERT_INT_EQ(err.code, VNM_ERR_NAME_IN_USE);
	VNM_ASSERT_INT_EQ(vnm_error_set(&err, VNM_ERR_USAGE, 0, "again: %s", err.msg), -EINVAL);
	VNM_ASSERT_STR_EQ(err.msg, "again: file 'y': network 'x'");
	VNM_ASSERT_INT_EQ(err.sys, 0);
	VNM_ASSERT_INT_EQ(vnm_error_set(NULL, VNM_ERR_USAGE, ENOENT, "nobody listens"), -ENOENT);
}

static void test_error_one_line(void)
{
	struct vnm_error err = { 0 };

	vnm_error_set(&err, VNM_ERR_USAGE, 0, "a%sb", "\n\x1b[31m\x7f\t\xc3\xa4");
	VNM_ASSERT_STR_EQ(err.msg, "a??[31m??\xc3\xa4" "b");
	vnm_error_prefix(&err, "p\r: ");
	VNM_ASSERT_STR_EQ(err.msg, "p?: a??[31m??\xc3\xa4" "b");
}

static void test_error_long(void)
{
	struct vnm_error err = { 0 };
	char text[3 * VNM_ERROR_MAX];

	memset(text, 'x', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	vnm_error_set(&err, VNM_ERR_USAGE, 0, "%s", text);
	VNM_ASSERT_INT_EQ(strlen(err.msg), VNM_ERROR_MAX - 1);
	vnm_error_prefix(&err, "where: ");
	VNM_ASSERT_INT_EQ(strlen(err.msg), VNM_ERROR_MAX - 1);
	CU_ASSERT_EQUAL(strncmp(err.msg, "where: xxx", 10), 0);
	vnm_error_prefix(&err, "%s", text);
	VNM_ASSERT_INT_EQ(strlen(err.msg), VNM_ERROR_MAX - 1);
	CU_ASSERT_PTR_NULL(strstr(err.msg, "where"));
}

/* A prefix makes no error out of none. */
static void test_error_prefix_of_none(void)
{
	struct vnm_error err = { 0 };

	vnm_error_prefix(&err, "x: ");
	VNM_ASSERT_STR_EQ(err.msg, "");
	VNM_ASSERT_INT_EQ(err.code, VNM_ERR_NONE);
	VNM_ASSERT_INT_EQ(vnm_error_prefix(NULL, "x: "), -EINVAL);
}

static void test_notes(void)
{
	struct vnm_warnings notes = { 0 };
	char text[3 * VNM_ERROR_MAX];

	memset(text, 'x', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	for (int i = 0; i < 9; i++)
		vnm_warnings_add(&notes, "note %d", i);
	vnm_warnings_add(&notes, "%s\n", text);
	VNM_ASSERT_INT_EQ_FATAL(notes.n, 10);
	VNM_ASSERT_STR_EQ(notes.items[0], "note 0");
	VNM_ASSERT_STR_EQ(notes.items[8], "note 8");
	VNM_ASSERT_INT_EQ(strlen(notes.items[9]), sizeof(text));
	VNM_ASSERT_INT_EQ(notes.items[9][sizeof(text) - 1], '?');
	vnm_warnings_add_once(&notes, "note 3");
	VNM_ASSERT_INT_EQ(notes.n, 10);
	vnm_warnings_add_once(&notes, "note");
	VNM_ASSERT_INT_EQ_FATAL(notes.n, 11);
	VNM_ASSERT_STR_EQ(notes.items[10], "note");
	vnm_warnings_add_once(NULL, "nobody asks");
	vnm_warnings_clear(&notes);
	VNM_ASSERT_INT_EQ(notes.n, 0);
	vnm_warnings_add(&notes, "again");
	VNM_ASSERT_STR_EQ(notes.items[0], "again");
	vnm_warnings_clear(&notes);
	vnm_warnings_add(NULL, "nobody listens");
}

const struct vnm_test vnm_tests[] = {
	{ "empty", test_empty },
	{ "grow", test_grow },
	{ "printf_boundaries", test_printf_boundaries },
	{ "bytes", test_bytes },
	{ "steal", test_steal },
	{ "strings", test_strings },
	{ "array", test_array },
	{ "array_place", test_array_place },
	{ "steal_and_scope", test_steal_and_scope },
	{ "oom", test_oom },
	{ "error", test_error },
	{ "error_one_line", test_error_one_line },
	{ "error_long", test_error_long },
	{ "error_prefix_of_none", test_error_prefix_of_none },
	{ "notes", test_notes },
	{ 0 },
};
