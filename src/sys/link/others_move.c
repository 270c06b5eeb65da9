/* SPDX-License-Identifier: GPL-2.0-or-later */
/* others_move.c - from one bridge to another, at once: in one message, so that no guest waits for another, or for a processor. */
#include "sys/link/others_move.h"

#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <net/if.h>

#include "sys/netlink/nl_batch.h"

static void add_step(struct vnm_nl_batch *batch, int ifindex, const struct vnm_link *to)
{
	struct ifinfomsg head = { .ifi_family = AF_UNSPEC,
				  .ifi_index = ifindex,
				  .ifi_change = to ? 0 : IFF_UP };
	vnm_autonl struct vnm_nl_req req = { 0 };

	vnm_nl_begin(&req, RTM_NEWLINK, 0, &head, sizeof(head));
	if (to)
		vnm_nl_put_u32(&req, IFLA_MASTER, (uint32_t)to->fact.index);
	vnm_nl_batch_add(batch, &req, 0);
}

/**
 * vnm_others_move() - set a bridge down, which ends its routes, and move what is on it to another bridge
 * @sys:    the handles
 * @others: the devices. Those with restricted ports, and those that cannot be moved, are left to vnm_other_put(), which is to
 *          follow, and gives the others their settings
 * @from:   the one
 * @to:     the other
 * @err:    set on failure
 *
 * Return: 0 or -errno.
 */
int vnm_others_move(struct vnm_sys *sys, const struct vnm_others *others,
		    const struct vnm_link *from, const struct vnm_link *to, struct vnm_error *err)
{
	vnm_autobatch struct vnm_nl_batch batch = { 0 };
	int r;

	add_step(&batch, from->fact.index, NULL);
	for (size_t i = 0; i < others->n; i++)
		if (!vnm_other_is_restricted(&others->items[i]))
			add_step(&batch, others->items[i].index, to);
	r = vnm_nl_batch_run(sys, &batch);
	if (r == 0)
		r = batch.steps[0].rc;
	return r < 0 ? vnm_nl_fail(err, r, NULL, "cannot move ports from '%s' to '%s'",
				   from->fact.name, to->fact.name)
		     : 0;
}
