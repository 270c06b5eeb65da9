/* SPDX-License-Identifier: GPL-2.0-or-later */
/* attach_hints.c - what the user should know of a guest that was attached: what it lacks to be of use, and for how long nothing passes. */
#include "driver/attach_hints.h"

#include <sys/socket.h>

#include "driver/attach_name.h"
#include "driver/way_back.h"
#include "model/ovs.h"
#include "run/guest_gateway.h"
#include "run/guest_state.h"
#include "state/guest_store.h"
#include "state/session.h"
#include "sys/link/link.h"
#include "util/mem.h"
#include "xml/network_xml.h"

static const char *name_of(const struct vnm_attachment *attach)
{
	return attach->netns_name ? attach->netns_name : attach->netns;
}

static bool offers_dhcp(const struct vnm_network *net)
{
	if (!vnm_network_makes_bridge(net) || vnm_network_has_uplink(net))
		return true;
	for (size_t i = 0; i < net->n_ips; i++)
		if (net->ips[i].address.family == AF_INET && vnm_dhcp_serves(&net->ips[i].dhcp))
			return true;
	return false;
}

/* A namespace is of little use without an address, and only net-attach gives it one. Of its options, those that this network accepts. */
static void hint_address(const struct vnm_network *net, const struct vnm_attachment *attach,
			 struct vnm_warnings *ret)
{
	vnm_warnings_add(ret, "%s in '%s' has no address; %s%s--ip none says that it is meant so",
			 attach->ifname, name_of(attach),
			 net->n_ips > 0 ? "--ip auto gives it a free one, "
					: "--ip ADDRESS/PREFIX gives it that one, ",
			 offers_dhcp(net) ? "--ip dhcp runs a DHCP client, " : "");
}

static void hint_gateway(struct vnm_driver *drv, const struct vnm_network *net,
			 const struct vnm_attachment *attach, struct vnm_warnings *ret)
{
	const int family = attach->n_ips > 0 ? attach->ips[0].address.family : AF_UNSPEC;
	vnm_autofree char *ip = NULL;

	if (!vnm_guest_wants_gateway(net, attach) ||
	    vnm_guest_has_gateway(drv, attach, family, false))
		return;
	ip = attach->netns_name ? vnm_asprintf("ip -n %s", attach->netns_name)
				: vnm_asprintf("nsenter --net=%s ip", attach->netns);
	vnm_warnings_add(ret,
			 "'%s' has no default route, since the host has none on '%s' by a gateway "
			 "of the guest's subnet; %s%s route add default via GATEWAY, or "
			 "--no-default-route says that it is meant so",
			 name_of(attach),
			 vnm_network_is_pool(net) ? attach->parent : net->bridge.name, ip,
			 family == AF_INET6 ? " -6" : "");
}

/* Nobody tells a machine the address that was said to be its own, where the network has no DHCP. */
static void hint_machine(const struct vnm_network *net, const struct vnm_attachment *attach,
			 struct vnm_warnings *ret)
{
	char addr[VNM_ADDR_STRLEN];

	for (size_t i = 0; i < attach->n_ips; i++) {
		const struct vnm_addr *address = &attach->ips[i].address;
		const struct vnm_ip *ip = vnm_attach_subnet(net, address);

		if (!ip || !vnm_dhcp_serves(&ip->dhcp))
			vnm_warnings_add(ret,
					 "nobody tells the guest its address %s: there is no DHCP "
					 "of network '%s' for it; set it in the guest",
					 vnm_addr_format(address, addr), net->name);
	}
}

static void hint_name(struct vnm_driver *drv, const struct vnm_network *net,
		      const struct vnm_attachment *attach, struct vnm_warnings *ret)
{
	vnm_autofree char *why = NULL, *name = vnm_attach_name_of_netns(drv, net, attach, &why);

	if (!name && why)
		vnm_warnings_add(ret,
				 "the DNS of network '%s' does not know the guest as '%s': %s; "
				 "--hostname gives it another name",
				 net->name, attach->netns_name, why);
}

/* A bridge of the host is not ours to set up. With Open vSwitch, frames pass all the same. */
static void hint_down(struct vnm_driver *drv, const struct vnm_network *net, const char *dev,
		      struct vnm_warnings *ret)
{
	struct vnm_fact_link link;

	if (dev && !vnm_network_makes_bridge(net) && !vnm_network_uses_ovs(net) &&
	    vnm_link_read_fact(&drv->sys, dev, &link) == 0 && !link.up)
		vnm_warnings_add(ret,
				 "'%s' of the host is down, so nothing of the guests passes: ip "
				 "link set dev %s up",
				 dev, dev);
}

/* Does its port join the spanning tree now, and has nothing waited for it? A machine has yet to boot. */
static bool joins_tree(const struct vnm_attachment *attach)
{
	return (attach->kind == VNM_ATTACH_NETNS || attach->kind == VNM_ATTACH_DEV) &&
	       attach->dhcp != VNM_TRI_YES && !attach->parent && !vnm_attach_gone(attach);
}

static char *stp_text(struct vnm_driver *drv, const struct vnm_network *net, const char *whose)
{
	struct vnm_link bridge;

	if (!net->bridge.name || vnm_link_read(&drv->sys, net->bridge.name, &bridge) < 0 ||
	    !bridge.stp || bridge.delay == 0)
		return NULL;
	return vnm_asprintf("packets of %s pass in about %u seconds: until then the spanning tree "
			    "of bridge '%s' looks for loops; <bridge stp='off'/> does without",
			    whose, 2 * ((bridge.delay + 99) / 100), net->bridge.name);
}

/**
 * vnm_driver_attach_hints() - what the user should know of a guest that was just attached
 * @drv:    the driver
 * @attach: the guest
 * @silent: the user has not said which address it is to have
 * @ret:    gets a line each
 */
void vnm_driver_attach_hints(struct vnm_driver *drv, const struct vnm_attachment *attach,
			     bool silent, struct vnm_warnings *ret)
{
	vnm_autonetwork struct vnm_network net = { 0 };
	vnm_autofree char *guest = NULL, *stp = NULL;
	struct vnm_error ignored = { 0 };

	if (vnm_store_load(&drv->live, attach->network, &net, &ignored) < 0)
		return;
	if (silent && attach->kind == VNM_ATTACH_NETNS)
		hint_address(&net, attach, ret);
	hint_gateway(drv, &net, attach, ret);
	hint_down(drv, &net, attach->parent ? attach->parent : net.bridge.name, ret);
	hint_name(drv, &net, attach, ret);
	if (attach->kind == VNM_ATTACH_TAP)
		hint_machine(&net, attach, ret);
	if (vnm_attachments_get(drv, attach->network)->n_items == 1)
		vnm_way_back_hint(drv, &net, ret); /* the first guest; who has more of them knows */
	if (!joins_tree(attach))
		return;
	guest = vnm_attach_guest_name(attach);
	stp = stp_text(drv, &net, guest);
	if (stp)
		vnm_warnings_add(ret, "%s", stp);
}

static bool any_joins_tree(const struct vnm_attachments *guests)
{
	for (size_t i = 0; i < guests->n_items; i++)
		if (joins_tree(&guests->items[i]))
			return true;
	return false;
}

/**
 * vnm_driver_start_hints() - what the user should know of a network that was just started
 * @drv:  the driver
 * @name: the network
 * @ret:  gets a line each: what the outside needs, and for how long nothing of its guests passes
 */
void vnm_driver_start_hints(struct vnm_driver *drv, const char *name, struct vnm_warnings *ret)
{
	vnm_autonetwork struct vnm_network net = { 0 };
	vnm_autofree char *stp = NULL;
	struct vnm_error ignored = { 0 };

	if (vnm_store_load(&drv->live, name, &net, &ignored) < 0)
		return;
	vnm_way_back_hint(drv, &net, ret);
	hint_down(drv, &net, net.bridge.name, ret);
	if (any_joins_tree(vnm_attachments_get(drv, name)))
		stp = stp_text(drv, &net, "its guests");
	if (stp)
		vnm_warnings_add(ret, "%s", stp);
}
