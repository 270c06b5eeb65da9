/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lease.h - DHCP leases against a definition: owners of addresses, and how many are free. Pure. */
#ifndef VNM_MODEL_LEASE_H
#define VNM_MODEL_LEASE_H

#include <time.h>

#include "model/network.h"

/**
 * struct vnm_lease_entry - a line of dnsmasq's lease file.
 * @expiry:   0: never
 * @mac:      v6: unset, unless the DUID holds it
 * @hostname: NULL when unknown; so is @client_id, which for v6 is the DUID
 * @iaid:     v6: of the identity association of the address; @temporary: that is an IA_TA
 */
struct vnm_lease_entry {
	time_t expiry;
	struct vnm_mac mac;
	struct vnm_addr addr;
	char *hostname, *client_id;
	uint32_t iaid;
	bool temporary;
};

/**
 * struct vnm_dhcp_room - the addresses of a network's DHCP, of one family. Numbers saturate.
 * @size: how many there are, in ranges and reserved; @used: how many of them are leased
 * @left: how many are free for guests without a reservation
 * @outside: how many other addresses are leased, of an earlier range or reservation
 */
struct vnm_dhcp_room {
	uint64_t size, used, left, outside;
};

bool vnm_lease_in_effect(const struct vnm_lease_entry *lease, time_t now);
bool vnm_duid_equal(const char *a, const char *b);
bool vnm_lease_is(const struct vnm_lease_entry *lease, const char *ref);
const struct vnm_dhcp_host *vnm_lease_rival(const struct vnm_network *net,
					    const struct vnm_lease_entry *lease);
struct vnm_dhcp_range vnm_dhcp_range_here(const struct vnm_network *net, const struct vnm_ip *ip,
					  size_t i);
bool vnm_dhcp_has_range(const struct vnm_network *net, int family);
struct vnm_dhcp_room vnm_dhcp_room(const struct vnm_network *net, int family,
				   const struct vnm_lease_entry *leases, size_t n);

#endif
