/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * forker.c - a copy of this process, made while it was small, that forks in its place.
 *
 * Theory of operation. fork() copies the page tables of all memory, and the copy is torn down when the child becomes its program: for a
 * process that holds the plans of a thousand networks that takes 3.6 ms a child, a quarter of all that starting a network takes. So a
 * process that is going to start many children makes a copy of itself first. The copy waits for requests: what is to be run, and its
 * descriptors. It forks with CLONE_PARENT, so the child is one of ours, as if we had done it, and answers the child's number.
 *
 * The copy has no descriptor but its socket, not even our lock; it ends with us, and without us. If it is gone, we fork ourselves.
 */
#define _GNU_SOURCE 1 /* CLONE_PARENT */
#include "util/forker.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "util/buf.h"
#include "util/mem.h"

/** struct vnm_forker - the copy. @fd: requests go there; -1: it is not asked any more */
struct vnm_forker {
	pid_t pid;
	int fd;
};

#define FDS 4 /* of a plan */
#define STRINGS_MAX 64
#define REQUEST_MAX 32768

/** struct request - begins a request; behind it are the strings. @has: which descriptors come along, in this order */
struct request {
	bool has[FDS], tied;
	unsigned n_argv, n_env;
};

/** union control - room for the descriptors. */
union control {
	struct cmsghdr head;
	char space[CMSG_SPACE(FDS * sizeof(int))];
};

static unsigned add_strings(struct vnm_buf *out, const char *const *strings)
{
	unsigned n = 0;

	for (; strings[n]; n++)
		vnm_buf_addn(out, strings[n], strlen(strings[n]) + 1);
	return n;
}

/* @ret: gets the descriptors that there are. Return: how many. */
static size_t list_fds(const struct vnm_child_plan *plan, struct request *request, int ret[FDS])
{
	const int fds[FDS] = { plan->barrier, plan->in, plan->out, plan->err };
	size_t n = 0;

	for (size_t i = 0; i < FDS; i++) {
		request->has[i] = fds[i] >= 0;
		if (request->has[i])
			ret[n++] = fds[i];
	}
	return n;
}

static int send_request(int fd, const struct vnm_child_plan *plan)
{
	struct request request = { .tied = plan->tied };
	vnm_autobuf struct vnm_buf strings = { 0 };
	union control control = { .head = { .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS } };
	struct iovec parts[2] = { { .iov_base = &request, .iov_len = sizeof(request) } };
	struct msghdr message = { .msg_iov = parts, .msg_iovlen = 2, .msg_control = &control };
	int fds[FDS];
	size_t n = list_fds(plan, &request, fds);

	request.n_argv = add_strings(&strings, plan->argv);
	request.n_env = add_strings(&strings, plan->env);
	if (request.n_argv + request.n_env > STRINGS_MAX - 2 ||
	    sizeof(request) + strings.len > REQUEST_MAX)
		return -E2BIG;
	parts[1] = (struct iovec){ .iov_base = strings.data, .iov_len = strings.len };
	memcpy(CMSG_DATA(&control.head), fds, n * sizeof(int));
	control.head.cmsg_len = CMSG_LEN(n * sizeof(int));
	message.msg_controllen = CMSG_SPACE(n * sizeof(int));
	return sendmsg(fd, &message, MSG_NOSIGNAL) < 0 ? -errno : 0;
}

/**
 * vnm_forker_fork() - have a child forked that runs vnm_child_main()
 * @forker: the copy; NULL: there is none
 * @plan:   what the child needs
 *
 * Return: its number; it is a child of this process. 0: none was forked. -errno: it may have been; it ends when its barrier is closed.
 */
pid_t vnm_forker_fork(struct vnm_forker *forker, const struct vnm_child_plan *plan)
{
	pid_t pid;
	ssize_t n;
	int r;

	if (!forker || forker->fd < 0 || send_request(forker->fd, plan) < 0)
		return 0;
	do
		n = recv(forker->fd, &pid, sizeof(pid), 0);
	while (n < 0 && errno == EINTR);
	if (n == sizeof(pid))
		return pid;
	r = n < 0 ? -errno : -ECHILD;
	/* Or a late answer would be taken for that to the next request. */
	close(forker->fd);
	forker->fd = -1;
	return r;
}

/* ---- in the copy: what a signal handler may do, as in child_main.c ---- */

/* @at: the strings, which end in @end; @ret: gets @n of them, and NULL. Return: behind them; NULL: there are not so many. */
static char *cut(char *at, const char *end, unsigned n, const char **ret)
{
	for (unsigned i = 0; i < n; i++) {
		char *zero = at < end ? memchr(at, '\0', (size_t)(end - at)) : NULL;

		if (!zero)
			return NULL;
		ret[i] = at;
		at = zero + 1;
	}
	ret[n] = NULL;
	return at;
}

static void take_fds(const struct request *request, const union control *control,
		     struct vnm_child_plan *ret)
{
	int *const fds[FDS] = { &ret->barrier, &ret->in, &ret->out, &ret->err };
	const unsigned char *at = CMSG_DATA(&control->head);

	for (size_t i = 0; i < FDS; i++) {
		*fds[i] = -1;
		if (!request->has[i])
			continue;
		memcpy(fds[i], at, sizeof(int));
		at += sizeof(int);
	}
}

static void drop_fds(const struct vnm_child_plan *plan)
{
	const int fds[FDS] = { plan->barrier, plan->in, plan->out, plan->err };

	for (size_t i = 0; i < FDS; i++)
		if (fds[i] >= 0)
			close(fds[i]);
}

/* Return: its number, or 0. */
static pid_t fork_for_parent(const struct vnm_child_plan *plan)
{
	struct {
		uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls;
	} args = { .flags = CLONE_PARENT };
	long pid = syscall(SYS_clone3, &args, sizeof(args));

	if (pid == 0)
		vnm_child_main(plan);
	return pid < 0 ? 0 : (pid_t)pid;
}

/* Return: false: nobody asks any more. */
static bool serve_one(int fd)
{
	char text[REQUEST_MAX];
	struct request request;
	union control control = { .head = { .cmsg_len = 0 } };
	struct iovec part = { .iov_base = text, .iov_len = sizeof(text) };
	struct msghdr message = { .msg_iov = &part,
				  .msg_iovlen = 1,
				  .msg_control = &control,
				  .msg_controllen = sizeof(control) };
	const char *argv[STRINGS_MAX], *env[STRINGS_MAX];
	struct vnm_child_plan plan = { .argv = argv, .env = env };
	ssize_t n = recvmsg(fd, &message, MSG_CMSG_CLOEXEC);
	char *at;
	pid_t pid;

	if (n < (ssize_t)sizeof(request))
		return n < 0 && errno == EINTR;
	memcpy(&request, text, sizeof(request));
	plan.tied = request.tied;
	take_fds(&request, &control, &plan);
	at = cut(text + sizeof(request), text + n, request.n_argv, argv);
	at = at ? cut(at, text + n, request.n_env, env) : NULL;
	pid = at ? fork_for_parent(&plan) : 0;
	drop_fds(&plan);
	return send(fd, &pid, sizeof(pid), MSG_NOSIGNAL) == sizeof(pid);
}

static _Noreturn void serve(int fd)
{
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (fd > 0)
		(void)syscall(SYS_close_range, 0, fd - 1, 0);
	(void)syscall(SYS_close_range, fd + 1, ~0U, 0);
	while (serve_one(fd))
		;
	_exit(0);
}

/**
 * vnm_forker_begin() - make the copy, before this process grows
 *
 * No signal but SIGKILL reaches it: what a terminal sends is ours to handle.
 *
 * Return: the copy, for vnm_forker_end(); NULL: it could not be made.
 */
struct vnm_forker *vnm_forker_begin(void)
{
	struct vnm_forker forker, *ret;
	sigset_t all, before;
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
		return NULL;
	sigfillset(&all);
	(void)sigprocmask(SIG_SETMASK, &all, &before);
	forker = (struct vnm_forker){ .pid = fork(), .fd = ends[0] };
	if (forker.pid == 0)
		serve(ends[1]);
	(void)sigprocmask(SIG_SETMASK, &before, NULL);
	close(ends[1]);
	if (forker.pid < 0) {
		close(ends[0]);
		return NULL;
	}
	ret = vnm_alloc(sizeof(*ret));
	*ret = forker;
	return ret;
}

/** vnm_forker_end() - end the copy; NULL is fine. */
void vnm_forker_end(struct vnm_forker *forker)
{
	if (!forker)
		return;
	if (forker->fd >= 0)
		close(forker->fd);
	while (waitpid(forker->pid, NULL, 0) < 0 && errno == EINTR)
		;
	free(forker);
}
