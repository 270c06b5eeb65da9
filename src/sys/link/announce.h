/* SPDX-License-Identifier: GPL-2.0-or-later */
/* announce.h - tell the hosts of an overlay that a guest is here now. */
#ifndef VNM_SYS_ANNOUNCE_H
#define VNM_SYS_ANNOUNCE_H

#include "sys/sys.h"

int vnm_announce_port(struct vnm_sys *sys, const char *port, const struct vnm_mac *mac);
int vnm_announce_address(struct vnm_sys *sys, const char *tunnel, const struct vnm_mac *mac,
			 const struct vnm_addr *addr);
int vnm_announce_elsewhere(struct vnm_sys *sys, const char *tunnel, const struct vnm_mac *own,
			   const struct vnm_addr *addr);

#endif
