/* SPDX-License-Identifier: GPL-2.0-or-later */
/* results.c - the outcome for each network of a bulk command. */
#include "driver/results.h"

#include <stdlib.h>

#include "util/mem.h"

/** vnm_result_fail() - set the error of a network. */
void vnm_result_fail(struct vnm_result *result, const struct vnm_error *err)
{
	result->failed = true;
	result->err = *err;
}

/** vnm_results_new() - one blank result for each name; free with vnm_results_free(). */
struct vnm_result *vnm_results_new(const char *const *names, size_t n)
{
	struct vnm_result *results = vnm_alloc((n ? n : 1) * sizeof(*results));

	for (size_t i = 0; i < n; i++)
		results[i].name = vnm_strdup(names[i]);
	return results;
}

/** vnm_results_free() - free what a bulk call filled in; NULL is fine. */
void vnm_results_free(struct vnm_result *results, size_t n)
{
	for (size_t i = 0; results && i < n; i++) {
		free(results[i].name);
		free(results[i].detail);
		vnm_warnings_clear(&results[i].hints);
		vnm_steps_clear(&results[i].steps);
	}
	free(results);
}

/**
 * vnm_results_take_one() - the outcome of a bulk call for a single network
 * @results: what it filled in; freed
 * @err:     set if the network failed
 *
 * Return: 0 or -errno.
 */
int vnm_results_take_one(struct vnm_result *results, struct vnm_error *err)
{
	int r = 0;

	if (results[0].failed) {
		*err = results[0].err;
		r = vnm_error_errno(err);
	}
	vnm_results_free(results, 1);
	return r;
}
