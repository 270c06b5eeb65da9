/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nftables_text.h - the rules of the back end "nftables" in the language of nft(8). Pure. */
#ifndef VNM_PLAN_NFTABLES_TEXT_H
#define VNM_PLAN_NFTABLES_TEXT_H

#include "plan/firewall/nftables_layout.h"

#define VNM_NFTABLES_COMMENT 40 /* bytes of the longest, with its NUL */

const char *vnm_nftables_comment(const struct vnm_nftables_step *step,
				 char text[static VNM_NFTABLES_COMMENT]);
void vnm_nftables_step_text(const struct vnm_nftables_step *step, struct vnm_buf *out);
void vnm_nftables_key_text(const struct vnm_nftables_place *place, struct vnm_buf *out);
void vnm_nftables_base_text(int family, struct vnm_buf *out);
void vnm_nftables_text(const struct vnm_op *const *ops, size_t n, struct vnm_buf *out);

#endif
