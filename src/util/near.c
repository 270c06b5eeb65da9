/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * near.c - suggestions for an unknown word.
 *
 * Our words have parts joined by hyphens ("net-start", "ip-dhcp-host"), and users leave out the first one. So there
 * are three criteria, in this order: the word is the end of a valid one; few edits turn it into a valid one, or its
 * part after the first hyphen; it is the beginning of either.
 */
#include "util/near.h"

#include <stdint.h>
#include <string.h>

#include "util/mem.h"

#define WORD_MAX 64 /* longer ones are no typing errors */

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/*
 * The Damerau-Levenshtein distance: letters added, removed, replaced, or swapped with their neighbour. Three rows of
 * the usual table: swaps need the two before.
 */
static size_t distance(const char *a, const char *b)
{
	size_t rows[3][WORD_MAX + 1], len = strlen(b);

	if (strlen(a) > WORD_MAX || len > WORD_MAX)
		return SIZE_MAX;
	for (size_t k = 0; k <= len; k++)
		rows[0][k] = k;
	for (size_t i = 1; a[i - 1]; i++) {
		size_t *row = rows[i % 3], *before = rows[(i + 2) % 3], *old = rows[(i + 1) % 3];

		row[0] = i;
		for (size_t k = 1; k <= len; k++) {
			row[k] = least(least(before[k], row[k - 1]) + 1,
				       before[k - 1] + (a[i - 1] != b[k - 1]));
			if (i > 1 && k > 1 && a[i - 1] == b[k - 2] && a[i - 2] == b[k - 1])
				row[k] = least(row[k], old[k - 2] + 1);
		}
	}
	return rows[strlen(a) % 3][len];
}

/* The part after the first hyphen; the whole word when there is none. */
static const char *tail_of(const char *valid)
{
	const char *hyphen = strchr(valid, '-');

	return hyphen && hyphen[1] ? hyphen + 1 : valid;
}

static void add_word(struct vnm_near *near, const char *valid)
{
	if (near->n < VNM_NEAR_MAX)
		near->words[near->n++] = valid;
}

/* The shortest one that ends with a hyphen and @word. */
static const char *ends_with(const char *word, const char *const *list, size_t n)
{
	const char *best = NULL;
	size_t len = strlen(word);

	for (size_t i = 0; i < n && len > 0; i++) {
		size_t size = strlen(list[i]);

		if (size > len + 1 && list[i][size - len - 1] == '-' &&
		    !strcmp(list[i] + size - len, word) && (!best || size < strlen(best)))
			best = list[i];
	}
	return best;
}

/*
 * How far the word is from a valid one, or from its part after the first hyphen, whichever is nearer; SIZE_MAX when it is
 * too far to be a typing error. One in three letters may be wrong, counted in the longer one, since letters may be what
 * is missing: "kenet" is two away from "keennet". A single letter has no suggestions.
 */
static size_t edit_distance(const char *word, const char *valid)
{
	const char *forms[] = { valid, tail_of(valid) };
	size_t best = SIZE_MAX, len = strlen(word);

	for (size_t i = 0; i < VNM_ARRAY_SIZE(forms) && len > 1; i++) {
		size_t form = strlen(forms[i]), longer = len > form ? len : form;
		size_t edits = distance(word, forms[i]);

		if (edits <= longer / 3 + (longer == 2))
			best = least(best, edits);
	}
	return best;
}

static void find_typos(const char *word, const char *const *list, size_t n, struct vnm_near *near)
{
	size_t best = SIZE_MAX;

	for (size_t i = 0; i < n; i++)
		best = least(best, edit_distance(word, list[i]));
	for (size_t i = 0; i < n && best < SIZE_MAX; i++)
		if (edit_distance(word, list[i]) == best)
			add_word(near, list[i]);
}

static void find_beginnings(const char *word, const char *const *list, size_t n,
			    struct vnm_near *near)
{
	size_t len = strlen(word);

	for (size_t i = 0; i < n && len > 0; i++)
		if (!strncmp(list[i], word, len) || !strncmp(tail_of(list[i]), word, len))
			add_word(near, list[i]);
}

/**
 * vnm_near_find() - find suggestions
 * @word: what was written; not in the list
 * @list: the valid words
 * @n:    how many
 * @ret:  the nearest; none when nothing is near, or too many are
 */
void vnm_near_find(const char *word, const char *const *list, size_t n, struct vnm_near *ret)
{
	const char *whole = ends_with(word, list, n);

	*ret = (struct vnm_near){ 0 };
	if (whole)
		add_word(ret, whole);
	if (ret->n == 0)
		find_typos(word, list, n, ret);
	if (ret->n == 0)
		find_beginnings(word, list, n, ret);
}
