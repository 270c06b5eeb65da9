/* SPDX-License-Identifier: GPL-2.0-or-later */
/* colour.c - the colours of a terminal, by what they say. */
#include "cli/colour.h"

#include <stdlib.h>
#include <string.h>

#define PLAIN "\033[0m"

static const char *const codes[VNM_COLOUR_COUNT] = {
	[VNM_COLOUR_NONE] = "",		  [VNM_COLOUR_GOOD] = "\033[32m",
	[VNM_COLOUR_BAD] = "\033[31m",	  [VNM_COLOUR_WARN] = "\033[33m",
	[VNM_COLOUR_PLACE] = "\033[36m",
};

/** vnm_colours_wanted() - does the user want colours on a terminal? See no-color.org. */
bool vnm_colours_wanted(void)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	return (!no || !*no) && term && *term && strcmp(term, "dumb") != 0;
}

/**
 * vnm_colour_add() - add text in a colour
 * @out:    gets it
 * @colour: the colour
 * @text:   the text, of one line; of @len bytes
 */
void vnm_colour_add(struct vnm_buf *out, enum vnm_colour colour, const char *text, size_t len)
{
	vnm_buf_add(out, codes[colour]);
	vnm_buf_addn(out, text, len);
	vnm_buf_add(out, colour ? PLAIN : "");
}

/* By the marks of patch(1), and those of a dry run's steps. */
static enum vnm_colour colour_of(const char *line)
{
	switch (*line) {
	case '+': return VNM_COLOUR_GOOD;
	case '-': return VNM_COLOUR_BAD;
	case '~':
	case '!': return VNM_COLOUR_WARN;
	case '@': return VNM_COLOUR_PLACE;
	default: return VNM_COLOUR_NONE;
	}
}

/**
 * vnm_colour_lines() - add the lines of a difference, or the steps of a dry run, each in the colour of its mark
 * @out:  gets them
 * @text: the lines
 */
void vnm_colour_lines(struct vnm_buf *out, const char *text)
{
	while (*text) {
		size_t len = strcspn(text, "\n");

		vnm_colour_add(out, colour_of(text), text, len);
		if (text[len])
			vnm_buf_addc(out, text[len++]);
		text += len;
	}
}
