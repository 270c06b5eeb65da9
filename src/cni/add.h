/* SPDX-License-Identifier: GPL-2.0-or-later */
/* add.h - ADD: a container gets an interface on a network. */
#ifndef VNM_CNI_ADD_H
#define VNM_CNI_ADD_H

#include "cni/call.h"

int vnm_cni_add(struct vnm_cni_call *call);

#endif
