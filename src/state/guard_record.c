/* SPDX-License-Identifier: GPL-2.0-or-later */
/* guard_record.c - RUN/NETWORK.guard: the record of the process that restores an uplink unless the start is confirmed. */
#include "state/guard_record.h"

#include <errno.h>
#include <sys/syscall.h>

#include "util/file.h"
#include "util/mem.h"
#include "util/poll.h"
#include "util/proc.h"
#include "util/proc_record.h"

/** vnm_guard_file() - the name of the record of a network's guard, allocated */
char *vnm_guard_file(const char *name)
{
	return vnm_asprintf("%s" VNM_GUARD_SUFFIX, name);
}

/** vnm_guard_lives() - is the guard on record for a network running? Yes, if that cannot be determined. */
bool vnm_guard_lives(int run_fd, const char *name)
{
	vnm_autofree char *file = vnm_guard_file(name);
	vnm_autoclose int pidfd = -1;
	struct vnm_proc_id id;
	int r = vnm_proc_record_read(run_fd, file, &id);

	if (r < 0)
		return r != -ENOENT && r != -EINVAL;
	pidfd = vnm_proc_open(&id, NULL);
	return pidfd != -ESRCH;
}

/** vnm_guard_left() - how many seconds a running guard will still wait, at most; -1: unknown */
int vnm_guard_left(int run_fd, const char *name)
{
	vnm_autofree char *file = vnm_guard_file(name);
	struct vnm_proc_id id;
	int64_t left;

	if (vnm_proc_record_read(run_fd, file, &id) < 0 || id.until == 0)
		return -1;
	left = (int64_t)id.until - vnm_now_ms();
	return left > 0 ? (int)((left + 999) / 1000) : 0;
}

/** vnm_guard_dismiss() - remove the record of a guard, which makes it exit; none is fine. Return: 0 or -errno. */
int vnm_guard_dismiss(int run_fd, const char *name)
{
	vnm_autofree char *file = vnm_guard_file(name);

	return vnm_file_unlink(run_fd, file, VNM_VOLATILE);
}
