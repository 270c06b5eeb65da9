/* SPDX-License-Identifier: GPL-2.0-or-later */
/* linediff.h - two texts, line by line. */
#ifndef VNM_UTIL_LINEDIFF_H
#define VNM_UTIL_LINEDIFF_H

#include <stdbool.h>

#include "util/buf.h"

bool vnm_linediff(const char *old, const char *new, struct vnm_buf *out);

#endif
