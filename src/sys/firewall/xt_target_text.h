/* SPDX-License-Identifier: GPL-2.0-or-later */
/* xt_target_text.h - the options of a table entry's target. */
#ifndef VNM_SYS_XT_TARGET_TEXT_H
#define VNM_SYS_XT_TARGET_TEXT_H

#include "util/buf.h"

void vnm_xt_target_text(int family, const void *head, struct vnm_buf *out);

#endif
