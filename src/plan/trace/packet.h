/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * packet.h - the packet that is followed: what it says, and its bytes. Pure.
 *
 * A cookie tells it from all others, wherever it is met, whatever its addresses have been translated to.
 */
#ifndef VNM_PLAN_PACKET_H
#define VNM_PLAN_PACKET_H

#include <stdbool.h>
#include <stddef.h>

#include "util/addr.h"
#include "util/parse.h"

#define VNM_PACKET_COOKIE 8 /* bytes, of which TCP has room for the first four */
#define VNM_PACKET_MAX 128 /* bytes of the longest frame */

/**
 * struct vnm_packet - the first packet of a connection
 * @proto:  IPPROTO_TCP (a SYN), IPPROTO_UDP, or IPPROTO_ICMP, IPPROTO_ICMPV6 (an echo request)
 * @sport:  or the echo's identifier
 * @reply:  the answer to such a packet: a SYN with ACK, an echo reply
 * @answers: of a reply of TCP: the cookie of the packet that it answers
 */
struct vnm_packet {
	struct vnm_addr src, dst;
	uint8_t proto;
	uint16_t sport, dport;
	uint8_t cookie[VNM_PACKET_COOKIE];
	bool reply;
	uint8_t answers[VNM_PACKET_COOKIE];
};

/** struct vnm_packet_mark - bytes by which the packet, or an error about it, is recognised. @offset: from the transport header. */
struct vnm_packet_mark {
	uint8_t proto, offset, len, value[VNM_PACKET_COOKIE];
};

#define VNM_PACKET_ERRORS 2

uint8_t vnm_packet_echo(int family);
struct vnm_packet_mark vnm_packet_mark(const struct vnm_packet *packet);
size_t vnm_packet_errors(const struct vnm_packet *packet,
			 struct vnm_packet_mark ret[static VNM_PACKET_ERRORS]);
bool vnm_packet_is(const struct vnm_packet *packet, const uint8_t *transport, size_t len);
size_t vnm_packet_frame(const struct vnm_packet *packet, const struct vnm_mac *from,
			const struct vnm_mac *to, uint8_t ret[static VNM_PACKET_MAX]);

#endif
