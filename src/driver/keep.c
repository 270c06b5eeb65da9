/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * keep.c - a session that reads, and stores definitions, kept open from one call to the next.
 *
 * Theory of operation. Most of what a short question costs is opening the driver: the directories, their owner, and the journals of
 * all networks. All of that stays valid as long as nobody else takes the lock, and whoever takes it can be told from the
 * lock's file. So a session is paused by releasing the lock, and resumed by taking it again; when somebody has had it meanwhile,
 * all but the directories is looked at anew. What changes without the lock is not kept: the state of the system, and the
 * addresses of guests. Definitions, which people edit, are compared with their files (state/index.h).
 *
 * A definition is stored by one rename, and nothing else depends on it until a network is started. So such a session may
 * do that, too: from vnm_driver_begin_definition() until it is paused or closed.
 */
#include "driver/keep.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

#include "driver/open.h"
#include "state/holder.h"
#include "state/public.h"
#include "state/session.h"
#include "sys/firewall/firewall.h"
#include "sys/handles.h"
#include "util/dir.h"
#include "util/file.h"
#include "util/mem.h"
#include "xml/attach_xml.h"

/* A guard that is killed is a matter of the next session, and so is what this one could not recover. */
static bool is_settled(struct vnm_driver *drv)
{
	struct vnm_error ignored = { 0 };
	char **names;
	size_t n;

	if (drv->interrupted ||
	    vnm_store_names(&drv->live, VNM_GUARD_SUFFIX, &names, &n, &ignored) < 0)
		return false;
	vnm_names_free(names, n);
	return n == 0;
}

static void forget_system(struct vnm_driver *drv)
{
	enum vnm_fw_backend backend = drv->sys.fw_backend;

	vnm_sys_clear(&drv->sys);
	vnm_sys_init(&drv->sys, drv->run_fd);
	vnm_fw_use_backend(&drv->sys, backend);
	vnm_driver_report_steps(drv);
	vnm_attachments_clear(&drv->guests);
	free(drv->guests_of);
	drv->guests_of = NULL;
}

/**
 * vnm_driver_begin_definition() - let a session that was opened to read store definitions
 * @drv: the driver
 *
 * Return: false: it does not have the lock, or not all directories are there: what was opened to change something waits for the
 * one, and makes the others.
 */
bool vnm_driver_begin_definition(struct vnm_driver *drv)
{
	if (drv->lock_fd < 0 || drv->changes || drv->assumed || drv->persistent.fd < 0 ||
	    drv->autostart_fd < 0 || drv->run_fd < 0)
		return false;
	drv->defines = drv->changes = true;
	vnm_public_begin(drv);
	return true;
}

static void end_definition(struct vnm_driver *drv)
{
	if (drv->publish)
		drv->publish(drv);
	drv->publish = NULL;
	drv->defines = drv->changes = false;
}

/**
 * vnm_driver_pause() - release the lock of a driver that was opened to read, until vnm_driver_resume()
 * @drv: the driver
 *
 * Meanwhile, it may only be closed, and no child may keep it.
 *
 * Return: true; false: it cannot be kept, and is to be closed.
 */
bool vnm_driver_pause(struct vnm_driver *drv)
{
	if (drv->defines)
		end_definition(drv);
	if (drv->lock_fd < 0 || drv->changes || drv->assumed || drv->warned || drv->publish ||
	    drv->persistent.fd < 0 || (!drv->checked && !is_settled(drv)))
		return false;
	drv->checked = true;
	forget_system(drv);
	vnm_index_begin(&drv->index);
	vnm_settled_clear(&drv->kept);
	vnm_settled_clear(&drv->run);
	return vnm_hold_release(drv->lock_fd, &drv->released) == 0;
}

/* Is it still the directory of this path? @fd may be VNM_DIR_ABSENT. */
static bool is_there(int fd, const char *path)
{
	struct stat now, then;
	int r = vnm_stat_at(AT_FDCWD, path, &now);

	if (fd == VNM_DIR_ABSENT)
		return r == -ENOENT;
	return r == 0 && fstat(fd, &then) == 0 && now.st_ino == then.st_ino &&
	       now.st_dev == then.st_dev;
}

/**
 * vnm_driver_resume() - go on with a driver that was paused
 * @drv: the driver
 *
 * Return: true: it is as if it had just been opened; false: another command is at work, or the directories are others, and this
 * one is to be closed and opened anew.
 */
bool vnm_driver_resume(struct vnm_driver *drv)
{
	vnm_autofree char *autostart = vnm_asprintf("%s/autostart", drv->paths.config);
	struct vnm_error ignored = { 0 };
	bool others;

	return vnm_hold_retake(drv->lock_fd, &drv->released, &others) &&
	       is_there(drv->run_fd, drv->paths.run) &&
	       is_there(drv->persistent.fd, drv->paths.config) &&
	       is_there(drv->autostart_fd, autostart) &&
	       (!others || vnm_driver_refresh(drv, &ignored) == 0);
}
