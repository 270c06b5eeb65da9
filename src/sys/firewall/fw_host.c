// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fw_host.c - what the host has that decides about the firewall back end. It changes nothing: libiptc would create the legacy
 * tables that it is asked for, so they are looked for in /proc.
 */
#include "sys/firewall/fw_host.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/netfilter.h>

#include "plan/firewall/nftables_layout.h"
#include "sys/firewall/firewall.h"
#include "sys/firewall/fw_nft_base.h"
#include "sys/firewall/fw_table.h"
#include "sys/firewall/nft_chains.h"
#include "sys/firewall/nft_read.h"
#include "sys/host/kmod.h"
#include "util/file.h"
#include "util/mem.h"

#define FIREWALLD_TABLE "firewalld"

static const char *const commands[] = {
	"/usr/sbin/iptables",
	"/sbin/iptables",
	"/usr/local/sbin/iptables",
	"/usr/bin/iptables",
};

/* Its links lead to a program of either kind: xtables-nft-multi, xtables-legacy-multi; before 1.8, xtables-multi. */
static enum vnm_iptables_kind kind_of_command(void)
{
	for (size_t i = 0; i < VNM_ARRAY_SIZE(commands); i++) {
		vnm_autofree char *path = realpath(commands[i], NULL);

		if (path)
			return strstr(strrchr(path, '/'), "nft") ? VNM_IPTABLES_NFT
								 : VNM_IPTABLES_LEGACY;
	}
	return VNM_IPTABLES_NONE;
}

static bool has_legacy_tables(const char *list)
{
	vnm_autoclose int dir = vnm_open(AT_FDCWD, "/proc/net", O_RDONLY | O_DIRECTORY, 0);
	vnm_autofree char *text = NULL;

	return dir >= 0 && vnm_file_read(dir, list, 4096, &text, NULL) == 0 && *text;
}

static bool is_routed(const struct vnm_nft_chain *chain)
{
	return chain->family == NFPROTO_IPV4 || chain->family == NFPROTO_IPV6;
}

/* A chain that each network with rules needs, in either family. */
static bool has_our_chain(struct vnm_sys *sys, int family)
{
	struct vnm_fw_handle handle = { &vnm_fw_tables_legacy, family, VNM_FW_FILTER, NULL };
	bool has;

	if (!handle.impl->exists(sys, family, VNM_FW_FILTER) || handle.impl->read(sys, &handle) < 0)
		return false;
	has = vnm_fw_has_chain(&handle, vnm_fw_chains[VNM_CHAIN_FWX].name);
	vnm_fw_table_close(&handle);
	return has;
}

static bool is_ours(const struct vnm_nft_chain *chain)
{
	return is_routed(chain) && !strcmp(chain->table, "filter") &&
	       !strcmp(chain->name, vnm_fw_chains[VNM_CHAIN_FWX].name);
}

static bool has_legacy(void)
{
	return access("/proc/net/ip_tables_names", F_OK) == 0;
}

static bool clashes(const struct vnm_nft_chain *chain)
{
	int table = vnm_enum_value(&vnm_enum_fw_table, chain->table);
	const struct vnm_fw_nft_base *base =
		is_routed(chain) && table >= 0
			? vnm_fw_nft_base((enum vnm_fw_table)table, chain->name)
			: NULL;

	return base && !vnm_fw_nft_is_base(base, chain);
}

static bool drops(const struct vnm_nft_chain *chain)
{
	return is_routed(chain) && chain->hook == NF_INET_FORWARD && chain->drops &&
	       !strcmp(chain->table, "filter") && !strcmp(chain->name, "FORWARD");
}

static void observe_nft(struct vnm_sys *sys, struct vnm_fw_host *host)
{
	struct vnm_nft_chain *chains;
	size_t n = vnm_nft_chains(sys, &chains);

	host->no_nft = !vnm_nft_readable(sys);
	for (size_t i = 0; i < n; i++) {
		if (is_ours(&chains[i]))
			host->ours |= 1u << VNM_FW_BACKEND_IPTABLES_NFT;
		if (is_routed(&chains[i]) && !strcmp(chains[i].table, VNM_NFTABLES_TABLE))
			host->ours |= 1u << VNM_FW_BACKEND_NFTABLES;
		host->clash |= clashes(&chains[i]);
		host->drops |= drops(&chains[i]);
		host->firewalld |= chains[i].family == NFPROTO_INET &&
				   !strcmp(chains[i].table, FIREWALLD_TABLE);
	}
	host->no_compat = host->no_nft ||
			  vnm_fw_nft_probe(sys, AF_INET, false, "conntrack", 3) < 0 ||
			  vnm_fw_nft_probe(sys, AF_INET, true, "MASQUERADE", 0) < 0;
}

/**
 * vnm_fw_host_observe() - observe what decides about the firewall back end
 * @sys: the handles
 * @ret: gets it; what cannot be read counts as absent
 */
void vnm_fw_host_observe(struct vnm_sys *sys, struct vnm_fw_host *ret)
{
	*ret = (struct vnm_fw_host){ .iptables = kind_of_command() };
	ret->legacy_used =
		has_legacy_tables("ip_tables_names") || has_legacy_tables("ip6_tables_names");
	if (ret->legacy_used && (has_our_chain(sys, AF_INET) || has_our_chain(sys, AF_INET6)))
		ret->ours |= 1u << VNM_FW_BACKEND_LEGACY;
	observe_nft(sys, ret);
	/* The module is loaded only where the tables may be needed. */
	ret->no_legacy = !has_legacy();
	if (ret->no_legacy && (ret->no_compat || ret->iptables == VNM_IPTABLES_LEGACY))
		ret->no_legacy = !vnm_kmod_load(sys, VNM_KMOD_IP_TABLES) || !has_legacy();
}
