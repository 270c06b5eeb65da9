/* SPDX-License-Identifier: GPL-2.0-or-later */
/* link.h - a network device, as data: sys/link/link.c reads it. */
#ifndef VNM_PLAN_LINK_H
#define VNM_PLAN_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "plan/facts.h"

/* Missing in headers older than Linux 6.7 (include/uapi/linux/if_link.h); an older kernel ignores it. */
#define VNM_IFLA_BR_FDB_MAX_LEARNED 49

/* Those of a port: 5.18, 6.2. */
#define VNM_IFLA_BRPORT_LOCKED 39
#define VNM_IFLA_BRPORT_MAB 40

/* A bridge port's flags, as bits: one for each attribute IFLA_BRPORT_... */
#define VNM_PORT_SETTING_MAX 63
#define VNM_PORT_SETTING(attr) (UINT64_C(1) << (attr))

/**
 * struct vnm_link_port - a bridge port.
 * @number:     its port number; 0: the device is on no bridge
 * @state:      in the spanning tree, BR_STATE_* of linux/if_bridge.h
 * @isolated:   isolated from other such ports
 * @root_block: it must not become the root port
 * @hairpin:    a frame may leave by the port that it came in by
 * @settings:   VNM_PORT_SETTING() of the flags that can be set
 * @set:        those that are on
 */
struct vnm_link_port {
	uint16_t number;
	uint8_t state;
	bool isolated, root_block, hairpin;
	uint64_t settings, set;
};

#define VNM_LINK_SETTINGS 12

/** struct vnm_link_settings - @values: in the order of a table of ours. @known: 1 << i: the kernel has told values[i] */
struct vnm_link_settings {
	int32_t values[VNM_LINK_SETTINGS];
	uint32_t known;
};

/**
 * struct vnm_link - a device, read from the kernel: more than the planner needs.
 * @fact:      what facts hold
 * @group:     IFLA_GROUP
 * @accept_ra: its setting of that name; -1: it has no IPv6, or that is disabled
 * @settings:  more of them
 * @other:     IFLA_LINK: the index of the lower device, or of the other end of a veth pair; 0: none
 * @elsewhere: that device is in another namespace
 * @loopback:  the loopback device
 * @carrier:   it is up, and so is the other end
 * @running:   it has been noticed that @carrier is there: from then on packets leave
 * @no_arp:    it resolves no addresses
 * @port:      of a bridge port
 * @root_port: of a bridge: the number of its root port in the spanning tree; 0: it is the root
 * @priority:  of a bridge, in the spanning tree
 * @stp:       of a bridge: it takes part in the spanning tree
 * @delay:     of a bridge: how long a port listens, and again learns, in hundredths of a second
 * @snooped, @unsnooped: of a bridge: multicast snooping is on, or off; neither: the kernel has none
 * @querier:   of a bridge: it sends multicast queries
 * @group_fwd: of a bridge: group_fwd_mask
 * @vlan_filtering: of a bridge: ports pass frames of their own VLANs only; @vlans: the kernel can filter them;
 * @default_vlan: of a port that is put on it; 0: none
 */
struct vnm_link {
	struct vnm_fact_link fact;
	uint32_t group;
	int other, accept_ra;
	struct vnm_link_settings settings;
	bool elsewhere, loopback, carrier, running, no_arp, snooped, unsnooped, querier, stp,
		vlan_filtering, vlans;
	uint32_t delay;
	struct vnm_link_port port;
	uint16_t root_port, priority, group_fwd, default_vlan;
};

/** struct vnm_links - all devices of the namespace. */
struct vnm_links {
	struct vnm_link *items;
	size_t n;
};

#endif
