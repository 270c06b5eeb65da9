/* SPDX-License-Identifier: GPL-2.0-or-later */
/* call.h - one call of a procedure, and what all procedures share. */
#ifndef VNM_RPC_CALL_H
#define VNM_RPC_CALL_H

#include <stdbool.h>

#include "rpc/client.h"
#include "rpc/fault.h"
#include "rpc/protocol.h"
#include "util/parse.h"

struct vnm_driver;
struct vnm_uuid;

/**
 * struct vnm_rpc_call - one call
 * @client:   who calls
 * @function: of libvirt's API, "virNetworkCreate"
 * @driver:   open, if the procedure's row says so
 * @args:     decoded
 * @ret:      zeroed; what it points to is allocated
 * @fault:    set on failure
 * @network:  the network's name, allocated, once it is known
 * @at_once:  it may not wait for the lock; @put_off: so it was not made
 */
struct vnm_rpc_call {
	struct vnm_rpc_client *client;
	const char *function;
	struct vnm_driver *driver;
	const void *args;
	void *ret;
	vnm_rpc_error *fault;
	char *network;
	bool at_once, put_off;
};

int vnm_rpc_call_find(struct vnm_rpc_call *call, const vnm_rpc_net *net);
int vnm_rpc_call_flags(struct vnm_rpc_call *call, unsigned flags, unsigned allowed);
int vnm_rpc_call_result(struct vnm_rpc_call *call, int r, const struct vnm_error *err);
void vnm_rpc_call_network(struct vnm_rpc_call *call, const char *name, const struct vnm_uuid *uuid,
			  vnm_rpc_net *ret);
int vnm_rpc_call_name(struct vnm_rpc_call *call, const char *name, vnm_rpc_net *ret);
char **vnm_rpc_optional(const char *text);
const char *vnm_rpc_text(vnm_rpc_opt_string text);
const char *vnm_rpc_uuid_text(const vnm_rpc_uuid uuid, char buf[static VNM_UUID_STRLEN]);

#endif
