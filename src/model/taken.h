/* SPDX-License-Identifier: GPL-2.0-or-later */
/* taken.h - addresses in use, and which free one a new guest gets. */
#ifndef VNM_MODEL_TAKEN_H
#define VNM_MODEL_TAKEN_H

#include <stdbool.h>

#include "model/network.h"

/** struct vnm_taken - addresses in use. @share: of those that are free, these are this host's to give away */
struct vnm_taken {
	struct vnm_addr *items;
	size_t n;
	bool sorted;
	struct vnm_overlay_host share;
};

void vnm_taken_add(struct vnm_taken *taken, const struct vnm_addr *addr);
bool vnm_taken_has(struct vnm_taken *taken, const struct vnm_addr *addr);
void vnm_taken_drop(struct vnm_taken *taken, const struct vnm_addr *addr);
void vnm_taken_clear(struct vnm_taken *taken);
void vnm_taken_network(const struct vnm_network *net, struct vnm_taken *taken);
void vnm_taken_named(const struct vnm_network *net, struct vnm_taken *taken);
void vnm_taken_led_to(const struct vnm_network *net, struct vnm_taken *taken);
int vnm_address_pick(const struct vnm_ip *ip, struct vnm_taken *taken, struct vnm_addr *ret);
int vnm_address_same(const struct vnm_ip *ip, const struct vnm_prefix *old, struct vnm_taken *taken,
		     struct vnm_addr *ret);

#endif
