/* SPDX-License-Identifier: GPL-2.0-or-later */
/* backup.h - net-export and net-import of a file: definitions, with the autostart, leases and attachments of each. */
#ifndef VNM_DRIVER_BACKUP_H
#define VNM_DRIVER_BACKUP_H

#include <stddef.h>

#include "driver/results.h"
#include "util/error.h"

struct vnm_driver;

int vnm_driver_export(struct vnm_driver *drv, const char *const *names, size_t n, char **ret,
		      struct vnm_error *err);
int vnm_driver_import_backup(struct vnm_driver *drv, const char *text, size_t len, const char *file,
			     struct vnm_result **ret, size_t *ret_n, struct vnm_error *err);

#endif
