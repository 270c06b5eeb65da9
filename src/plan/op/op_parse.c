/* SPDX-License-Identifier: GPL-2.0-or-later */
/* op_parse.c - parse operations: strictly what op_text.c writes, in any order of the fields. */
#include "plan/op/op_parse.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "plan/op/op.h"
#include "plan/op/op_kind.h"
#include "plan/op/op_text.h"
#include "util/mem.h"

/* Upper case, as it is written. */
static int hex_digit(char c)
{
	return c >= 'a' ? -1 : vnm_hex_value(c);
}

/* Decode @len bytes. Return: a string, or NULL when the writer would not have written them so. */
static char *decode(const char *s, size_t len)
{
	vnm_autofree char *out = vnm_alloc(len + 1);
	char *to = out;
	int high, low;

	for (const char *end = s + len; s < end; to++) {
		if (*s != '%') {
			if (!vnm_op_plain_char(*s))
				return NULL;
			*to = *s++;
			continue;
		}
		high = end - s < 3 ? -1 : hex_digit(s[1]);
		low = high < 0 ? -1 : hex_digit(s[2]);
		if (low < 0)
			return NULL;
		*to = (char)(high << 4 | low);
		if (!*to || vnm_op_plain_char(*to))
			return NULL;
		s += 3;
	}
	*to = '\0';
	return vnm_steal(&out);
}

static int parse_hex32(const char *s, size_t len, uint32_t *ret)
{
	vnm_autofree char *text = vnm_strndup(s, len);
	uint64_t v = 0;

	if (len < 3 || len > 10 || strncmp(text, "0x", 2) != 0 ||
	    strspn(text + 2, "0123456789abcdef") != len - 2)
		return -EINVAL;
	v = strtoull(text + 2, NULL, 16);
	*ret = (uint32_t)v;
	return 0;
}

static int parse_group(const char *text, struct vnm_fw_group *ret)
{
	struct vnm_fw_group group = { .invert = *text == '!' };
	const char *value = text + group.invert;
	const char *slash = strchr(value, '/');

	if (!slash || parse_hex32(value, (size_t)(slash - value), &group.value) < 0 ||
	    parse_hex32(slash + 1, strlen(slash + 1), &group.mask) < 0 || group.mask == 0)
		return -EINVAL;
	*ret = group;
	return 0;
}

static int parse_number(const struct vnm_op_field *f, const char *text, void *at)
{
	uint32_t max = f->type == VNM_VALUE_U8	  ? UINT8_MAX
		       : f->type == VNM_VALUE_U16 ? UINT16_MAX
						  : UINT32_MAX;
	uint32_t v;
	int r;

	r = vnm_parse_u32(text, 1, max, &v);
	if (r < 0)
		return r;
	if (f->type == VNM_VALUE_U8)
		*(uint8_t *)at = (uint8_t)v;
	else if (f->type == VNM_VALUE_U16)
		*(uint16_t *)at = (uint16_t)v;
	else
		*(uint32_t *)at = v;
	return 0;
}

static int parse_uint(const char *text, struct vnm_uint *ret)
{
	int r = vnm_parse_u32(text, 0, UINT32_MAX, &ret->v);

	ret->set = r == 0;
	return r;
}

static int parse_ifname(const char *text, char *ret)
{
	size_t len = strlen(text);

	if (len == 0 || len >= VNM_IFNAME_SIZE)
		return -EINVAL;
	memcpy(ret, text, len + 1);
	return 0;
}

static int parse_bool(const char *text, bool *ret)
{
	*ret = !strcmp(text, "yes");
	return *ret ? 0 : -EINVAL;
}

static int parse_family(const char *text, int *ret)
{
	*ret = !strcmp(text, "ipv4") ? AF_INET : !strcmp(text, "ipv6") ? AF_INET6 : AF_UNSPEC;
	return *ret == AF_UNSPEC ? -EINVAL : 0;
}

static int parse_enum(const struct vnm_op_field *f, const char *text, int *ret)
{
	int v = vnm_enum_value(f->names, text);

	if (v < 0 || (v == 0 && !f->required))
		return -EINVAL;
	*ret = v;
	return 0;
}

static int parse_value(const struct vnm_op_field *f, const char *text, void *at)
{
	switch (f->type) {
	case VNM_VALUE_STRING:
		*(char **)at = vnm_strdup(text);
		return 0;
	case VNM_VALUE_IFNAME:
		return parse_ifname(text, at);
	case VNM_VALUE_BOOL:
		return parse_bool(text, at);
	case VNM_VALUE_U8:
	case VNM_VALUE_U16:
	case VNM_VALUE_U32:
		return parse_number(f, text, at);
	case VNM_VALUE_U64: return vnm_parse_u64(text, 1, UINT64_MAX, at);
	case VNM_VALUE_UINT:
		return parse_uint(text, at);
	case VNM_VALUE_MAC:
		return vnm_mac_parse(text, at);
	case VNM_VALUE_ADDR:
		return vnm_addr_parse(text, at);
	case VNM_VALUE_PREFIX:
		return vnm_prefix_parse(text, at);
	case VNM_VALUE_GROUP:
		return parse_group(text, at);
	case VNM_VALUE_FAMILY:
		return parse_family(text, at);
	case VNM_VALUE_ENUM:
		return parse_enum(f, text, at);
	case VNM_VALUE_TYPE_COUNT:
		break;
	}
	return -EINVAL;
}

/* Is @word equal to the first @len bytes of @s? Most differ in the first byte. */
static bool is_name(const char *word, const char *s, size_t len)
{
	return *word == *s && !strncmp(word, s, len) && word[len] == '\0';
}

/* One "key=value" of @len bytes. @seen: a bit for each field that was there. */
static int parse_field(const char *text, size_t len, struct vnm_op *op, uint32_t *seen,
		       struct vnm_error *err)
{
	const struct vnm_op_kind *kind = vnm_op_kind(op->type);
	const char *equals = memchr(text, '=', len);
	vnm_autofree char *value = NULL;
	const struct vnm_op_field *f;
	uint32_t bit;

	f = equals ? vnm_op_field_find(kind, text, (size_t)(equals - text)) : NULL;
	if (!f)
		return vnm_error_set(err, VNM_ERR_STATE, EINVAL,
				     "operation '%s': unknown field '%.*s'", kind->name,
				     (int)(len < 64 ? len : 64), text);
	bit = 1u << (f - kind->fields);
	if (*seen & bit)
		return vnm_error_set(err, VNM_ERR_STATE, EINVAL,
				     "operation '%s': field '%s' is there twice", kind->name,
				     f->key);
	*seen |= bit;
	value = decode(equals + 1, len - (size_t)(equals + 1 - text));
	if (!value || parse_value(f, value, (char *)op + f->offset) < 0)
		return vnm_error_set(err, VNM_ERR_STATE, EINVAL,
				     "operation '%s': bad value of field '%s'", kind->name, f->key);
	return 0;
}

static int check_required(const struct vnm_op_kind *kind, uint32_t seen, struct vnm_error *err)
{
	for (const struct vnm_op_field *f = kind->fields; f->key; f++)
		if (f->required && !(seen & 1u << (f - kind->fields)))
			return vnm_error_set(err, VNM_ERR_STATE, EINVAL,
					     "operation '%s': field '%s' is missing", kind->name,
					     f->key);
	return 0;
}

static int find_kind(const char *word, size_t len, enum vnm_op_type *ret)
{
	for (int i = 0; i < VNM_OP_COUNT; i++) {
		if (is_name(vnm_op_type_name((enum vnm_op_type)i), word, len)) {
			*ret = (enum vnm_op_type)i;
			return 0;
		}
	}
	return -EINVAL;
}

static int parse_fields(const char *s, struct vnm_op *op, struct vnm_error *err)
{
	uint32_t seen = 0;

	while (*s) {
		size_t len = strcspn(++s, " ");
		int r = parse_field(s, len, op, &seen, err);

		if (r < 0)
			return r;
		s += len;
	}
	return check_required(vnm_op_kind(op->type), seen, err);
}

/**
 * vnm_op_parse() - parse an operation
 * @line: what vnm_op_format() wrote
 * @ret:  the operation; free with vnm_op_clear()
 * @err:  VNM_ERR_STATE when it is not the text of an operation
 *
 * Return: 0 or -EINVAL.
 */
int vnm_op_parse(const char *line, struct vnm_op *ret, struct vnm_error *err)
{
	size_t len = strcspn(line, " ");
	struct vnm_op op = { 0 };
	int r;

	if (find_kind(line, len, &op.type) < 0)
		return vnm_error_set(err, VNM_ERR_STATE, EINVAL, "unknown operation '%.*s'",
				     (int)(len < 64 ? len : 64), line);
	r = parse_fields(line + len, &op, err);
	if (r < 0)
		vnm_op_clear(&op);
	else
		*ret = op;
	return r;
}
