/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dnsmasq.c - the one helper process of a network.
 *
 * Theory of operation. dnsmasq stays in the foreground, so that the process we fork is the one that
 * serves, and its own pid file, which it gives to the user it becomes, is not needed. Its pidfile record is in
 * DIR/process before the child executes anything, and every command finds it by that (dnsmasq_find.c).
 *
 * It is ready when it has bound its sockets: then it closes stderr. A dnsmasq that may not change its user
 * (--no-daemon) never does; it prints "started" instead.
 */
#include "sys/process/dnsmasq.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sys/link/link_record.h"
#include "sys/process/bind_device.h"
#include "sys/process/cgroup.h"
#include "sys/process/dnsmasq_bridge.h"
#include "sys/process/dnsmasq_dir.h"
#include "sys/process/dnsmasq_explain.h"
#include "sys/process/dnsmasq_find.h"
#include "sys/process/dnsmasq_mark.h"
#include "sys/progress.h"
#include "util/child.h"
#include "util/dir.h"
#include "util/file.h"
#include "util/mem.h"
#include "util/proc.h"
#include "util/proc_record.h"

#define RECORD VNM_DNSMASQ_RECORD
#define READY_MS 10000
#define TERM_MS 2000
#define KILL_MS 5000
#define HANGUP_MS 1000

/* A process that is starting or ending; in a list, because several do so in parallel. */
struct vnm_running {
	struct vnm_child child;
	char *dir;
	struct vnm_running *next;
};

static void running_free_one(struct vnm_running *running)
{
	vnm_child_clear(&running->child);
	free(running->dir);
	free(running);
}

/**
 * vnm_running_free() - free the list of started processes, which go on running
 * @running: the list, NULL for an empty one
 */
void vnm_running_free(struct vnm_running *running)
{
	while (running) {
		struct vnm_running *next = running->next;

		running_free_one(running);
		running = next;
	}
}

static struct vnm_running *running_find(struct vnm_sys *sys, const char *dir)
{
	struct vnm_running *running = sys->running;

	while (running && strcmp(running->dir, dir) != 0)
		running = running->next;
	return running;
}

static void running_add(struct vnm_sys *sys, struct vnm_child *child, const char *dir)
{
	struct vnm_running *running = vnm_alloc(sizeof(*running));

	running->child = *child;
	*child = (struct vnm_child)VNM_CHILD_INIT;
	running->dir = vnm_strdup(dir);
	running->next = sys->running;
	sys->running = running;
}

/* A child that has ended is a zombie until it is waited for. */
static void running_drop(struct vnm_sys *sys, const char *dir)
{
	for (struct vnm_running **at = &sys->running; *at; at = &(*at)->next) {
		struct vnm_running *running = *at;

		if (strcmp(running->dir, dir) != 0)
			continue;
		(void)vnm_proc_reap(running->child.pidfd, NULL);
		*at = running->next;
		running_free_one(running);
		return;
	}
}

static int dnsmasq_prepare(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	(void)sys;
	if (access(op->dnsmasq.program, X_OK) < 0)
		return vnm_error_set(err, VNM_ERR_UNSUPPORTED, errno,
				     "cannot run '%s' for network '%s': %s; install dnsmasq",
				     op->dnsmasq.program, vnm_dnsmasq_network(op->dnsmasq.dir),
				     strerror(errno));
	return op->dnsmasq.device ? vnm_bind_device_possible(err) : 0;
}

/* dnsmasq opens the lease file as root and keeps it open, so the directory is root's. Without DHCP there is none. */
static int make_lease_dir(const char *lease_file, struct vnm_error *err)
{
	const char *slash = lease_file ? strrchr(lease_file, '/') : NULL;
	vnm_autofree char *dir = NULL;
	vnm_autoclose int fd = -1;

	if (!lease_file)
		return 0;
	if (!slash || slash == lease_file)
		return vnm_error_set(err, VNM_ERR_STATE, EINVAL, "'%s' is no lease file",
				     lease_file);
	dir = vnm_strndup(lease_file, (size_t)(slash - lease_file));
	fd = vnm_dir_open(dir, 0755, err);
	return fd < 0 ? fd : 0;
}

/* A stopped process gets the signal only when continued. */
static int ask_to_end(int pidfd)
{
	int r = vnm_proc_signal(pidfd, SIGTERM);

	return r < 0 ? r : vnm_proc_signal(pidfd, SIGCONT);
}

/* End a dnsmasq of this network whose record was lost: two cannot serve the same addresses. */
static int end_forgotten(const char *dir, int pidfd, struct vnm_error *err)
{
	int r = ask_to_end(pidfd);

	if (r == 0)
		r = vnm_proc_wait_or_kill(pidfd, TERM_MS, KILL_MS);
	if (r < 0 && r != -ESRCH)
		return vnm_error_set(err, VNM_ERR_SYSTEM, -r,
				     "another dnsmasq of network '%s' is running, and does not "
				     "end: %s",
				     vnm_dnsmasq_network(dir), strerror(-r));
	return 0;
}

static int start_process(struct vnm_sys *sys, const struct vnm_op_dnsmasq *op, int dirfd,
			 struct vnm_error *err)
{
	vnm_autofree char *arg = vnm_dnsmasq_conf_arg(op->dir);
	const char *const argv[] = {
		op->program, op->single_uid ? "--no-daemon" : "--keep-in-foreground", arg, NULL,
	};
	const struct vnm_child_setup setup = { .argv = argv, .in_fd = -1, .forker = sys->forker };
	vnm_autochild struct vnm_child child = VNM_CHILD_INIT;
	int r = vnm_dnsmasq_bridge_note(dirfd, op->bridge);

	if (r < 0)
		return vnm_error_set(err, VNM_ERR_SYSTEM, -r,
				     "cannot record the bridge in '%s': %s", op->dir, strerror(-r));
	r = vnm_child_fork_as(&setup, &child, err);
	if (r < 0)
		return r;
	vnm_cgroup_leave_session(child.id.pid);
	if (op->device)
		r = vnm_bind_device_begin(child.id.pid, op->device, err);
	if (r < 0)
		return r;
	r = vnm_proc_record_write(dirfd, RECORD, &child.id);
	if (r < 0)
		return vnm_error_set(err, VNM_ERR_SYSTEM, -r, "cannot write '%s/" RECORD "': %s",
				     op->dir, strerror(-r));
	r = vnm_child_release(&child);
	if (r < 0) {
		(void)vnm_file_unlink(dirfd, RECORD, VNM_VOLATILE);
		return vnm_error_set(err, VNM_ERR_DNSMASQ, -r, "dnsmasq for %s did not start: %s",
				     vnm_dnsmasq_network(op->dir), strerror(-r));
	}
	running_add(sys, &child, op->dir);
	return 0;
}

static int dnsmasq_apply(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	vnm_autoclose int dirfd = -1, pidfd = -ESRCH;
	int r = make_lease_dir(op->dnsmasq.lease_file, err);

	if (r < 0)
		return r;
	dirfd = vnm_dnsmasq_dir_make(op->dnsmasq.dir, err);
	if (dirfd < 0)
		return dirfd;
	if (vnm_dnsmasq_has_record(op->dnsmasq.dir) || vnm_dnsmasq_may_run(op->dnsmasq.dir))
		pidfd = vnm_dnsmasq_find_process(&op->dnsmasq, NULL);
	if (pidfd < 0 && pidfd != -ESRCH)
		return vnm_dnsmasq_find_failed(op->dnsmasq.dir, pidfd, err);
	r = pidfd >= 0 ? end_forgotten(op->dnsmasq.dir, pidfd, err) : 0;
	if (r == 0)
		r = vnm_dnsmasq_mark(op->dnsmasq.dir, err);
	if (r < 0)
		return r;
	running_drop(sys, op->dnsmasq.dir);
	return start_process(sys, &op->dnsmasq, dirfd, err);
}

static int wait_ready(struct vnm_running *running, const struct vnm_op_dnsmasq *op, char *output,
		      size_t size)
{
	return vnm_child_wait_ready(&running->child, op->single_uid ? "started, version" : NULL,
				    READY_MS, output, size);
}

/* One that ended at once may have met an unrecorded one, see vnm_dnsmasq_has_record(). Return: 1: started again; 0; -errno. */
static int start_again(struct vnm_sys *sys, const struct vnm_op_dnsmasq *op, struct vnm_error *err)
{
	vnm_autofree char *arg = vnm_dnsmasq_conf_arg(op->dir);
	vnm_autoclose int dirfd = -1, pidfd = -1;
	int r;

	running_drop(sys, op->dir);
	pidfd = vnm_dnsmasq_find_args(op->program, arg);
	if (pidfd < 0)
		return 0;
	r = end_forgotten(op->dir, pidfd, err);
	if (r < 0)
		return r;
	dirfd = vnm_dnsmasq_dir_make(op->dir, err);
	r = dirfd < 0 ? dirfd : start_process(sys, op, dirfd, err);
	return r < 0 ? r : 1;
}

/* What it opens from now on is the host's. */
static int end_binding(pid_t pid, const char *dev, struct vnm_error *err)
{
	int r = vnm_bind_device_end(pid, dev, err);

	if (r == 0)
		vnm_cgroup_leave_session(pid);
	return r;
}

static int dnsmasq_wait_ready(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	struct vnm_running *running = running_find(sys, op->dnsmasq.dir);
	char output[VNM_ERROR_MAX];
	int r;

	if (!running)
		return 0;
	vnm_sys_progress(sys, true, "network %s: dnsmasq is to get ready",
			 vnm_dnsmasq_network(op->dnsmasq.dir));
	r = wait_ready(running, &op->dnsmasq, output, sizeof(output));
	if (r == -ECHILD) {
		int again = start_again(sys, &op->dnsmasq, err);

		if (again < 0)
			return again;
		running = running_find(sys, op->dnsmasq.dir);
		if (again)
			r = wait_ready(running, &op->dnsmasq, output, sizeof(output));
	}
	if (r == -ECHILD)
		return vnm_dnsmasq_explain(op->dnsmasq.dir, output, err);
	if (r == -ETIMEDOUT)
		return vnm_error_set(err, VNM_ERR_DNSMASQ, -r,
				     "dnsmasq for %s is not ready after %d seconds",
				     vnm_dnsmasq_network(op->dnsmasq.dir), READY_MS / 1000);
	if (r < 0)
		return vnm_error_set(err, VNM_ERR_SYSTEM, -r,
				     "cannot tell whether dnsmasq for %s is ready: %s",
				     vnm_dnsmasq_network(op->dnsmasq.dir), strerror(-r));
	/* Close the read end of its stderr: a full pipe would block it. */
	vnm_cleanup_close(&running->child.stderr_fd);
	running->child.stderr_fd = -1;
	if (op->dnsmasq.device)
		r = end_binding(running->child.id.pid, op->dnsmasq.device, err);
	if (r == 0 && op->dnsmasq.bridge_only)
		vnm_dnsmasq_bridge_only(running->child.pidfd, op->dnsmasq.bridge);
	return r;
}

/* What keeps the process from serving: then it counts as absent. NULL: nothing. */
static const char *halted_by(int pidfd, const struct vnm_dnsmasq_process *found)
{
	pid_t pid = found->pid;
	enum vnm_proc_halt halt = found->state && !vnm_proc_halts(found->state)
					  ? VNM_PROC_RUNS
					  : vnm_proc_halted(pidfd, &pid);

	if (halt != VNM_PROC_RUNS)
		return halt == VNM_PROC_STOPPED ? "stopped by a signal" : "halted by a debugger";
	if (pid > 0 && vnm_cgroup_frozen(pid))
		return "frozen with its control group";
	return NULL;
}

static int dnsmasq_check(struct vnm_sys *sys, const struct vnm_op *op, enum vnm_presence *ret,
			 struct vnm_error *err)
{
	struct vnm_dnsmasq_process found = { 0 };
	vnm_autoclose int pidfd = -1;
	int r = vnm_link_record_here(sys);
	const char *halted;

	pidfd = r < 0 ? r : vnm_dnsmasq_find_in(sys->here.boot, &op->dnsmasq, &found);
	if (pidfd < 0 && pidfd != -ESRCH)
		return vnm_dnsmasq_find_failed(op->dnsmasq.dir, pidfd, err);
	halted = pidfd >= 0 ? halted_by(pidfd, &found) : NULL;
	r = 0;
	if (pidfd >= 0 && !halted)
		r = vnm_dnsmasq_bridge_lost(sys, op->dnsmasq.dir, op->dnsmasq.bridge, &halted, err);
	if (r < 0)
		return r;
	if (pidfd >= 0 && op->dnsmasq.device && vnm_bind_device_unfinished(op->dnsmasq.device))
		halted = "bound to its bridge with all that it opens, since a command was killed";
	if (halted)
		snprintf(sys->why, sizeof(sys->why), "%s", halted);
	*ret = pidfd >= 0 && !halted ? VNM_PRESENT : VNM_ABSENT;
	return 0;
}

/* Pinned from here on: a process that is ending has no arguments any more by which it could be found. */
static int pin_process(struct vnm_sys *sys, const struct vnm_op_dnsmasq *op)
{
	struct vnm_running *running = running_find(sys, op->dir);
	struct vnm_child child = VNM_CHILD_INIT;

	if (running)
		return running->child.pidfd;
	child.pidfd = vnm_dnsmasq_find_process(op, NULL);
	if (child.pidfd < 0)
		return child.pidfd;
	running_add(sys, &child, op->dir);
	return running_find(sys, op->dir)->child.pidfd;
}

static int dnsmasq_revert(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	int pidfd = pin_process(sys, &op->dnsmasq);
	int r;

	if (pidfd == -ESRCH)
		return 0;
	if (pidfd < 0)
		return vnm_dnsmasq_find_failed(op->dnsmasq.dir, pidfd, err);
	r = ask_to_end(pidfd);
	if (r < 0 && r != -ESRCH)
		return vnm_error_set(err, VNM_ERR_SYSTEM, -r,
				     "cannot end the dnsmasq of network '%s': %s",
				     vnm_dnsmasq_network(op->dnsmasq.dir), strerror(-r));
	return 0;
}

static int unmark(const char *dir, struct vnm_error *err)
{
	int r = vnm_dnsmasq_unmark(dir);

	if (r < 0)
		return vnm_error_set(err, VNM_ERR_SYSTEM, -r,
				     "cannot record that the dnsmasq of network '%s' has ended: %s",
				     vnm_dnsmasq_network(dir), strerror(-r));
	return 0;
}

static int drop_record(const char *dir, struct vnm_error *err)
{
	vnm_autoclose int dirfd = vnm_dnsmasq_dir_open(dir);
	int r;

	if (dirfd == -ENOENT)
		return unmark(dir, err);
	r = dirfd < 0 ? dirfd : vnm_file_unlink(dirfd, RECORD, VNM_VOLATILE);
	if (r == 0)
		r = vnm_dnsmasq_bridge_forget(dirfd);
	if (r == 0)
		r = vnm_file_sweep_temp(dirfd);
	if (r == 0)
		r = vnm_dnsmasq_dir_remove(dir);
	if (r < 0)
		return vnm_error_set(err, VNM_ERR_SYSTEM, -r, "cannot remove '%s/" RECORD "': %s",
				     dir, strerror(-r));
	return unmark(dir, err);
}

static int dnsmasq_wait_gone(struct vnm_sys *sys, const struct vnm_op *op,
				 struct vnm_error *err)
{
	const char *dir = op->dnsmasq.dir;
	int pidfd = running_find(sys, dir) || vnm_dnsmasq_has_record(dir)
			    ? pin_process(sys, &op->dnsmasq)
			    : -ESRCH;
	int r = pidfd >= 0 ? vnm_proc_wait_or_kill(pidfd, TERM_MS, KILL_MS) : 0;

	if (pidfd < 0 && pidfd != -ESRCH)
		return vnm_dnsmasq_find_failed(dir, pidfd, err);
	if (r < 0)
		return vnm_error_set(err, VNM_ERR_SYSTEM, -r,
				     "the dnsmasq of network '%s' does not end: %s",
				     vnm_dnsmasq_network(dir), strerror(-r));
	running_drop(sys, dir);
	r = op->dnsmasq.device ? vnm_bind_device_forget(op->dnsmasq.device, err) : 0;
	return r < 0 ? r : drop_record(dir, err);
}

/*
 * Its host lists were changed: SIGHUP makes it read them again. One that does not run, or is halted, which counts as
 * absent, reads them when it is started.
 */
static int dnsmasq_change(struct vnm_sys *sys, const struct vnm_op *old, const struct vnm_op *new,
			  struct vnm_error *err)
{
	struct vnm_dnsmasq_process found = { 0 };
	vnm_autoclose int pidfd = vnm_dnsmasq_find_process(&new->dnsmasq, &found.pid);
	const char *halted = pidfd >= 0 ? halted_by(pidfd, &found) : NULL;
	int r;

	(void)old;
	if (pidfd == -ESRCH)
		halted = "not running";
	if (halted) {
		vnm_warnings_add(sys->warnings,
				 "the dnsmasq of network '%s' was %s; it is started anew",
				 vnm_dnsmasq_network(new->dnsmasq.dir), halted);
		return 0;
	}
	if (pidfd < 0)
		return vnm_dnsmasq_find_failed(new->dnsmasq.dir, pidfd, err);
	r = vnm_proc_signal(pidfd, SIGHUP);
	if (r < 0 && r != -ESRCH)
		return vnm_error_set(err, VNM_ERR_SYSTEM, -r,
				     "cannot tell the dnsmasq of network '%s' to read its hosts "
				     "again: %s",
				     vnm_dnsmasq_network(new->dnsmasq.dir), strerror(-r));
	vnm_proc_wait_taken(pidfd, SIGHUP, HANGUP_MS);
	return 0;
}

const struct vnm_op_impl vnm_impl_dnsmasq = {
	.prepare = dnsmasq_prepare,
	.apply = dnsmasq_apply,
	.wait_ready = dnsmasq_wait_ready,
	.check = dnsmasq_check,
	.revert = dnsmasq_revert,
	.wait_gone = dnsmasq_wait_gone,
	.change = dnsmasq_change,
};
