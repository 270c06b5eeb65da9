/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * device_uses.c - which networks use which devices of the host: RUN/devices/DEV/NETWORK, empty files.
 *
 * When a device comes, or gets its name, udev's rules look for a directory of that name. Where there is one, they have
 * "autostart --late" run, which repairs the networks in it that are active, and starts those that wait for the device.
 */
#include "state/device_uses.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "state/store.h"
#include "util/file.h"
#include "util/mem.h"

#define DEVICES "devices"

static int fail(int rc, const char *dev, struct vnm_error *err)
{
	return vnm_error_set(err, VNM_ERR_SYSTEM, -rc,
			     "cannot record that device '%s' is used: %s", dev, strerror(-rc));
}

static int open_below(int dirfd, const char *name)
{
	return vnm_open(dirfd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0);
}

/* Created if it is not there. Return: a descriptor or -errno. */
static int make_below(int dirfd, const char *name)
{
	if (mkdirat(dirfd, name, 0755) < 0 && errno != EEXIST)
		return -errno;
	return open_below(dirfd, name);
}

/**
 * vnm_device_uses_add() - record that a network uses a device, or waits for it
 * @run_fd: the run directory
 * @name:   the network
 * @dev:    the device's name
 * @err:    set on failure
 *
 * Return: 0 or -errno.
 */
int vnm_device_uses_add(int run_fd, const char *name, const char *dev, struct vnm_error *err)
{
	vnm_autoclose int all = make_below(run_fd, DEVICES);
	vnm_autoclose int of = all < 0 ? all : make_below(all, dev);
	vnm_autoclose int file = of < 0 ? of : vnm_open(of, name, O_WRONLY | O_CREAT, 0644);

	return file < 0 ? fail(file, dev, err) : 0;
}

/**
 * vnm_device_uses_note() - record the devices that a network uses
 * @run_fd: the run directory
 * @name:   the network
 * @plan:   what it consists of
 * @err:    set on failure
 *
 * Before it looks for them, so that no device can come in between unseen.
 *
 * Return: 0 or -errno.
 */
int vnm_device_uses_note(int run_fd, const char *name, const struct vnm_plan *plan,
			 struct vnm_error *err)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < plan->n; i++) {
		if (plan->ops[i].type == VNM_OP_REQUIRE_DEVICE)
			r = vnm_device_uses_add(run_fd, name, plan->ops[i].require_device.name,
						err);
		else if (plan->ops[i].type == VNM_OP_UPLINK)
			r = vnm_device_uses_add(run_fd, name, plan->ops[i].uplink.dev, err);
	}
	return r;
}

/* A directory that others are in stays. Return: 0 or -errno. */
static int remove_entry(int dirfd, const char *name, int flags)
{
	if (unlinkat(dirfd, name, flags) == 0 || errno == ENOENT || errno == ENOTEMPTY ||
	    errno == EEXIST)
		return 0;
	return -errno;
}

/* What somebody else has put there is no record. */
static int forget_of(int all, const char *dev, const char *name)
{
	vnm_autoclose int of = open_below(all, dev);
	int r;

	if (of == -ENOENT || of == -ENOTDIR || of == -ELOOP)
		return 0;
	r = of < 0 ? of : remove_entry(of, name, 0);
	return r < 0 ? r : remove_entry(all, dev, AT_REMOVEDIR);
}

static int forget_all(int run_fd, const char *name)
{
	vnm_autoclose int all = open_below(run_fd, DEVICES);
	vnm_autodir DIR *dir = NULL;
	const char *dev;
	int r = all < 0 ? all : vnm_dir_list(all, ".", &dir), more = 0;

	while (r == 0 && (more = vnm_dir_next(dir, &dev)) > 0)
		r = forget_of(all, dev, name);
	if (r == 0)
		r = more;
	if (r == 0)
		r = remove_entry(run_fd, DEVICES, AT_REMOVEDIR);
	return r == -ENOENT ? 0 : r;
}

/**
 * vnm_device_uses_forget() - a network uses no device any more, and waits for none
 * @run_fd: the run directory
 * @name:   the network
 * @err:    set on failure; it may be started when a device comes, then
 *
 * Return: 0 or -errno.
 */
int vnm_device_uses_forget(int run_fd, const char *name, struct vnm_error *err)
{
	int r = forget_all(run_fd, name);

	return r < 0 ? vnm_error_set(err, VNM_ERR_SYSTEM, -r,
				     "cannot remove the record of the devices that network '%s' "
				     "uses: %s",
				     name, strerror(-r))
		     : 0;
}

static bool has_name(char **names, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(names[i], name))
			return true;
	return false;
}

/** vnm_device_uses_names() - the networks that use devices, or wait for them; free with vnm_names_free() */
void vnm_device_uses_names(int run_fd, char ***ret, size_t *ret_n)
{
	vnm_autoclose int all = open_below(run_fd, DEVICES);
	vnm_autodir DIR *dir = NULL;
	const char *dev, *name;

	*ret = NULL;
	*ret_n = 0;
	if (all < 0 || vnm_dir_list(all, ".", &dir) < 0)
		return;
	while (vnm_dir_next(dir, &dev) > 0) {
		vnm_autodir DIR *of = NULL;

		if (vnm_dir_list(all, dev, &of) < 0)
			continue;
		while (vnm_dir_next(of, &name) > 0) {
			if (has_name(*ret, *ret_n, name))
				continue;
			*ret = vnm_array_add(*ret, ret_n, sizeof(**ret));
			(*ret)[*ret_n - 1] = vnm_strdup(name);
		}
	}
}
