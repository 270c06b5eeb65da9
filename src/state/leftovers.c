/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * leftovers.c - whether a state directory has files that recovery takes care of.
 *
 * Each command recovers, and hardly any finds something to recover. Each step of recovery lists a directory, which has
 * some files of every network; one look says that they can be left out.
 */
#include "state/leftovers.h"

#include <string.h>

#include "state/store.h"
#include "util/file.h"
#include "util/mem.h"

/* The files of networks that are settled. */
static const char *const suffixes[] = { ".xml", ".journal", ".bridge", ".others" };

/* Names without a dot are the directories, and lock, owner and the like. */
static bool is_settled(const char *file)
{
	const char *dot = strrchr(file, '.');

	if (file[0] == '.')
		return false;
	for (size_t i = 0; dot && i < VNM_ARRAY_SIZE(suffixes); i++)
		if (!strcmp(dot, suffixes[i]))
			return true;
	return !dot;
}

static void add_name(const char *file, const char *suffix, char ***names, size_t *n)
{
	char *name = vnm_store_name_of(file, suffix);

	if (!name)
		return;
	*names = vnm_array_add(*names, n, sizeof(**names));
	(*names)[*n - 1] = name;
}

/**
 * vnm_leftovers() - may there be anything but the files of settled networks?
 * @dirfd: the run directory, or that of the definitions
 * @ret:   the networks, known if there is nothing else; free with vnm_settled_clear()
 *
 * Return: true also when that cannot be determined.
 */
bool vnm_leftovers(int dirfd, struct vnm_settled *ret)
{
	vnm_autodir DIR *dir = NULL;
	const char *file;
	bool left = false;
	int r = dirfd == VNM_DIR_ABSENT ? 0 : vnm_dir_list(dirfd, ".", &dir);

	*ret = (struct vnm_settled){ 0 };
	while (dir && !left && (r = vnm_dir_next(dir, &file)) > 0) {
		left = !is_settled(file);
		add_name(file, ".journal", &ret->journals, &ret->n_journals);
		add_name(file, ".xml", &ret->definitions, &ret->n_definitions);
	}
	left |= r < 0;
	if (left)
		vnm_settled_clear(ret);
	vnm_names_sort(ret->journals, ret->n_journals);
	vnm_names_sort(ret->definitions, ret->n_definitions);
	ret->known = !left;
	return left;
}
