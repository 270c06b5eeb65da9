/* SPDX-License-Identifier: GPL-2.0-or-later */
/* validate_forward.c - <forward>: what each mode requires and refuses. */
#include "model/validate_forward.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/socket.h>

#include "model/validate_address.h"
#include "model/validate_device.h"
#include "model/validate_pool.h"
#include "util/mem.h"

#define PORT_MAX 65535

/* Host devices by PCI address are for assignment to guests, not for routing. */
static int refuse_pci(struct vnm_check *check)
{
	const struct vnm_network *net = check->net;
	const struct vnm_forward *forward = &net->forward;
	const char *mode = vnm_enum_name(&vnm_enum_forward_mode, vnm_network_mode(net));

	if (forward->n_addresses)
		return vnm_check_fail(check, &forward->addresses[0].at,
				      "network '%s' has forward mode '%s' but lists a device by "
				      "PCI address in the device pool; this is only supported for "
				      "networks with forward mode 'hostdev'", net->name, mode);
	if (forward->pf.at.present)
		return vnm_check_fail(check, &forward->pf.at,
				      "<pf> is not allowed in network '%s' with forward mode '%s'",
				      net->name, mode);
	return 0;
}

static int check_devices(struct vnm_check *check)
{
	const struct vnm_network *net = check->net;
	const struct vnm_forward *forward = &net->forward;
	const struct vnm_forward_interface *interfaces = forward->interfaces;

	if (vnm_network_forward_dev(net) && vnm_network_mode(net) == VNM_FORWARD_OPEN)
		return vnm_check_fail(check, &forward->at,
				      "forward dev not allowed for network '%s' with forward "
				      "mode='open'", net->name);
	if (forward->n_interfaces > 1)
		return vnm_check_fail(check, &interfaces[1].at,
				      "multiple forwarding interfaces specified for network '%s', "
				      "only one is supported", net->name);
	if (forward->dev)
		return vnm_check_device(check, &forward->at, forward->dev);
	if (forward->n_interfaces)
		return vnm_check_device(check, &interfaces[0].at, interfaces[0].dev);
	return 0;
}

static int check_nat_address(struct vnm_check *check)
{
	const struct vnm_nat_address *address = &check->net->forward.nat.address;
	const struct {
		const char *name;
		const struct vnm_addr *addr;
	} ends[] = { { "start", &address->start }, { "end", &address->end } };
	char text[VNM_ADDR_STRLEN];

	if (!address->at.present)
		return 0;
	for (size_t i = 0; i < VNM_ARRAY_SIZE(ends); i++) {
		if (ends[i].addr->family != AF_INET)
			return vnm_check_fail(check, &address->at,
					      "Bad ipv4 %s address '%s' in <nat> in <forward> in "
					      "network '%s'", ends[i].name,
					      vnm_addr_format(ends[i].addr, text),
					      check->net->name);
		if (vnm_check_unicast(check, &address->at, ends[i].addr) < 0)
			return -EINVAL;
	}
	return vnm_check_span(check, &address->at, &address->start, &address->end);
}

static int check_nat_port(struct vnm_check *check)
{
	const struct vnm_nat_port *port = &check->net->forward.nat.port;

	if (!port->at.present)
		return 0;
	if (port->start.v == 0 || port->start.v > PORT_MAX)
		return vnm_check_fail(check, &port->at,
				      "Missing or invalid 'start' attribute in <port> in <nat> in "
				      "<forward> in network %s", check->net->name);
	if (port->end.v < port->start.v || port->end.v > PORT_MAX)
		return vnm_check_fail(check, &port->at,
				      "Missing or invalid 'end' attribute in <port> in <nat> in "
				      "<forward> in network %s", check->net->name);
	return 0;
}

/* Unique local addresses (RFC 4193), to which nobody outside has a route. */
static bool is_unique_local(const struct vnm_ip *ip)
{
	return ip->address.family == AF_INET6 && (ip->address.b[0] & 0xfe) == 0xfc;
}

/* Guests get the host as their router, but their addresses get no answers. */
static void warn_untranslated(struct vnm_check *check)
{
	const struct vnm_network *net = check->net;

	if (vnm_network_mode(net) != VNM_FORWARD_NAT || net->forward.nat.ipv6 == VNM_TRI_YES)
		return;
	for (size_t i = 0; i < net->n_ips; i++) {
		struct vnm_prefix subnet = vnm_ip_prefix(&net->ips[i]);
		char text[VNM_PREFIX_STRLEN];

		if (!is_unique_local(&net->ips[i]))
			continue;
		subnet = vnm_prefix_network(&subnet);
		vnm_check_warn(check, &net->ips[i].at,
			       "the guests of network '%s' have a default route for IPv6 that "
			       "leads nowhere: %s is known to nobody outside, and NAT is for IPv4 "
			       "only; make it <forward mode='nat'><nat ipv6='yes'/></forward>",
			       net->name, vnm_prefix_format(&subnet, text));
		return;
	}
}

static int check_nat(struct vnm_check *check)
{
	const struct vnm_network *net = check->net;
	const struct vnm_nat *nat = &net->forward.nat;
	int r;

	if (!nat->at.present)
		return 0;
	if (vnm_network_mode(net) != VNM_FORWARD_NAT)
		return vnm_check_fail(check, &nat->at,
				      "The <nat> element can only be used when <forward> 'mode' is "
				      "'nat' in network %s", net->name);
	r = check_nat_address(check);
	return r < 0 ? r : check_nat_port(check);
}

static int check_routed(struct vnm_check *check)
{
	const struct vnm_network *net = check->net;
	int r;

	/* An open network may be just a bridge (libvirt 10.8). */
	if (net->n_ips == 0 && vnm_network_mode(net) != VNM_FORWARD_OPEN)
		return vnm_check_fail(check, &net->forward.at,
				      "%s forwarding requested, but no IP address provided for "
				      "network '%s'",
				      vnm_enum_name(&vnm_enum_forward_mode, vnm_network_mode(net)),
				      net->name);
	r = refuse_pci(check);
	if (r == 0)
		r = vnm_check_interfaces(check);
	if (r == 0)
		warn_untranslated(check);
	return r < 0 ? r : check_devices(check);
}

/**
 * vnm_check_forward() - the <forward> element, and what its mode requires of others
 * @check: the validation
 *
 * Return: 0 or -EINVAL.
 */
int vnm_check_forward(struct vnm_check *check)
{
	const struct vnm_uplink *uplink = &check->net->uplink;
	int r = check_nat(check);

	if (r == 0)
		r = vnm_check_host_side(check);
	if (r < 0)
		return r;
	if (uplink->at.present && !vnm_network_has_uplink(check->net))
		return vnm_check_fail(
			check, &uplink->at,
			"<vnm:uplink> of network '%s' needs <forward "
			"mode='bridge'/>: there the bridge takes over the addresses of "
			"the device",
			check->net->name);
	switch (vnm_network_mode(check->net)) {
	case VNM_FORWARD_NAT:
	case VNM_FORWARD_ROUTE:
	case VNM_FORWARD_OPEN: return check_routed(check);
	case VNM_FORWARD_BRIDGE:
	case VNM_FORWARD_PRIVATE:
	case VNM_FORWARD_VEPA:
	case VNM_FORWARD_PASSTHROUGH:
	case VNM_FORWARD_HOSTDEV: return vnm_check_pool(check);
	case VNM_FORWARD_NONE:
	case VNM_FORWARD_COUNT: break;
	}
	return 0;
}
