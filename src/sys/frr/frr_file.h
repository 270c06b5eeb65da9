/* SPDX-License-Identifier: GPL-2.0-or-later */
/* frr_file.h - frr.conf, and who of us needs what we have added to it. */
#ifndef VNM_SYS_FRR_FILE_H
#define VNM_SYS_FRR_FILE_H

#include <stdbool.h>

#include "sys/sys.h"

int vnm_frr_file_read(const char *dir, char **ret, struct vnm_error *err);
void vnm_frr_file_sweep(const char *dir);
int vnm_frr_file_write(const char *dir, const char *text, struct vnm_error *err);
int vnm_frr_user_add(struct vnm_sys *sys, const char *network, struct vnm_error *err);
bool vnm_frr_user_has_others(struct vnm_sys *sys, const char *network);
int vnm_frr_user_remove(struct vnm_sys *sys, const char *network, bool *ret_last,
			struct vnm_error *err);

#endif
