/* SPDX-License-Identifier: GPL-2.0-or-later */
/* schema.h - the RelaxNG schema. */
#ifndef VNM_XML_SCHEMA_H
#define VNM_XML_SCHEMA_H

#include <libxml/tree.h>

#include "util/error.h"

struct vnm_schema;

int vnm_schema_load(const char *path, struct vnm_schema **ret, struct vnm_error *err);
int vnm_schema_check(const struct vnm_schema *schema, xmlDoc *doc, const char *file,
		     struct vnm_error *err);
void vnm_schema_free(struct vnm_schema *schema);
void vnm_cleanup_schema(struct vnm_schema **schema);
#define vnm_autoschema __attribute__((cleanup(vnm_cleanup_schema)))

#endif
