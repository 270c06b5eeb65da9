/* SPDX-License-Identifier: GPL-2.0-or-later */
/* route_split.h - the routes by a device as twice as many to the same addresses, each to half as many. */
#ifndef VNM_SYS_ROUTE_SPLIT_H
#define VNM_SYS_ROUTE_SPLIT_H

#include "sys/link/link.h"

int vnm_routes_split(struct vnm_sys *sys, const struct vnm_link *link, struct vnm_error *err);

#endif
