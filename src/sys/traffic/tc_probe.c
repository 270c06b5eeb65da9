/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tc_probe.c - does the kernel have it?
 *
 * Neither /proc/modules nor its configuration says what a kernel can do: parts may be built in, or be loaded when
 * they are asked for. So it is asked for, by a request with a mistake that the kernel comes to only after it found
 * (and loaded) the part: "unknown" and "wrong" are different answers, and neither leaves anything behind.
 */
#include "sys/traffic/tc.h"

#include <errno.h>
#include <linux/if_link.h>
#include <linux/pkt_cls.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>

#include "sys/netlink/netlink.h"

#include <linux/if_ether.h>

#define LOOPBACK_IFINDEX 1 /* in every network namespace (kernel include/net/flow.h) */

/* An empty table of sizes is looked at after the kind, and refused (kernel qdisc_create()). */
static int ask_qdisc(struct vnm_sys *sys, const char *kind, uint32_t parent)
{
	vnm_autonl struct vnm_nl_req req = { 0 };
	struct tcmsg head = {
		.tcm_family = AF_UNSPEC,
		.tcm_ifindex = LOOPBACK_IFINDEX,
		.tcm_parent = parent,
		.tcm_handle = parent == TC_H_INGRESS ? TC_H_MAKE(TC_H_INGRESS, 0) : 0,
	};

	vnm_nl_begin(&req, RTM_NEWQDISC, NLM_F_CREATE | NLM_F_EXCL, &head, sizeof(head));
	vnm_nl_put_str(&req, TCA_KIND, kind);
	vnm_nl_put(&req, TCA_STAB, NULL, 0);
	return vnm_nl_do(sys, &req, NULL);
}

/**
 * vnm_tc_has_qdisc() - does the kernel have a queueing discipline?
 * @sys:  the handles
 * @kind: its word, such as "htb" or "ingress"
 *
 * Return: false when it said that it does not know it.
 */
bool vnm_tc_has_qdisc(struct vnm_sys *sys, const char *kind)
{
	bool ingress = kind[0] == 'i';
	int r = ask_qdisc(sys, kind, ingress ? TC_H_INGRESS : TC_H_ROOT);

	return r != -ENOENT && r != -EOPNOTSUPP;
}

/**
 * vnm_tc_has_action() - does the kernel have an action?
 * @sys:       the handles
 * @kind:      its word, such as "police"
 * @otherwise: what to return when we may not ask: actions by themselves are the business of the host's root only
 *
 * Return: true when the kernel said that only the options are missing.
 */
bool vnm_tc_has_action(struct vnm_sys *sys, const char *kind, bool otherwise)
{
	struct tcamsg head = { .tca_family = AF_UNSPEC };
	vnm_autonl struct vnm_nl_req req = { 0 };
	struct nlattr *table, *first;
	int r;

	vnm_nl_begin(&req, RTM_NEWACTION, NLM_F_CREATE | NLM_F_EXCL, &head, sizeof(head));
	table = vnm_nl_nest(&req, TCA_ACT_TAB);
	first = vnm_nl_nest(&req, 1);
	vnm_nl_put_str(&req, TCA_ACT_KIND, kind);
	vnm_nl_nest_end(&req, first);
	vnm_nl_nest_end(&req, table);
	r = vnm_nl_do(sys, &req, NULL);
	return r == -EPERM ? otherwise : r == -EINVAL;
}

/**
 * vnm_tc_has_ifb() - does the kernel have the intermediate functional block device?
 * @sys: the handles
 *
 * It is asked for one with an address that no device can have.
 */
bool vnm_tc_has_ifb(struct vnm_sys *sys)
{
	static const unsigned char zero[ETH_ALEN];
	struct ifinfomsg head = { .ifi_family = AF_UNSPEC };
	vnm_autonl struct vnm_nl_req req = { 0 };
	struct nlattr *info;

	vnm_nl_begin(&req, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, &head, sizeof(head));
	vnm_nl_put(&req, IFLA_ADDRESS, zero, sizeof(zero));
	info = vnm_nl_nest(&req, IFLA_LINKINFO);
	vnm_nl_put_str(&req, IFLA_INFO_KIND, "ifb");
	vnm_nl_nest_end(&req, info);
	return vnm_nl_do(sys, &req, NULL) != -EOPNOTSUPP;
}
