/* SPDX-License-Identifier: GPL-2.0-or-later */
/* link_settings.h - settings of a device below /proc/sys/net, as the kernel's list of devices has them. */
#ifndef VNM_SYS_LINK_SETTINGS_H
#define VNM_SYS_LINK_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

struct nlattr;

#define VNM_LINK_SETTINGS 12

/** struct vnm_link_settings - @values: in the order of a table of ours. @known: 1 << i: the kernel has told values[i] */
struct vnm_link_settings {
	int32_t values[VNM_LINK_SETTINGS];
	uint32_t known;
};

void vnm_link_settings_parse(struct nlattr *spec, struct vnm_link_settings *ret);
bool vnm_link_settings_get(const struct vnm_link_settings *settings, const char *family,
			   const char *name, int32_t *ret);

#endif
