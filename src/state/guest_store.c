/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * guest_store.c - attachments on disk: the lists of what was asked for, and the directories of their journals; see attach.c.
 *
 * All attachments of a network are in one file: there may be hundreds, and every attach reads them all.
 *
 * Earlier versions had other names for both directories (upgrade.c). The old one of the journals stays as long as the network
 * has DHCP clients from then, which have their files open there and are identified by those paths.
 */
#include "state/guest_store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "state/session.h"
#include "util/dir.h"
#include "util/mem.h"
#include "xml/attach_xml.h"

#define FILE_BYTES_MAX (1024 * 1024)

/** vnm_attach_made_dir() - the path of the directory of the journals of a network's attachments, allocated */
char *vnm_attach_made_dir(const struct vnm_paths *paths, const char *name)
{
	return vnm_asprintf("%s/%s", paths->made, name);
}

/** vnm_attach_client_dir() - the path of the directory of the DHCP clients of a network's guests, allocated */
char *vnm_attach_client_dir(const struct vnm_paths *paths, const char *name)
{
	char *old = paths->old_made ? vnm_asprintf("%s/%s", paths->old_made, name) : NULL;

	if (old && (access(old, F_OK) == 0 || errno != ENOENT))
		return old;
	free(old);
	return vnm_attach_made_dir(paths, name);
}

/* For readers without the lock: no command with it has upgraded the state. */
static int open_old(const struct vnm_paths *paths, const char *name)
{
	vnm_autofree char *path = vnm_asprintf("%s/%s", paths->old_made, name);

	return vnm_open(AT_FDCWD, path, O_RDONLY | O_DIRECTORY, 0);
}

/**
 * vnm_attach_made_at() - open the directory of the journals of a network's attachments
 * @paths: where it is
 * @name:  the network
 * @make:  create it if it is missing
 * @err:   set on failure
 *
 * Return: a descriptor; -ENOENT without @err: there is none; -errno.
 */
int vnm_attach_made_at(const struct vnm_paths *paths, const char *name, bool make,
		       struct vnm_error *err)
{
	vnm_autofree char *path = vnm_attach_made_dir(paths, name);
	vnm_autoclose int above = -1;
	struct stat st;

	if (!make && stat(path, &st) < 0 && errno == ENOENT)
		return paths->old_made ? open_old(paths, name) : -ENOENT;
	above = vnm_dir_open(paths->made, 0755, err);
	return above < 0 ? above : vnm_dir_openat(above, name, 0755, (gid_t)-1, err);
}

/** vnm_attach_made() - the same, of a driver. */
int vnm_attach_made(struct vnm_driver *drv, const char *name, bool make, struct vnm_error *err)
{
	return vnm_attach_made_at(&drv->paths, name, make, err);
}

/**
 * vnm_attach_journal() - the journal of an attachment, as a reader without the lock finds it
 * @made: the directory
 * @dev:  the device
 * @ret:  free with vnm_journal_clear()
 * @err:  set on failure
 *
 * Return: as vnm_journal_read().
 */
int vnm_attach_journal(int made, const char *dev, struct vnm_journal *ret, struct vnm_error *err)
{
	int r = vnm_journal_read(made, dev, true, ret, err);

	return r == -ENOENT ? vnm_journal_read_old(made, dev, ret, err) : r;
}

/**
 * vnm_attach_made_before() - what was made of an attachment, before it is made anew
 * @made: the directory
 * @dev:  the device
 * @ret:  its journal; free with vnm_journal_clear()
 * @err:  set on failure, but for -ENOENT
 *
 * One that cannot be read now is not missing: what is in it would stay for ever.
 *
 * Return: 0; -ENOENT: there is none, or it will never be readable; another -errno.
 */
int vnm_attach_made_before(int made, const char *dev, struct vnm_journal *ret,
			   struct vnm_error *err)
{
	struct vnm_error unread = { 0 };
	int r = vnm_journal_read(made, dev, true, ret, &unread);

	if (r < 0 && r != -ENOENT && unread.code != VNM_ERR_SYSTEM)
		return -ENOENT;
	if (r < 0 && r != -ENOENT)
		*err = unread;
	return r;
}

/** vnm_attach_drop_empty() - remove empty directories of journals */
void vnm_attach_drop_empty(struct vnm_driver *drv, const char *name)
{
	char *const paths[] = { vnm_attach_made_dir(&drv->paths, name),
				vnm_attach_client_dir(&drv->paths, name) };

	for (size_t i = 0; i < VNM_ARRAY_SIZE(paths); i++) {
		(void)rmdir(paths[i]);
		*strrchr(paths[i], '/') = '\0';
		(void)rmdir(paths[i]);
		free(paths[i]);
	}
}

static void forget_cache(struct vnm_driver *drv)
{
	vnm_attachments_clear(&drv->guests);
	free(drv->guests_of);
	drv->guests_of = NULL;
}

/* Return: a directory, open; -ENOENT without @err: it has no such file; -errno. */
static int open_list(const struct vnm_paths *paths, const char *path, const char *file,
		     struct vnm_error *err)
{
	vnm_autofree char *list = vnm_asprintf("%s/%s", path, file);

	if (access(list, F_OK) < 0 && errno == ENOENT)
		return -ENOENT;
	return paths->public ? vnm_open(AT_FDCWD, path, O_RDONLY | O_DIRECTORY, 0)
			     : vnm_dir_open(path, 0755, err);
}

/**
 * vnm_attachments_read() - read all attachments of a network from their file
 * @paths: where it is
 * @name:  the network
 * @ret:   free with vnm_attachments_clear(); empty without a file
 * @err:   set on failure
 *
 * Return: 0 or -errno.
 */
int vnm_attachments_read(const struct vnm_paths *paths, const char *name,
			 struct vnm_attachments *ret, struct vnm_error *err)
{
	/* Without the lock, the list may be moved from the old place to the new one between the two attempts. */
	const char *const dirs[] = { paths->attachments, paths->old_attachments,
				     paths->attachments };
	const size_t n_dirs = paths->old_attachments ? VNM_ARRAY_SIZE(dirs) : 1;
	vnm_autofree char *file = vnm_asprintf("%s.xml", name), *path = NULL, *text = NULL;
	vnm_autoclose int dir = -ENOENT;
	size_t len;
	int r;

	for (size_t i = 0; i < n_dirs && dir == -ENOENT; i++) {
		free(path);
		path = vnm_asprintf("%s/%s", dirs[i], file);
		dir = open_list(paths, dirs[i], file, err);
	}
	if (dir < 0)
		return dir == -ENOENT ? 0 : dir;
	r = vnm_file_read(dir, file, FILE_BYTES_MAX, &text, &len);
	if (r < 0)
		return vnm_error_set(err, vnm_file_damaged(r) ? VNM_ERR_STATE : VNM_ERR_SYSTEM, -r,
				     "cannot read '%s': %s", path, strerror(-r));
	return vnm_attachments_parse(text, len, path, ret, err);
}

/* Rewrites the file; removes it with the last attachment. */
static int write_file(struct vnm_driver *drv, const char *name,
		      const struct vnm_attachments *attachments, struct vnm_error *err)
{
	vnm_autofree char *file = vnm_asprintf("%s.xml", name);
	vnm_autoclose int dir = vnm_dir_open(drv->paths.attachments, 0755, err);
	vnm_autobuf struct vnm_buf text = { 0 };
	int r;

	if (dir < 0)
		return dir;
	(void)vnm_file_sweep_temp(dir);
	vnm_attachments_format(attachments, &text);
	if (text.len > FILE_BYTES_MAX)
		return vnm_error_set(err, VNM_ERR_STATE, EFBIG,
				     "network '%s' has %zu guests already, and their list '%s/%s' "
				     "would be longer than %d bytes; use a second network",
				     name, attachments->n_items - 1, drv->paths.attachments, file,
				     FILE_BYTES_MAX);
	if (attachments->n_items == 0)
		r = vnm_file_unlink(dir, file, VNM_DURABLE);
	else
		r = vnm_file_replace(dir, file, text.data, text.len, 0600, (gid_t)-1, VNM_DURABLE);
	if (r < 0)
		return vnm_error_set(err, VNM_ERR_SYSTEM, -r, "cannot write '%s/%s': %s",
				     drv->paths.attachments, file, strerror(-r));
	return 0;
}

/* Loads them into drv->guests, valid until the command ends or another network's are loaded. */
static int load_cached(struct vnm_driver *drv, const char *name, struct vnm_error *err)
{
	int r;

	if (drv->guests_of && !strcmp(drv->guests_of, name))
		return 0;
	forget_cache(drv);
	r = vnm_attachments_read(&drv->paths, name, &drv->guests, err);
	if (r == 0)
		drv->guests_of = vnm_strdup(name);
	return r;
}

/**
 * vnm_attachments_get() - all attachments of a network, borrowed
 * @drv:  the driver
 * @name: the network
 *
 * Return: the attachments, valid until one is added or removed, or another network's are read; none, with a
 * warning, when they cannot be read.
 */
const struct vnm_attachments *vnm_attachments_get(struct vnm_driver *drv, const char *name)
{
	struct vnm_error err = { 0 };

	if (load_cached(drv, name, &err) < 0 && !drv->guests_unread) {
		vnm_driver_report(drv, VNM_REPORT_WARNING,
				  "the guests of network '%s' are not known: %s", name, err.msg);
		drv->guests_unread = true;
	}
	return &drv->guests;
}

/**
 * vnm_attachments_load_error() - why they could not be read, unless their file is malformed
 * @drv:  the driver
 * @name: the network
 * @err:  set on failure
 *
 * To be called before anything that relies on the list of vnm_attachments_get() being complete.
 *
 * Return: 0 or -errno.
 */
int vnm_attachments_load_error(struct vnm_driver *drv, const char *name, struct vnm_error *err)
{
	struct vnm_error why = { 0 };
	int r = load_cached(drv, name, &why);

	if (r == 0 || why.code != VNM_ERR_SYSTEM)
		return 0;
	*err = why;
	return r;
}

/**
 * vnm_attachments_load() - a copy of all attachments of a network
 * @drv:  the driver
 * @name: the network
 * @ret:  free with vnm_attachments_clear(); none, with a warning, when they cannot be read
 */
void vnm_attachments_load(struct vnm_driver *drv, const char *name, struct vnm_attachments *ret)
{
	vnm_attachments_copy(vnm_attachments_get(drv, name), ret);
}

static void drop_attachment(struct vnm_attachments *attachments, const char *dev)
{
	size_t n = 0;

	for (size_t i = 0; i < attachments->n_items; i++) {
		if (!strcmp(attachments->items[i].dev, dev))
			vnm_attach_clear(&attachments->items[i]);
		else
			attachments->items[n++] = attachments->items[i];
	}
	attachments->n_items = n;
}

/* Makes @all, which is emptied, the list; on failure the file is read again. */
static int save_list(struct vnm_driver *drv, const char *name, struct vnm_attachments *all,
		     struct vnm_error *err)
{
	int r = write_file(drv, name, all, err);

	forget_cache(drv);
	if (r < 0)
		return r;
	drv->guests = *all;
	drv->guests_of = vnm_strdup(name);
	*all = (struct vnm_attachments){ 0 };
	return 0;
}

/** vnm_attach_save() - store an attachment, for the next start and the next boot. Return: 0 or -errno. */
int vnm_attach_save(struct vnm_driver *drv, const struct vnm_attachment *attach,
		    struct vnm_error *err)
{
	vnm_autoattachments struct vnm_attachments all = { 0 };
	int r = load_cached(drv, attach->network, err);

	if (r < 0)
		return r;
	vnm_attachments_copy(&drv->guests, &all);
	drop_attachment(&all, attach->dev);
	all.items = vnm_array_add(all.items, &all.n_items, sizeof(*all.items));
	vnm_attach_copy(attach, &all.items[all.n_items - 1]);
	return save_list(drv, attach->network, &all, err);
}

/**
 * vnm_attach_replace_all() - replace all attachments of a network
 * @drv:  the driver
 * @name: the network
 * @all:  the new ones; emptied
 * @err:  set on failure; then the old ones remain
 *
 * Return: 0 or -errno.
 */
int vnm_attach_replace_all(struct vnm_driver *drv, const char *name, struct vnm_attachments *all,
			   struct vnm_error *err)
{
	return save_list(drv, name, all, err);
}

/** vnm_attach_forget() - remove an attachment from the list; a missing one is fine. Return: 0 or -errno. */
int vnm_attach_forget(struct vnm_driver *drv, const char *name, const char *dev,
		      struct vnm_error *err)
{
	vnm_autoattachments struct vnm_attachments all = { 0 };
	int r = load_cached(drv, name, err);

	if (r < 0)
		return r;
	vnm_attachments_copy(&drv->guests, &all);
	drop_attachment(&all, dev);
	return all.n_items == drv->guests.n_items ? 0 : save_list(drv, name, &all, err);
}

static int move_made(const char *base, const char *old, const char *to, struct vnm_error *err)
{
	vnm_autofree char *from = vnm_asprintf("%s/%s", base, old);
	vnm_autofree char *dir = vnm_asprintf("%s/%s", base, to);

	if (rename(from, dir) == 0 || errno == ENOENT)
		return 0;
	return vnm_error_set(err, VNM_ERR_SYSTEM, errno, "cannot rename '%s' to '%s': %s", from,
			     dir, strerror(errno));
}

/**
 * vnm_attach_move() - move a network's attachments to its new name
 * @drv: the driver
 * @old: the old name
 * @to:  the new name
 * @err: set on failure
 *
 * May be repeated after an interruption.
 *
 * Return: 0 or -errno.
 */
int vnm_attach_move(struct vnm_driver *drv, const char *old, const char *to, struct vnm_error *err)
{
	vnm_autoattachments struct vnm_attachments all = { 0 };
	const struct vnm_attachments none = { 0 };
	int r = vnm_attachments_read(&drv->paths, old, &all, err);

	if (r < 0 || all.n_items == 0)
		return r;
	for (size_t i = 0; i < all.n_items; i++) {
		free(all.items[i].network);
		all.items[i].network = vnm_strdup(to);
	}
	forget_cache(drv);
	r = write_file(drv, to, &all, err);
	if (r == 0)
		r = move_made(drv->paths.made, old, to, err);
	return r < 0 ? r : write_file(drv, old, &none, err);
}

/** vnm_attach_sweep() - remove the temporary files of interrupted writes */
void vnm_attach_sweep(struct vnm_driver *drv)
{
	struct vnm_error ignored = { 0 };
	vnm_autoclose int dir = vnm_dir_open(drv->paths.attachments, 0755, &ignored);

	if (dir >= 0)
		(void)vnm_file_sweep_temp(dir);
}
