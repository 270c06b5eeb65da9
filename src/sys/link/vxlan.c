/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vxlan.c - the device by which frames of a network go to other hosts.
 *
 * Ours by its recorded index, or by name, kind and group, like guests' devices (guest.c). It is created down, and put up when all else
 * of its network is there (overlay_port.c). The kernel takes another address for it at any time, and whether it learns, but not another VNI or port.
 */
#include "sys/op_impl.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "sys/link/guest.h"
#include "sys/link/guest_record.h"
#include "sys/link/link.h"
#include "sys/link/link_kind.h"
#include "sys/link/link_set.h"

#include <linux/if_link.h>
#include <linux/rtnetlink.h>

static const struct vnm_op_netns here = { 0 };

static struct vnm_guest_dev vxlan_dev(const struct vnm_op_vxlan *want)
{
	return (struct vnm_guest_dev){ .name = want->name,
				       .kind = "vxlan",
				       .ns = &here,
				       .group = VNM_GROUP_GUEST,
				       .mtu = want->mtu };
}

/* ---- what the kernel has ---- */

/** struct seen - of a VXLAN device. @known: it is one */
struct seen {
	uint32_t vni;
	uint16_t port;
	struct vnm_addr local;
	bool known, told;
};

static int on_link(const struct nlmsghdr *hdr, void *data)
{
	struct nlattr *tb[IFLA_MAX + 1], *info[IFLA_INFO_MAX + 1], *own[IFLA_VXLAN_MAX + 1];
	struct seen *seen = data;

	if (nlmsg_parse((struct nlmsghdr *)hdr, sizeof(struct ifinfomsg), tb, IFLA_MAX, NULL) < 0 ||
	    !tb[IFLA_LINKINFO] ||
	    nla_parse_nested(info, IFLA_INFO_MAX, tb[IFLA_LINKINFO], NULL) < 0 ||
	    !info[IFLA_INFO_DATA] ||
	    nla_parse_nested(own, IFLA_VXLAN_MAX, info[IFLA_INFO_DATA], NULL) < 0 ||
	    !own[IFLA_VXLAN_ID])
		return 0;
	seen->known = true;
	seen->vni = nla_get_u32(own[IFLA_VXLAN_ID]);
	if (own[IFLA_VXLAN_PORT])
		seen->port = ntohs(nla_get_u16(own[IFLA_VXLAN_PORT]));
	seen->told = own[IFLA_VXLAN_LEARNING] && !nla_get_u8(own[IFLA_VXLAN_LEARNING]);
	if (own[IFLA_VXLAN_LOCAL])
		vnm_nl_get_addr(own[IFLA_VXLAN_LOCAL], AF_INET, &seen->local);
	else if (own[IFLA_VXLAN_LOCAL6])
		vnm_nl_get_addr(own[IFLA_VXLAN_LOCAL6], AF_INET6, &seen->local);
	return 0;
}

static int read_vxlan(struct vnm_sys *sys, int index, struct seen *ret)
{
	struct ifinfomsg head = { .ifi_family = AF_UNSPEC, .ifi_index = index };
	vnm_autonl struct vnm_nl_req req = { 0 };

	*ret = (struct seen){ 0 };
	vnm_nl_begin(&req, RTM_GETLINK, 0, &head, sizeof(head));
	return vnm_nl_do(sys, &req, &(struct vnm_nl_sink){ on_link, NULL, ret });
}

static bool explain(const struct seen *seen, const struct vnm_op_vxlan *want,
		    char why[static VNM_WHY_SIZE])
{
	if (!seen->known || seen->vni != want->vni || seen->port != want->port)
		snprintf(why, VNM_WHY_SIZE, "it has another VNI or port");
	else if (!vnm_addr_equal(&seen->local, &want->local))
		snprintf(why, VNM_WHY_SIZE, "it has another local address");
	else if (seen->told != want->told)
		snprintf(why, VNM_WHY_SIZE, want->told ? "it learns" : "it does not learn");
	else
		return false;
	return true;
}

/* ---- changes ---- */

static void put_local(struct vnm_nl_req *req, const struct vnm_addr *local)
{
	vnm_nl_put(req, local->family == AF_INET6 ? IFLA_VXLAN_LOCAL6 : IFLA_VXLAN_LOCAL, local->b,
		   vnm_addr_bits(local->family) / 8);
}

/* The VNI only says which one it is. */
static void put_changeable(struct vnm_nl_req *req, const struct vnm_op_vxlan *want)
{
	const uint8_t learns = !want->told;

	vnm_nl_put_u32(req, IFLA_VXLAN_ID, want->vni);
	put_local(req, &want->local);
	vnm_nl_put(req, IFLA_VXLAN_LEARNING, &learns, sizeof(learns));
}

static void put_data(struct vnm_nl_req *req, const struct vnm_op_vxlan *want, int lower)
{
	const uint16_t port = htons(want->port);
	struct vnm_nl_kind nests = vnm_nl_kind(req, "vxlan");

	put_changeable(req, want);
	vnm_nl_put(req, IFLA_VXLAN_PORT, &port, sizeof(port));
	vnm_nl_put_u32(req, IFLA_VXLAN_LIMIT, VNM_BRIDGE_FDB_MAX);
	if (lower)
		vnm_nl_put_u32(req, IFLA_VXLAN_LINK, (uint32_t)lower);
	vnm_nl_kind_end(req, &nests);
}

static int make(struct vnm_sys *sys, const struct vnm_op_vxlan *want, struct vnm_error *err)
{
	struct ifinfomsg head = { .ifi_family = AF_UNSPEC };
	vnm_autonl struct vnm_nl_req req = { 0 };
	struct vnm_link lower = { 0 };
	int r = want->link ? vnm_link_need(sys, want->link, &lower, err) : 0;

	if (r < 0)
		return r;
	vnm_nl_begin(&req, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, &head, sizeof(head));
	vnm_nl_put_str(&req, IFLA_IFNAME, want->name);
	vnm_nl_put_u32(&req, IFLA_GROUP, VNM_GROUP_GUEST);
	if (want->mtu)
		vnm_nl_put_u32(&req, IFLA_MTU, want->mtu);
	put_data(&req, want, lower.fact.index);
	r = vnm_nl_do(sys, &req, NULL);
	if (r < 0)
		return vnm_nl_fail(err, r, &req, "cannot create VXLAN device '%s'", want->name);
	return 0;
}

/* Another address, of the same family; and whether it learns. */
static int set_changeable(struct vnm_sys *sys, const struct vnm_link *link,
			  const struct vnm_op_vxlan *want, struct vnm_error *err)
{
	struct ifinfomsg head = { .ifi_family = AF_UNSPEC, .ifi_index = link->fact.index };
	vnm_autonl struct vnm_nl_req req = { 0 };
	struct vnm_nl_kind nests;
	int r;

	vnm_nl_begin(&req, RTM_NEWLINK, 0, &head, sizeof(head));
	nests = vnm_nl_kind(&req, "vxlan");
	put_changeable(&req, want);
	vnm_nl_kind_end(&req, &nests);
	r = vnm_nl_do(sys, &req, NULL);
	return r < 0 ? vnm_nl_fail(err, r, &req, "cannot change VXLAN device '%s'", want->name) : 0;
}

/* One that is there: somebody has changed it, or the definition has. */
static int restore(struct vnm_sys *sys, const struct vnm_link *link,
		   const struct vnm_op_vxlan *want, struct vnm_error *err)
{
	const struct vnm_guest_dev dev = vxlan_dev(want);
	char why[VNM_WHY_SIZE];
	struct seen seen;
	int r = read_vxlan(sys, link->fact.index, &seen);

	if (r < 0)
		return vnm_nl_fail(err, r, NULL, "cannot inspect device '%s'", want->name);
	if (explain(&seen, want, why))
		r = set_changeable(sys, link, want, err);
	return r < 0 ? r : vnm_guest_restore(sys, link, &dev, err);
}

/* ---- the operation ---- */

static int vxlan_prepare(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	const struct vnm_guest_dev dev = vxlan_dev(&op->vxlan);
	int r = vnm_guest_free_name(sys, &dev, err);

	return r < 0 ? r : vnm_link_kind_need(sys, "vxlan", op->vxlan.name, err);
}

static int vxlan_apply(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	const struct vnm_guest_dev dev = vxlan_dev(&op->vxlan);
	struct vnm_error ignored = { 0 };
	struct vnm_link link;
	int r = vnm_guest_find(sys, &dev, &link, err);

	if (r < 0)
		return r;
	if (r > 0)
		r = restore(sys, &link, &op->vxlan, err);
	else
		r = make(sys, &op->vxlan, err);
	if (r < 0)
		return r;
	r = vnm_guest_record_write(sys, &dev, err);
	if (r < 0)
		(void)vnm_guest_delete(sys, &dev, &ignored);
	return r;
}

static int vxlan_check(struct vnm_sys *sys, const struct vnm_op *op, enum vnm_presence *ret,
		       struct vnm_error *err)
{
	const struct vnm_guest_dev dev = vxlan_dev(&op->vxlan);
	struct vnm_link link;
	struct seen seen;
	int r = vnm_guest_check(sys, &dev, ret, err);

	if (r < 0 || *ret != VNM_PRESENT)
		return r;
	r = vnm_guest_find(sys, &dev, &link, err);
	if (r > 0)
		r = read_vxlan(sys, link.fact.index, &seen);
	if (r < 0 && r != -ENODEV)
		return vnm_nl_fail(err, r, NULL, "cannot inspect device '%s'", op->vxlan.name);
	if (r < 0 || explain(&seen, &op->vxlan, sys->why))
		*ret = VNM_ABSENT;
	return 0;
}

static int vxlan_revert(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	const struct vnm_guest_dev dev = vxlan_dev(&op->vxlan);

	return vnm_guest_delete(sys, &dev, err);
}

static int vxlan_change(struct vnm_sys *sys, const struct vnm_op *old, const struct vnm_op *new,
			struct vnm_error *err)
{
	const struct vnm_guest_dev dev = vxlan_dev(&old->vxlan);
	struct vnm_link link;
	int r = vnm_guest_find(sys, &dev, &link, err);

	if (r <= 0)
		return r;
	return restore(sys, &link, &new->vxlan, err);
}

const struct vnm_op_impl vnm_impl_vxlan = {
	.prepare = vxlan_prepare,
	.apply = vxlan_apply,
	.check = vxlan_check,
	.revert = vxlan_revert,
	.change = vxlan_change,
};
