/* SPDX-License-Identifier: GPL-2.0-or-later */
/* check_probe.c - what probes found, sent as a guest would send them. */
#include "doctor/check_probe.h"

#include <sys/socket.h>

/** vnm_check_packet() - something stops a packet of a guest, or to one */
void vnm_check_packet(const struct vnm_case *c, struct vnm_findings *found)
{
	for (size_t i = 0; i < c->n_stops; i++)
		VNM_FOUND(found, .guest = c->stops[i].guest, .value = c->stops[i].what,
			  .other = c->stops[i].text,
			  .path = c->stops[i].show ? c->stops[i].show : "vnetmgr net-explain",
			  .mend = c->stops[i].mend);
}

/** vnm_check_twin_address() - two devices answer for one address */
void vnm_check_twin_address(const struct vnm_case *c, struct vnm_findings *found)
{
	for (size_t i = 0; i < c->probes.n_answers; i++) {
		const struct vnm_case_answer *answer = &c->probes.answers[i];
		char addr[VNM_ADDR_STRLEN], one[VNM_MAC_STRLEN], two[VNM_MAC_STRLEN];

		if (answer->n < 2)
			continue;
		VNM_FOUND(found, .address = vnm_addr_format(&answer->addr, addr),
			  .value = vnm_mac_format(&answer->macs[0], one),
			  .other = vnm_mac_format(&answer->macs[1], two));
	}
}

/** vnm_check_dhcp_silent() - nobody offers a new guest an address */
void vnm_check_dhcp_silent(const struct vnm_case *c, struct vnm_findings *found)
{
	if (c->probes.dhcp == VNM_PROBE_SILENCE)
		VNM_FOUND(found, .dev = c->bridge);
}

/** vnm_check_dhcp_other() - another DHCP server offers addresses, too */
void vnm_check_dhcp_other(const struct vnm_case *c, struct vnm_findings *found)
{
	for (size_t i = 0; i < c->probes.n_offers; i++) {
		const struct vnm_case_offer *offer = &c->probes.offers[i];
		const struct vnm_link *port = vnm_case_link_of(&c->host, offer->port);
		char server[VNM_ADDR_STRLEN], mac[VNM_MAC_STRLEN];

		if (vnm_case_is_ours(c, &offer->server) || c->net->guests.servers == VNM_TRI_YES)
			continue;
		VNM_FOUND(found, .address = vnm_addr_format(&offer->server, server),
			  .value = vnm_mac_format(&offer->mac, mac),
			  .dev = port ? port->fact.name : NULL,
			  .guest = port ? vnm_case_guest_of(c, port->fact.name) : NULL);
	}
}

/** vnm_check_ra_silent() - guests are not told the router of IPv6 */
void vnm_check_ra_silent(const struct vnm_case *c, struct vnm_findings *found)
{
	if (c->probes.advert == VNM_PROBE_SILENCE)
		VNM_FOUND(found, .dev = c->bridge);
}

/** vnm_check_dns_silent() - the network's name server does not answer guests */
void vnm_check_dns_silent(const struct vnm_case *c, struct vnm_findings *found)
{
	for (size_t i = 0; c->probes.dns == VNM_PROBE_SILENCE && i < c->net->n_ips; i++) {
		char addr[VNM_ADDR_STRLEN];

		if (c->net->ips[i].address.family != AF_INET)
			continue;
		VNM_FOUND(found, .address = vnm_addr_format(&c->net->ips[i].address, addr));
		return;
	}
}

/** vnm_check_dns_upstream() - it answers, but those that it asks do not */
void vnm_check_dns_upstream(const struct vnm_case *c, struct vnm_findings *found)
{
	char server[VNM_ADDR_STRLEN];

	/* Silence of its own name server is another finding. */
	if (c->probes.dns == VNM_PROBE_SILENCE ||
	    (c->probes.upstream != VNM_PROBE_SILENCE && c->probes.upstream != VNM_PROBE_REFUSED))
		return;
	VNM_FOUND(found,
		  .value = c->probes.upstream == VNM_PROBE_SILENCE ? "do not answer" : "refuse",
		  .address = c->probes.resolver.family
				     ? vnm_addr_format(&c->probes.resolver, server)
				     : NULL);
}

/** vnm_check_bad_sums() - somebody sends packets with wrong checksums */
void vnm_check_bad_sums(const struct vnm_case *c, struct vnm_findings *found)
{
	for (size_t i = 0; i < c->probes.n_bad_sums; i++) {
		const struct vnm_case_bad_sums *sums = &c->probes.bad_sums[i];
		const struct vnm_case_guest *guest = NULL;
		char mac[VNM_MAC_STRLEN];

		for (size_t k = 0; k < c->n_guests && !guest; k++)
			if (c->guests[k].inside &&
			    vnm_mac_equal(&c->guests[k].link.fact.mac, &sums->mac))
				guest = &c->guests[k];
		VNM_FOUND(found, .guest = guest, .number = sums->n,
			  .value = guest ? guest->name : vnm_mac_format(&sums->mac, mac));
	}
}
