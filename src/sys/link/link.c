/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * link.c - devices, read from the kernel.
 *
 * Names. A name of 16 bytes or more never leaves this file: the kernel's and libnl's buffers hold
 * 15, and a truncated name is another device's. The kernel also finds devices by their alternative
 * names, so the name in the answer is compared: an alternative name is a foreign device.
 */
#include "sys/link/link.h"

#include <errno.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <stdlib.h>
#include <string.h>

#include "sys/link/link_parse.h"
#include "sys/netlink/netlink.h"
#include "sys/netlink/netns_enter.h"
#include "util/mem.h"

static int on_link(const struct nlmsghdr *hdr, void *data)
{
	return hdr->nlmsg_type == RTM_NEWLINK ? vnm_link_parse(hdr, data) : 0;
}

static int on_next_link(const struct nlmsghdr *hdr, void *data)
{
	struct vnm_links *links = data;
	struct vnm_link link;
	int r;

	if (hdr->nlmsg_type != RTM_NEWLINK)
		return 0;
	r = vnm_link_parse(hdr, &link);
	if (r < 0)
		return r;
	links->items = vnm_array_add(links->items, &links->n, sizeof(link));
	links->items[links->n - 1] = link;
	return 0;
}

static void forget_links(void *data)
{
	vnm_links_clear(data);
}

/* Without counters, which are most of a device's message. */
static void begin_get(struct vnm_nl_req *req)
{
	struct ifinfomsg head = { .ifi_family = AF_UNSPEC };

	vnm_nl_begin(req, RTM_GETLINK, 0, &head, sizeof(head));
	vnm_nl_put_u32(req, IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
}

/* @links by name, and by index. */
struct vnm_links_seen {
	struct vnm_links links;
	const struct vnm_link **by_index;
};

static int name_cmp(const void *a, const void *b)
{
	const struct vnm_link *x = a, *y = b;

	return strcmp(x->fact.name, y->fact.name);
}

static int index_cmp(const void *a, const void *b)
{
	const struct vnm_link *const *x = a, *const *y = b;

	return ((*x)->fact.index > (*y)->fact.index) - ((*x)->fact.index < (*y)->fact.index);
}

static int seen_name(const struct vnm_links_seen *seen, const char *name, struct vnm_link *ret)
{
	struct vnm_link key = { 0 };
	const struct vnm_link *link;

	snprintf(key.fact.name, sizeof(key.fact.name), "%s", name);
	link = bsearch(&key, seen->links.items, seen->links.n, sizeof(key), name_cmp);
	if (link)
		*ret = *link;
	return link ? 0 : -ENODEV;
}

static int seen_index(const struct vnm_links_seen *seen, int index, struct vnm_link *ret)
{
	const struct vnm_link link = { .fact.index = index }, *key = &link, **found;

	found = bsearch(&key, seen->by_index, seen->links.n, sizeof(*seen->by_index), index_cmp);
	if (found)
		*ret = **found;
	return found ? 0 : -ENODEV;
}

/**
 * vnm_link_read() - read one device
 * @sys:  the handles
 * @name: its name
 * @ret:  the device
 *
 * Return: 0, -ENODEV when there is none, -EINVAL when no device can have that name, or another
 * -errno.
 */
int vnm_link_read(struct vnm_sys *sys, const char *name, struct vnm_link *ret)
{
	vnm_autonl struct vnm_nl_req req = { 0 };
	struct vnm_link link = { 0 };
	int r;

	if (!vnm_ifname_valid(name) && strcmp(name, "lo") != 0)
		return -EINVAL;
	if (sys->links_seen)
		return seen_name(sys->links_seen, name, ret);
	begin_get(&req);
	vnm_nl_put_str(&req, IFLA_IFNAME, name);
	r = vnm_nl_do(sys, &req, &(struct vnm_nl_sink){ .each = on_link, .data = &link });
	if (r < 0)
		return r;
	if (strcmp(link.fact.name, name) != 0)
		return -ENODEV;
	*ret = link;
	return 0;
}

/**
 * vnm_link_find() - read one device, if it is there
 * @sys:  the handles
 * @name: its name
 * @ret:  the device, when 1 is returned
 * @err:  set when it could not be read
 *
 * Return: 1; 0: no device has that name; -errno.
 */
int vnm_link_find(struct vnm_sys *sys, const char *name, struct vnm_link *ret,
		  struct vnm_error *err)
{
	int r = vnm_link_read(sys, name, ret);

	if (r == -ENODEV || r == -EINVAL)
		return 0;
	return r < 0 ? vnm_nl_fail(err, r, NULL, "cannot inspect device '%s'", name) : 1;
}

/** vnm_link_read_index() - read the device with an index. Return: 0, -ENODEV, or another -errno. */
int vnm_link_read_index(struct vnm_sys *sys, int index, struct vnm_link *ret)
{
	struct ifinfomsg head = { .ifi_family = AF_UNSPEC, .ifi_index = index };
	vnm_autonl struct vnm_nl_req req = { 0 };

	if (sys->links_seen)
		return seen_index(sys->links_seen, index, ret);
	vnm_nl_begin(&req, RTM_GETLINK, 0, &head, sizeof(head));
	vnm_nl_put_u32(&req, IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
	return vnm_nl_do(sys, &req, &(struct vnm_nl_sink){ .each = on_link, .data = ret });
}

/** vnm_link_read_fact() - as vnm_link_read(), but only what facts hold */
int vnm_link_read_fact(struct vnm_sys *sys, const char *name, struct vnm_fact_link *ret)
{
	struct vnm_link link;
	int r = vnm_link_read(sys, name, &link);

	if (r == 0)
		*ret = link.fact;
	return r;
}

/**
 * vnm_link_need() - read a device that must be there
 * @sys:  the handles
 * @name: its name
 * @ret:  the device
 * @err:  the error
 *
 * Return: 0 or -errno.
 */
int vnm_link_need(struct vnm_sys *sys, const char *name, struct vnm_link *ret,
		  struct vnm_error *err)
{
	int r = vnm_link_read(sys, name, ret);

	if (r == -EINVAL)
		return vnm_error_set(err, VNM_ERR_USAGE, EINVAL,
				     "'%s' cannot be the name of a device", name);
	return r < 0 ? vnm_nl_fail(err, r, NULL, "cannot find device '%s'", name) : 0;
}

/**
 * vnm_link_enter() - read a guest's device in its namespace
 * @sys: the handles here; they become those of @ns
 * @ns:  the namespace; a NULL path: here
 * @dev: the device
 * @ret: gets what it is, if it is there
 * @err: set on failure
 *
 * Return: 1; 0 when the namespace or the device is gone; -errno.
 */
int vnm_link_enter(struct vnm_sys **sys, const struct vnm_op_netns *ns, const char *dev,
		   struct vnm_link *ret, struct vnm_error *err)
{
	int r = vnm_sys_enter(*sys, ns, sys);

	if (r == 0)
		return vnm_link_find(*sys, dev, ret, err);
	return r == -ENOENT ? 0 : vnm_nl_fail(err, r, NULL, "cannot inspect device '%s'", dev);
}

/**
 * vnm_link_in_our_group() - is it a device that we made: a network's bridge, a guest's device?
 * @link: the device
 *
 * Return: whether.
 */
bool vnm_link_in_our_group(const struct vnm_link *link)
{
	bool routed = !strcmp(link->fact.kind, "bridge") || !strcmp(link->fact.kind, "tun");
	uint32_t base = link->group & VNM_GROUP_MASK;

	return link->group == VNM_GROUP_GUEST ||
	       (routed && (base == VNM_GROUP_BASE || base == VNM_GROUP_OPEN));
}

static void seen_ports(const struct vnm_links_seen *seen, int master, struct vnm_links *ret)
{
	for (size_t i = 0; i < seen->links.n; i++) {
		if (seen->links.items[i].fact.master != master)
			continue;
		ret->items = vnm_array_add(ret->items, &ret->n, sizeof(*ret->items));
		ret->items[ret->n - 1] = seen->links.items[i];
	}
}

/* @master: only the ports of that bridge, as far as the kernel filters; 0: all */
static int read_links(struct vnm_sys *sys, int master, struct vnm_links *ret,
		      struct vnm_error *err)
{
	vnm_autonl struct vnm_nl_req req = { 0 };
	vnm_autolinks struct vnm_links links = { 0 };
	int r;

	begin_get(&req);
	if (master)
		vnm_nl_put_u32(&req, IFLA_MASTER, (uint32_t)master);
	r = vnm_nl_dump(sys, &req, &(struct vnm_nl_sink){ on_next_link, forget_links, &links });
	if (r < 0)
		return vnm_nl_fail(err, r, &req, "cannot list the network devices");
	*ret = links;
	links = (struct vnm_links){ 0 };
	return 0;
}

/**
 * vnm_links_read() - read all devices
 * @sys: the handles
 * @ret: the devices; vnm_links_clear() frees them
 * @err: the error
 *
 * Return: 0 or -errno.
 */
int vnm_links_read(struct vnm_sys *sys, struct vnm_links *ret, struct vnm_error *err)
{
	return read_links(sys, 0, ret, err);
}

/**
 * vnm_links_see() - read all devices at once, for a command that looks at most of them, and changes none
 * @sys: the handles; until vnm_links_forget(), devices are those of now
 *
 * Best effort: if that fails, each is read when it is asked for.
 */
void vnm_links_see(struct vnm_sys *sys)
{
	struct vnm_links_seen seen = { 0 };
	struct vnm_error ignored = { 0 };

	vnm_links_forget(sys);
	if (vnm_links_read(sys, &seen.links, &ignored) < 0 || seen.links.n == 0)
		return;
	qsort(seen.links.items, seen.links.n, sizeof(*seen.links.items), name_cmp);
	seen.by_index = vnm_alloc(seen.links.n * sizeof(*seen.by_index));
	for (size_t i = 0; i < seen.links.n; i++)
		seen.by_index[i] = &seen.links.items[i];
	qsort(seen.by_index, seen.links.n, sizeof(*seen.by_index), index_cmp);
	sys->links_seen = vnm_alloc(sizeof(seen));
	*sys->links_seen = seen;
}

/** vnm_links_forget() - the end of vnm_links_see() */
void vnm_links_forget(struct vnm_sys *sys)
{
	if (!sys->links_seen)
		return;
	vnm_links_clear(&sys->links_seen->links);
	free(sys->links_seen->by_index);
	free(sys->links_seen);
	sys->links_seen = NULL;
	memset(sys->forwarding_seen, 0, sizeof(sys->forwarding_seen));
}

/**
 * vnm_links_read_ports() - read the devices that are on a bridge
 * @sys:    the handles
 * @bridge: its name
 * @ret:    the devices; vnm_links_clear() frees them
 * @err:    the error
 *
 * Return: 0 or -errno.
 */
int vnm_links_read_ports(struct vnm_sys *sys, const char *bridge, struct vnm_links *ret,
			 struct vnm_error *err)
{
	struct vnm_link link;
	int r = vnm_link_need(sys, bridge, &link, err);

	if (r < 0)
		return r;
	if (!sys->links_seen)
		return read_links(sys, link.fact.index, ret, err);
	*ret = (struct vnm_links){ 0 };
	seen_ports(sys->links_seen, link.fact.index, ret);
	return 0;
}

/**
 * vnm_links_clear() - free a list of devices
 * @links: the list
 */
void vnm_links_clear(struct vnm_links *links)
{
	free(links->items);
	*links = (struct vnm_links){ 0 };
}

/**
 * vnm_links_find() - a device of a list
 * @links: the list
 * @name:  its name
 *
 * Return: the device, NULL when it is not in the list.
 */
const struct vnm_link *vnm_links_find(const struct vnm_links *links, const char *name)
{
	for (size_t i = 0; i < links->n; i++)
		if (strcmp(links->items[i].fact.name, name) == 0)
			return &links->items[i];
	return NULL;
}

static void add_fact(struct vnm_facts *facts, const struct vnm_fact_link *link)
{
	if (vnm_facts_link_index(facts, link->index))
		return;
	facts->links = vnm_array_add(facts->links, &facts->n_links, sizeof(*facts->links));
	facts->links[facts->n_links - 1] = *link;
}

/**
 * vnm_observe_link() - one device, for the planner
 * @sys:   the handles
 * @facts: get the device, if it is there
 * @name:  its name
 * @err:   the error
 *
 * Return: 0, also when it is not there, or -errno.
 */
int vnm_observe_link(struct vnm_sys *sys, struct vnm_facts *facts, const char *name,
		     struct vnm_error *err)
{
	struct vnm_link link;
	int r = vnm_link_find(sys, name, &link, err);

	if (r > 0)
		add_fact(facts, &link.fact);
	return r < 0 ? r : 0;
}

/** vnm_observe_link_index() - vnm_observe_link() of the device with a number */
int vnm_observe_link_index(struct vnm_sys *sys, struct vnm_facts *facts, int index,
			   struct vnm_error *err)
{
	struct vnm_link link = { 0 };
	int r = index ? vnm_link_read_index(sys, index, &link) : -ENODEV;

	if (r == 0)
		add_fact(facts, &link.fact);
	return r < 0 && r != -ENODEV
		       ? vnm_nl_fail(err, r, NULL, "cannot inspect the device with number %d",
				     index)
		       : 0;
}

/**
 * vnm_observe_links() - all devices, for the planner
 * @sys:   the handles
 * @facts: gets the devices in place of those it had
 * @err:   the error
 *
 * Return: 0 or -errno.
 */
int vnm_observe_links(struct vnm_sys *sys, struct vnm_facts *facts, struct vnm_error *err)
{
	vnm_autolinks struct vnm_links links = { 0 };
	int r = vnm_links_read(sys, &links, err);

	if (r < 0)
		return r;
	free(facts->links);
	facts->links = NULL;
	facts->n_links = 0;
	for (size_t i = 0; i < links.n; i++) {
		facts->links = vnm_array_add(facts->links, &facts->n_links, sizeof(*facts->links));
		facts->links[i] = links.items[i].fact;
	}
	return 0;
}
