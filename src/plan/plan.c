/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plan.c - from a definition and the facts of the host to the operations that bring the network up.
 *
 * Everything is decided here and nothing is done. The order of operations is that of enum vnm_op_type.
 */
#include "plan/plan.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "model/ovs.h"
#include "model/vlan.h"
#include "plan/dnsmasq/plan_dnsmasq.h"
#include "plan/firewall/plan_firewall.h"
#include "plan/firewall/plan_frames.h"
#include "plan/plan_bandwidth.h"
#include "plan/plan_bridge.h"
#include "plan/plan_host.h"
#include "plan/plan_evpn.h"
#include "plan/plan_overlay.h"
#include "plan/plan_uplink.h"
#include "plan/plan_vf.h"
#include "plan/plan_vrf.h"
#include "plan/plan_zone.h"
#include "util/mem.h"

static struct vnm_op_require_device *plan_device(const char *name, struct vnm_plan *plan)
{
	struct vnm_op_require_device *use =
		&vnm_plan_add(plan, VNM_OP_REQUIRE_DEVICE)->require_device;

	use->name = vnm_strdup(name);
	return use;
}

static void plan_host_bridge(const struct vnm_network *net, struct vnm_plan *plan)
{
	struct vnm_op_require_device *use = plan_device(net->bridge.name, plan);

	use->ovs = vnm_network_uses_ovs(net);
	use->bridge = !use->ovs;
	use->vlan_filtering = net->vlan.at.present && !use->ovs;
}

/* Nothing is created, but what guests will be connected to must exist. */
static void plan_devices(const struct vnm_network *net, struct vnm_plan *plan)
{
	const struct vnm_forward *forward = &net->forward;

	if (vnm_network_uses_bridge(net))
		plan_host_bridge(net, plan);
	else if (forward->n_interfaces == 0 && forward->dev)
		plan_device(forward->dev, plan);
	if (forward->pf.at.present)
		plan_device(forward->pf.dev, plan);
	for (size_t i = 0; i < forward->n_interfaces; i++)
		plan_device(forward->interfaces[i].dev, plan);
}

static int fail_unsupported(const struct vnm_network *net, const char *what, const char *needs,
			    struct vnm_error *err)
{
	return vnm_error_set(err, VNM_ERR_UNSUPPORTED, EOPNOTSUPP,
			     "network '%s' cannot be started: %s %s", net->name, what, needs);
}

static int check_vlan(const struct vnm_network *net, struct vnm_error *err)
{
	vnm_autofree char *whose = vnm_asprintf("network '%s'", net->name);
	int r = vnm_vlan_check_ids(&net->vlan, whose, err);

	if (net->vlan.at.present && vnm_network_is_pool(net) &&
	    vnm_network_mode(net) != VNM_FORWARD_HOSTDEV)
		return fail_unsupported(
			net, "<vlan>",
			"is for guests on a bridge, and its guests are on devices of the host; "
			"leave it out, or hand out virtual functions, which have VLANs: "
			"<forward mode='hostdev'>",
			err);
	for (size_t i = 0; i < net->n_portgroups && r == 0 && vnm_network_makes_bridge(net); i++)
		r = vnm_vlan_check_ids(&net->portgroups[i].vlan, whose, err);
	return r;
}

/* Ports of other kinds are connected by whoever runs the guests: nothing is made of them here. */
static int check_supported(const struct vnm_network *net, struct vnm_error *err)
{
	if (net->virtualport.type == VNM_VIRTUALPORT_OPENVSWITCH && !vnm_network_uses_ovs(net))
		return fail_unsupported(
			net, vnm_enum_name(&vnm_enum_virtualport_type, net->virtualport.type),
			"ports need <forward mode='bridge'/> and a switch of Open vSwitch: "
			"<bridge name='...'/>; leave <virtualport> out otherwise",
			err);
	return check_vlan(net, err);
}

static int check_allowed(const struct vnm_network *net, const struct vnm_facts *facts,
			 struct vnm_error *err)
{
	for (size_t i = 0; i < net->n_allows; i++)
		if (!vnm_facts_bridge(facts, net->allows[i].network))
			return vnm_error_set(
				err, VNM_ERR_NO_NETWORK, ENOENT,
				"guests of network '%s' are allowed to reach network "
				"'%s' (<vnm:allow>), but there is no such network with "
				"a bridge of its own",
				net->name, net->allows[i].network);
	return 0;
}

/* The facts must include what the bridge takes over. */
static int check_observed(const struct vnm_network *net, const struct vnm_facts *facts,
			  struct vnm_error *err)
{
	if (vnm_facts_link(facts, net->uplink.dev) && vnm_facts_uplink(facts, net->uplink.dev))
		return 0;
	return vnm_error_set(err, VNM_ERR_NO_DEVICE, ENODEV,
			     "uplink '%s' of network '%s' does not exist", net->uplink.dev,
			     net->name);
}

/**
 * vnm_plan_start() - plan the start of a network
 * @in:  definition, facts, guests, ports, paths
 * @ret: the plan; free with vnm_plan_clear()
 * @err: VNM_ERR_UNSUPPORTED when dnsmasq is needed and not installed, VNM_ERR_XML_MEANING when a value cannot be
 *       written in dnsmasq's configuration
 *
 * Return: 0 or -errno.
 */
int vnm_plan_start(const struct vnm_plan_input *in, struct vnm_plan *ret, struct vnm_error *err)
{
	const struct vnm_network *net = in->net;
	const struct vnm_facts *facts = in->facts;
	vnm_autoplan struct vnm_plan plan = { .firewall = facts->firewall };
	int r = check_supported(net, err);

	if (r == 0 && vnm_network_has_uplink(net))
		r = check_observed(net, facts, err);
	if (r == 0)
		r = check_allowed(net, facts, err);
	if (r == 0)
		r = vnm_plan_check_vrf(net, facts, err);
	if (r == 0)
		r = vnm_plan_check_overlay(net, err);
	if (r < 0)
		return r;
	if (!vnm_network_makes_bridge(net)) {
		plan_devices(net, &plan);
		vnm_plan_host(net, facts, &plan);
		if (vnm_network_uses_bridge(net))
			vnm_plan_bandwidth(in, &plan);
		r = vnm_plan_vfs(in, &plan, err);
		if (r < 0)
			return r;
	} else if (vnm_network_has_uplink(net)) {
		vnm_plan_bridge(net, facts, &plan);
		vnm_plan_uplink_settings(net, facts, &plan);
		vnm_plan_frames(net, &vnm_facts_link(facts, net->uplink.dev)->mac, facts, &plan);
		vnm_plan_zone(net, facts, &plan);
		vnm_plan_bandwidth(in, &plan);
		vnm_plan_add(&plan, VNM_OP_LINK_UP)->link_up.dev = vnm_strdup(net->bridge.name);
		vnm_plan_uplink(in, &plan);
	} else {
		vnm_plan_forwarding(in, &plan);
		vnm_plan_vrf(net, &plan);
		vnm_plan_bridge(net, facts, &plan);
		vnm_plan_overlay_device(in, &plan);
		vnm_plan_sysctls(in, &plan);
		vnm_plan_addresses(net, &plan);
		vnm_plan_overlay_addresses(net, &plan);
		vnm_plan_routing_rules(in, &plan);
		vnm_plan_firewall(in, &plan);
		vnm_plan_route_localnet(net, &plan);
		vnm_plan_ct_zone(net, &plan);
		vnm_plan_frames(net, &net->mac.address, facts, &plan);
		vnm_plan_overlay_filter(net, facts, &plan);
		vnm_plan_zone(net, facts, &plan);
		vnm_plan_bandwidth(in, &plan);
		vnm_plan_add(&plan, VNM_OP_LINK_UP)->link_up.dev = vnm_strdup(net->bridge.name);
		vnm_plan_overlay_routes(net, &plan);
		vnm_plan_routes(net, &plan);
		vnm_plan_vrf_table(net, &plan);
		r = vnm_plan_dnsmasq(in, &plan, err);
		if (r < 0)
			return r;
		vnm_plan_nameserver(net, &plan);
		vnm_plan_evpn(in, &plan);
		vnm_plan_overlay_port(in, &plan);
	}
	*ret = plan;
	plan = (struct vnm_plan){ 0 };
	return 0;
}
