/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * annotate.c - changing the parts of a definition that have no effect on the system: title, description, metadata; and
 * replacing a definition that was edited.
 */
#include "driver/annotate.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "driver/dumpxml.h"
#include "driver/update.h"
#include "run/change.h"
#include "run/definition.h"
#include "state/assume.h"
#include "state/session.h"
#include "util/mem.h"
#include "xml/metadata.h"
#include "xml/network_xml.h"

static char **member(struct vnm_network *net, enum vnm_note_kind kind)
{
	switch (kind) {
	case VNM_NOTE_TITLE: return &net->title;
	case VNM_NOTE_DESCRIPTION: return &net->description;
	case VNM_NOTE_METADATA: break;
	}
	return &net->metadata;
}

static int get(struct vnm_network *net, const struct vnm_note *note, char **ret,
	       struct vnm_error *err)
{
	const char *text = *member(net, note->kind);

	if (note->kind == VNM_NOTE_METADATA)
		return vnm_metadata_get(text, note->uri, ret, err);
	*ret = text ? vnm_strdup(text) : NULL;
	return 0;
}

static int set(struct vnm_network *net, const struct vnm_note *note, struct vnm_error *err)
{
	char **target = member(net, note->kind), *text = NULL;
	int r = 0;

	if (note->kind == VNM_NOTE_TITLE && note->text && strchr(note->text, '\n'))
		return vnm_error_set(err, VNM_ERR_USAGE, EINVAL,
				     "metadata title can't contain newlines");
	if (note->kind != VNM_NOTE_METADATA)
		text = note->text && *note->text ? vnm_strdup(note->text) : NULL;
	else if (note->text)
		r = vnm_metadata_set(*target, note->uri, note->key, note->text, &text, err);
	else
		r = vnm_metadata_remove(*target, note->uri, &text, err);
	if (r < 0)
		return r;
	free(*target);
	*target = text;
	return 0;
}

static int refuse_changed(struct vnm_error *err)
{
	return vnm_error_set(err, VNM_ERR_CHANGED, EBUSY,
			     "the XML configuration was changed by another user");
}

/* By its text, like a definition from a file. */
static int recheck(struct vnm_driver *drv, const struct vnm_network *net, struct vnm_error *err)
{
	vnm_autonetwork struct vnm_network again = { 0 };
	vnm_autobuf struct vnm_buf text = { 0 };
	int r = vnm_driver_need_schema(drv, err);

	if (r < 0)
		return r;
	vnm_network_xml_format(net, &text);
	r = vnm_network_xml_parse(text.data, text.len, net->name, &again, err);
	return r < 0 ? r : vnm_network_xml_check(text.data, text.len, net->name, drv->schema, err);
}

static int edit(struct vnm_driver *drv, const struct vnm_store *store, const char *name,
		const struct vnm_note *note, struct vnm_network *ret, struct vnm_error *err)
{
	int r = vnm_store_load(store, name, ret, err);

	if (r == 0)
		r = set(ret, note, err);
	return r < 0 ? r : recheck(drv, ret, err);
}

static int check_seen(struct vnm_driver *drv, const char *name, unsigned affect,
		      const struct vnm_note *note, struct vnm_error *err)
{
	vnm_autofree char *now = NULL;
	int r = vnm_driver_annotation(drv, name, &affect, note, &now, err);

	if (r < 0 && r != -ENOENT)
		return r;
	return strcmp(now ? now : "", note->seen ? note->seen : "") ? refuse_changed(err) : 0;
}

/* Both by one transaction: a change of the network that changes nothing of its plan. */
static int save_both(struct vnm_driver *drv, const struct vnm_network *config,
		     const struct vnm_network *live, struct vnm_error *err)
{
	vnm_autojournal struct vnm_journal journal = { 0 };
	const struct vnm_live_change change = {
		.net = live, .kept = config, .from = &journal.plan, .to = &journal.plan
	};
	int r = vnm_driver_journal(drv, live->name, true, &journal, err);

	return r < 0 ? r : vnm_driver_change(drv, &change, NULL, err);
}

/**
 * vnm_driver_annotate() - change title, description or metadata
 * @drv:   the driver
 * @name:  the network
 * @flags: as vnm_driver_affect()
 * @note:  the new text
 * @err:   VNM_ERR_CHANGED; set on failure, and then nothing is changed
 *
 * Return: 0 or -errno.
 */
int vnm_driver_annotate(struct vnm_driver *drv, const char *name, unsigned flags,
			const struct vnm_note *note, struct vnm_error *err)
{
	vnm_autonetwork struct vnm_network config = { 0 }, live = { 0 };
	unsigned affect;
	int r = vnm_driver_affect(drv, name, flags, &affect, err);

	if (r == 0 && note->edited)
		r = check_seen(drv, name, affect, note, err);
	if (r == 0 && (affect & VNM_AFFECT_CONFIG))
		r = edit(drv, &drv->persistent, name, note, &config, err);
	if (r == 0 && (affect & VNM_AFFECT_LIVE))
		r = edit(drv, &drv->live, name, note, &live, err);
	if (r < 0)
		return r;
	if (affect == (VNM_AFFECT_CONFIG | VNM_AFFECT_LIVE))
		return save_both(drv, &config, &live, err);
	return affect & VNM_AFFECT_CONFIG ? vnm_store_amend(&drv->persistent, &config, err)
					  : vnm_store_save(&drv->live, &live, err);
}

/**
 * vnm_driver_annotation() - read title, description or metadata
 * @drv:   the driver
 * @name:  the network
 * @flags: as vnm_driver_affect(); with both, the live definition
 * @note:  which one; its text is ignored
 * @ret:   the text, allocated; NULL when there is no title or description
 * @err:   set on failure
 *
 * Return: 0 or -errno; -ENOENT with VNM_ERR_STATE when there is no such metadata.
 */
int vnm_driver_annotation(struct vnm_driver *drv, const char *name, unsigned *flags,
			  const struct vnm_note *note, char **ret, struct vnm_error *err)
{
	vnm_autonetwork struct vnm_network net = { 0 };
	int r = vnm_driver_affect(drv, name, *flags, flags, err);

	if (r == 0)
		r = vnm_store_load(*flags & VNM_AFFECT_LIVE ? &drv->live : &drv->persistent, name,
				   &net, err);
	return r < 0 ? r : get(&net, note, ret, err);
}

/* A new name with the old UUID: net-define's message, with advice. */
static int refuse_rename(const struct vnm_network *old, const struct vnm_network *net,
			 struct vnm_error *err)
{
	char uuid[VNM_UUID_STRLEN];

	if (!strcmp(old->name, net->name) || !vnm_uuid_equal(&old->uuid, &net->uuid))
		return 0;
	vnm_uuid_format(&old->uuid, uuid);
	return vnm_error_set(err, VNM_ERR_UUID_IN_USE, EEXIST,
			     "network '%s' is already defined with uuid %s; to give it another "
			     "name: vnetmgr net-rename %s %s",
			     old->name, uuid, old->name, net->name);
}

/**
 * vnm_driver_replace() - replace a definition by its edited text
 * @drv:      the driver
 * @name:     the network
 * @seen:     the text that was edited
 * @text:     the new one
 * @ret_name: its name, allocated; a new one defines another network, as vnm_driver_define()
 * @err:      VNM_ERR_CHANGED; VNM_ERR_UUID_IN_USE for a new name; else as vnm_driver_define()
 *
 * Return: 0 or -errno; then nothing is changed.
 */
int vnm_driver_replace(struct vnm_driver *drv, const char *name, const char *seen, const char *text,
		       char **ret_name, struct vnm_error *err)
{
	vnm_autonetwork struct vnm_network net = { 0 }, old = { 0 };
	vnm_autofree char *now = NULL, *file = vnm_asprintf("%s.xml", name);
	int r = vnm_driver_dumpxml(
		drv, name, &(struct vnm_dumpxml){ .inactive = true, .secrets = true }, &now, err);

	if (r < 0)
		return r;
	if (strcmp(now, seen) != 0)
		return refuse_changed(err);
	r = vnm_network_xml_parse(now, strlen(now), file, &old, err);
	if (r == 0)
		r = vnm_driver_parse_and_validate(drv, text, strlen(text), file, VNM_AFFECT_CONFIG,
						  &net, err);
	if (r == 0)
		r = refuse_rename(&old, &net, err);
	if (r == 0)
		r = vnm_driver_check_conflicts(drv, &net, VNM_AFFECT_CONFIG, NULL, err);
	if (r == 0)
		r = vnm_store_save(&drv->persistent, &net, err);
	if (r == 0)
		*ret_name = vnm_strdup(net.name);
	return r;
}
