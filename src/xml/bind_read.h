/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bind_read.h - from XML to structs, by the tables of element.h. */
#ifndef VNM_XML_BIND_READ_H
#define VNM_XML_BIND_READ_H

#include <libxml/tree.h>
#include <stdbool.h>

#include "util/error.h"
#include "xml/element.h"

bool vnm_bind_is(const struct vnm_element *elem, const xmlNode *node);
int vnm_bind_read(const struct vnm_element *elem, xmlNode *node, const char *file, void *obj,
		  struct vnm_error *err);
int vnm_bind_read_part(const struct vnm_element *elem, xmlNode *node, const char *file, void *obj,
		       struct vnm_error *err);
int vnm_bind_read_tree(const struct vnm_element *elem, xmlDoc *doc, const char *file, void *obj,
		       struct vnm_error *err);
int vnm_bind_parse(const struct vnm_element *elem, const char *text, size_t len, const char *file,
		   void *obj, struct vnm_error *err);

#endif
