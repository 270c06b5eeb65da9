/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pending.c - pending files; the protocol is in pending.h. */
#include "state/pending.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

#include "util/mem.h"

/** vnm_pending_name() - the name of what is pending for a file, allocated */
char *vnm_pending_name(const char *file)
{
	return vnm_asprintf("%s" VNM_PENDING, file);
}

/**
 * vnm_pending_write() - write what a file will be; the file itself does not change
 * @dirfd:      the directory
 * @file:       the file
 * @text:       its new content, @len bytes
 * @len:        its length
 * @durability: whether it must survive a power loss
 *
 * Return: 0 or -errno; after a failure nothing new is pending.
 */
int vnm_pending_write(int dirfd, const char *file, const char *text, size_t len,
		      enum vnm_durability durability)
{
	vnm_autofree char *pending = vnm_pending_name(file);

	return vnm_file_replace(dirfd, pending, text, len, 0600, (gid_t)-1, durability);
}

static int rename_file(int dirfd, const char *from, const char *to, enum vnm_durability durability)
{
	if (renameat(dirfd, from, dirfd, to) < 0)
		return -errno;
	return durability == VNM_DURABLE ? vnm_fsync(dirfd) : 0;
}

/** vnm_pending_commit() - make what is pending the file, by one rename. Return: 0; -ENOENT: nothing is pending; -errno. */
int vnm_pending_commit(int dirfd, const char *file, enum vnm_durability durability)
{
	vnm_autofree char *pending = vnm_pending_name(file);

	return rename_file(dirfd, pending, file, durability);
}

/** vnm_pending_abort() - remove what is pending. Return: 0 (also when there was nothing) or -errno. */
int vnm_pending_abort(int dirfd, const char *file, enum vnm_durability durability)
{
	vnm_autofree char *pending = vnm_pending_name(file);

	return vnm_file_unlink(dirfd, pending, durability);
}

/** vnm_pending_retract() - make the file itself pending: it is no fact any more. Return: 0 or -errno. */
int vnm_pending_retract(int dirfd, const char *file)
{
	vnm_autofree char *pending = vnm_pending_name(file);

	return rename_file(dirfd, file, pending, VNM_VOLATILE);
}

/** vnm_pending_exists() - is anything pending for the file? Yes, if that cannot be determined: reading it reports why. */
bool vnm_pending_exists(int dirfd, const char *file)
{
	vnm_autofree char *pending = vnm_pending_name(file);
	struct stat st;

	return vnm_stat_at(dirfd, pending, &st) != -ENOENT;
}
