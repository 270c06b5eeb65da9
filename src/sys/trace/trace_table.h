/* SPDX-License-Identifier: GPL-2.0-or-later */
/* trace_table.h - the tables of nf_tables that follow one packet, and catch it at the end. */
#ifndef VNM_SYS_TRACE_TABLE_H
#define VNM_SYS_TRACE_TABLE_H

#include "plan/trace/packet.h"
#include "sys/sys.h"

#define VNM_TRACE_TABLE "vnetmgr-trace"

int vnm_trace_table_add(struct nl_sock **sock, const struct vnm_packet *packet, const char *dev);
void vnm_trace_table_remove(struct nl_sock **sock);

#endif
