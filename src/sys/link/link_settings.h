/* SPDX-License-Identifier: GPL-2.0-or-later */
/* link_settings.h - settings of a device below /proc/sys/net, as the kernel's list of devices has them. */
#ifndef VNM_SYS_LINK_SETTINGS_H
#define VNM_SYS_LINK_SETTINGS_H

#include "plan/link.h"

struct nlattr;

void vnm_link_settings_parse(struct nlattr *spec, struct vnm_link_settings *ret);
bool vnm_link_settings_get(const struct vnm_link_settings *settings, const char *family,
			   const char *name, int32_t *ret);

#endif
