/* SPDX-License-Identifier: GPL-2.0-or-later */
/* vocabulary.c - the vocabulary of network definitions, row by row; see element.h. */
#include "xml/vocabulary.h"

#include <stdlib.h>
#include <string.h>

#include "model/network.h"
#include "util/mem.h"
#include "xml/rows.h"

/* Tables, one row a line. */
/* clang-format off */

static const struct vnm_namespace vnm_ns = { "vnm", "urn:vnetmgr:network:1" };

/* Ours, since a version. */
#define VNM(version) .ns = &vnm_ns, .since = (version)

/* ---- <forward> ---- */

#define OBJECT vnm_nat_address
static const struct vnm_field nat_address_rows[] = {
	ATTR("start", ADDR, start, REQUIRED),
	ATTR("end", ADDR, end, REQUIRED),
};
ELEMENT(nat_address, "address", MODES("nat"));
#undef OBJECT

#define OBJECT vnm_nat_port
static const struct vnm_field nat_port_rows[] = {
	ATTR("start", UINT, start, REQUIRED, NUMBER(1, 65535)),
	ATTR("end", UINT, end, REQUIRED, NUMBER(1, 65535)),
};
ELEMENT(nat_port, "port", MODES("nat"));
#undef OBJECT

#define OBJECT vnm_nat
static const struct vnm_field nat_rows[] = {
	ATTR("ipv6", ENUM, ipv6, YES_NO, DEFAULT("no")),
	CHILD("address", address, nat_address),
	CHILD("port", port, nat_port),
};
ELEMENT(nat, "nat", MODES("nat"));
#undef OBJECT

#define OBJECT vnm_forward_interface
static const struct vnm_field interface_rows[] = {
	ATTR("dev", STRING, dev, REQUIRED),
	CONNECTIONS(MODES("pools")),
};
ELEMENT(interface, "interface", MODES("not open"));
#undef OBJECT

#define OBJECT vnm_pf
static const struct vnm_field pf_rows[] = { ATTR("dev", STRING, dev, REQUIRED) };
ELEMENT(pf, "pf", MODES("pools"));
#undef OBJECT

#define OBJECT vnm_forward_driver
static const struct vnm_field driver_rows[] = {
	ATTR("name", ENUM, name, .table = &vnm_enum_pci_driver),
	ATTR("model", STRING, model),
	ATTR("iommufd", ENUM, iommufd, YES_NO, MODES("hostdev")),
};
SHARED_ELEMENT(driver, "driver", MODES("hostdev"));
#undef OBJECT

#define OBJECT vnm_pci_address
static const struct vnm_field pci_address_rows[] = {
	ATTR("type", ENUM, type, REQUIRED, .table = &vnm_enum_address_type),
	ATTR("domain", HEX, domain, HEX_DIGITS(4), DEFAULT("0")),
	ATTR("bus", HEX, bus, REQUIRED, HEX_DIGITS(2)),
	ATTR("slot", HEX, slot, REQUIRED, .max = 0x1f, .digits = 2),
	ATTR("function", HEX, function, REQUIRED, .max = 7, .digits = 1),
	CONNECTIONS(),
};
ELEMENT(pci_address, "address", MODES("hostdev"));
#undef OBJECT

#define OBJECT vnm_forward
static const struct vnm_field forward_rows[] = {
	ATTR("dev", STRING, dev, DEFAULT("any device")),
	ATTR("mode", ENUM, mode, .table = &vnm_enum_forward_mode, DEFAULT("nat"), MODES("any")),
	ATTR("managed", ENUM, managed, YES_NO, DEFAULT("no"), MODES("hostdev")),
	ATTR("host", ENUM, host, YES_NO, VNM("1.0"), DEFAULT("no"), MODES("pools")),
	SHARED_CHILD("driver", driver, driver),
	CHILD("nat", nat, nat),
	CHILD("pf", pf, pf),
	LIST("interface", interfaces, interface),
	LIST("address", addresses, pci_address),
};
ELEMENT(forward, "forward", MODES("not open"));
#undef OBJECT

/* ---- the bridge, its addresses and services ---- */

#define OBJECT vnm_bridge
static const struct vnm_field bridge_rows[] = {
	ATTR("name", STRING, name, DEFAULT("virbr%d"), MODES("bridge")),
	ATTR("zone", STRING, zone, DEFAULT("chosen")),
	ATTR("stp", ENUM, stp, .table = &vnm_enum_switch, DEFAULT("on")),
	ATTR("delay", UINT, delay, NUMBER(0, 32767), DEFAULT("0")),
	ATTR("macTableManager", ENUM, mac_table, .table = &vnm_enum_mac_table, DEFAULT("kernel"),
	     MODES("bridge")),
	ATTR("groupForwardMask", HEX, group_forward, HEX_DIGITS(4), VNM("1.1"),
	     DEFAULT("unchanged")),
	ATTR("multicastSnooping", ENUM, snooping, YES_NO, VNM("1.1"), DEFAULT("yes")),
	ATTR("multicastQuerier", ENUM, querier, YES_NO, VNM("1.1"), DEFAULT("no")),
};
ELEMENT(bridge, "bridge", MODES("own"));
#undef OBJECT

#define OBJECT vnm_mtu
static const struct vnm_field mtu_rows[] = {
	ATTR("size", UINT, size, REQUIRED, NUMBER(68, 65535)),
};
ELEMENT(mtu, "mtu", MODES("own"));
#undef OBJECT

#define OBJECT vnm_mac_elem
static const struct vnm_field mac_rows[] = { ATTR("address", MAC, address, REQUIRED) };
SHARED_ELEMENT(mac, "mac", MODES("own"));
#undef OBJECT

#define OBJECT vnm_domain
static const struct vnm_field domain_rows[] = {
	ATTR("name", STRING, name, REQUIRED),
	ATTR("localOnly", ENUM, local_only, YES_NO, DEFAULT("no")),
	ATTR("register", ENUM, registered, YES_NO, DEFAULT("no")),
};
ELEMENT(domain, "domain", MODES("own"));
#undef OBJECT

/* ---- <dns> ---- */

#define OBJECT vnm_forwarder
static const struct vnm_field forwarder_rows[] = {
	ATTR("domain", STRING, domain, DEFAULT("one of them")),
	ATTR("addr", ADDR, addr, DEFAULT("one of them")),
	ATTR("port", UINT, port, NUMBER(1, 65535), DEFAULT("53")),
};
ELEMENT(forwarder, "forwarder", MODES("own"));
#undef OBJECT

#define OBJECT vnm_txt
static const struct vnm_field txt_rows[] = {
	ATTR("name", STRING, name, REQUIRED),
	ATTR("value", STRING, value, REQUIRED),
};
ELEMENT(txt, "txt", MODES("own"));
#undef OBJECT

#define OBJECT vnm_srv
static const struct vnm_field srv_rows[] = {
	ATTR("service", STRING, service, REQUIRED),
	ATTR("protocol", STRING, protocol, REQUIRED),
	ATTR("domain", STRING, domain, DEFAULT("network's")),
	ATTR("target", STRING, target, DEFAULT("no service")),
	ATTR("port", UINT, port, NUMBER(1, 65535), DEFAULT("1")),
	ATTR("priority", UINT, priority, .flags = VNM_FIELD_SKIP_ZERO, NUMBER(0, 65535),
	     DEFAULT("0")),
	ATTR("weight", UINT, weight, .flags = VNM_FIELD_SKIP_ZERO, NUMBER(0, 65535), DEFAULT("0")),
};
ELEMENT(srv, "srv", MODES("own"));
#undef OBJECT

#define OBJECT vnm_hostname
static const struct vnm_field hostname_rows[] = { TEXT(STRING, name, DEFAULT("required")) };
ELEMENT(hostname, "hostname", MODES("own"));
#undef OBJECT

#define OBJECT vnm_dns_host
static const struct vnm_field dns_host_rows[] = {
	ATTR("ip", ADDR, ip, REQUIRED),
	LIST("hostname", names, hostname),
};
ELEMENT(dns_host, "host", MODES("own"));
#undef OBJECT

#define OBJECT vnm_dns
static const struct vnm_field dns_rows[] = {
	ATTR("enable", ENUM, enable, YES_NO, DEFAULT("yes")),
	ATTR("forwardPlainNames", ENUM, forward_plain_names, YES_NO, DEFAULT("yes")),
	LIST("forwarder", forwarders, forwarder),
	LIST("txt", txts, txt),
	LIST("srv", srvs, srv),
	LIST("host", hosts, dns_host),
};
ELEMENT(dns, "dns", MODES("own"));
#undef OBJECT

/* ---- settings of guests' ports ---- */

#define OBJECT vnm_vlan_tag
static const struct vnm_field vlan_tag_rows[] = {
	ATTR("id", UINT, id, REQUIRED, NUMBER(0, 4095)),
	ATTR("nativeMode", ENUM, native, .table = &vnm_enum_native_mode),
};
ELEMENT(vlan_tag, "tag", MODES("bridge"));
#undef OBJECT

#define OBJECT vnm_vlan
static const struct vnm_field vlan_rows[] = {
	ATTR("trunk", ENUM, trunk, YES_NO, DEFAULT("if needed")),
	LIST("tag", tags, vlan_tag),
};
SHARED_ELEMENT(vlan, "vlan", MODES("bridge"));
#undef OBJECT

#define OBJECT vnm_virtualport_parameters
static const struct vnm_field virtualport_parameters_rows[] = {
	ATTR("managerid", UINT, managerid, NUMBER(0, 255)),
	ATTR("typeid", UINT, typeid, NUMBER(0, 0xffffff)),
	ATTR("typeidversion", UINT, typeidversion, NUMBER(0, 255)),
	ATTR("instanceid", UUID, instanceid),
	ATTR("interfaceid", UUID, interfaceid),
	ATTR("profileid", STRING, profileid),
};
ELEMENT(virtualport_parameters, "parameters", MODES("stored"));
#undef OBJECT

#define OBJECT vnm_virtualport
static const struct vnm_field virtualport_rows[] = {
	ATTR("type", ENUM, type, .table = &vnm_enum_virtualport_type, DEFAULT("required")),
	CHILD("parameters", parameters, virtualport_parameters),
};
SHARED_ELEMENT(virtualport, "virtualport", MODES("stored"));
#undef OBJECT

#define RATE(field, type, member, limit, ...) \
	ATTR(field, type, member, .flags = VNM_FIELD_SKIP_ZERO, NUMBER(0, limit), ##__VA_ARGS__)
#define OBJECT vnm_rate
static const struct vnm_field rate_rows[] = {
	RATE("average", UINT64, average, VNM_RATE_MAX, DEFAULT("required")),
	RATE("peak", UINT64, peak, VNM_RATE_MAX),
	RATE("floor", UINT64, floor, VNM_RATE_MAX, MODES("ports")),
	RATE("burst", UINT, burst, UINT32_MAX),
};
SHARED_ELEMENT_OF(inbound, rate, "inbound", MODES("bridge"));
SHARED_ELEMENT_OF(outbound, rate, "outbound", MODES("bridge"));
#undef OBJECT

#define OBJECT vnm_bandwidth
static const struct vnm_field bandwidth_rows[] = {
	SHARED_CHILD("inbound", inbound, inbound),
	SHARED_CHILD("outbound", outbound, outbound),
};
ELEMENT(bandwidth, "bandwidth");
#undef OBJECT

#define OBJECT vnm_port_options
static const struct vnm_field port_options_rows[] = {
	ATTR("isolated", ENUM, isolated, YES_NO, DEFAULT("no")),
};
SHARED_ELEMENT(port_options, "port", MODES("bridge"));
#undef OBJECT

#define OBJECT vnm_portgroup
static const struct vnm_field portgroup_rows[] = {
	ATTR("name", STRING, name, REQUIRED),
	ATTR("default", ENUM, is_default, YES_NO, DEFAULT("no")),
	ATTR("trustGuestRxFilters", ENUM, trust_guest_rx_filters, YES_NO, DEFAULT("network's")),
	SHARED_CHILD("vlan", vlan, vlan),
	SHARED_CHILD("virtualport", virtualport, virtualport),
	CHILD("bandwidth", bandwidth, bandwidth),
	SHARED_CHILD("port", port, port_options),
};
ELEMENT(portgroup, "portgroup", .pair = true, MODES("any"));
#undef OBJECT

/* ---- <ip> ---- */

#define OBJECT vnm_lease
static const struct vnm_field lease_rows[] = {
	ATTR("expiry", UINT, expiry, REQUIRED, NUMBER(0, UINT32_MAX)),
	ATTR("unit", ENUM, unit, .table = &vnm_enum_lease_unit, DEFAULT("minutes")),
};
ELEMENT(lease, "lease", MODES("ip"));
#undef OBJECT

#define OBJECT vnm_dhcp_range
static const struct vnm_field range_rows[] = {
	ATTR("start", ADDR, start, REQUIRED),
	ATTR("end", ADDR, end, REQUIRED),
	CHILD("lease", lease, lease),
};
ELEMENT(range, "range", MODES("ip"));
#undef OBJECT

#define OBJECT vnm_dhcp_host
static const struct vnm_field dhcp_host_rows[] = {
	ATTR("mac", MAC, mac),
	ATTR("id", STRING, id),
	ATTR("name", STRING, name),
	ATTR("ip", ADDR, ip, REQUIRED),
	CHILD("lease", lease, lease),
};
ELEMENT(dhcp_host, "host", MODES("ip"));
#undef OBJECT

#define OBJECT vnm_bootp
static const struct vnm_field bootp_rows[] = {
	ATTR("file", STRING, file, REQUIRED),
	ATTR("server", ADDR, server, DEFAULT("the host")),
};
ELEMENT(bootp, "bootp", MODES("ip"));
#undef OBJECT

#define OBJECT vnm_dhcp
static const struct vnm_field dhcp_rows[] = {
	LIST("range", ranges, range),
	LIST("host", hosts, dhcp_host),
	CHILD("bootp", bootp, bootp),
};
ELEMENT(dhcp, "dhcp");
#undef OBJECT

#define OBJECT vnm_tftp
static const struct vnm_field tftp_rows[] = { ATTR("root", STRING, root, REQUIRED) };
ELEMENT(tftp, "tftp", MODES("ip"));
#undef OBJECT

#define OBJECT vnm_ip
static const struct vnm_field ip_rows[] = {
	ATTR("family", ENUM, family, .table = &vnm_enum_family, DEFAULT("ipv4")),
	ATTR("address", ADDR, address, REQUIRED),
	ATTR("netmask", ADDR, netmask, .expect = "an IPv4 netmask such as 255.255.255.0",
	     DEFAULT("class or 64")),
	ATTR("prefix", UINT, prefix, .flags = VNM_FIELD_SKIP_ZERO, NUMBER(0, 128),
	     DEFAULT("class or 64")),
	ATTR("localPtr", ENUM, local_ptr, YES_NO, DEFAULT("no")),
	CHILD("tftp", tftp, tftp),
	CHILD("dhcp", dhcp, dhcp),
};
ELEMENT(ip, "ip", .pair = true, MODES("own"));
#undef OBJECT

#define OBJECT vnm_route
static const struct vnm_field route_rows[] = {
	ATTR("family", ENUM, family, .table = &vnm_enum_family, DEFAULT("ipv4")),
	ATTR("address", ADDR, address, DEFAULT("0.0.0.0, ::")),
	ATTR("netmask", ADDR, netmask, .expect = "an IPv4 netmask such as 255.255.255.0",
	     DEFAULT("class or 64")),
	ATTR("prefix", UINT, prefix, NUMBER(0, 128), DEFAULT("class or 64")),
	ATTR("gateway", ADDR, gateway, REQUIRED),
	ATTR("metric", UINT, metric, NUMBER(1, UINT32_MAX), DEFAULT("1")),
};
ELEMENT(route, "route", MODES("ip"));
#undef OBJECT

/* ---- <dnsmasq:options>: an administrator's own lines ---- */

static const struct vnm_namespace dnsmasq_ns = {
	"dnsmasq", "http://libvirt.org/schemas/network/dnsmasq/1.0"
};

#define OBJECT vnm_dnsmasq_option
static const struct vnm_field dnsmasq_option_rows[] = { ATTR("value", STRING, value, REQUIRED) };
ELEMENT(dnsmasq_option, "option", .ns = &dnsmasq_ns, MODES("own"));
#undef OBJECT

#define OBJECT vnm_dnsmasq_options
static const struct vnm_field dnsmasq_options_rows[] = { LIST("option", items, dnsmasq_option) };
ELEMENT(dnsmasq_options, "options", .ns = &dnsmasq_ns);
#undef OBJECT

/* ---- <vnm:...>: extensions to libvirt's vocabulary ---- */

#define PROTO(...) ATTR("proto", ENUM, proto, .table = &vnm_enum_proto, ##__VA_ARGS__)
#define OBJECT vnm_forward_target
static const struct vnm_field forward_target_rows[] = {
	ATTR("address", ADDR, address, REQUIRED),
	ATTR("port", UINT, port, NUMBER(1, 65535), DEFAULT("the same")),
	ATTR("weight", UINT, weight, NUMBER(1, 1000), DEFAULT("1")),
};
ELEMENT(forward_target, "target", VNM("1.0"), MODES("nat, route"));
#undef OBJECT

#define OBJECT vnm_port_forward
static const struct vnm_field port_forward_rows[] = {
	PROTO(REQUIRED),
	ATTR("dev", STRING, dev, DEFAULT("any")),
	ATTR("address", ADDR, address, DEFAULT("any")),
	ATTR("port", PORTS, port, REQUIRED),
	ATTR("to", ADDR, to, DEFAULT("or target")),
	ATTR("toPort", UINT, to_port, NUMBER(1, 65535), DEFAULT("port")),
	ATTR("masquerade", ENUM, masquerade, YES_NO, DEFAULT("no"), .since = "1.1"),
	ATTR("name", STRING, name),
	LIST("target", targets, forward_target),
};
ELEMENT(port_forward, "portForward", VNM("1.0"), MODES("nat, route"));
#undef OBJECT

#define OBJECT vnm_redirect
static const struct vnm_field redirect_rows[] = {
	PROTO(REQUIRED),
	ATTR("port", PORTS, port, REQUIRED),
	ATTR("toPort", UINT, to_port, REQUIRED, NUMBER(1, 65535)),
};
ELEMENT(redirect, "redirect", VNM("1.0"), MODES("nat, route"));
#undef OBJECT

#define OBJECT vnm_source_nat
static const struct vnm_field source_nat_rows[] = {
	ATTR("dev", STRING, dev, DEFAULT("any")),
	ATTR("address", ADDR, address, DEFAULT("the host's")),
	ATTR("start", ADDR, start, DEFAULT("the host's")),
	ATTR("end", ADDR, end, DEFAULT("the host's")),
	ATTR("port", PORTS, port, DEFAULT("any")),
};
ELEMENT(source_nat, "sourceNat", VNM("1.0"), MODES("nat"));
#undef OBJECT

#define OBJECT vnm_static_nat
static const struct vnm_field static_nat_rows[] = {
	ATTR("outside", ADDR, outside, REQUIRED),
	ATTR("inside", ADDR, inside, REQUIRED),
};
ELEMENT(static_nat, "staticNat", VNM("1.0"), MODES("nat"));
#undef OBJECT

#define OBJECT vnm_allow
static const struct vnm_field allow_rows[] = {
	ATTR("network", STRING, network, REQUIRED),
	PROTO(DEFAULT("any")),
	ATTR("port", PORTS, port, DEFAULT("any")),
};
ELEMENT(allow, "allow", VNM("1.0"), MODES("nat, route"));
#undef OBJECT

#define OBJECT vnm_uplink
static const struct vnm_field uplink_rows[] = {
	ATTR("dev", STRING, dev, REQUIRED),
	ATTR("vlans", STRING, vlans, DEFAULT("the guests'"), .since = "1.1"),
	ATTR("nativeVlan", UINT, native, NUMBER(1, 4094), DEFAULT("1"), .since = "1.1"),
};
ELEMENT(uplink, "uplink", VNM("1.0"), MODES("bridge"));
#undef OBJECT

#define OBJECT vnm_guests
static const struct vnm_field guests_rows[] = {
	ATTR("servers", ENUM, servers, YES_NO, DEFAULT("no")),
	ATTR("bridges", ENUM, bridges, YES_NO, DEFAULT("no")),
	ATTR("routers", ENUM, routers, YES_NO, DEFAULT("no")),
};
ELEMENT(guests, "guests", VNM("1.1"), MODES("own"));
#undef OBJECT

#define OBJECT vnm_peer
static const struct vnm_field peer_rows[] = { ATTR("address", ADDR, address, REQUIRED) };
ELEMENT(peer, "peer", VNM("1.1"), MODES("own"));
#undef OBJECT

#define OBJECT vnm_overlay_host
static const struct vnm_field overlay_host_rows[] = {
	ATTR("index", UINT, index, NUMBER(1, 65535), DEFAULT("host.conf")),
	ATTR("of", UINT, of, REQUIRED, NUMBER(1, 65535)),
};
ELEMENT(overlay_host, "host", VNM("1.1"), MODES("own"));
#undef OBJECT

#define OBJECT vnm_evpn
static const struct vnm_field evpn_rows[] = {
	ATTR("asn", UINT, asn, REQUIRED, NUMBER(1, 4294967294)),
	ATTR("reflector", ADDR, reflector),
	ATTR("reflector2", ADDR, reflector2),
	ATTR("listen", PREFIX, listen, DEFAULT("local")),
	ATTR("password", STRING, password),
	ATTR("bfd", ENUM, bfd, YES_NO, DEFAULT("no")),
};
ELEMENT(evpn, "evpn", VNM("1.1"), MODES("own"));
#undef OBJECT

#define OBJECT vnm_overlay
static const struct vnm_field overlay_rows[] = {
	ATTR("vni", UINT, vni, REQUIRED, NUMBER(1, 0xffffff)),
	ATTR("local", ADDR, local, DEFAULT("host.conf")),
	ATTR("dev", STRING, dev, DEFAULT("host.conf")),
	ATTR("port", UINT, port, NUMBER(1, 65535), DEFAULT("4789")),
	ATTR("mtu", UINT, mtu, .flags = VNM_FIELD_AUTO, NUMBER(576, 65535), DEFAULT("auto")),
	CHILD("host", host, overlay_host),
	CHILD("evpn", evpn, evpn),
	LIST("peer", peers, peer),
};
ELEMENT(overlay, "overlay", VNM("1.1"), MODES("own"));
#undef OBJECT

#define OBJECT vnm_vrf
static const struct vnm_field vrf_rows[] = {
	ATTR("name", STRING, name, REQUIRED),
	ATTR("table", UINT, table, REQUIRED, NUMBER(1, 65535)),
};
ELEMENT(vrf, "vrf", VNM("1.1"), MODES("nat, route"));
#undef OBJECT

/* ---- <network> ---- */

#define OBJECT vnm_network
static const struct vnm_field network_rows[] = {
	CONNECTIONS(),
	ATTR("ipv6", ENUM, ipv6, YES_NO, DEFAULT("no"), MODES("rules")),
	ATTR("trustGuestRxFilters", ENUM, trust_guest_rx_filters, YES_NO),
	CHILD_TEXT("name", STRING, name, DEFAULT("required")),
	CHILD_TEXT("uuid", UUID, uuid, DEFAULT("random")),
	CHILD_TEXT("title", STRING, title),
	CHILD_TEXT("description", TEXT, description),
	VERBATIM("metadata", metadata),
	CHILD("forward", forward, forward),
	CHILD("bridge", bridge, bridge),
	CHILD("mtu", mtu, mtu),
	SHARED_CHILD("mac", mac, mac),
	CHILD("domain", domain, domain),
	CHILD("dns", dns, dns),
	SHARED_CHILD("vlan", vlan, vlan),
	CHILD("bandwidth", bandwidth, bandwidth),
	SHARED_CHILD("port", port, port_options),
	LIST("ip", ips, ip),
	LIST("route", routes, route),
	SHARED_CHILD("virtualport", virtualport, virtualport),
	LIST("portgroup", portgroups, portgroup),
	CHILD("options", dnsmasq_options, dnsmasq_options),
	LIST("portForward", port_forwards, port_forward),
	LIST("redirect", redirects, redirect),
	LIST("sourceNat", source_nats, source_nat),
	LIST("staticNat", static_nats, static_nat),
	LIST("allow", allows, allow),
	CHILD("uplink", uplink, uplink),
	CHILD("guests", guests, guests),
	CHILD("overlay", overlay, overlay),
	CHILD("vrf", vrf, vrf),
};
#undef OBJECT

const struct vnm_element vnm_element_network = {
	.name = "network",
	.fields = network_rows,
	.n_fields = VNM_ARRAY_SIZE(network_rows),
	MODES("any"),
};

/* clang-format on */

/**
 * vnm_field_find() - the row of an element
 * @path: the names from <network> down to it: "ip/dhcp/host"
 *
 * Return: the row; NULL when there is none.
 */
const struct vnm_field *vnm_field_find(const char *path)
{
	const struct vnm_element *elem = &vnm_element_network;
	const struct vnm_field *field = NULL;

	while (*path && elem) {
		size_t len = strcspn(path, "/");

		field = vnm_element_row(elem, path, len);
		elem = field ? field->element : NULL;
		path += len + (path[len] == '/');
	}
	return elem ? field : NULL;
}
