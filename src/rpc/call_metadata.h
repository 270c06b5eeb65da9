/* SPDX-License-Identifier: GPL-2.0-or-later */
/* call_metadata.h - procedures for title, description and metadata. */
#ifndef VNM_RPC_CALL_METADATA_H
#define VNM_RPC_CALL_METADATA_H

struct vnm_rpc_call;

int vnm_rpc_set_metadata(struct vnm_rpc_call *call);
int vnm_rpc_get_metadata(struct vnm_rpc_call *call);

#endif
