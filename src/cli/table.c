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

#define GAP 3 /* blanks between two columns, if there is room */
#define NARROW 8 /* no column is made narrower */
/* Addresses, UUIDs, dates and numbers: broken, they would be read as others. */
#define NUMERIC "0123456789abcdefABCDEF.:/-"

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
		table->cells[table->n - 1] =
			(struct vnm_cell){ vnm_strdup(cells[i] ? cells[i] : "-"), VNM_COLOUR_NONE };
	}
}

/* @ret: the table as it is printed; vnm_table_clear() frees it */
static void make_printable(const struct vnm_table *table, struct vnm_table *ret)
{
	*ret = *table;
	ret->cells = vnm_alloc(table->n * sizeof(*ret->cells));
	for (size_t i = 0; i < table->n; i++)
		ret->cells[i] = (struct vnm_cell){ printable(table->cells[i].text),
						   table->cells[i].colour };
}

/** vnm_table_colour() - set the colour of a cell of the last row. */
void vnm_table_colour(struct vnm_table *table, size_t column, enum vnm_colour colour)
{
	table->cells[table->n - table->columns + column].colour = colour;
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
		size_t width = width_of(table->cells[i].text);

		if (width > widths[i % table->columns])
			widths[i % table->columns] = width;
	}
	return widths;
}

/* The longest word that is not broken. @any: any; else those that stand for addresses and the like */
static size_t longest_word(const char *s, bool any)
{
	size_t longest = 0;

	for (size_t len; *s; s += len + strspn(s + len, " ")) {
		vnm_autofree char *word = NULL;

		len = strcspn(s, " ,");
		len += s[len] == ',';
		word = vnm_strndup(s, len);
		if ((any || strspn(word, NUMERIC ",") == len) && width_of(word) > longest)
			longest = width_of(word);
	}
	return longest;
}

/* How narrow each column can be. */
static size_t *find_least(const struct vnm_table *table, const size_t *widths)
{
	size_t *least = vnm_alloc(table->columns * sizeof(*least));

	for (size_t i = 0; i < table->columns; i++)
		least[i] = widths[i] < NARROW ? widths[i] : NARROW;
	for (size_t i = 0; i < table->n; i++) {
		size_t column = i % table->columns;
		size_t word = longest_word(table->cells[i].text, i < table->columns);

		if (word > least[column])
			least[column] = word < widths[column] ? word : widths[column];
	}
	return least;
}

static size_t total_of(const struct vnm_table *table, const size_t *widths)
{
	size_t total = table->columns * table->gap;

	for (size_t i = 0; i < table->columns; i++)
		total += widths[i];
	return total;
}

/* The widest column that can be narrower. Return: is there one? */
static bool find_widest(const struct vnm_table *table, const size_t *widths, const size_t *least,
			size_t *ret)
{
	bool found = false;

	for (size_t i = 0; i < table->columns; i++) {
		if (widths[i] <= least[i] || (found && widths[i] <= widths[*ret]))
			continue;
		*ret = i;
		found = true;
	}
	return found;
}

/* Make the widest columns narrower until the table fits, and the gaps, if it would not fit otherwise. */
static void fit(struct vnm_table *table, size_t *widths)
{
	vnm_autofree size_t *least = NULL;
	size_t widest = 0;

	table->gap = GAP;
	if (!table->width || total_of(table, widths) <= table->width)
		return;
	least = find_least(table, widths);
	while (table->gap > 1 && total_of(table, least) > table->width)
		table->gap--;
	while (total_of(table, widths) > table->width && find_widest(table, widths, least, &widest))
		widths[widest]--;
}

/* The bytes of @s that a line of @width has room for: up to a blank or a comma if there is one. */
static size_t line_of(const char *s, size_t width)
{
	size_t at = 0, end = 0, wide = 0, columns, len;

	for (; s[at] && (len = measure_char(s + at, &columns)) > 0; at += len) {
		if (wide + columns > width)
			return end ? end : at ? at : len;
		wide += columns;
		if (s[at] == ' ' || s[at] == ',')
			end = at + len;
	}
	return strlen(s);
}

/* One line of a row, the @first or a further one. @rests: what is left of each cell; moved on. Return: is anything left? */
static bool print_line(const struct vnm_table *table, const size_t *widths,
		       const struct vnm_cell *cells, const char **rests, bool first,
		       struct vnm_buf *out)
{
	bool more = false;
	size_t blanks = 1;

	for (size_t i = 0; i < table->columns; i++) {
		size_t len = line_of(rests[i], widths[i]), shown = len;
		vnm_autofree char *text = NULL;

		while (shown > 0 && rests[i][shown] && rests[i][shown - 1] == ' ')
			shown--;
		text = vnm_strndup(rests[i], shown);
		if (shown > 0 || first) {
			add_repeated(out, ' ', blanks);
			blanks = 0;
		}
		vnm_colour_add(out, shown ? cells[i].colour : VNM_COLOUR_NONE, text, shown);
		blanks += widths[i] - width_of(text) + table->gap;
		rests[i] += len + strspn(rests[i] + len, " ");
		more |= *rests[i] != '\0';
	}
	vnm_buf_addc(out, '\n');
	return more;
}

static void print_row(const struct vnm_table *table, const size_t *widths, size_t row,
		      struct vnm_buf *out)
{
	const struct vnm_cell *cells = table->cells + row * table->columns;
	vnm_autofree const char **rests = vnm_alloc(table->columns * sizeof(*rests));

	for (size_t i = 0; i < table->columns; i++)
		rests[i] = cells[i].text;
	for (bool first = true; print_line(table, widths, cells, rests, first, out); first = false)
		;
}

static void print_ruler(const struct vnm_table *table, const size_t *widths, struct vnm_buf *out)
{
	for (size_t i = 0; i < table->columns; i++)
		add_repeated(out, '-', widths[i] + table->gap);
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
	fit(&shown, widths);
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
		free(table->cells[i].text);
	free(table->cells);
	table->cells = NULL;
	table->n = 0;
}
