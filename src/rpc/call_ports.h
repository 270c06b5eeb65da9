/* SPDX-License-Identifier: GPL-2.0-or-later */
/* call_ports.h - procedures for the ports of active networks. */
#ifndef VNM_RPC_CALL_PORTS_H
#define VNM_RPC_CALL_PORTS_H

struct vnm_rpc_call;

int vnm_rpc_list_ports(struct vnm_rpc_call *call);
int vnm_rpc_lookup_port(struct vnm_rpc_call *call);
int vnm_rpc_create_port(struct vnm_rpc_call *call);
int vnm_rpc_get_port_xml(struct vnm_rpc_call *call);
int vnm_rpc_delete_port(struct vnm_rpc_call *call);

#endif
