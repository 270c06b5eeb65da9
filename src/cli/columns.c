/* SPDX-License-Identifier: GPL-2.0-or-later */
/* columns.c - what a command shows of each thing that it lists: as a table, as lines, as JSON. */
#include "cli/columns.h"

#include <inttypes.h>
#include <string.h>

#include "cli/document.h"
#include "cli/json.h"
#include "cli/output.h"
#include "cli/table.h"

/* @join: between the values of a list */
static void print_value(const struct vnm_column *column, const void *row, const char *join,
			struct vnm_buf *out)
{
	const void *at = (const char *)row + column->offset;
	char addr[VNM_ADDR_STRLEN], mac[VNM_MAC_STRLEN], uuid[VNM_UUID_STRLEN];
	const char *string = NULL;
	size_t n;

	switch (column->type) {
	case VNM_COLUMN_NONE: break;
	case VNM_COLUMN_STRING: string = *(char *const *)at; break;
	case VNM_COLUMN_STRINGS:
		n = *(const size_t *)((const char *)row + column->count);
		for (size_t i = 0; i < n; i++)
			vnm_buf_printf(out, "%s%s", i ? join : "", (*(char *const *const *)at)[i]);
		break;
	case VNM_COLUMN_BOOL: string = *(const bool *)at ? "yes" : "no"; break;
	case VNM_COLUMN_SIZE: vnm_buf_printf(out, "%zu", *(const size_t *)at); break;
	case VNM_COLUMN_UNSIGNED: vnm_buf_printf(out, "%u", *(const unsigned *)at); break;
	case VNM_COLUMN_U64: vnm_buf_printf(out, "%" PRIu64, *(const uint64_t *)at); break;
	case VNM_COLUMN_ADDR:
		if (((const struct vnm_addr *)at)->family)
			string = vnm_addr_format(at, addr);
		break;
	case VNM_COLUMN_MAC:
		string = ((const struct vnm_mac *)at)->set ? vnm_mac_format(at, mac) : NULL;
		break;
	case VNM_COLUMN_UUID: string = vnm_uuid_format(at, uuid); break;
	}
	if (string)
		vnm_buf_add(out, string);
}

/* The member's text, or that of the column's own function. */
static void print_column(const struct vnm_column *column, const void *row, const char *join,
			 struct vnm_buf *out)
{
	if (column->print)
		column->print(row, out);
	else
		print_value(column, row, join, out);
}

static enum vnm_colour colour_of(const struct vnm_column *column, const void *row)
{
	return column->colour ? column->colour(row) : VNM_COLOUR_NONE;
}

static json_t *json_of(const struct vnm_column *column, const void *row)
{
	const void *at = (const char *)row + column->offset;

	if (column->json)
		return column->json(row);
	switch (column->type) {
	case VNM_COLUMN_NONE: break;
	case VNM_COLUMN_STRING: return vnm_json_string(*(char *const *)at);
	case VNM_COLUMN_STRINGS:
		return vnm_json_strings(*(const char *const *const *)at,
					*(const size_t *)((const char *)row + column->count));
	case VNM_COLUMN_BOOL: return json_boolean(*(const bool *)at);
	case VNM_COLUMN_SIZE: return vnm_json_number(*(const size_t *)at);
	case VNM_COLUMN_UNSIGNED: return json_integer(*(const unsigned *)at);
	case VNM_COLUMN_U64: return vnm_json_number(*(const uint64_t *)at);
	case VNM_COLUMN_ADDR: return vnm_json_addr(at);
	case VNM_COLUMN_MAC: return vnm_json_mac(at);
	case VNM_COLUMN_UUID: return vnm_json_uuid(at);
	}
	return NULL;
}

static bool in_table(const struct vnm_cli *cli, const struct vnm_column *column)
{
	return column->heading &&
	       (column->with == VNM_OPT_COUNT || vnm_cli_seen(cli, column->with));
}

static void add_headings(const struct vnm_cli *cli, const struct vnm_columns *columns,
			 struct vnm_table *table)
{
	vnm_autofree const char **cells = vnm_alloc(columns->n * sizeof(*cells));

	for (size_t i = 0; i < columns->n; i++)
		if (in_table(cli, &columns->items[i]))
			cells[table->columns++] = columns->items[i].heading;
	vnm_table_add(table, cells);
}

static void add_row(const struct vnm_cli *cli, const struct vnm_columns *columns, const void *row,
		    struct vnm_table *table)
{
	vnm_autofree struct vnm_buf *texts = vnm_alloc(columns->n * sizeof(*texts));
	vnm_autofree const char **cells = vnm_alloc(columns->n * sizeof(*cells));
	size_t n = 0;

	for (size_t i = 0; i < columns->n; i++) {
		if (!in_table(cli, &columns->items[i]))
			continue;
		print_column(&columns->items[i], row, ", ", &texts[n]);
		cells[n] = texts[n].data; /* NULL: nothing was printed */
		n++;
	}
	vnm_table_add(table, cells);
	for (size_t i = 0, k = 0; i < columns->n && cli->colours; i++) {
		if (!in_table(cli, &columns->items[i]))
			continue;
		vnm_table_colour(table, k++, colour_of(&columns->items[i], row));
	}
	for (size_t i = 0; i < n; i++)
		vnm_buf_clear(&texts[i]);
}

/**
 * vnm_columns_json() - a row as JSON
 * @columns: its columns
 * @row:     the row
 *
 * Return: an object with all columns that have a key.
 */
json_t *vnm_columns_json(const struct vnm_columns *columns, const void *row)
{
	json_t *object = json_object();

	for (size_t i = 0; i < columns->n; i++)
		if (columns->items[i].key)
			vnm_json_set(object, columns->items[i].key,
				     json_of(&columns->items[i], row));
	return object;
}

/**
 * vnm_columns_list() - print a table; with --json, add its rows to the document
 * @cli:     the call
 * @columns: the columns
 * @rows:    @n rows, each of @columns->size bytes
 * @n:       how many
 */
void vnm_columns_list(struct vnm_cli *cli, const struct vnm_columns *columns, const void *rows,
		      size_t n)
{
	json_t *list =
		vnm_cli_seen(cli, VNM_OPT_JSON) ? vnm_document_list(cli, columns->key) : NULL;
	vnm_autotable struct vnm_table table = { 0 };

	if (!list)
		add_headings(cli, columns, &table);
	for (size_t i = 0; i < n; i++) {
		const void *row = (const char *)rows + i * columns->size;

		if (list)
			json_array_append_new(list, vnm_columns_json(columns, row));
		else
			add_row(cli, columns, row, &table);
	}
	if (!list)
		vnm_cli_print_table(cli, &table);
}

/**
 * vnm_columns_lines() - print a row as lines: "Bridge:         virbr0"
 * @cli:     the call
 * @columns: its columns
 * @row:     the row
 * @out:     gets a line for each value; none for an absent one
 */
void vnm_columns_lines(const struct vnm_cli *cli, const struct vnm_columns *columns,
		       const void *row, struct vnm_buf *out)
{
	for (size_t i = 0; i < columns->n; i++) {
		vnm_autobuf struct vnm_buf text = { 0 };
		vnm_autofree char *label = NULL;
		enum vnm_colour colour = VNM_COLOUR_NONE;
		const char *s, *end;

		if (cli->colours)
			colour = colour_of(&columns->items[i], row);
		if (!columns->items[i].heading)
			continue;
		label = vnm_asprintf("%s:", columns->items[i].heading);
		print_column(&columns->items[i], row, "\n", &text);
		for (s = vnm_buf_str(&text); *s; s = *end ? end + 1 : end) {
			end = strchrnul(s, '\n');
			vnm_buf_printf(out, "%-15s ", label);
			vnm_colour_add(out, colour, s, (size_t)(end - s));
			vnm_buf_addc(out, '\n');
		}
	}
}
