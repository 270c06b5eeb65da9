/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_validate_dhcp.c - which definitions make sense: what is handed out and what is answered. */
#include "validate.h"

const char vnm_suite[] = "validate_dhcp";

static const struct row ranges_refused[] = {
	{ DHCP4(RANGE4("9", "2")), "range 192.168.77.9 - 192.168.77.2 is reversed" },
	{ DHCP4("<range start='192.168.78.9' end='192.168.78.20'/>"),
	  "range 192.168.78.9 - 192.168.78.20 is not entirely within network 192.168.77.1/24" },
	{ DHCP4("<range start='192.168.77.9' end='192.168.78.20'/>"), "is not entirely within" },
	{ DHCP4("<range start='192.168.76.9' end='192.168.77.20'/>"), "is not entirely within" },
	{ DHCP4(RANGE4("0", "20")), "start of range 192.168.77.0 - 192.168.77.20 in network "
				    "192.168.77.1/24 is the network address" },
	{ DHCP4(RANGE4("9", "255")), "end of range 192.168.77.9 - 192.168.77.255 in network "
				     "192.168.77.1/24 is the broadcast address" },
	{ DHCP4("<range start='fd00::2' end='fd00::9'/>"),
	  "mismatch of address family in range fd00::2 - fd00::9 for network 192.168.77.1" },
	{ DHCP4("<range start='192.168.77.2' end='fd00::9'/>"), "for network 192.168.77.1" },
	{ DHCP6(RANGE4("9", "20")), "for network fd00::1" },
	{ DHCP6("<range start='fd00::' end='fd00::20'/>"), "is the network address" },
	{ DHCP6("<range start='fd00::10' end='fd00::ffff:20'/>"), "it has 4294901777 addresses" },
	{ NET("<ip address='10.0.0.1' prefix='8'><dhcp>"
	      "<range start='10.0.1.0' end='10.1.1.0'/></dhcp></ip>"),
	  "it has 65537 addresses, and at most 65536 are allowed" },
	{ NET("<ip family='ipv6' address='fd00::1' prefix='63'><dhcp>"
	      "<range start='fd00::2' end='fd00:0:0:1::'/></dhcp></ip>"), "prefix 64 and longer" },
	{ NET("<ip family='ipv6' address='fd00::1' prefix='48'>\n<dhcp>"
	      "<host name='a' ip='fd00::5'/></dhcp></ip>"), "prefix 64 and longer", 3 },
	{ DHCP4(RANGE4("9", "20") "\n" RANGE4("20", "30")),
	  "range 192.168.77.20 - 192.168.77.30 overlaps with range 192.168.77.9 - 192.168.77.20 "
	  "(line 2)", 3 },
	{ DHCP4(RANGE4("20", "30") "\n" RANGE4("9", "20")), "(line 2)", 3 },
	{ DHCP4(RANGE4("50", "60") "\n" RANGE4("9", "200")), "(line 2)", 3 },
	{ DHCP4(RANGE4("9", "200") "\n" RANGE4("210", "220") "\n" RANGE4("50", "60") "\n"
		RANGE4("70", "80")), "range 192.168.77.50 - 192.168.77.60 overlaps", 4 },
	{ 0 },
};

static const struct row ranges_accepted[] = {
	{ DHCP4(RANGE4("9", "9")) },
	{ DHCP4(RANGE4("2", "9") RANGE4("10", "20")) },
	{ DHCP4(RANGE4("10", "20") RANGE4("2", "9")) },
	{ DHCP6("<range start='fd00::2' end='fd00::1:1'/>") },
	{ NET("<ip address='10.0.0.1' prefix='8'><dhcp>"
	      "<range start='10.0.255.0' end='10.1.0.9'/></dhcp></ip>") },
	{ DHCP4(RANGE4("1", "254")), "contains the host's own address 192.168.77.1" },
	{ NET(IP4 "<dhcp>" RANGE4("9", "20") "</dhcp></ip>"
	      "<ip address='192.168.77.10' prefix='24'/>"),
	  "contains the host's own address 192.168.77.10" },
	{ DHCP4("") },
	{ 0 },
};

RULES(ranges)

static const struct row leases_refused[] = {
	{ DHCP4("<range start='192.168.77.2' end='192.168.77.9'>\n<lease expiry='1'/></range>"),
	  "The minimum lease time should be greater than 2 minutes", 3 },
	{ DHCP4("<host name='x' ip='192.168.77.2'><lease expiry='119' unit='seconds'/></host>"),
	  "The minimum lease time" },
	{ DHCP4("<host name='x' ip='192.168.77.2'>"
		"<lease expiry='4294967295' unit='hours'/></host>"),
	  "at most 4294967294 seconds" },
	{ DHCP4("<host name='x' ip='192.168.77.2'>"
		"<lease expiry='4294967295' unit='seconds'/></host>"),
	  "at most 4294967294 seconds" },
	{ 0 },
};

static const struct row leases_accepted[] = {
	{ DHCP4("<host name='x' ip='192.168.77.2'><lease expiry='120' unit='seconds'/></host>") },
	{ DHCP4("<host name='x' ip='192.168.77.2'><lease expiry='2'/></host>") },
	{ DHCP4("<host name='x' ip='192.168.77.2'>"
		"<lease expiry='4294967294' unit='seconds'/></host>") },
	{ DHCP4("<host name='x' ip='192.168.77.2'><lease expiry='0' unit='hours'/></host>") },
	{ DHCP4("<host name='x' ip='192.168.77.2'><lease expiry='1' unit='hours'/></host>") },
	{ 0 },
};

RULES(leases)

static const struct row hosts4_refused[] = {
	{ HOST4("ip='192.168.77.5'"),
	  "Static host definition in IPv4 network 't' must have mac or name attribute" },
	{ HOST4("id='1:2' ip='192.168.77.5'"), "must have mac or name attribute" },
	{ HOST4("mac='52:54:00:00:00:01' id='01:02' ip='192.168.77.5'"), "'id' is not for IPv4" },
	{ HOST4("mac='53:54:00:00:00:01' ip='192.168.77.5'"),
	  "expected unicast mac address, found multicast '53:54:00:00:00:01' in network 't'" },
	{ HOST4("mac='00:00:00:00:00:00' ip='192.168.77.5'"), "expected unicast mac address" },
	{ HOST4("mac='52:54:00:00:00:01' name='-x' ip='192.168.77.5'"),
	  "Cannot use host name '-x' in network 't': it begins with neither a letter nor a digit" },
	{ HOST4("name='x y,z' ip='192.168.77.5'"), "'x y,z' in network 't': it may hold" },
	{ HOST4("name='_x' ip='192.168.77.5'"), "'_x' in network 't': it begins with neither" },
	{ HOST4("name='' ip='192.168.77.5'"), "'' in network 't': it is empty" },
	{ HOST4("name='" X60 "xxxx' ip='192.168.77.5'"), "': it has more than 63 characters" },
	{ HOST4("name='45' ip='192.168.77.5'"), "read it as a lease time" },
	{ HOST4("name='2h' ip='192.168.77.5'"), "read it as a lease time" },
	{ HOST4("name='1W' ip='192.168.77.5'"), "read it as a lease time" },
	{ HOST4("name='ignore' ip='192.168.77.5'"), "read it as a word of its own" },
	{ HOST4("name='infinite' ip='192.168.77.5'"), "read it as a word of its own" },
	{ HOST4("name='10.0.0.1' ip='192.168.77.5'"), "read it as an address" },
	{ HOST4("name='x' ip='10.9.9.9'"),
	  "host address 10.9.9.9 is not within network 192.168.77.1/24" },
	{ HOST4("name='x' ip='fd00::5'"), "must match the address family" },
	{ HOST4("name='x' ip='192.168.77.0'"), "is the network address" },
	{ HOST4("name='x' ip='192.168.77.255'"), "is the broadcast address" },
	{ HOST4("name='x' ip='192.168.77.1'"), "is the host's own" },
	{ NET(IP4 "<dhcp><host name='x' ip='192.168.77.3'/></dhcp></ip>"
	      "<ip address='192.168.77.3' prefix='24'/>"), "is the host's own" },
	{ 0 },
};

static const struct row hosts4_accepted[] = {
	{ HOST4("mac='52:54:00:00:00:01' ip='192.168.77.5'") },
	{ HOST4("name='x' ip='192.168.77.5'") },
	{ HOST4("name='2hh' ip='192.168.77.5'") },
	{ HOST4("name='0a' ip='192.168.77.5'") },
	{ HOST4("name='9z' ip='192.168.77.5'") },
	{ HOST4("name='aZ' ip='192.168.77.5'") },
	{ HOST4("name='z' ip='192.168.77.5'") },
	{ HOST4("name='A' ip='192.168.77.5'") },
	{ HOST4("name='Z' ip='192.168.77.5'") },
	{ HOST4("name='2x' ip='192.168.77.5'") },
	{ HOST4("name='h' ip='192.168.77.5'") },
	{ HOST4("name='ignored' ip='192.168.77.5'") },
	{ HOST4("name='vm.lab.internal' ip='192.168.77.5'") },
	{ DHCP4(RANGE4("2", "254") "<host name='x' ip='192.168.77.5'/>") },
	{ 0 },
};

RULES(hosts4)

static const struct row hosts6_refused[] = {
	{ HOST6("mac='52:54:00:00:00:01' ip='fd00::5'"), "Invalid to specify MAC address" },
	{ HOST6("ip='fd00::5'"),
	  "Static host definition in IPv6 network 't' must have id or name attribute" },
	{ HOST6("id='zz' ip='fd00::5'"), "Invalid character 'z' in id 'zz' of network 't'" },
	{ HOST6("id='1:~' ip='fd00::5'"), "Invalid character '~' in id" },
	{ HOST6("id='!:1' ip='fd00::5'"), "Invalid character '!' in id" },
	{ HOST6("id='1: 2' ip='fd00::5'"), "a DUID is 2 to 130" },
	{ HOST6("id='1' ip='fd00::5'"), "a DUID is 2 to 130" },
	{ HOST6("id='1::2' ip='fd00::5'"), "a DUID is 2 to 130" },
	{ HOST6("name='x' ip='fd01::5'"), "is not within network fd00::1/64" },
	{ HOST6("name='x' ip='fd00::'"), "is the network address" },
	{ HOST6("name='x' ip='fd00::1'"), "is the host's own" },
	{ HOST6("name='x' ip='192.168.77.5'"), "must match the address family" },
	{ 0 },
};

static const struct row hosts6_accepted[] = {
	{ HOST6("id='00:01:02' ip='fd00::5'") },
	{ HOST6("name='x' ip='fd00::5'") },
	{ HOST6("id='00:01' name='x' ip='fd00::ffff:ffff:ffff:ffff'") },
	{ 0 },
};

RULES(hosts6)

static const struct row twins_refused[] = {
	{ DHCP4("<host mac='52:54:00:00:00:01' ip='192.168.77.5'/>\n"
		"<host mac='52:54:0:0:0:1' ip='192.168.77.6'/>"),
	  "an existing dhcp host entry in network 't' with mac '52:54:00:00:00:01' (line 2)", 3 },
	{ DHCP4("<host mac='52:54:00:00:00:01' ip='192.168.77.5'/>\n"
		"<host name='b' ip='192.168.77.5'/>"), "with ip '192.168.77.5' (line 2)", 3 },
	{ DHCP4("<host name='b' ip='192.168.77.5'/>\n<host name='B' ip='192.168.77.6'/>"),
	  "with name 'B' (line 2)", 3 },
	{ DHCP6("<host id='0a:01' ip='fd00::5'/>\n<host id='0A:01' ip='fd00::6'/>"),
	  "with id '0A:01' (line 2)", 3 },
	{ DHCP4("<host name='c' ip='192.168.77.9'/>\n<host name='a' ip='192.168.77.5'/>\n"
		"<host name='c' ip='192.168.77.6'/>\n<host name='a' ip='192.168.77.7'/>"),
	  "with name 'c' (line 2)", 4 },
	{ 0 },
};

static const struct row twins_accepted[] = {
	{ NET(IP4 "<dhcp><host name='vm' ip='192.168.77.5'/></dhcp></ip>" IP6
	      "<dhcp><host name='vm' ip='fd00::5'/></dhcp></ip>") },
	{ DHCP4("<host mac='52:54:00:00:00:01' ip='192.168.77.5'/>"
		"<host mac='52:54:00:00:00:02' ip='192.168.77.6'/>") },
	{ DHCP4("<host name='b' ip='192.168.77.4'/>"
		"<host mac='52:54:00:00:00:01' ip='192.168.77.5'/>"
		"<host name='a' ip='192.168.77.9'/>"
		"<host mac='52:54:00:00:00:02' name='c' ip='192.168.77.6'/>") },
	{ 0 },
};

RULES(twins)

static const struct row bootp_refused[] = {
	{ DHCP4(RANGE4("2", "9") "<bootp file='a '/>"), "invalid bootp file 'a '" },
	{ DHCP4(RANGE4("2", "9") "<bootp file=' a'/>"), "invalid bootp file ' a'" },
	{ DHCP4(RANGE4("2", "9") "<bootp file='a,b'/>"), "invalid bootp file 'a,b'" },
	{ DHCP4(RANGE4("2", "9") "<bootp file=''/>"), "invalid bootp file ''" },
	{ DHCP4(RANGE4("2", "9") "<bootp file='" X60 X60 "xxxxxxxx'/>"), "1 to 127 bytes" },
	{ DHCP4(RANGE4("2", "9") "<bootp file='a' server='fd00::1'/>"),
	  "must have an IPv4 address" },
	{ DHCP6("<range start='fd00::2' end='fd00::9'/><bootp file='x'/>"),
	  "Unsupported <bootp> element in an IPv6 element" },
	{ 0 },
};

static const struct row bootp_accepted[] = {
	{ DHCP4(RANGE4("2", "9") "<bootp file='pxelinux.0' server='192.168.77.9'/>") },
	{ DHCP4(RANGE4("2", "9") "<bootp file='pxe linux.0'/>") },
	{ DHCP4(RANGE4("2", "9") "<bootp file='http://h/boot?a=1'/>") },
	{ DHCP4(RANGE4("2", "9") "<bootp file='" X60 X60 "xxxxxxx'/>") },
	{ DHCP4("<bootp file='x'/>"), "has no effect" },
	{ 0 },
};

RULES(bootp)

static const struct row dns_refused[] = {
	{ NET("<dns enable='no'><txt name='a' value='b'/></dns>" IP4 "</ip>"),
	  "Extra data in disabled network 't'" },
	{ DNS("<forwarder/>"), "must contain at least one of addr or domain" },
	{ DNS("<forwarder domain='a/b'/>"), "invalid domain 'a/b' of a forwarder" },
	{ DNS("<host ip='1.2.3.4'/>"), "Missing hostname in network 't' DNS HOST record" },
	{ DNS("<host ip='1.2.3.4'><hostname/></host>"), "Missing hostname" },
	{ DNS("<host ip='1.2.3.4'><hostname>a</hostname>\n<hostname>a b</hostname></host>"),
	  "Cannot use host name 'a b' in network 't': it may hold letters, digits, - and _", 3 },
	{ NET("<domain name='a b'/>" IP4 "</ip>"), "invalid domain name 'a b'" },
	{ NET("<domain name='a..b'/>" IP4 "</ip>"), "invalid domain name 'a..b'" },
	{ NET("<domain name=''/>" IP4 "</ip>"), "invalid domain name ''" },
	{ 0 },
};

static const struct row dns_accepted[] = {
	{ NET("<dns enable='no'/>" IP4 "</ip>") },
	{ DNS("<forwarder addr='9.9.9.9'/><forwarder domain='a.b' addr='fd00::53'/>") },
	{ DNS("<forwarder domain='a.b.'/>") },
	{ DNS("<forwarder addr='192.168.77.1'/>"), "it is the name server of network 't' itself" },
	{ DNS("<host ip='1.2.3.4'><hostname>a_b</hostname></host>"
	      "<host ip='1.2.3.4'><hostname>_x.y</hostname></host>") },
	{ NET("<domain name='lab.internal.'/>" IP4 "</ip>") },
	{ NET("<domain name='lab'/>"), "<domain> has no effect" },
	{ NET("<dns><txt name='a' value='b'/></dns>"), "<dns> has no effect" },
	{ NET("<dns forwardPlainNames='no'/>") },
	{ 0 },
};

RULES(dns)

static const struct row records_refused[] = {
	{ DNS("<txt name='a,b' value='c'/>"),
	  "prohibited character in DNS TXT record name 'a,b' of network t" },
	{ DNS("<txt name='a b' value='c'/>"), "prohibited character" },
	{ DNS("<txt name='' value='c'/>"), "invalid name ''" },
	{ DNS("<txt name='a' value='x&quot;y'/>"), "a quote that does not end" },
	{ DNS("<txt name='a' value='&quot;x&quot;&quot;y&quot;'/>"), "a quote right behind" },
	{ DNS("<txt name='a' value='&quot;x&quot;#y'/>"), "where a comment begins" },
	{ DNS("<txt name='a' value='x\\y'/>"), "a backslash" },
	{ DNS("<txt name='a' value='x #y'/>"), "where a comment begins" },
	{ DNS("<txt name='a' value='#y'/>"), "where a comment begins" },
	{ DNS("<txt name='a' value=' y'/>"), "a blank at its beginning or end" },
	{ DNS("<txt name='a' value='y '/>"), "a blank at its beginning or end" },
	{ DNS("<srv service='a.b' protocol='tcp'/>"),
	  "invalid character in service attribute 'a.b' in DNS SRV record of network 't'" },
	{ DNS("<srv service='' protocol='tcp'/>"), "missing required service attribute" },
	{ DNS("<srv service='a' protocol='t_p'/>"), "invalid character in protocol attribute" },
	{ DNS("<srv service='" X60 "xxx' protocol='tcp'/>"), "limit is 62 bytes" },
	{ DNS("<srv service='a' protocol='" X60 "xxx'/>"), "limit is 62 bytes" },
	{ DNS("<srv service='a' protocol='tcp' domain='" X60 "." X60 "." X60 "." X60 "xxx'/>"),
	  "a name has at most 253 characters" },
	{ DNS("<srv service='a' protocol='tcp' domain='a b'/>"), "invalid domain 'a b'" },
	{ DNS("<srv service='a' protocol='tcp' target='a b'/>"), "invalid target 'a b'" },
	{ DNS("<srv service='a' protocol='tcp' port='5'/>"),
	  "DNS SRV port attribute not permitted without target for service 'a' in network 't'" },
	{ DNS("<srv service='a' protocol='tcp' priority='5'/>"), "DNS SRV priority attribute not" },
	{ DNS("<srv service='a' protocol='tcp' weight='5'/>"), "DNS SRV weight attribute not" },
	{ 0 },
};

static const struct row records_accepted[] = {
	{ DNS("<txt name='a' value='&quot;q, r&quot;,&quot; # &quot;,x &quot;&quot;'/>") },
	{ DNS("<txt name='_dmarc.a' value='v=1; p=\xc3\xbc, a#b'/>") },
	{ DNS("<txt name='a' value=''/>") },
	{ DNS("<srv service='a' protocol='sctp'/>") },
	{ DNS("<srv service='a' protocol='tcp' domain='" X60 "." X60 "." X60 "." X60 "xx'/>") },
	{ DNS("<srv service='" X60 "xx' protocol='tcp' target='.'/>") },
	{ DNS("<srv service='a*' protocol='tcp' domain='d.x' target='t.d.x' port='1' "
	      "priority='0'/>") },
	{ 0 },
};

RULES(records)

/* The longest value that dnsmasq reads as one line, and one byte more. */
static void record_length(void)
{
	for (size_t len = 1010; len <= 1011; len++) {
		struct outcome outcome autooutcome = { 0 };
		vnm_autofree char *value = vnm_alloc(len + 1);
		vnm_autofree char *xml = NULL;

		memset(value, 'x', len);
		xml = vnm_asprintf(DNS("<txt name='a' value='%s'/>"), value);
		validate(xml, &outcome);
		VNM_ASSERT_INT_EQ(outcome.r < 0, len + strlen("txt-record=a,") > 1023);
	}
}

/* The reader keeps numbers within their limits; here is the second net. */
static void numbers(void)
{
	static const char xml[] = DNS("<srv service='a' protocol='tcp' target='t' port='1'/>");
	vnm_autonetwork struct vnm_network net = { 0 };
	struct vnm_error err = { 0 };
	struct vnm_srv *srv;

	VNM_ASSERT_OK_FATAL(vnm_network_xml_parse(xml, strlen(xml), "t.xml", &net, &err), err);
	srv = &net.dns.srvs[0];
	srv->port.v = 65535;
	VNM_ASSERT_OK(vnm_network_validate(&net, NULL, &err), err);
	srv->port.v = 65536;
	CU_ASSERT(vnm_network_validate(&net, NULL, &err) < 0);
	srv->port.v = 0;
	CU_ASSERT(vnm_network_validate(&net, NULL, &err) < 0);
	VNM_ASSERT_STR_EQ(err.msg, "t.xml:2: invalid DNS SRV port attribute for service 'a' in "
				   "network 't'");
	srv->port.v = 1;
	srv->weight = (struct vnm_uint){ true, 65536 };
	CU_ASSERT(vnm_network_validate(&net, NULL, &err) < 0);
	CU_ASSERT_PTR_NOT_NULL(strstr(err.msg, "Invalid DNS SRV weight attribute"));
	srv->weight.v = 0;
	VNM_ASSERT_OK(vnm_network_validate(&net, NULL, &err), err);
}

/* The reader lets no control character through either; here is the second net for each text. */
static void control_characters(void)
{
	static const char xml[] =
		"<network><name>t</name><forward dev='eth0'/><bridge name='br0'/>"
		"<domain name='lab'/><dns><forwarder domain='a.b'/><txt name='txt' value='abc'/>"
		"<srv service='ldap' protocol='tcp' domain='lab' target='dir'/>"
		"<host ip='192.0.2.5'><hostname>gate</hostname></host></dns>"
		"<ip address='192.168.77.1' prefix='24'><tftp root='/srv'/><dhcp>"
		"<host name='host' ip='192.168.77.5'/><bootp file='boot'/></dhcp></ip>"
		"<ip family='ipv6' address='fd00::1' prefix='64'><dhcp>"
		"<host id='00:01:02' ip='fd00::5'/></dhcp></ip></network>";
	vnm_autonetwork struct vnm_network net = { 0 };
	struct vnm_error err = { 0 };

	VNM_ASSERT_OK_FATAL(vnm_network_xml_parse(xml, strlen(xml), "t.xml", &net, &err), err);
	VNM_ASSERT_OK_FATAL(vnm_network_validate(&net, NULL, &err), err);

	char *const texts[] = {
		net.name, net.forward.dev, net.bridge.name, net.domain.name,
		net.dns.forwarders[0].domain, net.dns.txts[0].name, net.dns.txts[0].value,
		net.dns.srvs[0].service, net.dns.srvs[0].protocol, net.dns.srvs[0].domain,
		net.dns.srvs[0].target, net.dns.hosts[0].names[0].name, net.ips[0].tftp.root,
		net.ips[0].dhcp.hosts[0].name, net.ips[0].dhcp.bootp.file,
		net.ips[1].dhcp.hosts[0].id,
	};
	static const char hostile[] = "\n\r\t\x01\x1b\x7f\"\\";

	for (size_t i = 0; i < VNM_ARRAY_SIZE(texts); i++) {
		for (const char *c = hostile; *c; c++) {
			char kept = texts[i][1];

			/* A network's name of one letter has its end there. */
			texts[i][kept ? 1 : 0] = *c;
			VNM_ASSERT_INT_EQ(vnm_network_validate(&net, NULL, &err), -EINVAL);
			VNM_ASSERT_INT_EQ(err.code, VNM_ERR_XML_MEANING);
			CU_ASSERT_PTR_NULL(strpbrk(err.msg, "\n\r\t\x01\x1b\x7f"));
			texts[i][kept ? 1 : 0] = kept ? kept : 't';
		}
	}
	VNM_ASSERT_OK(vnm_network_validate(&net, NULL, &err), err);
}

/* As many reservations as a file has room for; the last one is like the first in one way. */
static void many_hosts(void)
{
	static const char *const last[] = {
		"mac='52:54:00:00:00:00' name='z' ip='10.3.0.0'",
		"mac='52:54:ff:00:00:00' name='z' ip='10.1.0.0'",
		"mac='52:54:ff:00:00:00' name='H0' ip='10.3.0.0'",
		"mac='52:54:ff:00:00:00' name='z' ip='10.3.0.0'",
	};
	const int n = 12000;

	for (size_t k = 0; k < VNM_ARRAY_SIZE(last); k++) {
		struct outcome outcome autooutcome = { 0 };
		vnm_autobuf struct vnm_buf xml = { 0 };
		bool twin = k + 1 < VNM_ARRAY_SIZE(last);

		vnm_buf_add(&xml, "<network><name>t</name><ip address='10.0.0.1' prefix='8'>"
			    "<dhcp>\n");
		for (int i = 0; i < n; i++)
			vnm_buf_printf(&xml, "<host mac='52:54:00:00:%02x:%02x' name='h%d' "
				       "ip='10.1.%d.%d'/>\n", i / 256, i % 256, i, i / 256,
				       i % 256);
		vnm_buf_printf(&xml, "<host %s/></dhcp></ip></network>", last[k]);
		CU_ASSERT(xml.len < VNM_XML_MAX);
		validate(xml.data, &outcome);
		VNM_ASSERT_INT_EQ(outcome.r < 0, twin);
		CU_ASSERT(!twin || (strstr(outcome.err.msg, "t.xml:12002: ") &&
				    strstr(outcome.err.msg, "(line 2)")));
	}
}

const struct vnm_test vnm_tests[] = {
	{ "ranges", ranges },
	{ "leases", leases },
	{ "hosts4", hosts4 },
	{ "hosts6", hosts6 },
	{ "twins", twins },
	{ "bootp", bootp },
	{ "dns", dns },
	{ "records", records },
	{ "record length", record_length },
	{ "numbers", numbers },
	{ "control characters", control_characters },
	{ "many hosts", many_hosts },
	{ 0 },
};
