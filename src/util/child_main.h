/* SPDX-License-Identifier: GPL-2.0-or-later */
/* child_main.h - a child between fork() and execve(). */
#ifndef VNM_UTIL_CHILD_MAIN_H
#define VNM_UTIL_CHILD_MAIN_H

#include <stdbool.h>

/**
 * struct vnm_child_plan - what a child needs, complete before fork(), so that it has nothing to compute.
 * @argv, @env: of the program
 * @barrier:    its end of the start barrier
 * @in, @out, @err: its standard descriptors; -1: /dev/null
 * @tied:       it ends with us
 */
struct vnm_child_plan {
	const char *const *argv, *const *env;
	int barrier, in, out, err;
	bool tied;
};

_Noreturn void vnm_child_main(const struct vnm_child_plan *plan);

#endif
