/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fault.h - errors as clients of libvirt know them. */
#ifndef VNM_RPC_FAULT_H
#define VNM_RPC_FAULT_H

#include "rpc/protocol.h"
#include "util/error.h"

/** enum vnm_rpc_code - libvirt's numbers of errors, those that are used here. */
enum vnm_rpc_code {
	VNM_RPC_CODE_INTERNAL = 1,
	VNM_RPC_CODE_NO_SUPPORT = 3,
	VNM_RPC_CODE_NO_CONNECT = 5,
	VNM_RPC_CODE_INVALID_ARG = 8,
	VNM_RPC_CODE_OPERATION_FAILED = 9,
	VNM_RPC_CODE_NO_NAME = 21,
	VNM_RPC_CODE_XML = 27,
	VNM_RPC_CODE_DENIED = 29,
	VNM_RPC_CODE_XML_SYNTAX = 35,
	VNM_RPC_CODE_RPC = 39,
	VNM_RPC_CODE_NO_NETWORK = 43,
	VNM_RPC_CODE_INVALID_MAC = 44,
	VNM_RPC_CODE_OPERATION_INVALID = 55,
	VNM_RPC_CODE_CONFIG = 67,
	VNM_RPC_CODE_ARGUMENT_UNSUPPORTED = 74,
	VNM_RPC_CODE_UNSUPPORTED = 84,
	VNM_RPC_CODE_ACCESS = 88,
	VNM_RPC_CODE_PORT_EXISTS = 106,
	VNM_RPC_CODE_NO_PORT = 107,
	VNM_RPC_CODE_NO_METADATA = 111,
};

/** enum vnm_rpc_domain - libvirt's numbers of what raised an error. */
enum vnm_rpc_domain { VNM_RPC_DOMAIN_RPC = 7, VNM_RPC_DOMAIN_NETWORK = 19 };

int vnm_rpc_refuse(vnm_rpc_error *fault, enum vnm_rpc_code code, enum vnm_rpc_domain domain,
		   const char *fmt, ...) __attribute__((format(printf, 4, 5)));
int vnm_rpc_refuse_flags(vnm_rpc_error *fault, unsigned flags, unsigned allowed,
			 const char *function);
int vnm_rpc_fail(vnm_rpc_error *fault, const struct vnm_error *err);
void vnm_rpc_fault_clear(vnm_rpc_error *fault);
#define vnm_rpc_autofault __attribute__((cleanup(vnm_rpc_fault_clear)))

#endif
