/* SPDX-License-Identifier: GPL-2.0-or-later */
/* leftovers.h - whether a state directory has files that recovery takes care of. */
#ifndef VNM_STATE_LEFTOVERS_H
#define VNM_STATE_LEFTOVERS_H

#include <stdbool.h>

#include "state/settled.h"

bool vnm_leftovers(int dirfd, struct vnm_settled *ret);

#endif
