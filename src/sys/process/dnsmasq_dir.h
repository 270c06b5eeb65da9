/* SPDX-License-Identifier: GPL-2.0-or-later */
/* dnsmasq_dir.h - the directory of a network's dnsmasq. */
#ifndef VNM_SYS_DNSMASQ_DIR_H
#define VNM_SYS_DNSMASQ_DIR_H

#include "util/error.h"

int vnm_dnsmasq_dir_make(const char *dir, struct vnm_error *err);
int vnm_dnsmasq_dir_open(const char *dir);
int vnm_dnsmasq_dir_remove(const char *dir);

#endif
