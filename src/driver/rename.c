/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rename.c - net-rename.
 *
 * Several files carry the name, so a rename is several steps. The definition under its new name is pending (state/pending.h) while
 * what belongs to the network gets its new name, of which each step may fail. Removing the old definition commits the rename,
 * and then the pending one is committed. As long as both are there the rename is void: all goes back to the old name.
 */
#include "driver/rename.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "run/log.h"
#include "state/guest_store.h"
#include "state/leases.h"
#include "state/networks.h"
#include "state/others_record.h"
#include "state/session.h"
#include "util/dir.h"
#include "util/mem.h"
#include "util/proc.h"
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
	int r;

	if (fd < 0)
		return fd;
	/* Without files it does not matter whether they could be renamed. */
	if (faccessat(fd, from, F_OK, AT_SYMLINK_NOFOLLOW) < 0 && errno == ENOENT)
		return 0;
	r = renameat(fd, from, fd, to) < 0 ? -errno : vnm_fsync(fd);
	if (r == 0 || r == -ENOENT)
		return 0;
	return vnm_error_set(err, VNM_ERR_SYSTEM, -r, "cannot rename the leases '%s/%s': %s",
			     drv->paths.leases, from, strerror(-r));
}

/* All that belongs to a network, but for its definition. Every step may be done already. */
static int move_belongings(struct vnm_driver *drv, const char *from, const char *to,
			   struct vnm_error *err)
{
	int r = vnm_autostart_readable(drv->autostart_fd, from, err);

	if (r > 0)
		r = vnm_autostart_set(drv->autostart_fd, to, true, err);
	if (r == 0)
		r = vnm_autostart_set(drv->autostart_fd, from, false, err);
	if (r == 0)
		r = move_leases(drv, from, to, err);
	if (r == 0)
		r = vnm_attach_move(drv, from, to, err);
	if (r == 0)
		vnm_driver_move_others(drv, from, to);
	return r;
}

static int abort_rename(struct vnm_driver *drv, const char *name, const char *to,
			struct vnm_error *err)
{
	int r = move_belongings(drv, to, name, err);

	vnm_attach_sweep(drv);
	return r < 0 ? r : vnm_store_abort(&drv->persistent, to, err);
}

/* Of a rename, a change (whose journal is pending no more), or a definition that was changed alone. */
static int complete_definition(struct vnm_driver *drv, const char *name, struct vnm_error *err)
{
	vnm_autonetwork struct vnm_network net = { 0 };
	vnm_autofree char *old = NULL;
	int r = vnm_store_load_pending(&drv->persistent, name, &net, err);

	if (r == 0)
		r = old_name(drv, &net, &old, err);
	if (r < 0)
		return r;
	return old ? abort_rename(drv, old, name, err)
		   : vnm_store_commit(&drv->persistent, name, err);
}

static void recover_definition(struct vnm_driver *drv, const char *name)
{
	struct vnm_error err = { 0 };
	int64_t since = vnm_now_ms();
	int r = complete_definition(drv, name, &err);

	if (r < 0)
		vnm_driver_report(drv, VNM_REPORT_WARNING,
				  "network '%s' was being changed or renamed, and that can neither "
				  "be completed nor rolled back: %s; the next command tries again",
				  name, err.msg);
	vnm_driver_log(drv, VNM_LOG_RECOVERY, name,
		       "an earlier command was interrupted while changing or renaming it", since,
		       r < 0 ? &err : NULL);
}

/** vnm_driver_recover_definitions() - commit pending definitions; abort those of interrupted renames. A failure is a warning. */
void vnm_driver_recover_definitions(struct vnm_driver *drv)
{
	struct vnm_error err = { 0 };
	char **names;
	size_t n;

	if (vnm_store_names(&drv->persistent, VNM_STORE_PENDING, &names, &n, &err) < 0)
		return;
	for (size_t i = 0; i < n; i++)
		/* Else it belongs to a change that could not be rolled back now. */
		if (!vnm_journal_has_pending(drv->run_fd, names[i]))
			recover_definition(drv, names[i]);
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
	struct vnm_error ignored = { 0 };
	int r = check_names(drv, name, to, err);

	if (r == 0)
		r = vnm_store_load(&drv->persistent, name, &net, err);
	if (r < 0)
		return r;
	free(net.name);
	net.name = vnm_strdup(to);
	r = vnm_driver_drop_leases(drv, to, err); /* of an earlier network */
	if (r == 0)
		r = vnm_store_write_pending(&drv->persistent, &net, err);
	if (r < 0)
		return r;
	r = move_belongings(drv, name, to, err);
	if (r == 0)
		r = vnm_store_remove(&drv->persistent, name, err);
	if (r == 0)
		return vnm_store_commit(&drv->persistent, to, err);
	/* It may be removed, and only that not be synced. Then, or if this fails as well, the next command does the rest. */
	if (vnm_store_readable(&drv->persistent, name, &ignored) > 0)
		(void)abort_rename(drv, name, to, &ignored);
	return r;
}
