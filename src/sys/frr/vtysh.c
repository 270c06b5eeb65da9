/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vtysh.c - FRR, asked and told by its own shell.
 *
 * A call takes some 50 ms, and has a time limit, since a daemon that hangs would keep it for ever. What it is told goes through a
 * file in memory: there may be a password in it. Not by frr-reload.py, which may switch the host's forwarding on and rewrites
 * frr.conf; nor by "bgpd -C", which finds no fault with anything.
 */
#include "sys/frr/vtysh.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "util/child.h"
#include "util/file.h"
#include "util/mem.h"
#include "util/memory_file.h"

#define WORDS_MAX 24
#define TIMEOUT_MS 10000
#define CHANGE_MS 30000 /* what is given up halfway is harder to take back than waiting is */
#define OUTPUT_MAX (16 * 1024 * 1024)

static const char *const program_paths[] = { "/usr/bin/vtysh", "/usr/local/bin/vtysh" };

static const char *find_program(void)
{
	for (size_t i = 0; i < VNM_ARRAY_SIZE(program_paths); i++)
		if (access(program_paths[i], X_OK) == 0)
			return program_paths[i];
	return NULL;
}

/** vnm_vtysh_installed() - is there FRR's shell? */
bool vnm_vtysh_installed(void)
{
	return find_program() != NULL;
}

/* That it cannot be tried does not mean that nobody would answer. */
static bool listens(const char *path)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	vnm_autoclose int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || strlen(path) >= sizeof(addr.sun_path))
		return true;
	memcpy(addr.sun_path, path, strlen(path));
	return connect(fd, (const struct sockaddr *)&addr, sizeof(addr)) == 0 ||
	       (errno != ENOENT && errno != ECONNREFUSED);
}

/** vnm_frr_daemon_runs() - does a daemon of FRR answer? What does not take vtysh. @daemon: "zebra", "bgpd" */
bool vnm_frr_daemon_runs(const struct vnm_op_evpn *evpn, const char *daemon)
{
	vnm_autofree char *path =
		vnm_asprintf("%s/%s.vty", evpn->sockets ? evpn->sockets : VNM_FRR_SOCKETS, daemon);

	return listens(path);
}

/**
 * struct call - of vtysh. @out_fd: a file that gets what it prints; @answers: it prints something, or PAM has turned it away, which is
 * no error to it
 */
struct call {
	bool answers;
	int timeout_ms;
	const char *words[WORDS_MAX + 1];
	size_t n;
	int in_fd, out_fd;
	char *out;
};

static void call_clear(struct call *call)
{
	vnm_cleanup_close(&call->in_fd);
	vnm_cleanup_close(&call->out_fd);
	free(call->out);
}
#define autocall __attribute__((cleanup(call_clear)))

static void add_word(struct call *call, const char *word)
{
	if (call->n < WORDS_MAX)
		call->words[call->n++] = word;
}

static int begin(struct call *call, const struct vnm_op_evpn *evpn, const char *input,
		 struct vnm_error *err)
{
	*call = (struct call){ .in_fd = -1, .out_fd = -1, .timeout_ms = TIMEOUT_MS };
	add_word(call, find_program());
	if (!call->words[0])
		return vnm_error_set(err, VNM_ERR_UNSUPPORTED, ENOENT,
				     "EVPN needs FRR, and its vtysh is not installed; on Debian: "
				     "apt-get install frr, and bgpd=yes in /etc/frr/daemons");
	add_word(call, "--vty_socket");
	add_word(call, evpn->sockets ? evpn->sockets : VNM_FRR_SOCKETS);
	add_word(call, "--config_dir");
	add_word(call, evpn->conf ? evpn->conf : VNM_FRR_CONF);
	call->out_fd = vnm_memory_file("vtysh", "", 0);
	if (call->out_fd >= 0 && input)
		call->in_fd = vnm_memory_file("vtysh", input, strlen(input));
	if (call->out_fd < 0 || (input && call->in_fd < 0))
		return vnm_error_set(err, VNM_ERR_SYSTEM, ENOMEM,
				     "cannot prepare a call of vtysh (FRR)");
	return 0;
}

static int read_output(struct call *call)
{
	const off_t size = lseek(call->out_fd, 0, SEEK_END);
	ssize_t n;

	if (size < 0 || size > OUTPUT_MAX || lseek(call->out_fd, 0, SEEK_SET) < 0)
		return -EFBIG;
	call->out = vnm_alloc((size_t)size + 1);
	n = read(call->out_fd, call->out, (size_t)size);
	call->out[n > 0 ? n : 0] = '\0';
	return n < 0 ? -errno : 0;
}

/* The first line that says something. */
static const char *complaint(const char *text)
{
	static const char *const marks[] = { "line ", "failed to", "is not running", "%" };
	const char *found = text;

	for (size_t i = 0; i < VNM_ARRAY_SIZE(marks); i++) {
		const char *at = strstr(text, marks[i]);

		if (!at)
			continue;
		while (at > text && at[-1] != '\n')
			at--;
		found = at;
		break;
	}
	return found + strspn(found, " \n");
}

/* Return: 0; -EIO: it ended with an error, of which it says something; -ETIMEDOUT, -errno */
static int run(struct call *call, const char *what, struct vnm_error *err)
{
	struct vnm_child_end end __attribute__((cleanup(vnm_child_end_clear))) = { 0 };
	const struct vnm_child_setup setup = {
		.argv = call->words, .in_fd = call->in_fd, .out_fd = call->out_fd, .tied = true
	};
	vnm_autochild struct vnm_child child = VNM_CHILD_INIT;
	vnm_autofree char *said = NULL;
	const char *line;
	int r = vnm_child_fork_as(&setup, &child, err);

	if (r < 0)
		return r;
	r = vnm_child_finish(&child, call->timeout_ms, &end);
	if (r == 0)
		r = read_output(call);
	if (r == 0 && WIFEXITED(end.status) && WEXITSTATUS(end.status) == 0 &&
	    (!call->answers || *call->out))
		return 0;
	if (r < 0)
		return vnm_error_set(err, VNM_ERR_SYSTEM, -r, "%s: vtysh (FRR): %s", what,
				     strerror(-r));
	said = vnm_asprintf("%s\n%s", end.err ? end.err : "", call->out);
	line = complaint(said);
	if (!*line)
		line = "(nothing)";
	return vnm_error_set(err, VNM_ERR_STATE, EIO,
			     "%s: FRR says '%.*s'; if its daemons do not run: bgpd=yes in "
			     "/etc/frr/daemons, and systemctl restart frr",
			     what, (int)strcspn(line, "\n"), line);
}

/**
 * vnm_vtysh_show() - what FRR says
 * @evpn:     where it is
 * @commands: "show ...", NULL at the end
 * @ret:      what they print, one after the other, allocated
 * @err:      VNM_ERR_UNSUPPORTED: it is not installed; VNM_ERR_STATE with its words
 *
 * Return: 0 or -errno.
 */
int vnm_vtysh_show(const struct vnm_op_evpn *evpn, const char *const *commands, char **ret,
		   struct vnm_error *err)
{
	struct call call autocall;
	int r = begin(&call, evpn, NULL, err);

	call.answers = true;
	for (; r == 0 && *commands; commands++) {
		add_word(&call, "-c");
		add_word(&call, *commands);
	}
	if (r == 0)
		r = run(&call, "cannot ask FRR", err);
	if (r == 0)
		*ret = vnm_steal(&call.out);
	return r;
}

/**
 * vnm_vtysh_verify() - does FRR understand a configuration?
 * @evpn: where it is
 * @text: the configuration
 * @err:  as vnm_vtysh_show()
 *
 * Return: 0 or -errno.
 */
int vnm_vtysh_verify(const struct vnm_op_evpn *evpn, const char *text, struct vnm_error *err)
{
	struct call call autocall;
	int r = begin(&call, evpn, text, err);

	add_word(&call, "-C");
	add_word(&call, "-f");
	add_word(&call, "/dev/stdin");
	return r < 0 ? r : run(&call, "FRR does not take its configuration", err);
}

/** vnm_vtysh_feed() - change the configuration in effect. @text: lines of it, or what takes such back; else as vnm_vtysh_verify() */
int vnm_vtysh_feed(const struct vnm_op_evpn *evpn, const char *text, struct vnm_error *err)
{
	struct call call autocall;
	int r = begin(&call, evpn, text, err);

	call.timeout_ms = CHANGE_MS;
	add_word(&call, "-f");
	add_word(&call, "/dev/stdin");
	return r < 0 ? r : run(&call, "cannot configure FRR", err);
}
