/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * columns.h - what a command shows of each thing that it lists.
 *
 * One list of columns serves its table, its lines "Label: value" and its JSON.
 */
#ifndef VNM_CLI_COLUMNS_H
#define VNM_CLI_COLUMNS_H

#include "cli/colour.h"
#include "cli/command.h"
#include "util/buf.h"

struct json_t;

/** enum vnm_column_type - the C type of a column's member of the row. */
enum vnm_column_type {
	VNM_COLUMN_NONE, /* only @print and @json */
	VNM_COLUMN_STRING, /* char *; NULL is absent */
	VNM_COLUMN_STRINGS, /* char **, and how many at @count */
	VNM_COLUMN_BOOL, /* yes, no */
	VNM_COLUMN_SIZE, /* size_t */
	VNM_COLUMN_UNSIGNED, /* unsigned */
	VNM_COLUMN_U64,
	VNM_COLUMN_ADDR,
	VNM_COLUMN_MAC, /* absent unless set */
	VNM_COLUMN_UUID,
};

/**
 * struct vnm_column - one column
 * @heading: of the table, or the label; NULL: only in JSON
 * @key:     in JSON; NULL: only in text
 * @type:    of the member at @offset of the row
 * @print:   the text, where the type's is not right; several lines are several values. Nothing: absent
 * @json:    the value, where the type's is not right; NULL: absent
 * @colour:  of the value, where it has one
 * @with:    the option of the command that adds it to the table; VNM_OPT_COUNT: none needed
 */
struct vnm_column {
	const char *heading, *key;
	enum vnm_column_type type;
	size_t offset, count;
	void (*print)(const void *row, struct vnm_buf *out);
	struct json_t *(*json)(const void *row);
	enum vnm_opt with;
	enum vnm_colour (*colour)(const void *row);
};

/* clang-format off */
#define VNM_COLUMN(heading, key, type, row, member) \
	{ heading, key, VNM_COLUMN_##type, offsetof(row, member), .with = VNM_OPT_COUNT }
/* With another text than the type's. */
#define VNM_COLUMN_AS(heading, key, type, row, member, print) \
	{ heading, key, VNM_COLUMN_##type, offsetof(row, member), 0, print, NULL, VNM_OPT_COUNT }
/* In the table only with an option. */
#define VNM_COLUMN_WITH(heading, key, type, row, member, option) \
	{ heading, key, VNM_COLUMN_##type, offsetof(row, member), .with = (option) }
#define VNM_COLUMN_LIST(heading, key, row, member, n) \
	{ heading, key, VNM_COLUMN_STRINGS, offsetof(row, member), offsetof(row, n), \
	  .with = VNM_OPT_COUNT }
#define VNM_COLUMN_BY(heading, key, print, json) \
	{ heading, key, VNM_COLUMN_NONE, 0, 0, print, json, VNM_OPT_COUNT }
#define VNM_COLUMN_COLOURED(heading, key, print, json, colour) \
	{ heading, key, VNM_COLUMN_NONE, 0, 0, print, json, VNM_OPT_COUNT, colour }
/* clang-format on */

/** struct vnm_columns - the columns of a row; @size: of the row; @key: of the list of rows in JSON. */
struct vnm_columns {
	const char *key;
	const struct vnm_column *items;
	size_t n, size;
};

void vnm_columns_list(struct vnm_cli *cli, const struct vnm_columns *columns, const void *rows,
		      size_t n);
void vnm_columns_lines(const struct vnm_cli *cli, const struct vnm_columns *columns,
		       const void *row, struct vnm_buf *out);
struct json_t *vnm_columns_json(const struct vnm_columns *columns, const void *row);

#endif
