/* SPDX-License-Identifier: GPL-2.0-or-later */
/* conflict_nat.c - are the ways into a network free: of other networks, and of what the host serves itself? Pure. */
#include "plan/conflict_parts.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

static bool same_forward(const struct vnm_port_forward *a, const struct vnm_port_forward *b)
{
	bool devs = a->dev && b->dev ? !strcmp(a->dev, b->dev) : !a->dev && !b->dev;

	return devs && a->proto == b->proto && a->port.first == b->port.first &&
	       a->port.last == b->port.last && vnm_addr_equal(&a->address, &b->address);
}

/* What was there before is not asked again: whoever came later is to blame. */
static bool is_old(const struct vnm_network *old, const struct vnm_port_forward *forward)
{
	for (size_t i = 0; old && i < old->n_port_forwards; i++)
		if (same_forward(&old->port_forwards[i], forward))
			return true;
	return false;
}

static void format_ports(const struct vnm_port_forward *forward, struct vnm_buf *out)
{
	char text[VNM_ADDR_STRLEN];

	vnm_buf_printf(out, "%s port %u", vnm_enum_word(&vnm_enum_proto, (int)forward->proto),
		       forward->port.first);
	if (forward->port.last != forward->port.first)
		vnm_buf_printf(out, "-%u", forward->port.last);
	if (forward->address.family != AF_UNSPEC)
		vnm_buf_printf(out, " of %s", vnm_addr_format(&forward->address, text));
}

static int refuse_peer(const struct vnm_port_forward *forward, const struct vnm_network *peer,
		       const struct vnm_port_forward *taken, struct vnm_error *err)
{
	struct vnm_forward_target target = vnm_port_forward_target(taken, 0);
	vnm_autobuf struct vnm_buf ports = { 0 };
	char text[VNM_ADDR_STRLEN];

	format_ports(forward, &ports);
	return vnm_error_set(err, VNM_ERR_PORT_IN_USE, EADDRINUSE,
			     "%s is already forwarded by network '%s'%s%s%s, to %s; choose another "
			     "port or address, or: vnetmgr net-forward-del %s %s %u",
			     ports.data, peer->name, taken->name ? " ('" : "",
			     taken->name ? taken->name : "", taken->name ? "')" : "",
			     vnm_addr_format(&target.address, text), peer->name,
			     vnm_enum_word(&vnm_enum_proto, (int)taken->proto), taken->port.first);
}

static bool is_old_static(const struct vnm_network *old, const struct vnm_addr *outside)
{
	for (size_t i = 0; old && i < old->n_static_nats; i++)
		if (vnm_addr_equal(&old->static_nats[i].outside, outside))
			return true;
	return false;
}

/* Does an address lead to one guest of a network, whole or in part? */
static bool leads_into(const struct vnm_network *net, const struct vnm_addr *outside, bool in_part)
{
	for (size_t i = 0; i < net->n_static_nats; i++)
		if (vnm_addr_equal(&net->static_nats[i].outside, outside))
			return true;
	for (size_t i = 0; i < net->n_port_forwards && in_part; i++)
		if (vnm_addr_equal(&net->port_forwards[i].address, outside))
			return true;
	return false;
}

static int refuse_address(const struct vnm_addr *outside, const struct vnm_network *peer,
			  struct vnm_error *err)
{
	char text[VNM_ADDR_STRLEN];

	return vnm_error_set(err, VNM_ERR_PORT_IN_USE, EADDRINUSE,
			     "address %s already leads into network '%s'",
			     vnm_addr_format(outside, text), peer->name);
}

static int check_addresses(const struct vnm_network *net, const struct vnm_network *old,
			   const struct vnm_network *peer, struct vnm_error *err)
{
	for (size_t i = 0; i < net->n_static_nats; i++) {
		const struct vnm_addr *outside = &net->static_nats[i].outside;

		if (!is_old_static(old, outside) && leads_into(peer, outside, true))
			return refuse_address(outside, peer, err);
	}
	for (size_t i = 0; i < net->n_port_forwards; i++) {
		const struct vnm_port_forward *forward = &net->port_forwards[i];

		if (forward->address.family != AF_UNSPEC && !is_old(old, forward) &&
		    leads_into(peer, &forward->address, false))
			return refuse_address(&forward->address, peer, err);
	}
	return 0;
}

static int check_peer(const struct vnm_network *net, const struct vnm_network *old,
		      const struct vnm_network *peer, struct vnm_error *err)
{
	for (size_t i = 0; i < net->n_port_forwards; i++)
		for (size_t k = 0; k < peer->n_port_forwards; k++)
			if (!is_old(old, &net->port_forwards[i]) &&
			    vnm_port_forwards_clash(&net->port_forwards[i],
						    &peer->port_forwards[k]))
				return refuse_peer(&net->port_forwards[i], peer,
						   &peer->port_forwards[k], err);
	return check_addresses(net, old, peer, err);
}

/**
 * vnm_conflict_ways() - do other networks have the same ways in?
 * @net:         the network
 * @old:         what it was before a change: its ways are not asked again; NULL: nothing
 * @peers:       the other networks
 * @n:           how many
 * @active_only: only those that are active
 * @err:         VNM_ERR_PORT_IN_USE
 *
 * Return: 0 or -EADDRINUSE.
 */
int vnm_conflict_ways(const struct vnm_network *net, const struct vnm_network *old,
		      const struct vnm_peer *peers, size_t n, bool active_only,
		      struct vnm_error *err)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < n; i++)
		if (!vnm_conflict_same(net, peers[i].net) && (peers[i].active || !active_only))
			r = check_peer(net, old, peers[i].net, err);
	return r;
}

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

/* A socket on :: takes IPv4, too, as a rule. ::1 is never forwarded. */
static bool takes(const struct vnm_port_forward *forward, const struct vnm_fact_listener *listener)
{
	int family = vnm_port_forward_target(forward, 0).address.family;
	bool any = is_any(&listener->addr);

	if (forward->proto != listener->proto || listener->port < forward->port.first ||
	    listener->port > forward->port.last)
		return false;
	if (listener->addr.family != family && !(any && listener->addr.family == AF_INET6))
		return false;
	if (is_loopback(&listener->addr) && (forward->dev || family == AF_INET6))
		return false;
	return any || forward->address.family == AF_UNSPEC ||
	       vnm_addr_equal(&forward->address, &listener->addr);
}

/**
 * vnm_conflict_listener() - would a network take away what a service of the host listens for?
 * @net:      the network
 * @old:      as for vnm_conflict_ways()
 * @listener: the service
 * @err:      VNM_ERR_PORT_IN_USE; may be NULL
 *
 * Return: 0 or -EADDRINUSE.
 */
int vnm_conflict_listener(const struct vnm_network *net, const struct vnm_network *old,
			  const struct vnm_fact_listener *listener, struct vnm_error *err)
{
	for (size_t i = 0; i < net->n_port_forwards; i++) {
		const struct vnm_port_forward *forward = &net->port_forwards[i];
		vnm_autobuf struct vnm_buf ports = { 0 };
		char text[VNM_ADDR_STRLEN];

		if (is_old(old, forward) || !takes(forward, listener))
			continue;
		format_ports(forward, &ports);
		vnm_addr_format(&listener->addr, text);
		return vnm_error_set(err, VNM_ERR_PORT_IN_USE, EADDRINUSE,
				     "%s cannot be forwarded into network '%s': %s listens on %s "
				     "port %u of the host; stop it, choose another port, or say "
				     "which address the forward is for",
				     ports.data, net->name,
				     listener->process ? listener->process : "a service", text,
				     listener->port);
	}
	return 0;
}
