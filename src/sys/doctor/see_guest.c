/* SPDX-License-Identifier: GPL-2.0-or-later */
/* see_guest.c - what is in a guest's network namespace: its device, routes, name servers, and rules that drop. */
#include "sys/doctor/see_guest.h"

#include <string.h>

#include <linux/netfilter.h>

#include "sys/doctor/see_files.h"
#include "sys/doctor/see_routes.h"
#include "sys/firewall/fw_probe.h"
#include "sys/firewall/nft_fate.h"
#include "sys/firewall/nft_chains.h"
#include "sys/firewall/nft_read.h"
#include "sys/handles.h"
#include "sys/link/link.h"
#include "sys/netlink/netns_enter.h"
#include "util/mem.h"

/* Answers to what the guest asked must be accepted, and its own questions. */
static void review_chain(struct vnm_sys *sys, struct vnm_nft_chain *chain,
			 struct vnm_case_guest *guest)
{
	const char *dev = guest->attach->ifname, *family = vnm_nft_family_word(chain->family);
	const bool in = chain->hook == NF_INET_LOCAL_IN;
	const struct vnm_fw_probe probe = { .in = in ? dev : NULL,
					     .out = in ? NULL : dev,
					     .fresh = !in,
					     .nfproto = chain->family == NFPROTO_IPV6
								? NFPROTO_IPV6
								: NFPROTO_IPV4 };
	vnm_autofree char *text = NULL, *show = NULL, *mend = NULL;
	uint64_t handle;

	if (!family || (!in && chain->hook != NF_INET_LOCAL_OUT) ||
	    vnm_nft_fate(sys, chain, &probe, &handle) != VNM_FATE_DROPPED)
		return;
	text = vnm_asprintf("nf_tables chain '%s' of table '%s %s' drops what it %s", chain->name,
			    family, chain->table, in ? "receives" : "sends");
	show = vnm_asprintf("nft -a list chain %s %s %s", family, chain->table, chain->name);
	mend = vnm_asprintf("%s nft insert rule %s %s %s %s %s accept", guest->run, family,
			    chain->table, chain->name, in ? "iifname" : "oifname", dev);
	vnm_case_obstacle_add(&guest->obstacles, text, show, mend);
}

/* In the guest's namespace: a socket for nf_tables belongs to the one in which it was opened. */
static int review_rules(void *data)
{
	struct vnm_case_guest *guest = data;
	struct vnm_nft_chain *chains;
	struct vnm_sys there;
	size_t n;
	int r;

	vnm_sys_init(&there, -1);
	n = vnm_nft_chains(&there, &chains);
	for (size_t i = 0; i < n; i++)
		review_chain(&there, &chains[i], guest);
	r = vnm_nft_failure(&there);
	vnm_sys_clear(&there);
	return r;
}

static int see_resolver(struct vnm_case_guest *guest)
{
	vnm_autofree char *path = NULL;

	if (!guest->attach->netns_name)
		return 0;
	path = vnm_asprintf("/etc/netns/%s/resolv.conf", guest->attach->netns_name);
	return vnm_see_resolver(path, &guest->resolver);
}

/**
 * vnm_see_guest() - look into the network namespace of a guest
 * @sys:   the handles
 * @guest: with its attachment and names; gets what is there; nothing of one that is not in a namespace
 *
 * Return: 0 or -errno: not all of it could be read.
 */
int vnm_see_guest(struct vnm_sys *sys, struct vnm_case_guest *guest)
{
	const struct vnm_op_netns ns = { .path = guest->attach->netns };
	struct vnm_error ignored = { 0 };
	const struct vnm_link *link;
	struct vnm_sys *there;
	int r;

	if (!ns.path || !guest->attach->ifname)
		return 0;
	r = vnm_sys_enter(sys, &ns, &there);
	if (r == 0)
		r = vnm_see_stack(there, &guest->stack, &ignored);
	link = r < 0 ? NULL : vnm_links_find(&guest->stack.links, guest->attach->ifname);
	if (!link)
		return r;
	guest->inside = true;
	guest->link = *link;
	r = see_resolver(guest);
	return r < 0 ? r : vnm_netns_run(&ns, review_rules, guest);
}
