/* SPDX-License-Identifier: GPL-2.0-or-later */
/* explain_reply.h - the answer to a packet that passes: does it get back? */
#ifndef VNM_DRIVER_EXPLAIN_REPLY_H
#define VNM_DRIVER_EXPLAIN_REPLY_H

#include "driver/explain_case.h"

void vnm_explain_reply(struct vnm_explain_case *of, const struct vnm_trail *trail, int from);
void vnm_explain_guest_reply(struct vnm_explain_case *of, const struct vnm_trail *trail, int port,
			     const struct vnm_mac *from, const struct vnm_mac *to);

#endif
