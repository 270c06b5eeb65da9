/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * attach_name.c - the name of a guest's namespace as its name in the DNS of its network.
 *
 * It is the name by which people call the guest, so they expect it to lead there. It is a default: where it is somebody's already, or
 * cannot be a host name, the guest has none.
 */
#include "driver/attach_name.h"

#include <string.h>
#include <strings.h>

#include "model/attach_named.h"
#include "state/guest_store.h"
#include "state/leases.h"
#include "state/session.h"
#include "sys/process/leases.h"
#include "util/mem.h"
#include "util/parse.h"

/* Has it a name of ip-netns(8), an address, and a network whose DNS could know both? */
static bool can_be_known(const struct vnm_network *net, const struct vnm_attachment *attach)
{
	return attach->netns_name && !attach->hostname &&
	       (attach->n_ips > 0 || attach->dhcp == VNM_TRI_YES) &&
	       vnm_network_wants_dnsmasq(net) && vnm_network_dns_enabled(net);
}

/* The other guest with that name; @attach itself, by another device, needs no second one. */
static const struct vnm_attachment *find_guest(struct vnm_driver *drv,
					       const struct vnm_attachment *attach)
{
	const struct vnm_attachments *all = vnm_attachments_get(drv, attach->network);

	for (size_t i = 0; i < all->n_items; i++)
		if (all->items[i].hostname &&
		    !strcasecmp(all->items[i].hostname, attach->netns_name))
			return &all->items[i];
	return NULL;
}

/* By a DHCP client that claims it. */
static char *leased_to(struct vnm_driver *drv, const struct vnm_attachment *attach)
{
	vnm_autoleases struct vnm_leases leases = { 0 };
	struct vnm_error unread = { 0 };
	char addr[VNM_ADDR_STRLEN];

	if (vnm_leases_load(drv, attach->network, &leases, &unread) < 0)
		return NULL;
	for (size_t i = 0; i < leases.n; i++) {
		const struct vnm_lease_entry *lease = &leases.items[i];

		if (lease->hostname && !strcasecmp(lease->hostname, attach->netns_name) &&
		    !vnm_mac_equal(&lease->mac, &attach->mac))
			return vnm_asprintf("the client with %s is called so",
					    vnm_addr_format(&lease->addr, addr));
	}
	return NULL;
}

/* Return: why it cannot have the name; NULL with @ret: it can, or need not. */
static char *refuse(struct vnm_driver *drv, const struct vnm_network *net,
		    const struct vnm_attachment *attach, bool *ret)
{
	const char *name = attach->netns_name, *fault = vnm_hostname_fault(name);
	const struct vnm_attachment *other = find_guest(drv, attach);
	vnm_autonames struct vnm_names names = { 0 };
	enum vnm_attach_named whose;

	*ret = false;
	if (fault)
		return vnm_asprintf("it cannot be a host name: %s", fault);
	if (other && other->netns_name && !strcmp(other->netns_name, name))
		return NULL;
	if (other)
		return vnm_asprintf("'%s' is called so", other->dev);
	vnm_names_init(&names, net);
	whose = vnm_attach_named(&names, attach, name);
	if (whose == VNM_ATTACH_NAMED_OTHER)
		return vnm_strdup("the network's definition has that name for another host");
	*ret = whose == VNM_ATTACH_NAMED_FREE;
	return *ret ? leased_to(drv, attach) : NULL;
}

/**
 * vnm_attach_name_of_netns() - the host name of a guest that was given none
 * @drv:     the driver
 * @net:     the live definition of its network
 * @attach:  the guest, with MAC and addresses
 * @ret_why: gets why the name of its namespace is none, allocated, where somebody could expect it; NULL otherwise
 *
 * Return: allocated, or NULL.
 */
char *vnm_attach_name_of_netns(struct vnm_driver *drv, const struct vnm_network *net,
			       const struct vnm_attachment *attach, char **ret_why)
{
	bool good = false;

	*ret_why = NULL;
	if (!can_be_known(net, attach))
		return NULL;
	*ret_why = refuse(drv, net, attach, &good);
	return good && !*ret_why ? vnm_strdup(attach->netns_name) : NULL;
}
