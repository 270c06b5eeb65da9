/* SPDX-License-Identifier: GPL-2.0-or-later */
/* resolv.h - /etc/netns/NAME/resolv.conf, which all guests in a namespace share, those of DHCP clients, too. */
#ifndef VNM_SYS_RESOLV_H
#define VNM_SYS_RESOLV_H

#include <stdbool.h>

int vnm_resolv_put(const char *path, const char *line);
void vnm_resolv_take(const char *path, const char *dev);
bool vnm_resolv_foreign(const char *path);
bool vnm_resolv_names(const char *path, const char *dev);

#endif
