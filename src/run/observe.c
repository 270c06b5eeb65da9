/* SPDX-License-Identifier: GPL-2.0-or-later */
/* observe.c - the facts of the host that a plan needs, and no more. */
#include "run/observe.h"

#include <sys/socket.h>
#include <unistd.h>

#include "model/vrf.h"
#include "plan/conflict/conflict_start.h"
#include "plan/firewall/plan_firewall.h"
#include "plan/frr_conf.h"
#include "plan/plan_zone.h"
#include "state/assume.h"
#include "state/networks.h"
#include "state/session.h"
#include "sys/dbus/zone.h"
#include "sys/firewall/firewall.h"
#include "sys/firewall/frames_kernel.h"
#include "sys/frr/frr_file.h"
#include "sys/host/accept_ra.h"
#include "sys/host/kmod.h"
#include "sys/host/observe.h"
#include "sys/link/address_list.h"
#include "sys/link/link.h"
#include "sys/traffic/bandwidth.h"
#include "sys/uplink/uplink_observe.h"
#include "util/mem.h"

#define FEW_MAX \
	8 /* networks for which single devices are read, since that is quicker than all of a host with hundreds */
#define UNTRACKED_NA "/proc/sys/net/ipv6/conf/default/accept_untracked_na"

/* The settings of an active network's uplink are in its journal; by now its bridge has them. */
static int note_uplink(struct vnm_driver *drv, const struct vnm_network *net,
		       struct vnm_facts *facts, struct vnm_error *err)
{
	vnm_autojournal struct vnm_journal journal = { 0 };
	int r = vnm_observe_uplink(&drv->sys, net->uplink.dev, facts, err);

	if (r == 0 && vnm_driver_active(drv, net->name))
		r = vnm_driver_journal(drv, net->name, true, &journal, err);
	if (r == 0)
		vnm_facts_recall_uplink(facts, net->uplink.dev, &journal.plan);
	return r;
}

static bool has_rules(const struct vnm_network *net)
{
	return vnm_network_makes_bridge(net) && !vnm_network_has_uplink(net) &&
	       (vnm_network_mode(net) != VNM_FORWARD_OPEN || net->overlay.at.present);
}

/* Does it have rules, and one for old DHCP clients among them? */
static bool leases_with_rules(const struct vnm_network *net)
{
	if (!has_rules(net))
		return false;
	for (size_t i = 0; i < net->n_ips; i++)
		if (vnm_dhcp_serves(&net->ips[i].dhcp))
			return true;
	return false;
}

static void add_bridge(struct vnm_facts *facts, const struct vnm_network *net, bool active)
{
	struct vnm_fact_bridge *fact;

	if (!vnm_network_makes_bridge(net) || !net->bridge.name)
		return;
	facts->bridges = vnm_array_add(facts->bridges, &facts->n_bridges, sizeof(*facts->bridges));
	fact = &facts->bridges[facts->n_bridges - 1];
	*fact = (struct vnm_fact_bridge){ .network = vnm_strdup(net->name),
					  .bridge = vnm_strdup(net->bridge.name),
					  .table = vnm_vrf_table(net),
					  .active = active };
	if (net->vrf.at.present)
		fact->vrf = vnm_strdup(net->vrf.name);
	for (size_t i = 0; i < net->n_ips; i++) {
		const struct vnm_prefix prefix = vnm_ip_prefix(&net->ips[i]);

		fact->subnets =
			vnm_array_add(fact->subnets, &fact->n_subnets, sizeof(*fact->subnets));
		fact->subnets[fact->n_subnets - 1] = vnm_prefix_network(&prefix);
	}
}

/* Add the bridges of other networks to the facts, if a definition refers to networks. */
static int note_bridges(struct vnm_driver *drv, const struct vnm_network *nets, size_t n,
			struct vnm_facts *facts, struct vnm_error *err)
{
	struct vnm_other_nets others vnm_autoother_nets = { 0 };
	size_t n_allows = 0;
	int r;

	for (size_t i = 0; i < n; i++)
		n_allows += nets[i].n_allows;
	if (n_allows == 0)
		return 0;
	/* Networks of the batch may not be on disk yet. */
	for (size_t i = 0; i < n; i++)
		if (nets[i].name)
			add_bridge(facts, &nets[i], true);
	r = vnm_other_nets_load(drv, NULL, &others, err);
	for (size_t i = 0; i < others.n; i++)
		add_bridge(facts, others.refs[i].net, others.refs[i].active);
	return r;
}

/* Is FRR somebody else's? That it cannot be read is an error when the network starts. */
static void note_frr(struct vnm_driver *drv, struct vnm_facts *facts)
{
	vnm_autofree char *conf = NULL;
	struct vnm_error ignored = { 0 };

	if (facts->frr_conf)
		return;
	facts->frr_conf = vnm_strdup(drv->paths.frr_conf);
	facts->frr_sockets = vnm_strdup(drv->paths.frr_sockets);
	facts->frr_foreign = vnm_frr_file_read(facts->frr_conf, &conf, &ignored) == 0 &&
			     vnm_frr_conf_foreign(conf);
}

/* Facts that only some networks need. */
static int observe_more(struct vnm_driver *drv, const struct vnm_network *nets, size_t n,
			struct vnm_facts *facts, struct vnm_error *err)
{
	bool limits = false, host = false;
	struct vnm_fw_needs needs = { 0 };
	int r = 0;

	for (size_t i = 0; i < n; i++) {
		limits |= vnm_bandwidth_limits(&nets[i].bandwidth);
		host |= vnm_network_has_host(&nets[i]) || nets[i].vrf.at.present;
		facts->untracked_na |=
			nets[i].overlay.at.present && access(UNTRACKED_NA, F_OK) == 0;
		if (nets[i].overlay.evpn.at.present)
			note_frr(drv, facts);
		needs.leases |= leases_with_rules(&nets[i]);
		needs.rules |= has_rules(&nets[i]);
		needs.rules6 |= has_rules(&nets[i]) && vnm_plan_has_rules6(&nets[i]);
	}
	vnm_fw_observe(&drv->sys, &needs, facts);
	facts->frames_by_port = !vnm_frames_by_name();
	if (limits)
		vnm_observe_bandwidth(&drv->sys, facts);
	r = note_bridges(drv, nets, n, facts, err);
	if (r == 0 && host)
		r = vnm_observe_addresses(&drv->sys, facts, err);
	for (size_t i = 0; r == 0 && i < n; i++)
		if (nets[i].name && vnm_network_has_uplink(&nets[i]))
			r = note_uplink(drv, &nets[i], facts, err);
	return r;
}

/* If firewalld does not answer, guests still get their network. */
static void observe_zones(struct vnm_driver *drv, const struct vnm_network *nets, size_t n,
			  struct vnm_facts *facts)
{
	struct vnm_error why = { 0 };
	bool wanted = false;

	for (size_t i = 0; i < n; i++)
		wanted |= vnm_zone_by_default(&nets[i]);
	if (wanted && vnm_observe_zones(&drv->sys, facts, &why) < 0)
		vnm_driver_report(drv, VNM_REPORT_WARNING,
				  "%s; bridges whose definition names no zone stay where they are",
				  why.msg);
}

/* A bridge of its own, and nothing that is bound to devices of the host: those that matter are known by name. */
static bool stands_alone(const struct vnm_network *net)
{
	return vnm_network_makes_bridge(net) && !vnm_network_has_uplink(net) &&
	       !vnm_network_has_host(net) && !net->overlay.at.present && !net->vrf.at.present;
}

/* And the VRF that it is in, if any. */
static int observe_forward_dev(struct vnm_driver *drv, const char *dev, struct vnm_facts *facts,
			       struct vnm_error *err)
{
	const struct vnm_fact_link *link;
	int r = vnm_observe_link(&drv->sys, facts, dev, err);

	link = r == 0 ? vnm_facts_link(facts, dev) : NULL;
	return link && link->master ? vnm_observe_link_index(&drv->sys, facts, link->master, err)
				    : r;
}

/* Its bridge, the device that it forwards by, and those by which routes leave that may be in its way. */
static int observe_links_of(struct vnm_driver *drv, const struct vnm_network *net,
			    struct vnm_facts *facts, struct vnm_error *err)
{
	const char *dev = vnm_network_forward_dev(net);
	int r = 0;

	if (net->bridge.name)
		r = vnm_observe_link(&drv->sys, facts, net->bridge.name, err);
	if (r == 0 && dev)
		r = observe_forward_dev(drv, dev, facts, err);
	for (size_t i = 0; i < facts->n_routes && r == 0; i++)
		if (vnm_conflict_meets_route(net, &facts->routes[i]))
			r = vnm_observe_link_index(&drv->sys, facts, facts->routes[i].ifindex, err);
	return r;
}

static int observe_host(struct vnm_driver *drv, const struct vnm_network *nets, size_t n,
			struct vnm_facts *ret, struct vnm_error *err)
{
	bool few = n <= FEW_MAX && !drv->assumed;
	int r = 0;

	for (size_t i = 0; i < n && few; i++)
		few = stands_alone(&nets[i]);
	if (!few)
		return vnm_observe(&drv->sys, ret, err);
	r = vnm_observe_host(&drv->sys, ret, err);
	for (size_t i = 0; i < n && r == 0; i++)
		r = observe_links_of(drv, &nets[i], ret, err);
	return r;
}

/**
 * vnm_driver_observe() - observe the host, to plan networks
 * @drv:  the driver
 * @nets: the networks; what none of them needs is not observed
 * @n:    how many
 * @ret:  free with vnm_facts_clear()
 * @err:  what could not be observed
 *
 * Return: 0 or -errno.
 */
int vnm_driver_observe(struct vnm_driver *drv, const struct vnm_network *nets, size_t n,
		       struct vnm_facts *ret, struct vnm_error *err)
{
	int r;

	*ret = (struct vnm_facts){ 0 };
	r = observe_host(drv, nets, n, ret, err);
	if (r < 0)
		return r;
	ret->boots = drv->sys.boots;
	ret->firewall = drv->sys.fw_backend;
	observe_zones(drv, nets, n, ret);
	r = observe_more(drv, nets, n, ret, err);
	vnm_driver_assume_facts(drv, ret);
	return r;
}

/**
 * vnm_driver_observe_known() - observe the host, to plan an active network again
 * @drv: the driver
 * @net: the live definition
 * @old: its plan
 * @ret: free with vnm_facts_clear()
 * @err: what could not be observed
 *
 * The network is active, so nothing can be in its way, and the host is not observed: with hundreds of devices that
 * would take longer than all the rest. Only a plan with an uplink, or with a port for the host beside its guests, depends
 * on the host's state.
 *
 * Return: 0 or -errno.
 */
int vnm_driver_observe_known(struct vnm_driver *drv, const struct vnm_network *net,
			     const struct vnm_plan *old, struct vnm_facts *ret,
			     struct vnm_error *err)
{
	int r = 0;

	if (vnm_network_has_uplink(net) || vnm_network_has_host(net))
		r = vnm_observe(&drv->sys, ret, err);
	else
		r = vnm_observe_means(ret, err);
	ret->firewall = drv->sys.fw_backend;
	vnm_facts_recall_zone(ret, old);
	return r < 0 ? r : observe_more(drv, net, 1, ret, err);
}

/**
 * vnm_driver_preview_advertised() - report the devices whose settings for router advertisements would change
 * @drv:  the driver
 * @plan: the plan
 * @steps: gets a remark, if there are any
 */
void vnm_driver_preview_advertised(struct vnm_driver *drv, const struct vnm_plan *plan,
				   struct vnm_steps *steps)
{
	vnm_autobuf struct vnm_buf names = { 0 };
	struct vnm_error ignored = { 0 };

	if (!vnm_plan_find(plan, VNM_OP_ACCEPT_RA) ||
	    vnm_accept_ra_deaf(&drv->sys, &names, &ignored) < 0 || !names.len)
		return;
	vnm_steps_note(steps,
		       "IPv6 forwarding would be switched on; accept_ra would be set from 1 to "
		       "2, so that router advertisements stay in effect, on: %s",
		       vnm_buf_str(&names));
}

static void warn_no_groups(struct vnm_driver *drv)
{
	vnm_autobuf struct vnm_buf remedy = { 0 };

	vnm_kmod_remedy("xt_devgroup", &remedy);
	vnm_driver_report(
		drv, VNM_REPORT_WARNING,
		"this kernel lacks the match 'devgroup' (module xt_devgroup, "
		"CONFIG_NETFILTER_XT_MATCH_DEVGROUP), so the rules that come before all "
		"others are left out; each packet of the host is compared with the rules of "
		"every network, and the more there are, the longer it takes; %s",
		remedy.data);
}

/**
 * vnm_driver_warn_left_out() - report the rules that a plan leaves out because the kernel does not support them
 * @drv:   the driver
 * @facts: the facts
 *
 * Only at a start, so that it is reported once; a plan without them is complete.
 */
void vnm_driver_warn_left_out(struct vnm_driver *drv, const struct vnm_facts *facts)
{
	if (facts->frr_foreign)
		vnm_driver_report(
			drv, VNM_REPORT_WARNING,
			"'%s/frr.conf' is somebody else's, so FRR is left as it is; add what "
			"\"vnetmgr net-dumpxml --frr\" prints of the network",
			facts->frr_conf);
	if (facts->no_tables)
		return;
	if (facts->no_checksum)
		vnm_driver_report(drv, VNM_REPORT_WARNING,
				  "this kernel lacks the target 'CHECKSUM' (module xt_CHECKSUM, "
				  "CONFIG_NETFILTER_XT_TARGET_CHECKSUM), so its rule is left "
				  "out; some old DHCP clients will not take the answers that they "
				  "get");
	if (facts->no_groups)
		warn_no_groups(drv);
	if (facts->no_guard4 || facts->no_guard6)
		vnm_driver_report(
			drv, VNM_REPORT_WARNING,
			"this kernel lacks the %s table 'raw' or the target 'CT' (modules "
			"%s, xt_CT, xt_addrtype), so their rules are left out; whoever "
			"forges a guest's address as the sender may get to that guest",
			facts->no_guard4 ? "IPv4" : "IPv6",
			facts->no_guard4 ? "iptable_raw" : "ip6table_raw");
}
