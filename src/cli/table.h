/* SPDX-License-Identifier: GPL-2.0-or-later */
/* table.h - columns as virsh prints them: one leading blank, three between, as wide as the longest cell. Pure. */
#ifndef VNM_CLI_TABLE_H
#define VNM_CLI_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "util/buf.h"

/** struct vnm_table - zero-initialise and set @columns; the first row holds the headings. */
struct vnm_table {
	size_t columns;
	char **cells;	/* row by row */
	size_t n;
};

void vnm_table_add(struct vnm_table *table, const char *const *cells);	/* one row; NULL: "-" */
void vnm_table_print(const struct vnm_table *table, bool headings, struct vnm_buf *out);
void vnm_table_clear(struct vnm_table *table);

#define vnm_autotable __attribute__((cleanup(vnm_table_clear)))

#endif
