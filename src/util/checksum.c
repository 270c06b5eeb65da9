/* SPDX-License-Identifier: GPL-2.0-or-later */
/* checksum.c - the checksum of IP, UDP, TCP and ICMP (RFC 1071). */
#include "util/checksum.h"

#include <arpa/inet.h>

/**
 * vnm_checksum_add() - add a part to a sum
 * @total: of the parts before it; 0 at first
 * @data:  the part
 * @len:   its bytes; at most one part may have an odd number
 *
 * Return: the new sum.
 */
uint32_t vnm_checksum_add(uint32_t total, const void *data, size_t len)
{
	const uint8_t *bytes = data;

	for (size_t i = 0; i < len; i++)
		total += i % 2 ? bytes[i] : (uint32_t)bytes[i] << 8;
	return total;
}

/** vnm_checksum() - the checksum of a sum, in network byte order */
uint16_t vnm_checksum(uint32_t total)
{
	while (total >> 16)
		total = (total & 0xffff) + (total >> 16);
	return htons((uint16_t)~total);
}
