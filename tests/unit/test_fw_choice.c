/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_fw_choice.c - which firewall back end is chosen on which host. */
#include "runner.h"

#include <string.h>

#include "plan/firewall/fw_choice.h"
#include "util/mem.h"

const char vnm_suite[] = "plan/fw_choice";

#define NFT VNM_IPTABLES_NFT
#define LEGACY VNM_IPTABLES_LEGACY

/** struct row - a host, and what is right there. @missing: the module that is reported, if any */
struct row {
	const char *what;
	struct vnm_fw_host host;
	const char *backend, *reason, *missing;
};

static const struct row rows[] = {
	{ "Debian", { .iptables = NFT }, "iptables-nft", "the host's iptables is iptables-nft" },
	{ "Debian, and somebody has used iptables-legacy",
	  { .iptables = NFT, .legacy_used = true },
	  "iptables-nft",
	  "the host's iptables is iptables-nft" },
	{ "iptables-legacy", { .iptables = LEGACY }, "legacy", "iptables is iptables-legacy" },
	{ "iptables-legacy in use",
	  { .iptables = LEGACY, .legacy_used = true },
	  "legacy",
	  "iptables is iptables-legacy" },
	{ "iptables-legacy on a kernel without the tables",
	  { .iptables = LEGACY, .no_legacy = true },
	  "iptables-nft",
	  "iptables is iptables-legacy, but",
	  "ip_tables" },
	{ "no iptables", { 0 }, "iptables-nft", "the kernel has nf_tables" },
	{ "no iptables, the tables in use",
	  { .legacy_used = true },
	  "legacy",
	  "the legacy tables are in use" },
	{ "an old kernel, without nf_tables",
	  { .no_nft = true, .no_compat = true },
	  "legacy",
	  "lacks nf_tables",
	  "nf_tables" },
	{ "without nft_compat",
	  { .iptables = NFT, .no_compat = true },
	  "nftables",
	  "nft_compat",
	  "nft_compat" },
	{ "without anything",
	  { .iptables = NFT, .no_nft = true, .no_compat = true, .no_legacy = true },
	  "legacy",
	  "lacks nf_tables",
	  "nf_tables" },
	{ "FORWARD made by another program",
	  { .iptables = NFT, .clash = true },
	  "nftables",
	  "cannot use" },
	{ "Docker or ufw",
	  { .iptables = NFT, .drops = true },
	  "iptables-nft",
	  "a policy drops forwarded packets" },
	{ "Docker by iptables-nft beside iptables-legacy",
	  { .iptables = LEGACY, .drops = true },
	  "iptables-nft",
	  "a policy drops forwarded packets" },
	{ "Docker without nft_compat",
	  { .iptables = NFT, .drops = true, .no_compat = true },
	  "nftables",
	  "nft_compat",
	  "nft_compat" },
	{ "firewalld", { .iptables = NFT, .firewalld = true }, "nftables", "firewalld is running" },
	{ "firewalld beside iptables-legacy",
	  { .iptables = LEGACY, .legacy_used = true, .firewalld = true },
	  "nftables",
	  "firewalld is running" },
	{ "Docker and firewalld",
	  { .iptables = NFT, .firewalld = true, .drops = true },
	  "iptables-nft",
	  "net-repair restores" },
	{ "rules of a lost record in the legacy tables",
	  { .iptables = NFT, .ours = 1 << VNM_FW_BACKEND_LEGACY, .firewalld = true },
	  "legacy",
	  "has rules of vnetmgr" },
	{ "rules of another state directory in a table of ours",
	  { .iptables = NFT, .ours = 1 << VNM_FW_BACKEND_NFTABLES, .drops = true },
	  "nftables",
	  "has rules of vnetmgr" },
	{ "Docker, firewalld, no nft_compat",
	  { .iptables = NFT, .firewalld = true, .drops = true, .no_compat = true },
	  "nftables",
	  "firewalld is running" },
};

static void test_auto(void)
{
	for (size_t i = 0; i < VNM_ARRAY_SIZE(rows); i++) {
		struct vnm_fw_choice choice = vnm_fw_choose(&rows[i].host, VNM_FW_SETTING_AUTO);
		vnm_autofree char *is =
			vnm_asprintf("%s: %s", rows[i].what,
				     vnm_enum_name(&vnm_enum_fw_backend, (int)choice.backend));
		vnm_autofree char *should = vnm_asprintf("%s: %s", rows[i].what, rows[i].backend);

		VNM_ASSERT_STR_EQ(is, should);
		VNM_ASSERT_STR_EQ(strstr(choice.reason, rows[i].reason) ? rows[i].reason
									: choice.reason,
				  rows[i].reason);
		VNM_ASSERT_STR_EQ(choice.missing ? choice.missing : "",
				  rows[i].missing ? rows[i].missing : "");
	}
}

/* It is chosen on every host, also where it cannot work: the start reports that. */
static void test_set(void)
{
	static const struct {
		enum vnm_fw_setting setting;
		enum vnm_fw_backend backend;
	} sets[] = {
		{ VNM_FW_SETTING_LEGACY, VNM_FW_BACKEND_LEGACY },
		{ VNM_FW_SETTING_IPTABLES_NFT, VNM_FW_BACKEND_IPTABLES_NFT },
		{ VNM_FW_SETTING_NFTABLES, VNM_FW_BACKEND_NFTABLES },
	};

	for (size_t i = 0; i < VNM_ARRAY_SIZE(rows); i++)
		for (size_t k = 0; k < VNM_ARRAY_SIZE(sets); k++) {
			struct vnm_fw_choice choice = vnm_fw_choose(&rows[i].host, sets[k].setting);

			VNM_ASSERT_INT_EQ(choice.backend, sets[k].backend);
			CU_ASSERT(!vnm_fw_depends(sets[k].setting));
			VNM_ASSERT_STR_EQ(choice.reason, "it is set in network.conf");
		}
}

/* libvirt's word follows the command, whatever else there is; without the command the host decides. */
static void test_iptables(void)
{
	const struct vnm_fw_host nft = { .iptables = NFT, .firewalld = true };
	const struct vnm_fw_host legacy = { .iptables = LEGACY, .firewalld = true };
	const struct vnm_fw_host none = { .firewalld = true };

	CU_ASSERT(vnm_fw_depends(VNM_FW_SETTING_IPTABLES) && vnm_fw_depends(VNM_FW_SETTING_AUTO));
	VNM_ASSERT_INT_EQ(vnm_fw_choose(&nft, VNM_FW_SETTING_IPTABLES).backend,
			  VNM_FW_BACKEND_IPTABLES_NFT);
	VNM_ASSERT_INT_EQ(vnm_fw_choose(&legacy, VNM_FW_SETTING_IPTABLES).backend,
			  VNM_FW_BACKEND_LEGACY);
	VNM_ASSERT_INT_EQ(vnm_fw_choose(&none, VNM_FW_SETTING_IPTABLES).backend,
			  VNM_FW_BACKEND_NFTABLES);
}

const struct vnm_test vnm_tests[] = {
	{ "auto", test_auto },
	{ "set", test_set },
	{ "iptables", test_iptables },
	{ NULL, NULL },
};
