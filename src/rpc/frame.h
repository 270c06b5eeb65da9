/* SPDX-License-Identifier: GPL-2.0-or-later */
/* frame.h - the messages of libvirt's remote protocol: length, header, payload. Pure. */
#ifndef VNM_RPC_FRAME_H
#define VNM_RPC_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rpc/protocol.h"
#include "util/buf.h"

#define VNM_RPC_FRAME_HEAD 28 /* bytes of the length and the header */
#define VNM_RPC_FRAME_MAX (1024 * 1024) /* bytes of a client's message; libvirt's limit is 32 MiB */

#define VNM_RPC_PROGRAM 0x20008086u
#define VNM_RPC_PROGRAM_KEEPALIVE 0x6b656570u
#define VNM_RPC_VERSION 1u

enum vnm_rpc_type {
	VNM_RPC_TYPE_CALL,
	VNM_RPC_TYPE_REPLY,
	VNM_RPC_TYPE_MESSAGE, /* keepalive and events */
	VNM_RPC_TYPE_STREAM,
	VNM_RPC_TYPE_CALL_FDS, /* a count of descriptors follows the header */
};

enum vnm_rpc_status { VNM_RPC_STATUS_OK, VNM_RPC_STATUS_ERROR };

/** struct vnm_rpc_header - what precedes a payload. @type, @status: see above, but anything when it was received. */
struct vnm_rpc_header {
	uint32_t program, version;
	int32_t procedure;
	uint32_t type, serial, status;
};

/** struct vnm_rpc_shape - how arguments or results are encoded, and the size of their struct. */
struct vnm_rpc_shape {
	bool_t (*xdr)(XDR *xdr, ...);
	size_t size;
};

bool_t vnm_rpc_xdr_nothing(XDR *xdr, ...);
int vnm_rpc_frame_length(const void *data, size_t n, size_t *ret);
void vnm_rpc_frame_header(const void *frame, struct vnm_rpc_header *ret);
bool vnm_rpc_frame_keepalive(const struct vnm_rpc_header *header);
bool vnm_rpc_frame_decode(const void *frame, size_t len, const struct vnm_rpc_shape *shape,
			  void *ret);
bool vnm_rpc_frame_encode(const struct vnm_rpc_header *header, const struct vnm_rpc_shape *shape,
			  const void *payload, struct vnm_buf *out);

#endif
