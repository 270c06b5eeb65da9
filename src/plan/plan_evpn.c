/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plan_evpn.c - by which BGP the hosts of an overlay find each other. Pure.
 *
 * FRR is one for all networks of a host, and so is its configuration, which all networks with EVPN agree on (plan/conflict/). If somebody
 * else has configured it, it is left alone: he adds what "vnetmgr net-dumpxml --frr" prints.
 */
#include "plan/plan_evpn.h"

#include "util/mem.h"

static char *copy(const char *text)
{
	return text && *text ? vnm_strdup(text) : NULL;
}

/** vnm_plan_leads_frr() - does the network configure FRR? */
bool vnm_plan_leads_frr(const struct vnm_network *net, const struct vnm_facts *facts)
{
	return net->overlay.at.present && net->overlay.evpn.at.present && !facts->frr_foreign;
}

/**
 * vnm_plan_evpn_fill() - the configuration of FRR for a network
 * @net: complete, with EVPN
 * @ret: allocated parts as those of an operation
 */
void vnm_plan_evpn_fill(const struct vnm_network *net, struct vnm_op_evpn *ret)
{
	const struct vnm_evpn *evpn = &net->overlay.evpn;
	const struct vnm_overlay_host *host = &net->overlay.host;

	*ret = (struct vnm_op_evpn){
		.network = vnm_strdup(net->name),
		.asn = evpn->asn.v,
		.index = host->at.present ? host->index.v : 0,
		.local = net->overlay.local,
		.reflector = evpn->reflector,
		.reflector2 = evpn->reflector2,
		.listen = evpn->listen,
		.password = copy(evpn->password),
		.bfd = evpn->bfd == VNM_TRI_YES,
	};
}

/** vnm_plan_evpn() - FRR's part; before the VXLAN device is a port, by which FRR learns of it. */
void vnm_plan_evpn(const struct vnm_plan_input *in, struct vnm_plan *plan)
{
	struct vnm_op_evpn *evpn;

	if (!vnm_plan_leads_frr(in->net, in->facts))
		return;
	evpn = &vnm_plan_add(plan, VNM_OP_EVPN)->evpn;
	vnm_plan_evpn_fill(in->net, evpn);
	evpn->conf = copy(in->facts->frr_conf);
	evpn->sockets = copy(in->facts->frr_sockets);
}
