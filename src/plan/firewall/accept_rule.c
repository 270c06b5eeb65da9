/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * accept_rule.c - the commands that let a bridge's packets pass a chain of somebody else's.
 *
 * The rules come first in the chain, and only there: whatever else that program does to other packets stays, and what guests
 * may do, and who may reach them, is still decided by our own rules, in another chain. So they accept both directions, new
 * connections to forwarded ports among them.
 */
#include "plan/firewall/accept_rule.h"

#include <stdbool.h>
#include <string.h>

static void add(const struct vnm_accept_place *place, const char *in, const char *out,
		struct vnm_buf *ret)
{
	const bool filter = !strcmp(place->table, "filter");

	if (ret->len)
		vnm_buf_add(ret, " && ");
	if (!place->tool)
		return vnm_buf_printf(ret, "nft insert rule %s %s %s%s%s%s%s accept", place->family,
				      place->table, place->chain, in ? " iifname " : "",
				      in ? in : "", out ? " oifname " : "", out ? out : "");
	vnm_buf_printf(ret, "%s%s%s -I %s%s%s%s%s -j ACCEPT", place->tool, filter ? "" : " -t ",
		       filter ? "" : place->table, place->chain, in ? " -i " : "", in ? in : "",
		       out ? " -o " : "", out ? out : "");
}

/**
 * vnm_accept_rule() - the commands that let a bridge's packets pass a chain of somebody else's
 * @place:  the chain
 * @bridge: the bridge
 * @way:    which packets the chain meets
 * @out:    gets the commands, for a shell
 */
void vnm_accept_rule(const struct vnm_accept_place *place, const char *bridge,
		     enum vnm_accept_way way, struct vnm_buf *out)
{
	if (way == VNM_ACCEPT_WITHIN)
		return add(place, bridge, bridge, out);
	if (way & VNM_ACCEPT_FROM)
		add(place, bridge, NULL, out);
	if (way & VNM_ACCEPT_TO)
		add(place, NULL, bridge, out);
}
