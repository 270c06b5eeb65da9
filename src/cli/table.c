/* SPDX-License-Identifier: GPL-2.0-or-later */
/* table.c - columns as virsh prints them. */
#include "cli/table.h"

#include <limits.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include <wctype.h>

#include "util/bidi.h"
#include "util/mem.h"

#define GAP 3	/* blanks between two columns */

/*
 * Characters that are not printable in the user's locale would shift the columns or move the cursor: they become
 * \xNN, and so do bidirectional ones, which would reorder the line. The locale is used only here: numbers and
 * messages do not depend on it.
 */
static locale_t enter_locale(locale_t *own)
{
	*own = newlocale(LC_CTYPE_MASK, "", (locale_t)0);
	return uselocale(*own);
}

static void leave_locale(locale_t own, locale_t before)
{
	uselocale(before);
	if (own)
		freelocale(own);
}

/* Bytes of the character at @s; 0 if it is not printable. *columns: its width on a terminal. */
static size_t measure_char(const char *s, size_t *columns)
{
	mbstate_t state = { 0 };
	wchar_t c;
	size_t len = mbrtowc(&c, s, strlen(s), &state);
	int width = len > MB_LEN_MAX ? -1 : wcwidth(c);

	*columns = width < 0 ? 0 : (size_t)width;
	return width < 0 || !iswprint((wint_t)c) || vnm_bidi_at(s, NULL) > 0 ? 0 : len;
}

static char *printable(const char *s)
{
	struct vnm_buf text = { 0 };
	size_t columns, len;

	for (; *s; s += len ? len : 1) {
		len = measure_char(s, &columns);
		if (len > 0)
			vnm_buf_addn(&text, s, len);
		else
			vnm_buf_printf(&text, "\\x%02x", (unsigned char)*s);
	}
	return vnm_buf_steal(&text);
}

/* @s: from printable(). */
static size_t width_of(const char *s)
{
	size_t width = 0, columns, len;

	for (; *s && (len = measure_char(s, &columns)) > 0; s += len)
		width += columns;
	return width;
}

/**
 * vnm_table_add() - add a row
 * @table: the table
 * @cells: as many strings as the table has columns; copied; NULL stands for "-"
 */
void vnm_table_add(struct vnm_table *table, const char *const *cells)
{
	for (size_t i = 0; i < table->columns; i++) {
		table->cells = vnm_array_add(table->cells, &table->n, sizeof(*table->cells));
		table->cells[table->n - 1] = vnm_strdup(cells[i] ? cells[i] : "-");
	}
}

/* @ret: the table as it is printed; vnm_table_clear() frees it */
static void make_printable(const struct vnm_table *table, struct vnm_table *ret)
{
	*ret = (struct vnm_table){ table->columns, vnm_alloc(table->n * sizeof(*ret->cells)),
				   table->n };
	for (size_t i = 0; i < table->n; i++)
		ret->cells[i] = printable(table->cells[i]);
}

static void add_repeated(struct vnm_buf *out, char c, size_t n)
{
	while (n-- > 0)
		vnm_buf_addc(out, c);
}

/* The widths of all columns from the cell @first on. */
static size_t *measure(const struct vnm_table *table, size_t first)
{
	size_t *widths = vnm_alloc(table->columns * sizeof(*widths));

	for (size_t i = first; i < table->n; i++) {
		size_t width = width_of(table->cells[i]);

		if (width > widths[i % table->columns])
			widths[i % table->columns] = width;
	}
	return widths;
}

static void print_row(const struct vnm_table *table, const size_t *widths, size_t row,
		      struct vnm_buf *out)
{
	char *const *cells = table->cells + row * table->columns;

	vnm_buf_addc(out, ' ');
	for (size_t i = 0; i < table->columns; i++) {
		vnm_buf_add(out, cells[i]);
		if (i + 1 < table->columns)
			add_repeated(out, ' ', widths[i] - width_of(cells[i]) + GAP);
	}
	vnm_buf_addc(out, '\n');
}

static void print_ruler(const struct vnm_table *table, const size_t *widths, struct vnm_buf *out)
{
	for (size_t i = 0; i < table->columns; i++)
		add_repeated(out, '-', widths[i] + GAP);
	vnm_buf_addc(out, '\n');
}

/**
 * vnm_table_print() - print the table
 * @table:    the table
 * @headings: with its first row, underlined; without it the columns are only as wide as the others need
 * @out:      gets the lines; the last column is not padded
 */
void vnm_table_print(const struct vnm_table *table, bool headings, struct vnm_buf *out)
{
	size_t first = headings ? 0 : 1;
	vnm_autofree size_t *widths = NULL;
	vnm_autotable struct vnm_table shown = { 0 };
	locale_t own, before;

	if (table->n == 0)
		return;
	before = enter_locale(&own);
	make_printable(table, &shown);
	widths = measure(&shown, first * shown.columns);
	for (size_t row = first; row < shown.n / shown.columns; row++) {
		print_row(&shown, widths, row, out);
		if (row == 0)
			print_ruler(&shown, widths, out);
	}
	leave_locale(own, before);
}

/** vnm_table_clear() - free the cells; the table has the same columns and no rows then. */
void vnm_table_clear(struct vnm_table *table)
{
	for (size_t i = 0; i < table->n; i++)
		free(table->cells[i]);
	free(table->cells);
	table->cells = NULL;
	table->n = 0;
}
