/* SPDX-License-Identifier: GPL-2.0-or-later */
/* update_rows.c - the sections of net-update: which entry is meant, and the words when none is; see update_rows.h. */
#include "xml/update/update_rows.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "util/mem.h"

/** vnm_change_fail() - say why a change is refused; @fmt is a format of printf. Return: -EINVAL. */
int vnm_change_fail(const struct vnm_change *change, const char *fmt, ...)
{
	char text[VNM_ERROR_MAX];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return vnm_error_set(change->err, VNM_ERR_STATE, EINVAL,
			     "Requested operation is not valid: %s", text);
}

/** vnm_change_bad() - the same about what was given, whatever it is to be done with. Return: -EINVAL. */
int vnm_change_bad(const struct vnm_change *change, const char *fmt, ...)
{
	char text[VNM_ERROR_MAX];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return vnm_error_set(change->err, VNM_ERR_XML_MEANING, EINVAL, "%s", text);
}

/** vnm_change_same() - are both there, and equal? */
bool vnm_change_same(const char *a, const char *b)
{
	return a && b && !strcmp(a, b);
}

/** vnm_change_deletes() - is it about deleting? */
bool vnm_change_deletes(const struct vnm_change *change)
{
	return change->how == VNM_UPDATE_DELETE;
}

/* ---- <route> ---- */

static int route_list(const struct vnm_change *change, struct vnm_list *ret)
{
	ret->items = (void **)&change->net->routes;
	ret->n = &change->net->n_routes;
	return 0;
}

static bool route_matches(const struct vnm_change *change, const void *there, const void *given)
{
	const struct vnm_route *a = there, *b = given;
	const struct vnm_prefix x = vnm_route_prefix(a), y = vnm_route_prefix(b);

	if (!vnm_addr_equal(&x.addr, &y.addr))
		return false;
	if (vnm_change_deletes(change))
		return (!b->prefix.set && b->netmask.family == AF_UNSPEC) || x.len == y.len;
	return x.len == y.len && vnm_addr_equal(&a->gateway, &b->gateway);
}

static int route_exists(const struct vnm_change *change, const void *given)
{
	(void)given;
	return vnm_change_fail(change,
			       "there is an existing route entry in network '%s' to the "
			       "same destination by the same gateway",
			       change->net->name);
}

static int route_missing(const struct vnm_change *change, const void *given)
{
	(void)given;
	return vnm_change_fail(change, "couldn't find a matching route entry in network '%s'",
			       change->net->name);
}

/* ---- <forward> ---- */

/* One device may be named by the attribute alone; the list is what counts. */
static int interface_list(const struct vnm_change *change, struct vnm_list *ret)
{
	struct vnm_forward *forward = &change->net->forward;

	if (forward->dev && forward->n_interfaces == 0) {
		forward->interfaces =
			vnm_array_add(NULL, &forward->n_interfaces, sizeof(*forward->interfaces));
		forward->interfaces[0].at = forward->at;
		forward->interfaces[0].dev = vnm_strdup(forward->dev);
	}
	free(forward->dev);
	forward->dev = NULL;
	ret->items = (void **)&forward->interfaces;
	ret->n = &forward->n_interfaces;
	return 0;
}

static int interface_check(const struct vnm_change *change, void *given)
{
	if (((const struct vnm_forward_interface *)given)->dev)
		return 0;
	return vnm_change_fail(change,
			       "Missing required dev attribute in <forward> <interface> "
			       "element of network %s",
			       change->net->name);
}

static bool interface_matches(const struct vnm_change *change, const void *there, const void *given)
{
	const struct vnm_forward_interface *a = there, *b = given;

	(void)change;
	return vnm_change_same(a->dev, b->dev);
}

static int interface_exists(const struct vnm_change *change, const void *given)
{
	return vnm_change_fail(change,
			       "there is an existing interface entry in network '%s' that "
			       "matches \"<interface dev='%s'>\"",
			       change->net->name,
			       ((const struct vnm_forward_interface *)given)->dev);
}

static int interface_missing(const struct vnm_change *change, const void *given)
{
	return vnm_change_fail(change,
			       "couldn't find an interface entry in network '%s' matching "
			       "<interface dev='%s'>",
			       change->net->name,
			       ((const struct vnm_forward_interface *)given)->dev);
}

/* ---- <portgroup> ---- */

static int portgroup_list(const struct vnm_change *change, struct vnm_list *ret)
{
	ret->items = (void **)&change->net->portgroups;
	ret->n = &change->net->n_portgroups;
	return 0;
}

static int portgroup_check(const struct vnm_change *change, void *given)
{
	const struct vnm_portgroup *group = given;

	if (!group->name)
		return vnm_change_bad(change, "Missing required name attribute in portgroup");
	if (group->is_default != VNM_TRI_YES || vnm_change_deletes(change))
		return 0;
	for (size_t i = 0; i < change->net->n_portgroups; i++) {
		const struct vnm_portgroup *other = &change->net->portgroups[i];

		if (other->is_default == VNM_TRI_YES && strcmp(other->name, group->name) != 0)
			return vnm_change_fail(change,
					       "a different portgroup entry in network '%s' is "
					       "already set as the default. Only one default is "
					       "allowed.",
					       change->net->name);
	}
	return 0;
}

static bool portgroup_matches(const struct vnm_change *change, const void *there, const void *given)
{
	const struct vnm_portgroup *a = there, *b = given;

	(void)change;
	return vnm_change_same(a->name, b->name);
}

static int portgroup_exists(const struct vnm_change *change, const void *given)
{
	return vnm_change_fail(change,
			       "there is an existing portgroup entry in network '%s' that "
			       "matches \"<portgroup name='%s'>\"",
			       change->net->name, ((const struct vnm_portgroup *)given)->name);
}

static int portgroup_missing(const struct vnm_change *change, const void *given)
{
	return vnm_change_fail(change,
			       "couldn't find a portgroup entry in network '%s' matching "
			       "<portgroup name='%s'>",
			       change->net->name, ((const struct vnm_portgroup *)given)->name);
}

/* ---- elements that stand once ---- */

/* A bridge is known by its name: what is given without one means the one that is there. */
static int bridge_check(const struct vnm_change *change, void *given)
{
	struct vnm_bridge *bridge = given;

	if (!bridge->name && change->net->bridge.name)
		bridge->name = vnm_strdup(change->net->bridge.name);
	return 0;
}

#define ROW static const struct vnm_section_row
#define SINGLE(word, member, type, commands, ...)                                                 \
	{                                                                                         \
		.label = (word), .path = (word), .size = sizeof(struct type), .hows = (commands), \
		.offset = offsetof(struct vnm_network, member), ##__VA_ARGS__                     \
	}

ROW bridge_row = SINGLE("bridge", bridge, vnm_bridge, VNM_HOW_MODIFY, .check = bridge_check,
			.refusal = "the bridge of a network can only be modified");
ROW domain_row = SINGLE("domain", domain, vnm_domain, VNM_HOW_ALL);
ROW forward_row = SINGLE("forward", forward, vnm_forward, VNM_HOW_ALL);
ROW interface_row = VNM_LIST_ROW(
	interface, "forward interface", "forward/interface", vnm_forward_interface,
	VNM_HOW_ADD_DELETE, .check = interface_check,
	.refusal = "forward interface entries cannot be modified, only added or deleted");
ROW pf_row = { .label = "forward pf" };
ROW portgroup_row = VNM_LIST_ROW(portgroup, "portgroup", "portgroup", vnm_portgroup, VNM_HOW_ALL,
				 .check = portgroup_check);
ROW bandwidth_row = SINGLE("bandwidth", bandwidth, vnm_bandwidth, VNM_HOW_ALL);
ROW mtu_row = SINGLE("mtu", mtu, vnm_mtu, VNM_HOW_ALL);
ROW route_row = VNM_LIST_ROW(route, "route", "route", vnm_route, VNM_HOW_ADD_DELETE,
			     .refusal = "routes cannot be modified, only added or deleted");

const struct vnm_section_row *const vnm_section_rows[VNM_SECTION_COUNT] = {
	[VNM_SECTION_BRIDGE] = &bridge_row,
	[VNM_SECTION_DOMAIN] = &domain_row,
	[VNM_SECTION_IP] = &vnm_section_ip,
	[VNM_SECTION_IP_DHCP_HOST] = &vnm_section_dhcp_host,
	[VNM_SECTION_IP_DHCP_RANGE] = &vnm_section_dhcp_range,
	[VNM_SECTION_FORWARD] = &forward_row,
	[VNM_SECTION_FORWARD_INTERFACE] = &interface_row,
	[VNM_SECTION_FORWARD_PF] = &pf_row,
	[VNM_SECTION_PORTGROUP] = &portgroup_row,
	[VNM_SECTION_DNS_HOST] = &vnm_section_dns_host,
	[VNM_SECTION_DNS_TXT] = &vnm_section_dns_txt,
	[VNM_SECTION_DNS_SRV] = &vnm_section_dns_srv,
	[VNM_SECTION_DNS_FORWARDER] = &vnm_section_dns_forwarder,
	[VNM_SECTION_BANDWIDTH] = &bandwidth_row,
	[VNM_SECTION_MTU] = &mtu_row,
	[VNM_SECTION_ROUTE] = &route_row,
	[VNM_SECTION_PORT_FORWARD] = &vnm_section_port_forward,
	[VNM_SECTION_REDIRECT] = &vnm_section_redirect,
	[VNM_SECTION_SOURCE_NAT] = &vnm_section_source_nat,
	[VNM_SECTION_STATIC_NAT] = &vnm_section_static_nat,
	[VNM_SECTION_ALLOW] = &vnm_section_allow,
};
