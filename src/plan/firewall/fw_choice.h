/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fw_choice.h - which firewall back end suits the host. */
#ifndef VNM_PLAN_FW_CHOICE_H
#define VNM_PLAN_FW_CHOICE_H

#include <stdbool.h>

#include "plan/firewall/fw_backend.h"

/** enum vnm_fw_setting - the words of firewall_backend in network.conf. */
enum vnm_fw_setting {
	VNM_FW_SETTING_AUTO,
	VNM_FW_SETTING_LEGACY,
	VNM_FW_SETTING_IPTABLES_NFT,
	VNM_FW_SETTING_NFTABLES,
	VNM_FW_SETTING_IPTABLES, /* libvirt's word: as the host's iptables command */
	VNM_FW_SETTING_COUNT
};

/** enum vnm_iptables_kind - what the host's iptables command is. */
enum vnm_iptables_kind { VNM_IPTABLES_NONE, VNM_IPTABLES_LEGACY, VNM_IPTABLES_NFT };

/**
 * struct vnm_fw_host - what decides about the back end.
 * @legacy_used: there are legacy tables; false if that cannot be read
 * @no_legacy:   the kernel has none
 * @no_nft:      it has no nf_tables, or we may not use them
 * @no_compat:   it has no nft_compat
 * @firewalld:   runs with its nftables back end
 * @drops:       a policy in iptables-nft's tables drops forwarded packets, as with Docker and ufw
 * @clash:       their chains exist, but not as iptables-nft makes them
 * @ours:        1 << each back end that has chains of ours already
 */
struct vnm_fw_host {
	enum vnm_iptables_kind iptables;
	bool legacy_used, no_legacy, no_nft, no_compat, firewalld, drops, clash;
	unsigned ours;
};

/**
 * struct vnm_fw_choice - the back end that is chosen.
 * @reason:  a clause: why; static
 * @missing: the module without which it is not the one that would be preferred, or NULL; static
 */
struct vnm_fw_choice {
	enum vnm_fw_backend backend;
	const char *reason, *missing;
};

bool vnm_fw_depends(enum vnm_fw_setting setting);
struct vnm_fw_choice vnm_fw_choose(const struct vnm_fw_host *host, enum vnm_fw_setting setting);

extern const struct vnm_enum vnm_enum_fw_setting;

#endif
