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
		vnm_steps_clear(&results[i].steps);
	}
	free(results);
}
