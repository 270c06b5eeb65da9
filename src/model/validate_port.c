/* SPDX-License-Identifier: GPL-2.0-or-later */
/* validate_port.c - settings of guests' ports: portgroups, VLAN tags, rates, virtualport parameters. */
#include "model/validate_port.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "model/vlan.h"

#define PROFILE_MAX 39 /* bytes; IEEE 802.1Qbh as implemented by lldpad and libvirt */
#define VLAN_TAGS_MAX 4096

/* libvirt's are the first three; it has no VLANs on bridges that it makes. */
static bool takes_vlan(const struct vnm_network *net)
{
	switch (vnm_network_mode(net)) {
	case VNM_FORWARD_BRIDGE:
	case VNM_FORWARD_PASSTHROUGH:
	case VNM_FORWARD_HOSTDEV: return true;
	case VNM_FORWARD_NONE:
	case VNM_FORWARD_NAT:
	case VNM_FORWARD_ROUTE:
	case VNM_FORWARD_OPEN: return true;
	case VNM_FORWARD_PRIVATE:
	case VNM_FORWARD_VEPA:
	case VNM_FORWARD_COUNT: break;
	}
	return false;
}

static int check_vlan(struct vnm_check *check, const struct vnm_vlan *vlan)
{
	size_t natives = 0;

	if (!vlan->at.present)
		return 0;
	if (vlan->n_tags == 0)
		return vnm_check_fail(check, &vlan->at,
				      "missing tag id - each <vlan> must have at least one <tag "
				      "id='n'/> subelement");
	/* There are no more VLAN IDs, and the schema check takes long for each. */
	if (vlan->n_tags > VLAN_TAGS_MAX)
		return vnm_check_fail(check, &vlan->at, "more than %d tags in <vlan>",
				      VLAN_TAGS_MAX);
	for (size_t i = 0; i < vlan->n_tags; i++)
		natives += vlan->tags[i].native != VNM_NATIVE_ABSENT;
	if (natives > 1)
		return vnm_check_fail(check, &vlan->at,
				      "duplicate native vlan setting: one tag only can be the "
				      "native one");
	if (natives && vlan->trunk == VNM_TRI_NO)
		return vnm_check_fail(check, &vlan->at,
				      "invalid configuration in <vlan> - \"trunk='no'\" is not "
				      "allowed with a native vlan id");
	if (vlan->n_tags > 1 && vlan->trunk == VNM_TRI_NO)
		return vnm_check_fail(check, &vlan->at,
				      "invalid \"trunk='no'\" in <vlan> - trunk='yes' is required "
				      "for more than one vlan tag");
	if (check->net->overlay.at.present)
		return vnm_check_fail(check, &vlan->at,
				      "network %s cannot have both <vlan> and <vnm:overlay>, which "
				      "carries frames without tags: use a network for each VLAN",
				      check->net->name);
	if (!takes_vlan(check->net))
		return vnm_check_fail(check, &vlan->at,
				      "<vlan> element specified for network %s, whose type "
				      "doesn't support vlan configuration",
				      check->net->name);
	return 0;
}

static int check_rate(struct vnm_check *check, const struct vnm_rate *rate, bool outbound)
{
	if (!rate->at.present)
		return 0;
	if (rate->floor.set && outbound)
		return vnm_check_fail(check, &rate->at,
				      "'floor' attribute allowed only in <inbound> element");
	if (rate->floor.set)
		return vnm_check_fail(check, &rate->at,
				      "floor attribute is not supported for this config: it is "
				      "for the ports of guests");
	if (!rate->average.set)
		return vnm_check_fail(check, &rate->at,
				      "Missing mandatory average or floor attributes");
	if (rate->peak.v > 0 && rate->peak.v < rate->average.v)
		return vnm_check_fail(check, &rate->at,
				      "a peak of %" PRIu64
				      " kilobytes a second is less than the average of %" PRIu64,
				      rate->peak.v, rate->average.v);
	return 0;
}

/* @group: its portgroup, or NULL. */
static int check_bandwidth(struct vnm_check *check, const struct vnm_bandwidth *bandwidth,
			   const struct vnm_portgroup *group)
{
	const struct vnm_network *net = check->net;
	const char *mode = vnm_enum_name(&vnm_enum_forward_mode, vnm_network_mode(net));
	int r;

	if (!bandwidth->at.present)
		return 0;
	r = check_rate(check, &bandwidth->inbound, false);
	if (r == 0)
		r = check_rate(check, &bandwidth->outbound, true);
	if (r < 0 || !vnm_network_is_pool(net))
		return r;
	if (group)
		return vnm_check_fail(check, &bandwidth->at,
				      "Unsupported <bandwidth> element in network '%s' in "
				      "portgroup '%s' with forward mode='%s'",
				      net->name, group->name, mode);
	return vnm_check_fail(check, &bandwidth->at,
			      "Unsupported network-wide <bandwidth> element in network %s with "
			      "forward mode='%s'",
			      net->name, mode);
}

enum parameter {
	MANAGERID,
	TYPEID,
	TYPEIDVERSION,
	INSTANCEID,
	INTERFACEID,
	PROFILEID,
	N_PARAMETERS
};

/* Which parameters belong to which type. */
static const unsigned parameters_of[VNM_VIRTUALPORT_COUNT] = {
	[VNM_VIRTUALPORT_ABSENT] = (1u << N_PARAMETERS) - 1,
	[VNM_VIRTUALPORT_8021QBG] =
		1u << MANAGERID | 1u << TYPEID | 1u << TYPEIDVERSION | 1u << INSTANCEID,
	[VNM_VIRTUALPORT_8021QBH] = 1u << PROFILEID,
	[VNM_VIRTUALPORT_OPENVSWITCH] = 1u << INTERFACEID | 1u << PROFILEID,
	[VNM_VIRTUALPORT_MIDONET] = 1u << INTERFACEID,
};

static int check_parameters(struct vnm_check *check, const struct vnm_virtualport *port)
{
	const struct vnm_virtualport_parameters *p = &port->parameters;
	const struct {
		const char *name;
		bool set;
	} given[N_PARAMETERS] = {
		[MANAGERID] = { "managerid", p->managerid.set },
		[TYPEID] = { "typeid", p->typeid.set },
		[TYPEIDVERSION] = { "typeidversion", p->typeidversion.set },
		[INSTANCEID] = { "instanceid", p->instanceid.set },
		[INTERFACEID] = { "interfaceid", p->interfaceid.set },
		[PROFILEID] = { "profileid", p->profileid != NULL },
	};

	for (size_t i = 0; i < N_PARAMETERS; i++)
		if (given[i].set && !(parameters_of[port->type] & 1u << i))
			return vnm_check_fail(
				check, &p->at, "extra %s unsupported in <virtualport type='%s'>",
				given[i].name,
				vnm_enum_name(&vnm_enum_virtualport_type, port->type));
	if (p->profileid && (!*p->profileid || strlen(p->profileid) > PROFILE_MAX))
		return vnm_check_fail(check, &p->at,
				      "profileid '%.60s' must have 1 to %d characters",
				      p->profileid, PROFILE_MAX);
	return 0;
}

static int check_virtualport(struct vnm_check *check, const struct vnm_virtualport *port,
			     bool needs_type)
{
	if (!port->at.present)
		return 0;
	if (needs_type && port->type == VNM_VIRTUALPORT_ABSENT)
		return vnm_check_fail(check, &port->at, "missing required virtualport type");
	if (port->type == VNM_VIRTUALPORT_MIDONET && !port->parameters.interfaceid.set)
		return vnm_check_fail(check, &port->at,
				      "missing required interfaceid in <virtualport "
				      "type='midonet'>");
	return check_parameters(check, port);
}

static int compare_groups(const void *a, const void *b)
{
	const struct vnm_portgroup *x = a, *y = b;

	return strcmp(x->name, y->name);
}

static bool same_group(const void *a, const void *b)
{
	return compare_groups(a, b) == 0;
}

static int check_group_names(struct vnm_check *check)
{
	static const struct vnm_clash_rule twice = { compare_groups, same_group };
	const struct vnm_network *net = check->net;
	const struct vnm_portgroup *first = NULL;
	struct vnm_clash clash;

	if (vnm_check_clash(net->portgroups, net->n_portgroups, sizeof(*net->portgroups), &twice,
			    &clash))
		return vnm_check_fail(check, &((const struct vnm_portgroup *)clash.second)->at,
				      "multiple <portgroup> elements with the same name (%s) in "
				      "network '%s'",
				      ((const struct vnm_portgroup *)clash.second)->name,
				      net->name);
	for (size_t i = 0; i < net->n_portgroups; i++) {
		const struct vnm_portgroup *group = &net->portgroups[i];

		if (group->is_default != VNM_TRI_YES)
			continue;
		if (first)
			return vnm_check_fail(check, &group->at,
					      "network '%s' has multiple default <portgroup> "
					      "elements (%s and %s), but only one default is "
					      "allowed",
					      net->name, first->name, group->name);
		first = group;
	}
	return 0;
}

static int check_group(struct vnm_check *check, const struct vnm_portgroup *group)
{
	int r;

	if (!*group->name)
		return vnm_check_fail(check, &group->at,
				      "Missing required name attribute in portgroup");
	r = check_vlan(check, &group->vlan);
	if (r == 0)
		r = check_virtualport(check, &group->virtualport, false);
	return r < 0 ? r : check_bandwidth(check, &group->bandwidth, group);
}

/* Else the host, its DHCP server and its router advertisements would be where no guest is. */
static int check_host_vlan(struct vnm_check *check)
{
	const struct vnm_network *net = check->net;

	if (net->n_ips == 0 || !vnm_network_filters_vlans(net) || vnm_network_host_vlan(net))
		return 0;
	return vnm_check_fail(
		check, &net->vlan.at,
		"the <ip> of network %s would be in no VLAN, as its <vlan> is a trunk "
		"without a native one, and the host is in one VLAN of a network: give one "
		"<tag> nativeMode='untagged', or give the trunk to a <portgroup>",
		net->name);
}

/**
 * vnm_check_ports() - the network's settings of guests' ports
 * @check: the validation
 *
 * Return: 0 or -EINVAL.
 */
int vnm_check_ports(struct vnm_check *check)
{
	const struct vnm_network *net = check->net;
	int r = check_vlan(check, &net->vlan);

	if (r == 0)
		r = check_host_vlan(check);
	if (r == 0)
		r = check_virtualport(check, &net->virtualport, true);
	if (r == 0)
		r = check_bandwidth(check, &net->bandwidth, NULL);
	for (size_t i = 0; r == 0 && i < net->n_portgroups; i++)
		r = check_group(check, &net->portgroups[i]);
	return r < 0 ? r : check_group_names(check);
}
