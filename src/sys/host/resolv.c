/* SPDX-License-Identifier: GPL-2.0-or-later */
/* resolv.c - /etc/netns/NAME/resolv.conf, which ip-netns(8) binds over the system's. */
#include "plan/plan_attach.h"
#include "sys/op_impl.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "util/file.h"
#include "util/mem.h"

/* The directory is the administrator's; without it nobody reads the file either. */
static int open_above(const char *path, const char **ret_name)
{
	const char *slash = strrchr(path, '/');
	vnm_autofree char *dir = vnm_strndup(path, (size_t)(slash - path));

	*ret_name = slash + 1;
	return vnm_open(AT_FDCWD, dir, O_RDONLY | O_DIRECTORY, 0);
}

static int resolv_read(const struct vnm_op_resolv *want, char **ret)
{
	const char *name;
	vnm_autoclose int dir = open_above(want->path, &name);

	return dir < 0 ? dir : vnm_file_read(dir, name, 4096, ret, NULL);
}

/* What a boot has left of another definition. Reverting does not remove it: by then it may be somebody's. */
static bool is_stale(const char *content)
{
	return !strncmp(content, VNM_RESOLV_MARK, strlen(VNM_RESOLV_MARK));
}

/* One that is no file, such as a symbolic link, is foreign. */
static int resolv_check(struct vnm_sys *sys, const struct vnm_op *op, enum vnm_presence *ret,
			struct vnm_error *err)
{
	vnm_autofree char *content = NULL;
	int r = resolv_read(&op->resolv, &content);

	(void)sys;
	if (r == -ENOENT || r == -ENOTDIR)
		*ret = VNM_ABSENT;
	else if (vnm_file_damaged(r))
		*ret = VNM_FOREIGN;
	else if (r < 0)
		return vnm_error_set(err, VNM_ERR_SYSTEM, -r, "cannot read '%s': %s",
				     op->resolv.path, strerror(-r));
	else if (!strcmp(content, op->resolv.content))
		*ret = VNM_PRESENT;
	else
		*ret = is_stale(content) ? VNM_ABSENT : VNM_FOREIGN;
	return 0;
}

/* An existing file is not overwritten. */
static int resolv_prepare(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	enum vnm_presence presence;
	int r = resolv_check(sys, op, &presence, err);

	if (r < 0 || presence != VNM_FOREIGN)
		return r;
	return vnm_error_set(err, VNM_ERR_FOREIGN, EEXIST,
			     "'%s' already exists, and was not written by vnetmgr; without it, "
			     "it is: rm %s",
			     op->resolv.path, op->resolv.path);
}

/* ip-netns(8) binds every file of the directory, also one that was being written when its writer was killed, and fails aloud. */
static void sweep(int dir)
{
	if (dir >= 0)
		(void)vnm_file_sweep_temp(dir);
}

static int resolv_apply(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	const struct vnm_op_resolv *want = &op->resolv;
	const char *name;
	vnm_autoclose int dir = open_above(want->path, &name);
	int r = resolv_prepare(sys, op, err);

	if (r < 0)
		return r;
	sweep(dir);
	r = dir < 0 ? dir
		    : vnm_file_replace(dir, name, want->content, strlen(want->content), 0644,
				       (gid_t)-1, VNM_VOLATILE);
	return r < 0 ? vnm_error_set(err, VNM_ERR_SYSTEM, -r, "cannot write '%s': %s", want->path,
				     strerror(-r))
		     : 0;
}

static int resolv_revert(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	enum vnm_presence presence;
	const char *name;
	vnm_autoclose int dir = open_above(op->resolv.path, &name);

	sweep(dir);
	if (dir >= 0 && resolv_check(sys, op, &presence, err) == 0 && presence == VNM_PRESENT)
		(void)vnm_file_unlink(dir, name, VNM_VOLATILE);
	return 0;
}

const struct vnm_op_impl vnm_impl_resolv = {
	.prepare = resolv_prepare,
	.apply = resolv_apply,
	.check = resolv_check,
	.revert = resolv_revert,
};
