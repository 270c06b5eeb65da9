/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nftables_text.h - the rules of the back end "nftables" in the language of nft(8). Pure. */
#ifndef VNM_PLAN_NFTABLES_TEXT_H
#define VNM_PLAN_NFTABLES_TEXT_H

#include "plan/firewall/nftables_layout.h"

#define VNM_NFTABLES_COMMENT 112 /* bytes of the longest, with its NUL; nft allows 128 */
#define VNM_NFTABLES_SHIFT 40 /* of the part about ports */

const char *vnm_nftables_shift(const struct vnm_nftables_step *step,
			       char text[static VNM_NFTABLES_SHIFT]);
const char *vnm_nftables_comment(const struct vnm_nftables_step *step,
				 char text[static VNM_NFTABLES_COMMENT]);
const char *vnm_nftables_element_comment(const struct vnm_nftables_place *place,
					 const struct vnm_fwrule *rule);
void vnm_nftables_step_text(const struct vnm_nftables_step *step, struct vnm_buf *out);
void vnm_nftables_key_text(const struct vnm_nftables_place *place, struct vnm_buf *out);
void vnm_nftables_base_text(int family, struct vnm_buf *out);
void vnm_nftables_text(const struct vnm_op *const *ops, size_t n, struct vnm_buf *out);

#endif
