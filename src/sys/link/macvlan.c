/* SPDX-License-Identifier: GPL-2.0-or-later */
/* macvlan.c - a guest's device on top of one of the host's: macvlan, macvtap. */
#include "sys/op_impl.h"

#include <errno.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sys/link/guest.h"
#include "sys/link/guest_record.h"
#include "sys/link/link.h"
#include "sys/link/link_kind.h"
#include "sys/netlink/netns_enter.h"
#include "util/mem.h"

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
	return (struct vnm_guest_dev){ .name = want->name,
				       .kind = macvlan_kind(want),
				       .ns = &want->ns,
				       .group = VNM_GROUP_GUEST };
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

/* /dev/tapN is named after the ifindex; devtmpfs creates it within the request that creates the device. */
static int set_tap_owner(struct vnm_sys *sys, const struct vnm_op_macvlan *want,
			 struct vnm_error *err)
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

/* The namespace has no such device: the kernel looks for the name in the one that the parent is in, too. */
static int refuse_name(const struct vnm_op_macvlan *want, struct vnm_error *err)
{
	return vnm_error_set(err, VNM_ERR_NAME_IN_USE, EEXIST,
			     "the host has a device '%s', and the kernel gives no macvlan that "
			     "name, not in a namespace either; choose another: --ifname",
			     want->name);
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
	if (r == -EEXIST && nsfd >= 0)
		return refuse_name(want, err);
	if (r < 0)
		return vnm_nl_fail(err, r, &req, "cannot create %s '%s' on device '%s'",
				   macvlan_kind(want), want->name, want->parent);
	return 0;
}

static int macvlan_apply(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	const struct vnm_guest_dev dev = macvlan_dev(&op->macvlan);
	struct vnm_error ignored = { 0 };
	struct vnm_link link;
	int r;

	if (vnm_guest_record_find(sys, dev.name, dev.ns, &link) > 0)
		return vnm_guest_restore(sys, &link, &dev, err);
	r = make_macvlan(sys, &op->macvlan, err);
	if (r < 0)
		return r;
	r = vnm_guest_record_write(sys, &dev, err);
	if (r == 0)
		r = set_tap_owner(sys, &op->macvlan, err);
	if (r < 0)
		(void)vnm_guest_delete(sys, &dev, &ignored);
	return r;
}

static int macvlan_check(struct vnm_sys *sys, const struct vnm_op *op, enum vnm_presence *ret,
			 struct vnm_error *err)
{
	const struct vnm_guest_dev dev = macvlan_dev(&op->macvlan);
	struct vnm_sys *there;
	int r = vnm_sys_enter(sys, dev.ns, &there);

	*ret = VNM_ABSENT;
	if (r < 0)
		return r == -ENOENT ? 0 : vnm_netns_fail(dev.ns, r, err);
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
