/* SPDX-License-Identifier: GPL-2.0-or-later */
/* see_routes.c - the devices, addresses and routes of a network namespace, and the rules of policy routing. */
#include "sys/doctor/see_routes.h"

#include <errno.h>
#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "sys/link/address.h"
#include "sys/link/address_list.h"
#include "sys/link/link.h"
#include "sys/netlink/netlink.h"
#include "util/mem.h"

static const int families[] = { AF_INET, AF_INET6 };

/* A list that a dump fills; @n_before: what is left of it when the dump is repeated */
struct list {
	void *items;
	size_t n, n_before;
	int family;
};

static void list_again(void *data)
{
	struct list *list = data;

	list->n = list->n_before;
}

/* A kernel without IPv6, or without rules, has none. */
static int dump(struct vnm_sys *sys, int type, int (*each)(const struct nlmsghdr *, void *),
		struct list *list)
{
	for (size_t i = 0; i < VNM_ARRAY_SIZE(families); i++) {
		struct rtmsg head = { .rtm_family = (uint8_t)families[i] };
		vnm_autonl struct vnm_nl_req req = { 0 };
		int r;

		list->family = families[i];
		list->n_before = list->n;
		vnm_nl_begin(&req, type, 0, &head, sizeof(head));
		r = vnm_nl_dump(sys, &req, &(struct vnm_nl_sink){ each, list_again, list });
		if (r < 0 && r != -ENOENT && r != -EAFNOSUPPORT && r != -EOPNOTSUPP)
			return r;
	}
	return 0;
}

static void get_prefix(const struct nlattr *attr, int family, unsigned len, struct vnm_prefix *ret)
{
	vnm_nl_get_addr(attr, family, &ret->addr);
	ret->addr.family = family;
	ret->len = len;
}

/* Its own maximum for packets; 0: that of its device. */
static uint32_t get_mtu(struct nlattr *metrics)
{
	struct nlattr *tb[RTAX_MAX + 1];

	if (!metrics || nla_parse_nested(tb, RTAX_MAX, metrics, NULL) < 0 || !tb[RTAX_MTU])
		return 0;
	return nla_get_u32(tb[RTAX_MTU]);
}

static int on_route(const struct nlmsghdr *hdr, void *data)
{
	const struct rtmsg *head = nlmsg_data(hdr);
	struct nlattr *tb[RTA_MAX + 1];
	struct vnm_case_route route = { .type = head->rtm_type, .protocol = head->rtm_protocol };
	struct list *list = data;
	struct vnm_case_route *items;

	if (hdr->nlmsg_type != RTM_NEWROUTE || head->rtm_family != list->family ||
	    head->rtm_flags & RTM_F_CLONED)
		return 0;
	if (nlmsg_parse((struct nlmsghdr *)hdr, sizeof(*head), tb, RTA_MAX, NULL) < 0)
		return -EPROTO;
	get_prefix(tb[RTA_DST], list->family, head->rtm_dst_len, &route.dst);
	vnm_nl_get_addr(tb[RTA_GATEWAY], list->family, &route.gateway);
	vnm_nl_get_addr(tb[RTA_PREFSRC], list->family, &route.src);
	route.table = tb[RTA_TABLE] ? nla_get_u32(tb[RTA_TABLE]) : head->rtm_table;
	route.metric = tb[RTA_PRIORITY] ? nla_get_u32(tb[RTA_PRIORITY]) : 0;
	route.ifindex = tb[RTA_OIF] ? (int)nla_get_u32(tb[RTA_OIF]) : 0;
	route.mtu = get_mtu(tb[RTA_METRICS]);
	route.linkdown = head->rtm_flags & RTNH_F_LINKDOWN;
	items = list->items = vnm_array_add(list->items, &list->n, sizeof(route));
	items[list->n - 1] = route;
	return 0;
}

/**
 * vnm_see_stack() - read the devices, addresses and routes of a network namespace
 * @sys: its handles
 * @ret: gets them
 * @err: set on failure
 *
 * Return: 0 or -errno.
 */
int vnm_see_stack(struct vnm_sys *sys, struct vnm_case_stack *ret, struct vnm_error *err)
{
	struct vnm_facts facts = { 0 };
	struct list list = { 0 };
	int r = vnm_links_read(sys, &ret->links, err);

	if (r == 0)
		r = vnm_observe_addresses(sys, &facts, err);
	if (r < 0)
		return r;
	ret->addresses = facts.addresses;
	ret->n_addresses = facts.n_addresses;
	r = dump(sys, RTM_GETROUTE, on_route, &list);
	ret->routes = list.items;
	ret->n_routes = list.n;
	return r < 0 ? vnm_nl_fail(err, r, NULL, "cannot list the routes") : 0;
}

static int on_rule(const struct nlmsghdr *hdr, void *data)
{
	const struct fib_rule_hdr *head = nlmsg_data(hdr);
	struct nlattr *tb[FRA_MAX + 1];
	struct list *list = data;
	struct vnm_case_rule *items, rule = {
		.family = list->family,
		.action = head->action,
		.inverted = head->flags & FIB_RULE_INVERT,
	};

	if (hdr->nlmsg_type != RTM_NEWRULE || head->family != list->family)
		return 0;
	if (nlmsg_parse((struct nlmsghdr *)hdr, sizeof(*head), tb, FRA_MAX, NULL) < 0)
		return -EPROTO;
	if (tb[FRA_SRC])
		get_prefix(tb[FRA_SRC], list->family, head->src_len, &rule.src);
	if (tb[FRA_DST])
		get_prefix(tb[FRA_DST], list->family, head->dst_len, &rule.dst);
	if (tb[FRA_IIFNAME])
		nla_strlcpy(rule.in, tb[FRA_IIFNAME], sizeof(rule.in));
	rule.priority = tb[FRA_PRIORITY] ? nla_get_u32(tb[FRA_PRIORITY]) : 0;
	rule.table = tb[FRA_TABLE] ? nla_get_u32(tb[FRA_TABLE]) : head->table;
	rule.mark = tb[FRA_FWMARK] ? nla_get_u32(tb[FRA_FWMARK]) : 0;
	items = list->items = vnm_array_add(list->items, &list->n, sizeof(rule));
	items[list->n - 1] = rule;
	return 0;
}

/**
 * vnm_see_rules() - read the rules of policy routing
 * @sys: the handles
 * @c:   gets them
 * @err: set on failure
 *
 * Return: 0 or -errno.
 */
int vnm_see_rules(struct vnm_sys *sys, struct vnm_case *c, struct vnm_error *err)
{
	struct list list = { 0 };
	int r = dump(sys, RTM_GETRULE, on_rule, &list);

	c->rules = list.items;
	c->n_rules = list.n;
	return r < 0 ? vnm_nl_fail(err, r, NULL, "cannot list the rules of policy routing") : 0;
}
