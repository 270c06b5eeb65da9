/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_trail.c - trails as the kernel reports them: where they end, and the words for the rule that decides. The packet that
 * leaves them: its checksums are right, and nothing else is taken for it.
 */
#include "runner.h"

#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include <linux/netfilter.h>

#include "plan/trace/packet.h"
#include "plan/trace/reason.h"
#include "plan/trace/rule_words.h"
#include "plan/trace/trail.h"
#include "util/mem.h"

const char vnm_suite[] = "trail";

/* clang-format off */
#define OWN(c, at, done) \
	{ .ours = true, .kind = VNM_TRACED_RULE, .stage = (at), .fate = (done), \
	  .family = NFPROTO_INET, .number = 2, .table = "vnetmgr-trace", .chain = c }
#define LEGACY(t, c, n, k, at, done) \
	{ .legacy = true, .kind = VNM_TRACED_##k, .stage = (at), .fate = (done), \
	  .family = NFPROTO_IPV4, .number = (n), .table = t, .chain = c }
#define NFT(f, t, c, n, k, at, done) \
	{ .kind = VNM_TRACED_##k, .stage = (at), .fate = (done), .family = (f), .number = (n), \
	  .table = t, .chain = c }
/* clang-format on */

/* Recorded: a guest's packet to the outside, through legacy tables and one of iptables-nft that drops it. */
static const struct vnm_trace_event dropped[] = {
	OWN("prerouting", VNM_STAGE_PREROUTING, VNM_FATED_ON),
	LEGACY("mangle", "PREROUTING", 1, POLICY, VNM_STAGE_PREROUTING, VNM_FATED_ACCEPT),
	LEGACY("nat", "PREROUTING", 1, POLICY, VNM_STAGE_PREROUTING, VNM_FATED_ACCEPT),
	LEGACY("filter", "FORWARD", 1, RULE, VNM_STAGE_FORWARD, VNM_FATED_ON),
	LEGACY("filter", "VNM_FWX", 5, END, VNM_STAGE_FORWARD, VNM_FATED_ON),
	LEGACY("filter", "FORWARD", 3, RULE, VNM_STAGE_FORWARD, VNM_FATED_ON),
	LEGACY("filter", "VNM_FWO", 2, RULE, VNM_STAGE_FORWARD, VNM_FATED_ACCEPT),
	NFT(NFPROTO_IPV4, "filter", "FORWARD", 7, RULE, VNM_STAGE_FORWARD, VNM_FATED_DROP),
};

/* The same without that rule: translated, and caught. */
static const struct vnm_trace_event caught[] = {
	OWN("prerouting", VNM_STAGE_PREROUTING, VNM_FATED_ON),
	LEGACY("filter", "VNM_FWO", 2, RULE, VNM_STAGE_FORWARD, VNM_FATED_ACCEPT),
	LEGACY("nat", "VNM_PRT", 4, RULE, VNM_STAGE_POSTROUTING, VNM_FATED_ACCEPT),
	OWN("postrouting", VNM_STAGE_POSTROUTING, VNM_FATED_DROP),
};

/* Lost by the routing decision, of which the kernel says something, too. */
static const struct vnm_trace_event lost[] = {
	OWN("prerouting", VNM_STAGE_PREROUTING, VNM_FATED_ON),
	LEGACY("raw", "PREROUTING", 2, POLICY, VNM_STAGE_PREROUTING, VNM_FATED_ACCEPT),
	{ .kind = VNM_TRACED_LOG, .legacy = true, .stage = VNM_STAGE_PREROUTING },
};

/* A frame that is flooded: dropped towards one port, delivered to another. */
static const struct vnm_trace_event flooded[] = {
	NFT(NFPROTO_BRIDGE, "b", "f", 3, RULE, VNM_STAGE_BRIDGE, VNM_FATED_DROP),
	{ .ours = true,
	  .kind = VNM_TRACED_RULE,
	  .stage = VNM_STAGE_BRIDGE,
	  .fate = VNM_FATED_DROP,
	  .family = NFPROTO_BRIDGE,
	  .table = "vnetmgr-trace",
	  .chain = "postrouting" },
};

static struct vnm_trail trail_of(const struct vnm_trace_event *events, size_t n)
{
	return (struct vnm_trail){ .events = (struct vnm_trace_event *)events, .n = n };
}
#define TRAIL(events) trail_of(events, VNM_ARRAY_SIZE(events))

static void ends(void)
{
	struct vnm_trail trail = TRAIL(dropped);
	struct vnm_trail_end end;

	vnm_trail_judge(&trail, &end);
	CU_ASSERT(!end.reached && end.decided == &dropped[7]);
	trail = TRAIL(caught);
	vnm_trail_judge(&trail, &end);
	CU_ASSERT(end.reached && !end.decided && end.last == &caught[3]);
	trail = TRAIL(lost);
	vnm_trail_judge(&trail, &end);
	CU_ASSERT(!end.reached && !end.decided && end.last == &lost[1]);
	trail = TRAIL(flooded);
	vnm_trail_judge(&trail, &end);
	CU_ASSERT(end.reached && !end.decided);
	trail.n = 0;
	vnm_trail_judge(&trail, &end);
	CU_ASSERT(!end.reached && !end.decided && !end.last);
}

static void addresses(void)
{
	struct vnm_trace_event events[VNM_ARRAY_SIZE(caught)];
	struct vnm_trail trail = trail_of(events, VNM_ARRAY_SIZE(events));
	bool src, dst;

	memcpy(events, caught, sizeof(events));
	vnm_addr_parse("192.0.2.5", &events[0].src);
	vnm_addr_parse("198.51.100.1", &events[0].dst);
	events[3].dst = events[0].dst;
	vnm_addr_parse("203.0.113.2", &events[3].src);
	events[1].mark = 7;
	events[2].nat = true;
	CU_ASSERT(vnm_trail_addresses(&trail, VNM_STAGE_FORWARD) == &events[0]);
	CU_ASSERT(vnm_trail_addresses(&trail, VNM_STAGE_POSTROUTING) == &events[3]);
	CU_ASSERT(vnm_trace_event_translated(&events[0], &events[3], &src, &dst) && src && !dst);
	CU_ASSERT(!vnm_trace_event_translated(&events[0], &events[1], &src, &dst));
	CU_ASSERT(vnm_trail_translator(&trail, VNM_STAGE_POSTROUTING) == &events[2]);
	CU_ASSERT(vnm_trail_translator(&trail, VNM_STAGE_FORWARD) == NULL);
	CU_ASSERT(vnm_trail_mark(&trail, VNM_STAGE_PREROUTING) == 0);
	CU_ASSERT(vnm_trail_mark(&trail, VNM_STAGE_POSTROUTING) == 7);
}

static void words(void)
{
	static const struct {
		struct vnm_trace_event event;
		const char *owner, *place, *show, *mend;
	} cases[] = {
		{ LEGACY("filter", "FORWARD", 1, RULE, VNM_STAGE_FORWARD, VNM_FATED_DROP), NULL,
		  "rule 1 of chain FORWARD in the legacy table filter",
		  "iptables-legacy -t filter -S FORWARD",
		  "iptables-legacy -I FORWARD -i br0 -j ACCEPT && iptables-legacy -I FORWARD -o "
		  "br0 -j ACCEPT" },
		{ LEGACY("filter", "FORWARD", 4, POLICY, VNM_STAGE_FORWARD, VNM_FATED_DROP), NULL,
		  "the policy of chain FORWARD in the legacy table filter",
		  "iptables-legacy -t filter -S FORWARD",
		  "iptables-legacy -I FORWARD -i br0 -j ACCEPT && iptables-legacy -I FORWARD -o "
		  "br0 -j ACCEPT" },
		{ NFT(NFPROTO_INET, "fw", "in", 9, POLICY, VNM_STAGE_INPUT, VNM_FATED_DROP), NULL,
		  "the policy of chain in in table inet fw", "nft -a list chain inet fw in",
		  "nft insert rule inet fw in iifname br0 accept" },
		{ NFT(NFPROTO_INET, "fw", "out", 0, POLICY, VNM_STAGE_OUTPUT, VNM_FATED_DROP), NULL,
		  "the policy of chain out in table inet fw", "nft -a list chain inet fw out",
		  "nft insert rule inet fw out oifname br0 accept" },
		{ NFT(NFPROTO_IPV6, "six", "f", 12, RULE, VNM_STAGE_FORWARD, VNM_FATED_DROP), NULL,
		  "the rule with handle 12 of chain f in table ip6 six",
		  "nft -a list chain ip6 six f",
		  "nft insert rule ip6 six f iifname br0 accept && nft insert rule ip6 six f "
		  "oifname br0 accept" },
		{ NFT(NFPROTO_BRIDGE, "b", "f", 0, POLICY, VNM_STAGE_BRIDGE, VNM_FATED_DROP), NULL,
		  "the policy of chain f in table bridge b", "nft -a list chain bridge b f",
		  "nft insert rule bridge b f accept" },
		{ NFT(NFPROTO_IPV4, "filter", "DOCKER-FORWARD", 3, RULE, VNM_STAGE_FORWARD,
		      VNM_FATED_DROP),
		  "docker", "the rule with handle 3 of chain DOCKER-FORWARD in table ip filter",
		  "iptables-nft -t filter -S DOCKER-FORWARD",
		  "iptables-nft -I DOCKER-USER -i br0 -j ACCEPT && iptables-nft -I DOCKER-USER -o "
		  "br0 -j ACCEPT" },
		{ NFT(NFPROTO_INET, "firewalld", "filter_FORWARD", 3, RULE, VNM_STAGE_FORWARD,
		      VNM_FATED_REJECT),
		  "firewalld",
		  "the rule with handle 3 of chain filter_FORWARD in table inet firewalld",
		  "nft -a list chain inet firewalld filter_FORWARD",
		  "firewall-cmd --zone=trusted --change-interface=br0" },
		{ NFT(NFPROTO_IPV4, "filter", "ufw-user-input", 3, RULE, VNM_STAGE_INPUT,
		      VNM_FATED_DROP),
		  "ufw", "the rule with handle 3 of chain ufw-user-input in table ip filter",
		  "iptables-nft -t filter -S ufw-user-input", "ufw allow in on br0" },
		{ NFT(NFPROTO_IPV4, "filter", "ufw-user-forward", 3, RULE, VNM_STAGE_FORWARD,
		      VNM_FATED_DROP),
		  "ufw", "the rule with handle 3 of chain ufw-user-forward in table ip filter",
		  "iptables-nft -t filter -S ufw-user-forward",
		  "ufw route allow in on br0 && ufw route allow out on br0" },
		{ NFT(NFPROTO_IPV4, "vnetmgr", "forward", 3, RULE, VNM_STAGE_FORWARD,
		      VNM_FATED_DROP),
		  "vnetmgr", "the rule with handle 3 of chain forward in table ip vnetmgr",
		  "nft -a list chain ip vnetmgr forward", "" },
	};

	for (size_t i = 0; i < VNM_ARRAY_SIZE(cases); i++) {
		vnm_autobuf struct vnm_buf place = { 0 }, show = { 0 }, mend = { 0 };
		const char *owner = vnm_rule_owner(&cases[i].event);

		vnm_rule_place(&cases[i].event, &place);
		vnm_rule_show(&cases[i].event, &show);
		vnm_rule_mend(&cases[i].event, "br0", false, VNM_FW_BACKEND_NFTABLES, &mend);
		CU_ASSERT(owner ? cases[i].owner && !strcmp(owner, cases[i].owner)
				: !cases[i].owner);
		VNM_ASSERT_STR_EQ(vnm_buf_str(&place), cases[i].place);
		VNM_ASSERT_STR_EQ(vnm_buf_str(&show), cases[i].show);
		VNM_ASSERT_STR_EQ(vnm_buf_str(&mend), cases[i].mend);
	}
}

/* Among our own rules an ACCEPT would open the network: they are put first again. */
static void beside_ours(void)
{
	static const struct vnm_trace_event drop =
		LEGACY("filter", "FORWARD", 1, RULE, VNM_STAGE_FORWARD, VNM_FATED_DROP);
	static const struct vnm_trace_event mark =
		LEGACY("mangle", "FORWARD", 1, RULE, VNM_STAGE_FORWARD, VNM_FATED_ON);
	vnm_autobuf struct vnm_buf mend = { 0 }, other = { 0 };

	vnm_rule_mend(&drop, "br0", false, VNM_FW_BACKEND_LEGACY, &mend);
	VNM_ASSERT_STR_EQ(vnm_buf_str(&mend), "vnetmgr net-repair --all");
	vnm_rule_mend(&mark, "br0", false, VNM_FW_BACKEND_LEGACY, &other);
	VNM_ASSERT_STR_EQ(vnm_buf_str(&other), "iptables-legacy -t mangle -D FORWARD 1");
}

static void reasons(void)
{
	CU_ASSERT(vnm_reason_name(VNM_REASON_NONE) == NULL);
	for (int i = 1; i < VNM_REASON_COUNT; i++) {
		CU_ASSERT_FATAL(vnm_reason_name((enum vnm_reason)i) != NULL);
		for (int k = 1; k < i; k++)
			CU_ASSERT(strcmp(vnm_reason_name((enum vnm_reason)i),
					 vnm_reason_name((enum vnm_reason)k)) != 0);
	}
}

/* ---- the packet ---- */

#define ETHERNET 14

static uint32_t sum(const uint8_t *at, size_t len)
{
	uint32_t total = 0;

	for (size_t i = 0; i < len; i++)
		total += i % 2 ? at[i] : (uint32_t)at[i] << 8;
	while (total >> 16)
		total = (total & 0xffff) + (total >> 16);
	return total;
}

/* A receiver's check: over everything, with the checksum in it, all bits are set. */
static bool is_sound(const struct vnm_packet *packet, const uint8_t *ip, size_t len)
{
	bool v6 = packet->src.family == AF_INET6;
	size_t head = v6 ? 40 : 20, size = v6 ? 16 : 4;
	uint8_t pseudo[VNM_PACKET_MAX + 64] = { 0 };

	if (!v6 && sum(ip, head) != 0xffff)
		return false;
	if (packet->proto == IPPROTO_ICMP)
		return sum(ip + head, len - head) == 0xffff;
	memcpy(pseudo, ip + (v6 ? 8 : 12), 2 * size);
	pseudo[2 * size + 1] = packet->proto;
	pseudo[2 * size + 3] = (uint8_t)(len - head);
	memcpy(pseudo + 2 * size + 4, ip + head, len - head);
	return sum(pseudo, 2 * size + 4 + len - head) == 0xffff;
}

static void one_packet(const char *src, const char *dst, uint8_t proto, bool reply)
{
	static const struct vnm_mac from = { true, { 2, 0, 0, 0, 0, 1 } },
				    to = { true, { 2, 0, 0, 0, 0, 2 } };
	struct vnm_packet packet = { .proto = proto,
				     .sport = 40000,
				     .dport = 80,
				     .reply = reply,
				     .cookie = "\x12\x34\x56\x78\x9a\xbc\xde\xf0" },
			  other;
	uint8_t frame[VNM_PACKET_MAX];
	struct vnm_packet_mark mark;
	size_t len, head;

	vnm_addr_parse(src, &packet.src);
	vnm_addr_parse(dst, &packet.dst);
	head = ETHERNET + (packet.src.family == AF_INET6 ? 40 : 20);
	len = vnm_packet_frame(&packet, &from, &to, frame);
	CU_ASSERT(len > head && len <= VNM_PACKET_MAX);
	CU_ASSERT(memcmp(frame, to.b, 6) == 0 && memcmp(frame + 6, from.b, 6) == 0);
	CU_ASSERT(is_sound(&packet, frame + ETHERNET, len - ETHERNET));
	CU_ASSERT(vnm_packet_is(&packet, frame + head, len - head));
	mark = vnm_packet_mark(&packet);
	CU_ASSERT(memcmp(frame + head + mark.offset, mark.value, mark.len) == 0);
	CU_ASSERT(!vnm_packet_is(&packet, frame + head, mark.offset));
	other = packet;
	other.cookie[0] ^= 1;
	CU_ASSERT(!vnm_packet_is(&other, frame + head, len - head));
}

static void packets(void)
{
	for (int reply = 0; reply < 2; reply++) {
		one_packet("192.0.2.1", "198.51.100.1", IPPROTO_TCP, reply);
		one_packet("192.0.2.1", "198.51.100.1", IPPROTO_UDP, reply);
		one_packet("192.0.2.1", "198.51.100.1", IPPROTO_ICMP, reply);
		one_packet("2001:db8::1", "2001:db8::2", IPPROTO_TCP, reply);
		one_packet("2001:db8::1", "2001:db8::2", IPPROTO_UDP, reply);
		one_packet("2001:db8::1", "2001:db8::2", IPPROTO_ICMPV6, reply);
	}
}

/* An ICMP error quotes the packet behind its own header; a reset expects the next number of the sequence. */
static void errors(void)
{
	struct vnm_packet packet = { .proto = IPPROTO_TCP, .cookie = "\xff\xff\xff\xff" };
	struct vnm_packet_mark marks[VNM_PACKET_ERRORS];

	vnm_addr_parse("192.0.2.1", &packet.src);
	CU_ASSERT(vnm_packet_errors(&packet, marks) == 2);
	CU_ASSERT(marks[0].proto == IPPROTO_ICMP && marks[0].offset == 8 + 20 + 4);
	CU_ASSERT(marks[1].proto == IPPROTO_TCP && marks[1].offset == 8 &&
		  memcmp(marks[1].value, "\0\0\0\0", 4) == 0);
	packet.proto = IPPROTO_UDP;
	vnm_addr_parse("2001:db8::1", &packet.src);
	CU_ASSERT(vnm_packet_errors(&packet, marks) == 1);
	CU_ASSERT(marks[0].proto == IPPROTO_ICMPV6 && marks[0].offset == 8 + 40 + 8);
}

const struct vnm_test vnm_tests[] = {
	{ "where a trail ends", ends },	     { "addresses on the way", addresses },
	{ "words for a rule", words },	     { "a rule beside ours", beside_ours },
	{ "names of reasons", reasons },     { "packets", packets },
	{ "what refuses a packet", errors }, { NULL, NULL },
};
