/* SPDX-License-Identifier: GPL-2.0-or-later */
/* near.h - suggestions for an unknown word. */
#ifndef VNM_UTIL_NEAR_H
#define VNM_UTIL_NEAR_H

#include <stddef.h>

#define VNM_NEAR_MAX 3

/** struct vnm_near - the nearest words, in the order of the list; the strings are the list's. */
struct vnm_near {
	const char *words[VNM_NEAR_MAX];
	size_t n;
};

void vnm_near_find(const char *word, const char *const *list, size_t n, struct vnm_near *ret);

#endif
