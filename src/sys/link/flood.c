/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * flood.c - a host to which a VXLAN device sends frames for everybody and nobody.
 *
 * An entry for the MAC address of zeros in the device's own table of addresses, one of several. It disappears with the device.
 */
#include "sys/op_impl.h"

#include <errno.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <string.h>
#include <sys/socket.h>

#include "sys/link/guest_record.h"
#include "sys/link/link.h"
#include "sys/link/vxlan_entries.h"

#include <linux/if_ether.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>

static const uint8_t everybody[ETH_ALEN];

static int send_entry(struct vnm_sys *sys, const struct vnm_link *link,
		      const struct vnm_op_flood *want, int type, struct vnm_nl_req *req)
{
	struct ndmsg head = { .ndm_family = AF_BRIDGE,
			      .ndm_ifindex = link->fact.index,
			      .ndm_state = NUD_PERMANENT | NUD_NOARP,
			      .ndm_flags = NTF_SELF };

	vnm_nl_begin(req, type, type == RTM_NEWNEIGH ? NLM_F_CREATE | NLM_F_APPEND : 0, &head,
		     sizeof(head));
	vnm_nl_put(req, NDA_LLADDR, everybody, sizeof(everybody));
	vnm_nl_put(req, NDA_DST, want->peer.b, vnm_addr_bits(want->peer.family) / 8);
	return vnm_nl_do(sys, req, NULL);
}

static int find_entry(struct vnm_sys *sys, const struct vnm_link *link,
		      const struct vnm_op_flood *want, bool *ret)
{
	vnm_autoentries struct vnm_vxlan_entries entries = { 0 };
	int r = vnm_vxlan_entries(sys, link, &entries);

	*ret = false;
	for (size_t i = 0; r == 0 && i < entries.n; i++)
		*ret |= vnm_vxlan_is_flood(&entries.items[i]) &&
			vnm_addr_equal(&entries.items[i].host, &want->peer);
	return r;
}

static int fail(const struct vnm_op_flood *want, int r, const struct vnm_nl_req *req,
		const char *what, struct vnm_error *err)
{
	char text[VNM_ADDR_STRLEN];

	return vnm_nl_fail(err, r, req, "cannot %s host %s of VXLAN device '%s'", what,
			   vnm_addr_format(&want->peer, text), want->dev);
}

static int flood_check(struct vnm_sys *sys, const struct vnm_op *op, enum vnm_presence *ret,
		       struct vnm_error *err)
{
	struct vnm_link link;
	bool found = false;
	int r = vnm_guest_record_read(sys, op->flood.dev, &link);

	if (r == 0)
		r = find_entry(sys, &link, &op->flood, &found);
	if (r < 0 && r != -ENODEV)
		return fail(&op->flood, r, NULL, "look for", err);
	*ret = found ? VNM_PRESENT : VNM_ABSENT;
	return 0;
}

/* One that is there is not added again: there would be two. */
static int flood_apply(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	vnm_autonl struct vnm_nl_req req = { 0 };
	struct vnm_link link;
	bool found = false;
	int r = vnm_link_need(sys, op->flood.dev, &link, err);

	if (r < 0)
		return r;
	r = find_entry(sys, &link, &op->flood, &found);
	if (r == 0 && !found)
		r = send_entry(sys, &link, &op->flood, RTM_NEWNEIGH, &req);
	return r < 0 ? fail(&op->flood, r, &req, "add", err) : 0;
}

static int flood_revert(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	vnm_autonl struct vnm_nl_req req = { 0 };
	struct vnm_link link;
	bool found = false;
	int r = vnm_guest_record_read(sys, op->flood.dev, &link);

	if (r == 0 && strcmp(link.fact.kind, "vxlan") == 0)
		r = find_entry(sys, &link, &op->flood, &found);
	if (r == 0 && found)
		r = send_entry(sys, &link, &op->flood, RTM_DELNEIGH, &req);
	if (r < 0 && r != -ENODEV && r != -ENOENT)
		return fail(&op->flood, r, &req, "remove", err);
	return 0;
}

const struct vnm_op_impl vnm_impl_flood = {
	.apply = flood_apply,
	.check = flood_check,
	.revert = flood_revert,
};
