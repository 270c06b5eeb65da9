/* SPDX-License-Identifier: GPL-2.0-or-later */
/* link.h - devices as the kernel tells them. Names are checked for length by the caller's grammar. */
#ifndef VNM_SYS_LINK_H
#define VNM_SYS_LINK_H

#include <net/if.h>

#include "sys/netlink/netlink.h"

/* What headers older than Linux 6.7 do not know (include/uapi/linux/if_link.h); an older kernel ignores it. */
#define VNM_IFLA_BR_FDB_MAX_LEARNED 49

/* Those of a port: 5.18, 6.2. */
#define VNM_IFLA_BRPORT_LOCKED 39
#define VNM_IFLA_BRPORT_MAB 40

/* A port's settings that are on or off, as bits: one for each attribute IFLA_BRPORT_... */
#define VNM_PORT_SETTING_MAX 63
#define VNM_PORT_SETTING(attr) (UINT64_C(1) << (attr))

/**
 * struct vnm_link_port - of a device on a bridge.
 * @number:     the bridge's for it; 0: it is on none
 * @isolated:   cut off from other such ports
 * @root_block: the root of the spanning tree is not to be behind it
 * @hairpin:    what came by it may go back by it
 * @settings:   VNM_PORT_SETTING() of what can be on or off and be set
 * @set:        those that are on
 */
struct vnm_link_port {
	uint16_t number;
	bool isolated, root_block, hairpin;
	uint64_t settings, set;
};

/**
 * struct vnm_link - a device as the kernel tells it: more than the planner needs to know.
 * @fact:      what facts hold
 * @group:     IFLA_GROUP
 * @accept_ra: its setting of that name; -1: it has no IPv6, or that is disabled
 * @other:     the number of the device on which it stands, or, of a pair, of the other end; 0: none
 * @elsewhere: that device is in another namespace
 * @loopback:  the loopback device
 * @port:      of a device on a bridge
 * @root_port: of a bridge: the number of the port by which it reaches the root of the spanning tree; 0: it is the root
 * @priority:  of a bridge, in the spanning tree
 * @snooped, @unsnooped: of a bridge: it looks who wants which multicast, or does not; neither: the kernel cannot
 * @querier:   of a bridge: it asks who wants which
 * @group_fwd: of a bridge: whose frames for switches it passes on
 */
struct vnm_link {
	struct vnm_fact_link fact;
	uint32_t group;
	int other, accept_ra;
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
bool vnm_link_in_our_group(const struct vnm_link *link);

#endif
