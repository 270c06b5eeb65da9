/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * leftovers.c - whether a state directory has files that recovery takes care of.
 *
 * Each command recovers, and hardly any finds something to recover. Each step of recovery lists a directory, which has
 * some files of every network; one look says that they can be left out.
 */
#include "state/leftovers.h"

#include <string.h>

#include "util/file.h"
#include "util/mem.h"

/* The files of networks that are settled. */
static const char *const settled[] = { ".xml", ".journal", ".bridge", ".others" };

/* Names without a dot are the directories, and lock, owner and the like. */
static bool is_settled(const char *file)
{
	const char *dot = strrchr(file, '.');

	if (file[0] == '.')
		return false;
	for (size_t i = 0; dot && i < VNM_ARRAY_SIZE(settled); i++)
		if (!strcmp(dot, settled[i]))
			return true;
	return !dot;
}

/**
 * vnm_leftovers() - may there be anything but the files of settled networks?
 * @dirfd: the run directory, or that of the definitions
 *
 * Return: true also when that cannot be determined.
 */
bool vnm_leftovers(int dirfd)
{
	vnm_autodir DIR *dir = NULL;
	const char *file;
	int r;

	if (dirfd == VNM_DIR_ABSENT)
		return false;
	r = vnm_dir_list(dirfd, ".", &dir);
	while (r >= 0 && (r = vnm_dir_next(dir, &file)) > 0)
		if (!is_settled(file))
			return true;
	return r < 0;
}
