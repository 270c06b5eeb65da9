/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fwrule.h - a firewall rule as data, independent of the backend that will hold it.
 *
 * A rule says what it matches and what then happens; text form is the iptables user's own ("-A VNM_PRT -s ...").
 */
#ifndef VNM_PLAN_FWRULE_H
#define VNM_PLAN_FWRULE_H

#include <stdbool.h>
#include <stdint.h>

#include "model/enums.h"
#include "util/addr.h"
#include "util/buf.h"

#define VNM_FW_EARLY_RETURNS_MAX 4 /* of one chain */

#define VNM_IFNAME_SIZE 16

enum vnm_fw_table { VNM_FW_FILTER, VNM_FW_NAT, VNM_FW_MANGLE, VNM_FW_RAW, VNM_FW_TABLE_COUNT };

/** enum vnm_fw_chain - our chains; each is entered from one built-in chain (vnm_fw_chains[]). */
enum vnm_fw_chain {
	VNM_CHAIN_ALLOW,	/* filter FORWARD: from network to network, whatever these say themselves */
	VNM_CHAIN_ISO,	/* filter FORWARD: what isolated networks refuse, whatever group their bridges are in */
	VNM_CHAIN_INP,	/* filter INPUT: what guests may ask the host */
	VNM_CHAIN_OUT,	/* filter OUTPUT: what the host may answer */
	VNM_CHAIN_FWX,	/* filter FORWARD: within a bridge; what nobody may send */
	VNM_CHAIN_FWI,	/* filter FORWARD: towards guests */
	VNM_CHAIN_FWO,	/* filter FORWARD: from guests */
	VNM_CHAIN_PRE,	/* nat PREROUTING: where forwarded ports lead */
	VNM_CHAIN_NOU,	/* nat OUTPUT: the same for the host's own connections */
	VNM_CHAIN_NAT,	/* nat POSTROUTING ("VNM_PRT") */
	VNM_CHAIN_MANGLE,	/* mangle POSTROUTING ("VNM_PRT") */
	VNM_CHAIN_SRC,	/* raw PREROUTING: whose addresses packets may come from, before they are tracked */
	VNM_CHAIN_COUNT
};

/**
 * struct vnm_fw_chain_info - one of our chains
 * @name:      <= 28 bytes
 * @parent:    the built-in chain that jumps to it
 * @on_demand: it is there only while it holds rules
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
	VNM_TARGET_NOTRACK /* and goes on behind the rule */, VNM_TARGET_COUNT
};

enum vnm_fw_state {
	VNM_STATE_ANY,
	VNM_STATE_ESTABLISHED,	/* RELATED,ESTABLISHED */
	VNM_STATE_DNAT,		/* of a connection whose destination was translated */
	VNM_STATE_DNAT_REPLY,	/* the same, from the end that was called */
	VNM_STATE_UNTRACKED,	/* forged, or what an administrator does not want tracked */
	VNM_STATE_UNKNOWN,	/* the same, or of no connection that there is */
	VNM_STATE_COUNT
};

/** struct vnm_fw_group - a device group condition (devgroup match); @mask 0: no condition. */
struct vnm_fw_group {
	uint32_t value, mask;
	bool invert;
};

/** struct vnm_fwrule - one rule. Zero members match anything. */
struct vnm_fwrule {
	int family;			/* AF_INET or AF_INET6 */
	enum vnm_fw_chain chain;
	struct vnm_prefix src, dst;	/* addr.family AF_UNSPEC: any */
	bool src_invert, dst_invert;
	bool dst_local;			/* to one of the host's own addresses */
	bool src_local;			/* from one of them */
	bool src_routed;		/* the route to its sender leads by the device that it came by (rpfilter match) */
	char in[VNM_IFNAME_SIZE], out[VNM_IFNAME_SIZE];
	bool in_invert, out_invert;
	bool bridged;			/* it does not leave the bridge (physdev match, which loads br_netfilter) */
	struct vnm_fw_group src_group, dst_group;
	uint8_t proto;			/* IPPROTO_TCP, IPPROTO_UDP, IPPROTO_ICMPV6, 0: any */
	uint8_t icmp6;			/* IPPROTO_ICMPV6: the message's type */
	uint16_t sport;			/* 0: any */
	uint16_t dport, dport_last;	/* 0: any; @dport_last 0: one port */
	uint32_t chance;		/* of 0x80000000, that it matches at all; 0: always */
	enum vnm_fw_state state;
	enum vnm_fw_target target;
	uint16_t to_port_first, to_port_last;	/* MASQUERADE, SNAT, DNAT, REDIRECT; 0: any */
	uint16_t to_port_base;		/* DNAT: this port becomes to_port_first, the next one the next; 0: no such order */
	struct vnm_addr to_first, to_last;	/* SNAT, DNAT */
};

/*
 * Device groups of our bridges (IFLA_GROUP): the base marks "ours"; the bit FREE is set where everything
 * established may pass in both directions (nat and route without a device of their own).
 */
#define VNM_GROUP_BASE 0x766e6d00u
#define VNM_GROUP_GUEST 0x766e6700u	/* guests' own devices on a bridge; the firewall does not ask for it */
#define VNM_GROUP_UPLINK 0x766e7500u	/* bridges in the place of a device of the host; no rule asks for it: they are outside */
#define VNM_GROUP_MASK 0xfffffff0u	/* ours, whatever the bits */
#define VNM_GROUP_FREE 0x1u

bool vnm_fwrule_equal(const struct vnm_fwrule *a, const struct vnm_fwrule *b);
void vnm_fwrule_format(const struct vnm_fwrule *rule, struct vnm_buf *out);	/* "-A VNM_FWI -d 192.0.2.0/24 -o br0 ... -j ACCEPT" */
size_t vnm_fw_early_returns(int family, enum vnm_fw_chain chain,
			    struct vnm_fwrule ret[static VNM_FW_EARLY_RETURNS_MAX]);

#endif
