/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * op_kind.h - the pure side of a kind of operation: one row, in op_KIND.c.
 *
 * A new kind: its enumerator, structure, union member and the declaration of its row in op_types.h; the row, in a file of its
 * own, entered in the table of op.c; its code in sys/, entered in sys/ops.c; and who plans it.
 */
#ifndef VNM_PLAN_OP_KIND_H
#define VNM_PLAN_OP_KIND_H

#include <stddef.h>

#include "plan/op/op_types.h"
#include "util/buf.h"

#define VNM_OP_FIELDS_MAX 32 /* one bit each in the parser */

/** enum vnm_value_type - the C type of a field and its text. */
enum vnm_value_type {
	VNM_VALUE_STRING, /* char *, ours; NULL is absent, "" is not */
	VNM_VALUE_IFNAME, /* char[VNM_IFNAME_SIZE]; "" is absent */
	VNM_VALUE_BOOL, /* bool; "yes", absent when false */
	VNM_VALUE_U8,
	VNM_VALUE_U16,
	VNM_VALUE_U32,
	VNM_VALUE_U64, /* absent when 0 */
	VNM_VALUE_UINT, /* struct vnm_uint */
	VNM_VALUE_MAC,
	VNM_VALUE_ADDR,
	VNM_VALUE_PREFIX,
	VNM_VALUE_GROUP, /* struct vnm_fw_group: "[!]VALUE/MASK" */
	VNM_VALUE_FAMILY, /* int; "ipv4", "ipv6" */
	VNM_VALUE_ENUM, /* an enum with a table of names; absent when 0, unless required */
	VNM_VALUE_TYPE_COUNT
};

/** struct vnm_op_field - @offset is in struct vnm_op; @names only for VNM_VALUE_ENUM. */
struct vnm_op_field {
	const char *key;
	enum vnm_value_type type;
	size_t offset;
	bool required;
	const struct vnm_enum *names;
};

/**
 * struct vnm_op_words - text for users.
 * @text:  with {KEY} for the value of a field, {KEY?THIS:THAT} for whether it is present, and [...] for a part that is left
 *         out when a field in it is absent
 * @print: for what a template cannot express (then @text is NULL)
 */
struct vnm_op_words {
	const char *text;
	void (*print)(const struct vnm_op *op, bool revert, struct vnm_buf *out);
};

/**
 * struct vnm_op_kind - one kind of operation.
 * @name:     begins its text in journals, which are read after an upgrade: never changed, even when the kind is renamed
 * @fields:   the rest of the text, in this order; ends with key NULL
 * @describe: names what it creates, for messages: "bridge virbr0"
 * @apply, @revert: the equivalent commands, a line each, as --dry-run shows them; "": none
 * @same:     whether two operations are the same object, which may be changed; NULL: only when they are equal, or by
 *            VNM_OPF_SINGLE
 * @flags:    of enum vnm_op_flag
 * @device:   offset in struct vnm_op of the name of the device that it creates or requires; 0: none
 * @netns:    offset of the namespace in which it takes effect, and with whose device it disappears; 0: none
 */
struct vnm_op_kind {
	const char *name;
	struct vnm_op_field fields[VNM_OP_FIELDS_MAX];
	struct vnm_op_words describe, apply, revert;
	bool (*same)(const struct vnm_op *a, const struct vnm_op *b);
	unsigned flags;
	size_t device, netns;
};

/* For the rows. */
#define AT(member) offsetof(struct vnm_op, member)
#define OPT(key, type, member) { key, VNM_VALUE_##type, AT(member), false, NULL }
#define REQ(key, type, member) { key, VNM_VALUE_##type, AT(member), true, NULL }
#define OPT_ENUM(key, member, names) { key, VNM_VALUE_ENUM, AT(member), false, names }
#define REQ_ENUM(key, member, names) { key, VNM_VALUE_ENUM, AT(member), true, names }
#define NETNS(member)                                                         \
	OPT("netns", STRING, member.path), OPT("netns-ino", U32, member.ino), \
		OPT("netns-cookie", U64, member.cookie)

#endif
