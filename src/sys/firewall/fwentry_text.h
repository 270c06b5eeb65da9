/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fwentry_text.h - entries as "iptables -S" prints them. */
#ifndef VNM_SYS_FWENTRY_TEXT_H
#define VNM_SYS_FWENTRY_TEXT_H

#include "util/buf.h"

void vnm_fwentry_text(int family, const void *entry, const char *target, struct vnm_buf *out);

#endif
