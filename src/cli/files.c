/* SPDX-License-Identifier: GPL-2.0-or-later */
/* files.c - the files that a command is given, and those in directories that it is given. */
#include "cli/files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "cli/output.h"
#include "util/file.h"
#include "util/mem.h"

#define SUFFIX ".xml"

static void add_file(struct vnm_files *files, char *name)
{
	files->names = vnm_array_add(files->names, &files->n, sizeof(*files->names));
	files->names[files->n - 1] = name;
}

/* Not the hidden ones: editors keep theirs there. */
static bool is_wanted(const char *name)
{
	size_t len = strlen(name);

	return *name != '.' && len > strlen(SUFFIX) &&
	       !strcmp(name + len - strlen(SUFFIX), SUFFIX);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Sorted. An empty one is more likely a mistake than the wish to have no networks. */
static int add_directory(struct vnm_cli *cli, const char *path, struct vnm_files *files)
{
	size_t first = files->n;
	vnm_autodir DIR *dir = NULL;
	const char *name;
	int r = vnm_dir_list(AT_FDCWD, path, &dir);

	while (r == 0 && (r = vnm_dir_next(dir, &name)) == 1) {
		r = 0;
		if (is_wanted(name))
			add_file(files, vnm_asprintf("%s/%s", path, name));
	}
	if (r < 0) {
		vnm_cli_error(cli, "Failed to read directory '%s': %s", path, strerror(-r));
		return r;
	}
	if (files->n == first) {
		vnm_cli_error(cli, "directory '%s' has no file *" SUFFIX, path);
		return -ENOENT;
	}
	qsort(files->names + first, files->n - first, sizeof(*files->names), by_name);
	files->directory = true;
	return 0;
}

/**
 * vnm_cli_files() - the files of the command line
 * @cli:   the call
 * @given: files, which are not looked at, and directories
 * @ret:   the files, and those in the directories whose names end in .xml; vnm_files_clear()
 *
 * Return: 0, or -errno after the error was printed.
 */
int vnm_cli_files(struct vnm_cli *cli, const struct vnm_values *given, struct vnm_files *ret)
{
	for (size_t i = 0; i < given->n; i++) {
		struct stat st;

		if (vnm_stat_at(AT_FDCWD, given->items[i], &st) < 0 || !S_ISDIR(st.st_mode))
			add_file(ret, vnm_strdup(given->items[i]));
		else if (add_directory(cli, given->items[i], ret) < 0)
			return -EINVAL;
	}
	return 0;
}

/** vnm_files_clear() - free the names. */
void vnm_files_clear(struct vnm_files *files)
{
	vnm_names_free(files->names, files->n);
	*files = (struct vnm_files){ 0 };
}
