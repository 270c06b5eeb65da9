/* SPDX-License-Identifier: GPL-2.0-or-later */
/* veth.c - a veth pair: one end here, the other in a guest's network namespace. */
#include "sys/op_impl.h"

#include <errno.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <sys/socket.h>

#include "sys/link/guest.h"
#include "sys/link/guest_record.h"
#include "sys/link/link_kind.h"
#include "sys/link/link_set.h"
#include "sys/netlink/netns_enter.h"
#include "util/mem.h"

static struct vnm_guest_dev veth_end(const struct vnm_op_veth *want)
{
	static const struct vnm_op_netns here = { 0 };

	return (struct vnm_guest_dev){ .name = want->name,
				       .kind = "veth",
				       .ns = &here,
				       .group = VNM_GROUP_GUEST,
				       .mtu = want->mtu };
}

/* The guest may rename it; then it is not found, and left as it is. */
static struct vnm_guest_dev veth_peer(const struct vnm_op_veth *want)
{
	return (struct vnm_guest_dev){ .name = want->peer,
				       .kind = "veth",
				       .ns = &want->ns,
				       .group = VNM_GROUP_GUEST,
				       .mtu = want->mtu,
				       .less = want->told_mtu };
}

static int veth_prepare(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	const struct vnm_op_veth *want = &op->veth;
	const struct vnm_guest_dev end = veth_end(want), peer = veth_peer(want);
	int r = vnm_guest_free_name(sys, &end, err);

	if (r < 0)
		return r;
	r = vnm_link_kind_need(sys, "veth", want->name, err);
	if (r < 0)
		return r;
	r = vnm_guest_free_name(sys, &peer, err);
	return r < 0 && err->code != VNM_ERR_NO_DEVICE
		       ? vnm_error_prefix(err, "in '%s': ", want->ns.path)
		       : r;
}

/*
 * It has one queue in either case; but of a pair that was made for more, in case somebody wants them one day, the kernel
 * switches the others off, end by end, and waits each time until all processors know.
 */
static void put_queues(struct vnm_nl_req *req)
{
	vnm_nl_put_u32(req, IFLA_NUM_TX_QUEUES, 1);
	vnm_nl_put_u32(req, IFLA_NUM_RX_QUEUES, 1);
}

static void begin_veth(struct vnm_nl_req *req, const struct vnm_op_veth *want, int nsfd)
{
	struct ifinfomsg head = { .ifi_family = AF_UNSPEC };
	struct vnm_nl_kind nests;
	struct nlattr *peer;

	vnm_nl_begin(req, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, &head, sizeof(head));
	vnm_nl_put_str(req, IFLA_IFNAME, want->name);
	vnm_nl_put_u32(req, IFLA_GROUP, VNM_GROUP_GUEST);
	if (want->mtu)
		vnm_nl_put_u32(req, IFLA_MTU, want->mtu);
	put_queues(req);
	nests = vnm_nl_kind(req, "veth");
	peer = vnm_nl_nest(req, VETH_INFO_PEER);
	vnm_nl_put_raw(req, &head, sizeof(head));
	vnm_nl_put_str(req, IFLA_IFNAME, want->peer);
	vnm_nl_put_u32(req, IFLA_GROUP, VNM_GROUP_GUEST);
	if (want->mtu)
		vnm_nl_put_u32(req, IFLA_MTU, want->mtu);
	put_queues(req);
	if (want->mac.set)
		vnm_nl_put(req, IFLA_ADDRESS, want->mac.b, sizeof(want->mac.b));
	vnm_nl_put_u32(req, IFLA_NET_NS_FD, (uint32_t)nsfd);
	vnm_nl_nest_end(req, peer);
	vnm_nl_kind_end(req, &nests);
}

static int make_veth(struct vnm_sys *sys, const struct vnm_op_veth *want, struct vnm_error *err)
{
	const struct vnm_guest_dev end = veth_end(want);
	vnm_autonl struct vnm_nl_req req = { 0 };
	vnm_autoclose int nsfd = vnm_netns_open(&want->ns);
	struct vnm_error ignored = { 0 };
	int r;

	if (nsfd < 0)
		return vnm_netns_fail(&want->ns, nsfd, err);
	begin_veth(&req, want, nsfd);
	r = vnm_nl_do(sys, &req, NULL);
	if (r < 0)
		return vnm_nl_fail(err, r, &req, "cannot create '%s' in network namespace '%s'",
				   want->peer, want->ns.path);
	r = vnm_guest_record_write(sys, &end, err);
	if (r < 0)
		(void)vnm_guest_delete(sys, &end, &ignored);
	return r;
}

/* One that the guest has renamed or moved is not found, and stays as it is. */
static int restore_peer(struct vnm_sys *sys, const struct vnm_op_veth *want, struct vnm_error *err)
{
	const struct vnm_guest_dev peer = veth_peer(want);
	struct vnm_sys *there;
	struct vnm_link link;
	int r = vnm_sys_enter(sys, &want->ns, &there);

	if (r < 0)
		return vnm_netns_fail(&want->ns, r, err);
	r = vnm_link_find(there, peer.name, &link, err);
	if (r <= 0 || !vnm_guest_is_ours(&link, peer.kind))
		return r < 0 ? r : 0;
	return vnm_link_set_mtu(there, &link, peer.mtu, err);
}

static int veth_apply(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	const struct vnm_guest_dev end = veth_end(&op->veth);
	struct vnm_link link;
	int r = vnm_guest_find(sys, &end, &link, err);

	if (r <= 0)
		return r < 0 ? r : make_veth(sys, &op->veth, err);
	r = vnm_guest_restore(sys, &link, &end, err);
	if (r == 0)
		r = vnm_guest_record_write(sys, &end, err);
	return r < 0 ? r : restore_peer(sys, &op->veth, err);
}

/* Both ends exist or none, so the one here is checked; unless the other was moved. */
static int veth_check(struct vnm_sys *sys, const struct vnm_op *op, enum vnm_presence *ret,
		      struct vnm_error *err)
{
	const struct vnm_op_veth *want = &op->veth;
	const struct vnm_guest_dev end = veth_end(want), peer = veth_peer(want);
	struct vnm_sys *there;
	int r = vnm_guest_check(sys, &end, ret, err);

	if (r < 0 || *ret != VNM_PRESENT)
		return r;
	r = vnm_sys_enter(sys, &want->ns, &there);
	if (r < 0 && r != -ENOENT)
		return vnm_netns_fail(&want->ns, r, err);
	if (r < 0) {
		*ret = VNM_ABSENT;
		return 0;
	}
	return vnm_guest_check(sys, &peer, ret, err);
}

/* An end that was moved from here is found from the guest's. */
static int veth_revert(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	const struct vnm_op_veth *want = &op->veth;
	const struct vnm_guest_dev end = veth_end(want);
	struct vnm_link link, peer;
	struct vnm_sys *there;
	int r = vnm_guest_record_find(sys, end.name, NULL, &link);

	if (r == 0)
		r = vnm_guest_record_find_peer(sys, &end, &want->ns, &peer);
	else if (r > 0)
		r = 0;
	if (r < 0)
		return vnm_nl_fail(err, r, NULL, "cannot inspect device '%s'", end.name);
	if (r > 0 && vnm_sys_enter(sys, &want->ns, &there) == 0)
		r = vnm_link_delete(there, &peer, err);
	return r < 0 ? r : vnm_guest_delete(sys, &end, err);
}

const struct vnm_op_impl vnm_impl_veth = {
	.prepare = veth_prepare,
	.apply = veth_apply,
	.check = veth_check,
	.revert = veth_revert,
};
