/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * doctor_follow.c - packets of guests, followed through the kernel: which of them are stopped, and by what?
 *
 * A DNS query to the network's own server, a connection to the outside, and one from there to each forwarded port, as net-explain
 * follows them (driver/explain.c): nobody receives them.
 */
#include "driver/doctor_follow.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "driver/explain.h"
#include "state/session.h"
#include "util/mem.h"

#define GUESTS_MAX \
	8 /* a packet takes some 50 ms; what is wrong with the ninth guest only, "net-doctor NETWORK GUEST" tells */
#define DNS_PORT 53
#define HTTPS_PORT 443

static void note_stop(struct vnm_case *c, const struct vnm_case_guest *guest, const char *what,
		      const struct vnm_obstacle *by)
{
	struct vnm_case_stop *stop;

	c->stops = vnm_array_add(c->stops, &c->n_stops, sizeof(*c->stops));
	stop = &c->stops[c->n_stops - 1];
	*stop = (struct vnm_case_stop){
		.guest = guest,
		.what = vnm_strdup(what),
		.text = vnm_strdup(by->text ? by->text : vnm_reason_name(by->reason)),
		.show = by->show ? vnm_strdup(by->show) : NULL,
		.mend = by->mend ? vnm_strdup(by->mend) : NULL,
	};
}

/* One fault stops many packets: it is reported once. */
static bool is_known(const struct vnm_case *c, const struct vnm_obstacle *by)
{
	for (size_t i = 0; i < c->n_stops; i++)
		if (by->text && !strcmp(c->stops[i].text, by->text))
			return true;
	return false;
}

/* A guest may be meant to have no way out. IPv6 addresses that are new are not answered for until they are known to be unique. */
static bool is_intended(const struct vnm_attachment *attach, const struct vnm_explanation *is)
{
	const enum vnm_reason reason = is->obstacle.reason;

	if (reason == VNM_REASON_GUEST_ROUTE || reason == VNM_REASON_GUEST_OTHER_WAY)
		return attach->gateway == VNM_TRI_NO || attach->router == VNM_TRI_YES;
	return reason == VNM_REASON_GUEST_NEIGHBOUR && is->packet.dst.family == AF_INET6;
}

/* What cannot be followed, and what is lost without a reason, is no finding. */
static void follow(struct vnm_driver *drv, struct vnm_case *c, const struct vnm_case_guest *guest,
		   const struct vnm_explain_ask *ask, const char *what)
{
	vnm_autoexplanation struct vnm_explanation is = { 0 };
	struct vnm_error ignored = { 0 };

	if (vnm_driver_explain(drv, ask, &is, &ignored) < 0 ||
	    is.verdict != VNM_EXPLAINED_STOPPED || is_known(c, &is.obstacle) ||
	    is_intended(guest->attach, &is))
		return;
	note_stop(c, guest, what, &is.obstacle);
}

static const struct vnm_addr *own_address(const struct vnm_case *c, int family)
{
	for (size_t i = 0; i < c->net->n_ips; i++)
		if (c->net->ips[i].address.family == family)
			return &c->net->ips[i].address;
	return NULL;
}

/* A name server of the root stands for everybody outside; it gets no packet. Return: whether the host has a way there. */
static bool somebody_outside(const struct vnm_case *c, int family, struct vnm_addr *ret)
{
	if (vnm_addr_parse(family == AF_INET ? "198.41.0.4" : "2001:503:ba3e::2:30", ret) < 0)
		return false;
	for (size_t i = 0; i < c->host.n_routes; i++)
		if (c->host.routes[i].dst.len == 0 && c->host.routes[i].gateway.family == family)
			return true;
	return false;
}

static bool has_family(const struct vnm_case_guest *guest, int family)
{
	for (size_t i = 0; i < guest->stack.n_addresses; i++)
		if (guest->stack.addresses[i].prefix.addr.family == family)
			return true;
	return false;
}

static void follow_guest(struct vnm_driver *drv, struct vnm_case *c,
			 const struct vnm_case_guest *guest, int family)
{
	struct vnm_explain_ask ask = { .network = c->net->name, .guest = guest->attach->dev };
	const struct vnm_addr *own = own_address(c, family);

	if (!guest->inside || !has_family(guest, family))
		return;
	if (own && vnm_network_dns_enabled(c->net) && vnm_plan_find(c->plan, VNM_OP_DNSMASQ)) {
		ask.to = *own;
		ask.proto = IPPROTO_UDP;
		ask.port = DNS_PORT;
		follow(drv, c, guest, &ask, "a DNS query");
	}
	if (!vnm_case_forwards(c, family) || vnm_network_mode(c->net) == VNM_FORWARD_NONE ||
	    !somebody_outside(c, family, &ask.to))
		return;
	ask.proto = IPPROTO_TCP;
	ask.port = HTTPS_PORT;
	follow(drv, c, guest, &ask, "a connection to the outside");
}

/* The host's address on the device that leads outside. */
static bool outer_address(const struct vnm_case *c, int family, struct vnm_addr *ret)
{
	for (size_t k = 0; k < c->host.n_routes; k++)
		for (size_t i = 0; i < c->host.n_addresses && c->host.routes[k].dst.len == 0; i++)
			if (c->host.addresses[i].ifindex == c->host.routes[k].ifindex &&
			    c->host.addresses[i].prefix.addr.family == family) {
				*ret = c->host.addresses[i].prefix.addr;
				return true;
			}
	return false;
}

static const struct vnm_case_guest *guest_at(const struct vnm_case *c, const struct vnm_addr *addr)
{
	for (size_t i = 0; i < c->n_guests; i++)
		for (size_t k = 0; k < c->guests[i].stack.n_addresses; k++)
			if (vnm_addr_equal(&c->guests[i].stack.addresses[k].prefix.addr, addr))
				return &c->guests[i];
	return NULL;
}

static void follow_forward(struct vnm_driver *drv, struct vnm_case *c,
			   const struct vnm_port_forward *forward)
{
	const struct vnm_forward_target target = vnm_port_forward_target(forward, 0);
	const struct vnm_case_guest *guest = guest_at(c, &target.address);
	struct vnm_explain_ask ask = { .network = c->net->name, .to = forward->address };
	vnm_autofree char *what = NULL;

	if (!guest || !somebody_outside(c, target.address.family, &ask.from) ||
	    (!ask.to.family && !outer_address(c, ask.from.family, &ask.to)) ||
	    (ask.to.family == AF_INET && ask.to.b[0] == 127))
		return;
	ask.guest = guest->attach->dev;
	ask.proto = forward->proto == VNM_PROTO_UDP ? IPPROTO_UDP : IPPROTO_TCP;
	ask.port = forward->port.first;
	what = vnm_asprintf("a packet from outside to port %u", forward->port.first);
	follow(drv, c, guest, &ask, what);
}

/**
 * vnm_doctor_follow() - follow packets of guests, and to their forwarded ports
 * @drv: the driver, with the lock; without, nothing is followed
 * @c:   the case of an active network; gets which are stopped
 */
void vnm_doctor_follow(struct vnm_driver *drv, struct vnm_case *c)
{
	if (drv->lock_fd < 0 || !c->link)
		return;
	for (size_t i = 0; i < c->n_guests && i < GUESTS_MAX; i++) {
		follow_guest(drv, c, &c->guests[i], AF_INET);
		follow_guest(drv, c, &c->guests[i], AF_INET6);
	}
	for (size_t i = 0; i < c->net->n_port_forwards && i < GUESTS_MAX; i++)
		follow_forward(drv, c, &c->net->port_forwards[i]);
}
