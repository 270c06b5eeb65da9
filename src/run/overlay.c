/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * overlay.c - what the definition of a network on many hosts leaves to this host.
 *
 * One file serves all hosts. Before it is planned, the definition gets this host's address, its number and the MTU between the
 * hosts, and keeps them as the live one: whatever is changed in host.conf, or on the device, takes effect with the next start.
 */
#include "run/overlay.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "model/overlay.h"
#include "model/validate.h"
#include "plan/facts.h"
#include "state/host_conf.h"
#include "state/session.h"
#include "sys/link/address_list.h"
#include "sys/link/link.h"
#include "util/mem.h"

/** struct resolver - @family: of the addresses of the hosts; AF_UNSPEC: any. @conf_path: for messages */
struct resolver {
	struct vnm_network *net;
	struct vnm_overlay *overlay;
	int family;
	struct vnm_host_conf conf;
	const char *conf_path;
	struct vnm_facts facts;
	struct vnm_error *err;
};

static const struct vnm_fact_link *device_of(const struct resolver *resolver,
					     const struct vnm_addr *addr)
{
	for (size_t i = 0; i < resolver->facts.n_addresses; i++)
		if (vnm_addr_equal(&resolver->facts.addresses[i].prefix.addr, addr))
			return vnm_facts_link_index(&resolver->facts,
						    resolver->facts.addresses[i].ifindex);
	return NULL;
}

/* The first address of the device. */
static int take_from_device(struct resolver *resolver)
{
	struct vnm_overlay *overlay = resolver->overlay;
	const struct vnm_fact_link *link = vnm_facts_link(&resolver->facts, overlay->dev);

	if (!link)
		return vnm_error_set(resolver->err, VNM_ERR_NO_DEVICE, ENODEV,
				     "device '%s', by which network '%s' is to reach its other "
				     "hosts, does not exist",
				     overlay->dev, resolver->net->name);
	for (size_t i = 0; i < resolver->facts.n_addresses; i++) {
		const struct vnm_fact_address *address = &resolver->facts.addresses[i];

		if (address->ifindex != link->index ||
		    (resolver->family && address->prefix.addr.family != resolver->family))
			continue;
		overlay->local = address->prefix.addr;
		return 0;
	}
	return vnm_error_set(
		resolver->err, VNM_ERR_NO_DEVICE, EADDRNOTAVAIL,
		"device '%s', by which network '%s' is to reach its other hosts, has no "
		"%s address",
		overlay->dev, resolver->net->name, resolver->family == AF_INET6 ? "IPv6" : "IPv4");
}

/* A list of all hosts has this one, too. */
static bool take_from_peers(struct resolver *resolver)
{
	struct vnm_overlay *overlay = resolver->overlay;

	for (size_t i = 0; i < overlay->n_peers; i++)
		if (device_of(resolver, &overlay->peers[i].address)) {
			overlay->local = overlay->peers[i].address;
			return true;
		}
	return false;
}

/* A reflector has its own in the list, and any host one in the range. */
static bool take_from_evpn(struct resolver *resolver)
{
	struct vnm_overlay *overlay = resolver->overlay;
	const struct vnm_evpn *evpn = &overlay->evpn;

	for (size_t i = 0; evpn->at.present && i < resolver->facts.n_addresses; i++) {
		const struct vnm_addr *own = &resolver->facts.addresses[i].prefix.addr;

		if (!vnm_addr_equal(own, &evpn->reflector) &&
		    !vnm_addr_equal(own, &evpn->reflector2) &&
		    !(evpn->listen.len && vnm_prefix_contains(&evpn->listen, own)))
			continue;
		overlay->local = *own;
		return true;
	}
	return false;
}

static int find_local(struct resolver *resolver)
{
	struct vnm_overlay *overlay = resolver->overlay;

	if (overlay->local.family != AF_UNSPEC)
		return 0;
	if (!overlay->dev) {
		overlay->local = resolver->conf.local;
		overlay->dev = *resolver->conf.dev ? vnm_strdup(resolver->conf.dev) : NULL;
	}
	if (overlay->local.family != AF_UNSPEC)
		return 0;
	if (overlay->dev)
		return take_from_device(resolver);
	if (take_from_peers(resolver) || take_from_evpn(resolver))
		return 0;
	return vnm_error_set(resolver->err, VNM_ERR_STATE, EADDRNOTAVAIL,
			     "by which address this host reaches the others of network '%s' is not "
			     "known: set local or dev in <vnm:overlay> or in '%s', or list "
			     "this host as a <vnm:peer>, too",
			     resolver->net->name, resolver->conf_path);
}

static int check_local(struct resolver *resolver)
{
	const struct vnm_overlay *overlay = resolver->overlay;
	const struct vnm_fact_link *link = device_of(resolver, &overlay->local);
	char text[VNM_ADDR_STRLEN];

	vnm_addr_format(&overlay->local, text);
	if (!link)
		return vnm_error_set(
			resolver->err, VNM_ERR_NO_DEVICE, EADDRNOTAVAIL,
			"'%s', by which this host is to reach the others of network "
			"'%s', is not an address of this host; \"ip address\" lists them",
			text, resolver->net->name);
	if (!overlay->dev || !strcmp(overlay->dev, link->name))
		return 0;
	return vnm_error_set(
		resolver->err, VNM_ERR_NO_DEVICE, EADDRNOTAVAIL,
		"network '%s' has <vnm:overlay local='%s' dev='%s'>, but the address is "
		"one of device '%s'",
		resolver->net->name, text, overlay->dev, link->name);
}

static bool is_vrf(const struct vnm_fact_link *link)
{
	return link && !strcmp(link->kind, "vrf");
}

/*
 * In a VRF of the host's, VXLAN has to be told the device: its socket hears nothing else of what comes there. FRR has one BGP for the
 * host, which is outside of VRFs.
 */
static int find_vrf(struct resolver *resolver)
{
	struct vnm_overlay *overlay = resolver->overlay;
	const struct vnm_fact_link *link = device_of(resolver, &overlay->local);
	const struct vnm_fact_link *master =
		link->master ? vnm_facts_link_index(&resolver->facts, link->master) : link;
	char text[VNM_ADDR_STRLEN];

	if (!is_vrf(master))
		return 0;
	if (overlay->evpn.at.present)
		return vnm_error_set(resolver->err, VNM_ERR_UNSUPPORTED, EOPNOTSUPP,
				     "'%s', by which this host is to reach the others of network "
				     "'%s', is in VRF '%s', and <vnm:evpn> speaks BGP outside of "
				     "VRFs only: list the hosts as <vnm:peer>, or use an address "
				     "outside of VRFs",
				     vnm_addr_format(&overlay->local, text), resolver->net->name,
				     master->name);
	if (!overlay->dev)
		overlay->dev = vnm_strdup(link->name);
	return 0;
}

/* That of the device. The loopback device, or a VRF, which may have the address of a router, says nothing of the way. */
static int find_mtu(struct resolver *resolver)
{
	struct vnm_overlay *overlay = resolver->overlay;
	const struct vnm_fact_link *link = device_of(resolver, &overlay->local);

	if (overlay->mtu.v)
		return 0;
	if (!strcmp(link->name, "lo") || !strcmp(link->kind, "dummy") || is_vrf(link))
		return vnm_error_set(
			resolver->err, VNM_ERR_STATE, EINVAL,
			"the MTU between the hosts of network '%s' cannot be told from "
			"device '%s': set mtu in <vnm:overlay>",
			resolver->net->name, link->name);
	overlay->mtu = (struct vnm_uint){ true, link->mtu };
	return 0;
}

/* The hosts are on one subnet, unless the definition says otherwise. */
static int find_listen(struct resolver *resolver)
{
	struct vnm_overlay *overlay = resolver->overlay;

	if (!overlay->evpn.at.present || overlay->evpn.listen.len)
		return 0;
	for (size_t i = 0; i < resolver->facts.n_addresses; i++) {
		const struct vnm_prefix *own = &resolver->facts.addresses[i].prefix;

		if (vnm_addr_equal(&own->addr, &overlay->local) &&
		    own->len < vnm_addr_bits(own->addr.family))
			overlay->evpn.listen = vnm_prefix_network(own);
	}
	if (overlay->evpn.listen.len)
		return 0;
	return vnm_error_set(resolver->err, VNM_ERR_STATE, EINVAL,
			     "which addresses the other hosts of network '%s' have cannot be told "
			     "from this host's, which has no subnet: set listen in <vnm:evpn>",
			     resolver->net->name);
}

static int find_index(struct resolver *resolver)
{
	struct vnm_overlay_host *host = &resolver->overlay->host;

	if (!host->at.present || host->index.set)
		return 0;
	host->index = resolver->conf.index;
	if (host->index.set)
		return 0;
	return vnm_error_set(resolver->err, VNM_ERR_STATE, ENODATA,
			     "which of the %u hosts of network '%s' this one is, is not known: set "
			     "index in '%s', or in <vnm:host>",
			     host->of.v, resolver->net->name, resolver->conf_path);
}

static int resolve(struct vnm_driver *drv, struct resolver *resolver)
{
	int r = vnm_host_conf_load(&drv->paths, &resolver->conf, resolver->err);

	if (r == 0)
		r = vnm_observe_links(&drv->sys, &resolver->facts, resolver->err);
	if (r == 0)
		r = vnm_observe_addresses(&drv->sys, &resolver->facts, resolver->err);
	if (r == 0)
		r = find_local(resolver);
	if (r == 0)
		r = check_local(resolver);
	if (r == 0)
		r = find_vrf(resolver);
	if (r == 0)
		r = find_mtu(resolver);
	if (r == 0)
		r = find_listen(resolver);
	return r < 0 ? r : find_index(resolver);
}

static bool has_all(const struct vnm_overlay *overlay, const struct vnm_overlay *old)
{
	return overlay->local.family != AF_UNSPEC && overlay->mtu.v &&
	       vnm_addr_equal(&overlay->local, &old->local) && (overlay->dev || !old->dev) &&
	       (!overlay->evpn.at.present || overlay->evpn.listen.len) &&
	       (!overlay->host.at.present || overlay->host.index.set);
}

/**
 * vnm_driver_resolve_overlay() - fill in what the definition of a network on many hosts leaves to this host
 * @drv: the driver
 * @net: the definition, valid; of a network on one host it is left as it is
 * @old: that with which it is active: what it has already is not looked for on the host again; NULL: none
 * @err: what is not known, or not so on this host: VNM_ERR_NO_DEVICE, VNM_ERR_STATE, VNM_ERR_XML_MEANING
 *
 * Return: 0 or -errno.
 */
int vnm_driver_resolve_overlay(struct vnm_driver *drv, struct vnm_network *net,
			       const struct vnm_network *old, struct vnm_error *err)
{
	struct resolver resolver = { .net = net,
				     .overlay = &net->overlay,
				     .family = vnm_overlay_family(&net->overlay),
				     .conf_path = drv->paths.host_conf,
				     .err = err };
	struct vnm_warnings known = { 0 };
	int r;

	if (!net->overlay.at.present || (old && has_all(&net->overlay, &old->overlay)))
		return 0;
	r = resolve(drv, &resolver);
	vnm_facts_clear(&resolver.facts);
	if (r == 0)
		r = vnm_network_validate(net, &known, err);
	vnm_warnings_clear(&known);
	return r;
}
