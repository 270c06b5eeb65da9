/* SPDX-License-Identifier: GPL-2.0-or-later */
/* proc_sys.c - files below /proc/sys: common to the kinds that write them. */
#include "sys/host/proc_sys.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

/**
 * vnm_proc_sys_fail() - the error of a file below /proc/sys that could not be read or written
 * @err:  gets it
 * @rc:   -errno
 * @what: the failed action: "read"
 * @path: the file
 *
 * Containers have a read-only /proc/sys, where root is not enough.
 *
 * Return: @rc.
 */
int vnm_proc_sys_fail(struct vnm_error *err, int rc, const char *what, const char *path)
{
	bool denied = rc == -EACCES || rc == -EPERM, read_only = rc == -EROFS;

	return vnm_error_set(err, denied || read_only ? VNM_ERR_PERMISSION : VNM_ERR_SYSTEM, -rc,
			     "cannot %s %s: %s%s%s", what, path, strerror(-rc),
			     denied ? "; this needs root (CAP_NET_ADMIN)" : "",
			     read_only ? "; /proc/sys must be writable, also in a container" : "");
}
