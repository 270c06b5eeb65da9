/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fw_choice.c - which firewall back end suits the host.
 *
 * Theory of operation. A packet must be accepted by every table that sees it, so ours must be accepted where others drop: in
 * the tables of iptables, wherever Docker and ufw have theirs. Only a rule in the same chain overrides a policy. firewalld
 * flushes these tables whenever it reloads, but does not touch a table of another name. So iptables-nft is the rule, a table of
 * our own where firewalld runs, and the legacy tables where the host's iptables has its rules there.
 */
#include "plan/firewall/fw_choice.h"

#include <assert.h>

#include "util/mem.h"

static const char *const setting_words[] = {
	[VNM_FW_SETTING_AUTO] = "auto",
	[VNM_FW_SETTING_LEGACY] = "legacy",
	[VNM_FW_SETTING_IPTABLES_NFT] = "iptables-nft",
	[VNM_FW_SETTING_NFTABLES] = "nftables",
	[VNM_FW_SETTING_IPTABLES] = "iptables",
};
static_assert(VNM_ARRAY_SIZE(setting_words) == VNM_FW_SETTING_COUNT, "one word per setting");
const struct vnm_enum vnm_enum_fw_setting = { setting_words, VNM_FW_SETTING_COUNT };

static bool works(const struct vnm_fw_host *host, enum vnm_fw_backend backend)
{
	switch (backend) {
	case VNM_FW_BACKEND_LEGACY: return !host->no_legacy;
	case VNM_FW_BACKEND_IPTABLES_NFT: return !host->no_nft && !host->no_compat && !host->clash;
	case VNM_FW_BACKEND_NFTABLES: return !host->no_nft;
	case VNM_FW_BACKEND_COUNT: break;
	}
	return false;
}

static const char *why_not_iptables_nft(const struct vnm_fw_host *host)
{
	if (host->clash)
		return "a program made chains of iptables-nft's tables in a way that iptables-nft "
		       "cannot use";
	return host->no_nft ? "this kernel lacks nf_tables, or does not permit its use"
			    : "this kernel lacks nft_compat (CONFIG_NFT_COMPAT)";
}

/* Its module, if the kernel's lack of it is what keeps us from iptables-nft. */
static const char *missing_for_iptables_nft(const struct vnm_fw_host *host)
{
	if (host->clash)
		return NULL;
	return host->no_nft ? "nf_tables" : "nft_compat";
}

static struct vnm_fw_choice choose_iptables_nft(const struct vnm_fw_host *host)
{
	struct vnm_fw_choice choice = { VNM_FW_BACKEND_IPTABLES_NFT, "the kernel has nf_tables",
					NULL };

	if (host->iptables == VNM_IPTABLES_NFT)
		choice.reason = "the host's iptables is iptables-nft";
	if (host->iptables == VNM_IPTABLES_LEGACY) {
		choice.reason = "the host's iptables is iptables-legacy, but this kernel lacks its "
				"tables";
		choice.missing = "ip_tables";
	}
	return choice;
}

static struct vnm_fw_choice choose_freely(const struct vnm_fw_host *host)
{
	const bool nft = works(host, VNM_FW_BACKEND_IPTABLES_NFT);

	/* Networks of another state directory, or those whose records were lost: their rules are taken over. */
	for (int i = 0; i < VNM_FW_BACKEND_COUNT; i++)
		if (host->ours & 1u << i && works(host, (enum vnm_fw_backend)i))
			return (struct vnm_fw_choice){ (enum vnm_fw_backend)i,
						       "it has rules of vnetmgr already", NULL };
	if (host->drops && nft)
		return (struct vnm_fw_choice){
			VNM_FW_BACKEND_IPTABLES_NFT,
			host->firewalld
				? "a policy drops forwarded packets, which only rules in the same "
				  "chain override; firewalld flushes them when it reloads, and "
				  "net-repair restores them"
				: "a policy drops forwarded packets, which only rules in the same "
				  "chain override",
			NULL
		};
	if (host->firewalld && works(host, VNM_FW_BACKEND_NFTABLES))
		return (struct vnm_fw_choice){ VNM_FW_BACKEND_NFTABLES,
					       "firewalld is running, and flushes the tables of "
					       "iptables when it reloads",
					       NULL };
	if (host->iptables == VNM_IPTABLES_LEGACY && works(host, VNM_FW_BACKEND_LEGACY))
		return (struct vnm_fw_choice){ VNM_FW_BACKEND_LEGACY,
					       "the host's iptables is iptables-legacy", NULL };
	if (host->iptables == VNM_IPTABLES_NONE && host->legacy_used &&
	    works(host, VNM_FW_BACKEND_LEGACY))
		return (struct vnm_fw_choice){ VNM_FW_BACKEND_LEGACY,
					       "the legacy tables are in use", NULL };
	if (nft)
		return choose_iptables_nft(host);
	return (struct vnm_fw_choice){ works(host, VNM_FW_BACKEND_NFTABLES)
					       ? VNM_FW_BACKEND_NFTABLES
					       : VNM_FW_BACKEND_LEGACY,
				       why_not_iptables_nft(host), missing_for_iptables_nft(host) };
}

/** vnm_fw_depends() - does the choice depend on the host? */
bool vnm_fw_depends(enum vnm_fw_setting setting)
{
	return setting == VNM_FW_SETTING_AUTO || setting == VNM_FW_SETTING_IPTABLES;
}

/**
 * vnm_fw_choose() - the back end for networks, of which none is active
 * @host:    what was observed
 * @setting: the administrator's; auto: the host decides
 *
 * A back end that is set is chosen even where it cannot work, so that the start says what is missing.
 *
 * Return: the back end, and why.
 */
struct vnm_fw_choice vnm_fw_choose(const struct vnm_fw_host *host, enum vnm_fw_setting setting)
{
	static const char is_set[] = "it is set in network.conf";
	static const char as_command[] = "network.conf sets that of the host's iptables";

	switch (setting) {
	case VNM_FW_SETTING_LEGACY:
		return (struct vnm_fw_choice){ VNM_FW_BACKEND_LEGACY, is_set, NULL };
	case VNM_FW_SETTING_IPTABLES_NFT:
		return (struct vnm_fw_choice){ VNM_FW_BACKEND_IPTABLES_NFT, is_set, NULL };
	case VNM_FW_SETTING_NFTABLES:
		return (struct vnm_fw_choice){ VNM_FW_BACKEND_NFTABLES, is_set, NULL };
	case VNM_FW_SETTING_IPTABLES:
		if (host->iptables == VNM_IPTABLES_NONE)
			break;
		return (struct vnm_fw_choice){ host->iptables == VNM_IPTABLES_NFT
						       ? VNM_FW_BACKEND_IPTABLES_NFT
						       : VNM_FW_BACKEND_LEGACY,
					       as_command, NULL };
	case VNM_FW_SETTING_AUTO:
	case VNM_FW_SETTING_COUNT: break;
	}
	return choose_freely(host);
}
