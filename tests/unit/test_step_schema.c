/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_step_schema.c - schemas/json/step.json has the fields of every kind of operation, as their rows have them.
 *
 * With VNM_GOLDEN_UPDATE=1 the file is written anew: then read the difference.
 */
#include "runner.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "plan/op/op.h"
#include "plan/op/op_kind.h"
#include "util/file.h"
#include "util/mem.h"

const char vnm_suite[] = "step_schema";

#define SCHEMA "step.json"
#define SIZE_MAX_OF_IT (1 << 20)

/* A key as --json prints it. */
static void add_key(const char *key, struct vnm_buf *out)
{
	for (; *key; key++)
		vnm_buf_addc(out, *key == '-' ? '_' : *key);
}

static void add_words(const struct vnm_enum *names, bool zero, struct vnm_buf *out)
{
	const char *before = "";

	vnm_buf_add(out, "{ \"enum\": [");
	for (int i = zero ? 0 : 1; i < names->count; i++) {
		if (!names->names[i])
			continue;
		vnm_buf_printf(out, "%s\"%s\"", before, names->names[i]);
		before = ", ";
	}
	vnm_buf_add(out, "] }");
}

static void add_type(const struct vnm_op_field *f, struct vnm_buf *out)
{
	switch (f->type) {
	case VNM_VALUE_BOOL:
		vnm_buf_add(out, "{ \"const\": true }");
		break;
	case VNM_VALUE_U8:
	case VNM_VALUE_U16:
	case VNM_VALUE_U32:
	case VNM_VALUE_U64:
	case VNM_VALUE_UINT:
		vnm_buf_add(out, "{ \"type\": \"integer\", \"minimum\": 0 }");
		break;
	case VNM_VALUE_FAMILY:
		vnm_buf_add(out, "{ \"enum\": [\"ipv4\", \"ipv6\"] }");
		break;
	case VNM_VALUE_ENUM:
		add_words(f->names, f->required, out);
		break;
	case VNM_VALUE_STRING:
	case VNM_VALUE_IFNAME:
	case VNM_VALUE_MAC:
	case VNM_VALUE_ADDR:
	case VNM_VALUE_PREFIX:
	case VNM_VALUE_GROUP:
	case VNM_VALUE_TYPE_COUNT:
		vnm_buf_add(out, "{ \"type\": \"string\" }");
		break;
	}
}

static void add_fields(const struct vnm_op_kind *kind, struct vnm_buf *out)
{
	const char *before = "";

	vnm_buf_printf(out, "    \"%s\": {\n      \"type\": \"object\",\n"
			    "      \"additionalProperties\": false,\n      \"required\": [",
		       kind->name);
	for (const struct vnm_op_field *f = kind->fields; f->key; f++) {
		if (!f->required)
			continue;
		vnm_buf_printf(out, "%s\"", before);
		add_key(f->key, out);
		vnm_buf_addc(out, '"');
		before = ", ";
	}
	vnm_buf_add(out, "],\n      \"properties\": {");
	for (const struct vnm_op_field *f = kind->fields; f->key; f++) {
		vnm_buf_printf(out, "%s\n        \"", f == kind->fields ? "" : ",");
		add_key(f->key, out);
		vnm_buf_add(out, "\": ");
		add_type(f, out);
	}
	vnm_buf_add(out, "\n      }\n    }");
}

static void add_kinds(struct vnm_buf *out)
{
	for (int i = 0; i < VNM_OP_COUNT; i++)
		vnm_buf_printf(out, "\"%s\", ", vnm_op_type_name((enum vnm_op_type)i));
	vnm_buf_add(out, "\"definition\", \"guest\", \"lease\", \"note\"");
}

static void add_step(struct vnm_buf *out)
{
	vnm_buf_add(out, "{\n"
			 "  \"$comment\": \"SPDX-License-Identifier: GPL-2.0-or-later\",\n"
			 "  \"$schema\": \"https://json-schema.org/draft/2020-12/schema\",\n"
			 "  \"title\": \"a step of a dry run\",\n"
			 "  \"description\": \"An operation with its fields, or what no operation "
			 "describes. Written by tests/unit/test_step_schema.c.\",\n"
			 "  \"type\": \"object\",\n"
			 "  \"additionalProperties\": false,\n"
			 "  \"required\": [\"action\", \"kind\", \"object\"],\n"
			 "  \"properties\": {\n"
			 "    \"action\": { \"enum\": [\"add\", \"remove\", \"change\", "
			 "\"restart\"] },\n"
			 "    \"kind\": { \"enum\": [");
	add_kinds(out);
	vnm_buf_add(out, "] },\n"
			 "    \"object\": { \"type\": \"string\" },\n"
			 "    \"fields\": { \"description\": \"of the operation; of one that is "
			 "changed, the new ones\", \"type\": \"object\" },\n"
			 "    \"before\": { \"description\": \"the fields of an operation that is "
			 "changed\", \"type\": \"object\" }\n"
			 "  },\n"
			 "  \"allOf\": [");
	for (int i = 0; i < VNM_OP_COUNT; i++) {
		const char *name = vnm_op_type_name((enum vnm_op_type)i);

		vnm_buf_printf(
			out,
			"%s\n    {\n      \"if\": { \"properties\": { \"kind\": { \"const\": "
			"\"%s\" } } },\n"
			"      \"then\": { \"required\": [\"fields\"], \"properties\": { "
			"\"fields\": { \"$ref\": \"#/$defs/%s\" }, "
			"\"before\": { \"$ref\": \"#/$defs/%s\" } } }\n    }",
			i ? "," : "", name, name, name);
	}
	vnm_buf_add(out, "\n  ],\n  \"$defs\": {\n");
}

static void test_step_schema(void)
{
	vnm_autofree char *path = vnm_asprintf("%s/schemas/json", vnm_test_srcdir());
	vnm_autoclose int dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	vnm_autobuf struct vnm_buf is = { 0 };
	vnm_autofree char *should = NULL;

	add_step(&is);
	for (int i = 0; i < VNM_OP_COUNT; i++) {
		add_fields(vnm_op_kind((enum vnm_op_type)i), &is);
		vnm_buf_add(&is, i + 1 < VNM_OP_COUNT ? ",\n" : "\n  }\n}\n");
	}
	if (getenv("VNM_GOLDEN_UPDATE"))
		vnm_file_replace(dir, SCHEMA, is.data, is.len, 0644, (gid_t)-1, VNM_VOLATILE);
	CU_ASSERT_EQUAL_FATAL(vnm_file_read(dir, SCHEMA, SIZE_MAX_OF_IT, &should, NULL), 0);
	VNM_ASSERT_STR_EQ(is.data, should);
}

const struct vnm_test vnm_tests[] = {
	{ "step_schema", test_step_schema },
	{ 0 },
};
