/* SPDX-License-Identifier: GPL-2.0-or-later */
/* validate_forward.c - <forward>: what each mode asks for and what it refuses. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/socket.h>

#include "model/validate_internal.h"
#include "util/mem.h"

#define SPAN_MAX 65536	/* addresses in one range */
#define PORT_MAX 65535

/**
 * vnm_check_span() - is it a range? Not reversed, not too large
 * @check: the validation
 * @at:    the element
 * @start: its first address
 * @end:   its last one, of the same family
 *
 * Return: 0 or -EINVAL.
 */
int vnm_check_span(struct vnm_check *check, const struct vnm_at *at, const struct vnm_addr *start,
		   const struct vnm_addr *end)
{
	char a[VNM_ADDR_STRLEN], b[VNM_ADDR_STRLEN];
	uint64_t span = vnm_addr_span(start, end);

	vnm_addr_format(start, a);
	vnm_addr_format(end, b);
	if (span == 0)
		return vnm_check_fail(check, at, "range %s - %s is reversed", a, b);
	if (span > SPAN_MAX)
		return vnm_check_fail(check, at,
				      "range %s - %s is too large: it has %s%" PRIu64
				      " addresses, and at most %d are allowed",
				      a, b, span == UINT64_MAX ? "at least " : "", span, SPAN_MAX);
	return 0;
}

/**
 * vnm_check_device() - a device of the host in <forward>
 * @check: the validation
 * @at:    the element that names it
 * @dev:   its name
 *
 * Return: 0 or -EINVAL.
 */
int vnm_check_device(struct vnm_check *check, const struct vnm_at *at, const char *dev)
{
	const struct vnm_network *net = check->net;

	if (!vnm_ifname_valid(dev))
		return vnm_check_fail(check, at,
				      "invalid device name '%.60s' in <forward> of network '%s'",
				      dev, net->name);
	if (net->bridge.name && !strcmp(dev, net->bridge.name))
		return vnm_check_fail(check, at,
				      "device '%s' in <forward> is the bridge of network '%s' "
				      "itself; name the one that leads outside", dev, net->name);
	return 0;
}

static bool same_device(const void *a, const void *b)
{
	const struct vnm_forward_interface *x = a, *y = b;

	return !strcmp(x->dev, y->dev);
}

static int compare_devices(const void *a, const void *b)
{
	const struct vnm_forward_interface *x = a, *y = b;

	return strcmp(x->dev, y->dev);
}

/**
 * vnm_check_interfaces() - the devices listed in <forward>: each once, the first the one of its attribute
 * @check: the validation
 *
 * Return: 0 or -EINVAL.
 */
int vnm_check_interfaces(struct vnm_check *check)
{
	static const struct vnm_clash_rule twice = { compare_devices, same_device };
	const struct vnm_forward *forward = &check->net->forward;
	const struct vnm_forward_interface *interfaces = forward->interfaces, *second;
	struct vnm_clash clash;

	if (forward->dev && forward->n_interfaces && strcmp(forward->dev, interfaces[0].dev) != 0)
		return vnm_check_fail(check, &interfaces[0].at,
				      "<forward dev='%.60s'> must match first <interface "
				      "dev='%.60s'/> in network %s", forward->dev,
				      interfaces[0].dev, check->net->name);
	if (!vnm_check_clash(interfaces, forward->n_interfaces, sizeof(*interfaces), &twice,
			     &clash))
		return 0;
	second = clash.second;
	return vnm_check_fail(check, &second->at,
			      "interface '%.60s' can only be listed once in network %s",
			      second->dev, check->net->name);
}

/* Host devices by PCI address are for guests to own, and nothing to route through. */
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

/* Guests are told that the host is the way out, and go there with addresses that get no answer. */
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

	/* An open network may be a bridge and nothing else (libvirt 10.8). */
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
 * vnm_check_forward() - the <forward> element, and what its mode means for the others
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
		return vnm_check_fail(check, &uplink->at,
				      "<vnm:uplink> of network '%s' needs <forward "
				      "mode='bridge'/>: there the bridge takes the place of the "
				      "device", check->net->name);
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
