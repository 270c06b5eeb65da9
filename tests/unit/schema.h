/* SPDX-License-Identifier: GPL-2.0-or-later */
/* schema.h - the schemas that are under test. */
#ifndef VNM_TESTS_UNIT_SCHEMA_H
#define VNM_TESTS_UNIT_SCHEMA_H

#include "runner.h"

#include "util/mem.h"
#include "xml/network_xml.h"

/* The schema of that file in schemas/. Ends the test when it cannot be loaded. */
static inline struct vnm_schema *load_schema(const char *file)
{
	vnm_autofree char *path = vnm_asprintf("%s/schemas/%s", vnm_test_srcdir(), file);
	struct vnm_schema *schema = NULL;
	struct vnm_error err = { 0 };

	VNM_ASSERT_OK_FATAL(vnm_schema_load(path, &schema, &err), err);
	return schema;
}

#endif
