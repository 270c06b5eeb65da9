/* SPDX-License-Identifier: GPL-2.0-or-later */
/* explain_question.h - a question of the host's own: does it get out, and the answer in? */
#ifndef VNM_DRIVER_EXPLAIN_QUESTION_H
#define VNM_DRIVER_EXPLAIN_QUESTION_H

#include "driver/explanation.h"
#include "util/error.h"

struct vnm_driver;

int vnm_driver_explain_question(struct vnm_driver *drv, const struct vnm_explain_ask *ask,
				struct vnm_explanation *ret, struct vnm_error *err);

#endif
