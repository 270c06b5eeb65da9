/* SPDX-License-Identifier: GPL-2.0-or-later */
/* outline.h - of a definition, what decides whether another network can conflict with it at all. Pure. */
#ifndef VNM_PLAN_OUTLINE_H
#define VNM_PLAN_OUTLINE_H

#include "model/network.h"
#include "util/buf.h"

/**
 * struct vnm_outline - of a definition
 * @bridge:   the name of its bridge, or NULL
 * @subnets:  of its addresses
 * @forwards: it forwards ports, or translates addresses to guests
 */
struct vnm_outline {
	struct vnm_uuid uuid;
	char *bridge;
	struct vnm_prefix *subnets;
	size_t n_subnets;
	bool forwards;
};

void vnm_outline_of(const struct vnm_network *net, struct vnm_outline *ret);
void vnm_outline_format(const struct vnm_outline *outline, struct vnm_buf *out);
int vnm_outline_parse(const char *text, struct vnm_outline *ret);
bool vnm_outline_may_conflict(const struct vnm_network *net, const struct vnm_outline *other);
void vnm_outline_clear(struct vnm_outline *outline);
#define vnm_autooutline __attribute__((cleanup(vnm_outline_clear)))

#endif
