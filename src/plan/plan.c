/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plan.c - from a definition and what was seen of the host to the operations that bring the network up.
 *
 * Everything is decided here and nothing is done. The order of operations is that of enum vnm_op_type.
 */
#include "plan/plan.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "plan/dnsmasq/dnsmasq_conf.h"
#include "plan/plan_host.h"
#include "plan/plan_zone.h"
#include "util/mem.h"

#define METRIC_DEFAULT 1

/**
 * vnm_plan_group() - the device group by which the firewall knows a network's devices; 0: by none
 * @net: the network
 *
 * Open networks have no rules, so the gates in front of the rules must not know them. FREE says that all that
 * is established may pass, in whichever direction; a network bound to one device may not say so.
 */
uint32_t vnm_plan_group(const struct vnm_network *net)
{
	switch (vnm_network_mode(net)) {
	case VNM_FORWARD_NAT:
	case VNM_FORWARD_ROUTE:
		return VNM_GROUP_BASE | (vnm_network_forward_dev(net) ? 0 : VNM_GROUP_FREE);
	case VNM_FORWARD_NONE:
		return VNM_GROUP_BASE;
	case VNM_FORWARD_OPEN:
	case VNM_FORWARD_BRIDGE:
	case VNM_FORWARD_PRIVATE:
	case VNM_FORWARD_VEPA:
	case VNM_FORWARD_PASSTHROUGH:
	case VNM_FORWARD_HOSTDEV:
	case VNM_FORWARD_COUNT:
		break;
	}
	return 0;
}

static void plan_bridge(const struct vnm_network *net, const struct vnm_facts *facts,
			struct vnm_plan *plan)
{
	struct vnm_op_bridge *bridge = &vnm_plan_add(plan, VNM_OP_BRIDGE)->bridge;

	bridge->name = vnm_strdup(net->bridge.name);
	bridge->mac = net->mac.address;
	bridge->mtu = vnm_network_mtu(net);
	bridge->stp = vnm_network_stp(net);
	bridge->delay = net->bridge.delay.set ? net->bridge.delay.v : 0;
	bridge->group = vnm_plan_group(net);
	bridge->peers = net->guests.bridges == VNM_TRI_YES;
	bridge->group_fwd = net->bridge.group_forward;
	bridge->unsnooped = net->bridge.snooping == VNM_TRI_NO;
	bridge->querier = net->bridge.querier == VNM_TRI_YES;
	if (vnm_network_has_uplink(net)) {
		const struct vnm_fact_link *uplink = vnm_facts_link(facts, net->uplink.dev);

		bridge->mac = uplink->mac;
		bridge->group = VNM_GROUP_UPLINK;
		bridge->mtu = (struct vnm_uint){ uplink->mtu != 0, uplink->mtu };
	}
}

/* Does the host pass on packets of its guests? Those behind a tun are beside the bridge, whatever its mode. */
static bool forwards(const struct vnm_network *net, const struct vnm_facts *facts, int family)
{
	size_t first = 0;

	if (vnm_network_mode(net) == VNM_FORWARD_NONE && !vnm_facts_next_tun(facts, &first))
		return false;
	return vnm_network_has_family(net, family);
}

static void plan_sysctl(const struct vnm_network *net, const char *family, const char *name,
			const char *value, struct vnm_plan *plan)
{
	struct vnm_op_sysctl *sysctl = &vnm_plan_add(plan, VNM_OP_SYSCTL)->sysctl;

	sysctl->path = vnm_asprintf("net/%s/conf/%s/%s", family, net->bridge.name, name);
	sysctl->value = vnm_strdup(value);
}

/*
 * No guest tells the host another way, or a smaller MTU of one. The kernel believes ICMP that quotes a packet it may
 * have sent, whoever sends it; so it must come from where its sender is. Where the host does not forward,
 * net.ipv4.conf.all.accept_redirects is enough to accept redirects on any device, and where somebody has set
 * net.ipv4.conf.all.rp_filter to 2, no device is stricter: what is left then the frame filter drops.
 */
static void plan_credulity(const struct vnm_network *net, struct vnm_plan *plan)
{
	plan_sysctl(net, "ipv4", "accept_redirects", "0", plan);
	plan_sysctl(net, "ipv4", "send_redirects", "0", plan);
	if (net->guests.routers != VNM_TRI_YES)
		plan_sysctl(net, "ipv4", "rp_filter", "1", plan);
}

/*
 * Without an IPv6 address of ours the bridge has none at all, so guests cannot reach the host by one. With one,
 * no guest's router advertisement or redirect may change it, and its link-local address serves as soon as the first
 * guest is there, instead of waiting two seconds for another owner to object. The host's forwarding switch does not
 * reach a bridge where somebody has set the default of new devices otherwise.
 */
static void plan_sysctls(const struct vnm_network *net, const struct vnm_facts *facts,
			 struct vnm_plan *plan)
{
	const struct { const char *name, *value; } settings[] = {
		{ "disable_ipv6", vnm_network_has_family(net, AF_INET6) ? "0" : "1" },
		{ "accept_ra", "0" },
		{ "accept_redirects", "0" },
		{ "autoconf", "0" },
		{ "accept_dad", vnm_network_has_family(net, AF_INET6) ? "0" : NULL },
	};

	if (forwards(net, facts, AF_INET))
		plan_sysctl(net, "ipv4", "forwarding", "1", plan);
	if (net->n_ips == 0 && vnm_network_mode(net) != VNM_FORWARD_OPEN)
		plan_sysctl(net, "ipv4", "arp_ignore", "1", plan);	/* nor has the host an address there */
	plan_credulity(net, plan);
	/* The kernel takes IPv6 away from a device with a smaller MTU, and its settings with it. */
	if (!vnm_mtu_takes_ipv6(vnm_network_mtu(net).v))
		return;
	for (size_t i = 0; i < VNM_ARRAY_SIZE(settings); i++)
		if (settings[i].value)
			plan_sysctl(net, "ipv6", settings[i].name, settings[i].value, plan);
	if (forwards(net, facts, AF_INET6))
		plan_sysctl(net, "ipv6", "forwarding", "1", plan);
}

static void plan_addresses(const struct vnm_network *net, struct vnm_plan *plan)
{
	for (size_t i = 0; i < net->n_ips; i++) {
		struct vnm_op_address *address = &vnm_plan_add(plan, VNM_OP_ADDRESS)->address;

		address->dev = vnm_strdup(net->bridge.name);
		address->addr = vnm_ip_prefix(&net->ips[i]);
	}
}

static void plan_routes(const struct vnm_network *net, struct vnm_plan *plan)
{
	for (size_t i = 0; i < net->n_routes; i++) {
		const struct vnm_route *from = &net->routes[i];
		struct vnm_op_route *route = &vnm_plan_add(plan, VNM_OP_ROUTE)->route;

		route->dev = vnm_strdup(net->bridge.name);
		route->dst = vnm_route_prefix(from);
		route->gateway = from->gateway;
		route->metric = from->metric.set ? from->metric.v : METRIC_DEFAULT;
	}
}

/* A connection to 127.0.0.1 that leads to a guest has that address on the bridge, too, on its way back. */
static void plan_localnet(const struct vnm_network *net, struct vnm_plan *plan)
{
	if (vnm_network_uses_loopback(net))
		vnm_plan_add(plan, VNM_OP_ROUTE_LOCALNET)->route_localnet.dev =
			vnm_strdup(net->bridge.name);
}

/* An isolated network leads nowhere, but from its bridge to its tuns. */
static void plan_forwarding(const struct vnm_network *net, const struct vnm_facts *facts,
			    struct vnm_plan *plan)
{
	static const int families[] = { AF_INET, AF_INET6 };

	if (forwards(net, facts, AF_INET6))
		vnm_plan_add(plan, VNM_OP_ACCEPT_RA);
	for (size_t i = 0; i < VNM_ARRAY_SIZE(families); i++)
		if (forwards(net, facts, families[i]))
			vnm_plan_add(plan, VNM_OP_FORWARDING)->forwarding.family = families[i];
}

/* A list that dnsmasq reads again. What belongs to an account that others use, too, they could change. */
static void give(const struct vnm_facts *facts, struct vnm_op_file *file)
{
	file->shared = true;
	if (facts->single_uid)
		return;
	if (strcmp(facts->dnsmasq_user, VNM_DNSMASQ_SHARED_USER) != 0)
		file->owner = vnm_strdup(facts->dnsmasq_user);
	else
		file->group = vnm_strdup(facts->dnsmasq_group);
}

static struct vnm_op_file *plan_file(const struct vnm_dnsmasq_paths *places, const char *name,
				     char **content, struct vnm_plan *plan)
{
	struct vnm_op_file *file = &vnm_plan_add(plan, VNM_OP_FILE)->file;

	file->dir = vnm_strdup(places->dnsmasq_dir);
	file->name = vnm_strdup(name);
	file->content = vnm_steal(content);
	return file;
}

static bool serves_dhcp(const struct vnm_network *net)
{
	for (size_t i = 0; i < net->n_ips; i++)
		if (vnm_dhcp_serves(&net->ips[i].dhcp))
			return true;
	return false;
}

static void plan_process(const struct vnm_network *net, const struct vnm_facts *facts,
			 const struct vnm_dnsmasq_paths *places, struct vnm_plan *plan)
{
	struct vnm_op_dnsmasq *dnsmasq = &vnm_plan_add(plan, VNM_OP_DNSMASQ)->dnsmasq;

	dnsmasq->dir = vnm_strdup(places->dnsmasq_dir);
	dnsmasq->program = vnm_strdup(facts->dnsmasq);
	if (serves_dhcp(net))
		dnsmasq->lease_file = vnm_strdup(places->lease_file);
	dnsmasq->single_uid = facts->single_uid;
}

static int plan_dnsmasq(const struct vnm_network *net, const struct vnm_facts *facts,
			const struct vnm_dnsmasq_paths *places, struct vnm_plan *plan,
			struct vnm_error *err)
{
	struct vnm_dnsmasq_files files __attribute__((cleanup(vnm_dnsmasq_files_clear))) = { 0 };
	int r;

	if (!vnm_network_wants_dnsmasq(net))
		return 0;
	if (!facts->dnsmasq)
		return vnm_error_set(
			err, VNM_ERR_UNSUPPORTED, ENOENT,
			"dnsmasq is not installed; network '%s' needs it for DHCP and "
			"DNS: apt-get install dnsmasq-base (or leave <dhcp> out and set "
			"<dns enable='no'/>)",
			net->name);
	if (!facts->single_uid && !facts->dnsmasq_user)
		return vnm_error_set(
			err, VNM_ERR_UNSUPPORTED, ENOENT,
			"network '%s' needs an account as which its dnsmasq can run, and there "
			"is neither '" VNM_DNSMASQ_USER "' nor '" VNM_DNSMASQ_SHARED_USER
			"' with a group: useradd --system " VNM_DNSMASQ_USER,
			net->name);
	r = vnm_dnsmasq_files(net, facts, places, &files, err);
	if (r < 0)
		return r;
	plan_file(places, VNM_DNSMASQ_CONF, &files.conf, plan);
	give(facts, plan_file(places, VNM_DNSMASQ_HOSTS, &files.hosts, plan));
	give(facts, plan_file(places, VNM_DNSMASQ_ADDNHOSTS, &files.addnhosts, plan));
	plan_process(net, facts, places, plan);
	return 0;
}

static void plan_nameserver(const struct vnm_network *net, struct vnm_plan *plan)
{
	struct vnm_op_nameserver *server;

	if (net->domain.registered != VNM_TRI_YES || !vnm_network_dns_enabled(net) ||
	    !vnm_network_wants_dnsmasq(net))
		return;
	server = &vnm_plan_add(plan, VNM_OP_NAMESERVER)->nameserver;
	server->dev = vnm_strdup(net->bridge.name);
	server->domain = vnm_strdup(net->domain.name);
	server->addr = vnm_ip_prefix(&net->ips[0]).addr;
	server->mac = net->mac.address;
}

static void plan_device(const char *name, bool bridge, struct vnm_plan *plan)
{
	struct vnm_op_require_device *use =
		&vnm_plan_add(plan, VNM_OP_REQUIRE_DEVICE)->require_device;

	use->name = vnm_strdup(name);
	use->bridge = bridge;
}

/* Nothing is made, but what guests are to be connected to must be there. */
static void plan_devices(const struct vnm_network *net, struct vnm_plan *plan)
{
	const struct vnm_forward *forward = &net->forward;

	if (vnm_network_uses_bridge(net))
		plan_device(net->bridge.name, true, plan);
	else if (forward->n_interfaces == 0 && forward->dev)
		plan_device(forward->dev, false, plan);
	for (size_t i = 0; i < forward->n_interfaces; i++)
		plan_device(forward->interfaces[i].dev, false, plan);
}

static int infeasible(const struct vnm_network *net, const char *what, const char *needs,
		      struct vnm_error *err)
{
	return vnm_error_set(err, VNM_ERR_UNSUPPORTED, EOPNOTSUPP,
			     "network '%s' cannot be started: %s %s", net->name, what, needs);
}

/* What is kept in definitions, for other programs, and has nothing behind it here. */
static int check_feasible(const struct vnm_network *net, struct vnm_error *err)
{
	if (vnm_network_mode(net) == VNM_FORWARD_HOSTDEV)
		return infeasible(
			net, "PCI devices",
			"are given to guests by whatever runs these, such as libvirt; if "
			"they are network devices of the host, list those instead: <forward "
			"mode='passthrough'> with an <interface dev='...'/> for each",
			err);
	if (net->forward.pf.at.present)
		return vnm_error_set(
			err, VNM_ERR_UNSUPPORTED, EOPNOTSUPP,
			"network '%s' cannot be started: the virtual functions of "
			"<pf dev='%s'/> are not looked up; list their devices instead, "
			"an <interface dev='...'/> for each (ls /sys/class/net/%s/device/"
			"virtfn*/net)",
			net->name, net->forward.pf.dev, net->forward.pf.dev);
	if (net->bridge.mac_table == VNM_MAC_TABLE_LIBVIRT)
		return infeasible(net, "macTableManager='libvirt'",
				  "needs a daemon that fills the bridge's table for each guest; "
				  "use macTableManager='kernel'", err);
	if (net->virtualport.at.present)
		return infeasible(net,
				  vnm_enum_name(&vnm_enum_virtualport_type, net->virtualport.type),
				  "ports need a switch that vnetmgr does not drive (Open vSwitch, "
				  "MidoNet, lldpad); leave <virtualport> out for a plain bridge",
				  err);
	if (net->vlan.at.present)
		return infeasible(net, "<vlan>",
				  "needs VLAN filtering, which vnetmgr does not set up; leave it "
				  "out, or use one bridge for each VLAN", err);
	return 0;
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

/* What the bridge is to take over must be known. */
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
 * vnm_plan_start() - decide what starting a network takes
 * @net:    a valid and complete definition: with bridge name and MAC where a bridge is made
 * @facts:  what was seen of the host
 * @places: where its dnsmasq keeps its files
 * @ret:    the plan; free with vnm_plan_clear()
 * @err:    VNM_ERR_UNSUPPORTED when dnsmasq is needed and not installed, VNM_ERR_XML_MEANING when a value has no
 *          place in dnsmasq's configuration
 *
 * Return: 0 or -errno.
 */
int vnm_plan_start(const struct vnm_network *net, const struct vnm_facts *facts,
		   const struct vnm_dnsmasq_paths *places, struct vnm_plan *ret,
		   struct vnm_error *err)
{
	vnm_autoplan struct vnm_plan plan = { 0 };
	int r = check_feasible(net, err);

	if (r == 0 && vnm_network_has_uplink(net))
		r = check_observed(net, facts, err);
	if (r == 0)
		r = check_allowed(net, facts, err);
	if (r < 0)
		return r;
	if (!vnm_network_makes_bridge(net)) {
		plan_devices(net, &plan);
		vnm_plan_host(net, facts, &plan);
		if (vnm_network_uses_bridge(net))
			vnm_plan_bandwidth(net, facts, &plan);
	} else if (vnm_network_has_uplink(net)) {
		plan_bridge(net, facts, &plan);
		vnm_plan_uplink_settings(net, facts, &plan);
		vnm_plan_frames(net, &vnm_facts_link(facts, net->uplink.dev)->mac, &plan);
		vnm_plan_zone(net, facts, &plan);
		vnm_plan_bandwidth(net, facts, &plan);
		vnm_plan_add(&plan, VNM_OP_LINK_UP)->link_up.dev = vnm_strdup(net->bridge.name);
		vnm_plan_uplink(net, facts, &plan);
	} else {
		plan_forwarding(net, facts, &plan);
		plan_bridge(net, facts, &plan);
		plan_sysctls(net, facts, &plan);
		plan_addresses(net, &plan);
		vnm_plan_firewall(net, facts, &plan);
		plan_localnet(net, &plan);
		vnm_plan_frames(net, &net->mac.address, &plan);
		vnm_plan_zone(net, facts, &plan);
		vnm_plan_bandwidth(net, facts, &plan);
		vnm_plan_add(&plan, VNM_OP_LINK_UP)->link_up.dev = vnm_strdup(net->bridge.name);
		plan_routes(net, &plan);
		r = plan_dnsmasq(net, facts, places, &plan, err);
		if (r < 0)
			return r;
		plan_nameserver(net, &plan);
	}
	*ret = plan;
	plan = (struct vnm_plan){ 0 };
	return 0;
}
