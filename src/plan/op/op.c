/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * op.c - operations: one table of fields for each kind, from which its text, its reading and its clearing follow.
 *
 * The text form is "word key=value ...": values have everything percent-encoded that is not a visible ASCII
 * character, and '%' and '=' too, so a blank always ends a field and a line always ends an operation. Fields
 * that are absent (NULL, 0, no address) are left out. Reading takes exactly what writing makes, in any order
 * of the keys: this is how a damaged journal is told from a good one.
 */
#include "plan/op/op.h"

#include <assert.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "plan/op/op_fields.h"
#include "util/mem.h"

#define AT(member) offsetof(struct vnm_op, member)
#define OPT(key, kind, member) { key, VNM_FIELD_##kind, AT(member), false, NULL }
#define REQ(key, kind, member) { key, VNM_FIELD_##kind, AT(member), true, NULL }
#define NETNS(member) OPT("netns", STRING, member.path), OPT("netns-ino", U32, member.ino)
#define OPT_ENUM(key, member, words) { key, VNM_FIELD_ENUM, AT(member), false, words }
#define REQ_ENUM(key, member, words) { key, VNM_FIELD_ENUM, AT(member), true, words }

static const char *const shape_words[] = {
	[VNM_SHAPE_IN] = "in",
	[VNM_SHAPE_OUT_POLICE] = "out-police",
	[VNM_SHAPE_OUT_NFT] = "out-nft",
	[VNM_SHAPE_OUT_IFB] = "out-ifb",
};
static_assert(VNM_ARRAY_SIZE(shape_words) == VNM_SHAPE_COUNT, "one word per shape");
const struct vnm_enum vnm_enum_shape = { shape_words, VNM_SHAPE_COUNT };

/* VNM_FIELD_ENUM is read and written as an int. */
static_assert(sizeof(enum vnm_fw_chain) == sizeof(int), "a chain is an int");
static_assert(sizeof(enum vnm_fw_state) == sizeof(int), "a state is an int");
static_assert(sizeof(enum vnm_fw_target) == sizeof(int), "a target is an int");
static_assert(sizeof(enum vnm_shape) == sizeof(int), "a shape is an int");

const struct vnm_op_kind vnm_op_kinds[VNM_OP_COUNT] = {
	[VNM_OP_REQUIRE_DEVICE] = { "use-device",
				    {
					    REQ("name", STRING, require_device.name),
					    OPT("bridge", BOOL, require_device.bridge),
				    } },
	[VNM_OP_BRIDGE] = { "bridge",
			    {
				    REQ("name", STRING, bridge.name),
				    OPT("mac", MAC, bridge.mac),
				    OPT("mtu", UINT, bridge.mtu),
				    OPT("stp", BOOL, bridge.stp),
				    OPT("delay", U32, bridge.delay),
				    OPT("group", U32, bridge.group),
				    OPT("peers", BOOL, bridge.peers),
				    OPT("group-fwd", UINT, bridge.group_fwd),
				    OPT("unsnooped", BOOL, bridge.unsnooped),
				    OPT("querier", BOOL, bridge.querier),
			    } },
	[VNM_OP_NETNS] = { "netns",
			   {
				   REQ("path", STRING, netns.path),
				   REQ("ino", U32, netns.ino),
			   } },
	[VNM_OP_TAP] = { "tap",
			 {
				 REQ("name", STRING, tap.name),
				 OPT("mac", MAC, tap.mac),
				 OPT("uid", UINT, tap.uid),
				 OPT("gid", UINT, tap.gid),
				 OPT("group", U32, tap.group),
				 OPT("mtu", U32, tap.mtu),
				 OPT("tun", BOOL, tap.tun),
				 OPT("multi-queue", BOOL, tap.multi_queue),
				 OPT("vnet-hdr", BOOL, tap.vnet_hdr),
			 } },
	[VNM_OP_VETH] = { "veth",
			  {
				  REQ("name", STRING, veth.name),
				  REQ("peer", STRING, veth.peer),
				  OPT("mac", MAC, veth.mac),
				  OPT("mtu", U32, veth.mtu),
				  OPT("told-mtu", BOOL, veth.told_mtu),
				  NETNS(veth.ns),
			  } },
	[VNM_OP_MACVLAN] = { "macvlan",
			     {
				     REQ("name", STRING, macvlan.name),
				     REQ("parent", STRING, macvlan.parent),
				     REQ_ENUM("mode", macvlan.mode, &vnm_enum_forward_mode),
				     OPT("mac", MAC, macvlan.mac),
				     OPT("uid", UINT, macvlan.uid),
				     OPT("gid", UINT, macvlan.gid),
				     OPT("tap", BOOL, macvlan.tap),
				     NETNS(macvlan.ns),
			     } },
	[VNM_OP_BRIDGE_PORT] = { "plug",
				 {
					 REQ("dev", STRING, bridge_port.dev),
					 REQ("bridge", STRING, bridge_port.bridge),
					 OPT("isolated", BOOL, bridge_port.isolated),
					 OPT("root-block", BOOL, bridge_port.root_block),
					 OPT("hairpin", BOOL, bridge_port.hairpin),
					 OPT("was-up", BOOL, bridge_port.was_up),
					 OPT("keep-mtu", U32, bridge_port.keep_mtu),
				 } },
	[VNM_OP_PROXY_NEIGHBOUR] = { "proxy",
				     {
					     REQ("dev", STRING, proxy_neighbour.dev),
					     REQ("addr", ADDR, proxy_neighbour.addr),
				     } },
	[VNM_OP_RESOLV] = { "resolv",
			    {
				    REQ("path", STRING, resolv.path),
				    REQ("content", STRING, resolv.content),
			    } },
	[VNM_OP_DHCP] = { "dhcp",
			  {
				  REQ("dir", STRING, dhcp.dir),
				  REQ("name", STRING, dhcp.name),
				  REQ("program", STRING, dhcp.program),
				  REQ("dev", STRING, dhcp.dev),
				  OPT("hostname", STRING, dhcp.hostname),
				  OPT("resolv", STRING, dhcp.resolv),
				  OPT("gateway", BOOL, dhcp.gateway),
				  NETNS(dhcp.ns),
			  } },
	[VNM_OP_SYSCTL] = { "sysctl",
			    {
				    REQ("path", STRING, sysctl.path),
				    REQ("value", STRING, sysctl.value),
				    NETNS(sysctl.ns),
			    } },
	[VNM_OP_ADDRESS] = { "address",
			     {
				     REQ("dev", STRING, address.dev),
				     REQ("addr", PREFIX, address.addr),
				     OPT("peer", ADDR, address.peer),
				     NETNS(address.ns),
			     } },
	[VNM_OP_RULE] = { "rule",
			  {
				  REQ("family", FAMILY, rule.family),
				  REQ_ENUM("chain", rule.chain, &vnm_enum_fw_chain),
				  OPT("src", PREFIX, rule.src),
				  OPT("dst", PREFIX, rule.dst),
				  OPT("src-invert", BOOL, rule.src_invert),
				  OPT("dst-invert", BOOL, rule.dst_invert),
				  OPT("dst-local", BOOL, rule.dst_local),
				  OPT("src-local", BOOL, rule.src_local),
				  OPT("in", IFNAME, rule.in),
				  OPT("in-invert", BOOL, rule.in_invert),
				  OPT("bridged", BOOL, rule.bridged),
				  OPT("out", IFNAME, rule.out),
				  OPT("out-invert", BOOL, rule.out_invert),
				  OPT("src-group", GROUP, rule.src_group),
				  OPT("dst-group", GROUP, rule.dst_group),
				  OPT("proto", U8, rule.proto),
				  OPT("icmp6", U8, rule.icmp6),
				  OPT("sport", U16, rule.sport),
				  OPT("dport", U16, rule.dport),
				  OPT("dport-last", U16, rule.dport_last),
				  OPT("chance", U32, rule.chance),
				  OPT_ENUM("state", rule.state, &vnm_enum_fw_state),
				  REQ_ENUM("target", rule.target, &vnm_enum_fw_target),
				  OPT("to-port-first", U16, rule.to_port_first),
				  OPT("to-port-last", U16, rule.to_port_last),
				  OPT("to-port-base", U16, rule.to_port_base),
				  OPT("to-first", ADDR, rule.to_first),
				  OPT("to-last", ADDR, rule.to_last),
			  } },
	[VNM_OP_ZONE] = { "zone",
			  {
				  REQ("dev", STRING, zone.dev),
				  REQ("zone", STRING, zone.zone),
				  REQ("network", STRING, zone.network),
				  OPT("mac", MAC, zone.mac),
				  OPT("default", BOOL, zone.by_default),
			  } },
	[VNM_OP_NAMESERVER] = { "nameserver",
				{
					REQ("dev", STRING, nameserver.dev),
					REQ("domain", STRING, nameserver.domain),
					REQ("addr", ADDR, nameserver.addr),
					OPT("mac", MAC, nameserver.mac),
				} },
	[VNM_OP_BANDWIDTH] = { "bandwidth",
			       {
				       REQ("dev", STRING, bandwidth.dev),
				       REQ_ENUM("shape", bandwidth.shape, &vnm_enum_shape),
				       REQ("mark", U16, bandwidth.mark),
				       REQ("average", U32, bandwidth.average),
				       OPT("peak", U32, bandwidth.peak),
				       OPT("burst", U32, bandwidth.burst),
				       OPT("reserved", U32, bandwidth.reserved),
				       OPT("fair", BOOL, bandwidth.fair),
				       OPT("ifb", STRING, bandwidth.ifb),
				       OPT("mac", MAC, bandwidth.mac),
			       } },
	[VNM_OP_FLOOR] = { "floor",
			   {
				   REQ("dev", STRING, floor.dev),
				   REQ("mark", U16, floor.mark),
				   REQ("class", U16, floor.class_id),
				   REQ("mac", MAC, floor.mac),
				   REQ("rate", U32, floor.rate),
				   REQ("ceil", U32, floor.ceil),
				   OPT("fair", BOOL, floor.fair),
			   } },
	[VNM_OP_LINK_UP] = { "link-up",
			     {
				     REQ("dev", STRING, link_up.dev),
				     NETNS(link_up.ns),
			     } },
	[VNM_OP_UPLINK] = { "uplink",
			    {
				    REQ("bridge", STRING, uplink.bridge),
				    REQ("dev", STRING, uplink.dev),
				    REQ("mac", MAC, uplink.mac),
				    OPT("since", U32, uplink.since),
				    OPT("global", BOOL, uplink.global),
				    OPT("addresses", STRING, uplink.addresses),
				    OPT("routes", STRING, uplink.routes),
				    OPT("neighbours", STRING, uplink.neighbours),
			    } },
	[VNM_OP_ROUTE_LOCALNET] = { "localnet",
				    {
					    REQ("dev", STRING, route_localnet.dev),
				    } },
	[VNM_OP_FRAMES] = { "frames",
			    {
				    REQ("bridge", STRING, frames.bridge),
				    REQ("mac", MAC, frames.mac),
				    OPT("uplink", STRING, frames.uplink),
				    OPT("served", BOOL, frames.served),
			    } },
	[VNM_OP_STATION] = { "station",
			     {
				     REQ("dev", STRING, station.dev),
				     OPT("bridge", STRING, station.bridge),
				     OPT("mac", MAC, station.mac),
				     OPT("unserved", BOOL, station.unserved),
				     OPT("hairpin", BOOL, station.hairpin),
			     } },
	[VNM_OP_ROUTE] = { "route",
			   {
				   REQ("dev", STRING, route.dev),
				   REQ("dst", PREFIX, route.dst),
				   OPT("gateway", ADDR, route.gateway),
				   OPT("src", ADDR, route.src),
				   OPT("metric", U32, route.metric),
				   NETNS(route.ns),
			   } },
	[VNM_OP_ACCEPT_RA] = { "accept-ra", { { 0 } } },
	[VNM_OP_FORWARDING] = { "forwarding",
				{
					REQ("family", FAMILY, forwarding.family),
				} },
	[VNM_OP_FILE] = { "file",
			  {
				  REQ("dir", STRING, file.dir),
				  REQ("name", STRING, file.name),
				  REQ("content", STRING, file.content),
				  OPT("shared", BOOL, file.shared),
				  OPT("owner", STRING, file.owner),
				  OPT("group", STRING, file.group),
			  } },
	[VNM_OP_DNSMASQ] = { "dnsmasq",
			     {
				     REQ("dir", STRING, dnsmasq.dir),
				     REQ("program", STRING, dnsmasq.program),
				     OPT("lease-file", STRING, dnsmasq.lease_file),
				     OPT("single-uid", BOOL, dnsmasq.single_uid),
			     } },
};
static_assert(VNM_OP_COUNT == 27, "a new kind of operation needs a row in the table above");

/**
 * vnm_op_type_name() - the word of a kind of operation
 * @type: the kind
 *
 * Return: the word its text begins with.
 */
const char *vnm_op_type_name(enum vnm_op_type type)
{
	return vnm_op_kinds[type].word;
}

/**
 * vnm_op_clear() - free what an operation holds
 * @op: becomes all zero
 */
void vnm_op_clear(struct vnm_op *op)
{
	for (const struct vnm_op_field *f = vnm_op_kinds[op->type].fields; f->key; f++)
		if (f->kind == VNM_FIELD_STRING)
			free(*(char **)((char *)op + f->offset));
	*op = (struct vnm_op){ 0 };
}

/* Writing */

static bool number_of(const struct vnm_op_field *f, const void *at, uint32_t *ret)
{
	*ret = f->kind == VNM_FIELD_U8 ? *(const uint8_t *)at :
	       f->kind == VNM_FIELD_U16 ? *(const uint16_t *)at : *(const uint32_t *)at;
	return *ret != 0;
}

/* The text of a field, unencoded. Return: false when it is absent. */
static bool field_text(const struct vnm_op_field *f, const void *at, struct vnm_buf *out)
{
	char prefix[VNM_PREFIX_STRLEN], addr[VNM_ADDR_STRLEN], mac[VNM_MAC_STRLEN];
	const struct vnm_fw_group *group = at;
	const char *string = NULL;
	uint32_t number;

	switch (f->kind) {
	case VNM_FIELD_STRING:
		string = *(char *const *)at;
		break;
	case VNM_FIELD_IFNAME:
		string = *(const char *)at ? at : NULL;
		break;
	case VNM_FIELD_BOOL:
		string = *(const bool *)at ? "yes" : NULL;
		break;
	case VNM_FIELD_U8:
	case VNM_FIELD_U16:
	case VNM_FIELD_U32:
		if (number_of(f, at, &number))
			vnm_buf_printf(out, "%u", number);
		break;
	case VNM_FIELD_UINT:
		if (((const struct vnm_uint *)at)->set)
			vnm_buf_printf(out, "%u", ((const struct vnm_uint *)at)->v);
		break;
	case VNM_FIELD_MAC:
		vnm_buf_add(out, vnm_mac_format(at, mac));
		break;
	case VNM_FIELD_ADDR:
		if (((const struct vnm_addr *)at)->family != AF_UNSPEC)
			string = vnm_addr_format(at, addr);
		break;
	case VNM_FIELD_PREFIX:
		if (((const struct vnm_prefix *)at)->addr.family != AF_UNSPEC)
			string = vnm_prefix_format(at, prefix);
		break;
	case VNM_FIELD_GROUP:
		if (group->mask)
			vnm_buf_printf(out, "%s0x%x/0x%x", group->invert ? "!" : "", group->value,
				       group->mask);
		break;
	case VNM_FIELD_FAMILY:
		string = *(const int *)at == AF_INET6 ? "ipv6" : "ipv4";
		break;
	case VNM_FIELD_ENUM:
		if (f->required || *(const int *)at != 0)
			string = vnm_enum_name(f->words, *(const int *)at);
		break;
	case VNM_FIELD_KIND_COUNT:
		break;
	}
	if (string)
		vnm_buf_add(out, string);
	return string || out->len > 0;
}

/* Whole stretches at a time: the value may be a file of thousands of lines. */
static void encode(struct vnm_buf *out, const char *s)
{
	static const char digits[] = "0123456789ABCDEF";

	while (*s) {
		const char *start = s;

		while (*s && vnm_op_plain_char(*s))
			s++;
		vnm_buf_addn(out, start, (size_t)(s - start));
		if (*s) {
			const unsigned char c = (unsigned char)*s++;

			vnm_buf_addn(out, (char[]){ '%', digits[c >> 4], digits[c & 15] }, 3);
		}
	}
}

/**
 * vnm_op_format() - write an operation as one line
 * @op:  the operation
 * @out: gets the line, without a newline
 */
void vnm_op_format(const struct vnm_op *op, struct vnm_buf *out)
{
	vnm_buf_add(out, vnm_op_kinds[op->type].word);
	for (const struct vnm_op_field *f = vnm_op_kinds[op->type].fields; f->key; f++) {
		vnm_autobuf struct vnm_buf value = { 0 };

		if (!field_text(f, (const char *)op + f->offset, &value))
			continue;
		vnm_buf_printf(out, " %s=", f->key);
		encode(out, vnm_buf_str(&value));
	}
}

/**
 * vnm_plan_add() - append an operation to a plan
 * @plan: the plan
 * @type: the operation's kind
 *
 * Return: the operation, all zero but for its kind; valid until the next one is added.
 */
struct vnm_op *vnm_plan_add(struct vnm_plan *plan, enum vnm_op_type type)
{
	struct vnm_op *op;

	plan->ops = vnm_array_add(plan->ops, &plan->n, sizeof(*plan->ops));
	op = &plan->ops[plan->n - 1];
	*op = (struct vnm_op){ .type = type };
	return op;
}

/** vnm_plan_find() - the first operation of a kind, of which many plans have one. Return: it; NULL: there is none. */
const struct vnm_op *vnm_plan_find(const struct vnm_plan *plan, enum vnm_op_type type)
{
	for (size_t i = 0; i < plan->n; i++)
		if (plan->ops[i].type == type)
			return &plan->ops[i];
	return NULL;
}

/**
 * vnm_plan_clear() - free a plan's operations
 * @plan: becomes empty
 */
void vnm_plan_clear(struct vnm_plan *plan)
{
	for (size_t i = 0; i < plan->n; i++)
		vnm_op_clear(&plan->ops[i]);
	free(plan->ops);
	*plan = (struct vnm_plan){ 0 };
}
