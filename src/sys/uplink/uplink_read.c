/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * uplink_read.c - what a device holds: addresses, routes and neighbours, as the kernel's own messages.
 *
 * Kept raw, since any other form would lose something. What the kernel derives from an address (the route to its
 * subnet, the local table) is left out: it will do so again.
 */
#include "sys/uplink/uplink_read.h"

#include <errno.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <sys/socket.h>

#include "util/mem.h"
#include "sys/link/route.h"
#include "sys/uplink/uplink_move.h"

/* A dump of one kind, and its target. */
struct reading {
	int ifindex;
	struct vnm_interface_state *state;
	struct vnm_buf *list;
	size_t before; /* what the list held when the dump began */
};

static void append_message(struct vnm_buf *list, const struct nlmsghdr *hdr)
{
	const unsigned char *bytes = (const unsigned char *)hdr;

	if (list->len)
		vnm_buf_addc(list, ',');
	for (size_t i = 0; i < hdr->nlmsg_len; i++)
		vnm_buf_printf(list, "%02x", bytes[i]);
}

static void restart_reading(void *data)
{
	struct reading *reading = data;

	reading->list->len = reading->before;
	if (reading->list->data)
		reading->list->data[reading->before] = '\0';
}

static int keep_address(const struct nlmsghdr *hdr, void *data)
{
	struct reading *reading = data;
	const struct ifaddrmsg *head = nlmsg_data(hdr);

	if (hdr->nlmsg_type != RTM_NEWADDR || (int)head->ifa_index != reading->ifindex ||
	    head->ifa_flags & IFA_F_DADFAILED)
		return 0;
	reading->state->global |= head->ifa_scope < RT_SCOPE_LINK;
	append_message(reading->list, hdr);
	return 0;
}

static int keep_route(const struct nlmsghdr *hdr, void *data)
{
	struct reading *reading = data;
	const struct rtmsg *head = nlmsg_data(hdr);
	struct nlattr *tb[RTA_MAX + 1];

	if (hdr->nlmsg_type != RTM_NEWROUTE || head->rtm_flags & RTM_F_CLONED ||
	    head->rtm_protocol == RTPROT_KERNEL)
		return 0;
	if (nlmsg_parse((struct nlmsghdr *)hdr, sizeof(*head), tb, RTA_MAX, NULL) < 0)
		return -EPROTO;
	if (!vnm_route_uses(tb, reading->ifindex))
		return 0;
	reading->state->shared_hops |= tb[RTA_NH_ID] != NULL;
	append_message(reading->list, hdr);
	return 0;
}

/* Only those with a hardware address; pending ones will be resolved again. */
static int add_neighbour(const struct nlmsghdr *hdr, void *data)
{
	struct reading *reading = data;
	const struct ndmsg *head = nlmsg_data(hdr);
	uint16_t usable = NUD_PERMANENT | NUD_REACHABLE | NUD_STALE | NUD_DELAY | NUD_PROBE;

	if (hdr->nlmsg_type == RTM_NEWNEIGH && head->ndm_ifindex == reading->ifindex &&
	    (head->ndm_state & usable || head->ndm_flags & NTF_PROXY))
		append_message(reading->list, hdr);
	return 0;
}

static int dump(struct vnm_sys *sys, struct vnm_nl_req *req, struct reading *reading,
		int (*each)(const struct nlmsghdr *hdr, void *data))
{
	int r;

	reading->before = reading->list->len;
	r = vnm_nl_dump(sys, req, &(struct vnm_nl_sink){ each, restart_reading, reading });
	/* No table yet, or the kernel lacks the family. */
	return r == -ENOENT || r == -EAFNOSUPPORT || r == -EOPNOTSUPP ? 0 : r;
}

static int read_addresses(struct vnm_sys *sys, int family, struct reading *reading)
{
	struct ifaddrmsg head = { .ifa_family = (uint8_t)family,
				  .ifa_index = (unsigned)reading->ifindex };
	vnm_autonl struct vnm_nl_req req = { 0 };

	reading->list = &reading->state->addresses;
	vnm_nl_begin(&req, RTM_GETADDR, 0, &head, sizeof(head));
	return dump(sys, &req, reading, keep_address);
}

/* Of all tables. */
static int read_routes(struct vnm_sys *sys, int family, struct reading *reading)
{
	struct rtmsg head = { .rtm_family = (uint8_t)family };
	vnm_autonl struct vnm_nl_req req = { 0 };

	reading->list = &reading->state->routes;
	vnm_nl_begin(&req, RTM_GETROUTE, 0, &head, sizeof(head));
	vnm_nl_put_u32(&req, RTA_OIF, (uint32_t)reading->ifindex);
	return dump(sys, &req, reading, keep_route);
}

static int read_neighbours(struct vnm_sys *sys, int family, uint8_t flags, struct reading *reading)
{
	struct ndmsg head = { .ndm_family = (uint8_t)family, .ndm_flags = flags };
	vnm_autonl struct vnm_nl_req req = { 0 };

	reading->list = &reading->state->neighbours;
	vnm_nl_begin(&req, RTM_GETNEIGH, 0, &head, sizeof(head));
	vnm_nl_put_u32(&req, NDA_IFINDEX, (uint32_t)reading->ifindex);
	return dump(sys, &req, reading, add_neighbour);
}

/**
 * vnm_interface_state_read() - read what a device holds
 * @sys:     the handles
 * @ifindex: the device
 * @ret:     zero-initialised; free with vnm_interface_state_clear()
 * @err:     what could not be read
 *
 * Return: 0 or -errno.
 */
int vnm_interface_state_read(struct vnm_sys *sys, int ifindex, struct vnm_interface_state *ret,
			     struct vnm_error *err)
{
	static const int families[] = { AF_INET, AF_INET6 };
	struct reading reading = { .ifindex = ifindex, .state = ret };
	int r = 0;

	for (size_t i = 0; r == 0 && i < VNM_ARRAY_SIZE(families); i++) {
		r = read_addresses(sys, families[i], &reading);
		if (r == 0)
			r = read_routes(sys, families[i], &reading);
		if (r == 0)
			r = read_neighbours(sys, families[i], 0, &reading);
		if (r == 0)
			r = read_neighbours(sys, families[i], NTF_PROXY, &reading);
	}
	return r < 0 ? vnm_nl_fail(err, r, NULL, "cannot read the addresses and routes of a device")
		     : 0;
}

/**
 * vnm_interface_state_clear() - free what was read
 * @state: becomes all zero
 */
void vnm_interface_state_clear(struct vnm_interface_state *state)
{
	vnm_buf_clear(&state->addresses);
	vnm_buf_clear(&state->routes);
	vnm_buf_clear(&state->neighbours);
	*state = (struct vnm_interface_state){ 0 };
}
