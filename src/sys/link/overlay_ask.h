/* SPDX-License-Identifier: GPL-2.0-or-later */
/* overlay_ask.h - ask the other hosts of an overlay who has an address. */
#ifndef VNM_SYS_OVERLAY_ASK_H
#define VNM_SYS_OVERLAY_ASK_H

#include "model/overlay_fault.h"
#include "sys/sys.h"

/**
 * struct vnm_overlay_question - what is asked
 * @mac:     who asks: none that the bridge has
 * @addrs:   who has them? @n_addrs
 * @expects: the MAC addresses of those who will answer, @n_expects
 * @wait_ms: how long they may take
 * @more_ms: and others, when all of these have answered
 */
struct vnm_overlay_question {
	struct vnm_mac mac;
	struct vnm_addr *addrs;
	struct vnm_mac *expects;
	size_t n_addrs, n_expects;
	int wait_ms, more_ms;
};

int vnm_overlay_ask(int ifindex, const struct vnm_overlay_question *question,
		    struct vnm_overlay_sight *sight);

#endif
