// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * link_kind.c - does the kernel support a kind of device?
 *
 * The probe requests a device with an invalid MAC address. If the kernel has the kind, or a module for it, which it then
 * loads, it refuses the address (the kind's validate()); otherwise it refuses the kind. No device is created.
 */
#include "sys/link/link_kind.h"

#include <errno.h>

#include "sys/netlink/netlink.h"

#include <linux/if_ether.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>

/**
 * vnm_link_kind_need() - require a kind of device of the kernel
 * @sys:  the handles
 * @kind: such as "bridge"
 * @name: of the device to be created, for the message
 * @err:  VNM_ERR_UNSUPPORTED, with the kind and what to do
 *
 * If the probe is inconclusive the kind counts as supported: creating the device will tell.
 *
 * Return: 0 or -EOPNOTSUPP.
 */
int vnm_link_kind_need(struct vnm_sys *sys, const char *kind, const char *name,
		       struct vnm_error *err)
{
	static const unsigned char nobodys[ETH_ALEN] = { 1 }; /* a group's */
	struct ifinfomsg head = { .ifi_family = AF_UNSPEC };
	vnm_autonl struct vnm_nl_req req = { 0 };
	struct nlattr *info;

	vnm_nl_begin(&req, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, &head, sizeof(head));
	vnm_nl_put_str(&req, IFLA_IFNAME, name);
	vnm_nl_put(&req, IFLA_ADDRESS, nobodys, sizeof(nobodys));
	info = vnm_nl_nest(&req, IFLA_LINKINFO);
	vnm_nl_put_str(&req, IFLA_INFO_KIND, kind);
	vnm_nl_nest_end(&req, info);
	if (vnm_nl_do(sys, &req, NULL) != -EOPNOTSUPP)
		return 0;
	return vnm_nl_fail(err, -EOPNOTSUPP, &req, "cannot create %s '%s'", kind, name);
}
