/* SPDX-License-Identifier: GPL-2.0-or-later */
/* xt_match_text.h - the options of a table entry's matches. */
#ifndef VNM_SYS_XT_MATCH_TEXT_H
#define VNM_SYS_XT_MATCH_TEXT_H

#include "util/buf.h"

void vnm_xt_match_text(int family, const void *head, struct vnm_buf *out);

#endif
