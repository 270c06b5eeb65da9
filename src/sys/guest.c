/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * guest.c - devices of guests: a pair into a network namespace, a device on top of one of the host's.
 *
 * A device is ours by its name, its kind and a device group of its own, which is set in the message that makes it
 * (tap.c tells how a tap gets it). It is not the group of the bridges: to the firewall a guest's device is part of
 * the bridge that it is on. A tun is on none, and is in the group of its network's.
 */
#include "sys/guest.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sys/guest_internal.h"

#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>

#include "util/mem.h"

static bool is_ours(const struct vnm_link *link, const char *kind)
{
	return !strcmp(link->fact.kind, kind) && vnm_link_in_our_group(link);
}

/**
 * vnm_guest_check() - is a device of ours there?
 * @sys:  the handles where it should be
 * @name: its name
 * @kind: its kind
 * @ret:  the answer
 * @err:  the error
 *
 * Return: 0 or -errno.
 */
int vnm_guest_check(struct vnm_sys *sys, const char *name, const char *kind, enum vnm_presence *ret,
		    struct vnm_error *err)
{
	struct vnm_link link;
	int r = vnm_link_look(sys, name, &link);

	if (r == -ENODEV || r == -EINVAL)
		*ret = VNM_ABSENT;
	else if (r < 0)
		return vnm_nl_fail(err, r, NULL, "cannot look at device '%s'", name);
	else
		*ret = is_ours(&link, kind) ? VNM_PRESENT : VNM_FOREIGN;
	return 0;
}

/**
 * vnm_guest_free_name() - may a device of that name be made?
 *
 * Arguments as vnm_guest_check(). One of ours that is there already may stay.
 *
 * Return: 0 or -errno.
 */
int vnm_guest_free_name(struct vnm_sys *sys, const char *name, const char *kind,
			struct vnm_error *err)
{
	enum vnm_presence presence = VNM_ABSENT;
	int r;

	if (!vnm_ifname_valid(name))
		return vnm_error_set(err, VNM_ERR_USAGE, EINVAL,
				     "'%s' cannot be the name of a device: 1 to 15 letters, digits "
				     "and _ . -",
				     name);
	r = vnm_guest_check(sys, name, kind, &presence, err);
	if (r < 0 || presence != VNM_FOREIGN)
		return r;
	return vnm_error_set(err, VNM_ERR_FOREIGN, EEXIST,
			     "device '%s' already exists; choose another name", name);
}

/**
 * vnm_guest_delete() - delete a device of ours
 *
 * Arguments as vnm_guest_check(). Gone is fine; another's is left alone.
 *
 * Return: 0 or -errno.
 */
int vnm_guest_delete(struct vnm_sys *sys, const char *name, const char *kind, struct vnm_error *err)
{
	struct ifinfomsg head = { .ifi_family = AF_UNSPEC };
	vnm_autonl struct vnm_nl_req req = { 0 };
	struct vnm_link link;
	int r = vnm_link_look(sys, name, &link);

	if (r == -ENODEV || r == -EINVAL)
		return 0;
	if (r < 0)
		return vnm_nl_fail(err, r, NULL, "cannot look at device '%s'", name);
	if (!is_ours(&link, kind))
		return 0;
	head.ifi_index = link.fact.index;
	vnm_nl_begin(&req, RTM_DELLINK, 0, &head, sizeof(head));
	r = vnm_nl_do(sys, &req, NULL);
	if (r < 0 && r != -ENODEV)
		return vnm_nl_fail(err, r, &req, "cannot delete device '%s'", name);
	return 0;
}

/* ---- a pair: one end here, the other in a guest's namespace ---- */

static int veth_prepare(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	const struct vnm_op_veth *want = &op->veth;
	struct vnm_sys *there;
	int r = vnm_guest_free_name(sys, want->name, "veth", err);

	if (r < 0)
		return r;
	r = vnm_sys_enter(sys, &want->ns, &there);
	if (r < 0)
		return vnm_netns_fail(&want->ns, r, err);
	r = vnm_guest_free_name(there, want->peer, "veth", err);
	return r < 0 ? vnm_error_prefix(err, "in '%s': ", want->ns.path) : 0;
}

static void begin_veth(struct vnm_nl_req *req, const struct vnm_op_veth *want, int nsfd)
{
	struct ifinfomsg head = { .ifi_family = AF_UNSPEC };
	struct nlattr *info, *data, *peer;

	vnm_nl_begin(req, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, &head, sizeof(head));
	vnm_nl_put_str(req, IFLA_IFNAME, want->name);
	vnm_nl_put_u32(req, IFLA_GROUP, VNM_GROUP_GUEST);
	info = vnm_nl_nest(req, IFLA_LINKINFO);
	vnm_nl_put_str(req, IFLA_INFO_KIND, "veth");
	data = vnm_nl_nest(req, IFLA_INFO_DATA);
	peer = vnm_nl_nest(req, VETH_INFO_PEER);
	vnm_nl_put_raw(req, &head, sizeof(head));
	vnm_nl_put_str(req, IFLA_IFNAME, want->peer);
	vnm_nl_put_u32(req, IFLA_GROUP, VNM_GROUP_GUEST);
	if (want->mac.set)
		vnm_nl_put(req, IFLA_ADDRESS, want->mac.b, sizeof(want->mac.b));
	vnm_nl_put_u32(req, IFLA_NET_NS_FD, (uint32_t)nsfd);
	vnm_nl_nest_end(req, peer);
	vnm_nl_nest_end(req, data);
	vnm_nl_nest_end(req, info);
}

static int veth_apply(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	const struct vnm_op_veth *want = &op->veth;
	vnm_autonl struct vnm_nl_req req = { 0 };
	vnm_autoclose int nsfd = vnm_netns_open(&want->ns);
	enum vnm_presence presence = VNM_ABSENT;
	int r;

	if (nsfd < 0)
		return vnm_netns_fail(&want->ns, nsfd, err);
	begin_veth(&req, want, nsfd);
	r = vnm_nl_do(sys, &req, NULL);
	if (r == -EEXIST) {
		struct vnm_error ignored = { 0 };

		(void)vnm_guest_check(sys, want->name, "veth", &presence, &ignored);
	}
	if (r == 0 || presence == VNM_PRESENT)
		return 0;
	return vnm_nl_fail(err, r, &req, "cannot make '%s' in network namespace '%s'", want->peer,
			   want->ns.path);
}

/* Both ends go together, so the one here tells; unless the other was moved on. */
static int veth_check(struct vnm_sys *sys, const struct vnm_op *op, enum vnm_presence *ret,
		      struct vnm_error *err)
{
	const struct vnm_op_veth *want = &op->veth;
	struct vnm_sys *there;
	int r = vnm_guest_check(sys, want->name, "veth", ret, err);

	if (r < 0 || *ret != VNM_PRESENT)
		return r;
	if (vnm_sys_enter(sys, &want->ns, &there) < 0) {
		*ret = VNM_ABSENT;
		return 0;
	}
	return vnm_guest_check(there, want->peer, "veth", ret, err);
}

static int veth_revert(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	return vnm_guest_delete(sys, op->veth.name, "veth", err);
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

static int macvlan_prepare(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	const struct vnm_op_macvlan *want = &op->macvlan;
	struct vnm_link parent;
	struct vnm_sys *there;
	int r = vnm_link_need(sys, want->parent, &parent, err);

	if (r < 0)
		return r;
	r = vnm_sys_enter(sys, &want->ns, &there);
	if (r < 0)
		return vnm_netns_fail(&want->ns, r, err);
	return vnm_guest_free_name(there, want->name, macvlan_kind(want), err);
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
		struct vnm_error ignored = { 0 };

		r = -errno;
		(void)vnm_guest_delete(sys, want->name, macvlan_kind(want), &ignored);
		return vnm_error_set(err, VNM_ERR_SYSTEM, -r, "cannot set the owner of '%s': %s",
				     file, strerror(-r));
	}
	return 0;
}

static int macvlan_apply(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	const struct vnm_op_macvlan *want = &op->macvlan;
	struct ifinfomsg head = { .ifi_family = AF_UNSPEC };
	vnm_autonl struct vnm_nl_req req = { 0 };
	vnm_autoclose int nsfd = want->ns.path ? vnm_netns_open(&want->ns) : -1;
	struct nlattr *info, *data;
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
	info = vnm_nl_nest(&req, IFLA_LINKINFO);
	vnm_nl_put_str(&req, IFLA_INFO_KIND, macvlan_kind(want));
	data = vnm_nl_nest(&req, IFLA_INFO_DATA);
	vnm_nl_put_u32(&req, IFLA_MACVLAN_MODE, macvlan_mode(want->mode));
	vnm_nl_nest_end(&req, data);
	vnm_nl_nest_end(&req, info);
	r = vnm_nl_do(sys, &req, NULL);
	if (r < 0)
		return vnm_nl_fail(err, r, &req, "cannot make %s '%s' on device '%s'",
				   macvlan_kind(want), want->name, want->parent);
	return give_away(sys, want, err);
}

static int macvlan_check(struct vnm_sys *sys, const struct vnm_op *op, enum vnm_presence *ret,
			 struct vnm_error *err)
{
	const struct vnm_op_macvlan *want = &op->macvlan;
	struct vnm_sys *there;

	*ret = VNM_ABSENT;
	if (vnm_sys_enter(sys, &want->ns, &there) < 0)
		return 0;
	return vnm_guest_check(there, want->name, macvlan_kind(want), ret, err);
}

static int macvlan_revert(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	const struct vnm_op_macvlan *want = &op->macvlan;
	struct vnm_sys *there;
	int r = vnm_sys_enter(sys, &want->ns, &there);

	if (r == -ENOENT)
		return 0;
	if (r < 0)
		return vnm_netns_fail(&want->ns, r, err);
	return vnm_guest_delete(there, want->name, macvlan_kind(want), err);
}

const struct vnm_op_impl vnm_impl_macvlan = {
	.prepare = macvlan_prepare,
	.apply = macvlan_apply,
	.check = macvlan_check,
	.revert = macvlan_revert,
};
