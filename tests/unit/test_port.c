/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_port.c - ports of guests: what is refused, with which message; what a network gives to one; what is printed.
 *
 * What is expected of those that are accepted is what virsh 9.0 printed for the same network and the same port.
 */
#include "runner.h"
#include "schema.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "model/pool.h"
#include "model/port_allot.h"
#include "util/buf.h"
#include "util/mem.h"
#include "xml/network_xml.h"
#include "xml/port_xml.h"

const char vnm_suite[] = "port";

#define OWNER "<owner><name>vm1</name><uuid>12ac5b8c-51de-11ea-8e5f-e3a2a2a2a2a2</uuid></owner>"
#define MAC "<mac address='52:54:00:00:00:01'/>"
#define UUID "7ae53baa-51de-11ea-8e5f-000000000001"
/* A port of which one part matters, in line 2. */
#define PORT(part) "<networkport>" OWNER MAC "\n" part "</networkport>"
#define RATE(attributes) PORT("<bandwidth><inbound " attributes "/></bandwidth>")

static int read_port(const char *xml, const struct vnm_schema *schema, struct vnm_port *port,
		     struct vnm_error *err)
{
	int r = vnm_port_xml_parse(xml, strlen(xml), "p.xml", port, err);

	if (r == 0)
		r = vnm_port_validate(port, false, err);
	return r < 0 ? r : vnm_network_xml_check(xml, strlen(xml), "p.xml", schema, err);
}

static void read_network(const char *xml, struct vnm_network *net)
{
	struct vnm_error err = { 0 };

	VNM_ASSERT_OK_FATAL(vnm_network_xml_parse(xml, strlen(xml), "n.xml", net, &err), err);
}

/* ---- by itself ---- */

static const struct {
	const char *xml, *message;
} refused[] = {
	{ "<network><name>x</name></network>",
	  "p.xml:1: expecting root element of 'networkport', not 'network'" },
	{ "<networkport xmlns='urn:x'/>",
	  "p.xml:1: element <networkport> may not stand in a namespace: remove xmlns='urn:x'" },
	{ "<!DOCTYPE networkport><networkport/>",
	  "p.xml:1:22: a document type declaration (DOCTYPE) is not allowed; remove it" },
	{ "<networkport/>",
	  "p.xml:1: network port has no owner name: say whose it is in <owner><name>" },
	{ "<networkport>\n<owner/>" MAC "</networkport>",
	  "p.xml:2: network port has no owner name: say whose it is in <owner><name>" },
	{ "<networkport>\n<owner><name>x</name></owner>" MAC "</networkport>",
	  "p.xml:2: network port has no owner UUID: put it into <owner><uuid>" },
	{ "<networkport>\n<owner><name>x</name><uuid>1</uuid></owner>" MAC "</networkport>",
	  "p.xml:2: element <uuid>: expected a UUID, got '1'" },
	{ "<networkport>\n" OWNER "</networkport>",
	  "p.xml:1: network port has no mac: put that of the guest's interface into "
	  "<mac address=.../>" },
	{ "<networkport>" OWNER "\n<mac/></networkport>",
	  "p.xml:2: missing attribute 'address' in <mac>" },
	{ "<networkport>" OWNER "\n<mac address='zz'/></networkport>",
	  "p.xml:2: element <mac>: attribute 'address': expected a MAC address such as "
	  "52:54:00:12:34:56, got 'zz'" },
	{ "<networkport>" OWNER "\n<mac address='53:54:00:00:00:01'/></networkport>",
	  "p.xml:2: mac address '53:54:00:00:00:01' cannot be an interface's: it is multicast" },
	{ "<networkport>" OWNER "\n<mac address='00:00:00:00:00:00'/></networkport>",
	  "p.xml:2: mac address '00:00:00:00:00:00' cannot be an interface's: it is zero" },
	{ PORT("<uuid>bogus</uuid>"), "p.xml:2: element <uuid>: expected a UUID, got 'bogus'" },
	{ PORT("<bogus/>"),
	  "p.xml:2: unknown element <bogus> in <networkport>; expected one of uuid, owner, group, "
	  "mac, virtualport, bandwidth, vlan, port, rxfilters, plug" },
	{ PORT("<group>a</group><group>b</group>"),
	  "p.xml:2: element <group> may stand only once (first at line 2)" },
	{ PORT("text"), "p.xml:1: element <networkport> may not hold text" },
	{ PORT("<rxfilters trustGuest='x'/>"),
	  "p.xml:2: element <rxfilters>: attribute 'trustGuest': expected 'yes' or 'no', got 'x'" },
	{ PORT("<port isolated='x'/>"),
	  "p.xml:2: element <port>: attribute 'isolated': expected 'yes' or 'no', got 'x'" },
	{ PORT("<class id='3'/>"),
	  "p.xml:2: unknown element <class> in <networkport>; expected one of uuid, owner, group, "
	  "mac, virtualport, bandwidth, vlan, port, rxfilters, plug" },
	{ RATE("peak='5'"), "p.xml:2: Missing mandatory average or floor attributes" },
	{ RATE("floor='5' burst='5'"), "p.xml:2: Missing mandatory average or floor attributes" },
	{ RATE("average='5' peak='4'"),
	  "p.xml:2: a peak of 4 kilobytes a second is less than the average of 5" },
	{ RATE("average='-1'"),
	  "p.xml:2: element <inbound>: attribute 'average': expected a number from 0 to "
	  "18014398509481984, got '-1'" },
	{ PORT("<bandwidth><outbound average='9' floor='1'/></bandwidth>"),
	  "p.xml:2: 'floor' attribute allowed only in <inbound> element" },
	{ PORT("<bandwidth classID='x'/>"),
	  "p.xml:2: element <bandwidth>: attribute 'classID': expected a number from 0 to 65535, "
	  "got 'x'" },
	{ PORT("<virtualport type='bogus'/>"),
	  "p.xml:2: element <virtualport>: attribute 'type': expected '802.1Qbg', '802.1Qbh', "
	  "'openvswitch' or 'midonet', got 'bogus'" },
	{ PORT("<vlan><tag id='4096'/></vlan>"),
	  "p.xml:2: element <tag>: attribute 'id': expected a number from 0 to 4095, got '4096'" },
	{ PORT("<plug/>"), "p.xml:2: missing attribute 'type' in <plug>" },
	{ PORT("<plug type='user'/>"),
	  "p.xml:2: element <plug>: attribute 'type': expected 'network', 'bridge', 'direct' or "
	  "'hostdev-pci', got 'user'" },
	{ PORT("<plug type='direct' dev='d' mode='nat'/>"),
	  "p.xml:2: element <plug>: attribute 'mode': expected 'bridge', 'private', 'vepa' or "
	  "'passthrough', got 'nat'" },
	{ PORT("<plug type='hostdev-pci'><address bus='0' slot='0x20' function='0'/></plug>"),
	  "p.xml:2: element <address>: attribute 'slot': expected a number from 0x0 to 0x1f, got "
	  "'0x20'" },
	{ PORT("<plug type='network' bridge='virbr0'/>"),
	  "p.xml:2: Port reclaim not requested but plug type is not none: remove <plug>, since the "
	  "network says what its ports are plugged into" },
	{ "<networkport>" OWNER MAC "<vlan/></networkport>",
	  "p.xml:1: does not match the schema: ..." },
};

static void test_refused(void)
{
	vnm_autoschema struct vnm_schema *schema = load_schema("networkport.rng");

	for (size_t i = 0; i < VNM_ARRAY_SIZE(refused); i++) {
		vnm_autoport struct vnm_port port = { 0 };
		struct vnm_error err = { 0 };

		if (read_port(refused[i].xml, schema, &port, &err) == 0)
			printf("\naccepted: %s\n", refused[i].xml);
		VNM_ASSERT_STR_EQ(err.msg, refused[i].message);
	}
}

/* What is printed is read again as the same; and the schema takes what the reader takes. */
static void test_round_trip(void)
{
	static const char text[] = "<networkport>\n"
				   "  <uuid>" UUID "</uuid>\n"
				   "  <owner>\n"
				   "    <name>vm &amp; 1</name>\n"
				   "    <uuid>12ac5b8c-51de-11ea-8e5f-e3a2a2a2a2a2</uuid>\n"
				   "  </owner>\n"
				   "  <group>fast</group>\n"
				   "  <mac address='52:54:00:00:00:01'/>\n"
				   "  <virtualport type='openvswitch'/>\n"
				   "  <bandwidth classID='3'>\n"
				   "    <inbound average='1' peak='2' floor='3' burst='4'/>\n"
				   "    <outbound average='5'/>\n"
				   "  </bandwidth>\n"
				   "  <vlan trunk='yes'>\n"
				   "    <tag id='5'/>\n"
				   "  </vlan>\n"
				   "  <port isolated='yes'/>\n"
				   "  <rxfilters trustGuest='no'/>\n"
				   "  %s\n"
				   "</networkport>\n";
	static const char *const plugs[] = {
		"<plug type='network' bridge='virbr0'/>",
		"<plug type='bridge' bridge='br0' macTableManager='kernel'/>",
		"<plug type='direct' dev='eth0' mode='passthrough'/>",
		"<plug type='hostdev-pci' managed='yes'>\n"
		"    <driver name='vfio'/>\n"
		"    <address domain='0x0000' bus='0x01' slot='0x1f' function='0x7'/>\n"
		"  </plug>",
	};
	vnm_autoschema struct vnm_schema *schema = load_schema("networkport.rng");

	for (size_t i = 0; i < VNM_ARRAY_SIZE(plugs); i++) {
		vnm_autoport struct vnm_port port = { 0 };
		vnm_autobuf struct vnm_buf in = { 0 }, out = { 0 };
		struct vnm_error err = { 0 };
		const char *mark = strstr(text, "%s");

		vnm_buf_addn(&in, text, (size_t)(mark - text));
		vnm_buf_add(&in, plugs[i]);
		vnm_buf_add(&in, mark + 2);
		VNM_ASSERT_OK_FATAL(vnm_port_xml_parse(in.data, in.len, "p.xml", &port, &err), err);
		vnm_port_xml_format(&port, &out);
		VNM_ASSERT_STR_EQ(vnm_buf_str(&out), in.data);
		VNM_ASSERT_OK(vnm_network_xml_check(in.data, in.len, "p.xml", schema, &err), err);
	}
}

/* ---- in a network ---- */

/** struct world - a network, the ports it has, and a guest of ours. */
struct world {
	struct vnm_network net;
	struct vnm_port ports[16];
	size_t n;
	struct vnm_attachment guest;
	bool has_guest;
};

static struct vnm_port_users occupants(const struct world *world)
{
	return (struct vnm_port_users){ world->ports, world->n, &world->guest, world->has_guest };
}

static void world_clear(struct world *world)
{
	for (size_t i = 0; i < world->n; i++)
		vnm_port_clear(&world->ports[i]);
	vnm_network_clear(&world->net);
}
#define autoworld __attribute__((cleanup(world_clear)))

/* One more port. Return: what is printed of it from <mac> to the end, or the message; allocated. */
static char *add_to(struct world *world, const char *part)
{
	vnm_autofree char *xml = vnm_asprintf("<networkport>" OWNER MAC "%s</networkport>", part);
	vnm_autoport struct vnm_port port = { 0 };
	vnm_autobuf struct vnm_buf out = { 0 };
	struct vnm_warnings warnings = { 0 };
	struct vnm_error err = { 0 };
	const struct vnm_port_users all = occupants(world);
	const char *from;
	int r;

	VNM_ASSERT_OK_FATAL(vnm_port_xml_parse(xml, strlen(xml), "p.xml", &port, &err), err);
	VNM_ASSERT_OK_FATAL(vnm_port_validate(&port, false, &err), err);
	r = vnm_port_allot(&world->net, &all, &port, &warnings, &err);
	for (size_t i = 0; i < warnings.n; i++)
		vnm_buf_printf(&out, "warning: %s\n", warnings.items[i]);
	vnm_warnings_clear(&warnings);
	if (r < 0)
		return vnm_strdup(err.msg);
	vnm_port_xml_format(&port, &out);
	from = strstr(out.data, "</owner>\n  ") + strlen("</owner>\n  ");
	CU_ASSERT_FATAL(world->n < VNM_ARRAY_SIZE(world->ports));
	world->ports[world->n++] = port;
	port = (struct vnm_port){ 0 };
	return !strncmp(out.data, "warning: ", 9) ? vnm_buf_steal(&out) : vnm_strdup(from);
}

static void remove_from(struct world *world, size_t i)
{
	vnm_port_clear(&world->ports[i]);
	world->ports[i] = world->ports[--world->n];
}

static void gives(struct world *world, const char *part, const char *should)
{
	vnm_autofree char *is = add_to(world, part);

	VNM_ASSERT_STR_EQ(is, should);
}

#define PLUGGED "  <plug type='network' bridge='vba'/>\n</networkport>\n"
#define SETTINGS(rx) "  <port isolated='yes'/>\n  <rxfilters trustGuest='" rx "'/>\n" PLUGGED

static void test_groups(void)
{
	struct world world autoworld = { 0 };

	read_network("<network trustGuestRxFilters='yes'><name>a</name><bridge name='vba'/>"
		     "<port isolated='yes'/>"
		     "<portgroup name='slow' default='yes' trustGuestRxFilters='no'><bandwidth>"
		     "<inbound average='10'/><outbound average='20'/></bandwidth></portgroup>"
		     "<portgroup name='fast'><bandwidth><inbound average='100' peak='200' "
		     "burst='300'/></bandwidth></portgroup><portgroup name='open'>"
		     "<port isolated='no'/></portgroup></network>",
		     &world.net);
	gives(&world, "",
	      "<mac address='52:54:00:00:00:01'/>\n  <bandwidth>\n    <inbound average='10'/>\n"
	      "    <outbound average='20'/>\n  </bandwidth>\n" SETTINGS("no"));
	gives(&world, "<group>fast</group>",
	      "<group>fast</group>\n  <mac address='52:54:00:00:00:01'/>\n  <bandwidth>\n"
	      "    <inbound average='100' peak='200' burst='300'/>\n  </bandwidth>\n" SETTINGS(
		      "yes"));
	gives(&world, "<bandwidth><inbound average='1'/></bandwidth>",
	      "<mac address='52:54:00:00:00:01'/>\n  <bandwidth>\n    <inbound average='1'/>\n"
	      "  </bandwidth>\n" SETTINGS("no"));
	/* An average of 0 is none. */
	gives(&world, "<group>fast</group><bandwidth><inbound average='0'/></bandwidth>",
	      "<group>fast</group>\n  <mac address='52:54:00:00:00:01'/>\n  <bandwidth>\n"
	      "    <inbound average='100' peak='200' burst='300'/>\n  </bandwidth>\n" SETTINGS(
		      "yes"));
	gives(&world, "<group>open</group><rxfilters trustGuest='no'/>",
	      "<group>open</group>\n  <mac address='52:54:00:00:00:01'/>\n"
	      "  <port isolated='no'/>\n  <rxfilters trustGuest='no'/>\n" PLUGGED);
	gives(&world, "<group>nosuch</group>",
	      "warning: network 'a' has no portgroup 'nosuch', so the port has nothing of a "
	      "portgroup\n<networkport>\n  <owner>\n    <name>vm1</name>\n    "
	      "<uuid>12ac5b8c-51de-11ea-8e5f-e3a2a2a2a2a2</uuid>\n  </owner>\n"
	      "  <group>nosuch</group>\n  <mac address='52:54:00:00:00:01'/>\n" SETTINGS("yes"));
}

static void test_plain(void)
{
	struct world world autoworld = { 0 }, host autoworld = { 0 };

	read_network("<network><name>a</name><bridge name='vba' macTableManager='kernel'/>"
		     "</network>",
		     &world.net);
	gives(&world, "<bandwidth classID='9'/><group></group><rxfilters/><port/>",
	      "<mac address='52:54:00:00:00:01'/>\n"
	      "  <plug type='network' bridge='vba' macTableManager='kernel'/>\n"
	      "</networkport>\n");
	read_network("<network><name>b</name><forward mode='bridge'/><bridge name='br0'/>"
		     "</network>",
		     &host.net);
	gives(&host, "",
	      "<mac address='52:54:00:00:00:01'/>\n  <plug type='bridge' bridge='br0'/>\n"
	      "</networkport>\n");
}

/* What the network has but cannot do, and what only another one could. */
static void test_unsupported(void)
{
	struct world world autoworld = { 0 }, host autoworld = { 0 }, plain autoworld = { 0 };

	read_network("<network><name>a</name><bridge name='vba'/><portgroup name='v'>"
		     "<vlan><tag id='3'/></vlan></portgroup><portgroup name='o'>"
		     "<virtualport type='openvswitch'/></portgroup></network>",
		     &world.net);
	gives(&world, "<virtualport type='openvswitch'/>",
	      "<virtualport type='openvswitch'> not supported for network 'a' which uses IP "
	      "forwarding");
	gives(&world, "<group>o</group>",
	      "<virtualport type='openvswitch'> not supported for network 'a' which uses IP "
	      "forwarding");
	gives(&world, "<group>v</group>",
	      "<group>v</group>\n  <mac address='52:54:00:00:00:01'/>\n  <vlan>\n"
	      "    <tag id='3'/>\n  </vlan>\n" PLUGGED);
	read_network("<network><name>c</name><bridge name='vbc'/></network>", &plain.net);
	gives(&plain, "<vlan><tag id='3'/></vlan>",
	      "bridge 'vbc' does not filter VLANs, so a guest would not be kept in one; give "
	      "network 'c', or a portgroup, a <vlan>; <vlan><tag id='1'/></vlan> leaves all "
	      "others where they are");
	read_network("<network><name>b</name><forward mode='bridge'/><bridge name='br0'/>"
		     "</network>",
		     &host.net);
	gives(&host, "<virtualport type='802.1Qbh'/>",
	      "<virtualport type='802.1Qbh'> not supported for network 'b' which uses a bridge "
	      "device");
	gives(&host, "<bandwidth><inbound floor='5'/></bandwidth>",
	      "Invalid use of 'floor' on interface with MAC address 52:54:00:00:00:01 - 'floor' is "
	      "only supported for interface type 'network' with forward type 'nat', 'route', "
	      "'open' or none");
}

#define PCI(managed, driver, slot)                                                              \
	"  <plug type='hostdev-pci' managed='" managed "'>\n" driver                            \
	"    <address domain='0x0000' bus='0x03' slot='" slot "' function='0x1'/>\n  </plug>\n" \
	"</networkport>\n"
#define PCI_MAC "<mac address='52:54:00:00:00:01'/>\n"

/* Each PCI device is for one guest; the rest is what the definition says of them all. */
static void test_hostdev(void)
{
	static const char none[] =
		"network 'h' requires exclusive access to interfaces, but none are available: "
		"each of its PCI devices is for one guest";
	struct world world autoworld = { 0 }, plain autoworld = { 0 };
	struct vnm_port_users all;

	read_network("<network><name>h</name><forward mode='hostdev' managed='yes'>"
		     "<driver name='vfio'/>"
		     "<address type='pci' bus='3' slot='0x10' function='1'/>"
		     "<address type='pci' bus='3' slot='0x11' function='1'/></forward>"
		     "<vlan><tag id='42'/></vlan></network>",
		     &world.net);
	gives(&world, "",
	      PCI_MAC "  <vlan>\n    <tag id='42'/>\n  </vlan>\n" PCI(
		      "yes", "    <driver name='vfio'/>\n", "0x10"));
	gives(&world, "<vlan><tag id='7'/></vlan>",
	      PCI_MAC "  <vlan>\n    <tag id='7'/>\n  </vlan>\n" PCI(
		      "yes", "    <driver name='vfio'/>\n", "0x11"));
	gives(&world, "", none);
	all = occupants(&world);
	vnm_pool_show(&all, &world.net);
	VNM_ASSERT_INT_EQ(world.net.connections.v, 2);
	VNM_ASSERT_INT_EQ(world.net.forward.addresses[1].connections.v, 1);
	remove_from(&world, 0);
	gives(&world, "<vlan trunk='yes'><tag id='7'/></vlan>",
	      "vlan trunking is not supported by SR-IOV network devices: a port of network 'h' "
	      "has one VLAN");
	gives(&world, "<vlan><tag id='0'/></vlan>",
	      "VLAN 0 of a port of network 'h' is reserved; a port can be in VLANs 1 to 4094");
	gives(&world, "<virtualport type='802.1Qbg'/>",
	      "<virtualport type='802.1Qbg'> not supported for network 'h' which uses an SR-IOV "
	      "Virtual Function via PCI passthrough");
	read_network("<network><name>p</name><forward mode='hostdev'>"
		     "<address type='pci' bus='3' slot='0x10' function='1'/></forward></network>",
		     &plain.net);
	gives(&plain, "", PCI_MAC PCI("no", "", "0x10"));
}

/* Who connects a guest of these is told of it by the port. */
static void test_others_switches(void)
{
	struct world world autoworld = { 0 }, bridge autoworld = { 0 };

	read_network("<network><name>q</name><forward mode='passthrough'><interface dev='d1'/>"
		     "</forward></network>",
		     &world.net);
	gives(&world, "<virtualport type='midonet'/>",
	      "<virtualport type='midonet'> not supported for network 'q' which uses a macvtap "
	      "device");
	gives(&world, "<virtualport type='802.1Qbh'/>",
	      PCI_MAC "  <virtualport type='802.1Qbh'/>\n"
		      "  <plug type='direct' dev='d1' mode='passthrough'/>\n</networkport>\n");
	read_network("<network><name>m</name><forward mode='bridge'/><bridge name='br0'/>"
		     "</network>",
		     &bridge.net);
	gives(&bridge, "<virtualport type='midonet'/>",
	      PCI_MAC "  <virtualport type='midonet'/>\n"
		      "  <plug type='bridge' bridge='br0'/>\n</networkport>\n");
}

#define DIRECT(dev, mode)                                                                     \
	"<mac address='52:54:00:00:00:01'/>\n  <plug type='direct' dev='" dev "' mode='" mode \
	"'/>\n</networkport>\n"

static void test_pool(void)
{
	struct world world autoworld = { 0 }, single autoworld = { 0 }, empty autoworld = { 0 };
	struct vnm_port_users all;

	read_network("<network><name>m</name><forward mode='vepa'><interface dev='d1'/>"
		     "<interface dev='d2'/><interface dev='d3'/></forward></network>",
		     &world.net);
	gives(&world, "", DIRECT("d1", "vepa"));
	gives(&world, "", DIRECT("d2", "vepa"));
	gives(&world, "", DIRECT("d3", "vepa"));
	gives(&world, "", DIRECT("d1", "vepa"));
	remove_from(&world, 1);
	gives(&world, "", DIRECT("d2", "vepa"));
	gives(&world, "", DIRECT("d2", "vepa"));
	all = occupants(&world);
	VNM_ASSERT_INT_EQ(vnm_pool_count(&all, "d2"), 2);
	vnm_pool_show(&all, &world.net);
	VNM_ASSERT_INT_EQ(world.net.connections.v, 5);
	VNM_ASSERT_INT_EQ(world.net.forward.interfaces[0].connections.v, 2);
	VNM_ASSERT_INT_EQ(world.net.forward.interfaces[2].connections.v, 1);
	world.has_guest = true;
	world.guest.parent = (char *)"d2";
	all = occupants(&world);
	vnm_pool_show(&all, &world.net);
	VNM_ASSERT_INT_EQ(world.net.connections.v, 6);
	VNM_ASSERT_INT_EQ(world.net.forward.interfaces[1].connections.v, 3);
	vnm_pool_show(&(struct vnm_port_users){ 0 }, &world.net);
	CU_ASSERT(!world.net.connections.set && !world.net.forward.interfaces[0].connections.set);

	/* One device that only dev='' names, for everybody. */
	read_network("<network><name>s</name><forward mode='private' dev='d1'/></network>",
		     &single.net);
	gives(&single, "", DIRECT("d1", "private"));
	gives(&single, "", DIRECT("d1", "private"));
	read_network("<network><name>e</name><forward mode='bridge'/></network>", &empty.net);
	gives(&empty, "",
	      "network 'e' uses a direct mode, but has no forward dev and no interface pool");
}

static void test_passthrough(void)
{
	static const char none[] =
		"network 'p' requires exclusive access to interfaces, but none "
		"are available: in mode 'passthrough' each is for one guest, and has "
		"one";
	struct world world autoworld = { 0 }, single autoworld = { 0 };

	read_network("<network><name>p</name><forward mode='passthrough'><interface dev='d1'/>"
		     "<interface dev='d2'/></forward></network>",
		     &world.net);
	gives(&world, "", DIRECT("d1", "passthrough"));
	gives(&world, "", DIRECT("d2", "passthrough"));
	gives(&world, "", none);
	remove_from(&world, 0);
	world.has_guest = true;
	world.guest.parent = (char *)"d1";
	gives(&world, "", none);
	world.has_guest = false;
	gives(&world, "", DIRECT("d1", "passthrough"));
	gives(&world, "", none);
	read_network("<network><name>p</name><forward mode='passthrough' dev='d1'/></network>",
		     &single.net);
	gives(&single, "", DIRECT("d1", "passthrough"));
	gives(&single, "", none);
}

static uint32_t class_of(const struct world *world, size_t i)
{
	return world->ports[i].bandwidth.class_id.v;
}

static void add_floor(struct world *world, unsigned floor, bool fits)
{
	vnm_autofree char *part =
		vnm_asprintf("<bandwidth><inbound average='1' floor='%u'/></bandwidth>", floor);
	vnm_autofree char *is = add_to(world, part);

	VNM_ASSERT_INT_EQ(strstr(is, "</networkport>") != NULL, fits);
}

static void test_floor(void)
{
	struct world none autoworld = { 0 }, world autoworld = { 0 }, peak autoworld = { 0 };

	read_network("<network><name>n</name><bridge name='vbn'/><bandwidth>"
		     "<outbound average='5'/></bandwidth></network>",
		     &none.net);
	gives(&none, "<bandwidth><inbound average='1' floor='6'/></bandwidth>",
	      "Invalid use of 'floor' on interface with MAC address 52:54:00:00:00:01 - network "
	      "'n' has no inbound QoS set");
	read_network("<network><name>q</name><bridge name='vbq'/><bandwidth>"
		     "<inbound average='1000'/></bandwidth></network>",
		     &world.net);
	add_floor(&world, 600, true);
	gives(&world, "<bandwidth><inbound average='1' floor='401'/></bandwidth>",
	      "Requested operation is not valid: Cannot plug '52:54:00:00:00:01' interface into "
	      "'vbq' because new combined inbound floor=1001 would overcommit average=1000 on "
	      "network 'q'");
	add_floor(&world, 300, true);
	add_floor(&world, 100, true);
	add_floor(&world, 1, false);
	gives(&world, "<bandwidth><inbound average='7'/></bandwidth>",
	      "<mac address='52:54:00:00:00:01'/>\n  <bandwidth>\n    <inbound average='7'/>\n"
	      "  </bandwidth>\n  <plug type='network' bridge='vbq'/>\n</networkport>\n");
	VNM_ASSERT_INT_EQ(class_of(&world, 0), 3);
	VNM_ASSERT_INT_EQ(class_of(&world, 1), 4);
	VNM_ASSERT_INT_EQ(class_of(&world, 2), 5);
	/* A floor that is given back can be given again, and so can its number. */
	remove_from(&world, 1);
	add_floor(&world, 301, false);
	add_floor(&world, 300, true);
	VNM_ASSERT_INT_EQ(class_of(&world, world.n - 1), 4);
	/* With a peak, that is the limit, as for libvirt. */
	read_network("<network><name>k</name><bridge name='vbk'/><bandwidth>"
		     "<inbound average='1000' peak='4294967295'/></bandwidth></network>",
		     &peak.net);
	add_floor(&peak, 4294967295u, true);
	gives(&peak, "<bandwidth><inbound floor='1'/></bandwidth>",
	      "Requested operation is not valid: Cannot plug '52:54:00:00:00:01' interface into "
	      "'vbk' because new combined inbound floor=4294967296 would overcommit "
	      "peak=4294967295 on network 'k'");
}

const struct vnm_test vnm_tests[] = {
	{ "refused", test_refused },
	{ "round_trip", test_round_trip },
	{ "groups", test_groups },
	{ "plain", test_plain },
	{ "unsupported", test_unsupported },
	{ "hostdev", test_hostdev },
	{ "others' switches", test_others_switches },
	{ "pool", test_pool },
	{ "passthrough", test_passthrough },
	{ "floor", test_floor },
	{ 0 },
};
