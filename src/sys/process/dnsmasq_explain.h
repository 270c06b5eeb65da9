/* SPDX-License-Identifier: GPL-2.0-or-later */
/* dnsmasq_explain.h - where dnsmasq is, and why it did not start. */
#ifndef VNM_SYS_DNSMASQ_EXPLAIN_H
#define VNM_SYS_DNSMASQ_EXPLAIN_H

#include "util/error.h"

int vnm_dnsmasq_explain(const char *dir, const char *output, struct vnm_error *err);
char *vnm_dnsmasq_find(void);	/* path of the program, or NULL */

#endif
