/*
 * child.c - starting a helper process.
 *
 * Theory of operation. Between fork() and execve() the child does only what a signal handler may do. It
 * makes itself independent of whoever called us (session, directory, umask, signals, environment,
 * descriptors), takes the name VNM_GATE_NAME, says so through its gate, and waits there. vnm_child_fork()
 * returns after that, so whatever the parent records is a process that can be recognised at every moment:
 * first by its name, then by its arguments. The gate is a socket pair, whose parent's end nobody else
 * holds; if the parent ends, the child reads end of file, and leaves.
 */
#define _GNU_SOURCE 1	/* pipe2, dup3, strerrordesc_np */
#include "util/proc.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "util/mem.h"

#define GATE_FD 3	/* in the child */
#define GATE_WAIT_MS 10000	/* a child needs 0.1 ms to get there */
#define SAID_MAX 16384	/* of what a child says; enough for anything that ends with an error */

static const char *const child_env[] = { "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C", NULL };

/* What a child is: filled in before fork(), so that it has nothing to compute. */
struct child_plan {
	const char *const *argv;
	int gate, said;
};

static void say(const char *text)
{
	(void)!write(STDERR_FILENO, text, strlen(text));
}

/*
 * Every signal back to what it does by itself, and none blocked: a blocked SIGTERM would outlive
 * execve().
 */
static void child_signals(void)
{
	struct sigaction dfl = { .sa_handler = SIG_DFL };
	sigset_t none;

	for (int sig = 1; sig < NSIG; sig++)
		(void)sigaction(sig, &dfl, NULL);
	sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Standard descriptors, the gate as GATE_FD, and nothing else: not even the lock of who called us. */
static bool child_fds(const struct child_plan *plan)
{
	int said = fcntl(plan->said, F_DUPFD_CLOEXEC, GATE_FD + 1);
	int gate = fcntl(plan->gate, F_DUPFD_CLOEXEC, GATE_FD + 1);
	int null = open("/dev/null", O_RDWR);

	if (said < 0 || gate < 0 || null < 0)
		return false;
	if (dup2(null, 0) < 0 || dup2(null, 1) < 0 || dup2(said, 2) < 0 ||
	    dup3(gate, GATE_FD, O_CLOEXEC) < 0)
		return false;
	(void)syscall(SYS_close_range, GATE_FD + 1, ~0U, 0);
	return true;
}

static bool child_pass_gate(void)
{
	ssize_t n;
	char byte = 0;

	if (write(GATE_FD, &byte, 1) != 1)
		return false;
	do
		n = read(GATE_FD, &byte, 1);
	while (n < 0 && errno == EINTR);
	(void)syscall(SYS_close_range, GATE_FD, ~0U, 0);
	return n == 1;
}

static _Noreturn void child_main(const struct child_plan *plan)
{
	(void)setsid();
	umask(022);
	if (!child_fds(plan) || chdir("/") < 0)
		_exit(127);
	child_signals();
	(void)prctl(PR_SET_NAME, VNM_GATE_NAME);
	if (!child_pass_gate())
		_exit(127);
	execve(plan->argv[0], (char *const *)plan->argv, (char *const *)child_env);
	say("cannot run ");
	say(plan->argv[0]);
	say(": ");
	/* Unlike strerror() allowed here: it only looks into a table. */
	say(strerrordesc_np(errno));
	say("\n");
	_exit(127);
}

/* No handler of the parent may run in the child before child_signals(). */
static pid_t fork_quietly(const struct child_plan *plan)
{
	sigset_t all, before;
	pid_t pid;
	int saved;

	sigfillset(&all);
	(void)sigprocmask(SIG_SETMASK, &all, &before);
	pid = fork();
	if (pid == 0)
		child_main(plan);
	saved = errno;
	(void)sigprocmask(SIG_SETMASK, &before, NULL);
	return pid < 0 ? -saved : pid;
}

/* The child's word that it stands at its gate. */
static int wait_at_gate(const struct vnm_child *child)
{
	struct pollfd fd = { .fd = child->gate_fd, .events = POLLIN };
	int r = vnm_poll_until(&fd, 1, vnm_now_ms() + GATE_WAIT_MS);
	char byte;

	if (r <= 0)
		return r < 0 ? r : -ETIMEDOUT;
	return read(child->gate_fd, &byte, 1) == 1 ? 0 : -ECHILD;
}

static int fork_failed(const char *program, int r, struct vnm_error *err)
{
	return vnm_error_set(err, VNM_ERR_SYSTEM, -r, "cannot start a process for '%s': %s",
			     program, strerror(-r));
}

/**
 * vnm_child_fork() - make a process that is ready to become a program
 * @argv: the program's absolute path and its arguments, NULL at the end
 * @ret:  the process, waiting for vnm_child_release(); vnm_child_clear() in any case
 * @err:  set on failure
 *
 * The program will have a session of its own, "/" as directory, umask 022, no signal blocked or ignored,
 * PATH and LC_ALL=C as environment, /dev/null as input and output, and no descriptor but these and its
 * stderr.
 *
 * Return: 0 or -errno; nothing is left behind then.
 */
int vnm_child_fork(const char *const argv[], struct vnm_child *ret, struct vnm_error *err)
{
	vnm_autochild struct vnm_child child = VNM_CHILD_INIT;
	vnm_autoclose int said = -1, gate = -1;
	struct child_plan plan = { .argv = argv };
	int gates[2], pipes[2], r;
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, gates) < 0)
		return fork_failed(argv[0], -errno, err);
	child.gate_fd = gates[0];
	plan.gate = gate = gates[1];
	if (pipe2(pipes, O_CLOEXEC) < 0)
		return fork_failed(argv[0], -errno, err);
	child.stderr_fd = pipes[0];
	plan.said = said = pipes[1];
	(void)fcntl(child.stderr_fd, F_SETFL, O_NONBLOCK);

	pid = fork_quietly(&plan);
	if (pid < 0)
		return fork_failed(argv[0], pid, err);
	/* Its ends: with ours closed, its death shows at the gate. */
	vnm_cleanup_close(&gate);
	vnm_cleanup_close(&said);
	gate = said = -1;
	/* It was not waited for, so the number is still its own. */
	child.pidfd = r = vnm_pidfd_open(pid);
	child.id.pid = pid;
	if (r >= 0)
		r = wait_at_gate(&child);
	if (r >= 0)
		r = vnm_proc_identify(pid, &child.id);
	if (r < 0)
		return fork_failed(argv[0], r, err);
	*ret = child;
	child = (struct vnm_child)VNM_CHILD_INIT;
	return 0;
}

/**
 * vnm_child_release() - let the process become its program
 * @child: the process, whose identity is on record now
 *
 * Return: 0; -EPIPE when it has ended; -errno.
 */
int vnm_child_release(struct vnm_child *child)
{
	char byte = 0;
	ssize_t n;

	do
		n = send(child->gate_fd, &byte, 1, MSG_NOSIGNAL);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	vnm_cleanup_close(&child->gate_fd);
	child->gate_fd = -1;
	return 0;
}

/* What was said so far; when it is too much the end counts. */
struct speech {
	char text[SAID_MAX + 1];
	size_t len;
};

/* Return: 1 more may come, 0 end of file, -errno. */
static int listen_once(int fd, struct speech *speech)
{
	ssize_t n;

	if (speech->len == SAID_MAX) {
		memmove(speech->text, speech->text + SAID_MAX / 2, SAID_MAX / 2);
		speech->len = SAID_MAX / 2;
	}
	n = read(fd, speech->text + speech->len, SAID_MAX - speech->len);
	if (n < 0)
		return errno == EINTR || errno == EAGAIN ? 1 : -errno;
	for (ssize_t i = 0; i < n; i++)
		if (speech->text[speech->len + (size_t)i] == '\0')
			speech->text[speech->len + (size_t)i] = '?';
	speech->len += (size_t)n;
	speech->text[speech->len] = '\0';
	return n > 0;
}

/* A process that ended: what it still had to say, and, if that was nothing, how it ended. */
static int ended(struct vnm_child *child, struct speech *speech)
{
	int status = -1, r = vnm_proc_wait_gone(child->pidfd, GATE_WAIT_MS);

	if (r < 0)
		return r;
	for (size_t before = SIZE_MAX; before != speech->len;) {
		before = speech->len;
		(void)listen_once(child->stderr_fd, speech);
	}
	(void)vnm_proc_reap(child->pidfd, &status);
	if (speech->len > 0)
		return -ECHILD;
	if (status >= 128)
		speech->len = (size_t)snprintf(speech->text, SAID_MAX, "it was ended by signal %d",
					       status - 128);
	else
		speech->len =
			(size_t)snprintf(speech->text, SAID_MAX, "it ended with status %d", status);
	return -ECHILD;
}

static int wait_ready(struct vnm_child *child, const char *ready_text, int64_t deadline,
		      struct speech *speech)
{
	struct pollfd fds[] = {
		{ .fd = child->stderr_fd, .events = POLLIN },
		{ .fd = child->pidfd, .events = POLLIN },
	};

	for (;;) {
		int r = vnm_poll_until(fds, VNM_ARRAY_SIZE(fds), deadline);

		if (r <= 0)
			return r < 0 ? r : -ETIMEDOUT;
		if (fds[1].revents)
			return ended(child, speech);
		r = listen_once(child->stderr_fd, speech);
		if (r < 0)
			return r;
		if (r > 0 && (!ready_text || !strstr(speech->text, ready_text)))
			continue;
		/* End of file: detached, or about to end. */
		return vnm_proc_ending(child->id.pid) ? ended(child, speech) : 0;
	}
}

/**
 * vnm_child_wait_ready() - wait until a program that was let go says that it is ready
 * @child:      the process
 * @ready_text: what it says then; NULL: it lets go of its stderr instead. End of file means ready in any case.
 * @timeout_ms: how long to wait
 * @said:       gets what it said, or, when it ended in silence, how it ended
 * @said_size:  bytes of @said
 *
 * Return: 0; -ECHILD when it has ended (it is waited for); -ETIMEDOUT, while it still runs; -errno.
 */
int vnm_child_wait_ready(struct vnm_child *child, const char *ready_text, int timeout_ms,
			 char *said, size_t said_size)
{
	struct speech speech;
	int r;

	speech.len = 0;
	speech.text[0] = '\0';
	r = wait_ready(child, ready_text, vnm_now_ms() + timeout_ms, &speech);
	snprintf(said, said_size, "%s", speech.text);
	return r;
}

/**
 * vnm_child_clear() - let go of a process
 * @child: the process, or VNM_CHILD_INIT; it is VNM_CHILD_INIT then
 *
 * One that was not released ends, and is waited for. One that was released goes on by itself.
 */
void vnm_child_clear(struct vnm_child *child)
{
	bool unreleased = child->gate_fd >= 0 && child->id.pid > 0;

	vnm_cleanup_close(&child->gate_fd);
	while (unreleased && waitpid(child->id.pid, NULL, 0) < 0 && errno == EINTR)
		;
	vnm_cleanup_close(&child->stderr_fd);
	vnm_cleanup_close(&child->pidfd);
	*child = (struct vnm_child)VNM_CHILD_INIT;
}
