/* SPDX-License-Identifier: GPL-2.0-or-later */
/* frr_text.h - what FRR is told of networks on many hosts, as text of its configuration. Pure. */
#ifndef VNM_PLAN_FRR_TEXT_H
#define VNM_PLAN_FRR_TEXT_H

#include <stdbool.h>

#include "plan/op/op_types.h"
#include "util/buf.h"

#define VNM_FRR_COMMUNITY_SIZE 12 /* "65534:65535" */

void vnm_frr_fragment(const struct vnm_op_evpn *evpn, bool secrets, struct vnm_buf *out);
const char *vnm_frr_community(const struct vnm_op_evpn *evpn,
			      char ret[static VNM_FRR_COMMUNITY_SIZE]);
bool vnm_frr_number(const struct vnm_op_evpn *evpn, const char *community, uint32_t *ret);
bool vnm_frr_same_but_password(const char *a, const char *b);
bool vnm_frr_leaves(const char *old, const char *new, const char *running);
void vnm_frr_undo(const char *old, const char *new, struct vnm_buf *out);

#endif
