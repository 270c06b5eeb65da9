/* SPDX-License-Identifier: GPL-2.0-or-later */
/* resolve_frame.h - frames of ARP and neighbour discovery, as bytes. */
#ifndef VNM_SYS_RESOLVE_FRAME_H
#define VNM_SYS_RESOLVE_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/addr.h"
#include "util/parse.h"

#define VNM_RESOLVE_FRAME_MAX 128

size_t vnm_frame_announce(uint8_t frame[static VNM_RESOLVE_FRAME_MAX], const struct vnm_mac *mac,
			  const struct vnm_addr *addr);
size_t vnm_frame_ask(uint8_t frame[static VNM_RESOLVE_FRAME_MAX], const struct vnm_mac *mac,
		     const struct vnm_mac *to, const struct vnm_addr *addr);
bool vnm_frame_answer(const uint8_t *frame, size_t len, struct vnm_addr *ret_addr,
		      struct vnm_mac *ret_mac);

#endif
