/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * virsh.c - libvirt, asked by its own client.
 *
 * A virsh that goes on after its caller was killed would change networks behind the back of the next command. So it has a pidfile
 * record while it runs, RUN/virsh, and recovery ends it.
 */
#include "sys/process/virsh.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "util/child.h"
#include "util/file.h"
#include "util/mem.h"
#include "util/memory_file.h"
#include "util/proc.h"
#include "util/proc_record.h"

#define RECORD "virsh"
#define WORDS_MAX 8
#define TIMEOUT_MS 60000
#define KILL_MS 10000

static const char *const program_paths[] = { "/usr/bin/virsh", "/usr/local/bin/virsh",
					     "/bin/virsh" };

static const char *find_program(void)
{
	for (size_t i = 0; i < VNM_ARRAY_SIZE(program_paths); i++)
		if (access(program_paths[i], X_OK) == 0)
			return program_paths[i];
	return NULL;
}

/* Its last line, without "error:". */
static void explain(const struct vnm_virsh *virsh, const char *what,
		    const struct vnm_child_end *end, int r, struct vnm_error *err)
{
	const char *text = end->err && *end->err ? end->err : "error: no answer";
	const char *line = strstr(text, "error: "), *next;

	while (line && (next = strstr(line + 1, "error: ")))
		line = next;
	line = line ? line + strlen("error: ") : text;
	vnm_error_set(err, VNM_ERR_FOREIGN, r < 0 ? -r : EIO, "virsh -c %s %s: %.*s", virsh->uri,
		      what, (int)strcspn(line, "\n"), line);
}

static int run_child(const struct vnm_virsh *virsh, const struct vnm_child_setup *setup,
		     struct vnm_child_end *end, struct vnm_error *err)
{
	vnm_autochild struct vnm_child child = VNM_CHILD_INIT;
	int r = vnm_child_fork_as(setup, &child, err);

	if (r < 0)
		return r;
	if (virsh->run_fd != VNM_DIR_ABSENT)
		r = vnm_proc_record_write(virsh->run_fd, RECORD, &child.id);
	if (r < 0)
		return vnm_error_set(err, VNM_ERR_SYSTEM, -r, "cannot record virsh: %s",
				     strerror(-r));
	r = vnm_child_finish(&child, TIMEOUT_MS, end);
	if (virsh->run_fd != VNM_DIR_ABSENT)
		(void)vnm_file_unlink(virsh->run_fd, RECORD, VNM_VOLATILE);
	if (r == 0 && WIFEXITED(end->status) && WEXITSTATUS(end->status) == 0)
		return 0;
	explain(virsh, setup->argv[4], end, r, err);
	return r < 0 ? r : -EIO;
}

/**
 * vnm_virsh() - run one command of virsh
 * @virsh: where
 * @words: the command and its arguments, NULL at the end; five at most
 * @input: what it reads as /dev/stdin; NULL: nothing
 * @ret:   what it printed, allocated; NULL: nobody wants it
 * @err:   VNM_ERR_FOREIGN with its own words; VNM_ERR_UNSUPPORTED: virsh is not installed
 *
 * Return: 0 or -errno.
 */
int vnm_virsh(const struct vnm_virsh *virsh, const char *const *words, const char *input,
	      char **ret, struct vnm_error *err)
{
	struct vnm_child_end end __attribute__((cleanup(vnm_child_end_clear))) = { 0 };
	const char *argv[WORDS_MAX + 1] = { find_program(), "-q", "-c", virsh->uri };
	vnm_autoclose int in = -1;
	size_t n = 4;
	int r;

	if (!argv[0])
		return vnm_error_set(err, VNM_ERR_UNSUPPORTED, ENOENT,
				     "cannot reach libvirt: virsh is not installed (package "
				     "libvirt-clients)");
	while (*words && n < WORDS_MAX)
		argv[n++] = *words++;
	if (input) {
		in = vnm_memory_file("virsh", input, strlen(input));
		if (in < 0)
			return vnm_error_set(err, VNM_ERR_SYSTEM, -in,
					     "cannot prepare the input of virsh: %s",
					     strerror(-in));
	}
	r = run_child(virsh,
		      &(struct vnm_child_setup){ .argv = argv, .in_fd = in, .listens = true }, &end,
		      err);
	if (r == 0 && ret)
		*ret = vnm_steal(&end.out);
	return r;
}

/** vnm_virsh_recover() - end the virsh of a command that was killed; the run directory is @run_fd */
void vnm_virsh_recover(int run_fd)
{
	vnm_autoclose int pidfd = -1;
	struct vnm_proc_id id;

	if (vnm_proc_record_read(run_fd, RECORD, &id) < 0)
		return;
	pidfd = vnm_proc_open(&id, NULL);
	if (pidfd >= 0 && vnm_proc_signal(pidfd, SIGKILL) == 0)
		(void)vnm_proc_wait_gone(pidfd, KILL_MS);
	(void)vnm_file_unlink(run_fd, RECORD, VNM_VOLATILE);
}
