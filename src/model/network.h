/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * network.h - a network definition as plain data.
 *
 * What is absent in the XML is absent here (NULL, .set == false, AF_UNSPEC, *_ABSENT); defaults are applied by the
 * functions at the end, never by the parser, so that a definition prints as it was written.
 */
#ifndef VNM_MODEL_NETWORK_H
#define VNM_MODEL_NETWORK_H

#include "model/enums.h"
#include "util/addr.h"
#include "util/parse.h"

/** struct vnm_at - the place of an element: every element's first member. @line: 0: not read from XML. */
struct vnm_at {
	bool present;
	int line;
};

struct vnm_bridge {
	struct vnm_at at;
	char *name;
	enum vnm_switch stp;
	struct vnm_uint delay;		/* seconds */
	enum vnm_mac_table mac_table;
	char *zone;			/* of firewalld */
	struct vnm_uint group_forward;	/* a bit for each of 01:80:c2:00:00:00 to 0f that the bridge forwards */
	enum vnm_tristate snooping, querier;	/* of multicast */
};

struct vnm_mac_elem { struct vnm_at at; struct vnm_mac address; };
struct vnm_mtu { struct vnm_at at; struct vnm_uint size; };
struct vnm_domain { struct vnm_at at; char *name; enum vnm_tristate local_only, registered; };

struct vnm_nat_address { struct vnm_at at; struct vnm_addr start, end; };
struct vnm_nat_port { struct vnm_at at; struct vnm_uint start, end; };
struct vnm_nat {
	struct vnm_at at;
	enum vnm_tristate ipv6;
	struct vnm_nat_address address;
	struct vnm_nat_port port;
};
struct vnm_forward_interface { struct vnm_at at; char *dev; struct vnm_uint connections; };
struct vnm_pf { struct vnm_at at; char *dev; };
struct vnm_forward_driver {
	struct vnm_at at;
	enum vnm_pci_driver name;
	char *model;
	enum vnm_tristate iommufd;
};
struct vnm_pci_address {
	struct vnm_at at;
	enum vnm_address_type type;
	struct vnm_uint domain, bus, slot, function, connections;
};
struct vnm_forward {
	struct vnm_at at;
	char *dev;
	enum vnm_forward_mode mode;	/* VNM_FORWARD_NONE while at.present: no mode attribute, which means nat */
	enum vnm_tristate managed, host;
	struct vnm_forward_driver driver;
	struct vnm_nat nat;
	struct vnm_pf pf;
	struct vnm_forward_interface *interfaces;
	size_t n_interfaces;
	struct vnm_pci_address *addresses;
	size_t n_addresses;
};

struct vnm_forwarder {
	struct vnm_at at;
	char *domain;
	struct vnm_addr addr;
	struct vnm_uint port;
};
struct vnm_txt { struct vnm_at at; char *name, *value; };
struct vnm_srv {
	struct vnm_at at;
	char *service, *protocol, *domain, *target;
	struct vnm_uint port, priority, weight;
};
struct vnm_hostname { struct vnm_at at; char *name; };
struct vnm_dns_host {
	struct vnm_at at;
	struct vnm_addr ip;
	struct vnm_hostname *names;
	size_t n_names;
};
struct vnm_dns {
	struct vnm_at at;
	enum vnm_tristate enable, forward_plain_names;
	struct vnm_forwarder *forwarders;
	size_t n_forwarders;
	struct vnm_txt *txts;
	size_t n_txts;
	struct vnm_srv *srvs;
	size_t n_srvs;
	struct vnm_dns_host *hosts;
	size_t n_hosts;
};

struct vnm_lease { struct vnm_at at; struct vnm_uint expiry; enum vnm_lease_unit unit; };
struct vnm_dhcp_range { struct vnm_at at; struct vnm_addr start, end; struct vnm_lease lease; };
struct vnm_dhcp_host {
	struct vnm_at at;
	struct vnm_mac mac;
	char *id, *name;
	struct vnm_addr ip;
	struct vnm_lease lease;
};
struct vnm_bootp { struct vnm_at at; char *file; struct vnm_addr server; };
struct vnm_dhcp {
	struct vnm_at at;
	struct vnm_dhcp_range *ranges;
	size_t n_ranges;
	struct vnm_dhcp_host *hosts;
	size_t n_hosts;
	struct vnm_bootp bootp;
};
struct vnm_tftp { struct vnm_at at; char *root; };
struct vnm_ip {
	struct vnm_at at;
	enum vnm_family family;
	struct vnm_addr address, netmask;
	struct vnm_uint prefix;
	enum vnm_tristate local_ptr;
	struct vnm_tftp tftp;
	struct vnm_dhcp dhcp;
};
struct vnm_route {
	struct vnm_at at;
	enum vnm_family family;
	struct vnm_addr address, netmask, gateway;
	struct vnm_uint prefix, metric;
};

/* Settings of guests' ports. Only <bandwidth> affects the network itself. */
struct vnm_vlan_tag { struct vnm_at at; struct vnm_uint id; enum vnm_native_mode native; };
struct vnm_vlan {
	struct vnm_at at;
	enum vnm_tristate trunk;
	struct vnm_vlan_tag *tags;
	size_t n_tags;
};
struct vnm_virtualport_parameters {
	struct vnm_at at;
	struct vnm_uint managerid, typeid, typeidversion;
	struct vnm_uuid instanceid, interfaceid;
	char *profileid;
};
struct vnm_virtualport {
	struct vnm_at at;
	enum vnm_virtualport_type type;
	struct vnm_virtualport_parameters parameters;
};
#define VNM_RATE_MAX (1ull << 54) /* as for libvirt: in bytes, 64 bits hold it */
/** struct vnm_rate - @average, @peak, @floor: 1000 bytes a second; @burst: 1024 bytes. Absent and 0 are the same. */
struct vnm_rate {
	struct vnm_at at;
	struct vnm_uint64 average, peak, floor;
	struct vnm_uint burst;
};
struct vnm_bandwidth { struct vnm_at at; struct vnm_rate inbound, outbound; };	/* as the guests see it */
struct vnm_port_options { struct vnm_at at; enum vnm_tristate isolated; };
struct vnm_portgroup {
	struct vnm_at at;
	char *name;
	enum vnm_tristate is_default, trust_guest_rx_filters;
	struct vnm_vlan vlan;
	struct vnm_virtualport virtualport;
	struct vnm_bandwidth bandwidth;
	struct vnm_port_options port;
};

struct vnm_dnsmasq_option { struct vnm_at at; char *value; };
struct vnm_dnsmasq_options {
	struct vnm_at at;
	struct vnm_dnsmasq_option *items;
	size_t n_items;
};

/* Port forwarding and NAT beyond libvirt's: elements of the namespace vnm. */
struct vnm_forward_target {
	struct vnm_at at;
	struct vnm_addr address;
	struct vnm_uint port, weight;
};
/** struct vnm_port_forward - @to and @to_port are the target when there are no @targets. */
struct vnm_port_forward {
	struct vnm_at at;
	enum vnm_proto proto;
	char *dev, *name;
	struct vnm_addr address, to;
	struct vnm_port_range port;
	struct vnm_uint to_port;
	enum vnm_tristate masquerade;	/* guests see the host as the sender */
	struct vnm_forward_target *targets;
	size_t n_targets;
};
struct vnm_redirect {
	struct vnm_at at;
	enum vnm_proto proto;
	struct vnm_port_range port;
	struct vnm_uint to_port;
};
struct vnm_source_nat {
	struct vnm_at at;
	char *dev;
	struct vnm_addr address, start, end;
	struct vnm_port_range port;
};
struct vnm_static_nat { struct vnm_at at; struct vnm_addr outside, inside; };
struct vnm_allow {
	struct vnm_at at;
	char *network;
	enum vnm_proto proto;
	struct vnm_port_range port;
};

/**
 * struct vnm_uplink - a device of the host that becomes a port of our bridge, which takes over its addresses.
 * @vlans:  those that it carries with a tag, "42,100-199"; NULL: those of the network's guests
 * @native: that of frames without one, and of the host
 */
struct vnm_uplink {
	struct vnm_at at;
	char *dev, *vlans;
	struct vnm_uint native;
};

/** struct vnm_peer - another host of an overlay, or this one: a list may be the same on all of them. */
struct vnm_peer {
	struct vnm_at at;
	struct vnm_addr address;
};
/** struct vnm_overlay_host - this is the host number @index, from 1, @of so many. */
struct vnm_overlay_host {
	struct vnm_at at;
	struct vnm_uint index, of;
};
/**
 * struct vnm_evpn - the hosts learn of each other, and of each other's guests, by BGP EVPN (RFC 8365), which FRR speaks.
 * @reflector, @reflector2: the hosts that tell each one what all the others have told them; none: this host is one
 * @listen:   the addresses that hosts may have; @listen.len 0: the subnet of this host's address
 * @password: of the sessions between them (RFC 2385); NULL, "": none
 * @bfd:      a host that fails is noticed by BFD
 */
struct vnm_evpn {
	struct vnm_at at;
	struct vnm_uint asn;
	struct vnm_addr reflector, reflector2;
	struct vnm_prefix listen;
	char *password;
	enum vnm_tristate bfd;
};
/**
 * struct vnm_overlay - the network goes on on other hosts, by VXLAN (RFC 7348).
 * @dev:   the device that carries @local
 * @local: this host's address among the peers
 * @mtu:   of the packets between the hosts; 0: that of the device
 */
struct vnm_overlay {
	struct vnm_at at;
	struct vnm_uint vni, port, mtu;
	char *dev;
	struct vnm_addr local;
	struct vnm_overlay_host host;
	struct vnm_evpn evpn;
	struct vnm_peer *peers;
	size_t n_peers;
};

/**
 * struct vnm_guests - what guests may be: @servers of DHCP and router advertisements; @bridges that take part in the
 * spanning tree, and talk to the switches behind an uplink; @routers for subnets that the definition does not list.
 */
struct vnm_guests {
	struct vnm_at at;
	enum vnm_tristate servers, bridges, routers;
};

/** struct vnm_vrf - the network is in a virtual routing domain of the host: a device @name of the kind vrf, whose routes are in @table. */
struct vnm_vrf {
	struct vnm_at at;
	char *name;
	struct vnm_uint table;
};

/** struct vnm_network - the whole definition. */
struct vnm_network {
	struct vnm_at at;
	char *file;			/* for messages: the file it was read from */
	struct vnm_uint connections;	/* number of guests' ports; only printed */
	enum vnm_tristate ipv6;		/* IPv6 between guests without an IPv6 <ip> */
	enum vnm_tristate trust_guest_rx_filters;
	char *name;
	struct vnm_uuid uuid;
	char *title, *description;
	char *metadata;			/* the whole <metadata> element, as it is printed */
	struct vnm_forward forward;
	struct vnm_bridge bridge;
	struct vnm_mtu mtu;
	struct vnm_mac_elem mac;
	struct vnm_domain domain;
	struct vnm_dns dns;
	struct vnm_vlan vlan;
	struct vnm_bandwidth bandwidth;
	struct vnm_port_options port;
	struct vnm_ip *ips;
	size_t n_ips;
	struct vnm_route *routes;
	size_t n_routes;
	struct vnm_virtualport virtualport;
	struct vnm_portgroup *portgroups;
	size_t n_portgroups;
	struct vnm_dnsmasq_options dnsmasq_options;
	struct vnm_port_forward *port_forwards;
	size_t n_port_forwards;
	struct vnm_redirect *redirects;
	size_t n_redirects;
	struct vnm_source_nat *source_nats;
	size_t n_source_nats;
	struct vnm_static_nat *static_nats;
	size_t n_static_nats;
	struct vnm_allow *allows;
	size_t n_allows;
	struct vnm_uplink uplink;
	struct vnm_guests guests;
	struct vnm_overlay overlay;
	struct vnm_vrf vrf;
};

#define VNM_PORT_FORWARDS_MAX 1000 /* each is compared with every other one, and every first packet with all */
#define VNM_NAT_PORT_FIRST 1024
#define VNM_NAT_PORT_LAST 65535
#define VNM_MTU_MIN_IPV6 1280 /* RFC 8200 5; the kernel removes IPv6 from a device with less */

/* Defaults. All pure. */
enum vnm_forward_mode vnm_network_mode(const struct vnm_network *net);
bool vnm_network_makes_bridge(const struct vnm_network *net);	/* none, nat, route, open, or an uplink: the bridge is ours to create */
bool vnm_mtu_takes_ipv6(uint32_t mtu);	/* 0: not set */
int vnm_overlay_family(
	const struct vnm_overlay *overlay); /* of the hosts' addresses; AF_UNSPEC: it names none */
uint32_t
vnm_overlay_overhead(const struct vnm_overlay *overlay); /* the guests' MTU is less by that */
struct vnm_uint vnm_network_mtu(const struct vnm_network *net);	/* not set: as it comes */
bool vnm_network_has_uplink(const struct vnm_network *net);	/* mode bridge, and the bridge takes over the addresses of a device of the host */
bool vnm_network_stp(const struct vnm_network *net);		/* does its bridge take part in the spanning tree? */
bool vnm_network_uses_bridge(const struct vnm_network *net);	/* bridge mode with a bridge of the host, and no pool of devices */
bool vnm_network_is_pool(const struct vnm_network *net);	/* its guests are directly on devices of the host */
bool vnm_rate_limits(const struct vnm_rate *rate);		/* does it say anything? */
bool vnm_bandwidth_limits(const struct vnm_bandwidth *bandwidth);
struct vnm_prefix vnm_ip_prefix(const struct vnm_ip *ip);	/* address and effective prefix length */
struct vnm_prefix vnm_route_prefix(const struct vnm_route *route);
bool vnm_network_has_family(const struct vnm_network *net, int family);
bool vnm_network_dns_enabled(const struct vnm_network *net);
bool vnm_network_wants_dnsmasq(const struct vnm_network *net);	/* an <ip>, and DNS or DHCP or TFTP to serve */
bool vnm_network_has_host(const struct vnm_network *net);	/* the host gets a macvlan beside guests on its device */
const char *vnm_network_forward_dev(const struct vnm_network *net);	/* the one device forwarding is limited to, or NULL */
bool vnm_dhcp_serves(const struct vnm_dhcp *dhcp);		/* has a range or a host */
size_t vnm_port_forward_targets(const struct vnm_port_forward *forward);	/* how many */
struct vnm_forward_target vnm_port_forward_target(const struct vnm_port_forward *forward, size_t i);
struct vnm_port_range vnm_port_forward_to_ports(const struct vnm_port_forward *forward,
					   const struct vnm_forward_target *target);
bool vnm_port_forwards_clash(const struct vnm_port_forward *a, const struct vnm_port_forward *b);
bool vnm_network_uses_loopback(const struct vnm_network *net);	/* some forward is for 127.0.0.1 */
bool vnm_port_forward_from_loopback(const struct vnm_port_forward *forward);	/* the host's 127.0.0.0/8, too */
uint64_t vnm_lease_seconds(const struct vnm_lease *lease);	/* 0: infinite; call only with expiry set */

#endif
