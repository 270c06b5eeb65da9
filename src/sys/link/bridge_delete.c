/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bridge_delete.c - delete many bridges at once.
 *
 * Deleting a bridge removes its addresses, routes and settings. It takes about 40 ms, because the kernel waits for its RCU
 * readers twice: in br_multicast_dev_del() for each bridge, and in netdev_run_todo() for each request. Many bridges are
 * therefore deleted by one request, which names a device group that holds just them.
 */
#include "sys/link/bridge_delete.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/if_link.h>
#include <linux/rtnetlink.h>

#include "sys/link/bridge_record.h"
#include "sys/link/link.h"
#include "sys/link/link_set.h"
#include "sys/netlink/netlink.h"

/* Added to a base, groups of bridges about to be deleted: within our mask, so that the firewall still guards them. Even: not FREE. */
#define LEAVING_FIRST 0x8u
#define LEAVING_LAST 0xeu

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct vnm_link *)a)->fact.name,
		      ((const struct vnm_link *)b)->fact.name);
}

/* Sorted by name. */
static int read_sorted(struct vnm_sys *sys, struct vnm_links *ret)
{
	struct vnm_error ignored = { 0 };
	int r = vnm_links_read(sys, ret, &ignored);

	if (r == 0 && ret->n > 0)
		qsort(ret->items, ret->n, sizeof(*ret->items), by_name);
	return r;
}

/* A leaving group without devices, or 0. */
static uint32_t pick_group(const struct vnm_links *links, uint32_t base)
{
	for (uint32_t group = base | LEAVING_FIRST; group <= (base | LEAVING_LAST); group += 2) {
		size_t i = 0;

		while (i < links->n && links->items[i].group != group)
			i++;
		if (i == links->n)
			return group;
	}
	return 0;
}

/*
 * The base of the groups that it may leave in; older versions gave an open network's no group. 0: of an uplink's
 * bridge, which would not be recognised as ours any more.
 */
static uint32_t base_of(const struct vnm_op_bridge *want)
{
	uint32_t base = want->group & VNM_GROUP_MASK;

	if (want->group == 0)
		return VNM_GROUP_OPEN;
	return base == VNM_GROUP_BASE || base == VNM_GROUP_OPEN ? base : 0;
}

static bool has_two(const struct vnm_op *const *ops, size_t n, uint32_t base)
{
	size_t count = 0;

	for (size_t i = 0; i < n && count < 2; i++)
		count += base_of(&ops[i]->bridge) == base;
	return count == 2;
}

static const struct vnm_link *find_ours(const struct vnm_links *links, const struct vnm_op *op,
					uint32_t base)
{
	struct vnm_link key = { 0 };
	const struct vnm_link *link;

	if (links->n == 0 || base_of(&op->bridge) != base)
		return NULL;
	snprintf(key.fact.name, sizeof(key.fact.name), "%s", op->bridge.name);
	link = bsearch(&key, links->items, links->n, sizeof(key), by_name);
	return link && vnm_bridge_is_ours(link, &op->bridge) ? link : NULL;
}

/* @group: only those in it; 0: all */
static size_t count_ours(const struct vnm_links *links, const struct vnm_op *const *ops, size_t n,
			 uint32_t base, uint32_t group)
{
	size_t count = 0;

	for (size_t i = 0; i < n; i++) {
		const struct vnm_link *link = find_ours(links, ops[i], base);

		if (link && (group == 0 || link->group == group))
			count++;
	}
	return count;
}

static size_t count_group(const struct vnm_links *links, uint32_t group)
{
	size_t count = 0;

	for (size_t i = 0; i < links->n; i++)
		if (links->items[i].group == group)
			count++;
	return count;
}

/* Those that cannot be moved are deleted one by one afterwards. */
static void move_to_group(struct vnm_sys *sys, const struct vnm_links *links,
			  const struct vnm_op *const *ops, size_t n, uint32_t base, uint32_t group)
{
	for (size_t i = 0; i < n; i++) {
		const struct vnm_link *link = find_ours(links, ops[i], base);
		vnm_autonl struct vnm_nl_req req = { 0 };

		if (link)
			(void)vnm_link_set_u32(sys, link, IFLA_GROUP, group, &req);
	}
}

/*
 * Delete our bridges of one base by one request. Before it is sent the group's members are read again: each of
 * them must be one of @ops.
 */
static void delete_together(struct vnm_sys *sys, const struct vnm_op *const *ops, size_t n,
			    uint32_t base)
{
	struct ifinfomsg head = { .ifi_family = AF_UNSPEC };
	vnm_autonl struct vnm_nl_req req = { 0 };
	vnm_autolinks struct vnm_links before = { 0 }, moved = { 0 };
	uint32_t group;
	size_t members;

	if (!has_two(ops, n, base) || read_sorted(sys, &before) < 0)
		return;
	group = pick_group(&before, base);
	if (group == 0 || count_ours(&before, ops, n, base, 0) < 2)
		return;
	move_to_group(sys, &before, ops, n, base, group);
	if (read_sorted(sys, &moved) < 0)
		return;
	members = count_group(&moved, group);
	if (members == 0 || members != count_ours(&moved, ops, n, base, group))
		return;
	vnm_nl_begin(&req, RTM_DELLINK, 0, &head, sizeof(head));
	vnm_nl_put_u32(&req, IFLA_GROUP, group);
	(void)vnm_nl_do(sys, &req, NULL);
}

/**
 * vnm_bridges_delete() - delete bridges of ours together
 * @sys: the handles
 * @ops: the bridges
 * @n:   how many
 *
 * Best effort, no errors: the caller deletes what is left, one by one.
 */
void vnm_bridges_delete(struct vnm_sys *sys, const struct vnm_op *const *ops, size_t n)
{
	delete_together(sys, ops, n, VNM_GROUP_BASE);
	delete_together(sys, ops, n, VNM_GROUP_OPEN);
}
