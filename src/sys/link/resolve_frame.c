/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * resolve_frame.c - frames of ARP (RFC 826) and neighbour discovery (RFC 4861), as bytes. Pure.
 *
 * Whoever is asked learns no address from the question: that of IPv4 is a probe (RFC 5227 2.1.1), that of IPv6 comes from the link-local
 * address that belongs to the MAC address (RFC 4291 appendix A), since an answer to the unspecified one would be for everybody.
 */
#include "sys/link/resolve_frame.h"

#include <string.h>
#include <sys/socket.h>

#include "util/checksum.h"

#include <linux/if_arp.h>
#include <linux/if_ether.h>

enum {
	HEAD = ETH_HLEN,
	ARP_LEN = 28,
	IP6_LEN = 40,
	ND_LEN = 32,
	ND_SOLICIT = 135,
	ND_ADVERT = 136,
	ND_OVERRIDE = 0x20,
	SOURCE_LINK_ADDRESS = 1,
	TARGET_LINK_ADDRESS = 2,
	ICMP6 = 58,
	HOPS = 255,
};

static void put16(uint8_t *at, uint16_t value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

static bool is16(const uint8_t *at, uint16_t value)
{
	return at[0] == value >> 8 && at[1] == (value & 0xff);
}

static void put_head(uint8_t *frame, const uint8_t to[static ETH_ALEN], const struct vnm_mac *mac,
		     uint16_t type)
{
	memcpy(frame, to, ETH_ALEN);
	memcpy(frame + ETH_ALEN, mac->b, ETH_ALEN);
	put16(frame + 2 * ETH_ALEN, type);
}

/* A request. @from: of 4 bytes, as is @to */
static size_t put_arp(uint8_t *frame, const struct vnm_mac *mac, const uint8_t *from,
		      const uint8_t *to)
{
	static const uint8_t everybody[ETH_ALEN] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
	uint8_t *arp = frame + HEAD;

	put_head(frame, everybody, mac, ETH_P_ARP);
	put16(arp, ARPHRD_ETHER);
	put16(arp + 2, ETH_P_IP);
	arp[4] = ETH_ALEN;
	arp[5] = 4;
	put16(arp + 6, ARPOP_REQUEST);
	memcpy(arp + 8, mac->b, ETH_ALEN);
	memcpy(arp + 14, from, 4);
	memcpy(arp + 24, to, 4);
	return HEAD + ARP_LEN;
}

/* With the pseudo header (RFC 8200 8.1): both addresses, length, protocol. In network byte order. */
static uint16_t icmp6_sum(const uint8_t *ip)
{
	uint8_t text[40 + ND_LEN] = { 0 };

	memcpy(text, ip + 8, 32);
	text[35] = ND_LEN;
	text[39] = ICMP6;
	memcpy(text + 40, ip + IP6_LEN, ND_LEN);
	return vnm_checksum(vnm_checksum_add(0, text, sizeof(text)));
}

/* To a group, of which the last four bytes are in the MAC address, too. @option: the kind of the one with @mac */
static size_t put_nd(uint8_t *frame, uint8_t type, const uint8_t *from, const uint8_t *group,
		     const struct vnm_addr *target, uint8_t option, const struct vnm_mac *mac)
{
	const uint8_t to[ETH_ALEN] = { 0x33, 0x33, group[12], group[13], group[14], group[15] };
	uint8_t *ip = frame + HEAD, *nd = ip + IP6_LEN;
	uint16_t sum;

	put_head(frame, to, mac, ETH_P_IPV6);
	ip[0] = 0x60;
	put16(ip + 4, ND_LEN);
	ip[6] = ICMP6;
	ip[7] = HOPS;
	memcpy(ip + 8, from, 16);
	memcpy(ip + 24, group, 16);
	nd[0] = type;
	nd[4] = type == ND_ADVERT ? ND_OVERRIDE : 0;
	memcpy(nd + 8, target->b, 16);
	nd[24] = option;
	nd[25] = 1;
	memcpy(nd + 26, mac->b, ETH_ALEN);
	sum = icmp6_sum(ip);
	memcpy(nd + 2, &sum, sizeof(sum));
	return HEAD + IP6_LEN + ND_LEN;
}

/**
 * vnm_frame_announce() - an address is here: an announcement (RFC 5227 3), or an unsolicited advertisement (RFC 4861 7.2.6)
 * @frame: gets it
 * @mac:   whose address it is
 * @addr:  the address
 *
 * Return: its length in bytes.
 */
size_t vnm_frame_announce(uint8_t frame[static VNM_RESOLVE_FRAME_MAX], const struct vnm_mac *mac,
			  const struct vnm_addr *addr)
{
	static const uint8_t all_nodes[16] = { 0xff, 0x02, [15] = 1 };

	memset(frame, 0, VNM_RESOLVE_FRAME_MAX);
	if (addr->family == AF_INET)
		return put_arp(frame, mac, addr->b, addr->b);
	return put_nd(frame, ND_ADVERT, addr->b, all_nodes, addr, TARGET_LINK_ADDRESS, mac);
}

/**
 * vnm_frame_ask() - who has an address?
 * @frame: gets the question
 * @mac:   who asks
 * @to:    who is to be answered: @mac, or somebody whom no bridge knows, so that all hear the answer
 * @addr:  the address
 *
 * Return: its length in bytes.
 */
size_t vnm_frame_ask(uint8_t frame[static VNM_RESOLVE_FRAME_MAX], const struct vnm_mac *mac,
		     const struct vnm_mac *to, const struct vnm_addr *addr)
{
	static const uint8_t nobody[4];
	const uint8_t *b = to->b, *a = addr->b;
	const uint8_t local[16] = { 0xfe, 0x80, [8] = b[0] ^ 2, b[1], b[2],
				    0xff, 0xfe, b[3],		b[4], b[5] };
	const uint8_t solicited[16] = {
		0xff, 0x02, [11] = 1, [12] = 0xff, [13] = a[13], a[14], a[15]
	};
	size_t len;

	memset(frame, 0, VNM_RESOLVE_FRAME_MAX);
	if (addr->family == AF_INET)
		len = put_arp(frame, to, nobody, addr->b);
	else
		len = put_nd(frame, ND_SOLICIT, local, solicited, addr, SOURCE_LINK_ADDRESS, to);
	memcpy(frame + ETH_ALEN, mac->b, ETH_ALEN);
	return len;
}

/**
 * vnm_frame_answer() - does a frame say who has an address?
 * @frame:    as it was received
 * @len:      in bytes
 * @ret_addr: the address
 * @ret_mac:  who has it
 */
bool vnm_frame_answer(const uint8_t *frame, size_t len, struct vnm_addr *ret_addr,
		      struct vnm_mac *ret_mac)
{
	const uint8_t *body = frame + HEAD, *nd = body + IP6_LEN;

	*ret_mac = (struct vnm_mac){ .set = true };
	if (len >= HEAD + ARP_LEN && is16(frame + 2 * ETH_ALEN, ETH_P_ARP) &&
	    is16(body + 6, ARPOP_REPLY)) {
		*ret_addr = (struct vnm_addr){ .family = AF_INET };
		memcpy(ret_addr->b, body + 14, 4);
		memcpy(ret_mac->b, body + 8, ETH_ALEN);
		return true;
	}
	if (len < HEAD + IP6_LEN + ND_LEN - 8 || !is16(frame + 2 * ETH_ALEN, ETH_P_IPV6) ||
	    body[6] != ICMP6 || nd[0] != ND_ADVERT)
		return false;
	*ret_addr = (struct vnm_addr){ .family = AF_INET6 };
	memcpy(ret_addr->b, nd + 8, 16);
	memcpy(ret_mac->b, frame + ETH_ALEN, ETH_ALEN);
	return true;
}
