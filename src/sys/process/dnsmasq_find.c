/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dnsmasq_find.c - the running dnsmasq of a network.
 *
 * It is found by its pidfile record; if that names no live process of ours, called with our configuration file, there is
 * none. Only when the record is missing or unreadable, the processes of our network namespace are searched for one with
 * exactly our program and arguments.
 */
#include "sys/process/dnsmasq_find.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "sys/process/dnsmasq_dir.h"
#include "util/dir.h"
#include "util/file.h"
#include "util/mem.h"
#include "util/parse.h"
#include "util/proc.h"
#include "util/proc_record.h"

/** vnm_dnsmasq_network() - the network that a directory of dnsmasq is named after */
const char *vnm_dnsmasq_network(const char *dir)
{
	const char *slash = strrchr(dir, '/');

	return slash ? slash + 1 : dir;
}

/** vnm_dnsmasq_conf_arg() - the argument that identifies our dnsmasq of this network; free it */
char *vnm_dnsmasq_conf_arg(const char *dir)
{
	return vnm_asprintf("--conf-file=%s/dnsmasq.conf", dir);
}

/* Return: 0; -ENOENT: there is none; another -errno: it cannot be read. */
static int record_read(const char *dir, struct vnm_proc_id *ret)
{
	vnm_autoclose int dirfd = vnm_dnsmasq_dir_open(dir);

	return dirfd < 0 ? dirfd : vnm_proc_record_read(dirfd, VNM_DNSMASQ_RECORD, ret);
}

/** vnm_dnsmasq_has_record() - whether there is a pidfile record, readable or not. */
bool vnm_dnsmasq_has_record(const char *dir)
{
	struct vnm_proc_id id;

	return record_read(dir, &id) != -ENOENT;
}

/* Return: 1, 0, -errno. */
static int same_netns(pid_t pid)
{
	struct stat mine, its;
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/ns/net", (int)pid);
	if (stat("/proc/self/ns/net", &mine) < 0 || stat(path, &its) < 0)
		return -errno;
	return mine.st_ino == its.st_ino && mine.st_dev == its.st_dev;
}

/* Return: 1; 0, also for a process that is gone or that we may not read; -errno. */
static int is_process_of(pid_t pid, const char *program, const char *arg)
{
	int r = vnm_proc_has_arg(pid, arg);

	if (r > 0)
		r = vnm_proc_has_arg(pid, program);
	if (r > 0)
		r = same_netns(pid);
	return r == -ESRCH || r == -ENOENT || r == -EAGAIN || r == -EACCES || r == -EPERM ? 0 : r;
}

/**
 * vnm_dnsmasq_find_args() - find a process by its command line, in our network namespace
 * @program: one of its arguments
 * @arg:     another one
 *
 * Return: a pidfd; -ESRCH: there is none; another -errno: unknown.
 */
int vnm_dnsmasq_find_args(const char *program, const char *arg)
{
	vnm_autodir DIR *dir = NULL;
	const char *name;
	int r = vnm_dir_list(AT_FDCWD, "/proc", &dir);

	while (r >= 0 && (r = vnm_dir_next(dir, &name)) > 0) {
		vnm_autoclose int pidfd = -1;
		uint32_t pid;

		if (vnm_parse_u32(name, 1, INT32_MAX, &pid) < 0)
			continue;
		r = is_process_of((pid_t)pid, program, arg);
		if (r <= 0)
			continue;
		/* Pinned first, so that the process checked is the one signalled. */
		pidfd = vnm_pidfd_open((pid_t)pid);
		if (pidfd < 0 && pidfd != -ESRCH)
			return pidfd;
		r = pidfd < 0 ? 0 : is_process_of((pid_t)pid, program, arg);
		if (r > 0)
			return vnm_steal_fd(&pidfd);
	}
	return r < 0 ? r : -ESRCH;
}

/**
 * vnm_dnsmasq_find_process() - find the dnsmasq of a network
 * @op:      the operation that has started it
 * @ret_pid: gets its number, or 0: the record does not tell it; or NULL
 *
 * A missing record is no proof that there is no process: somebody may have cleaned the run directory.
 *
 * Return: a pidfd; -ESRCH: it does not run; another -errno: unknown.
 */
int vnm_dnsmasq_find_process(const struct vnm_op_dnsmasq *op, pid_t *ret_pid)
{
	struct vnm_dnsmasq_process found;
	char boot_id[VNM_UUID_STRLEN];
	int r = vnm_boot_id(boot_id);

	r = r < 0 ? r : vnm_dnsmasq_find_in(boot_id, op, &found);
	if (ret_pid)
		*ret_pid = r < 0 ? 0 : found.pid;
	return r;
}

/** vnm_dnsmasq_find_in() - the same, for one of many: @boot_id was read already. @ret: what is seen of it on the way */
int vnm_dnsmasq_find_in(const char *boot_id, const struct vnm_op_dnsmasq *op,
			struct vnm_dnsmasq_process *ret)
{
	vnm_autofree char *arg = vnm_dnsmasq_conf_arg(op->dir);
	struct vnm_proc_id id = { 0 };
	int r = record_read(op->dir, &id);

	*ret = (struct vnm_dnsmasq_process){ .pid = r < 0 ? 0 : id.pid };
	return r < 0 ? vnm_dnsmasq_find_args(op->program, arg)
		     : vnm_proc_open_in(boot_id, &id, arg, &ret->state);
}

/** vnm_dnsmasq_find_failed() - the error for @r of vnm_dnsmasq_find_process(). Return: @r. */
int vnm_dnsmasq_find_failed(const char *dir, int r, struct vnm_error *err)
{
	return vnm_error_set(err, VNM_ERR_SYSTEM, -r, "cannot find the dnsmasq of network '%s': %s",
			     vnm_dnsmasq_network(dir), strerror(-r));
}
