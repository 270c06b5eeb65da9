/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_op.c - operations as text: what is written is read back, and nothing else is taken. */
#include "runner.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "plan/op/op.h"
#include "plan/op/op_parse.h"
#include "plan/op/op_print.h"
#include "plan/op/op_text.h"
#include "same_op.h"
#include "util/mem.h"

#define ROUNDS 3000
#define ANY (coin() ? AF_INET : AF_INET6)

const char vnm_suite[] = "op";

/* A generator of our own, so that a failure comes again: xorshift64. */
static uint64_t rng_state = 0x9e3779b97f4a7c15u;

static uint32_t rnd(uint32_t below)
{
	rng_state ^= rng_state << 13;
	rng_state ^= rng_state >> 7;
	rng_state ^= rng_state << 17;
	return (uint32_t)(rng_state >> 32) % below;
}

static bool coin(void)
{
	return rnd(2);
}

/* Any bytes but NUL, with those that mean something to the text form more often than others. */
static char *rnd_string(void)
{
	static const char special[] = " %=\n\t\r\"\\#%0A= \x7f\xff";
	size_t len = rnd(40);
	char *s = vnm_alloc(len + 1);

	for (size_t i = 0; i < len; i++)
		s[i] = coin() ? special[rnd(sizeof(special) - 1)] : (char)(1 + rnd(255));
	return s;
}

static char *rnd_string_or_null(void)
{
	return coin() ? rnd_string() : NULL;
}

static struct vnm_addr rnd_addr(int family)
{
	struct vnm_addr addr = { .family = family };

	for (unsigned i = 0; i < vnm_addr_bits(family) / 8; i++)
		addr.b[i] = coin() ? (uint8_t)rnd(256) : 0;
	return addr;
}

static struct vnm_prefix rnd_prefix(int family)
{
	return (struct vnm_prefix){ rnd_addr(family), rnd(vnm_addr_bits(family) + 1) };
}

static void rnd_ifname(char to[static VNM_IFNAME_SIZE])
{
	size_t len = rnd(VNM_IFNAME_SIZE);

	for (size_t i = 0; i < len; i++)
		to[i] = (char)(0x21 + rnd(0x5e));
	to[len] = '\0';
}

static struct vnm_fw_group rnd_group(void)
{
	if (coin())
		return (struct vnm_fw_group){ 0 };
	return (struct vnm_fw_group){ rnd(UINT32_MAX), 1 + rnd(UINT32_MAX - 1), coin() };
}

static void rnd_rule(struct vnm_fwrule *rule)
{
	bool *const flags[] = { &rule->src_invert, &rule->dst_invert, &rule->src_local,
				&rule->dst_local,  &rule->in_invert,  &rule->out_invert,
				&rule->bridged };
	int family = ANY;

	rule->family = family;
	rule->chain = (enum vnm_fw_chain)rnd(VNM_CHAIN_COUNT);
	if (coin())
		rule->src = rnd_prefix(family);
	if (coin())
		rule->dst = rnd_prefix(family);
	for (size_t i = 0; i < VNM_ARRAY_SIZE(flags); i++)
		*flags[i] = coin();
	rnd_ifname(rule->own);
	rnd_ifname(rule->in);
	rnd_ifname(rule->out);
	rule->src_group = rnd_group();
	rule->dst_group = rnd_group();
	rule->proto = (uint8_t)rnd(256);
	rule->icmp6 = (uint8_t)rnd(256);
	rule->sport = (uint16_t)rnd(65536);
	rule->dport = (uint16_t)rnd(65536);
	rule->dport_last = (uint16_t)rnd(65536);
	rule->chance = coin() ? 0 : rnd(UINT32_MAX);
	rule->state = (enum vnm_fw_state)rnd(VNM_STATE_COUNT);
	rule->target = (enum vnm_fw_target)rnd(VNM_TARGET_COUNT);
	rule->to_port_first = (uint16_t)rnd(65536);
	rule->to_port_last = (uint16_t)rnd(65536);
	rule->to_port_base = (uint16_t)rnd(65536);
	if (coin())
		rule->to_first = rule->to_last = rnd_addr(family);
}

static struct vnm_mac rnd_mac(void)
{
	struct vnm_mac mac = { .set = coin() };

	for (size_t i = 0; mac.set && i < sizeof(mac.b); i++)
		mac.b[i] = (uint8_t)rnd(256);
	return mac;
}

static void rnd_bridge(struct vnm_op_bridge *bridge)
{
	bridge->name = rnd_string();
	bridge->mac = rnd_mac();
	if (coin())
		bridge->mtu = (struct vnm_uint){ true, coin() ? 0 : rnd(UINT32_MAX) };
	bridge->stp = coin();
	bridge->peers = coin();
	bridge->filters_vlans = coin();
	bridge->vlan = (uint16_t)(coin() ? 0 : rnd(4094));
	bridge->delay = coin() ? 0 : rnd(UINT32_MAX);
	bridge->group = coin() ? 0 : rnd(UINT32_MAX);
	bridge->vrf = rnd_string_or_null();
}

static void rnd_routing_rule(struct vnm_op_routing_rule *rule)
{
	rule->family = ANY;
	rule->pref = rnd(UINT32_MAX);
	rule->table = rnd(UINT32_MAX);
	rule->mark = coin() ? 0 : rnd(UINT32_MAX);
	if (coin())
		rule->from = rnd_prefix(ANY);
	if (coin())
		rule->to = rnd_prefix(ANY);
	rule->in = rnd_string_or_null();
}

static void rnd_bandwidth(struct vnm_op_bandwidth *bandwidth)
{
	bandwidth->dev = rnd_string();
	bandwidth->shape = (enum vnm_shape)rnd(VNM_SHAPE_COUNT);
	bandwidth->handle = (uint16_t)(1 + rnd(65535));
	bandwidth->average = ((uint64_t)rnd(1 << 22) << 32) + 1 + rnd(UINT32_MAX - 1);
	bandwidth->peak = coin() ? 0 : rnd(UINT32_MAX);
	bandwidth->burst = coin() ? 0 : rnd(UINT32_MAX);
	bandwidth->reserved = coin() ? 0 : (uint64_t)rnd(UINT32_MAX) << 22;
	bandwidth->fair = coin();
	bandwidth->ifb = rnd_string_or_null();
	bandwidth->mac = rnd_mac();
}

static void rnd_floor(struct vnm_op_floor *floor)
{
	floor->dev = rnd_string();
	floor->handle = (uint16_t)(1 + rnd(65535));
	floor->class_id = (uint16_t)(1 + rnd(65535));
	floor->mac = rnd_mac();
	floor->mac.set = true;
	floor->rate = 1 + rnd(UINT32_MAX - 1);
	floor->ceil = 1 + rnd(UINT32_MAX - 1);
	floor->fair = coin();
}

static struct vnm_op_netns rnd_netns(void)
{
	struct vnm_op_netns ns = { .path = rnd_string_or_null() };

	ns.ino = ns.path ? rnd(UINT32_MAX) : 0;
	ns.cookie = ns.path && coin() ? (uint64_t)rnd(UINT32_MAX) << 32 | rnd(UINT32_MAX) : 0;
	return ns;
}

static void rnd_tap(struct vnm_op_tap *tap)
{
	*tap = (struct vnm_op_tap){ rnd_string(), rnd_mac(), .mtu = rnd(UINT16_MAX) };
	if (coin())
		tap->uid = (struct vnm_uint){ true, rnd(UINT32_MAX) };
	if (coin())
		tap->gid = (struct vnm_uint){ true, 0 };
	tap->group = coin() ? 0 : rnd(UINT32_MAX);
	tap->tun = coin();
	tap->multi_queue = coin();
	tap->vnet_hdr = coin();
}

static void rnd_macvlan(struct vnm_op_macvlan *macvlan)
{
	*macvlan = (struct vnm_op_macvlan){ .name = rnd_string(), .parent = rnd_string() };
	macvlan->mode = VNM_FORWARD_NAT + (int)rnd(VNM_FORWARD_COUNT - VNM_FORWARD_NAT);
	macvlan->mac = rnd_mac();
	macvlan->tap = coin();
	macvlan->ns = rnd_netns();
}

static void rnd_vxlan(struct vnm_op_vxlan *vxlan)
{
	*vxlan = (struct vnm_op_vxlan){ .name = rnd_string(), .link = rnd_string_or_null() };
	vxlan->vni = 1 + rnd(UINT16_MAX);
	vxlan->mtu = rnd(UINT16_MAX);
	vxlan->port = (uint16_t)(1 + rnd(UINT16_MAX - 1));
	vxlan->local = rnd_addr(ANY);
	vxlan->told = coin();
}

static void rnd_overlay_filter(struct vnm_op_overlay_filter *filter)
{
	*filter = (struct vnm_op_overlay_filter){ .dev = rnd_string(),
						  .peers = rnd_string(),
						  .gateways = rnd_string() };
	filter->vni = 1 + rnd(UINT16_MAX);
	filter->port = (uint16_t)(1 + rnd(UINT16_MAX - 1));
	filter->family = ANY;
	filter->mac = filter->own = rnd_mac();
	filter->mac.set = filter->own.set = true;
	filter->served = coin();
	filter->bgp = coin();
	filter->bfd = coin();
}

static void rnd_evpn(struct vnm_op_evpn *evpn)
{
	*evpn = (struct vnm_op_evpn){ .network = rnd_string(),
				      .password = rnd_string_or_null(),
				      .conf = rnd_string_or_null(),
				      .sockets = rnd_string_or_null() };
	evpn->asn = 1 + rnd(UINT16_MAX);
	evpn->index = rnd(UINT16_MAX);
	evpn->local = evpn->reflector = evpn->reflector2 = evpn->listen.addr = rnd_addr(ANY);
	evpn->listen.len = 24;
	evpn->bfd = coin();
}

static void rnd_op(enum vnm_op_type type, struct vnm_op *op)
{
	*op = (struct vnm_op){ .type = type };
	switch (type) {
	case VNM_OP_REQUIRE_DEVICE:
		op->require_device =
			(struct vnm_op_require_device){ rnd_string(), coin(), coin(), coin() };
		break;
	case VNM_OP_BRIDGE: rnd_bridge(&op->bridge); break;
	case VNM_OP_SYSCTL:
		op->sysctl = (struct vnm_op_sysctl){ rnd_string(), rnd_string(), rnd_netns() };
		break;
	case VNM_OP_ADDRESS:
		op->address.dev = rnd_string();
		op->address.addr = rnd_prefix(ANY);
		if (coin())
			op->address.peer = rnd_addr(op->address.addr.addr.family);
		op->address.ns = rnd_netns();
		break;
	case VNM_OP_RULE: rnd_rule(&op->rule); break;
	case VNM_OP_ZONE:
		op->zone = (struct vnm_op_zone){ rnd_string(), rnd_string(), rnd_string(),
						 rnd_mac(), coin() };
		break;
	case VNM_OP_NAMESERVER:
		op->nameserver = (struct vnm_op_nameserver){ rnd_string(), rnd_string(),
							     rnd_addr(ANY),
							     rnd_mac() };
		break;
	case VNM_OP_BANDWIDTH: rnd_bandwidth(&op->bandwidth); break;
	case VNM_OP_FLOOR: rnd_floor(&op->floor); break;
	case VNM_OP_ROUTE_LOCALNET: op->route_localnet.dev = rnd_string(); break;
	case VNM_OP_FRAMES:
		op->frames = (struct vnm_op_frames){ .bridge = rnd_string(),
						     .served = coin(),
						     .by_port = coin() };
		op->frames.uplink = coin() ? rnd_string() : NULL;
		op->frames.mac = rnd_mac();
		op->frames.mac.set = true;
		break;
	case VNM_OP_STATION:
		op->station = (struct vnm_op_station){ rnd_string(), rnd_string_or_null(),
						       rnd_mac(),    coin(),
						       coin(),	     coin() };
		break;
	case VNM_OP_LINK_UP:
		op->link_up = (struct vnm_op_link_up){ rnd_string(), rnd_netns() };
		break;
	case VNM_OP_VIRTUAL_FUNCTION:
		op->virtual_function = (struct vnm_op_virtual_function){
			rnd_string(), rnd_string(), { true, rnd(UINT16_MAX) }
		};
		op->virtual_function.mac = op->virtual_function.old_mac = rnd_mac();
		op->virtual_function.mac.set = op->virtual_function.old_mac.set = true;
		op->virtual_function.vlan = rnd(4095);
		op->virtual_function.old_vlan = rnd(4095);
		break;
	case VNM_OP_UPLINK:
		op->uplink = (struct vnm_op_uplink){ rnd_string(),	   rnd_string(),
						     rnd_string_or_null(), { true, { 2 } },
						     rnd(UINT32_MAX),	   coin(),
						     rnd_string_or_null(), rnd_string_or_null(),
						     rnd_string_or_null() };
		break;
	case VNM_OP_ROUTE:
		op->route.dev = rnd_string();
		op->route.dst = rnd_prefix(ANY);
		if (coin())
			op->route.gateway = rnd_addr(op->route.dst.addr.family);
		if (coin())
			op->route.src = rnd_addr(op->route.dst.addr.family);
		op->route.metric = coin() ? 0 : rnd(UINT32_MAX);
		op->route.table = coin() ? 0 : rnd(UINT32_MAX);
		op->route.ns = rnd_netns();
		break;
	case VNM_OP_ACCEPT_RA: break;
	case VNM_OP_FORWARDING: op->forwarding.family = ANY; break;
	case VNM_OP_FILE:
		op->file = (struct vnm_op_file){ rnd_string(), rnd_string(), rnd_string(),
						 coin() ? rnd_string() : NULL,
						 coin() ? rnd_string() : NULL, coin() };
		break;
	case VNM_OP_DNSMASQ:
		op->dnsmasq = (struct vnm_op_dnsmasq){ rnd_string(),
						       rnd_string(),
						       rnd_string_or_null(),
						       rnd_string_or_null(),
						       rnd_string_or_null(),
						       coin(),
						       coin() };
		break;
	case VNM_OP_TAP: rnd_tap(&op->tap); break;
	case VNM_OP_NETNS: op->netns = (struct vnm_op_netns){ rnd_string(), 7 }; break;
	case VNM_OP_VETH:
		op->veth = (struct vnm_op_veth){ rnd_string(),	  rnd_string(), rnd_mac(),
						 rnd(UINT16_MAX), coin(),	rnd_netns() };
		break;
	case VNM_OP_MACVLAN: rnd_macvlan(&op->macvlan); break;
	case VNM_OP_BRIDGE_PORT:
		op->bridge_port = (struct vnm_op_bridge_port){
			rnd_string(), rnd_string(),    rnd_string_or_null(),
			rnd_mac(),    rnd(UINT16_MAX), coin(),
			coin(),	      coin(),	       coin()
		};
		break;
	case VNM_OP_OVS_PORT:
		op->ovs_port = (struct vnm_op_ovs_port){ .dev = rnd_string(),
							 .bridge = rnd_string(),
							 .trunks = rnd_string_or_null(),
							 .interface = rnd_string(),
							 .profile = rnd_string_or_null(),
							 .mac = rnd_mac(),
							 .was_up = coin() };
		op->ovs_port.tag = (uint16_t)(coin() ? 0 : rnd(4094));
		op->ovs_port.native = (int)rnd(VNM_NATIVE_COUNT - 1);
		break;
	case VNM_OP_PROXY_NEIGHBOUR:
		op->proxy_neighbour =
			(struct vnm_op_proxy_neighbour){ rnd_string(), rnd_addr(ANY) };
		break;
	case VNM_OP_VRF: op->vrf = (struct vnm_op_vrf){ rnd_string(), rnd(UINT32_MAX) }; break;
	case VNM_OP_ROUTING_RULE: rnd_routing_rule(&op->routing_rule); break;
	case VNM_OP_CT_ZONE:
		op->ct_zone = (struct vnm_op_ct_zone){ rnd_string(),	rnd_string(),
						       rnd_string(),	(uint16_t)rnd(UINT16_MAX),
						       rnd(UINT32_MAX), rnd_string(),
						       rnd_string() };
		break;
	case VNM_OP_VXLAN: rnd_vxlan(&op->vxlan); break;
	case VNM_OP_OVERLAY_FILTER: rnd_overlay_filter(&op->overlay_filter); break;
	case VNM_OP_FLOOD: op->flood = (struct vnm_op_flood){ rnd_string(), rnd_addr(ANY) }; break;
	case VNM_OP_OVERLAY_PORT:
		op->overlay_port =
			(struct vnm_op_overlay_port){ rnd_string(), rnd_string(), coin(), coin() };
		break;
	case VNM_OP_EVPN: rnd_evpn(&op->evpn); break;
	case VNM_OP_DHCP:
		op->dhcp = (struct vnm_op_dhcp){ rnd_string(),
						 rnd_string(),
						 rnd_string(),
						 rnd_string(),
						 rnd_string_or_null(),
						 rnd_string_or_null(),
						 coin(),
						 coin(),
						 coin(),
						 rnd_netns() };
		break;
	case VNM_OP_RESOLV:
		op->resolv = (struct vnm_op_resolv){ rnd_string(), rnd_string() };
		break;
	case VNM_OP_COUNT: break;
	}
}

static void check_round_trip(const struct vnm_op *op)
{
	vnm_autobuf struct vnm_buf line = { 0 }, again = { 0 };
	struct vnm_op back = { 0 };
	struct vnm_error err = { 0 };

	vnm_op_format(op, &line);
	CU_ASSERT_PTR_NULL(strchr(vnm_buf_str(&line), '\n'));
	VNM_ASSERT_OK_FATAL(vnm_op_parse(vnm_buf_str(&line), &back, &err), err);
	vnm_op_format(&back, &again);
	VNM_ASSERT_STR_EQ(vnm_buf_str(&again), vnm_buf_str(&line));
	CU_ASSERT_TRUE(same_op(op, &back));
	vnm_op_clear(&back);
}

static void test_round_trip(void)
{
	for (int i = 0; i < ROUNDS; i++) {
		for (int type = 0; type < VNM_OP_COUNT; type++) {
			struct vnm_op op;

			rnd_op((enum vnm_op_type)type, &op);
			check_round_trip(&op);
			vnm_op_clear(&op);
		}
	}
}

/* A member that no field stands for is lost with the journal: it would be a gap between fields. */
static bool is_field_at(const struct vnm_op_kind *kind, size_t offset)
{
	for (const struct vnm_op_field *f = kind->fields; f->key; f++) {
		const size_t align = field_layouts[f->type].align;

		if ((offset + align - 1) / align * align == f->offset)
			return true;
	}
	return false;
}

static void check_fields(const struct vnm_op_kind *kind)
{
	size_t last = 0;

	for (const struct vnm_op_field *f = kind->fields; f->key; f++)
		last = f->offset > last ? f->offset : last;
	CU_ASSERT_TRUE(!kind->fields[0].key || is_field_at(kind, AT(bridge)));
	for (const struct vnm_op_field *f = kind->fields; f->key; f++) {
		const size_t end = f->offset + field_layouts[f->type].size;

		/* src_routed is of rules that no operation has: vnm_fw_early_returns(). */
		if (f->offset != last && !is_field_at(kind, end) &&
		    end != AT(rule.src_routed))
			VNM_ASSERT_STR_EQ(f->key, "followed by another field");
		CU_ASSERT_EQUAL(f->names != NULL, f->type == VNM_VALUE_ENUM);
	}
}

static const struct vnm_op_field *find_field(const struct vnm_op_kind *kind, size_t offset)
{
	for (const struct vnm_op_field *f = kind->fields; f->key; f++)
		if (f->offset == offset)
			return f;
	return NULL;
}

/* Either of the two, and each field that is named is there. */
static void check_words(const struct vnm_op_kind *kind, const struct vnm_op_words *words)
{
	CU_ASSERT_NOT_EQUAL_FATAL(words->text != NULL, words->print != NULL);
	for (const char *s = words->text; s && (s = strchr(s, '{')); s++) {
		const size_t len = strcspn(s + 1, "?}");

		CU_ASSERT_PTR_NOT_NULL_FATAL(vnm_op_field_find(kind, s + 1, len));
		CU_ASSERT_PTR_NOT_NULL_FATAL(strchr(s, '}'));
		CU_ASSERT_TRUE_FATAL(s[1 + len] != '?' || strcspn(s, ":") < strcspn(s, "}"));
	}
}

static void check_slots(const struct vnm_op_kind *kind)
{
	const struct vnm_op_field *device = find_field(kind, kind->device);
	const struct vnm_op_field *netns = find_field(kind, kind->netns);

	CU_ASSERT_PTR_NOT_NULL_FATAL(kind->name);
	check_words(kind, &kind->describe);
	check_words(kind, &kind->apply);
	check_words(kind, &kind->revert);
	CU_ASSERT_FALSE(kind->same && kind->flags & VNM_OPF_SINGLE);
	CU_ASSERT_TRUE(!kind->device || (device && device->type == VNM_VALUE_STRING));
	CU_ASSERT_TRUE(!kind->netns || (netns && !strcmp(netns->key, "netns")));
}

static void check_shown(const struct vnm_op *op)
{
	vnm_autobuf struct vnm_buf described = { 0 }, printed = { 0 };
	const struct vnm_op_kind *kind = vnm_op_kind(op->type);
	const struct vnm_plan plan = { (struct vnm_op *)op, 1 };

	vnm_op_describe(op, &described);
	vnm_plan_print(&plan, false, &printed);
	vnm_plan_print(&plan, true, &printed);
	CU_ASSERT_TRUE(described.len > 0 || op->type == VNM_OP_RESOLV);
	CU_ASSERT_TRUE(printed.len > 0 || op->type == VNM_OP_STATION);
	CU_ASSERT_TRUE(!kind->same || kind->same(op, op));
}

/* Every slot of every row. */
static void test_kinds(void)
{
	for (int type = 0; type < VNM_OP_COUNT; type++) {
		const struct vnm_op_kind *kind = vnm_op_kind((enum vnm_op_type)type);
		struct vnm_op op;

		CU_ASSERT_PTR_NOT_NULL_FATAL(kind);
		check_slots(kind);
		check_fields(kind);
		rnd_op((enum vnm_op_type)type, &op);
		check_shown(&op);
		vnm_op_clear(&op);
		for (int other = 0; other < type; other++)
			CU_ASSERT_STRING_NOT_EQUAL(kind->name,
						   vnm_op_type_name((enum vnm_op_type)other));
	}
}

/* Whatever a damaged line is, it is refused or it is an operation whose text is read back the same. */
static void test_damaged(void)
{
	int taken = 0, refused = 0;

	for (int i = 0; i < ROUNDS * VNM_OP_COUNT; i++) {
		vnm_autobuf struct vnm_buf line = { 0 };
		struct vnm_op op, back = { 0 };

		rnd_op((enum vnm_op_type)rnd(VNM_OP_COUNT), &op);
		vnm_op_format(&op, &line);
		line.data[rnd((uint32_t)line.len)] = (char)rnd(256);
		if (coin())
			line.data[rnd((uint32_t)line.len)] = " =%"[rnd(3)];
		if (vnm_op_parse(vnm_buf_str(&line), &back, NULL) == 0) {
			check_round_trip(&back);
			taken++;
		} else {
			refused++;
		}
		vnm_op_clear(&back);
		vnm_op_clear(&op);
	}
	CU_ASSERT_TRUE(taken > 100);
	CU_ASSERT_TRUE(refused > 100);
}

const struct vnm_test vnm_tests[] = {
	{ "round_trip", test_round_trip },
	{ "kinds", test_kinds },
	{ "damaged", test_damaged },
	{ 0 },
};
