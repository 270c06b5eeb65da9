/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bridge_vlans.c - the filtering of VLANs by a network's own bridge, and the VLAN that it is in itself.
 *
 * The host is a member of a bridge as a port is, without a tag. Its VLAN is set there, and not as the bridge's default for all
 * ports (default_pvid): when that changes, the kernel moves each port whose VLAN without a tag is the former default, those of
 * guests that are there by their own <vlan> as well.
 */
#include "sys/link/bridge_vlans.h"

#include <errno.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <stdio.h>

#include "model/vlan.h"
#include "sys/link/port_vlans.h"
#include "sys/netlink/netlink.h"

/**
 * vnm_bridge_vlans_probe() - can this kernel's bridges filter VLANs?
 * @sys:  the handles
 * @want: a bridge that may not exist yet; the kernel has bridges
 * @err:  VNM_ERR_UNSUPPORTED
 *
 * It is asked for VLANs of bridges, since there may be no bridge yet whose option could be tried.
 *
 * Return: 0, also when it is not to filter; or -errno.
 */
int vnm_bridge_vlans_probe(struct vnm_sys *sys, const struct vnm_op_bridge *want,
			   struct vnm_error *err)
{
	struct vnm_vlan_members any vnm_automembers = { 0 };
	struct vnm_link none = { 0 };

	if (!want->filters_vlans || vnm_port_vlans_read(sys, &none, &any) != -EOPNOTSUPP)
		return 0;
	snprintf(none.fact.name, sizeof(none.fact.name), "%s", want->name);
	return vnm_bridge_need_vlans(&none, err);
}

static const char *own_vlan(const struct vnm_op_bridge *want, char text[static 32])
{
	if (!want->vlan)
		return NULL;
	snprintf(text, 32, "%u:pvid:untagged", want->vlan);
	return text;
}

/**
 * vnm_bridge_vlans_explain() - does a bridge filter VLANs as wanted, and is it in its own?
 * @sys:  the handles; sys->why gets the words
 * @link: the bridge
 * @want: how it was made
 *
 * One that need not filter may: that is the host's business.
 *
 * Return: 0: it does; 1: it does not; -errno.
 */
int vnm_bridge_vlans_explain(struct vnm_sys *sys, const struct vnm_link *link,
			     const struct vnm_op_bridge *want)
{
	char text[32];
	int r = 1;

	if (!want->filters_vlans)
		return 0;
	if (!link->vlan_filtering) {
		snprintf(sys->why, sizeof(sys->why), "it does not filter VLANs");
		return 1;
	}
	r = vnm_port_vlans_differ(sys, link, own_vlan(want, text));
	if (r == 1)
		snprintf(
			sys->why, sizeof(sys->why),
			"the host is in other VLANs, and can be in one: for a second one, define a "
			"second network");
	return r;
}

static int set_filtering(struct vnm_sys *sys, const struct vnm_link *link, bool on,
			 struct vnm_error *err)
{
	struct ifinfomsg head = { .ifi_family = AF_UNSPEC, .ifi_index = link->fact.index };
	vnm_autonl struct vnm_nl_req req = { 0 };
	struct vnm_nl_kind nests;
	int r;

	vnm_nl_begin(&req, RTM_NEWLINK, 0, &head, sizeof(head));
	nests = vnm_nl_kind(&req, "bridge");
	vnm_nl_put_u8(&req, IFLA_BR_VLAN_FILTERING, on);
	vnm_nl_kind_end(&req, &nests);
	r = vnm_nl_do(sys, &req, NULL);
	return r < 0 ? vnm_nl_fail(err, r, &req, "cannot set the VLAN filtering of bridge '%s'",
				   link->fact.name)
		     : 0;
}

/**
 * vnm_bridge_vlans_set() - let a bridge filter VLANs, and be in its own; or no longer
 * @sys:  the handles
 * @link: the bridge, as it is
 * @old:  the settings wanted before; NULL: none
 * @want: the settings wanted now
 * @err:  set on failure
 *
 * Return: 0 or -errno.
 */
int vnm_bridge_vlans_set(struct vnm_sys *sys, const struct vnm_link *link,
			 const struct vnm_op_bridge *old, const struct vnm_op_bridge *want,
			 struct vnm_error *err)
{
	struct vnm_link filtering = *link;
	char text[32];
	int r;

	if (!want->filters_vlans && !(old && old->filters_vlans))
		return 0;
	if (!want->filters_vlans && !link->vlans)
		return 0;
	if (!want->filters_vlans) {
		r = set_filtering(sys, link, false, err);
		return r < 0 ? r : vnm_port_vlans_reset(sys, link, link, err);
	}
	filtering.vlan_filtering = filtering.vlans;
	r = vnm_bridge_need_vlans(&filtering, err);
	if (r == 0)
		r = vnm_port_vlans_set(sys, link, own_vlan(want, text), err);
	return r < 0 || link->vlan_filtering ? r : set_filtering(sys, link, true, err);
}
