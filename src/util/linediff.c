/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * linediff.c - two texts, line by line, as diff -u shows them.
 *
 * The longest common subsequence between the first and the last difference, by the table of its lengths (Wagner and
 * Fischer, 1974). If the table would exceed TABLE_MAX entries, all lines between are replaced.
 */
#include "util/linediff.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "util/mem.h"

#define CONTEXT 3
#define TABLE_MAX (16u * 1024 * 1024)

/** struct lines - a text as lines. */
struct lines {
	const char **at;
	size_t *len;
	size_t n;
};

static void cut(const char *text, struct lines *ret)
{
	size_t n = 0;

	while (*text) {
		size_t len = strcspn(text, "\n");

		ret->at = vnm_array_add(ret->at, &n, sizeof(*ret->at));
		ret->len = vnm_array_add(ret->len, &ret->n, sizeof(*ret->len));
		ret->at[n - 1] = text;
		ret->len[n - 1] = len;
		text += len + (text[len] == '\n');
	}
}

static void lines_clear(struct lines *lines)
{
	free(lines->at);
	free(lines->len);
}
#define autolines __attribute__((cleanup(lines_clear)))

static bool same(const struct lines *a, size_t i, const struct lines *b, size_t k)
{
	return a->len[i] == b->len[k] && !memcmp(a->at[i], b->at[k], a->len[i]);
}

/** struct script - an edit of each line: ' ' keep, '-' remove, '+' add. */
struct script {
	char *marks;
	const char **at;
	size_t *len;
	size_t n;
};

static void script_clear(struct script *script)
{
	free(script->marks);
	free(script->at);
	free(script->len);
}
#define autoscript __attribute__((cleanup(script_clear)))

static void add_edit(struct script *script, char mark, const struct lines *from, size_t i)
{
	size_t a = script->n, b = script->n;

	script->marks = vnm_array_add(script->marks, &a, sizeof(*script->marks));
	script->at = vnm_array_add(script->at, &b, sizeof(*script->at));
	script->len = vnm_array_add(script->len, &script->n, sizeof(*script->len));
	script->marks[script->n - 1] = mark;
	script->at[script->n - 1] = from->at[i];
	script->len[script->n - 1] = from->len[i];
}

/* lengths[i * (nb + 1) + k]: of the common subsequence of a[i..] and b[k..], both counted from @first. */
static uint32_t *measure(const struct lines *a, const struct lines *b, size_t first, size_t na,
			 size_t nb)
{
	uint32_t *lengths = vnm_alloc((na + 1) * (nb + 1) * sizeof(*lengths));
	size_t row = nb + 1;

	for (size_t i = na; i-- > 0;) {
		for (size_t k = nb; k-- > 0;) {
			uint32_t down = lengths[(i + 1) * row + k],
				 right = lengths[i * row + k + 1];

			if (same(a, first + i, b, first + k))
				lengths[i * row + k] = lengths[(i + 1) * row + k + 1] + 1;
			else
				lengths[i * row + k] = down > right ? down : right;
		}
	}
	return lengths;
}

static void differ(const struct lines *a, const struct lines *b, size_t first, size_t na, size_t nb,
		   struct script *script)
{
	vnm_autofree uint32_t *lengths =
		na && nb > TABLE_MAX / na ? NULL : measure(a, b, first, na, nb);
	size_t i = 0, k = 0, row = nb + 1;

	while (lengths && i < na && k < nb) {
		if (same(a, first + i, b, first + k)) {
			add_edit(script, ' ', a, first + i++);
			k++;
		} else if (lengths[(i + 1) * row + k] >= lengths[i * row + k + 1]) {
			add_edit(script, '-', a, first + i++);
		} else {
			add_edit(script, '+', b, first + k++);
		}
	}
	while (i < na)
		add_edit(script, '-', a, first + i++);
	while (k < nb)
		add_edit(script, '+', b, first + k++);
}

static bool near_change(const struct script *script, size_t i)
{
	size_t from = i > CONTEXT ? i - CONTEXT : 0;

	for (size_t k = from; k <= i + CONTEXT && k < script->n; k++)
		if (script->marks[k] != ' ')
			return true;
	return false;
}

/* An empty range has the number of the line before it; one line has no count. */
static void print_range(char mark, size_t first, size_t n, struct vnm_buf *out)
{
	vnm_buf_printf(out, "%c%zu", mark, n ? first : first - 1);
	if (n != 1)
		vnm_buf_printf(out, ",%zu", n);
	vnm_buf_addc(out, ' ');
}

static void hunk_head(const struct script *script, size_t i, size_t a, size_t b,
		      struct vnm_buf *out)
{
	size_t na = 0, nb = 0;

	for (; i < script->n && near_change(script, i); i++) {
		na += script->marks[i] != '+';
		nb += script->marks[i] != '-';
	}
	vnm_buf_add(out, "@@ ");
	print_range('-', a, na, out);
	print_range('+', b, nb, out);
	vnm_buf_add(out, "@@\n");
}

static void print(const struct script *script, struct vnm_buf *out)
{
	size_t a = 1, b = 1;
	bool inside = false;

	for (size_t i = 0; i < script->n; i++) {
		bool shown = near_change(script, i);

		if (shown && !inside)
			hunk_head(script, i, a, b, out);
		if (shown)
			vnm_buf_printf(out, "%c%.*s\n", script->marks[i], (int)script->len[i],
				       script->at[i]);
		inside = shown;
		a += script->marks[i] != '+';
		b += script->marks[i] != '-';
	}
}

/**
 * vnm_linediff() - what differs between two texts, as the body of diff -u
 * @old: one
 * @new: the other
 * @out: gets the hunks; nothing when the texts are equal
 *
 * Return: whether they differ.
 */
bool vnm_linediff(const char *old, const char *new, struct vnm_buf *out)
{
	struct lines a autolines = { 0 }, b autolines = { 0 };
	struct script script autoscript = { 0 };
	size_t head = 0, tail = 0;

	if (!strcmp(old, new))
		return false;
	cut(old, &a);
	cut(new, &b);
	while (head < a.n && head < b.n && same(&a, head, &b, head))
		head++;
	while (tail < a.n - head && tail < b.n - head &&
	       same(&a, a.n - 1 - tail, &b, b.n - 1 - tail))
		tail++;
	for (size_t i = 0; i < head; i++)
		add_edit(&script, ' ', &a, i);
	differ(&a, &b, head, a.n - head - tail, b.n - head - tail, &script);
	for (size_t i = a.n - tail; i < a.n; i++)
		add_edit(&script, ' ', &a, i);
	print(&script, out);
	return true;
}
