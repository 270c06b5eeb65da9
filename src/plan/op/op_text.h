/* SPDX-License-Identifier: GPL-2.0-or-later */
/* op_text.h - operations as the journal's lines: "name key=value ..."; see op_parse.h for reading them. */
#ifndef VNM_PLAN_OP_TEXT_H
#define VNM_PLAN_OP_TEXT_H

#include "plan/op/op_kind.h"
#include "util/buf.h"

/** vnm_op_plain_char() - does a character stand for itself in a value? All others are "%XX". */
static inline bool vnm_op_plain_char(char c)
{
	return c > 0x20 && c < 0x7f && c != '%' && c != '=';
}

const struct vnm_op_field *vnm_op_field_find(const struct vnm_op_kind *kind, const char *key,
					      size_t len);
bool vnm_op_field_text(const struct vnm_op_field *f, const struct vnm_op *op, struct vnm_buf *out);
void vnm_op_format(const struct vnm_op *op, struct vnm_buf *out); /* no newline */

#endif
