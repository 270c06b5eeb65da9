/* SPDX-License-Identifier: GPL-2.0-or-later */
/* uplink_run.h - run a move, and report the results of its steps. */
#ifndef VNM_SYS_UPLINK_RUN_H
#define VNM_SYS_UPLINK_RUN_H

#include "sys/uplink/uplink_move.h"

int vnm_move_run(struct vnm_sys *sys, struct vnm_nl_batch *batch, const struct vnm_move *move,
		 bool back, struct vnm_error *err);

#endif
