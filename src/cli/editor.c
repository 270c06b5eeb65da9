/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * editor.c - a text in the user's editor.
 *
 * Theory of operation. The text is in a private file of the user while the editor runs; the file is removed when
 * vnm_cli_edit() returns, whatever ended the editor. Ctrl-C and Ctrl-\ go to all processes at the terminal, but are
 * meant for the editor; we ignore them. SIGHUP and SIGTERM are for us: they are deferred until the file is removed.
 */
#include "cli/editor.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/output.h"
#include "cli/session.h"
#include "util/file.h"
#include "util/mem.h"

#define EDITOR_DEFAULT "vi"
#define TEXT_MAX (1024 * 1024)

/* The file name is passed as an argument, not parsed by the shell. */
static const char default_line[] =
	"if command -v sensible-editor >/dev/null; then "
	"exec sensible-editor \"$1\"; fi; exec " EDITOR_DEFAULT " \"$1\"";

/* Return: NULL when the environment does not name one. */
static const char *editor(void)
{
	const char *name = getenv("VISUAL");

	if (!name || !*name)
		name = getenv("EDITOR");
	return name && *name ? name : NULL;
}

/* A new file that only the user can read. */
static int make_file(const char *text, char **ret_path)
{
	const char *dir = getenv("TMPDIR");
	vnm_autofree char *path =
		vnm_asprintf("%s/vnetmgrXXXXXX.xml", dir && *dir == '/' ? dir : "/tmp");
	vnm_autoclose int fd = mkostemps(path, (int)strlen(".xml"), O_CLOEXEC);
	int r;

	if (fd < 0)
		return -errno;
	r = vnm_write_all(fd, text, strlen(text));
	if (r < 0)
		unlink(path);
	else
		*ret_path = vnm_steal(&path);
	return r;
}

/* ---- signals ---- */

struct saved_signals {
	sigset_t mask;
	struct sigaction interrupt, quit;
};

static void hold_signals(struct saved_signals *old)
{
	const struct sigaction ignore = { .sa_handler = SIG_IGN };
	sigset_t wait;

	sigemptyset(&wait);
	sigaddset(&wait, SIGHUP);
	sigaddset(&wait, SIGTERM);
	sigprocmask(SIG_BLOCK, &wait, &old->mask);
	sigaction(SIGINT, &ignore, &old->interrupt);
	sigaction(SIGQUIT, &ignore, &old->quit);
}

static void restore_signals(const struct saved_signals *old)
{
	sigaction(SIGINT, &old->interrupt, NULL);
	sigaction(SIGQUIT, &old->quit, NULL);
	sigprocmask(SIG_SETMASK, &old->mask, NULL);
}

/* ---- the editor ---- */

static int run_editor(const struct vnm_cli *cli, const struct saved_signals *saved,
		      const char *path)
{
	const char *name = editor();
	vnm_autofree char *line = name ? vnm_asprintf("%s \"$1\"", name) : vnm_strdup(default_line);
	int status = 0;
	pid_t pid = fork();

	if (pid == 0) {
		restore_signals(saved);
		umask(cli->umask);
		execl("/bin/sh", "sh", "-c", line, "sh", path, (char *)NULL);
		_exit(127);
	}
	if (pid < 0)
		return -errno;
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return status == 0 ? 0 : -ECANCELED;
}

static int read_text(const char *path, char **ret)
{
	vnm_autoclose int fd = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return fd < 0 ? -errno : vnm_file_read(fd, path + 1, TEXT_MAX, ret, NULL);
}

static int edit_file(struct vnm_cli *cli, const struct saved_signals *saved, const char *path,
		     char **ret)
{
	int r = run_editor(cli, saved, path);

	if (r < 0) {
		vnm_cli_error(cli, "the editor '%s' failed; nothing is changed",
			      editor() ? editor() : EDITOR_DEFAULT);
		return r;
	}
	r = read_text(path, ret);
	if (r == -EILSEQ)
		vnm_cli_error(cli, "the edited text holds a NUL byte; nothing is changed");
	else if (r < 0)
		vnm_cli_error(cli, "cannot read '%s': %s", path, strerror(-r));
	return r;
}

/**
 * vnm_cli_edit() - let the user edit a text
 * @cli:  the call
 * @text: the text
 * @ret:  the edited text, allocated
 *
 * By $VISUAL, $EDITOR, sensible-editor or vi. Not to be called with the lock held or signals deferred.
 *
 * Return: 0, or -errno after the error was printed.
 */
int vnm_cli_edit(struct vnm_cli *cli, const char *text, char **ret)
{
	vnm_autofree char *path = NULL;
	struct saved_signals saved;
	int r;

	fflush(stdout);
	hold_signals(&saved);
	r = make_file(text, &path);
	if (r < 0) {
		vnm_cli_error(cli, "cannot create a temporary file: %s", strerror(-r));
	} else {
		r = edit_file(cli, &saved, path, ret);
		unlink(path);
	}
	restore_signals(&saved);
	return r;
}

/**
 * vnm_cli_again() - ask what to do about a refused text
 * @cli: the call
 *
 * Return: the answer; "no" without a terminal.
 */
enum vnm_answer vnm_cli_again(struct vnm_cli *cli)
{
	vnm_autofree char *line = NULL;
	size_t size = 0;

	vnm_cli_deliver_signals(cli);
	while (isatty(STDIN_FILENO) && isatty(STDERR_FILENO)) {
		fputs("Failed. Try again? [y,n,f,?]: ", stderr);
		if (getline(&line, &size, stdin) < 0)
			break;
		switch (*line) {
		case 'y':
		case 'Y': return VNM_ANSWER_YES;
		case 'n':
		case 'N': return VNM_ANSWER_NO;
		case 'f':
		case 'F': return VNM_ANSWER_FORCE;
		}
		fputs("y - yes, start editor again\n"
		      "n - no, throw away my changes\n"
		      "f - force, try to redefine again\n"
		      "? - print this help\n",
		      stderr);
	}
	return VNM_ANSWER_NO;
}
