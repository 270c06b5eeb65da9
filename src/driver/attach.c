/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * attach.c - net-attach and net-detach: connect guests to a network, and disconnect them.
 *
 * Theory of operation. What was asked for is in the file VARDIR/attachments/NETWORK.xml, which outlives stops and
 * boots. What was made is in a journal RUNDIR/attachments/NETWORK/DEV.journal, of the same format as a network's:
 * written before anything is made, and pending (state/pending.h) until all of it is; detaching makes it pending again. The next
 * command reverts what it finds pending. A network that stops releases its guests' devices, which stay; when it starts, each
 * attachment is restored: what is missing of it is made again. An attachment whose namespace is gone stays on the list until net-repair removes it.
 *
 * The names and addresses of attachments are part of dnsmasq's configuration (vnm_driver_plan()).
 *
 * The cost of an attach hardly depends on the number of guests: the kernel is queried for single devices, never for a list of
 * all, and an active network is not checked for conflicts again. Only its list of attachments grows.
 */
#include "driver/attach.h"

#include <errno.h>
#include <string.h>

#include "driver/attach_check.h"
#include "driver/attach_complete.h"
#include "driver/attach_forwards.h"
#include "run/change.h"
#include "run/exec.h"
#include "run/guest_announce.h"
#include "run/guest_apply.h"
#include "run/guest_forwards.h"
#include "run/guest_heir.h"
#include "run/guest_netns.h"
#include "run/guest_plan.h"
#include "run/guest_remove.h"
#include "run/guest_state.h"
#include "run/lease_use.h"
#include "state/guest_store.h"
#include "state/networks.h"
#include "state/pool_devices.h"
#include "state/session.h"
#include "sys/netlink/netns_enter.h"
#include "util/mem.h"
#include "xml/attach_xml.h"
#include "xml/network_xml.h"

static int save_attachment(struct vnm_driver *drv, const struct vnm_attachment *attach,
			   struct vnm_error *err)
{
	int r = vnm_attach_save(drv, attach, err);

	if (r == 0 && vnm_guest_concerns_network(attach))
		r = vnm_driver_reconcile(drv, attach->network, err);
	return r;
}

/*
 * A guest that is not on the bridge has rules of its own, as isolated guests have; they are applied first. dnsmasq's
 * configuration is updated first as well, before the guest asks.
 */
static int apply_attachment(struct vnm_driver *drv, const struct vnm_attachment *attach, int made,
			    struct vnm_plan *plan, struct vnm_error *err)
{
	bool known_first = attach->kind == VNM_ATTACH_TUN || attach->isolated == VNM_TRI_YES ||
			   (attach->n_ips == 0 && vnm_guest_has_lease(attach));
	int r = vnm_exec_prepare_plan(&drv->sys, attach->dev, plan, err);

	if (r < 0) {
		vnm_attach_drop_empty(drv, attach->network);
		return r;
	}
	r = vnm_journal_write_pending(made, attach->dev, plan, NULL, err);
	if (r < 0)
		return r;
	r = vnm_attach_netns_recorded(drv, made, attach, err);
	if (r == 0 && known_first)
		r = save_attachment(drv, attach, err);
	if (r == 0)
		r = vnm_guest_apply(drv, attach->dev, plan, err);
	if (r == 0 && !known_first)
		r = save_attachment(drv, attach, err);
	if (r == 0)
		r = vnm_journal_commit(made, attach->dev, err);
	if (r < 0)
		vnm_guest_roll_back(drv, attach->network, attach->dev, plan,
				    vnm_guest_concerns_network(attach));
	return r;
}

/* A namespace that exists is not made, so it would not be deleted with the guest. */
static int make_netns(struct vnm_driver *drv, const struct vnm_attachment *attach,
		      struct vnm_error *err)
{
	uint32_t ino;

	if (attach->created == VNM_TRI_YES && vnm_netns_inode(attach->netns, &ino) != -ENOENT)
		return vnm_error_set(err, VNM_ERR_FOREIGN, EEXIST,
				     "'%s' already exists; leave --create out, and the guest is "
				     "attached to it",
				     attach->netns);
	return vnm_attach_netns_make(drv, attach, err);
}

static int plan_all(struct vnm_driver *drv, const char *name, unsigned wanted_auto,
		    struct vnm_attachment *attach, struct vnm_plan *ret, struct vnm_error *err)
{
	vnm_autonetwork struct vnm_network net = { 0 };
	int r = vnm_driver_need_active(drv, name, err);

	if (r == 0)
		r = vnm_store_load(&drv->live, name, &net, err);
	if (r == 0)
		r = vnm_pool_fill(&net, err);
	if (r == 0)
		r = vnm_attach_complete(drv, &net, wanted_auto, attach, err);
	if (r < 0)
		return r;
	if (!drv->previews)
		r = make_netns(drv, attach, err);
	if (r < 0)
		return r;
	vnm_attach_note_process(attach);
	r = vnm_attach_check(drv, &net, attach, err);
	if (r == 0)
		r = vnm_guest_check_forwards(drv, &net, attach, err);
	return r < 0 ? r : vnm_attach_plan(drv, &net, attach, ret, err);
}

/**
 * vnm_driver_attach() - connect a guest to an active network
 * @drv:         the driver
 * @name:        the network
 * @attach:      what is asked for; device, MAC, addresses are filled in if missing
 * @wanted_auto: how many free addresses of each family to find
 * @err:         set on failure; then nothing is changed
 *
 * Return: 0 or -errno.
 */
int vnm_driver_attach(struct vnm_driver *drv, const char *name, struct vnm_attachment *attach,
		      unsigned wanted_auto, struct vnm_error *err)
{
	vnm_autoplan struct vnm_plan ops = { 0 };
	int r = plan_all(drv, name, wanted_auto, attach, &ops, err);
	vnm_autoclose int made = r < 0 ? -1 : vnm_attach_made(drv, name, true, err);
	bool planned = r == 0 && made >= 0;

	if (planned)
		r = apply_attachment(drv, attach, made, &ops, err);
	else if (r == 0)
		r = made;
	vnm_attach_netns_done(drv, attach, r == 0);
	if (r == 0)
		vnm_guest_announce(drv, attach);
	if (planned)
		vnm_driver_explain_dhcp(drv, attach, r < 0);
	return r;
}

/** vnm_driver_preview_attach() - what vnm_driver_attach() would do; arguments as there. Nothing is changed. */
int vnm_driver_preview_attach(struct vnm_driver *drv, const char *name,
			      struct vnm_attachment *attach, unsigned wanted_auto,
			      struct vnm_plan *ret, struct vnm_error *err)
{
	vnm_autoplan struct vnm_plan ops = { 0 };
	uint32_t ino;
	int r;

	drv->previews = true;
	r = plan_all(drv, name, wanted_auto, attach, &ops, err);
	if (r < 0)
		return r;
	/* A namespace that is yet to be made cannot be checked. */
	if (attach->created != VNM_TRI_YES || vnm_netns_inode(attach->netns, &ino) == 0)
		r = vnm_exec_prepare_plan(&drv->sys, name, &ops, err);
	if (r < 0)
		return r;
	*ret = ops;
	ops = (struct vnm_plan){ 0 };
	return 0;
}

/* By the device on the host, or by the namespace's name. */
static int find_guest(struct vnm_driver *drv, const char *name, const char *dev,
		      struct vnm_attachment *ret, struct vnm_error *err)
{
	const struct vnm_attachments *all = vnm_attachments_get(drv, name);

	for (size_t i = 0; i < all->n_items; i++) {
		const struct vnm_attachment *attach = &all->items[i];

		if (strcmp(attach->dev, dev) != 0 &&
		    (!attach->netns_name || strcmp(attach->netns_name, dev) != 0))
			continue;
		vnm_attach_copy(attach, ret);
		return 0;
	}
	return vnm_error_set(err, VNM_ERR_NO_DEVICE, ENOENT,
			     "nothing called '%s' is attached to network '%s'; see: vnetmgr "
			     "net-port-list %s",
			     dev, name, name);
}

/**
 * vnm_driver_detach() - disconnect a guest
 * @drv:  the driver
 * @name: the network, active or not
 * @dev:  the device on the host, or the namespace's name
 * @err:  VNM_ERR_NO_DEVICE when nothing of that name is attached
 *
 * A device that we made is deleted, any other is only removed from the bridge. What cannot be reverted is left to
 * the next command.
 *
 * Return: 0 or -errno.
 */
int vnm_driver_detach(struct vnm_driver *drv, const char *name, const char *dev,
		      struct vnm_error *err)
{
	vnm_autoattach struct vnm_attachment attach = { 0 };
	int r = find_guest(drv, name, dev, &attach, err);

	if (r == 0)
		r = vnm_guest_remove(drv, &attach, err);
	if (r < 0)
		return r;
	vnm_guest_announce_elsewhere(drv, &attach);
	vnm_attach_warn_forwards(drv, &attach);
	return 0;
}

static void drop_netns(struct vnm_plan *plan)
{
	struct vnm_plan kept;

	vnm_guest_without_netns(plan, &kept);
	plan->ops[0] = *vnm_plan_find(plan, VNM_OP_NETNS);
	plan->n = 1;
	vnm_plan_clear(plan);
	*plan = kept;
}

/** vnm_driver_preview_detach() - what vnm_driver_detach() would revert; arguments as there. Nothing is changed. */
int vnm_driver_preview_detach(struct vnm_driver *drv, const char *name, const char *dev,
			      struct vnm_plan *ret, struct vnm_error *err)
{
	vnm_autojournal struct vnm_journal journal = { 0 };
	vnm_autoattach struct vnm_attachment attach = { 0 }, heir = { 0 };
	vnm_autoclose int made = -1;
	int r = find_guest(drv, name, dev, &attach, err);

	if (r < 0)
		return r;
	made = vnm_attach_made(drv, name, false, err);
	r = made < 0 ? made : vnm_journal_read(made, attach.dev, true, &journal, err);
	if (r < 0 && r != -ENOENT)
		return r;
	r = vnm_guest_heir(drv, name, attach.dev, &journal.plan, &heir, err);
	if (r < 0)
		return r;
	if (r > 0)
		drop_netns(&journal.plan);
	vnm_attach_warn_forwards(drv, &attach);
	*ret = journal.plan;
	journal.plan = (struct vnm_plan){ 0 };
	return 0;
}
