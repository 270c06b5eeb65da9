/* SPDX-License-Identifier: GPL-2.0-or-later */
/* facts.h - what was seen of the host, as plain data: all that the pure planner may know of the world. */
#ifndef VNM_PLAN_FACTS_H
#define VNM_PLAN_FACTS_H

#include <stdbool.h>
#include <sys/types.h>

#include "plan/firewall/fwrule.h"
#include "util/addr.h"
#include "util/parse.h"

/** struct vnm_fact_link - a network device. @kind "" for hardware. @no_neighbours: a tunnel, where nobody is asked for. */
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

/** struct vnm_fact_bridge - the bridge of another network, whether it is there now or not. */
struct vnm_fact_bridge {
	char *network, *bridge;
};

/** struct vnm_fact_listener - a service of the host. @inode: of its socket; @process: who, for messages, or NULL. */
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
 * struct vnm_fact_uplink - a device whose addresses a bridge of ours is to take over.
 * @shared_hops: a route of it has its next hop from "ip nexthop", which is not ours to change
 * @since, @global, @addresses, @routes, @neighbours: see struct vnm_op_uplink
 * @settings:    those of its own, that a new device would not have
 * @managers:    other programs that look after it
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

/** struct vnm_facts - @links and @routes may be empty when nothing was asked about them. */
struct vnm_facts {
	struct vnm_fact_link *links;
	size_t n_links;
	struct vnm_fact_route *routes;
	size_t n_routes;
	struct vnm_fact_address *addresses;	/* only where they were asked for */
	size_t n_addresses;
	bool boots;	/* what is not there of the host may be late */
	bool forwarding4, forwarding6;	/* already switched on */
	bool bridge_nf;	/* iptables sees bridged packets, too (net.bridge.bridge-nf-call-*) */
	bool sees_bridged;	/* it may at any time: br_netfilter is there, and the match that tells them (xt_physdev) */
	bool police, sfq;	/* the kernel can drop what is too much (act_police), and queue fairly (sch_sfq) */
	bool no_checksum;	/* the kernel cannot fill in checksums for old DHCP clients (xt_CHECKSUM) */
	bool no_groups;	/* it cannot ask for the group of a device (xt_devgroup): our chains have no early-return rules */
	bool no_guard4, no_guard6;	/* it lacks what keeps forged packets from guests (the table raw, xt_CT) */
	bool no_tables;	/* it has no legacy tables at all: that is an error, so there is no need to warn of one */
	bool single_uid;	/* a user namespace without setgroups: dnsmasq must keep its user */
	struct vnm_fact_bridge *bridges;	/* of the networks that one may be allowed to reach */
	size_t n_bridges;
	struct vnm_fact_listener *listeners;	/* only those that were asked for */
	size_t n_listeners;
	bool firewalld;		/* it runs, and was asked for its zones */
	char **zones;
	size_t n_zones;
	struct vnm_fact_uplink *uplinks;	/* those that were asked for */
	size_t n_uplinks;
	char *dnsmasq_user, *dnsmasq_group;	/* who it becomes; NULL with single_uid, or when there is nobody */
	char *dnsmasq;		/* path of the program, NULL when it is not installed */
};

void vnm_facts_clear(struct vnm_facts *facts);
const struct vnm_fact_link *vnm_facts_link(const struct vnm_facts *facts, const char *name);
const struct vnm_fact_link *vnm_facts_link_index(const struct vnm_facts *facts, int ifindex);

const char *vnm_facts_bridge(const struct vnm_facts *facts, const char *network);	/* NULL: no such network */
const struct vnm_fact_uplink *vnm_facts_uplink(const struct vnm_facts *facts, const char *dev);
bool vnm_facts_has_zone(const struct vnm_facts *facts, const char *name);
struct vnm_plan;
void vnm_facts_add_zone(struct vnm_facts *facts, const char *name);
void vnm_facts_recall_zone(struct vnm_facts *facts, const struct vnm_plan *plan);
void vnm_facts_recall_uplink(struct vnm_facts *facts, const char *dev, const struct vnm_plan *plan);
void vnm_facts_forget(struct vnm_facts *facts, const char *name);

/** struct vnm_dnsmasq_paths - where one network's dnsmasq keeps its things; absolute paths. */
struct vnm_dnsmasq_paths {
	char *dnsmasq_dir;	/* run directory: conf, hosts, addnhosts, pid */
	char *lease_file;
};

void vnm_dnsmasq_paths_clear(struct vnm_dnsmasq_paths *places);

#endif
