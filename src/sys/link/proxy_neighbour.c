/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * proxy_neighbour.c - the host answers on a bridge for a guest that is not on it: proxy ARP, proxy NDP.
 *
 * An entry for the one address, unlike the setting proxy_arp, answers for nobody else. It is in effect where the host
 * forwards packets and its route to the address leaves by another device.
 */
#include "sys/op_impl.h"

#include <errno.h>
#include <sys/socket.h>

#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>

#include "sys/link/link.h"

/* What a dump of entries is searched for. */
struct search {
	const struct vnm_addr *want;
	int ifindex;
	bool found;
};

static int on_entry(const struct nlmsghdr *hdr, void *data)
{
	const struct ndmsg *head = nlmsg_data(hdr);
	struct search *search = data;
	struct nlattr *tb[NDA_MAX + 1];
	struct vnm_addr addr;

	if (hdr->nlmsg_type != RTM_NEWNEIGH || nlmsg_datalen(hdr) < (int)sizeof(*head) ||
	    !(head->ndm_flags & NTF_PROXY) || head->ndm_family != search->want->family ||
	    head->ndm_ifindex != search->ifindex)
		return 0;
	if (nlmsg_parse((struct nlmsghdr *)hdr, sizeof(*head), tb, NDA_MAX, NULL) < 0)
		return -EPROTO;
	if (!tb[NDA_DST])
		return 0;
	vnm_nl_get_addr(tb[NDA_DST], head->ndm_family, &addr);
	search->found |= vnm_addr_equal(&addr, search->want);
	return 0;
}

static void forget_found(void *data)
{
	((struct search *)data)->found = false;
}

static void begin_entry(struct vnm_nl_req *req, int type, int flags, const struct vnm_link *link,
			const struct vnm_op_proxy_neighbour *want)
{
	struct ndmsg head = {
		.ndm_family = (uint8_t)want->addr.family,
		.ndm_flags = NTF_PROXY,
		.ndm_ifindex = link->fact.index,
	};

	vnm_nl_begin(req, type, flags, &head, sizeof(head));
	vnm_nl_put(req, NDA_DST, want->addr.b, vnm_addr_bits(want->addr.family) / 8);
}

/* An existing entry is the same one: it has nothing but its address and device. */
static int proxy_neighbour_apply(struct vnm_sys *sys, const struct vnm_op *op,
				 struct vnm_error *err)
{
	const struct vnm_op_proxy_neighbour *want = &op->proxy_neighbour;
	vnm_autonl struct vnm_nl_req req = { 0 };
	char text[VNM_ADDR_STRLEN];
	struct vnm_link link;
	int r = vnm_link_need(sys, want->dev, &link, err);

	if (r < 0)
		return r;
	begin_entry(&req, RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_REPLACE, &link, want);
	r = vnm_nl_do(sys, &req, NULL);
	return r < 0 ? vnm_nl_fail(err, r, &req, "cannot add the proxy neighbour %s to '%s'",
				   vnm_addr_format(&want->addr, text), want->dev)
		     : 0;
}

static int proxy_neighbour_check(struct vnm_sys *sys, const struct vnm_op *op,
				 enum vnm_presence *ret, struct vnm_error *err)
{
	const struct vnm_op_proxy_neighbour *want = &op->proxy_neighbour;
	struct ndmsg head = { .ndm_family = (uint8_t)want->addr.family, .ndm_flags = NTF_PROXY };
	vnm_autonl struct vnm_nl_req req = { 0 };
	struct search search = { .want = &want->addr };
	struct vnm_link link;
	int r = vnm_link_read(sys, want->dev, &link);

	if (r == 0) {
		search.ifindex = link.fact.index;
		vnm_nl_begin(&req, RTM_GETNEIGH, 0, &head, sizeof(head));
		r = vnm_nl_dump(sys, &req,
				&(struct vnm_nl_sink){ on_entry, forget_found, &search });
	}
	if (r < 0 && r != -ENODEV)
		return vnm_nl_fail(err, r, NULL, "cannot list the proxy neighbours of '%s'",
				   want->dev);
	*ret = search.found ? VNM_PRESENT : VNM_ABSENT;
	return 0;
}

static int proxy_neighbour_revert(struct vnm_sys *sys, const struct vnm_op *op,
				  struct vnm_error *err)
{
	const struct vnm_op_proxy_neighbour *want = &op->proxy_neighbour;
	vnm_autonl struct vnm_nl_req req = { 0 };
	char text[VNM_ADDR_STRLEN];
	struct vnm_link link;
	int r = vnm_link_find(sys, want->dev, &link, err);

	if (r <= 0)
		return r; /* 0: gone with its bridge */
	begin_entry(&req, RTM_DELNEIGH, 0, &link, want);
	r = vnm_nl_do(sys, &req, NULL);
	if (r == 0 || r == -ENOENT || r == -ENODEV)
		return 0;
	return vnm_nl_fail(err, r, &req, "cannot remove the proxy neighbour %s from '%s'",
			   vnm_addr_format(&want->addr, text), want->dev);
}

const struct vnm_op_impl vnm_impl_proxy_neighbour = {
	.apply = proxy_neighbour_apply,
	.check = proxy_neighbour_check,
	.revert = proxy_neighbour_revert,
};
