/* SPDX-License-Identifier: GPL-2.0-or-later */
/* error.c - one error, set where it is detected and returned by value. */
#include "util/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/buf.h"
#include "util/mem.h"

/*
 * Messages quote names and texts of the user. A control byte in one of them would break the "one line" that
 * everybody above relies on, or reach the terminal as an escape sequence.
 */
static void make_one_line(char *s)
{
	for (; *s; s++)
		if ((unsigned char)*s < 0x20 || *s == 0x7f)
			*s = '?';
}

static int error_result(int sys)
{
	return sys > 0 ? -sys : -EINVAL;
}

/**
 * vnm_error_set() - set an error
 * @err:  filled in; NULL when the caller ignores it
 * @code: the kind of failure
 * @sys:  the errno behind it (positive), 0 when there was none
 * @fmt:  what failed, on what, what to do; control characters in the result become '?'
 *
 * Return: -@sys, or -EINVAL when @sys is 0; so it can stand in a return statement.
 */
int(vnm_error_set)(struct vnm_error *err, enum vnm_err code, int sys, const char *fmt, ...)
{
	char msg[VNM_ERROR_MAX];
	va_list ap;

	if (!err)
		return error_result(sys);
	/* The arguments may point into *err, so the text is formatted elsewhere. */
	va_start(ap, fmt);
	vsnprintf(msg, sizeof(msg), fmt, ap);
	va_end(ap);
	make_one_line(msg);
	memcpy(err->msg, msg, strlen(msg) + 1);
	err->code = code;
	err->sys = sys;
	return error_result(sys);
}

/**
 * vnm_error_prefix() - put context before an existing message
 * @err: the error; nothing happens when it is NULL or empty
 * @fmt: the text to put in front, with its own separator ("network 'x': ")
 *
 * A message that becomes too long is cut off.
 *
 * Return: as vnm_error_set() for this error.
 */
int(vnm_error_prefix)(struct vnm_error *err, const char *fmt, ...)
{
	char msg[VNM_ERROR_MAX];
	size_t head, tail;
	va_list ap;

	if (!err || err->code == VNM_ERR_NONE)
		return error_result(err ? err->sys : 0);
	va_start(ap, fmt);
	vsnprintf(msg, sizeof(msg), fmt, ap);
	va_end(ap);
	make_one_line(msg);

	head = strlen(msg);
	tail = strnlen(err->msg, sizeof(msg) - 1 - head);
	memcpy(msg + head, err->msg, tail);
	msg[head + tail] = '\0';
	memcpy(err->msg, msg, head + tail + 1);
	return error_result(err->sys);
}

/** vnm_error_errno() - the return value of a function that fails with @err: -errno; -EIO when it has none. */
int vnm_error_errno(const struct vnm_error *err)
{
	return -(err->sys ? err->sys : EIO);
}

/**
 * vnm_warnings_add() - one more line for the user
 * @warnings: the list; NULL: the line is dropped
 * @fmt:   the line, without "warning:" and without a newline
 */
void vnm_warnings_add(struct vnm_warnings *warnings, const char *fmt, ...)
{
	struct vnm_buf line = { 0 };
	va_list ap;

	if (!warnings)
		return;
	va_start(ap, fmt);
	vnm_buf_vprintf(&line, fmt, ap);
	va_end(ap);

	warnings->items = vnm_array_add(warnings->items, &warnings->n, sizeof(*warnings->items));
	warnings->items[warnings->n - 1] = vnm_buf_steal(&line);
	make_one_line(warnings->items[warnings->n - 1]);
}

/** vnm_warnings_has() - is the line in the list? */
bool vnm_warnings_has(const struct vnm_warnings *warnings, const char *line)
{
	for (size_t i = 0; i < warnings->n; i++)
		if (!strcmp(warnings->items[i], line))
			return true;
	return false;
}

/** vnm_warnings_add_once() - vnm_warnings_add() of a line, unless it is in the list already; NULL: the line is dropped */
void vnm_warnings_add_once(struct vnm_warnings *warnings, const char *line)
{
	if (warnings && !vnm_warnings_has(warnings, line))
		vnm_warnings_add(warnings, "%s", line);
}

/**
 * vnm_warnings_clear() - free the lines; the list can be used again
 * @warnings: the list
 */
void vnm_warnings_clear(struct vnm_warnings *warnings)
{
	for (size_t i = 0; i < warnings->n; i++)
		free(warnings->items[i]);
	free(warnings->items);
	*warnings = (struct vnm_warnings){ 0 };
}
