/*
 * test_network_xml.c - the vocabulary of networks: what is taken, what is refused by whom, and that nothing is lost
 * between text and struct. What comes out, byte for byte, stands in tests/data (golden.c).
 */
#include "runner.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <libxml/xmlmemory.h>

#include "model/validate.h"
#include "util/file.h"
#include "util/mem.h"
#include "xml/document.h"
#include "xml/network_xml.h"

const char vnm_suite[] = "network_xml";

static struct vnm_schema *load_schema(void)
{
	vnm_autofree char *rng = vnm_asprintf("%s/schemas/network.rng", vnm_test_srcdir());
	struct vnm_schema *schema = NULL;
	struct vnm_error err = { 0 };

	VNM_ASSERT_OK_FATAL(vnm_schema_load(rng, &schema, &err), err);
	return schema;
}

static int parse(const char *xml, struct vnm_network *net, struct vnm_error *err)
{
	return vnm_network_xml_parse(xml, strlen(xml), "t.xml", net, err);
}

static int check(const char *xml, const struct vnm_schema *schema, struct vnm_error *err)
{
	return vnm_network_xml_check(xml, strlen(xml), "t.xml", schema, err);
}

/* ---- what both the typed reader and the schema refuse ---- */

#define NET(body) "<network><name>t</name>" body "</network>"
#define IN_IP(body) NET("<ip address='10.0.0.1' prefix='24'>" body "</ip>")
#define IN_DNS(body) NET("<dns>" body "</dns>")

static const struct bad {
	const char *xml, *msg;
} bad[] = {
	{ "<network/>", "1: missing name information" },
	{ "<network><name/></network>", "1: missing name information" },
	{ "<domain type='kvm'><name>t</name></domain>", "1: expecting root element of 'network', not 'domain'" },
	{ "<network xmlns='urn:x'><name>t</name></network>",
	  "1: element <network> may not stand in a namespace: remove xmlns='urn:x'" },
	{ "<n:network xmlns:n='urn:x'><name>t</name></n:network>",
	  "1: element <network> may not stand in a namespace: remove xmlns='urn:x'" },
	{ NET("<forwad/>"), "1: unknown element <forwad> in <network>; expected one of name, uuid, forward, bridge, mtu, "
	  "mac, domain, dns, ip, route" },
	{ NET("\n<bridge frob='1'/>"), "2: unknown attribute 'frob' in <bridge>; expected one of name, stp, delay" },
	{ "<network foo='1'><name>t</name></network>",
	  "1: unknown attribute 'foo' in <network>; expected one of ipv6, trustGuestRxFilters" },
	{ NET("\n<bridge stp='maybe'/>"), "2: element <bridge>: attribute 'stp': expected 'on' or 'off', got 'maybe'" },
	{ NET("<bridge stp=' on'/>"), "1: element <bridge>: attribute 'stp': expected 'on' or 'off', got ' on'" },
	{ NET("<bridge/>\n<bridge/>"), "2: element <bridge> may stand only once (first at line 1)" },
	{ NET("<name>u</name>"), "1: element <name> may stand only once (first at line 1)" },
	{ NET("<forward/><forward/>"), "1: element <forward> may stand only once (first at line 1)" },
	{ NET("<dns/><dns/>"), "1: element <dns> may stand only once (first at line 1)" },
	{ NET("hello"), "1: element <network> may not hold text" },
	{ NET("<bridge>x</bridge>"), "1: element <bridge> may not hold text" },
	{ NET("<x:bridge xmlns:x='urn:x'/>"), NULL },
	{ NET("<bridge xml:lang='en'/>"), NULL },
	{ NET("<metadata/>"), NULL }, { NET("<portgroup name='a'/>"), NULL }, { NET("<bandwidth/>"), NULL },
	{ NET("<vlan/>"), NULL }, { NET("<virtualport type='openvswitch'/>"), NULL }, { NET("<title>t</title>"), NULL },
	{ NET("<bridge macTableManager='kernel'/>"), NULL }, { NET("<bridge zone='z'/>"), NULL },
	{ NET("<uuid>zz</uuid>"), "1: element <uuid>: expected a UUID, got 'zz'" },
	{ NET("<uuid>66740e68-08e4-4274-bc02-d165fa539fa</uuid>"), NULL },
	{ NET("<uuid>6-6740e6808e44274bc02d165fa539fad</uuid>"), NULL },
	{ NET("<uuid>66740e6808e44274bc02d165fa539fad-</uuid>"), NULL },
	{ "<network ipv6='maybe'><name>t</name></network>",
	  "1: element <network>: attribute 'ipv6': expected 'yes' or 'no', got 'maybe'" },
	{ "<network trustGuestRxFilters='1'><name>t</name></network>", NULL },
	{ NET("<bridge delay='x'/>"), "1: element <bridge>: attribute 'delay': expected a number from 0 to 32767, got 'x'" },
	{ NET("<bridge delay='32768'/>"), NULL }, { NET("<bridge delay='+1'/>"), NULL }, { NET("<bridge delay=''/>"), NULL },
	{ NET("<mtu/>"), "1: missing attribute 'size' in <mtu>" },
	{ NET("<mtu size='67'/>"), NULL }, { NET("<mtu size='65536'/>"), NULL }, { NET("<mtu size=' 1500'/>"), NULL },
	{ NET("<mtu size='0'/>"), "1: element <mtu>: attribute 'size': expected a number from 68 to 65535, got '0'" },
	{ NET("<mac address='zz'/>"),
	  "1: element <mac>: attribute 'address': expected a MAC address such as 52:54:00:12:34:56, got 'zz'" },
	{ NET("<mac address='52-54-00-00-00-01'/>"), NULL }, { NET("<mac address='52:54:00:00:00'/>"), NULL },
	{ NET("<mac address='52:54:00:00:00:01:02'/>"), NULL }, { NET("<mac/>"), NULL },
	{ NET("<domain/>"), "1: missing attribute 'name' in <domain>" },
	{ NET("<domain name='a' localOnly='x'/>"), NULL }, { NET("<domain name='a' register='yes'/>"), NULL },
	{ NET("<forward mode='none'/>"),
	  "1: element <forward>: attribute 'mode': expected 'nat', 'route', 'open' or 'bridge', got 'none'" },
	{ NET("<forward mode='hostdev'/>"), NULL }, { NET("<forward mode='NAT'/>"), NULL },
	{ NET("<forward managed='maybe'/>"),
	  "1: element <forward>: attribute 'managed': expected 'yes' or 'no', got 'maybe'" },
	{ NET("<forward><interface/></forward>"), "1: missing attribute 'dev' in <interface>" },
	{ NET("<forward><pf dev='a'/></forward>"), NULL }, { NET("<forward><driver name='vfio'/></forward>"), NULL },
	{ NET("<forward><nat/><nat/></forward>"), "1: element <nat> may stand only once (first at line 1)" },
	{ NET("<forward><nat ipv6='1'/></forward>"), NULL },
	{ NET("<forward><nat><address start='1.2.3.4'/></nat></forward>"), "1: missing attribute 'end' in <address>" },
	{ NET("<forward><nat><port start='1'/></nat></forward>"), "1: missing attribute 'end' in <port>" },
	{ NET("<forward><nat><port start='0' end='0'/></nat></forward>"), NULL },
	{ NET("<forward><nat><port start='1' end='65536'/></nat></forward>"), NULL },
	{ NET("<forward><nat><address start='1.2.3' end='1.2.3.4'/></nat></forward>"), NULL },
	{ NET("<dns enable='maybe'/>"), NULL }, { NET("<dns forwardPlainNames='maybe'/>"), NULL },
	{ IN_DNS("<forwarder addr='dns.example'/>"), NULL }, { IN_DNS("<forwarder port='53'/>"), NULL },
	{ IN_DNS("<txt name='a'/>"), "1: missing attribute 'value' in <txt>" },
	{ IN_DNS("<txt value='a'/>"), "1: missing attribute 'name' in <txt>" },
	{ IN_DNS("<txt name='a' value='x&#10;dhcp-script=/x'/>"), NULL },
	{ IN_DNS("<txt name='a' value='x&#9;y'/>"), NULL }, { IN_DNS("<txt name='a' value='&#127;'/>"), NULL },
	{ IN_DNS("<srv protocol='tcp'/>"), "1: missing attribute 'service' in <srv>" },
	{ IN_DNS("<srv service='a'/>"), NULL }, { IN_DNS("<srv service='a' protocol='tcp' target='t' port='0'/>"), NULL },
	{ IN_DNS("<srv service='a' protocol='tcp' target='t' weight='65536'/>"), NULL },
	{ IN_DNS("<srv service='a' protocol='tcp' target='t' priority='-1'/>"), NULL },
	{ IN_DNS("<host><hostname>a</hostname></host>"), "1: missing attribute 'ip' in <host>" },
	{ IN_DNS("<host ip='10.0.0.5'><hostname>a<b/></hostname></host>"), NULL },
	{ IN_DNS("<host ip='10.0.0.5'><hostname a='1'>a</hostname></host>"), NULL },
	{ IN_DNS("<host ip='10.0.0.5'><hostname>a\nb</hostname></host>"), NULL },
	{ NET("<ip/>"), "1: missing attribute 'address' in <ip>" },
	{ NET("<ip address='300.1.1.1'/>"), "1: element <ip>: attribute 'address': expected an IP address, got '300.1.1.1'" },
	{ NET("<ip address='192.168.77'/>"), NULL }, { NET("<ip address='0xc0.0xa8.0x4d.1'/>"), NULL },
	{ NET("<ip address='192.168.077.1'/>"), NULL }, { NET("<ip address=''/>"), NULL },
	{ NET("<ip address=' 10.0.0.1'/>"), NULL }, { NET("<ip address='fe80::1%lo' family='ipv6'/>"), NULL },
	{ NET("<ip family='ipx' address='10.0.0.1'/>"),
	  "1: element <ip>: attribute 'family': expected 'ipv4' or 'ipv6', got 'ipx'" },
	{ NET("<ip address='10.0.0.1' prefix='129'/>"), NULL }, { NET("<ip address='10.0.0.1' prefix='+24'/>"), NULL },
	{ NET("<ip address='10.0.0.1' prefix='-1'/>"), NULL }, { NET("<ip address='10.0.0.1' prefix=' 24'/>"), NULL },
	{ NET("<ip address='10.0.0.1' netmask='24'/>"),
	  "1: element <ip>: attribute 'netmask': expected an IPv4 netmask such as 255.255.255.0, got '24'" },
	{ NET("<ip address='10.0.0.1' localPtr='on'/>"), NULL },
	{ IN_IP("<tftp/>"), "1: missing attribute 'root' in <tftp>" },
	{ IN_IP("<dhcp/><dhcp/>"), "1: element <dhcp> may stand only once (first at line 1)" },
	{ IN_IP("<dhcp>\n<range end='10.0.0.9'/></dhcp>"), "2: missing attribute 'start' in <range>" },
	{ IN_IP("<dhcp><range start='10.0.0.2' end='ten'/></dhcp>"), NULL },
	{ IN_IP("<dhcp><host mac='52:54:00:00:00:01'/></dhcp>"), "1: missing attribute 'ip' in <host>" },
	{ IN_IP("<dhcp><host mac='x' ip='10.0.0.9'/></dhcp>"), NULL },
	{ IN_IP("<dhcp><bootp/></dhcp>"), "1: missing attribute 'file' in <bootp>" },
	{ IN_IP("<dhcp><bootp file='a' server='tftp.example'/></dhcp>"), NULL },
	{ IN_IP("<dhcp><bootp file='a'/><bootp file='b'/></dhcp>"), NULL },
	{ IN_IP("<dhcp><bootp file='a&#10;b'/></dhcp>"), NULL }, { IN_IP("<tftp root='/a&#10;b'/>"), NULL },
	{ IN_IP("<dhcp><range start='10.0.0.2' end='10.0.0.9'><lease/></range></dhcp>"),
	  "1: missing attribute 'expiry' in <lease>" },
	{ IN_IP("<dhcp><range start='10.0.0.2' end='10.0.0.9'><lease expiry='1' unit='days'/></range></dhcp>"),
	  "1: element <lease>: attribute 'unit': expected 'seconds', 'minutes' or 'hours', got 'days'" },
	{ IN_IP("<dhcp><range start='10.0.0.2' end='10.0.0.9'><lease expiry='4294967296'/></range></dhcp>"), NULL },
	{ IN_IP("<dhcp><range start='10.0.0.2' end='10.0.0.9'><lease expiry='5'/><lease expiry='5'/></range></dhcp>"), NULL },
	{ NET("<route gateway='10.0.0.9'/>"), "1: missing attribute 'address' in <route>" },
	{ NET("<route address='10.1.0.0' prefix='16'/>"), "1: missing attribute 'gateway' in <route>" },
	{ NET("<route address='10.1.0.0' gateway='10.0.0.9' metric='0'/>"),
	  "1: element <route>: attribute 'metric': expected a number from 1 to 4294967295, got '0'" },
	{ NET("<route address='10.1.0.0' gateway='10.0.0.9' metric='4294967296'/>"), NULL },
	{ NET("<xi:include xmlns:xi='http://www.w3.org/2001/XInclude' href='/etc/passwd' parse='text'/>"),
	  "1: unknown element <include> of the namespace 'http://www.w3.org/2001/XInclude' in <network>; expected one of "
	  "name, uuid, forward, bridge, mtu, mac, domain, dns, ip, route" },
};

/* The reader in exact words, the schema alone as well, and both with a line. */
static void refused_twice(void)
{
	vnm_autoschema struct vnm_schema *schema = load_schema();

	for (size_t i = 0; i < VNM_ARRAY_SIZE(bad); i++) {
		vnm_autonetwork struct vnm_network net = { 0 };
		struct vnm_error err = { 0 }, rng = { 0 };

		if (parse(bad[i].xml, &net, &err) == 0 || check(bad[i].xml, schema, &rng) == 0) {
			printf("\ntaken by the %s: %s\n", err.code ? "schema" : "reader", bad[i].xml);
			CU_FAIL("a bad definition was taken");
			continue;
		}
		VNM_ASSERT_INT_EQ(err.code, VNM_ERR_XML_SCHEMA);
		VNM_ASSERT_INT_EQ(rng.code, VNM_ERR_XML_SCHEMA);
		CU_ASSERT(!strncmp(err.msg, "t.xml:", 6) && atoi(err.msg + 6) > 0);
		CU_ASSERT(!strncmp(rng.msg, "t.xml:", 6) && atoi(rng.msg + 6) > 0);
		CU_ASSERT(!net.at.present);	/* written on success only */
		if (bad[i].msg)
			VNM_ASSERT_STR_EQ(err.msg + 6, bad[i].msg);
	}
}

/* ---- what both take ---- */

static const char *const good[] = {
	NET(""),
	"<?xml version='1.0' encoding='UTF-8'?><!-- c --><network connections='3' ipv6='yes'><?pi?><name>t</name></network>",
	"<network xmlns:dnsmasq='http://libvirt.org/schemas/network/dnsmasq/1.0'><name>t</name></network>",
	"<network trustGuestRxFilters='no'>\n<ip address='10.0.0.1'/>\n<name>t</name>\n</network>\n",
	"<network><name><![CDATA[t]]></name></network>",
	NET("<uuid> 66740E68 08e4-4274bc02 d165fa539fad </uuid>"),
	NET("<bridge/>"), NET("<bridge name=''/>"), NET("<bridge name='virbr%d' stp='off' delay='0032'/>"),
	NET("<bridge name='abcdefghijklmno'/>"), NET("<bridge><!-- c -->\n</bridge>"),
	NET("<mtu size='68'/>"), NET("<mtu size='65535'/>"), NET("<mac address='52:54:0:A:b:1'/>"),
	NET("<domain name='lab.test' localOnly='yes'/>"), NET("<dns/>"),
	NET("<forward managed='yes'/><ip address='10.0.0.1'/>"),
	NET("<forward mode='route' dev='eth0'><interface dev='eth0' connections='5'/></forward><ip address='10.0.0.1'/>"),
	NET("<forward><nat ipv6='no'><port start='1024' end='65535'/><address start='1.2.3.4' end='1.2.3.4'/></nat></forward>"
	    "<ip address='10.0.0.1'/>"),
	IN_DNS("<forwarder domain='a.example'/><host ip='fd00::5'><hostname>a</hostname></host><forwarder addr='::1'/>"
	       "<txt name='a' value='v=spf1 -all, it&apos;s'/><srv service='ldap' protocol='tcp' target='.'/>"),
	IN_IP("<dhcp><host name='a' ip='10.0.0.9'><lease expiry='0'/></host><range start='10.0.0.2' end='10.0.0.5'>"
	      "<lease unit='hours' expiry='1193046'/></range><bootp file='pxelinux.0'/></dhcp><tftp root='/srv'/>"),
	NET("<ip family='ipv6' address='fd00::1' prefix='64'><dhcp><host id='0:1:2a:BC' ip='fd00::2'/></dhcp></ip>"),
	NET("<ip address='10.0.0.1'/><route address='10.1.0.0' netmask='255.255.0.0' gateway='10.0.0.9' metric='4294967295'/>"),
};

static void taken_by_both(void)
{
	vnm_autoschema struct vnm_schema *schema = load_schema();

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
		"0.0.0.0", "255.255.255.255", "1.2.3.4", "01.2.3.4", "1.2.3", "1.2.3.4.", "1.2.3.256", "1.2.3.4 ", "1.2.3.-4",
		"::", "::1", "1::", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7::", "::2:3:4:5:6:7:8", "1::3:4:5:6:7:8", "1:2::7:8",
		"1:2:3:4:5:6::8", "1:2:3:4:5::7:8", "FD00::aBcD", "0000:0000::0001", ":", ":::", "1:::2", "1::2::3", ":1::2",
		"1::2:", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8::", "::1:2:3:4:5:6:7:8", "1:2:3:4::5:6:7:8",
		"12345::", "g::", "1:2:3:4:5:6:1.2.3.4", "::1.2.3.4", "::ffff:1.2.3.4", "1::1.2.3.4", "1:2:3:4:5::1.2.3.4",
		"1:2::5:1.2.3.4", "::2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:7:1.2.3.4", "1:2:3:4:5:1.2.3.4", "1.2.3.4::", "::1.2.3",
		"::1.2.3.256", "1:2:3:4:5:6::1.2.3.4", "fe80::1%lo", "::1/64", "[::1]", "", " ", "x",
	};
	vnm_autoschema struct vnm_schema *schema = load_schema();
	int taken = 0;

	for (size_t i = 0; i < VNM_ARRAY_SIZE(addresses); i++) {
		vnm_autofree char *xml = vnm_asprintf(IN_DNS("<host ip='%s'><hostname>a</hostname></host>"), addresses[i]);
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

/* ---- the parser ---- */

static void not_parsed(const char *xml, size_t len, int r, const char *msg)
{
	vnm_autonetwork struct vnm_network net = { 0 };
	struct vnm_error err = { 0 };

	VNM_ASSERT_INT_EQ(vnm_network_xml_parse(xml, len, "t.xml", &net, &err), r);
	VNM_ASSERT_INT_EQ(err.code, VNM_ERR_XML_SYNTAX);
	CU_ASSERT(!net.at.present);
	if (msg)
		VNM_ASSERT_STR_EQ(err.msg, msg);
}

static void syntax(void)
{
	static const struct { const char *xml, *msg; } cases[] = {
		{ "", NULL }, { "   \n", NULL }, { "hello", NULL }, { "<network>", NULL },
		{ "<network>\n  <name>t</nam>\n</network>",
		  "t.xml:2:16: Opening and ending tag mismatch: name line 2 and nam" },
		{ "<network><name>t</name></network><network/>", NULL }, { "<network a='1' a='2'/>", NULL },
		{ "<network><name>&foo;</name></network>", "t.xml:1:21: Entity 'foo' not defined" },
		{ "<network><name>t\xff</name></network>", NULL }, { "<network><name>\xc3</name></network>", NULL },
		{ "<network><name>&#0;</name></network>", NULL }, { "<network><name>\x01</name></network>", NULL },
		{ "<network><x:y/></network>", NULL }, { "<?xml version='1.0' encoding='nosuch'?><network/>", NULL },
	};

	for (size_t i = 0; i < VNM_ARRAY_SIZE(cases); i++)
		not_parsed(cases[i].xml, strlen(cases[i].xml), -EINVAL, cases[i].msg);
	not_parsed("<network><name>t\0</name></network>", 34, -EINVAL, NULL);
}

/* None of them may do anything at all: no entity is defined, nothing is opened. */
static void doctype(void)
{
	static const char *const cases[] = {
		"<!DOCTYPE network>" NET(""),
		"<?xml version='1.0'?>\n<!DOCTYPE network SYSTEM 'file:///etc/hostname'>" NET(""),
		"<!DOCTYPE network PUBLIC '-//x//EN' 'http://127.0.0.1:1/x.dtd'>" NET(""),
		"<!DOCTYPE network [<!ENTITY x 'y'>]><network><name>&x;</name></network>",
		"<!DOCTYPE network [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><network><name>&x;</name></network>",
		"<!DOCTYPE network [<!ENTITY % x SYSTEM 'file:///etc/passwd'> %x;]>" NET(""),
		"<!DOCTYPE network [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>]><network>&b;</network>",
		"<!DOCTYPE network [<!ATTLIST bridge stp CDATA 'off'>]>" NET("<bridge/>"),
		"<!DOCTYPE network [<!ENTITY x 'y'>]", "<!DOCTYPE network",
	};

	for (size_t i = 0; i < VNM_ARRAY_SIZE(cases); i++)
		not_parsed(cases[i], strlen(cases[i]), -EINVAL, NULL);
	not_parsed(cases[1], strlen(cases[1]), -EINVAL,
		   "t.xml:2:48: a document type declaration (DOCTYPE) is not allowed; remove it");
}

static void repeat(struct vnm_buf *out, const char *fmt, int n)
{
	for (int i = 0; i < n; i++)
		vnm_buf_printf(out, "%s", fmt);
}

static void limits(void)
{
	vnm_autobuf struct vnm_buf xml = { 0 };
	vnm_autonetwork struct vnm_network net = { 0 };
	struct vnm_error err = { 0 };

	vnm_buf_add(&xml, NET(""));
	while (xml.len < VNM_XML_MAX)
		vnm_buf_addc(&xml, ' ');
	VNM_ASSERT_OK(vnm_network_xml_parse(xml.data, xml.len, "t.xml", &net, &err), err);
	vnm_buf_addc(&xml, ' ');
	not_parsed(xml.data, xml.len, -EFBIG, "t.xml: larger than 1048576 bytes");

	vnm_buf_clear(&xml);
	repeat(&xml, "<network>", 1000);
	not_parsed(xml.data, xml.len, -EINVAL, NULL);
}

/* To compare each with each would take minutes. */
static void crowds(void)
{
	vnm_autobuf struct vnm_buf xml = { 0 };
	vnm_autonetwork struct vnm_network net = { 0 };
	struct vnm_error err = { 0 };

	vnm_buf_add(&xml, "<network>\n<name");
	for (int i = 0; i < 100000; i++)
		vnm_buf_printf(&xml, " a%x=''", (unsigned)i);
	vnm_buf_add(&xml, "/></network>");
	not_parsed(xml.data, xml.len, -EINVAL, "t.xml:2: an element with more than 512 attributes");

	vnm_buf_clear(&xml);
	vnm_buf_add(&xml, "<network><!-- ");
	repeat(&xml, "=", 1000);
	vnm_buf_add(&xml, " --><name>t</name><domain name='d");
	repeat(&xml, "=", 500);
	vnm_buf_add(&xml, "'/></network>");
	VNM_ASSERT_OK(vnm_network_xml_parse(xml.data, xml.len, "t.xml", &net, &err), err);
}

/* libxml2 goes on as if nothing had happened in some places when there is no memory; ours does not come back. */
static void no_memory(void)
{
	int status = 0;
	pid_t pid;

	vnm_document_init();
	fflush(NULL);
	pid = fork();
	CU_ASSERT_FATAL(pid >= 0);
	if (pid == 0) {
		int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

		dup2(null, STDERR_FILENO);
		_exit(xmlMalloc((size_t)1 << 62) ? 3 : 2);
	}
	CU_ASSERT_EQUAL_FATAL(waitpid(pid, &status, 0), pid);
	CU_ASSERT(WIFEXITED(status));
	VNM_ASSERT_INT_EQ(WEXITSTATUS(status), 1);
}

/* ---- the schema itself ---- */

static void no_schema(const char *path, const char *part)
{
	struct vnm_schema *schema = NULL;
	struct vnm_error err = { 0 };

	CU_ASSERT(vnm_schema_load(path, &schema, &err) < 0);
	VNM_ASSERT_INT_EQ(err.code, VNM_ERR_STATE);
	CU_ASSERT_PTR_NULL(schema);
	CU_ASSERT_PTR_NOT_NULL(strstr(err.msg, path));
	CU_ASSERT_PTR_NOT_NULL(strstr(err.msg, part));
}

static void schema_missing(void)
{
	struct vnm_test_dir dir vnm_autotestdir = { 0 };
	static const char broken[] = "<grammar xmlns='http://relaxng.org/ns/structure/1.0'><start><ref name='no'/></start></grammar>";
	static const char lonely[] = "<grammar xmlns='http://relaxng.org/ns/structure/1.0'><include href='no.rng'/>"
				     "<start><element name='a'><empty/></element></start></grammar>";
	vnm_autofree char *a = NULL, *b = NULL, *c = NULL;

	vnm_test_dir_make(&dir);
	a = vnm_asprintf("%s/none.rng", dir.path);
	b = vnm_asprintf("%s/broken.rng", dir.path);
	c = vnm_asprintf("%s/lonely.rng", dir.path);
	VNM_ASSERT_INT_EQ(vnm_file_replace(dir.fd, "broken.rng", broken, strlen(broken), 0644, (gid_t)-1, VNM_VOLATILE), 0);
	VNM_ASSERT_INT_EQ(vnm_file_replace(dir.fd, "lonely.rng", lonely, strlen(lonely), 0644, (gid_t)-1, VNM_VOLATILE), 0);
	no_schema(a, "none.rng");
	no_schema(b, "no");
	no_schema(c, "no.rng");
	vnm_schema_free(NULL);
}

/* ---- nothing is lost ---- */

/* Reads @xml; what is printed of it, and of a copy, reads as the same again. */
static void round_trip(const char *xml, const char *what)
{
	vnm_autonetwork struct vnm_network net = { 0 }, again = { 0 }, copy = { 0 };
	vnm_autobuf struct vnm_buf first = { 0 }, second = { 0 }, third = { 0 };
	struct vnm_error err = { 0 };

	if (parse(xml, &net, &err) < 0)
		return;
	vnm_network_xml_format(&net, &first);
	VNM_ASSERT_OK_FATAL(parse(first.data, &again, &err), err);
	vnm_network_xml_format(&again, &second);
	vnm_check_str(what, second.data, first.data, __FILE__, __LINE__, 0);
	vnm_network_copy(&net, &copy);
	VNM_ASSERT_STR_EQ(copy.file, net.file);
	CU_ASSERT(copy.name != net.name && copy.file != net.file);
	vnm_network_clear(&net);
	CU_ASSERT(!net.name && !net.file && !net.at.present && !net.ips && !net.dns.at.present);
	vnm_network_xml_format(&copy, &third);
	vnm_check_str(what, third.data, first.data, __FILE__, __LINE__, 0);
}

/* Every definition that there is in the tree. */
static void round_trips(const char *dir, const char *file)
{
	vnm_autofree char *path = vnm_asprintf("%s/%s", vnm_test_srcdir(), dir);
	struct dirent **entries;
	int n = scandir(path, &entries, NULL, alphasort), done = 0;

	CU_ASSERT_FATAL(n > 0);
	for (int i = 0; i < n; i++) {
		vnm_autofree char *name = vnm_asprintf("%s/%s%s", path, entries[i]->d_name, file);
		vnm_autofree char *xml = NULL;

		if (entries[i]->d_name[0] != '.' &&
		    vnm_file_read(AT_FDCWD, name, VNM_XML_MAX, &xml, NULL) == 0) {
			round_trip(xml, entries[i]->d_name);
			done++;
		}
		free(entries[i]);
	}
	free(entries);
	CU_ASSERT(done > 5);
}

static void nothing_lost(void)
{
	round_trips("tests/data", "/in.xml");
	round_trips("networks", "");
	for (size_t i = 0; i < VNM_ARRAY_SIZE(good); i++)
		round_trip(good[i], good[i]);
}

/* Every row of the tables has a value in here, so a row that is read and not printed shows. */
static const char everything[] =
	"<network ipv6='yes' trustGuestRxFilters='yes'>\n"
	"  <name>t</name>\n"
	"  <uuid>5599d7e3-f78d-4f9b-abc2-1a9384ffc5f7</uuid>\n"
	"  <forward dev='eth9' mode='nat'>\n"
	"    <nat ipv6='yes'>\n"
	"      <address start='203.0.113.1' end='203.0.113.9'/>\n"
	"      <port start='2000' end='3000'/>\n"
	"    </nat>\n"
	"    <interface dev='eth9'/>\n"
	"  </forward>\n"
	"  <bridge name='br7' stp='off' delay='3'/>\n"
	"  <mtu size='1400'/>\n"
	"  <mac address='52:54:00:01:02:03'/>\n"
	"  <domain name='lab.test' localOnly='yes'/>\n"
	"  <dns enable='yes' forwardPlainNames='no'>\n"
	"    <forwarder domain='corp.example' addr='192.0.2.53'/>\n"
	"    <txt name='a' value='b'/>\n"
	"    <srv service='ldap' protocol='tcp' domain='lab.test' target='x' port='1' priority='2' weight='3'/>\n"
	"    <host ip='10.0.0.5'>\n"
	"      <hostname>h</hostname>\n"
	"    </host>\n"
	"  </dns>\n"
	"  <ip family='ipv4' address='10.0.0.1' netmask='255.255.255.0' localPtr='yes'>\n"
	"    <tftp root='/srv'/>\n"
	"    <dhcp>\n"
	"      <range start='10.0.0.2' end='10.0.0.9'>\n"
	"        <lease expiry='2' unit='hours'/>\n"
	"      </range>\n"
	"      <host mac='52:54:00:00:00:01' id='00:01' name='h' ip='10.0.0.3'>\n"
	"        <lease expiry='30' unit='minutes'/>\n"
	"      </host>\n"
	"      <bootp file='pxe' server='10.0.0.4'/>\n"
	"    </dhcp>\n"
	"  </ip>\n"
	"  <ip address='10.2.0.1' prefix='24'>\n"
	"  </ip>\n"
	"  <route family='ipv4' address='10.1.0.0' netmask='255.255.0.0' gateway='10.0.0.9' metric='7'/>\n"
	"  <route address='10.3.0.0' prefix='16' gateway='10.0.0.9'/>\n"
	"</network>\n";

static bool attribute_shown(const char *elem, const char *name)
{
	vnm_autofree char *tag = vnm_asprintf("<%s ", elem);
	vnm_autofree char *attr = vnm_asprintf(" %s='", name);

	for (const char *p = strstr(everything, tag); p; p = strstr(p + 1, tag)) {
		const char *hit = strstr(p, attr);

		if (hit && hit < strchr(p, '>'))
			return true;
	}
	return false;
}

static void check_rows(const struct vnm_element *elem)
{
	for (size_t i = 0; i < elem->n_fields; i++) {
		const struct vnm_field *field = &elem->fields[i];
		vnm_autofree char *tag = field->name ? vnm_asprintf("<%s", field->name) : NULL;

		if (field->flags & VNM_FIELD_READ_ONLY)
			continue;
		if (field->kind == VNM_FIELD_ATTR ? !attribute_shown(elem->name, field->name) :
		    tag && !strstr(everything, tag)) {
			printf("\n%s of <%s> is not in the text\n", field->name, elem->name);
			CU_FAIL("a row without a value");
		}
		if (field->element)
			check_rows(field->element);
	}
}

static void every_row(void)
{
	vnm_autonetwork struct vnm_network net = { 0 }, copy = { 0 };
	vnm_autobuf struct vnm_buf out = { 0 };
	struct vnm_error err = { 0 };
	const struct vnm_network zero = { 0 };

	check_rows(&vnm_element_network);
	VNM_ASSERT_OK_FATAL(parse(everything, &net, &err), err);
	vnm_network_copy(&net, &copy);
	vnm_network_clear(&net);
	CU_ASSERT(!memcmp(&net, &zero, sizeof(net)));
	vnm_network_xml_format(&copy, &out);
	VNM_ASSERT_STR_EQ(out.data, everything);
}

/* What is made in memory, without a file or a line, prints as well. */
static void made_not_read(void)
{
	vnm_autonetwork struct vnm_network net = { .at.present = true, .name = vnm_strdup("<a&b>") };
	vnm_autobuf struct vnm_buf out = { 0 };

	vnm_network_xml_format(&net, &out);
	VNM_ASSERT_STR_EQ(out.data, "<network>\n  <name>&lt;a&amp;b&gt;</name>\n  <bridge stp='on' delay='0'/>\n</network>\n");
}

/* Neither of them prints anything; the library would, to standard error. */
static void quiet(void)
{
	FILE *file = tmpfile();
	int saved;

	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	fflush(stderr);
	saved = dup(STDERR_FILENO);
	dup2(fileno(file), STDERR_FILENO);
	refused_twice();
	syntax();
	doctype();
	schema_missing();
	fflush(stderr);
	VNM_ASSERT_INT_EQ(lseek(fileno(file), 0, SEEK_END), 0);
	dup2(saved, STDERR_FILENO);
	close(saved);
	fclose(file);
}

const struct vnm_test vnm_tests[] = {
	{ "refused twice", refused_twice },
	{ "taken by both", taken_by_both },
	{ "spellings", spellings },
	{ "syntax", syntax },
	{ "doctype", doctype },
	{ "limits", limits },
	{ "crowds", crowds },
	{ "no memory", no_memory },
	{ "schema missing", schema_missing },
	{ "nothing lost", nothing_lost },
	{ "every row", every_row },
	{ "made, not read", made_not_read },
	{ "quiet", quiet },
	{ 0 },
};
