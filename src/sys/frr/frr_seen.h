/* SPDX-License-Identifier: GPL-2.0-or-later */
/* frr_seen.h - what FRR runs and knows, asked for once. */
#ifndef VNM_SYS_FRR_SEEN_H
#define VNM_SYS_FRR_SEEN_H

#include "sys/sys.h"

const char *vnm_frr_see(struct vnm_sys *sys, const struct vnm_op_evpn *evpn, struct vnm_error *err);
void vnm_frr_forget(struct vnm_sys *sys);

#endif
