/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rows.h - macros for the rows of element.h.
 *
 * The macros take the struct from OBJECT, which is defined around each element's rows. For the files that hold
 * tables only.
 */
#ifndef VNM_XML_ROWS_H
#define VNM_XML_ROWS_H

#include "util/mem.h"
#include "xml/element.h"

/* clang-format off */

#define ATTR(field, type, member, ...) \
	{ .kind = VNM_FIELD_ATTR, .name = (field), .scalar = VNM_SCALAR_##type, \
	  .offset = offsetof(struct OBJECT, member), __VA_ARGS__ }
#define TEXT(type, member, ...) \
	{ .kind = VNM_FIELD_TEXT, .scalar = VNM_SCALAR_##type, \
	  .offset = offsetof(struct OBJECT, member), __VA_ARGS__ }
#define CHILD_TEXT(field, type, member, ...) \
	{ .kind = VNM_FIELD_CHILD_TEXT, .name = (field), .scalar = VNM_SCALAR_##type, \
	  .offset = offsetof(struct OBJECT, member), __VA_ARGS__ }
#define CHILD(field, member, rows) \
	{ .kind = VNM_FIELD_CHILD, .name = (field), .offset = offsetof(struct OBJECT, member), \
	  .size = sizeof(((struct OBJECT *)NULL)->member), .element = &rows##_element }
#define SHARED_CHILD(field, member, rows) \
	{ .kind = VNM_FIELD_CHILD, .name = (field), .offset = offsetof(struct OBJECT, member), \
	  .size = sizeof(((struct OBJECT *)NULL)->member), .element = &vnm_element_##rows }
#define LIST(field, member, rows) \
	{ .kind = VNM_FIELD_LIST, .name = (field), .offset = offsetof(struct OBJECT, member), \
	  .count_offset = offsetof(struct OBJECT, n_##member), \
	  .size = sizeof(*((struct OBJECT *)NULL)->member), .element = &rows##_element }
#define VERBATIM(field, member) \
	{ .kind = VNM_FIELD_VERBATIM, .name = (field), .offset = offsetof(struct OBJECT, member) }
#define CONNECTIONS(...) \
	ATTR("connections", UINT, connections, .flags = VNM_FIELD_OUTPUT, ##__VA_ARGS__)
#define ELEMENT_OF(var, rows, tag, ...) \
	static const struct vnm_element var##_element = { \
		.name = (tag), .fields = rows##_rows, \
		.n_fields = VNM_ARRAY_SIZE(rows##_rows), ##__VA_ARGS__ }
#define SHARED_ELEMENT_OF(var, rows, tag, ...) \
	const struct vnm_element vnm_element_##var = { \
		.name = (tag), .fields = rows##_rows, \
		.n_fields = VNM_ARRAY_SIZE(rows##_rows), ##__VA_ARGS__ }
#define SHARED_ELEMENT(var, tag, ...) SHARED_ELEMENT_OF(var, var, tag, ##__VA_ARGS__)
#define ELEMENT(var, tag, ...) ELEMENT_OF(var, var, tag, ##__VA_ARGS__)

#define REQUIRED .flags = VNM_FIELD_REQUIRED
#define NUMBER(low, high) .min = (low), .max = (high)
#define HEX_DIGITS(n) .max = (uint32_t)((1ull << 4 * (n)) - 1), .digits = (n)
#define YES_NO .table = &vnm_enum_tristate
#define DEFAULT(text) .initial = (text)
#define MODES(text) .modes = (text)

/* clang-format on */

#endif
