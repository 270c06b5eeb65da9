/* SPDX-License-Identifier: GPL-2.0-or-later */
/* procedures.h - the procedures that a client may call: one table. */
#ifndef VNM_RPC_PROCEDURES_H
#define VNM_RPC_PROCEDURES_H

#include "rpc/call.h"
#include "rpc/frame.h"

/** enum vnm_rpc_right - bits: when a procedure may be called, and what it needs */
enum vnm_rpc_right {
	VNM_RPC_MAY_READ_ONLY = 1 << 0, /* on a read-only connection */
	VNM_RPC_MAY_UNOPENED = 1 << 1, /* before CONNECT_OPEN */
	VNM_RPC_MAY_LOOK = 1 << 2, /* the driver is open, for reading */
	VNM_RPC_MAY_CHANGE = 1 << 3, /* the driver is open, for changing: in the worker */
	VNM_RPC_MAY_DEFINE =
		1
		<< 4, /* no more than definitions: by the connection itself, if nobody has the lock */
	VNM_RPC_MAY_BE_FIRST =
		1 << 5, /* where nothing was ever defined, it creates no directory in vain */
};

/**
 * struct vnm_rpc_procedure - one procedure
 * @number:   on the wire
 * @function: of libvirt's API, for messages
 * @args:     its arguments, @ret its result
 * @run:      what it does. Return: 0, or negative with the call's fault set
 * @rights:   bits of enum vnm_rpc_right
 * @action:   the command that does the same, for the log of changes; NULL: nothing is logged
 */
struct vnm_rpc_procedure {
	int number;
	const char *function;
	struct vnm_rpc_shape args, ret;
	int (*run)(struct vnm_rpc_call *call);
	unsigned rights;
	const char *action;
};

const struct vnm_rpc_procedure *vnm_rpc_procedure_find(int number);

#endif
