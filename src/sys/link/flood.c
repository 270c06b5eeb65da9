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

/** struct search - for an entry of the device with the number @ifindex. */
struct search {
	const struct vnm_op_flood *want;
	int ifindex;
	bool found;
};

static int on_entry(const struct nlmsghdr *hdr, void *data)
{
	const struct ndmsg *head = nlmsg_data(hdr);
	struct search *search = data;
	struct nlattr *tb[NDA_MAX + 1];
	struct vnm_addr dst = { 0 };

	if (nlmsg_datalen(hdr) < (int)sizeof(*head) || head->ndm_ifindex != search->ifindex ||
	    !(head->ndm_flags & NTF_SELF) ||
	    nlmsg_parse((struct nlmsghdr *)hdr, sizeof(*head), tb, NDA_MAX, NULL) < 0 ||
	    !tb[NDA_LLADDR] || !tb[NDA_DST] || nla_len(tb[NDA_LLADDR]) != ETH_ALEN ||
	    memcmp(nla_data(tb[NDA_LLADDR]), everybody, ETH_ALEN) != 0)
		return 0;
	if (nla_len(tb[NDA_DST]) == (int)vnm_addr_bits(search->want->peer.family) / 8)
		vnm_nl_get_addr(tb[NDA_DST], search->want->peer.family, &dst);
	search->found |= vnm_addr_equal(&dst, &search->want->peer);
	return 0;
}

static void search_again(void *data)
{
	((struct search *)data)->found = false;
}

static int find_entry(struct vnm_sys *sys, const struct vnm_link *link,
		      const struct vnm_op_flood *want, bool *ret)
{
	struct search search = { .want = want, .ifindex = link->fact.index };
	struct ndmsg head = { .ndm_family = AF_BRIDGE, .ndm_ifindex = link->fact.index };
	vnm_autonl struct vnm_nl_req req = { 0 };
	int r;

	vnm_nl_begin(&req, RTM_GETNEIGH, 0, &head, sizeof(head));
	r = vnm_nl_dump(sys, &req, &(struct vnm_nl_sink){ on_entry, search_again, &search });
	*ret = search.found;
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
