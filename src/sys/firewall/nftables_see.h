/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nftables_see.h - read the tables of the back end "nftables" whole. */
#ifndef VNM_SYS_NFTABLES_SEE_H
#define VNM_SYS_NFTABLES_SEE_H

#include "sys/sys.h"

void vnm_nftables_see(struct vnm_sys *sys);

#endif
