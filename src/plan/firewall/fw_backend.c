/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fw_backend.c - the names of the firewall back ends. */
#include "plan/firewall/fw_backend.h"

#include <assert.h>

#include "util/mem.h"

static const char *const backend_words[] = {
	[VNM_FW_BACKEND_LEGACY] = "legacy",
	[VNM_FW_BACKEND_IPTABLES_NFT] = "iptables-nft",
	[VNM_FW_BACKEND_NFTABLES] = "nftables",
};
static_assert(VNM_ARRAY_SIZE(backend_words) == VNM_FW_BACKEND_COUNT, "one word per back end");

const struct vnm_enum vnm_enum_fw_backend = { backend_words, VNM_FW_BACKEND_COUNT };
