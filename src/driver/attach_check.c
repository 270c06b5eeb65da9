/* SPDX-License-Identifier: GPL-2.0-or-later */
/* attach_check.c - conflicts of an attachment with other guests and devices, before anything is made. */
#include "driver/attach_check.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

#include "state/guest_store.h"
#include "state/session.h"
#include "sys/link/link.h"
#include "sys/link/route.h"
#include "sys/netlink/netns_enter.h"

/* ---- other guests ---- */

/* Is the guest's MAC address that of the host's end of another's tap? */
static bool meets_end(const struct vnm_attachment *guest, const struct vnm_attachment *other)
{
	struct vnm_mac end = vnm_attach_host_mac(&other->mac);

	return other->kind == VNM_ATTACH_TAP && !other->parent && guest->mac.set &&
	       vnm_mac_equal(&guest->mac, &end);
}

static int refuse_guest(const struct vnm_attachment *attach, const struct vnm_attachment *other,
			struct vnm_error *err)
{
	char mac[VNM_MAC_STRLEN];

	if (attach->id && other->id && !strcmp(other->id, attach->id))
		return vnm_error_set(err, VNM_ERR_NAME_IN_USE, EEXIST,
				     "'%s' is already attached to network '%s', by device '%s'",
				     attach->id, attach->network, other->dev);
	if (!strcmp(other->dev, attach->dev))
		return vnm_error_set(err, VNM_ERR_NAME_IN_USE, EEXIST,
				     "device '%s' is already attached to network '%s'", attach->dev,
				     attach->network);
	if (attach->mac.set && other->mac.set && vnm_mac_equal(&attach->mac, &other->mac))
		return vnm_error_set(err, VNM_ERR_NAME_IN_USE, EEXIST,
				     "MAC address %s is already used by '%s' on network '%s'",
				     vnm_mac_format(&attach->mac, mac), other->dev,
				     attach->network);
	if (meets_end(attach, other) || meets_end(other, attach))
		return vnm_error_set(err, VNM_ERR_NAME_IN_USE, EEXIST,
				     "MAC address %s and that of '%s' on network '%s' are one "
				     "guest's and the host's end of the other's tap; choose "
				     "another",
				     vnm_mac_format(&attach->mac, mac), other->dev,
				     attach->network);
	if (attach->hostname && other->hostname && !strcasecmp(attach->hostname, other->hostname))
		return vnm_error_set(err, VNM_ERR_NAME_IN_USE, EEXIST,
				     "host name '%s' is already used by '%s' on network '%s'",
				     attach->hostname, other->dev, attach->network);
	return 0;
}

static int refuse_reserved_name(const struct vnm_network *net, const struct vnm_attachment *attach,
				struct vnm_error *err)
{
	for (size_t i = 0; i < net->n_ips; i++) {
		const struct vnm_dhcp *dhcp = &net->ips[i].dhcp;

		for (size_t k = 0; k < dhcp->n_hosts; k++) {
			const struct vnm_dhcp_host *host = &dhcp->hosts[k];

			if (!host->name || strcasecmp(host->name, attach->hostname) != 0 ||
			    (host->mac.set && vnm_mac_equal(&host->mac, &attach->mac)))
				continue;
			return vnm_error_set(err, VNM_ERR_NAME_IN_USE, EEXIST,
					     "network '%s' has the host name '%s' reserved for "
					     "another guest",
					     net->name, attach->hostname);
		}
	}
	return 0;
}

/* ---- devices and routes ---- */

static int refuse_device(struct vnm_sys *sys, const char *dev, const char *where,
			 struct vnm_error *err)
{
	struct vnm_fact_link link;

	if (vnm_link_read_fact(sys, dev, &link) < 0)
		return 0;
	return vnm_error_set(err, VNM_ERR_NAME_IN_USE, EEXIST,
			     "device '%s' already exists%s%s; choose another name%s", dev,
			     where ? " in " : "", where ? where : "", where ? ": --ifname" : "");
}

/* One default route per family is enough. */
static int refuse_default_route(struct vnm_sys *there, const struct vnm_attachment *attach,
				struct vnm_error *err)
{
	struct vnm_facts facts __attribute__((cleanup(vnm_facts_clear))) = { 0 };
	int r = vnm_observe_routes(there, &facts, err);

	for (size_t i = 0; i < facts.n_routes && r == 0; i++)
		for (size_t k = 0; k < attach->n_ips; k++)
			if (facts.routes[i].prefix.len == 0 &&
			    facts.routes[i].prefix.addr.family == attach->ips[k].address.family)
				return vnm_error_set(err, VNM_ERR_NAME_IN_USE, EEXIST,
						     "'%s' has a default route already; use "
						     "--no-default-route",
						     attach->netns);
	return r;
}

/* What is to be made must not exist, not even as one of ours: only a repair may find it. */
static int refuse_existing(struct vnm_driver *drv, const struct vnm_network *net,
			   const struct vnm_attachment *attach, struct vnm_error *err)
{
	const struct vnm_op_netns ns = { .path = attach->netns };
	struct vnm_sys *there;
	int r = 0;

	if (attach->kind != VNM_ATTACH_DEV)
		r = refuse_device(&drv->sys, attach->dev, NULL, err);
	if (r < 0 || !attach->netns || vnm_sys_enter(&drv->sys, &ns, &there) < 0)
		return r; /* a missing namespace is reported later */
	r = refuse_device(there, attach->ifname, attach->netns, err);
	if (r == 0 && attach->gateway != VNM_TRI_NO && vnm_network_mode(net) != VNM_FORWARD_NONE &&
	    net->n_ips > 0)
		r = refuse_default_route(there, attach, err);
	return r;
}

/**
 * vnm_attach_check() - check an attachment for conflicts
 * @drv:    the driver
 * @net:    the network
 * @attach: the attachment, complete
 * @err:    VNM_ERR_NAME_IN_USE, with whose it is
 *
 * Return: 0 or -errno.
 */
int vnm_attach_check(struct vnm_driver *drv, const struct vnm_network *net,
		     const struct vnm_attachment *attach, struct vnm_error *err)
{
	const struct vnm_attachments *others = vnm_attachments_get(drv, net->name);
	int r = 0;

	for (size_t i = 0; i < others->n_items && r == 0; i++)
		r = refuse_guest(attach, &others->items[i], err);
	if (r == 0 && attach->hostname)
		r = refuse_reserved_name(net, attach, err);
	return r < 0 ? r : refuse_existing(drv, net, attach, err);
}
