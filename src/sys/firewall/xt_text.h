/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * xt_text.h - matches and targets of table entries, as "iptables -S" prints their options.
 *
 * What is not known here, or has parts that are not, ends with "...": a rule is never shown as another one.
 */
#ifndef VNM_SYS_XT_TEXT_H
#define VNM_SYS_XT_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/buf.h"

/**
 * struct vnm_xt - the data of a match or target that is being printed
 * @family: of its table, AF_INET or AF_INET6
 * @data:   aligned as in its table
 * @rest:   set by who leaves something out
 */
struct vnm_xt {
	int family;
	unsigned revision;
	const void *data;
	struct vnm_buf *out;
	bool rest;
};

/** struct vnm_xt_row - how one of them is printed. @revision_max: the last one of this layout; @size: of its data, at least */
struct vnm_xt_row {
	const char *name;
	unsigned revision_min, revision_max;
	size_t size;
	void (*fn)(struct vnm_xt *xt);
};

/** struct vnm_xt_bit - a bit, or a number, and its word. */
struct vnm_xt_bit {
	uint32_t bit;
	const char *word;
};

void vnm_xt_text(const struct vnm_xt_row *rows, size_t n, int family, const void *head,
		 struct vnm_buf *out);
void vnm_xt_bits(const struct vnm_xt_bit *bits, size_t n, uint32_t value, struct vnm_buf *out);
const char *vnm_xt_word(const struct vnm_xt_bit *bits, size_t n, uint32_t value);
void vnm_xt_string(const char *option, const char *text, size_t max, struct vnm_buf *out);
void vnm_xt_addr(int family, const void *addr, struct vnm_buf *out);
void vnm_xt_set(struct vnm_xt *xt, const char *option, unsigned index, unsigned dim,
		unsigned flags);

#endif
