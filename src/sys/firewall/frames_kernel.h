/* SPDX-License-Identifier: GPL-2.0-or-later */
/* frames_kernel.h - can rules match the name of a frame's bridge (CONFIG_NFT_BRIDGE_META)? */
#ifndef VNM_SYS_FRAMES_KERNEL_H
#define VNM_SYS_FRAMES_KERNEL_H

#include "sys/sys.h"

bool vnm_frames_by_name(void);

#endif
