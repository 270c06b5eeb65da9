/*
 * driver_annotate.c - changing what a definition says and nothing is made of: title, description, metadata; and
 * replacing a definition that a person has edited.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "model/validate.h"
#include "run/driver_internal.h"
#include "util/mem.h"
#include "xml/metadata.h"

static int annotate(struct vnm_network *net, const struct vnm_note *note, struct vnm_error *err)
{
	char **target = note->kind == VNM_NOTE_TITLE	     ? &net->title
			: note->kind == VNM_NOTE_DESCRIPTION ? &net->description
							     : &net->metadata;
	char *text = NULL;
	int r = 0;

	if (note->kind == VNM_NOTE_METADATA && note->text)
		r = vnm_metadata_set(net->metadata, note->uri, note->key, note->text, &text, err);
	else if (note->kind == VNM_NOTE_METADATA)
		r = vnm_metadata_remove(net->metadata, note->uri, &text, err);
	else if (note->text && *note->text)
		text = vnm_strdup(note->text);
	if (r < 0)
		return r;
	free(*target);
	*target = text;
	return 0;
}

/* By its text, as a definition that comes from a file. */
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
	int r;

	if (note->kind == VNM_NOTE_TITLE && note->text && strchr(note->text, '\n'))
		return vnm_error_set(err, VNM_ERR_USAGE, EINVAL,
				     "metadata title can't contain newlines");
	r = vnm_store_load(store, name, ret, err);
	if (r == 0)
		r = annotate(ret, note, err);
	return r < 0 ? r : recheck(drv, ret, err);
}

/**
 * vnm_driver_annotate() - change title, description or metadata
 * @drv:   the driver
 * @name:  the network
 * @flags: as vnm_driver_affect()
 * @note:  what
 * @err:   set on failure; then nothing was changed
 *
 * Return: 0 or -errno.
 */
int vnm_driver_annotate(struct vnm_driver *drv, const char *name, unsigned flags,
			const struct vnm_note *note, struct vnm_error *err)
{
	vnm_autonetwork struct vnm_network config = { 0 }, live = { 0 };
	unsigned affect;
	int r = vnm_driver_affect(drv, name, flags, &affect, err);

	if (r == 0 && (affect & VNM_AFFECT_CONFIG))
		r = edit(drv, &drv->persistent, name, note, &config, err);
	if (r == 0 && (affect & VNM_AFFECT_LIVE))
		r = edit(drv, &drv->live, name, note, &live, err);
	if (r == 0 && (affect & VNM_AFFECT_CONFIG))
		r = vnm_store_amend(&drv->persistent, &config, err);
	if (r == 0 && (affect & VNM_AFFECT_LIVE))
		r = vnm_store_save(&drv->live, &live, err);
	return r;
}

/**
 * vnm_driver_annotation() - read title, description or metadata
 * @drv:   the driver
 * @name:  the network
 * @flags: as vnm_driver_affect(); the live one when both are meant
 * @note:  what; its text does not matter
 * @ret:   the text, allocated; NULL when there is no title or description
 * @err:   set on failure, also when there is no such metadata
 *
 * Return: 0 or -errno.
 */
int vnm_driver_annotation(struct vnm_driver *drv, const char *name, unsigned flags,
			  const struct vnm_note *note, char **ret, struct vnm_error *err)
{
	vnm_autonetwork struct vnm_network net = { 0 };
	const char *text;
	unsigned affect;
	int r = vnm_driver_affect(drv, name, flags, &affect, err);

	if (r == 0)
		r = vnm_store_load(affect & VNM_AFFECT_LIVE ? &drv->live : &drv->persistent, name,
				   &net, err);
	if (r < 0)
		return r;
	if (note->kind == VNM_NOTE_METADATA)
		return vnm_metadata_get(net.metadata, note->uri, ret, err);
	text = note->kind == VNM_NOTE_TITLE ? net.title : net.description;
	*ret = text ? vnm_strdup(text) : NULL;
	return 0;
}

/**
 * vnm_driver_replace() - replace a definition by what became of its text in an editor
 * @drv:  the driver
 * @name: the network
 * @seen: the text that was edited
 * @text: the new one
 * @err:  VNM_ERR_STATE when somebody else changed the definition in between; else as vnm_driver_define()
 *
 * Return: 0 or -errno.
 */
int vnm_driver_replace(struct vnm_driver *drv, const char *name, const char *seen, const char *text,
		       struct vnm_error *err)
{
	vnm_autofree char *now = NULL, *file = vnm_asprintf("%s.xml", name), *kept = NULL;
	int r = vnm_driver_dumpxml(drv, name, true, &now, err);

	if (r < 0)
		return r;
	if (strcmp(now, seen) != 0)
		return vnm_error_set(err, VNM_ERR_STATE, EBUSY,
				     "the XML configuration was changed by another user");
	return vnm_driver_define(drv, text, strlen(text), file, &kept, err);
}
