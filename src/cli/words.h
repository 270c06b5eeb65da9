/* SPDX-License-Identifier: GPL-2.0-or-later */
/* words.h - commands in one argument, as virsh takes them. */
#ifndef VNM_CLI_WORDS_H
#define VNM_CLI_WORDS_H

#include <stddef.h>

#include "util/error.h"

/** struct vnm_words - a command's name and its arguments, NULL at the end; the strings are allocated. */
struct vnm_words {
	char **words;
	size_t n;
};

int vnm_words_split(const char *text, struct vnm_words **ret, size_t *ret_n, struct vnm_error *err);
void vnm_words_free(struct vnm_words *list, size_t n);

#endif
