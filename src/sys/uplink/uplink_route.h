/* SPDX-License-Identifier: GPL-2.0-or-later */
/* uplink_route.h - move the routes of one device to another: the steps of a batch. */
#ifndef VNM_SYS_UPLINK_ROUTE_H
#define VNM_SYS_UPLINK_ROUTE_H

#include "sys/uplink/uplink_move.h"

bool vnm_move_routes(struct vnm_nl_batch *batch, const struct vnm_move *move, enum vnm_half half,
		     const char *list);
bool vnm_move_routes_fewer(struct vnm_nl_batch *batch, const struct vnm_move *move,
			   const char *list);

#endif
