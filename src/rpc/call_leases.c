/* SPDX-License-Identifier: GPL-2.0-or-later */
/* call_leases.c - the procedure for DHCP leases. */
#include "rpc/call_leases.h"

#include <stdlib.h>
#include <sys/socket.h>

#include "driver/driver.h"
#include "rpc/call.h"
#include "sys/process/leases.h"
#include "util/mem.h"

enum lease_type { LEASE_IPV4, LEASE_IPV6 };

static void fill(const struct vnm_lease_entry *lease, unsigned prefix_len, const char *bridge,
		 vnm_rpc_lease *ret)
{
	vnm_autofree char *iaid = NULL;
	char mac[VNM_MAC_STRLEN], addr[VNM_ADDR_STRLEN];
	bool v6 = lease->addr.family == AF_INET6;

	if (v6)
		iaid = vnm_asprintf("%s%u", lease->temporary ? "T" : "", lease->iaid);
	*ret = (vnm_rpc_lease){
		.iface = vnm_strdup(bridge),
		.expiry = lease->expiry,
		.type = v6 ? LEASE_IPV6 : LEASE_IPV4,
		.mac = vnm_rpc_optional(lease->mac.set ? vnm_mac_format(&lease->mac, mac) : NULL),
		.iaid = vnm_rpc_optional(iaid),
		.addr = vnm_strdup(vnm_addr_format(&lease->addr, addr)),
		.prefix = prefix_len,
		.hostname = vnm_rpc_optional(lease->hostname),
		.client_id = vnm_rpc_optional(lease->client_id),
	};
}

static int read_leases(struct vnm_rpc_call *call, const struct vnm_mac *mac, bool need,
		       const char *bridge)
{
	vnm_rpc_leases *ret = call->ret;
	struct vnm_lease_entry *leases;
	vnm_autofree unsigned *prefix_len = NULL;
	struct vnm_error err = { 0 };
	size_t n;
	int r = vnm_driver_leases(call->driver, call->network, mac, &leases, &prefix_len, &n, &err);

	if (r < 0)
		return vnm_rpc_fail(call->fault, &err);
	ret->ret = (u_int)n;
	if (need) {
		ret->items.items_val = vnm_alloc(n * sizeof(*ret->items.items_val));
		ret->items.items_len = (u_int)n;
	}
	for (size_t i = 0; i < ret->items.items_len; i++)
		fill(&leases[i], prefix_len[i], bridge, &ret->items.items_val[i]);
	vnm_leases_free(leases, n);
	return 0;
}

int vnm_rpc_get_leases(struct vnm_rpc_call *call)
{
	const vnm_rpc_leases_args *args = call->args;
	const char *text = vnm_rpc_text(args->mac);
	struct vnm_info info = { 0 };
	struct vnm_error err = { 0 };
	struct vnm_mac mac = { 0 };
	int r = vnm_rpc_call_flags(call, args->flags, 0);

	if (r == 0 && text && vnm_mac_parse(text, &mac) < 0)
		r = vnm_rpc_refuse(call->fault, VNM_RPC_CODE_INVALID_MAC, VNM_RPC_DOMAIN_NETWORK,
				   "invalid MAC address: %s", text);
	if (r == 0)
		r = vnm_rpc_call_find(call, &args->net);
	if (r < 0)
		return r;
	if (vnm_driver_info(call->driver, call->network, false, &info, &err) < 0)
		return vnm_rpc_fail(call->fault, &err);
	r = read_leases(call, text ? &mac : NULL, args->need != 0, info.bridge ? info.bridge : "");
	vnm_info_clear(&info);
	return r;
}
