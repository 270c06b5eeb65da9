/* SPDX-License-Identifier: GPL-2.0-or-later */
/* explain.h - net-explain: follow one packet of a guest's, and name what stops it. */
#ifndef VNM_DRIVER_EXPLAIN_H
#define VNM_DRIVER_EXPLAIN_H

#include "driver/explanation.h"
#include "util/error.h"

struct vnm_driver;

int vnm_explain_packet(const struct vnm_explain_ask *ask, struct vnm_packet *ret,
		       struct vnm_error *err);
int vnm_driver_explain(struct vnm_driver *drv, const struct vnm_explain_ask *ask,
		       struct vnm_explanation *ret, struct vnm_error *err);

#endif
