/* editor.c - a text in the user's editor. */
#include "cli/cli_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "util/file.h"
#include "util/mem.h"

#define EDITOR_DEFAULT "vi"
#define TEXT_MAX (1024 * 1024)

static const char *editor(void)
{
	const char *name = getenv("VISUAL");

	if (!name || !*name)
		name = getenv("EDITOR");
	return name && *name ? name : EDITOR_DEFAULT;
}

/* A file of the user's alone, which nobody could have put there before. */
static int make_file(const char *text, char **ret_path)
{
	const char *dir = getenv("TMPDIR");
	vnm_autofree char *path =
		vnm_asprintf("%s/vnetmgrXXXXXX.xml", dir && *dir == '/' ? dir : "/tmp");
	vnm_autoclose int fd = mkostemps(path, 4, O_CLOEXEC);
	size_t len = strlen(text), done = 0;

	if (fd < 0)
		return -errno;
	while (done < len) {
		ssize_t n = write(fd, text + done, len - done);

		if (n < 0 && errno != EINTR) {
			int r = -errno;

			unlink(path);
			return r;
		}
		done += n > 0 ? (size_t)n : 0;
	}
	*ret_path = vnm_steal(&path);
	return 0;
}

/* The editor's words may hold options, so a shell reads them; the file's name is no part of them. */
static int run_editor(const char *path)
{
	vnm_autofree char *line = vnm_asprintf("%s \"$1\"", editor());
	struct sigaction ignore = { .sa_handler = SIG_IGN }, old_int, old_quit;
	int status = 0;
	pid_t pid;

	/* Ctrl-C is the editor's, and must not leave the file behind. */
	sigaction(SIGINT, &ignore, &old_int);
	sigaction(SIGQUIT, &ignore, &old_quit);
	pid = fork();
	if (pid == 0) {
		sigaction(SIGINT, &old_int, NULL);
		sigaction(SIGQUIT, &old_quit, NULL);
		execl("/bin/sh", "sh", "-c", line, "sh", path, (char *)NULL);
		_exit(127);
	}
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	sigaction(SIGINT, &old_int, NULL);
	sigaction(SIGQUIT, &old_quit, NULL);
	if (pid < 0)
		return -EAGAIN;
	return status == 0 ? 0 : -ECANCELED;
}

static int read_back(const char *path, char **ret)
{
	vnm_autoclose int fd = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return fd < 0 ? -errno : vnm_file_read(fd, path + 1, TEXT_MAX, ret, NULL);
}

/**
 * vnm_cli_edit() - let the user edit a text
 * @cli:  the call
 * @text: the text
 * @ret:  what became of it, allocated
 *
 * By $VISUAL, $EDITOR or vi. The lock must not be held meanwhile.
 *
 * Return: 0, or -errno after the error was printed.
 */
int vnm_cli_edit(struct vnm_cli *cli, const char *text, char **ret)
{
	vnm_autofree char *path = NULL;
	int r = make_file(text, &path);

	if (r < 0) {
		vnm_cli_error(cli, "cannot make a temporary file: %s", strerror(-r));
		return r;
	}
	r = run_editor(path);
	if (r < 0)
		vnm_cli_error(cli, "the editor '%s' failed; nothing is changed", editor());
	else
		r = read_back(path, ret);
	if (r < 0 && r != -ECANCELED && r != -EAGAIN)
		vnm_cli_error(cli, "cannot read '%s': %s", path, strerror(-r));
	unlink(path);
	return r;
}

/**
 * vnm_cli_again() - ask whether to edit a refused text again
 * @cli: the call
 *
 * Return: whether; never without a terminal.
 */
bool vnm_cli_again(struct vnm_cli *cli)
{
	char answer[16];

	(void)cli;
	while (isatty(STDIN_FILENO) && isatty(STDERR_FILENO)) {
		fputs("Failed. Try again? [y,n,?]: ", stderr);
		if (!fgets(answer, sizeof(answer), stdin))
			return false;
		if (answer[0] == 'y' || answer[0] == 'Y')
			return true;
		if (answer[0] == 'n' || answer[0] == 'N')
			return false;
		fputs("y - yes, start editor again\nn - no, throw away my changes\n"
		      "? - print this help\n",
		      stderr);
	}
	return false;
}
