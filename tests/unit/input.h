/* SPDX-License-Identifier: GPL-2.0-or-later */
/* input.h - what a plan is made of, in one expression: for tests without guests and ports. */
#ifndef VNM_TESTS_UNIT_INPUT_H
#define VNM_TESTS_UNIT_INPUT_H

#include "plan/plan_input.h"

#define INPUT(n, f, p) (&(const struct vnm_plan_input){ .net = (n), .facts = (f), .paths = (p) })

#endif
