/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * guest_heir.c - who keeps a namespace that was made for a guest, when that guest goes.
 *
 * A router is a guest of several networks with one namespace, made by --create for the first of them. It goes with the last:
 * a guest that is removed leaves it to another one. The heir's journal and its entry in the list say so before anything is
 * reverted, so an interrupted removal is repeated with the same result.
 */
#include "run/guest_heir.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "run/guest_state.h"
#include "state/guest_store.h"
#include "state/journal.h"
#include "state/session.h"
#include "sys/ops.h"
#include "util/file.h"
#include "util/mem.h"
#include "util/parse.h"
#include "xml/attach_xml.h"

/* Another program's guest is no heir: its namespace is made and removed by that program. */
static bool may_inherit(const struct vnm_attachment *attach, const char *path)
{
	return attach->netns && !attach->id && strcmp(attach->netns, path) == 0 &&
	       !vnm_attach_gone(attach);
}

/* Return: 1: @ret is an heir; 0: there is none in this network; -errno. */
static int find_in(struct vnm_driver *drv, const char *network, const char *but, const char *path,
		   struct vnm_attachment *ret, struct vnm_error *err)
{
	vnm_autoattachments struct vnm_attachments all = { 0 };
	vnm_autoclose int made = vnm_attach_made(drv, network, false, err);
	int r = made < 0 ? made : vnm_attachments_read(&drv->paths, network, &all, err);

	if (r < 0)
		return r == -ENOENT ? 0 : r;
	for (size_t i = 0; i < all.n_items; i++) {
		const struct vnm_attachment *attach = &all.items[i];

		if ((but && !strcmp(attach->dev, but)) || !may_inherit(attach, path) ||
		    !vnm_journal_exists(made, attach->dev))
			continue;
		vnm_attach_copy(attach, ret);
		return 1;
	}
	return 0;
}

/* The namespace of the plan that is there; NULL: none, or by now it is somebody else's. */
static const char *made_netns(struct vnm_driver *drv, const struct vnm_plan *plan)
{
	const struct vnm_op *op = vnm_plan_find(plan, VNM_OP_NETNS);
	enum vnm_presence presence = VNM_ABSENT;
	struct vnm_error ignored = { 0 };

	if (!op || vnm_op_impls[op->type]->check(&drv->sys, op, &presence, &ignored) < 0)
		return NULL;
	return presence == VNM_PRESENT ? op->netns.path : NULL;
}

/**
 * vnm_guest_heir() - find a guest that is in the namespace which was made for another one
 * @drv:  the driver
 * @name: the network of the guest that goes
 * @dev:  its device
 * @plan: of its journal
 * @ret:  the other guest; free with vnm_attach_clear()
 * @err:  set on failure
 *
 * Return: 1; 0: there is none, or the namespace was not made for the guest; -errno.
 */
int vnm_guest_heir(struct vnm_driver *drv, const char *name, const char *dev,
		   const struct vnm_plan *plan, struct vnm_attachment *ret, struct vnm_error *err)
{
	const char *path = made_netns(drv, plan), *network;
	vnm_autodir DIR *dir = NULL;
	int r, found = 0;

	if (!path)
		return 0;
	r = vnm_dir_list(AT_FDCWD, drv->paths.made, &dir);
	while (r >= 0 && found == 0 && (r = vnm_dir_next(dir, &network)) > 0)
		if (vnm_name_valid(network))
			found = find_in(drv, network, strcmp(network, name) ? NULL : dev, path, ret,
					err);
	if (r < 0 && r != -ENOENT)
		return vnm_error_set(err, VNM_ERR_SYSTEM, -r, "cannot read the directory '%s': %s",
				     drv->paths.made, strerror(-r));
	return found;
}

static int record(struct vnm_driver *drv, const struct vnm_attachment *heir,
		  const struct vnm_op *netns, struct vnm_error *err)
{
	vnm_autojournal struct vnm_journal journal = { 0 };
	vnm_autoclose int made = vnm_attach_made(drv, heir->network, false, err);
	struct vnm_plan with = { 0 };
	int r = made < 0 ? made : vnm_journal_read(made, heir->dev, true, &journal, err);

	if (r < 0 || vnm_plan_find(&journal.plan, VNM_OP_NETNS))
		return r;
	*vnm_plan_add(&with, netns->type) = *netns;
	for (size_t i = 0; i < journal.plan.n; i++)
		*vnm_plan_add(&with, journal.plan.ops[i].type) = journal.plan.ops[i];
	r = vnm_journal_replace(made, heir->dev, &with, err);
	free(with.ops);
	return r;
}

/**
 * vnm_guest_inherit() - leave a guest's namespace to another one, as if it had been made for that
 * @drv:  the driver
 * @heir: the other guest
 * @plan: of the journal of the one that goes
 * @err:  set on failure
 *
 * Return: 0 or -errno.
 */
int vnm_guest_inherit(struct vnm_driver *drv, const struct vnm_attachment *heir,
		      const struct vnm_plan *plan, struct vnm_error *err)
{
	vnm_autoattachments struct vnm_attachments all = { 0 };
	int r = record(drv, heir, vnm_plan_find(plan, VNM_OP_NETNS), err);

	if (r == 0)
		r = vnm_attachments_read(&drv->paths, heir->network, &all, err);
	for (size_t i = 0; r == 0 && i < all.n_items; i++)
		if (!strcmp(all.items[i].dev, heir->dev))
			all.items[i].created = VNM_TRI_YES;
	return r < 0 ? r : vnm_attach_replace_all(drv, heir->network, &all, err);
}

/** vnm_guest_without_netns() - @plan but for the namespace; @ret borrows from it: free only its array */
void vnm_guest_without_netns(const struct vnm_plan *plan, struct vnm_plan *ret)
{
	*ret = (struct vnm_plan){ 0 };
	for (size_t i = 0; i < plan->n; i++)
		if (plan->ops[i].type != VNM_OP_NETNS)
			*vnm_plan_add(ret, plan->ops[i].type) = plan->ops[i];
}
