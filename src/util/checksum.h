/* SPDX-License-Identifier: GPL-2.0-or-later */
/* checksum.h - the checksum of IP, UDP, TCP and ICMP (RFC 1071). */
#ifndef VNM_UTIL_CHECKSUM_H
#define VNM_UTIL_CHECKSUM_H

#include <stddef.h>
#include <stdint.h>

uint32_t vnm_checksum_add(uint32_t total, const void *data, size_t len);
uint16_t vnm_checksum(uint32_t total);

#endif
