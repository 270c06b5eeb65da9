/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fw_legacy_seen.h - the legacy tables as they were read for checks, whichever back end is in use. */
#ifndef VNM_SYS_FW_LEGACY_SEEN_H
#define VNM_SYS_FW_LEGACY_SEEN_H

#include "sys/firewall/fw_table.h"

const struct vnm_fw_handle *vnm_fw_legacy_seen(struct vnm_sys *sys, int family,
					       enum vnm_fw_table table);
void vnm_fw_legacy_forget(struct vnm_sys *sys);

#endif
