/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nftables_expr.h - rules of the back end "nftables" as expressions of nf_tables. */
#ifndef VNM_SYS_NFTABLES_EXPR_H
#define VNM_SYS_NFTABLES_EXPR_H

#include "plan/firewall/nftables_layout.h"
#include "sys/firewall/nft_expr.h"

#define VNM_NFTABLES_PORT_MAP "__map%d" /* the kernel numbers it */

void vnm_nftables_put_step(struct vnm_nl_req *req, const struct vnm_nftables_step *step,
			   uint32_t port_map);

#endif
