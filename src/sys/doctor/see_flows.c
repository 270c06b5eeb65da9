/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * see_flows.c - flows to forwarded ports that are not forwarded, from the kernel's table of connections.
 *
 * Whether a flow is translated is decided by its first packet. One of UDP that is older than the forward, and never rests for as long
 * as the table keeps it, gets to the host itself for ever, while others get to the guest.
 */
#include "sys/doctor/see_flows.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <netlink/socket.h>
#include <string.h>
#include <sys/socket.h>

#include <linux/netfilter/nf_conntrack_common.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>

#include "sys/firewall/nft_write.h"
#include "sys/netlink/netlink.h"
#include "util/mem.h"

static bool get_addr(const struct nlattr *attr, struct vnm_addr *ret)
{
	const int len = attr ? nla_len((struct nlattr *)attr) : 0;

	if (len != 4 && len != 16)
		return false;
	*ret = (struct vnm_addr){ .family = len == 4 ? AF_INET : AF_INET6 };
	memcpy(ret->b, nla_data((struct nlattr *)attr), (size_t)len);
	return true;
}

/* The direction of the first packet, if it is one of UDP. */
static bool get_tuple(struct nlattr *attr, struct vnm_case_flow *ret)
{
	struct nlattr *tuple[CTA_TUPLE_MAX + 1], *ip[CTA_IP_MAX + 1], *proto[CTA_PROTO_MAX + 1];

	if (!attr || nla_parse_nested(tuple, CTA_TUPLE_MAX, attr, NULL) < 0 ||
	    !tuple[CTA_TUPLE_IP] || !tuple[CTA_TUPLE_PROTO] ||
	    nla_parse_nested(ip, CTA_IP_MAX, tuple[CTA_TUPLE_IP], NULL) < 0 ||
	    nla_parse_nested(proto, CTA_PROTO_MAX, tuple[CTA_TUPLE_PROTO], NULL) < 0 ||
	    !proto[CTA_PROTO_NUM] || nla_get_u8(proto[CTA_PROTO_NUM]) != IPPROTO_UDP ||
	    !proto[CTA_PROTO_DST_PORT])
		return false;
	ret->port = ntohs(nla_get_u16(proto[CTA_PROTO_DST_PORT]));
	return (get_addr(ip[CTA_IP_V4_SRC], &ret->src) && get_addr(ip[CTA_IP_V4_DST], &ret->dst)) ||
	       (get_addr(ip[CTA_IP_V6_SRC], &ret->src) && get_addr(ip[CTA_IP_V6_DST], &ret->dst));
}

/* Is it forwarded, by the definition? */
static bool is_meant(const struct vnm_case *c, const struct vnm_case_flow *flow)
{
	for (size_t i = 0; i < c->net->n_port_forwards; i++) {
		const struct vnm_port_forward *forward = &c->net->port_forwards[i];
		const struct vnm_forward_target target = vnm_port_forward_target(forward, 0);

		if (forward->proto == VNM_PROTO_UDP && flow->port >= forward->port.first &&
		    flow->port <= forward->port.last &&
		    target.address.family == flow->dst.family &&
		    (forward->address.family ? vnm_addr_equal(&forward->address, &flow->dst)
					     : vnm_case_is_ours(c, &flow->dst)))
			return true;
	}
	return false;
}

static int on_flow(const struct nlmsghdr *hdr, void *data)
{
	struct nlattr *tb[CTA_MAX + 1];
	struct vnm_case *c = data;
	struct vnm_case_flow flow = { 0 };

	if (nlmsg_parse((struct nlmsghdr *)hdr, sizeof(struct nfgenmsg), tb, CTA_MAX, NULL) < 0 ||
	    !tb[CTA_STATUS] || ntohl(nla_get_u32(tb[CTA_STATUS])) & IPS_DST_NAT ||
	    !get_tuple(tb[CTA_TUPLE_ORIG], &flow) || !is_meant(c, &flow))
		return 0;
	c->flows = vnm_array_add(c->flows, &c->n_flows, sizeof(flow));
	c->flows[c->n_flows - 1] = flow;
	return 0;
}

static void again(void *data)
{
	((struct vnm_case *)data)->n_flows = 0;
}

/** vnm_see_flows() - read those of UDP. Where no port of UDP is forwarded, nothing is read */
void vnm_see_flows(struct vnm_case *c)
{
	struct nfgenmsg head = { .nfgen_family = AF_UNSPEC, .version = NFNETLINK_V0 };
	vnm_autonl struct vnm_nl_req req = { 0 };
	struct nl_sock *sock = NULL;
	bool any = false;
	int r;

	for (size_t i = 0; i < c->net->n_port_forwards; i++)
		any |= c->net->port_forwards[i].proto == VNM_PROTO_UDP;
	if (!any)
		return;
	vnm_nl_begin(&req, NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_GET, 0, &head, sizeof(head));
	r = vnm_nft_dump(&sock, &req, &(struct vnm_nl_sink){ on_flow, again, c });
	if (r < 0)
		c->n_flows = 0;
	vnm_case_unchecked(c, r, "the table of connections");
	nl_socket_free(sock);
}
