/* SPDX-License-Identifier: GPL-2.0-or-later */
/* scalar.c - the types of values: read, present, print. One row per type. */
#include "xml/scalar.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "util/addr.h"
#include "util/bidi.h"
#include "util/mem.h"
#include "util/parse.h"

#define WORD_AUTO "auto"
#define STRING_MAX 1023 /* bytes: dnsmasq's limit of a line */

static int read_string(const struct vnm_field *field, const char *text, void *value)
{
	(void)field;
	if (strlen(text) > STRING_MAX)
		return -E2BIG;
	for (const char *p = text; *p; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			return -EILSEQ;
	free(*(char **)value);
	*(char **)value = vnm_strdup(text);
	return 0;
}

/* A description: may contain newlines and tabs. */
static int read_text(const struct vnm_field *field, const char *text, void *value)
{
	(void)field;
	for (const char *p = text; *p; p++)
		if (((unsigned char)*p < 0x20 && *p != '\n' && *p != '\t') || *p == 0x7f)
			return -EILSEQ;
	free(*(char **)value);
	*(char **)value = vnm_strdup(text);
	return 0;
}

static int read_uint(const struct vnm_field *field, const char *text, void *value)
{
	struct vnm_uint *out = value;
	int r = 0;

	if ((field->flags & VNM_FIELD_AUTO) && !strcmp(text, WORD_AUTO))
		out->v = 0;
	else
		r = vnm_parse_u32(text, (uint32_t)field->min, (uint32_t)field->max, &out->v);
	out->set = r == 0;
	return r;
}

static int read_uint64(const struct vnm_field *field, const char *text, void *value)
{
	struct vnm_uint64 *out = value;
	int r = vnm_parse_u64(text, field->min, field->max, &out->v);

	out->set = r == 0;
	return r;
}

/* Hexadecimal with 0x, decimal without; a leading 0 is refused, since some programs read it as octal. */
static int read_hex(const struct vnm_field *field, const char *text, void *value)
{
	struct vnm_uint *out = value;
	const char *digits = "0123456789abcdefABCDEF";
	unsigned long v;

	if (strncmp(text, "0x", 2) != 0)
		return text[0] == '0' && text[1] ? -EINVAL : read_uint(field, text, value);
	if (!text[2] || strlen(text) > 10 || text[2 + strspn(text + 2, digits)])
		return -EINVAL;
	v = strtoul(text + 2, NULL, 16);
	if (v < field->min || v > field->max)
		return -ERANGE;
	*out = (struct vnm_uint){ true, (uint32_t)v };
	return 0;
}

static int read_enum(const struct vnm_field *field, const char *text, void *value)
{
	int v = vnm_enum_value(field->table, text);

	if (v < 0)
		return v;
	*(int *)value = v;
	return 0;
}

static int read_addr(const struct vnm_field *field, const char *text, void *value)
{
	(void)field;
	return vnm_addr_parse(text, value);
}

static int read_prefix(const struct vnm_field *field, const char *text, void *value)
{
	struct vnm_prefix *out = value;
	int r = strchr(text, '/') ? vnm_prefix_parse(text, out) : -EINVAL;

	(void)field;
	return r == 0 && out->len == 0 ? -ERANGE : r;
}

static int read_mac(const struct vnm_field *field, const char *text, void *value)
{
	(void)field;
	return vnm_mac_parse(text, value);
}

static int read_uuid(const struct vnm_field *field, const char *text, void *value)
{
	(void)field;
	return vnm_uuid_parse(text, value);
}

static int read_ports(const struct vnm_field *field, const char *text, void *value)
{
	(void)field;
	return vnm_port_range_parse(text, value);
}

static bool has_string(const struct vnm_field *field, const void *value)
{
	(void)field;
	return *(char *const *)value != NULL;
}

static bool has_uint(const struct vnm_field *field, const void *value)
{
	const struct vnm_uint *v = value;

	return v->set && !(v->v == 0 && (field->flags & VNM_FIELD_SKIP_ZERO));
}

static bool has_uint64(const struct vnm_field *field, const void *value)
{
	const struct vnm_uint64 *v = value;

	return v->set && !(v->v == 0 && (field->flags & VNM_FIELD_SKIP_ZERO));
}

static bool has_enum(const struct vnm_field *field, const void *value)
{
	return vnm_enum_name(field->table, *(const int *)value) != NULL;
}

static bool has_addr(const struct vnm_field *field, const void *value)
{
	(void)field;
	return ((const struct vnm_addr *)value)->family != 0;
}

static bool has_prefix(const struct vnm_field *field, const void *value)
{
	(void)field;
	return ((const struct vnm_prefix *)value)->len != 0;
}

static bool has_mac(const struct vnm_field *field, const void *value)
{
	(void)field;
	return ((const struct vnm_mac *)value)->set;
}

static bool has_uuid(const struct vnm_field *field, const void *value)
{
	(void)field;
	return ((const struct vnm_uuid *)value)->set;
}

static bool has_ports(const struct vnm_field *field, const void *value)
{
	(void)field;
	return ((const struct vnm_port_range *)value)->first != 0;
}

/* Old definitions may contain them; new ones may not: legible.c. Return: bytes used. */
static size_t print_lead(const char *s, struct vnm_buf *out)
{
	uint32_t c;
	size_t used = vnm_bidi_at(s, &c);

	if (used)
		vnm_buf_printf(out, "&#x%" PRIX32 ";", c);
	else
		vnm_buf_addc(out, *s);
	return used ? used : 1;
}

static void print_string(const struct vnm_field *field, const void *value, struct vnm_buf *out)
{
	(void)field;
	for (const char *p = *(char *const *)value; *p; p++) {
		switch (*p) {
		case '&': vnm_buf_add(out, "&amp;"); break;
		case '<': vnm_buf_add(out, "&lt;"); break;
		case '>': vnm_buf_add(out, "&gt;"); break;
		case '"': vnm_buf_add(out, "&quot;"); break;
		case '\'': vnm_buf_add(out, "&apos;"); break;
		case '\r': vnm_buf_add(out, "&#13;"); break;
		case '\xd8':
		case '\xe2': p += print_lead(p, out) - 1; break;
		default: vnm_buf_addc(out, *p);
		}
	}
}

static void print_uint(const struct vnm_field *field, const void *value, struct vnm_buf *out)
{
	const struct vnm_uint *number = value;

	if ((field->flags & VNM_FIELD_AUTO) && number->v == 0)
		vnm_buf_add(out, WORD_AUTO);
	else
		vnm_buf_printf(out, "%" PRIu32, number->v);
}

static void print_uint64(const struct vnm_field *field, const void *value, struct vnm_buf *out)
{
	(void)field;
	vnm_buf_printf(out, "%" PRIu64, ((const struct vnm_uint64 *)value)->v);
}

static void print_hex(const struct vnm_field *field, const void *value, struct vnm_buf *out)
{
	vnm_buf_printf(out, "0x%0*" PRIx32, field->digits, ((const struct vnm_uint *)value)->v);
}

static void print_enum(const struct vnm_field *field, const void *value, struct vnm_buf *out)
{
	vnm_buf_add(out, vnm_enum_name(field->table, *(const int *)value));
}

static void print_addr(const struct vnm_field *field, const void *value, struct vnm_buf *out)
{
	char text[VNM_ADDR_STRLEN];

	(void)field;
	vnm_buf_add(out, vnm_addr_format(value, text));
}

static void print_prefix(const struct vnm_field *field, const void *value, struct vnm_buf *out)
{
	char text[VNM_PREFIX_STRLEN];

	(void)field;
	vnm_buf_add(out, vnm_prefix_format(value, text));
}

static void print_mac(const struct vnm_field *field, const void *value, struct vnm_buf *out)
{
	char text[VNM_MAC_STRLEN];

	(void)field;
	vnm_buf_add(out, vnm_mac_format(value, text));
}

static void print_uuid(const struct vnm_field *field, const void *value, struct vnm_buf *out)
{
	char text[VNM_UUID_STRLEN];

	(void)field;
	vnm_buf_add(out, vnm_uuid_format(value, text));
}

static void print_ports(const struct vnm_field *field, const void *value, struct vnm_buf *out)
{
	const struct vnm_port_range *ports = value;

	(void)field;
	vnm_buf_printf(out, "%u", ports->first);
	if (ports->last != ports->first)
		vnm_buf_printf(out, "-%u", ports->last);
}

const struct vnm_scalar_ops vnm_scalars[] = {
	[VNM_SCALAR_STRING] = { sizeof(char *),
				"text of at most 1023 bytes without control characters",
				read_string, has_string, print_string },
	[VNM_SCALAR_TEXT] = { sizeof(char *), "text without control characters", read_text,
			      has_string, print_string },
	[VNM_SCALAR_UINT] = { sizeof(struct vnm_uint), NULL, read_uint, has_uint, print_uint },
	[VNM_SCALAR_UINT64] = { sizeof(struct vnm_uint64), NULL, read_uint64, has_uint64,
				print_uint64 },
	[VNM_SCALAR_HEX] = { sizeof(struct vnm_uint), NULL, read_hex, has_uint, print_hex },
	[VNM_SCALAR_ENUM] = { sizeof(int), NULL, read_enum, has_enum, print_enum },
	[VNM_SCALAR_ADDR] = { sizeof(struct vnm_addr), "an IP address", read_addr, has_addr,
			      print_addr },
	[VNM_SCALAR_PREFIX] = { sizeof(struct vnm_prefix), "a subnet such as 10.0.0.0/24",
				read_prefix, has_prefix, print_prefix },
	[VNM_SCALAR_MAC] = { sizeof(struct vnm_mac), "a MAC address such as 52:54:00:12:34:56",
			     read_mac, has_mac, print_mac },
	[VNM_SCALAR_UUID] = { sizeof(struct vnm_uuid), "a UUID", read_uuid, has_uuid, print_uuid },
	[VNM_SCALAR_PORTS] = { sizeof(struct vnm_port_range),
			       "a port, or a range such as 8000-8010", read_ports, has_ports,
			       print_ports },
};
static_assert(VNM_ARRAY_SIZE(vnm_scalars) == VNM_SCALAR_COUNT, "one row per scalar");
static_assert(sizeof(enum vnm_tristate) == sizeof(int), "enums are read and written as int");

/**
 * vnm_scalar_expectation() - the expected value, for messages: "'on' or 'off'"
 * @field: the row
 * @out:   where to
 */
void vnm_scalar_expectation(const struct vnm_field *field, struct vnm_buf *out)
{
	const char *sep = "";

	if (field->expect)
		vnm_buf_add(out, field->expect);
	else if (field->scalar == VNM_SCALAR_UINT || field->scalar == VNM_SCALAR_UINT64)
		vnm_buf_printf(out, "a number from %" PRIu64 " to %" PRIu64, field->min,
			       field->max);
	else if (field->scalar == VNM_SCALAR_HEX)
		vnm_buf_printf(out, "a number from 0x%" PRIx64 " to 0x%" PRIx64, field->min,
			       field->max);
	else if (!field->table)
		vnm_buf_add(out, vnm_scalars[field->scalar].expect);
	else
		for (int i = 0, left = field->table->count; i < field->table->count; i++, left--) {
			if (!field->table->names[i])
				continue;
			vnm_buf_printf(out, "%s'%s'", sep, field->table->names[i]);
			sep = left == 2 ? " or " : ", ";
		}
}
