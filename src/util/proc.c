/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * proc.c - identifying, watching and signalling processes.
 *
 * Theory of operation. A process number does not identify a process: the kernel reuses it. The pidfile record is the
 * number, the start time and the boot, which together are unique. The order matters: first a pidfd is opened, which
 * pins whatever has the number now, then that is compared with the record, and every signal goes through the pidfd,
 * so that the number cannot be reused in between.
 */
#include "util/proc.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "util/file.h"
#include "util/mem.h"
#include "util/poll.h"

#define STAT_MAX 4096	/* bytes of /proc/PID/stat: 52 numbers and a name */
#define CMDLINE_MAX (1 << 20)
#define ENVIRON_MAX (2 * 1024 * 1024)
#define EXEC_TRIES 200	/* polls, 1 ms apart, of a process within execve() */
#define STATUS_MAX 16384 /* bytes of /proc/PID/status */
#define TRACED_LOOKS 4
#define TRACED_PAUSE_MS 5
#define LOOKS_AT_ONCE 20
#define KERNEL_PF_EXITING 0x4	/* include/linux/sched.h; set at the very beginning of do_exit() */

#ifndef P_PIDFD
#define P_PIDFD 3
#endif

/* Fields of /proc/PID/stat; see proc_pid_stat(5). */
struct stat_line {
	char name[65];		/* a kernel worker's has up to 64 bytes */
	char state;
	int parent;
	unsigned flags;
	uint64_t start;
};

/**
 * vnm_boot_id() - the kernel's boot ID
 * @buf: gets it
 *
 * Return: 0 or -errno.
 */
int vnm_boot_id(char buf[static VNM_UUID_STRLEN])
{
	char line[VNM_UUID_STRLEN];
	int r = vnm_proc_read("/proc/sys/kernel/random/boot_id", line, sizeof(line));

	if (r < 0)
		return r;
	if (strlen(line) != VNM_UUID_STRLEN - 1)
		return -EPROTO;
	memcpy(buf, line, sizeof(line));
	return 0;
}

/* The name is in parentheses, and may contain blanks, newlines and parentheses: the last ')' ends it. */
static int parse_stat(const char *text, struct stat_line *ret)
{
	const char *open = strchr(text, '('), *close = strrchr(text, ')');

	if (!open || !close || close < open)
		return -EPROTO;
	/* Fields 3 (state), 4 (parent), 9 (flags) and 22 (start time); what is between them is skipped. */
	if (sscanf(close + 1,
		   " %c %d %*d %*d %*d %*d %u %*u %*u %*u %*u %*u %*u"
		   " %*d %*d %*d %*d %*d %*d %" SCNu64,
		   &ret->state, &ret->parent, &ret->flags, &ret->start) != 4)
		return -EPROTO;
	snprintf(ret->name, sizeof(ret->name), "%.*s", (int)(close - open - 1), open + 1);
	return 0;
}

/* -ESRCH when there is no such process. */
static int read_proc_file(pid_t pid, const char *name, size_t max, char **ret, size_t *ret_len)
{
	char path[64];
	int r;

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, name);
	r = vnm_file_read(AT_FDCWD, path, max, ret, ret_len);
	return r == -ENOENT ? -ESRCH : r;
}

static int read_stat(pid_t pid, struct stat_line *ret)
{
	vnm_autofree char *text = NULL;
	size_t len;
	int r = read_proc_file(pid, "stat", STAT_MAX, &text, &len);

	return r < 0 ? r : parse_stat(text, ret);
}

static bool is_dead(const struct stat_line *line)
{
	return line->state == 'Z' || line->state == 'X' || line->state == 'x';
}

/**
 * vnm_proc_ending() - has a process begun to end, or ended?
 * @pid: a child of the caller that was not reaped, so that its number is not reused
 *
 * Its descriptors are closed shortly before it can be reaped; its flags show the end already.
 *
 * Return: 1, 0, -errno when that is unknown.
 */
int vnm_proc_ending(pid_t pid)
{
	struct stat_line line;
	int r = read_stat(pid, &line);

	if (r < 0)
		return r == -ESRCH ? 1 : r;
	return is_dead(&line) || (line.flags & KERNEL_PF_EXITING);
}

/** vnm_proc_halts() - is it the letter of the state of a process that is stopped or traced? */
bool vnm_proc_halts(char state)
{
	return state == 'T' || state == 't';
}

/** vnm_proc_stopped() - is the process stopped, by SIGSTOP or a debugger? False when that is unknown. */
bool vnm_proc_stopped(pid_t pid)
{
	struct stat_line line;

	return read_stat(pid, &line) == 0 && vnm_proc_halts(line.state);
}

/**
 * vnm_proc_descends() - does this process descend from another one?
 * @id: the other one, as it was recorded
 *
 * False if that has ended: its children have another parent then.
 */
bool vnm_proc_descends(const struct vnm_proc_id *id)
{
	struct stat_line line;

	for (pid_t pid = getppid(); pid > 1 && read_stat(pid, &line) == 0; pid = line.parent)
		if (pid == id->pid)
			return line.start == id->start;
	return false;
}

/**
 * vnm_proc_identify() - the identity of a process
 * @pid: its number
 * @ret: its identity
 *
 * Return: 0; -ESRCH when there is no such process; -errno.
 */
int vnm_proc_identify(pid_t pid, struct vnm_proc_id *ret)
{
	struct vnm_proc_id id = { .pid = pid };
	struct stat_line line;
	int r = read_stat(pid, &line);

	if (r < 0)
		return r;
	id.start = line.start;
	r = vnm_boot_id(id.boot_id);
	if (r < 0)
		return r;
	*ret = id;
	return 0;
}

/**
 * vnm_proc_has_arg() - is a process called with an argument?
 * @pid: the process
 * @arg: the argument, whole
 *
 * Return: 1 or 0; -EAGAIN without arguments: a kernel thread, or a process within execve(); -ESRCH; -errno.
 */
int vnm_proc_has_arg(pid_t pid, const char *arg)
{
	vnm_autofree char *text = NULL;
	size_t len;
	int r = read_proc_file(pid, "cmdline", CMDLINE_MAX, &text, &len);

	if (r < 0)
		return r;
	if (len == 0)
		return -EAGAIN;
	for (size_t at = 0; at < len; at += strlen(text + at) + 1)
		if (!strcmp(text + at, arg))
			return 1;
	return 0;
}

/**
 * vnm_proc_env() - a variable of the environment that a process was started with
 * @pid:  its number
 * @name: of the variable
 *
 * Return: its value, allocated; NULL: there is none, or it cannot be read.
 */
char *vnm_proc_env(pid_t pid, const char *name)
{
	size_t len, n = strlen(name);
	vnm_autofree char *text = NULL;

	if (read_proc_file(pid, "environ", ENVIRON_MAX, &text, &len) < 0)
		return NULL;
	for (size_t at = 0; at < len; at += strlen(text + at) + 1)
		if (!strncmp(text + at, name, n) && text[at + n] == '=')
			return vnm_strdup(text + at + n + 1);
	return NULL;
}

/**
 * vnm_pidfd_open() - pin a process
 * @pid: its number
 *
 * Return: a descriptor that is closed on exec; -ESRCH when no process has that number; -errno.
 */
int vnm_pidfd_open(pid_t pid)
{
	int fd;

	if (pid <= 0)
		return -ESRCH;
	fd = (int)syscall(SYS_pidfd_open, pid, 0);
	if (fd >= 0)
		return fd;
	/* The number of a thread: EINVAL before Linux 6.15, ENOENT since. */
	return errno == EINVAL || errno == ENOENT ? -ESRCH : -errno;
}

/*
 * Is the pinned process the recorded one? One at its start barrier, or just released, still has its parent's
 * arguments, and is recognised by its name instead.
 */
static int compare(const struct vnm_proc_id *id, const char *needle, char *ret_state)
{
	struct stat_line line;
	int r = read_stat(id->pid, &line);

	if (r < 0)
		return r;
	*ret_state = line.state;
	if (line.start != id->start || is_dead(&line))
		return -ESRCH;
	if (!needle || !strcmp(line.name, VNM_BARRIER_NAME))
		return 0;
	r = vnm_proc_has_arg(id->pid, needle);
	return r == 0 ? -ESRCH : r < 0 ? r : 0;
}

/**
 * vnm_proc_open() - open a pidfd of a recorded process
 * @id:     what was recorded
 * @needle: an argument that it must have; NULL: any
 *
 * Return: a pidfd; -ESRCH when it is gone, a zombie, or not the recorded one; -errno when that is unknown.
 */
int vnm_proc_open(const struct vnm_proc_id *id, const char *needle)
{
	char boot_id[VNM_UUID_STRLEN], state;
	int r = vnm_boot_id(boot_id);

	return r < 0 ? r : vnm_proc_open_in(boot_id, id, needle, &state);
}

/** vnm_proc_open_in() - the same, for one of many: @boot_id was read already. @ret_state: gets the letter of its state */
int vnm_proc_open_in(const char *boot_id, const struct vnm_proc_id *id, const char *needle,
		     char *ret_state)
{
	vnm_autoclose int pidfd = -1;
	int r;

	if (strcmp(boot_id, id->boot_id) != 0)
		return -ESRCH;
	pidfd = vnm_pidfd_open(id->pid);
	if (pidfd < 0)
		return pidfd;
	for (int i = 0; i < EXEC_TRIES; i++) {
		r = compare(id, needle, ret_state);
		if (r != -EAGAIN)
			break;
		/* Within execve(), or a kernel thread, which never has any. */
		if (vnm_proc_wait_gone(pidfd, 1) == 0)
			return -ESRCH;
	}
	if (r < 0)
		return r == -EAGAIN ? -ESRCH : r;
	return vnm_steal_fd(&pidfd);
}

/**
 * vnm_proc_signal() - send a signal
 * @pidfd: the process
 * @sig:   the signal
 *
 * Return: 0; -ESRCH when it has ended and was reaped; -errno.
 */
int vnm_proc_signal(int pidfd, int sig)
{
	return syscall(SYS_pidfd_send_signal, pidfd, sig, NULL, 0) < 0 ? -errno : 0;
}

static int number_after(const char *path, const char *key, int base, unsigned long long *ret)
{
	vnm_autofree char *text = NULL;
	const char *at;
	int r = vnm_file_read(AT_FDCWD, path, STATUS_MAX, &text, NULL);

	if (r < 0)
		return r;
	at = strstr(text, key);
	if (!at)
		return -EPROTO;
	*ret = strtoull(at + strlen(key), NULL, base);
	return 0;
}

static bool is_pending(const char *status, int sig)
{
	unsigned long long pending;

	return number_after(status, "\nShdPnd:", 16, &pending) == 0 &&
	       (pending >> (sig - 1) & 1);
}

/** vnm_proc_pid() - the number of a pinned process. Return: 0; -ESRCH when it is gone; -errno. */
int vnm_proc_pid(int pidfd, pid_t *ret)
{
	vnm_autofree char *info = vnm_asprintf("/proc/self/fdinfo/%d", pidfd);
	unsigned long long pid;
	int r = number_after(info, "Pid:", 10, &pid);

	if (r == 0 && (pid == 0 || pid > INT32_MAX)) /* -1: it was reaped; 0: of another PID namespace */
		r = -ESRCH;
	if (r == 0)
		*ret = (pid_t)pid;
	return r;
}

/**
 * vnm_proc_halted() - is a process stopped or traced?
 * @pidfd: the process
 * @pid:   its number, or 0: not known yet; gets it, or 0: it is gone
 *
 * Under strace(1) a process stops for a moment at every system call: only one that is stopped in TRACED_LOOKS polls
 * counts as traced.
 */
enum vnm_proc_halt vnm_proc_halted(int pidfd, pid_t *pid)
{
	struct stat_line line = { 0 };

	if (*pid == 0 && vnm_proc_pid(pidfd, pid) < 0)
		return VNM_PROC_RUNS;
	for (int i = 0; i < TRACED_LOOKS; i++) {
		if (read_stat(*pid, &line) < 0 || !vnm_proc_halts(line.state))
			return VNM_PROC_RUNS;
		if (line.state == 'T')
			return VNM_PROC_STOPPED;
		(void)poll(NULL, 0, TRACED_PAUSE_MS);
	}
	return VNM_PROC_TRACED;
}

/**
 * vnm_proc_wait_taken() - wait until a process has handled a signal
 * @pidfd:      the process
 * @sig:        the signal, sent before
 * @timeout_ms: how long at most
 *
 * Any later request to the process comes after the signal. There is no event for this, so it is polled: at once a
 * few times, since it takes microseconds unless the machine is busy, and then every millisecond.
 */
void vnm_proc_wait_taken(int pidfd, int sig, int timeout_ms)
{
	vnm_autofree char *status = NULL;
	struct pollfd end = { .fd = pidfd, .events = POLLIN };
	const int64_t deadline = vnm_now_ms() + timeout_ms;
	pid_t pid;

	if (vnm_proc_pid(pidfd, &pid) < 0)
		return;
	status = vnm_asprintf("/proc/%d/status", (int)pid);
	for (int i = 0; is_pending(status, sig) && vnm_now_ms() < deadline; i++)
		if (i >= LOOKS_AT_ONCE && poll(&end, 1, 1) > 0)
			return;
}

/**
 * vnm_proc_wait_gone() - wait until a process has ended
 * @pidfd:      the process
 * @timeout_ms: how long; negative: for ever
 *
 * It may be a zombie then: see vnm_proc_reap().
 *
 * Return: 0; -ETIMEDOUT; -errno.
 */
int vnm_proc_wait_gone(int pidfd, int timeout_ms)
{
	struct pollfd fd = { .fd = pidfd, .events = POLLIN };
	int r = vnm_poll_until(&fd, 1, timeout_ms < 0 ? -1 : vnm_now_ms() + timeout_ms);

	if (r < 0)
		return r;
	return r == 0 ? -ETIMEDOUT : 0;
}

/**
 * vnm_proc_reap() - waitpid(2) for a child that has ended
 * @pidfd:      the child
 * @ret_status: how it ended: its exit status, or 128 + the signal; may be NULL
 *
 * Return: 0; -EAGAIN while it runs; -ECHILD when it is not a child of ours, or was reaped already; -errno.
 */
int vnm_proc_reap(int pidfd, int *ret_status)
{
	siginfo_t info = { 0 };
	int r;

	do
		r = waitid((idtype_t)P_PIDFD, (id_t)pidfd, &info, WEXITED | WNOHANG);
	while (r < 0 && errno == EINTR);
	if (r < 0)
		return -errno;
	if (info.si_pid == 0)
		return -EAGAIN;
	if (ret_status)
		*ret_status = info.si_code == CLD_EXITED ? info.si_status : 128 + info.si_status;
	return 0;
}

/**
 * vnm_proc_wait_or_kill() - wait until a process that got SIGTERM has ended; send SIGKILL if it does not
 * @pidfd:   the process
 * @term_ms: timeout before SIGKILL
 * @kill_ms: timeout after it; the process may hang in the kernel
 *
 * A child of ours is reaped, too.
 *
 * Return: 0; -ETIMEDOUT; -errno.
 */
int vnm_proc_wait_or_kill(int pidfd, int term_ms, int kill_ms)
{
	int r = vnm_proc_wait_gone(pidfd, term_ms);

	if (r == -ETIMEDOUT) {
		(void)vnm_proc_signal(pidfd, SIGKILL);
		r = vnm_proc_wait_gone(pidfd, kill_ms);
	}
	if (r == 0)
		(void)vnm_proc_reap(pidfd, NULL);
	return r;
}
