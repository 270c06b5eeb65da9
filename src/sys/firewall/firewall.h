/* SPDX-License-Identifier: GPL-2.0-or-later */
/* firewall.h - the firewall, by whichever back end is in use. */
#ifndef VNM_SYS_FIREWALL_H
#define VNM_SYS_FIREWALL_H

#include "sys/firewall/fw_backend_impl.h"

void vnm_fw_use_backend(struct vnm_sys *sys, enum vnm_fw_backend backend);
const struct vnm_fw_backend_impl *vnm_fw_backend_of(const struct vnm_sys *sys);
void vnm_fw_review(struct vnm_sys *sys, const struct vnm_plan *plan,
		   struct vnm_fw_findings *findings);
int vnm_fw_release(struct vnm_sys *sys, struct vnm_error *err);
void vnm_fw_observe(struct vnm_sys *sys, const struct vnm_fw_needs *needs, struct vnm_facts *facts);
int vnm_fw_hits(struct vnm_sys *sys, const struct vnm_fwrule *rule, struct vnm_fw_hits *ret);
bool vnm_fw_comes_first(const struct vnm_sys *sys, const struct vnm_plan *plan,
			const struct vnm_nft_chain *chain);
void vnm_fw_see(struct vnm_sys *sys);
void vnm_fw_forget(struct vnm_sys *sys);

#endif
