/* SPDX-License-Identifier: GPL-2.0-or-later */
/* others_move.h - from one bridge to another, at once. */
#ifndef VNM_SYS_OTHERS_MOVE_H
#define VNM_SYS_OTHERS_MOVE_H

#include "sys/link/link.h"
#include "sys/link/others.h"

int vnm_others_move(struct vnm_sys *sys, const struct vnm_others *others,
		    const struct vnm_link *from, const struct vnm_link *to, struct vnm_error *err);

#endif
