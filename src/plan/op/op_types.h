/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * op_types.h - one change to the system, as data.
 *
 * An operation holds everything that is needed to apply, check and revert it. The name of a kind, its text in the
 * journal and its equivalent commands are its row (op_kind.h); what it does to the system is in sys/ops.c.
 */
#ifndef VNM_PLAN_OP_TYPES_H
#define VNM_PLAN_OP_TYPES_H

#include <stdbool.h>

#include "plan/firewall/fwrule.h"
#include "util/parse.h"

/**
 * enum vnm_op_type - in the order in which a network comes up; it goes down in the reverse order. The rules exist
 * before the link is up and until it is down again: no packet passes unfiltered.
 */
enum vnm_op_type {
	VNM_OP_REQUIRE_DEVICE, /* a device of the host must exist; changes nothing */
	VNM_OP_ACCEPT_RA, /* the host accepts router advertisements while it forwards: shared, before FORWARDING */
	VNM_OP_FORWARDING, /* the host's IP forwarding: shared; reverted when our devices are gone */
	VNM_OP_VRF, /* the routing domain of a network: shared by those that name it; gone with the last bridge in it */
	VNM_OP_BRIDGE, /* create our bridge, with its MAC, MTU, STP and group, down */
	VNM_OP_NETNS, /* a named network namespace, created for a guest */
	VNM_OP_TAP, /* a persistent tap or tun device */
	VNM_OP_VETH, /* one end here, the other in a guest's network namespace */
	VNM_OP_MACVLAN, /* a device on top of one of the host's; macvtap */
	VNM_OP_VXLAN, /* the device by which frames go to other hosts, down */
	VNM_OP_SYSCTL, /* a setting of one of our devices; disappears with it */
	VNM_OP_ADDRESS,
	VNM_OP_ROUTING_RULE, /* which table routes a network's packets */
	VNM_OP_RULE,
	VNM_OP_ROUTE_LOCALNET, /* 127.0.0.0/8 is routed on our bridge: after the rules that protect it */
	VNM_OP_CT_ZONE, /* connections of a network in a VRF, apart from others of the same addresses */
	VNM_OP_FRAMES, /* the frames of guests that their bridge drops */
	VNM_OP_STATION, /* the same of an attached guest's device, before it is on the bridge */
	VNM_OP_OVERLAY_FILTER, /* what does not go from host to host, and who may send to a VXLAN device */
	VNM_OP_FLOOD, /* a host to which a VXLAN device sends frames for everybody and nobody */
	VNM_OP_ZONE, /* our bridge in a firewalld zone: its rules, too, exist before the link is up */
	VNM_OP_BANDWIDTH, /* of one direction: before the first guest can send */
	VNM_OP_FLOOR, /* the rate guaranteed to one guest, within inbound BANDWIDTH */
	VNM_OP_LINK_UP, /* reverting it sets a bridge down */
	VNM_OP_VIRTUAL_FUNCTION, /* MAC address and VLAN of a PCI device that a guest has */
	VNM_OP_UPLINK, /* a device of the host becomes a port of our bridge, which takes over its addresses */
	VNM_OP_BRIDGE_PORT, /* a device on a bridge, and up */
	VNM_OP_OVS_PORT, /* a device on a switch of Open vSwitch, and up */
	VNM_OP_PROXY_NEIGHBOUR, /* the host answers on a bridge for a guest that is not on it */
	VNM_OP_ROUTE,
	VNM_OP_RESOLV, /* a namespace's resolv.conf */
	VNM_OP_DHCP, /* a DHCP client in a guest's namespace */
	VNM_OP_FILE, /* a file for dnsmasq */
	VNM_OP_DNSMASQ,
	VNM_OP_NAMESERVER, /* the servers of the network's domain, registered with systemd-resolved */
	VNM_OP_EVPN, /* by which BGP the hosts of an overlay find each other: FRR's, shared; before the next, of which FRR tells */
	VNM_OP_OVERLAY_PORT, /* the VXLAN device on the bridge, and up: last, since other hosts reach the guests from then on */
	VNM_OP_COUNT
};

/**
 * VNM_OP_KINDS() - each kind and its names: the row vnm_op_kind_NAME (plan/op/op_NAME.c), and the implementation
 * vnm_impl_NAME (below sys/)
 */
/* clang-format off */
#define VNM_OP_KINDS(X) \
	X(REQUIRE_DEVICE, require_device) \
	X(ACCEPT_RA, accept_ra) \
	X(FORWARDING, forwarding) \
	X(VRF, vrf) \
	X(BRIDGE, bridge) \
	X(NETNS, netns) \
	X(TAP, tap) \
	X(VETH, veth) \
	X(MACVLAN, macvlan) \
	X(VXLAN, vxlan) \
	X(SYSCTL, sysctl) \
	X(ADDRESS, address) \
	X(ROUTING_RULE, routing_rule) \
	X(RULE, rule) \
	X(ROUTE_LOCALNET, route_localnet) \
	X(CT_ZONE, ct_zone) \
	X(FRAMES, frames) \
	X(STATION, station) \
	X(OVERLAY_FILTER, overlay_filter) \
	X(FLOOD, flood) \
	X(ZONE, zone) \
	X(BANDWIDTH, bandwidth) \
	X(FLOOR, floor) \
	X(LINK_UP, link_up) \
	X(VIRTUAL_FUNCTION, virtual_function) \
	X(UPLINK, uplink) \
	X(BRIDGE_PORT, bridge_port) \
	X(OVS_PORT, ovs_port) \
	X(PROXY_NEIGHBOUR, proxy_neighbour) \
	X(ROUTE, route) \
	X(RESOLV, resolv) \
	X(DHCP, dhcp) \
	X(FILE, file) \
	X(DNSMASQ, dnsmasq) \
	X(NAMESERVER, nameserver) \
	X(EVPN, evpn) \
	X(OVERLAY_PORT, overlay_port)
/* clang-format on */

/** enum vnm_shape - a direction, as the guests see it, and its limiter. */
enum vnm_shape {
	VNM_SHAPE_IN,		/* towards guests: a shaper (HTB) where the device sends */
	VNM_SHAPE_OUT_POLICE,	/* from guests: a policer (police) where the device receives */
	VNM_SHAPE_OUT_NFT,	/* the same, by nf_tables */
	VNM_SHAPE_OUT_IFB,	/* from guests: redirected through an ifb device with a shaper */
	VNM_SHAPE_COUNT
};

/** struct vnm_op_vrf - a device of the kind vrf, whose ports are routed by @table and by nothing else */
struct vnm_op_vrf {
	char *name;
	uint32_t table;
};
/**
 * struct vnm_op_routing_rule - a rule of ip-rule(8): packets from and to these subnets are routed by @table
 * @in:   the device that they came by; NULL: any
 * @mark: of the packet; 0: any. @table: 0: unreachable
 */
struct vnm_op_routing_rule {
	int family;
	uint32_t pref, mark, table;
	struct vnm_prefix from, to; /* addr.family AF_UNSPEC: any */
	char *in;
};
/* Preferences of routing rules: the kernel's own, to the tables of VRFs, has 1000, that to the main table 32766. */
#define VNM_PREF_ANSWERS 990u /* to guests in a VRF, by a mark */
#define VNM_PREF_ALLOWED 1005u /* to another network that a network may reach */
#define VNM_PREF_OUTSIDE 1010u /* out of a VRF: with NAT */
#define VNM_PREF_UNREACHABLE 1020u /* nothing else leaves a VRF */
#define VNM_TABLE_MAIN 254u

#define VNM_CT_ZONE_TABLE "vnetmgr-vrf-%s" /* the nf_tables table of VNM_OP_CT_ZONE: the bridge */
/**
 * struct vnm_op_ct_zone - connections of guests
 * @subnets: of the guests, with commas between: their connections are in @zone, so that they are told from others of the same addresses
 * @marked:  those of them whose connections leave the VRF; what comes back gets @mark, by which it is routed; "": none
 * @device, @entered: connections that come by it to these subnets are in @zone, too; NULL: none
 */
struct vnm_op_ct_zone {
	char *bridge, *subnets, *marked;
	uint16_t zone;
	uint32_t mark;
	char *device, *entered;
};

#define VNM_BRIDGE_FDB_MAX 65536 /* MAC addresses of guests: each takes some 160 bytes of the kernel's memory */
/**
 * struct vnm_op_bridge - @peers: guests may be bridges, too: the root of the spanning tree may be one of them.
 * @group_fwd: which frames to 01:80:c2:00:00:0X are forwarded, a bit for each X; absent: left as it is.
 * @unsnooped: multicast is flooded; @querier: the bridge sends IGMP and MLD queries. @filters_vlans: ports pass frames of their own
 * VLANs only, and it is itself in @vlan, without a tag; 0: in none. @vrf: that it is a port of; NULL: of none
 */
struct vnm_op_bridge {
	char *name, *vrf;
	struct vnm_mac mac;
	struct vnm_uint mtu;
	bool stp, peers, unsnooped, querier, filters_vlans;
	struct vnm_uint group_fwd;
	uint32_t delay;		/* seconds */
	uint32_t group;
	uint16_t vlan;
};
/**
 * struct vnm_op_netns - a guest's network namespace. @path NULL: ours.
 * @ino:    of the namespace's file, which identifies it: another one may later have the same path
 * @cookie: of the namespace, which no other one ever has: another one may later have the same inode; 0: unknown
 */
struct vnm_op_netns {
	char *path;
	uint32_t ino;
	uint64_t cookie;
};
struct vnm_op_tap {
	char *name;
	struct vnm_mac mac;
	struct vnm_uint uid, gid;	/* who may open it; absent: root */
	uint32_t group;			/* of the device; 0: that of guests */
	uint32_t mtu;			/* 0: as it comes */
	bool tun, multi_queue, vnet_hdr;
};
struct vnm_op_veth {
	char *name, *peer;
	struct vnm_mac mac;	/* of the peer, as @ns */
	uint32_t mtu;		/* of both ends; 0: the kernel's default */
	bool told_mtu;		/* the guest's DHCP server may tell it a smaller one */
	struct vnm_op_netns ns;
};
struct vnm_op_macvlan {
	char *name, *parent;
	int mode;		/* enum vnm_forward_mode */
	struct vnm_mac mac;
	struct vnm_uint uid, gid;	/* of a macvtap: who may open it; absent: root */
	bool tap;
	struct vnm_op_netns ns;
};
/**
 * struct vnm_op_bridge_port - @isolated: from other such guests; @root_block: it must not become the root port of
 * the spanning tree; @was_up: the device is up before, and again after the revert; else it is down. @keep_mtu: the
 * MTU that the host's bridge keeps, instead of following the device's; 0: it does not follow. @hairpin: frames may
 * leave by the port that they came by. @vlans: what it is a member of, as vnm_vlan_members_format() writes them; NULL: the
 * bridge's default. @mac: of the guest, if the bridge is told of it instead of learning it
 */
struct vnm_op_bridge_port {
	char *dev, *bridge, *vlans;
	struct vnm_mac mac;
	uint32_t keep_mtu;
	bool isolated, root_block, hairpin, was_up;
};
/**
 * struct vnm_op_ovs_port - @tag: its VLAN, or the native one of a trunk; 0: none. @trunks: VLANs whose frames have a tag, "42,43"; NULL:
 * it is no trunk, or with @native one of all VLANs. @native: enum vnm_native_mode. @interface, @profile, @mac: what controllers of the
 * switch know it by; the first is ours alone. @was_up: as of struct vnm_op_bridge_port
 */
struct vnm_op_ovs_port {
	char *dev, *bridge, *trunks, *interface, *profile;
	uint16_t tag;
	int native;
	struct vnm_mac mac;
	bool was_up;
};
struct vnm_op_proxy_neighbour {
	char *dev;
	struct vnm_addr addr;
};
struct vnm_op_resolv { char *path, *content; };
/**
 * struct vnm_op_dhcp - @dir: of its pidfile record and files, named after @name, the device here; @dev: the one
 * inside.
 * @resolv: the resolv.conf that the servers are written into, or NULL; @isolated: they are asked last (plan/resolv_conf.c);
 * @gateway: a default route is set; @served: the server is the network's own dnsmasq
 */
struct vnm_op_dhcp {
	char *dir, *name, *program, *dev, *hostname, *resolv;
	bool gateway, isolated, served;
	struct vnm_op_netns ns;
};
/**
 * struct vnm_op_zone - @network: for messages; @mac: of the bridge, which identifies it as ours.
 * @by_default: our choice, required only while firewalld runs; else the definition's, always required
 */
struct vnm_op_zone { char *dev, *zone, *network; struct vnm_mac mac; bool by_default; };
struct vnm_op_nameserver { char *dev, *domain; struct vnm_addr addr; struct vnm_mac mac; };
/** struct vnm_op_require_device - @bridge: it must be one; @vlan_filtering: and filter VLANs; @ovs: one of Open vSwitch */
struct vnm_op_require_device {
	char *name;
	bool bridge, vlan_filtering, ovs;
};
/**
 * struct vnm_op_virtual_function - @address: on the PCI bus; @dev: the device whose function it is; @number: by which that knows it.
 * @old_mac, @old_vlan: what it had before; a MAC address of all zeros: the function chooses its own; a VLAN of 0: none
 */
struct vnm_op_virtual_function {
	char *address, *dev;
	struct vnm_uint number;
	struct vnm_mac mac, old_mac;
	uint16_t vlan, old_vlan;
};
#define VNM_NFT_POLICER_TABLE "vnetmgr-%s-%x" /* the nf_tables table of VNM_SHAPE_OUT_NFT: device, handle */
/**
 * struct vnm_op_bandwidth - @average, @peak: 1000 bytes a second; @burst: 1024 bytes; 0: none. @handle: of the HTB,
 * and the preference of the filter: it identifies them as ours. @reserved: 1000 bytes a second of the inbound
 * average that are guaranteed to guests with a floor; the rest is for all others. @fair: the kernel has SFQ. @ifb,
 * @mac: the device of VNM_SHAPE_OUT_IFB.
 */
struct vnm_op_bandwidth {
	char *dev;
	enum vnm_shape shape;
	uint16_t handle;
	uint64_t average, peak, reserved;
	uint32_t burst;
	bool fair;
	char *ifb;
	struct vnm_mac mac;
};
/**
 * struct vnm_op_floor - @dev, @handle, @fair: as in the inbound BANDWIDTH that it is a part of. @class_id: the minor
 * number of its class; @mac: of the guest; @rate: guaranteed; @ceil: maximum; 1000 bytes a second
 */
struct vnm_op_floor {
	char *dev;
	uint16_t handle, class_id;
	struct vnm_mac mac;
	uint64_t rate, ceil;
	bool fair;
};
struct vnm_op_sysctl {
	char *path, *value;	/* path below /proc/sys: "net/ipv6/conf/virbr0/disable_ipv6" */
	struct vnm_op_netns ns;
};
/** struct vnm_op_address - @peer: the other end of a point-to-point link; family AF_UNSPEC: none. */
struct vnm_op_address {
	char *dev;
	struct vnm_prefix addr;
	struct vnm_addr peer;
	struct vnm_op_netns ns;
};
/**
 * struct vnm_op_uplink - a device of the host on a bridge that takes over its addresses, and what it had before.
 * @mac:    of the device, which identifies it
 * @since:  when the rest was read, in seconds since the boot: lifetimes have run down since
 * @global: it has an address of global scope
 * @addresses, @routes, @neighbours: the kernel's own messages, in hexadecimal, with commas between; of this boot
 * @vlans:  as of struct vnm_op_bridge_port
 */
struct vnm_op_uplink {
	char *bridge, *dev, *vlans;
	struct vnm_mac mac;
	uint32_t since;
	bool global;
	char *addresses, *routes, *neighbours;
};
struct vnm_op_route_localnet {
	char *dev;
};
/**
 * struct vnm_op_frames - @mac: of the bridge. @uplink: its port to the outside, with switches behind it, or NULL.
 * @served: no guest may serve DHCP or advertise a router. @by_port: the kernel cannot match a bridge by its name, so the elements
 * are others; for what is shown
 */
struct vnm_op_frames {
	char *bridge, *uplink;
	struct vnm_mac mac;
	bool served, by_port;
};
/**
 * struct vnm_op_station - @bridge, @mac: the guest's MAC address there, and only its; absent: unknown. @unserved:
 * the host is not the DHCP server there. @hairpin: its port sends back frames for the guest itself, no others. @by_port: as of
 * struct vnm_op_frames
 */
struct vnm_op_station {
	char *dev, *bridge;
	struct vnm_mac mac;
	bool unserved, hairpin, by_port;
};
struct vnm_op_link_up { char *dev; struct vnm_op_netns ns; };
/** struct vnm_op_route - @table: 0: main */
struct vnm_op_route {
	char *dev;
	struct vnm_prefix dst;
	struct vnm_addr gateway, src;	/* src: the host's preferred source address; none: the kernel chooses */
	uint32_t metric, table;
	struct vnm_op_netns ns;
};
struct vnm_op_forwarding { int family; };
struct vnm_op_file { char *dir, *name, *content, *owner, *group; bool shared; };	/* shared: dnsmasq reloads it after it dropped root, as owner or in group */
/** struct vnm_op_dnsmasq - @device: that its sockets are bound to, as in a VRF; NULL: to addresses only */
struct vnm_op_dnsmasq {
	char *dir, *program, *lease_file, *bridge, *device;
	bool bridge_only, single_uid;
}; /* bridge_only: it needs no other device's addresses */

/**
 * struct vnm_op_vxlan - @local: of the host, among the others; @link: the device that carries it, or NULL. @told: it learns nothing
 * of what it receives, since BGP tells where guests are.
 */
struct vnm_op_vxlan {
	char *name, *link;
	uint32_t vni, mtu;
	uint16_t port;
	struct vnm_addr local;
	bool told;
};
struct vnm_op_flood {
	char *dev;
	struct vnm_addr peer;
};
/** struct vnm_op_overlay_port - @isolated: from other such ports, on every host; @told: as of struct vnm_op_vxlan */
struct vnm_op_overlay_port {
	char *dev, *bridge;
	bool told;
	bool isolated;
};
#define VNM_OVERLAY_TABLE "vnetmgr-%s" /* the nf_tables tables of an overlay: its device */
/**
 * struct vnm_op_overlay_filter - the filter of a VXLAN device, and of what comes to it
 * @peers:    the hosts that may send to it, or subnets of them, with commas between; of one family; "": none
 * @mac:      of the bridge, the same on every host
 * @own:      instead of it, for other hosts: another one on each
 * @gateways: addresses that the bridge has on every host, with commas between; "": none
 * @served:   each host has its own DHCP server and router advertisements
 * @bgp:      they, and nobody else, speak BGP to this host; @bfd: and BFD
 */
struct vnm_op_overlay_filter {
	char *dev, *peers, *gateways;
	uint32_t vni;
	uint16_t port;
	int family;
	struct vnm_mac mac, own;
	bool served, bgp, bfd;
};

#define VNM_FRR_CONF "/etc/frr"
#define VNM_FRR_SOCKETS "/run/frr"
/**
 * struct vnm_op_evpn - this host's part of FRR's configuration; see struct vnm_evpn
 * @network:  one that needs it
 * @index:    of the host; 0: none
 * @local:    its address
 * @conf:     the directory of frr.conf; NULL: VNM_FRR_CONF
 * @sockets:  that of the daemons' sockets; NULL: VNM_FRR_SOCKETS
 */
struct vnm_op_evpn {
	char *network, *password, *conf, *sockets;
	uint32_t asn, index;
	struct vnm_addr local, reflector, reflector2;
	struct vnm_prefix listen;
	bool bfd;
};

/** struct vnm_op - zero-initialise; vnm_op_clear() frees it. */
struct vnm_op {
	enum vnm_op_type type;
	union {
		struct vnm_op_require_device require_device;
		struct vnm_op_vrf vrf;
		struct vnm_op_routing_rule routing_rule;
		struct vnm_op_ct_zone ct_zone;
		struct vnm_op_bridge bridge;
		struct vnm_op_netns netns;
		struct vnm_op_tap tap;
		struct vnm_op_veth veth;
		struct vnm_op_macvlan macvlan;
		struct vnm_op_bridge_port bridge_port;
		struct vnm_op_ovs_port ovs_port;
		struct vnm_op_proxy_neighbour proxy_neighbour;
		struct vnm_op_resolv resolv;
		struct vnm_op_dhcp dhcp;
		struct vnm_op_sysctl sysctl;
		struct vnm_op_address address;
		struct vnm_op_route_localnet route_localnet;
		struct vnm_op_frames frames;
		struct vnm_op_station station;
		struct vnm_op_link_up link_up;
		struct vnm_op_route route;
		struct vnm_op_virtual_function virtual_function;
		struct vnm_op_uplink uplink;
		struct vnm_op_forwarding forwarding;
		struct vnm_fwrule rule;
		struct vnm_op_bandwidth bandwidth;
		struct vnm_op_floor floor;
		struct vnm_op_file file;
		struct vnm_op_dnsmasq dnsmasq;
		struct vnm_op_zone zone;
		struct vnm_op_nameserver nameserver;
		struct vnm_op_vxlan vxlan;
		struct vnm_op_flood flood;
		struct vnm_op_overlay_filter overlay_filter;
		struct vnm_op_overlay_port overlay_port;
		struct vnm_op_evpn evpn;
	};
};

/** enum vnm_op_flag - properties of a kind of operation. */
enum vnm_op_flag {
	VNM_OPF_SINGLE = 1 << 0,		/* a plan has one at most: two are the same object */
	VNM_OPF_GONE_WITH_BRIDGE = 1 << 1,	/* it disappears with the network's bridge */
	VNM_OPF_GONE_WITH_NETWORK = 1 << 2,	/* a guest has it only while its network is active */
	VNM_OPF_GONE_WITH_ADDRESS = 1 << 3,	/* the kernel may remove it together with an address */
	VNM_OPF_GUARDED_BY_RULES = 1 << 4,	/* it is reverted before any rule is removed */
	VNM_OPF_PREPARE_CHANGE = 1 << 5,	/* it is prepared before a change, too: others judge the result */
	VNM_OPF_GUEST_DEVICE = 1 << 6,		/* it creates the device of a guest */
};

/* The rest of each kind is its row (op_kind.h), in op_KIND.c. */
struct vnm_op_kind;
#define VNM_DECLARE_ROW(KIND, name) extern const struct vnm_op_kind vnm_op_kind_##name;
VNM_OP_KINDS(VNM_DECLARE_ROW)
#undef VNM_DECLARE_ROW

#endif
