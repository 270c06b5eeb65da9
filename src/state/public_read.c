/* SPDX-License-Identifier: GPL-2.0-or-later */
/* public_read.c - the public summary (public.c) as members of the group "vnetmgr" read it. */
#include "state/public_read.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "state/public.h"
#include "state/session.h"
#include "util/file.h"
#include "util/mem.h"

static void set_path(char **path, const char *public, const char *dir)
{
	free(*path);
	*path = vnm_asprintf("%s/%s", public, dir);
}

static int open_part(const char *path, int *ret, struct vnm_error *err)
{
	int fd = vnm_open(AT_FDCWD, path, O_RDONLY | O_DIRECTORY, 0);

	if (fd < 0)
		return vnm_error_set(err, VNM_ERR_PERMISSION, -fd, "cannot open directory '%s': %s",
				     path, strerror(-fd));
	*ret = fd;
	return 0;
}

/** vnm_public_paths() - @paths become those of the public summary */
void vnm_public_paths(struct vnm_paths *paths)
{
	vnm_autofree char *public = vnm_asprintf("%s/" VNM_PUBLIC_DIR, paths->run);

	set_path(&paths->config, public, "networks");
	set_path(&paths->run, public, "active");
	set_path(&paths->attachments, public, "guests");
	set_path(&paths->made, paths->run, "attachments");
	paths->public = true;
}

/**
 * vnm_public_open() - read the public summary in place of the state
 * @drv: a session that has opened nothing; it is without the lock then, and without dnsmasq's directories
 * @err: set on failure: there is none, or it is not for us
 *
 * Return: 0 or -errno.
 */
int vnm_public_open(struct vnm_driver *drv, struct vnm_error *err)
{
	vnm_autofree char *autostart =
		vnm_asprintf("%s/" VNM_PUBLIC_DIR "/autostart", drv->paths.run);
	int r;

	vnm_public_paths(&drv->paths);
	drv->persistent.path = drv->paths.config;
	drv->live.path = drv->paths.run;
	r = open_part(drv->paths.config, &drv->persistent.fd, err);
	if (r == 0)
		r = open_part(autostart, &drv->autostart_fd, err);
	if (r == 0)
		r = open_part(drv->paths.run, &drv->run_fd, err);
	drv->live.fd = drv->journals.run_fd = drv->run_fd;
	return r;
}

/** vnm_public_outdated() - of a session with the public summary: are networks being changed, or was that interrupted? */
bool vnm_public_outdated(const struct vnm_driver *drv)
{
	vnm_autofree char *changing = vnm_asprintf("%s/../" VNM_PUBLIC_CHANGING, drv->paths.run);
	struct stat st;

	return stat(changing, &st) == 0;
}
