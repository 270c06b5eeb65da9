/* SPDX-License-Identifier: GPL-2.0-or-later */
/* call_query.h - procedures that only look at networks. */
#ifndef VNM_RPC_CALL_QUERY_H
#define VNM_RPC_CALL_QUERY_H

struct vnm_rpc_call;

int vnm_rpc_count_active(struct vnm_rpc_call *call);
int vnm_rpc_count_inactive(struct vnm_rpc_call *call);
int vnm_rpc_names_active(struct vnm_rpc_call *call);
int vnm_rpc_names_inactive(struct vnm_rpc_call *call);
int vnm_rpc_list(struct vnm_rpc_call *call);
int vnm_rpc_lookup_name(struct vnm_rpc_call *call);
int vnm_rpc_lookup_uuid(struct vnm_rpc_call *call);
int vnm_rpc_get_xml(struct vnm_rpc_call *call);
int vnm_rpc_get_autostart(struct vnm_rpc_call *call);
int vnm_rpc_get_bridge(struct vnm_rpc_call *call);
int vnm_rpc_is_active(struct vnm_rpc_call *call);
int vnm_rpc_is_persistent(struct vnm_rpc_call *call);

#endif
