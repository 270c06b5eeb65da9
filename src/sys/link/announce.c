/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * announce.c - tell the hosts of an overlay that a guest is here now.
 *
 * Until a guest that has moved sends something, the others send to where it was. So a packet is sent in its name: an announcement of
 * its IPv4 address (RFC 5227 3), an unsolicited advertisement of its IPv6 one (RFC 4861 7.2.6), by the VXLAN device alone, since the
 * guest itself would take them for somebody else with its address. The bridge here is told by an entry that it could have learnt.
 *
 * What the guest has sent where it was, after that, leads the others back there. So when it leaves, it is asked, wherever it is, in such
 * a way that its answer goes to all.
 */
#include "sys/link/announce.h"

#include <errno.h>
#include <net/if.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sys/link/link.h"
#include "sys/link/resolve_frame.h"
#include "sys/netlink/netlink.h"
#include "util/mem.h"
#include "util/send.h"

#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/neighbour.h>

static int send_frame(struct vnm_sys *sys, const char *tunnel, const uint8_t *frame, size_t len)
{
	vnm_autoclose int sock = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	struct sockaddr_ll to = { .sll_family = AF_PACKET, .sll_halen = ETH_ALEN };
	struct vnm_link link;
	int r = sock < 0 ? -errno : vnm_link_read(sys, tunnel, &link);

	if (r < 0)
		return r;
	to.sll_ifindex = link.fact.index;
	return vnm_send_to(sock, frame, len, &to, sizeof(to));
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
	uint8_t frame[VNM_RESOLVE_FRAME_MAX];

	return send_frame(sys, tunnel, frame, vnm_frame_announce(frame, mac, addr));
}

/**
 * vnm_announce_elsewhere() - have a guest that is elsewhere now tell all hosts so
 * @sys:    the handles
 * @tunnel: the VXLAN device
 * @own:    the MAC address that this host has for the others
 * @addr:   the guest's address
 *
 * It is asked in the name of somebody whom no host knows. Nothing follows where nobody has the address.
 *
 * Return: 0 or -errno.
 */
int vnm_announce_elsewhere(struct vnm_sys *sys, const char *tunnel, const struct vnm_mac *own,
			   const struct vnm_addr *addr)
{
	uint8_t frame[VNM_RESOLVE_FRAME_MAX];
	struct vnm_mac nobody = *own;

	nobody.b[1] ^= 1;
	return send_frame(sys, tunnel, frame, vnm_frame_ask(frame, own, &nobody, addr));
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
