// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * link_needed.c - does the host use a device itself?
 *
 * The bridge receives what comes in by its ports: addresses of a port and routes by it are dead. So a device with either
 * is not to be enslaved for a guest. Link-local addresses and routes, which every device has that is up, do not count.
 */
#include "sys/link/link_needed.h"

#include <errno.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <stdio.h>
#include <sys/socket.h>

#include "sys/netlink/netlink.h"
#include "sys/link/route.h"
#include "util/mem.h"

/* What a dump is searched for; the first hit is reported. */
struct search {
	int ifindex;
	char *what;
};

static void restart_search(void *data)
{
	*((struct search *)data)->what = '\0';
}

static int see_address(const struct nlmsghdr *hdr, void *data)
{
	const struct search *search = data;
	const struct ifaddrmsg *head = nlmsg_data(hdr);
	struct nlattr *tb[IFA_MAX + 1];
	char text[VNM_PREFIX_STRLEN];
	struct vnm_prefix prefix = { 0 };

	if (hdr->nlmsg_type != RTM_NEWADDR || (int)head->ifa_index != search->ifindex ||
	    head->ifa_flags & IFA_F_DADFAILED || head->ifa_scope >= RT_SCOPE_LINK || *search->what)
		return 0;
	if (nlmsg_parse((struct nlmsghdr *)hdr, sizeof(*head), tb, IFA_MAX, NULL) < 0)
		return -EPROTO;
	vnm_nl_get_addr(tb[IFA_LOCAL] ? tb[IFA_LOCAL] : tb[IFA_ADDRESS], head->ifa_family,
			&prefix.addr);
	prefix.len = head->ifa_prefixlen;
	snprintf(search->what, VNM_NEEDED_SIZE, "has the address %s",
		 vnm_prefix_format(&prefix, text));
	return 0;
}

/* fe80::/10, ff00::/8, 169.254.0.0/16 */
static bool stays_on_link(const struct vnm_prefix *dst)
{
	const uint8_t *b = dst->addr.b;

	if (dst->len == 0)
		return false;
	if (dst->addr.family == AF_INET)
		return b[0] == 169 && b[1] == 254;
	return b[0] == 0xff || (b[0] == 0xfe && (b[1] & 0xc0) == 0x80);
}

/* Of every table but the kernel's "local". */
static int see_route(const struct nlmsghdr *hdr, void *data)
{
	const struct search *search = data;
	const struct rtmsg *head = nlmsg_data(hdr);
	struct nlattr *tb[RTA_MAX + 1];
	char text[VNM_PREFIX_STRLEN];
	struct vnm_prefix dst = { 0 };

	if (hdr->nlmsg_type != RTM_NEWROUTE || head->rtm_flags & RTM_F_CLONED ||
	    head->rtm_type != RTN_UNICAST || head->rtm_table == RT_TABLE_LOCAL || *search->what)
		return 0;
	if (nlmsg_parse((struct nlmsghdr *)hdr, sizeof(*head), tb, RTA_MAX, NULL) < 0)
		return -EPROTO;
	vnm_nl_get_addr(tb[RTA_DST], head->rtm_family, &dst.addr);
	dst.addr.family = head->rtm_family;
	dst.len = head->rtm_dst_len;
	if (!vnm_route_uses(tb, search->ifindex) || stays_on_link(&dst))
		return 0;
	if (dst.len == 0)
		snprintf(search->what, VNM_NEEDED_SIZE, "is the way of the default route");
	else
		snprintf(search->what, VNM_NEEDED_SIZE, "is the way of the route to %s",
			 vnm_prefix_format(&dst, text));
	return 0;
}

/* ENOENT, EAFNOSUPPORT: no table yet, or the kernel lacks the family. */
static int dump(struct vnm_sys *sys, struct vnm_nl_req *req, struct search *search,
		int (*each)(const struct nlmsghdr *hdr, void *data))
{
	int r = vnm_nl_dump(sys, req, &(struct vnm_nl_sink){ each, restart_search, search });

	return r == -ENOENT || r == -EAFNOSUPPORT || r == -EOPNOTSUPP ? 0 : r;
}

static int search_addresses(struct vnm_sys *sys, int family, struct search *search)
{
	struct ifaddrmsg head = { .ifa_family = (uint8_t)family,
				  .ifa_index = (unsigned)search->ifindex };
	vnm_autonl struct vnm_nl_req req = { 0 };

	vnm_nl_begin(&req, RTM_GETADDR, 0, &head, sizeof(head));
	return dump(sys, &req, search, see_address);
}

static int search_routes(struct vnm_sys *sys, int family, struct search *search)
{
	struct rtmsg head = { .rtm_family = (uint8_t)family };
	vnm_autonl struct vnm_nl_req req = { 0 };

	vnm_nl_begin(&req, RTM_GETROUTE, 0, &head, sizeof(head));
	return dump(sys, &req, search, see_route);
}

/**
 * vnm_link_needed() - does the host use a device itself?
 * @sys:  the handles
 * @link: the device
 * @what: gets the reason, as in "device eth0 has the address 203.0.113.2/24"; "": it does not
 * @err:  what could not be read
 *
 * Return: 0 or -errno.
 */
int vnm_link_needed(struct vnm_sys *sys, const struct vnm_fact_link *link,
		    char what[static VNM_NEEDED_SIZE], struct vnm_error *err)
{
	static const int families[] = { AF_INET, AF_INET6 };
	struct search search = { link->index, what };
	int r = 0;

	*what = '\0';
	for (size_t i = 0; r == 0 && !*what && i < VNM_ARRAY_SIZE(families); i++)
		r = search_addresses(sys, families[i], &search);
	for (size_t i = 0; r == 0 && !*what && i < VNM_ARRAY_SIZE(families); i++)
		r = search_routes(sys, families[i], &search);
	return r < 0 ? vnm_nl_fail(err, r, NULL, "cannot read the addresses and routes of '%s'",
				   link->name)
		     : 0;
}
