/* SPDX-License-Identifier: GPL-2.0-or-later */
/* op_print.c - operations for people: what is missing or failed, and what --dry-run shows. */
#include <sys/socket.h>

#include "plan/op/op.h"
#include "plan/op/op_print.h"

static const char *family_word(int family)
{
	return family == AF_INET6 ? "IPv6" : "IPv4";
}

static void describe_rule(const struct vnm_fwrule *rule, struct vnm_buf *out)
{
	vnm_buf_printf(out, "firewall rule (%s %s) ", rule->family == AF_INET6 ? "ipv6" : "ipv4",
		       vnm_enum_name(&vnm_enum_fw_table, (int)vnm_fw_chains[rule->chain].table));
	vnm_fwrule_format(rule, out);
}

static void add_prefix(const struct vnm_prefix *prefix, struct vnm_buf *out)
{
	char text[VNM_PREFIX_STRLEN];

	vnm_buf_add(out, vnm_prefix_format(prefix, text));
}

/**
 * vnm_op_describe() - name what an operation makes, in a few words for a message
 * @op:  the operation
 * @out: gets for example "bridge keenbr0" or "address 192.0.2.1/24 on keenbr0"
 */
void vnm_op_describe(const struct vnm_op *op, struct vnm_buf *out)
{
	char mac[VNM_MAC_STRLEN];

	switch (op->type) {
	case VNM_OP_REQUIRE_DEVICE:
		vnm_buf_printf(out, "%s %s", op->require_device.bridge ? "bridge" : "device",
			       op->require_device.name);
		break;
	case VNM_OP_BRIDGE: vnm_buf_printf(out, "bridge %s", op->bridge.name); break;
	case VNM_OP_SYSCTL:
		vnm_buf_printf(out, "setting %s=%s", op->sysctl.path, op->sysctl.value);
		break;
	case VNM_OP_ADDRESS:
		vnm_buf_add(out, "address ");
		add_prefix(&op->address.addr, out);
		vnm_buf_printf(out, " on %s", op->address.dev);
		break;
	case VNM_OP_RULE: describe_rule(&op->rule, out); break;
	case VNM_OP_BANDWIDTH:
		vnm_buf_printf(out, "%s bandwidth of %u kilobytes a second on %s",
			       op->bandwidth.shape == VNM_SHAPE_IN ? "inbound" : "outbound",
			       op->bandwidth.average, op->bandwidth.dev);
		break;
	case VNM_OP_FLOOR:
		vnm_buf_printf(out, "floor of %u kilobytes a second for %s on %s", op->floor.rate,
			       vnm_mac_format(&op->floor.mac, mac), op->floor.dev);
		break;
	case VNM_OP_ROUTE_LOCALNET:
		vnm_buf_printf(out, "loopback addresses routed on %s", op->route_localnet.dev);
		break;
	case VNM_OP_FRAMES: vnm_buf_printf(out, "frame filter of %s", op->frames.bridge); break;
	case VNM_OP_LINK_UP: vnm_buf_printf(out, "link %s up", op->link_up.dev); break;
	case VNM_OP_UPLINK:
		vnm_buf_printf(out, "uplink %s on %s", op->uplink.dev, op->uplink.bridge);
		break;
	case VNM_OP_ROUTE:
		vnm_buf_add(out, "route ");
		add_prefix(&op->route.dst, out);
		vnm_buf_printf(out, " on %s", op->route.dev);
		break;
	case VNM_OP_ACCEPT_RA:
		vnm_buf_add(out, "router advertisements while IPv6 is forwarded");
		break;
	case VNM_OP_FORWARDING:
		vnm_buf_printf(out, "%s forwarding", family_word(op->forwarding.family));
		break;
	case VNM_OP_FILE: vnm_buf_printf(out, "dnsmasq file %s", op->file.name); break;
	case VNM_OP_DNSMASQ: vnm_buf_add(out, "dnsmasq"); break;
	case VNM_OP_ZONE:
		vnm_buf_printf(out, "device %s in firewalld's zone %s", op->zone.dev,
			       op->zone.zone);
		break;
	case VNM_OP_NAMESERVER:
		vnm_buf_printf(out, "registration of domain %s with systemd-resolved",
			       op->nameserver.domain);
		break;
	case VNM_OP_NETNS:
	case VNM_OP_TAP:
	case VNM_OP_VETH:
	case VNM_OP_MACVLAN:
	case VNM_OP_BRIDGE_PORT:
	case VNM_OP_PROXY_NEIGHBOUR:
	case VNM_OP_DHCP:
	case VNM_OP_RESOLV:
	case VNM_OP_STATION: vnm_describe_guest(op, out); break;
	case VNM_OP_COUNT: break;
	}
}

static void print_bridge(const struct vnm_op_bridge *bridge, bool undo, struct vnm_buf *out)
{
	char mac[VNM_MAC_STRLEN];

	if (undo) {
		vnm_buf_printf(out, "ip link del %s\n", bridge->name);
		return;
	}
	vnm_buf_printf(out, "ip link add %s", bridge->name);
	if (bridge->mac.set)
		vnm_buf_printf(out, " address %s", vnm_mac_format(&bridge->mac, mac));
	if (bridge->mtu.set)
		vnm_buf_printf(out, " mtu %u", bridge->mtu.v);
	if (bridge->group)
		vnm_buf_printf(out, " group 0x%x", bridge->group);
	/* iproute2 takes the delay in hundredths of a second, as the kernel does. */
	vnm_buf_printf(out, " type bridge forward_delay %lu stp_state %d fdb_max_learned %d",
		       bridge->delay * 100ul, bridge->stp ? 1 : 0, VNM_BRIDGE_FDB_MAX);
	if (bridge->group_fwd.set)
		vnm_buf_printf(out, " group_fwd_mask 0x%x", bridge->group_fwd.v);
	vnm_buf_printf(out, "%s%s\n", bridge->unsnooped ? " mcast_snooping 0" : "",
		       bridge->querier ? " mcast_querier 1" : "");
}

static void print_address(const struct vnm_op_address *address, bool undo, struct vnm_buf *out)
{
	const struct vnm_prefix *addr = &address->addr;
	char peer[VNM_ADDR_STRLEN];

	vnm_buf_printf(out, "ip address %s ", undo ? "del" : "add");
	add_prefix(addr, out);
	if (address->peer.family != AF_UNSPEC)
		vnm_buf_printf(out, " peer %s", vnm_addr_format(&address->peer, peer));
	else if (!undo && addr->addr.family == AF_INET)
		vnm_buf_add(out, " broadcast +");
	vnm_buf_printf(out, " dev %s%s\n", address->dev,
		       !undo && addr->addr.family == AF_INET6 ? " nodad" : "");
}

/* "-A CHAIN ..." as the command that does it; what destroy does to it is the same with -D. */
static void print_rule(const struct vnm_fwrule *rule, bool undo, struct vnm_buf *out)
{
	enum vnm_fw_table table = vnm_fw_chains[rule->chain].table;
	vnm_autobuf struct vnm_buf text = { 0 };

	vnm_fwrule_format(rule, &text);
	vnm_buf_add(out, rule->family == AF_INET6 ? "ip6tables" : "iptables");
	if (table != VNM_FW_FILTER)
		vnm_buf_printf(out, " -t %s", vnm_enum_name(&vnm_enum_fw_table, (int)table));
	vnm_buf_printf(out, " %s%s\n", undo ? "-D" : "-A", vnm_buf_str(&text) + 2);
}

static void print_route(const struct vnm_op_route *route, bool undo, struct vnm_buf *out)
{
	char via[VNM_ADDR_STRLEN];

	vnm_buf_printf(out, "ip route %s ", undo ? "del" : "add");
	add_prefix(&route->dst, out);
	if (route->gateway.family != AF_UNSPEC)
		vnm_buf_printf(out, " via %s", vnm_addr_format(&route->gateway, via));
	vnm_buf_printf(out, " dev %s", route->dev);
	if (route->src.family != AF_UNSPEC)
		vnm_buf_printf(out, " src %s", vnm_addr_format(&route->src, via));
	if (route->metric)
		vnm_buf_printf(out, " metric %u", route->metric);
	vnm_buf_addc(out, '\n');
}

static void print_forwarding(int family, bool undo, struct vnm_buf *out)
{
	if (undo)
		vnm_buf_printf(
			out, "# %s forwarding: shared; goes with the last network that needs it\n",
			family_word(family));
	else
		vnm_buf_printf(out, "sysctl -w %s=1\n",
			       family == AF_INET6 ? "net.ipv6.conf.all.forwarding"
						  : "net.ipv4.ip_forward");
}

static void print_accept_ra(bool undo, struct vnm_buf *out)
{
	vnm_buf_add(out, undo ? "# accept_ra=2: shared; goes with IPv6 forwarding\n"
			      : "# accept_ra=2 where it is 1, on the devices of the host, and "
				"for new ones\n");
}

static void print_sysctl(const struct vnm_op_sysctl *sysctl, bool undo, struct vnm_buf *out)
{
	if (!undo)	/* it goes with the bridge */
		vnm_buf_printf(out, "sysctl -w %s=%s\n", sysctl->path, sysctl->value);
}

static void print_file(const struct vnm_op_file *file, bool undo, struct vnm_buf *out)
{
	if (undo) {
		vnm_buf_printf(out, "rm %s/%s\n", file->dir, file->name);
		return;
	}
	vnm_buf_printf(out, "write %s/%s\n", file->dir, file->name);
	for (const char *s = file->content; *s; ) {
		const char *end = s;

		while (*end && *end != '\n')
			end++;
		vnm_buf_printf(out, "    %.*s\n", (int)(end - s), s);
		s = *end ? end + 1 : end;
	}
}

static void print_dnsmasq(const struct vnm_op_dnsmasq *dnsmasq, bool undo, struct vnm_buf *out)
{
	if (undo)
		vnm_buf_printf(out, "stop %s --conf-file=%s/dnsmasq.conf\n", dnsmasq->program,
			       dnsmasq->dir);
	else
		vnm_buf_printf(out, "%s --keep-in-foreground --conf-file=%s/dnsmasq.conf &\n",
			       dnsmasq->program, dnsmasq->dir);
}

/* tc's kbps are 1000 bytes a second, its kb are 1024 bytes. */
static void print_htb(const struct vnm_op_bandwidth *op, const char *dev, struct vnm_buf *out)
{
	uint32_t ceil = op->peak ? op->peak : op->average;

	vnm_buf_printf(out, "tc qdisc add dev %s root handle %x: htb default 2\n", dev, op->mark);
	for (int id = 1; id <= 2; id++) {
		vnm_buf_printf(out, "tc class add dev %s parent %x:%s classid %x:%d htb", dev,
			       op->mark, id == 2 ? "1" : "", op->mark, id);
		vnm_buf_printf(out, " rate %ukbps ceil %ukbps",
			       id == 2 ? vnm_op_rest(op) : op->average, ceil);
		if (op->burst && id == 2)
			vnm_buf_printf(out, " burst %ukb", op->burst);
		vnm_buf_addc(out, '\n');
	}
	if (op->fair)
		vnm_buf_printf(out, "tc qdisc add dev %s parent %x:2 sfq perturb 10\n", dev,
			       op->mark);
}

static void print_ingress(const struct vnm_op_bandwidth *op, struct vnm_buf *out)
{
	vnm_buf_printf(out,
		       "tc qdisc add dev %s ingress\n"
		       "tc filter add dev %s parent ffff: protocol all prio %u u32 match u32 0 0 ",
		       op->dev, op->dev, op->mark);
	if (op->shape == VNM_SHAPE_OUT_IFB)
		vnm_buf_printf(out, "action mirred egress redirect dev %s\n", op->ifb);
	else
		vnm_buf_printf(out, "action police rate %ukbps burst %ukb mtu 64kb drop\n",
			       op->average, vnm_op_police_burst(op));
}

static void print_limit(const struct vnm_op_bandwidth *op, bool undo, struct vnm_buf *out)
{
	vnm_buf_printf(out,
		       undo ? "nft delete table netdev " VNM_LIMIT_TABLE "\n"
			    : "nft 'table netdev " VNM_LIMIT_TABLE " { chain in { ",
		       op->dev, op->mark);
	if (undo)
		return;
	vnm_buf_printf(out,
		       "type filter hook ingress device \"%s\" priority 0; limit rate over "
		       "%u000 bytes/second",
		       op->dev, op->average);
	if (op->burst)
		vnm_buf_printf(out, " burst %u kbytes", op->burst);
	vnm_buf_add(out, " drop; } }'\n");
}

static void print_bandwidth(const struct vnm_op_bandwidth *op, bool undo, struct vnm_buf *out)
{
	if (op->shape == VNM_SHAPE_OUT_NFT) {
		print_limit(op, undo, out);
		return;
	}
	if (undo) {
		vnm_buf_printf(out, "tc qdisc del dev %s %s\n", op->dev,
			       op->shape == VNM_SHAPE_IN ? "root" : "ingress");
		if (op->shape == VNM_SHAPE_OUT_IFB)
			vnm_buf_printf(out, "ip link del %s\n", op->ifb);
		return;
	}
	if (op->shape == VNM_SHAPE_IN) {
		print_htb(op, op->dev, out);
		return;
	}
	if (op->shape == VNM_SHAPE_OUT_IFB) {
		vnm_buf_printf(out, "ip link add %s up type ifb\n", op->ifb);
		print_htb(op, op->ifb, out);
	}
	print_ingress(op, out);
}

static void print_floor(const struct vnm_op_floor *op, bool undo, struct vnm_buf *out)
{
	const uint8_t *m = op->mac.b;

	if (undo) {
		vnm_buf_printf(out,
			       "tc filter del dev %s parent %x: prio %u\n"
			       "tc class del dev %s classid %x:%x\n",
			       op->dev, op->mark, op->class_id, op->dev, op->mark, op->class_id);
		return;
	}
	vnm_buf_printf(out,
		       "tc class add dev %s parent %x:1 classid %x:%x htb rate %ukbps "
		       "ceil %ukbps\n",
		       op->dev, op->mark, op->mark, op->class_id, op->rate, op->ceil);
	if (op->fair)
		vnm_buf_printf(out, "tc qdisc add dev %s parent %x:%x sfq perturb 10\n", op->dev,
			       op->mark, op->class_id);
	vnm_buf_printf(out,
		       "tc filter add dev %s parent %x: protocol all prio %u u32 "
		       "match u16 0x%02x%02x 0xffff at -14 match u32 0x%02x%02x%02x%02x 0xffffffff "
		       "at -12 flowid %x:%x\n",
		       op->dev, op->mark, op->class_id, m[0], m[1], m[2], m[3], m[4], m[5],
		       op->mark, op->class_id);
}

static size_t count_items(const char *list)
{
	size_t n = list && *list ? 1 : 0;

	for (; list && *list; list++)
		n += *list == ',';
	return n;
}

static void print_uplink(const struct vnm_op_uplink *uplink, bool undo, struct vnm_buf *out)
{
	const char *from = undo ? uplink->bridge : uplink->dev;
	const char *to = undo ? uplink->dev : uplink->bridge;

	vnm_buf_printf(out, "# addresses of %s to %s: %zu; routes: %zu; all at once with:\n",
		       from, to, count_items(uplink->addresses), count_items(uplink->routes));
	if (undo)
		vnm_buf_printf(out, "ip link set dev %s nomaster\n", uplink->dev);
	else
		vnm_buf_printf(out, "ip link set dev %s master %s\n", uplink->dev, uplink->bridge);
}

static const struct vnm_op_netns *netns_of(const struct vnm_op *op)
{
	static const struct vnm_op_netns here = { 0 };

	if (op->type == VNM_OP_SYSCTL)
		return &op->sysctl.ns;
	if (op->type == VNM_OP_ADDRESS)
		return &op->address.ns;
	if (op->type == VNM_OP_LINK_UP)
		return &op->link_up.ns;
	return op->type == VNM_OP_ROUTE ? &op->route.ns : &here;
}

static void print_nameserver(const struct vnm_op_nameserver *server, bool undo,
			     struct vnm_buf *out)
{
	char addr[VNM_ADDR_STRLEN];

	if (undo)
		vnm_buf_printf(out, "resolvectl revert %s\n", server->dev);
	else
		vnm_buf_printf(out, "resolvectl domain %s '~%s'\nresolvectl dns %s %s\n",
			       server->dev, server->domain, server->dev,
			       vnm_addr_format(&server->addr, addr));
}

static void print_element(const char *set, const char *element, bool undo, struct vnm_buf *out)
{
	vnm_buf_printf(out, "nft %s element bridge vnetmgr %s '{ %s }'\n",
		       undo ? "delete" : "add", set, element);
}

static void print_frames(const struct vnm_op_frames *frames, bool undo, struct vnm_buf *out)
{
	vnm_autobuf struct vnm_buf root = { 0 };
	char mac[VNM_MAC_STRLEN];

	vnm_mac_format(&frames->mac, mac);
	if (!frames->uplink) {
		print_element("bridges", mac, undo, out);
		if (frames->served)
			print_element("served", frames->bridge, undo, out);
		return;
	}
	vnm_buf_printf(&root, "%s . %s", frames->uplink, mac);
	print_element("uplinks", frames->uplink, undo, out);
	print_element("roots", root.data, undo, out);
}

static void print_station(const struct vnm_op_station *station, bool undo, struct vnm_buf *out)
{
	vnm_autobuf struct vnm_buf home = { 0 }, port = { 0 }, twice = { 0 };
	char mac[VNM_MAC_STRLEN];

	vnm_buf_printf(&twice, "%s . %s", station->dev, station->dev);
	if (!station->unserved)
		print_element("stations", station->dev, undo, out);
	if (!station->bridge || !station->mac.set)
		return;
	vnm_mac_format(&station->mac, mac);
	vnm_buf_printf(&home, "%s . %s", station->bridge, mac);
	vnm_buf_printf(&port, "%s . %s", station->dev, mac);
	if (station->hairpin)
		print_element("hairpins", twice.data, undo, out);
	if (!station->unserved)
		print_element("homes", home.data, undo, out);
	print_element("at_home", port.data, undo, out);
}

static void print_op(const struct vnm_op *op, bool undo, struct vnm_buf *out)
{
	if (netns_of(op)->path && undo)
		return; /* goes with the device */
	if (netns_of(op)->path)
		vnm_buf_printf(out, "nsenter --net=%s ", netns_of(op)->path);
	switch (op->type) {
	case VNM_OP_REQUIRE_DEVICE:
		if (!undo)
			vnm_buf_printf(out, "ip link show dev %s%s\n", op->require_device.name,
				       op->require_device.bridge ? " type bridge" : "");
		break;
	case VNM_OP_BRIDGE:
		print_bridge(&op->bridge, undo, out);
		break;
	case VNM_OP_SYSCTL:
		print_sysctl(&op->sysctl, undo, out);
		break;
	case VNM_OP_ADDRESS:
		print_address(&op->address, undo, out);
		break;
	case VNM_OP_RULE:
		print_rule(&op->rule, undo, out);
		break;
	case VNM_OP_BANDWIDTH:
		print_bandwidth(&op->bandwidth, undo, out);
		break;
	case VNM_OP_FLOOR: print_floor(&op->floor, undo, out); break;
	case VNM_OP_ROUTE_LOCALNET:
		vnm_buf_printf(out, "sysctl -w net/ipv4/conf/%s/route_localnet=%d\n",
			       op->route_localnet.dev, undo ? 0 : 1);
		break;
	case VNM_OP_FRAMES: print_frames(&op->frames, undo, out); break;
	case VNM_OP_STATION: print_station(&op->station, undo, out); break;
	case VNM_OP_LINK_UP:
		vnm_buf_printf(out, "ip link set dev %s %s\n", op->link_up.dev,
			       undo ? "down" : "up");
		break;
	case VNM_OP_UPLINK:
		print_uplink(&op->uplink, undo, out);
		break;
	case VNM_OP_ROUTE:
		print_route(&op->route, undo, out);
		break;
	case VNM_OP_ACCEPT_RA: print_accept_ra(undo, out); break;
	case VNM_OP_FORWARDING:
		print_forwarding(op->forwarding.family, undo, out);
		break;
	case VNM_OP_FILE:
		print_file(&op->file, undo, out);
		break;
	case VNM_OP_ZONE:
		vnm_buf_printf(out, "firewall-cmd --zone=%s --%s-interface=%s\n", op->zone.zone,
			       undo ? "remove" : "change", op->zone.dev);
		break;
	case VNM_OP_NAMESERVER:
		print_nameserver(&op->nameserver, undo, out);
		break;
	case VNM_OP_DNSMASQ:
		print_dnsmasq(&op->dnsmasq, undo, out);
		break;
	case VNM_OP_NETNS:
	case VNM_OP_TAP:
	case VNM_OP_VETH:
	case VNM_OP_MACVLAN:
	case VNM_OP_BRIDGE_PORT:
	case VNM_OP_PROXY_NEIGHBOUR:
	case VNM_OP_DHCP:
	case VNM_OP_RESOLV:
		vnm_print_guest(op, undo, out);
		break;
	case VNM_OP_COUNT:
		break;
	}
}

/**
 * vnm_plan_print() - show a plan in an administrator's words
 * @plan: the plan
 * @undo: show what stopping the network takes back, in that order
 * @out:  gets the lines: the commands that would do the same, where there are such
 */
void vnm_plan_print(const struct vnm_plan *plan, bool undo, struct vnm_buf *out)
{
	for (size_t i = 0; i < plan->n; i++)
		print_op(&plan->ops[undo ? plan->n - 1 - i : i], undo, out);
}
