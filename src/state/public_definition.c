/* SPDX-License-Identifier: GPL-2.0-or-later */
/* public_definition.c - what members of the group "vnetmgr" may see of a definition. */
#include "state/public_definition.h"

#include "util/mem.h"

/**
 * vnm_public_definition() - a definition without what is not for everybody
 * @net: the definition
 * @ret: gets the same strings and lists but for @ret->ips, which is to be freed with free()
 *
 * What is not copied here stays root's: new members of a definition, too, until somebody lists them.
 */
void vnm_public_definition(const struct vnm_network *net, struct vnm_network *ret)
{
	*ret = (struct vnm_network){
		.at = net->at,
		.name = net->name,
		.uuid = net->uuid,
		.title = net->title,
		.description = net->description,
		.ipv6 = net->ipv6,
		.trust_guest_rx_filters = net->trust_guest_rx_filters,
		.forward = net->forward,
		.bridge = net->bridge,
		.mtu = net->mtu,
		.mac = net->mac,
		.domain = net->domain,
		.vlan = net->vlan,
		.bandwidth = net->bandwidth,
		.port = net->port,
		.routes = net->routes,
		.n_routes = net->n_routes,
		.portgroups = net->portgroups,
		.n_portgroups = net->n_portgroups,
		.dns = { .at = net->dns.at,
			 .enable = net->dns.enable,
			 .hosts = net->dns.hosts,
			 .n_hosts = net->dns.n_hosts },
		.ips = vnm_alloc((net->n_ips + 1) * sizeof(*net->ips)),
		.n_ips = net->n_ips,
		.port_forwards = net->port_forwards,
		.n_port_forwards = net->n_port_forwards,
		.redirects = net->redirects,
		.n_redirects = net->n_redirects,
		.source_nats = net->source_nats,
		.n_source_nats = net->n_source_nats,
		.static_nats = net->static_nats,
		.n_static_nats = net->n_static_nats,
		.allows = net->allows,
		.n_allows = net->n_allows,
		.uplink = net->uplink,
		.guests = net->guests,
	};
	for (size_t i = 0; i < net->n_ips; i++) {
		ret->ips[i] = net->ips[i];
		ret->ips[i].tftp = (struct vnm_tftp){ 0 };
		ret->ips[i].dhcp.bootp = (struct vnm_bootp){ 0 };
	}
}
