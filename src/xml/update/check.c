/* SPDX-License-Identifier: GPL-2.0-or-later */
/* check.c - a section's checks of a given element. In libvirt's sections the messages are libvirt's. */
#include "xml/update/check.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "util/mem.h"

/** vnm_change_check_bridge() - a bridge without a name, or with an empty one, is the present one. */
int vnm_change_check_bridge(const struct vnm_change *change, void *given)
{
	const char *present = change->net->bridge.name;
	struct vnm_bridge *bridge = given;

	if (bridge->name && *bridge->name)
		return 0;
	free(bridge->name);
	bridge->name = present ? vnm_strdup(present) : NULL;
	return 0;
}

/** vnm_change_check_ip() - an <ip> is identified by its address. */
int vnm_change_check_ip(const struct vnm_change *change, void *given)
{
	if (((const struct vnm_ip *)given)->address.family != AF_UNSPEC)
		return 0;
	return vnm_change_refuse(change, "Missing required address attribute in network '%s'",
				 change->net->name);
}

/** vnm_change_check_dhcp_host() - its address is of the family of its <ip>; to delete it, it needs an identifier. */
int vnm_change_check_dhcp_host(const struct vnm_change *change, void *given)
{
	const struct vnm_dhcp_host *host = given;
	struct vnm_ip *ip;
	int r = vnm_change_find_ip(change, &ip);

	if (r == 0 && vnm_change_deletes(change) && !host->mac.set && !host->name && !host->id &&
	    host->ip.family == AF_UNSPEC)
		return vnm_change_refuse_input(
			change,
			"At least one of name, mac, or ip attribute must be specified "
			"for static host definition in network '%s'",
			change->net->name);
	if (r < 0 || host->ip.family == AF_UNSPEC || host->ip.family == ip->address.family)
		return r;
	return vnm_change_refuse(change, "the address family of a host entry IP must match the "
					 "address family of the dhcp element's parent");
}

/** vnm_change_check_dhcp_range() - a range has both ends. */
int vnm_change_check_dhcp_range(const struct vnm_change *change, void *given)
{
	const struct vnm_dhcp_range *range = given;

	if (range->start.family != AF_UNSPEC && range->end.family != AF_UNSPEC)
		return 0;
	return vnm_change_refuse_input(change,
				       "Missing '%s' attribute in dhcp range for network '%s'",
				       range->start.family ? "end" : "start", change->net->name);
}

/**
 * vnm_change_check_interface() - an interface has a device. That of <forward dev='...'> becomes the first of the
 * list, which is what is changed.
 */
int vnm_change_check_interface(const struct vnm_change *change, void *given)
{
	struct vnm_forward *forward = &change->net->forward;

	if (forward->dev && forward->n_interfaces == 0) {
		forward->interfaces =
			vnm_array_add(NULL, &forward->n_interfaces, sizeof(*forward->interfaces));
		forward->interfaces[0].at = forward->at;
		forward->interfaces[0].dev = vnm_strdup(forward->dev);
	}
	free(forward->dev);
	forward->dev = NULL;
	if (((const struct vnm_forward_interface *)given)->dev)
		return 0;
	return vnm_change_refuse(change,
				 "Missing required dev attribute in <forward> <interface> element "
				 "of network %s",
				 change->net->name);
}

/** vnm_change_check_portgroup() - a portgroup has a name, and one of them at most is the default. */
int vnm_change_check_portgroup(const struct vnm_change *change, void *given)
{
	const struct vnm_portgroup *group = given;

	if (!group->name)
		return vnm_change_refuse_input(change,
					       "Missing required name attribute in portgroup");
	if (group->is_default != VNM_TRI_YES || vnm_change_deletes(change))
		return 0;
	for (size_t i = 0; i < change->net->n_portgroups; i++) {
		const struct vnm_portgroup *other = &change->net->portgroups[i];

		if (other->is_default == VNM_TRI_YES && strcmp(other->name, group->name) != 0)
			return vnm_change_refuse(change,
						 "a different portgroup entry in network '%s' is "
						 "already set as the default. Only one default is "
						 "allowed.",
						 change->net->name);
	}
	return 0;
}

/** vnm_change_check_dns_host() - a DNS host has an address or a name. */
int vnm_change_check_dns_host(const struct vnm_change *change, void *given)
{
	const struct vnm_dns_host *host = given;

	if (host->ip.family != AF_UNSPEC || host->n_names > 0)
		return 0;
	return vnm_change_refuse_input(change,
				       "Missing ip and hostname in network '%s' DNS HOST record",
				       change->net->name);
}

/** vnm_change_check_dns_txt() - a TXT record has a name. */
int vnm_change_check_dns_txt(const struct vnm_change *change, void *given)
{
	if (((const struct vnm_txt *)given)->name)
		return 0;
	return vnm_change_refuse_input(
		change, "missing required name attribute in DNS TXT record of network %s",
		change->net->name);
}

/** vnm_change_check_peer() - a peer is one of an overlay's, and has an address. */
int vnm_change_check_peer(const struct vnm_change *change, void *given)
{
	if (!change->net->overlay.at.present)
		return vnm_change_refuse(change,
					 "network '%s' has no <vnm:overlay>, and so no peers",
					 change->net->name);
	if (((const struct vnm_peer *)given)->address.family != AF_UNSPEC)
		return 0;
	return vnm_change_refuse_input(change, "Missing 'address' attribute in <vnm:peer>");
}
