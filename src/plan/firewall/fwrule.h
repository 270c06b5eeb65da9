/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fwrule.h - a firewall rule as data, independent of the backend that will hold it.
 *
 * A rule is its matches and its target; as text it is what "iptables -S" lists ("-A VNM_PRT -s ...").
 */
#ifndef VNM_PLAN_FWRULE_H
#define VNM_PLAN_FWRULE_H

#include <stdbool.h>
#include <stdint.h>

#include "model/enums.h"
#include "util/addr.h"
#include "util/buf.h"
#include "util/parse.h"

#define VNM_FW_EARLY_RETURNS_MAX 5 /* of one chain */

#define VNM_IFNAME_SIZE 16
#define VNM_FW_CHAIN_NAME (8 + VNM_IFNAME_SIZE) /* "VNM_FWX." and a bridge; iptables takes 29 bytes */

enum vnm_fw_table { VNM_FW_FILTER, VNM_FW_NAT, VNM_FW_MANGLE, VNM_FW_RAW, VNM_FW_TABLE_COUNT };

/** enum vnm_fw_chain - our chains; one built-in chain jumps to each (vnm_fw_chains[]). */
enum vnm_fw_chain {
	VNM_CHAIN_ALLOW, /* filter FORWARD: granted access between networks, before their own rules */
	VNM_CHAIN_ISO, /* filter FORWARD: refused by isolated networks, whatever their bridges' group */
	VNM_CHAIN_INP, /* filter INPUT: services of the host for guests */
	VNM_CHAIN_OUT, /* filter OUTPUT: the host's answers */
	VNM_CHAIN_FWX, /* filter FORWARD: within a bridge; always refused */
	VNM_CHAIN_FWI, /* filter FORWARD: towards guests */
	VNM_CHAIN_FWO, /* filter FORWARD: from guests */
	VNM_CHAIN_PRE, /* nat PREROUTING: port forwarding */
	VNM_CHAIN_NOU, /* nat OUTPUT: the same for the host's own connections */
	VNM_CHAIN_NAT, /* nat POSTROUTING ("VNM_PRT") */
	VNM_CHAIN_MANGLE, /* mangle POSTROUTING ("VNM_PRT") */
	VNM_CHAIN_SRC, /* raw PREROUTING: allowed source addresses, before connection tracking */
	VNM_CHAIN_HOSTS, /* filter INPUT: from other hosts of an overlay */
	VNM_CHAIN_COUNT
};

/**
 * struct vnm_fw_chain_info - one of our chains
 * @name:      <= 28 bytes
 * @parent:    the built-in chain that jumps to it
 * @on_demand: exists only while it holds rules
 */
struct vnm_fw_chain_info {
	enum vnm_fw_table table;
	const char *name, *parent;
	bool on_demand;
};

extern const struct vnm_fw_chain_info vnm_fw_chains[VNM_CHAIN_COUNT];
extern const struct vnm_enum vnm_enum_fw_table, vnm_enum_fw_chain, vnm_enum_fw_target,
			     vnm_enum_fw_state;

enum vnm_fw_target {
	VNM_TARGET_ACCEPT, VNM_TARGET_RETURN, VNM_TARGET_REJECT /* port unreachable */,
	VNM_TARGET_MASQUERADE, VNM_TARGET_SNAT, VNM_TARGET_CHECKSUM,
	VNM_TARGET_DNAT, VNM_TARGET_REDIRECT, VNM_TARGET_DROP,
	VNM_TARGET_NOTRACK /* non-terminating */, VNM_TARGET_JUMP /* to the network's own chain */,
	VNM_TARGET_COUNT
};

enum vnm_fw_state {
	VNM_STATE_ANY,
	VNM_STATE_ESTABLISHED,	/* RELATED,ESTABLISHED */
	VNM_STATE_DNAT,		/* connection whose destination was translated */
	VNM_STATE_DNAT_REPLY,	/* the same, reply direction */
	VNM_STATE_UNTRACKED,	/* forged, or exempted from tracking by an administrator */
	VNM_STATE_UNKNOWN,	/* the same, or invalid */
	VNM_STATE_TRACKED,	/* neither: NEW,RELATED,ESTABLISHED */
	VNM_STATE_COUNT
};

/** struct vnm_fw_group - a devgroup match; @mask 0: none. */
struct vnm_fw_group {
	uint32_t value, mask;
	bool invert;
};

/**
 * struct vnm_fwrule - one rule. Zero members match anything.
 * @own: the rule is in the network's own chain, of which this is the bridge, behind a dispatch rule of @chain; for
 *       VNM_TARGET_JUMP, the dispatch rule, that chain is the target. "": it is in @chain itself
 */
struct vnm_fwrule {
	int family;			/* AF_INET or AF_INET6 */
	enum vnm_fw_chain chain;
	char own[VNM_IFNAME_SIZE];
	struct vnm_prefix src, dst;	/* addr.family AF_UNSPEC: any */
	bool src_invert, dst_invert;
	bool dst_local;			/* to one of the host's own addresses */
	bool src_local;			/* from one of them */
	bool src_routed;		/* passes reverse path filtering (rpfilter match) */
	char in[VNM_IFNAME_SIZE], out[VNM_IFNAME_SIZE];
	bool in_invert, out_invert;
	bool bridged;			/* bridged, not routed (physdev match, which loads br_netfilter) */
	struct vnm_fw_group src_group, dst_group;
	uint8_t proto;			/* IPPROTO_TCP, IPPROTO_UDP, IPPROTO_ICMPV6, 0: any */
	uint8_t icmp6;			/* IPPROTO_ICMPV6: the message's type */
	uint16_t sport;			/* 0: any */
	uint16_t dport, dport_last;	/* 0: any; @dport_last 0: one port */
	uint32_t chance;		/* probability, of 0x80000000; 0: always */
	enum vnm_fw_state state;
	enum vnm_fw_target target;
	uint16_t to_port_first, to_port_last;	/* MASQUERADE, SNAT, DNAT, REDIRECT; 0: any */
	uint16_t to_port_base;		/* DNAT: this port is mapped to to_port_first, and so on; 0: no mapping */
	struct vnm_addr to_first, to_last;	/* SNAT, DNAT */
	char network[VNM_NAME_MAX + 1];	/* whose it is, for comments; "": of all; not compared */
};

/*
 * Device groups of our bridges (IFLA_GROUP): the base identifies ours; the bit FREE lets all established traffic
 * pass in both directions (nat and route without a forward device).
 */
#define VNM_GROUP_BASE 0x766e6d00u
#define VNM_GROUP_GUEST 0x766e6700u	/* guests' devices on a bridge; matched by no rule */
#define VNM_GROUP_OPEN \
	0x766e6f00u /* bridges and tuns of open networks; matched by no rule: they have none */
#define VNM_GROUP_UPLINK 0x766e7500u	/* bridges with an uplink; matched by no rule: they are outside */
#define VNM_GROUP_MASK 0xfffffff0u	/* ours, whatever the bits */
#define VNM_GROUP_FREE 0x1u
#define VNM_GROUP_VRF 0x2u /* in a VRF, or one: packets of its ports are received by it, too */

void vnm_fw_chain_name(enum vnm_fw_chain chain, const char *own,
		       char ret[static VNM_FW_CHAIN_NAME]);
const char *vnm_fwrule_own(const struct vnm_fwrule *rule);
bool vnm_fwrule_equal(const struct vnm_fwrule *a, const struct vnm_fwrule *b);
void vnm_fwrule_format(const struct vnm_fwrule *rule, struct vnm_buf *out);	/* "-A VNM_FWI -d 192.0.2.0/24 -o br0 ... -j ACCEPT" */
size_t vnm_fw_early_returns(int family, enum vnm_fw_chain chain,
			    struct vnm_fwrule ret[static VNM_FW_EARLY_RETURNS_MAX]);

#endif
