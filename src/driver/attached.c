/* SPDX-License-Identifier: GPL-2.0-or-later */
/* attached.c - net-port-list: the guests of a network, and their observed state. */
#include "driver/attached.h"

#include <stdlib.h>

#include "run/exec.h"
#include "run/guest_mtu.h"
#include "run/guest_state.h"
#include "state/guest_store.h"
#include "state/leases.h"
#include "state/networks.h"
#include "state/session.h"
#include "sys/link/link.h"
#include "sys/link/link_traffic.h"
#include "sys/netlink/netns_enter.h"
#include "sys/process/leases.h"
#include "util/mem.h"
#include "xml/attach_xml.h"
#include "xml/network_xml.h"

/* A configured or leased address. */
static bool is_outside(const struct vnm_network *net, const struct vnm_attached *one)
{
	bool outside = one->leased.addr.family && vnm_attach_outside(net, &one->leased.addr);

	for (size_t i = 0; i < one->attach.n_ips; i++)
		outside |= vnm_attach_outside(net, &one->attach.ips[i].address);
	return outside;
}

/* Members of the group see no journal and no namespace; but whether its device is on the bridge. */
static const char *state_by_device(struct vnm_driver *drv, const struct vnm_network *net,
				   const struct vnm_attachment *attach)
{
	struct vnm_fact_link dev, bridge;

	if (!vnm_driver_active(drv, attach->network))
		return "unplugged";
	if (vnm_network_is_pool(net) || attach->kind == VNM_ATTACH_TUN)
		return "attached";
	if (vnm_link_read_fact(&drv->sys, attach->dev, &dev) < 0 || !net->bridge.name ||
	    vnm_link_read_fact(&drv->sys, net->bridge.name, &bridge) < 0)
		return "degraded";
	return dev.master == bridge.index && dev.up ? "attached" : "degraded";
}

/* In one word, unless that is not enough. */
static const char *state_of(struct vnm_driver *drv, const struct vnm_network *net,
			    const struct vnm_attached *one)
{
	const struct vnm_attachment *attach = &one->attach;
	vnm_autojournal struct vnm_journal journal = { 0 };
	vnm_autofree struct vnm_missing *missing = NULL;
	vnm_autobuf struct vnm_buf mtu = { 0 };
	struct vnm_error err = { 0 };
	vnm_autoclose int made = vnm_attach_made(drv, attach->network, false, &err);
	size_t n = 0;

	if (vnm_attach_awaited(&drv->paths, attach))
		return "unplugged";
	if (vnm_attach_gone(attach))
		return "gone";
	if (!vnm_driver_active(drv, attach->network) || made < 0 ||
	    vnm_attach_journal(made, attach->dev, &journal, &err) < 0)
		return "unplugged";
	if (vnm_exec_check(&drv->sys, &journal.plan, &missing, &n, &err) < 0 || n > 0 ||
	    (attach->kind != VNM_ATTACH_DEV &&
	     vnm_attach_other_mtu(&drv->sys, attach, &journal.plan, &mtu)))
		return "degraded";
	if (is_outside(net, one))
		return "degraded (address outside of the network's subnets)";
	return "attached";
}

/* Read at the host's end of the pair; or, for a device of the host's, at the guest's. */
static void read_traffic(struct vnm_driver *drv, struct vnm_attached *one)
{
	const struct vnm_attachment *attach = &one->attach;
	const struct vnm_op_netns ns = { .path = attach->parent ? attach->netns : NULL };
	struct vnm_traffic traffic = { 0 };
	struct vnm_sys *there;

	if (vnm_sys_enter(&drv->sys, &ns, &there) == 0)
		(void)vnm_link_traffic(there, ns.path ? attach->ifname : attach->dev, &traffic);
	one->carrier = traffic.carrier;
	one->to = attach->parent ? traffic.received : traffic.sent;
	one->from = attach->parent ? traffic.sent : traffic.received;
	one->packets_to = attach->parent ? traffic.received_packets : traffic.sent_packets;
	one->packets_from = attach->parent ? traffic.sent_packets : traffic.received_packets;
}

/* Members of the group do not enter its namespace. */
static void read_leased(struct vnm_driver *drv, const struct vnm_attachment *attach,
			struct vnm_prefix *ret)
{
	vnm_autofree unsigned *prefix_len = NULL;
	struct vnm_lease_entry *leases = NULL;
	struct vnm_error ignored = { 0 };
	size_t n = 0;

	if (!drv->paths.public) {
		vnm_driver_leased(drv, attach, ret);
		return;
	}
	if (attach->dhcp != VNM_TRI_YES || !attach->mac.set ||
	    vnm_driver_leases(drv, attach->network, &attach->mac, &leases, &prefix_len, &n,
			      &ignored) < 0)
		return;
	if (n > 0)
		*ret = (struct vnm_prefix){ leases[0].addr, prefix_len[0] };
	vnm_leases_free(leases, n);
}

/**
 * vnm_driver_attached() - the attachments of a network, and their observed state
 * @drv:   the driver
 * @name:  the network
 * @net:   its definition, if it was read already; or NULL
 * @ret:   free with vnm_attached_free()
 * @ret_n: how many
 * @err:   set on failure
 *
 * Return: 0 or -errno.
 */
int vnm_driver_attached(struct vnm_driver *drv, const char *name, const struct vnm_network *net,
			struct vnm_attached **ret, size_t *ret_n, struct vnm_error *err)
{
	vnm_autonetwork struct vnm_network own = { 0 };
	struct vnm_attachments all = { 0 };
	struct vnm_attached *attached;
	struct vnm_error unread = { 0 };

	(void)err;
	if (!net) { /* without it no address is outside */
		(void)vnm_store_load(&drv->live, name, &own, &unread);
		net = &own;
	}
	vnm_attachments_load(drv, name, &all);
	attached = vnm_alloc((all.n_items ? all.n_items : 1) * sizeof(*attached));
	for (size_t i = 0; i < all.n_items; i++) {
		attached[i].attach = all.items[i];
		vnm_vlan_members(vnm_attach_vlan(net, &all.items[i]), &attached[i].vlans);
		read_leased(drv, &all.items[i], &attached[i].leased);
		attached[i].state = drv->paths.public
					    ? state_by_device(drv, net, &all.items[i])
					    : state_of(drv, net, &attached[i]);
		read_traffic(drv, &attached[i]);
	}
	free(all.items);
	*ret = attached;
	*ret_n = all.n_items;
	return 0;
}

/** vnm_attached_free() - free what vnm_driver_attached() filled in. */
void vnm_attached_free(struct vnm_attached *attached, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		vnm_attach_clear(&attached[i].attach);
		vnm_vlan_members_clear(&attached[i].vlans);
	}
	free(attached);
}
