/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bidi.h - invisible characters that change the order in which a terminal or an editor shows the others. */
#ifndef VNM_UTIL_BIDI_H
#define VNM_UTIL_BIDI_H

#include <stddef.h>
#include <stdint.h>

size_t vnm_bidi_at(const char *s, uint32_t *ret);
const char *vnm_bidi_find(const char *s, uint32_t *ret);

#endif
