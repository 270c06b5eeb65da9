/* SPDX-License-Identifier: GPL-2.0-or-later */
/* resolv.c - /etc/netns/NAME/resolv.conf, which ip-netns(8) binds over the system's. */
#include "plan/resolv_conf.h"
#include "sys/op_impl.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "util/file.h"
#include "util/mem.h"
#include "util/proc.h"

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

	return dir < 0 ? dir : vnm_file_read(dir, name, 65536, ret, NULL);
}

static const char *this_boot(char buf[static VNM_UUID_STRLEN])
{
	return vnm_boot_id(buf) < 0 ? "" : buf;
}

/* One that is no file, such as a symbolic link, is foreign. */
static int resolv_check(struct vnm_sys *sys, const struct vnm_op *op, enum vnm_presence *ret,
			struct vnm_error *err)
{
	vnm_autofree char *content = NULL;
	char boot[VNM_UUID_STRLEN];
	int r = resolv_read(&op->resolv, &content);

	(void)sys;
	if (r == -ENOENT || r == -ENOTDIR)
		*ret = VNM_ABSENT;
	else if (vnm_file_damaged(r))
		*ret = VNM_FOREIGN;
	else if (r < 0)
		return vnm_error_set(err, VNM_ERR_SYSTEM, -r, "cannot read '%s': %s",
				     op->resolv.path, strerror(-r));
	else if (vnm_resolv_has(content, this_boot(boot), op->resolv.content))
		*ret = VNM_PRESENT;
	else
		*ret = vnm_resolv_ours(content) ? VNM_ABSENT : VNM_FOREIGN;
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

static int replace(const struct vnm_op_resolv *want, int dir, const char *name, const char *text,
		   struct vnm_error *err)
{
	int r = dir < 0 ? dir
			: vnm_file_replace(dir, name, text, strlen(text), 0644, (gid_t)-1,
					   VNM_VOLATILE);

	return r < 0 ? vnm_error_set(err, VNM_ERR_SYSTEM, -r, "cannot write '%s': %s", want->path,
				     strerror(-r))
		     : 0;
}

static int resolv_apply(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	const struct vnm_op_resolv *want = &op->resolv;
	vnm_autofree char *before = NULL, *text = NULL;
	char boot[VNM_UUID_STRLEN];
	const char *name;
	vnm_autoclose int dir = open_above(want->path, &name);
	int r = resolv_prepare(sys, op, err);

	if (r < 0)
		return r;
	sweep(dir);
	r = resolv_read(want, &before);
	if (r < 0 && r != -ENOENT)
		return vnm_error_set(err, VNM_ERR_SYSTEM, -r, "cannot read '%s': %s", want->path,
				     strerror(-r));
	text = vnm_resolv_with(before, this_boot(boot), want->content);
	return replace(want, dir, name, text, err);
}

/* A file that others have edited stays: it may be somebody's by now. */
static int resolv_revert(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	const struct vnm_op_resolv *want = &op->resolv;
	vnm_autofree char *before = NULL, *text = NULL;
	char boot[VNM_UUID_STRLEN];
	enum vnm_presence presence;
	const char *name;
	vnm_autoclose int dir = open_above(want->path, &name);

	sweep(dir);
	if (dir < 0 || resolv_check(sys, op, &presence, err) < 0 || presence != VNM_PRESENT ||
	    resolv_read(want, &before) < 0)
		return 0;
	text = vnm_resolv_without(before, this_boot(boot), want->content);
	if (text)
		return replace(want, dir, name, text, err);
	(void)vnm_file_unlink(dir, name, VNM_VOLATILE);
	return 0;
}

const struct vnm_op_impl vnm_impl_resolv = {
	.prepare = resolv_prepare,
	.apply = resolv_apply,
	.check = resolv_check,
	.revert = resolv_revert,
};
