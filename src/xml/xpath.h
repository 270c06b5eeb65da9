/* SPDX-License-Identifier: GPL-2.0-or-later */
/* xpath.h - the parts of an XML text that an XPath expression names. */
#ifndef VNM_XML_XPATH_H
#define VNM_XML_XPATH_H

#include <stdbool.h>
#include <stddef.h>

#include "util/buf.h"
#include "util/error.h"

int vnm_xpath_print(const char *xml, size_t len, const char *expression, bool wrap,
		    struct vnm_buf *out, struct vnm_error *err);

#endif
