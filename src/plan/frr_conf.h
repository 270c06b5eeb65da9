/* SPDX-License-Identifier: GPL-2.0-or-later */
/* frr_conf.h - FRR's configuration file: the part of it that is ours. Pure. */
#ifndef VNM_PLAN_FRR_CONF_H
#define VNM_PLAN_FRR_CONF_H

#include <stdbool.h>

char *vnm_frr_conf_part(const char *conf);
char *vnm_frr_conf_with(const char *conf, const char *part);
bool vnm_frr_conf_foreign(const char *conf);

#endif
