/* validate_ip.c - addresses and routes of a definition. */
#include <inttypes.h>
#include <string.h>
#include <sys/socket.h>

#include "model/validate_internal.h"

static const char *addr(const struct vnm_addr *a, char buf[static VNM_ADDR_STRLEN])
{
	return vnm_addr_format(a, buf);
}

/** vnm_check_prefix() - netmask and prefix of an address or route; @what stands in messages. Return: 0 or -EINVAL. */
int vnm_check_prefix(struct vnm_check *check, const struct vnm_at *at, const struct vnm_addr *address,
		     const struct vnm_addr *netmask, const struct vnm_uint *prefix, const char *what)
{
	char text[VNM_ADDR_STRLEN];
	unsigned len;

	if (netmask->family && prefix->set && prefix->v)
		return vnm_check_fail(check, at, "Network '%s' %s cannot have both a prefix and a netmask",
				      check->net->name, what);
	if (netmask->family && address->family == AF_INET6)
		return vnm_check_fail(check, at, "netmask not allowed for IPv6 address '%s' in network '%s'",
				      addr(address, text), check->net->name);
	if (netmask->family && (netmask->family != AF_INET || vnm_netmask_to_len(netmask, &len) < 0))
		return vnm_check_fail(check, at, "netmask '%s' in network '%s' is no netmask: it must be ones, then "
				      "zeros, such as 255.255.255.0", addr(netmask, text), check->net->name);
	if (prefix->set && prefix->v > vnm_addr_bits(address->family))
		return vnm_check_fail(check, at, "Invalid IPv%d prefix '%" PRIu32 "' in network '%s'",
				      address->family == AF_INET ? 4 : 6, prefix->v, check->net->name);
	return 0;
}

static int check_family(struct vnm_check *check, const struct vnm_ip *ip)
{
	char text[VNM_ADDR_STRLEN];

	if (ip->family == VNM_FAMILY_ABSENT && ip->address.family == AF_INET6)
		return vnm_check_fail(check, &ip->at, "no family specified for non-IPv4 address '%s' in network '%s'",
				      addr(&ip->address, text), check->net->name);
	if ((ip->family == VNM_FAMILY_IPV6 && ip->address.family != AF_INET6) ||
	    (ip->family == VNM_FAMILY_IPV4 && ip->address.family != AF_INET))
		return vnm_check_fail(check, &ip->at, "Family '%s' specified for non-IPv%c address '%s' in network '%s'",
				      vnm_enum_word(&vnm_enum_family, ip->family),
				      ip->family == VNM_FAMILY_IPV6 ? '6' : '4', addr(&ip->address, text),
				      check->net->name);
	return 0;
}

/* The network's own and the broadcast address cannot be a host's; a /31 and a /32 have neither. */
static int check_host_part(struct vnm_check *check, const struct vnm_ip *ip)
{
	struct vnm_prefix prefix = vnm_ip_prefix(ip);
	struct vnm_addr first = vnm_prefix_first(&prefix), last = vnm_prefix_last(&prefix);
	char text[VNM_PREFIX_STRLEN];
	bool is_last = ip->address.family == AF_INET && vnm_addr_equal(&ip->address, &last);

	if (prefix.len + 1 >= vnm_addr_bits(ip->address.family))
		return 0;
	if (!is_last && !vnm_addr_equal(&ip->address, &first))
		return 0;
	return vnm_check_fail(check, &ip->at, "address %s in network '%s' is the %s address of its subnet; give the host "
			      "another", vnm_prefix_format(&prefix, text), check->net->name,
			      is_last ? "broadcast" : "network");
}

static int check_services(struct vnm_check *check, const struct vnm_ip *ip)
{
	unsigned len = vnm_ip_prefix(ip).len, step = ip->address.family == AF_INET ? 8 : 4;

	if (ip->local_ptr == VNM_TRI_YES && (len == 0 || len % step != 0))
		return vnm_check_fail(check, &ip->at, "PTR domain for IPv%d network with prefix %u cannot be "
				      "automatically created", ip->address.family == AF_INET ? 4 : 6, len);
	if (!ip->tftp.at.present)
		return 0;
	if (ip->address.family == AF_INET6)
		return vnm_check_fail(check, &ip->tftp.at, "Unsupported <tftp> element in an IPv6 element in network '%s'",
				      check->net->name);
	if (!vnm_path_valid(ip->tftp.root))
		return vnm_check_fail(check, &ip->tftp.at, "invalid tftp root '%.80s' in network '%s': an absolute path "
				      "without control characters, quotes, backslashes and #", ip->tftp.root,
				      check->net->name);
	return 0;
}

/* Two addresses may share a subnet, but two subnets may not overlap. */
static int check_pair(struct vnm_check *check, const struct vnm_ip *first, const struct vnm_ip *second)
{
	struct vnm_prefix a = vnm_ip_prefix(first), b = vnm_ip_prefix(second);
	char x[VNM_PREFIX_STRLEN], y[VNM_PREFIX_STRLEN];

	if (vnm_addr_equal(&first->address, &second->address))
		return vnm_check_fail(check, &second->at, "address %s in network '%s' stands twice (first at line %d)",
				      addr(&second->address, x), check->net->name, first->at.line);
	if (vnm_prefix_overlaps(&a, &b) && !vnm_prefix_equal(&a, &b))
		return vnm_check_fail(check, &second->at, "subnet of %s overlaps with that of %s (line %d) in network '%s'",
				      vnm_prefix_format(&b, y), vnm_prefix_format(&a, x), first->at.line,
				      check->net->name);
	if (first->address.family == second->address.family && vnm_dhcp_serves(&first->dhcp) &&
	    vnm_dhcp_serves(&second->dhcp))
		return vnm_check_fail(check, &second->dhcp.at, "Multiple IPv%d dhcp sections found -- dhcp is supported "
				      "only for a single IPv%d address on each network",
				      first->address.family == AF_INET ? 4 : 6, first->address.family == AF_INET ? 4 : 6);
	if (first->tftp.at.present && second->tftp.at.present)
		return vnm_check_fail(check, &second->tftp.at, "a second <tftp> element in network '%s' (first at line %d); "
				      "only one is supported", check->net->name, first->tftp.at.line);
	return 0;
}

static int check_ip(struct vnm_check *check, size_t i)
{
	const struct vnm_ip *ip = &check->net->ips[i];
	int r = check_family(check, ip);

	if (r == 0)
		r = vnm_check_prefix(check, &ip->at, &ip->address, &ip->netmask, &ip->prefix, "IP address");
	if (r == 0)
		r = check_host_part(check, ip);
	if (r == 0)
		r = check_services(check, ip);
	for (size_t k = 0; k < i && r == 0; k++)
		r = check_pair(check, &check->net->ips[k], ip);
	return r < 0 ? r : vnm_check_dhcp(check, ip);
}

/** vnm_check_ips() - every <ip> with what is served on it. Return: 0 or -EINVAL. */
int vnm_check_ips(struct vnm_check *check)
{
	for (size_t i = 0; i < check->net->n_ips; i++) {
		int r = check_ip(check, i);

		if (r < 0)
			return r;
	}
	return 0;
}

static int check_route_family(struct vnm_check *check, const struct vnm_route *route)
{
	const struct vnm_addr *both[] = { &route->address, &route->gateway };
	static const char *const what[] = { "address", "gateway" };
	char text[VNM_ADDR_STRLEN];

	for (int i = 0; i < 2; i++) {
		if (route->family == VNM_FAMILY_ABSENT && both[i]->family == AF_INET6)
			return vnm_check_fail(check, &route->at, "%s: No family specified for non-IPv4 %s '%s' in route "
					      "definition", check->net->name, what[i], addr(both[i], text));
		if ((route->family == VNM_FAMILY_IPV6) != (both[i]->family == AF_INET6))
			return vnm_check_fail(check, &route->at, "%s: Family '%s' specified for %s '%s' in route "
					      "definition", check->net->name, route->family == VNM_FAMILY_IPV6 ?
					      "ipv6" : "ipv4", what[i], addr(both[i], text));
	}
	return 0;
}

static int check_gateway(struct vnm_check *check, const struct vnm_route *route)
{
	char text[VNM_ADDR_STRLEN];
	bool reachable = false;

	for (size_t i = 0; i < check->net->n_ips; i++) {
		struct vnm_prefix prefix = vnm_ip_prefix(&check->net->ips[i]);

		if (vnm_addr_equal(&check->net->ips[i].address, &route->gateway))
			return vnm_check_fail(check, &route->at, "static route gateway '%s' of network '%s' is the host "
					      "itself; name the guest that knows the way",
					      addr(&route->gateway, text), check->net->name);
		reachable |= vnm_prefix_contains(&prefix, &route->gateway);
	}
	if (reachable)
		return 0;
	return vnm_check_fail(check, &route->at, "unreachable static route gateway '%s' specified for network '%s'",
			      addr(&route->gateway, text), check->net->name);
}

static int check_route(struct vnm_check *check, const struct vnm_route *route)
{
	struct vnm_prefix prefix;
	struct vnm_addr first;
	char text[VNM_ADDR_STRLEN];
	int r = check_route_family(check, route);

	if (r == 0)
		r = vnm_check_prefix(check, &route->at, &route->address, &route->netmask, &route->prefix,
				     "route definition");
	if (r < 0)
		return r;
	prefix = vnm_route_prefix(route);
	first = vnm_prefix_first(&prefix);
	if (!vnm_addr_equal(&first, &route->address))
		return vnm_check_fail(check, &route->at, "%s: Address '%s' in route definition is not a network address",
				      check->net->name, addr(&route->address, text));
	return check_gateway(check, route);
}

/** vnm_check_routes() - every <route>. Return: 0 or -EINVAL. */
int vnm_check_routes(struct vnm_check *check)
{
	for (size_t i = 0; i < check->net->n_routes; i++) {
		int r = check_route(check, &check->net->routes[i]);

		if (r < 0)
			return r;
	}
	return 0;
}
