/* SPDX-License-Identifier: GPL-2.0-or-later */
/* validate_route.c - <route>: subnets behind guests. */
#include "model/validate_route.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "model/validate_address.h"

#define METRIC_DEFAULT 1

static int check_family(struct vnm_check *check, const struct vnm_route *route)
{
	int wanted = route->family == VNM_FAMILY_IPV6 ? AF_INET6 : AF_INET;
	const struct vnm_addr *wrong = NULL;
	char text[VNM_ADDR_STRLEN];
	const char *what;

	if (route->address.family != AF_UNSPEC && route->address.family != wanted)
		wrong = &route->address;
	else if (route->gateway.family != wanted)
		wrong = &route->gateway;
	if (!wrong)
		return 0;
	what = wrong == &route->address ? "address" : "gateway";
	vnm_addr_format(wrong, text);
	if (route->family == VNM_FAMILY_ABSENT)
		return vnm_check_fail(check, &route->at,
				      "%s: No family specified for non-IPv4 %s '%s' in route "
				      "definition", check->net->name, what, text);
	return vnm_check_fail(check, &route->at,
			      "%s: IPv%d family specified for non-IPv%d %s '%s' in route "
			      "definition",
			      check->net->name, wanted == AF_INET ? 4 : 6,
			      wanted == AF_INET ? 4 : 6, what, text);
}

static int check_length(struct vnm_check *check, const struct vnm_route *route)
{
	const char *name = check->net->name;
	const struct vnm_addr address = vnm_route_prefix(route).addr;
	unsigned bits = vnm_addr_bits(address.family), len;
	char text[VNM_ADDR_STRLEN];

	if (route->prefix.set && route->prefix.v > bits)
		return vnm_check_fail(check, &route->at,
				      "%s: Invalid prefix %u specified in route definition, must "
				      "be 0 - %u", name, route->prefix.v, bits);
	if (route->netmask.family == AF_UNSPEC)
		return 0;
	if (route->prefix.set)
		return vnm_check_fail(check, &route->at,
				      "%s: Route definition cannot have both a prefix and a "
				      "netmask",
				      name);
	if (address.family == AF_INET6)
		return vnm_check_fail(check, &route->at,
				      "%s: Specifying netmask invalid for IPv6 address '%s' in "
				      "route definition",
				      name, vnm_addr_format(&address, text));
	if (route->netmask.family == AF_INET && vnm_netmask_to_len(&route->netmask, &len) == 0)
		return 0;
	return vnm_check_fail(check, &route->at,
			      "%s: invalid netmask '%s' in route definition: it must be ones, then "
			      "zeros, such as 255.255.0.0", name,
			      vnm_addr_format(&route->netmask, text));
}

static int check_destination(struct vnm_check *check, const struct vnm_route *route)
{
	struct vnm_prefix prefix = vnm_route_prefix(route);
	struct vnm_addr first = vnm_prefix_first(&prefix);
	char text[VNM_PREFIX_STRLEN], place[VNM_CHECK_PLACE];

	if (!vnm_addr_equal(&first, &prefix.addr))
		return vnm_check_fail(check, &route->at,
				      "%s: Address '%s' in route definition is not a network "
				      "address",
				      check->net->name, vnm_addr_format(&prefix.addr, text));
	for (size_t i = 0; i < check->net->n_ips; i++) {
		struct vnm_prefix subnet = vnm_ip_prefix(&check->net->ips[i]);

		if (vnm_prefix_equal(&subnet, &prefix))
			return vnm_check_fail(check, &route->at,
					      "%s: the route to %s leads to the network's own "
					      "subnet%s",
					      check->net->name, vnm_prefix_format(&prefix, text),
					      vnm_check_place(check, "line", &check->net->ips[i].at,
							      place));
	}
	return 0;
}

static int check_gateway(struct vnm_check *check, const struct vnm_route *route)
{
	const struct vnm_network *net = check->net;
	char text[VNM_ADDR_STRLEN];

	vnm_addr_format(&route->gateway, text);
	if (vnm_check_own_address(net, &route->gateway, &route->gateway))
		return vnm_check_fail(check, &route->at,
				      "static route gateway '%s' of network '%s' is the host "
				      "itself; name the guest that knows the way", text, net->name);
	for (size_t i = 0; i < net->n_ips; i++) {
		struct vnm_prefix subnet = vnm_ip_prefix(&net->ips[i]);
		const char *special;

		if (!vnm_prefix_contains(&subnet, &route->gateway))
			continue;
		special = vnm_prefix_special(&subnet, &route->gateway);
		if (!special)
			return 0;
		return vnm_check_fail(check, &route->at,
				      "static route gateway '%s' of network '%s' is the %s address "
				      "of the subnet", text, net->name, special);
	}
	return vnm_check_fail(check, &route->at,
			      "unreachable static route gateway '%s' specified for network '%s'",
			      text, net->name);
}

static uint32_t metric_of(const struct vnm_route *route)
{
	return route->metric.set ? route->metric.v : METRIC_DEFAULT;
}

static int order_routes(const void *a, const void *b)
{
	struct vnm_prefix pa = vnm_route_prefix(a), pb = vnm_route_prefix(b);
	int r = vnm_addr_cmp(&pa.addr, &pb.addr);

	if (r == 0)
		r = (pa.len > pb.len) - (pa.len < pb.len);
	return r ? r : (metric_of(a) > metric_of(b)) - (metric_of(a) < metric_of(b));
}

/* The kernel treats the second one as a duplicate, whatever its gateway. */
static bool routes_clash(const void *a, const void *b)
{
	return order_routes(a, b) == 0;
}

static int check_twins(struct vnm_check *check)
{
	static const struct vnm_clash_rule rule = { order_routes, routes_clash };
	const struct vnm_network *net = check->net;
	const struct vnm_route *first, *second;
	char text[VNM_PREFIX_STRLEN], place[VNM_CHECK_PLACE];
	struct vnm_prefix prefix;
	struct vnm_clash clash;

	if (!vnm_check_clash(net->routes, net->n_routes, sizeof(*net->routes), &rule, &clash))
		return 0;
	first = clash.first;
	second = clash.second;
	prefix = vnm_route_prefix(second);
	return vnm_check_fail(check, &second->at,
			      "%s: a route to %s with metric %u is given twice%s", net->name,
			      vnm_prefix_format(&prefix, text), metric_of(second),
			      vnm_check_place(check, "first at line", &first->at, place));
}

static int check_route(struct vnm_check *check, const struct vnm_route *route)
{
	int r = check_family(check, route);

	if (r == 0)
		r = check_length(check, route);
	if (r == 0)
		r = check_destination(check, route);
	return r < 0 ? r : check_gateway(check, route);
}

/**
 * vnm_check_routes() - every <route>
 * @check: the validation
 *
 * Return: 0 or -EINVAL.
 */
int vnm_check_routes(struct vnm_check *check)
{
	const struct vnm_network *net = check->net;
	int r = 0;

	for (size_t i = 0; i < net->n_routes && r == 0; i++)
		r = check_route(check, &net->routes[i]);
	return r < 0 ? r : check_twins(check);
}
