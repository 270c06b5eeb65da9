/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * attach.c - attachments: guests' devices that we make, keep and put back.
 *
 * Theory of operation. What a person asked for is in the file VARDIR/ports/NETWORK.xml, which outlives stops and
 * boots. What was made of it is a journal RUNDIR/attached/NETWORK/DEV.made, of the same kind as a network's:
 * written whole before anything is made, taken back by whoever finds it unfinished. A network that stops lets go of
 * its guests' devices, which stay; when it starts, each attachment is put right: what is missing of it is made
 * again. One whose namespace is gone stays on the list until net-repair collects it.
 *
 * The names and addresses of attachments are part of what their network's dnsmasq is told (vnm_driver_plan()).
 *
 * To attach costs the same however many guests there are: the kernel is asked for single devices, never for a list of all,
 * and no conflicts are looked for of a network that is active. Only the list of its guests grows.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "driver/attach_internal.h"
#include "sys/process/dhcp.h"
#include "sys/link/link.h"
#include "sys/netlink/netns.h"
#include "util/file.h"
#include "util/mem.h"

/* ---- attach, detach ---- */

/* One whose record cannot be read is not taken for inactive: it would keep what it has of the guest. */
static int tell_active(struct vnm_driver *drv, const char *name, struct vnm_error *err)
{
	vnm_autojournal struct vnm_journal journal = { 0 };
	int r = vnm_journal_read(drv->run_fd, name, false, &journal, err);

	if (r == -ENOENT || (r == 0 && journal.state != VNM_JOURNAL_ACTIVE))
		return 0;
	return r < 0 ? r : vnm_driver_reconcile(drv, name, err);
}

/* @tell: dnsmasq may know of it. The record goes last: whoever finds it does all of this once more. Return: 0 or -errno. */
static int take_back(struct vnm_driver *drv, const char *name, const char *dev,
		     const struct vnm_plan *plan, bool tell, struct vnm_error *err)
{
	struct vnm_job job = { .name = dev, .plan = *plan };
	vnm_autoclose int made = vnm_attach_made(drv, name, false, err);
	int r = made < 0 && made != -ENOENT ? made : 0;
	struct vnm_warnings notes = { 0 };

	if (r < 0)
		return r;
	drv->sys.notes = &notes;
	vnm_exec_revert(&drv->sys, &job, 1);
	drv->sys.notes = NULL;
	vnm_driver_warn(drv, &notes);
	if (job.failed) {
		*err = job.err;
		return -(err->sys ? err->sys : EIO);
	}
	r = vnm_attach_forget(drv, name, dev, err);
	if (r == 0 && tell)
		r = tell_active(drv, name, err);
	if (r == 0 && made >= 0)
		r = vnm_journal_remove(made, dev, err);
	vnm_attach_drop_empty(drv, name);
	return r;
}

static void undo(struct vnm_driver *drv, const char *name, const char *dev,
		 const struct vnm_plan *plan, bool tell)
{
	struct vnm_error err = { 0 };

	if (take_back(drv, name, dev, plan, tell, &err) < 0)
		vnm_driver_report(drv, VNM_REPORT_WARNING,
				  "parts of '%s' are left: %s; the next command tries again", dev,
				  err.msg);
}

/* Its MAC address is one by which dnsmasq knows a lease, and by nothing else. */
static bool has_lease(const struct vnm_attachment *attach)
{
	return attach->mac.set && !attach->parent && attach->kind != VNM_ATTACH_TUN;
}

/* dnsmasq has its names and its MAC address, or the rules are others. */
static bool concerns_network(const struct vnm_attachment *attach)
{
	return attach->n_ips > 0 || attach->isolated == VNM_TRI_YES || has_lease(attach);
}

static int keep(struct vnm_driver *drv, const struct vnm_attachment *attach, struct vnm_error *err)
{
	int r = vnm_attach_save(drv, attach, err);

	if (r == 0 && concerns_network(attach))
		r = vnm_driver_reconcile(drv, attach->network, err);
	return r;
}

/*
 * What is not on the bridge has rules of its own, as isolated guests have; they are there before it is. So does dnsmasq know
 * who is going to ask.
 */
static int carry_out(struct vnm_driver *drv, const struct vnm_attachment *attach, int made,
		     struct vnm_plan *plan, struct vnm_error *err)
{
	bool known_first = attach->kind == VNM_ATTACH_TUN || attach->isolated == VNM_TRI_YES ||
			   (attach->n_ips == 0 && has_lease(attach));
	struct vnm_job job = { .name = attach->dev, .plan = *plan };
	int r;

	vnm_exec_prepare(&drv->sys, &job, 1);
	if (job.failed) {
		*err = job.err;
		vnm_attach_drop_empty(drv, attach->network);
		return -(err->sys ? err->sys : EINVAL);
	}
	r = vnm_journal_create(made, attach->dev, plan, err);
	if (r < 0)
		return r;
	r = vnm_attach_netns_recorded(drv, made, attach, err);
	if (r == 0 && known_first)
		r = keep(drv, attach, err);
	if (r == 0)
		vnm_exec_apply(&drv->sys, &job, 1);
	if (job.failed) {
		*err = job.err;
		r = -(err->sys ? err->sys : EIO);
	}
	if (r == 0 && !known_first)
		r = keep(drv, attach, err);
	if (r == 0)
		r = vnm_journal_settle(made, attach->dev, err);
	if (r < 0)
		undo(drv, attach->network, attach->dev, plan, concerns_network(attach));
	return r;
}

/* What is there is not made, and so it would not go with the guest. */
static int make_netns(struct vnm_driver *drv, const struct vnm_attachment *attach,
		      struct vnm_error *err)
{
	uint32_t ino;

	if (attach->created == VNM_TRI_YES && vnm_netns_look(attach->netns, &ino) != -ENOENT)
		return vnm_error_set(err, VNM_ERR_FOREIGN, EEXIST,
				     "'%s' is there already; leave --create out, and the guest is "
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
		r = vnm_attach_complete(drv, &net, wanted_auto, attach, err);
	if (r < 0)
		return r;
	if (!drv->previews)
		r = make_netns(drv, attach, err);
	if (r < 0)
		return r;
	vnm_attach_note_process(attach);
	r = vnm_attach_check(drv, &net, attach, err);
	return r < 0 ? r : vnm_attach_plan(drv, &net, attach, ret, err);
}

/**
 * vnm_driver_attach() - connect a guest to an active network
 * @drv:         the driver
 * @name:        the network
 * @attach:      what is asked for; is given what it leaves out: device, MAC, addresses
 * @wanted_auto: how many free addresses of each family are to be found for it
 * @err:         why it cannot be; then nothing was changed
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
		r = carry_out(drv, attach, made, &ops, err);
	else if (r == 0)
		r = made;
	vnm_attach_netns_done(drv, attach, r == 0);
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
	struct vnm_job job = { .name = name };
	uint32_t ino;
	int r;

	drv->previews = true;
	r = plan_all(drv, name, wanted_auto, attach, &ops, err);
	if (r < 0)
		return r;
	job.plan = ops;
	/* In a namespace that is to be made there is nothing to look at. */
	if (attach->created != VNM_TRI_YES || vnm_netns_look(attach->netns, &ino) == 0)
		vnm_exec_prepare(&drv->sys, &job, 1);
	if (job.failed) {
		*err = job.err;
		return -(err->sys ? err->sys : EINVAL);
	}
	*ret = ops;
	ops = (struct vnm_plan){ 0 };
	return 0;
}

/* By the device on the host, or by the namespace's name. */
static int find_guest(struct vnm_driver *drv, const char *name, const char *dev,
		      struct vnm_attachment *ret, struct vnm_error *err)
{
	const struct vnm_attachments *all = vnm_attachments_look(drv, name);

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

/* A command that was killed may have begun with it already; then the record is open as it is. */
static int reopen(int made, const char *dev, struct vnm_journal *ret, struct vnm_error *err)
{
	int r = vnm_journal_read_settled(made, dev, ret, err);

	return r == -ENOENT ? vnm_journal_read(made, dev, true, ret, err)
	       : r < 0	    ? r
			    : vnm_journal_reopen(made, dev, err);
}

static int detach(struct vnm_driver *drv, const struct vnm_attachment *attach,
		  struct vnm_error *err)
{
	vnm_autojournal struct vnm_journal journal = { 0 };
	const char *name = attach->network;
	vnm_autoclose int made = vnm_attach_made(drv, name, false, err);
	int r = made < 0 ? made : reopen(made, attach->dev, &journal, err);

	if (r < 0 && r != -ENOENT)
		return r;
	return take_back(drv, name, attach->dev, &journal.plan, concerns_network(attach), err);
}

/**
 * vnm_driver_detach() - disconnect a guest
 * @drv:  the driver
 * @name: the network, active or not
 * @dev:  the device on the host, or the namespace's name
 * @err:  VNM_ERR_NO_DEVICE when nothing of that name is attached
 *
 * A device that we made is deleted, one that was there is only taken off the bridge. What could not be taken back is
 * taken back by the next command.
 *
 * Return: 0 or -errno.
 */
int vnm_driver_detach(struct vnm_driver *drv, const char *name, const char *dev,
		      struct vnm_error *err)
{
	vnm_autoattach struct vnm_attachment attach = { 0 };
	int r = find_guest(drv, name, dev, &attach, err);

	if (r == 0)
		r = detach(drv, &attach, err);
	if (r == 0)
		vnm_attach_warn_forwards(drv, &attach);
	return r;
}

/** vnm_driver_preview_detach() - what vnm_driver_detach() would take back; arguments as there. Nothing is changed. */
int vnm_driver_preview_detach(struct vnm_driver *drv, const char *name, const char *dev,
			      struct vnm_plan *ret, struct vnm_error *err)
{
	vnm_autojournal struct vnm_journal journal = { 0 };
	vnm_autoattach struct vnm_attachment attach = { 0 };
	vnm_autoclose int made = -1;
	int r = find_guest(drv, name, dev, &attach, err);

	if (r < 0)
		return r;
	made = vnm_attach_made(drv, name, false, err);
	r = made < 0 ? made : vnm_journal_read_settled(made, attach.dev, &journal, err);
	if (r < 0 && r != -ENOENT)
		return r;
	vnm_attach_warn_forwards(drv, &attach);
	*ret = journal.plan;
	journal.plan = (struct vnm_plan){ 0 };
	return 0;
}

/* ---- recovery ---- */

/** vnm_driver_drop_attachments() - disconnect all guests of a network that is no more, and say so. */
void vnm_driver_drop_attachments(struct vnm_driver *drv, const char *name)
{
	struct vnm_attachments all vnm_autoattachments = { 0 };
	struct vnm_error err = { 0 };

	vnm_attachments_load(drv, name, &all);
	if (all.n_items > 0)
		vnm_driver_report(drv, VNM_REPORT_WARNING,
				  "network '%s' is no more; its %zu guest%s detached", name,
				  all.n_items, all.n_items == 1 ? " is" : "s are");
	for (size_t i = 0; i < all.n_items; i++)
		if (detach(drv, &all.items[i], &err) < 0)
			vnm_driver_report(drv, VNM_REPORT_WARNING, "%s", err.msg);
}

static void recover_one(struct vnm_driver *drv, const char *name, int made, const char *dev)
{
	vnm_autojournal struct vnm_journal journal = { 0 };
	struct vnm_error err = { 0 };

	if (vnm_journal_read(made, dev, true, &journal, &err) < 0) {
		vnm_driver_report(drv, VNM_REPORT_WARNING, "%s", err.msg);
		return;
	}
	vnm_driver_report(drv, VNM_REPORT_WARNING,
			  "'%s' of network '%s': an earlier command was interrupted while %s it; "
			  "taking it back",
			  dev, name,
			  journal.state == VNM_JOURNAL_STARTING ? "attaching" : "detaching");
	vnm_attach_sweep(drv);
	undo(drv, name, dev, &journal.plan, true);
}

static void recover_network(struct vnm_driver *drv, const char *name)
{
	struct vnm_error err = { 0 };
	vnm_autoclose int made = vnm_attach_made(drv, name, false, &err);
	const struct vnm_store store = { made, name, VNM_VOLATILE };
	char **devs;
	size_t n;

	if (made < 0)
		return;
	(void)vnm_file_sweep_temp(made);
	if (vnm_store_names(&store, ".journal", &devs, &n, &err) < 0)
		return;
	for (size_t i = 0; i < n; i++)
		recover_one(drv, name, made, devs[i]);
	vnm_names_free(devs, n);
	vnm_attach_drop_empty(drv, name);
}

/** vnm_driver_recover_attachments() - take back what killed commands left half attached or detached. */
void vnm_driver_recover_attachments(struct vnm_driver *drv)
{
	vnm_autofree char *base = vnm_asprintf("%s/attached", drv->paths.run);
	vnm_autodir DIR *dir = NULL;
	const char *name;
	int r = vnm_dir_list(AT_FDCWD, base, &dir);

	if (r == -ENOENT)
		return;
	while (r >= 0 && (r = vnm_dir_next(dir, &name)) > 0)
		if (vnm_name_valid(name))
			recover_network(drv, name);
	if (r < 0)
		vnm_driver_report(drv, VNM_REPORT_WARNING, "cannot read the directory '%s': %s",
				  base, strerror(-r));
	(void)rmdir(base); /* stays while something is in it */
}

/* ---- what there is ---- */

/* An address that it was given, or has leased. */
static bool is_outside(const struct vnm_network *net, const struct vnm_attached *one)
{
	bool outside = one->leased.addr.family && vnm_attach_outside(net, &one->leased.addr);

	for (size_t i = 0; i < one->attach.n_ips; i++)
		outside |= vnm_attach_outside(net, &one->attach.ips[i].address);
	return outside;
}

/* In one word, unless that says too little. */
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

	if (vnm_attach_gone(attach))
		return "gone";
	if (!vnm_driver_active(drv, attach->network) || made < 0 ||
	    vnm_journal_read_settled(made, attach->dev, &journal, &err) < 0)
		return "unplugged";
	if (vnm_exec_check(&drv->sys, &journal.plan, &missing, &n, &err) < 0 || n > 0 ||
	    (attach->kind != VNM_ATTACH_DEV &&
	     vnm_attach_other_mtu(&drv->sys, attach, &journal.plan, &mtu)))
		return "degraded";
	if (is_outside(net, one))
		return "degraded (address outside of the network's subnets)";
	return "attached";
}

/* At the device on the host, which is the other end of the guest's; or, on a device of the host's, at the guest's. */
static void look_at_traffic(struct vnm_driver *drv, struct vnm_attached *one)
{
	const struct vnm_attachment *attach = &one->attach;
	const struct vnm_op_netns ns = { attach->parent ? attach->netns : NULL, 0 };
	struct vnm_traffic traffic = { 0 };
	struct vnm_sys *there;

	if (vnm_sys_enter(&drv->sys, &ns, &there) == 0)
		(void)vnm_link_traffic(there, ns.path ? attach->ifname : attach->dev, &traffic);
	one->carrier = traffic.carrier;
	one->to = attach->parent ? traffic.received : traffic.sent;
	one->from = attach->parent ? traffic.sent : traffic.received;
}

/** vnm_driver_leased() - the address that a guest's DHCP client has set; @ret is zeroed, and stays so if there is none */
void vnm_driver_leased(struct vnm_driver *drv, const struct vnm_attachment *attach,
		       struct vnm_prefix *ret)
{
	const struct vnm_op_netns ns = { attach->netns, 0 };
	struct vnm_prefix leased;

	if (attach->dhcp == VNM_TRI_YES &&
	    vnm_dhcp_address(&drv->sys, &ns, attach->ifname, &leased) == 0)
		*ret = leased;
}

/**
 * vnm_driver_attached() - the attachments of a network, and what is seen of them
 * @drv:   the driver
 * @name:  the network
 * @ret:   free with vnm_attached_free()
 * @ret_n: how many
 * @err:   set on failure
 *
 * Return: 0 or -errno.
 */
int vnm_driver_attached(struct vnm_driver *drv, const char *name, struct vnm_attached **ret,
			size_t *ret_n, struct vnm_error *err)
{
	vnm_autonetwork struct vnm_network net = { 0 };
	struct vnm_attachments all = { 0 };
	struct vnm_attached *attached;
	struct vnm_error unread = { 0 };

	(void)err;
	(void)vnm_store_load(&drv->live, name, &net,
			     &unread); /* without it there is nothing to be outside of */
	vnm_attachments_load(drv, name, &all);
	attached = vnm_alloc((all.n_items ? all.n_items : 1) * sizeof(*attached));
	for (size_t i = 0; i < all.n_items; i++) {
		attached[i].attach = all.items[i];
		vnm_driver_leased(drv, &all.items[i], &attached[i].leased);
		attached[i].state = state_of(drv, &net, &attached[i]);
		look_at_traffic(drv, &attached[i]);
	}
	free(all.items);
	*ret = attached;
	*ret_n = all.n_items;
	return 0;
}

/** vnm_attached_free() - free what vnm_driver_attached() filled in. */
void vnm_attached_free(struct vnm_attached *attached, size_t n)
{
	for (size_t i = 0; i < n; i++)
		vnm_attach_clear(&attached[i].attach);
	free(attached);
}
