/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * netlink.h - one socket to the kernel's network configuration, and one way to ask. Only for the
 * link files.
 */
#ifndef VNM_SYS_NETLINK_H
#define VNM_SYS_NETLINK_H

#include <net/if.h>
#include <linux/netlink.h>
#include <stdbool.h>
#include <stdint.h>

#include "sys/sys.h"

struct nl_msg;
struct nlattr;

/* What headers older than Linux 6.7 do not know (include/uapi/linux/if_link.h); an older kernel ignores it. */
#define VNM_IFLA_BR_FDB_MAX_LEARNED 49

/* Those of a port: 5.18, 6.2. */
#define VNM_IFLA_BRPORT_LOCKED 39
#define VNM_IFLA_BRPORT_MAB 40

/* A port's settings that are on or off, as bits: one for each attribute IFLA_BRPORT_... */
#define VNM_PORT_SETTING_MAX 63
#define VNM_PORT_SETTING(attr) (UINT64_C(1) << (attr))

/** struct vnm_nl_kind - what vnm_nl_kind() has opened. */
struct vnm_nl_kind {
	struct nlattr *info, *data;
};

/**
 * struct vnm_nl_req - a request being put together.
 * @msg:  the message
 * @said: the kernel's own words about a refusal ("mtu less than device minimum"), "" when it had
 *        none
 */
struct vnm_nl_req {
	struct nl_msg *msg;
	char said[96];
};

#define vnm_autonl __attribute__((cleanup(vnm_nl_req_clear)))

/**
 * struct vnm_nl_sink - what takes the messages of an answer.
 * @each:  called for every message; a negative return is remembered and ends the request with that
 *         error
 * @again: the dump was interrupted by a change and is asked for anew: forget what came so far
 * @data:  for both
 */
struct vnm_nl_sink {
	int (*each)(const struct nlmsghdr *hdr, void *data);
	void (*again)(void *data);
	void *data;
};

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

void vnm_nl_begin(struct vnm_nl_req *req, int type, int flags, void *head, size_t len);
void vnm_nl_req_clear(struct vnm_nl_req *req);
void vnm_nl_put(struct vnm_nl_req *req, int attr, const void *data, size_t len);
void vnm_nl_put_raw(struct vnm_nl_req *req, const void *data, size_t len);
void vnm_nl_put_u8(struct vnm_nl_req *req, int attr, uint8_t value);
void vnm_nl_put_u32(struct vnm_nl_req *req, int attr, uint32_t value);
void vnm_nl_put_str(struct vnm_nl_req *req, int attr, const char *value);
struct nlattr *vnm_nl_nest(struct vnm_nl_req *req, int attr);
void vnm_nl_nest_end(struct vnm_nl_req *req, struct nlattr *nest);
struct vnm_nl_kind vnm_nl_kind(struct vnm_nl_req *req, const char *kind);
void vnm_nl_kind_end(struct vnm_nl_req *req, const struct vnm_nl_kind *nests);
void vnm_nl_get_addr(const struct nlattr *attr, int family, struct vnm_addr *ret);

int vnm_nl_do(struct vnm_sys *sys, struct vnm_nl_req *req, const struct vnm_nl_sink *sink);
int vnm_nl_dump(struct vnm_sys *sys, struct vnm_nl_req *req, const struct vnm_nl_sink *sink);
int vnm_nl_open(struct vnm_sys *sys);
void vnm_nl_close(struct vnm_sys *sys);
int vnm_nl_fail(struct vnm_error *err, int rc, const struct vnm_nl_req *req, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

int vnm_link_look(struct vnm_sys *sys, const char *name, struct vnm_link *ret);
int vnm_link_look_index(struct vnm_sys *sys, int index, struct vnm_link *ret);
int vnm_link_need(struct vnm_sys *sys, const char *name, struct vnm_link *ret,
		  struct vnm_error *err);
int vnm_link_need_ours(struct vnm_sys *sys, const char *name, struct vnm_link *ret,
		       struct vnm_error *err);
int vnm_link_enter(struct vnm_sys **sys, const struct vnm_op_netns *ns, const char *dev,
		   struct vnm_link *ret, struct vnm_error *err);
int vnm_link_set_flags(struct vnm_sys *sys, const struct vnm_link *link, unsigned flags,
		       unsigned mask, struct vnm_error *err);
int vnm_link_set_master(struct vnm_sys *sys, const struct vnm_link *link, int master,
			struct vnm_error *err);
int vnm_link_set_mtu(struct vnm_sys *sys, const struct vnm_link *link, uint32_t mtu,
		     struct vnm_error *err);
int vnm_link_kind_need(struct vnm_sys *sys, const char *kind, const char *name,
		       struct vnm_error *err);
int vnm_bridge_pin_mtu(struct vnm_sys *sys, const struct vnm_link *link, uint32_t mtu,
		       struct vnm_error *err);
int vnm_links_read(struct vnm_sys *sys, struct vnm_links *ret, struct vnm_error *err);
int vnm_links_read_ports(struct vnm_sys *sys, const char *bridge, struct vnm_links *ret,
			 struct vnm_error *err);
void vnm_links_clear(struct vnm_links *links);
const struct vnm_link *vnm_links_find(const struct vnm_links *links, const char *name);
bool vnm_link_in_our_group(const struct vnm_link *link);

int vnm_addr_others(struct vnm_sys *sys, int family, size_t *ret, struct vnm_error *err);

#endif
