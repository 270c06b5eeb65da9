/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * owner.c - the namespaces that the run directory describes; see owner.h.
 *
 * Theory of operation. RUN/owner is written before anything is recorded, and is valid while anything is: after that
 * the next command that records something claims the directory. Records without RUN/owner are of a version that
 * did not write it, or somebody removed it; then the recorded processes show whose they are, and without processes they
 * are taken for ours.
 *
 * An owner that no longer exists must not lock anybody out. That can be determined where its processes would be visible: in
 * its process namespace, and in the initial one. A restarted container has a new process namespace and the old run
 * directory; its root directory distinguishes it from a stranger to whom the directory was bind-mounted.
 */
#define _GNU_SOURCE 1 /* F_SETLEASE */
#include "state/owner.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "state/pending.h"
#include "util/file.h"
#include "util/mem.h"
#include "util/proc.h"
#include "util/proc_record.h"

#define RECORD "owner"
#define RECORD_MAX 512
#define FORMAT "net:[%" PRIu64 "] pid:[%" PRIu64 "] time:[%" PRIu64 "] root %" PRIu64 " boot "
#define SCAN                                                                   \
	"net:[%" SCNu64 "] pid:[%" SCNu64 "] time:[%" SCNu64 "] root %" SCNu64 \
	" boot %36s cookie %" SCNu64

static int read_self(struct vnm_owner *ret, struct vnm_error *err)
{
	struct stat st = { 0 };
	int r = vnm_namespaces_of(0, &ret->ns);

	if (r == 0)
		r = vnm_boot_id(ret->boot);
	if (r == 0 && stat("/", &st) < 0)
		r = -errno;
	if (r < 0)
		return vnm_error_set(err, VNM_ERR_SYSTEM, -r,
				     "cannot tell which namespaces this is: %s; is /proc mounted?",
				     strerror(-r));
	ret->root = st.st_ino;
	return 0;
}

/* Return: 0; -ENOENT: there is no owner file; -errno. */
static int read_record(int run_fd, struct vnm_owner *ret)
{
	vnm_autofree char *text = NULL;
	uint64_t *id = ret->ns.id;
	int r = vnm_file_read(run_fd, RECORD, RECORD_MAX, &text, NULL);

	if (r < 0)
		return vnm_file_damaged(r) ? -ENOENT : r;
	r = sscanf(text, SCAN, &id[VNM_NAMESPACE_NET], &id[VNM_NAMESPACE_PID],
		   &id[VNM_NAMESPACE_TIME], &ret->root, ret->boot, &ret->ns.cookie);
	return r >= 5 && strchr(text, '\n') ? 0 : -ENOENT;
}

static bool same_id(const struct vnm_namespaces *a, const struct vnm_namespaces *b, int kind)
{
	return a->id[kind] == b->id[kind] || a->id[kind] == 0 || b->id[kind] == 0;
}

static bool same_kind(const struct vnm_namespaces *a, const struct vnm_namespaces *b, int kind)
{
	return same_id(a, b, kind) &&
	       (kind != VNM_NAMESPACE_NET || vnm_namespace_cookies_match(a->cookie, b->cookie));
}

static bool same(const struct vnm_namespaces *a, const struct vnm_namespaces *b)
{
	bool is = true;

	for (int kind = 0; kind < VNM_NAMESPACE_COUNT; kind++)
		is &= same_kind(a, b, kind);
	return is;
}

static bool ends_in(const char *name, const char *suffix)
{
	size_t len = strlen(name), tail = strlen(suffix);

	return len > tail && !strcmp(name + len - tail, suffix);
}

/** vnm_owner_describes_something() - is anything recorded? Yes, if that cannot be determined. */
bool vnm_owner_describes_something(int run_fd)
{
	vnm_autodir DIR *dir = NULL;
	const char *name;
	int r = vnm_dir_list(run_fd, ".", &dir);

	while (r >= 0 && (r = vnm_dir_next(dir, &name)) > 0)
		if (ends_in(name, ".journal") || ends_in(name, ".journal" VNM_PENDING) ||
		    ends_in(name, ".guard") || !strcmp(name, "hook") ||
		    !strcmp(name, "attachments") || ends_in(name, ".update") ||
		    !strcmp(name, "attached") /* these two: of an earlier version */)
			return true;
	return r < 0;
}

/* ---- records without an owner file ---- */

/* Return: whether the process of RUN/dnsmasq/NETWORK is alive in other namespaces than ours. */
static bool runs_elsewhere(int dnsmasq_fd, const char *network, const struct vnm_namespaces *self,
			   struct vnm_namespaces *ret)
{
	vnm_autofree char *record = vnm_asprintf("%s/process", network);
	vnm_autoclose int pidfd = -1;
	struct vnm_proc_id id;

	if (vnm_proc_record_read(dnsmasq_fd, record, &id) < 0)
		return false;
	pidfd = vnm_proc_open(&id, NULL);
	return pidfd >= 0 && vnm_namespaces_of(id.pid, ret) == 0 && !same(ret, self);
}

static bool find_elsewhere(int run_fd, const struct vnm_namespaces *self,
			   struct vnm_namespaces *ret)
{
	vnm_autoclose int fd = vnm_open(run_fd, "dnsmasq", O_RDONLY | O_DIRECTORY, 0);
	vnm_autodir DIR *dir = NULL;
	const char *name;

	if (fd < 0 || vnm_dir_list(fd, ".", &dir) < 0)
		return false;
	while (vnm_dir_next(dir, &name) > 0)
		if (runs_elsewhere(fd, name, self, ret))
			return true;
	return false;
}

/* ---- an owner that no longer exists ---- */

/* dnsmasq keeps its lease file open, and that shows from any namespace: F_SETLEASE fails on a file that is open for writing. */
static bool is_open(int dirfd, const char *name)
{
	vnm_autoclose int fd = vnm_open(dirfd, name, O_RDONLY, 0);

	/* A process that opens the file for writing while we have the lease causes a signal to us; this one does nothing. */
	return fd >= 0 && fcntl(fd, F_SETSIG, SIGURG) == 0 && fcntl(fd, F_SETLEASE, F_RDLCK) < 0 &&
	       errno == EAGAIN;
}

static bool leases_are_open(const struct vnm_paths *paths)
{
	vnm_autoclose int fd = vnm_open(AT_FDCWD, paths->leases, O_RDONLY | O_DIRECTORY, 0);
	vnm_autodir DIR *dir = NULL;
	const char *name;

	if (fd < 0 || vnm_dir_list(fd, ".", &dir) < 0)
		return false;
	while (vnm_dir_next(dir, &name) > 0)
		if (name[0] != '.' && is_open(fd, name))
			return true;
	return false;
}

static bool could_be_seen(const struct vnm_owner *self, const struct vnm_owner *owner)
{
	return same_kind(&self->ns, &owner->ns, VNM_NAMESPACE_PID) ||
	       vnm_namespaces_first(&self->ns);
}

static bool started_again(const struct vnm_owner *self, const struct vnm_owner *owner,
			  const struct vnm_paths *paths)
{
	return !vnm_namespaces_first(&owner->ns) && self->root == owner->root &&
	       !leases_are_open(paths);
}

/* Has our network namespace the number of the owner's? Then that one is gone. */
static bool has_our_number(const struct vnm_owner *self, const struct vnm_owner *owner)
{
	return same_id(&self->ns, &owner->ns, VNM_NAMESPACE_NET) &&
	       !same_kind(&self->ns, &owner->ns, VNM_NAMESPACE_NET);
}

static bool is_gone(const struct vnm_owner *self, const struct vnm_owner *owner,
		    const struct vnm_paths *paths)
{
	if (has_our_number(self, owner))
		return true;
	if (!could_be_seen(self, owner) && !started_again(self, owner, paths))
		return false;
	for (int kind = 0; kind < VNM_NAMESPACE_COUNT; kind++)
		if (!same_kind(&self->ns, &owner->ns, kind) &&
		    vnm_namespace_used((enum vnm_ns_kind)kind, owner->ns.id[kind]) != 0)
			return false;
	return true;
}

/* Devices and rules in our network namespace are ours to manage, even when the owner no longer exists. */
static enum vnm_ownership judge(int run_fd, const struct vnm_owner *self,
				const struct vnm_paths *paths, const struct vnm_owner *owner)
{
	if (strcmp(owner->boot, self->boot) != 0)
		return VNM_OWNER_NOBODY;
	if (same(&owner->ns, &self->ns))
		return VNM_OWNER_US;
	if (!vnm_owner_describes_something(run_fd))
		return VNM_OWNER_NOBODY;
	if (!is_gone(self, owner, paths))
		return VNM_OWNER_ELSE;
	return same_kind(&self->ns, &owner->ns, VNM_NAMESPACE_NET) ? VNM_OWNER_NOBODY
								   : VNM_OWNER_GONE;
}

/**
 * vnm_owner_look() - is the run directory ours?
 * @run_fd:    the directory; its lock is needed only if the caller acts on the result
 * @paths:     where it and the leases are
 * @ret:       the relation of the directory to us
 * @ret_owner: its owner, unless it is free
 * @err:       set on failure
 *
 * Return: 0 or -errno.
 */
int vnm_owner_look(int run_fd, const struct vnm_paths *paths, enum vnm_ownership *ret,
		   struct vnm_owner *ret_owner, struct vnm_error *err)
{
	struct vnm_owner self = { 0 }, owner = { 0 };
	int r = read_self(&self, err);

	if (r < 0)
		return r;
	r = read_record(run_fd, &owner);
	if (r < 0 && r != -ENOENT)
		return vnm_error_set(err, VNM_ERR_SYSTEM, -r, "cannot read '%s/" RECORD "': %s",
				     paths->run, strerror(-r));
	if (r == 0)
		*ret = judge(run_fd, &self, paths, &owner);
	else
		*ret = find_elsewhere(run_fd, &self.ns, &owner.ns) ? VNM_OWNER_ELSE
								   : VNM_OWNER_NOBODY;
	*ret_owner = owner;
	return 0;
}

/** vnm_owner_refuse() - report the owner of the run directory. Return: -EXDEV, with VNM_ERR_STATE. */
int vnm_owner_refuse(const struct vnm_paths *paths, const struct vnm_owner *owner,
		     struct vnm_error *err)
{
	struct vnm_owner self = { 0 };
	int kind = 0, r = read_self(&self, err);

	if (r < 0)
		return r;
	while (kind < VNM_NAMESPACE_COUNT - 1 && same_kind(&self.ns, &owner->ns, kind))
		kind++;
	return vnm_error_set(
		err, VNM_ERR_STATE, EXDEV,
		"network state in %s belongs to another %s namespace (%s:[%" PRIu64 "], this is "
		"%s:[%" PRIu64 "]); run vnetmgr there, or give this one a state of its own with "
		"--root. If that one is gone: rm %s/" RECORD,
		paths->run, vnm_namespace_names[kind], vnm_namespace_words[kind],
		owner->ns.id[kind], vnm_namespace_words[kind], self.ns.id[kind], paths->run);
}

/**
 * vnm_owner_claim() - make the run directory ours
 * @run_fd: the directory; the caller holds its lock
 * @paths:  where it is
 * @err:    set on failure
 *
 * To be called before anything is recorded in a free one.
 *
 * Return: 0 or -errno.
 */
int vnm_owner_claim(int run_fd, const struct vnm_paths *paths, struct vnm_error *err)
{
	struct vnm_owner self = { 0 };
	vnm_autobuf struct vnm_buf text = { 0 };
	int r = read_self(&self, err);

	if (r < 0)
		return r;
	vnm_buf_printf(&text, FORMAT "%s cookie %" PRIu64 "\n", self.ns.id[VNM_NAMESPACE_NET],
		       self.ns.id[VNM_NAMESPACE_PID], self.ns.id[VNM_NAMESPACE_TIME], self.root,
		       self.boot, self.ns.cookie);
	r = vnm_file_replace(run_fd, RECORD, text.data, text.len, 0600, (gid_t)-1, VNM_VOLATILE);
	if (r < 0)
		return vnm_error_set(err, VNM_ERR_SYSTEM, -r, "cannot write '%s/" RECORD "': %s",
				     paths->run, strerror(-r));
	return 0;
}
