/* SPDX-License-Identifier: GPL-2.0-or-later */
/* frames.h - which guests' frames a bridge drops: our nf_tables table of family "bridge". */
#ifndef VNM_SYS_FRAMES_H
#define VNM_SYS_FRAMES_H

#include "sys/op_impl.h"

int vnm_frames_there(struct vnm_sys *sys, struct vnm_error *err);

#endif
