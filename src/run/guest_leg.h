/* SPDX-License-Identifier: GPL-2.0-or-later */
/* guest_leg.h - by which network a device of a namespace is connected. */
#ifndef VNM_RUN_GUEST_LEG_H
#define VNM_RUN_GUEST_LEG_H

struct vnm_driver;

char *vnm_guest_leg(struct vnm_driver *drv, const char *netns, const char *ifname);

#endif
