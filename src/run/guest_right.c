// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * guest_right.c - may this be attached at all? Checked at net-attach, and again whenever it is restored (start, boot,
 * repair), since the device or namespace may be the host's by now.
 */
#include "run/guest_right.h"

#include <errno.h>
#include <string.h>

#include "state/session.h"
#include "sys/link/link.h"
#include "sys/link/link_needed.h"
#include "sys/netlink/netns_path.h"

/* A guest in the host's namespace would give the host its routes, and an address beside the bridge's. */
static int check_netns(const struct vnm_attachment *attach, uint32_t ino, struct vnm_error *err)
{
	if (vnm_netns_is_own(ino))
		return vnm_error_set(err, VNM_ERR_NO_DEVICE, EINVAL,
				     "network namespace '%s' is the host's own, in which the "
				     "network is; name one of a guest's",
				     attach->netns);
	return vnm_netns_path_check(attach->netns, err);
}

static int check_device(struct vnm_driver *drv, const struct vnm_network *net,
			const struct vnm_attachment *attach, struct vnm_error *err)
{
	struct vnm_fact_link dev = { 0 }, bridge = { 0 };
	char what[VNM_NEEDED_SIZE];
	int r = vnm_link_read_fact(&drv->sys, attach->dev, &dev);

	if (r < 0 || !strcmp(dev.kind, "bridge"))
		return 0; /* none, or one that cannot be a bridge port: reported later */
	if (net->bridge.name && vnm_link_read_fact(&drv->sys, net->bridge.name, &bridge) == 0 &&
	    dev.master == bridge.index)
		return 0; /* on the bridge already: nothing to lose */
	r = vnm_link_needed(&drv->sys, &dev, what, err);
	if (r < 0 || !*what)
		return r;
	return vnm_error_set(err, VNM_ERR_FOREIGN, EBUSY,
			     "device '%s' %s, which the host would lose; a bridge can take its "
			     "place instead, with addresses and routes: <vnm:uplink dev='%s'/>, "
			     "see vnetmgr-network(5)",
			     attach->dev, what, attach->dev);
}

static int refuse_mac(const struct vnm_attachment *attach, const char *what, const char *dev,
		      struct vnm_error *err)
{
	char mac[VNM_MAC_STRLEN];

	return vnm_error_set(err, VNM_ERR_NAME_IN_USE, EEXIST,
			     "MAC address %s is that of %s '%s', which would keep what is sent to "
			     "the guest; choose another, or leave --mac out",
			     vnm_mac_format(&attach->mac, mac), what, dev);
}

static bool has_mac(struct vnm_driver *drv, const char *dev, const struct vnm_mac *mac)
{
	struct vnm_fact_link link;

	return dev && vnm_link_read_fact(&drv->sys, dev, &link) == 0 &&
	       vnm_mac_equal(&link.mac, mac);
}

/* The host keeps frames for its own MAC addresses. A passthrough guest has its device's for itself. */
static int check_mac(struct vnm_driver *drv, const struct vnm_network *net,
		     const struct vnm_attachment *attach, struct vnm_error *err)
{
	if (has_mac(drv, net->bridge.name, &attach->mac) ||
	    (net->bridge.name && vnm_mac_equal(&net->mac.address, &attach->mac)))
		return refuse_mac(attach, "bridge", net->bridge.name, err);
	if (has_mac(drv, net->uplink.dev, &attach->mac))
		return refuse_mac(attach, "the uplink", net->uplink.dev, err);
	if (vnm_network_mode(net) != VNM_FORWARD_PASSTHROUGH &&
	    has_mac(drv, attach->parent, &attach->mac))
		return refuse_mac(attach, "device", attach->parent, err);
	return 0;
}

/**
 * vnm_attach_right() - is an attachment permitted?
 * @drv:    the driver
 * @net:    the network
 * @attach: the attachment
 * @ino:    of its namespace
 * @err:    VNM_ERR_NO_DEVICE, VNM_ERR_PERMISSION, VNM_ERR_FOREIGN, VNM_ERR_NAME_IN_USE: why not
 *
 * Return: 0 or -errno.
 */
int vnm_attach_right(struct vnm_driver *drv, const struct vnm_network *net,
		     const struct vnm_attachment *attach, uint32_t ino, struct vnm_error *err)
{
	int r = attach->netns && ino ? check_netns(attach, ino, err) : 0;

	if (r == 0 && attach->kind == VNM_ATTACH_DEV)
		r = check_device(drv, net, attach, err);
	else if (r == 0 && attach->mac.set)
		r = check_mac(drv, net, attach, err);
	return r;
}
