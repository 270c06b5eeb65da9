/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * file.c - dnsmasq's files.
 *
 * It reads its configuration as root, but its host lists, on each SIGHUP, as the user it became. A list that this user
 * cannot read is silently empty. So the lists belong to that user, or, if its account is shared by others that could
 * then change them, to its group; all else is root's. The directory cannot be listed by others.
 */
#include "sys/op_impl.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "sys/process/dnsmasq_account.h"
#include "sys/process/dnsmasq_dir.h"
#include "util/file.h"
#include "util/mem.h"

static int file_failed(const struct vnm_op *op, const char *what, int r, struct vnm_error *err)
{
	return vnm_error_set(err, r == -EACCES || r == -EPERM ? VNM_ERR_PERMISSION : VNM_ERR_SYSTEM,
			     -r, "cannot %s '%s/%s': %s", what, op->file.dir, op->file.name,
			     strerror(-r));
}

static int file_apply(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	vnm_autoclose int dirfd = vnm_dnsmasq_dir_make(op->file.dir, err);
	struct vnm_dnsmasq_access access;
	int r;

	(void)sys;
	if (dirfd < 0)
		return dirfd;
	r = vnm_dnsmasq_access(&op->file, &access, err);
	if (r < 0)
		return r;
	r = vnm_file_replace_as(dirfd, op->file.name, op->file.content, strlen(op->file.content),
				access.mode, access.uid, access.gid, VNM_VOLATILE);
	return r < 0 ? file_failed(op, "write", r, err) : 0;
}

/* A file with another content counts as absent: the directory is ours alone, and apply writes it again. */
static int file_check(struct vnm_sys *sys, const struct vnm_op *op, enum vnm_presence *ret,
		      struct vnm_error *err)
{
	vnm_autofree char *path = vnm_asprintf("%s/%s", op->file.dir, op->file.name);
	vnm_autofree char *content = NULL;
	size_t len = 0, want = strlen(op->file.content);
	int r = vnm_file_read(AT_FDCWD, path, want, &content, &len);

	(void)sys;
	if (r < 0 && r != -ENOENT && r != -EFBIG)
		return file_failed(op, "read", r, err);
	*ret = VNM_ABSENT;
	if (r == 0 && len == want && !memcmp(content, op->file.content, len))
		*ret = VNM_PRESENT;
	return 0;
}

static int file_revert(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	vnm_autoclose int dirfd = vnm_dnsmasq_dir_open(op->file.dir);
	int r;

	(void)sys;
	if (dirfd == -ENOENT)
		return 0;
	r = dirfd < 0 ? dirfd : vnm_file_unlink(dirfd, op->file.name, VNM_VOLATILE);
	if (r == 0)
		r = vnm_file_sweep_temp(dirfd);
	if (r == 0)
		r = vnm_dnsmasq_dir_remove(op->file.dir);
	return r < 0 ? file_failed(op, "remove", r, err) : 0;
}

static bool same_word(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

static bool same_reader(const struct vnm_op_file *a, const struct vnm_op_file *b)
{
	return a->shared == b->shared && same_word(a->owner, b->owner) &&
	       same_word(a->group, b->group);
}

static int file_change(struct vnm_sys *sys, const struct vnm_op *old, const struct vnm_op *new,
		       struct vnm_error *err)
{
	vnm_autoclose int dirfd = vnm_dnsmasq_dir_open(old->file.dir);
	enum vnm_presence presence = VNM_ABSENT;
	struct vnm_error ignored = { 0 };

	/* A temporary file of an interrupted change. */
	if (dirfd >= 0)
		(void)vnm_file_sweep_temp(dirfd);
	/* Rolling back a change that failed for lack of disk space needs none. */
	if (same_reader(&old->file, &new->file) && file_check(sys, new, &presence, &ignored) == 0 &&
	    presence == VNM_PRESENT)
		return 0;
	return file_apply(sys, new, err);
}

const struct vnm_op_impl vnm_impl_file = {
	.apply = file_apply,
	.check = file_check,
	.revert = file_revert,
	.change = file_change,
};
