/* SPDX-License-Identifier: GPL-2.0-or-later */
/* explain_service.h - does anybody listen where a packet arrives? */
#ifndef VNM_DRIVER_EXPLAIN_SERVICE_H
#define VNM_DRIVER_EXPLAIN_SERVICE_H

#include "driver/explain_case.h"

void vnm_explain_host_service(struct vnm_explain_case *of, const struct vnm_trace_event *at,
			      const struct vnm_trace_event *leader);
void vnm_explain_guest_service(struct vnm_explain_case *of, const struct vnm_addr *addr,
			       uint16_t port);

#endif
