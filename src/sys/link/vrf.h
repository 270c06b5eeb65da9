/* SPDX-License-Identifier: GPL-2.0-or-later */
/* vrf.h - VRFs of the host. */
#ifndef VNM_SYS_VRF_H
#define VNM_SYS_VRF_H

#include <stdbool.h>

bool vnm_vrf_known(void);

#endif
