/* SPDX-License-Identifier: GPL-2.0-or-later */
/* probe_path.h - do guests hear that their packets are too large for the way out? */
#ifndef VNM_SYS_PROBE_PATH_H
#define VNM_SYS_PROBE_PATH_H

#include "doctor/case.h"

void vnm_probe_paths(struct vnm_case *c);
void vnm_probe_told(struct vnm_case *c, const struct vnm_case_way *way);

#endif
