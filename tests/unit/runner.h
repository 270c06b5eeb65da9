/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * runner.h - what every unit test includes: CUnit, and assertions that print both values.
 *
 * A test file defines vnm_suite and vnm_tests; main() is in runner.c. "test_NAME" runs all tests,
 * "test_NAME TEST" only that one.
 */
#ifndef VNM_TESTS_UNIT_RUNNER_H
#define VNM_TESTS_UNIT_RUNNER_H

#include <CUnit/CUnit.h>
#include <limits.h>
#include <stddef.h>

/** struct vnm_test - one test; a list of them ends with an empty one. */
struct vnm_test {
	const char *name;
	void (*run)(void);
};

extern const char vnm_suite[];
extern const struct vnm_test vnm_tests[];

/* May be defined by a test file: why no test of it can run on this machine, NULL when they can. */
const char *vnm_test_cannot_run(void) __attribute__((weak));

/** struct vnm_test_dir - an empty directory, at @path and open as @fd. */
struct vnm_test_dir {
	char path[PATH_MAX];
	int fd;
};

void vnm_test_dir_make(struct vnm_test_dir *dir);
void vnm_test_dir_remove(struct vnm_test_dir *dir);
#define vnm_autotestdir __attribute__((cleanup(vnm_test_dir_remove)))

const char *vnm_test_srcdir(void);

int vnm_text_matches(const char *is, const char *should);
int vnm_check_str(const char *what, const char *is, const char *should, const char *file, int line,
		  int fatal);
int vnm_check_int(const char *what, long long is, long long should, const char *file, int line,
		  int fatal);
int vnm_check_ok(const char *what, int r, const char *msg, const char *file, int line, int fatal);

/*
 * The value first, then what it should be. The _FATAL ones end the test. NULL is a string like others. Where a string
 * should end with "...", anything may follow: the words of a library, which other versions of it choose otherwise.
 */
#define VNM_ASSERT_STR_EQ(is, should) vnm_check_str(#is, is, should, __FILE__, __LINE__, 0)
#define VNM_ASSERT_STR_EQ_FATAL(is, should) vnm_check_str(#is, is, should, __FILE__, __LINE__, 1)
#define VNM_ASSERT_INT_EQ(is, should) \
	vnm_check_int(#is, (long long)(is), (long long)(should), __FILE__, __LINE__, 0)
#define VNM_ASSERT_INT_EQ_FATAL(is, should) \
	vnm_check_int(#is, (long long)(is), (long long)(should), __FILE__, __LINE__, 1)
/* @r: 0, a descriptor, or -errno; @err: a struct vnm_error, whose message is printed in the last case. */
#define VNM_ASSERT_OK(r, err) vnm_check_ok(#r, r, (err).msg, __FILE__, __LINE__, 0)
#define VNM_ASSERT_OK_FATAL(r, err) vnm_check_ok(#r, r, (err).msg, __FILE__, __LINE__, 1)

#endif
