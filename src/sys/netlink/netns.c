/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * netns.c - named network namespaces of ours, created as by ip-netns(8).
 *
 * Theory of operation. A namespace is first created without a name, and held by a descriptor; so its inode number and
 * its cookie can be recorded before anything exists that outlives us. Then it gets its name: a file in /run/netns, on which it is
 * mounted. It is recognised by both: another namespace of the same name is foreign.
 */
#include "sys/netlink/netns.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/file.h"
#include "util/mem.h"
#include "util/namespaces.h"
#include "sys/netlink/mount_ns.h"
#include "sys/netlink/netns_enter.h"

#define OWN "/proc/self/ns/net"
#define ETC_DIR "/etc/netns"

static int hold_new(struct vnm_new_netns *ret, struct vnm_error *err)
{
	vnm_autoclose int own = vnm_open(AT_FDCWD, OWN, O_RDONLY, 0);
	vnm_autoclose int fd = -1;
	struct stat st;
	uint64_t cookie = 0;
	int r = own < 0 ? own : 0;

	if (r == 0 && unshare(CLONE_NEWNET) < 0)
		r = -errno;
	if (r < 0)
		return vnm_error_set(err, VNM_ERR_SYSTEM, -r,
				     "cannot create a network namespace: %s", strerror(-r));
	fd = vnm_open(AT_FDCWD, OWN, O_RDONLY, 0);
	r = fd < 0 ? fd : vnm_namespace_cookie(&cookie);
	if (r == 0 && fstat(fd, &st) < 0)
		r = -errno;
	if (vnm_namespace_enter(own, CLONE_NEWNET) < 0)
		vnm_die("cannot return to the network namespace in which it was started");
	if (r < 0)
		return vnm_error_set(err, VNM_ERR_SYSTEM, -r,
				     "cannot hold a new network namespace: %s", strerror(-r));
	*ret = (struct vnm_new_netns){ vnm_steal_fd(&fd), (uint32_t)st.st_ino, cookie };
	return 0;
}

static void let_go(struct vnm_new_netns *held)
{
	if (held->ino)
		close(held->fd);
	*held = (struct vnm_new_netns){ 0 };
}

/**
 * vnm_netns_new() - create a namespace without a name
 * @sys: gets it, as @new_netns; a second one replaces the first
 * @err: set on failure
 *
 * Return: 0 or -errno.
 */
int vnm_netns_new(struct vnm_sys *sys, struct vnm_error *err)
{
	struct vnm_new_netns held;
	int r = hold_new(&held, err);

	if (r < 0)
		return r;
	let_go(&sys->new_netns);
	sys->new_netns = held;
	return 0;
}

/** vnm_netns_let_go() - close the namespace of vnm_netns_new(); it persists if it was given a name */
void vnm_netns_let_go(struct vnm_sys *sys)
{
	let_go(&sys->new_netns);
}

/**
 * vnm_netns_staging() - the namespace in which devices are made that get their group later
 * @sys: keeps it, for the next device
 * @ret: which it is; free its path. Where none can be created, this one: a NULL path
 */
void vnm_netns_staging(struct vnm_sys *sys, struct vnm_op_netns *ret)
{
	struct vnm_error ignored = { 0 };

	*ret = (struct vnm_op_netns){ 0 };
	if (!sys->staging.ino && hold_new(&sys->staging, &ignored) < 0)
		return;
	ret->path = vnm_asprintf("/proc/self/fd/%d", sys->staging.fd);
	ret->ino = sys->staging.ino;
	ret->cookie = sys->staging.cookie;
}

/** vnm_netns_end_staging() - close the namespace of vnm_netns_staging() */
void vnm_netns_end_staging(struct vnm_sys *sys)
{
	let_go(&sys->staging);
}

/* As ip-netns(8): mounts there, and their removal, propagate to other mount namespaces. */
static int share_dir(const char *dir)
{
	if (mkdir(dir, 0755) < 0 && errno != EEXIST)
		return -errno;
	if (mount("", dir, "none", MS_SHARED | MS_REC, NULL) == 0)
		return 0;
	if (errno != EINVAL || mount(dir, dir, "none", MS_BIND | MS_REC, NULL) < 0 ||
	    mount("", dir, "none", MS_SHARED | MS_REC, NULL) < 0)
		return -errno;
	return 0;
}

struct name {
	int ns;
	const char *path;
};

static int mount_name(void *data)
{
	const struct name *name = data;
	const char *path = name->path;
	vnm_autofree char *dir = vnm_strndup(path, (size_t)(strrchr(path, '/') - path));
	vnm_autofree char *source = vnm_asprintf("/proc/self/fd/%d", name->ns);
	int fd, r = share_dir(dir);

	if (r < 0)
		return r;
	fd = vnm_open(AT_FDCWD, path, O_RDONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0);
	if (fd < 0)
		return fd;
	close(fd);
	r = mount(source, path, "none", MS_BIND, NULL) < 0 ? -errno : 0;
	if (r < 0)
		(void)unlink(path);
	return r;
}

/* Where ip-netns(8) looks for the files that a namespace has of its own. */
static char *etc_dir(const char *path)
{
	return vnm_asprintf(ETC_DIR "%s", strrchr(path, '/'));
}

/* It may be impossible where /etc is read-only, or not root's; such a namespace goes without. */
static int make_etc_dir(struct vnm_sys *sys, const char *path, struct vnm_error *err)
{
	vnm_autofree char *dir = etc_dir(path);

	/* A sandbox that could not get an /etc of its own: this is the host's. */
	if (access(ETC_DIR, F_OK) < 0 && access(VNM_NETNS_COVER, F_OK) == 0)
		return 0;
	if ((mkdir(ETC_DIR, 0755) == 0 || errno == EEXIST) &&
	    (mkdir(dir, 0755) == 0 || errno == EEXIST))
		return 0;
	if (errno == EROFS || errno == EACCES || errno == EPERM) {
		vnm_warnings_add(sys->warnings,
				 "namespace '%s' has no name server of its own: the directory '%s' "
				 "cannot be created: %s",
				 path, dir, strerror(errno));
		return 0;
	}
	return vnm_error_set(err, VNM_ERR_SYSTEM, errno, "cannot create the directory '%s': %s",
			     dir, strerror(errno));
}

/* What somebody has put there stays. */
static void remove_etc_dir(const char *path)
{
	vnm_autofree char *dir = etc_dir(path);

	(void)rmdir(dir);
}

/* Is the name taken by something that is no namespace, or cannot be opened? */
static bool is_other_file(int rc)
{
	return rc == -ENOTTY || rc == -ENOTDIR || rc == -ELOOP || rc == -ENXIO || rc == -EISDIR;
}

static bool is_it(const struct vnm_op_netns *ns, uint32_t ino)
{
	return ino == ns->ino &&
	       vnm_namespace_cookies_match(ns->cookie, vnm_netns_cookie(ns->path));
}

static int netns_check(struct vnm_sys *sys, const struct vnm_op *op, enum vnm_presence *ret,
		       struct vnm_error *err)
{
	uint32_t ino = 0;
	int r = vnm_netns_inode(op->netns.path, &ino);

	(void)sys;
	if (r == -ENOENT)
		*ret = VNM_ABSENT;
	else if (r < 0 && !is_other_file(r))
		return vnm_error_set(err, VNM_ERR_SYSTEM, -r,
				     "cannot access the network namespace '%s': %s", op->netns.path,
				     strerror(-r));
	else
		*ret = r == 0 && is_it(&op->netns, ino) ? VNM_PRESENT : VNM_FOREIGN;
	return 0;
}

static int netns_apply(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	enum vnm_presence presence;
	int r = netns_check(sys, op, &presence, err);

	if (r < 0 || presence == VNM_PRESENT)
		return r;
	if (presence == VNM_FOREIGN)
		return vnm_error_set(err, VNM_ERR_FOREIGN, EEXIST,
				     "'%s' already exists, and was not made by vnetmgr",
				     op->netns.path);
	if (!sys->new_netns.ino || sys->new_netns.ino != op->netns.ino)
		return vnm_error_set(err, VNM_ERR_NO_DEVICE, ENOENT,
				     "network namespace '%s' is gone", op->netns.path);
	r = make_etc_dir(sys, op->netns.path, err);
	if (r < 0)
		return r;
	r = vnm_mount_ns_run(mount_name, &(struct name){ sys->new_netns.fd, op->netns.path });
	if (r < 0)
		return vnm_error_set(err, VNM_ERR_SYSTEM, -r,
				     "cannot create the network namespace '%s': %s", op->netns.path,
				     strerror(-r));
	return 0;
}

/* A file without a namespace mounted on it: its creation or removal was interrupted. */
static bool is_rest(const char *path)
{
	struct stat st;

	return vnm_stat_at(AT_FDCWD, path, &st) == 0 && S_ISREG(st.st_mode) && st.st_size == 0 &&
	       (st.st_mode & 07777) == 0;
}

static int unmount_name(void *data)
{
	const struct name *name = data;

	return umount2(name->path, MNT_DETACH | UMOUNT_NOFOLLOW) < 0 ? -errno : 0;
}

static int netns_revert(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	enum vnm_presence presence;
	int r = netns_check(sys, op, &presence, err);

	if (r == 0 && presence != VNM_FOREIGN)
		remove_etc_dir(op->netns.path);
	if (r < 0 || presence == VNM_ABSENT)
		return r;
	if (presence == VNM_PRESENT)
		r = vnm_mount_ns_run(unmount_name, &(struct name){ -1, op->netns.path });
	if (r == 0 && is_rest(op->netns.path) && unlink(op->netns.path) < 0 && errno != ENOENT)
		r = -errno;
	if (r < 0)
		return vnm_error_set(err, VNM_ERR_SYSTEM, -r,
				     "cannot remove the network namespace '%s': %s", op->netns.path,
				     strerror(-r));
	return 0;
}

const struct vnm_op_impl vnm_impl_netns = {
	.apply = netns_apply,
	.check = netns_check,
	.revert = netns_revert,
};
