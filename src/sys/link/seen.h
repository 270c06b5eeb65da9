/* SPDX-License-Identifier: GPL-2.0-or-later */
/* seen.h - all devices and addresses as they are at one moment, for a command that looks at many networks. */
#ifndef VNM_SYS_LINK_SEEN_H
#define VNM_SYS_LINK_SEEN_H

struct vnm_sys;

void vnm_devices_see(struct vnm_sys *sys);
void vnm_devices_forget(struct vnm_sys *sys);

#endif
