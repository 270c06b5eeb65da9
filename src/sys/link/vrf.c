/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vrf.c - the routing domain of networks: a device of the kind vrf (Documentation/networking/vrf.rst).
 *
 * What comes in by a port of the VRF, or is bound to one, is routed by the VRF's table first: the kernel has a rule for that, with
 * preference 1000 (l3mdev). What has no route there goes on to other rules, which are each network's (plan/plan_vrf.c). An unreachable
 * default route in the table would end that.
 *
 * Ours by name, kind and group. It is shared by the networks that name it, and goes with the last of its ports, whoever that belongs to:
 * an administrator may have put devices into it.
 */
#include "sys/link/vrf.h"

#include <errno.h>
#include <inttypes.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sys/link/link.h"
#include "sys/link/link_kind.h"
#include "sys/link/link_set.h"
#include "sys/op_impl.h"

#include <linux/if_link.h>
#include <linux/rtnetlink.h>

#define MODULE "/sys/module/vrf"
#define GROUP (VNM_GROUP_BASE | VNM_GROUP_VRF)

static int on_link(const struct nlmsghdr *hdr, void *data)
{
	struct nlattr *tb[IFLA_MAX + 1], *info[IFLA_INFO_MAX + 1], *own[IFLA_VRF_MAX + 1];
	uint32_t *table = data;

	if (nlmsg_parse((struct nlmsghdr *)hdr, sizeof(struct ifinfomsg), tb, IFLA_MAX, NULL) < 0 ||
	    !tb[IFLA_LINKINFO] ||
	    nla_parse_nested(info, IFLA_INFO_MAX, tb[IFLA_LINKINFO], NULL) < 0 ||
	    !info[IFLA_INFO_DATA] ||
	    nla_parse_nested(own, IFLA_VRF_MAX, info[IFLA_INFO_DATA], NULL) < 0)
		return 0;
	if (own[IFLA_VRF_TABLE])
		*table = nla_get_u32(own[IFLA_VRF_TABLE]);
	return 0;
}

/* Of a device that is no VRF: 0. */
static int read_table(struct vnm_sys *sys, const struct vnm_link *link, uint32_t *ret)
{
	struct ifinfomsg head = { .ifi_family = AF_UNSPEC, .ifi_index = link->fact.index };
	vnm_autonl struct vnm_nl_req req = { 0 };

	*ret = 0;
	if (strcmp(link->fact.kind, "vrf") != 0)
		return 0;
	vnm_nl_begin(&req, RTM_GETLINK, 0, &head, sizeof(head));
	return vnm_nl_do(sys, &req, &(struct vnm_nl_sink){ on_link, NULL, ret });
}

static int refuse_foreign(const struct vnm_op_vrf *want, const struct vnm_link *link,
			  uint32_t table, struct vnm_error *err)
{
	if (!table)
		return vnm_error_set(err, VNM_ERR_FOREIGN, EEXIST,
				     "device '%s' already exists and is no VRF (kind %s); choose "
				     "another name in <vnm:vrf>",
				     want->name, link->fact.kind[0] ? link->fact.kind : "hardware");
	return vnm_error_set(err, VNM_ERR_FOREIGN, EEXIST,
			     "VRF '%s' already exists, with table %" PRIu32
			     ", and vnetmgr did not make it with table %" PRIu32
			     "; choose another <vnm:vrf>, or let vnetmgr make it: ip link del %s",
			     want->name, table, want->table, want->name);
}

/* Return: 1: it is there, and ours; 0: nothing has its name; -errno */
static int find_ours(struct vnm_sys *sys, const struct vnm_op_vrf *want, struct vnm_link *ret,
		     struct vnm_error *err)
{
	uint32_t table = 0;
	int r = vnm_link_find(sys, want->name, ret, err);

	if (r <= 0)
		return r;
	r = read_table(sys, ret, &table);
	if (r < 0)
		return vnm_nl_fail(err, r, NULL, "cannot inspect device '%s'", want->name);
	return table == want->table && ret->group == GROUP ? 1
							   : refuse_foreign(want, ret, table, err);
}

static int no_vrfs(const struct vnm_op_vrf *want, const struct vnm_error *why,
		   struct vnm_error *err)
{
	return vnm_error_set(err, VNM_ERR_UNSUPPORTED, EOPNOTSUPP,
			     "%s; without VRFs (CONFIG_NET_VRF) leave <vnm:vrf name='%s'/> out, "
			     "and let no other network of this host have the same subnet",
			     why->msg, want->name);
}

static int vrf_prepare(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	struct vnm_error why = { 0 };
	struct vnm_link link;
	int r = find_ours(sys, &op->vrf, &link, err);

	if (r == 0)
		r = vnm_link_kind_need(sys, "vrf", op->vrf.name, &why);
	return r == -EOPNOTSUPP ? no_vrfs(&op->vrf, &why, err) : r < 0 ? r : 0;
}

static int make(struct vnm_sys *sys, const struct vnm_op_vrf *want, struct vnm_error *err)
{
	struct ifinfomsg head = { .ifi_family = AF_UNSPEC,
				  .ifi_flags = IFF_UP,
				  .ifi_change = IFF_UP };
	vnm_autonl struct vnm_nl_req req = { 0 };
	struct vnm_nl_kind nests;
	int r;

	vnm_nl_begin(&req, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, &head, sizeof(head));
	vnm_nl_put_str(&req, IFLA_IFNAME, want->name);
	vnm_nl_put_u32(&req, IFLA_GROUP, GROUP);
	nests = vnm_nl_kind(&req, "vrf");
	vnm_nl_put_u32(&req, IFLA_VRF_TABLE, want->table);
	vnm_nl_kind_end(&req, &nests);
	r = vnm_nl_do(sys, &req, NULL);
	return r < 0 ? vnm_nl_fail(err, r, &req, "cannot create VRF '%s'", want->name) : 0;
}

static int vrf_apply(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	struct vnm_link link;
	int r = find_ours(sys, &op->vrf, &link, err);

	if (r < 0)
		return r;
	return r > 0 ? vnm_link_set_flags(sys, &link, IFF_UP, IFF_UP, err)
		     : make(sys, &op->vrf, err);
}

static int vrf_check(struct vnm_sys *sys, const struct vnm_op *op, enum vnm_presence *ret,
		     struct vnm_error *err)
{
	struct vnm_error foreign = { 0 };
	struct vnm_link link;
	int r = find_ours(sys, &op->vrf, &link, &foreign);

	if (r < 0 && foreign.code != VNM_ERR_FOREIGN) {
		*err = foreign;
		return r;
	}
	*ret = r < 0 ? VNM_FOREIGN : r > 0 ? VNM_PRESENT : VNM_ABSENT;
	if (r > 0 && !link.fact.up) {
		snprintf(sys->why, sizeof(sys->why), "it is down");
		*ret = VNM_ABSENT;
	}
	return 0;
}

/* Unless a device is in it. */
static int drop(struct vnm_sys *sys, const struct vnm_link *link, struct vnm_error *err)
{
	vnm_autolinks struct vnm_links ports = { 0 };
	int r = vnm_links_read_ports(sys, link->fact.name, &ports, err);

	return r < 0 || ports.n > 0 ? r : vnm_link_delete(sys, link, err);
}

static int vrf_revert(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	struct vnm_error why = { 0 };
	struct vnm_link link;
	int r = find_ours(sys, &op->vrf, &link, &why);

	if (r < 0 && why.code == VNM_ERR_FOREIGN)
		return 0;
	if (r < 0) {
		*err = why;
		return r;
	}
	if (r > 0)
		r = drop(sys, &link, err);
	return r < 0 ? r : 0;
}

/** vnm_vrf_known() - may there be VRFs? Not where the kernel has none, or has had no reason to load them. */
bool vnm_vrf_known(void)
{
	return access(MODULE, F_OK) == 0;
}

const struct vnm_op_impl vnm_impl_vrf = {
	.prepare = vrf_prepare,
	.apply = vrf_apply,
	.check = vrf_check,
	.revert = vrf_revert,
};
