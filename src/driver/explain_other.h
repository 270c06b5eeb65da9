/* SPDX-License-Identifier: GPL-2.0-or-later */
/* explain_other.h - a packet for a guest of another network, which a rule of ours stops. */
#ifndef VNM_DRIVER_EXPLAIN_OTHER_H
#define VNM_DRIVER_EXPLAIN_OTHER_H

#include "driver/explain_case.h"

void vnm_explain_other_network(struct vnm_explain_case *of);

#endif
