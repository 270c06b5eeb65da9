/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fdb_entry.c - what a bridge is told of a guest, instead of learning it (macTableManager='libvirt').
 *
 * As libvirt does it: the guest's port neither learns nor gets what is for nobody known, and has one static entry in the bridge's
 * forwarding table, for the guest's MAC address, in all VLANs of the port. The entry goes with the port.
 */
#include "sys/link/fdb_entry.h"

#include <errno.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <string.h>
#include <sys/socket.h>

#include "sys/link/link_set.h"
#include "sys/netlink/netlink.h"

#define BY_ITSELF \
	(VNM_PORT_SETTING(IFLA_BRPORT_LEARNING) | VNM_PORT_SETTING(IFLA_BRPORT_UNICAST_FLOOD))

static int change(struct vnm_sys *sys, int type, int flags, const struct vnm_link *port,
		  const struct vnm_mac *mac, struct vnm_nl_req *req)
{
	struct ndmsg head = { .ndm_family = AF_BRIDGE,
			      .ndm_ifindex = port->fact.index,
			      .ndm_state = NUD_NOARP | NUD_REACHABLE,
			      .ndm_flags = NTF_MASTER };

	vnm_nl_begin(req, type, flags, &head, sizeof(head));
	vnm_nl_put(req, NDA_LLADDR, mac->b, sizeof(mac->b));
	return vnm_nl_do(sys, req, NULL);
}

static int set_flags(struct vnm_sys *sys, const struct vnm_link *port, bool on,
		     struct vnm_error *err)
{
	vnm_autonl struct vnm_nl_req req = { 0 };
	int r = vnm_link_set_port(sys, port, BY_ITSELF, on ? BY_ITSELF : 0, &req);

	return r < 0 ? vnm_nl_fail(err, r, &req, "cannot set the bridge port flags of '%s'",
				   port->fact.name)
		     : 0;
}

/**
 * vnm_fdb_entry_set() - tell a bridge who is behind a port, and let it learn nobody there
 * @sys:  the handles
 * @port: on its bridge, with its VLANs
 * @mac:  the guest
 * @err:  set on failure
 *
 * An entry that the bridge has learnt is replaced: it may be of another port, on which the guest was before.
 *
 * Return: 0 or -errno.
 */
int vnm_fdb_entry_set(struct vnm_sys *sys, const struct vnm_link *port, const struct vnm_mac *mac,
		      struct vnm_error *err)
{
	vnm_autonl struct vnm_nl_req req = { 0 };
	int r = change(sys, RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_REPLACE, port, mac, &req);

	if (r < 0)
		return vnm_nl_fail(
			err, r, &req,
			"cannot enter the guest behind '%s' in its bridge's forwarding table",
			port->fact.name);
	return set_flags(sys, port, false, err);
}

/** vnm_fdb_entry_drop() - the opposite: the bridge learns again. As vnm_fdb_entry_set() */
int vnm_fdb_entry_drop(struct vnm_sys *sys, const struct vnm_link *port, const struct vnm_mac *mac,
		       struct vnm_error *err)
{
	vnm_autonl struct vnm_nl_req req = { 0 };
	int r = set_flags(sys, port, true, err);

	if (r < 0)
		return r;
	r = change(sys, RTM_DELNEIGH, 0, port, mac, &req);
	return r < 0 && r != -ENOENT
		       ? vnm_nl_fail(err, r, &req,
				     "cannot remove the guest behind '%s' from its bridge's "
				     "forwarding table",
				     port->fact.name)
		       : 0;
}

/** struct search - @found: the entry is there, and is not a learnt one */
struct search {
	const struct vnm_link *port;
	const struct vnm_mac *mac;
	bool found;
};

static int on_entry(const struct nlmsghdr *hdr, void *data)
{
	const struct ndmsg *head = nlmsg_data(hdr);
	struct nlattr *tb[NDA_MAX + 1];
	struct search *search = data;

	if (hdr->nlmsg_type != RTM_NEWNEIGH || head->ndm_ifindex != search->port->fact.index ||
	    !(head->ndm_state & NUD_NOARP) ||
	    nlmsg_parse((struct nlmsghdr *)hdr, sizeof(*head), tb, NDA_MAX, NULL) < 0 ||
	    !tb[NDA_LLADDR] || !tb[NDA_MASTER] || nla_len(tb[NDA_LLADDR]) != sizeof(search->mac->b))
		return 0;
	search->found |= !memcmp(nla_data(tb[NDA_LLADDR]), search->mac->b, sizeof(search->mac->b));
	return 0;
}

/**
 * vnm_fdb_entry_has() - is it as vnm_fdb_entry_set() leaves it?
 *
 * Return: 1, 0 or -errno.
 */
int vnm_fdb_entry_has(struct vnm_sys *sys, const struct vnm_link *port, const struct vnm_mac *mac)
{
	struct ndmsg head = { .ndm_family = AF_BRIDGE, .ndm_ifindex = port->fact.index };
	struct search search = { .port = port, .mac = mac };
	vnm_autonl struct vnm_nl_req req = { 0 };
	int r;

	if (port->port.set & BY_ITSELF)
		return 0;
	vnm_nl_begin(&req, RTM_GETNEIGH, 0, &head, sizeof(head));
	vnm_nl_put_u32(&req, NDA_MASTER, (uint32_t)port->fact.master);
	r = vnm_nl_dump(sys, &req, &(struct vnm_nl_sink){ on_entry, NULL, &search });
	return r < 0 ? r : search.found;
}
