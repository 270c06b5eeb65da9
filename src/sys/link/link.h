/* SPDX-License-Identifier: GPL-2.0-or-later */
/* link.h - devices, read from the kernel. Names are checked for length by the caller's grammar. */
#ifndef VNM_SYS_LINK_H
#define VNM_SYS_LINK_H

#include <net/if.h>

#include "sys/link/link_settings.h"
#include "sys/netlink/netlink.h"

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
 * @isolated:   isolated from other such ports
 * @root_block: it must not become the root port
 * @hairpin:    a frame may leave by the port that it came in by
 * @settings:   VNM_PORT_SETTING() of the flags that can be set
 * @set:        those that are on
 */
struct vnm_link_port {
	uint16_t number;
	bool isolated, root_block, hairpin;
	uint64_t settings, set;
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
 * @port:      of a bridge port
 * @root_port: of a bridge: the number of its root port in the spanning tree; 0: it is the root
 * @priority:  of a bridge, in the spanning tree
 * @snooped, @unsnooped: of a bridge: multicast snooping is on, or off; neither: the kernel has none
 * @querier:   of a bridge: it sends multicast queries
 * @group_fwd: of a bridge: group_fwd_mask
 */
struct vnm_link {
	struct vnm_fact_link fact;
	uint32_t group;
	int other, accept_ra;
	struct vnm_link_settings settings;
	bool elsewhere, loopback, snooped, unsnooped, querier;
	struct vnm_link_port port;
	uint16_t root_port, priority, group_fwd;
};

/** struct vnm_links - all devices of the namespace. */
struct vnm_links {
	struct vnm_link *items;
	size_t n;
};

#define vnm_autolinks __attribute__((cleanup(vnm_links_clear)))

int vnm_link_read_fact(struct vnm_sys *sys, const char *name, struct vnm_fact_link *ret);	/* 0, -ENODEV, -errno */
int vnm_observe_links(struct vnm_sys *sys, struct vnm_facts *facts, struct vnm_error *err);

int vnm_link_read(struct vnm_sys *sys, const char *name, struct vnm_link *ret);
int vnm_link_find(struct vnm_sys *sys, const char *name, struct vnm_link *ret,
		  struct vnm_error *err);
int vnm_link_read_index(struct vnm_sys *sys, int index, struct vnm_link *ret);
int vnm_link_need(struct vnm_sys *sys, const char *name, struct vnm_link *ret,
		  struct vnm_error *err);
int vnm_link_enter(struct vnm_sys **sys, const struct vnm_op_netns *ns, const char *dev,
		   struct vnm_link *ret, struct vnm_error *err);
int vnm_links_read(struct vnm_sys *sys, struct vnm_links *ret, struct vnm_error *err);
int vnm_links_read_ports(struct vnm_sys *sys, const char *bridge, struct vnm_links *ret,
			 struct vnm_error *err);
void vnm_links_clear(struct vnm_links *links);
const struct vnm_link *vnm_links_find(const struct vnm_links *links, const char *name);
void vnm_links_see(struct vnm_sys *sys);
void vnm_links_forget(struct vnm_sys *sys);
bool vnm_link_in_our_group(const struct vnm_link *link);

#endif
