/* SPDX-License-Identifier: GPL-2.0-or-later */
/* text.c - strings as they are encoded. */
#include "rpc/text.h"

#include <string.h>

#define TEXT_MAX 4194304 /* bytes; libvirt's limit */

/**
 * xdr_vnm_rpc_string() - encode, decode or free a string
 * @xdr:  which, and where
 * @text: the string; decoded, it is allocated
 *
 * xdr_string() would decode a string with a NUL in it, and nobody would see the rest; here it is invalid.
 *
 * Return: TRUE, or FALSE.
 */
bool_t xdr_vnm_rpc_string(XDR *xdr, vnm_rpc_string *text)
{
	u_int at, len;

	if (xdr->x_op != XDR_DECODE)
		return xdr_string(xdr, text, TEXT_MAX);
	at = xdr_getpos(xdr);
	return xdr_u_int(xdr, &len) && xdr_setpos(xdr, at) && xdr_string(xdr, text, TEXT_MAX) &&
	       strlen(*text) == len;
}
