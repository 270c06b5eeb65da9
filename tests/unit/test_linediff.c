/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_linediff.c - two texts, line by line: the diff applied to one gives the other, is as short as it can be,
 * and is what diff -U3 prints.
 */
#include "runner.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "util/child.h"
#include "util/file.h"
#include "util/linediff.h"
#include "util/mem.h"

const char vnm_suite[] = "linediff";

#define PAIRS 400
#define WAIT_MS 60000

static void fixed(void)
{
	static const struct {
		const char *old, *new, *diff;
	} cases[] = {
		{ "", "", "" },
		{ "a\nb\n", "a\nb\n", "" },
		{ "", "a\n", "@@ -0,0 +1 @@\n+a\n" },
		{ "a\nb\n", "", "@@ -1,2 +0,0 @@\n-a\n-b\n" },
		{ "a\n", "b\n", "@@ -1 +1 @@\n-a\n+b\n" },
		{ "a\nb\n", "a\nx\nb\n", "@@ -1,2 +1,3 @@\n a\n+x\n b\n" },
		{ "1\n2\n3\n4\n5\n6\n7\n8\n", "1\n2\n3\n4\n5\n6\n7\n8\n9\n",
		  "@@ -6,3 +6,4 @@\n 6\n 7\n 8\n+9\n" },
		/* Six lines between two changes are shown, of seven the one in the middle is not. */
		{ "a\n1\n2\n3\n4\n5\n6\nb\n", "A\n1\n2\n3\n4\n5\n6\nB\n",
		  "@@ -1,8 +1,8 @@\n-a\n+A\n 1\n 2\n 3\n 4\n 5\n 6\n-b\n+B\n" },
		{ "a\n1\n2\n3\n4\n5\n6\n7\nb\n", "A\n1\n2\n3\n4\n5\n6\n7\nB\n",
		  "@@ -1,4 +1,4 @@\n-a\n+A\n 1\n 2\n 3\n@@ -6,4 +6,4 @@\n 5\n 6\n 7\n-b\n+B\n" },
	};

	for (size_t i = 0; i < VNM_ARRAY_SIZE(cases); i++) {
		vnm_autobuf struct vnm_buf out = { 0 };

		VNM_ASSERT_INT_EQ(vnm_linediff(cases[i].old, cases[i].new, &out),
				  cases[i].diff[0] != '\0');
		VNM_ASSERT_STR_EQ(vnm_buf_str(&out), cases[i].diff);
	}
}

/* ---- generated pairs ---- */

/* The same pairs at every run. */
static unsigned next(unsigned *state, unsigned below)
{
	*state = *state * 1103515245u + 12345u;
	return (*state >> 16) % below;
}

/* A text, and the same after some edits. @words: of how many different lines it is made; 0: all are different. */
static void make_pair(unsigned *state, unsigned words, struct vnm_buf *old, struct vnm_buf *new)
{
	unsigned n = next(state, 60), rate = 2 + next(state, 20);

	for (unsigned i = 0; i < n; i++) {
		unsigned what = next(state, rate), line = words ? next(state, words) : i;

		if (what != 0)
			vnm_buf_printf(old, "line %u\n", line);
		if (what != 1)
			vnm_buf_printf(new, "line %u\n", line);
	}
}

/* The line that begins at @at, NULL at the end; @len: its bytes without the newline; @at goes on. */
static const char *take_line(const char **at, size_t *len)
{
	const char *line = *at;

	*len = strcspn(line, "\n");
	*at += *len + (line[*len] == '\n');
	return *line ? line : NULL;
}

static void copy_lines(const char **from, unsigned n, struct vnm_buf *out)
{
	size_t len;

	for (const char *line; n-- > 0 && (line = take_line(from, &len));) {
		vnm_buf_addn(out, line, len);
		vnm_buf_addc(out, '\n');
	}
}

/* What patch does; what stays and what goes must be where the head of the hunk has it. */
static void apply(const char *old, const char *diff, struct vnm_buf *out)
{
	unsigned at = 1, first;
	size_t len;

	for (const char *line; (line = take_line(&diff, &len));) {
		if (sscanf(line, "@@ -%u", &first) == 1) {
			/* An empty range is given by the line before it. */
			if (first > at)
				copy_lines(&old, first - at, out);
			at = first > at ? first : at;
			continue;
		}
		if (*line != '+') {
			CU_ASSERT_FATAL(!strncmp(old, line + 1, len));
			old += len;
			at++;
		}
		if (*line != '-')
			vnm_buf_addn(out, line + 1, len);
	}
	copy_lines(&old, UINT_MAX, out);
}

static unsigned count_changes(const char *diff)
{
	unsigned n = 0;
	size_t len;

	for (const char *line; (line = take_line(&diff, &len));)
		n += *line == '+' || *line == '-';
	return n;
}

static void write_text(const struct vnm_test_dir *dir, const char *what, unsigned i,
		       const struct vnm_buf *text)
{
	vnm_autofree char *name = vnm_asprintf("%s.%u", what, i);

	VNM_ASSERT_INT_EQ_FATAL(vnm_file_replace(dir->fd, name, vnm_buf_str(text), text->len, 0600,
						 (gid_t)-1, VNM_VOLATILE),
				0);
}

/* diff of diffutils, of all pairs at once: old.1 and new.1 become diff.1. */
static void run_diff(const struct vnm_test_dir *dir)
{
	vnm_autofree char *script =
		vnm_asprintf("cd '%s' && for f in old.*; do n=${f#old.}; "
			     "diff -d -U3 old.$n new.$n | tail -n +3 >diff.$n; done",
			     dir->path);
	const char *const argv[] = { "/bin/sh", "-c", script, NULL };
	const struct vnm_child_setup setup = { argv, NULL, -1, true };
	vnm_autochild struct vnm_child child = VNM_CHILD_INIT;
	struct vnm_child_end end = { 0 };
	struct vnm_error err = { 0 };

	VNM_ASSERT_OK_FATAL(vnm_child_fork_as(&setup, &child, &err), err);
	VNM_ASSERT_INT_EQ_FATAL(vnm_child_finish(&child, WAIT_MS, &end), 0);
	VNM_ASSERT_STR_EQ(end.err, "");
	VNM_ASSERT_INT_EQ(end.status, 0);
	vnm_child_end_clear(&end);
}

/* Where lines are like others there are several ways from one text to the other: then it is as short as any. */
static void compare(const struct vnm_test_dir *dir, unsigned i, bool unique,
		    const struct vnm_buf *old, const struct vnm_buf *new)
{
	vnm_autofree char *name = vnm_asprintf("diff.%u", i), *theirs = NULL;
	vnm_autobuf struct vnm_buf ours = { 0 }, made = { 0 };
	size_t len;

	VNM_ASSERT_INT_EQ_FATAL(vnm_file_read(dir->fd, name, 1 << 20, &theirs, &len), 0);
	VNM_ASSERT_INT_EQ(vnm_linediff(vnm_buf_str(old), vnm_buf_str(new), &ours), len > 0);
	if (unique)
		VNM_ASSERT_STR_EQ(vnm_buf_str(&ours), theirs);
	VNM_ASSERT_INT_EQ(count_changes(vnm_buf_str(&ours)), count_changes(theirs));
	apply(vnm_buf_str(old), vnm_buf_str(&ours), &made);
	VNM_ASSERT_STR_EQ(vnm_buf_str(&made), vnm_buf_str(new));
}

static void generated(void)
{
	static const unsigned words[] = { 0, 0, 30, 8, 3, 1 };
	struct vnm_buf olds[PAIRS] = { 0 }, news[PAIRS] = { 0 };
	vnm_autotestdir struct vnm_test_dir dir;
	unsigned state = 1;

	vnm_test_dir_make(&dir);
	for (unsigned i = 0; i < PAIRS; i++) {
		make_pair(&state, words[i % VNM_ARRAY_SIZE(words)], &olds[i], &news[i]);
		write_text(&dir, "old", i, &olds[i]);
		write_text(&dir, "new", i, &news[i]);
	}
	run_diff(&dir);
	for (unsigned i = 0; i < PAIRS; i++) {
		compare(&dir, i, words[i % VNM_ARRAY_SIZE(words)] == 0, &olds[i], &news[i]);
		vnm_buf_clear(&olds[i]);
		vnm_buf_clear(&news[i]);
	}
}

/* Beyond the room for a table, one is shown as replaced by the other; what is equal at both ends stays so. */
static void large(void)
{
	vnm_autobuf struct vnm_buf old = { 0 }, new = { 0 }, out = { 0 }, made = { 0 };

	vnm_buf_add(&old, "first\n");
	vnm_buf_add(&new, "first\n");
	for (unsigned i = 0; i < 5000; i++) {
		vnm_buf_printf(&old, "o%u\n", i);
		vnm_buf_printf(&new, "n%u\n", i);
	}
	vnm_buf_add(&old, "last\n");
	vnm_buf_add(&new, "last\n");
	CU_ASSERT(vnm_linediff(old.data, new.data, &out));
	CU_ASSERT(!strncmp(out.data, "@@ -1,5002 +1,5002 @@\n first\n-o0\n", 33));
	VNM_ASSERT_INT_EQ(count_changes(out.data), 10000);
	apply(old.data, out.data, &made);
	CU_ASSERT(!strcmp(made.data, new.data));
}

const struct vnm_test vnm_tests[] = {
	{ "fixed", fixed },
	{ "generated", generated },
	{ "large", large },
	{ 0 },
};
