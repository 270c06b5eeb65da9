/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hook.c - which hooks there are, whether they are safe to run, and their input.
 *
 * HOOKS/network first, then the executables of HOOKS/network.d in the order of their names. All are run, also
 * after one has failed, as libvirt does: they are independent, and the first failure is the result.
 *
 * They run as root, so a hook that anyone but root can change or replace is
 * refused, which fails the operation as the hook itself would: it may be there to prevent something.
 */
#include "run/hook.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "run/hook_process.h"
#include "util/file.h"
#include "util/mem.h"
#include "xml/network_xml.h"

#define FAILED "Hook script execution failed: "

static const struct {
	const char *word, *sub_word;
} op_words[] = {
	[VNM_HOOK_START] = { "start", "begin" },
	[VNM_HOOK_STARTED] = { "started", "begin" },
	[VNM_HOOK_STOPPED] = { "stopped", "end" },
	[VNM_HOOK_UPDATED] = { "updated", "begin" },
	[VNM_HOOK_PORT_CREATED] = { "port-created", "begin" },
	[VNM_HOOK_PORT_DELETED] = { "port-deleted", "begin" },
};
static_assert(VNM_ARRAY_SIZE(op_words) == VNM_HOOK_OP_COUNT, "one row per operation");

/** struct hook_list - paths of programs, in order. */
struct hook_list {
	char **paths;
	size_t n;
};

static void cleanup_list(struct hook_list *list)
{
	for (size_t i = 0; i < list->n; i++)
		free(list->paths[i]);
	free(list->paths);
}

static bool is_program(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode) &&
	       faccessat(AT_FDCWD, path, X_OK, AT_EACCESS) == 0;
}

static char *main_hook(const struct vnm_paths *paths)
{
	return vnm_asprintf("%s/network", paths->hooks);
}

static void list_add(struct hook_list *list, char *path)
{
	list->paths = vnm_array_add(list->paths, &list->n, sizeof(*list->paths));
	list->paths[list->n - 1] = path;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static int list_dir(const char *path, struct hook_list *list, struct vnm_error *err)
{
	vnm_autodir DIR *dir = NULL;
	size_t first = list->n;
	const char *name;
	int r = vnm_dir_list(AT_FDCWD, path, &dir);

	if (r == -ENOENT)
		return 0;
	while (r >= 0 && (r = vnm_dir_next(dir, &name)) > 0) {
		vnm_autofree char *program = vnm_asprintf("%s/%s", path, name);

		if (is_program(program))
			list_add(list, vnm_steal(&program));
	}
	if (r < 0)
		return vnm_error_set(err, VNM_ERR_HOOK, -r, FAILED "cannot read directory '%s': %s",
				     path, strerror(-r));
	if (list->n > first)
		qsort(list->paths + first, list->n - first, sizeof(*list->paths), by_name);
	return 0;
}

static int unsafe(const char *path, const char *what, const char *remedy, struct vnm_error *err)
{
	return vnm_error_set(err, VNM_ERR_HOOK, EPERM,
			     FAILED "'%s' %s, who could have anything run as root; "
				    "change that with %s",
			     path, what, remedy);
}

/* A file to be run, or its directory. */
static int check_owned(const char *path, struct vnm_error *err)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return vnm_error_set(err, VNM_ERR_HOOK, errno, FAILED "cannot access '%s': %s",
				     path, strerror(errno));
	if (st.st_uid != 0 && st.st_uid != geteuid())
		return unsafe(path, "belongs to somebody else", "chown", err);
	if (st.st_mode & (S_IWGRP | S_IWOTH))
		return unsafe(path, "may be changed by others", "chmod go-w", err);
	return 0;
}

static int list_hooks(const struct vnm_paths *paths, struct hook_list *list, struct vnm_error *err)
{
	vnm_autofree char *program = main_hook(paths), *dir = vnm_asprintf("%s.d", program);
	int r;

	if (is_program(program))
		list_add(list, vnm_steal(&program));
	r = list_dir(dir, list, err);
	return r < 0 || list->n == 0 ? r : check_owned(paths->hooks, err);
}

/* Others may write to a directory further up, if it is sticky as /tmp. */
static int check_above(char *path, struct vnm_error *err)
{
	struct stat st;

	for (char *slash = strrchr(path, '/'); slash; slash = strrchr(path, '/')) {
		*slash = '\0';
		if (stat(*path ? path : "/", &st) == 0 && (st.st_mode & S_IWOTH) &&
		    !(st.st_mode & S_ISVTX))
			return unsafe(*path ? path : "/", "may be changed by others", "chmod o-w",
				      err);
	}
	return 0;
}

/* A hook, checked twice: the target of the name, and the directory that holds the name. */
static int check_name(const char *path, struct vnm_error *err)
{
	vnm_autofree char *dir = vnm_strdup(path);
	int r = check_owned(path, err);

	if (r < 0)
		return r;
	*strrchr(dir, '/') = '\0';
	r = check_owned(*dir ? dir : "/", err);
	return r < 0 ? r : check_above(dir, err);
}

/**
 * vnm_hook_check_safe() - can nobody but root, or we, change what is run?
 * @path: the program, absolute; may be a symbolic link
 * @err:  VNM_ERR_HOOK, with what to change
 *
 * Return: 0 or -errno.
 */
int vnm_hook_check_safe(const char *path, struct vnm_error *err)
{
	char target[PATH_MAX];
	int r = check_name(path, err);

	if (r < 0)
		return r;
	if (!realpath(path, target))
		return vnm_error_set(err, VNM_ERR_HOOK, errno, FAILED "cannot access '%s': %s",
				     path, strerror(errno));
	return check_name(target, err);
}

/**
 * vnm_hook_exists() - can there be hooks?
 * @paths: the state directories
 * @notes: gets what is there but will not be run
 *
 * Return: whether vnm_hook_run(), with what it needs, is worth calling.
 */
bool vnm_hook_exists(const struct vnm_paths *paths, struct vnm_warnings *notes)
{
	vnm_autofree char *program = NULL;
	struct stat st;

	if (stat(paths->hooks, &st) < 0 && errno == ENOENT)
		return false;
	program = main_hook(paths);
	if (lstat(program, &st) == 0 && !is_program(program))
		vnm_warnings_add(notes,
				 "the hook '%s' is not run: it is no executable file; "
				 "make it one with chmod +x, or remove it",
				 program);
	return true;
}

static void add_indented(const char *text, struct vnm_buf *out)
{
	while (*text) {
		size_t len = strcspn(text, "\n");

		if (len)
			vnm_buf_add(out, "  ");
		vnm_buf_addn(out, text, len);
		vnm_buf_addc(out, '\n');
		text += len + (text[len] == '\n');
	}
}

/**
 * vnm_hook_data() - the input of a hook
 * @net:      the network
 * @port_xml: the <networkport> of the event, indented as if it stood alone; or NULL
 * @out:      gets it; without a newline at the end, as libvirt's
 */
void vnm_hook_data(const struct vnm_network *net, const char *port_xml, struct vnm_buf *out)
{
	vnm_buf_add(out, "<hookData>\n");
	vnm_network_xml_nest(net, 1, out);
	if (port_xml)
		add_indented(port_xml, out);
	vnm_buf_add(out, "</hookData>");
}

/** vnm_hook_check() - are all hooks safe to run? Return: 0, also without hooks, or -errno with VNM_ERR_HOOK for the first that is not. */
int vnm_hook_check(const struct vnm_paths *paths, struct vnm_error *err)
{
	struct hook_list list __attribute__((cleanup(cleanup_list))) = { 0 };
	int r = 0;

	if (access(paths->hooks, F_OK) < 0 && errno == ENOENT)
		return 0;
	r = list_hooks(paths, &list, err);
	for (size_t i = 0; r == 0 && i < list.n; i++)
		r = vnm_hook_check_safe(list.paths[i], err);
	return r;
}

/**
 * vnm_hook_run() - notify all hooks of what happens to a network
 * @paths:    the state directories, whose lock the caller holds
 * @name:     the network
 * @op:       the event
 * @net:      its definition, as @op requires
 * @port_xml: the text of the port, for events of ports; else NULL
 * @err:      VNM_ERR_HOOK: the first failure, in libvirt's words
 *
 * Return: 0, also without hooks, which costs one system call; or -errno.
 */
int vnm_hook_run(const struct vnm_paths *paths, const char *name, enum vnm_hook_op op,
		 const struct vnm_network *net, const char *port_xml, struct vnm_error *err)
{
	struct hook_list list __attribute__((cleanup(cleanup_list))) = { 0 };
	vnm_autobuf struct vnm_buf input = { 0 };
	int r, first = 0;

	if (access(paths->hooks, F_OK) < 0 && errno == ENOENT)
		return 0;
	r = list_hooks(paths, &list, err);
	if (r < 0)
		return r;
	for (size_t i = 0; i < list.n; i++) {
		const char *const argv[] = { list.paths[i],	    name, op_words[op].word,
					     op_words[op].sub_word, "-",  NULL };
		struct vnm_error why = { 0 };

		if (i == 0)
			vnm_hook_data(net, port_xml, &input);
		r = vnm_hook_check_safe(argv[0], &why);
		if (r == 0)
			r = vnm_hook_execute(paths->run, argv, &input, &why);
		if (r == 0 || first < 0)
			continue;
		first = r;
		if (err)
			*err = why;
	}
	return first;
}
