// SPDX-License-Identifier: GPL-2.0-or-later
/* fw_nft_base.c - the built-in chains of iptables in nf_tables, and what the kernel must have for them. */
#include "sys/firewall/fw_nft_base.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nf_tables_compat.h>

#include "sys/firewall/nft_read.h"
#include "sys/firewall/nft_write.h"
#include "sys/host/kmod.h"
#include "util/mem.h"

/* As iptables-nft makes them. */
static const struct vnm_fw_nft_base bases[] = {
	{ VNM_FW_FILTER, "INPUT", "filter", NF_INET_LOCAL_IN, 0 },
	{ VNM_FW_FILTER, "FORWARD", "filter", NF_INET_FORWARD, 0 },
	{ VNM_FW_FILTER, "OUTPUT", "filter", NF_INET_LOCAL_OUT, 0 },
	{ VNM_FW_NAT, "PREROUTING", "nat", NF_INET_PRE_ROUTING, -100 },
	{ VNM_FW_NAT, "OUTPUT", "nat", NF_INET_LOCAL_OUT, -100 },
	{ VNM_FW_NAT, "POSTROUTING", "nat", NF_INET_POST_ROUTING, 100 },
	{ VNM_FW_MANGLE, "POSTROUTING", "filter", NF_INET_POST_ROUTING, -150 },
	{ VNM_FW_RAW, "PREROUTING", "filter", NF_INET_PRE_ROUTING, -300 },
};

/** vnm_fw_nft_family() - AF_INET or AF_INET6 as NFPROTO_*. */
uint8_t vnm_fw_nft_family(int family)
{
	return family == AF_INET ? NFPROTO_IPV4 : NFPROTO_IPV6;
}

/** vnm_fw_nft_base() - a built-in chain that jumps to one of ours; NULL: none of that name. */
const struct vnm_fw_nft_base *vnm_fw_nft_base(enum vnm_fw_table table, const char *name)
{
	for (size_t i = 0; i < VNM_ARRAY_SIZE(bases); i++)
		if (bases[i].table == table && !strcmp(bases[i].name, name))
			return &bases[i];
	return NULL;
}

/** vnm_fw_nft_is_base() - is a chain of that name the one that iptables-nft makes? */
bool vnm_fw_nft_is_base(const struct vnm_fw_nft_base *base, const struct vnm_nft_chain *chain)
{
	return chain->hook == base->hook && chain->priority == base->priority &&
	       !strcmp(chain->type, base->type);
}

static bool is_lack(int r)
{
	return r == -EINVAL || r == -EPROTONOSUPPORT || r == -EOPNOTSUPP;
}

/** vnm_fw_nft_exists() - does the table exist? Without an answer it counts as existing. */
bool vnm_fw_nft_exists(struct vnm_sys *sys, int family, enum vnm_fw_table table)
{
	vnm_autonl struct vnm_nl_req req = { 0 };
	int r;

	vnm_nft_begin(&req, vnm_fw_nft_family(family), VNM_NFT_MESSAGE(NFT_MSG_GETTABLE), 0);
	vnm_nl_put_str(&req, NFTA_TABLE_NAME, vnm_enum_name(&vnm_enum_fw_table, (int)table));
	r = vnm_nft_get(&sys->nft_read_sock, &req, NULL);
	return r != -ENOENT && !is_lack(r);
}

/**
 * vnm_fw_nft_probe() - has the kernel a match or a target? As struct vnm_fw_table_impl says; loads its module.
 *
 * Return: also -EINVAL: it has no nft_compat.
 */
int vnm_fw_nft_probe(struct vnm_sys *sys, int family, bool target, const char *name,
		     unsigned revision)
{
	vnm_autonl struct vnm_nl_req req = { 0 };

	vnm_nft_begin(&req, vnm_fw_nft_family(family),
		      NFNL_SUBSYS_NFT_COMPAT << 8 | NFNL_MSG_COMPAT_GET, 0);
	vnm_nl_put_str(&req, NFTA_COMPAT_NAME, name);
	vnm_nft_put_number(&req, NFTA_COMPAT_REV, revision);
	vnm_nft_put_number(&req, NFTA_COMPAT_TYPE, target);
	return vnm_nft_get(&sys->nft_read_sock, &req, NULL);
}

/**
 * vnm_fw_nft_lacks() - does the error from a request for something to be read say that the kernel has no nf_tables?
 * @r:       -errno of the request
 * @backend: which back end needs it
 * @err:     set if so
 */
bool vnm_fw_nft_lacks(int r, enum vnm_fw_backend backend, struct vnm_error *err)
{
	vnm_autobuf struct vnm_buf remedy = { 0 };

	if (!is_lack(r))
		return false;
	vnm_kmod_remedy("nf_tables", &remedy);
	vnm_error_set(err, VNM_ERR_UNSUPPORTED, -r,
		      "this kernel lacks nf_tables (module nf_tables, CONFIG_NF_TABLES), which the "
		      "firewall back end '%s' needs; %s; or use another back end",
		      vnm_enum_name(&vnm_enum_fw_backend, (int)backend), remedy.data);
	return true;
}

/** vnm_fw_nft_absent() - does the error from reading a table say that? As struct vnm_fw_table_impl says. */
bool vnm_fw_nft_absent(const struct vnm_fw_handle *handle, int r, struct vnm_error *err)
{
	(void)handle;
	return vnm_fw_nft_lacks(r, VNM_FW_BACKEND_IPTABLES_NFT, err);
}

static bool names_table(const struct vnm_fwrule *rule, const struct vnm_nft_chain *chain)
{
	const struct vnm_fw_chain_info *info = &vnm_fw_chains[rule->chain];

	return vnm_fw_nft_family(rule->family) == chain->family &&
	       !strcmp(vnm_enum_name(&vnm_enum_fw_table, (int)info->table), chain->table) &&
	       !strcmp(info->parent, chain->name);
}

/** vnm_fw_nft_comes_first() - does the chain jump to one of ours with rules of the plan? */
bool vnm_fw_nft_comes_first(const struct vnm_plan *plan, const struct vnm_nft_chain *chain)
{
	for (size_t i = 0; i < plan->n; i++)
		if (plan->ops[i].type == VNM_OP_RULE && names_table(&plan->ops[i].rule, chain))
			return true;
	return false;
}
