/* SPDX-License-Identifier: GPL-2.0-or-later */
/* validate_forward.h - <forward>: what each mode requires and refuses. */
#ifndef VNM_MODEL_VALIDATE_FORWARD_H
#define VNM_MODEL_VALIDATE_FORWARD_H

#include "model/check.h"

int vnm_check_forward(struct vnm_check *check);

#endif
