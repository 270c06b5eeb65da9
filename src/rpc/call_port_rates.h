/* SPDX-License-Identifier: GPL-2.0-or-later */
/* call_port_rates.h - procedures for the rates of ports. */
#ifndef VNM_RPC_CALL_PORT_RATES_H
#define VNM_RPC_CALL_PORT_RATES_H

struct vnm_rpc_call;

int vnm_rpc_get_port_rates(struct vnm_rpc_call *call);
int vnm_rpc_set_port_rates(struct vnm_rpc_call *call);

#endif
