/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fw_expected.h - the rules that all networks together should have, to recognise foreign ones in our chains. */
#ifndef VNM_SYS_FW_EXPECTED_H
#define VNM_SYS_FW_EXPECTED_H

#include "sys/sys.h"

struct vnm_fw_side;

void vnm_fw_expect(struct vnm_sys *sys, const struct vnm_plan *const *plans, size_t n,
		   bool complete);
void vnm_fw_expected_drop(struct vnm_sys *sys);
bool vnm_fw_expected_complete(struct vnm_sys *sys);
bool vnm_fw_expected_by_devices(const struct vnm_sys *sys);
bool vnm_fw_expected_has(struct vnm_fw_expected *expected, int family, enum vnm_fw_chain chain,
			 const char *own, uint64_t hash);
bool vnm_fw_expected_owns(const struct vnm_fw_expected *expected, int family,
			  enum vnm_fw_chain chain, const char *own);
const struct vnm_fwrule *vnm_fw_expected_rule(const struct vnm_fw_expected *expected, size_t i);

/** enum vnm_fw_whose - packets from, or to: of networks of ours; of another network inside this host; or of any. */
enum vnm_fw_whose { VNM_WHOSE_ANY, VNM_WHOSE_INNER, VNM_WHOSE_OUTER };

bool vnm_fw_side_inner(struct vnm_sys *sys, const struct vnm_fw_side *side);
enum vnm_fw_whose vnm_fw_expected_whose(struct vnm_sys *sys, const struct vnm_fw_side *side);
bool vnm_fw_expected_others(struct vnm_sys *sys, const struct vnm_plan *plan,
			    const struct vnm_fw_side *side);

#endif
