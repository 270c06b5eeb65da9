/* SPDX-License-Identifier: GPL-2.0-or-later */
/* forker.h - a copy of this process, made while it was small, that forks in its place. */
#ifndef VNM_UTIL_FORKER_H
#define VNM_UTIL_FORKER_H

#include <sys/types.h>

#include "util/child_main.h"

struct vnm_forker;

struct vnm_forker *vnm_forker_begin(void);
pid_t vnm_forker_fork(struct vnm_forker *forker, const struct vnm_child_plan *plan);
void vnm_forker_end(struct vnm_forker *forker);

#endif
