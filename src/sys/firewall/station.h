/* SPDX-License-Identifier: GPL-2.0-or-later */
/* station.h - the device of a guest in the table of frames. */
#ifndef VNM_SYS_STATION_H
#define VNM_SYS_STATION_H

#include "sys/op_impl.h"

extern const struct vnm_op_impl vnm_impl_station;

#endif
