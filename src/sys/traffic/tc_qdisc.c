/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tc_qdisc.c - queueing disciplines of a device.
 *
 * A qdisc is read by a get with its parent, not by a dump: the kernel's default ones are not found, or have the handle 0.
 * (The kernel answers such a get like a notification: to the sender only with NLM_F_ECHO.)
 */
#include "sys/traffic/tc_qdisc.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <netlink/route/qdisc.h>
#include <netlink/route/qdisc/fifo.h>
#include <netlink/route/qdisc/htb.h>
#include <netlink/route/qdisc/sfq.h>
#include <string.h>

#include "sys/traffic/tc.h"

#define PERTURB 10 /* seconds after which an SFQ rehashes its flows */

static int parse_qdisc(const struct nlmsghdr *hdr, void *data)
{
	const struct tcmsg *head = nlmsg_data(hdr);
	struct nlattr *tb[TCA_MAX + 1], *htb[TCA_HTB_MAX + 1];
	struct vnm_tc_qdisc *qdisc = data;
	struct tc_htb_glob init;

	if (hdr->nlmsg_type != RTM_NEWQDISC)
		return 0;
	if (vnm_tc_parse(hdr, tb) < 0)
		return -EPROTO;
	if (head->tcm_handle == 0)
		return 0;
	nla_strlcpy(qdisc->kind, tb[TCA_KIND], sizeof(qdisc->kind));
	qdisc->handle = head->tcm_handle;
	if (strcmp(qdisc->kind, "htb") != 0 || !tb[TCA_OPTIONS] ||
	    nla_parse_nested(htb, TCA_HTB_MAX, tb[TCA_OPTIONS], NULL) < 0)
		return 0;
	vnm_tc_copy(htb[TCA_HTB_INIT], &init, sizeof(init));
	qdisc->defcls = init.defcls;
	return 0;
}

/**
 * vnm_tc_qdisc_get() - read a queueing discipline of a device
 * @sys:     the handles
 * @ifindex: the device
 * @parent:  TC_H_ROOT or TC_H_INGRESS
 * @ret:     the qdisc; kind "" when there is none but the kernel's default
 *
 * Return: 0 or -errno.
 */
int vnm_tc_qdisc_get(struct vnm_sys *sys, int ifindex, uint32_t parent, struct vnm_tc_qdisc *ret)
{
	vnm_autonl struct vnm_nl_req req = { 0 };
	int r;

	*ret = (struct vnm_tc_qdisc){ 0 };
	vnm_tc_begin(&req, RTM_GETQDISC, NLM_F_ECHO, ifindex, parent, 0);
	r = vnm_nl_do(sys, &req, &(struct vnm_nl_sink){ .each = parse_qdisc, .data = ret });
	return r == -ENOENT ? 0 : r;
}

static struct rtnl_qdisc *qdisc_new(int ifindex, uint32_t parent, uint32_t handle, const char *kind)
{
	struct rtnl_qdisc *qdisc = rtnl_qdisc_alloc();

	vnm_tc_init(TC_CAST(qdisc), ifindex, parent, handle, kind);
	return qdisc;
}

/* @qdisc is freed. */
static int qdisc_add(struct vnm_sys *sys, struct rtnl_qdisc *qdisc, int flags, const char *what,
		     const char *needs, struct vnm_error *err)
{
	vnm_autonl struct vnm_nl_req req = { 0 };
	int r;

	vnm_tc_must(rtnl_qdisc_build_add_request(qdisc, NLM_F_CREATE | flags, &req.msg));
	rtnl_qdisc_put(qdisc);
	r = vnm_nl_do(sys, &req, NULL);
	return r < 0 ? vnm_tc_fail(err, r, &req, what, needs) : 0;
}

/**
 * vnm_tc_htb_add() - add an HTB as the root qdisc of a device that has only the kernel's default
 * @sys:     the handles
 * @ifindex: the device
 * @handle:  its handle
 * @defcls:  the minor number of the class for unclassified packets
 * @err:     the error
 *
 * Return: 0 or -errno; -EEXIST when the device has a root qdisc of its own.
 */
int vnm_tc_htb_add(struct vnm_sys *sys, int ifindex, uint32_t handle, uint32_t defcls,
		   struct vnm_error *err)
{
	struct rtnl_qdisc *qdisc = qdisc_new(ifindex, TC_H_ROOT, handle, "htb");

	vnm_tc_must(rtnl_htb_set_defcls(qdisc, defcls));
	return qdisc_add(sys, qdisc, NLM_F_EXCL, "an HTB queue", "CONFIG_NET_SCH_HTB", err);
}

/**
 * vnm_tc_leaf_set() - set the leaf qdisc of a class
 * @sys:     the handles
 * @ifindex: the device
 * @parent:  the class
 * @fair:    SFQ; else bfifo
 * @limit:   of the bfifo, in bytes
 * @err:     the error
 *
 * Return: 0 or -errno.
 */
int vnm_tc_leaf_set(struct vnm_sys *sys, int ifindex, uint32_t parent, bool fair, uint32_t limit,
		    struct vnm_error *err)
{
	struct rtnl_qdisc *qdisc = qdisc_new(ifindex, parent, 0, fair ? "sfq" : "bfifo");

	if (fair)
		rtnl_sfq_set_perturb(qdisc, PERTURB);
	else
		vnm_tc_must(rtnl_qdisc_fifo_set_limit(qdisc, (int)limit));
	return qdisc_add(sys, qdisc, NLM_F_REPLACE, fair ? "an SFQ queue" : "a FIFO queue",
			 fair ? "CONFIG_NET_SCH_SFQ" : "CONFIG_NET_SCH_FIFO", err);
}

/**
 * vnm_tc_ingress_add() - add an ingress qdisc to a device
 * @sys:     the handles
 * @ifindex: the device
 * @err:     the error
 *
 * Return: 0 or -errno; -EEXIST when it has one.
 */
int vnm_tc_ingress_add(struct vnm_sys *sys, int ifindex, struct vnm_error *err)
{
	return qdisc_add(sys, qdisc_new(ifindex, TC_H_INGRESS, VNM_TC_INGRESS, "ingress"),
			 NLM_F_EXCL, "an ingress queue", "CONFIG_NET_SCH_INGRESS", err);
}

/**
 * vnm_tc_qdisc_del() - delete a qdisc with its classes and filters; none is fine
 * @sys:     the handles
 * @ifindex: the device
 * @parent:  TC_H_ROOT or TC_H_INGRESS
 * @handle:  its handle
 * @err:     the error
 *
 * Return: 0 or -errno.
 */
int vnm_tc_qdisc_del(struct vnm_sys *sys, int ifindex, uint32_t parent, uint32_t handle,
		     struct vnm_error *err)
{
	struct rtnl_qdisc *qdisc = qdisc_new(ifindex, parent, handle, NULL);
	vnm_autonl struct vnm_nl_req req = { 0 };
	int r;

	vnm_tc_must(rtnl_qdisc_build_delete_request(qdisc, &req.msg));
	rtnl_qdisc_put(qdisc);
	r = vnm_nl_do(sys, &req, NULL);
	if (r < 0 && r != -ENOENT && r != -ENODEV)
		return vnm_nl_fail(err, r, &req, "cannot delete the %s queue %x:",
				   parent == TC_H_ROOT ? "root" : "ingress", handle >> 16);
	return 0;
}

/**
 * vnm_tc_qdisc_foreign() - refuse to touch a qdisc that is not ours
 * @qdisc:  the qdisc
 * @dev:    its device
 * @parent: TC_H_ROOT or TC_H_INGRESS
 * @err:    VNM_ERR_FOREIGN
 *
 * Return: -EEXIST.
 */
int vnm_tc_qdisc_foreign(const struct vnm_tc_qdisc *qdisc, const char *dev, uint32_t parent,
			 struct vnm_error *err)
{
	bool root = parent == TC_H_ROOT;

	return vnm_error_set(err, VNM_ERR_FOREIGN, EEXIST,
			     "device '%s' already has an %s queue that is not ours (%s %x:); "
			     "delete it (tc qdisc del dev %s %s), or leave <bandwidth> out",
			     dev, root ? "egress" : "ingress", qdisc->kind, qdisc->handle >> 16,
			     dev, root ? "root" : "ingress");
}
