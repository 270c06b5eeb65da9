/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sections.c - the sections of net-update: one table. Of libvirt's sections, messages and rules are libvirt's. */
#include "xml/update/sections.h"

#include <string.h>

#include "util/mem.h"
#include "xml/update/check.h"
#include "xml/update/match.h"

#define ADD (1u << VNM_UPDATE_ADD_LAST | 1u << VNM_UPDATE_ADD_FIRST)
#define MODIFY (1u << VNM_UPDATE_MODIFY)
#define ADD_DELETE (ADD | 1u << VNM_UPDATE_DELETE)
#define ALL (ADD_DELETE | MODIFY)

#define NO_MODIFY(what) .refusal = what " cannot be modified, only added or deleted"
#define NAT_MESSAGES(what, key)                                                                   \
	.exists = "there is an existing " what " entry in network '{network}' for the same " key, \
	.missing = "couldn't find a matching " what " entry in network '{network}'"

const struct vnm_section vnm_sections[] = {
	{
		.name = "bridge",
		.path = "bridge",
		.allowed = MODIFY,
		.refusal = "the bridge of a network can only be modified",
		.check = vnm_change_check_bridge,
	},
	{ .name = "domain", .path = "domain", .allowed = ALL },
	{
		.name = "ip",
		.path = "ip",
		.allowed = ALL,
		.keys = "address",
		.check = vnm_change_check_ip,
		.exists = "there is an existing ip entry in network '{network}' that matches "
			  "\"<ip address='{address}'>\"",
		.missing = "couldn't find an ip entry in network '{network}' matching <ip "
			   "address='{address}'>",
	},
	{
		.name = "ip-dhcp-host",
		.path = "ip/dhcp/host",
		.allowed = ALL,
		.makes_parent = true,
		.matches = vnm_match_dhcp_host,
		.check = vnm_change_check_dhcp_host,
		.exists = "there is an existing dhcp host entry in network '{network}' that "
			  "matches \"<host mac='{mac}' name='{name}' ip='{ip}'/>\"",
		.missing = "couldn't locate a matching dhcp host entry in network '{network}'",
		.missing_to_modify = "couldn't locate an existing dhcp host entry with "
				     "\"mac='{mac}'\" \"name='{name}'\" \"ip='{ip}'\" in network "
				     "'{network}'",
	},
	{
		.name = "ip-dhcp-range",
		.path = "ip/dhcp/range",
		.allowed = ALL,
		.makes_parent = true,
		.matches = vnm_match_dhcp_range,
		.check = vnm_change_check_dhcp_range,
		.exists = "there is an existing dhcp range entry in network '{network}' that "
			  "matches \"<range start='{start}' end='{end}'/>\"",
		.missing = "couldn't locate a matching dhcp range entry in network '{network}'",
		.missing_to_modify = "no dhcp range entry in network '{network}' begins with "
				     "'{start}' or ends with '{end}'; delete the one that this "
				     "replaces, and add this one",
		.many = "several dhcp range entries in network '{network}' match; delete one and "
			"modify the other",
	},
	{ .name = "forward", .path = "forward", .allowed = ALL },
	{
		.name = "forward-interface",
		.path = "forward/interface",
		.allowed = ADD_DELETE,
		NO_MODIFY("forward interface entries"),
		.keys = "dev",
		.check = vnm_change_check_interface,
		.exists = "there is an existing interface entry in network '{network}' that "
			  "matches \"<interface dev='{dev}'>\"",
		.missing = "couldn't find an interface entry in network '{network}' matching "
			   "<interface dev='{dev}'>",
	},
	{
		.name = "forward-pf",
		.refusal = "can't update 'forward pf' section of network '{network}'",
	},
	{
		.name = "portgroup",
		.path = "portgroup",
		.allowed = ALL,
		.keys = "name",
		.check = vnm_change_check_portgroup,
		.exists = "there is an existing portgroup entry in network '{network}' that "
			  "matches \"<portgroup name='{name}'>\"",
		.missing = "couldn't find a portgroup entry in network '{network}' matching "
			   "<portgroup name='{name}'>",
	},
	{
		.name = "dns-host",
		.path = "dns/host",
		.allowed = ALL,
		.makes_parent = true,
		.matches = vnm_match_dns_host,
		.check = vnm_change_check_dns_host,
		.exists = "there is already at least one DNS HOST record with a matching field "
			  "in network {network}",
		.missing = "couldn't locate a matching DNS HOST record in network {network}",
		.many = "multiple matching DNS HOST records were found in network {network}",
	},
	{
		.name = "dns-txt",
		.path = "dns/txt",
		.allowed = ALL,
		.makes_parent = true,
		.keys = "name",
		.check = vnm_change_check_dns_txt,
		.exists = "there is already a DNS TXT record with name '{name}' in network "
			  "{network}",
		.missing = "couldn't locate a matching DNS TXT record in network {network}",
	},
	{
		.name = "dns-srv",
		.path = "dns/srv",
		.allowed = ADD_DELETE,
		NO_MODIFY("DNS SRV records"),
		.makes_parent = true,
		.matches = vnm_match_dns_srv,
		.exists = "there is already at least one DNS SRV record matching all specified "
			  "fields in network {network}",
		.missing = "couldn't locate a matching DNS SRV record in network {network}",
		.many = "multiple DNS SRV records matching all specified fields were found in "
			"network {network}",
	},
	{
		.name = "dns-forwarder",
		.path = "dns/forwarder",
		.allowed = ADD_DELETE,
		NO_MODIFY("DNS forwarders"),
		.makes_parent = true,
		.keys = "domain addr",
		.exists = "there is already a DNS forwarder with this domain and address in "
			  "network {network}",
		.missing = "couldn't locate a matching DNS forwarder in network {network}",
	},
	{ .name = "bandwidth", .path = "bandwidth", .allowed = ALL },
	{ .name = "mtu", .path = "mtu", .allowed = ALL },
	{
		.name = "route",
		.path = "route",
		.allowed = ADD_DELETE,
		NO_MODIFY("routes"),
		.matches = vnm_match_route,
		.exists = "there is an existing route entry in network '{network}' to the same "
			  "destination by the same gateway",
		.missing = "couldn't find a matching route entry in network '{network}'",
	},
	{
		.name = "port-forward",
		.path = "portForward",
		.allowed = ALL,
		.matches = vnm_match_port_forward,
		NAT_MESSAGES("port-forward", "port"),
		.many = "several forwards of network '{network}' match; name the address, the "
			"device or the guest of one",
	},
	{
		.name = "redirect",
		.path = "redirect",
		.allowed = ALL,
		.keys = "proto port",
		NAT_MESSAGES("redirect", "port"),
	},
	{
		.name = "source-nat",
		.path = "sourceNat",
		.allowed = ALL,
		.matches = vnm_match_source_nat,
		NAT_MESSAGES("source-nat", "device and family"),
		.many = "several source addresses of network '{network}' match; name one",
	},
	{
		.name = "static-nat",
		.path = "staticNat",
		.allowed = ALL,
		.matches = vnm_match_static_nat,
		NAT_MESSAGES("static-nat", "outside address"),
		.many = "several 1:1 addresses of network '{network}' match; name one",
	},
	{
		.name = "allow",
		.path = "allow",
		.allowed = ADD_DELETE,
		NO_MODIFY("allow entries"),
		.keys = "network proto port",
		NAT_MESSAGES("allow", "packets"),
	},
	{
		.name = "peer",
		.path = "overlay/peer",
		.allowed = ADD_DELETE,
		NO_MODIFY("peers"),
		.keys = "address",
		.check = vnm_change_check_peer,
		.exists = "network '{network}' has peer {address} already",
		.missing = "network '{network}' has no peer {address}",
	},
};
const size_t vnm_n_sections = VNM_ARRAY_SIZE(vnm_sections);

/** vnm_section_find() - the section of a name, or NULL. */
const struct vnm_section *vnm_section_find(const char *name)
{
	for (size_t i = 0; i < vnm_n_sections; i++)
		if (!strcmp(vnm_sections[i].name, name))
			return &vnm_sections[i];
	return NULL;
}
