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
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nf_tables_compat.h>

#include "sys/firewall/firewall.h"
#include "sys/firewall/fw_table.h"
#include "sys/firewall/nft_read.h"
#include "sys/firewall/nft_write.h"
#include "sys/host/kmod.h"
#include "util/file.h"
#include "util/mem.h"

#define COMPAT_GET (NFNL_SUBSYS_NFT_COMPAT << 8 | NFNL_MSG_COMPAT_GET)
#define FIREWALLD_TABLE "firewalld"
#define OUR_TABLE "vnetmgr"

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

/* Loads the module, as a rule of that family would. */
static bool has_compat(struct vnm_sys *sys, uint8_t family, const char *name, uint32_t revision,
		       bool target)
{
	struct vnm_sys netfilter = { .run_fd = -1,
				     .nl_protocol = NETLINK_NETFILTER,
				     .nl = sys->nft_read_sock };
	vnm_autonl struct vnm_nl_req req = { 0 };
	int r;

	vnm_nft_begin(&req, family, COMPAT_GET, 0);
	vnm_nl_put_str(&req, NFTA_COMPAT_NAME, name);
	vnm_nft_put_number(&req, NFTA_COMPAT_REV, revision);
	vnm_nft_put_number(&req, NFTA_COMPAT_TYPE, target);
	r = vnm_nl_do(&netfilter, &req, NULL);
	sys->nft_read_sock = netfilter.nl;
	return r == 0;
}

/** struct base - how iptables-nft makes a built-in chain. */
struct base {
	const char *table, *chain, *type;
	int hook, priority;
};

static const struct base bases[] = {
	{ "filter", "INPUT", "filter", NF_INET_LOCAL_IN, 0 },
	{ "filter", "FORWARD", "filter", NF_INET_FORWARD, 0 },
	{ "filter", "OUTPUT", "filter", NF_INET_LOCAL_OUT, 0 },
	{ "nat", "PREROUTING", "nat", NF_INET_PRE_ROUTING, -100 },
	{ "nat", "OUTPUT", "nat", NF_INET_LOCAL_OUT, -100 },
	{ "nat", "POSTROUTING", "nat", NF_INET_POST_ROUTING, 100 },
	{ "mangle", "POSTROUTING", "filter", NF_INET_POST_ROUTING, -150 },
	{ "raw", "PREROUTING", "filter", NF_INET_PRE_ROUTING, -300 },
};

static bool clashes(const struct vnm_nft_chain *chain)
{
	for (size_t i = 0; is_routed(chain) && i < VNM_ARRAY_SIZE(bases); i++)
		if (!strcmp(chain->table, bases[i].table) && !strcmp(chain->name, bases[i].chain))
			return chain->hook != bases[i].hook ||
			       chain->priority != bases[i].priority ||
			       strcmp(chain->type, bases[i].type) != 0;
	return false;
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
		if (chains[i].family == NFPROTO_INET && !strcmp(chains[i].table, OUR_TABLE))
			host->ours |= 1u << VNM_FW_BACKEND_NFTABLES;
		host->clash |= clashes(&chains[i]);
		host->drops |= drops(&chains[i]);
		host->firewalld |= chains[i].family == NFPROTO_INET &&
				   !strcmp(chains[i].table, FIREWALLD_TABLE);
	}
	host->no_compat = host->no_nft || !has_compat(sys, NFPROTO_IPV4, "conntrack", 3, false) ||
			  !has_compat(sys, NFPROTO_IPV4, "MASQUERADE", 0, true);
}

/**
 * vnm_fw_host_observe() - observe what decides about the firewall back end
 * @sys: the handles
 * @ret: gets it; what cannot be read counts as absent
 */
void vnm_fw_host_observe(struct vnm_sys *sys, struct vnm_fw_host *ret)
{
	*ret = (struct vnm_fw_host){ .iptables = kind_of_command(),
				     .absent = vnm_fw_absent_backends() };
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
