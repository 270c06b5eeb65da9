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

static int refuse_elements(struct vnm_check *check)
{
	const struct vnm_network *net = check->net;
	const struct {
		const struct vnm_at *at;
		const char *name;
	} refused[] = {
		{ &net->mac.at, "mac" },
		{ net->n_ips ? &net->ips[0].at : NULL, "ip" },
		{ &net->dns.at, "dns" },
		{ &net->domain.at, "domain" },
		{ net->n_routes ? &net->routes[0].at : NULL, "route" },
	};

	for (size_t i = 0; i < VNM_ARRAY_SIZE(refused); i++)
		if (refused[i].at && refused[i].at->present)
			return vnm_check_fail(check, refused[i].at,
					      "Unsupported <%s> element in network %s with forward "
					      "mode='bridge'", refused[i].name, net->name);
	return 0;
}

/* The bridge is the host's: it has its own settings. */
static int refuse_settings(struct vnm_check *check)
{
	const struct vnm_network *net = check->net;
	const struct vnm_bridge *bridge = &net->bridge;

	if (net->mtu.at.present)
		return vnm_check_fail(check, &net->mtu.at,
				      "mtu size only allowed in open, route, nat, and isolated "
				      "mode, not in bridge (network '%s')", net->name);
	if (bridge->stp != VNM_SWITCH_ABSENT || (bridge->delay.set && bridge->delay.v != 0))
		return vnm_check_fail(check, &bridge->at,
				      "bridge delay/stp options only allowed in open, route, nat, "
				      "and isolated mode, not in bridge (network '%s')", net->name);
	return 0;
}

static int check_host_bridge(struct vnm_check *check)
{
	const struct vnm_network *net = check->net;
	bool named = net->bridge.name && *net->bridge.name;

	if (named && vnm_network_forward_dev(net))
		return vnm_check_fail(check, &net->forward.at,
				      "A network with forward mode='bridge' can specify a bridge "
				      "name or a forward dev, but not both (network '%s')",
				      net->name);
	if (vnm_network_forward_dev(net))
		return vnm_check_fail(check, &net->forward.at,
				      "forward mode='bridge' with a pool of devices is not "
				      "supported (network '%s'); connect guests to a bridge of the "
				      "host: <bridge name=.../>", net->name);
	if (!named)
		return vnm_check_fail(check, &net->forward.at,
				      "forward mode='bridge' needs the name of an existing bridge "
				      "of the host: <bridge name=.../> (network '%s')", net->name);
	return 0;
}

static int check_bridge_mode(struct vnm_check *check)
{
	int r = refuse_elements(check);

	if (r == 0)
		r = refuse_settings(check);
	return r < 0 ? r : check_host_bridge(check);
}

static int check_device(struct vnm_check *check, const struct vnm_at *at, const char *dev)
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

static int check_devices(struct vnm_check *check)
{
	const struct vnm_network *net = check->net;
	const struct vnm_forward *forward = &net->forward;
	const struct vnm_forward_interface *interfaces = forward->interfaces;

	if (vnm_network_forward_dev(net) && vnm_network_mode(net) == VNM_FORWARD_OPEN)
		return vnm_check_fail(check, &forward->at,
				      "forward dev not allowed for network '%s' with forward "
				      "mode='open'", net->name);
	if (forward->dev && forward->n_interfaces && strcmp(forward->dev, interfaces[0].dev) != 0)
		return vnm_check_fail(check, &interfaces[0].at,
				      "<forward dev='%.60s'> must match first <interface "
				      "dev='%.60s'/> in network %s", forward->dev,
				      interfaces[0].dev, net->name);
	if (forward->n_interfaces > 1 && !strcmp(interfaces[0].dev, interfaces[1].dev))
		return vnm_check_fail(check, &interfaces[1].at,
				      "interface '%.60s' can only be listed once in network %s",
				      interfaces[1].dev, net->name);
	if (forward->n_interfaces > 1)
		return vnm_check_fail(check, &interfaces[1].at,
				      "multiple forwarding interfaces specified for network '%s', "
				      "only one is supported", net->name);
	if (forward->dev)
		return check_device(check, &forward->at, forward->dev);
	if (forward->n_interfaces)
		return check_device(check, &interfaces[0].at, interfaces[0].dev);
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

	if (net->n_ips == 0)
		return vnm_check_fail(check, &net->forward.at,
				      "%s forwarding requested, but no IP address provided for "
				      "network '%s'",
				      vnm_enum_word(&vnm_enum_forward_mode, vnm_network_mode(net)),
				      net->name);
	return check_devices(check);
}

/**
 * vnm_check_forward() - the <forward> element, and what its mode means for the others
 * @check: the validation
 *
 * Return: 0 or -EINVAL.
 */
int vnm_check_forward(struct vnm_check *check)
{
	int r = check_nat(check);

	if (r < 0)
		return r;
	switch (vnm_network_mode(check->net)) {
	case VNM_FORWARD_NAT:
	case VNM_FORWARD_ROUTE:
	case VNM_FORWARD_OPEN: return check_routed(check);
	case VNM_FORWARD_BRIDGE: return check_bridge_mode(check);
	case VNM_FORWARD_NONE:
	case VNM_FORWARD_COUNT: break;
	}
	return 0;
}
