/* SPDX-License-Identifier: GPL-2.0-or-later */
/* trace_record.h - what following a packet changes on the host, recorded until it is restored. */
#ifndef VNM_SYS_TRACE_RECORD_H
#define VNM_SYS_TRACE_RECORD_H

#include "sys/sys.h"

#define VNM_TRACE_DEVICE "vnetmgr-trace" /* sends the packet into a port */
#define VNM_TRACE_PEER "vnetmgr-trace1"

int vnm_trace_record_begin(struct vnm_sys *sys, struct vnm_error *err);
int vnm_trace_record_log(int family);
int vnm_trace_recover(struct vnm_sys *sys, struct vnm_error *err);
void vnm_trace_drop_record(struct vnm_sys *sys);

#endif
