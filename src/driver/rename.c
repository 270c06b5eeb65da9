/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rename.c - net-rename.
 *
 * Several files carry the name, so a rename is several steps. The first one writes the definition, under its new
 * name, beside the others (NAME.staged). This commits the rename, and the next command that finds such a file carries
 * out the missing steps. The steps that may fail for lack of space or permission come
 * next, and are reverted along with that file.
 */
#include "driver/rename.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "state/guest_store.h"
#include "state/networks.h"
#include "state/others_record.h"
#include "state/session.h"
#include "util/dir.h"
#include "util/mem.h"
#include "xml/network_xml.h"

/* The old name of the network, NULL when no file has it any more. Return: 0 or -errno. */
static int old_name(struct vnm_driver *drv, const struct vnm_network *net, char **ret,
		    struct vnm_error *err)
{
	struct vnm_other_nets others vnm_autoother_nets = { 0 };
	int r = vnm_other_nets_load(drv, NULL, &others, err);

	*ret = NULL;
	if (r < 0)
		return r;
	for (size_t i = 0; i < others.n; i++) {
		if (!vnm_uuid_equal(&others.nets[i].uuid, &net->uuid) ||
		    !strcmp(others.nets[i].name, net->name))
			continue;
		*ret = vnm_strdup(others.nets[i].name);
		return 0;
	}
	if (!others.partial)
		return 0;
	return vnm_error_set(err, VNM_ERR_STATE, EIO,
			     "it may be one of those that cannot be read (see the warning)");
}

static int move_leases(struct vnm_driver *drv, const char *from, const char *to,
		       struct vnm_error *err)
{
	vnm_autoclose int fd = vnm_dir_open(drv->paths.leases, 0755, err);

	if (fd < 0)
		return fd;
	/* Without files it does not matter whether they could be renamed. */
	if (faccessat(fd, from, F_OK, AT_SYMLINK_NOFOLLOW) < 0 && errno == ENOENT)
		return 0;
	if (renameat(fd, from, fd, to) == 0 || errno == ENOENT)
		return 0;
	return vnm_error_set(err, VNM_ERR_SYSTEM, errno, "cannot rename the leases '%s/%s': %s",
			     drv->paths.leases, from, strerror(errno));
}

/*
 * The steps after the commit; every one may be done already. @old: NULL: only the last one is left.
 * Leases that cannot be moved do not stop it: guests get others.
 */
static int finish_rename(struct vnm_driver *drv, const struct vnm_network *net, const char *old,
			 struct vnm_error *err)
{
	struct vnm_error ignored = { 0 };
	int r = old ? vnm_autostart_readable(drv->autostart_fd, old, err) : 0;

	if (r > 0)
		r = vnm_autostart_set(drv->autostart_fd, net->name, true, err);
	if (r == 0 && old)
		r = vnm_autostart_set(drv->autostart_fd, old, false, err);
	if (r < 0)
		return r;
	if (r == 0 && old)
		(void)move_leases(drv, old, net->name, &ignored);
	if (r == 0 && old)
		vnm_driver_move_others(drv, old, net->name);
	if (r == 0 && old)
		r = vnm_attach_move(drv, old, net->name, err);
	if (r == 0 && old)
		r = vnm_store_remove(&drv->persistent, old, err);
	return r < 0 ? r : vnm_store_commit(&drv->persistent, net->name, err);
}

/* Steps that may fail: without them nothing is renamed. */
static int prepare_rename(struct vnm_driver *drv, const char *name, const char *to,
			  struct vnm_error *err)
{
	int r = 0;

	if (vnm_autostart_get(drv->autostart_fd, name))
		r = vnm_autostart_set(drv->autostart_fd, to, true, err);
	return r == 0 ? move_leases(drv, name, to, err) : r;
}

/* If this fails as well, the rename is committed, and the next command finishes it. */
static void abort_rename(struct vnm_driver *drv, const char *name, const char *to)
{
	struct vnm_error ignored = { 0 };

	if (move_leases(drv, to, name, &ignored) == 0 &&
	    vnm_autostart_set(drv->autostart_fd, to, false, &ignored) == 0)
		(void)vnm_store_abort(&drv->persistent, to, &ignored);
}

/** vnm_driver_finish_renames() - finish interrupted renames; a failure is a warning. */
void vnm_driver_finish_renames(struct vnm_driver *drv)
{
	struct vnm_error err = { 0 };
	char **names;
	size_t n;

	if (vnm_store_names(&drv->persistent, ".staged", &names, &n, &err) < 0)
		return;
	for (size_t i = 0; i < n; i++) {
		vnm_autonetwork struct vnm_network net = { 0 };
		vnm_autofree char *old = NULL;

		/* Not a rename but a pending change, which is yet to be rolled back. */
		if (vnm_journal_has_pending(drv->run_fd, names[i]))
			continue;
		if (vnm_store_load_pending(&drv->persistent, names[i], &net, &err) < 0 ||
		    old_name(drv, &net, &old, &err) < 0 || finish_rename(drv, &net, old, &err) < 0)
			vnm_driver_report(drv, VNM_REPORT_WARNING,
					  "network '%s' was being renamed, and that cannot be "
					  "finished: %s",
					  names[i], err.msg);
	}
	vnm_names_free(names, n);
}

static int check_names(struct vnm_driver *drv, const char *name, const char *to,
		       struct vnm_error *err)
{
	if (!vnm_name_valid(to))
		return vnm_error_set(err, VNM_ERR_USAGE, EINVAL,
				     "invalid network name '%.70s': it is made of 1 to %d letters, "
				     "digits and _ . + -, the first a letter, a digit or _",
				     to, VNM_NAME_MAX);
	if (!strcmp(name, to))
		return vnm_error_set(err, VNM_ERR_NAME_IN_USE, EEXIST,
				     "network '%s' has this name already", name);
	if (vnm_driver_active(drv, name))
		return vnm_error_set(err, VNM_ERR_ACTIVE, EBUSY,
				     "Requested operation is not valid: cannot rename active "
				     "network '%s'; stop it first: vnetmgr net-destroy %s",
				     name, name);
	if (vnm_store_has(&drv->persistent, to) || vnm_driver_active(drv, to))
		return vnm_error_set(err, VNM_ERR_NAME_IN_USE, EEXIST,
				     "operation failed: network '%s' already exists", to);
	return 0;
}

/**
 * vnm_driver_rename() - rename a network
 * @drv:  the driver
 * @name: the network; not active
 * @to:   its new name, unchecked
 * @err:  VNM_ERR_ACTIVE, VNM_ERR_NAME_IN_USE, VNM_ERR_USAGE
 *
 * UUID, bridge, leases, guests and the autostart link are kept.
 *
 * Return: 0 or -errno.
 */
int vnm_driver_rename(struct vnm_driver *drv, const char *name, const char *to,
		      struct vnm_error *err)
{
	vnm_autonetwork struct vnm_network net = { 0 };
	int r = check_names(drv, name, to, err);

	if (r == 0)
		r = vnm_store_load(&drv->persistent, name, &net, err);
	if (r < 0)
		return r;
	free(net.name);
	net.name = vnm_strdup(to);
	r = vnm_store_write_pending(&drv->persistent, &net, err);
	if (r < 0)
		return r;
	r = prepare_rename(drv, name, to, err);
	if (r == 0)
		return finish_rename(drv, &net, name, err);
	abort_rename(drv, name, to);
	return r;
}
