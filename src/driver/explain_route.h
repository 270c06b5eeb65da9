/* SPDX-License-Identifier: GPL-2.0-or-later */
/* explain_route.h - why the kernel does not route a packet. */
#ifndef VNM_DRIVER_EXPLAIN_ROUTE_H
#define VNM_DRIVER_EXPLAIN_ROUTE_H

#include "driver/explain_case.h"

bool vnm_explain_route(struct vnm_explain_case *of, const struct vnm_route_question *question,
		       struct vnm_route_answer *ret);
void vnm_explain_mend_way_back(struct vnm_explain_case *of, const struct vnm_route_answer *answer);
bool vnm_explain_link(struct vnm_explain_case *of, struct vnm_sys *sys, const char *name,
		      struct vnm_link *ret);
const char *vnm_explain_device(struct vnm_explain_case *of, int index,
			       char ret[static VNM_IFNAME_SIZE]);

#endif
