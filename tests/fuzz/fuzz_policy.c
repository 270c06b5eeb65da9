/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fuzz_policy.c - bridge.conf. */
#include "fuzz.h"

#include <string.h>

#include "lend/policy.h"
#include "util/mem.h"

const char vnm_fuzz_name[] = "policy";

/** LLVMFuzzerTestOneInput() - a file. Return: 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	vnm_autofree char *text = vnm_strndup((const char *)data, size);
	vnm_autofree char *shown = vnm_strdup(text);
	struct vnm_policy policy = { 0 };
	struct vnm_error err = { 0 };
	int r = vnm_policy_parse(text, "b", &policy, &err);

	vnm_fuzz_true((r < 0) == (err.code != VNM_ERR_NONE), "a failure has a message", shown);
	vnm_fuzz_true(r == 0 || !strncmp(err.msg, "b:", 2), "with its line", shown);
	for (size_t i = 0; i < policy.n; i++) {
		vnm_fuzz_true(vnm_name_valid(policy.items[i].network), "a network", shown);
		vnm_fuzz_true(policy.items[i].who[*policy.items[i].who == '@'] != '\0', "somebody",
			      shown);
		vnm_fuzz_true(policy.items[i].max <= 1000, "a number", shown);
	}
	vnm_policy_clear(&policy);
	return 0;
}
