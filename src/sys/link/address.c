/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * address.c - addresses of our devices.
 *
 * An IPv6 address is added without duplicate address detection (IFA_F_NODAD). It is the gateway of
 * a link that we have just made, so nobody can have it; and a bridge without ports has no carrier,
 * so that the detection would not even begin and nothing could bind to the address until the first
 * guest is there.
 */
#include "sys/link/address.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sys/netlink/netlink.h"
#include "sys/netlink/netns_enter.h"

#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>

#include "util/mem.h"
#include "sys/link/link.h"
#include "sys/link/link_ours.h"

#define IPV4_WITHOUT_BROADCAST 31 /* RFC 3021: point to point */

/* What a dump of addresses is searched for. */
struct search {
	int ifindex;
	const struct vnm_prefix *want;
	const struct vnm_addr *peer;
	bool found, other_len;
};

static bool has_broadcast(const struct vnm_prefix *addr)
{
	return addr->addr.family == AF_INET && addr->len < IPV4_WITHOUT_BROADCAST;
}

static void begin_address(struct vnm_nl_req *req, int type, int flags, const struct vnm_link *link,
			  const struct vnm_op_address *want)
{
	const struct vnm_prefix *addr = &want->addr;
	const struct vnm_addr *other = want->peer.family ? &want->peer : &addr->addr;
	size_t size = vnm_addr_bits(addr->addr.family) / 8;
	struct ifaddrmsg head = {
		.ifa_family = (uint8_t)addr->addr.family,
		.ifa_prefixlen = (uint8_t)addr->len,
		.ifa_flags = addr->addr.family == AF_INET6 ? IFA_F_NODAD : 0,
		.ifa_scope = RT_SCOPE_UNIVERSE,
		.ifa_index = (uint32_t)link->fact.index,
	};

	vnm_nl_begin(req, type, flags, &head, sizeof(head));
	vnm_nl_put(req, IFA_LOCAL, addr->addr.b, size);
	vnm_nl_put(req, IFA_ADDRESS, other->b, size);
	/* No route to this end; that to the peer is an operation of its own. */
	if (want->peer.family == AF_INET6)
		vnm_nl_put_u32(req, IFA_FLAGS, IFA_F_NODAD | IFA_F_NOPREFIXROUTE);
}

static int search_one(const struct nlmsghdr *hdr, void *data)
{
	const struct ifaddrmsg *head = nlmsg_data(hdr);
	struct search *search = data;
	struct nlattr *tb[IFA_MAX + 1];
	struct vnm_addr addr;

	if (hdr->nlmsg_type != RTM_NEWADDR || head->ifa_index != (uint32_t)search->ifindex ||
	    head->ifa_family != search->want->addr.family)
		return 0;
	if (nlmsg_parse((struct nlmsghdr *)hdr, sizeof(*head), tb, IFA_MAX, NULL) < 0)
		return -EPROTO;
	vnm_nl_get_addr(tb[IFA_LOCAL] ? tb[IFA_LOCAL] : tb[IFA_ADDRESS], head->ifa_family, &addr);
	if (!vnm_addr_equal(&addr, &search->want->addr))
		return 0;
	if (search->peer->family && tb[IFA_ADDRESS])
		vnm_nl_get_addr(tb[IFA_ADDRESS], head->ifa_family, &addr);
	if (head->ifa_prefixlen == search->want->len &&
	    (!search->peer->family || vnm_addr_equal(&addr, search->peer)))
		search->found = true;
	else
		search->other_len = true;
	return 0;
}

static void search_again(void *data)
{
	struct search *search = data;

	search->found = search->other_len = false;
}

/* Messages, by the indexes of their devices. */
struct vnm_addresses_seen {
	struct seen_address {
		uint32_t index;
		struct nlmsghdr *message;
	} * items;
	size_t n;
};

static int seen_cmp(const void *a, const void *b)
{
	const struct seen_address *x = a, *y = b;

	return (x->index > y->index) - (x->index < y->index);
}

static void seen_again(void *data)
{
	struct vnm_addresses_seen *seen = data;

	for (size_t i = 0; i < seen->n; i++)
		free(seen->items[i].message);
	free(seen->items);
	*seen = (struct vnm_addresses_seen){ 0 };
}

static int seen_one(const struct nlmsghdr *hdr, void *data)
{
	const struct ifaddrmsg *head = nlmsg_data(hdr);
	struct vnm_addresses_seen *seen = data;
	struct nlmsghdr *copy;

	if (hdr->nlmsg_type != RTM_NEWADDR)
		return 0;
	copy = vnm_alloc(hdr->nlmsg_len);
	memcpy(copy, hdr, hdr->nlmsg_len);
	seen->items = vnm_array_add(seen->items, &seen->n, sizeof(*seen->items));
	seen->items[seen->n - 1] = (struct seen_address){ head->ifa_index, copy };
	return 0;
}

/**
 * vnm_addresses_see() - read all addresses at once, for a command that looks at most of them, and changes none
 * @sys: the handles; until vnm_addresses_forget(), addresses are those of now
 *
 * Best effort: if that fails, those of each device are read when they are asked for.
 */
void vnm_addresses_see(struct vnm_sys *sys)
{
	struct ifaddrmsg head = { .ifa_family = AF_UNSPEC };
	struct vnm_addresses_seen seen = { 0 };
	vnm_autonl struct vnm_nl_req req = { 0 };

	vnm_addresses_forget(sys);
	vnm_nl_begin(&req, RTM_GETADDR, 0, &head, sizeof(head));
	if (vnm_nl_dump(sys, &req, &(struct vnm_nl_sink){ seen_one, seen_again, &seen }) < 0 ||
	    seen.n == 0) {
		seen_again(&seen);
		return;
	}
	qsort(seen.items, seen.n, sizeof(*seen.items), seen_cmp);
	sys->addresses_seen = vnm_alloc(sizeof(seen));
	*sys->addresses_seen = seen;
}

/** vnm_addresses_forget() - the end of vnm_addresses_see() */
void vnm_addresses_forget(struct vnm_sys *sys)
{
	if (!sys->addresses_seen)
		return;
	seen_again(sys->addresses_seen);
	free(sys->addresses_seen);
	sys->addresses_seen = NULL;
}

static int search_seen(const struct vnm_addresses_seen *seen, struct search *search)
{
	const struct seen_address key = { .index = (uint32_t)search->ifindex };
	const struct seen_address *at = bsearch(&key, seen->items, seen->n, sizeof(key), seen_cmp);
	int r = 0;

	while (at && at > seen->items && at[-1].index == key.index)
		at--;
	for (; at && r == 0 && at < seen->items + seen->n && at->index == key.index; at++)
		r = search_one(at->message, search);
	return r;
}

/* The request names the device; a kernel before 4.20 sends all addresses, which search_one() filters. */
static int search_address(struct vnm_sys *sys, const struct vnm_link *link,
			  const struct vnm_op_address *want, struct search *ret)
{
	struct ifaddrmsg head = {
		.ifa_family = (uint8_t)want->addr.addr.family,
		.ifa_index = (uint32_t)link->fact.index,
	};
	vnm_autonl struct vnm_nl_req req = { 0 };
	struct search search = {
		.ifindex = link->fact.index,
		.want = &want->addr,
		.peer = &want->peer,
	};
	int r;

	vnm_nl_begin(&req, RTM_GETADDR, 0, &head, sizeof(head));
	r = sys->addresses_seen
		    ? search_seen(sys->addresses_seen, &search)
		    : vnm_nl_dump(sys, &req,
				  &(struct vnm_nl_sink){ search_one, search_again, &search });
	if (r == -ENODEV)
		r = 0;
	if (r == 0)
		*ret = search;
	return r;
}

static int address_fail(struct vnm_error *err, int rc, const struct vnm_nl_req *req,
			const struct vnm_op_address *want)
{
	struct vnm_addr last = vnm_prefix_last(&want->addr);
	char addr[VNM_PREFIX_STRLEN], broadcast[VNM_ADDR_STRLEN] = "";

	vnm_prefix_format(&want->addr, addr);
	if (has_broadcast(&want->addr))
		vnm_addr_format(&last, broadcast);
	return vnm_nl_fail(err, rc, req, "Failed to add IP address %s%s%s to %s", addr,
			   broadcast[0] ? " bcast " : "", broadcast, want->dev);
}

/* The address is set already: as wanted, or with another prefix length. */
static int address_exists(struct vnm_sys *sys, const struct vnm_op_address *want,
			  const struct vnm_link *link, struct vnm_error *err)
{
	char addr[VNM_PREFIX_STRLEN];
	struct search search = { 0 };
	int r = search_address(sys, link, want, &search);

	vnm_prefix_format(&want->addr, addr);
	if (r < 0)
		return vnm_nl_fail(err, r, NULL, "cannot list the addresses of '%s'", want->dev);
	if (search.found)
		return 0;
	return vnm_error_set(
		err, VNM_ERR_FOREIGN, EEXIST,
		"cannot add IP address %s to %s: it is there with another prefix length or peer",
		addr, want->dev);
}

static int address_apply(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	const struct vnm_op_address *want = &op->address;
	vnm_autonl struct vnm_nl_req req = { 0 };
	struct vnm_addr broadcast = vnm_prefix_last(&want->addr);
	struct vnm_link link;
	int r = vnm_sys_enter(sys, &want->ns, &sys);

	if (r < 0)
		return vnm_netns_fail(&want->ns, r, err);
	r = vnm_link_need(sys, want->dev, &link, err);
	if (r < 0)
		return r;
	begin_address(&req, RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, &link, want);
	if (has_broadcast(&want->addr) && !want->peer.family)
		vnm_nl_put(&req, IFA_BROADCAST, broadcast.b, sizeof(struct in_addr));
	r = vnm_nl_do(sys, &req, NULL);
	if (r == -EEXIST)
		return address_exists(sys, want, &link, err);
	return r < 0 ? address_fail(err, r, &req, want) : 0;
}

static int address_check(struct vnm_sys *sys, const struct vnm_op *op, enum vnm_presence *ret,
			 struct vnm_error *err)
{
	struct search search = { 0 };
	struct vnm_link link;
	int r = vnm_sys_enter(sys, &op->address.ns, &sys);

	if (r == 0)
		r = vnm_link_read(sys, op->address.dev, &link);
	if (r == 0)
		r = search_address(sys, &link, &op->address, &search);
	if (r < 0 && r != -ENODEV && r != -ENOENT)
		return vnm_nl_fail(err, r, NULL, "cannot list the addresses of '%s'",
				   op->address.dev);
	*ret = search.found ? VNM_PRESENT : VNM_ABSENT;
	return 0;
}

/*
 * An absent address is no error: EADDRNOTAVAIL when it is not set, ENXIO for IPv6 on a device whose MTU is too small for
 * IPv6.
 */
static int remove_address(struct vnm_sys *sys, const struct vnm_op_address *gone,
			  const struct vnm_link *link, struct vnm_error *err)
{
	vnm_autonl struct vnm_nl_req req = { 0 };
	char addr[VNM_PREFIX_STRLEN];
	int r;

	begin_address(&req, RTM_DELADDR, 0, link, gone);
	r = vnm_nl_do(sys, &req, NULL);
	if (r == 0 || r == -EADDRNOTAVAIL || r == -ENODEV || r == -ENXIO)
		return 0;
	return vnm_nl_fail(err, r, &req, "cannot remove IP address %s from %s",
			   vnm_prefix_format(&gone->addr, addr), gone->dev);
}

/* In a guest's namespace it is removed with the device. */
static int address_revert(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	const struct vnm_op_address *gone = &op->address;
	struct vnm_link link;
	int r = gone->ns.path ? 0 : vnm_link_find_ours(sys, gone->dev, &link, err);

	return r > 0 ? remove_address(sys, gone, &link, err) : r;
}

/**
 * vnm_address_drop() - remove an address from a guest's device, which stays
 * @sys:  the handles
 * @gone: the address
 * @err:  the error
 *
 * Return: 0 or -errno; 0 also when it is not set.
 */
int vnm_address_drop(struct vnm_sys *sys, const struct vnm_op_address *gone, struct vnm_error *err)
{
	struct vnm_link link;
	int r = vnm_link_enter(&sys, &gone->ns, gone->dev, &link, err);

	return r > 0 ? remove_address(sys, gone, &link, err) : r;
}

const struct vnm_op_impl vnm_impl_address = {
	.apply = address_apply,
	.check = address_check,
	.revert = address_revert,
};
