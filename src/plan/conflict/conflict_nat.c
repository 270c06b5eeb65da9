/* SPDX-License-Identifier: GPL-2.0-or-later */
/* conflict_nat.c - do other networks forward the same ports, or translate the same addresses? Pure. See conflict_listen.c for the host itself. */
#include "plan/conflict/conflict_nat.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

static bool same_forward(const struct vnm_port_forward *a, const struct vnm_port_forward *b)
{
	bool devs = a->dev && b->dev ? !strcmp(a->dev, b->dev) : !a->dev && !b->dev;

	return devs && a->proto == b->proto && a->port.first == b->port.first &&
	       a->port.last == b->port.last && vnm_addr_equal(&a->address, &b->address);
}

/**
 * vnm_conflict_had_forward() - did a network, if any, have this port forwarding before?
 *
 * What it had before is not checked again: a conflict is the later one's.
 */
bool vnm_conflict_had_forward(const struct vnm_network *old, const struct vnm_port_forward *forward)
{
	for (size_t i = 0; old && i < old->n_port_forwards; i++)
		if (same_forward(&old->port_forwards[i], forward))
			return true;
	return false;
}

/** vnm_conflict_format_ports() - "tcp port 80-89 of 192.0.2.1" */
void vnm_conflict_format_ports(const struct vnm_port_forward *forward, struct vnm_buf *out)
{
	char text[VNM_ADDR_STRLEN];

	vnm_buf_printf(out, "%s port %u", vnm_enum_name(&vnm_enum_proto, (int)forward->proto),
		       forward->port.first);
	if (forward->port.last != forward->port.first)
		vnm_buf_printf(out, "-%u", forward->port.last);
	if (forward->address.family != AF_UNSPEC)
		vnm_buf_printf(out, " of %s", vnm_addr_format(&forward->address, text));
}

/** struct clash - what two networks share: a forwarded port, or the address @outside. */
struct clash {
	const struct vnm_port_forward *mine, *theirs;
	const struct vnm_addr *outside;
};

static int refuse_forward(const struct clash *clash, const struct vnm_network *other,
			  struct vnm_error *err)
{
	const struct vnm_port_forward *taken = clash->theirs;
	struct vnm_forward_target target = vnm_port_forward_target(taken, 0);
	vnm_autobuf struct vnm_buf ports = { 0 };
	char text[VNM_ADDR_STRLEN];

	vnm_conflict_format_ports(clash->mine, &ports);
	return vnm_error_set(err, VNM_ERR_PORT_IN_USE, EADDRINUSE,
			     "%s is already forwarded by network '%s'%s%s%s, to %s; choose another "
			     "port or address, or: vnetmgr net-forward-del %s %s %u",
			     ports.data, other->name, taken->name ? " ('" : "",
			     taken->name ? taken->name : "", taken->name ? "')" : "",
			     vnm_addr_format(&target.address, text), other->name,
			     vnm_enum_name(&vnm_enum_proto, (int)taken->proto), taken->port.first);
}

static int refuse(const struct clash *clash, const struct vnm_network *other, struct vnm_error *err)
{
	char text[VNM_ADDR_STRLEN];

	if (clash->mine)
		return refuse_forward(clash, other, err);
	return vnm_error_set(err, VNM_ERR_PORT_IN_USE, EADDRINUSE,
			     "address %s already leads into network '%s'",
			     vnm_addr_format(clash->outside, text), other->name);
}

/** vnm_conflict_had_static() - did a network, if any, have this outside address before? */
bool vnm_conflict_had_static(const struct vnm_network *old, const struct vnm_addr *outside)
{
	for (size_t i = 0; old && i < old->n_static_nats; i++)
		if (vnm_addr_equal(&old->static_nats[i].outside, outside))
			return true;
	return false;
}

/* Is an address, or a port of it, translated to one guest of a network? */
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

/* Does @other forward the same port, or the whole address? */
static bool forward_taken(const struct vnm_port_forward *mine, const struct vnm_network *other,
			  struct clash *ret)
{
	for (size_t i = 0; i < other->n_port_forwards; i++) {
		*ret = (struct clash){ mine, &other->port_forwards[i], NULL };
		if (vnm_port_forwards_clash(mine, ret->theirs))
			return true;
	}
	*ret = (struct clash){ NULL, NULL, &mine->address };
	return mine->address.family != AF_UNSPEC && leads_into(other, &mine->address, false);
}

static bool address_taken(const struct vnm_static_nat *mine, const struct vnm_network *other,
			  struct clash *ret)
{
	*ret = (struct clash){ NULL, NULL, &mine->outside };
	return leads_into(other, &mine->outside, true);
}

/* The first new port forwarding or 1:1 address of @net that @other has as well. */
static bool find_clash(const struct vnm_network *net, const struct vnm_network *old,
		       const struct vnm_network *other, struct clash *ret)
{
	for (size_t i = 0; i < net->n_port_forwards; i++)
		if (!vnm_conflict_had_forward(old, &net->port_forwards[i]) &&
		    forward_taken(&net->port_forwards[i], other, ret))
			return true;
	for (size_t i = 0; i < net->n_static_nats; i++)
		if (!vnm_conflict_had_static(old, &net->static_nats[i].outside) &&
		    address_taken(&net->static_nats[i], other, ret))
			return true;
	return false;
}

static void warn_clash(const struct clash *clash, const struct vnm_network *net,
		     const struct vnm_network *other, struct vnm_warnings *warnings)
{
	vnm_autobuf struct vnm_buf what = { 0 };
	char text[VNM_ADDR_STRLEN];

	if (clash->mine)
		vnm_conflict_format_ports(clash->mine, &what);
	else
		vnm_buf_printf(&what, "address %s", vnm_addr_format(clash->outside, text));
	vnm_warnings_add(
		warnings,
		"%s leads into network '%s', and into network '%s': only one of them can be "
		"active at a time",
		what.data, net->name, other->name);
}

/**
 * vnm_conflict_warn_forwards() - warn of port forwarding that two definitions share: only one can be active
 * @net:      the one
 * @other:    the other
 * @warnings: gets a line for each
 */
void vnm_conflict_warn_forwards(const struct vnm_network *net, const struct vnm_network *other,
				struct vnm_warnings *warnings)
{
	struct clash clash;

	if (vnm_conflict_same(net, other))
		return;
	for (size_t i = 0; i < net->n_port_forwards; i++)
		if (forward_taken(&net->port_forwards[i], other, &clash))
			warn_clash(&clash, net, other, warnings);
	for (size_t i = 0; i < net->n_static_nats; i++)
		if (address_taken(&net->static_nats[i], other, &clash))
			warn_clash(&clash, net, other, warnings);
}

/**
 * vnm_conflict_forwards() - do other active networks have the same port forwarding or NAT?
 * @net:   the network
 * @old:   what it was before a change: what it forwarded then is not checked again; NULL: nothing
 * @others: the other networks
 * @n:     how many
 * @err:   VNM_ERR_PORT_IN_USE
 *
 * Return: 0 or -EADDRINUSE.
 */
int vnm_conflict_forwards(const struct vnm_network *net, const struct vnm_network *old,
			  const struct vnm_other_net *others, size_t n, struct vnm_error *err)
{
	struct clash clash;

	for (size_t i = 0; i < n; i++)
		if (others[i].active && !vnm_conflict_same(net, others[i].net) &&
		    find_clash(net, old, others[i].net, &clash))
			return refuse(&clash, others[i].net, err);
	return 0;
}
