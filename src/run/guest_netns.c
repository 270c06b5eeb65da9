/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * guest_netns.c - namespaces that are made for a guest (net-attach --create), and removed with it.
 *
 * Theory of operation. An attachment is planned from the state of its namespace, so that must exist first. The namespace
 * has a pending journal of its own until the guest's journal, which includes it, is written: if a command is interrupted
 * before, the next one removes the namespace.
 */
#include "run/guest_netns.h"

#include <errno.h>

#include "run/exec.h"
#include "run/guest_apply.h"
#include "state/guest_store.h"
#include "state/session.h"
#include "sys/netlink/netns.h"
#include "sys/netlink/netns_enter.h"
#include "util/mem.h"
#include "util/namespaces.h"

static char *record_name(const struct vnm_attachment *attach)
{
	return vnm_asprintf("%s.netns", attach->netns_name);
}

static int record_and_make(struct vnm_driver *drv, int made, const struct vnm_attachment *attach,
			   struct vnm_error *err)
{
	vnm_autofree char *record = record_name(attach);
	vnm_autoplan struct vnm_plan plan = { 0 };
	struct vnm_op *op = vnm_plan_add(&plan, VNM_OP_NETNS);
	int r;

	op->netns.path = vnm_strdup(attach->netns);
	op->netns.ino = drv->sys.new_netns.ino;
	op->netns.cookie = drv->sys.new_netns.cookie;
	r = vnm_journal_write_pending(made, record, &plan, NULL, err);
	if (r < 0)
		return r;
	drv->sys.step = NULL; /* the guest's own plan has it, too, and reports it */
	r = vnm_guest_apply(drv, record, &plan, err);
	vnm_driver_report_steps(drv);
	return r;
}

/**
 * vnm_attach_netns_make() - make the namespace of a guest, if requested and missing
 * @drv:    the driver
 * @attach: the guest
 * @err:    set on failure; then there is none
 *
 * The transaction ends with vnm_attach_netns_done().
 *
 * Return: 0 or -errno.
 */
int vnm_attach_netns_make(struct vnm_driver *drv, const struct vnm_attachment *attach,
			  struct vnm_error *err)
{
	vnm_autoclose int made = -1;
	uint32_t ino;
	int r;

	if (attach->created != VNM_TRI_YES || vnm_netns_inode(attach->netns, &ino) != -ENOENT)
		return 0;
	made = vnm_attach_made(drv, attach->network, true, err);
	r = made < 0 ? made : vnm_netns_new(&drv->sys, err);
	if (r == 0)
		r = record_and_make(drv, made, attach, err);
	if (r < 0)
		vnm_attach_netns_done(drv, attach, false);
	return r;
}

/* The guest's own journal includes it by now. */
static int forget(struct vnm_driver *drv, int made, const struct vnm_attachment *attach,
		  struct vnm_error *err)
{
	vnm_autofree char *record = record_name(attach);

	vnm_netns_let_go(&drv->sys);
	return vnm_journal_abort(made, record, err);
}

/**
 * vnm_attach_netns_recorded() - the guest's journal is written: remove that of its namespace
 * @drv:    the driver
 * @made:   the directory of both
 * @attach: the guest
 * @err:    set on failure
 *
 * Return: 0 or -errno.
 */
int vnm_attach_netns_recorded(struct vnm_driver *drv, int made, const struct vnm_attachment *attach,
			      struct vnm_error *err)
{
	return drv->sys.new_netns.ino ? forget(drv, made, attach, err) : 0;
}

/**
 * vnm_attach_netns_done() - end the transaction that made a namespace
 * @drv:    the driver
 * @attach: the guest
 * @keep:   commit; else a namespace made just now is removed. A failure is reported, and the next command
 *          removes it
 */
void vnm_attach_netns_done(struct vnm_driver *drv, const struct vnm_attachment *attach, bool keep)
{
	struct vnm_op_netns ns = { attach->netns, drv->sys.new_netns.ino,
				   drv->sys.new_netns.cookie };
	struct vnm_op op = { .type = VNM_OP_NETNS, .netns = ns };
	const struct vnm_plan plan = { &op, 1 };
	struct vnm_error err = { 0 };
	vnm_autoclose int made = -1;
	int r;

	if (keep || !ns.ino)
		return;
	r = vnm_exec_revert_plan(&drv->sys, attach->dev, &plan, &err);
	if (r == 0)
		r = made = vnm_attach_made(drv, attach->network, false, &err);
	if (r >= 0)
		r = forget(drv, made, attach, &err);
	if (r < 0)
		vnm_driver_report(drv, VNM_REPORT_WARNING,
				  "'%s' is left: %s; the next command tries again", attach->netns,
				  err.msg);
	vnm_netns_let_go(&drv->sys);
	vnm_attach_drop_empty(drv, attach->network);
}

/**
 * vnm_attach_netns_ours() - was the guest's namespace made for it?
 * @drv:    the driver
 * @attach: the guest
 * @ino:    the present namespace; 0: it is to be made
 * @cookie: its cookie
 *
 * @ret:    the answer
 * @err:    set on failure
 *
 * A namespace of the same name that somebody else has made since was not.
 *
 * Return: 0 or -errno: a journal that cannot be read now might say so.
 */
int vnm_attach_netns_ours(struct vnm_driver *drv, const struct vnm_attachment *attach, uint32_t ino,
			  uint64_t cookie, bool *ret, struct vnm_error *err)
{
	vnm_autojournal struct vnm_journal journal = { 0 };
	vnm_autoclose int made = -1;
	int r;

	*ret = attach->created == VNM_TRI_YES && drv->sys.new_netns.ino == ino;
	if (attach->created != VNM_TRI_YES || *ret)
		return 0;
	made = vnm_attach_made(drv, attach->network, false, err);
	r = made < 0 ? made : vnm_attach_made_before(made, attach->dev, &journal, err);
	for (size_t i = 0; r == 0 && i < journal.plan.n; i++)
		*ret |= journal.plan.ops[i].type == VNM_OP_NETNS &&
			journal.plan.ops[i].netns.ino == ino &&
			vnm_namespace_cookies_match(journal.plan.ops[i].netns.cookie, cookie);
	return r == -ENOENT ? 0 : r;
}
