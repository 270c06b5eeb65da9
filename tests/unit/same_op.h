/* SPDX-License-Identifier: GPL-2.0-or-later */
/* same_op.h - are two operations the same, field by field? For test_op.c. */
#ifndef VNM_TEST_SAME_OP_H
#define VNM_TEST_SAME_OP_H

#include <stdalign.h>
#include <string.h>

#include "plan/op/op.h"
#include "plan/op/op_kind.h"

static const struct field_layout {
	size_t size, align;
} field_layouts[] = {
#define LAYOUT(type)                        \
	{                                   \
		sizeof(type), alignof(type) \
	}
	[VNM_VALUE_STRING] = LAYOUT(char *),
	[VNM_VALUE_IFNAME] = { VNM_IFNAME_SIZE, 1 },
	[VNM_VALUE_BOOL] = LAYOUT(bool),
	[VNM_VALUE_U8] = LAYOUT(uint8_t),
	[VNM_VALUE_U16] = LAYOUT(uint16_t),
	[VNM_VALUE_U32] = LAYOUT(uint32_t),
	[VNM_VALUE_U64] = LAYOUT(uint64_t),
	[VNM_VALUE_UINT] = LAYOUT(struct vnm_uint),
	[VNM_VALUE_MAC] = LAYOUT(struct vnm_mac),
	[VNM_VALUE_ADDR] = LAYOUT(struct vnm_addr),
	[VNM_VALUE_PREFIX] = LAYOUT(struct vnm_prefix),
	[VNM_VALUE_GROUP] = LAYOUT(struct vnm_fw_group),
	[VNM_VALUE_FAMILY] = LAYOUT(int),
	[VNM_VALUE_ENUM] = LAYOUT(int),
#undef LAYOUT
};
_Static_assert(sizeof(field_layouts) / sizeof(field_layouts[0]) == VNM_VALUE_TYPE_COUNT,
	       "every type of field has its size");

static bool same_string(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

static bool same_uint(const struct vnm_uint *a, const struct vnm_uint *b)
{
	return a->set == b->set && a->v == b->v;
}

static bool same_group(const struct vnm_fw_group *a, const struct vnm_fw_group *b)
{
	return a->value == b->value && a->mask == b->mask && a->invert == b->invert;
}

static bool same_field(const struct vnm_op_field *f, const void *a, const void *b)
{
	switch (f->type) {
	case VNM_VALUE_STRING: return same_string(*(char *const *)a, *(char *const *)b);
	case VNM_VALUE_IFNAME: return !strcmp(a, b);
	case VNM_VALUE_UINT: return same_uint(a, b);
	case VNM_VALUE_MAC: return vnm_mac_equal(a, b);
	case VNM_VALUE_ADDR: return vnm_addr_equal(a, b);
	case VNM_VALUE_GROUP: return same_group(a, b);
	case VNM_VALUE_PREFIX:
	case VNM_VALUE_BOOL:
	case VNM_VALUE_U8:
	case VNM_VALUE_U16:
	case VNM_VALUE_U32:
	case VNM_VALUE_U64:
	case VNM_VALUE_FAMILY:
	case VNM_VALUE_ENUM: return !memcmp(a, b, field_layouts[f->type].size);
	case VNM_VALUE_TYPE_COUNT: break;
	}
	return false;
}

static bool same_op(const struct vnm_op *a, const struct vnm_op *b)
{
	if (a->type != b->type)
		return false;
	for (const struct vnm_op_field *f = vnm_op_kind(a->type)->fields; f->key; f++)
		if (!same_field(f, (const char *)a + f->offset, (const char *)b + f->offset))
			return false;
	return true;
}

#endif
