/* SPDX-License-Identifier: GPL-2.0-or-later */
/* facts.h - what was observed of the host, as plain data: the pure planner's only source. */
#ifndef VNM_PLAN_FACTS_H
#define VNM_PLAN_FACTS_H

#include <stdbool.h>
#include <sys/types.h>

#include "plan/firewall/fw_backend.h"
#include "plan/firewall/fwrule.h"
#include "util/addr.h"
#include "util/parse.h"

/** struct vnm_fact_link - a network device. @kind "" for hardware. @no_neighbours: a tunnel, without ARP and NDP. */
struct vnm_fact_link {
	int index;
	char name[VNM_IFNAME_SIZE];
	char kind[16];
	struct vnm_mac mac;
	int master;
	uint32_t mtu;
	bool up, no_neighbours;
};

/** struct vnm_fact_route - a unicast route of the main table; @prefix network address and length. @via: it has a gateway. */
struct vnm_fact_route {
	struct vnm_prefix prefix;
	int ifindex;
	bool via;
};

/** struct vnm_fact_address - a global address of a device, with the length of its subnet. */
struct vnm_fact_address {
	struct vnm_prefix prefix;
	int ifindex;
};

/** struct vnm_fact_bridge - another network with a bridge, whether that exists or not. @vrf: NULL: none; @table: of its routes. @active: or about
 * to be */
struct vnm_fact_bridge {
	char *network, *bridge, *vrf;
	uint32_t table;
	struct vnm_prefix *subnets;
	size_t n_subnets;
	bool active;
};

/** struct vnm_fact_listener - a service of the host. @inode: of its socket; @process: its name, for messages, or NULL. */
struct vnm_fact_listener {
	enum vnm_proto proto;
	struct vnm_addr addr;	/* 0.0.0.0, ::: all */
	uint16_t port;
	unsigned long inode;
	char *process;
};

/** struct vnm_fact_setting - below /proc/sys/net/@family/conf/DEVICE. @family, @name: of a table. */
struct vnm_fact_setting {
	const char *family, *name;
	char *value;
};

/**
 * struct vnm_fact_uplink - a device whose addresses our bridge will take over.
 * @shared_hops: one of its routes uses an "ip nexthop" object, which must not be changed
 * @since, @global, @addresses, @routes, @neighbours: see struct vnm_op_uplink
 * @settings:    those that differ from a new device's
 * @managers:    other programs that manage it
 */
struct vnm_fact_uplink {
	char dev[VNM_IFNAME_SIZE];
	bool carrier, wireless, loopback, shared_hops, global;
	uint32_t since;
	char *addresses, *routes, *neighbours;
	struct vnm_fact_setting *settings;
	size_t n_settings;
	unsigned managers; /* 1 << enum vnm_manager */
};

/** enum vnm_manager - a program that gives devices addresses. */
enum vnm_manager {
	VNM_MANAGER_NETWORKMANAGER,
	VNM_MANAGER_NETWORKD,
	VNM_MANAGER_IFUPDOWN,
	VNM_MANAGER_DHCLIENT,
	VNM_MANAGER_DHCPCD,
	VNM_MANAGER_COUNT
};

/**
 * struct vnm_fact_vf - a virtual function of a network device of the host (SR-IOV)
 * @address: on the PCI bus: "0000:03:10.1"; @pf: the device whose function it is; @number: by which that knows it
 * @dev:     its own device, while a driver of the host has it; "": none
 * @mac, @vlan: what @pf had for it before a port of ours; only of those that ports have
 */
struct vnm_fact_vf {
	char address[16], pf[VNM_IFNAME_SIZE], dev[VNM_IFNAME_SIZE];
	struct vnm_uint number;
	struct vnm_mac mac;
	uint16_t vlan;
};

/** struct vnm_facts - @links and @routes are empty when they were not read; @links: all, or those that a plan can depend on. */
struct vnm_facts {
	struct vnm_fact_link *links;
	size_t n_links;
	struct vnm_fact_route *routes;
	size_t n_routes;
	struct vnm_fact_address *addresses;	/* only where requested */
	size_t n_addresses;
	bool boots;	/* missing parts of the host may still appear */
	bool forwarding4, forwarding6;	/* already switched on */
	bool bridge_nf;	/* iptables sees bridged packets, too (net.bridge.bridge-nf-call-*) */
	bool sees_bridged;	/* it may at any time: br_netfilter exists, and the match that distinguishes them (xt_physdev) */
	bool police, sfq;	/* the kernel has a policer (act_police) and a fair queue (sch_sfq) */
	enum vnm_fw_backend firewall; /* the back end that will hold the rules */
	bool no_checksum;	/* the kernel lacks the CHECKSUM target, for old DHCP clients (xt_CHECKSUM) */
	bool no_groups;	/* it lacks the devgroup match (xt_devgroup): our chains have no early-return rules */
	bool no_guard4, no_guard6;	/* it lacks the table raw or xt_CT, which the rules against forged packets need */
	bool frames_by_port; /* it cannot match a bridge by its name (nft_meta_bridge): the table of frames has other sets */
	bool no_tables;	/* it has no tables at all: an error, so no warning of what one of them lacks */
	bool single_uid;	/* a user namespace without setgroups: dnsmasq must keep its user */
	struct vnm_fact_bridge *bridges;	/* of the networks that access may be granted to */
	size_t n_bridges;
	struct vnm_fact_listener *listeners;	/* only those requested */
	size_t n_listeners;
	bool untracked_na; /* the kernel can learn neighbours from advertisements that nobody asked for (Linux 5.19) */
	bool frr_foreign; /* somebody else has configured FRR */
	char *frr_conf,
		*frr_sockets; /* its directories, see struct vnm_op_evpn; NULL: not asked for */
	bool firewalld;		/* it runs, and its zones were read */
	char **zones;
	size_t n_zones;
	struct vnm_fact_uplink *uplinks;	/* those requested */
	size_t n_uplinks;
	struct vnm_fact_vf *vfs; /* that ports of the network have */
	size_t n_vfs;
	char *dnsmasq_user, *dnsmasq_group;	/* the account it runs as; NULL with single_uid, or when none exists */
	char *dnsmasq;		/* path of the program, NULL when it is not installed */
};

void vnm_facts_clear(struct vnm_facts *facts);
const struct vnm_fact_link *vnm_facts_link(const struct vnm_facts *facts, const char *name);
const struct vnm_fact_link *vnm_facts_link_index(const struct vnm_facts *facts, int ifindex);

const struct vnm_fact_bridge *vnm_facts_network(const struct vnm_facts *facts, const char *network);
const char *vnm_facts_bridge(const struct vnm_facts *facts, const char *network);	/* NULL: no such network */
const struct vnm_fact_uplink *vnm_facts_uplink(const struct vnm_facts *facts, const char *dev);
bool vnm_facts_has_zone(const struct vnm_facts *facts, const char *name);
struct vnm_plan;
void vnm_facts_add_zone(struct vnm_facts *facts, const char *name);
void vnm_facts_recall_zone(struct vnm_facts *facts, const struct vnm_plan *plan);
void vnm_facts_recall_uplink(struct vnm_facts *facts, const char *dev, const struct vnm_plan *plan);
void vnm_facts_forget(struct vnm_facts *facts, const char *name);

/** struct vnm_dnsmasq_paths - the files of one network's dnsmasq; absolute paths. */
struct vnm_dnsmasq_paths {
	char *dnsmasq_dir;	/* run directory: conf, hosts, addnhosts, pid */
	char *lease_file;
};

void vnm_dnsmasq_paths_clear(struct vnm_dnsmasq_paths *places);

#endif
