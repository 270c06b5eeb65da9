/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nft_field.c - the words of nft(8) for what rules look at, and for its values. */
#include "sys/firewall/nft_field.h"

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <net/if.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <stdio.h>
#include <string.h>

#include <linux/netfilter.h>
#include <linux/netfilter/nf_conntrack_common.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/rtnetlink.h>

#include "util/mem.h"

/** struct number_name - a number that has a name. */
struct number_name {
	uint32_t number;
	const char *name;
};

static const char *name_of(const struct number_name *names, size_t n, uint32_t number)
{
	for (size_t i = 0; i < n; i++)
		if (names[i].number == number)
			return names[i].name;
	return NULL;
}
#define NAME_OF(names, number) name_of(names, VNM_ARRAY_SIZE(names), number)

static struct vnm_nft_word word(enum vnm_nft_kind kind, const char *text)
{
	struct vnm_nft_word ret = { .kind = kind };

	snprintf(ret.text, sizeof(ret.text), "%s", text);
	return ret;
}

/** vnm_nft_meta_word() - a property of the packet. @key: NFT_META_* */
struct vnm_nft_word vnm_nft_meta_word(uint32_t key)
{
	static const struct {
		uint32_t key;
		enum vnm_nft_kind kind;
		const char *text;
	} words[] = {
		{ NFT_META_LEN, VNM_NFT_HOST_NUMBER, "meta length" },
		{ NFT_META_PROTOCOL, VNM_NFT_ETHERTYPE, "meta protocol" },
		{ NFT_META_MARK, VNM_NFT_HOST_HEX, "meta mark" },
		{ NFT_META_PRIORITY, VNM_NFT_HOST_HEX, "meta priority" },
		{ NFT_META_IIF, VNM_NFT_INDEX, "iif" },
		{ NFT_META_OIF, VNM_NFT_INDEX, "oif" },
		{ NFT_META_IIFNAME, VNM_NFT_NAME, "iifname" },
		{ NFT_META_OIFNAME, VNM_NFT_NAME, "oifname" },
		{ NFT_META_IIFGROUP, VNM_NFT_HOST_NUMBER, "iifgroup" },
		{ NFT_META_OIFGROUP, VNM_NFT_HOST_NUMBER, "oifgroup" },
		{ NFT_META_SKUID, VNM_NFT_HOST_NUMBER, "meta skuid" },
		{ NFT_META_NFPROTO, VNM_NFT_FAMILY, "meta nfproto" },
		{ NFT_META_L4PROTO, VNM_NFT_PROTOCOL, "meta l4proto" },
		{ NFT_META_PKTTYPE, VNM_NFT_HOST_NUMBER, "meta pkttype" },
		{ NFT_META_BRI_IIFNAME, VNM_NFT_NAME, "ibrname" },
		{ NFT_META_BRI_OIFNAME, VNM_NFT_NAME, "obrname" },
	};

	for (size_t i = 0; i < VNM_ARRAY_SIZE(words); i++)
		if (words[i].key == key)
			return word(words[i].kind, words[i].text);
	return word(VNM_NFT_HEX, "meta");
}

/** vnm_nft_ct_word() - a property of the packet's connection. @key: NFT_CT_* */
struct vnm_nft_word vnm_nft_ct_word(uint32_t key)
{
	static const struct number_name words[] = {
		{ NFT_CT_STATUS, "ct status" },
		{ NFT_CT_MARK, "ct mark" },
		{ NFT_CT_DIRECTION, "ct direction" },
		{ NFT_CT_ZONE, "ct zone" },
	};
	const char *text = NAME_OF(words, key);

	if (key == NFT_CT_STATE)
		return word(VNM_NFT_BITS, "ct state");
	return word(VNM_NFT_HOST_HEX, text ? text : "ct");
}

/**
 * vnm_nft_fib_word() - what the routes say of the packet
 * @flags:  NFTA_FIB_F_*, what they are asked of it
 * @result: NFT_FIB_RESULT_*, and about what
 */
struct vnm_nft_word vnm_nft_fib_word(uint32_t flags, uint32_t result)
{
	static const struct number_name asked[] = { { NFTA_FIB_F_SADDR, "saddr" },
						    { NFTA_FIB_F_DADDR, "daddr" },
						    { NFTA_FIB_F_MARK, "mark" },
						    { NFTA_FIB_F_IIF, "iif" },
						    { NFTA_FIB_F_OIF, "oif" } };
	static const struct {
		enum vnm_nft_kind kind;
		const char *name;
	} results[] = {
		[NFT_FIB_RESULT_OIF] = { VNM_NFT_INDEX, "oif" },
		[NFT_FIB_RESULT_OIFNAME] = { VNM_NFT_NAME, "oifname" },
		[NFT_FIB_RESULT_ADDRTYPE] = { VNM_NFT_ROUTE_TYPE, "type" },
	};
	struct vnm_nft_word ret = { .kind = VNM_NFT_HEX };
	size_t at = (size_t)snprintf(ret.text, sizeof(ret.text), "fib");

	for (size_t i = 0; i < VNM_ARRAY_SIZE(asked) && at < sizeof(ret.text); i++)
		if (flags & asked[i].number)
			at += (size_t)snprintf(ret.text + at, sizeof(ret.text) - at, " %s%s",
					       at > 3 ? ". " : "", asked[i].name);
	if (result < VNM_ARRAY_SIZE(results) && results[result].name && at < sizeof(ret.text)) {
		snprintf(ret.text + at, sizeof(ret.text) - at, " %s", results[result].name);
		ret.kind = results[result].kind;
	}
	return ret;
}

static struct vnm_nft_word transport_word(const struct vnm_nft_packet *packet, uint32_t offset,
					  uint32_t len)
{
	static const struct number_name protocols[] = {
		{ IPPROTO_TCP, "tcp" },
		{ IPPROTO_UDP, "udp" },
		{ IPPROTO_SCTP, "sctp" },
		{ IPPROTO_DCCP, "dccp" },
	};
	const char *protocol = NAME_OF(protocols, packet->proto);
	struct vnm_nft_word ret = { .kind = VNM_NFT_NUMBER };

	if (offset == 0 && len == 1 && packet->proto == IPPROTO_ICMP)
		return word(VNM_NFT_ICMP, "icmp type");
	if (offset == 0 && len == 1 && packet->proto == IPPROTO_ICMPV6)
		return word(VNM_NFT_ICMP6, "icmpv6 type");
	if (len == 2 && (offset == 0 || offset == 2)) {
		snprintf(ret.text, sizeof(ret.text), "%s %s", protocol ? protocol : "th",
			 offset ? "dport" : "sport");
		return ret;
	}
	snprintf(ret.text, sizeof(ret.text), "@th,%u,%u", offset * 8, len * 8);
	ret.kind = VNM_NFT_HEX;
	return ret;
}

/**
 * vnm_nft_payload_word() - a field of the packet
 * @packet: what is known of it
 * @base:   NFT_PAYLOAD_*_HEADER
 * @offset: in bytes
 * @len:    in bytes
 */
struct vnm_nft_word vnm_nft_payload_word(const struct vnm_nft_packet *packet, uint32_t base,
					 uint32_t offset, uint32_t len)
{
	static const struct {
		uint32_t base, offset, len;
		bool v6;
		enum vnm_nft_kind kind;
		const char *text;
	} words[] = {
		{ NFT_PAYLOAD_LL_HEADER, 0, 6, false, VNM_NFT_MAC, "ether daddr" },
		{ NFT_PAYLOAD_LL_HEADER, 6, 6, false, VNM_NFT_MAC, "ether saddr" },
		{ NFT_PAYLOAD_LL_HEADER, 12, 2, false, VNM_NFT_ETHERTYPE, "ether type" },
		{ NFT_PAYLOAD_NETWORK_HEADER, 12, 4, false, VNM_NFT_ADDRESS, "ip saddr" },
		{ NFT_PAYLOAD_NETWORK_HEADER, 16, 4, false, VNM_NFT_ADDRESS, "ip daddr" },
		{ NFT_PAYLOAD_NETWORK_HEADER, 8, 1, false, VNM_NFT_NUMBER, "ip ttl" },
		{ NFT_PAYLOAD_NETWORK_HEADER, 9, 1, false, VNM_NFT_PROTOCOL, "ip protocol" },
		{ NFT_PAYLOAD_NETWORK_HEADER, 8, 16, true, VNM_NFT_ADDRESS, "ip6 saddr" },
		{ NFT_PAYLOAD_NETWORK_HEADER, 24, 16, true, VNM_NFT_ADDRESS, "ip6 daddr" },
		{ NFT_PAYLOAD_NETWORK_HEADER, 7, 1, true, VNM_NFT_NUMBER, "ip6 hoplimit" },
		{ NFT_PAYLOAD_NETWORK_HEADER, 6, 1, true, VNM_NFT_PROTOCOL, "ip6 nexthdr" },
	};
	static const char *const bases[] = { "ll", "nh", "th" };
	struct vnm_nft_word ret = { .kind = VNM_NFT_HEX };

	if (base == NFT_PAYLOAD_TRANSPORT_HEADER)
		return transport_word(packet, offset, len);
	for (size_t i = 0; i < VNM_ARRAY_SIZE(words); i++)
		if (words[i].base == base && words[i].offset == offset && words[i].len == len &&
		    (base == NFT_PAYLOAD_LL_HEADER || len == 16 || words[i].v6 == packet->v6 ||
		     words[i].len == 4))
			return word(words[i].kind, words[i].text);
	/* A subnet of whole bytes is compared by these alone. */
	if (base == NFT_PAYLOAD_NETWORK_HEADER && len < (packet->v6 ? 16 : 4))
		for (size_t i = 0; i < VNM_ARRAY_SIZE(words); i++)
			if (words[i].kind == VNM_NFT_ADDRESS && words[i].v6 == packet->v6 &&
			    words[i].offset == offset)
				return word(VNM_NFT_ADDRESS, words[i].text);
	snprintf(ret.text, sizeof(ret.text), "@%s,%u,%u",
		 bases[base < VNM_ARRAY_SIZE(bases) ? base : 0], offset * 8, len * 8);
	return ret;
}

/**
 * vnm_nft_learn() - what a comparison that holds says of the packet
 * @packet: gets it
 * @word:   what was compared
 * @value:  with which, @len bytes
 */
void vnm_nft_learn(struct vnm_nft_packet *packet, const struct vnm_nft_word *word,
		   const uint8_t *value, size_t len)
{
	if (word->kind == VNM_NFT_FAMILY && len >= 1)
		packet->v6 = value[0] == NFPROTO_IPV6;
	if (word->kind != VNM_NFT_PROTOCOL || len < 1)
		return;
	packet->proto = value[0];
	packet->icmp6 = value[0] == IPPROTO_ICMPV6;
}

/* ---- values ---- */

static void add_address(const uint8_t *value, size_t len, char *ret, size_t size)
{
	uint8_t whole[16] = { 0 };

	memcpy(whole, value, len < sizeof(whole) ? len : sizeof(whole));
	if (!inet_ntop(len <= 4 ? AF_INET : AF_INET6, whole, ret, (socklen_t)size))
		*ret = '\0';
	if (len != 4 && len != 16)
		snprintf(ret + strlen(ret), size - strlen(ret), "/%zu", len * 8);
}

static uint32_t host_number(const uint8_t *value, size_t len)
{
	uint32_t all = 0;
	uint16_t half;

	if (len == 2) {
		memcpy(&half, value, sizeof(half));
		return half;
	}
	if (len == 1)
		return value[0];
	memcpy(&all, value, len < sizeof(all) ? len : sizeof(all));
	return all;
}

static uint32_t wire_number(const uint8_t *value, size_t len)
{
	uint32_t all = 0;

	for (size_t i = 0; i < len && i < sizeof(all); i++)
		all = all << 8 | value[i];
	return all;
}

static void add_bits(const uint8_t *value, size_t len, char *ret, size_t size)
{
	const uint32_t bits = host_number(value, len);

	static const struct number_name names[] = {
		{ NF_CT_STATE_INVALID_BIT, "invalid" },
		{ NF_CT_STATE_BIT(IP_CT_ESTABLISHED), "established" },
		{ NF_CT_STATE_BIT(IP_CT_RELATED), "related" },
		{ NF_CT_STATE_BIT(IP_CT_NEW), "new" },
		{ NF_CT_STATE_UNTRACKED_BIT, "untracked" },
	};
	size_t at = 0;

	*ret = '\0';
	for (size_t i = 0; i < VNM_ARRAY_SIZE(names); i++)
		if (bits & names[i].number && at < size)
			at += (size_t)snprintf(ret + at, size - at, "%s%s", at ? "," : "",
					       names[i].name);
}

/* Of a kind whose numbers have names; NULL: it has none. */
static const char *named(enum vnm_nft_kind kind, uint32_t number)
{
	static const struct number_name families[] = { { NFPROTO_IPV4, "ipv4" },
						       { NFPROTO_IPV6, "ipv6" } };
	static const struct number_name protocols[] = {
		{ IPPROTO_TCP, "tcp" },	  { IPPROTO_UDP, "udp" },	   { IPPROTO_ICMP, "icmp" },
		{ IPPROTO_SCTP, "sctp" }, { IPPROTO_ICMPV6, "ipv6-icmp" }, { IPPROTO_GRE, "gre" },
		{ IPPROTO_ESP, "esp" },
	};
	static const struct number_name ethertypes[] = { { ETH_P_IP, "ip" },
							 { ETH_P_IPV6, "ip6" },
							 { ETH_P_ARP, "arp" },
							 { ETH_P_8021Q, "8021q" } };
	static const struct number_name icmp[] = {
		{ ICMP_ECHOREPLY, "echo-reply" },
		{ ICMP_DEST_UNREACH, "destination-unreachable" },
		{ ICMP_REDIRECT, "redirect" },
		{ ICMP_ECHO, "echo-request" },
		{ ICMP_TIME_EXCEEDED, "time-exceeded" },
	};
	static const struct number_name icmp6[] = {
		{ ICMP6_DST_UNREACH, "destination-unreachable" },
		{ ICMP6_PACKET_TOO_BIG, "packet-too-big" },
		{ ICMP6_ECHO_REQUEST, "echo-request" },
		{ ICMP6_ECHO_REPLY, "echo-reply" },
		{ ND_ROUTER_SOLICIT, "nd-router-solicit" },
		{ ND_ROUTER_ADVERT, "nd-router-advert" },
		{ ND_NEIGHBOR_SOLICIT, "nd-neighbor-solicit" },
		{ ND_NEIGHBOR_ADVERT, "nd-neighbor-advert" },
		{ ND_REDIRECT, "nd-redirect" },
	};

	static const struct {
		const struct number_name *names;
		size_t n;
	} of_kind[VNM_NFT_KIND_COUNT] = {
		[VNM_NFT_FAMILY] = { families, VNM_ARRAY_SIZE(families) },
		[VNM_NFT_PROTOCOL] = { protocols, VNM_ARRAY_SIZE(protocols) },
		[VNM_NFT_ETHERTYPE] = { ethertypes, VNM_ARRAY_SIZE(ethertypes) },
		[VNM_NFT_ICMP] = { icmp, VNM_ARRAY_SIZE(icmp) },
		[VNM_NFT_ICMP6] = { icmp6, VNM_ARRAY_SIZE(icmp6) },
	};

	return name_of(of_kind[kind].names, of_kind[kind].n, number);
}

/* A name without its NUL stands for all that begin with it. */
static void add_name(const uint8_t *value, size_t len, char *ret, size_t size)
{
	const size_t n = strnlen((const char *)value, len);

	snprintf(ret, size, "\"%.*s%s\"", (int)n, (const char *)value,
		 n == len && n < IF_NAMESIZE ? "*" : "");
}

static void add_index(const uint8_t *value, size_t len, char *ret, size_t size)
{
	const uint32_t index = host_number(value, len);
	char name[IF_NAMESIZE];

	if (if_indextoname(index, name))
		snprintf(ret, size, "\"%s\"", name);
	else
		snprintf(ret, size, "%u", index);
}

static void add_mac(const uint8_t *value, size_t len, char *ret, size_t size)
{
	size_t at = 0;

	*ret = '\0';
	for (size_t i = 0; i < len && at < size; i++)
		at += (size_t)snprintf(ret + at, size - at, "%s%02x", i ? ":" : "", value[i]);
}

static void add_host_number(const uint8_t *value, size_t len, char *ret, size_t size)
{
	snprintf(ret, size, "%u", host_number(value, len));
}

static void add_host_hex(const uint8_t *value, size_t len, char *ret, size_t size)
{
	snprintf(ret, size, "0x%08x", host_number(value, len));
}

static void add_route_type(const uint8_t *value, size_t len, char *ret, size_t size)
{
	static const struct number_name types[] = {
		{ RTN_UNICAST, "unicast" },	    { RTN_LOCAL, "local" },
		{ RTN_BROADCAST, "broadcast" },	    { RTN_ANYCAST, "anycast" },
		{ RTN_MULTICAST, "multicast" },	    { RTN_BLACKHOLE, "blackhole" },
		{ RTN_UNREACHABLE, "unreachable" }, { RTN_PROHIBIT, "prohibit" },
	};
	const uint32_t number = host_number(value, len);
	const char *name = NAME_OF(types, number);

	if (name)
		snprintf(ret, size, "%s", name);
	else
		snprintf(ret, size, "%u", number);
}

static void add_hex(const uint8_t *value, size_t len, char *ret, size_t size)
{
	size_t at = (size_t)snprintf(ret, size, "0x");

	for (size_t i = 0; i < len && at < size; i++)
		at += (size_t)snprintf(ret + at, size - at, "%02x", value[i]);
}

/**
 * vnm_nft_value() - print a value
 * @word:  what it is the value of
 * @value: @len bytes, 16 at most
 * @ret:   gets it, in @size bytes
 */
void vnm_nft_value(const struct vnm_nft_word *word, const uint8_t *value, size_t len, char *ret,
		   size_t size)
{
	static void (*const of_kind[VNM_NFT_KIND_COUNT])(const uint8_t *value, size_t len,
							 char *ret, size_t size) = {
		[VNM_NFT_ADDRESS] = add_address,
		[VNM_NFT_MAC] = add_mac,
		[VNM_NFT_NAME] = add_name,
		[VNM_NFT_INDEX] = add_index,
		[VNM_NFT_BITS] = add_bits,
		[VNM_NFT_HOST_NUMBER] = add_host_number,
		[VNM_NFT_HOST_HEX] = add_host_hex,
		[VNM_NFT_HEX] = add_hex,
		[VNM_NFT_ROUTE_TYPE] = add_route_type,
	};
	const char *name = named(word->kind, wire_number(value, len));

	if (name) {
		snprintf(ret, size, "%s", name);
		return;
	}
	if (of_kind[word->kind])
		of_kind[word->kind](value, len, ret, size);
	else
		snprintf(ret, size, "%u", wire_number(value, len));
}
