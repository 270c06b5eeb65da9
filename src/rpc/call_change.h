/* SPDX-License-Identifier: GPL-2.0-or-later */
/* call_change.h - procedures that define, start, change and stop networks. */
#ifndef VNM_RPC_CALL_CHANGE_H
#define VNM_RPC_CALL_CHANGE_H

struct vnm_rpc_call;

int vnm_rpc_start(struct vnm_rpc_call *call);
int vnm_rpc_destroy(struct vnm_rpc_call *call);
int vnm_rpc_undefine(struct vnm_rpc_call *call);
int vnm_rpc_set_autostart(struct vnm_rpc_call *call);
int vnm_rpc_define_xml(struct vnm_rpc_call *call);
int vnm_rpc_create_xml(struct vnm_rpc_call *call);
int vnm_rpc_define_xml_flags(struct vnm_rpc_call *call);
int vnm_rpc_create_xml_flags(struct vnm_rpc_call *call);
int vnm_rpc_update(struct vnm_rpc_call *call);

#endif
