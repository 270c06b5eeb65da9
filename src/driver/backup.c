/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * backup.c - net-export and net-import of a file.
 *
 * The file is JSON (schemas/json/backup.json). Of each network it has the persistent definition and the attachments as their XML texts, and
 * the leases as the lines of dnsmasq's file.
 *
 * An import is checked whole, in a dry run of its own, before it changes anything; what fails after that is put back as it was. A
 * command that was killed leaves a part of the networks imported, and importing the same file again completes it.
 */
#include "driver/backup.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <string.h>

#include "driver/define.h"
#include "driver/undefine.h"
#include "run/definition.h"
#include "state/assume.h"
#include "state/guest_store.h"
#include "state/leases.h"
#include "state/networks.h"
#include "state/session.h"
#include "state/store.h"
#include "sys/process/leases.h"
#include "util/dir.h"
#include "util/file.h"
#include "util/mem.h"
#include "xml/attach_xml.h"
#include "xml/network_xml.h"

#define BACKUP_VERSION 1

static void cleanup_json(json_t **value)
{
	json_decref(*value);
}
#define autojson __attribute__((cleanup(cleanup_json)))

/**
 * struct entry - a network of a backup; the texts belong to the document
 * @file:   names it, in messages about @definition
 * @before: the definition that it replaces, if @had
 * @was_marked: for autostart
 */
struct entry {
	const char *name, *definition, *attachments, *leases;
	bool autostart;
	char *file;
	struct vnm_network before;
	bool had, was_marked;
	struct vnm_attachments guests;
};

struct entries {
	struct entry *items;
	size_t n;
};

static void entries_clear(struct entries *entries)
{
	for (size_t i = 0; i < entries->n; i++) {
		free(entries->items[i].file);
		vnm_network_clear(&entries->items[i].before);
		vnm_attachments_clear(&entries->items[i].guests);
	}
	free(entries->items);
}
#define autoentries __attribute__((cleanup(entries_clear)))

static void set_text(json_t *object, const char *key, const char *text)
{
	json_t *value = json_string(text);

	if (!value || json_object_set_new(object, key, value) < 0)
		vnm_oom();
}

static int export_leases(struct vnm_driver *drv, const char *name, json_t *object,
			 struct vnm_error *err)
{
	vnm_autoleases struct vnm_leases leases = { 0 };
	int r = vnm_leases_load(drv, name, &leases, err);

	if (r == 0 && leases.n > 0)
		set_text(object, "leases", leases.text);
	return r;
}

static int export_attachments(struct vnm_driver *drv, const char *name, json_t *object,
			      struct vnm_error *err)
{
	vnm_autoattachments struct vnm_attachments guests = { 0 };
	vnm_autobuf struct vnm_buf text = { 0 };
	int r = vnm_attachments_read(&drv->paths, name, &guests, err);

	if (r < 0 || guests.n_items == 0)
		return r;
	vnm_attachments_format(&guests, &text);
	set_text(object, "attachments", vnm_buf_str(&text));
	return 0;
}

static int export_one(struct vnm_driver *drv, const char *name, json_t *networks,
		      struct vnm_error *err)
{
	vnm_autonetwork struct vnm_network net = { 0 };
	vnm_autofree char *text = NULL;
	json_t *object;
	int r = vnm_store_load(&drv->persistent, name, &net, err);

	if (r < 0)
		return r;
	object = json_object();
	if (!object || json_array_append_new(networks, object) < 0)
		vnm_oom();
	text = vnm_definition_text(&net);
	set_text(object, "name", name);
	json_object_set_new(object, "autostart",
			    json_boolean(vnm_autostart_get(drv->autostart_fd, name)));
	set_text(object, "definition", text);
	r = export_attachments(drv, name, object, err);
	return r < 0 ? r : export_leases(drv, name, object, err);
}

/**
 * vnm_driver_export() - networks as the text of a backup
 * @drv:   the driver
 * @names: the networks, @n of them; one without a persistent definition is left out, with a warning
 * @n:     how many
 * @ret:   the text, allocated
 * @err:   set on failure
 *
 * Return: 0 or -errno.
 */
int vnm_driver_export(struct vnm_driver *drv, const char *const *names, size_t n, char **ret,
		      struct vnm_error *err)
{
	json_t *document autojson = json_object(), *networks = json_array();
	vnm_autofree char *text = NULL;
	int r = 0;

	json_object_set_new(document, "version", json_integer(BACKUP_VERSION));
	json_object_set_new(document, "networks", networks);
	for (size_t i = 0; i < n && r == 0; i++) {
		if (vnm_store_has(&drv->persistent, names[i]))
			r = export_one(drv, names[i], networks, err);
		else
			vnm_driver_report(drv, VNM_REPORT_WARNING,
					  "network '%s' is transient, and not exported", names[i]);
	}
	if (r < 0)
		return r;
	text = json_dumps(document, JSON_INDENT(2));
	if (!text)
		vnm_oom();
	*ret = vnm_asprintf("%s\n", text);
	return 0;
}

static int refuse_file(const char *file, const char *why, struct vnm_error *err)
{
	return vnm_error_set(err, VNM_ERR_USAGE, EINVAL, "%s: not a backup of vnetmgr: %s", file,
			     why);
}

static int parse_entry(const json_t *object, const char *file, struct entry *ret,
		       struct vnm_error *err)
{
	json_error_t why;
	int autostart;

	if (json_unpack_ex((json_t *)object, &why, JSON_STRICT, "{s:s, s:b, s:s, s?s, s?s}", "name",
			   &ret->name, "autostart", &autostart, "definition", &ret->definition,
			   "attachments", &ret->attachments, "leases", &ret->leases) < 0)
		return refuse_file(file, why.text, err);
	ret->autostart = autostart;
	ret->file = vnm_asprintf("%s: network '%s'", file, ret->name);
	return ret->attachments ? vnm_attachments_parse(ret->attachments, strlen(ret->attachments),
							ret->file, &ret->guests, err)
				: 0;
}

/* @document: owns the texts of @ret; both are freed by the caller, also on failure. */
static int parse(const char *text, size_t len, const char *file, json_t **document,
		 struct entries *ret, struct vnm_error *err)
{
	json_error_t why;
	json_t *networks;
	int version, r = 0;

	*document = json_loadb(text, len, JSON_REJECT_DUPLICATES, &why);
	if (!*document)
		return vnm_error_set(err, VNM_ERR_USAGE, EINVAL, "%s:%d: %s", file, why.line,
				     why.text);
	if (json_unpack_ex(*document, &why, 0, "{s:i, s:o}", "version", &version, "networks",
			   &networks) < 0)
		return refuse_file(file, why.text, err);
	if (version != BACKUP_VERSION)
		return vnm_error_set(err, VNM_ERR_NEWER, EINVAL,
				     "%s: a backup of version %d, and this program knows version "
				     "%d: import it with the vnetmgr that made it, or a later one",
				     file, version, BACKUP_VERSION);
	if (!json_is_array(networks))
		return refuse_file(file, "'networks' is no list", err);
	for (size_t i = 0; i < json_array_size(networks) && r == 0; i++) {
		ret->items = vnm_array_add(ret->items, &ret->n, sizeof(*ret->items));
		r = parse_entry(json_array_get(networks, i), file, &ret->items[ret->n - 1], err);
	}
	return r;
}

static int check_leases(const struct entry *entry, struct vnm_error *err)
{
	struct vnm_lease_entry *leases;
	size_t n;
	int damaged;

	if (!entry->leases)
		return 0;
	damaged = vnm_leases_parse(entry->leases, &leases, &n);
	vnm_leases_free(leases, n);
	return damaged ? vnm_error_set(err, VNM_ERR_USAGE, EINVAL,
				       "%s: %d of its leases cannot be read", entry->file, damaged)
		       : 0;
}

static int check_guests(const struct entry *entry, struct vnm_error *err)
{
	for (size_t i = 0; i < entry->guests.n_items; i++)
		if (strcmp(entry->guests.items[i].network, entry->name) != 0)
			return vnm_error_set(err, VNM_ERR_USAGE, EINVAL,
					     "%s: its guest '%s' is attached to network '%s'",
					     entry->file, entry->guests.items[i].dev,
					     entry->guests.items[i].network);
	return 0;
}

static int check_entry(struct vnm_driver *drv, const struct entry *entry, struct vnm_error *err)
{
	vnm_autoapplied struct vnm_applied applied = { 0 };
	int r;

	if (vnm_driver_active(drv, entry->name))
		return vnm_error_set(
			err, VNM_ERR_ACTIVE, EBUSY,
			"network '%s' is active; stop it first: vnetmgr net-destroy %s",
			entry->name, entry->name);
	r = vnm_driver_define(drv, entry->definition, strlen(entry->definition), entry->file,
			      &applied, err);
	if (r < 0)
		return r;
	if (strcmp(applied.name, entry->name) != 0)
		return vnm_error_set(err, VNM_ERR_USAGE, EINVAL,
				     "%s: its definition is of network '%s'", entry->file,
				     applied.name);
	r = check_guests(entry, err);
	return r < 0 ? r : check_leases(entry, err);
}

/* In a dry run, of which nothing remains unless this is one. */
static int check_all(struct vnm_driver *drv, const struct entries *entries, struct vnm_error *err)
{
	struct vnm_report report = drv->report;
	struct vnm_assumed *own = drv->assumed ? NULL : vnm_assumed_new();
	int r = 0;

	if (own) {
		drv->report = (struct vnm_report){ 0 }; /* warnings come with the second pass */
		vnm_driver_set_assumed(drv, own);
	}
	for (size_t i = 0; i < entries->n && r == 0; i++)
		r = check_entry(drv, &entries->items[i], err);
	if (own) {
		vnm_driver_set_assumed(drv, NULL);
		vnm_assumed_free(own);
		drv->report = report;
	}
	return r;
}

static int write_leases(struct vnm_driver *drv, const struct entry *entry, struct vnm_error *err)
{
	return entry->leases ? vnm_driver_put_leases(drv, entry->name, entry->leases, err)
			     : vnm_driver_drop_leases(drv, entry->name, err);
}

static int import_one(struct vnm_driver *drv, struct entry *entry, struct vnm_error *err)
{
	vnm_autoapplied struct vnm_applied applied = { 0 };
	vnm_autoattachments struct vnm_attachments guests = { 0 };
	int r = 0;

	vnm_attachments_copy(&entry->guests, &guests);
	entry->had = vnm_store_has(&drv->persistent, entry->name);
	entry->was_marked = vnm_autostart_get(drv->autostart_fd, entry->name);
	if (entry->had)
		r = vnm_store_load(&drv->persistent, entry->name, &entry->before, err);
	if (r == 0)
		r = vnm_driver_define(drv, entry->definition, strlen(entry->definition),
				      entry->file, &applied, err);
	if (r == 0)
		r = vnm_attach_replace_all(drv, entry->name, &guests, err);
	if (r == 0)
		r = write_leases(drv, entry, err);
	return r < 0 ? r : vnm_autostart_set(drv->autostart_fd, entry->name, entry->autostart, err);
}

/* The definitions as they were; leases and attachments of networks that there were before are those of the backup. */
static void put_back(struct vnm_driver *drv, struct entry *entry)
{
	struct vnm_error ignored = { 0 };

	if (!entry->had) {
		(void)vnm_driver_undefine(drv, entry->name, &ignored);
		return;
	}
	(void)vnm_store_save(&drv->persistent, &entry->before, &ignored);
	(void)vnm_autostart_set(drv->autostart_fd, entry->name, entry->was_marked, &ignored);
}

static char *describe(const struct entry *entry)
{
	vnm_autobuf struct vnm_buf text = { 0 };
	struct vnm_lease_entry *leases;
	size_t n = 0;

	if (entry->leases) {
		(void)vnm_leases_parse(entry->leases, &leases, &n);
		vnm_leases_free(leases, n);
	}
	vnm_buf_printf(&text, "definition");
	if (n > 0)
		vnm_buf_printf(&text, ", %zu lease%s", n, n == 1 ? "" : "s");
	if (entry->guests.n_items > 0)
		vnm_buf_printf(&text, ", %zu guest%s", entry->guests.n_items,
			       entry->guests.n_items == 1 ? "" : "s");
	if (entry->autostart)
		vnm_buf_add(&text, ", autostart");
	return vnm_buf_steal(&text);
}

static struct vnm_result *make_results(const struct entries *entries)
{
	struct vnm_result *results = vnm_alloc((entries->n + 1) * sizeof(*results));

	for (size_t i = 0; i < entries->n; i++) {
		results[i].name = vnm_strdup(entries->items[i].name);
		results[i].detail = describe(&entries->items[i]);
	}
	return results;
}

/**
 * vnm_driver_import_backup() - define the networks of a backup, with all that it has of them
 * @drv:   the driver
 * @text:  the backup, @len bytes
 * @len:   its length
 * @file:  its name, for messages
 * @ret:   a result per network; @detail says what was imported. Free with vnm_results_free()
 * @ret_n: how many
 * @err:   set on failure: then no definition is changed. VNM_ERR_ACTIVE: a network of the backup is active
 *
 * Replaces the definitions, leases and attachments of networks that there are already.
 *
 * Return: 0 or -errno.
 */
int vnm_driver_import_backup(struct vnm_driver *drv, const char *text, size_t len, const char *file,
			     struct vnm_result **ret, size_t *ret_n, struct vnm_error *err)
{
	struct entries entries autoentries = { 0 };
	json_t *document autojson = NULL;
	size_t done = 0;
	int r = parse(text, len, file, &document, &entries, err);

	if (r == 0)
		r = check_all(drv, &entries, err);
	for (; r == 0 && !drv->assumed && done < entries.n; done++)
		r = import_one(drv, &entries.items[done], err);
	if (r < 0) {
		while (done > 0)
			put_back(drv, &entries.items[--done]);
		return r;
	}
	*ret = make_results(&entries);
	*ret_n = entries.n;
	return 0;
}
