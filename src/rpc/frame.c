/* SPDX-License-Identifier: GPL-2.0-or-later */
/* frame.c - the messages of libvirt's remote protocol: length, header, payload. Pure. */
#include "rpc/frame.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include "util/mem.h"

static uint32_t word_at(const void *data, size_t at)
{
	uint32_t word;

	memcpy(&word, (const char *)data + at, sizeof(word));
	return ntohl(word);
}

static void add_word(struct vnm_buf *out, uint32_t word)
{
	word = htonl(word);
	vnm_buf_addn(out, &word, sizeof(word));
}

/** vnm_rpc_xdr_nothing() - of a shape: there is no payload */
bool_t vnm_rpc_xdr_nothing(XDR *xdr, ...)
{
	(void)xdr;
	return TRUE;
}

/**
 * vnm_rpc_frame_length() - the length of the first message
 * @data: what was received
 * @n:    how many bytes of it
 * @ret:  bytes of the whole message, its length and header included; 0: not known yet
 *
 * Return: 0, or -EMSGSIZE: none of ours can be so short or so long.
 */
int vnm_rpc_frame_length(const void *data, size_t n, size_t *ret)
{
	*ret = 0;
	if (n < sizeof(uint32_t))
		return 0;
	*ret = word_at(data, 0);
	return *ret < VNM_RPC_FRAME_HEAD || *ret > VNM_RPC_FRAME_MAX ? -EMSGSIZE : 0;
}

/** vnm_rpc_frame_header() - the header of a message of at least VNM_RPC_FRAME_HEAD bytes */
void vnm_rpc_frame_header(const void *frame, struct vnm_rpc_header *ret)
{
	*ret = (struct vnm_rpc_header){
		.program = word_at(frame, 4),
		.version = word_at(frame, 8),
		.procedure = (int32_t)word_at(frame, 12),
		.type = word_at(frame, 16),
		.serial = word_at(frame, 20),
		.status = word_at(frame, 24),
	};
}

/** vnm_rpc_frame_keepalive() - is it a message of the keepalive protocol, which may overtake calls? */
bool vnm_rpc_frame_keepalive(const struct vnm_rpc_header *header)
{
	return header->program == VNM_RPC_PROGRAM_KEEPALIVE && header->version == VNM_RPC_VERSION;
}

/**
 * vnm_rpc_frame_decode() - decode a payload
 * @frame: the message
 * @len:   its bytes
 * @shape: of the payload
 * @ret:   zeroed; free with xdr_free(), after a failure as well
 *
 * Bytes behind it are ignored, as libvirt does.
 *
 * Return: whether it is valid.
 */
bool vnm_rpc_frame_decode(const void *frame, size_t len, const struct vnm_rpc_shape *shape,
			  void *ret)
{
	char *payload = (char *)frame + VNM_RPC_FRAME_HEAD;
	bool valid;
	XDR xdr;

	xdrmem_create(&xdr, payload, (u_int)(len - VNM_RPC_FRAME_HEAD), XDR_DECODE);
	valid = shape->xdr(&xdr, ret);
	xdr_destroy(&xdr);
	return valid;
}

/**
 * vnm_rpc_frame_encode() - append a message
 * @header:  its header
 * @shape:   of its payload
 * @payload: what to encode
 * @out:     gets the message; nothing after a failure
 *
 * Return: whether it could be encoded: a list or a string may be too long.
 */
bool vnm_rpc_frame_encode(const struct vnm_rpc_header *header, const struct vnm_rpc_shape *shape,
			  const void *payload, struct vnm_buf *out)
{
	size_t size = xdr_sizeof(shape->xdr, (void *)payload);
	vnm_autofree char *room = vnm_alloc(size);
	bool valid;
	XDR xdr;

	xdrmem_create(&xdr, room, (u_int)size, XDR_ENCODE);
	valid = shape->xdr(&xdr, (void *)payload);
	xdr_destroy(&xdr);
	if (!valid)
		return false;
	add_word(out, (uint32_t)(VNM_RPC_FRAME_HEAD + size));
	add_word(out, header->program);
	add_word(out, header->version);
	add_word(out, (uint32_t)header->procedure);
	add_word(out, header->type);
	add_word(out, header->serial);
	add_word(out, header->status);
	vnm_buf_addn(out, room, size);
	return true;
}
