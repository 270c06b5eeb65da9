/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fdb.c - the stations that a bridge knows (its forwarding database), and the ports that they are on. */
#include "sys/link/fdb.h"

#include <errno.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <string.h>
#include <sys/socket.h>

#include "sys/netlink/netlink.h"

/** struct search - a station of a bridge. @port: index of the device; 0: any, or not found; @mac: not set: any */
struct search {
	int bridge, port;
	struct vnm_mac mac;
	bool found;
};

static int on_station(const struct nlmsghdr *hdr, void *data)
{
	const struct ndmsg *head = nlmsg_data(hdr);
	struct vnm_mac mac = { .set = true };
	struct nlattr *tb[NDA_MAX + 1];
	struct search *search = data;

	if (hdr->nlmsg_type != RTM_NEWNEIGH || search->found || head->ndm_state & NUD_PERMANENT ||
	    nlmsg_parse((struct nlmsghdr *)hdr, sizeof(*head), tb, NDA_MAX, NULL) < 0 ||
	    !tb[NDA_LLADDR] || !tb[NDA_MASTER] || nla_len(tb[NDA_LLADDR]) != sizeof(mac.b))
		return 0;
	memcpy(mac.b, nla_data(tb[NDA_LLADDR]), sizeof(mac.b));
	if ((int)nla_get_u32(tb[NDA_MASTER]) != search->bridge ||
	    (search->port && search->port != head->ndm_ifindex) ||
	    (search->mac.set && !vnm_mac_equal(&search->mac, &mac)))
		return 0;
	search->found = true;
	search->port = head->ndm_ifindex;
	search->mac = mac;
	return 0;
}

/* Return: 0; -ENOENT; -errno. */
static int find(struct vnm_sys *sys, struct search *search)
{
	struct ndmsg head = { .ndm_family = AF_BRIDGE };
	vnm_autonl struct vnm_nl_req req = { 0 };
	int r;

	vnm_nl_begin(&req, RTM_GETNEIGH, 0, &head, sizeof(head));
	vnm_nl_put_u32(&req, NDA_MASTER, (uint32_t)search->bridge);
	r = vnm_nl_dump(sys, &req, &(struct vnm_nl_sink){ on_station, NULL, search });
	return r < 0 ? r : search->found ? 0 : -ENOENT;
}

/**
 * vnm_fdb_port() - the port that a bridge has learnt a station on
 * @sys:    the handles
 * @bridge: the bridge
 * @mac:    the station
 * @ret:    gets the port
 *
 * Return: 0; -ENOENT; -errno.
 */
int vnm_fdb_port(struct vnm_sys *sys, const struct vnm_link *bridge, const struct vnm_mac *mac,
		 struct vnm_link *ret)
{
	struct search search = { .bridge = bridge->fact.index, .mac = *mac };
	int r = find(sys, &search);

	return r < 0 ? r : vnm_link_read_index(sys, search.port, ret);
}

/**
 * vnm_fdb_station() - a station that a bridge has learnt on a port
 * @sys:    the handles
 * @bridge: the bridge
 * @port:   the port
 * @ret:    gets its MAC address
 *
 * Return: 0; -ENOENT; -errno.
 */
int vnm_fdb_station(struct vnm_sys *sys, const struct vnm_link *bridge, const struct vnm_link *port,
		    struct vnm_mac *ret)
{
	struct search search = { .bridge = bridge->fact.index, .port = port->fact.index };
	int r = find(sys, &search);

	*ret = search.mac;
	return r;
}
