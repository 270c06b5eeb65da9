// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * others.c - devices that others have put on a network's bridge, over a stop and a start of it, and over a loss of it.
 *
 * NAME.others in the run directory has them, with the number of the bridge that each was seen on: whenever the bridge is
 * about to go, and after commands that have looked at the network. One that is recorded with the number that the bridge has
 * now was taken off by somebody, if it is off, and stays off. Another number says that the bridge went, and not by their
 * wish: then it is put back on the new one, unless it is gone or on another bridge. So the record is all that is needed to
 * carry on after a kill, and there is nothing else that says what was done.
 *
 * Of another boot or namespace it means nothing. A network without a definition takes it along.
 */
#include "run/others.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/file.h"
#include "util/mem.h"
#include "util/namespaces.h"
#include "util/parse.h"
#include "util/proc.h"

#define RECORD_MAGIC "vnetmgr-others 1"
#define RECORD_MAX (256 * 1024) /* 1023 ports */
#define NONE "-"
#define ELSEWHERE "it is on another bridge by now"

static char *record_name(const char *name)
{
	return vnm_asprintf("%s.others", name);
}

/* ---- the record ---- */

/* What its numbers are true of. Return: "BOOT NAMESPACE", allocated; NULL: that cannot be told. */
static char *circumstances(void)
{
	char boot[VNM_UUID_STRLEN];
	struct vnm_namespaces own;

	if (vnm_boot_id(boot) < 0 || vnm_namespaces_of(0, &own) < 0)
		return NULL;
	return vnm_asprintf("%s %" PRIu64, boot, own.id[VNM_NAMESPACE_NET]);
}

static void format_other(const struct vnm_other *other, struct vnm_buf *out)
{
	char mac[VNM_MAC_STRLEN] = NONE;

	if (other->mac.set)
		vnm_mac_format(&other->mac, mac);
	vnm_buf_printf(out, "%d %d %d %s %s %s %" PRIx64 " %" PRIx64, other->index, other->peer,
		       other->bridge, *other->kind ? other->kind : NONE, other->name, mac,
		       other->settings, other->set);
	for (size_t i = 0; i < VNM_SHIELD_COUNT; i++)
		vnm_buf_printf(out, " %d", other->before[i]);
	vnm_buf_add(out, "\n");
}

static bool parse_other(const char *line, struct vnm_other *ret)
{
	char kind[16], mac[VNM_MAC_STRLEN];
	int *before = ret->before;

	*ret = (struct vnm_other){ 0 };
	if (sscanf(line, "%d %d %d %15s %15s %17s %" SCNx64 " %" SCNx64 " %d %d %d", &ret->index,
		   &ret->peer, &ret->bridge, kind, ret->name, mac, &ret->settings, &ret->set,
		   &before[VNM_SHIELD_IPV6], &before[VNM_SHIELD_ARP],
		   &before[VNM_SHIELD_SENDER]) != 11)
		return false;
	snprintf(ret->kind, sizeof(ret->kind), "%s", strcmp(kind, NONE) ? kind : "");
	return ret->index > 0 && vnm_ifname_valid(ret->name) &&
	       (!strcmp(mac, NONE) || vnm_mac_parse(mac, &ret->mac) == 0);
}

/* One that is damaged, or of other circumstances, is none. */
static char *read_record(struct vnm_driver *drv, const char *name, struct vnm_others *ret)
{
	vnm_autofree char *file = record_name(name), *now = circumstances(), *head = NULL;
	char *text, *line, *end;

	if (!now || vnm_file_read(drv->run_fd, file, RECORD_MAX, &text, NULL) < 0)
		return NULL;
	head = vnm_asprintf(RECORD_MAGIC "\n%s\n", now);
	line = strncmp(text, head, strlen(head)) ? text + strlen(text) : text + strlen(head);
	for (; (end = strchr(line, '\n')); line = end + 1) {
		struct vnm_other other;

		if (parse_other(line, &other))
			vnm_others_add(ret, &other);
	}
	return text;
}

/* Nothing depends on it but that devices are put back; a shield that could not be noted is told. */
static void write_record(struct vnm_driver *drv, const char *name, const char *before,
			 const struct vnm_others *others)
{
	vnm_autofree char *file = record_name(name), *now = circumstances();
	vnm_autobuf struct vnm_buf text = { 0 };
	int r = now ? 0 : -EIO;

	if (others->n == 0) {
		(void)vnm_file_unlink(drv->run_fd, file, VNM_VOLATILE);
		return;
	}
	vnm_buf_printf(&text, RECORD_MAGIC "\n%s\n", now ? now : "");
	for (size_t i = 0; i < others->n; i++)
		format_other(&others->items[i], &text);
	if (before && !strcmp(before, vnm_buf_str(&text)))
		return;
	if (r == 0)
		r = vnm_file_replace(drv->run_fd, file, vnm_buf_str(&text), text.len, 0600,
				     (gid_t)-1, VNM_VOLATILE);
	if (r < 0)
		vnm_driver_say(drv, VNM_REPORT_WARNING,
			       "what others have put on the bridge of network '%s' cannot be noted "
			       "in '%s/%s', so its next start does not put it back: %s",
			       name, drv->paths.run, file, strerror(-r));
}

/** vnm_driver_drop_others() - forget what others had put on a network's bridge. */
void vnm_driver_drop_others(struct vnm_driver *drv, const char *name)
{
	vnm_autofree char *file = record_name(name);

	(void)vnm_file_unlink(drv->run_fd, file, VNM_VOLATILE);
}

/** vnm_driver_move_others() - the network has another name; done already is fine. */
void vnm_driver_move_others(struct vnm_driver *drv, const char *old, const char *to)
{
	vnm_autofree char *from = record_name(old), *file = record_name(to);

	(void)renameat(drv->run_fd, from, drv->run_fd, file);
}

/* ---- what is on the bridge ---- */

/* The bridge that goes with the network, or NULL. */
static const char *own_bridge(const struct vnm_plan *plan)
{
	for (size_t i = 0; i < plan->n; i++)
		if (plan->ops[i].type == VNM_OP_BRIDGE)
			return plan->ops[i].bridge.name;
	return NULL;
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

/* Return: the number of the bridge; 0: it is not there, or cannot be looked at. */
static int look(struct vnm_driver *drv, const char *name, const struct vnm_plan *plan,
		struct vnm_others *ret)
{
	const struct vnm_attachments *all = vnm_attachments_look(drv, name);
	vnm_autoothers struct vnm_others found = { 0 };
	struct vnm_error ignored = { 0 };
	const char *bridge = own_bridge(plan);
	int index = bridge ? vnm_others_on(&drv->sys, bridge, &found, &ignored) : 0;

	for (size_t i = 0; i < found.n; i++)
		if (!is_attached(all, found.items[i].name) &&
		    !is_uplink(plan, found.items[i].name))
			vnm_others_add(ret, &found.items[i]);
	return index > 0 ? index : 0;
}

static const struct vnm_other *find(const struct vnm_others *others, const struct vnm_other *same)
{
	for (size_t i = 0; i < others->n; i++)
		if (vnm_other_same(&others->items[i], same))
			return &others->items[i];
	return NULL;
}

/* ---- the bridge goes ---- */

/* Those of an earlier bridge that are still to be put back. */
static void add_waiting(struct vnm_driver *drv, const struct vnm_others *before, int bridge,
			struct vnm_others *others)
{
	for (size_t i = 0; i < before->n; i++)
		if (before->items[i].bridge != bridge &&
		    vnm_other_where(&drv->sys, &before->items[i], bridge) == VNM_OTHER_ALONE)
			vnm_others_add(others, &before->items[i]);
}

/**
 * vnm_driver_part_others() - a network's bridge is about to go: note what others have put there
 * @drv:  the driver
 * @name: the network
 * @plan: what it is made of
 *
 * They stay as they are, but that their guests do not come to the host by them instead (sys/others.c): what is changed for
 * that is noted first.
 *
 * Return: their names, "tap7, veth3", allocated; NULL: there are none.
 */
char *vnm_driver_part_others(struct vnm_driver *drv, const char *name, const struct vnm_plan *plan)
{
	vnm_autoothers struct vnm_others before = { 0 }, now = { 0 };
	vnm_autobuf struct vnm_buf names = { 0 };
	vnm_autofree char *text = NULL;
	size_t n;
	int bridge = look(drv, name, plan, &now);

	if (bridge == 0)
		return NULL;
	n = now.n;
	text = read_record(drv, name, &before);
	for (size_t i = 0; i < n; i++) {
		const struct vnm_other *known = find(&before, &now.items[i]);

		if (known)
			memcpy(now.items[i].before, known->before, sizeof(known->before));
		vnm_other_note(&drv->sys, &now.items[i]);
		vnm_buf_printf(&names, "%s%s", i ? ", " : "", now.items[i].name);
	}
	add_waiting(drv, &before, bridge, &now);
	write_record(drv, name, text, &now);
	for (size_t i = 0; i < n; i++)
		vnm_other_shield(&drv->sys, &now.items[i]);
	return names.len ? vnm_buf_steal(&names) : NULL;
}

/* ---- and comes back ---- */

static void tell_left(struct vnm_driver *drv, const char *name, const struct vnm_other *other,
		      const char *why)
{
	vnm_driver_say(drv, VNM_REPORT_WARNING,
		       "device '%s', which others had put on the bridge of network '%s', is not "
		       "put back on it: %s",
		       other->name, name, why);
}

/* Return: it is still to be put back. */
static bool put(struct vnm_driver *drv, const char *name, const struct vnm_other *other, int bridge,
		struct vnm_buf *text)
{
	struct vnm_error err = { 0 };
	int r = vnm_other_put(&drv->sys, other, bridge, &err);

	if (r < 0) {
		tell_left(drv, name, other, err.msg);
		if (err.code != VNM_ERR_FOREIGN)
			return true;
	} else
		vnm_buf_printf(text, "%s%s", text->len ? ", " : "", other->name);
	vnm_other_unshield(&drv->sys, other);
	return false;
}

/* One of an earlier bridge. Return: it is still to be put back. */
static bool return_one(struct vnm_driver *drv, const char *name, const struct vnm_other *other,
		       int bridge, struct vnm_buf *text)
{
	switch (vnm_other_where(&drv->sys, other, bridge)) {
	case VNM_OTHER_ALONE:
		return put(drv, name, other, bridge, text);
	case VNM_OTHER_ELSEWHERE:
		tell_left(drv, name, other, ELSEWHERE);
		vnm_other_unshield(&drv->sys, other);
		break;
	case VNM_OTHER_HERE:
		vnm_other_unshield(&drv->sys, other);
		break;
	case VNM_OTHER_GONE:
		break;
	}
	return false;
}

static void add_plug(const struct vnm_other *other, const char *bridge, struct vnm_plan *plan)
{
	struct vnm_op_plug *plug = &vnm_plan_add(plan, VNM_OP_PLUG)->plug;

	plug->dev = vnm_strdup(other->name);
	plug->bridge = vnm_strdup(bridge);
	plug->was_up = true; /* it is as it is */
}

/* A step: for -v, or for @steps. */
static void tell_put(struct vnm_driver *drv, const struct vnm_other *other,
		     const struct vnm_plan *plan, struct vnm_buf *steps)
{
	vnm_autoplan struct vnm_plan one = { 0 };
	vnm_autobuf struct vnm_buf text = { 0 };

	add_plug(other, own_bridge(plan), &one);
	vnm_plan_print(&one, false, &text);
	if (steps)
		vnm_buf_add(steps, vnm_buf_str(&text));
	else
		vnm_driver_say(drv, VNM_REPORT_DETAIL, "%.*s",
			       (int)strcspn(vnm_buf_str(&text), "\n"), vnm_buf_str(&text));
}

/* What vnm_driver_return_others() would do. @bridge: 0: it would be made. */
static void assume_return(struct vnm_driver *drv, const char *name, const struct vnm_plan *plan,
			  const struct vnm_others *before, int bridge, struct vnm_buf *text,
			  struct vnm_buf *steps)
{
	for (size_t i = 0; own_bridge(plan) && i < before->n; i++) {
		const struct vnm_other *other = &before->items[i];
		enum vnm_whereabouts where;

		if (other->bridge == bridge)
			continue;
		where = vnm_other_where(&drv->sys, other, bridge);
		if (where == VNM_OTHER_ELSEWHERE)
			tell_left(drv, name, other, ELSEWHERE);
		if (where != VNM_OTHER_ALONE)
			continue;
		vnm_buf_printf(text, "%s%s", text->len ? ", " : "", other->name);
		tell_put(drv, other, plan, steps);
	}
}

/**
 * vnm_driver_return_others() - put back what others had on a network's bridge before that went
 * @drv:  the driver
 * @name: the network, active
 * @plan: what it is made of
 * @text: gets the names of those that were put back, separated by ", "
 * @steps: gets what would be done, by a driver that assumes; or NULL
 *
 * What cannot be put back is a warning. Notes what is on the bridge now.
 */
void vnm_driver_return_others(struct vnm_driver *drv, const char *name,
			      const struct vnm_plan *plan, struct vnm_buf *text,
			      struct vnm_buf *steps)
{
	vnm_autoothers struct vnm_others before = { 0 }, waiting = { 0 }, now = { 0 };
	vnm_autofree char *record = read_record(drv, name, &before);
	int bridge = look(drv, name, plan, &now);

	if (drv->assumed) {
		assume_return(drv, name, plan, &before, bridge, text, steps);
		return;
	}
	if (bridge == 0)
		return;
	for (size_t i = 0; i < before.n; i++) {
		const size_t told = text->len;

		if (before.items[i].bridge != bridge &&
		    return_one(drv, name, &before.items[i], bridge, text))
			vnm_others_add(&waiting, &before.items[i]);
		if (text->len > told)
			tell_put(drv, &before.items[i], plan, NULL);
	}
	vnm_others_clear(&now);
	(void)look(drv, name, plan, &now);
	for (size_t i = 0; i < waiting.n; i++)
		vnm_others_add(&now, &waiting.items[i]);
	write_record(drv, name, record, &now);
}

/** vnm_driver_rejoin_others() - vnm_driver_return_others() of a network that has just started. */
void vnm_driver_rejoin_others(struct vnm_driver *drv, const char *name,
			      const struct vnm_plan *plan, struct vnm_buf *steps)
{
	vnm_autobuf struct vnm_buf names = { 0 };

	vnm_driver_return_others(drv, name, plan, &names, steps);
}

/**
 * vnm_driver_see_others() - note what others have on the bridge of an active network, in case somebody deletes that
 *
 * Arguments as vnm_driver_part_others(). Without the lock nothing is noted.
 */
void vnm_driver_see_others(struct vnm_driver *drv, const char *name, const struct vnm_plan *plan)
{
	vnm_autoothers struct vnm_others before = { 0 }, now = { 0 };
	vnm_autofree char *record = NULL;
	int bridge = drv->lock_fd < 0 ? 0 : look(drv, name, plan, &now);

	if (bridge == 0)
		return;
	record = read_record(drv, name, &before);
	add_waiting(drv, &before, bridge, &now);
	write_record(drv, name, record, &now);
}

/**
 * vnm_driver_preview_others() - add to a plan that is taken back those that others have on the network's bridge
 * @drv:  the driver
 * @name: the network
 * @plan: what it is made of
 */
void vnm_driver_preview_others(struct vnm_driver *drv, const char *name, struct vnm_plan *plan)
{
	vnm_autoothers struct vnm_others others = { 0 };
	vnm_autofree char *bridge = own_bridge(plan) ? vnm_strdup(own_bridge(plan)) : NULL;

	if (bridge)
		(void)look(drv, name, plan, &others);
	for (size_t i = 0; i < others.n; i++)
		add_plug(&others.items[i], bridge, plan);
}
