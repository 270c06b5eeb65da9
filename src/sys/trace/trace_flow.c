/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * trace_flow.c - a connection in the kernel's table, for an answer to belong to (include/uapi/linux/netfilter/nfnetlink_conntrack.h).
 *
 * The packet that is followed leaves no connection, so an answer to it would be taken for a packet of its own, and not be
 * translated back. The connection is made as the packet would have made it, and is ended after that; left over, it ends by itself.
 */
#include "sys/trace/trace_flow.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netlink/attr.h>
#include <netlink/socket.h>

#include <linux/netfilter/nf_conntrack_common.h>
#include <linux/netfilter/nf_conntrack_tcp.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <netinet/icmp6.h>
#include <netinet/ip_icmp.h>

#include "sys/firewall/nft_write.h"
#include "util/mem.h"

#define LIFETIME 20 /* seconds */

/** struct side - one direction of a connection. */
struct side {
	struct vnm_addr src, dst;
	uint16_t sport, dport;
};

static void put_addresses(struct vnm_nl_req *req, const struct side *side)
{
	bool v6 = side->src.family == AF_INET6;
	struct nlattr *nest = vnm_nl_nest(req, CTA_TUPLE_IP);
	size_t size = vnm_addr_bits(side->src.family) / 8;

	vnm_nl_put(req, v6 ? CTA_IP_V6_SRC : CTA_IP_V4_SRC, side->src.b, size);
	vnm_nl_put(req, v6 ? CTA_IP_V6_DST : CTA_IP_V4_DST, side->dst.b, size);
	vnm_nl_nest_end(req, nest);
}

static void put_port(struct vnm_nl_req *req, int attr, uint16_t port)
{
	uint16_t wire = htons(port);

	vnm_nl_put(req, attr, &wire, sizeof(wire));
}

/* Of an echo the identifier, which is the source port of both directions here, and what kind it is. */
static void put_protocol(struct vnm_nl_req *req, const struct side *side, uint8_t proto, bool reply)
{
	struct nlattr *nest = vnm_nl_nest(req, CTA_TUPLE_PROTO);

	vnm_nl_put_u8(req, CTA_PROTO_NUM, proto);
	if (proto == IPPROTO_ICMP) {
		put_port(req, CTA_PROTO_ICMP_ID, side->sport);
		vnm_nl_put_u8(req, CTA_PROTO_ICMP_TYPE, reply ? ICMP_ECHOREPLY : ICMP_ECHO);
		vnm_nl_put_u8(req, CTA_PROTO_ICMP_CODE, 0);
	} else if (proto == IPPROTO_ICMPV6) {
		put_port(req, CTA_PROTO_ICMPV6_ID, side->sport);
		vnm_nl_put_u8(req, CTA_PROTO_ICMPV6_TYPE,
			      reply ? ICMP6_ECHO_REPLY : ICMP6_ECHO_REQUEST);
		vnm_nl_put_u8(req, CTA_PROTO_ICMPV6_CODE, 0);
	} else {
		put_port(req, CTA_PROTO_SRC_PORT, side->sport);
		put_port(req, CTA_PROTO_DST_PORT, side->dport);
	}
	vnm_nl_nest_end(req, nest);
}

static void put_side(struct vnm_nl_req *req, int attr, const struct side *side, uint8_t proto)
{
	struct nlattr *nest = vnm_nl_nest(req, attr);

	put_addresses(req, side);
	put_protocol(req, side, proto, attr == CTA_TUPLE_REPLY);
	vnm_nl_nest_end(req, nest);
}

static struct side original(const struct vnm_trace_flow *flow)
{
	const struct vnm_packet *first = &flow->first;

	return (struct side){ first->src, first->dst, first->sport, first->dport };
}

/* Its inverse, before translation; the kernel changes it by the translation that is asked for. */
static struct side inverse(const struct side *side, uint8_t proto)
{
	bool echo = proto == IPPROTO_ICMP || proto == IPPROTO_ICMPV6;

	return (struct side){ side->dst, side->src, echo ? side->sport : side->dport, side->sport };
}

static void put_translation(struct vnm_nl_req *req, int attr, const struct vnm_addr *addr,
			    uint16_t port)
{
	bool v6 = addr->family == AF_INET6;
	struct nlattr *nest = vnm_nl_nest(req, attr), *proto;

	vnm_nl_put(req, v6 ? CTA_NAT_V6_MINIP : CTA_NAT_V4_MINIP, addr->b,
		   vnm_addr_bits(addr->family) / 8);
	proto = vnm_nl_nest(req, CTA_NAT_PROTO);
	put_port(req, CTA_PROTONAT_PORT_MIN, port);
	put_port(req, CTA_PROTONAT_PORT_MAX, port);
	vnm_nl_nest_end(req, proto);
	vnm_nl_nest_end(req, nest);
}

/* TCP: a SYN was seen, so that a SYN with ACK is valid; its numbers are not known, and must not be checked. */
static void put_state(struct vnm_nl_req *req)
{
	static const struct nf_ct_tcp_flags liberal = { IP_CT_TCP_FLAG_BE_LIBERAL,
							IP_CT_TCP_FLAG_BE_LIBERAL };
	struct nlattr *info = vnm_nl_nest(req, CTA_PROTOINFO);
	struct nlattr *tcp = vnm_nl_nest(req, CTA_PROTOINFO_TCP);

	vnm_nl_put_u8(req, CTA_PROTOINFO_TCP_STATE, TCP_CONNTRACK_SYN_SENT);
	vnm_nl_put(req, CTA_PROTOINFO_TCP_FLAGS_ORIGINAL, &liberal, sizeof(liberal));
	vnm_nl_put(req, CTA_PROTOINFO_TCP_FLAGS_REPLY, &liberal, sizeof(liberal));
	vnm_nl_nest_end(req, tcp);
	vnm_nl_nest_end(req, info);
}

static void begin(struct vnm_nl_req *req, int type, int flags, const struct vnm_trace_flow *flow)
{
	struct nfgenmsg head = { .nfgen_family = (uint8_t)flow->first.src.family,
				 .version = NFNETLINK_V0 };
	struct side side = original(flow);

	vnm_nl_begin(req, NFNL_SUBSYS_CTNETLINK << 8 | type, flags, &head, sizeof(head));
	put_side(req, CTA_TUPLE_ORIG, &side, flow->first.proto);
}

static int run(struct vnm_nl_req *req)
{
	struct nl_sock *sock = NULL;
	int r = vnm_nft_get(&sock, req, NULL);

	nl_socket_free(sock);
	return r;
}

/**
 * vnm_trace_flow_add() - make the connection that a packet would have made
 * @flow: the packet, before and after translation
 *
 * Return: 0 or -errno; -EINVAL, -EOPNOTSUPP where the kernel has no nf_conntrack_netlink.
 */
int vnm_trace_flow_add(const struct vnm_trace_flow *flow)
{
	struct side side = original(flow), reply = inverse(&side, flow->first.proto);
	vnm_autonl struct vnm_nl_req req = { 0 };

	begin(&req, IPCTNL_MSG_CT_NEW, NLM_F_CREATE | NLM_F_EXCL, flow);
	put_side(&req, CTA_TUPLE_REPLY, &reply, flow->first.proto);
	vnm_nft_put_number(&req, CTA_STATUS, IPS_CONFIRMED);
	vnm_nft_put_number(&req, CTA_TIMEOUT, LIFETIME);
	if (flow->first.proto == IPPROTO_TCP)
		put_state(&req);
	if (!vnm_addr_equal(&flow->src, &side.src) || flow->sport != side.sport)
		put_translation(&req, CTA_NAT_SRC, &flow->src, flow->sport);
	if (!vnm_addr_equal(&flow->dst, &side.dst) || flow->dport != side.dport)
		put_translation(&req, CTA_NAT_DST, &flow->dst, flow->dport);
	return run(&req);
}

/** vnm_trace_flow_remove() - end the connection; absent is fine */
void vnm_trace_flow_remove(const struct vnm_trace_flow *flow)
{
	vnm_autonl struct vnm_nl_req req = { 0 };

	begin(&req, IPCTNL_MSG_CT_DELETE, 0, flow);
	(void)run(&req);
}
