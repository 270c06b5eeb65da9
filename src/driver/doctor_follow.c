/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * doctor_follow.c - packets of guests, followed through the kernel: which of them are stopped, and by what?
 *
 * A DNS query to the network's own server and that server's own, a connection to the outside, an echo request to another guest, and a
 * connection from outside to each forwarded port, as net-explain follows them (driver/explain.c): nobody receives them.
 */
#include "driver/doctor_follow.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "doctor/check_service.h"
#include "driver/explain.h"
#include "driver/explain_question.h"
#include "state/session.h"
#include "util/mem.h"
#include "util/patience.h"
#include "util/poll.h"

#define GUESTS_MAX \
	8 /* a packet takes some 50 ms; what is wrong with the ninth guest only, "net-doctor NETWORK GUEST" tells */
#define UPSTREAM_MAX 2
#define FOLLOW_MS 20000 /* on an idle machine; after that no other packet is followed */
#define DNS_PORT 53
#define HOST_QUERY "a DNS query of the host's to its name server"
#define HTTPS_PORT 443

/** struct following - what is looked at. @until: by vnm_now_ms(): then no other packet is followed; @n_late: such packets */
struct following {
	struct vnm_driver *drv;
	struct vnm_case *c;
	int64_t until;
	unsigned n_late;
};

/* The command that follows the packet again. */
static char *show_again(const struct vnm_explain_ask *ask)
{
	char to[VNM_ADDR_STRLEN], from[VNM_ADDR_STRLEN];
	vnm_autofree char *port = ask->port ? vnm_asprintf(":%u", ask->port) : vnm_strdup("");
	const bool v6 = ask->port && ask->to.family == AF_INET6;

	vnm_addr_format(&ask->to, to);
	return vnm_asprintf("vnetmgr net-explain %s %s %s%s%s%s%s%s%s", ask->network, ask->guest,
			    v6 ? "[" : "", to, v6 ? "]" : "", port,
			    ask->proto == IPPROTO_UDP ? " --proto udp" : "",
			    ask->from.family ? " --from " : "",
			    ask->from.family ? vnm_addr_format(&ask->from, from) : "");
}

static void note_stop(struct vnm_case *c, const struct vnm_case_guest *guest, const char *what,
		      const struct vnm_obstacle *by, const struct vnm_explain_ask *ask)
{
	struct vnm_case_stop *stop;

	c->stops = vnm_array_add(c->stops, &c->n_stops, sizeof(*c->stops));
	stop = &c->stops[c->n_stops - 1];
	*stop = (struct vnm_case_stop){
		.guest = guest,
		.what = guest ? vnm_asprintf("guest %s: %s", guest->name, what) : vnm_strdup(what),
		.text = vnm_strdup(by->text ? by->text : vnm_reason_name(by->reason)),
		.show = by->show ? vnm_strdup(by->show)
			: guest	 ? show_again(ask)
				 : vnm_strdup("cat /etc/resolv.conf"),
		.mend = by->mend ? vnm_strdup(by->mend) : NULL,
	};
}

static bool is_same(const char *a, const char *b)
{
	return a && b && !strcmp(a, b);
}

/* One fault stops many packets: it is reported once. */
static bool is_known(const struct vnm_case *c, const struct vnm_obstacle *by)
{
	for (size_t i = 0; i < c->n_stops; i++)
		if (is_same(c->stops[i].text, by->text) || is_same(c->stops[i].mend, by->mend))
			return true;
	return false;
}

/* A guest may be meant to have no way out, or another one: by a second network that it is on. */
static bool is_intended(const struct vnm_attachment *attach, const struct vnm_explanation *is)
{
	const enum vnm_reason reason = is->obstacle.reason;

	if (reason == VNM_REASON_GUEST_OTHER_NETWORK)
		return true;
	return (reason == VNM_REASON_GUEST_ROUTE || reason == VNM_REASON_GUEST_OTHER_WAY) &&
	       (attach->gateway == VNM_TRI_NO || attach->router == VNM_TRI_YES);
}

/* Time is up: what is not followed now is counted, and told. */
static bool is_late(struct following *of)
{
	if (vnm_now_ms() <= of->until)
		return false;
	of->n_late++;
	return true;
}

/* Of packets that could not be followed, one line a reason. */
static void note_unknown(struct vnm_case *c, const struct vnm_case_guest *guest, const char *what,
			 const char *why)
{
	vnm_autofree char *line = guest ? vnm_asprintf("guest %s: %s: %s", guest->name, what, why)
					: vnm_asprintf("%s: %s", what, why);

	for (size_t i = 0; i < c->unchecked.n; i++)
		if (strstr(c->unchecked.items[i], why))
			return;
	vnm_warnings_add(&c->unchecked, "%s", line);
}

/*
 * What fails, or stops a packet, is looked at twice: of what is only so for a moment, such as a table of neighbours that is full, nothing
 * follows. Return: 0 or -errno.
 */
static int explain(struct following *of, const struct vnm_explain_ask *ask,
		   struct vnm_explanation *ret, struct vnm_error *err)
{
	int r = vnm_driver_explain(of->drv, ask, ret, err);

	if ((r < 0 && err->code == VNM_ERR_UNSUPPORTED) ||
	    (r == 0 && (ret->verdict == VNM_EXPLAINED_PASSES || is_known(of->c, &ret->obstacle))))
		return r;
	vnm_explanation_clear(ret);
	return vnm_driver_explain(of->drv, ask, ret, err);
}

/* What the kernel cannot follow, and what is lost without a reason, is no finding. */
static void follow(struct following *of, const struct vnm_case_guest *guest,
		   const struct vnm_explain_ask *ask, const char *what)
{
	vnm_autoexplanation struct vnm_explanation is = { 0 };
	struct vnm_error err = { 0 };
	int r;

	if (is_late(of))
		return;
	r = explain(of, ask, &is, &err);
	if (r < 0 && err.code != VNM_ERR_UNSUPPORTED)
		note_unknown(of->c, guest, what, err.msg);
	else if (r == 0 && is.verdict == VNM_EXPLAINED_UNKNOWN)
		note_unknown(of->c, guest, what, is.obstacle.text);
	else if (r == 0 && is.verdict == VNM_EXPLAINED_STOPPED && !is_known(of->c, &is.obstacle) &&
		 !is_intended(guest->attach, &is))
		note_stop(of->c, guest, what, &is.obstacle, ask);
}

/* One of IPv6 that is new is answered for only when it is known to be unique; before, the host does not list it. */
static const struct vnm_addr *own_address(const struct vnm_case *c, int family)
{
	for (size_t i = 0; i < c->net->n_ips; i++)
		if (c->net->ips[i].address.family == family &&
		    vnm_case_is_ours(c, &c->net->ips[i].address))
			return &c->net->ips[i].address;
	return NULL;
}

/* A name server of the root stands for everybody outside; it gets no packet. Return: whether the host has a way there. */
static bool somebody_outside(const struct vnm_case *c, int family, struct vnm_addr *ret)
{
	vnm_case_outside(family, ret);
	for (size_t i = 0; i < c->host.n_routes; i++)
		if (c->host.routes[i].dst.len == 0 && c->host.routes[i].gateway.family == family)
			return true;
	return false;
}

/* An address of the guest in the network; NULL: none. */
static const struct vnm_addr *address_of(const struct vnm_case *c,
					 const struct vnm_case_guest *guest, int family)
{
	for (size_t i = 0; i < guest->stack.n_addresses; i++) {
		const struct vnm_addr *addr = &guest->stack.addresses[i].prefix.addr;

		if (addr->family == family && vnm_case_subnet_of(c, addr))
			return addr;
	}
	return NULL;
}

/* The next guest that this one should reach; NULL: none. */
static const struct vnm_addr *companion_of(const struct vnm_case *c,
					   const struct vnm_case_guest *guest, int family)
{
	const size_t first = (size_t)(guest - c->guests);
	const bool isolated = vnm_attach_isolated(c->net, guest->attach);

	for (size_t i = 1; i < c->n_guests; i++) {
		const struct vnm_case_guest *other = &c->guests[(first + i) % c->n_guests];
		const struct vnm_addr *addr = address_of(c, other, family);

		if (addr && other->inside && !other->attach->parent &&
		    other->attach->kind != VNM_ATTACH_TUN &&
		    !(isolated && vnm_attach_isolated(c->net, other->attach)))
			return addr;
	}
	return NULL;
}

static void follow_guest(struct following *of, const struct vnm_case_guest *guest, int family)
{
	struct vnm_case *c = of->c;
	struct vnm_explain_ask ask = { .network = c->net->name, .guest = guest->attach->dev };
	const struct vnm_addr *own = own_address(c, family);

	if (!guest->inside || !address_of(c, guest, family) || (family == AF_INET6 && !own))
		return;
	if (own && vnm_network_dns_enabled(c->net) && vnm_plan_find(c->plan, VNM_OP_DNSMASQ)) {
		ask.to = *own;
		ask.proto = IPPROTO_UDP;
		ask.port = DNS_PORT;
		follow(of, guest, &ask, "a DNS query");
	}
	if (!vnm_case_forwards(c, family) || vnm_network_mode(c->net) == VNM_FORWARD_NONE ||
	    !somebody_outside(c, family, &ask.to))
		return;
	ask.proto = IPPROTO_TCP;
	ask.port = HTTPS_PORT;
	follow(of, guest, &ask, "a connection to the outside");
}

static void follow_companion(struct following *of, const struct vnm_case_guest *guest, int family)
{
	struct vnm_explain_ask ask = { .network = of->c->net->name,
				       .guest = guest->attach->dev,
				       .proto = vnm_packet_echo(family) };
	const struct vnm_addr *companion = guest->inside && address_of(of->c, guest, family)
						   ? companion_of(of->c, guest, family)
						   : NULL;

	if (!companion)
		return;
	ask.to = *companion;
	follow(of, guest, &ask, "a packet to another guest");
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

static void follow_forward(struct following *of, const struct vnm_port_forward *forward)
{
	struct vnm_case *c = of->c;
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
	follow(of, guest, &ask, what);
}

/* What dnsmasq asks in turn. The first servers stand for all. */
static void follow_upstream(struct following *of)
{
	struct vnm_case *c = of->c;

	for (size_t i = 0; i < c->resolver.n && i < UPSTREAM_MAX; i++) {
		const struct vnm_explain_ask ask = { .to = c->resolver.items[i].addr,
						     .proto = IPPROTO_UDP,
						     .port = DNS_PORT };
		vnm_autoexplanation struct vnm_explanation is = { 0 };
		struct vnm_error err = { 0 };
		int r;

		if (vnm_case_is_ours(c, &ask.to) || is_late(of))
			continue;
		r = vnm_driver_explain_question(of->drv, &ask, &is, &err);
		if (r < 0 && err.code != VNM_ERR_UNSUPPORTED)
			note_unknown(c, NULL, HOST_QUERY, err.msg);
		if (is.verdict == VNM_EXPLAINED_STOPPED && !is_known(c, &is.obstacle))
			note_stop(c, NULL, HOST_QUERY, &is.obstacle, &ask);
	}
}

/**
 * vnm_doctor_follow() - follow packets of guests, and to their forwarded ports
 * @drv: the driver, without the lock, which is taken for each packet
 * @c:   the case of an active network; gets which are stopped, and which could not be followed
 */
void vnm_doctor_follow(struct vnm_driver *drv, struct vnm_case *c)
{
	struct following of = { drv, c, vnm_now_ms() + vnm_patience_ms(FOLLOW_MS), 0 };

	if (!c->link)
		return;
	for (size_t i = 0; i < c->n_guests && i < GUESTS_MAX; i++) {
		follow_guest(&of, &c->guests[i], AF_INET);
		follow_guest(&of, &c->guests[i], AF_INET6);
	}
	if (vnm_check_asks_host(c))
		follow_upstream(&of);
	for (size_t i = 0; i < c->net->n_port_forwards && i < GUESTS_MAX; i++)
		follow_forward(&of, &c->net->port_forwards[i]);
	for (size_t i = 0; i < c->n_guests && i < GUESTS_MAX; i++) {
		follow_companion(&of, &c->guests[i], AF_INET);
		follow_companion(&of, &c->guests[i], AF_INET6);
	}
	if (of.n_late > 0)
		vnm_warnings_add(
			&c->unchecked,
			"%u of the packets that were to be followed, for which there was no "
			"time: follow them by vnetmgr net-explain, or try again when the "
			"host is less busy",
			of.n_late);
}
