/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bind_print.h - from structs to XML, by the tables of element.h. */
#ifndef VNM_XML_BIND_PRINT_H
#define VNM_XML_BIND_PRINT_H

#include "util/buf.h"
#include "xml/element.h"

void vnm_bind_print(const struct vnm_element *elem, const void *obj, int indent,
		    struct vnm_buf *out);

#endif
