/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * table.h - columns as virsh prints them: one leading blank, three between, as wide as the longest cell. Where they are to fit a
 * terminal, there are fewer between, and long cells are continued on further lines, but addresses are not broken. Pure.
 */
#ifndef VNM_CLI_TABLE_H
#define VNM_CLI_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/colour.h"
#include "util/buf.h"

/** struct vnm_cell - a text, and its colour where there are any. */
struct vnm_cell {
	char *text;
	enum vnm_colour colour;
};

/** struct vnm_table - zero-initialise and set @columns; the first row holds the headings. @width: of the terminal; 0: none. @gap: between columns, set when it is printed */
struct vnm_table {
	size_t columns, width, gap;
	struct vnm_cell *cells; /* row by row */
	size_t n;
};

void vnm_table_add(struct vnm_table *table, const char *const *cells);	/* one row; NULL: "-" */
void vnm_table_colour(struct vnm_table *table, size_t column, enum vnm_colour colour);
void vnm_table_print(const struct vnm_table *table, bool headings, struct vnm_buf *out);
void vnm_table_clear(struct vnm_table *table);

#define vnm_autotable __attribute__((cleanup(vnm_table_clear)))

#endif
