/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bridge_record.h - the record of a network's bridge, by which it is recognised whatever its name, MAC address or group. */
#ifndef VNM_SYS_BRIDGE_RECORD_H
#define VNM_SYS_BRIDGE_RECORD_H

#include "sys/link/link.h"
#include "sys/op_impl.h"

int vnm_bridge_record_write(struct vnm_sys *sys, const struct vnm_op_bridge *want,
			    struct vnm_error *err);
int vnm_bridge_record_drop(struct vnm_sys *sys, const char *name, struct vnm_error *err);
int vnm_bridge_record_find(struct vnm_sys *sys, const char *name, struct vnm_link *ret);
int vnm_bridge_recorded(struct vnm_sys *sys, const char *name, struct vnm_link *ret);
int vnm_bridge_record_read(struct vnm_sys *sys, const char *name, struct vnm_link *ret);
bool vnm_bridge_is_ours(const struct vnm_link *link, const struct vnm_op_bridge *want);
bool vnm_bridge_explain(const struct vnm_link *link, const struct vnm_op_bridge *want,
			char why[static VNM_WHY_SIZE]);
int vnm_bridge_restore(struct vnm_sys *sys, const struct vnm_link *link,
		       const struct vnm_op_bridge *want, struct vnm_error *err);

#endif
