/* SPDX-License-Identifier: GPL-2.0-or-later */
/* text.h - strings as they are encoded. */
#ifndef VNM_RPC_TEXT_H
#define VNM_RPC_TEXT_H

#include <rpc/rpc.h>

typedef char *vnm_rpc_string;

bool_t xdr_vnm_rpc_string(XDR *xdr, vnm_rpc_string *text);

#endif
