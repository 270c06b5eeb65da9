/* SPDX-License-Identifier: GPL-2.0-or-later */
/* graph.c - net-graph: the facts of a picture of networks. */
#include "driver/graph.h"

#include <string.h>
#include <sys/socket.h>

#include "util/mem.h"

static enum vnm_graph_health health_of(const char *state)
{
	if (!strcmp(state, "active") || !strcmp(state, "attached"))
		return VNM_GRAPH_HEALTHY;
	return !strncmp(state, "degraded", strlen("degraded")) || !strcmp(state, "gone")
		       ? VNM_GRAPH_DEGRADED
		       : VNM_GRAPH_INACTIVE;
}

static void add_state(const struct vnm_info *info, struct vnm_graph_network *to)
{
	to->name = vnm_graph_text(info->name);
	to->state = vnm_strdup(vnm_info_state(info));
	to->health = health_of(to->state);
	to->bridge = info->bridge ? vnm_graph_text(info->bridge) : NULL;
	for (size_t i = 0; i < info->n_subnets; i++)
		vnm_graph_texts_add(&to->subnets, vnm_strdup(info->subnets[i]));
	for (size_t i = 0; i < info->n_missing; i++) {
		vnm_autofree char *missing = vnm_asprintf("missing %s", info->missing[i]);

		vnm_graph_texts_add(&to->faults, vnm_graph_text(missing));
	}
	for (size_t i = 0; i < info->n_faults; i++)
		vnm_graph_texts_add(&to->faults, vnm_graph_text(info->faults[i]));
}

/* A mode of forwarding, in the words of people and as ways. @host: the host has an address there, whatever the definition's <ip> */
struct kind {
	const char *word;
	enum vnm_graph_way outside;
	bool host;
};

static struct kind kind_of(const struct vnm_network *net)
{
	switch (vnm_network_mode(net)) {
	case VNM_FORWARD_NAT: return (struct kind){ "NAT", VNM_GRAPH_OUT, false };
	case VNM_FORWARD_ROUTE: return (struct kind){ "routed", VNM_GRAPH_BOTH, false };
	case VNM_FORWARD_OPEN: return (struct kind){ "open", VNM_GRAPH_OPEN, false };
	case VNM_FORWARD_BRIDGE:
		return (struct kind){ "bridged", VNM_GRAPH_BOTH, !vnm_network_is_pool(net) };
	case VNM_FORWARD_PRIVATE:
	case VNM_FORWARD_VEPA:
	case VNM_FORWARD_PASSTHROUGH:
	case VNM_FORWARD_HOSTDEV: return (struct kind){ "direct", VNM_GRAPH_BOTH, false };
	case VNM_FORWARD_NONE:
	case VNM_FORWARD_COUNT: break;
	}
	return (struct kind){ net->n_ips ? "host-only" : "internal", VNM_GRAPH_NONE, false };
}

static char *allow_text(const struct vnm_allow *allow)
{
	vnm_autobuf struct vnm_buf text = { 0 };
	const char *proto = vnm_enum_name(&vnm_enum_proto, (int)allow->proto);

	vnm_buf_printf(&text, "network %s", allow->network);
	if (proto)
		vnm_buf_printf(&text, " (%s", proto);
	if (proto && allow->port.first)
		vnm_buf_printf(&text, " %u", allow->port.first);
	if (proto && allow->port.last != allow->port.first)
		vnm_buf_printf(&text, "-%u", allow->port.last);
	vnm_buf_add(&text, proto ? ")" : "");
	return vnm_graph_text(vnm_buf_str(&text));
}

static void add_definition(const struct vnm_network *net, struct vnm_graph_network *to)
{
	struct kind kind = kind_of(net);
	const char *dev =
		vnm_network_has_uplink(net) ? net->uplink.dev : vnm_network_forward_dev(net);

	to->kind = vnm_strdup(kind.word);
	to->outside = kind.outside;
	to->host = kind.host || net->n_ips > 0 || vnm_network_has_host(net);
	to->device = dev ? vnm_graph_text(dev) : NULL;
	for (size_t i = 0; i < net->n_allows; i++)
		vnm_graph_texts_add(&to->allows, allow_text(&net->allows[i]));
}

static void add_address(struct vnm_buf *text, const struct vnm_addr *addr)
{
	char buf[VNM_ADDR_STRLEN];

	vnm_buf_printf(text, "%s%s", text->len ? ", " : "", vnm_addr_format(addr, buf));
}

/* Those that it was given, has by DHCP, or will get by its reservation. */
static char *addresses_of(const struct vnm_network *net, const struct vnm_attached *one)
{
	const struct vnm_dhcp_host *reserved = vnm_attach_reservation(net, &one->attach);
	vnm_autobuf struct vnm_buf text = { 0 };

	for (size_t i = 0; i < one->attach.n_ips; i++)
		add_address(&text, &one->attach.ips[i].address);
	if (one->leased.len)
		add_address(&text, &one->leased.addr);
	if (!text.len && reserved && reserved->ip.family)
		add_address(&text, &reserved->ip);
	return text.len ? vnm_buf_steal(&text) : NULL;
}

static void add_guest(const struct vnm_network *net, const struct vnm_attached *one,
		      struct vnm_graph_network *to)
{
	const struct vnm_attachment *attach = &one->attach;
	const char *name = attach->hostname	? attach->hostname
			   : attach->netns_name ? attach->netns_name
						: attach->dev;
	bool unplugged = to->health == VNM_GRAPH_HEALTHY && !strcmp(one->state, "unplugged");
	struct vnm_graph_guest guest = {
		.name = vnm_graph_text(name),
		.addresses = addresses_of(net, one),
		.state = vnm_graph_text(one->state),
		.netns = attach->netns ? vnm_strdup(attach->netns) : NULL,
		.routes = attach->router == VNM_TRI_YES,
		.health = unplugged ? VNM_GRAPH_DEGRADED : health_of(one->state),
	};

	to->guests = vnm_array_add(to->guests, &to->n_guests, sizeof(*to->guests));
	to->guests[to->n_guests - 1] = guest;
}

static void add_port(struct vnm_buf *text, const char *before, const struct vnm_port_range *port)
{
	if (port->first)
		vnm_buf_printf(text, "%s%u", before, port->first);
	if (port->first && port->last != port->first)
		vnm_buf_printf(text, "-%u", port->last);
}

static void add_forward(const struct vnm_forward_entry *entry, struct vnm_graph_network *to)
{
	vnm_autobuf struct vnm_buf from = { 0 }, target = { 0 };
	char addr[VNM_ADDR_STRLEN];
	struct vnm_graph_forward *forward;

	vnm_buf_add(&from, entry->proto);
	if (entry->address.family)
		vnm_buf_printf(&from, " %s", vnm_addr_format(&entry->address, addr));
	add_port(&from, entry->address.family ? " port " : " ", &entry->port);
	if (entry->dev)
		vnm_buf_printf(&from, " by %s", entry->dev);
	for (size_t i = 0; i < entry->n_to; i++) {
		const struct vnm_forward_to *one = &entry->to[i];
		bool bracket = one->address.family == AF_INET6 && one->port.first;

		vnm_buf_printf(&target, "%s%s%s%s", i ? ", " : "", bracket ? "[" : "",
			       vnm_addr_format(&one->address, addr), bracket ? "]" : "");
		add_port(&target, ":", &one->port);
	}
	to->forwards = vnm_array_add(to->forwards, &to->n_forwards, sizeof(*to->forwards));
	forward = &to->forwards[to->n_forwards - 1];
	forward->from = vnm_graph_text(vnm_buf_str(&from));
	forward->to = vnm_graph_text(vnm_buf_str(&target));
	forward->health = health_of(entry->state);
}

/**
 * vnm_graph_add() - add a network to a picture
 * @graph:    gets it
 * @overview: the network
 *
 * Return: what was added, until the next one is.
 */
const struct vnm_graph_network *vnm_graph_add(struct vnm_graph *graph,
					      const struct vnm_overview *overview)
{
	struct vnm_graph_network *to;

	graph->networks = vnm_array_add(graph->networks, &graph->n, sizeof(*graph->networks));
	to = &graph->networks[graph->n - 1];
	add_state(&overview->info, to);
	add_definition(&overview->net, to);
	for (size_t i = 0; i < overview->n_guests; i++)
		add_guest(&overview->net, &overview->guests[i], to);
	for (size_t i = 0; i < overview->n_forwards; i++)
		add_forward(&overview->forwards[i], to);
	return to;
}
