/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * announce.c - tell the hosts of an overlay that a guest is here now.
 *
 * Until a guest that has moved sends something, the others send to where it was. So a packet is sent in its name: an announcement of
 * its IPv4 address (RFC 5227 3), an unsolicited advertisement of its IPv6 one (RFC 4861 7.2.6), by the VXLAN device alone, since the
 * guest itself would take them for somebody else with its address. The bridge here is told by an entry that it could have learnt.
 */
#include "sys/link/announce.h"

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sys/link/link.h"
#include "sys/netlink/netlink.h"
#include "util/checksum.h"
#include "util/mem.h"

#include <linux/if_arp.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/neighbour.h>

enum {
	HEAD = ETH_HLEN,
	ARP_LEN = 28,
	IP6_LEN = 40, NA_LEN = 32, NA_TYPE = 136, NA_OVERRIDE = 0x20, TARGET_LINK_ADDRESS = 2,
	ICMP6 = 58, HOPS = 255,
	FRAME_MAX = HEAD + IP6_LEN + NA_LEN,
};

static void put16(uint8_t *at, uint16_t value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

static void put_head(uint8_t *frame, const uint8_t to[static ETH_ALEN], const struct vnm_mac *mac,
		     uint16_t type)
{
	memcpy(frame, to, ETH_ALEN);
	memcpy(frame + ETH_ALEN, mac->b, ETH_ALEN);
	put16(frame + 2 * ETH_ALEN, type);
}

static size_t make_arp(uint8_t *frame, const struct vnm_mac *mac, const struct vnm_addr *addr)
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
	memcpy(arp + 14, addr->b, 4);
	memcpy(arp + 24, addr->b, 4);
	return HEAD + ARP_LEN;
}

/* The pseudo header (RFC 8200 8.1): both addresses, length, protocol. */
static uint16_t icmp6_sum(const uint8_t *ip)
{
	uint8_t text[40 + NA_LEN] = { 0 };

	memcpy(text, ip + 8, 32);
	text[35] = NA_LEN;
	text[39] = ICMP6;
	memcpy(text + 40, ip + IP6_LEN, NA_LEN);
	return vnm_checksum(vnm_checksum_add(0, text, sizeof(text)));
}

static size_t make_na(uint8_t *frame, const struct vnm_mac *mac, const struct vnm_addr *addr)
{
	static const uint8_t nodes[ETH_ALEN] = { 0x33, 0x33, 0, 0, 0, 1 };
	static const uint8_t all_nodes[16] = { 0xff, 0x02, [15] = 1 };
	uint8_t *ip = frame + HEAD, *na = ip + IP6_LEN;

	put_head(frame, nodes, mac, ETH_P_IPV6);
	ip[0] = 0x60;
	put16(ip + 4, NA_LEN);
	ip[6] = ICMP6;
	ip[7] = HOPS;
	memcpy(ip + 8, addr->b, 16);
	memcpy(ip + 24, all_nodes, sizeof(all_nodes));
	na[0] = NA_TYPE;
	na[4] = NA_OVERRIDE;
	memcpy(na + 8, addr->b, 16);
	na[24] = TARGET_LINK_ADDRESS;
	na[25] = 1;
	memcpy(na + 26, mac->b, ETH_ALEN);
	put16(na + 2, icmp6_sum(ip));
	return FRAME_MAX;
}

/**
 * vnm_announce_address() - tell other hosts that an address is here
 * @sys:    the handles
 * @tunnel: the VXLAN device
 * @mac:    of the guest
 * @addr:   its address
 *
 * Return: 0 or -errno.
 */
int vnm_announce_address(struct vnm_sys *sys, const char *tunnel, const struct vnm_mac *mac,
			 const struct vnm_addr *addr)
{
	vnm_autoclose int sock = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	struct sockaddr_ll to = { .sll_family = AF_PACKET, .sll_halen = ETH_ALEN };
	uint8_t frame[FRAME_MAX] = { 0 };
	struct vnm_link link;
	size_t len;
	int r = sock < 0 ? -errno : vnm_link_read(sys, tunnel, &link);

	if (r < 0)
		return r;
	to.sll_ifindex = link.fact.index;
	len = addr->family == AF_INET ? make_arp(frame, mac, addr) : make_na(frame, mac, addr);
	return sendto(sock, frame, len, 0, (struct sockaddr *)&to, sizeof(to)) < 0 ? -errno : 0;
}

/**
 * vnm_announce_port() - tell the bridge that a MAC address is behind a port
 * @sys:  the handles
 * @port: the device
 * @mac:  the address
 *
 * Return: 0 or -errno.
 */
int vnm_announce_port(struct vnm_sys *sys, const char *port, const struct vnm_mac *mac)
{
	struct ndmsg head = { .ndm_family = AF_BRIDGE,
			      .ndm_state = NUD_REACHABLE,
			      .ndm_flags = NTF_MASTER };
	vnm_autonl struct vnm_nl_req req = { 0 };
	struct vnm_link link;
	int r = vnm_link_read(sys, port, &link);

	if (r < 0)
		return r;
	head.ndm_ifindex = link.fact.index;
	vnm_nl_begin(&req, RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_REPLACE, &head, sizeof(head));
	vnm_nl_put(&req, NDA_LLADDR, mac->b, sizeof(mac->b));
	return vnm_nl_do(sys, &req, NULL);
}
