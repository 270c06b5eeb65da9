/* SPDX-License-Identifier: GPL-2.0-or-later */
/* examples.h - the firewall rules of each definition of tests/data that is valid. */
#ifndef VNM_TESTS_UNIT_EXAMPLES_H
#define VNM_TESTS_UNIT_EXAMPLES_H

#include "runner.h"
#include "input.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>

#include "model/validate.h"
#include "plan/firewall/plan_firewall.h"
#include "util/file.h"
#include "util/mem.h"
#include "xml/network_xml.h"

#define EXAMPLE_MAX (4 * 1024 * 1024)

typedef void example_fn(const char *name, const struct vnm_op *const *rules, size_t n);

static inline void example_call(const char *name, const struct vnm_network *net, example_fn *fn)
{
	char other[] = "other", bridge[] = "virbr-other";
	struct vnm_fact_bridge bridges[] = { { other, bridge } };
	const struct vnm_facts facts = { .bridges = bridges, .n_bridges = 1, .sees_bridged = true };
	vnm_autofree const struct vnm_op **rules = NULL;
	vnm_autoplan struct vnm_plan plan = { 0 };

	vnm_plan_firewall(INPUT(net, &facts, NULL), &plan);
	rules = vnm_alloc(plan.n * sizeof(*rules));
	for (size_t i = 0; i < plan.n; i++)
		rules[i] = &plan.ops[i];
	if (plan.n > 0)
		fn(name, rules, plan.n);
}

static inline void example_read(int data, const char *name, example_fn *fn)
{
	vnm_autofree char *path = vnm_asprintf("%s/in.xml", name), *text = NULL;
	vnm_autonetwork struct vnm_network net = { 0 };
	struct vnm_warnings warnings = { 0 };
	struct vnm_error err = { 0 };
	size_t len;

	if (vnm_file_read(data, path, EXAMPLE_MAX, &text, &len) == 0 &&
	    vnm_network_xml_parse(text, len, "in.xml", &net, &err) == 0 &&
	    vnm_network_validate(&net, &warnings, &err) == 0) {
		if (!net.bridge.name)
			net.bridge.name = vnm_strdup("virbr7");
		example_call(name, &net, fn);
	}
	vnm_warnings_clear(&warnings);
}

static inline void each_example(example_fn *fn)
{
	vnm_autofree char *path = vnm_asprintf("%s/tests/data", vnm_test_srcdir());
	vnm_autoclose int data = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct dirent **entries;
	int n = scandir(path, &entries, NULL, alphasort);

	CU_ASSERT_FATAL(n > 0);
	for (int i = 0; i < n; i++) {
		if (entries[i]->d_name[0] != '.')
			example_read(data, entries[i]->d_name, fn);
		free(entries[i]);
	}
	free(entries);
}

#endif
