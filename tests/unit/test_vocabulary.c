/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_vocabulary.c - what the vocabulary of networks takes and what it refuses: by the typed reader in words for
 * people, and by the schema, alone, as well.
 */
#include "runner.h"
#include "schema.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/validate.h"
#include "util/mem.h"
#include "xml/network_xml.h"

const char vnm_suite[] = "vocabulary";

static int parse(const char *xml, struct vnm_network *net, struct vnm_error *err)
{
	return vnm_network_xml_parse(xml, strlen(xml), "t.xml", net, err);
}

static int check(const char *xml, const struct vnm_schema *schema, struct vnm_error *err)
{
	return vnm_network_xml_check(xml, strlen(xml), "t.xml", schema, err);
}

#define NET(body) "<network><name>t</name>" body "</network>"
#define IN_IP(body) NET("<ip address='10.0.0.1' prefix='24'>" body "</ip>")
#define IN_RANGE(body) IN_IP("<dhcp><range start='10.0.0.2' end='10.0.0.9'>" body "</range></dhcp>")
#define IN_DNS(body) NET("<dns>" body "</dns>")
#define IN_NETWORK                                                                                 \
	"expected one of name, uuid, title, description, metadata, forward, bridge, mtu, mac, "    \
	"domain, dns, vlan, bandwidth, port, ip, route, virtualport, portgroup, dnsmasq:options, " \
	"vnm:portForward, vnm:redirect, vnm:sourceNat, vnm:staticNat, vnm:allow, "                 \
	"vnm:uplink, vnm:guests, vnm:overlay, vnm:vrf"

/* clang-format off */

/* Mistakes, and the message behind the file's name. */
static const struct { const char *xml, *msg; } mistakes[] = {
	{ "<network/>", "1: missing name information" },
	{ "<network><name/></network>", "1: missing name information" },
	{ "<domain type='kvm'><name>t</name></domain>",
	  "1: expecting root element of 'network', not 'domain'" },
	{ "<network xmlns='urn:x'><name>t</name></network>",
	  "1: element <network> may not stand in a namespace: remove xmlns='urn:x'" },
	{ "<n:network xmlns:n='urn:x'><name>t</name></n:network>",
	  "1: element <network> may not stand in a namespace: remove xmlns='urn:x'" },
	{ NET("<forwad/>"),
	  "1: unknown element <forwad> in <network>; " IN_NETWORK },
	{ NET("\n<bridge frob='1'/>"),
	  "2: unknown attribute 'frob' in <bridge>; expected one of name, zone, stp, delay, "
	  "macTableManager, "
	  "vnm:groupForwardMask, vnm:multicastSnooping, vnm:multicastQuerier" },
	{ "<network foo='1'><name>t</name></network>",
	  "1: unknown attribute 'foo' in <network>; expected one of ipv6, trustGuestRxFilters" },
	{ NET("\n<bridge stp='maybe'/>"),
	  "2: element <bridge>: attribute 'stp': expected 'on' or 'off', got 'maybe'" },
	{ NET("<bridge stp=' on'/>"),
	  "1: element <bridge>: attribute 'stp': expected 'on' or 'off', got ' on'" },
	{ NET("<bridge/>\n<bridge/>"),
	  "2: element <bridge> may stand only once (first at line 1)" },
	{ NET("<name>u</name>"), "1: element <name> may stand only once (first at line 1)" },
	{ NET("<forward/><forward/>"),
	  "1: element <forward> may stand only once (first at line 1)" },
	{ NET("<dns/><dns/>"), "1: element <dns> may stand only once (first at line 1)" },
	{ NET("hello"), "1: element <network> may not hold text" },
	{ NET("<bridge>x</bridge>"), "1: element <bridge> may not hold text" },
	{ NET("<uuid>zz</uuid>"), "1: element <uuid>: expected a UUID, got 'zz'" },
	{ "<network ipv6='maybe'><name>t</name></network>",
	  "1: element <network>: attribute 'ipv6': expected 'yes' or 'no', got 'maybe'" },
	{ NET("<bridge delay='x'/>"),
	  "1: element <bridge>: attribute 'delay': expected a number from 0 to 32767, got 'x'" },
	{ NET("<mtu/>"), "1: missing attribute 'size' in <mtu>" },
	{ NET("<mtu size='0'/>"),
	  "1: element <mtu>: attribute 'size': expected a number from 68 to 65535, got '0'" },
	{ NET("<mac address='zz'/>"),
	  "1: element <mac>: attribute 'address': expected a MAC address such as "
	  "52:54:00:12:34:56, got 'zz'" },
	{ NET("<domain/>"), "1: missing attribute 'name' in <domain>" },
	{ NET("<forward mode='none'/>"),
	  "1: element <forward>: attribute 'mode': expected 'nat', 'route', 'open', 'bridge', "
	  "'private', 'vepa', 'passthrough' or 'hostdev', got 'none'" },
	{ NET("<forward managed='maybe'/>"),
	  "1: element <forward>: attribute 'managed': expected 'yes' or 'no', got 'maybe'" },
	{ NET("<forward><interface/></forward>"), "1: missing attribute 'dev' in <interface>" },
	{ NET("<forward><nat/><nat/></forward>"),
	  "1: element <nat> may stand only once (first at line 1)" },
	{ NET("<forward><nat><address start='1.2.3.4'/></nat></forward>"),
	  "1: missing attribute 'end' in <address>" },
	{ NET("<forward><nat><port start='1'/></nat></forward>"),
	  "1: missing attribute 'end' in <port>" },
	{ IN_DNS("<txt name='a'/>"), "1: missing attribute 'value' in <txt>" },
	{ IN_DNS("<txt value='a'/>"), "1: missing attribute 'name' in <txt>" },
	{ IN_DNS("<srv protocol='tcp'/>"), "1: missing attribute 'service' in <srv>" },
	{ IN_DNS("<host><hostname>a</hostname></host>"), "1: missing attribute 'ip' in <host>" },
	{ NET("<ip/>"), "1: missing attribute 'address' in <ip>" },
	{ NET("<ip address='300.1.1.1'/>"),
	  "1: element <ip>: attribute 'address': expected an IP address, got '300.1.1.1'" },
	{ NET("<ip family='ipx' address='10.0.0.1'/>"),
	  "1: element <ip>: attribute 'family': expected 'ipv4' or 'ipv6', got 'ipx'" },
	{ NET("<ip address='10.0.0.1' netmask='24'/>"),
	  "1: element <ip>: attribute 'netmask': expected an IPv4 netmask such as 255.255.255.0, "
	  "got '24'" },
	{ IN_IP("<tftp/>"), "1: missing attribute 'root' in <tftp>" },
	{ IN_IP("<dhcp/><dhcp/>"), "1: element <dhcp> may stand only once (first at line 1)" },
	{ IN_IP("<dhcp>\n<range end='10.0.0.9'/></dhcp>"),
	  "2: missing attribute 'start' in <range>" },
	{ IN_IP("<dhcp><host mac='52:54:00:00:00:01'/></dhcp>"),
	  "1: missing attribute 'ip' in <host>" },
	{ IN_IP("<dhcp><bootp/></dhcp>"), "1: missing attribute 'file' in <bootp>" },
	{ IN_RANGE("<lease/>"), "1: missing attribute 'expiry' in <lease>" },
	{ IN_RANGE("<lease expiry='1' unit='days'/>"),
	  "1: element <lease>: attribute 'unit': expected 'seconds', 'minutes' or 'hours', got "
	  "'days'" },
	{ NET("<route address='10.1.0.0' prefix='16'/>"),
	  "1: missing attribute 'gateway' in <route>" },
	{ NET("<route address='10.1.0.0' gateway='10.0.0.9' metric='0'/>"),
	  "1: element <route>: attribute 'metric': expected a number from 1 to 4294967295, got "
	  "'0'" },
	{ NET("<xi:include xmlns:xi='http://www.w3.org/2001/XInclude' href='/etc/passwd'/>"),
	  "1: unknown element <include> of the namespace "
	  "'http://www.w3.org/2001/XInclude' in <network>; " IN_NETWORK },
};

/* More of them, whatever the message. */
static const char *const more_mistakes[] = {
	NET("<x:bridge xmlns:x='urn:x'/>"), NET("<bridge xml:lang='en'/>"),
	NET("<vlan id='1'/>"),


	NET("<uuid>66740e68-08e4-4274-bc02-d165fa539fa</uuid>"),
	NET("<uuid>6-6740e6808e44274bc02d165fa539fad</uuid>"),
	NET("<uuid>66740e6808e44274bc02d165fa539fad-</uuid>"),
	"<network trustGuestRxFilters='1'><name>t</name></network>", NET("<bridge delay='32768'/>"),
	NET("<bridge delay='+1'/>"), NET("<bridge delay=''/>"), NET("<mtu size='67'/>"),
	NET("<mtu size='65536'/>"), NET("<mtu size=' 1500'/>"),
	NET("<mac address='52-54-00-00-00-01'/>"), NET("<mac address='52:54:00:00:00'/>"),
	NET("<mac address='52:54:00:00:00:01:02'/>"), NET("<mac/>"),
	NET("<domain name='a' localOnly='x'/>"),
	NET("<forward mode='NAT'/>"),

	NET("<forward><nat ipv6='1'/></forward>"),
	NET("<forward><nat><port start='0' end='0'/></nat></forward>"),
	NET("<forward><nat><port start='1' end='65536'/></nat></forward>"),
	NET("<forward><nat><address start='1.2.3' end='1.2.3.4'/></nat></forward>"),
	NET("<dns enable='maybe'/>"), NET("<dns forwardPlainNames='maybe'/>"),
	IN_DNS("<forwarder addr='dns.example'/>"),
	IN_DNS("<txt name='a' value='x&#10;dhcp-script=/x'/>"),
	IN_DNS("<txt name='a' value='x&#9;y'/>"), IN_DNS("<txt name='a' value='&#127;'/>"),
	IN_DNS("<srv service='a'/>"),
	IN_DNS("<srv service='a' protocol='tcp' target='t' port='0'/>"),
	IN_DNS("<srv service='a' protocol='tcp' target='t' weight='65536'/>"),
	IN_DNS("<srv service='a' protocol='tcp' target='t' priority='-1'/>"),
	IN_DNS("<host ip='10.0.0.5'><hostname>a<b/></hostname></host>"),
	IN_DNS("<host ip='10.0.0.5'><hostname a='1'>a</hostname></host>"),
	IN_DNS("<host ip='10.0.0.5'><hostname>a\nb</hostname></host>"),
	NET("<ip address='192.168.77'/>"), NET("<ip address='0xc0.0xa8.0x4d.1'/>"),
	NET("<ip address='192.168.077.1'/>"), NET("<ip address=''/>"),
	NET("<ip address=' 10.0.0.1'/>"), NET("<ip address='fe80::1%lo' family='ipv6'/>"),
	NET("<ip address='10.0.0.1' prefix='129'/>"), NET("<ip address='10.0.0.1' prefix='+24'/>"),
	NET("<ip address='10.0.0.1' prefix='-1'/>"), NET("<ip address='10.0.0.1' prefix=' 24'/>"),
	NET("<ip address='10.0.0.1' localPtr='on'/>"),
	IN_IP("<dhcp><range start='10.0.0.2' end='ten'/></dhcp>"),
	IN_IP("<dhcp><host mac='x' ip='10.0.0.9'/></dhcp>"),
	IN_IP("<dhcp><bootp file='a' server='tftp.example'/></dhcp>"),
	IN_IP("<dhcp><bootp file='a'/><bootp file='b'/></dhcp>"),
	IN_IP("<dhcp><bootp file='a&#10;b'/></dhcp>"), IN_IP("<tftp root='/a&#10;b'/>"),
	IN_RANGE("<lease expiry='4294967296'/>"),
	IN_RANGE("<lease expiry='5'/><lease expiry='5'/>"),
	NET("<route address='10.1.0.0' gateway='10.0.0.9' metric='4294967296'/>"),
};

/* What both take, and the validation too. */
static const char *const good[] = {
	NET(""),
	"<?xml version='1.0' encoding='UTF-8'?><!-- c -->"
	"<network connections='3' ipv6='yes'><?pi?><name>t</name></network>",
	"<network xmlns:d='http://libvirt.org/schemas/network/dnsmasq/1.0'>"
	"<name>t</name></network>",
	"<network trustGuestRxFilters='no'>\n"
	"<ip address='10.0.0.1'/>\n<name>t</name>\n</network>\n",
	"<network><name><![CDATA[t]]></name></network>",
	NET("<uuid> 66740E68 08e4-4274bc02 d165fa539fad </uuid>"),
	NET("<bridge/>"), NET("<bridge name=''/>"), NET("<bridge name='abcdefghijklmno'/>"),
	NET("<bridge name='virbr%d' stp='off' delay='0032'/>"),
	NET("<bridge><!-- c -->\n</bridge>"),
	NET("<mtu size='68'/>"), NET("<mtu size='65535'/>"), NET("<mac address='52:54:0:A:b:1'/>"),
	NET("<domain name='lab.test' localOnly='yes'/>"), NET("<dns/>"),
	NET("<forward managed='yes'/><ip address='10.0.0.1'/>"),
	NET("<ip address='10.0.0.1'/><forward mode='route' dev='eth0'>"
	    "<interface dev='eth0' connections='5'/></forward>"),
	NET("<ip address='10.0.0.1'/><forward><nat ipv6='no'><port start='1024' end='65535'/>"
	    "<address start='1.2.3.4' end='1.2.3.4'/></nat></forward>"),
	IN_DNS("<forwarder domain='a.example'/><host ip='fd00::5'><hostname>a</hostname></host>"
	       "<forwarder addr='::1'/><txt name='a' value='v=spf1 -all, it&apos;s'/>"
	       "<srv service='ldap' protocol='tcp' target='.'/>"),
	IN_IP("<dhcp><host name='a' ip='10.0.0.9'><lease expiry='0'/></host>"
	      "<range start='10.0.0.2' end='10.0.0.5'>"
	      "<lease unit='hours' expiry='1193046'/></range>"
	      "<bootp file='pxelinux.0'/></dhcp><tftp root='/srv'/>"),
	NET("<ip family='ipv6' address='fd00::1' prefix='64'>"
	    "<dhcp><host id='0:1:2a:BC' ip='fd00::2'/></dhcp></ip>"),
	NET("<ip address='10.0.0.1'/><route address='10.1.0.0' netmask='255.255.0.0' "
	    "gateway='10.0.0.9' metric='4294967295'/>"),
};

/* clang-format on */

static void refuse(const char *xml, const char *msg, const struct vnm_schema *schema)
{
	vnm_autonetwork struct vnm_network net = { 0 };
	bool nameless = msg && strstr(msg, "missing name");
	struct vnm_error err = { 0 }, rng = { 0 };

	if (parse(xml, &net, &err) == 0 || check(xml, schema, &rng) == 0) {
		printf("\ntaken by the %s: %s\n", err.code ? "schema" : "reader", xml);
		CU_FAIL("a bad definition was taken");
		return;
	}
	VNM_ASSERT_INT_EQ(err.code, nameless ? VNM_ERR_NO_NAME : VNM_ERR_XML_SCHEMA);
	VNM_ASSERT_INT_EQ(rng.code, VNM_ERR_XML_SCHEMA);
	CU_ASSERT(!strncmp(err.msg, "t.xml:", 6) && atoi(err.msg + 6) > 0);
	CU_ASSERT(!strncmp(rng.msg, "t.xml:", 6) && atoi(rng.msg + 6) > 0);
	CU_ASSERT(!net.at.present); /* written on success only */
	if (msg)
		VNM_ASSERT_STR_EQ(err.msg + 6, msg);
}

static void refused_twice(void)
{
	vnm_autoschema struct vnm_schema *schema = load_schema("network.rng");

	for (size_t i = 0; i < VNM_ARRAY_SIZE(mistakes); i++)
		refuse(mistakes[i].xml, mistakes[i].msg, schema);
	for (size_t i = 0; i < VNM_ARRAY_SIZE(more_mistakes); i++)
		refuse(more_mistakes[i], NULL, schema);
}

static void taken_by_both(void)
{
	vnm_autoschema struct vnm_schema *schema = load_schema("network.rng");

	for (size_t i = 0; i < VNM_ARRAY_SIZE(good); i++) {
		vnm_autonetwork struct vnm_network net = { 0 };
		struct vnm_error err = { 0 };

		VNM_ASSERT_OK(parse(good[i], &net, &err), err);
		VNM_ASSERT_OK(net.at.present ? vnm_network_validate(&net, NULL, &err) : 0, err);
		VNM_ASSERT_OK(check(good[i], schema, &err), err);
		VNM_ASSERT_STR_EQ(net.name, "t");
		VNM_ASSERT_STR_EQ(net.file, "t.xml");
	}
}

/* Spellings of addresses: the schema's patterns and the reader are of one mind. */
static void spellings(void)
{
	static const char *const addresses[] = {
		"0.0.0.0",
		"255.255.255.255",
		"1.2.3.4",
		"01.2.3.4",
		"1.2.3",
		"1.2.3.4.",
		"1.2.3.256",
		"1.2.3.4 ",
		"1.2.3.-4",
		"::",
		"::1",
		"1::",
		"1:2:3:4:5:6:7:8",
		"1:2:3:4:5:6:7::",
		"::2:3:4:5:6:7:8",
		"1::3:4:5:6:7:8",
		"1:2::7:8",
		"1:2:3:4:5:6::8",
		"1:2:3:4:5::7:8",
		"FD00::aBcD",
		"0000:0000::0001",
		":",
		":::",
		"1:::2",
		"1::2::3",
		":1::2",
		"1::2:",
		"1:2:3:4:5:6:7",
		"1:2:3:4:5:6:7:8:9",
		"1:2:3:4:5:6:7:8::",
		"::1:2:3:4:5:6:7:8",
		"1:2:3:4::5:6:7:8",
		"12345::",
		"g::",
		"1:2:3:4:5:6:1.2.3.4",
		"::1.2.3.4",
		"::ffff:1.2.3.4",
		"1::1.2.3.4",
		"1:2:3:4:5::1.2.3.4",
		"1:2::5:1.2.3.4",
		"::2:3:4:5:6:1.2.3.4",
		"1:2:3:4:5:6:7:1.2.3.4",
		"1:2:3:4:5:1.2.3.4",
		"1.2.3.4::",
		"::1.2.3",
		"::1.2.3.256",
		"1:2:3:4:5:6::1.2.3.4",
		"fe80::1%lo",
		"::1/64",
		"[::1]",
		"",
		" ",
		"x",
	};
	vnm_autoschema struct vnm_schema *schema = load_schema("network.rng");
	int taken = 0;

	for (size_t i = 0; i < VNM_ARRAY_SIZE(addresses); i++) {
		vnm_autofree char *xml = vnm_asprintf(
			IN_DNS("<host ip='%s'><hostname>a</hostname></host>"), addresses[i]);
		vnm_autonetwork struct vnm_network net = { 0 };
		struct vnm_error err = { 0 };
		bool reader = parse(xml, &net, &err) == 0, rng = check(xml, schema, &err) == 0;

		if (reader != rng)
			printf("\n'%s': reader %d, schema %d\n", addresses[i], reader, rng);
		CU_ASSERT_EQUAL(reader, rng);
		taken += reader;
	}
	CU_ASSERT(taken > 20 && taken < (int)VNM_ARRAY_SIZE(addresses) - 20);
}

const struct vnm_test vnm_tests[] = {
	{ "refused twice", refused_twice },
	{ "taken by both", taken_by_both },
	{ "spellings", spellings },
	{ 0 },
};
