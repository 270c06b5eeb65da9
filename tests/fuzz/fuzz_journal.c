/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fuzz_journal.c - a journal: what is read is written back the same, and can be compared with anything. */
#include "fuzz.h"

#include "plan/op/diff.h"
#include "state/journal.h"
#include "util/mem.h"

const char vnm_fuzz_name[] = "journal";

/** LLVMFuzzerTestOneInput() - NAME.journal. Return: 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	vnm_autofree char *text = vnm_strndup((const char *)data, size);
	vnm_autofree char *again = vnm_strdup(text);
	vnm_autojournal struct vnm_journal head = { 0 }, journal = { 0 };
	vnm_autodiff struct vnm_diff diff = { 0 };
	vnm_autobuf struct vnm_buf print = { 0 };
	struct vnm_plan none = { 0 };
	struct vnm_error err = { 0 };

	vnm_journal_parse(again, "n", false, &head, &err);
	err = (struct vnm_error){ 0 };
	if (vnm_journal_parse(text, "n", true, &journal, &err) < 0) {
		vnm_fuzz_true((err.code == VNM_ERR_STATE || err.code == VNM_ERR_NEWER) &&
				      err.msg[0],
			      "refused otherwise", err.msg);
		return 0;
	}
	vnm_fuzz_true(head.state == journal.state, "another state without the plan", journal.name);
	vnm_fuzz_true(head.plan.firewall == journal.plan.firewall &&
			      vnm_enum_name(&vnm_enum_fw_backend, (int)journal.plan.firewall),
		      "another firewall back end without the plan", journal.name);
	vnm_fuzz_plan(&journal.plan);
	vnm_diff_plans(&journal.plan, &journal.plan, &diff);
	vnm_diff_clear(&diff);
	vnm_diff_plans(&none, &journal.plan, &diff);
	vnm_diff_print(&diff, &print);
	return 0;
}
