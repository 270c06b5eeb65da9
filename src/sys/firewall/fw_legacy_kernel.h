/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fw_legacy_kernel.h - the legacy tables beside libiptc: the lock, which tables and extensions there are. */
#ifndef VNM_SYS_FW_LEGACY_KERNEL_H
#define VNM_SYS_FW_LEGACY_KERNEL_H

#include "sys/firewall/fw_table_impl.h"
#include "sys/host/kmod.h"

enum vnm_kmod vnm_fw_legacy_module(int family);
int vnm_fw_legacy_lock(struct vnm_error *err);
int vnm_fw_legacy_probe(struct vnm_sys *sys, int family, bool target, const char *name,
			unsigned revision);
int vnm_fw_legacy_count(int family, enum vnm_fw_table table);
int vnm_fw_legacy_raw(int family, enum vnm_fw_table table, void **ret, size_t *ret_len);
bool vnm_fw_legacy_exists(struct vnm_sys *sys, int family, enum vnm_fw_table table);
bool vnm_fw_legacy_absent(const struct vnm_fw_handle *handle, int r, struct vnm_error *err);

#endif
