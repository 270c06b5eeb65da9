/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fw_version.h - whether anything has changed in the packet filters of this network namespace. */
#ifndef VNM_SYS_FW_VERSION_H
#define VNM_SYS_FW_VERSION_H

#include "sys/sys.h"

/** struct vnm_fw_version - @generation: the last transaction of nf_tables; @legacy: a hash of the legacy tables; 0: there are none */
struct vnm_fw_version {
	uint32_t generation;
	uint64_t legacy;
};

int vnm_fw_version_read(struct vnm_sys *sys, struct vnm_fw_version *ret);
bool vnm_fw_version_same(const struct vnm_fw_version *a, const struct vnm_fw_version *b);

#endif
