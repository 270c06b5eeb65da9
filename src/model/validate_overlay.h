/* SPDX-License-Identifier: GPL-2.0-or-later */
/* validate_overlay.h - <vnm:overlay>: can the network be on many hosts? */
#ifndef VNM_MODEL_VALIDATE_OVERLAY_H
#define VNM_MODEL_VALIDATE_OVERLAY_H

#include "model/check.h"

int vnm_check_overlay(struct vnm_check *check);

#endif
