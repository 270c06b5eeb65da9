/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bidi.c - the directional formatting characters of the Unicode bidirectional algorithm (UAX 9, 2.1 to 2.6). */
#include "util/bidi.h"

#include <string.h>

#include "util/mem.h"

/* The first bytes of these characters in UTF-8. */
#define LEADS "\xd8\xe2"

static const struct {
	const char *utf8;
	size_t len;
	uint32_t first;
	unsigned char last; /* of the last byte; the characters of a row are neighbours */
} rows[] = {
	{ "\xd8\x9c", 2, 0x061c, 0x9c },		/* ALM */
	{ "\xe2\x80\x8e", 3, 0x200e, 0x8f },	/* LRM, RLM */
	{ "\xe2\x80\xaa", 3, 0x202a, 0xae },	/* LRE, RLE, PDF, LRO, RLO */
	{ "\xe2\x81\xa6", 3, 0x2066, 0xa9 },	/* LRI, RLI, FSI, PDI */
};

/**
 * vnm_bidi_at() - does a text begin with such a character?
 * @s:   the text, in UTF-8
 * @ret: its number; NULL when it does not matter
 *
 * Return: its length in bytes, or 0.
 */
size_t vnm_bidi_at(const char *s, uint32_t *ret)
{
	for (size_t i = 0; i < VNM_ARRAY_SIZE(rows); i++) {
		size_t n = rows[i].len - 1;
		unsigned char first = (unsigned char)rows[i].utf8[n], c;

		if (strncmp(s, rows[i].utf8, n) != 0)
			continue;
		c = (unsigned char)s[n];
		if (c < first || c > rows[i].last)
			continue;
		if (ret)
			*ret = rows[i].first + (c - first);
		return rows[i].len;
	}
	return 0;
}

/**
 * vnm_bidi_find() - the first such character of a text
 * @s:   the text, in UTF-8
 * @ret: its number; NULL when it does not matter
 *
 * Return: where it is, or NULL.
 */
const char *vnm_bidi_find(const char *s, uint32_t *ret)
{
	for (s = strpbrk(s, LEADS); s; s = strpbrk(s + 1, LEADS))
		if (vnm_bidi_at(s, ret) > 0)
			return s;
	return NULL;
}
