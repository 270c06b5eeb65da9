/* SPDX-License-Identifier: GPL-2.0-or-later */
/* op_fields.h - the table behind op.h: the fields of each kind of operation. For op.c and op_parse.c. */
#ifndef VNM_PLAN_OP_FIELDS_H
#define VNM_PLAN_OP_FIELDS_H

#include "plan/op/op.h"

#define VNM_OP_FIELDS_MAX 32 /* one bit each, when they are read */

/** enum vnm_field_kind - the C type of a field and its text. */
enum vnm_field_kind {
	VNM_FIELD_STRING,	/* char *, ours; NULL is absent, "" is not */
	VNM_FIELD_IFNAME,	/* char[VNM_IFNAME_SIZE]; "" is absent */
	VNM_FIELD_BOOL,	/* bool; "yes", absent when false */
	VNM_FIELD_U8, VNM_FIELD_U16, VNM_FIELD_U32,	/* absent when 0 */
	VNM_FIELD_UINT,	/* struct vnm_uint */
	VNM_FIELD_MAC,
	VNM_FIELD_ADDR, VNM_FIELD_PREFIX,
	VNM_FIELD_GROUP,	/* struct vnm_fw_group: "[!]VALUE/MASK" */
	VNM_FIELD_FAMILY,	/* int; "ipv4", "ipv6" */
	VNM_FIELD_ENUM,	/* an enum with a table of words; absent when 0, unless required */
	VNM_FIELD_KIND_COUNT
};

/** struct vnm_op_field - @offset is in struct vnm_op; @words only for VNM_FIELD_ENUM. */
struct vnm_op_field {
	const char *key;
	enum vnm_field_kind kind;
	size_t offset;
	bool required;
	const struct vnm_enum *words;
};

/** struct vnm_op_kind - @word begins the text; @fields ends with key NULL. */
struct vnm_op_kind {
	const char *word;
	struct vnm_op_field fields[VNM_OP_FIELDS_MAX];
};

extern const struct vnm_op_kind vnm_op_kinds[VNM_OP_COUNT];

/** vnm_op_plain_char() - does a character stand for itself in a value? All others are "%XX". */
static inline bool vnm_op_plain_char(char c)
{
	return c > 0x20 && c < 0x7f && c != '%' && c != '=';
}

#endif
