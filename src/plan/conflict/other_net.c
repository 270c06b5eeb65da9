/* SPDX-License-Identifier: GPL-2.0-or-later */
/* other_net.c - what two networks may have in common: a name, a bridge, a subnet. Pure. */
#include "plan/conflict/other_net.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "model/vrf.h"

/** vnm_conflict_same() - whether two definitions are of one network: names are unique. */
bool vnm_conflict_same(const struct vnm_network *a, const struct vnm_network *b)
{
	return !strcmp(a->name, b->name);
}

/** vnm_conflict_link_local() - whether a subnet is link-local (RFC 4291 2.5.6). */
bool vnm_conflict_link_local(const struct vnm_prefix *prefix)
{
	const uint8_t *b = prefix->addr.b;

	return prefix->addr.family == AF_INET6 && b[0] == 0xfe && (b[1] & 0xc0) == 0x80;
}

/** vnm_conflict_bridge_name() - the bridge's name; NULL: not chosen yet. */
const char *vnm_conflict_bridge_name(const struct vnm_network *net)
{
	const char *name = net->bridge.name;

	return name && *name && !strchr(name, '%') ? name : NULL;
}

/* Guests of one in other VLANs than those of the other, on one uplink, for example. */
static bool shares(const struct vnm_network *net, const struct vnm_network *other)
{
	return !vnm_network_makes_bridge(net) &&
	       (!vnm_network_makes_bridge(other) || vnm_network_has_uplink(other));
}

/**
 * vnm_conflict_bridge() - do two networks want one bridge?
 * @net:   the one
 * @other: the other
 * @err:   VNM_ERR_BRIDGE_IN_USE
 *
 * A bridge of the host may serve any number of networks, and so may one with an uplink, as that is part of the host's LAN; any other
 * that a network creates is not shared.
 *
 * Return: 0 or -EEXIST.
 */
int vnm_conflict_bridge(const struct vnm_network *net, const struct vnm_network *other,
			struct vnm_error *err)
{
	const char *mine = vnm_conflict_bridge_name(net), *theirs = vnm_conflict_bridge_name(other);

	if (!mine || !theirs || vnm_conflict_same(net, other) || strcmp(mine, theirs) != 0)
		return 0;
	if (shares(net, other) || shares(other, net))
		return 0;
	return vnm_error_set(err, VNM_ERR_BRIDGE_IN_USE, EEXIST,
			     "bridge name '%s' is already in use by network '%s'", mine,
			     other->name);
}

/**
 * vnm_conflict_vni() - do two networks on many hosts have one number?
 * @net:   the one
 * @other: the other
 * @err:   VNM_ERR_BRIDGE_IN_USE
 *
 * The VXLAN device is named after it, whatever the UDP port is.
 *
 * Return: 0 or -EEXIST.
 */
int vnm_conflict_vni(const struct vnm_network *net, const struct vnm_network *other,
		     struct vnm_error *err)
{
	const struct vnm_overlay *mine = &net->overlay, *theirs = &other->overlay;

	if (!mine->at.present || !theirs->at.present || mine->vni.v != theirs->vni.v ||
	    vnm_conflict_same(net, other))
		return 0;
	return vnm_error_set(err, VNM_ERR_BRIDGE_IN_USE, EEXIST,
			     "VNI %u of network '%s' is already in use by network '%s'; choose "
			     "another <vnm:overlay vni='...'>",
			     mine->vni.v, net->name, other->name);
}

/* But for the password, which could never be changed else: networks are changed one by one. */
static bool same_evpn(const struct vnm_evpn *a, const struct vnm_evpn *b)
{
	return a->asn.v == b->asn.v && vnm_addr_equal(&a->reflector, &b->reflector) &&
	       vnm_addr_equal(&a->reflector2, &b->reflector2) &&
	       (!a->listen.len || !b->listen.len || vnm_prefix_equal(&a->listen, &b->listen)) &&
	       (a->bfd == VNM_TRI_YES) == (b->bfd == VNM_TRI_YES);
}

/**
 * vnm_conflict_evpn() - do two networks need FRR in different ways?
 * @net:   the one
 * @other: the other
 * @err:   VNM_ERR_BRIDGE_IN_USE
 *
 * BGP is one for the whole host.
 *
 * Return: 0 or -EEXIST.
 */
int vnm_conflict_evpn(const struct vnm_network *net, const struct vnm_network *other,
		      struct vnm_error *err)
{
	const struct vnm_evpn *mine = &net->overlay.evpn, *theirs = &other->overlay.evpn;

	if (!mine->at.present || !theirs->at.present || vnm_conflict_same(net, other) ||
	    same_evpn(mine, theirs))
		return 0;
	return vnm_error_set(
		err, VNM_ERR_BRIDGE_IN_USE, EEXIST,
		"<vnm:evpn> of network '%s' differs from that of network '%s', and FRR "
		"has one configuration for both: let them have the same asn, "
		"reflector, listen and bfd",
		net->name, other->name);
}

/** vnm_conflict_password() - do two networks need FRR with different passwords? */
bool vnm_conflict_password(const struct vnm_network *net, const struct vnm_network *other)
{
	const struct vnm_evpn *mine = &net->overlay.evpn, *theirs = &other->overlay.evpn;
	const char *own = mine->password ? mine->password : "";

	return mine->at.present && theirs->at.present && !vnm_conflict_same(net, other) &&
	       strcmp(own, theirs->password ? theirs->password : "") != 0;
}

/** vnm_conflict_has_subnet() - whether a network, if any, has exactly this subnet */
bool vnm_conflict_has_subnet(const struct vnm_network *net, const struct vnm_prefix *subnet)
{
	for (size_t i = 0; net && i < net->n_ips; i++) {
		struct vnm_prefix mine = vnm_ip_prefix(&net->ips[i]);

		if (vnm_prefix_equal(&mine, subnet))
			return true;
	}
	return false;
}

/**
 * vnm_conflict_overlap() - find a subnet of one network that shares an address with one of another, and is not kept apart by VRFs
 * @net:   the one
 * @old:   what it was before a change: subnets that it had are skipped; NULL: nothing
 * @other: the other
 * @ret:   the subnet of @net
 *
 * Return: whether there is one.
 */
bool vnm_conflict_overlap(const struct vnm_network *net, const struct vnm_network *old,
			  const struct vnm_network *other, struct vnm_prefix *ret)
{
	if (vnm_vrf_parts(net, other))
		return false;
	for (size_t i = 0; i < net->n_ips; i++) {
		struct vnm_prefix mine = vnm_ip_prefix(&net->ips[i]);

		if (vnm_conflict_link_local(&mine) || vnm_conflict_has_subnet(old, &mine))
			continue;
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
