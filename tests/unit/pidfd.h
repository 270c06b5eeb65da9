/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pidfd.h - for tests of processes: they cannot run where there are no pidfds (valgrind 3.19 knows none). */
#ifndef VNM_TESTS_UNIT_PIDFD_H
#define VNM_TESTS_UNIT_PIDFD_H

#include "runner.h"

#include <unistd.h>

#include "util/proc.h"

const char *vnm_test_cannot_run(void)
{
	int fd = vnm_pidfd_open(getpid());

	if (fd < 0)
		return "the kernel (or valgrind) has no pidfd_open()";
	close(fd);
	return NULL;
}

#endif
