/* SPDX-License-Identifier: GPL-2.0-or-later */
/* see_neighbours.c - who the kernel knows: neighbours, stations behind bridge ports; and the queues in front of them. */
#include "sys/doctor/see_neighbours.h"

#include <linux/neighbour.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "sys/netlink/netlink.h"
#include "util/mem.h"

struct entries {
	struct vnm_case_neighbour *items;
	size_t n;
	int family; /* AF_UNSPEC: both of IP */
};

static void entries_again(void *data)
{
	((struct entries *)data)->n = 0;
}

static int on_entry(const struct nlmsghdr *hdr, void *data)
{
	const struct ndmsg *head = nlmsg_data(hdr);
	struct nlattr *tb[NDA_MAX + 1];
	struct entries *all = data;
	struct vnm_case_neighbour entry = { .ifindex = head->ndm_ifindex,
					    .state = head->ndm_state };
	const bool bridged = head->ndm_family == AF_BRIDGE;

	if (hdr->nlmsg_type != RTM_NEWNEIGH || bridged != (all->family == AF_BRIDGE))
		return 0;
	if (nlmsg_parse((struct nlmsghdr *)hdr, sizeof(*head), tb, NDA_MAX, NULL) < 0)
		return 0;
	if (!bridged)
		vnm_nl_get_addr(tb[NDA_DST], head->ndm_family, &entry.addr);
	if (tb[NDA_LLADDR] && nla_len(tb[NDA_LLADDR]) == (int)sizeof(entry.mac.b)) {
		entry.mac.set = true;
		memcpy(entry.mac.b, nla_data(tb[NDA_LLADDR]), sizeof(entry.mac.b));
	}
	if (tb[NDA_MASTER])
		entry.master = (int)nla_get_u32(tb[NDA_MASTER]);
	all->items = vnm_array_add(all->items, &all->n, sizeof(entry));
	all->items[all->n - 1] = entry;
	return 0;
}

/* Half of them would say of the others that there are none. Return: 0 or -errno. */
static int dump_entries(struct vnm_sys *sys, int family, struct entries *all)
{
	struct ndmsg head = { .ndm_family = (uint8_t)family };
	vnm_autonl struct vnm_nl_req req = { 0 };
	int r;

	*all = (struct entries){ .family = family };
	vnm_nl_begin(&req, RTM_GETNEIGH, 0, &head, sizeof(head));
	r = vnm_nl_dump(sys, &req, &(struct vnm_nl_sink){ on_entry, entries_again, all });
	if (r < 0)
		all->n = 0;
	return r < 0 ? r : 0;
}

/** vnm_see_neighbours() - read the neighbour tables of both families */
void vnm_see_neighbours(struct vnm_sys *sys, struct vnm_case *c)
{
	struct entries all;

	vnm_case_unchecked(c, dump_entries(sys, AF_UNSPEC, &all), "the neighbour tables");

	free(c->neighbours);
	c->neighbours = all.items;
	c->n_neighbours = all.n;
}

/** vnm_see_stations() - read the forwarding tables of bridges */
void vnm_see_stations(struct vnm_sys *sys, struct vnm_case *c)
{
	struct entries all;

	vnm_case_unchecked(c, dump_entries(sys, AF_BRIDGE, &all),
			   "the forwarding tables of bridges");

	free(c->stations);
	c->stations = all.items;
	c->n_stations = all.n;
}

static uint64_t rate_of(const struct nlattr *options)
{
	struct nlattr *tb[TCA_TBF_MAX + 1];
	struct tc_tbf_qopt parms;

	if (!options || nla_parse_nested(tb, TCA_TBF_MAX, (struct nlattr *)options, NULL) < 0)
		return 0;
	if (tb[TCA_TBF_RATE64])
		return nla_get_u64(tb[TCA_TBF_RATE64]);
	if (!tb[TCA_TBF_PARMS] || nla_len(tb[TCA_TBF_PARMS]) < (int)sizeof(parms))
		return 0;
	memcpy(&parms, nla_data(tb[TCA_TBF_PARMS]), sizeof(parms));
	return parms.rate.rate;
}

/* The option is a struct with attributes behind it. The kernel's loss is a fraction of 2^32. */
static unsigned loss_of(const struct nlattr *options)
{
	struct tc_netem_qopt parms;

	if (!options || nla_len(options) < (int)sizeof(parms))
		return 0;
	memcpy(&parms, nla_data(options), sizeof(parms));
	return (unsigned)((uint64_t)parms.loss * 100 / UINT32_MAX);
}

static int on_queue(const struct nlmsghdr *hdr, void *data)
{
	const struct tcmsg *head = nlmsg_data(hdr);
	struct nlattr *tb[TCA_MAX + 1];
	struct vnm_case *c = data;
	struct vnm_case_queue queue = { .ifindex = head->tcm_ifindex, .handle = head->tcm_handle };

	if (hdr->nlmsg_type != RTM_NEWQDISC || head->tcm_parent != TC_H_ROOT)
		return 0;
	if (nlmsg_parse((struct nlmsghdr *)hdr, sizeof(*head), tb, TCA_MAX, NULL) < 0 ||
	    !tb[TCA_KIND])
		return 0;
	nla_strlcpy(queue.kind, tb[TCA_KIND], sizeof(queue.kind));
	if (!strcmp(queue.kind, "tbf"))
		queue.rate = rate_of(tb[TCA_OPTIONS]);
	else if (!strcmp(queue.kind, "netem"))
		queue.loss = loss_of(tb[TCA_OPTIONS]);
	c->queues = vnm_array_add(c->queues, &c->n_queues, sizeof(queue));
	c->queues[c->n_queues - 1] = queue;
	return 0;
}

static void queues_again(void *data)
{
	((struct vnm_case *)data)->n_queues = 0;
}

/** vnm_see_queues() - read the root queueing disciplines of all devices */
void vnm_see_queues(struct vnm_sys *sys, struct vnm_case *c)
{
	struct tcmsg head = { .tcm_family = AF_UNSPEC };
	vnm_autonl struct vnm_nl_req req = { 0 };
	int r;

	vnm_nl_begin(&req, RTM_GETQDISC, 0, &head, sizeof(head));
	r = vnm_nl_dump(sys, &req, &(struct vnm_nl_sink){ on_queue, queues_again, c });
	if (r < 0)
		c->n_queues = 0;
	vnm_case_unchecked(c, r, "the queueing disciplines");
}
