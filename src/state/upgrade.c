/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * upgrade.c - renames what earlier versions called otherwise.
 *
 *   earlier                          now
 *   LIB/ports/NETWORK.xml            LIB/attachments/NETWORK.xml
 *   RUN/attached/NETWORK/DEV.made    RUN/attachments/NETWORK/DEV.journal
 *   RUN/attached/NETWORK/DEV.journal RUN/attachments/NETWORK/DEV.journal.pending
 *   RUN/NAME.update                  RUN/NAME.journal.pending
 *   RUN/NAME.staged, ETC/NAME.staged RUN/NAME.xml.pending, ETC/NAME.xml.pending
 *
 * The first command with the lock does it, as the beginning of recovery, one rename after the other; a killed one is continued by the next
 * command. What cannot be renamed stays for the next command, too.
 */
#include "state/upgrade.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "state/pending.h"
#include "state/session.h"
#include "state/store.h"
#include "util/dir.h"
#include "util/mem.h"

/* One by one: some may be in either place. A list in both was written since the upgrade, and the new one stays. */
static void move_lists(const struct vnm_paths *paths)
{
	vnm_autoclose int from =
		vnm_open(AT_FDCWD, paths->old_attachments, O_RDONLY | O_DIRECTORY, 0);
	vnm_autoclose int to = vnm_open(AT_FDCWD, paths->attachments, O_RDONLY | O_DIRECTORY, 0);
	const struct vnm_store store = { from, paths->old_attachments, VNM_DURABLE };
	struct vnm_error ignored = { 0 };
	char **names;
	size_t n;

	if (from < 0 || to < 0 || vnm_store_names(&store, ".xml", &names, &n, &ignored) < 0)
		return;
	for (size_t i = 0; i < n; i++) {
		vnm_autofree char *file = vnm_asprintf("%s.xml", names[i]);
		struct stat st;

		if (vnm_stat_at(to, file, &st) == -ENOENT)
			(void)renameat(from, file, to, file);
	}
	vnm_names_free(names, n);
	(void)rmdir(paths->old_attachments);
}

/* NAME@suffix becomes NAME@ending, and replaces NAME@rival beside it, unless that is NULL. */
static void move_files(int from, const char *suffix, int to, const char *ending, const char *rival)
{
	const struct vnm_store store = { from, "", VNM_VOLATILE };
	struct vnm_error ignored = { 0 };
	char **names;
	size_t n;

	if (vnm_store_names(&store, suffix, &names, &n, &ignored) < 0)
		return;
	for (size_t i = 0; i < n; i++) {
		vnm_autofree char *old = vnm_asprintf("%s%s", names[i], suffix);
		vnm_autofree char *new = vnm_asprintf("%s%s", names[i], ending);
		vnm_autofree char *beside = rival ? vnm_asprintf("%s%s", names[i], rival) : NULL;

		if (!beside || vnm_file_unlink(from, beside, VNM_VOLATILE) == 0)
			(void)renameat(from, old, to, new);
	}
	vnm_names_free(names, n);
}

/**
 * vnm_upgrade_files() - rename what earlier versions wrote and did not commit
 * @fd: the run directory, or that of the definitions
 *
 * In one look at the directory, which may be long; vnm_leftovers() says whether it is needed.
 */
void vnm_upgrade_files(int fd)
{
	static const char *const renamed[][2] = { { ".update", ".journal" VNM_PENDING },
						  { ".staged", VNM_STORE_PENDING } };
	vnm_autodir DIR *dir = NULL;
	const char *file;

	if (vnm_dir_list(fd, ".", &dir) < 0)
		return;
	while (vnm_dir_next(dir, &file) > 0)
		for (size_t i = 0; i < VNM_ARRAY_SIZE(renamed); i++) {
			vnm_autofree char *name = vnm_store_name_of(file, renamed[i][0]);
			vnm_autofree char *new = NULL;

			if (!name)
				continue;
			new = vnm_asprintf("%s%s", name, renamed[i][1]);
			(void)renameat(fd, file, fd, new);
		}
}

/* The directory stays while DHCP clients have files there. */
static void move_journals(const struct vnm_paths *paths, const char *name)
{
	vnm_autofree char *path = vnm_asprintf("%s/%s", paths->old_made, name);
	vnm_autoclose int from = vnm_open(AT_FDCWD, path, O_RDONLY | O_DIRECTORY, 0);
	struct vnm_error ignored = { 0 };
	vnm_autoclose int above = -1, to = -1;

	if (from < 0 || rmdir(path) == 0)
		return;
	above = vnm_dir_open(paths->made, 0755, &ignored);
	to = above < 0 ? above : vnm_dir_openat(above, name, 0755, (gid_t)-1, &ignored);
	if (to < 0)
		return;
	/* With both, a repair was interrupted while it wrote the journal again. */
	move_files(from, ".made", to, ".journal", ".journal");
	move_files(from, ".journal", to, ".journal" VNM_PENDING, NULL);
	(void)rmdir(path);
}

static void move_all_journals(const struct vnm_paths *paths)
{
	vnm_autodir DIR *dir = NULL;
	const char *name;

	if (vnm_dir_list(AT_FDCWD, paths->old_made, &dir) < 0)
		return;
	while (vnm_dir_next(dir, &name) > 0)
		if (vnm_name_valid(name))
			move_journals(paths, name);
	(void)rmdir(paths->old_made);
}

/** vnm_upgrade_ports() - remove ports that were being created or deleted. Return: whether there were any: plan their network again. */
bool vnm_upgrade_ports(int fd)
{
	static const char *const suffixes[] = { ".coming", ".going" };
	const struct vnm_store store = { fd, "", VNM_VOLATILE };
	struct vnm_error ignored = { 0 };
	size_t total = 0;

	for (size_t i = 0; i < VNM_ARRAY_SIZE(suffixes); i++) {
		char **uuids = NULL;
		size_t n = 0;

		(void)vnm_store_names(&store, suffixes[i], &uuids, &n, &ignored);
		for (size_t k = 0; k < n; k++) {
			vnm_autofree char *file = vnm_asprintf("%s%s", uuids[k], suffixes[i]);

			(void)vnm_file_unlink(fd, file, VNM_VOLATILE);
		}
		vnm_names_free(uuids, n);
		total += n;
	}
	return total > 0;
}

/**
 * vnm_upgrade_attachments() - move the attachments of earlier versions
 * @drv: the driver, with the lock
 */
void vnm_upgrade_attachments(struct vnm_driver *drv)
{
	struct vnm_paths *paths = &drv->paths;

	if (paths->old_attachments && rename(paths->old_attachments, paths->attachments) < 0)
		move_lists(paths);
	if (paths->old_made)
		move_all_journals(paths);
	if (paths->old_attachments || paths->old_made)
		vnm_paths_find_old(paths);
}
