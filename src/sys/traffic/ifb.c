/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ifb.c - the ifb device through which the packets that another device receives are redirected, and shaped.
 *
 * It is recognised like our bridges, by name, kind, MAC and group, all set when it is created.
 */
#include "sys/traffic/ifb.h"

#include <errno.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <string.h>

#include "sys/link/link.h"
#include "sys/link/link_set.h"
#include "sys/traffic/shaper.h"
#include "util/file.h"
#include "util/mem.h"

/**
 * vnm_ifb_loses_nat() - does iptables see bridged packets, too?
 *
 * A packet redirected through an ifb device loses its conntrack entry (kernel tcf_mirred_to_dev()), and its second pass
 * through iptables is skipped (ip_sabotage_in()): NAT never sees it.
 *
 * Return: true when it does for IPv4 or IPv6; then a bridge's packets must not be redirected.
 */
bool vnm_ifb_loses_nat(void)
{
	static const char *const switches[] = { "/proc/sys/net/bridge/bridge-nf-call-iptables",
						"/proc/sys/net/bridge/bridge-nf-call-ip6tables" };
	char value[8];
	bool on = false;

	for (size_t i = 0; i < VNM_ARRAY_SIZE(switches); i++)
		on |= vnm_proc_read(switches[i], value, sizeof(value)) == 0 &&
		      strcmp(value, "0") != 0;
	return on;
}

static bool is_ours(const struct vnm_link *link, const struct vnm_op_bandwidth *op)
{
	return strcmp(link->fact.kind, "ifb") == 0 && vnm_mac_equal(&link->fact.mac, &op->mac) &&
	       (link->group & VNM_GROUP_MASK) == VNM_GROUP_BASE;
}

static int refuse(const struct vnm_link *link, struct vnm_error *err)
{
	return vnm_error_set(err, VNM_ERR_FOREIGN, EEXIST,
			     "device '%s' already exists and is not ours; it is needed for the "
			     "outbound bandwidth: rename or delete it",
			     link->fact.name);
}

/* Return: 0; -ENODEV, without setting @err: no such device; -errno. */
static int ifb_get(struct vnm_sys *sys, const struct vnm_op_bandwidth *op, struct vnm_link *ret,
		   struct vnm_error *err)
{
	int r = vnm_link_read(sys, op->ifb, ret);

	return r < 0 && r != -ENODEV
		       ? vnm_nl_fail(err, r, NULL, "cannot inspect device '%s'", op->ifb)
		       : r;
}

/** vnm_ifb_prepare() - vnm_op_impl.prepare of the device: refuses one of that name that is not ours */
int vnm_ifb_prepare(struct vnm_sys *sys, const struct vnm_op_bandwidth *op, struct vnm_error *err)
{
	struct vnm_link link;
	int r = ifb_get(sys, op, &link, err);

	if (r == 0 && !is_ours(&link, op))
		return refuse(&link, err);
	return r == -ENODEV ? 0 : r;
}

static int ifb_make(struct vnm_sys *sys, const struct vnm_op_bandwidth *op, struct vnm_error *err)
{
	struct ifinfomsg head = { .ifi_family = AF_UNSPEC };
	vnm_autonl struct vnm_nl_req req = { 0 };
	struct nlattr *info;
	int r;

	vnm_nl_begin(&req, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, &head, sizeof(head));
	vnm_nl_put_str(&req, IFLA_IFNAME, op->ifb);
	vnm_nl_put(&req, IFLA_ADDRESS, op->mac.b, sizeof(op->mac.b));
	vnm_nl_put_u32(&req, IFLA_GROUP, VNM_GROUP_BASE);
	info = vnm_nl_nest(&req, IFLA_LINKINFO);
	vnm_nl_put_str(&req, IFLA_INFO_KIND, "ifb");
	vnm_nl_nest_end(&req, info);
	r = vnm_nl_do(sys, &req, NULL);
	return r < 0 ? vnm_nl_fail(err, r, &req, "cannot create device '%s'", op->ifb) : 0;
}

/**
 * vnm_ifb_apply() - vnm_op_impl.apply of the device, which @ret gets
 *
 * It is created, then shaped, then set up: no packet passes it unlimited.
 */
int vnm_ifb_apply(struct vnm_sys *sys, const struct vnm_op_bandwidth *op, struct vnm_link *ret,
		  struct vnm_error *err)
{
	int r = ifb_get(sys, op, ret, err);

	if (r == -ENODEV) {
		r = ifb_make(sys, op, err);
		if (r == 0)
			r = vnm_link_need(sys, op->ifb, ret, err);
	}
	if (r < 0)
		return r;
	if (!is_ours(ret, op))
		return refuse(ret, err);
	r = vnm_shaper_apply(sys, op, ret, err);
	if (r < 0 || ret->fact.up)
		return r;
	return vnm_link_set_flags(sys, ret, IFF_UP, IFF_UP, err);
}

/** vnm_ifb_check() - vnm_op_impl.check of the device, which @link gets, and its shaper */
int vnm_ifb_check(struct vnm_sys *sys, const struct vnm_op_bandwidth *op, struct vnm_link *link,
		  enum vnm_presence *ret, struct vnm_error *err)
{
	int r = ifb_get(sys, op, link, err);

	*ret = r < 0 ? VNM_ABSENT : VNM_FOREIGN;
	if (r < 0)
		return r == -ENODEV ? 0 : r;
	if (!is_ours(link, op))
		return 0;
	r = vnm_shaper_check(sys, op, link, ret, err);
	if (*ret == VNM_PRESENT && !link->fact.up)
		*ret = VNM_ABSENT;
	return r;
}

/** vnm_ifb_revert() - vnm_op_impl.revert of the device */
int vnm_ifb_revert(struct vnm_sys *sys, const struct vnm_op_bandwidth *op, struct vnm_error *err)
{
	struct vnm_link link;
	int r = ifb_get(sys, op, &link, err);

	if (r < 0 || !is_ours(&link, op))
		return r == -ENODEV ? 0 : r;
	return vnm_link_delete(sys, &link, err);
}
