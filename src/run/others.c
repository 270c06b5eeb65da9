// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * others.c - restores devices that others have put on a network's bridge, after a restart or the loss of the bridge.
 *
 * NAME.others in the run directory records them, with the ifindex of the bridge that each was seen on: before the bridge
 * is removed, and after commands that have checked the network. A recorded device with the present ifindex of the bridge that
 * is off the bridge was taken off by somebody, and stays off. Another ifindex shows that the bridge was removed, not the
 * device: it is restored on the new bridge, unless it is gone or on another one. So the record is all that is needed to
 * continue after a kill.
 *
 * A network without a definition takes the record along; its format: others_record.c.
 */
#include "run/others.h"

#include <errno.h>
#include <string.h>

#include "plan/op/op_print.h"
#include "state/guest_store.h"
#include "state/others_record.h"
#include "state/session.h"
#include "sys/link/link.h"
#include "sys/link/others.h"
#include "sys/link/seen.h"
#include "util/mem.h"

#define ELSEWHERE "it is on another bridge by now"

/* ---- what is on the bridge ---- */

/* The bridge that is removed with the network, or NULL. */
static const char *own_bridge(const struct vnm_plan *plan)
{
	const struct vnm_op *op = vnm_plan_find(plan, VNM_OP_BRIDGE);

	return op ? op->bridge.name : NULL;
}

static bool is_uplink(const struct vnm_plan *plan, const char *dev)
{
	for (size_t i = 0; i < plan->n; i++)
		if (plan->ops[i].type == VNM_OP_UPLINK && !strcmp(plan->ops[i].uplink.dev, dev))
			return true;
	return false;
}

static bool is_attached(const struct vnm_attachments *all, const char *dev)
{
	for (size_t i = 0; i < all->n_items; i++)
		if (!strcmp(all->items[i].dev, dev))
			return true;
	return false;
}

/* Return: the ifindex of the bridge; 0: it does not exist; -errno. */
static int read_ports(struct vnm_driver *drv, const char *name, const struct vnm_plan *plan,
		      struct vnm_others *ret, struct vnm_error *err)
{
	const struct vnm_attachments *all = vnm_attachments_get(drv, name);
	vnm_autoothers struct vnm_others found = { 0 };
	const char *bridge = own_bridge(plan);
	int index = bridge ? vnm_others_on(&drv->sys, bridge, &found, err) : 0;

	for (size_t i = 0; i < found.n; i++)
		if (!is_attached(all, found.items[i].name) && !is_uplink(plan, found.items[i].name))
			vnm_others_add(ret, &found.items[i]);
	return index;
}

static struct vnm_other *find_other(const struct vnm_others *others, const struct vnm_other *same)
{
	for (size_t i = 0; i < others->n; i++)
		if (vnm_other_same(&others->items[i], same))
			return &others->items[i];
	return NULL;
}

/* ---- the bridge is removed ---- */

/* A device that is yet to be restored keeps its recorded settings. */
static void keep_waiting(struct vnm_others *others, const struct vnm_other *other)
{
	struct vnm_other *recorded = find_other(others, other);

	if (recorded)
		vnm_other_copy(recorded, other);
	else
		vnm_others_add(others, other);
}

/* Keeps devices of an earlier bridge that are yet to be restored. */
static void add_waiting(struct vnm_driver *drv, const struct vnm_others *before, int bridge,
			struct vnm_others *others)
{
	for (size_t i = 0; i < before->n; i++) {
		const struct vnm_other *other = &before->items[i];
		enum vnm_whereabouts where;

		if (other->bridge == bridge)
			continue;
		where = vnm_other_where(&drv->sys, other, bridge);
		if (where == VNM_OTHER_ALONE || where == VNM_OTHER_UNKNOWN ||
		    (where == VNM_OTHER_HERE && other->lowered))
			keep_waiting(others, other);
	}
}

/* Records the old values of the shielding settings; of devices that are shielded already, those recorded. */
static int record_all(struct vnm_driver *drv, const char *name, int bridge,
		      const struct vnm_others *before, struct vnm_others *now,
		      struct vnm_error *err)
{
	int failed = 0, r;

	for (size_t i = 0; i < now->n; i++) {
		const struct vnm_other *recorded = find_other(before, &now->items[i]);

		if (recorded && recorded->bridge != bridge) /* it may not have its settings yet */
			vnm_other_copy(&now->items[i], recorded);
		else if (recorded)
			memcpy(now->items[i].before, recorded->before, sizeof(recorded->before));
		r = vnm_other_note(&drv->sys, &now->items[i], err);
		if (r < 0)
			failed = r;
	}
	add_waiting(drv, before, bridge, now);
	r = vnm_others_write(drv, name, NULL, now, err);
	return r < 0 ? r : failed;
}

static int shield_all(struct vnm_driver *drv, const struct vnm_others *others, size_t n,
		      struct vnm_error *err)
{
	int failed = 0;

	for (size_t i = 0; i < n; i++) {
		int r = vnm_other_shield(&drv->sys, &others->items[i], err);

		if (r < 0)
			failed = r;
	}
	return failed;
}

/* Finishes the restoring that a command was interrupted with. */
static int finish_all(struct vnm_driver *drv, const char *name, int bridge, struct vnm_others *now,
		      struct vnm_error *err)
{
	bool any = false;
	int failed = 0, r;

	for (size_t i = 0; i < now->n; i++) {
		struct vnm_other *other = &now->items[i];

		if (!other->lowered)
			continue;
		if (vnm_other_where(&drv->sys, other, bridge) == VNM_OTHER_HERE)
			r = vnm_other_put(&drv->sys, other, bridge, err);
		else
			r = vnm_other_raise(&drv->sys, other, err);
		other->lowered = r < 0;
		any = true;
		failed = r < 0 ? r : failed;
	}
	r = any ? vnm_others_write(drv, name, NULL, now, err) : 0;
	return r < 0 ? r : failed;
}

/* The bridge stays after all, with the first @n of @now on it. */
static void leave_on(struct vnm_driver *drv, const char *name, struct vnm_others *now, size_t n)
{
	struct vnm_error ignored = { 0 };

	for (size_t i = 0; i < n; i++) {
		struct vnm_other *other = &now->items[i];

		if (vnm_other_unshield(&drv->sys, other, &ignored) < 0)
			continue;
		for (size_t k = 0; k < VNM_SHIELD_COUNT; k++)
			other->before[k] = VNM_SHIELD_UNSET;
	}
	(void)vnm_others_write(drv, name, NULL, now, &ignored);
}

/* "tap7, veth3", allocated; NULL: there are none. */
static char *names_of(const struct vnm_others *others)
{
	struct vnm_buf names = { 0 };

	for (size_t i = 0; i < others->n; i++)
		vnm_buf_printf(&names, "%s%s", i ? ", " : "", others->items[i].name);
	return names.len ? vnm_buf_steal(&names) : NULL;
}

/**
 * vnm_driver_part_others() - before a network's bridge is removed: record others' devices on it
 * @drv:  the driver
 * @name: the network
 * @plan: its plan
 * @anyway: the bridge goes even after a failure, which the caller reports: do what can be done; else all is rolled back
 * @ret:  gets their names, "tap7, veth3", allocated; NULL: there are none
 * @err:  set on failure
 *
 * The devices stay as they are, but are shielded, lest their guests reach the host directly (sys/link/others.c): the old
 * settings are recorded first.
 *
 * Return: 0 or -errno.
 */
int vnm_driver_part_others(struct vnm_driver *drv, const char *name, const struct vnm_plan *plan,
			   bool anyway, char **ret, struct vnm_error *err)
{
	vnm_autoothers struct vnm_others before = { 0 }, now = { 0 };
	vnm_autofree char *text = NULL, *names = NULL;
	int r, noted, shielded = 0, finished = 0, bridge = read_ports(drv, name, plan, &now, err);
	const size_t n = now.n;

	*ret = NULL;
	if (bridge <= 0)
		return bridge;
	if (n > 0) /* they change from here on */
		vnm_devices_forget(&drv->sys);
	r = vnm_others_read(drv, name, &before, &text, err);
	if (r < 0 && !anyway) /* nothing else is written */
		return r;
	names = names_of(&now);
	noted = record_all(drv, name, bridge, &before, &now, err);
	if (noted == 0 || anyway)
		shielded = shield_all(drv, &now, n, err);
	if (noted == 0 || anyway)
		finished = finish_all(drv, name, bridge, &now, err);
	if (shielded == 0)
		shielded = finished;
	if (r == 0)
		r = noted < 0 ? noted : shielded;
	if (r < 0 && !anyway) {
		leave_on(drv, name, &now, n);
		return r;
	}
	*ret = vnm_steal(&names);
	return r;
}

/* ---- the bridge is back ---- */

static void warn_left(struct vnm_driver *drv, const char *name, const struct vnm_other *other,
		      const char *why)
{
	vnm_driver_report(drv, VNM_REPORT_WARNING,
			  "device '%s', which others had put on the bridge of network '%s', is not "
			  "restored: %s",
			  other->name, name, why);
}

/* A device is down for a moment; the record has that it is to be up. @before: the record, with @other in it. */
static int restore_port(struct vnm_driver *drv, const char *name, const struct vnm_others *before,
			struct vnm_other *other, int bridge, struct vnm_error *err)
{
	int r = vnm_other_put_lowers(&drv->sys, other, err);

	if (r > 0 && !other->lowered) {
		other->lowered = true;
		r = vnm_others_write(drv, name, NULL, before, err);
	}
	return r < 0 ? r : vnm_other_put(&drv->sys, other, bridge, err);
}

/*
 * Restores a device of an earlier bridge, if it is to be. @text: gets its name then. @before: the record, with @other in it.
 *
 * Return: 0, also if it is reported why not; -errno, with @err set: to be tried again.
 */
static int return_one(struct vnm_driver *drv, const char *name, const struct vnm_others *before,
		      struct vnm_other *other, int bridge, struct vnm_buf *text,
		      struct vnm_error *err)
{
	int r;

	switch (vnm_other_where(&drv->sys, other, bridge)) {
	case VNM_OTHER_ALONE:
		r = restore_port(drv, name, before, other, bridge, err);
		if (r < 0 && err->code != VNM_ERR_FOREIGN)
			return r;
		if (r < 0)
			warn_left(drv, name, other, err->msg);
		else
			vnm_buf_printf(text, "%s%s", text->len ? ", " : "", other->name);
		break;
	case VNM_OTHER_ELSEWHERE: warn_left(drv, name, other, ELSEWHERE); break;
	case VNM_OTHER_HERE:
		r = other->lowered ? vnm_other_put(&drv->sys, other, bridge, err) : 0;
		if (r < 0)
			return r;
		break;
	case VNM_OTHER_GONE: return 0;
	case VNM_OTHER_UNKNOWN:
		return vnm_error_set(err, VNM_ERR_SYSTEM, EIO, "cannot inspect device '%s'",
				     other->name);
	}
	*err = (struct vnm_error){ 0 };
	return vnm_other_unshield(&drv->sys, other, err);
}

static void add_plug(const struct vnm_other *other, const char *bridge, struct vnm_plan *plan)
{
	struct vnm_op_bridge_port *plug = &vnm_plan_add(plan, VNM_OP_BRIDGE_PORT)->bridge_port;

	plug->dev = vnm_strdup(other->name);
	plug->bridge = vnm_strdup(bridge);
	plug->was_up = true; /* its state stays */
	plug->vlans = other->vlans ? vnm_strdup(other->vlans) : NULL;
}

/* Reports a step: for -v, or for @steps. */
static void report_restored(struct vnm_driver *drv, const struct vnm_other *other,
			    const struct vnm_plan *plan, struct vnm_steps *steps)
{
	vnm_autoplan struct vnm_plan one = { 0 };
	vnm_autobuf struct vnm_buf text = { 0 };

	add_plug(other, own_bridge(plan), &one);
	if (steps) {
		vnm_steps_add_plan(steps, &one, false);
		return;
	}
	vnm_plan_print(&one, false, &text);
	vnm_driver_report(drv, VNM_REPORT_DETAIL, "%.*s", (int)strcspn(vnm_buf_str(&text), "\n"),
			  vnm_buf_str(&text));
}

/* What vnm_driver_return_others() would do. @bridge: 0: it would be made. */
static void assume_return(struct vnm_driver *drv, const char *name, const struct vnm_plan *plan,
			  const struct vnm_others *before, int bridge, struct vnm_buf *text,
			  struct vnm_steps *steps)
{
	for (size_t i = 0; own_bridge(plan) && i < before->n; i++) {
		const struct vnm_other *other = &before->items[i];
		enum vnm_whereabouts where;

		if (other->bridge == bridge)
			continue;
		where = vnm_other_where(&drv->sys, other, bridge);
		if (where == VNM_OTHER_ELSEWHERE)
			warn_left(drv, name, other, ELSEWHERE);
		if (where != VNM_OTHER_ALONE)
			continue;
		vnm_buf_printf(text, "%s%s", text->len ? ", " : "", other->name);
		report_restored(drv, other, plan, steps);
	}
}

static bool any_moved(const struct vnm_others *before, int bridge)
{
	for (size_t i = 0; i < before->n; i++)
		if (before->items[i].bridge != bridge)
			return true;
	return false;
}

/* Restores all of @before that were on another bridge than this. @waiting: gets those that are yet to be. */
static int return_all(struct vnm_driver *drv, const char *name, const struct vnm_plan *plan,
		      struct vnm_others *before, int bridge, struct vnm_buf *text,
		      struct vnm_others *waiting, struct vnm_error *err)
{
	int failed = 0;

	for (size_t i = 0; i < before->n; i++) {
		struct vnm_other *other = &before->items[i];
		const size_t old_len = text->len;
		struct vnm_error why = { 0 };

		if (other->bridge == bridge)
			continue;
		vnm_devices_forget(&drv->sys);
		if (return_one(drv, name, before, other, bridge, text, &why) < 0) {
			vnm_others_add(waiting, other);
			*err = why;
			failed = -EIO;
		}
		if (text->len > old_len)
			report_restored(drv, other, plan, NULL);
	}
	return failed;
}

/**
 * vnm_driver_return_others() - restore others' devices on a network's new bridge
 * @drv:  the driver
 * @name: the network, active, or about to be
 * @plan: its plan
 * @text: gets the names of the restored devices, separated by ", "
 * @steps: gets the steps of a dry run; or NULL
 * @err:  set on failure: something is yet to be restored, or to be recorded
 *
 * A device that is not ours to restore is a warning. Records what is on the bridge now.
 *
 * Return: 0 or -errno.
 */
int vnm_driver_return_others(struct vnm_driver *drv, const char *name, const struct vnm_plan *plan,
			     struct vnm_buf *text, struct vnm_steps *steps, struct vnm_error *err)
{
	vnm_autoothers struct vnm_others before = { 0 }, waiting = { 0 }, now = { 0 };
	vnm_autofree char *record = NULL;
	int failed, r = vnm_others_read(drv, name, &before, &record, err);
	int bridge = r < 0 ? r : read_ports(drv, name, plan, &now, err);

	if (bridge >= 0 && drv->assumed)
		assume_return(drv, name, plan, &before, bridge, text, steps);
	if (bridge <= 0 || drv->assumed)
		return bridge < 0 ? bridge : 0;
	failed = return_all(drv, name, plan, &before, bridge, text, &waiting, err);
	if (any_moved(&before, bridge)) {
		vnm_others_clear(&now);
		r = read_ports(drv, name, plan, &now, err);
		if (r < 0)
			return r;
	}
	for (size_t i = 0; i < waiting.n; i++)
		keep_waiting(&now, &waiting.items[i]);
	r = vnm_others_write(drv, name, NULL, &now, err);
	return r < 0 ? r : failed;
}

/** vnm_driver_rejoin_others() - vnm_driver_return_others() of a network that starts, with a failure as a warning. */
void vnm_driver_rejoin_others(struct vnm_driver *drv, const char *name, const struct vnm_plan *plan,
			      struct vnm_steps *steps)
{
	vnm_autobuf struct vnm_buf names = { 0 };
	struct vnm_error err = { 0 };

	if (vnm_driver_return_others(drv, name, plan, &names, steps, &err) < 0)
		vnm_driver_report(
			drv, VNM_REPORT_WARNING,
			"network '%s': devices of others on its bridge are not all restored: "
			"%s; vnetmgr net-repair %s tries again",
			name, err.msg, name);
}

/**
 * vnm_driver_see_others() - record others' devices on the bridge of an active network, in case somebody deletes the bridge
 * @drv:  the driver
 * @name: the network
 * @plan: its plan
 *
 * Without the lock nothing is recorded. A failure is a warning.
 */
void vnm_driver_see_others(struct vnm_driver *drv, const char *name, const struct vnm_plan *plan)
{
	vnm_autoothers struct vnm_others before = { 0 }, now = { 0 };
	vnm_autofree char *record = NULL;
	struct vnm_error err = { 0 };
	int r = drv->lock_fd < 0 ? 0 : read_ports(drv, name, plan, &now, &err);
	const int bridge = r;

	if (bridge > 0)
		r = vnm_others_read(drv, name, &before, &record, &err);
	if (bridge > 0 && r == 0) {
		add_waiting(drv, &before, bridge, &now);
		r = vnm_others_write(drv, name, record, &now, &err);
	}
	if (r < 0)
		vnm_driver_report(
			drv, VNM_REPORT_WARNING,
			"network '%s': devices of others on its bridge would not be restored if "
			"that were lost: %s",
			name, err.msg);
}

/**
 * vnm_driver_preview_others() - add others' devices on the bridge to a plan that is reverted
 * @drv:  the driver
 * @name: the network
 * @plan: its plan
 *
 * Return: their names, "tap7, veth3", allocated; NULL: there are none.
 */
char *vnm_driver_preview_others(struct vnm_driver *drv, const char *name, struct vnm_plan *plan)
{
	vnm_autoothers struct vnm_others others = { 0 };
	vnm_autofree char *bridge = own_bridge(plan) ? vnm_strdup(own_bridge(plan)) : NULL;
	struct vnm_error ignored = { 0 };

	if (bridge)
		(void)read_ports(drv, name, plan, &others, &ignored);
	for (size_t i = 0; i < others.n; i++)
		add_plug(&others.items[i], bridge, plan);
	return names_of(&others);
}
