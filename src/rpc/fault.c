/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fault.c - errors as clients of libvirt know them. */
#include "rpc/fault.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>

#include "util/buf.h"
#include "util/mem.h"

#define LEVEL_ERROR 2

/* What clients look at; most print the message and nothing else. */
static const enum vnm_rpc_code codes[] = {
	[VNM_ERR_NONE] = VNM_RPC_CODE_INTERNAL,
	[VNM_ERR_SYSTEM] = VNM_RPC_CODE_INTERNAL,
	[VNM_ERR_USAGE] = VNM_RPC_CODE_INVALID_ARG,
	[VNM_ERR_XML_SYNTAX] = VNM_RPC_CODE_XML_SYNTAX,
	[VNM_ERR_XML_SCHEMA] = VNM_RPC_CODE_XML,
	[VNM_ERR_XML_MEANING] = VNM_RPC_CODE_XML,
	[VNM_ERR_NO_NAME] = VNM_RPC_CODE_NO_NAME,
	[VNM_ERR_NO_NETWORK] = VNM_RPC_CODE_NO_NETWORK,
	[VNM_ERR_NAME_IN_USE] = VNM_RPC_CODE_OPERATION_FAILED,
	[VNM_ERR_UUID_IN_USE] = VNM_RPC_CODE_OPERATION_FAILED,
	[VNM_ERR_BRIDGE_IN_USE] = VNM_RPC_CODE_OPERATION_FAILED,
	[VNM_ERR_SUBNET_IN_USE] = VNM_RPC_CODE_OPERATION_FAILED,
	[VNM_ERR_PORT_IN_USE] = VNM_RPC_CODE_OPERATION_FAILED,
	[VNM_ERR_ACTIVE] = VNM_RPC_CODE_OPERATION_INVALID,
	[VNM_ERR_INACTIVE] = VNM_RPC_CODE_OPERATION_INVALID,
	[VNM_ERR_INVALID] = VNM_RPC_CODE_OPERATION_INVALID,
	[VNM_ERR_TRANSIENT] = VNM_RPC_CODE_OPERATION_INVALID,
	[VNM_ERR_FOREIGN] = VNM_RPC_CODE_OPERATION_FAILED,
	[VNM_ERR_NO_DEVICE] = VNM_RPC_CODE_OPERATION_FAILED,
	[VNM_ERR_UNSUPPORTED] = VNM_RPC_CODE_UNSUPPORTED,
	[VNM_ERR_PERMISSION] = VNM_RPC_CODE_ACCESS,
	[VNM_ERR_BUSY] = VNM_RPC_CODE_INTERNAL,
	[VNM_ERR_STATE] = VNM_RPC_CODE_INTERNAL,
	[VNM_ERR_DNSMASQ] = VNM_RPC_CODE_INTERNAL,
	[VNM_ERR_HOOK] = VNM_RPC_CODE_INTERNAL,
	[VNM_ERR_NEWER] = VNM_RPC_CODE_INTERNAL,
	[VNM_ERR_CHANGED] = VNM_RPC_CODE_OPERATION_FAILED,
	[VNM_ERR_NO_PORT] = VNM_RPC_CODE_NO_PORT,
	[VNM_ERR_PORT_EXISTS] = VNM_RPC_CODE_PORT_EXISTS,
};
static_assert(VNM_ARRAY_SIZE(codes) == VNM_ERR_COUNT, "a code for each kind of error");

static char **optional(char *text)
{
	char **ret = vnm_alloc(sizeof(*ret));

	*ret = text;
	return ret;
}

/* The numbers are those that libvirt fills in where it has none. */
static void set(vnm_rpc_error *fault, int code, int domain, char *message)
{
	vnm_rpc_fault_clear(fault);
	*fault = (vnm_rpc_error){
		.code = code,
		.domain = domain,
		.message = optional(message),
		.level = LEVEL_ERROR,
		.str1 = optional(vnm_strdup("%s")),
		.str2 = optional(vnm_strdup(message)),
		.int1 = -1,
		.int2 = -1,
	};
}

/**
 * vnm_rpc_refuse() - refuse a call
 * @fault:  gets the error
 * @code:   what kind
 * @domain: VNM_RPC_DOMAIN_RPC for what is wrong with the message itself
 * @fmt:    what clients print
 *
 * Return: -EINVAL.
 */
int vnm_rpc_refuse(vnm_rpc_error *fault, enum vnm_rpc_code code, enum vnm_rpc_domain domain,
		   const char *fmt, ...)
{
	vnm_autobuf struct vnm_buf text = { 0 };
	va_list ap;

	va_start(ap, fmt);
	vnm_buf_vprintf(&text, fmt, ap);
	va_end(ap);
	set(fault, (int)code, (int)domain, vnm_buf_steal(&text));
	return -EINVAL;
}

/**
 * vnm_rpc_refuse_flags() - refuse flags that a call does not know, in the words of libvirt
 * @fault:    gets the error, if there are any
 * @flags:    those of the call
 * @allowed:  those it knows
 * @function: of the API: "virNetworkUpdate"; the message has the name in the driver
 *
 * Return: 0 or -EINVAL.
 */
int vnm_rpc_refuse_flags(vnm_rpc_error *fault, unsigned flags, unsigned allowed,
			 const char *function)
{
	char *name;

	if (!(flags & ~allowed))
		return 0;
	name = vnm_strdup(function + sizeof("vir") - 1);
	*name = (char)tolower((unsigned char)*name);
	vnm_rpc_refuse(fault, VNM_RPC_CODE_INVALID_ARG, VNM_RPC_DOMAIN_NETWORK,
		       "unsupported flags (0x%x) in function %s", flags & ~allowed, name);
	free(*fault->str1);
	*fault->str1 = name;
	free(*fault->str2);
	*fault->str2 = vnm_strdup("flags");
	fault->int1 = fault->int2 = 0;
	return -EINVAL;
}

/**
 * vnm_rpc_fail() - pass on why the driver failed
 * @fault: gets the error
 * @err:   of the driver
 *
 * Return: -EINVAL.
 */
int vnm_rpc_fail(vnm_rpc_error *fault, const struct vnm_error *err)
{
	set(fault, (int)codes[err->code], VNM_RPC_DOMAIN_NETWORK, vnm_strdup(err->msg));
	return -EINVAL;
}

/** vnm_rpc_fault_clear() - for vnm_rpc_autofault */
void vnm_rpc_fault_clear(vnm_rpc_error *fault)
{
	xdr_free((xdrproc_t)xdr_vnm_rpc_error, fault);
	*fault = (vnm_rpc_error){ 0 };
}
