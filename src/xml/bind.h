/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bind.h - structs by the tables of element.h: presence, free, copy. */
#ifndef VNM_XML_BIND_H
#define VNM_XML_BIND_H

#include <stdbool.h>

#include "xml/element.h"

bool vnm_bind_present(const struct vnm_field *field, const void *obj);
void vnm_bind_clear(const struct vnm_element *elem, void *obj);
void vnm_bind_copy(const struct vnm_element *elem, const void *from, void *to);

#endif
