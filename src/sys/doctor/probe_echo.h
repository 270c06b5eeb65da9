/* SPDX-License-Identifier: GPL-2.0-or-later */
/* probe_echo.h - how large packets to somebody may be, found out by echo requests. */
#ifndef VNM_SYS_DOCTOR_PROBE_ECHO_H
#define VNM_SYS_DOCTOR_PROBE_ECHO_H

#include <stdint.h>

#include "util/addr.h"

#define VNM_ECHO_MAX 9216 /* bytes of the largest packet: no switch takes more */
#define VNM_ECHO_SMALL 64

/**
 * struct vnm_echo_result - what came of it
 * @largest: of the packets that were answered, in bytes; 0: none was
 * @told:    how large packets may be at most, as a router on the way has said (ICMP); 0: none has
 */
struct vnm_echo_result {
	uint32_t largest, told;
};

void vnm_probe_echo(const struct vnm_addr *to, int ifindex, const char *dev, uint32_t full,
		    int wait_ms, struct vnm_echo_result *ret);

#endif
