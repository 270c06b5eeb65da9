/* SPDX-License-Identifier: GPL-2.0-or-later */
/* buf.h - a string that grows. */
#ifndef VNM_UTIL_BUF_H
#define VNM_UTIL_BUF_H

#include <stdarg.h>
#include <stddef.h>

/** struct vnm_buf - zero-initialise; @data is NUL-terminated as soon as anything was added. */
struct vnm_buf {
	char *data;
	size_t len, cap;
};

void vnm_buf_add(struct vnm_buf *buf, const char *s);
void vnm_buf_addn(struct vnm_buf *buf, const void *data, size_t len);
void vnm_buf_addc(struct vnm_buf *buf, char c);
void vnm_buf_printf(struct vnm_buf *buf, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void vnm_buf_vprintf(struct vnm_buf *buf, const char *fmt, va_list ap)
	__attribute__((format(printf, 2, 0)));
void vnm_buf_truncate(struct vnm_buf *buf, size_t len);
void vnm_buf_clear(struct vnm_buf *buf);
char *vnm_buf_steal(struct vnm_buf *buf);	/* never NULL: "" when nothing was added */
const char *vnm_buf_str(const struct vnm_buf *buf);	/* never NULL */

#define vnm_autobuf __attribute__((cleanup(vnm_buf_clear)))

#endif
