/* SPDX-License-Identifier: GPL-2.0-or-later */
/* dnsmasq_mark.h - whether a dnsmasq of a network may be running without a record. */
#ifndef VNM_SYS_DNSMASQ_MARK_H
#define VNM_SYS_DNSMASQ_MARK_H

#include <stdbool.h>

#include "util/error.h"

bool vnm_dnsmasq_may_run(const char *dir);
int vnm_dnsmasq_mark(const char *dir, struct vnm_error *err);
int vnm_dnsmasq_unmark(const char *dir);

#endif
