/*
 * conflict.c - is there room for a network beside the others and on the host? Pure.
 *
 * Two moments, two questions. When a network is defined: may this name, UUID and bridge be its own? When it
 * starts: are its subnets and its bridge free now? Two definitions may well share a subnet, as long as only one
 * of them runs.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "plan/plan.h"
#include "util/mem.h"

#define BRIDGE_TEMPLATE "virbr%d"
#define BRIDGE_ID_MAX 256	/* libvirt's */

static bool same_network(const struct vnm_network *a, const struct vnm_network *b)
{
	return !strcmp(a->name, b->name);
}

static int check_identity(const struct vnm_network *net, const struct vnm_network *other, struct vnm_error *err)
{
	char uuid[VNM_UUID_STRLEN];

	if (!net->uuid.set)
		return 0;
	if (same_network(net, other) && !vnm_uuid_equal(&net->uuid, &other->uuid))
		return vnm_error_set(err, VNM_ERR_NAME_IN_USE, EEXIST, "network '%s' already exists with uuid %s",
				     other->name, vnm_uuid_format(&other->uuid, uuid));
	if (!same_network(net, other) && vnm_uuid_equal(&net->uuid, &other->uuid))
		return vnm_error_set(err, VNM_ERR_UUID_IN_USE, EEXIST, "network '%s' is already defined with uuid %s",
				     other->name, vnm_uuid_format(&other->uuid, uuid));
	return 0;
}

/* A bridge of the host may serve any number of networks; one that a network makes is its alone. */
static bool shares_bridge(const struct vnm_network *net, const struct vnm_network *other)
{
	if (same_network(net, other) || !net->bridge.name || !other->bridge.name)
		return false;
	if (!vnm_network_makes_bridge(net) && !vnm_network_makes_bridge(other))
		return false;
	return !strcmp(net->bridge.name, other->bridge.name);
}

/* The first subnet of @net that overlaps with one of @other. */
static bool find_overlap(const struct vnm_network *net, const struct vnm_network *other, struct vnm_prefix *ret)
{
	for (size_t i = 0; i < net->n_ips; i++) {
		struct vnm_prefix mine = vnm_ip_prefix(&net->ips[i]);

		for (size_t k = 0; k < other->n_ips; k++) {
			struct vnm_prefix theirs = vnm_ip_prefix(&other->ips[k]);

			if (!vnm_prefix_overlaps(&mine, &theirs))
				continue;
			*ret = vnm_prefix_network(&mine);
			return true;
		}
	}
	return false;
}

/**
 * vnm_conflict_define() - may the definition be kept?
 * @net:      the definition; without a UUID it is never in conflict with the one of its name
 * @peers:    all networks there are, itself included
 * @n:        how many
 * @warnings: subnets that only one of two networks can have at a time
 * @err:      VNM_ERR_NAME_IN_USE, VNM_ERR_UUID_IN_USE, VNM_ERR_BRIDGE_IN_USE
 *
 * Return: 0 or -EEXIST.
 */
int vnm_conflict_define(const struct vnm_network *net, const struct vnm_peer *peers, size_t n,
			struct vnm_notes *warnings, struct vnm_error *err)
{
	for (size_t i = 0; i < n; i++) {
		int r = check_identity(net, peers[i].net, err);

		if (r < 0)
			return r;
		if (shares_bridge(net, peers[i].net))
			return vnm_error_set(err, VNM_ERR_BRIDGE_IN_USE, EEXIST,
					     "bridge name '%s' is already in use by network '%s'", net->bridge.name,
					     peers[i].net->name);
	}
	for (size_t i = 0; i < n; i++) {
		char text[VNM_PREFIX_STRLEN];
		struct vnm_prefix overlap;

		if (same_network(net, peers[i].net) || !find_overlap(net, peers[i].net, &overlap))
			continue;
		vnm_notes_add(warnings, "subnet %s of network '%s' overlaps with network '%s'; only one of them can be "
			      "active at a time", vnm_prefix_format(&overlap, text), net->name, peers[i].net->name);
	}
	return 0;
}

/* ---- at start ---- */

static int check_peer(const struct vnm_network *net, const struct vnm_peer *peer, struct vnm_error *err)
{
	char text[VNM_PREFIX_STRLEN];
	struct vnm_prefix overlap;

	if (!peer->active || same_network(net, peer->net) || !find_overlap(net, peer->net, &overlap))
		return 0;
	return vnm_error_set(err, VNM_ERR_SUBNET_IN_USE, EADDRINUSE, "subnet %s of network '%s' is already in use by the "
			     "active network '%s'; give one of them another <ip>, or destroy '%s' first",
			     vnm_prefix_format(&overlap, text), net->name, peer->net->name, peer->net->name);
}


static const char *device_of(const struct vnm_facts *facts, const struct vnm_fact_route *route)
{
	const struct vnm_fact_link *link = vnm_facts_link_index(facts, route->ifindex);

	return link ? link->name : "unknown";
}

/*
 * A subnet against a route of the host. Connected and overlapping: taken. Through a gateway: a larger one is how
 * sites route their private ranges, and ours, being longer, simply comes first, but what lay behind it in our
 * subnet is cut off; the same or a smaller one would be cut off itself.
 */
static int check_subnet(const struct vnm_network *net, const struct vnm_prefix *subnet,
			const struct vnm_facts *facts, const struct vnm_fact_route *route, struct vnm_notes *warnings,
			struct vnm_error *err)
{
	char mine[VNM_PREFIX_STRLEN], theirs[VNM_PREFIX_STRLEN];
	const char *dev = device_of(facts, route);

	if (route->prefix.len == 0 || !vnm_prefix_overlaps(subnet, &route->prefix))
		return 0;
	if (net->bridge.name && !strcmp(dev, net->bridge.name))
		return 0;
	vnm_prefix_format(subnet, mine);
	vnm_prefix_format(&route->prefix, theirs);
	if (route->via && route->prefix.len < subnet->len) {
		vnm_notes_add(warnings, "subnet %s of network '%s' lies within the host's route %s by interface %s; what "
			      "was there is out of reach while the network is active", mine, net->name, theirs, dev);
		return 0;
	}
	return vnm_error_set(err, VNM_ERR_SUBNET_IN_USE, EADDRINUSE, "subnet %s of network '%s' is already in use by "
			     "interface %s (route %s); give the network another <ip>", mine, net->name, dev, theirs);
}

static int check_host_routes(const struct vnm_network *net, const struct vnm_facts *facts, struct vnm_notes *warnings,
			     struct vnm_error *err)
{
	int r = 0;

	for (size_t k = 0; k < facts->n_routes && r == 0; k++) {
		for (size_t i = 0; i < net->n_ips && r == 0; i++) {
			struct vnm_prefix prefix = vnm_ip_prefix(&net->ips[i]);
			struct vnm_prefix subnet = vnm_prefix_network(&prefix);

			r = check_subnet(net, &subnet, facts, &facts->routes[k], warnings, err);
		}
		for (size_t i = 0; i < net->n_routes && r == 0; i++) {
			struct vnm_prefix wanted = vnm_route_prefix(&net->routes[i]);
			char text[VNM_PREFIX_STRLEN];

			if (!vnm_prefix_equal(&wanted, &facts->routes[k].prefix))
				continue;
			r = vnm_error_set(err, VNM_ERR_SUBNET_IN_USE, EADDRINUSE, "Route address '%s' of network '%s' "
					  "conflicts with a route of interface '%s'", vnm_prefix_format(&wanted, text),
					  net->name, device_of(facts, &facts->routes[k]));
		}
	}
	return r;
}

static int check_own_bridge(const struct vnm_network *net, const struct vnm_facts *facts, struct vnm_error *err)
{
	const struct vnm_fact_link *link = net->bridge.name ? vnm_facts_link(facts, net->bridge.name) : NULL;
	char mac[VNM_MAC_STRLEN] = "none";

	if (!link || (!strcmp(link->kind, "bridge") && vnm_mac_equal(&link->mac, &net->mac.address)))
		return 0;
	if (link->mac.set)
		vnm_mac_format(&link->mac, mac);
	return vnm_error_set(err, VNM_ERR_FOREIGN, EEXIST, "device '%s' already exists and does not belong to network '%s' "
			     "(kind %s, MAC %s); give the network another <bridge name=.../> or remove the device",
			     link->name, net->name, link->kind[0] ? link->kind : "hardware", mac);
}

static int check_host_bridge(const struct vnm_network *net, const struct vnm_facts *facts, struct vnm_error *err)
{
	const struct vnm_fact_link *link = vnm_facts_link(facts, net->bridge.name);

	if (!link)
		return vnm_error_set(err, VNM_ERR_NO_DEVICE, ENODEV, "bridge '%s' does not exist; create it first (ip link "
				     "add %s type bridge), or name another in <bridge name=.../>", net->bridge.name,
				     net->bridge.name);
	if (strcmp(link->kind, "bridge") != 0)
		return vnm_error_set(err, VNM_ERR_NO_DEVICE, ENODEV, "device '%s' is not a bridge (kind %s); name one in "
				     "<bridge name=.../>", net->bridge.name, link->kind[0] ? link->kind : "hardware");
	return 0;
}

static bool forwards(const struct vnm_network *net, int family)
{
	return vnm_network_mode(net) != VNM_FORWARD_NONE && vnm_network_has_family(net, family);
}

static int check_forwarding(const struct vnm_network *net, const struct vnm_facts *facts, struct vnm_notes *warnings,
			    struct vnm_error *err)
{
	const char *dev = vnm_network_forward_dev(net);

	if (dev && !vnm_facts_link(facts, dev))
		vnm_notes_add(warnings, "network '%s' forwards through device '%s' only, which does not exist now", net->name,
			      dev);
	if (!forwards(net, AF_INET6) || facts->forwarding6 || !facts->ra_fragile[0])
		return 0;
	return vnm_error_set(err, VNM_ERR_UNSUPPORTED, EINVAL, "Check the host setup: interface %s has kernel autoconfigured "
			     "IPv6 routes and enabling forwarding without accept_ra set to 2 will cause the kernel to flush "
			     "them, breaking networking; say: sysctl net.ipv6.conf.%s.accept_ra=2", facts->ra_fragile,
			     facts->ra_fragile);
}

/**
 * vnm_conflict_start() - is the network's place free now?
 * @net:      the definition, complete
 * @facts:    the host's links and routes
 * @peers:    other networks; only active ones count
 * @n:        how many
 * @warnings: what works but cuts something off
 * @err:      VNM_ERR_SUBNET_IN_USE, VNM_ERR_FOREIGN, VNM_ERR_NO_DEVICE, VNM_ERR_UNSUPPORTED
 *
 * Return: 0 or -errno.
 */
int vnm_conflict_start(const struct vnm_network *net, const struct vnm_facts *facts,
		       const struct vnm_peer *peers, size_t n, struct vnm_notes *warnings,
		       struct vnm_error *err)
{
	int r = 0;

	if (!vnm_network_makes_bridge(net))
		return check_host_bridge(net, facts, err);
	for (size_t i = 0; i < n && r == 0; i++)
		r = check_peer(net, &peers[i], err);
	if (r == 0)
		r = check_own_bridge(net, facts, err);
	if (r == 0)
		r = check_host_routes(net, facts, warnings, err);
	return r < 0 ? r : check_forwarding(net, facts, warnings, err);
}

/* ---- bridge names ---- */

static bool name_taken(const char *name, const struct vnm_facts *facts, const struct vnm_peer *peers, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (peers[i].net->bridge.name && !strcmp(peers[i].net->bridge.name, name))
			return true;
	return vnm_facts_link(facts, name) != NULL;
}

/**
 * vnm_bridge_name_pick() - the first free name of a template
 * @template_name: with one %d; NULL, empty or without exactly that: "virbr%d"
 * @facts:         the host's links
 * @peers:         the other networks
 * @n:             how many
 * @ret:           the name
 * @err:           set when all numbers are taken
 *
 * Return: 0 or -EEXIST.
 */
int vnm_bridge_name_pick(const char *template_name, const struct vnm_facts *facts,
			 const struct vnm_peer *peers, size_t n, char ret[static VNM_IFNAME_SIZE],
			 struct vnm_error *err)
{
	const char *mark = template_name ? strchr(template_name, '%') : NULL;

	if (!mark || mark[1] != 'd' || strchr(mark + 1, '%')) {
		template_name = BRIDGE_TEMPLATE;
		mark = strchr(template_name, '%');
	}
	for (int id = 0; id <= BRIDGE_ID_MAX; id++) {
		vnm_autofree char *name = vnm_asprintf("%.*s%d%s", (int)(mark - template_name), template_name, id, mark + 2);

		if (!vnm_ifname_valid(name) || name_taken(name, facts, peers, n))
			continue;
		snprintf(ret, VNM_IFNAME_SIZE, "%s", name);
		return 0;
	}
	return vnm_error_set(err, VNM_ERR_BRIDGE_IN_USE, EEXIST, "Bridge generation exceeded max id %d", BRIDGE_ID_MAX);
}
