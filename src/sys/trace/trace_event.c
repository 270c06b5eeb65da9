/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * trace_event.c - the kernel's reports about a packet (include/uapi/linux/netfilter/nf_tables.h and
 * include/uapi/linux/netfilter/nfnetlink_log.h).
 *
 * Of nf_tables: NFT_MSG_TRACE, with the rule's handle and verdict. The first report of a table at a hook has the packet's headers, the
 * others are linked to it by a number, which changes from hook to hook. Of the legacy tables: a logged packet with
 * the prefix "TRACE: TABLE:CHAIN:KIND:NUMBER ", without a verdict. What else the kernel logs about it, such as a bad
 * checksum, has other words there.
 */
#include "sys/trace/trace_event.h"

#include <arpa/inet.h>
#include <endian.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_log.h>

#include "sys/firewall/nft_chains.h"
#include "sys/firewall/nft_read.h"
#include "sys/trace/trace_table.h"
#include "util/mem.h"

#define TRACE_STATE 21 /* NFTA_TRACE_CT_STATE, Linux 6.17 */
#define TRACE_MAX 24
#define PREFIX "TRACE: "

static uint32_t number_of(const struct nlattr *attr)
{
	return attr && nla_len(attr) >= (int)sizeof(uint32_t) ? ntohl(nla_get_u32(attr)) : 0;
}

static void name_of(const struct nlattr *attr, char ret[static VNM_TRAIL_NAME])
{
	ret[0] = '\0';
	if (attr)
		nla_strlcpy(ret, attr, VNM_TRAIL_NAME);
}

static enum vnm_stage stage_of(uint8_t family, int hook)
{
	static const enum vnm_stage stages[] = {
		[NF_INET_PRE_ROUTING] = VNM_STAGE_PREROUTING,
		[NF_INET_LOCAL_IN] = VNM_STAGE_INPUT,
		[NF_INET_FORWARD] = VNM_STAGE_FORWARD,
		[NF_INET_LOCAL_OUT] = VNM_STAGE_OUTPUT,
		[NF_INET_POST_ROUTING] = VNM_STAGE_POSTROUTING,
	};

	if (family == NFPROTO_NETDEV || hook < 0 || hook >= (int)VNM_ARRAY_SIZE(stages))
		return VNM_STAGE_INGRESS;
	return family == NFPROTO_BRIDGE ? VNM_STAGE_BRIDGE : stages[hook];
}

static const struct vnm_nft_chain *find_chain(struct vnm_sys *sys,
					      const struct vnm_trace_event *event)
{
	const struct vnm_nft_chain near = { .family = event->family,
					    .table = (char *)event->table };

	return vnm_nft_find(sys, &near, event->chain);
}

/* Our own chains came after the list of chains was read. */
static enum vnm_stage stage_of_chain(const struct vnm_trace_reader *reader,
				     const struct vnm_nft_chain *chain,
				     const struct vnm_trace_event *event)
{
	enum vnm_stage stage = VNM_STAGE_INGRESS;

	if (event->family == NFPROTO_BRIDGE)
		return VNM_STAGE_BRIDGE;
	for (; event->ours && stage < VNM_STAGE_COUNT; stage++)
		if (!strcmp(event->chain, vnm_stage_name(stage)))
			return stage;
	return chain && chain->hook >= 0 ? stage_of(event->family, chain->hook) : reader->stage;
}

static void read_addresses(struct vnm_trace_event *event, const uint8_t *ip, size_t len)
{
	bool v6 = len > 0 && ip[0] >> 4 == 6;
	size_t size = v6 ? 16 : 4;
	size_t at = v6 ? offsetof(struct ip6_hdr, ip6_src) : offsetof(struct iphdr, saddr);

	if (len < at + 2 * size || (ip[0] >> 4 != 4 && !v6))
		return;
	event->src.family = event->dst.family = v6 ? AF_INET6 : AF_INET;
	event->hops = ip[v6 ? offsetof(struct ip6_hdr, ip6_hlim) : offsetof(struct iphdr, ttl)];
	memcpy(event->src.b, ip + at, size);
	memcpy(event->dst.b, ip + at + size, size);
}

static void read_ports(struct vnm_trace_event *event, const struct vnm_packet *packet,
		       const uint8_t *transport, size_t len)
{
	if (len < 4 || (packet->proto != IPPROTO_TCP && packet->proto != IPPROTO_UDP))
		return;
	event->sport = (uint16_t)(transport[0] << 8 | transport[1]);
	event->dport = (uint16_t)(transport[2] << 8 | transport[3]);
}

static bool is_known(const struct vnm_trace_reader *reader, uint32_t id)
{
	for (size_t i = 0; i < reader->n_ids; i++)
		if (reader->ids[i] == id)
			return true;
	return false;
}

/* Others may trace, too: packets of theirs are told by their headers. */
static bool is_the_packet(struct vnm_trace_reader *reader, struct nlattr *const *tb)
{
	const struct nlattr *transport = tb[NFTA_TRACE_TRANSPORT_HEADER];
	uint32_t id = number_of(tb[NFTA_TRACE_ID]);

	if (!transport ||
	    !vnm_packet_is(reader->packet, nla_data(transport), (size_t)nla_len(transport)))
		return is_known(reader, id);
	if (!is_known(reader, id)) {
		reader->ids = vnm_array_add(reader->ids, &reader->n_ids, sizeof(*reader->ids));
		reader->ids[reader->n_ids - 1] = id;
	}
	return true;
}

static enum vnm_fate fate_of(int verdict)
{
	switch (verdict) {
	case NF_DROP: return VNM_FATED_DROP;
	case NF_ACCEPT: return VNM_FATED_ACCEPT;
	case NF_STOLEN:
	case NF_QUEUE: return VNM_FATED_AWAY;
	default: return VNM_FATED_ON;
	}
}

static void read_verdict(struct vnm_trace_event *event, struct nlattr *const *tb)
{
	struct nlattr *verdict[NFTA_VERDICT_MAX + 1];

	if (event->kind == VNM_TRACED_POLICY && tb[NFTA_TRACE_POLICY]) {
		event->fate = fate_of((int)number_of(tb[NFTA_TRACE_POLICY]));
		return;
	}
	if (tb[NFTA_TRACE_VERDICT] &&
	    nla_parse_nested(verdict, NFTA_VERDICT_MAX, tb[NFTA_TRACE_VERDICT], NULL) == 0)
		event->fate = fate_of((int)number_of(verdict[NFTA_VERDICT_CODE]));
}

static enum vnm_traced_kind kind_of(uint32_t type, bool rule)
{
	if (type == NFT_TRACETYPE_POLICY)
		return VNM_TRACED_POLICY;
	return type == NFT_TRACETYPE_RULE && rule ? VNM_TRACED_RULE : VNM_TRACED_END;
}

static void add(struct vnm_trace_reader *reader, const struct vnm_trace_event *event)
{
	struct vnm_trail *trail = &reader->trail;

	reader->stage = event->stage;
	reader->nat = event->nat;
	trail->events = vnm_array_add(trail->events, &trail->n, sizeof(*trail->events));
	trail->events[trail->n - 1] = *event;
}

static void read_packet(struct vnm_trace_reader *reader, struct nlattr *const *tb,
			struct vnm_trace_event *event)
{
	const struct nlattr *ip = tb[NFTA_TRACE_NETWORK_HEADER];
	const struct nlattr *transport = tb[NFTA_TRACE_TRANSPORT_HEADER];

	event->in = (int)number_of(tb[NFTA_TRACE_IIF]);
	event->out = (int)number_of(tb[NFTA_TRACE_OIF]);
	event->mark = number_of(tb[NFTA_TRACE_MARK]);
	event->state = number_of(tb[TRACE_STATE]);
	if (ip)
		read_addresses(event, nla_data(ip), (size_t)nla_len(ip));
	if (transport)
		read_ports(event, reader->packet, nla_data(transport), (size_t)nla_len(transport));
}

static void read_trace(struct vnm_trace_reader *reader, const struct nlmsghdr *head)
{
	const struct nfgenmsg *gen = nlmsg_data(head);
	struct nlattr *tb[TRACE_MAX + 1];
	struct vnm_trace_event event = { .family = gen->nfgen_family };
	const struct vnm_nft_chain *chain;

	if (nlmsg_parse((struct nlmsghdr *)head, sizeof(*gen), tb, TRACE_MAX, NULL) < 0 ||
	    !is_the_packet(reader, tb))
		return;
	name_of(tb[NFTA_TRACE_TABLE], event.table);
	name_of(tb[NFTA_TRACE_CHAIN], event.chain);
	if (tb[NFTA_TRACE_RULE_HANDLE])
		event.number = be64toh(nla_get_u64(tb[NFTA_TRACE_RULE_HANDLE]));
	event.ours = !strcmp(event.table, VNM_TRACE_TABLE);
	event.kind = kind_of(number_of(tb[NFTA_TRACE_TYPE]), event.number > 0);
	chain = find_chain(reader->sys, &event);
	event.stage = stage_of_chain(reader, chain, &event);
	/* A chain that is called is of its caller's type. */
	event.nat = chain && chain->hook >= 0 ? !strcmp(chain->type, "nat")
					      : reader->nat && !event.ours;
	read_verdict(&event, tb);
	read_packet(reader, tb, &event);
	add(reader, &event);
}

/* "TRACE: filter:FORWARD:rule:3 ". Return: whether it is such a line. */
static bool read_prefix(const char *prefix, struct vnm_trace_event *event)
{
	char kind[16];
	unsigned long long number;

	if (sscanf(prefix, PREFIX "%63[^:]:%63[^:]:%15[^:]:%llu", event->table, event->chain, kind,
		   &number) != 4)
		return false;
	event->number = number;
	event->nat = !strcmp(event->table, "nat");
	event->kind = !strcmp(kind, "policy") ? VNM_TRACED_POLICY
		      : !strcmp(kind, "rule") ? VNM_TRACED_RULE
					      : VNM_TRACED_END;
	return true;
}

/* The copied packet begins with its IP header; IPv6 has no extension headers here. */
static bool read_payload(struct vnm_trace_reader *reader, const struct nlattr *payload,
			 struct vnm_trace_event *event)
{
	const uint8_t *ip = nla_data(payload);
	size_t len = (size_t)nla_len(payload), head;

	if (len < 1)
		return false;
	head = ip[0] >> 4 == 6 ? sizeof(struct ip6_hdr) : (ip[0] & 15u) * 4;
	if (len < head || !vnm_packet_is(reader->packet, ip + head, len - head))
		return false;
	read_addresses(event, ip, len);
	read_ports(event, reader->packet, ip + head, len - head);
	return true;
}

static void read_log(struct vnm_trace_reader *reader, const struct nlmsghdr *head)
{
	const struct nfgenmsg *gen = nlmsg_data(head);
	struct nlattr *tb[NFULA_MAX + 1];
	struct vnm_trace_event event = { .legacy = true, .family = gen->nfgen_family };
	struct nfulnl_msg_packet_hdr packet = { 0 };
	char prefix[128] = "";

	if (nlmsg_parse((struct nlmsghdr *)head, sizeof(*gen), tb, NFULA_MAX, NULL) < 0 ||
	    !tb[NFULA_PAYLOAD] || !read_payload(reader, tb[NFULA_PAYLOAD], &event))
		return;
	if (tb[NFULA_PREFIX])
		nla_strlcpy(prefix, tb[NFULA_PREFIX], sizeof(prefix));
	if (tb[NFULA_PACKET_HDR])
		nla_memcpy(&packet, tb[NFULA_PACKET_HDR], sizeof(packet));
	event.stage = stage_of(NFPROTO_INET, packet.hook);
	event.in = (int)number_of(tb[NFULA_IFINDEX_INDEV]);
	event.out = (int)number_of(tb[NFULA_IFINDEX_OUTDEV]);
	event.physical_in = (int)number_of(tb[NFULA_IFINDEX_PHYSINDEV]);
	event.physical_out = (int)number_of(tb[NFULA_IFINDEX_PHYSOUTDEV]);
	event.mark = number_of(tb[NFULA_MARK]);
	if (!read_prefix(prefix, &event)) {
		event.kind = VNM_TRACED_LOG;
		event.text = vnm_strdup(prefix);
		event.stage = reader->stage;
	}
	add(reader, &event);
}

/**
 * vnm_trace_event_read() - add a report to the trail
 * @reader: the reader
 * @head:   the message; one that is not about the packet is ignored
 */
void vnm_trace_event_read(struct vnm_trace_reader *reader, const struct nlmsghdr *head)
{
	if (head->nlmsg_type == (NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_TRACE))
		read_trace(reader, head);
	else if (head->nlmsg_type == (NFNL_SUBSYS_ULOG << 8 | NFULNL_MSG_PACKET))
		read_log(reader, head);
}
