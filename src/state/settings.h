/* SPDX-License-Identifier: GPL-2.0-or-later */
/* settings.h - the administrator's settings for all networks: network.conf. */
#ifndef VNM_STATE_SETTINGS_H
#define VNM_STATE_SETTINGS_H

#include "plan/firewall/fw_choice.h"
#include "state/paths.h"
#include "util/error.h"

/** struct vnm_settings - what network.conf sets; all 0: nothing. */
struct vnm_settings {
	enum vnm_fw_setting firewall;
};

int vnm_settings_parse(char *text, const char *path, struct vnm_settings *ret,
		       struct vnm_error *err);
int vnm_settings_load(const struct vnm_paths *paths, struct vnm_settings *ret,
		      struct vnm_error *err);

#endif
