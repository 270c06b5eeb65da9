/* SPDX-License-Identifier: GPL-2.0-or-later */
/* patient.h - a whole network, a guest in a namespace, and a host with a way out, for tests of net-doctor's checks. */
#ifndef VNM_TESTS_UNIT_PATIENT_H
#define VNM_TESTS_UNIT_PATIENT_H

#include "runner.h"

#include <linux/if_bridge.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "doctor/case.h"
#include "util/mem.h"
#include "xml/network_xml.h"

#define FLAGS                                                                                   \
	(VNM_PORT_SETTING(IFLA_BRPORT_LEARNING) | VNM_PORT_SETTING(IFLA_BRPORT_UNICAST_FLOOD) | \
	 VNM_PORT_SETTING(IFLA_BRPORT_MCAST_FLOOD) | VNM_PORT_SETTING(IFLA_BRPORT_BCAST_FLOOD))

static const char xml[] =
	"<network xmlns:vnm='urn:vnetmgr:network:1'><name>n</name><forward mode='nat'/><bridge "
	"name='br' stp='off'/><ip address='192.0.2.1' prefix='24'><tftp root='/srv'/><dhcp><range "
	"start='192.0.2.100' end='192.0.2.200'/><host mac='02:00:00:00:00:05' "
	"ip='192.0.2.5'/></dhcp></ip>"
	"<vnm:portForward proto='tcp' address='198.51.100.2' port='80' to='192.0.2.5'/>"
	"</network>";

enum { BRIDGE = 2, UPLINK, PORT, OTHER };

/** struct patient - a whole network: a guest in a namespace, on a host with a way out. */
struct patient {
	struct vnm_network net;
	struct vnm_plan plan;
	struct vnm_attachment attach[2];
	struct vnm_case c;
};

static struct vnm_addr addr(const char *text)
{
	struct vnm_addr ret = { 0 };

	CU_ASSERT_FATAL(vnm_addr_parse(text, &ret) == 0);
	return ret;
}

static struct vnm_prefix prefix(const char *text)
{
	struct vnm_prefix ret = { 0 };

	CU_ASSERT_FATAL(vnm_prefix_parse(text, &ret) == 0);
	return ret;
}

static struct vnm_mac mac(const char *text)
{
	struct vnm_mac ret = { 0 };

	CU_ASSERT_FATAL(vnm_mac_parse(text, &ret) == 0);
	return ret;
}

static struct vnm_link *add_link(struct vnm_case_stack *stack, int index, const char *name)
{
	struct vnm_link *link;

	stack->links.items =
		vnm_array_add(stack->links.items, &stack->links.n, sizeof(*stack->links.items));
	link = &stack->links.items[stack->links.n - 1];
	*link = (struct vnm_link){ .fact = { .index = index, .mtu = 1500, .up = true },
				   .carrier = true };
	snprintf(link->fact.name, sizeof(link->fact.name), "%s", name);
	return link;
}

static void add_address(struct vnm_case_stack *stack, int ifindex, const char *text)
{
	stack->addresses =
		vnm_array_add(stack->addresses, &stack->n_addresses, sizeof(*stack->addresses));
	stack->addresses[stack->n_addresses - 1] =
		(struct vnm_fact_address){ prefix(text), ifindex };
}

static struct vnm_case_route *add_route(struct vnm_case_stack *stack, int ifindex, const char *dst,
					const char *gateway)
{
	stack->routes = vnm_array_add(stack->routes, &stack->n_routes, sizeof(*stack->routes));
	stack->routes[stack->n_routes - 1] = (struct vnm_case_route){
		.dst = prefix(dst),
		.gateway = gateway ? addr(gateway) : (struct vnm_addr){ 0 },
		.ifindex = ifindex,
		.table = RT_TABLE_MAIN,
		.type = RTN_UNICAST,
	};
	return &stack->routes[stack->n_routes - 1];
}

static void add_setting(struct vnm_case *c, const char *path, long value)
{
	c->settings = vnm_array_add(c->settings, &c->n_settings, sizeof(*c->settings));
	c->settings[c->n_settings - 1] = (struct vnm_case_setting){ vnm_strdup(path), value };
}

static void add_neighbour(struct vnm_case *c, int ifindex, const char *address, const char *hw,
			  uint16_t state)
{
	c->neighbours = vnm_array_add(c->neighbours, &c->n_neighbours, sizeof(*c->neighbours));
	c->neighbours[c->n_neighbours - 1] = (struct vnm_case_neighbour){
		.addr = addr(address), .mac = mac(hw), .ifindex = ifindex, .state = state
	};
}

static void add_guest(struct patient *p, size_t i, const char *dev, const char *hw)
{
	struct vnm_case_guest *guest = &p->c.guests[i];

	p->attach[i] = (struct vnm_attachment){ .kind = VNM_ATTACH_NETNS,
						.network = (char *)"n",
						.dev = (char *)dev,
						.mac = mac(hw),
						.netns = (char *)"/run/netns/g",
						.netns_name = (char *)"g" };
	*guest = (struct vnm_case_guest){ .attach = &p->attach[i],
					  .name = vnm_strdup(dev),
					  .ip = vnm_strdup("ip -n g"),
					  .run = vnm_strdup("ip netns exec g"),
					  .inside = true,
					  .gateway = addr("192.0.2.1") };
	guest->link = *add_link(&guest->stack, 2, "eth0");
	guest->link.fact.mac = mac(hw);
	add_route(&guest->stack, 2, "0.0.0.0/0", "192.0.2.1");
}

static void make(struct patient *p)
{
	struct vnm_error err = { 0 };
	struct vnm_case *c = &p->c;
	struct vnm_link *port;

	*p = (struct patient){ 0 };
	VNM_ASSERT_OK_FATAL(vnm_network_xml_parse(xml, strlen(xml), "t.xml", &p->net, &err), err);
	vnm_plan_add(&p->plan, VNM_OP_FORWARDING)->forwarding.family = AF_INET;
	c->net = &p->net;
	c->plan = &p->plan;
	c->active = true;
	c->bridge = p->net.bridge.name;
	add_link(&c->host, 1, "lo")->loopback = true;
	add_link(&c->host, BRIDGE, "br")->group = VNM_GROUP_BASE;
	add_link(&c->host, UPLINK, "up0");
	port = add_link(&c->host, PORT, "vg1");
	port->fact.master = BRIDGE;
	port->port = (struct vnm_link_port){
		.number = 1, .state = BR_STATE_FORWARDING, .settings = FLAGS, .set = FLAGS
	};
	c->link = &c->host.links.items[1];
	add_address(&c->host, BRIDGE, "192.0.2.1/24");
	add_address(&c->host, UPLINK, "198.51.100.2/24");
	add_route(&c->host, BRIDGE, "192.0.2.0/24", NULL);
	add_route(&c->host, UPLINK, "0.0.0.0/0", "198.51.100.1");
	add_setting(c, "net/ipv4/conf/up0/forwarding", 1);
	add_setting(c, "net/ipv4/conf/br/arp_ignore", 2);
	c->resolver.items = vnm_array_add(NULL, &c->resolver.n, sizeof(*c->resolver.items));
	c->resolver.items[0] = (struct vnm_case_nameserver){ addr("198.51.100.1"), 1 };
	c->resolver.path = vnm_strdup("/etc/resolv.conf");
	c->pool = (struct vnm_dhcp_room){ 101, 1, 100 };
	c->n_guests = 2;
	c->guests = vnm_alloc(2 * sizeof(*c->guests));
	add_guest(p, 0, "vg1", "02:00:00:00:00:05");
	add_guest(p, 1, "vg2", "02:00:00:00:00:06");
	add_address(&c->guests[0].stack, 2, "192.0.2.5/24");
	add_address(&c->guests[1].stack, 2, "192.0.2.6/24");
	add_neighbour(c, BRIDGE, "192.0.2.5", "02:00:00:00:00:05", NUD_REACHABLE);
}

static void unmake(struct patient *p)
{
	vnm_case_clear(&p->c);
	vnm_plan_clear(&p->plan);
	vnm_network_clear(&p->net);
}

static struct vnm_link *port_of(struct patient *p)
{
	return &p->c.host.links.items[3];
}

#endif
