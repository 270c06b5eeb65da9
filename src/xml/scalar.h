/* SPDX-License-Identifier: GPL-2.0-or-later */
/* scalar.h - the types of values that a row of element.h can hold. */
#ifndef VNM_XML_SCALAR_H
#define VNM_XML_SCALAR_H

#include <stdbool.h>

#include "util/buf.h"
#include "xml/element.h"

/**
 * struct vnm_scalar_ops - one type
 * @size:   of the value in the struct, bytes
 * @expect: the expected value, for messages; NULL: derived from the row
 * @read:   0 or -errno
 * @has:    is the value present?
 * @print:  the value as XML text
 */
struct vnm_scalar_ops {
	size_t size;
	const char *expect;
	int (*read)(const struct vnm_field *field, const char *text, void *value);
	bool (*has)(const struct vnm_field *field, const void *value);
	void (*print)(const struct vnm_field *field, const void *value, struct vnm_buf *out);
};

extern const struct vnm_scalar_ops vnm_scalars[VNM_SCALAR_COUNT];

void vnm_scalar_expectation(const struct vnm_field *field, struct vnm_buf *out);

#endif
