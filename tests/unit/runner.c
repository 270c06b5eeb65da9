/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * runner.c - main() of every unit test.
 *
 * CUnit's functions return success when tests fail, and running no test at all is a success to it too. So the
 * exit status comes from the counts, read before the registry, and they with it, is gone.
 */
#define _GNU_SOURCE 1 /* nftw() */
#include "runner.h"

#include <CUnit/Basic.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define EXIT_SKIP 77 /* what automake takes for "could not run" */

#ifndef VNM_TEST_SRCDIR
#define VNM_TEST_SRCDIR "."
#endif

/**
 * vnm_test_srcdir() - the top of the source tree, where tests/data is
 *
 * Return: the path; never NULL.
 */
const char *vnm_test_srcdir(void)
{
	return VNM_TEST_SRCDIR;
}

static void die(const char *what)
{
	fprintf(stderr, "%s: %s: %s\n", vnm_suite, what, strerror(errno));
	exit(1);
}

/**
 * vnm_test_dir_make() - make an empty directory for one test
 * @dir: gets its path and a descriptor; to be removed with vnm_test_dir_remove()
 */
void vnm_test_dir_make(struct vnm_test_dir *dir)
{
	const char *tmp = getenv("TMPDIR");

	snprintf(dir->path, sizeof(dir->path), "%s/vnm-test.XXXXXX", tmp && *tmp ? tmp : "/tmp");
	if (!mkdtemp(dir->path))
		die(dir->path);
	dir->fd = open(dir->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir->fd < 0)
		die(dir->path);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *where)
{
	(void)st;
	(void)type;
	(void)where;
	return remove(path);
}

/**
 * vnm_test_dir_remove() - remove a test's directory and all that is in it
 * @dir: the directory
 */
void vnm_test_dir_remove(struct vnm_test_dir *dir)
{
	close(dir->fd);
	if (nftw(dir->path, remove_one, 8, FTW_DEPTH | FTW_PHYS) < 0)
		die(dir->path);
}

/**
 * vnm_text_matches() - is a text what it should be, or does it begin so?
 * @is:     the text
 * @should: what it should be; where it ends with "...", anything may follow
 *
 * Return: whether it is.
 */
int vnm_text_matches(const char *is, const char *should)
{
	static const char any[] = "...";
	size_t len = strlen(should), end = len > 0 && should[len - 1] == '\n';

	if (len < strlen(any) + end ||
	    strncmp(should + len - end - strlen(any), any, strlen(any)) != 0)
		return !strcmp(is, should);
	len -= strlen(any) + end;
	return !strncmp(is, should, len) && strlen(is) > len + end;
}

/**
 * vnm_check_str() - assert that a string is what it should be
 * @what:   the expression
 * @is:     its value; NULL is allowed
 * @should: what it should be; NULL is allowed. see VNM_ASSERT_STR_EQ
 * @file:   where
 * @line:   where
 * @fatal:  whether a failure ends the test
 *
 * Return: 1 when it is.
 */
int vnm_check_str(const char *what, const char *is, const char *should, const char *file, int line,
		  int fatal)
{
	int same = is && should ? vnm_text_matches(is, should) : is == should;
	char text[2048];

	snprintf(text, sizeof(text), "%s is \"%s\", should be \"%s\"", what, is ? is : "(null)",
		 should ? should : "(null)");
	CU_assertImplementation(same, (unsigned)line, text, file, "", fatal);
	return same;
}

/**
 * vnm_check_int() - assert that a number is what it should be
 * @what:   the expression
 * @is:     its value
 * @should: what it should be
 * @file:   where
 * @line:   where
 * @fatal:  whether a failure ends the test
 *
 * Return: 1 when it is.
 */
int vnm_check_int(const char *what, long long is, long long should, const char *file, int line,
		  int fatal)
{
	char text[512];

	snprintf(text, sizeof(text), "%s is %lld, should be %lld", what, is, should);
	CU_assertImplementation(is == should, (unsigned)line, text, file, "", fatal);
	return is == should;
}

/**
 * vnm_check_ok() - assert that a call succeeded
 * @what:  the call
 * @r:     what it returned: negative means failure
 * @msg:   its error message
 * @file:  where
 * @line:  where
 * @fatal: whether a failure ends the test
 *
 * Return: 1 when it succeeded.
 */
int vnm_check_ok(const char *what, int r, const char *msg, const char *file, int line, int fatal)
{
	char text[2048];

	snprintf(text, sizeof(text), "%s failed (%d): %s", what, r, msg);
	CU_assertImplementation(r >= 0, (unsigned)line, text, file, "", fatal);
	return r >= 0;
}

static int add_tests(const char *only)
{
	CU_pSuite suite = CU_add_suite(vnm_suite, NULL, NULL);
	int n = 0;

	if (!suite)
		return -1;
	for (const struct vnm_test *t = vnm_tests; t->name; t++) {
		if (only && strcmp(only, t->name))
			continue;
		if (!CU_add_test(suite, t->name, t->run))
			return -1;
		n++;
	}
	return n;
}

/* 0 when something ran and nothing at all went wrong. */
static int run_tests(const char *only)
{
	const CU_RunSummary *sum;
	CU_ErrorCode code;
	int registered = add_tests(only);

	if (registered < 0) {
		fprintf(stderr, "%s: %s\n", vnm_suite, CU_get_error_msg());
		return 1;
	}
	if (registered == 0) {
		fprintf(stderr, "%s: there is no test %s\n", vnm_suite, only ? only : "in it");
		return 1;
	}
	CU_basic_set_mode(CU_BRM_VERBOSE);
	code = CU_basic_run_tests();
	sum = CU_get_run_summary();
	return code != CUE_SUCCESS || sum->nSuitesFailed || sum->nSuitesInactive ||
	       sum->nTestsFailed || sum->nTestsInactive || sum->nAssertsFailed ||
	       sum->nTestsRun != (unsigned)registered;
}

static pid_t main_pid;
static int finished;

/* An exit(0) in the middle of a test, of the code under test above all, would look like success. */
static void check_finished(void)
{
	if (getpid() == main_pid && !finished) {
		fprintf(stderr, "%s: a test ended the program\n", vnm_suite);
		_exit(EXIT_FAILURE);
	}
}

static int skip(const char *reason)
{
	const char *must_work = getenv("VNM_TEST_MUST_WORK");

	printf("%s: skipped: %s\n", vnm_suite, reason);
	return must_work && *must_work ? EXIT_FAILURE : EXIT_SKIP;
}

int main(int argc, char **argv)
{
	const char *reason = vnm_test_cannot_run ? vnm_test_cannot_run() : NULL;
	int failed;

	/* A test that ends the process must not take the report of those before it along. */
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (reason)
		return skip(reason);
	if (CU_initialize_registry() != CUE_SUCCESS) {
		fprintf(stderr, "%s: %s\n", vnm_suite, CU_get_error_msg());
		return 1;
	}
	main_pid = getpid();
	atexit(check_finished);
	failed = run_tests(argc > 1 ? argv[1] : NULL);
	finished = 1;
	CU_cleanup_registry();
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
