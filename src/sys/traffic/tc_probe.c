/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tc_probe.c - probe the kernel's traffic control.
 *
 * /proc/modules does not list parts that are built in or loaded on demand. So the part is requested with a deliberate
 * mistake that the kernel detects only after it has found (and loaded) it: "unknown" and "invalid" are different errors,
 * and neither leaves anything behind.
 */
#include "sys/traffic/tc_probe.h"

#include <errno.h>
#include <linux/pkt_cls.h>
#include <linux/rtnetlink.h>
#include <netlink/route/action.h>
#include <netlink/route/qdisc.h>

#include "sys/traffic/tc.h"
#include "util/mem.h"

#define LOOPBACK_IFINDEX 1 /* in every network namespace (kernel include/net/flow.h) */

/**
 * vnm_tc_has_qdisc() - does the kernel have a queueing discipline?
 * @sys:  the handles
 * @kind: its name, such as "htb" or "ingress"
 *
 * The mistake is an empty table of sizes, which is read after the kind, and refused (kernel qdisc_create()).
 *
 * Return: false when it is unknown.
 */
bool vnm_tc_has_qdisc(struct vnm_sys *sys, const char *kind)
{
	bool ingress = kind[0] == 'i';
	struct rtnl_qdisc *qdisc = rtnl_qdisc_alloc();
	vnm_autonl struct vnm_nl_req req = { 0 };
	int r;

	vnm_tc_init(TC_CAST(qdisc), LOOPBACK_IFINDEX, ingress ? TC_H_INGRESS : TC_H_ROOT,
		    ingress ? VNM_TC_INGRESS : 0, kind);
	vnm_tc_must(rtnl_qdisc_build_add_request(qdisc, NLM_F_CREATE | NLM_F_EXCL, &req.msg));
	rtnl_qdisc_put(qdisc);
	vnm_nl_put(&req, TCA_STAB, NULL, 0);
	r = vnm_nl_do(sys, &req, NULL);
	return r != -ENOENT && r != -EOPNOTSUPP;
}

/**
 * vnm_tc_has_action() - does the kernel have an action?
 * @sys:       the handles
 * @kind:      its name, such as "police"
 * @otherwise: the result if the probe is not permitted: actions without a filter are for the host's root only
 *
 * The mistake is an action without options, or, where libnl-route adds them, with all zero ones.
 *
 * Return: true when only the options were refused.
 */
bool vnm_tc_has_action(struct vnm_sys *sys, const char *kind, bool otherwise)
{
	struct rtnl_act *act = rtnl_act_alloc();
	vnm_autonl struct vnm_nl_req req = { 0 };
	int r;

	if (!act)
		vnm_oom();
	vnm_tc_must(rtnl_tc_set_kind(TC_CAST(act), kind));
	vnm_tc_must(rtnl_act_build_add_request(act, NLM_F_CREATE | NLM_F_EXCL, &req.msg));
	rtnl_act_put(act);
	r = vnm_nl_do(sys, &req, NULL);
	return r == -EPERM ? otherwise : r == -EINVAL;
}
