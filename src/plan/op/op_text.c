/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * op_text.c - operations as text, by the fields of their kinds.
 *
 * The text is "name key=value ...": values have everything percent-encoded that is not a visible ASCII character,
 * and '%' and '=' too, so a blank always ends a field and a line always ends an operation. Fields that are absent
 * (NULL, 0, no address) are left out. The parser accepts exactly what the writer writes, in any order of the keys:
 * this is how a damaged journal is detected.
 */
#include "plan/op/op_text.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>
#include <sys/socket.h>

#include "plan/op/op.h"

/* VNM_VALUE_ENUM is read and written as an int. */
static_assert(sizeof(enum vnm_fw_chain) == sizeof(int), "a chain is an int");
static_assert(sizeof(enum vnm_fw_state) == sizeof(int), "a state is an int");
static_assert(sizeof(enum vnm_fw_target) == sizeof(int), "a target is an int");
static_assert(sizeof(enum vnm_shape) == sizeof(int), "a shape is an int");

/**
 * vnm_op_field_find() - a field by its key
 * @kind: the kind of operation
 * @key:  begins with the key
 * @len:  of the key
 *
 * Return: the field; NULL: none of that name.
 */
const struct vnm_op_field *vnm_op_field_find(const struct vnm_op_kind *kind, const char *key,
					     size_t len)
{
	for (const struct vnm_op_field *f = kind->fields; f->key; f++)
		if (*f->key == *key && !strncmp(f->key, key, len) && f->key[len] == '\0')
			return f;
	return NULL;
}

static bool number_of(const struct vnm_op_field *f, const void *at, uint32_t *ret)
{
	*ret = f->type == VNM_VALUE_U8 ? *(const uint8_t *)at :
	       f->type == VNM_VALUE_U16 ? *(const uint16_t *)at : *(const uint32_t *)at;
	return *ret != 0;
}

/**
 * vnm_op_field_text() - the text of a field, not encoded
 * @f:   the field, of its kind
 * @op:  the operation
 * @out: gets the text; empty before
 *
 * Return: whether the field is present.
 */
bool vnm_op_field_text(const struct vnm_op_field *f, const struct vnm_op *op, struct vnm_buf *out)
{
	const void *at = (const char *)op + f->offset;
	char prefix[VNM_PREFIX_STRLEN], addr[VNM_ADDR_STRLEN], mac[VNM_MAC_STRLEN];
	const struct vnm_fw_group *group = at;
	const char *string = NULL;
	uint32_t number;

	switch (f->type) {
	case VNM_VALUE_STRING:
		string = *(char *const *)at;
		break;
	case VNM_VALUE_IFNAME:
		string = *(const char *)at ? at : NULL;
		break;
	case VNM_VALUE_BOOL:
		string = *(const bool *)at ? "yes" : NULL;
		break;
	case VNM_VALUE_U8:
	case VNM_VALUE_U16:
	case VNM_VALUE_U32:
		if (number_of(f, at, &number))
			vnm_buf_printf(out, "%u", number);
		break;
	case VNM_VALUE_U64:
		if (*(const uint64_t *)at)
			vnm_buf_printf(out, "%" PRIu64, *(const uint64_t *)at);
		break;
	case VNM_VALUE_UINT:
		if (((const struct vnm_uint *)at)->set)
			vnm_buf_printf(out, "%u", ((const struct vnm_uint *)at)->v);
		break;
	case VNM_VALUE_MAC:
		vnm_buf_add(out, vnm_mac_format(at, mac));
		break;
	case VNM_VALUE_ADDR:
		if (((const struct vnm_addr *)at)->family != AF_UNSPEC)
			string = vnm_addr_format(at, addr);
		break;
	case VNM_VALUE_PREFIX:
		if (((const struct vnm_prefix *)at)->addr.family != AF_UNSPEC)
			string = vnm_prefix_format(at, prefix);
		break;
	case VNM_VALUE_GROUP:
		if (group->mask)
			vnm_buf_printf(out, "%s0x%x/0x%x", group->invert ? "!" : "", group->value,
				       group->mask);
		break;
	case VNM_VALUE_FAMILY:
		string = *(const int *)at == AF_INET6 ? "ipv6" : "ipv4";
		break;
	case VNM_VALUE_ENUM:
		if (f->required || *(const int *)at != 0)
			string = vnm_enum_name(f->names, *(const int *)at);
		break;
	case VNM_VALUE_TYPE_COUNT:
		break;
	}
	if (string)
		vnm_buf_add(out, string);
	return string || out->len > 0;
}

/* Whole runs at a time: the value may be a file of thousands of lines. */
static void encode(struct vnm_buf *out, const char *s)
{
	static const char digits[] = "0123456789ABCDEF";

	while (*s) {
		const char *start = s;

		while (*s && vnm_op_plain_char(*s))
			s++;
		vnm_buf_addn(out, start, (size_t)(s - start));
		if (*s) {
			const unsigned char c = (unsigned char)*s++;

			vnm_buf_addn(out, (char[]){ '%', digits[c >> 4], digits[c & 15] }, 3);
		}
	}
}

/**
 * vnm_op_format() - write an operation as one line
 * @op:  the operation
 * @out: gets the line, without a newline
 */
void vnm_op_format(const struct vnm_op *op, struct vnm_buf *out)
{
	const struct vnm_op_kind *kind = vnm_op_kind(op->type);

	vnm_buf_add(out, kind->name);
	for (const struct vnm_op_field *f = kind->fields; f->key; f++) {
		vnm_autobuf struct vnm_buf value = { 0 };

		if (!vnm_op_field_text(f, op, &value))
			continue;
		vnm_buf_printf(out, " %s=", f->key);
		encode(out, vnm_buf_str(&value));
	}
}
