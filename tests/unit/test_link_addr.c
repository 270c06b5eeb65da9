/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Addresses and routes, with the real kernel: usable at once, recognised, never somebody else's. */
#include "netns.h"
#include "sys/handles.h"
#include "sys/link/address.h"
#include "sys/link/address_list.h"
#include "sys/link/route.h"
#include "sys/netlink/netlink.h"

#include <netlink/attr.h>
#include <netlink/msg.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "util/mem.h"

const char vnm_suite[] = "sys/link_addr";

#define GROUP (VNM_GROUP_BASE | VNM_GROUP_FREE)

const char *vnm_test_cannot_run(void)
{
	return netns_enter();
}

static struct vnm_op address_op(const char *dev, const char *text)
{
	return (struct vnm_op){
		.type = VNM_OP_ADDRESS,
		.address = { .dev = (char *)dev, .addr = netns_prefix(text) },
	};
}

static struct vnm_op route_op(const char *dev, const char *dst, const char *gateway,
			      uint32_t metric)
{
	struct vnm_op op = {
		.type = VNM_OP_ROUTE,
		.route = { .dev = (char *)dev, .dst = netns_prefix(dst), .metric = metric },
	};

	VNM_ASSERT_INT_EQ_FATAL(vnm_addr_parse(gateway, &op.route.gateway), 0);
	return op;
}

static void begin(struct vnm_sys *sys)
{
	vnm_sys_init(sys, -1);
	netns_wipe(sys);
	netns_make(sys, "bridge", "vnm0", netns_mac(1), GROUP);
}

static void end(struct vnm_sys *sys)
{
	netns_delete(sys, "vnm0");
	vnm_sys_clear(sys);
}

/* What the kernel prints of one address of a device. */
struct seen_address {
	int ifindex;
	struct vnm_addr addr, broadcast;
	uint32_t flags;
	int n;
};

static int take_address(const struct nlmsghdr *hdr, void *data)
{
	const struct ifaddrmsg *head = nlmsg_data(hdr);
	struct seen_address *seen = data;
	struct nlattr *tb[IFA_MAX + 1];
	struct vnm_addr addr;

	if (nlmsg_parse((struct nlmsghdr *)hdr, sizeof(*head), tb, IFA_MAX, NULL) < 0)
		return -EPROTO;
	vnm_nl_get_addr(tb[IFA_LOCAL] ? tb[IFA_LOCAL] : tb[IFA_ADDRESS], head->ifa_family, &addr);
	if (head->ifa_index != (uint32_t)seen->ifindex || !vnm_addr_equal(&addr, &seen->addr))
		return 0;
	vnm_nl_get_addr(tb[IFA_BROADCAST], head->ifa_family, &seen->broadcast);
	seen->flags = tb[IFA_FLAGS] ? nla_get_u32(tb[IFA_FLAGS]) : head->ifa_flags;
	seen->n++;
	return 0;
}

static struct seen_address see(struct vnm_sys *sys, const struct vnm_op *op)
{
	struct seen_address seen = {
		.ifindex = netns_link(sys, op->address.dev).fact.index,
		.addr = op->address.addr.addr,
	};
	struct ifaddrmsg head = { .ifa_family = (uint8_t)seen.addr.family };
	vnm_autonl struct vnm_nl_req req = { 0 };

	vnm_nl_begin(&req, RTM_GETADDR, 0, &head, sizeof(head));
	VNM_ASSERT_INT_EQ(vnm_nl_dump(sys, &req,
				      &(struct vnm_nl_sink){ .each = take_address, .data = &seen }),
			  0);
	return seen;
}

/* What dnsmasq does next: take a port of that address. */
static bool can_bind(const struct vnm_addr *addr)
{
	struct sockaddr_in in = { .sin_family = AF_INET, .sin_port = htons(53) };
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6, .sin6_port = htons(53) };
	vnm_autoclose int fd = socket(addr->family, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	memcpy(&in.sin_addr, addr->b, sizeof(in.sin_addr));
	memcpy(&in6.sin6_addr, addr->b, sizeof(in6.sin6_addr));
	if (addr->family == AF_INET)
		return bind(fd, (struct sockaddr *)&in, sizeof(in)) == 0;
	return bind(fd, (struct sockaddr *)&in6, sizeof(in6)) == 0;
}

static void test_address(void)
{
	static const struct {
		const char *address, *broadcast;
	} rows[] = {
		{ "192.0.2.1/24", "192.0.2.255" }, { "10.9.8.7/8", "10.255.255.255" },
		{ "192.0.2.1/30", "192.0.2.3" },   { "192.0.2.1/31", NULL },
		{ "192.0.2.1/32", NULL },	   { "2001:db8::1/64", NULL },
		{ "fd00::1/128", NULL },
	};
	struct vnm_sys sys;

	begin(&sys);
	for (size_t i = 0; i < VNM_ARRAY_SIZE(rows); i++) {
		struct vnm_op op = address_op("vnm0", rows[i].address);
		struct seen_address seen;
		struct vnm_addr broadcast = { 0 };

		VNM_ASSERT_INT_EQ(netns_check(&sys, &vnm_impl_address, &op), VNM_ABSENT);
		netns_revert(&sys, &vnm_impl_address, &op);
		netns_apply(&sys, &vnm_impl_address, &op);
		netns_apply(&sys, &vnm_impl_address, &op);
		VNM_ASSERT_INT_EQ(netns_check(&sys, &vnm_impl_address, &op), VNM_PRESENT);
		seen = see(&sys, &op);
		VNM_ASSERT_INT_EQ(seen.n, 1);
		if (rows[i].broadcast)
			VNM_ASSERT_INT_EQ(vnm_addr_parse(rows[i].broadcast, &broadcast), 0);
		CU_ASSERT(vnm_addr_equal(&seen.broadcast, &broadcast));
		VNM_ASSERT_INT_EQ(seen.flags & IFA_F_TENTATIVE, 0);
		netns_revert(&sys, &vnm_impl_address, &op);
		VNM_ASSERT_INT_EQ(netns_check(&sys, &vnm_impl_address, &op), VNM_ABSENT);
	}
	end(&sys);
}

/*
 * A bridge without a port has no carrier; the address is usable all the same, before and after it
 * is up.
 */
static void test_address_usable(void)
{
	struct vnm_op v4 = address_op("vnm0", "192.0.2.1/24"),
		      v6 = address_op("vnm0", "2001:db8::1/64");
	struct vnm_sys sys;

	begin(&sys);
	netns_apply(&sys, &vnm_impl_address, &v4);
	netns_apply(&sys, &vnm_impl_address, &v6);
	CU_ASSERT(can_bind(&v4.address.addr.addr));
	netns_flags(&sys, "vnm0", IFF_UP, IFF_UP);
	CU_ASSERT(can_bind(&v4.address.addr.addr));
	CU_ASSERT(can_bind(&v6.address.addr.addr));
	VNM_ASSERT_INT_EQ(see(&sys, &v6).flags & IFA_F_TENTATIVE, 0);
	end(&sys);
	VNM_ASSERT_INT_EQ(can_bind(&v6.address.addr.addr), false);
}

static void test_address_of_others(void)
{
	struct vnm_op op = address_op("vnm0", "2001:db8::1/64"),
		      other = address_op("vnm0", "2001:db8::1/48");
	struct vnm_op foreign = address_op("br0", "192.0.2.1/24"),
		      none = address_op("nothere", "192.0.2.1/24");
	struct vnm_op wrong = address_op("abcdefghijklmnop", "192.0.2.1/24");
	struct vnm_error err = { 0 };
	struct vnm_sys sys;

	begin(&sys);
	netns_apply(&sys, &vnm_impl_address, &other);
	VNM_ASSERT_INT_EQ(netns_check(&sys, &vnm_impl_address, &op), VNM_ABSENT);
	VNM_ASSERT_INT_EQ(vnm_impl_address.apply(&sys, &op, &err), -EEXIST);
	VNM_ASSERT_INT_EQ(err.code, VNM_ERR_FOREIGN);

	netns_make(&sys, "bridge", "br0", netns_mac(3), 0);
	netns_address(&sys, "br0", "192.0.2.1/24");
	netns_revert(&sys, &vnm_impl_address, &foreign);
	VNM_ASSERT_INT_EQ(netns_check(&sys, &vnm_impl_address, &foreign), VNM_PRESENT);
	netns_delete(&sys, "br0");

	VNM_ASSERT_INT_EQ(vnm_impl_address.apply(&sys, &none, &err), -ENODEV);
	VNM_ASSERT_INT_EQ(err.code, VNM_ERR_NO_DEVICE);
	VNM_ASSERT_INT_EQ(netns_check(&sys, &vnm_impl_address, &none), VNM_ABSENT);
	netns_revert(&sys, &vnm_impl_address, &none);
	VNM_ASSERT_INT_EQ(vnm_impl_address.apply(&sys, &wrong, &err), -EINVAL);
	netns_revert(&sys, &vnm_impl_address, &wrong);
	end(&sys);
}

static void test_address_refused(void)
{
	struct vnm_op op = address_op("vnm0", "2001:db8::1/64");
	struct vnm_error err = { 0 };
	struct vnm_sys sys;

	begin(&sys);
	VNM_ASSERT_INT_EQ(netns_write("/proc/sys/net/ipv6/conf/vnm0/disable_ipv6", "1"), 0);
	CU_ASSERT(vnm_impl_address.apply(&sys, &op, &err) < 0);
	CU_ASSERT_NOT_EQUAL(err.code, VNM_ERR_NONE);
	CU_ASSERT_PTR_NOT_NULL(strstr(err.msg, "2001:db8::1/64 to vnm0"));
	VNM_ASSERT_INT_EQ(netns_check(&sys, &vnm_impl_address, &op), VNM_ABSENT);
	end(&sys);
}

/* A host on one or several links; our bridges and what is down do not count. */
static void test_others(void)
{
	static const int families[] = { AF_INET, AF_INET6 };
	static const char *const addresses[2][3] = {
		{ "203.0.113.1/24", "203.0.113.2/24", "198.51.100.1/24" },
		{ "2001:db8:1::1/64", "2001:db8:1::2/64", "2001:db8:2::1/64" },
	};
	struct vnm_sys sys;

	begin(&sys);
	netns_make(&sys, "veth", "eth8", netns_mac(8), 0);
	netns_make(&sys, "veth", "eth9", netns_mac(9), 0);
	netns_flags(&sys, "vnm0", IFF_UP, IFF_UP);
	netns_flags(&sys, "lo", IFF_UP, IFF_UP);
	for (size_t i = 0; i < 2; i++) {
		struct vnm_op ours = address_op("vnm0", i ? "fd00::1/64" : "192.0.2.1/24");
		struct vnm_error err = { 0 };
		size_t n = 99;

		netns_apply(&sys, &vnm_impl_address, &ours);
		VNM_ASSERT_OK(vnm_addr_others(&sys, families[i], &n, &err), err);
		VNM_ASSERT_INT_EQ(n, 0);
		netns_flags(&sys, "eth8", IFF_UP, IFF_UP);
		netns_address(&sys, "eth8", addresses[i][0]);
		netns_address(&sys, "eth8", addresses[i][1]);
		VNM_ASSERT_OK(vnm_addr_others(&sys, families[i], &n, &err), err);
		VNM_ASSERT_INT_EQ(n, 1);
		netns_flags(&sys, "eth9", IFF_UP, IFF_UP);
		netns_address(&sys, "eth9", addresses[i][2]);
		VNM_ASSERT_OK(vnm_addr_others(&sys, families[i], &n, &err), err);
		VNM_ASSERT_INT_EQ(n, 2);
		netns_flags(&sys, "eth8", 0, IFF_UP);
		VNM_ASSERT_OK(vnm_addr_others(&sys, families[i], &n, &err), err);
		VNM_ASSERT_INT_EQ(n, 1);
		netns_flags(&sys, "eth9", 0, IFF_UP);
	}
	netns_delete(&sys, "eth8");
	netns_delete(&sys, "eth9");
	end(&sys);
}

static void routes(struct vnm_sys *sys, const char *own, const char *dst, const char *gateway)
{
	struct vnm_op address = address_op("vnm0", own), op = route_op("vnm0", dst, gateway, 1);
	struct vnm_op elsewhere = route_op("vnm0", dst, gateway, 2),
		      none = route_op("nothere", dst, gateway, 1);
	struct vnm_error err = { 0 };

	netns_flags(sys, "vnm0", 0, IFF_UP);
	netns_apply(sys, &vnm_impl_address, &address);
	CU_ASSERT(vnm_impl_route.apply(sys, &op, &err) < 0); /* the link is down */
	netns_flags(sys, "vnm0", IFF_UP, IFF_UP);
	VNM_ASSERT_INT_EQ(netns_check(sys, &vnm_impl_route, &op), VNM_ABSENT);
	netns_revert(sys, &vnm_impl_route, &op);
	netns_apply(sys, &vnm_impl_route, &op);
	netns_apply(sys, &vnm_impl_route, &op);
	VNM_ASSERT_INT_EQ(netns_check(sys, &vnm_impl_route, &op), VNM_PRESENT);
	VNM_ASSERT_INT_EQ(netns_check(sys, &vnm_impl_route, &elsewhere), VNM_ABSENT);
	netns_revert(sys, &vnm_impl_route, &elsewhere);
	netns_revert(sys, &vnm_impl_route, &none);
	VNM_ASSERT_INT_EQ(netns_check(sys, &vnm_impl_route, &none), VNM_ABSENT);
	VNM_ASSERT_INT_EQ(netns_check(sys, &vnm_impl_route, &op), VNM_PRESENT);
	netns_revert(sys, &vnm_impl_route, &op);
	VNM_ASSERT_INT_EQ(netns_check(sys, &vnm_impl_route, &op), VNM_ABSENT);
	op.route.metric = 0;
	netns_apply(sys, &vnm_impl_route, &op);
	VNM_ASSERT_INT_EQ(netns_check(sys, &vnm_impl_route, &op), VNM_PRESENT);
	netns_revert(sys, &vnm_impl_route, &op);
	VNM_ASSERT_INT_EQ(netns_check(sys, &vnm_impl_route, &op), VNM_ABSENT);
}

static void test_route(void)
{
	struct vnm_sys sys;

	begin(&sys);
	routes(&sys, "192.0.2.1/24", "10.77.0.0/16", "192.0.2.9");
	routes(&sys, "192.0.2.1/24", "0.0.0.0/0", "192.0.2.9");
	routes(&sys, "2001:db8::1/64", "2001:db8:77::/48", "2001:db8::9");
	routes(&sys, "2001:db8::1/64", "::/0", "2001:db8::9");
	end(&sys);
}

/* The host's own route to the same place, by another device or by ours to another gateway. */
static void test_route_of_others(void)
{
	struct vnm_op address = address_op("vnm0", "192.0.2.1/24");
	struct vnm_op op = route_op("vnm0", "10.77.0.0/16", "192.0.2.9", 1);
	struct vnm_op other = route_op("vnm0", "10.77.0.0/16", "192.0.2.8", 1);
	struct vnm_error err = { 0 };
	struct vnm_sys sys;

	begin(&sys);
	netns_make(&sys, "bridge", "br0", netns_mac(8), 0);
	netns_flags(&sys, "br0", IFF_UP, IFF_UP);
	netns_flags(&sys, "vnm0", IFF_UP, IFF_UP);
	netns_apply(&sys, &vnm_impl_address, &address);
	netns_route(&sys, "br0", "10.77.0.0/16", RTPROT_STATIC, 1);
	VNM_ASSERT_INT_EQ(vnm_impl_route.apply(&sys, &op, &err), -EEXIST);
	VNM_ASSERT_INT_EQ(err.code, VNM_ERR_FOREIGN);
	VNM_ASSERT_INT_EQ(netns_check(&sys, &vnm_impl_route, &op), VNM_ABSENT);
	netns_delete(&sys, "br0");

	netns_apply(&sys, &vnm_impl_route, &other);
	VNM_ASSERT_INT_EQ(vnm_impl_route.apply(&sys, &op, &err), -EEXIST);
	netns_revert(&sys, &vnm_impl_route, &op);
	VNM_ASSERT_INT_EQ(netns_check(&sys, &vnm_impl_route, &other), VNM_PRESENT);
	end(&sys);
	VNM_ASSERT_INT_EQ(vnm_impl_route.apply(&sys, &op, &err), -ENODEV);
	vnm_sys_clear(&sys);
}

static const struct vnm_fact_route *find_route(const struct vnm_facts *facts, const char *text)
{
	struct vnm_prefix prefix = netns_prefix(text);

	for (size_t i = 0; i < facts->n_routes; i++)
		if (vnm_prefix_equal(&facts->routes[i].prefix, &prefix))
			return &facts->routes[i];
	return NULL;
}

static void test_observe_routes(void)
{
	struct vnm_op v4 = address_op("vnm0", "192.0.2.1/24"),
		      v6 = address_op("vnm0", "2001:db8::1/64");
	struct vnm_op via = route_op("vnm0", "0.0.0.0/0", "192.0.2.9", 1);
	struct vnm_facts facts __attribute__((cleanup(vnm_facts_clear))) = { 0 };
	struct vnm_error err = { 0 };
	struct vnm_sys sys;

	begin(&sys);
	VNM_ASSERT_OK_FATAL(vnm_observe_routes(&sys, &facts, &err), err);
	VNM_ASSERT_INT_EQ(facts.n_routes, 0);
	netns_flags(&sys, "vnm0", IFF_UP, IFF_UP);
	netns_apply(&sys, &vnm_impl_address, &v4);
	netns_apply(&sys, &vnm_impl_address, &v6);
	netns_apply(&sys, &vnm_impl_route, &via);
	netns_route(&sys, "vnm0", "2001:db8:5::/64", RTPROT_RA, 1024);
	VNM_ASSERT_OK_FATAL(vnm_observe_routes(&sys, &facts, &err), err);
	for (size_t i = 0; i < facts.n_routes; i++) {
		VNM_ASSERT_INT_EQ(facts.routes[i].ifindex, netns_link(&sys, "vnm0").fact.index);
		CU_ASSERT(facts.routes[i].prefix.len <=
			  64); /* no address of this host, no multicast */
	}
	CU_ASSERT_PTR_NOT_NULL_FATAL(find_route(&facts, "192.0.2.0/24"));
	CU_ASSERT_FALSE(find_route(&facts, "192.0.2.0/24")->via);
	CU_ASSERT_PTR_NOT_NULL_FATAL(find_route(&facts, "0.0.0.0/0"));
	CU_ASSERT(find_route(&facts, "0.0.0.0/0")->via);
	CU_ASSERT_PTR_NOT_NULL_FATAL(find_route(&facts, "2001:db8::/64"));
	CU_ASSERT_PTR_NOT_NULL_FATAL(find_route(&facts, "2001:db8:5::/64"));
	CU_ASSERT_PTR_NULL(find_route(&facts, "ff00::/8"));
	end(&sys);
}

/* One route, two next hops: a fact for each of their devices. */
static void test_observe_hops(void)
{
	struct rtnexthop hops[2] = { { .rtnh_len = sizeof(*hops) }, { .rtnh_len = sizeof(*hops) } };
	struct rtmsg head = {
		.rtm_family = AF_INET,
		.rtm_dst_len = 8,
		.rtm_table = RT_TABLE_MAIN,
		.rtm_protocol = RTPROT_STATIC,
		.rtm_scope = RT_SCOPE_LINK,
		.rtm_type = RTN_UNICAST,
	};
	struct vnm_facts facts __attribute__((cleanup(vnm_facts_clear))) = { 0 };
	struct vnm_prefix dst = netns_prefix("10.0.0.0/8");
	vnm_autonl struct vnm_nl_req req = { 0 };
	struct vnm_error err = { 0 };
	struct vnm_sys sys;

	begin(&sys);
	netns_make(&sys, "veth", "eth8", netns_mac(8), 0);
	netns_flags(&sys, "eth8", IFF_UP, IFF_UP);
	netns_flags(&sys, "vnm0", IFF_UP, IFF_UP);
	hops[0].rtnh_ifindex = netns_link(&sys, "vnm0").fact.index;
	hops[1].rtnh_ifindex = netns_link(&sys, "eth8").fact.index;
	vnm_nl_begin(&req, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL, &head, sizeof(head));
	vnm_nl_put(&req, RTA_DST, dst.addr.b, 4);
	vnm_nl_put(&req, RTA_MULTIPATH, hops, sizeof(hops));
	VNM_ASSERT_INT_EQ_FATAL(vnm_nl_do(&sys, &req, NULL), 0);
	VNM_ASSERT_OK_FATAL(vnm_observe_routes(&sys, &facts, &err), err);
	VNM_ASSERT_INT_EQ_FATAL(facts.n_routes, 2);
	VNM_ASSERT_INT_EQ(facts.routes[0].ifindex, hops[0].rtnh_ifindex);
	VNM_ASSERT_INT_EQ(facts.routes[1].ifindex, hops[1].rtnh_ifindex);
	CU_ASSERT(vnm_prefix_equal(&facts.routes[1].prefix, &dst));
	netns_delete(&sys, "eth8");
	end(&sys);
}

/* Many routes: a dump of many datagrams, and a check among them. */
static void test_many_routes(void)
{
	struct vnm_op address = address_op("vnm0", "192.0.2.1/24");
	struct vnm_op op = route_op("vnm0", "172.16.0.0/12", "192.0.2.9", 1);
	struct vnm_facts facts __attribute__((cleanup(vnm_facts_clear))) = { 0 };
	struct vnm_error err = { 0 };
	struct vnm_sys sys;
	char text[32];

	begin(&sys);
	netns_flags(&sys, "vnm0", IFF_UP, IFF_UP);
	netns_apply(&sys, &vnm_impl_address, &address);
	netns_apply(&sys, &vnm_impl_route, &op);
	for (int i = 0; i < 3000; i++) {
		snprintf(text, sizeof(text), "10.%d.%d.0/24", i / 256, i % 256);
		netns_route(&sys, "vnm0", text, RTPROT_STATIC, 0);
	}
	VNM_ASSERT_OK_FATAL(vnm_observe_routes(&sys, &facts, &err), err);
	for (int i = 0; i < 3000; i += 97) {
		snprintf(text, sizeof(text), "10.%d.%d.0/24", i / 256, i % 256);
		CU_ASSERT_PTR_NOT_NULL(find_route(&facts, text));
	}
	CU_ASSERT(facts.n_routes >= 3002);
	VNM_ASSERT_INT_EQ(netns_check(&sys, &vnm_impl_route, &op), VNM_PRESENT);
	end(&sys);
}

const struct vnm_test vnm_tests[] = {
	{ "address", test_address },
	{ "address_usable", test_address_usable },
	{ "address_of_others", test_address_of_others },
	{ "address_refused", test_address_refused },
	{ "others", test_others },
	{ "observe_routes", test_observe_routes },
	{ "observe_hops", test_observe_hops },
	{ "route", test_route },
	{ "route_of_others", test_route_of_others },
	{ "many_routes", test_many_routes },
	{ 0 },
};
