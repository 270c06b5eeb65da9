/* SPDX-License-Identifier: GPL-2.0-or-later */
/* buf.c - a string that grows. */
#include "util/buf.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/mem.h"

#define BUF_LEAST 64

/* Room for @extra more bytes and the NUL after them. */
static void reserve(struct vnm_buf *buf, size_t extra)
{
	size_t need, cap = buf->cap ? buf->cap : BUF_LEAST;

	if (__builtin_add_overflow(buf->len, extra, &need) || need > SIZE_MAX / 4)
		vnm_oom();
	while (cap <= need)
		cap *= 2;
	if (cap == buf->cap)
		return;
	buf->data = vnm_realloc(buf->data, cap);
	buf->cap = cap;
}

/**
 * vnm_buf_addn() - append bytes
 * @buf:  the buffer
 * @data: the bytes; may be NULL when @len is 0; must not lie in @buf
 * @len:  how many
 */
void vnm_buf_addn(struct vnm_buf *buf, const void *data, size_t len)
{
	reserve(buf, len);
	if (len)
		memcpy(buf->data + buf->len, data, len);
	buf->len += len;
	buf->data[buf->len] = '\0';
}

/**
 * vnm_buf_add() - append a string
 * @buf: the buffer
 * @s:   the string; must not lie in @buf
 */
void vnm_buf_add(struct vnm_buf *buf, const char *s)
{
	vnm_buf_addn(buf, s, strlen(s));
}

/**
 * vnm_buf_addc() - append one byte
 * @buf: the buffer
 * @c:   the byte
 */
void vnm_buf_addc(struct vnm_buf *buf, char c)
{
	vnm_buf_addn(buf, &c, 1);
}

/**
 * vnm_buf_vprintf() - append formatted text
 * @buf: the buffer; no argument may lie in it
 * @fmt: as for printf
 * @ap:  the arguments; undefined afterwards, as for vprintf
 */
void vnm_buf_vprintf(struct vnm_buf *buf, const char *fmt, va_list ap)
{
	va_list again;
	int len;

	va_copy(again, ap);
	reserve(buf, 0);
	len = vsnprintf(buf->data + buf->len, buf->cap - buf->len, fmt, ap);
	if (len < 0)
		vnm_oom();
	if ((size_t)len >= buf->cap - buf->len) {
		reserve(buf, (size_t)len);
		vsnprintf(buf->data + buf->len, buf->cap - buf->len, fmt, again);
	}
	va_end(again);
	buf->len += (size_t)len;
}

/**
 * vnm_buf_printf() - append formatted text
 * @buf: the buffer; no argument may lie in it
 * @fmt: as for printf
 */
void vnm_buf_printf(struct vnm_buf *buf, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vnm_buf_vprintf(buf, fmt, ap);
	va_end(ap);
}

/**
 * vnm_buf_truncate() - remove what was added last
 * @buf: the buffer
 * @len: bytes to keep; at most what it has
 */
void vnm_buf_truncate(struct vnm_buf *buf, size_t len)
{
	buf->len = len;
	if (buf->data)
		buf->data[len] = '\0';
}

/**
 * vnm_buf_clear() - free the text; the buffer is empty and can be used again
 * @buf: the buffer
 */
void vnm_buf_clear(struct vnm_buf *buf)
{
	free(buf->data);
	*buf = (struct vnm_buf){ 0 };
}

/**
 * vnm_buf_steal() - take the text out; the buffer is empty and can be used again
 * @buf: the buffer
 *
 * Return: the text, to be freed; "" when nothing was added.
 */
char *vnm_buf_steal(struct vnm_buf *buf)
{
	char *s = buf->data ? buf->data : vnm_strdup("");

	*buf = (struct vnm_buf){ 0 };
	return s;
}

/**
 * vnm_buf_str() - the text, still owned by the buffer
 * @buf: the buffer
 *
 * Return: the text, valid until the next change; "" when nothing was added.
 */
const char *vnm_buf_str(const struct vnm_buf *buf)
{
	return buf->data ? buf->data : "";
}
