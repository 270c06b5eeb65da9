/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * conflict_listen.c - which of the host's own services lose connections to port forwarding? Pure.
 *
 * A service that would lose all its connections is an error: its port is forwarded on all addresses of the host, or
 * on the only address it listens on. A service that loses only some of its addresses is a warning.
 */
#include "plan/conflict/conflict_listen.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "plan/conflict/conflict_nat.h"
#include "util/mem.h"

/* The first ephemeral port (net.ipv4.ip_local_port_range): UDP clients cannot be distinguished from services there. */
#define EPHEMERAL_PORT_MIN 32768

static bool is_any(const struct vnm_addr *addr)
{
	static const uint8_t zero[16];

	return !memcmp(addr->b, zero, sizeof(zero));
}

static bool is_loopback(const struct vnm_addr *addr)
{
	static const uint8_t one[16] = { [15] = 1 };

	return addr->family == AF_INET ? addr->b[0] == 127 : !memcmp(addr->b, one, sizeof(one));
}

/* A socket on :: usually accepts IPv4, too. */
static bool accepts_family(const struct vnm_fact_listener *listener, int family)
{
	return listener->addr.family == family ||
	       (is_any(&listener->addr) && listener->addr.family == AF_INET6);
}

/* ::1 is never forwarded. */
static enum vnm_loss by_forward(const struct vnm_port_forward *forward,
				const struct vnm_fact_listener *listener)
{
	int family = vnm_port_forward_target(forward, 0).address.family;

	if (forward->proto != listener->proto || listener->port < forward->port.first ||
	    listener->port > forward->port.last || !accepts_family(listener, family))
		return VNM_LOSS_NONE;
	if (is_loopback(&listener->addr) && (forward->dev || family == AF_INET6))
		return VNM_LOSS_NONE;
	if (forward->address.family == AF_UNSPEC ||
	    vnm_addr_equal(&forward->address, &listener->addr))
		return VNM_LOSS_ALL;
	return is_any(&listener->addr) ? VNM_LOSS_PART : VNM_LOSS_NONE;
}

static enum vnm_loss by_static(const struct vnm_static_nat *nat,
			       const struct vnm_fact_listener *listener)
{
	if ((listener->proto == VNM_PROTO_UDP && listener->port >= EPHEMERAL_PORT_MIN) ||
	    !accepts_family(listener, nat->outside.family))
		return VNM_LOSS_NONE;
	if (vnm_addr_equal(&nat->outside, &listener->addr))
		return VNM_LOSS_ALL;
	return is_any(&listener->addr) ? VNM_LOSS_PART : VNM_LOSS_NONE;
}

/**
 * vnm_conflict_listener() - what would a service of the host lose to a network's port forwarding?
 * @net:      the network
 * @old:      what it was before a change: what it forwarded then is not checked again; NULL: nothing
 * @listener: the service
 *
 * Return: the most that one forwarding of the network takes.
 */
enum vnm_loss vnm_conflict_listener(const struct vnm_network *net, const struct vnm_network *old,
				    const struct vnm_fact_listener *listener)
{
	enum vnm_loss most = VNM_LOSS_NONE, loss;

	for (size_t i = 0; i < net->n_port_forwards; i++) {
		loss = by_forward(&net->port_forwards[i], listener);
		if (loss > most && !vnm_conflict_had_forward(old, &net->port_forwards[i]))
			most = loss;
	}
	for (size_t i = 0; i < net->n_static_nats; i++) {
		loss = by_static(&net->static_nats[i], listener);
		if (loss > most && !vnm_conflict_had_static(old, &net->static_nats[i].outside))
			most = loss;
	}
	return most;
}

/* Another socket of a service that may lose connections: the same port on another address. */
static bool belongs_to(const struct vnm_fact_listener *listener, const struct vnm_facts *facts,
		       const enum vnm_loss *losses)
{
	for (size_t i = 0; i < facts->n_listeners; i++)
		if (losses[i] == VNM_LOSS_ALL && facts->listeners[i].proto == listener->proto &&
		    facts->listeners[i].port == listener->port)
			return true;
	return false;
}

/**
 * vnm_conflict_keep_listeners() - drop the listeners that a network does not affect
 * @net:   the network
 * @old:   as for vnm_conflict_listener()
 * @facts: keeps the listeners that lose something, and their services' other sockets; without their processes
 */
void vnm_conflict_keep_listeners(const struct vnm_network *net, const struct vnm_network *old,
				 struct vnm_facts *facts)
{
	size_t n_all = facts->n_listeners, n = 0;
	vnm_autofree enum vnm_loss *losses = vnm_alloc((n_all ? n_all : 1) * sizeof(*losses));
	vnm_autofree bool *keep = vnm_alloc((n_all ? n_all : 1) * sizeof(*keep));

	for (size_t i = 0; i < n_all; i++)
		losses[i] = vnm_conflict_listener(net, old, &facts->listeners[i]);
	for (size_t i = 0; i < n_all; i++)
		keep[i] = losses[i] || belongs_to(&facts->listeners[i], facts, losses);
	for (size_t i = 0; i < n_all; i++)
		if (keep[i])
			facts->listeners[n++] = facts->listeners[i];
	facts->n_listeners = n;
}

/* Is the service reachable by another socket? Some bind one to each address. */
static bool has_another(const struct vnm_facts *facts, const struct vnm_fact_listener *listener)
{
	for (size_t i = 0; i < facts->n_listeners && listener->process; i++) {
		const struct vnm_fact_listener *other = &facts->listeners[i];

		if (other->process && !strcmp(other->process, listener->process) &&
		    other->proto == listener->proto && other->port == listener->port &&
		    !is_loopback(&other->addr) && accepts_family(other, listener->addr.family) &&
		    !vnm_addr_equal(&other->addr, &listener->addr))
			return true;
	}
	return false;
}

static bool is_hosts(const struct vnm_facts *facts, const struct vnm_addr *addr)
{
	for (size_t i = 0; i < facts->n_addresses; i++)
		if (vnm_addr_equal(&facts->addresses[i].prefix.addr, addr))
			return true;
	return is_loopback(addr);
}

static const char *service_name(const struct vnm_fact_listener *listener)
{
	return listener->process ? listener->process : "a service";
}

static int check_forward(const struct vnm_network *net, const struct vnm_port_forward *forward,
			 const struct vnm_fact_listener *listener, const struct vnm_facts *facts,
			 struct vnm_warnings *warnings, struct vnm_error *err)
{
	bool one = forward->address.family != AF_UNSPEC;
	enum vnm_loss loss = by_forward(forward, listener);
	vnm_autobuf struct vnm_buf ports = { 0 };
	vnm_autobuf struct vnm_buf line = { 0 };
	char text[VNM_ADDR_STRLEN];

	if (loss == VNM_LOSS_NONE)
		return 0;
	vnm_conflict_format_ports(forward, &ports);
	if (loss == VNM_LOSS_ALL && !(one && has_another(facts, listener)))
		return vnm_error_set(err, VNM_ERR_PORT_IN_USE, EADDRINUSE,
				     "%s cannot be forwarded into network '%s': %s listens on %s "
				     "port %u of the host; stop it, choose another port, or %s",
				     ports.data, net->name, service_name(listener),
				     vnm_addr_format(&listener->addr, text), listener->port,
				     one ? "another address"
					 : "say which address the forward is for");
	if (!is_hosts(facts, &forward->address))
		return 0;
	vnm_buf_printf(&line,
		       "%s leads into network '%s' while that is active: there %s of the host is "
		       "out of reach", ports.data, net->name, service_name(listener));
	/* One for each service, however many sockets it has. */
	vnm_warnings_add_once(warnings, line.data);
	return 0;
}

static int check_static(const struct vnm_network *net, const struct vnm_static_nat *nat,
			const struct vnm_fact_listener *listener, const struct vnm_facts *facts,
			bool *warned, struct vnm_warnings *warnings, struct vnm_error *err)
{
	enum vnm_loss loss = by_static(nat, listener);
	char text[VNM_ADDR_STRLEN];

	if (loss == VNM_LOSS_NONE)
		return 0;
	vnm_addr_format(&nat->outside, text);
	if (loss == VNM_LOSS_ALL && !has_another(facts, listener))
		return vnm_error_set(err, VNM_ERR_PORT_IN_USE, EADDRINUSE,
				     "address %s cannot lead into network '%s': %s listens on %s "
				     "port %u of the host; stop it, or choose another address",
				     text, net->name, service_name(listener), text, listener->port);
	if (*warned || !is_hosts(facts, &nat->outside))
		return 0;
	vnm_warnings_add(
		warnings,
		"address %s leads into network '%s' while that is active: there all services "
		"of the host are out of reach, such as %s on port %u",
		text, net->name, service_name(listener), listener->port);
	*warned = true;
	return 0;
}

/**
 * vnm_conflict_listeners() - would services of the host lose connections to a network's port forwarding?
 * @net:      the network
 * @old:      as for vnm_conflict_listener()
 * @facts:    the services, and the host's addresses
 * @warnings: services that become unreachable on some of their addresses
 * @err:      VNM_ERR_PORT_IN_USE: one that becomes unreachable
 *
 * Return: 0 or -EADDRINUSE.
 */
int vnm_conflict_listeners(const struct vnm_network *net, const struct vnm_network *old,
			   const struct vnm_facts *facts, struct vnm_warnings *warnings,
			   struct vnm_error *err)
{
	int r = 0;

	for (size_t i = 0; i < net->n_port_forwards; i++) {
		const struct vnm_port_forward *forward = &net->port_forwards[i];

		if (vnm_conflict_had_forward(old, forward))
			continue;
		for (size_t k = 0; r == 0 && k < facts->n_listeners; k++)
			r = check_forward(net, forward, &facts->listeners[k], facts, warnings, err);
	}
	for (size_t i = 0; i < net->n_static_nats; i++) {
		const struct vnm_static_nat *nat = &net->static_nats[i];
		bool warned = false;

		if (vnm_conflict_had_static(old, &nat->outside))
			continue;
		for (size_t k = 0; r == 0 && k < facts->n_listeners; k++)
			r = check_static(net, nat, &facts->listeners[k], facts, &warned, warnings,
					 err);
	}
	return r;
}
