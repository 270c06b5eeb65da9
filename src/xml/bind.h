/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bind.h - the table engine between XML and structs: reads, prints, frees and copies by the rows of element.h. */
#ifndef VNM_XML_BIND_H
#define VNM_XML_BIND_H

#include <libxml/tree.h>
#include <stdbool.h>
#include <stddef.h>

#include "util/buf.h"
#include "util/error.h"
#include "xml/element.h"

const struct vnm_field *vnm_bind_row(const struct vnm_element *elem, const char *name, size_t len);
bool vnm_bind_is(const struct vnm_element *elem, const xmlNode *node); /* by name and namespace */
int vnm_bind_read(const struct vnm_element *elem, xmlNode *node, const char *file, void *obj,
		  struct vnm_error *err);
int vnm_bind_read_part(const struct vnm_element *elem, xmlNode *node, const char *file, void *obj,
		       struct vnm_error *err);
void vnm_bind_print(const struct vnm_element *elem, const void *obj, int indent,
		    struct vnm_buf *out);
void vnm_bind_clear(const struct vnm_element *elem, void *obj);
void vnm_bind_copy(const struct vnm_element *elem, const void *from, void *to);

#endif
