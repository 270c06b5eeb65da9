/* SPDX-License-Identifier: GPL-2.0-or-later */
/* verbs.h - what CNI asks for beside ADD: DEL, CHECK, GC, STATUS. */
#ifndef VNM_CNI_VERBS_H
#define VNM_CNI_VERBS_H

#include "cni/call.h"

int vnm_cni_del(struct vnm_cni_call *call);
int vnm_cni_check(struct vnm_cni_call *call);
int vnm_cni_gc(struct vnm_cni_call *call);
int vnm_cni_status(struct vnm_cni_call *call);

#endif
