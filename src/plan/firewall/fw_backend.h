/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fw_backend.h - the firewall back ends: where the rules of all networks are kept. */
#ifndef VNM_PLAN_FW_BACKEND_H
#define VNM_PLAN_FW_BACKEND_H

#include "model/enums.h"

enum vnm_fw_backend {
	VNM_FW_BACKEND_LEGACY, /* the tables of iptables-legacy */
	VNM_FW_BACKEND_IPTABLES_NFT, /* the tables of iptables-nft, in nf_tables */
	VNM_FW_BACKEND_NFTABLES, /* a table of our own in nf_tables */
	VNM_FW_BACKEND_COUNT
};

extern const struct vnm_enum vnm_enum_fw_backend; /* names: "legacy", "iptables-nft", "nftables" */

#endif
