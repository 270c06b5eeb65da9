/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * validate_pool.c - the modes in which nothing is created: guests are connected to a bridge of the host, or directly
 * to its devices. Settings of a bridge of ours, or of services, would have no effect there.
 */
#include "model/validate_pool.h"

#include <errno.h>
#include <string.h>

#include "model/validate_device.h"
#include "model/vlan.h"
#include "util/mem.h"

static const char *mode_word(const struct vnm_check *check)
{
	return vnm_enum_name(&vnm_enum_forward_mode, vnm_network_mode(check->net));
}

static int refuse_elements(struct vnm_check *check)
{
	const struct vnm_network *net = check->net;
	const struct {
		const struct vnm_at *at;
		const char *name;
	} refused[] = {
		{ &net->mac.at, "mac" },
		{ net->n_ips ? &net->ips[0].at : NULL, "ip" },
		{ &net->dns.at, "dns" },
		{ &net->domain.at, "domain" },
		{ net->n_routes ? &net->routes[0].at : NULL, "route" },
		{ &net->dnsmasq_options.at, "dnsmasq:options" },
	};

	for (size_t i = 0; i < VNM_ARRAY_SIZE(refused); i++)
		if (refused[i].at && refused[i].at->present)
			return vnm_check_fail(check, refused[i].at,
					      "Unsupported <%s> element in network %s with forward "
					      "mode='%s'", refused[i].name, net->name,
					      mode_word(check));
	return 0;
}

/* The bridge, if there is one, is the host's, with its own settings. With an uplink it is ours. */
static int refuse_settings(struct vnm_check *check)
{
	const struct vnm_network *net = check->net;
	const struct vnm_bridge *bridge = &net->bridge;
	bool ours = vnm_network_has_uplink(net);

	if (net->mtu.at.present)
		return vnm_check_fail(check, &net->mtu.at,
				      "mtu size only allowed in open, route, nat, and isolated "
				      "mode, not in %s (network '%s')", mode_word(check),
				      net->name);
	if (!ours && (bridge->stp != VNM_SWITCH_ABSENT || bridge->zone ||
		      (bridge->delay.set && bridge->delay.v != 0)))
		return vnm_check_fail(check, &bridge->at,
				      "bridge delay/stp/zone options only allowed in open, route, "
				      "nat, and isolated mode, not in %s (network '%s')",
				      mode_word(check), net->name);
	return 0;
}

static int refuse_device(struct vnm_check *check)
{
	const struct vnm_network *net = check->net;
	const char *what = NULL;

	if (net->bridge.name && *net->bridge.name)
		what = "name";
	else if (net->bridge.mac_table != VNM_MAC_TABLE_ABSENT)
		what = "macTableManager";
	if (!what)
		return 0;
	return vnm_check_fail(check, &net->bridge.at,
			      "bridge %s setting not allowed in %s mode (network '%s')", what,
			      mode_word(check), net->name);
}

static int check_uplink_vlans(struct vnm_check *check)
{
	struct vnm_vlan_members members vnm_automembers = { 0 };
	const struct vnm_uplink *uplink = &check->net->uplink;

	if (uplink->vlans && vnm_vlan_list_parse(uplink->vlans, &members) < 0)
		return vnm_check_fail(
			check, &uplink->at,
			"'%.60s' in <vnm:uplink> of network '%s' is no list of VLANs, "
			"such as 42,100-199, each %d to %d",
			uplink->vlans, check->net->name, VNM_VLAN_FIRST, VNM_VLAN_LAST);
	return 0;
}

/* Checked first: the checks of the bridge or pool depend on it. */
static int check_uplink(struct vnm_check *check, bool pool)
{
	const struct vnm_network *net = check->net;
	const struct vnm_uplink *uplink = &net->uplink;

	if (pool)
		return vnm_check_fail(check, &uplink->at,
				      "network '%s' can have an uplink for its bridge or a pool of "
				      "devices for its guests, not both", net->name);
	if (net->bridge.name && !strcmp(net->bridge.name, uplink->dev))
		return vnm_check_fail(check, &uplink->at,
				      "the bridge of network '%s' takes over the addresses of '%s' "
				      "and needs another name",
				      net->name, uplink->dev);
	if (!vnm_ifname_valid(uplink->dev))
		return vnm_check_fail(check, &uplink->at,
				      "invalid device name '%.60s' in <vnm:uplink> of network "
				      "'%s'", uplink->dev, net->name);
	return check_uplink_vlans(check);
}

static int check_host_bridge(struct vnm_check *check)
{
	const struct vnm_network *net = check->net;
	bool pool = vnm_network_forward_dev(net) || net->forward.pf.at.present;

	if (vnm_network_has_uplink(net))
		return check_uplink(check, pool);
	if (vnm_network_uses_bridge(net) && pool)
		return vnm_check_fail(check, &net->forward.at,
				      "A network with forward mode='bridge' can specify a bridge "
				      "name or a forward dev, but not both (network '%s')",
				      net->name);
	if (!vnm_network_uses_bridge(net) && !pool)
		return vnm_check_fail(check, &net->forward.at,
				      "forward mode='bridge' needs the name of an existing bridge "
				      "of the host: <bridge name=.../>, or a device for macvtap: "
				      "<interface dev=.../> (network '%s')", net->name);
	return vnm_network_uses_bridge(net) ? 0 : refuse_device(check);
}

/* The three forms of device lists are exclusive; hostdev takes PCI addresses only, the others none. */
static int check_kinds(struct vnm_check *check)
{
	const struct vnm_network *net = check->net;
	const struct vnm_forward *forward = &net->forward;
	bool hostdev = vnm_network_mode(net) == VNM_FORWARD_HOSTDEV;
	bool named = forward->dev || forward->n_interfaces;

	if ((named != 0) + (forward->n_addresses > 0) + forward->pf.at.present > 1)
		return vnm_check_fail(check, &forward->at,
				      "<address>, <interface>, and <pf> elements of <forward> in "
				      "network %s are mutually exclusive", net->name);
	if (hostdev && named)
		return vnm_check_fail(check, &forward->at,
				      "hostdev network '%s' lists '%.60s' in the device pool, but "
				      "hostdev networks require all devices to be listed by PCI "
				      "address, not network device name", net->name,
				      vnm_network_forward_dev(net));
	if (!hostdev && forward->n_addresses)
		return vnm_check_fail(check, &forward->addresses[0].at,
				      "network '%s' has forward mode '%s' but lists a device by "
				      "PCI address in the device pool; this is only supported for "
				      "networks with forward mode 'hostdev'", net->name,
				      mode_word(check));
	if (!named && !forward->n_addresses && !forward->pf.at.present &&
	    !vnm_network_uses_bridge(net) && !vnm_network_has_uplink(net))
		vnm_check_warn(check, &forward->at,
			       "network '%s' has no device yet for its guests to sit on: name one "
			       "in <interface dev=.../>", net->name);
	return 0;
}

static int compare_pci(const void *a, const void *b)
{
	const struct vnm_pci_address *x = a, *y = b;
	const uint32_t left[] = { x->domain.v, x->bus.v, x->slot.v, x->function.v };
	const uint32_t right[] = { y->domain.v, y->bus.v, y->slot.v, y->function.v };

	for (size_t i = 0; i < VNM_ARRAY_SIZE(left); i++)
		if (left[i] != right[i])
			return left[i] < right[i] ? -1 : 1;
	return 0;
}

static bool same_pci(const void *a, const void *b)
{
	return compare_pci(a, b) == 0;
}

static int check_pci(struct vnm_check *check)
{
	static const struct vnm_clash_rule twice = { compare_pci, same_pci };
	const struct vnm_forward *forward = &check->net->forward;
	const struct vnm_pci_address *second;
	struct vnm_clash clash;

	if (!vnm_check_clash(forward->addresses, forward->n_addresses,
			     sizeof(*forward->addresses), &twice, &clash))
		return 0;
	second = clash.second;
	return vnm_check_fail(check, &second->at,
			      "PCI device '%04x:%02x:%02x.%x' can only be listed once in network "
			      "%s", second->domain.v, second->bus.v, second->slot.v,
			      second->function.v, check->net->name);
}

static int check_names(struct vnm_check *check)
{
	const struct vnm_forward *forward = &check->net->forward;
	int r = 0;

	if (forward->dev)
		r = vnm_check_device(check, &forward->at, forward->dev);
	if (r == 0 && forward->pf.at.present)
		r = vnm_check_device(check, &forward->pf.at, forward->pf.dev);
	for (size_t i = 0; r == 0 && i < forward->n_interfaces; i++)
		r = vnm_check_device(check, &forward->interfaces[i].at,
				     forward->interfaces[i].dev);
	return r;
}

/**
 * vnm_check_host_side() - vnm:host='yes': requires a device that the host and guests can share
 * @check: the validation
 *
 * Return: 0 or -EINVAL.
 */
int vnm_check_host_side(struct vnm_check *check)
{
	static const char *const why[VNM_FORWARD_COUNT] = {
		[VNM_FORWARD_PRIVATE] = "mode='private' keeps all that sit on a device "
					"from each other",
		[VNM_FORWARD_VEPA] = "with mode='vepa' it is the switch outside that "
				     "decides who reaches whom",
		[VNM_FORWARD_PASSTHROUGH] = "mode='passthrough' gives the whole device to one "
					    "guest",
		[VNM_FORWARD_HOSTDEV] = "mode='hostdev' gives the whole device to one guest",
	};
	const struct vnm_network *net = check->net;
	const char *reason = why[vnm_network_mode(net)];

	if (net->forward.host != VNM_TRI_YES)
		return 0;
	if (reason)
		return vnm_check_fail(check, &net->forward.at,
				      "network '%s' cannot have vnm:host='yes': %s; use "
				      "mode='bridge'", net->name, reason);
	if (!vnm_network_is_pool(net))
		return vnm_check_fail(check, &net->forward.at,
				      "network '%s' needs no vnm:host='yes': its guests are on a "
				      "bridge, and reach the host there", net->name);
	return 0;
}

/**
 * vnm_check_pool() - modes bridge, private, vepa, passthrough and hostdev
 * @check: the validation
 *
 * Return: 0 or -EINVAL.
 */
int vnm_check_pool(struct vnm_check *check)
{
	static int (*const checks[])(struct vnm_check *check) = {
		refuse_elements, refuse_settings,      check_kinds,
		check_pci,	 vnm_check_interfaces, check_names,
	};

	for (size_t i = 0; i < VNM_ARRAY_SIZE(checks); i++) {
		int r = checks[i](check);

		if (r < 0)
			return r;
	}
	if (vnm_network_mode(check->net) == VNM_FORWARD_BRIDGE)
		return check_host_bridge(check);
	return refuse_device(check);
}
