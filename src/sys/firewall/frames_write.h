/* SPDX-License-Identifier: GPL-2.0-or-later */
/* frames_write.h - the table of frames_table.c, and elements of its sets, as messages to the kernel. */
#ifndef VNM_SYS_FRAMES_WRITE_H
#define VNM_SYS_FRAMES_WRITE_H

#include "sys/firewall/frames_table.h"

void vnm_frames_add_structure(struct vnm_nl_batch *batch, bool by_name);
void vnm_frames_add_element(struct vnm_nl_batch *batch, const struct vnm_frames_element *element,
			    bool comes);

#endif
