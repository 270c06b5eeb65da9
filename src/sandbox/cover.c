/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cover.c - protects the host's files and settings from commands in the sandbox.
 *
 * /etc is an overlay: it reads as the host's, and changes are the sandbox's and disappear with it. Where an overlay
 * is impossible (the kernel has none, too many are stacked already, a file below /etc is a mount of its own as in
 * containers, or /etc is not writable for us anyway), the few files that network tools write are covered one by one.
 *
 * /proc/sys is read-only but for what the new namespaces have of their own.
 */
#define _GNU_SOURCE 1
#include "sandbox/cover.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sys/netlink/netns.h"
#include "util/file.h"
#include "util/mem.h"

#define HIDDEN "/run/.sandbox" /* VNM_NETNS_COVER is below it */
#define RESOLV_CONF "/etc/resolv.conf"
#define TEXT_MAX 65536
#define MOUNTS_MAX (16 << 20)

static const unsigned long plain = MS_NOSUID | MS_NODEV | MS_NOEXEC;

/* The parts of /proc/sys that belong to the network, UTS, IPC and PID namespaces. */
static const char *const own_settings[] = {
	"fs/mqueue", "kernel/domainname", "kernel/hostname", "kernel/msgmax", "kernel/msgmnb",
	"kernel/msgmni", "kernel/ns_last_pid", "kernel/sem", "kernel/shm_rmid_forced",
	"kernel/shmall", "kernel/shmmax", "kernel/shmmni", "net",
};

static int cover_failed(const char *path, int sys, struct vnm_error *err)
{
	return vnm_error_set(err, VNM_ERR_SYSTEM, sys, "cannot mount over '%s' for the sandbox: %s",
			     path, strerror(sys));
}

static int make_dir(const char *path, mode_t mode, struct vnm_error *err)
{
	if (mkdir(path, mode) == 0 || errno == EEXIST)
		return 0;
	return vnm_error_set(err, VNM_ERR_SYSTEM, errno, "cannot create '%s' for the sandbox: %s",
			     path, strerror(errno));
}

/* The kernel may lack the setting. */
static int bind_over(const char *from, const char *path, struct vnm_error *err)
{
	if (mount(from, path, NULL, MS_BIND, NULL) == 0 || errno == ENOENT)
		return 0;
	return cover_failed(path, errno, err);
}

static int read_only(const char *path, struct vnm_error *err)
{
	if (mount(NULL, path, NULL, MS_REMOUNT | MS_BIND | MS_RDONLY | plain, NULL) == 0)
		return 0;
	return cover_failed(path, errno, err);
}

/*
 * In a nested user namespace the kernel mounts a proc only where a whole one is visible, and ours is partly covered
 * now: the second one, in a hidden place, is for a sandbox in the sandbox.
 */
static int whole_proc(struct vnm_error *err)
{
	int r = make_dir(HIDDEN "/proc", 0700, err);

	if (r < 0)
		return r;
	if (mount("proc", HIDDEN "/proc", "proc", plain, NULL) < 0)
		return cover_failed(HIDDEN "/proc", errno, err);
	return 0;
}

/**
 * vnm_sandbox_cover_settings() - keep the host's settings from being changed
 * @err: set on failure
 *
 * Return: 0 or -errno.
 */
int vnm_sandbox_cover_settings(struct vnm_error *err)
{
	int r = make_dir(HIDDEN, 0700, err);

	if (r == 0)
		r = whole_proc(err);
	if (r == 0)
		r = bind_over("/proc/sys", "/proc/sys", err);
	for (size_t i = 0; r == 0 && i < VNM_ARRAY_SIZE(own_settings); i++) {
		vnm_autofree char *path = vnm_asprintf("/proc/sys/%s", own_settings[i]);

		r = bind_over(path, path, err);
	}
	if (r == 0)
		r = read_only("/proc/sys", err);
	if (r < 0 || access("/proc/sysrq-trigger", F_OK) < 0)
		return r;
	r = bind_over("/proc/sysrq-trigger", "/proc/sysrq-trigger", err);
	return r < 0 ? r : read_only("/proc/sysrq-trigger", err);
}

/* An overlay would hide such a mount. */
static bool mounts_below_etc(void)
{
	vnm_autofree char *text = NULL;
	size_t len;

	if (vnm_file_read(AT_FDCWD, "/proc/self/mountinfo", MOUNTS_MAX, &text, &len) < 0)
		return true;
	return strstr(text, " /etc/") != NULL;
}

static bool overlay_etc(void)
{
	if (access("/etc", W_OK) < 0 || mounts_below_etc())
		return false;
	if (mkdir(HIDDEN "/etc", 0755) < 0 || mkdir(HIDDEN "/work", 0755) < 0)
		return false;
	return mount("overlay", "/etc", "overlay", MS_NOSUID | MS_NODEV,
		     "lowerdir=/etc,upperdir=" HIDDEN "/etc,workdir=" HIDDEN "/work") == 0;
}

static int write_file(const char *path, int flags, const char *text, struct vnm_error *err)
{
	vnm_autoclose int fd = open(path, flags | O_WRONLY | O_TRUNC | O_CLOEXEC, 0644);

	if (fd < 0)
		return cover_failed(path, errno, err);
	if (vnm_write_all(fd, text, strlen(text)) < 0)
		return cover_failed(path, EIO, err);
	return 0;
}

/* The directories above a file below /run, all of them ours. */
static int make_parents(const char *path, struct vnm_error *err)
{
	vnm_autofree char *copy = vnm_strdup(path);

	for (char *slash = strchr(copy + strlen("/run/"), '/'); slash;
	     slash = strchr(slash + 1, '/')) {
		int r;

		*slash = '\0';
		r = make_dir(copy, 0755, err);
		if (r < 0)
			return r;
		*slash = '/';
	}
	return 0;
}

/* The target of /etc/resolv.conf, perhaps in an empty /run, where realpath() fails. */
static char *resolver_target(void)
{
	char target[PATH_MAX];
	ssize_t len = readlink(RESOLV_CONF, target, sizeof(target) - 1);
	const char *run;

	if (len < 0)
		return vnm_strdup(RESOLV_CONF);
	target[len] = '\0';
	run = strstr(target, "run/");
	if (run && (run == target + 1 || !strncmp(target, "../run/", 7)) && !strstr(run, ".."))
		return vnm_asprintf("/%s", run);
	return vnm_strdup(RESOLV_CONF);
}

/* A file below /run is ours as all of /run is. */
static int cover_file(const char *path, const char *own, const char *text, struct vnm_error *err)
{
	bool in_run = !strncmp(path, "/run/", 5);
	int r = in_run ? make_parents(path, err) : 0;

	if (r == 0)
		r = write_file(in_run ? path : own, O_CREAT, text, err);
	return r < 0 || in_run ? r : bind_over(own, path, err);
}

static int cover_one_by_one(const struct vnm_sandbox_etc *etc, struct vnm_error *err)
{
	vnm_autofree char *resolver = resolver_target();
	int r = cover_file(resolver, HIDDEN "/resolv.conf", etc->resolv_conf, err);

	if (r == 0)
		r = cover_file("/etc/hosts", HIDDEN "/hosts", etc->hosts, err);
	if (r == 0)
		r = make_dir(VNM_NETNS_COVER, 0755, err);
	return r < 0 ? r : bind_over(VNM_NETNS_COVER, "/etc/netns", err);
}

/* A link may lead into /run, which is private in the sandbox. */
static int plain_resolver(const char *text, struct vnm_error *err)
{
	if (unlink(RESOLV_CONF) < 0 && errno != ENOENT)
		return cover_failed(RESOLV_CONF, errno, err);
	return write_file(RESOLV_CONF, O_CREAT | O_EXCL, text, err);
}

static char *text_of(const char *path)
{
	vnm_autofree char *real = realpath(path, NULL);
	char *text = NULL;

	if (!real || vnm_file_read(AT_FDCWD, real, TEXT_MAX, &text, NULL) < 0)
		return vnm_strdup("");
	return text;
}

/**
 * vnm_sandbox_read_etc() - the host's files of which the sandbox gets a copy
 * @ret: gets the texts, "" where there is none; free with vnm_sandbox_etc_clear()
 *
 * To be called while the host's /run is there.
 */
void vnm_sandbox_read_etc(struct vnm_sandbox_etc *ret)
{
	ret->resolv_conf = text_of(RESOLV_CONF);
	ret->hosts = text_of("/etc/hosts");
}

void vnm_sandbox_etc_clear(struct vnm_sandbox_etc *etc)
{
	free(etc->resolv_conf);
	free(etc->hosts);
	*etc = (struct vnm_sandbox_etc){ 0 };
}

/**
 * vnm_sandbox_cover_etc() - keep the host's /etc from being changed
 * @etc: from vnm_sandbox_read_etc()
 * @err: set on failure
 *
 * Return: 0 or -errno.
 */
int vnm_sandbox_cover_etc(const struct vnm_sandbox_etc *etc, struct vnm_error *err)
{
	return overlay_etc() ? plain_resolver(etc->resolv_conf, err) : cover_one_by_one(etc, err);
}

/**
 * vnm_sandbox_set_resolver() - set the sandbox's DNS server
 * @nameserver: its address
 * @err:        set on failure
 *
 * Never creates the file: where none was covered, it would be the host's.
 *
 * Return: 0 or -errno.
 */
int vnm_sandbox_set_resolver(const char *nameserver, struct vnm_error *err)
{
	vnm_autofree char *text = vnm_asprintf("nameserver %s\n", nameserver);

	return write_file(RESOLV_CONF, 0, text, err);
}
