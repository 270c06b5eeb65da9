/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fdb.h - the stations that a bridge knows. */
#ifndef VNM_SYS_FDB_H
#define VNM_SYS_FDB_H

#include "sys/link/link.h"

int vnm_fdb_port(struct vnm_sys *sys, const struct vnm_link *bridge, const struct vnm_mac *mac,
		 struct vnm_link *ret);
int vnm_fdb_station(struct vnm_sys *sys, const struct vnm_link *bridge, const struct vnm_link *port,
		    struct vnm_mac *ret);

#endif
