/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * attach_augment.c - an attachment's reservations and names for the network's dnsmasq.
 *
 * A guest's address gets a DNS name, and is reserved, so that DHCP leases it to no other guest.
 */
#include "plan/attach_augment.h"

#include <string.h>
#include <sys/socket.h>

#include "util/mem.h"

static struct vnm_dhcp_host *add_reservation(struct vnm_dhcp *dhcp, const struct vnm_addr *address)
{
	struct vnm_dhcp_host *host;

	dhcp->hosts = vnm_array_add(dhcp->hosts, &dhcp->n_hosts, sizeof(*dhcp->hosts));
	host = &dhcp->hosts[dhcp->n_hosts - 1];
	host->ip = *address;
	return host;
}

/*
 * A guest behind a tun has no MAC address and uses no DHCP: its reservations are for a MAC address that no guest
 * has, and only keep its addresses from others.
 */
static void reserve_address(struct vnm_ip *ip, const struct vnm_addr *address)
{
	struct vnm_dhcp *dhcp = &ip->dhcp;
	struct vnm_dhcp_host *host;
	char mac[VNM_MAC_STRLEN];
	struct vnm_mac none = { .set = true };

	if (!vnm_dhcp_serves(dhcp) || vnm_addr_equal(address, &ip->address))
		return;
	none.b[0] = 0x02; /* locally administered */
	memcpy(none.b + 2, address->b + vnm_addr_bits(address->family) / 8 - 4, 4);
	host = add_reservation(dhcp, address);
	if (address->family == AF_INET)
		host->mac = none;
	else
		host->id = vnm_asprintf("00:03:00:01:%s", vnm_mac_format(&none, mac));
}

static void reserve(struct vnm_ip *ip, const struct vnm_attachment *attach,
		    const struct vnm_addr *address)
{
	struct vnm_dhcp_host *host;

	if (!vnm_dhcp_serves(&ip->dhcp) || !attach->mac.set)
		return;
	for (size_t i = 0; i < ip->dhcp.n_hosts; i++)
		if (vnm_addr_equal(&ip->dhcp.hosts[i].ip, address))
			return; /* the definition reserves it for this guest */
	host = add_reservation(&ip->dhcp, address);
	host->mac = attach->mac;
	host->name = attach->hostname ? vnm_strdup(attach->hostname) : NULL;
}

static void add_name(struct vnm_dns *dns, const char *name, const struct vnm_addr *address)
{
	struct vnm_dns_host *host;

	dns->hosts = vnm_array_add(dns->hosts, &dns->n_hosts, sizeof(*dns->hosts));
	host = &dns->hosts[dns->n_hosts - 1];
	host->ip = *address;
	host->names = vnm_array_add(NULL, &host->n_names, sizeof(*host->names));
	host->names[0].name = vnm_strdup(name);
}

/**
 * vnm_attach_augment() - add an attachment's reservations and names to a definition
 * @net:    a copy of the definition, only to be planned from; gets reservations and names
 * @attach: the attachment
 */
void vnm_attach_augment(struct vnm_network *net, const struct vnm_attachment *attach)
{
	for (size_t i = 0; i < attach->n_ips; i++) {
		const struct vnm_addr *address = &attach->ips[i].address;
		struct vnm_ip *ip = (struct vnm_ip *)vnm_attach_subnet(net, address);

		if (!ip)
			continue;
		if (attach->kind == VNM_ATTACH_TUN)
			reserve_address(ip, address);
		else
			reserve(ip, attach, address);
		if (attach->hostname && vnm_network_dns_enabled(net))
			add_name(&net->dns, attach->hostname, address);
	}
	for (size_t i = 0; i < attach->n_ips; i++) {
		const struct vnm_addr *host = &attach->ips[i].host;
		struct vnm_ip *ip = (struct vnm_ip *)vnm_attach_subnet(net, host);

		if (ip && host->family != AF_UNSPEC)
			reserve_address(ip, host);
	}
}
