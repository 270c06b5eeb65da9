/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * holder.c - the lock of the run directory, and its holder; see holder.h.
 *
 * The holder writes its name into the file, for messages only; the lock itself does not depend on it.
 *
 * flock(2) is not fair: a process that releases the lock and takes it again at once may well be first. So there is a second
 * lock, of the directory itself, for the next in line: a waiter holds it until it has the lock, and every newcomer takes it first.
 */
#include "state/holder.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/buf.h"
#include "util/file.h"
#include "util/lock.h"
#include "util/mem.h"
#include "util/poll.h"
#include "util/proc.h"
#include "util/proc_record.h"

#define LOCK "lock"
#define WAIT_SECONDS 30
#define READER_SECONDS 2
#define PAUSE_MS 10
#define TEXT_MAX (PATH_MAX + 512)
#define OWN_TEXT_SIZE 32

static void own_text(char buf[static OWN_TEXT_SIZE])
{
	snprintf(buf, OWN_TEXT_SIZE, "process %d", (int)getpid());
}

static void write_text(int fd, const char *text)
{
	/* In this order, so that the file is never empty. */
	if (pwrite(fd, text, strlen(text), 0) == (ssize_t)strlen(text))
		(void)!ftruncate(fd, (off_t)strlen(text));
}

/**
 * vnm_hold_announce() - record what the holder waits for, for those who wait for it
 * @run_fd:   the run directory, of which the caller holds the lock
 * @hook:     the running hook; NULL: none any more
 * @network:  the network that the hook runs for
 * @hook_pid: the hook's process
 */
void vnm_hold_announce(int run_fd, const char *hook, const char *network, pid_t hook_pid)
{
	vnm_autoclose int fd = vnm_open(run_fd, LOCK, O_WRONLY | O_NOFOLLOW, 0);
	vnm_autobuf struct vnm_buf text = { 0 };

	vnm_buf_printf(&text, "process %d", (int)getpid());
	if (hook)
		vnm_buf_printf(&text,
			       ", which is running the hook '%s' of network '%s' (process %d),",
			       hook, network, (int)hook_pid);
	if (fd >= 0)
		write_text(fd, vnm_buf_str(&text));
}

/* Parse the holder's entry. Return: its process number; 0: it has not written one yet. */
static pid_t read_text(int run_fd, char **ret)
{
	int pid;

	if (vnm_file_read(run_fd, LOCK, TEXT_MAX, ret, NULL) == 0 &&
	    sscanf(*ret, "process %d", &pid) == 1)
		return pid;
	free(*ret);
	*ret = vnm_strdup("unknown process");
	return 0;
}

static int busy(const struct vnm_hold *hold, int seconds, struct vnm_error *err)
{
	vnm_autofree char *text = NULL, *time = NULL, *remedy = NULL;
	pid_t pid = read_text(hold->run_fd, &text);

	time = seconds > 0 ? vnm_asprintf("has held '%s/" LOCK "' for %d second%s", hold->run,
					  seconds, seconds == 1 ? "" : "s")
			   : vnm_asprintf("holds '%s/" LOCK "'", hold->run);
	if (pid && vnm_proc_stopped(pid))
		remedy = vnm_asprintf("it is stopped: let it go on with kill -CONT %d", (int)pid);
	else
		remedy = vnm_asprintf("wait for it, for longer with --wait SECONDS");
	return vnm_error_set(err, VNM_ERR_BUSY, ETIMEDOUT, "%s %s; %s, or end it", text, time,
			     remedy);
}

static bool runs_hook(int run_fd, struct vnm_proc_id *ret)
{
	return vnm_proc_record_read(run_fd, VNM_HOOK_RECORD, ret) == 0;
}

/* The holder waits for the hook that we are a descendant of, so waiting for the holder would be a deadlock. */
static int check_descent(const struct vnm_hold *hold, struct vnm_error *err)
{
	vnm_autofree char *text = NULL;
	struct vnm_proc_id hook;

	if (!runs_hook(hold->run_fd, &hook) || !vnm_proc_descends(&hook))
		return 0;
	return vnm_error_set(err, VNM_ERR_BUSY, EDEADLK,
			     "a hook cannot use vnetmgr: process %d, which called the hook, has "
			     "not finished; what a hook needs to know is in its input",
			     (int)read_text(hold->run_fd, &text));
}

/* Return: 0; -ETIMEDOUT; -errno. With the default timeout, it does not wait for a hook, which may take long. */
static int wait_to_read(const struct vnm_hold *hold, int fd, int seconds)
{
	int64_t deadline = vnm_now_ms() + (int64_t)seconds * 1000;
	struct vnm_proc_id hook;
	int r;

	while ((r = vnm_lock_wait(fd, 0)) == -ETIMEDOUT && vnm_now_ms() < deadline &&
	       (hold->seconds >= 0 || !runs_hook(hold->run_fd, &hook)))
		(void)poll(NULL, 0, PAUSE_MS);
	return r;
}

/* Return: 0; -ETIMEDOUT; -errno. */
static int wait_in_turn(const struct vnm_hold *hold, int fd, int seconds)
{
	int64_t deadline = vnm_now_ms() + (int64_t)seconds * 1000, left;
	int r = vnm_lock_wait(hold->run_fd, (unsigned)seconds);

	if (r < 0)
		return r;
	left = deadline - vnm_now_ms();
	r = vnm_lock_wait(fd, left > 0 ? (unsigned)(left + 999) / 1000 : 0);
	(void)flock(hold->run_fd, LOCK_UN);
	return r;
}

static void report_wait(const struct vnm_hold *hold, int seconds)
{
	vnm_autofree char *text = NULL, *line = NULL;

	if (!hold->waits || seconds == 0)
		return;
	(void)read_text(hold->run_fd, &text);
	line = vnm_asprintf("waiting for %s, for %d second%s at most", text, seconds,
			    seconds == 1 ? "" : "s");
	hold->waits(hold->data, line);
}

static int take_lock(const struct vnm_hold *hold, int fd, struct vnm_error *err)
{
	int usual = hold->reads ? READER_SECONDS : WAIT_SECONDS;
	int seconds = hold->seconds < 0 ? usual : hold->seconds;
	int r = hold->again ? wait_in_turn(hold, fd, seconds) : vnm_lock_wait(fd, 0);

	if (r == -ETIMEDOUT && !hold->again) {
		r = check_descent(hold, err);
		if (r < 0)
			return r;
		report_wait(hold, seconds);
		r = hold->reads ? wait_to_read(hold, fd, seconds) : wait_in_turn(hold, fd, seconds);
	}
	if (r == -ETIMEDOUT && !hold->reads)
		return busy(hold, seconds, err);
	if (r < 0 && r != -ETIMEDOUT)
		return vnm_error_set(err, VNM_ERR_SYSTEM, -r, "cannot lock '%s/" LOCK "': %s",
				     hold->run, strerror(-r));
	return r;
}

/**
 * vnm_hold_take() - take the lock
 * @hold:   how it is wanted
 * @ret_fd: the lock, released by closing it; -1: @hold->reads, and another command has it
 * @err:    VNM_ERR_BUSY, VNM_ERR_SYSTEM
 *
 * Return: 0 or -errno.
 */
int vnm_hold_take(const struct vnm_hold *hold, int *ret_fd, struct vnm_error *err)
{
	vnm_autoclose int fd = vnm_open(hold->run_fd, LOCK, O_RDWR | O_CREAT | O_NOFOLLOW, 0600);
	char text[OWN_TEXT_SIZE];
	int r;

	if (fd < 0)
		return vnm_error_set(err, VNM_ERR_SYSTEM, -fd, "cannot open '%s/" LOCK "': %s",
				     hold->run, strerror(-fd));
	*ret_fd = -1;
	r = take_lock(hold, fd, err);
	if (r < 0)
		return r == -ETIMEDOUT && hold->reads ? 0 : r;
	own_text(text);
	write_text(fd, text);
	*ret_fd = vnm_steal_fd(&fd);
	return 0;
}

/**
 * vnm_hold_release() - release the lock and keep its file open, for vnm_hold_retake()
 * @fd:  of vnm_hold_take()
 * @ret: when the file was last written
 *
 * No child may inherit the descriptor: it would share the lock.
 *
 * Return: 0 or -errno; then only closing it releases the lock.
 */
int vnm_hold_release(int fd, struct timespec *ret)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return -errno;
	*ret = st.st_mtim;
	return flock(fd, LOCK_UN) < 0 ? -errno : 0;
}

/**
 * vnm_hold_retake() - take the lock again, if nobody has it
 * @fd:       the file
 * @released: of vnm_hold_release()
 * @others:   whether somebody else has had it meanwhile
 *
 * Whoever takes the lock writes its process into the file. Our number there may be that of a process in another PID namespace,
 * and its time is too coarse to show two writes in a row; together they show that the last one was ours.
 *
 * Return: true; false: somebody has it, or the file is gone; then @fd may only be closed.
 */
bool vnm_hold_retake(int fd, const struct timespec *released, bool *others)
{
	char text[OWN_TEXT_SIZE], own[OWN_TEXT_SIZE];
	struct stat st;
	ssize_t n;

	if (vnm_lock_wait(fd, 0) < 0 || fstat(fd, &st) < 0 || st.st_nlink == 0)
		return false;
	n = pread(fd, text, sizeof(text) - 1, 0);
	if (n < 0)
		return false;
	text[n] = '\0';
	own_text(own);
	*others = st.st_mtim.tv_sec != released->tv_sec ||
		  st.st_mtim.tv_nsec != released->tv_nsec || strcmp(text, own) != 0;
	if (*others)
		write_text(fd, own);
	return true;
}
