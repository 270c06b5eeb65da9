/* SPDX-License-Identifier: GPL-2.0-or-later */
/* parse.c - strict parsers of small texts. The ctype functions are not used: they follow the locale. */
#include "util/parse.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define DIGITS "0123456789"
#define HEX_DIGITS DIGITS "abcdefABCDEF"
#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define ALNUM DIGITS LETTERS

#define IFNAME_MAX 15		/* IFNAMSIZ less the NUL */
#define LABEL_MAX 63		/* RFC 1035 2.3.4 */
#define HOSTNAME_MAX 253	/* RFC 1035: 255 octets on the wire, with the first length and the root */
#define DUID_MIN 2
#define DUID_MAX 130		/* a type of two octets and 128 more (RFC 8415 11.1) */
#define PATH_MAX_OURS 512

static bool in_set(char c, const char *set)
{
	return c && strchr(set, c);
}

/** vnm_hex_value() - the value of a hex digit of either case. Return: it; -1: it is none. */
int vnm_hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/**
 * vnm_parse_u64() - read a decimal number
 * @s:   nothing but digits, one at least; leading zeros change nothing
 * @min: the least that is allowed
 * @max: the most that is allowed
 * @ret: the number
 *
 * Return: 0, -EINVAL when it is no number, -ERANGE when it is too small or too large.
 */
int vnm_parse_u64(const char *s, uint64_t min, uint64_t max, uint64_t *ret)
{
	uint64_t v = 0;
	bool too_large = false;

	if (!s || !*s)
		return -EINVAL;
	for (; *s; s++) {
		if (*s < '0' || *s > '9')
			return -EINVAL;
		too_large |= __builtin_mul_overflow(v, 10u, &v);
		too_large |= __builtin_add_overflow(v, (uint64_t)(*s - '0'), &v);
	}
	if (too_large || v < min || v > max)
		return -ERANGE;
	*ret = v;
	return 0;
}

/**
 * vnm_parse_u32() - read a decimal number of 32 bits
 * @s:   as for vnm_parse_u64()
 * @min: the least that is allowed
 * @max: the most that is allowed
 * @ret: the number
 *
 * Return: 0, -EINVAL when it is no number, -ERANGE when it is too small or too large.
 */
int vnm_parse_u32(const char *s, uint32_t min, uint32_t max, uint32_t *ret)
{
	uint64_t v;
	int r = vnm_parse_u64(s, min, max, &v);

	if (r == 0)
		*ret = (uint32_t)v;
	return r;
}

/* One or two hex digits; how many, or 0 when there is none. */
static unsigned parse_octet(const char *s, uint8_t *ret)
{
	int high = vnm_hex_value(s[0]), low;

	if (high < 0)
		return 0;
	low = vnm_hex_value(s[1]);
	*ret = (uint8_t)(low < 0 ? high : high << 4 | low);
	return low < 0 ? 1 : 2;
}

/**
 * vnm_port_range_parse() - read one port, or a range of them
 * @s:   "80" or "80-90"
 * @ret: the ports, written on success only
 *
 * Whether the range is reversed is not checked here.
 *
 * Return: 0 or -errno.
 */
int vnm_port_range_parse(const char *s, struct vnm_port_range *ret)
{
	size_t len = strcspn(s, "-");
	uint32_t first = 0, last;
	char number[8];
	int r;

	if (len >= sizeof(number))
		return -EINVAL;
	memcpy(number, s, len);
	number[len] = '\0';
	r = vnm_parse_u32(number, 1, UINT16_MAX, &first);
	last = first;
	if (r == 0 && s[len])
		r = vnm_parse_u32(s + len + 1, 1, UINT16_MAX, &last);
	if (r == 0)
		*ret = (struct vnm_port_range){ (uint16_t)first, (uint16_t)last };
	return r;
}

/**
 * vnm_mac_parse() - read a hardware address
 * @s:   six octets of one or two hex digits, joined by colons
 * @ret: the address
 *
 * Return: 0, or -EINVAL.
 */
int vnm_mac_parse(const char *s, struct vnm_mac *ret)
{
	struct vnm_mac mac = { .set = true };

	if (!s)
		return -EINVAL;
	for (unsigned i = 0; i < sizeof(mac.b); i++) {
		unsigned used = parse_octet(s, &mac.b[i]);
		char after = i + 1 < sizeof(mac.b) ? ':' : '\0';

		if (!used || s[used] != after)
			return -EINVAL;
		s += used + 1;
	}
	*ret = mac;
	return 0;
}

/**
 * vnm_mac_format() - write a hardware address, lower case, two digits an octet
 * @mac: the address
 * @buf: gets the text, "" when there is none
 *
 * Return: @buf.
 */
const char *vnm_mac_format(const struct vnm_mac *mac, char buf[static VNM_MAC_STRLEN])
{
	static const char digits[] = "0123456789abcdef";
	char *end = buf;

	for (size_t i = 0; mac->set && i < sizeof(mac->b); i++) {
		*end++ = digits[mac->b[i] >> 4];
		*end++ = digits[mac->b[i] & 15];
		*end++ = ':';
	}
	buf[mac->set ? VNM_MAC_STRLEN - 1 : 0] = '\0';
	return buf;
}

/**
 * vnm_mac_equal() - whether two hardware addresses are the same one; two that are not set are
 * @a: one
 * @b: the other
 */
bool vnm_mac_equal(const struct vnm_mac *a, const struct vnm_mac *b)
{
	return a->set == b->set && (!a->set || !memcmp(a->b, b->b, sizeof(a->b)));
}

/**
 * vnm_mac_is_multicast() - whether it addresses a group, which no device can be
 * @mac: the address
 */
bool vnm_mac_is_multicast(const struct vnm_mac *mac)
{
	return mac->set && (mac->b[0] & 0x01);
}

static const char *skip(const char *s, const char *set)
{
	return s + strspn(s, set);
}

/**
 * vnm_uuid_parse() - read a UUID, as liberally as libvirt does
 * @s:   sixteen octets of two hex digits; dashes and blanks may stand between any two of them; white space
 *       around the whole
 * @ret: the UUID
 *
 * Return: 0, or -EINVAL.
 */
int vnm_uuid_parse(const char *s, struct vnm_uuid *ret)
{
	struct vnm_uuid uuid = { .set = true };

	if (!s)
		return -EINVAL;
	s = skip(s, " \t\n\v\f\r");
	for (unsigned i = 0; i < sizeof(uuid.b); i++) {
		s = skip(s, "- ");
		if (parse_octet(s, &uuid.b[i]) != 2)
			return -EINVAL;
		s += 2;
	}
	if (*skip(s, " \t\n\v\f\r"))
		return -EINVAL;
	*ret = uuid;
	return 0;
}

/**
 * vnm_uuid_format() - write a UUID, lower case, 8-4-4-4-12
 * @uuid: the UUID
 * @buf:  gets the text, "" when there is none
 *
 * Return: @buf.
 */
const char *vnm_uuid_format(const struct vnm_uuid *uuid, char buf[static VNM_UUID_STRLEN])
{
	static const char digits[] = "0123456789abcdef";
	char *out = buf;

	for (unsigned i = 0; uuid->set && i < sizeof(uuid->b); i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			*out++ = '-';
		*out++ = digits[uuid->b[i] >> 4];
		*out++ = digits[uuid->b[i] & 0x0f];
	}
	*out = '\0';
	return buf;
}

/**
 * vnm_uuid_equal() - whether two UUIDs are the same one; two that are not set are
 * @a: one
 * @b: the other
 */
bool vnm_uuid_equal(const struct vnm_uuid *a, const struct vnm_uuid *b)
{
	return a->set == b->set && (!a->set || !memcmp(a->b, b->b, sizeof(a->b)));
}

/* Whether @s has 1 to @max characters, the first in @first and all others in @rest. */
static bool made_of(const char *s, size_t max, const char *first, const char *rest)
{
	size_t len;

	if (!s || !in_set(*s, first))
		return false;
	len = 1 + strspn(s + 1, rest);
	return !s[len] && len <= max;
}

/**
 * vnm_name_valid() - whether it may be the name of a network, and so of its files
 * @s: the name; it neither begins with a dot or a dash nor holds a slash, a blank or a control character
 */
bool vnm_name_valid(const char *s)
{
	return made_of(s, VNM_NAME_MAX, ALNUM "_", ALNUM "_.+-");
}

/**
 * vnm_ifname_valid() - whether it may be the name of a network device of ours
 * @s: the name; "all" and "default" are directories of /proc/sys/net/ipv4/conf, and "lo" is never ours
 */
bool vnm_ifname_valid(const char *s)
{
	static const char *const reserved[] = { ".", "..", "all", "default", "lo" };

	if (!made_of(s, IFNAME_MAX, ALNUM "_.", ALNUM "_.-"))
		return false;
	for (size_t i = 0; i < sizeof(reserved) / sizeof(reserved[0]); i++)
		if (!strcmp(s, reserved[i]))
			return false;
	return true;
}

/* Labels of 1 to 63 characters joined by dots, @len characters in all. */
static const char *labels_fault(const char *s, size_t len)
{
	size_t pos = 0;

	if (len == 0)
		return "it is empty";
	if (len > HOSTNAME_MAX)
		return "it has more than 253 characters";
	if (strspn(s, ALNUM "_-.") < len)
		return "it may hold letters, digits, - and _ only, and dots between them";
	if (!in_set(*s, ALNUM "_"))
		return "it begins with neither a letter nor a digit";
	while (pos < len) {
		size_t label = strspn(s + pos, ALNUM "_-");

		if (label == 0 || (s[pos + label] == '.' && pos + label + 1 == len))
			return "there is nothing between two of its dots, or behind the last one";
		if (label > LABEL_MAX)
			return "it has more than 63 characters without a dot";
		pos += label + 1;
	}
	return NULL;
}

/**
 * vnm_hostname_fault() - why it cannot be a host's name
 * @s: the name; underscores are allowed (service names, RFC 2782), a dot at the end is not
 *
 * Return: the reason, for a message; NULL when it can.
 */
const char *vnm_hostname_fault(const char *s)
{
	return s ? labels_fault(s, strlen(s)) : "it is missing";
}

/** vnm_hostname_valid() - whether it may be a host's name; see vnm_hostname_fault() */
bool vnm_hostname_valid(const char *s)
{
	return !vnm_hostname_fault(s);
}

/**
 * vnm_domain_fault() - why it cannot be a domain's name
 * @s: the name; one dot at the end is allowed
 *
 * Return: the reason, for a message; NULL when it can.
 */
const char *vnm_domain_fault(const char *s)
{
	size_t len = s ? strlen(s) : 0;

	if (len > 1 && s[len - 1] == '.')
		len--;
	return s ? labels_fault(s, len) : "it is missing";
}

/** vnm_domain_valid() - whether it may be a domain's name; see vnm_domain_fault() */
bool vnm_domain_valid(const char *s)
{
	return !vnm_domain_fault(s);
}

/**
 * vnm_duid_valid() - whether it may be a DHCP unique identifier (RFC 8415 11.1)
 * @s: 2 to 130 octets of one or two hex digits, joined by colons
 */
bool vnm_duid_valid(const char *s)
{
	unsigned n = 0;

	if (!s)
		return false;
	for (;;) {
		size_t digits = strspn(s, HEX_DIGITS);

		if (digits < 1 || digits > 2)
			return false;
		n++;
		s += digits;
		if (*s != ':')
			break;
		s++;
	}
	return !*s && n >= DUID_MIN && n <= DUID_MAX;
}

/** vnm_utf8_printable() - bytes of the UTF-8 sequence (RFC 3629) at @text when it is a printable character, else 0 */
size_t vnm_utf8_printable(const char *text)
{
	const unsigned char *s = (const unsigned char *)text;
	uint32_t c = s[0];
	size_t len = c < 0x80 ? 1 : c >= 0xc2 && c < 0xe0 ? 2 : c >= 0xe0 && c < 0xf0 ? 3 : 4;
	static const uint32_t least[] = { 0, 0x20, 0xa0, 0x800, 0x10000 };

	if ((c >= 0x80 && c < 0xc2) || c > 0xf4 || c == 0x7f)
		return 0;
	if (len > 1)
		c &= 0x7fu >> len;
	for (size_t i = 1; i < len; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (s[i] & 0x3f);
	}
	if (c < least[len] || c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
		return 0;
	return len;
}

/**
 * vnm_path_valid() - whether it may be a file's name in a dnsmasq configuration
 * @s: absolute, valid UTF-8 without control characters, quotes, backslashes, # and commas, 512 bytes at most
 */
bool vnm_path_valid(const char *s)
{
	size_t len = s ? strlen(s) : 0;

	if (len == 0 || len > PATH_MAX_OURS || s[0] != '/' || strpbrk(s, "\"\\#,"))
		return false;
	while (*s) {
		size_t used = vnm_utf8_printable(s);

		if (!used)
			return false;
		s += used;
	}
	return true;
}
