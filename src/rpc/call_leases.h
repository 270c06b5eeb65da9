/* SPDX-License-Identifier: GPL-2.0-or-later */
/* call_leases.h - the procedure for DHCP leases. */
#ifndef VNM_RPC_CALL_LEASES_H
#define VNM_RPC_CALL_LEASES_H

struct vnm_rpc_call;

int vnm_rpc_get_leases(struct vnm_rpc_call *call);

#endif
