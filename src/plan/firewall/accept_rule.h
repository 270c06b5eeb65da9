/* SPDX-License-Identifier: GPL-2.0-or-later */
/* accept_rule.h - the commands that let a bridge's packets pass a chain of somebody else's. Pure. */
#ifndef VNM_PLAN_ACCEPT_RULE_H
#define VNM_PLAN_ACCEPT_RULE_H

#include "util/buf.h"

/** struct vnm_accept_place - a chain. @tool: for tables of iptables: "iptables-legacy"; NULL: nft. @family: for nft */
struct vnm_accept_place {
	const char *tool, *family, *table, *chain;
};

/** enum vnm_accept_way - which packets: those that come from the bridge, go to it, both, or stay on it */
enum vnm_accept_way {
	VNM_ACCEPT_FROM = 1,
	VNM_ACCEPT_TO = 2,
	VNM_ACCEPT_BOTH = VNM_ACCEPT_FROM | VNM_ACCEPT_TO,
	VNM_ACCEPT_WITHIN,
};

void vnm_accept_rule(const struct vnm_accept_place *place, const char *bridge,
		     enum vnm_accept_way way, struct vnm_buf *out);

#endif
