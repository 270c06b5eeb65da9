/* SPDX-License-Identifier: GPL-2.0-or-later */
/* call_connect.h - procedures of the connection itself. */
#ifndef VNM_RPC_CALL_CONNECT_H
#define VNM_RPC_CALL_CONNECT_H

struct vnm_rpc_call;

int vnm_rpc_connect_open(struct vnm_rpc_call *call);
int vnm_rpc_connect_close(struct vnm_rpc_call *call);
int vnm_rpc_connect_type(struct vnm_rpc_call *call);
int vnm_rpc_connect_uri(struct vnm_rpc_call *call);
int vnm_rpc_connect_secure(struct vnm_rpc_call *call);
int vnm_rpc_connect_version(struct vnm_rpc_call *call);
int vnm_rpc_connect_feature(struct vnm_rpc_call *call);
int vnm_rpc_connect_auth(struct vnm_rpc_call *call);
int vnm_rpc_connect_identity(struct vnm_rpc_call *call);
int vnm_rpc_connect_nothing(struct vnm_rpc_call *call);

#endif
