/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * attach_rival.c - reservations of addresses that attached guests have, for somebody else.
 *
 * DHCP would give such an address to a second guest: the attached one has it without a lease, so dnsmasq does not know.
 */
#include "model/attach_rival.h"

#include <string.h>
#include <strings.h>

/* A DUID that is made from a MAC address ends with it. */
static bool ends_with_mac(const char *id, const struct vnm_mac *mac)
{
	char text[VNM_MAC_STRLEN];
	size_t len = strlen(vnm_mac_format(mac, text)), n = strlen(id);

	return n > len && !strcasecmp(id + n - len, text);
}

/** vnm_attach_owns() - is a reservation for this guest: by its MAC address, or else by its DUID or host name? */
bool vnm_attach_owns(const struct vnm_attachment *attach, const struct vnm_dhcp_host *host)
{
	if (host->mac.set)
		return attach->mac.set && vnm_mac_equal(&host->mac, &attach->mac);
	if (host->id && attach->mac.set && ends_with_mac(host->id, &attach->mac))
		return true;
	return host->name && attach->hostname && !strcasecmp(host->name, attach->hostname);
}

static bool has_address(const struct vnm_attachment *attach, const struct vnm_addr *addr)
{
	for (size_t i = 0; i < attach->n_ips; i++)
		if (vnm_addr_equal(&attach->ips[i].address, addr) ||
		    vnm_addr_equal(&attach->ips[i].host, addr))
			return true;
	return false;
}

/**
 * vnm_attach_rival() - the next reservation of one of a guest's addresses for somebody else
 * @net:    the definition, without what attachments add to it
 * @attach: the guest
 * @i:      where to go on, at first 0: counts the reservations of all subnets
 *
 * Return: a reservation of @net, or NULL.
 */
const struct vnm_dhcp_host *vnm_attach_rival(const struct vnm_network *net,
					     const struct vnm_attachment *attach, size_t *i)
{
	size_t at = 0;

	for (size_t k = 0; k < net->n_ips; k++) {
		const struct vnm_dhcp *dhcp = &net->ips[k].dhcp;

		for (size_t m = 0; m < dhcp->n_hosts; m++) {
			if (at++ < *i || !has_address(attach, &dhcp->hosts[m].ip) ||
			    vnm_attach_owns(attach, &dhcp->hosts[m]))
				continue;
			*i = at;
			return &dhcp->hosts[m];
		}
	}
	return NULL;
}
