/* table.c - columns as virsh prints them. */
#include "cli/table.h"

#include <stdlib.h>
#include <string.h>

#include "util/mem.h"

#define GAP 3	/* blanks between two columns */

/* What is no printable ASCII would move the columns, or the terminal's cursor; it becomes \xNN. */
static char *printable(const char *s)
{
	struct vnm_buf text = { 0 };

	for (; *s; s++) {
		unsigned char c = (unsigned char)*s;

		if (c < 0x20 || c > 0x7e)
			vnm_buf_printf(&text, "\\x%02x", c);
		else
			vnm_buf_addc(&text, *s);
	}
	return vnm_buf_steal(&text);
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
		table->cells[table->n - 1] = printable(cells[i] ? cells[i] : "-");
	}
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
		size_t len = strlen(table->cells[i]);

		if (len > widths[i % table->columns])
			widths[i % table->columns] = len;
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
			add_repeated(out, ' ', widths[i] - strlen(cells[i]) + GAP);
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
 * vnm_table_print() - lay the table out
 * @table:    the table
 * @headings: with its first row, underlined; without it the columns are only as wide as the others need
 * @out:      gets the lines; the last column is not filled up with blanks
 */
void vnm_table_print(const struct vnm_table *table, bool headings, struct vnm_buf *out)
{
	size_t first = headings ? 0 : 1;
	vnm_autofree size_t *widths = NULL;

	if (table->n == 0)
		return;
	widths = measure(table, first * table->columns);
	for (size_t row = first; row < table->n / table->columns; row++) {
		print_row(table, widths, row, out);
		if (row == 0)
			print_ruler(table, widths, out);
	}
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
