/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * guest_id.c - guests that other programs attach and detach, by the IDs that they give them.
 *
 * Such a program (a container runtime, by CNI) has no place of its own for what it was told when it attached a guest, and may be
 * killed before it could write it down. So the attachment carries the program's own name for it, and that alone is enough to find
 * it again: in whichever network, active or not.
 */
#include "driver/guest_id.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "driver/attach_forwards.h"
#include "model/names.h"
#include "plan/op/op_print.h"
#include "run/exec.h"
#include "run/guest_mtu.h"
#include "run/guest_remove.h"
#include "run/guest_state.h"
#include "state/guest_store.h"
#include "state/networks.h"
#include "state/session.h"
#include "sys/link/link.h"
#include "sys/link/route.h"
#include "sys/netlink/netns_enter.h"
#include "util/mem.h"
#include "xml/attach_xml.h"
#include "xml/network_xml.h"

/* Return: 0; -ENOENT: it has none of that ID, or no list; -errno. */
static int find_in(struct vnm_driver *drv, const char *network, const char *id,
		   struct vnm_attachment *ret, struct vnm_error *err)
{
	vnm_autoattachments struct vnm_attachments all = { 0 };
	int r = vnm_attachments_read(&drv->paths, network, &all, err);

	for (size_t i = 0; i < all.n_items && r == 0; i++) {
		if (!all.items[i].id || strcmp(all.items[i].id, id) != 0)
			continue;
		vnm_attach_copy(&all.items[i], ret);
		return 0;
	}
	return r < 0 ? r : -ENOENT;
}

/**
 * vnm_driver_find_id() - find a guest by its ID
 * @drv:     the driver
 * @network: where it is expected; it is looked for in all others, too
 * @id:      the ID
 * @ret:     zeroed; free with vnm_attach_clear()
 * @err:     set on failure, but not for -ENOENT
 *
 * Return: 0; -ENOENT: no guest has it; -errno.
 */
int vnm_driver_find_id(struct vnm_driver *drv, const char *network, const char *id,
		       struct vnm_attachment *ret, struct vnm_error *err)
{
	int r = find_in(drv, network, id, ret, err);
	char **names;
	size_t n;

	if (r != -ENOENT)
		return r;
	r = vnm_driver_names(drv, &names, &n, err);
	if (r < 0)
		return r;
	r = -ENOENT;
	for (size_t i = 0; i < n && r == -ENOENT; i++)
		r = find_in(drv, names[i], id, ret, err);
	vnm_names_free(names, n);
	return r;
}

/**
 * vnm_driver_detach_id() - disconnect a guest by its ID; one that is not attached is fine
 * @drv:     the driver
 * @network: where it is expected
 * @id:      the ID
 * @err:     set on failure; then the next command tries again
 *
 * Return: 0 or -errno.
 */
int vnm_driver_detach_id(struct vnm_driver *drv, const char *network, const char *id,
			 struct vnm_error *err)
{
	vnm_autoattach struct vnm_attachment attach = { 0 };
	int r = vnm_driver_find_id(drv, network, id, &attach, err);

	if (r == 0)
		r = vnm_guest_remove(drv, &attach, err);
	else if (r == -ENOENT)
		return 0;
	if (r == 0)
		vnm_attach_warn_forwards(drv, &attach);
	return r;
}

/**
 * vnm_driver_ids() - the IDs of a network's guests
 * @drv:     the driver
 * @network: the network
 * @prefix:  of the IDs that are wanted
 * @ret:     free with vnm_names_free()
 * @ret_n:   how many
 * @err:     set on failure
 *
 * Return: 0 or -errno.
 */
int vnm_driver_ids(struct vnm_driver *drv, const char *network, const char *prefix, char ***ret,
		   size_t *ret_n, struct vnm_error *err)
{
	vnm_autoattachments struct vnm_attachments all = { 0 };
	int r = vnm_attachments_read(&drv->paths, network, &all, err);

	*ret = NULL;
	*ret_n = 0;
	for (size_t i = 0; i < all.n_items && r == 0; i++) {
		if (!all.items[i].id || strncmp(all.items[i].id, prefix, strlen(prefix)) != 0)
			continue;
		*ret = vnm_array_add(*ret, ret_n, sizeof(**ret));
		(*ret)[*ret_n - 1] = vnm_strdup(all.items[i].id);
	}
	return r;
}

/** vnm_driver_collect() - remove the guests of other programs whose namespace or device is gone; a failure is a warning */
void vnm_driver_collect(struct vnm_driver *drv, const char *network)
{
	vnm_guest_collect(drv, network);
}

/**
 * vnm_driver_check_id() - is a guest attached as it was?
 * @drv:    the driver
 * @attach: the guest
 * @err:    VNM_ERR_STATE: the first thing that it lacks
 *
 * Routes are not looked at: what comes after us in a container's network may have changed them, and should.
 *
 * Return: 0 or -errno.
 */
int vnm_driver_check_id(struct vnm_driver *drv, const struct vnm_attachment *attach,
			struct vnm_error *err)
{
	vnm_autojournal struct vnm_journal journal = { 0 };
	vnm_autofree struct vnm_missing *missing = NULL;
	vnm_autoclose int made = -1;
	size_t n = 0;
	int r = vnm_driver_need_active(drv, attach->network, err);

	if (r < 0)
		return r;
	if (vnm_attach_gone(attach))
		return vnm_error_set(err, VNM_ERR_STATE, ENOENT,
				     "the namespace of '%s' is gone, by which it was attached to "
				     "network '%s'",
				     attach->dev, attach->network);
	r = made = vnm_attach_made(drv, attach->network, false, err);
	if (r >= 0)
		r = vnm_attach_journal(made, attach->dev, &journal, err);
	if (r == -ENOENT)
		return vnm_error_set(err, VNM_ERR_STATE, ENOENT,
				     "'%s' is not attached to network '%s' just now; see: vnetmgr "
				     "net-repair %s",
				     attach->dev, attach->network, attach->network);
	if (r >= 0)
		r = vnm_exec_check(&drv->sys, &journal.plan, &missing, &n, err);
	for (size_t i = 0; i < n && r >= 0; i++) {
		vnm_autobuf struct vnm_buf what = { 0 };

		if (missing[i].op->type == VNM_OP_ROUTE)
			continue;
		vnm_op_describe(missing[i].op, &what);
		return vnm_error_set(err, VNM_ERR_STATE, ENOENT,
				     "guest '%s' of network '%s' lacks %s; mend it with: vnetmgr "
				     "net-repair %s",
				     attach->dev, attach->network, vnm_buf_str(&what),
				     attach->network);
	}
	return r < 0 ? r : 0;
}

static void view_addresses(const struct vnm_network *net, const struct vnm_attachment *attach,
			   struct vnm_guest_view *view)
{
	bool forwards = vnm_network_mode(net) != VNM_FORWARD_NONE;

	view->servers = vnm_alloc((attach->n_ips + 1) * sizeof(*view->servers));
	view->gateways = vnm_alloc((attach->n_ips + 1) * sizeof(*view->gateways));
	for (size_t i = 0; i < attach->n_ips; i++) {
		const struct vnm_ip *subnet = vnm_attach_subnet(net, &attach->ips[i].address);

		if (!subnet)
			continue;
		if (vnm_network_dns_enabled(net))
			view->servers[i] = subnet->address;
		if (forwards)
			view->gateways[i] = subnet->address;
		view->routed |= forwards && attach->gateway != VNM_TRI_NO;
	}
}

/**
 * vnm_driver_guest_view() - what the program of an attached guest is told of it
 * @drv:    the driver
 * @attach: the guest
 * @ret:    zeroed; free with vnm_guest_view_clear()
 * @err:    set on failure
 *
 * Return: 0 or -errno.
 */
int vnm_driver_guest_view(struct vnm_driver *drv, const struct vnm_attachment *attach,
			  struct vnm_guest_view *ret, struct vnm_error *err)
{
	vnm_autonetwork struct vnm_network net = { 0 };
	struct vnm_fact_link link;
	int r = vnm_driver_load(drv, attach->network, &net, err);

	if (r < 0)
		return r;
	if (!vnm_network_is_pool(&net) && net.bridge.name &&
	    vnm_link_read_fact(&drv->sys, net.bridge.name, &link) == 0) {
		ret->bridge = vnm_strdup(net.bridge.name);
		ret->bridge_mac = link.mac;
		ret->mtu = link.mtu;
	}
	if (vnm_link_read_fact(&drv->sys, attach->dev, &link) == 0) {
		ret->dev_mac = link.mac;
		ret->mtu = link.mtu;
	}
	ret->domain = net.domain.name ? vnm_strdup(net.domain.name) : NULL;
	view_addresses(&net, attach, ret);
	return 0;
}

/** vnm_guest_view_clear() - free what vnm_driver_guest_view() returned. */
void vnm_guest_view_clear(struct vnm_guest_view *view)
{
	free(view->bridge);
	free(view->domain);
	free(view->servers);
	free(view->gateways);
	*view = (struct vnm_guest_view){ 0 };
}

/** vnm_driver_name_taken() - is it the name of another guest, reserved, or of a host in <dns>? */
bool vnm_driver_name_taken(struct vnm_driver *drv, const char *network, const char *name)
{
	const struct vnm_attachments *all = vnm_attachments_get(drv, network);
	vnm_autonames struct vnm_names names = { 0 };
	vnm_autonetwork struct vnm_network net = { 0 };
	struct vnm_error unread = { 0 };
	size_t n;

	for (size_t i = 0; i < all->n_items; i++)
		if (all->items[i].hostname && !strcasecmp(all->items[i].hostname, name))
			return true;
	if (vnm_driver_load(drv, network, &net, &unread) < 0)
		return false;
	vnm_names_init(&names, &net);
	return vnm_names_find(&names, name, &n) != NULL;
}

/**
 * vnm_driver_has_default_route() - has a namespace a default route, of either family?
 * @drv:   the driver
 * @netns: its path
 * @ret:   whether it has
 * @err:   VNM_ERR_NO_DEVICE: there is no such namespace
 *
 * Return: 0 or -errno.
 */
int vnm_driver_has_default_route(struct vnm_driver *drv, const char *netns, bool *ret,
				 struct vnm_error *err)
{
	struct vnm_facts facts __attribute__((cleanup(vnm_facts_clear))) = { 0 };
	vnm_autofree char *path = vnm_strdup(netns);
	const struct vnm_op_netns ns = { path, 0 };
	struct vnm_sys *there;
	int r = vnm_sys_enter(&drv->sys, &ns, &there);

	if (r < 0)
		return vnm_netns_fail(&ns, r, err);
	r = vnm_observe_routes(there, &facts, err);
	*ret = false;
	for (size_t i = 0; i < facts.n_routes && r == 0; i++)
		*ret |= facts.routes[i].prefix.len == 0;
	return r;
}
