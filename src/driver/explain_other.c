/* SPDX-License-Identifier: GPL-2.0-or-later */
/* explain_other.c - a packet for a guest of another network, which a rule of ours stops: why there is that rule, and what lets it pass. */
#include "driver/explain_other.h"

#include <netinet/in.h>
#include <string.h>

#include "state/networks.h"
#include "state/session.h"
#include "util/mem.h"
#include "xml/network_xml.h"

static bool is_on(struct vnm_driver *drv, const char *name, const struct vnm_addr *addr)
{
	vnm_autonetwork struct vnm_network net = { 0 };
	struct vnm_error ignored = { 0 };

	return vnm_store_load(&drv->live, name, &net, &ignored) == 0 &&
	       vnm_attach_subnet(&net, addr) != NULL;
}

/* The other active network that has the destination; allocated, NULL: none. */
static char *find_other(struct vnm_explain_case *of)
{
	struct vnm_error ignored = { 0 };
	char **names, *ret = NULL;
	size_t n;

	if (vnm_driver_names(of->drv, &names, &n, &ignored) < 0)
		return NULL;
	for (size_t i = 0; i < n && !ret; i++)
		if (strcmp(names[i], of->network.name) != 0 &&
		    vnm_driver_active(of->drv, names[i]) &&
		    is_on(of->drv, names[i], &of->ask->to))
			ret = vnm_strdup(names[i]);
	vnm_names_free(names, n);
	return ret;
}

static bool may_be_allowed(enum vnm_forward_mode mode)
{
	return mode == VNM_FORWARD_NAT || mode == VNM_FORWARD_ROUTE;
}

/* <vnm:allow>, for this protocol and port. */
static void mend(struct vnm_explain_case *of, const char *other)
{
	vnm_autofree char *port =
		of->ask->port ? vnm_asprintf(" proto='%s' port='%u'",
					     of->ask->proto == IPPROTO_TCP ? "tcp" : "udp",
					     of->ask->port)
			      : vnm_strdup("");

	vnm_explanation_mend(of->ret,
			     "vnetmgr net-update %s add allow \"<vnm:allow network='%s'%s/>\" "
			     "--live",
			     of->network.name, other, port);
}

/**
 * vnm_explain_other_network() - say why a rule of ours has stopped a packet for another network, and what lets it pass
 * @of: the case, with its explanation; anything else that stopped the packet says why itself
 */
void vnm_explain_other_network(struct vnm_explain_case *of)
{
	const struct vnm_obstacle *obstacle = &of->ret->obstacle;
	vnm_autofree char *other = NULL;

	if (of->ret->verdict != VNM_EXPLAINED_STOPPED || !obstacle->owner || obstacle->mend ||
	    strcmp(obstacle->owner, "vnetmgr") != 0)
		return;
	other = find_other(of);
	if (!other)
		return;
	vnm_explanation_note(of->ret,
			     "the destination is on network '%s', which guests of '%s' reach only "
			     "where <vnm:allow network='%s'/> lets them",
			     other, of->network.name, other);
	if (may_be_allowed(vnm_network_mode(&of->network)))
		mend(of, other);
}
