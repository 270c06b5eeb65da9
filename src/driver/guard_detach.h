/* SPDX-License-Identifier: GPL-2.0-or-later */
/* guard_detach.h - a guard leaves the command that has started it. */
#ifndef VNM_DRIVER_GUARD_DETACH_H
#define VNM_DRIVER_GUARD_DETACH_H

int vnm_guard_detach(int barrier);

#endif
