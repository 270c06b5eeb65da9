/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * check_mtu.c - where on their way packets are too large: in a guest, on the bridge, at the uplink, or behind it.
 *
 * A bridge drops such packets silently. Where they are routed, their sender is told to send smaller ones, and nothing is wrong
 * unless that message does not get through.
 */
#include "doctor/check_mtu.h"

#include <linux/if_ether.h>
#include <stdio.h>
#include <sys/socket.h>

#define TEXT_MAX 16 /* of an MTU */

/* What frames of the network may have, if the definition does not say. */
static uint32_t usual(const struct vnm_case *c)
{
	const struct vnm_uint defined = vnm_network_mtu(c->net);

	return defined.set ? defined.v : ETH_DATA_LEN;
}

/* The device of a guest on the host that takes less than the guest and its network send; NULL: it does not. */
static const struct vnm_link *small_port(const struct vnm_case *c,
					 const struct vnm_case_guest *guest)
{
	const struct vnm_link *port = NULL;

	for (size_t i = 0; i < c->host.links.n && !port; i++)
		if (vnm_case_guest_of(c, c->host.links.items[i].fact.name) == guest)
			port = &c->host.links.items[i];
	return port && vnm_case_is_port(c, port) && guest->inside && !guest->attach->parent &&
			       port->fact.mtu < usual(c) &&
			       port->fact.mtu < guest->link.fact.mtu
		       ? port
		       : NULL;
}

/** vnm_check_port_mtu() - a port of a guest takes only smaller packets than the network has, and the bridge adapts to it */
void vnm_check_port_mtu(const struct vnm_case *c, struct vnm_findings *found)
{
	for (size_t i = 0; i < c->n_guests; i++) {
		const struct vnm_link *port = small_port(c, &c->guests[i]);
		char mtu[TEXT_MAX];

		if (!port)
			continue;
		snprintf(mtu, sizeof(mtu), "%u", port->fact.mtu);
		VNM_FOUND(found, .guest = &c->guests[i], .dev = port->fact.name, .value = mtu,
			  .number = usual(c));
	}
}

static bool has_small_port(const struct vnm_case *c)
{
	for (size_t i = 0; i < c->n_guests; i++)
		if (small_port(c, &c->guests[i]))
			return true;
	return false;
}

/** vnm_check_guest_mtu() - a guest sends packets that its bridge does not forward */
void vnm_check_guest_mtu(const struct vnm_case *c, struct vnm_findings *found)
{
	for (size_t i = 0; i < c->n_guests && c->link && !has_small_port(c); i++) {
		const struct vnm_case_guest *guest = &c->guests[i];
		char mtu[TEXT_MAX];

		if (!guest->inside || guest->attach->parent ||
		    guest->link.fact.mtu <= c->link->fact.mtu)
			continue;
		snprintf(mtu, sizeof(mtu), "%u", guest->link.fact.mtu);
		VNM_FOUND(found, .guest = guest, .value = mtu, .number = c->link->fact.mtu);
	}
}

/** vnm_check_path_mtu() - a guest is not told that the way out takes only smaller packets than it sends */
void vnm_check_path_mtu(const struct vnm_case *c, struct vnm_findings *found)
{
	for (size_t i = 0; i < c->n_guests; i++) {
		const struct vnm_case_guest *guest = &c->guests[i];
		const struct vnm_link *out = vnm_case_link_of(&c->host, guest->path.out);
		char mtu[TEXT_MAX];

		if (!guest->path.untold || !out)
			continue;
		snprintf(mtu, sizeof(mtu), "%u", guest->link.fact.mtu);
		VNM_FOUND(found, .guest = guest, .value = mtu, .dev = out->fact.name,
			  .other = guest->path.family == AF_INET6 ? "-6 " : "",
			  .number = guest->path.mtu);
	}
}

/** vnm_check_uplink_mtu() - the host sends packets that do not reach its gateway */
void vnm_check_uplink_mtu(const struct vnm_case *c, struct vnm_findings *found)
{
	const struct vnm_case_step *step = &c->probes.gateway;
	const struct vnm_link *link = vnm_case_link_of(&c->host, step->ifindex);
	char addr[VNM_ADDR_STRLEN], mtu[TEXT_MAX];

	if (!step->mtu || !link || step->mtu >= link->fact.mtu)
		return;
	snprintf(mtu, sizeof(mtu), "%u", link->fact.mtu);
	VNM_FOUND(found, .dev = link->fact.name, .value = mtu, .number = step->mtu,
		  .address = vnm_addr_format(&step->addr, addr));
}
