/* SPDX-License-Identifier: GPL-2.0-or-later */
/* resolv.c - /etc/netns/NAME/resolv.conf, which ip-netns(8) binds over the system's. */
#include "sys/host/resolv.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define LOCK_SECONDS 2 /* a DHCP client that was stopped while it wrote holds it for ever */

#include "plan/resolv_conf.h"
#include "sys/op_impl.h"
#include "util/file.h"
#include "util/lock.h"
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

/* The same, for a change: DHCP clients make them, too, without the lock of commands. */
static int lock_above(const char *path, const char **ret_name)
{
	int dir = open_above(path, ret_name);

	if (dir >= 0)
		(void)vnm_lock_wait(dir, LOCK_SECONDS);
	return dir;
}

static int resolv_read(const struct vnm_op_resolv *want, char **ret)
{
	const char *name;
	vnm_autoclose int dir = open_above(want->path, &name);

	return dir < 0 ? dir : vnm_file_read(dir, name, 65536, ret, NULL);
}

/* One that is no file, such as a symbolic link, is foreign. */
static int resolv_check(struct vnm_sys *sys, const struct vnm_op *op, enum vnm_presence *ret,
			struct vnm_error *err)
{
	vnm_autofree char *content = NULL;
	char boot[VNM_UUID_STRLEN];
	int r = vnm_boot_id(boot);

	(void)sys;
	if (r < 0)
		return vnm_error_set(err, VNM_ERR_SYSTEM, -r,
				     "cannot tell what of '%s' is of this boot: "
				     "/proc/sys/kernel/random/boot_id: %s",
				     op->resolv.path, strerror(-r));
	r = resolv_read(&op->resolv, &content);
	if (r == -ENOENT || r == -ENOTDIR)
		*ret = VNM_ABSENT;
	else if (vnm_file_damaged(r))
		*ret = VNM_FOREIGN;
	else if (r < 0)
		return vnm_error_set(err, VNM_ERR_SYSTEM, -r, "cannot read '%s': %s",
				     op->resolv.path, strerror(-r));
	else if (vnm_resolv_has(content, boot, op->resolv.content))
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

static int replace(int dir, const char *name, const char *text)
{
	return vnm_file_replace(dir, name, text, strlen(text), 0644, (gid_t)-1, VNM_VOLATILE);
}

/**
 * vnm_resolv_put() - write a guest's line into the resolv.conf of its namespace
 * @path: the file
 * @line: "# DEVICE outside: nameserver ADDRESS search DOMAIN\n"
 *
 * Return: 0; -EEXIST: the file is somebody else's; -ENOENT: there is no directory for it; -errno.
 */
int vnm_resolv_put(const char *path, const char *line)
{
	vnm_autofree char *before = NULL, *text = NULL;
	char boot[VNM_UUID_STRLEN];
	const char *name;
	vnm_autoclose int dir = lock_above(path, &name);
	int r = vnm_boot_id(boot);

	if (dir < 0 || r < 0)
		return dir < 0 ? dir : r;
	sweep(dir);
	r = vnm_file_read(dir, name, 65536, &before, NULL);
	if (r < 0 && r != -ENOENT)
		return vnm_file_damaged(r) ? -EEXIST : r;
	if (before && !vnm_resolv_ours(before))
		return -EEXIST;
	if (before && vnm_resolv_has(before, boot, line))
		return 0;
	text = vnm_resolv_with(before, boot, line);
	return replace(dir, name, text);
}

/* Return: 0 or -errno. */
static int take(int dir, const char *name, const char *before, const char *boot, const char *line)
{
	vnm_autofree char *text = vnm_resolv_without(before, boot, line);

	return text ? replace(dir, name, text) : vnm_file_unlink(dir, name, VNM_VOLATILE);
}

/** vnm_resolv_foreign() - is there a resolv.conf that is not ours? One that cannot be read counts */
bool vnm_resolv_foreign(const char *path)
{
	vnm_autofree char *text = NULL;
	const char *name;
	vnm_autoclose int dir = open_above(path, &name);
	int r = dir < 0 ? dir : vnm_file_read(dir, name, 65536, &text, NULL);

	return r == 0 ? !vnm_resolv_ours(text) : r != -ENOENT && r != -ENOTDIR;
}

/** vnm_resolv_names() - is a resolv.conf as we have written it, with the line of a guest's device? Yes, if this boot is not known. */
bool vnm_resolv_names(const char *path, const char *dev)
{
	vnm_autofree char *text = NULL;
	char boot[VNM_UUID_STRLEN];
	const char *name;
	vnm_autoclose int dir = open_above(path, &name);

	if (vnm_boot_id(boot) < 0)
		return true;
	return dir >= 0 && vnm_file_read(dir, name, 65536, &text, NULL) == 0 &&
	       vnm_resolv_has_device(text, boot, dev);
}

/** vnm_resolv_take() - remove the line of a guest's device from a resolv.conf; a file that others have edited stays */
void vnm_resolv_take(const char *path, const char *dev)
{
	vnm_autofree char *line = vnm_asprintf("# %s ", dev), *before = NULL;
	char boot[VNM_UUID_STRLEN];
	const char *name;
	vnm_autoclose int dir = lock_above(path, &name);

	if (dir < 0 || vnm_boot_id(boot) < 0 || vnm_file_read(dir, name, 65536, &before, NULL) < 0)
		return;
	if (vnm_resolv_has_device(before, boot, dev) ||
	    !strncmp(before, VNM_RESOLV_MARK_DHCP, strlen(VNM_RESOLV_MARK_DHCP)))
		(void)take(dir, name, before, boot, line);
}

static int resolv_apply(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	const struct vnm_op_resolv *want = &op->resolv;
	int r = resolv_prepare(sys, op, err);

	if (r == 0)
		r = vnm_resolv_put(want->path, want->content);
	if (r < 0 && !err->code)
		vnm_error_set(err, VNM_ERR_SYSTEM, -r, "cannot write '%s': %s", want->path,
			      strerror(-r));
	return r;
}

/* A file that others have edited stays: it may be somebody's by now. */
static int resolv_revert(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	const struct vnm_op_resolv *want = &op->resolv;
	vnm_autofree char *before = NULL;
	char boot[VNM_UUID_STRLEN];
	enum vnm_presence presence;
	const char *name;
	vnm_autoclose int dir = lock_above(want->path, &name);
	int r;

	if (dir < 0)
		return 0;
	sweep(dir);
	r = resolv_check(sys, op, &presence, err);
	if (r < 0 || presence != VNM_PRESENT)
		return r;
	r = vnm_boot_id(boot);
	if (r == 0)
		r = resolv_read(want, &before);
	if (r == 0)
		r = take(dir, name, before, boot, want->content);
	return r < 0 ? vnm_error_set(err, VNM_ERR_SYSTEM, -r, "cannot write '%s': %s", want->path,
				     strerror(-r))
		     : 0;
}

const struct vnm_op_impl vnm_impl_resolv = {
	.prepare = resolv_prepare,
	.apply = resolv_apply,
	.check = resolv_check,
	.revert = resolv_revert,
};
