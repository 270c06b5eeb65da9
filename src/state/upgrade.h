/* SPDX-License-Identifier: GPL-2.0-or-later */
/* upgrade.h - renames what earlier versions called otherwise. */
#ifndef VNM_STATE_UPGRADE_H
#define VNM_STATE_UPGRADE_H

#include <stdbool.h>

struct vnm_driver;

bool vnm_upgrade_ports(int fd);
void vnm_upgrade_attachments(struct vnm_driver *drv);
void vnm_upgrade_files(int fd);

#endif
