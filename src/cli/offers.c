/* SPDX-License-Identifier: GPL-2.0-or-later */
/* offers.c - the words that completion offers. */
#include "cli/offers.h"

#include <stdlib.h>
#include <string.h>

#include "util/mem.h"

/* Shells read them by lines and tabs, and terminals show them. */
static bool has_control(const char *s)
{
	while (*s && (unsigned char)*s >= 0x20 && *s != 0x7f)
		s++;
	return *s;
}

static bool is_known(const struct vnm_offers *offers, const char *word)
{
	for (size_t i = 0; offers->given && i < offers->given->n; i++)
		if (!strcmp(offers->given->items[i], word))
			return true;
	for (size_t i = 0; i < offers->n; i++)
		if (!strcmp(offers->items[i].word, word))
			return true;
	return false;
}

/**
 * vnm_offer() - offer a word, if it continues what has been typed
 * @offers:  gets it
 * @word:    the word
 * @meaning: what it means; NULL: nothing is said
 */
void vnm_offer(struct vnm_offers *offers, const char *word, const char *meaning)
{
	if (strncmp(word, offers->begun, strlen(offers->begun)) != 0 || !*word ||
	    has_control(word) || is_known(offers, word))
		return;
	offers->items = vnm_array_add(offers->items, &offers->n, sizeof(*offers->items));
	offers->items[offers->n - 1] = (struct vnm_offer){
		vnm_strdup(word),
		meaning && !has_control(meaning) ? vnm_strdup(meaning) : NULL,
	};
}

/**
 * vnm_offers_print() - print the words for the shells' scripts
 * @offers: the words
 * @out:    gets a line that says what the shell is to add itself: "files", "programs" or "words", for nothing; then a
 *          line for each word, with a tab and its meaning
 */
void vnm_offers_print(const struct vnm_offers *offers, struct vnm_buf *out)
{
	vnm_buf_printf(out, "%s\n", offers->shell ? offers->shell : "words");
	for (size_t i = 0; i < offers->n; i++)
		vnm_buf_printf(out, "%s\t%s\n", offers->items[i].word,
			       offers->items[i].meaning ? offers->items[i].meaning : "");
}

/** vnm_offers_clear() - free the words. */
void vnm_offers_clear(struct vnm_offers *offers)
{
	for (size_t i = 0; i < offers->n; i++) {
		free(offers->items[i].word);
		free(offers->items[i].meaning);
	}
	free(offers->items);
	offers->items = NULL;
	offers->n = 0;
}
