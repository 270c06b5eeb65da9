/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * public.c - the public summary: what members of the group "vnetmgr" may see of networks.
 *
 * Theory of operation. Readers who are not root never touch the lock: whoever can open it can stop everybody else. They never
 * touch the state either, which holds what is not for everybody (metadata, options of dnsmasq), or may some day. RUN/public
 * has the layout of the state directories, and in it a copy of each file, by rename, with only those members that are
 * listed here and in public_definition.c; so a command reads it as it reads the state. A session that changes something brings it up to date
 * when it ends, before it lets go of the lock. Until then RUN/public/changing is there; one that was killed leaves it, by
 * which readers know that the summary is older than the networks, and the next session that has the lock that it must be
 * written.
 *
 * A copy has the modification time of its original, by which the next session knows it for current. The clock of files
 * ticks some hundred times a second, so one whose original is younger than that gets the time 0, and is written again.
 *
 * Without the group, or where its files cannot be given to it, there is no summary.
 */
#include "state/public.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "state/guest_store.h"
#include "state/networks.h"
#include "state/port_store.h"
#include "state/public_definition.h"
#include "state/readers.h"
#include "state/session.h"
#include "util/dir.h"
#include "util/mem.h"
#include "xml/attach_xml.h"
#include "xml/network_xml.h"
#include "xml/port_xml.h"

#define PUBLIC VNM_PUBLIC_DIR
#define CHANGING PUBLIC "/" VNM_PUBLIC_CHANGING
#define ACTIVE_PORTS "active/" VNM_PORTS_DIR
#define OWNER "owner"
#define OWNER_MAX 512
#define RACY_MS 100

/** struct copier - @from, @to: the directories of one kind of files; @gid: who may read them */
struct copier {
	struct vnm_driver *drv;
	struct vnm_store from, to;
	gid_t gid;
};

/* ---- what is shown ---- */

static int show_network(const struct copier *copier, const char *name, struct vnm_buf *out,
			struct vnm_error *err)
{
	vnm_autonetwork struct vnm_network net = { 0 };
	struct vnm_network shown;
	int r = vnm_store_load(&copier->from, name, &net, err);

	if (r < 0)
		return r;
	vnm_public_definition(&net, &shown);
	vnm_network_xml_format(&shown, out);
	free(shown.ips);
	return 0;
}

/* A journal without operations. */
static int show_state(const struct copier *copier, const char *name, struct vnm_buf *out,
		      struct vnm_error *err)
{
	vnm_autojournal struct vnm_journal journal = { 0 };
	int r = vnm_journal_cache_read(&copier->drv->journals, name, false, &journal, err);

	return r < 0 ? r : vnm_journal_format(&journal.plan, journal.state, name, out, err);
}

/* The path of its namespace, and who made it, are left out. */
static int show_guests(const struct copier *copier, const char *name, struct vnm_buf *out,
		       struct vnm_error *err)
{
	vnm_autoattachments struct vnm_attachments all = { 0 };
	vnm_autofree struct vnm_attachment *items = NULL;
	struct vnm_attachments shown = { 0 };
	int r = vnm_attachments_read(&copier->drv->paths, name, &all, err);

	if (r < 0)
		return r;
	items = vnm_alloc((all.n_items + 1) * sizeof(*items));
	shown = (struct vnm_attachments){ all.at, items, all.n_items };
	for (size_t i = 0; i < all.n_items; i++) {
		const struct vnm_attachment *guest = &all.items[i];

		items[i] = *guest;
		items[i].netns = items[i].process = items[i].id = NULL;
		items[i].owner = items[i].group = (struct vnm_uint){ 0 };
	}
	vnm_attachments_format(&shown, out);
	return 0;
}

/* Whose it is, is left out. @uuid: its name here. */
static int show_port(const struct copier *copier, const char *uuid, struct vnm_buf *out,
		     struct vnm_error *err)
{
	vnm_autoport struct vnm_port port = { 0 };
	struct vnm_port shown;
	int r = vnm_port_load(copier->drv, copier->from.path, copier->from.fd, uuid, &port, err);

	if (r < 0)
		return r;
	shown = port;
	shown.owner = (struct vnm_port_owner){ 0 };
	vnm_port_xml_format(&shown, out);
	return 0;
}

static int show_mark(const struct copier *copier, const char *name, struct vnm_buf *out,
		     struct vnm_error *err)
{
	(void)copier;
	(void)name;
	(void)err;
	vnm_buf_add(out, "<!-- It is started at boot. -->\n");
	return 0;
}

static char *config_path(const struct vnm_paths *paths)
{
	return vnm_strdup(paths->config);
}

static char *autostart_path(const struct vnm_paths *paths)
{
	return vnm_asprintf("%s/autostart", paths->config);
}

static char *run_path(const struct vnm_paths *paths)
{
	return vnm_strdup(paths->run);
}

static char *attachments_path(const struct vnm_paths *paths)
{
	return vnm_strdup(paths->attachments);
}

/**
 * struct part - a kind of files. @dir: in the summary. @path: of the originals. A journal makes its network active, and comes
 * after the definition.
 */
static const struct part {
	const char *dir, *suffix;
	char *(*path)(const struct vnm_paths *paths);
	int (*show)(const struct copier *copier, const char *name, struct vnm_buf *out,
		    struct vnm_error *err);
} parts[] = {
	{ "networks", ".xml", config_path, show_network },
	{ "autostart", ".xml", autostart_path, show_mark },
	{ "guests", ".xml", attachments_path, show_guests },
	{ "active", ".xml", run_path, show_network },
	{ "active", ".journal", run_path, show_state },
};

/* ---- writing ---- */

static bool same_time(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec == b->tv_sec && a->tv_nsec == b->tv_nsec;
}

/* @ret: when the original was written, as the copy is to say. */
static bool is_current(const struct copier *copier, const char *file, struct timespec *ret)
{
	struct timespec now = { 0 };
	struct stat original, copy;
	int64_t age;

	if (vnm_stat_at(copier->from.fd, file, &original) < 0)
		return false;
	clock_gettime(CLOCK_REALTIME, &now);
	age = ((int64_t)now.tv_sec - original.st_mtim.tv_sec) * 1000 +
	      (now.tv_nsec - original.st_mtim.tv_nsec) / 1000000;
	*ret = age < RACY_MS ? (struct timespec){ 0 } : original.st_mtim;
	return vnm_stat_at(copier->to.fd, file, &copy) == 0 && copy.st_gid == copier->gid &&
	       same_time(&copy.st_mtim, &original.st_mtim);
}

/* @at: of its original. Return: 0 or -errno. */
static int put_file(const struct copier *copier, const char *file, const char *text, size_t len,
		    const struct timespec *at)
{
	const struct timespec times[2] = { { .tv_nsec = UTIME_OMIT }, *at };
	int r = vnm_file_replace(copier->to.fd, file, text, len, 0640, copier->gid, VNM_VOLATILE);

	if (r == 0 && utimensat(copier->to.fd, file, times, AT_SYMLINK_NOFOLLOW) < 0)
		r = -errno;
	return r;
}

/* What cannot be read is not shown: root is told why, and by a command that reads it. Return: 0 or -errno. */
static int copy_one(const struct copier *copier, const struct part *part, const char *name)
{
	vnm_autofree char *file = vnm_asprintf("%s%s", name, part->suffix);
	vnm_autobuf struct vnm_buf text = { 0 };
	struct vnm_error ignored = { 0 };
	struct timespec at = { 0 };

	if (is_current(copier, file, &at))
		return 0;
	if (part->show(copier, name, &text, &ignored) < 0)
		return vnm_file_unlink(copier->to.fd, file, VNM_VOLATILE);
	return put_file(copier, file, vnm_buf_str(&text), text.len, &at);
}

static int drop_others(const struct copier *copier, const struct part *part, char *const *names,
		       size_t n, struct vnm_error *err)
{
	char **copies;
	size_t n_copies;
	int r = vnm_store_names(&copier->to, part->suffix, &copies, &n_copies, err);

	if (r < 0)
		return r;
	for (size_t i = 0; i < n_copies && r == 0; i++) {
		vnm_autofree char *file = vnm_asprintf("%s%s", copies[i], part->suffix);

		if (!vnm_names_have(names, n, copies[i]))
			r = vnm_file_unlink(copier->to.fd, file, VNM_VOLATILE);
	}
	vnm_names_free(copies, n_copies);
	return r;
}

static int copy_all(const struct copier *copier, const struct part *part, struct vnm_error *err)
{
	char **names;
	size_t n;
	int r = vnm_store_names(&copier->from, part->suffix, &names, &n, err);

	if (r < 0)
		return r;
	if (copier->drv->unpublished)
		(void)vnm_file_sweep_temp(copier->to.fd);
	for (size_t i = 0; i < n && r == 0; i++)
		r = copy_one(copier, part, names[i]);
	if (r == 0)
		r = drop_others(copier, part, names, n, err);
	vnm_names_free(names, n);
	return r;
}

/* Who may enter is up to the directory above it. Return: a descriptor or -errno. */
static int open_copies(int public_fd, const char *dir, struct vnm_error *err)
{
	int fd = vnm_open(public_fd, dir, O_RDONLY | O_DIRECTORY, 0);

	return fd == -ENOENT ? vnm_dir_openat(public_fd, dir, 0755, (gid_t)-1, err) : fd;
}

/* What is in the directory @path, into @dir of the summary. */
static int copy_dir(struct vnm_driver *drv, int public_fd, gid_t gid, const struct part *part,
		    const char *path, const char *dir, struct vnm_error *err)
{
	vnm_autoclose int from = vnm_open(AT_FDCWD, path, O_RDONLY | O_DIRECTORY, 0);
	vnm_autoclose int to = open_copies(public_fd, dir, err);
	const struct copier copier = {
		.drv = drv,
		.from = { .fd = from == -ENOENT ? VNM_DIR_ABSENT : from, .path = path },
		.to = { .fd = to, .path = dir },
		.gid = gid,
	};

	if (to < 0 || (from < 0 && from != -ENOENT))
		return to < 0 ? to : from;
	return copy_all(&copier, part, err);
}

static int copy_part(struct vnm_driver *drv, int public_fd, gid_t gid, const struct part *part,
		     struct vnm_error *err)
{
	vnm_autofree char *path = part->path(&drv->paths);

	return copy_dir(drv, public_fd, gid, part, path, part->dir, err);
}

/* Whose networks these are is known to readers, too. */
static int copy_owner(struct vnm_driver *drv, int public_fd, gid_t gid)
{
	vnm_autoclose int to = vnm_open(public_fd, "active", O_RDONLY | O_DIRECTORY, 0);
	const struct copier copier = {
		.drv = drv,
		.from = { .fd = drv->run_fd },
		.to = { .fd = to },
		.gid = gid,
	};
	vnm_autofree char *text = NULL;
	struct timespec at = { 0 };
	size_t len;
	int r = to < 0 ? to : 0;

	if (r < 0 || is_current(&copier, OWNER, &at))
		return r;
	r = vnm_file_read(drv->run_fd, OWNER, OWNER_MAX, &text, &len);
	if (r == -ENOENT)
		return vnm_file_unlink(to, OWNER, VNM_VOLATILE);
	return r < 0 ? r : put_file(&copier, OWNER, text, len, &at);
}

static int copy_ports_of(struct vnm_driver *drv, int ports_fd, gid_t gid, const char *name,
			 struct vnm_error *err)
{
	static const struct part port = { .suffix = ".xml", .show = show_port };
	vnm_autofree char *path = vnm_asprintf("%s/" VNM_PORTS_DIR "/%s", drv->paths.run, name);

	return copy_dir(drv, ports_fd, gid, &port, path, name, err);
}

/* The ports of networks that are not in @names, which are sorted. */
static int drop_ports(int ports_fd, char *const *names, size_t n, struct vnm_error *err)
{
	const struct vnm_store copies = { .fd = ports_fd, .path = ACTIVE_PORTS };
	char **dirs;
	size_t n_dirs;
	int r = vnm_store_names(&copies, "", &dirs, &n_dirs, err);

	if (r < 0)
		return r;
	for (size_t i = 0; i < n_dirs && r == 0; i++)
		if (!vnm_names_have(names, n, dirs[i]))
			r = vnm_dir_remove(ports_fd, dirs[i]);
	vnm_names_free(dirs, n_dirs);
	return r;
}

/* A network has a directory of ports from its first one to its stop. */
static int copy_ports(struct vnm_driver *drv, int public_fd, gid_t gid, struct vnm_error *err)
{
	vnm_autofree char *path = vnm_asprintf("%s/" VNM_PORTS_DIR, drv->paths.run);
	vnm_autoclose int from = vnm_open(AT_FDCWD, path, O_RDONLY | O_DIRECTORY, 0);
	vnm_autoclose int to = open_copies(public_fd, ACTIVE_PORTS, err);
	const struct vnm_store ports = { .fd = from, .path = path };
	char **names = NULL;
	size_t n = 0;
	int r = to < 0 ? to : 0;

	if (r == 0 && from != -ENOENT)
		r = from < 0 ? from : vnm_store_names(&ports, "", &names, &n, err);
	for (size_t i = 0; i < n && r == 0; i++)
		r = copy_ports_of(drv, to, gid, names[i], err);
	if (r == 0)
		r = drop_ports(to, names, n, err);
	vnm_names_free(names, n);
	return r;
}

static int write_summary(struct vnm_driver *drv, gid_t gid, struct vnm_error *err)
{
	vnm_autoclose int fd = vnm_dir_openat(drv->run_fd, PUBLIC, 0750, gid, err);
	int r = fd < 0 ? fd : 0;

	for (size_t i = 0; i < VNM_ARRAY_SIZE(parts) && r == 0; i++)
		r = copy_part(drv, fd, gid, &parts[i], err);
	if (r == 0)
		r = copy_ports(drv, fd, gid, err);
	if (r == 0)
		r = copy_owner(drv, fd, gid);
	return r < 0 ? r : vnm_file_unlink(drv->run_fd, CHANGING, VNM_VOLATILE);
}

/* In a user namespace the group may have no number; then nobody in there is its member. */
static bool is_foreign_group(int r)
{
	return r == -EPERM || r == -EINVAL;
}

/* vnm_driver.publish */
static void publish(struct vnm_driver *drv)
{
	struct vnm_error err = { 0 };
	gid_t gid = (gid_t)-1;
	bool has = vnm_readers_group(&gid);
	int r;

	vnm_readers_let_in(drv->paths.leases, gid);
	if (!has)
		return;
	r = write_summary(drv, gid, &err);
	if (r < 0 && !is_foreign_group(r))
		vnm_driver_report(drv, VNM_REPORT_WARNING,
				  "what members of the group '" VNM_READERS
				  "' see of networks is out of date: cannot write '%s/" PUBLIC
				  "': %s",
				  drv->paths.run, strerror(-r));
}

/* Return: 0; -EEXIST: it was there; -ENOENT: there is no summary, and nothing is out of date. */
static int put_mark(const struct vnm_driver *drv)
{
	vnm_autoclose int mark = vnm_open(drv->run_fd, CHANGING, O_WRONLY | O_CREAT | O_EXCL, 0600);

	return mark < 0 ? mark : 0;
}

/**
 * vnm_public_begin() - bring the public summary up to date when this session ends, if it changes something or the last one did not
 * @drv: the session, which holds the lock; no dry run
 *
 * One that only stores a definition does not make the first summary: whether there is a group by now is looked up by the others.
 */
void vnm_public_begin(struct vnm_driver *drv)
{
	int mark = drv->changes ? put_mark(drv) : 0;
	struct stat st;

	drv->unpublished = drv->changes ? mark == -EEXIST
					: vnm_stat_at(drv->run_fd, CHANGING, &st) == 0;
	if ((drv->changes && !(drv->defines && mark == -ENOENT)) || drv->unpublished)
		drv->publish = publish;
}
