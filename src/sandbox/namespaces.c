/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * namespaces.c - the namespaces and mounts of the sandbox.
 *
 * What vnetmgr and other network tools change is private: network devices and firewall (network namespace),
 * processes (PID namespace), host name (UTS), shared memory and semaphores (IPC), locks and namespace names (/run),
 * state (VNETMGR_ROOT, below /run), and what cover.c covers. All else is the host's. The sandbox is no security
 * boundary: root outside is root inside.
 */
#define _GNU_SOURCE 1
#include "sandbox/namespaces.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sandbox/cover.h"
#include "util/file.h"
#include "util/mem.h"

#define WORLD (CLONE_NEWNET | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWUTS | CLONE_NEWIPC)

/* Settings that forbid namespaces; kernels of distributions differ. @sys: the error of unshare() then; 0: any. */
static const struct {
	const char *path, *bad, *advice;
	int sys;
} switches[] = {
	{ "/proc/sys/kernel/unprivileged_userns_clone", "0",
	  "kernel.unprivileged_userns_clone is 0; set it to 1", EPERM },
	{ "/proc/sys/kernel/apparmor_restrict_unprivileged_userns", "1",
	  "kernel.apparmor_restrict_unprivileged_userns is 1; set it to 0", 0 },
	{ "/proc/sys/user/max_net_namespaces", "0", "user.max_net_namespaces is 0; raise it",
	  ENOSPC },
	{ "/proc/sys/user/max_mnt_namespaces", "0", "user.max_mnt_namespaces is 0; raise it",
	  ENOSPC },
	{ "/proc/sys/user/max_pid_namespaces", "0", "user.max_pid_namespaces is 0; raise it",
	  ENOSPC },
	{ "/proc/sys/user/max_uts_namespaces", "0", "user.max_uts_namespaces is 0; raise it",
	  ENOSPC },
	{ "/proc/sys/user/max_ipc_namespaces", "0", "user.max_ipc_namespaces is 0; raise it",
	  ENOSPC },
	/* Root needs no user namespaces, so this is the last. */
	{ "/proc/sys/user/max_user_namespaces", "0", "user.max_user_namespaces is 0; raise it",
	  ENOSPC },
};

static const char *why_not(int sys)
{
	char value[16];

	for (size_t i = 0; i < VNM_ARRAY_SIZE(switches); i++)
		if ((switches[i].sys == 0 || switches[i].sys == sys) &&
		    vnm_proc_read(switches[i].path, value, sizeof(value)) == 0 &&
		    !strcmp(value, switches[i].bad))
			return switches[i].advice;
	if (sys == ENOSPC || sys == EUSERS)
		return "too many are in use, or too deep in each other: see sysctl user";
	if (geteuid() != 0)
		return "run it as root";
	return sys == EINVAL ? "the kernel lacks a kind of them: CONFIG_NAMESPACES, CONFIG_NET_NS, "
			       "CONFIG_PID_NS, CONFIG_UTS_NS, CONFIG_IPC_NS"
			     : "inside a container, run it privileged";
}

static int no_namespaces(int sys, struct vnm_error *err)
{
	return vnm_error_set(
		err, sys == EPERM || sys == EACCES ? VNM_ERR_PERMISSION : VNM_ERR_UNSUPPORTED, sys,
		"cannot create namespaces for the sandbox: %s; %s", strerror(sys), why_not(sys));
}

/* Root of the new user namespace is our user outside; it has no others. */
static int map_ids(uid_t uid, gid_t gid, struct vnm_error *err)
{
	char uids[32], gids[32];
	int r;

	snprintf(uids, sizeof(uids), "0 %u 1", (unsigned)uid);
	snprintf(gids, sizeof(gids), "0 %u 1", (unsigned)gid);
	/* Since Linux 3.19 setgroups must be denied before the group map is written. */
	r = vnm_proc_write("/proc/self/setgroups", "deny");
	if (r == 0 || r == -ENOENT)
		r = vnm_proc_write("/proc/self/uid_map", uids);
	if (r == 0)
		r = vnm_proc_write("/proc/self/gid_map", gids);
	return r < 0 ? no_namespaces(-r, err) : 0;
}

/**
 * vnm_sandbox_unshare() - leave the host's namespaces; the next child is PID 1 of the new namespaces
 * @err: set on failure, with the setting that forbids it, if recognised
 *
 * Return: 0 or -errno.
 */
int vnm_sandbox_unshare(struct vnm_error *err)
{
	uid_t uid = geteuid();
	gid_t gid = getegid();

	if (uid == 0 && unshare(WORLD) == 0)
		return 0;
	/* Not root, or root of a container without CAP_SYS_ADMIN. */
	if (uid == 0 && errno != EPERM)
		return no_namespaces(errno, err);
	if (unshare(CLONE_NEWUSER | WORLD) < 0)
		return no_namespaces(errno, err);
	return map_ids(uid, gid, err);
}

static int mount_failed(const char *what, const char *where, int sys, struct vnm_error *err)
{
	return vnm_error_set(err,
			     sys == EPERM || sys == EACCES ? VNM_ERR_PERMISSION : VNM_ERR_SYSTEM,
			     sys, "cannot mount %s on %s for the sandbox: %s%s", what, where,
			     strerror(sys),
			     sys == EPERM ? "; inside a container, run it privileged" : "");
}

static int make_dir(const char *path, struct vnm_error *err)
{
	if (mkdir(path, 0755) == 0 || errno == EEXIST)
		return 0;
	return vnm_error_set(err, VNM_ERR_SYSTEM, errno, "cannot create '%s' for the sandbox: %s",
			     path, strerror(errno));
}

/**
 * vnm_sandbox_mount() - the mounts of the sandbox; to be called by its PID 1
 * @err: set on failure
 *
 * A fresh /proc shows the new processes and a fresh /sys the new devices. /run is empty: no xtables lock,
 * no namespace names, no sockets of the host's services.
 *
 * Return: 0 or -errno.
 */
int vnm_sandbox_mount(struct vnm_error *err)
{
	const unsigned long plain = MS_NOSUID | MS_NODEV | MS_NOEXEC;
	vnm_autoetc struct vnm_sandbox_etc etc = { 0 };
	int r;

	vnm_sandbox_read_etc(&etc);
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		return mount_failed("nothing", "/", errno, err);
	if (mount("proc", "/proc", "proc", plain, NULL) < 0)
		return mount_failed("proc", "/proc", errno, err);
	if (mount("sysfs", "/sys", "sysfs", plain, NULL) < 0)
		return mount_failed("sysfs", "/sys", errno, err);
	if (mount("tmpfs", "/run", "tmpfs", MS_NOSUID | MS_NODEV, "mode=0755") < 0)
		return mount_failed("tmpfs", "/run", errno, err);
	r = make_dir(VNM_SANDBOX_ROOT, err);
	if (r == 0)
		r = make_dir("/run/netns", err);
	if (r == 0)
		r = vnm_sandbox_cover_settings(err);
	return r < 0 ? r : vnm_sandbox_cover_etc(&etc, err);
}
