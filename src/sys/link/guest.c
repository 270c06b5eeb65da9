/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * guest.c - devices of guests: a pair into a network namespace, a device on top of one of the host's.
 *
 * A device is ours by its name, its kind and a device group of its own, which is set in the message that makes it
 * (tap.c tells how a tap gets it). It is not the group of the bridges: to the firewall a guest's device is part of
 * the bridge that it is on. A tun is on none, and is in the group of its network's.
 */
#include "sys/link/guest.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sys/link/guest_internal.h"

#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>

#include "util/mem.h"

static bool is_ours(const struct vnm_link *link, const char *kind)
{
	return !strcmp(link->fact.kind, kind) && vnm_link_in_our_group(link);
}

/* By its name; where it is. */
static int look_by_name(struct vnm_sys *there, const struct vnm_guest_dev *dev,
			struct vnm_link *ret, struct vnm_error *err)
{
	int r = vnm_link_look(there, dev->name, ret);

	if (r == -ENODEV || r == -EINVAL)
		return -ENODEV;
	return r < 0 ? vnm_nl_fail(err, r, NULL, "cannot look at device '%s'", dev->name) : 0;
}

/**
 * vnm_guest_find() - look at a device of ours, as it is now
 * @sys: the handles here
 * @dev: the device; its namespace must be there
 * @ret: the device, when 1 is returned
 * @err: the error
 *
 * Known by its number, or, without a record of that, by its marks.
 *
 * Return: 1; 0 when there is none; -errno.
 */
int vnm_guest_find(struct vnm_sys *sys, const struct vnm_guest_dev *dev, struct vnm_link *ret,
		   struct vnm_error *err)
{
	struct vnm_sys *there;
	int r = vnm_sys_enter(sys, dev->ns, &there);

	if (r < 0)
		return vnm_netns_fail(dev->ns, r, err);
	r = vnm_guest_known(sys, dev->name, dev->ns, ret);
	if (r < 0)
		return vnm_nl_fail(err, r, NULL, "cannot look at device '%s'", dev->name);
	if (r > 0)
		return r;
	r = look_by_name(there, dev, ret, err);
	return r < 0 ? (r == -ENODEV ? 0 : r) : is_ours(ret, dev->kind);
}

/**
 * vnm_guest_check() - is a device of ours there, as it was made?
 * @sys: the handles here
 * @dev: the device; its namespace must be there
 * @ret: the answer
 * @err: the error
 *
 * Return: 0 or -errno.
 */
int vnm_guest_check(struct vnm_sys *sys, const struct vnm_guest_dev *dev, enum vnm_presence *ret,
		    struct vnm_error *err)
{
	struct vnm_sys *there;
	struct vnm_link link;
	int r = vnm_sys_enter(sys, dev->ns, &there);

	*ret = VNM_ABSENT;
	if (r < 0)
		return vnm_netns_fail(dev->ns, r, err);
	r = vnm_guest_known(sys, dev->name, dev->ns, &link);
	if (r < 0)
		return vnm_nl_fail(err, r, NULL, "cannot look at device '%s'", dev->name);
	if (r > 0) {
		*ret = vnm_guest_explain(&link, dev, sys->why) ? VNM_ABSENT : VNM_PRESENT;
		return 0;
	}
	r = look_by_name(there, dev, &link, err);
	if (r == 0 && !is_ours(&link, dev->kind))
		*ret = VNM_FOREIGN;
	else if (r == 0 && !vnm_guest_other_mtu(&link, dev, sys->why))
		*ret = VNM_PRESENT;
	return r == -ENODEV ? 0 : r;
}

/**
 * vnm_guest_free_name() - may a device of that name be made?
 *
 * Arguments as vnm_guest_check(). One of ours that is there already may stay.
 *
 * Return: 0 or -errno.
 */
int vnm_guest_free_name(struct vnm_sys *sys, const struct vnm_guest_dev *dev,
			struct vnm_error *err)
{
	enum vnm_presence presence = VNM_ABSENT;
	int r;

	if (!vnm_ifname_valid(dev->name))
		return vnm_error_set(err, VNM_ERR_USAGE, EINVAL,
				     "'%s' cannot be the name of a device: 1 to 15 letters, digits "
				     "and _ . -",
				     dev->name);
	r = vnm_guest_check(sys, dev, &presence, err);
	if (r < 0 || presence != VNM_FOREIGN)
		return r;
	return vnm_error_set(err, VNM_ERR_FOREIGN, EEXIST,
			     "device '%s' already exists; choose another name", dev->name);
}

/* By index, so that only the device that was looked at can be meant. Gone already is fine. */
static int delete_link(struct vnm_sys *there, const struct vnm_link *link, struct vnm_error *err)
{
	struct ifinfomsg head = { .ifi_family = AF_UNSPEC, .ifi_index = link->fact.index };
	vnm_autonl struct vnm_nl_req req = { 0 };
	int r;

	vnm_nl_begin(&req, RTM_DELLINK, 0, &head, sizeof(head));
	r = vnm_nl_do(there, &req, NULL);
	if (r < 0 && r != -ENODEV)
		return vnm_nl_fail(err, r, &req, "cannot delete device '%s'", link->fact.name);
	return 0;
}

static int delete_named(struct vnm_sys *sys, struct vnm_sys *there, const struct vnm_guest_dev *dev,
			struct vnm_error *err)
{
	struct vnm_link link;
	int r = look_by_name(there, dev, &link, err);

	if (r < 0)
		return r == -ENODEV ? 0 : r;
	if (is_ours(&link, dev->kind))
		return delete_link(there, &link, err);
	if (sys->notes)
		vnm_warnings_add(sys->notes,
				 "device '%s' is not the one that vnetmgr made, and stays; if "
				 "nothing needs it: ip link del %s",
				 dev->name, dev->name);
	return 0;
}

/**
 * vnm_guest_delete() - delete a device of ours, whatever it is called now
 *
 * Arguments as vnm_guest_check(). Gone is fine, with its namespace as well; another's is left alone.
 *
 * Return: 0 or -errno.
 */
int vnm_guest_delete(struct vnm_sys *sys, const struct vnm_guest_dev *dev, struct vnm_error *err)
{
	struct vnm_sys *there = sys;
	struct vnm_link link;
	int r = vnm_sys_enter(sys, dev->ns, &there);

	if (r < 0 && r != -ENOENT)
		return vnm_netns_fail(dev->ns, r, err);
	if (r == 0) {
		r = vnm_guest_known(sys, dev->name, dev->ns, &link);
		if (r < 0)
			return vnm_nl_fail(err, r, NULL, "cannot look at device '%s'", dev->name);
		r = r > 0 ? delete_link(there, &link, err) : delete_named(sys, there, dev, err);
		if (r < 0)
			return r;
	}
	vnm_guest_forget(sys, dev);
	return 0;
}

/* ---- a pair: one end here, the other in a guest's namespace ---- */

static struct vnm_guest_dev veth_end(const struct vnm_op_veth *want)
{
	static const struct vnm_op_netns here = { 0 };

	return (struct vnm_guest_dev){ .name = want->name, .kind = "veth", .ns = &here,
				       .group = VNM_GROUP_GUEST, .mtu = want->mtu };
}

/* The guest may call it as it likes; then it is not found, and nothing is given to it. */
static struct vnm_guest_dev veth_peer(const struct vnm_op_veth *want)
{
	return (struct vnm_guest_dev){ .name = want->peer, .kind = "veth", .ns = &want->ns,
				       .group = VNM_GROUP_GUEST, .mtu = want->mtu,
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
	nests = vnm_nl_kind(req, "veth");
	peer = vnm_nl_nest(req, VETH_INFO_PEER);
	vnm_nl_put_raw(req, &head, sizeof(head));
	vnm_nl_put_str(req, IFLA_IFNAME, want->peer);
	vnm_nl_put_u32(req, IFLA_GROUP, VNM_GROUP_GUEST);
	if (want->mtu)
		vnm_nl_put_u32(req, IFLA_MTU, want->mtu);
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
		return vnm_nl_fail(err, r, &req, "cannot make '%s' in network namespace '%s'",
				   want->peer, want->ns.path);
	r = vnm_guest_note(sys, &end, err);
	if (r < 0)
		(void)vnm_guest_delete(sys, &end, &ignored);
	return r;
}

/* One that the guest has renamed, or moved on, is not found, and stays as it is. */
static int restore_peer(struct vnm_sys *sys, const struct vnm_op_veth *want, struct vnm_error *err)
{
	const struct vnm_guest_dev peer = veth_peer(want);
	struct vnm_sys *there;
	struct vnm_link link;
	int r = vnm_sys_enter(sys, &want->ns, &there);

	if (r < 0)
		return vnm_netns_fail(&want->ns, r, err);
	r = look_by_name(there, &peer, &link, err);
	if (r < 0)
		return r == -ENODEV ? 0 : r;
	return is_ours(&link, peer.kind) ? vnm_link_set_mtu(there, &link, peer.mtu, err) : 0;
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
		r = vnm_guest_note(sys, &end, err);
	return r < 0 ? r : restore_peer(sys, &op->veth, err);
}

/* Both ends go together, so the one here tells; unless the other was moved on. */
static int veth_check(struct vnm_sys *sys, const struct vnm_op *op, enum vnm_presence *ret,
		      struct vnm_error *err)
{
	const struct vnm_op_veth *want = &op->veth;
	const struct vnm_guest_dev end = veth_end(want), peer = veth_peer(want);
	struct vnm_sys *there;
	int r = vnm_guest_check(sys, &end, ret, err);

	if (r < 0 || *ret != VNM_PRESENT)
		return r;
	if (vnm_sys_enter(sys, &want->ns, &there) < 0) {
		*ret = VNM_ABSENT;
		return 0;
	}
	return vnm_guest_check(sys, &peer, ret, err);
}

/* When the end here is gone elsewhere, the guest's leads to it. */
static int veth_revert(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	const struct vnm_op_veth *want = &op->veth;
	const struct vnm_guest_dev end = veth_end(want);
	struct vnm_link link, peer;
	struct vnm_sys *there;
	int r = vnm_guest_known(sys, end.name, NULL, &link);

	if (r == 0)
		r = vnm_guest_peer(sys, &end, &want->ns, &peer);
	else if (r > 0)
		r = 0;
	if (r < 0)
		return vnm_nl_fail(err, r, NULL, "cannot look at device '%s'", end.name);
	if (r > 0 && vnm_sys_enter(sys, &want->ns, &there) == 0)
		r = delete_link(there, &peer, err);
	return r < 0 ? r : vnm_guest_delete(sys, &end, err);
}

const struct vnm_op_impl vnm_impl_veth = {
	.prepare = veth_prepare,
	.apply = veth_apply,
	.check = veth_check,
	.revert = veth_revert,
};

/* ---- a device on top of one of the host's ---- */

static const char *macvlan_kind(const struct vnm_op_macvlan *want)
{
	return want->tap ? "macvtap" : "macvlan";
}

static uint32_t macvlan_mode(int mode)
{
	switch ((enum vnm_forward_mode)mode) {
	case VNM_FORWARD_PRIVATE: return MACVLAN_MODE_PRIVATE;
	case VNM_FORWARD_VEPA: return MACVLAN_MODE_VEPA;
	case VNM_FORWARD_PASSTHROUGH: return MACVLAN_MODE_PASSTHRU;
	case VNM_FORWARD_NONE:
	case VNM_FORWARD_NAT:
	case VNM_FORWARD_ROUTE:
	case VNM_FORWARD_OPEN:
	case VNM_FORWARD_BRIDGE:
	case VNM_FORWARD_HOSTDEV:
	case VNM_FORWARD_COUNT: break;
	}
	return MACVLAN_MODE_BRIDGE;
}

/* A guest, and whoever opens a macvtap, may change its MAC address. */
static struct vnm_guest_dev macvlan_dev(const struct vnm_op_macvlan *want)
{
	return (struct vnm_guest_dev){ .name = want->name, .kind = macvlan_kind(want),
				       .ns = &want->ns, .group = VNM_GROUP_GUEST };
}

static int macvlan_prepare(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	const struct vnm_guest_dev dev = macvlan_dev(&op->macvlan);
	struct vnm_link parent;
	int r = vnm_link_need(sys, op->macvlan.parent, &parent, err);

	if (r == 0)
		r = vnm_guest_free_name(sys, &dev, err);
	return r < 0 ? r
		     : vnm_link_kind_need(sys, op->macvlan.tap ? "macvtap" : "macvlan",
					  op->macvlan.name, err);
}

/* Its file has the number of the device; devtmpfs makes it within the request that makes the device. */
static int give_away(struct vnm_sys *sys, const struct vnm_op_macvlan *want, struct vnm_error *err)
{
	vnm_autofree char *file = NULL;
	struct vnm_link link;
	int r;

	if (!want->tap || (!want->uid.set && !want->gid.set))
		return 0;
	r = vnm_link_need(sys, want->name, &link, err);
	if (r < 0)
		return r;
	file = vnm_asprintf("/dev/tap%d", link.fact.index);
	if (chown(file, want->uid.set ? want->uid.v : (uid_t)-1,
		  want->gid.set ? want->gid.v : (gid_t)-1) < 0 ||
	    chmod(file, want->gid.set ? 0660 : 0600) < 0) {
		r = -errno;
		return vnm_error_set(err, VNM_ERR_SYSTEM, -r, "cannot set the owner of '%s': %s",
				     file, strerror(-r));
	}
	return 0;
}

static int make_macvlan(struct vnm_sys *sys, const struct vnm_op_macvlan *want,
			struct vnm_error *err)
{
	struct ifinfomsg head = { .ifi_family = AF_UNSPEC };
	vnm_autonl struct vnm_nl_req req = { 0 };
	vnm_autoclose int nsfd = want->ns.path ? vnm_netns_open(&want->ns) : -1;
	struct vnm_nl_kind nests;
	struct vnm_link parent;
	int r = vnm_link_need(sys, want->parent, &parent, err);

	if (r < 0)
		return r;
	if (want->ns.path && nsfd < 0)
		return vnm_netns_fail(&want->ns, nsfd, err);
	vnm_nl_begin(&req, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, &head, sizeof(head));
	vnm_nl_put_str(&req, IFLA_IFNAME, want->name);
	vnm_nl_put_u32(&req, IFLA_GROUP, VNM_GROUP_GUEST);
	vnm_nl_put_u32(&req, IFLA_LINK, (uint32_t)parent.fact.index);
	if (want->mac.set)
		vnm_nl_put(&req, IFLA_ADDRESS, want->mac.b, sizeof(want->mac.b));
	if (nsfd >= 0)
		vnm_nl_put_u32(&req, IFLA_NET_NS_FD, (uint32_t)nsfd);
	nests = vnm_nl_kind(&req, macvlan_kind(want));
	vnm_nl_put_u32(&req, IFLA_MACVLAN_MODE, macvlan_mode(want->mode));
	vnm_nl_kind_end(&req, &nests);
	r = vnm_nl_do(sys, &req, NULL);
	if (r < 0)
		return vnm_nl_fail(err, r, &req, "cannot make %s '%s' on device '%s'",
				   macvlan_kind(want), want->name, want->parent);
	return 0;
}

static int macvlan_apply(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	const struct vnm_guest_dev dev = macvlan_dev(&op->macvlan);
	struct vnm_error ignored = { 0 };
	struct vnm_link link;
	int r;

	if (vnm_guest_known(sys, dev.name, dev.ns, &link) > 0)
		return vnm_guest_restore(sys, &link, &dev, err);
	r = make_macvlan(sys, &op->macvlan, err);
	if (r < 0)
		return r;
	r = vnm_guest_note(sys, &dev, err);
	if (r == 0)
		r = give_away(sys, &op->macvlan, err);
	if (r < 0)
		(void)vnm_guest_delete(sys, &dev, &ignored);
	return r;
}

static int macvlan_check(struct vnm_sys *sys, const struct vnm_op *op, enum vnm_presence *ret,
			 struct vnm_error *err)
{
	const struct vnm_guest_dev dev = macvlan_dev(&op->macvlan);
	struct vnm_sys *there;

	*ret = VNM_ABSENT;
	if (vnm_sys_enter(sys, dev.ns, &there) < 0)
		return 0;
	return vnm_guest_check(sys, &dev, ret, err);
}

static int macvlan_revert(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	const struct vnm_guest_dev dev = macvlan_dev(&op->macvlan);

	return vnm_guest_delete(sys, &dev, err);
}

const struct vnm_op_impl vnm_impl_macvlan = {
	.prepare = macvlan_prepare,
	.apply = macvlan_apply,
	.check = macvlan_check,
	.revert = macvlan_revert,
};
