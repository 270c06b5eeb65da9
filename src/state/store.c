/* SPDX-License-Identifier: GPL-2.0-or-later */
/* store.c - definitions on disk; see store.h. */
#include "state/store.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "state/pending.h"
#include "util/buf.h"
#include "util/mem.h"
#include "xml/document.h"
#include "xml/network_xml.h"

static char *xml_file(const char *name)
{
	return vnm_asprintf("%s.xml", name);
}

/** vnm_store_name_of() - NAME, allocated, if @file is NAME@suffix and NAME is a valid name of a network; else NULL */
char *vnm_store_name_of(const char *file, const char *suffix)
{
	size_t len = strlen(file), tail = strlen(suffix);
	char *name;

	if (len <= tail || strcmp(file + len - tail, suffix) != 0)
		return NULL;
	name = vnm_strndup(file, len - tail);
	if (vnm_name_valid(name))
		return name;
	free(name);
	return NULL;
}

static int name_cmp(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Adds the names that the shadow has, and drops those that it has removed. */
static char **shadow_names(const struct vnm_shadow *shadow, const char *suffix, char **names,
			   size_t *n)
{
	for (size_t i = 0; i < shadow->n; i++) {
		char *name = vnm_store_name_of(shadow->items[i].file, suffix);
		size_t at = 0;

		while (name && at < *n && strcmp(names[at], name) != 0)
			at++;
		if (name && at < *n) {
			free(names[at]);
			names[at] = names[--*n];
		}
		if (!name || !shadow->items[i].text) {
			free(name);
			continue;
		}
		names = vnm_array_add(names, n, sizeof(*names));
		names[*n - 1] = name;
	}
	return names;
}

static int list_names(const struct vnm_store *store, const char *suffix, char ***ret, size_t *ret_n,
		      struct vnm_error *err)
{
	vnm_autodir DIR *dir = NULL;
	const char *file;
	char **names = NULL;
	size_t n = 0;
	int r = store->fd == VNM_DIR_ABSENT ? 0 : vnm_dir_list(store->fd, ".", &dir);

	while (dir && r >= 0 && (r = vnm_dir_next(dir, &file)) > 0) {
		char *name = vnm_store_name_of(file, suffix);

		if (!name)
			continue;
		names = vnm_array_add(names, &n, sizeof(*names));
		names[n - 1] = name;
	}
	if (r < 0) {
		vnm_names_free(names, n);
		return vnm_error_set(err, VNM_ERR_SYSTEM, -r, "cannot read the directory '%s': %s",
				     store->path, strerror(-r));
	}
	*ret = names;
	*ret_n = n;
	return 0;
}

/**
 * vnm_store_names() - the networks that have a file here
 * @store:  the directory
 * @suffix: what follows the name: ".xml", ".journal"
 * @ret:    the names, sorted by bytes; free with vnm_names_free()
 * @ret_n:  how many
 * @err:    set on failure
 *
 * Other files (temporary ones, a person's backup) are skipped.
 *
 * Return: 0 or -errno.
 */
int vnm_store_names(const struct vnm_store *store, const char *suffix, char ***ret, size_t *ret_n,
		    struct vnm_error *err)
{
	bool known = vnm_settled_names(store->settled, suffix, ret, ret_n);
	int r = known ? 0 : list_names(store, suffix, ret, ret_n, err);

	if (r < 0)
		return r;
	if (store->shadow)
		*ret = shadow_names(store->shadow, suffix, *ret, ret_n);
	if (!known || store->shadow)
		vnm_names_sort(*ret, *ret_n);
	return 0;
}

/** vnm_names_sort() - sort names by bytes. */
void vnm_names_sort(char **names, size_t n)
{
	if (n > 0)
		qsort(names, n, sizeof(*names), name_cmp);
}

/** vnm_names_have() - is the name one of them? They are sorted. */
bool vnm_names_have(char *const *names, size_t n, const char *name)
{
	return n > 0 && bsearch(&name, names, n, sizeof(*names), name_cmp);
}

/** vnm_names_free() - free what vnm_store_names() returned. */
void vnm_names_free(char **names, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(names[i]);
	free(names);
}

/** vnm_store_readable() - is there a file for @name? Return: 1, 0, or -errno when it cannot be determined. */
int vnm_store_readable(const struct vnm_store *store, const char *name, struct vnm_error *err)
{
	vnm_autofree char *file = xml_file(name);
	const struct vnm_shadow_file *assumed = vnm_shadow_get(store->shadow, file);
	struct stat st;
	int r = vnm_stat_at(store->fd, file, &st);

	if (assumed)
		return assumed->text != NULL;
	if (r == 0)
		return 1;
	if (r == -ENOENT)
		return 0;
	return vnm_error_set(err, VNM_ERR_SYSTEM, -r, "cannot access '%s/%s': %s", store->path,
			     file, strerror(-r));
}

/** vnm_store_has() - is there a file for @name? Yes, if it cannot be determined: reading it reports why. */
bool vnm_store_has(const struct vnm_store *store, const char *name)
{
	struct vnm_error ignored = { 0 };

	return vnm_store_readable(store, name, &ignored) != 0;
}

/* Return: 0 or -errno. */
static int read_file(const struct vnm_store *store, const char *file, char **ret, size_t *ret_len)
{
	const struct vnm_shadow_file *assumed = vnm_shadow_get(store->shadow, file);

	if (!assumed)
		return vnm_file_read(store->fd, file, VNM_XML_MAX, ret, ret_len);
	if (!assumed->text)
		return -ENOENT;
	*ret = vnm_strdup(assumed->text);
	*ret_len = strlen(assumed->text);
	return 0;
}

static int load_file(const struct vnm_store *store, const char *name, const char *file,
		     struct vnm_network *ret, struct vnm_error *err)
{
	vnm_autofree char *path = vnm_asprintf("%s/%s", store->path, file);
	vnm_autofree char *text = NULL;
	vnm_autonetwork struct vnm_network net = { 0 };
	size_t len;
	int r;

	r = read_file(store, file, &text, &len);
	if (r == -ENOENT)
		return vnm_error_set(err, VNM_ERR_NO_NETWORK, ENOENT,
				     "Network not found: no network with matching name '%s'", name);
	if (r < 0)
		return vnm_error_set(err, VNM_ERR_STATE, -r, "cannot read '%s': %s", path,
				     strerror(-r));
	r = vnm_network_xml_parse(text, len, path, &net, err);
	if (r < 0)
		return r;
	if (strcmp(net.name, name) != 0)
		return vnm_error_set(
			err, VNM_ERR_STATE, EINVAL,
			"%s: holds network '%s' instead of '%s'; give the file its network's name",
			path, net.name, name);
	*ret = net;
	net = (struct vnm_network){ 0 };
	return 0;
}

/**
 * vnm_store_load() - read a definition
 * @store: the directory
 * @name:  the network, already checked
 * @ret:   free with vnm_network_clear()
 * @err:   set on failure
 *
 * The typed reader checks everything; the schema was applied when the file was written.
 *
 * Return: 0, -ENOENT (VNM_ERR_NO_NETWORK) when there is none, or another -errno.
 */
int vnm_store_load(const struct vnm_store *store, const char *name, struct vnm_network *ret,
		   struct vnm_error *err)
{
	vnm_autofree char *file = xml_file(name);

	return load_file(store, name, file, ret, err);
}

/** vnm_store_load_pending() - vnm_store_load() of a pending definition. */
int vnm_store_load_pending(const struct vnm_store *store, const char *name, struct vnm_network *ret,
			   struct vnm_error *err)
{
	vnm_autofree char *file = xml_file(name), *pending = vnm_pending_name(file);

	return load_file(store, name, pending, ret, err);
}

/* Return: 0 or -errno, when it is too long. */
static int format_file(const struct vnm_network *net, struct vnm_buf *ret, struct vnm_error *err)
{
	vnm_buf_add(ret,
		    "<!-- Kept by vnetmgr, which replaces this file whole: comments are lost.\n"
		    "     To change it: vnetmgr net-dumpxml, edit, vnetmgr net-define. -->\n");
	vnm_network_xml_format_secret(net, ret);
	/* A file without whitespace between its elements grows when it is printed. */
	if (ret->len <= VNM_XML_MAX)
		return 0;
	return vnm_error_set(err, VNM_ERR_XML_MEANING, EFBIG,
			     "the definition of network '%s' takes %zu bytes as it is kept, and "
			     "may take %d: make it smaller",
			     net->name, ret->len, VNM_XML_MAX);
}

/* Return: 0, or the -errno that @r is, which @what a file has failed with. */
static int report_failure(const struct vnm_store *store, int r, const char *what, const char *file,
			  struct vnm_error *err)
{
	return r < 0 ? vnm_error_set(err, VNM_ERR_SYSTEM, -r, "cannot %s '%s/%s': %s", what,
				     store->path, file, strerror(-r))
		     : 0;
}

/**
 * vnm_store_save() - write a definition, atomically
 * @store: the directory
 * @net:   the definition
 * @err:   set on failure
 *
 * Return: 0 or -errno; on failure the old file, if any, is unchanged.
 */
int vnm_store_save(const struct vnm_store *store, const struct vnm_network *net,
		   struct vnm_error *err)
{
	vnm_autofree char *file = xml_file(net->name);
	vnm_autobuf struct vnm_buf text = { 0 };
	int r = format_file(net, &text, err);

	if (r < 0)
		return r;
	vnm_settled_forget(store->settled);
	if (store->shadow)
		vnm_shadow_put(store->shadow, file, text.data);
	else
		r = vnm_file_replace(store->fd, file, text.data, text.len, 0600, (gid_t)-1,
				     store->durability);
	return report_failure(store, r, "write", file, err);
}

/** vnm_store_write_pending() - write a pending definition (state/pending.h); arguments and return value as vnm_store_save(). */
int vnm_store_write_pending(const struct vnm_store *store, const struct vnm_network *net,
			    struct vnm_error *err)
{
	vnm_autofree char *file = xml_file(net->name);
	vnm_autobuf struct vnm_buf text = { 0 };
	int r = format_file(net, &text, err);

	if (r < 0)
		return r;
	r = vnm_pending_write(store->fd, file, text.data, text.len, store->durability);
	return report_failure(store, r, "write", file, err);
}

/** vnm_store_commit() - commit the pending definition; none is fine. Return: 0 or -errno. */
int vnm_store_commit(const struct vnm_store *store, const char *name, struct vnm_error *err)
{
	vnm_autofree char *file = xml_file(name);
	int r;

	vnm_settled_forget(store->settled);
	r = vnm_pending_commit(store->fd, file, store->durability);
	return r == -ENOENT ? 0 : report_failure(store, r, "replace", file, err);
}

/** vnm_store_abort() - abort: remove the pending definition; none is fine. Return: 0 or -errno. */
int vnm_store_abort(const struct vnm_store *store, const char *name, struct vnm_error *err)
{
	vnm_autofree char *file = xml_file(name);
	int r = vnm_pending_abort(store->fd, file, store->durability);

	return report_failure(store, r, "remove what is pending for", file, err);
}

/**
 * vnm_store_amend() - vnm_store_save() of a definition that was changed in part
 *
 * It is pending first, by which watch_files.c distinguishes it from a new definition.
 *
 * Return: 0 or -errno.
 */
int vnm_store_amend(const struct vnm_store *store, const struct vnm_network *net,
		    struct vnm_error *err)
{
	int r;

	if (store->shadow)
		return vnm_store_save(store, net, err);
	r = vnm_store_write_pending(store, net, err);
	return r < 0 ? r : vnm_store_commit(store, net->name, err);
}

/** vnm_store_remove() - remove a definition. Return: 0 (also when there was none) or -errno. */
int vnm_store_remove(const struct vnm_store *store, const char *name, struct vnm_error *err)
{
	vnm_autofree char *file = xml_file(name);
	int r = 0;

	vnm_settled_forget(store->settled);
	if (store->shadow)
		vnm_shadow_put(store->shadow, file, NULL);
	else
		r = vnm_file_unlink(store->fd, file, store->durability);
	return report_failure(store, r, "remove", file, err);
}

static char *undefined_file(const char *name)
{
	return vnm_asprintf("%s" VNM_STORE_UNDEFINED, name);
}

/** vnm_store_commit_undefine() - NAME.xml becomes NAME.undefined, until all that belongs to it is removed. Return: 0 or -errno. */
int vnm_store_commit_undefine(const struct vnm_store *store, const char *name,
			      struct vnm_error *err)
{
	vnm_autofree char *from = xml_file(name), *to = undefined_file(name);
	int r;

	vnm_settled_forget(store->settled);
	r = renameat(store->fd, from, store->fd, to) < 0 ? -errno : vnm_fsync(store->fd);
	return report_failure(store, r, "remove", from, err);
}

/** vnm_store_end_undefine() - remove NAME.undefined; not synced: if a power loss restores it, that is done again. Return: 0 or -errno. */
int vnm_store_end_undefine(const struct vnm_store *store, const char *name, struct vnm_error *err)
{
	vnm_autofree char *file = undefined_file(name);

	return report_failure(store, vnm_file_unlink(store->fd, file, VNM_VOLATILE), "remove", file,
			      err);
}

/** vnm_autostart_readable() - is the network marked to be started at boot? Return: 1, 0, or -errno when it cannot be determined. */
int vnm_autostart_readable(int autostart_fd, const char *name, struct vnm_error *err)
{
	vnm_autofree char *file = xml_file(name);
	struct stat st;
	int r = vnm_stat_at(autostart_fd, file, &st);

	if (r == 0)
		return 1;
	if (r == -ENOENT)
		return 0;
	return vnm_error_set(err, VNM_ERR_SYSTEM, -r, "cannot access the autostart link '%s': %s",
			     file, strerror(-r));
}

/** vnm_autostart_get() - vnm_autostart_readable(), with an error as "no". */
bool vnm_autostart_get(int autostart_fd, const char *name)
{
	struct vnm_error ignored = { 0 };

	return vnm_autostart_readable(autostart_fd, name, &ignored) > 0;
}

/**
 * vnm_autostart_set() - create or remove the autostart link of a network
 * @autostart_fd: the autostart directory, below that of the definitions
 * @name:         the network
 * @on:           which
 * @err:          set on failure
 *
 * The link is a symlink to the definition, as libvirt's; only its existence counts. May be repeated.
 *
 * Return: 0 or -errno; on success it survives a power loss.
 */
int vnm_autostart_set(int autostart_fd, const char *name, bool on, struct vnm_error *err)
{
	vnm_autofree char *file = xml_file(name);
	vnm_autofree char *target = vnm_asprintf("../%s", file);
	int r = 0;

	if (!on)
		r = vnm_file_unlink(autostart_fd, file, VNM_DURABLE);
	else if (symlinkat(target, autostart_fd, file) < 0 && errno != EEXIST)
		r = -errno;
	else
		r = vnm_fsync(autostart_fd);
	if (r < 0)
		return vnm_error_set(err, VNM_ERR_SYSTEM, -r,
				     "cannot %s the autostart link '%s': %s",
				     on ? "make" : "remove", file, strerror(-r));
	return 0;
}
