/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * check.c - common parts of all checks of a definition; see check.h.
 *
 * Lists are checked for duplicates by sorting: a definition may hold some ten thousand reservations.
 */
#include "model/check.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "util/mem.h"

/**
 * vnm_check_place() - where another element is that an error is about, too
 * @check: the validation
 * @what:  "line" or "first at line"
 * @at:    the other element
 * @buf:   gets it
 *
 * Return: " (line 5)"; "" for what is in no file: nobody has seen its lines.
 */
const char *vnm_check_place(const struct vnm_check *check, const char *what,
			    const struct vnm_at *at, char buf[static VNM_CHECK_PLACE])
{
	*buf = '\0';
	if (check->net->file)
		snprintf(buf, VNM_CHECK_PLACE, " (%s %d)", what, at->line);
	return buf;
}

/**
 * vnm_check_fail() - set the error of a validation
 * @check: the validation
 * @at:    the element at fault
 * @fmt:   what is wrong; file and line are put before it
 *
 * Return: -EINVAL.
 */
int vnm_check_fail(struct vnm_check *check, const struct vnm_at *at, const char *fmt, ...)
{
	char message[VNM_ERROR_MAX];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(message, sizeof(message), fmt, ap);
	va_end(ap);
	vnm_error_set(check->err, VNM_ERR_XML_MEANING, EINVAL, "%s", message);
	if (check->net->file)
		vnm_error_prefix(check->err, "%s:%d: ", check->net->file, at->line);
	return -EINVAL;
}

/**
 * vnm_check_warn() - add a warning
 * @check: the validation
 * @at:    the element
 * @fmt:   what is odd; file and line are put before it
 */
void vnm_check_warn(struct vnm_check *check, const struct vnm_at *at, const char *fmt, ...)
{
	char message[VNM_ERROR_MAX];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(message, sizeof(message), fmt, ap);
	va_end(ap);
	if (check->net->file)
		vnm_warnings_add(check->warnings, "%s:%d: %s", check->net->file, at->line, message);
	else
		vnm_warnings_add(check->warnings, "%s", message);
}

/* By the rule's order, then by the order of the definition. */
static int compare_items(const void *a, const void *b, void *data)
{
	const char *const *x = a, *const *y = b;
	const struct vnm_clash_rule *rule = data;
	int r = rule->order(*x, *y);

	return r ? r : (*x > *y) - (*x < *y);
}

/**
 * vnm_check_clash() - find two elements of a list that exclude each other
 * @items: the list
 * @n:     how many
 * @size:  bytes of an element
 * @rule:  what clashes
 * @ret:   the two; of several clashes the one whose second element comes first in the definition
 *
 * Return: whether there are two.
 */
bool vnm_check_clash(const void *items, size_t n, size_t size, const struct vnm_clash_rule *rule,
		     struct vnm_clash *ret)
{
	vnm_autofree const char **sorted = vnm_alloc((n ? n : 1) * sizeof(*sorted));
	const char *earliest = NULL;

	for (size_t i = 0; i < n; i++)
		sorted[i] = (const char *)items + i * size;
	qsort_r(sorted, n, sizeof(*sorted), compare_items, (void *)rule);
	for (size_t i = 1; i < n; i++) {
		const char *a = sorted[i - 1], *b = sorted[i];
		const char *second = a < b ? b : a;

		if (!rule->clash(a, b) || (earliest && second >= earliest))
			continue;
		earliest = second;
		*ret = (struct vnm_clash){ a < b ? a : b, second };
	}
	return earliest != NULL;
}
