/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fdb_entry.h - what a bridge is told of a guest, instead of learning it. */
#ifndef VNM_SYS_FDB_ENTRY_H
#define VNM_SYS_FDB_ENTRY_H

#include "sys/link/link.h"

int vnm_fdb_entry_set(struct vnm_sys *sys, const struct vnm_link *port, const struct vnm_mac *mac,
		      struct vnm_error *err);
int vnm_fdb_entry_drop(struct vnm_sys *sys, const struct vnm_link *port, const struct vnm_mac *mac,
		       struct vnm_error *err);
int vnm_fdb_entry_has(struct vnm_sys *sys, const struct vnm_link *port, const struct vnm_mac *mac);

#endif
