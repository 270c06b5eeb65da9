/* SPDX-License-Identifier: GPL-2.0-or-later */
/* colour.h - the colours of a terminal, by what they say. Pure. */
#ifndef VNM_CLI_COLOUR_H
#define VNM_CLI_COLOUR_H

#include <stdbool.h>
#include <stddef.h>

#include "util/buf.h"

enum vnm_colour {
	VNM_COLOUR_NONE,
	VNM_COLOUR_GOOD, /* green: in effect; added */
	VNM_COLOUR_BAD, /* red: degraded; removed */
	VNM_COLOUR_WARN, /* yellow: on its way; changed */
	VNM_COLOUR_PLACE, /* cyan: where in a file */
	VNM_COLOUR_COUNT
};

bool vnm_colours_wanted(void);
void vnm_colour_add(struct vnm_buf *out, enum vnm_colour colour, const char *text, size_t len);
void vnm_colour_lines(struct vnm_buf *out, const char *text);

#endif
