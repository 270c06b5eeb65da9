/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_uplink_move.c - what one device held, as messages for another: messages in, messages out, no kernel. */
#include "runner.h"
#include "sys/netlink/nl_batch.h"

#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "sys/uplink/uplink_move.h"
#include "sys/uplink/uplink_route.h"
#include "util/mem.h"

const char vnm_suite[] = "uplink_move";

#define NIC 7
#define BRIDGE 9
#define TICKS 100

static const struct vnm_move there = { { NIC, "eth0" }, { BRIDGE, "br0" }, 0, NULL };
static const struct vnm_move back = { { BRIDGE, "br0" }, { NIC, "eth0" }, 0, NULL };

/* ---- lists as the kernel would give them ---- */

static void add(struct vnm_buf *list, struct vnm_nl_req *req)
{
	const unsigned char *bytes = (const unsigned char *)nlmsg_hdr(req->msg);

	if (list->len)
		vnm_buf_addc(list, ',');
	for (size_t i = 0; i < nlmsg_hdr(req->msg)->nlmsg_len; i++)
		vnm_buf_printf(list, "%02x", bytes[i]);
	vnm_nl_req_clear(req);
}

static void add_address(struct vnm_buf *list, int family, uint8_t last, const char *label,
			uint32_t valid)
{
	struct ifaddrmsg head = { .ifa_family = (uint8_t)family,
				  .ifa_prefixlen = 24,
				  .ifa_flags = IFA_F_TENTATIVE | IFA_F_PERMANENT,
				  .ifa_index = NIC };
	struct ifa_cacheinfo life = { .ifa_prefered = valid / 2, .ifa_valid = valid };
	uint8_t addr[16] = { 192, 0, 2, last };
	struct vnm_nl_req req;

	vnm_nl_begin(&req, RTM_NEWADDR, 0, &head, sizeof(head));
	vnm_nl_put(&req, family == AF_INET ? IFA_LOCAL : IFA_ADDRESS, addr,
		   family == AF_INET ? 4 : 16);
	if (label)
		vnm_nl_put_str(&req, IFA_LABEL, label);
	vnm_nl_put_u32(&req, IFA_FLAGS, IFA_F_TENTATIVE | IFA_F_PERMANENT | IFA_F_NOPREFIXROUTE);
	vnm_nl_put(&req, IFA_CACHEINFO, &life, sizeof(life));
	add(list, &req);
}

static void add_route(struct vnm_buf *list, uint8_t last, bool gateway, int32_t expires)
{
	struct rtmsg head = { .rtm_family = AF_INET,
			      .rtm_dst_len = 32,
			      .rtm_table = RT_TABLE_MAIN,
			      .rtm_flags = RTNH_F_LINKDOWN | RTNH_F_ONLINK };
	struct rta_cacheinfo cache = { .rta_expires = expires };
	uint8_t dst[4] = { 198, 51, 100, last }, via[4] = { 192, 0, 2, 1 };
	struct vnm_nl_req req;

	vnm_nl_begin(&req, RTM_NEWROUTE, 0, &head, sizeof(head));
	vnm_nl_put(&req, RTA_DST, dst, sizeof(dst));
	vnm_nl_put_u32(&req, RTA_OIF, NIC);
	if (gateway)
		vnm_nl_put(&req, RTA_GATEWAY, via, sizeof(via));
	if (expires)
		vnm_nl_put(&req, RTA_CACHEINFO, &cache, sizeof(cache));
	add(list, &req);
}

static void add_hops(struct vnm_buf *list)
{
	struct rtmsg head = { .rtm_family = AF_INET, .rtm_table = RT_TABLE_MAIN };
	struct rtnexthop hops[] = {
		{ .rtnh_len = sizeof(hops[0]), .rtnh_ifindex = NIC, .rtnh_flags = RTNH_F_DEAD },
		{ .rtnh_len = sizeof(hops[0]), .rtnh_ifindex = 5, .rtnh_hops = 3 },
	};
	struct vnm_nl_req req;

	vnm_nl_begin(&req, RTM_NEWROUTE, 0, &head, sizeof(head));
	vnm_nl_put(&req, RTA_MULTIPATH, hops, sizeof(hops));
	add(list, &req);
}

static void add_neighbour(struct vnm_buf *list, uint16_t state)
{
	struct ndmsg head = { .ndm_family = AF_INET, .ndm_ifindex = NIC, .ndm_state = state };
	uint8_t dst[4] = { 192, 0, 2, 1 }, mac[6] = { 2 };
	struct vnm_nl_req req;

	vnm_nl_begin(&req, RTM_NEWNEIGH, 0, &head, sizeof(head));
	vnm_nl_put(&req, NDA_DST, dst, sizeof(dst));
	vnm_nl_put(&req, NDA_LLADDR, mac, sizeof(mac));
	add(list, &req);
}

/* ---- steps ---- */

static struct nlmsghdr *step(const struct vnm_nl_batch *batch, size_t i)
{
	CU_ASSERT_FATAL(i < batch->n);
	return (struct nlmsghdr *)(batch->data.data + batch->steps[i].at);
}

static const uint8_t *bytes_of(const struct vnm_nl_batch *batch, size_t i, size_t head, int type)
{
	struct nlattr *attr = nlmsg_find_attr(step(batch, i), (int)head, type);

	CU_ASSERT_PTR_NOT_NULL_FATAL(attr);
	return nla_data(attr);
}

static uint32_t number_of(const struct vnm_nl_batch *batch, size_t i, size_t head, int type)
{
	uint32_t value;

	memcpy(&value, bytes_of(batch, i, head, type), sizeof(value));
	return value;
}

static const char *label_of(const struct vnm_nl_batch *batch, size_t i)
{
	return (const char *)bytes_of(batch, i, sizeof(struct ifaddrmsg), IFA_LABEL);
}

/* ---- tests ---- */

static void addresses(void)
{
	vnm_autobuf struct vnm_buf list = { 0 };
	vnm_autobatch struct vnm_nl_batch batch = { 0 };
	struct ifaddrmsg *head;

	add_address(&list, AF_INET, 1, "eth0", UINT32_MAX);
	add_address(&list, AF_INET6, 2, NULL, UINT32_MAX);
	add_address(&list, AF_INET, 3, "eth0:1", UINT32_MAX);
	add_address(&list, AF_INET6, 4, NULL, UINT32_MAX);
	CU_ASSERT_FATAL(vnm_move_addresses(&batch, &there, VNM_HALF_GIVE, list.data));
	VNM_ASSERT_INT_EQ_FATAL(batch.n, 4);
	/* IPv4 as it was, then IPv6 backwards */
	VNM_ASSERT_INT_EQ(bytes_of(&batch, 0, sizeof(*head), IFA_LOCAL)[3], 1);
	VNM_ASSERT_INT_EQ(bytes_of(&batch, 1, sizeof(*head), IFA_LOCAL)[3], 3);
	VNM_ASSERT_INT_EQ(bytes_of(&batch, 2, sizeof(*head), IFA_ADDRESS)[3], 4);
	VNM_ASSERT_INT_EQ(bytes_of(&batch, 3, sizeof(*head), IFA_ADDRESS)[3], 2);
	VNM_ASSERT_STR_EQ(label_of(&batch, 0), "br0");
	VNM_ASSERT_STR_EQ(label_of(&batch, 1), "br0:1");
	/* No state is asked for, and IPv6 does not wait. */
	VNM_ASSERT_INT_EQ(number_of(&batch, 0, sizeof(*head), IFA_FLAGS), IFA_F_NOPREFIXROUTE);
	VNM_ASSERT_INT_EQ(number_of(&batch, 2, sizeof(*head), IFA_FLAGS),
			  IFA_F_NOPREFIXROUTE | IFA_F_NODAD);
	for (size_t i = 0; i < batch.n; i++) {
		head = nlmsg_data(step(&batch, i));
		VNM_ASSERT_INT_EQ(step(&batch, i)->nlmsg_type, RTM_NEWADDR);
		VNM_ASSERT_INT_EQ(head->ifa_index, BRIDGE);
		VNM_ASSERT_INT_EQ(batch.steps[i].tag, VNM_MOVE_ADDRESS);
	}
}

/* A record is of the device; it serves in both directions. */
static void addresses_back(void)
{
	vnm_autobuf struct vnm_buf list = { 0 };
	vnm_autobatch struct vnm_nl_batch batch = { 0 };

	add_address(&list, AF_INET, 1, "eth0:0123456789", UINT32_MAX);
	CU_ASSERT_FATAL(vnm_move_addresses(&batch, &back, VNM_HALF_GIVE, list.data));
	CU_ASSERT_FATAL(vnm_move_addresses(&batch, &back, VNM_HALF_TAKE, list.data));
	VNM_ASSERT_STR_EQ(label_of(&batch, 0), "eth0:0123456789");
	VNM_ASSERT_INT_EQ(((struct ifaddrmsg *)nlmsg_data(step(&batch, 0)))->ifa_index, NIC);
	VNM_ASSERT_INT_EQ(step(&batch, 1)->nlmsg_type, RTM_DELADDR);
	VNM_ASSERT_INT_EQ(((struct ifaddrmsg *)nlmsg_data(step(&batch, 1)))->ifa_index, BRIDGE);
	CU_ASSERT_PTR_NULL(nlmsg_find_attr(step(&batch, 1), sizeof(struct ifaddrmsg), IFA_LABEL));
}

/* A label has 15 characters at most; a longer one is the name alone. */
static void long_label(void)
{
	const struct vnm_move move = { { NIC, "e" }, { BRIDGE, "br-with-a-name0" }, 0, NULL };
	vnm_autobuf struct vnm_buf list = { 0 };
	vnm_autobatch struct vnm_nl_batch batch = { 0 };

	add_address(&list, AF_INET, 1, "e:1", UINT32_MAX);
	CU_ASSERT_FATAL(vnm_move_addresses(&batch, &move, VNM_HALF_GIVE, list.data));
	VNM_ASSERT_STR_EQ(label_of(&batch, 0), "br-with-a-name0");
}

static void lifetimes(void)
{
	const struct vnm_move later = { { BRIDGE, "br0" }, { NIC, "eth0" }, 600, NULL };
	vnm_autobuf struct vnm_buf list = { 0 };
	vnm_autobatch struct vnm_nl_batch batch = { 0 };
	struct ifa_cacheinfo life;

	add_address(&list, AF_INET, 1, NULL, 1000);
	add_address(&list, AF_INET, 2, NULL, 600);
	add_address(&list, AF_INET, 3, NULL, UINT32_MAX);
	CU_ASSERT_FATAL(vnm_move_addresses(&batch, &later, VNM_HALF_GIVE, list.data));
	VNM_ASSERT_INT_EQ_FATAL(batch.n, 2); /* the second is over */
	memcpy(&life, bytes_of(&batch, 0, sizeof(struct ifaddrmsg), IFA_CACHEINFO), sizeof(life));
	VNM_ASSERT_INT_EQ(life.ifa_valid, 400);
	VNM_ASSERT_INT_EQ(life.ifa_prefered, 0);
	memcpy(&life, bytes_of(&batch, 1, sizeof(struct ifaddrmsg), IFA_CACHEINFO), sizeof(life));
	VNM_ASSERT_INT_EQ(life.ifa_valid, UINT32_MAX);
	CU_ASSERT(vnm_move_addresses(&batch, &later, VNM_HALF_TAKE, list.data));
	VNM_ASSERT_INT_EQ(batch.n, 5); /* what may still be there is taken */
}

static void routes(void)
{
	vnm_autobuf struct vnm_buf list = { 0 };
	vnm_autobatch struct vnm_nl_batch batch = { 0 };
	struct rtmsg *head;

	add_route(&list, 1, true, 0);
	add_route(&list, 2, false, 90 * TICKS);
	CU_ASSERT_FATAL(vnm_move_routes(&batch, &there, VNM_HALF_GIVE, list.data));
	CU_ASSERT_FATAL(vnm_move_routes(&batch, &there, VNM_HALF_TAKE, list.data));
	VNM_ASSERT_INT_EQ_FATAL(batch.n, 4);
	/* The gateway must be within reach by then. */
	VNM_ASSERT_INT_EQ(bytes_of(&batch, 0, sizeof(*head), RTA_DST)[3], 2);
	VNM_ASSERT_INT_EQ(bytes_of(&batch, 1, sizeof(*head), RTA_DST)[3], 1);
	VNM_ASSERT_INT_EQ(number_of(&batch, 0, sizeof(*head), RTA_OIF), BRIDGE);
	VNM_ASSERT_INT_EQ(number_of(&batch, 0, sizeof(*head), RTA_EXPIRES), 90);
	VNM_ASSERT_INT_EQ(number_of(&batch, 2, sizeof(*head), RTA_OIF), NIC);
	head = nlmsg_data(step(&batch, 0));
	VNM_ASSERT_INT_EQ(head->rtm_flags, RTNH_F_ONLINK);
	CU_ASSERT(step(&batch, 0)->nlmsg_flags & NLM_F_APPEND);
	VNM_ASSERT_INT_EQ(step(&batch, 2)->nlmsg_type, RTM_DELROUTE);
}

/* Only the hop by the device changes, in whichever direction the record is read. */
static void several_hops(void)
{
	static const struct {
		const struct vnm_move *move;
		enum vnm_half half;
		int ifindex;
	} cases[] = {
		{ &there, VNM_HALF_GIVE, BRIDGE },
		{ &there, VNM_HALF_TAKE, NIC },
		{ &back, VNM_HALF_GIVE, NIC },
		{ &back, VNM_HALF_TAKE, BRIDGE },
	};
	vnm_autobuf struct vnm_buf list = { 0 };

	add_hops(&list);
	for (size_t i = 0; i < VNM_ARRAY_SIZE(cases); i++) {
		vnm_autobatch struct vnm_nl_batch batch = { 0 };
		const struct rtnexthop *hops;

		CU_ASSERT_FATAL(vnm_move_routes(&batch, cases[i].move, cases[i].half, list.data));
		hops = (const void *)bytes_of(&batch, 0, sizeof(struct rtmsg), RTA_MULTIPATH);
		VNM_ASSERT_INT_EQ(hops[0].rtnh_ifindex, cases[i].ifindex);
		VNM_ASSERT_INT_EQ(hops[0].rtnh_flags, 0);
		VNM_ASSERT_INT_EQ(hops[1].rtnh_ifindex, 5);
		VNM_ASSERT_INT_EQ(hops[1].rtnh_hops, 3);
	}
}

/* An IPv4 route that cannot be given whole: without what is down, on the link whatever the addresses, ours alone. */
static void fewer_hops(void)
{
	struct rtmsg head = { .rtm_family = AF_INET, .rtm_table = RT_TABLE_MAIN };
	struct {
		struct rtnexthop hop;
		struct nlattr attr;
		uint8_t via[4];
	} hops[] = {
		{ { sizeof(hops[0]), 0, 1, NIC }, { 8, RTA_GATEWAY }, { 192, 0, 2, 1 } },
		{ { sizeof(hops[0]), 0, 3, 5 }, { 8, RTA_GATEWAY }, { 192, 0, 3, 1 } },
		{ { sizeof(hops[0]), RTNH_F_DEAD, 0, 6 }, { 8, RTA_GATEWAY }, { 192, 0, 4, 1 } },
	};
	static const size_t n_hops[] = { 2, 2, 1 };
	vnm_autobuf struct vnm_buf list = { 0 };
	vnm_autobatch struct vnm_nl_batch batch = { 0 };
	struct vnm_nl_req req;

	vnm_nl_begin(&req, RTM_NEWROUTE, 0, &head, sizeof(head));
	vnm_nl_put(&req, RTA_MULTIPATH, hops, sizeof(hops));
	add(&list, &req);
	add_route(&list, 1, true, 0); /* has one hop, and nothing to leave out */
	CU_ASSERT_FATAL(vnm_move_routes(&batch, &there, VNM_HALF_GIVE, list.data));
	VNM_ASSERT_INT_EQ(batch.steps[0].tag, VNM_MOVE_HOPS);
	VNM_ASSERT_INT_EQ(batch.steps[1].tag, VNM_MOVE_ROUTE);
	vnm_nl_batch_clear(&batch);
	CU_ASSERT_FATAL(vnm_move_routes_fewer(&batch, &there, list.data));
	VNM_ASSERT_INT_EQ_FATAL(batch.n, VNM_ARRAY_SIZE(n_hops));
	for (size_t i = 0; i < batch.n; i++) {
		const struct nlattr *attr =
			nlmsg_find_attr(step(&batch, i), sizeof(head), RTA_MULTIPATH);
		const struct rtnexthop *nexthop = nla_data(attr);

		VNM_ASSERT_INT_EQ_FATAL(nla_len(attr), n_hops[i] * sizeof(hops[0]));
		VNM_ASSERT_INT_EQ(nexthop[0].rtnh_ifindex, BRIDGE);
		VNM_ASSERT_INT_EQ(nexthop[0].rtnh_flags, 0);
		VNM_ASSERT_INT_EQ(batch.steps[i].tag, VNM_MOVE_FEWER);
		CU_ASSERT(step(&batch, i)->nlmsg_flags & NLM_F_EXCL);
		if (n_hops[i] < 2)
			continue;
		nexthop = RTNH_NEXT(nexthop);
		VNM_ASSERT_INT_EQ(nexthop->rtnh_ifindex, 5);
		VNM_ASSERT_INT_EQ(nexthop->rtnh_hops, 3);
		VNM_ASSERT_INT_EQ(nexthop->rtnh_flags, i == 0 ? 0 : RTNH_F_ONLINK);
	}
}

static void begin_joined(struct vnm_nl_req *req, uint8_t protocol)
{
	struct rtmsg head = { .rtm_family = AF_INET6,
			      .rtm_table = RT_TABLE_MAIN,
			      .rtm_protocol = protocol };

	vnm_nl_begin(req, RTM_NEWROUTE, 0, &head, sizeof(head));
}

static int protocol_of(const struct vnm_nl_batch *batch, size_t i)
{
	return ((struct rtmsg *)nlmsg_data(step(batch, i)))->rtm_protocol;
}

/* Of joined IPv6 routes only our next hops are moved, each by itself; the journal has what the joined one does not show. */
static void joined_hops(void)
{
	struct {
		struct rtnexthop hop;
		struct nlattr attr;
		uint8_t via[16];
	} hops[] = {
		{ { sizeof(hops[0]), 0, 0, 5 }, { 20, RTA_GATEWAY }, { 0x20, 5 } },
		{ { sizeof(hops[0]), 0, 2, BRIDGE }, { 20, RTA_GATEWAY }, { 0x20, 1 } },
		{ { sizeof(hops[0]), 0, 0, BRIDGE }, { 20, RTA_GATEWAY }, { 0x20, 2 } },
	};
	struct rta_cacheinfo cache = { .rta_expires = 90 * TICKS };
	vnm_autobuf struct vnm_buf list = { 0 }, record = { 0 };
	vnm_autobatch struct vnm_nl_batch batch = { 0 };
	struct vnm_move move = back;
	const struct rtnexthop *nexthop;
	struct vnm_nl_req req;

	begin_joined(&req, RTPROT_STATIC);
	vnm_nl_put(&req, RTA_MULTIPATH, hops, sizeof(hops));
	add(&list, &req);
	begin_joined(&req, RTPROT_RA);
	vnm_nl_put(&req, RTA_GATEWAY, hops[2].via, sizeof(hops[2].via));
	vnm_nl_put_u32(&req, RTA_OIF, NIC);
	vnm_nl_put(&req, RTA_CACHEINFO, &cache, sizeof(cache));
	add(&record, &req);
	move.record = record.data;
	CU_ASSERT_FATAL(vnm_move_routes(&batch, &move, VNM_HALF_GIVE, list.data));
	CU_ASSERT_FATAL(vnm_move_routes(&batch, &move, VNM_HALF_TAKE, list.data));
	CU_ASSERT_FATAL(vnm_move_routes_fewer(&batch, &move, list.data));
	VNM_ASSERT_INT_EQ_FATAL(batch.n, 4);
	nexthop = (const void *)bytes_of(&batch, 0, sizeof(struct rtmsg), RTA_MULTIPATH);
	VNM_ASSERT_INT_EQ(nexthop->rtnh_ifindex, NIC);
	VNM_ASSERT_INT_EQ(nexthop->rtnh_hops, 2);
	VNM_ASSERT_INT_EQ(protocol_of(&batch, 0), RTPROT_STATIC);
	VNM_ASSERT_INT_EQ(protocol_of(&batch, 1), RTPROT_RA);
	VNM_ASSERT_INT_EQ(number_of(&batch, 1, sizeof(struct rtmsg), RTA_OIF), NIC);
	VNM_ASSERT_INT_EQ(number_of(&batch, 1, sizeof(struct rtmsg), RTA_EXPIRES), 90);
	for (size_t i = 2; i < batch.n; i++) {
		VNM_ASSERT_INT_EQ(step(&batch, i)->nlmsg_type, RTM_DELROUTE);
		VNM_ASSERT_INT_EQ(protocol_of(&batch, i), RTPROT_UNSPEC);
		nexthop = (const void *)bytes_of(&batch, i, sizeof(struct rtmsg), RTA_MULTIPATH);
		VNM_ASSERT_INT_EQ(nexthop->rtnh_ifindex, BRIDGE);
	}
}

static void neighbours(void)
{
	vnm_autobuf struct vnm_buf list = { 0 };
	vnm_autobatch struct vnm_nl_batch batch = { 0 };

	add_neighbour(&list, NUD_REACHABLE);
	add_neighbour(&list, NUD_PERMANENT);
	CU_ASSERT_FATAL(vnm_move_neighbours(&batch, &there, VNM_HALF_GIVE, list.data));
	VNM_ASSERT_INT_EQ_FATAL(batch.n, 2);
	VNM_ASSERT_INT_EQ(((struct ndmsg *)nlmsg_data(step(&batch, 0)))->ndm_state, NUD_STALE);
	VNM_ASSERT_INT_EQ(((struct ndmsg *)nlmsg_data(step(&batch, 1)))->ndm_state, NUD_PERMANENT);
	VNM_ASSERT_INT_EQ(((struct ndmsg *)nlmsg_data(step(&batch, 1)))->ndm_ifindex, BRIDGE);
}

/* A record that somebody has edited is refused as a whole, and never read beyond its end. */
static void damaged(void)
{
	vnm_autobuf struct vnm_buf list = { 0 };
	static const char *const bad[] = { ",", "0", "00", "zz", "00,00", "AB" };
	vnm_autobatch struct vnm_nl_batch batch = { 0 };

	CU_ASSERT(vnm_move_addresses(&batch, &there, VNM_HALF_GIVE, NULL));
	CU_ASSERT(vnm_move_addresses(&batch, &there, VNM_HALF_GIVE, ""));
	for (size_t i = 0; i < VNM_ARRAY_SIZE(bad); i++) {
		CU_ASSERT(!vnm_move_addresses(&batch, &there, VNM_HALF_GIVE, bad[i]));
		CU_ASSERT(!vnm_move_routes(&batch, &there, VNM_HALF_GIVE, bad[i]));
		CU_ASSERT(!vnm_move_neighbours(&batch, &there, VNM_HALF_TAKE, bad[i]));
	}
	add_address(&list, AF_INET6, 1, NULL, 1);
	for (size_t len = list.len - 1; len > 0; len--) {
		list.data[len] = '\0';
		CU_ASSERT(!vnm_move_addresses(&batch, &there, VNM_HALF_GIVE, list.data));
	}
	VNM_ASSERT_INT_EQ(batch.n, 0);
}

const struct vnm_test vnm_tests[] = {
	{ "addresses", addresses },
	{ "addresses back", addresses_back },
	{ "long label", long_label },
	{ "lifetimes", lifetimes },
	{ "routes", routes },
	{ "several hops", several_hops },
	{ "fewer hops", fewer_hops },
	{ "joined hops", joined_hops },
	{ "neighbours", neighbours },
	{ "damaged", damaged },
	{ 0 },
};
