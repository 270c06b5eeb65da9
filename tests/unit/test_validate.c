/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_validate.c - which definitions make sense: the network, how it is forwarded, its addresses and routes. */
#include "validate.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "util/file.h"

const char vnm_suite[] = "validate";

static const struct row names_refused[] = {
	{ "<network><name>a/b</name></network>", "invalid char in name: /", 1 },
	{ "<network><name>..</name></network>", "invalid network name '..'", 1 },
	{ "<network><name>-x</name></network>", "'-x'", 1 },
	{ "<network><name>a b</name></network>", "'a b'", 1 },
	{ "<network><name>\xc3\xa9</name></network>", "invalid network name", 1 },
	{ "<network><name>" X60 "xxxxx</name></network>", "1 to 64 letters", 1 },
	{ 0 },
};

static const struct row names_accepted[] = {
	{ "<network><name>" X60 "xxxx</name></network>" },
	{ "<network><name>_a.b+c-1</name></network>" },
	{ 0 },
};

RULES(names)

static const struct row bridges_refused[] = {
	{ NET("<bridge name='abcdefghijklmnop'/>"), "at most 15 characters" },
	{ NET("<bridge name='a/b'/>"), "invalid bridge name 'a/b'" },
	{ NET("<bridge name='a b'/>"), "invalid bridge name 'a b'" },
	{ NET("<bridge name='.'/>"), "invalid bridge name '.'" },
	{ NET("<bridge name='..'/>"), "invalid bridge name '..'" },
	{ NET("<bridge name='lo'/>"), "invalid bridge name 'lo'" },
	{ NET("<bridge name='all'/>"), "invalid bridge name 'all'" },
	{ NET("<bridge name='default'/>"), "invalid bridge name 'default'" },
	{ NET("<bridge name='br&quot;q'/>"), "invalid bridge name 'br\"q'" },
	{ NET("<bridge name='k%db%d'/>"), "%d may stand in it once" },
	{ NET("<bridge name='br%s'/>"), "%d may stand in it once" },
	{ NET("<bridge name='br%'/>"), "%d may stand in it once" },
	{ NET("<bridge name='abcdefghijklmn%d'/>"), "at most 15 characters" },
	{ NET("<bridge name='%d'/>"), "not at its beginning" },
	{ BRIDGED("<bridge name='br%d'/>"), "invalid bridge name 'br%d'" },
	{ NET("<mac address='53:54:00:00:00:01'/>"),
	  "Invalid multicast bridge mac address '53:54:00:00:00:01' in network 't'" },
	{ NET("<mac address='00:00:00:00:00:00'/>"),
	  "Invalid bridge mac address '00:00:00:00:00:00' in network 't'" },
	{ NET("<mtu size='1279'/>" IP6 "</ip>"), "IPv6 needs 1280" },
	{ 0 },
};

static const struct row bridges_accepted[] = {
	{ NET("<bridge name='abcdefghijklmno'/>") },
	{ NET("<bridge name='abcdefghijklm%d'/>") },
	{ NET("<bridge name=''/>") },
	{ NET("<bridge stp='off' delay='40'/>") },
	{ NET("<bridge delay='0'/>") },
	{ NET("<bridge delay='2'/>") },
	{ NET("<bridge delay='30'/>") },
	{ NET("<bridge delay='32767' stp='off'/>") },
	{ NET("<bridge delay='1'/>"), "1 seconds becomes 2" },
	{ NET("<bridge stp='on' delay='31'/>"), "31 seconds becomes 30" },
	{ NET("<mac address='52:54:0:0:0:1'/>") },
	{ NET("<mtu size='68'/>" IP4 "</ip>") },
	{ NET("<mtu size='1280'/>" IP6 "</ip>") },
	{ NET("<mtu size='65535'/>" IP6 "</ip>") },
	{ 0 },
};

RULES(bridges)

static const struct row forward_refused[] = {
	{ NET("<forward/>"),
	  "nat forwarding requested, but no IP address provided for network 't'" },
	{ NET("<forward mode='route'/>"), "route forwarding requested" },
	{ FORWARD("<forward mode='open' dev='eth9'/>"), "forward dev not allowed" },
	{ FORWARD("<forward mode='open'><interface dev='eth9'/></forward>"),
	  "forward dev not allowed" },
	{ FORWARD("<forward>\n<interface dev='a'/>\n<interface dev='b'/></forward>"),
	  "multiple forwarding interfaces", 4 },
	{ FORWARD("<forward>\n<interface dev='a'/>\n<interface dev='a'/></forward>"),
	  "interface 'a' can only be listed once in network t", 4 },
	{ FORWARD("<forward dev='a'>\n<interface dev='b'/></forward>"),
	  "<forward dev='a'> must match first <interface dev='b'/> in network t", 3 },
	{ FORWARD("<forward dev='a/b'/>"), "invalid device name 'a/b'" },
	{ FORWARD("<forward mode='route'>\n<interface dev='a b'/></forward>"),
	  "invalid device name 'a b'", 3 },
	{ FORWARD("<bridge name='virbr0'/><forward dev='virbr0'/>"),
	  "is the bridge of network 't'" },
	{ FORWARD("<forward mode='route'><nat/></forward>"),
	  "can only be used when <forward> 'mode' is 'nat'" },
	{ 0 },
};

static const struct row forward_accepted[] = {
	{ FORWARD("<forward/>") },
	{ FORWARD("<forward mode='nat' dev='eth0.5'/>") },
	{ FORWARD("<forward dev='a'><interface dev='a'/></forward>") },
	{ FORWARD("<forward mode='route'><interface dev='a'/></forward>") },
	{ FORWARD("<forward mode='open'/>") },
	{ NET("<forward mode='open'/>") },
	{ 0 },
};

RULES(forward)

static const struct row nat_refused[] = {
	{ NAT("<address start='1.2.3.4' end='1.2.3.1'/>"), "range 1.2.3.4 - 1.2.3.1 is reversed" },
	{ NAT("<address start='fe80::1' end='fe80::2'/>"), "Bad ipv4 start address 'fe80::1'" },
	{ NAT("<address start='1.2.3.4' end='fe80::2'/>"), "Bad ipv4 end address 'fe80::2'" },
	{ NAT("<address start='1.2.0.0' end='1.3.0.0'/>"), "it has 65537 addresses" },
	{ NAT("<address start='127.0.0.1' end='127.0.0.1'/>"), "'127.0.0.1'" },
	{ NAT("<address start='0.0.0.0' end='0.0.0.0'/>"), "'0.0.0.0'" },
	{ NAT("<address start='223.255.255.255' end='224.0.0.1'/>"), "'224.0.0.1'" },
	{ NAT("<port start='5000' end='4000'/>"), "invalid 'end' attribute in <port>" },
	{ 0 },
};

static const struct row nat_accepted[] = {
	{ NAT("<address start='1.2.3.4' end='1.2.3.4'/>") },
	{ NAT("<address start='1.2.0.0' end='1.2.255.255'/>") },
	{ NAT("<port start='5000' end='5000'/>") },
	{ NAT("<port start='1' end='65535'/>") },
	{ NAT("<port start='65535' end='65535'/>") },
	{ FORWARD("<forward><nat ipv6='yes'/></forward>") },
	{ NET("<forward><nat ipv6='yes'/></forward>" IP6 "</ip>") },
	/* Addresses that nobody outside can answer; others are routed to the host, perhaps. */
	{ NET("<forward/>" IP4 "</ip>\n" IP6 "</ip>"),
	  "the guests of network 't' have a default route for IPv6 that leads nowhere: fd00::/64 ",
	  3 },
	{ NET("<forward><nat ipv6='no'/></forward>" IP4 "</ip>\n" IP6 "</ip>"), "fd00::/64", 3 },
	{ NET("<forward/>" IP6 "</ip>\n<ip family='ipv6' address='fd01::1' prefix='64'/>"),
	  "make it <forward mode='nat'><nat ipv6='yes'/></forward>" },
	{ NET("<forward/><ip family='ipv6' address='2001:db8::1' prefix='64'/>") },
	{ NET("<forward/><ip family='ipv6' address='fe80::1' prefix='64'/>") },
	{ NET("<forward mode='route'/>" IP6 "</ip>") },
	{ NET("<forward mode='open'/>" IP6 "</ip>") },
	{ NET(IP6 "</ip>") },
	{ 0 },
};

RULES(nat)

static const struct row bridge_mode_refused[] = {
	{ BRIDGED(""), "needs the name of an existing bridge" },
	{ BRIDGED("<bridge name=''/>"), "needs the name of an existing bridge" },
	{ BRIDGED("<bridge name='br0'/>\n" IP4 "</ip>"),
	  "Unsupported <ip> element in network t with forward mode='bridge'", 3 },
	{ BRIDGED("<bridge name='br0'/>\n<mac address='52:54:00:00:00:01'/>"), "<mac>", 3 },
	{ BRIDGED("<bridge name='br0'/>\n<domain name='a.b'/>"), "<domain>", 3 },
	{ BRIDGED("<bridge name='br0'/>\n<dns><forwarder addr='1.1.1.1'/></dns>"), "<dns>", 3 },
	{ BRIDGED("<bridge name='br0'/>\n<route address='10.0.0.0' gateway='1.1.1.1'/>"),
	  "<route>", 3 },
	{ BRIDGED("<bridge name='br0'/>\n<mtu size='9000'/>"), "mtu size only allowed in", 3 },
	{ BRIDGED("<bridge name='br0' stp='on'/>"), "bridge delay/stp/zone options only" },
	{ BRIDGED("<bridge name='br0' delay='1'/>"), "bridge delay/stp/zone options only" },
	{ NET("<forward mode='bridge' dev='eth9'/><bridge name='br0'/>"),
	  "a bridge name or a forward dev, but not both (network 't')" },
	{ NET("<forward mode='bridge'><interface dev='eth9'/><interface dev='eth9'/></forward>"),
	  "can only be listed once" },
	{ NET("<forward mode='bridge'><nat/></forward><bridge name='br0'/>"),
	  "can only be used when" },
	{ 0 },
};

static const struct row bridge_mode_accepted[] = {
	{ BRIDGED("<bridge name='br0'/>") },
	{ BRIDGED("<bridge name='br0' delay='0'/>") },
	{ 0 },
};

RULES(bridge_mode)

static const struct row addresses_refused[] = {
	{ NET("<ip address='fd00::1' prefix='64'/>"),
	  "no family specified for non-IPv4 address 'fd00::1' in network 't'" },
	{ NET("<ip family='ipv6' address='192.168.77.1'/>"), "Family 'ipv6' specified" },
	{ NET("<ip family='ipv4' address='fd00::1'/>"), "Family 'ipv4' specified" },
	{ NET("<ip address='192.168.77.1' netmask='255.0.255.0'/>"), "'255.0.255.0'" },
	{ NET("<ip address='192.168.77.1' netmask='0.0.0.0'/>"), "makes all addresses one subnet" },
	{ NET("<ip address='192.168.77.1' netmask='ffff::'/>"), "both must be IPv4" },
	{ NET("<ip address='192.168.77.1' netmask='255.255.255.0' prefix='24'/>"),
	  "Network 't' IP address cannot have both a prefix and a netmask" },
	{ NET("<ip address='192.168.77.1' prefix='33'/>"), "Invalid IPv4 prefix '33'" },
	{ NET("<ip family='ipv6' address='fd00::1' netmask='255.0.0.0'/>"),
	  "netmask not allowed for IPv6 address 'fd00::1'" },
	{ NET("<ip address='192.168.77.0' prefix='24'/>"), "is the network address" },
	{ NET("<ip address='192.168.77.255' prefix='24'/>"), "is the broadcast address" },
	{ NET("<ip address='192.168.77.0'/>"), "192.168.77.0/24" },
	{ NET("<ip address='192.168.77.3' prefix='30'/>"), "is the broadcast address" },
	{ NET("<ip family='ipv6' address='fd00::' prefix='64'/>"), "is the network address" },
	{ NET("<ip address='127.0.0.2' prefix='24'/>"), "cannot be that of a host" },
	{ NET("<ip address='0.1.2.3' prefix='24'/>"), "cannot be that of a host" },
	{ NET("<ip address='239.1.2.3' prefix='24'/>"), "cannot be that of a host" },
	{ NET("<ip address='255.255.255.255' prefix='32'/>"), "cannot be that of a host" },
	{ NET("<ip family='ipv6' address='::' prefix='64'/>"), "cannot be that of a host" },
	{ NET("<ip family='ipv6' address='::1' prefix='64'/>"), "cannot be that of a host" },
	{ NET("<ip family='ipv6' address='ff02::1' prefix='64'/>"), "cannot be that of a host" },
	{ NET("<ip family='ipv6' address='::ffff:1.2.3.4' prefix='64'/>"),
	  "cannot be that of a host" },
	{ NET(IP4 "</ip>\n" IP4 "</ip>"), "is given twice (first at line 2)", 3 },
	{ NET("<ip address='10.0.0.1' prefix='8'/>\n<ip address='10.0.0.1' prefix='24'/>"),
	  "is given twice (first at line 2)", 3 },
	{ NET("<ip address='10.0.0.1' prefix='8'/>\n<ip address='10.9.0.1' prefix='24'/>"),
	  "the subnet of 10.9.0.1/24 in network 't' overlaps with that of 10.0.0.1/8 (line 2)", 3 },
	{ NET("<ip address='10.9.0.1' prefix='24'/>\n<ip address='10.0.0.1' prefix='8'/>"),
	  "overlaps with that of 10.9.0.1/24 (line 2)", 3 },
	{ NET("<ip address='10.0.0.1' prefix='8'/>\n<ip address='10.0.0.2' prefix='8'/>\n"
	      "<ip address='172.16.0.1' prefix='16'/>\n<ip address='10.200.0.1' prefix='24'/>"),
	  "overlaps", 5 },
	{ NET("<ip family='ipv6' address='fd00::1' prefix='48'/>\n"
	      "<ip family='ipv6' address='fd00:0:0:1::1' prefix='64'/>"), "overlaps", 3 },
	{ 0 },
};

static const struct row addresses_accepted[] = {
	{ NET("<ip address='10.24.10.1'/>") },
	{ NET("<ip address='192.168.77.1' prefix='0'/>") },
	{ NET("<ip address='192.168.77.0' prefix='31'/>") },
	{ NET("<ip address='192.168.77.1' prefix='31'/>") },
	{ NET("<ip address='192.168.77.1' prefix='32'/>") },
	{ NET("<ip address='192.168.77.1' netmask='255.255.255.252'/>") },
	{ NET("<ip family='ipv4' address='192.168.77.1' prefix='24'/>") },
	{ NET(IP4 "</ip><ip address='192.168.77.2' prefix='24'/>") },
	{ NET(IP4 "</ip><ip address='192.168.78.1' prefix='24'/>" IP6 "</ip>") },
	{ NET("<ip family='ipv6' address='fd00::1'/>") },
	{ NET("<ip family='ipv6' address='fe80::1' prefix='64'/>") },
	{ NET("<ip family='ipv6' address='febf::1' prefix='70'/>") },
	{ NET("<ip family='ipv6' address='fec0::1' prefix='70'/>"), "autoconfiguration needs" },
	{ NET("<ip family='ipv6' address='ee80::1' prefix='70'/>"), "autoconfiguration needs" },
	{ NET("<dns enable='no'/><ip family='ipv6' address='fd00::1' prefix='128'/>") },
	{ NET("<dns enable='no'/><ip family='ipv6' address='fd00::1' prefix='127'/>") },
	{ NET("<ip family='ipv6' address='fd00::1' prefix='127'/>"),
	  "autoconfiguration needs prefix 64" },
	{ NET("<ip family='ipv6' address='fd00::1' prefix='60'/>"),
	  "autoconfiguration needs prefix 64" },
	{ 0 },
};

RULES(addresses)

static const struct row services_refused[] = {
	{ NET("<ip address='192.168.77.1' prefix='20' localPtr='yes'/>"),
	  "PTR domain for IPv4 network with prefix 20 cannot be automatically created" },
	{ NET("<ip address='192.168.77.1' prefix='32' localPtr='yes'/>"), "with prefix 32" },
	{ NET("<ip family='ipv6' address='fd00::1' prefix='63' localPtr='yes'/>"),
	  "PTR domain for IPv6 network with prefix 63" },
	{ NET(IP6 "<tftp root='/x'/></ip>"), "Unsupported <tftp> element in an IPv6 element" },
	{ NET(IP4 "<tftp root='srv'/></ip>"), "invalid tftp root 'srv'" },
	{ NET(IP4 "<tftp root=''/></ip>"), "invalid tftp root ''" },
	{ NET(IP4 "<tftp root='/a,b'/></ip>"), "invalid tftp root '/a,b'" },
	{ NET(IP4 "<tftp root='/a '/></ip>"), "without a blank at its end" },
	{ NET(IP4 "<tftp root='/a'/></ip>\n<ip address='192.168.78.1'><tftp root='/b'/></ip>"),
	  "a second <tftp> element in network 't' (first at line 2)", 3 },
	{ NET(IP4 "<dhcp>" RANGE4("9", "20") "</dhcp></ip><ip address='192.168.78.1'>\n<dhcp>"
	      "<range start='192.168.78.9' end='192.168.78.20'/></dhcp></ip>"),
	  "Multiple IPv4 dhcp sections found", 3 },
	{ NET(IP6 "<dhcp><range start='fd00::5' end='fd00::6'/></dhcp></ip>\n"
	      "<ip family='ipv6' address='fd01::1'><dhcp>"
	      "<host name='a' ip='fd01::5'/></dhcp></ip>"),
	  "Multiple IPv6 dhcp sections found", 3 },
	{ 0 },
};

static const struct row services_accepted[] = {
	{ NET("<ip address='10.77.0.1' prefix='8' localPtr='yes'/>") },
	{ NET("<ip family='ipv6' address='fd00::1' prefix='64' localPtr='yes'/>") },
	{ NET("<ip address='192.168.77.1' prefix='20' localPtr='no'/>") },
	{ NET(IP4 "<tftp root='/srv/tf tp'/></ip>") },
	{ NET(IP4 "<dhcp>" RANGE4("9", "20") "</dhcp></ip>" IP6
	      "<dhcp><range start='fd00::5' end='fd00::6'/></dhcp></ip>") },
	{ NET(IP4 "<dhcp>" RANGE4("9", "20") "</dhcp></ip>"
	      "<ip address='192.168.78.1'><dhcp/></ip>") },
	{ 0 },
};

RULES(services)

static const struct row routes_refused[] = {
	{ ROUTE("address='10.1.0.0' prefix='16' gateway='10.9.9.9'"),
	  "unreachable static route gateway '10.9.9.9' specified for network 't'" },
	{ ROUTE("address='10.1.0.1' prefix='16' gateway='192.168.77.9'"),
	  "t: Address '10.1.0.1' in route definition is not a network address" },
	{ ROUTE("address='10.0.0.0' gateway='192.168.77.9'"), "is not a network address" },
	{ ROUTE("address='10.0.0.0' prefix='0' gateway='192.168.77.9'"),
	  "is not a network address" },
	{ ROUTE("address='10.0.0.0' netmask='0.0.0.0' gateway='192.168.77.9'"),
	  "is not a network address" },
	{ ROUTE("address='10.1.0.0' prefix='16' netmask='255.255.0.0' gateway='192.168.77.9'"),
	  "t: Route definition cannot have both a prefix and a netmask" },
	{ ROUTE("address='10.1.0.0' netmask='255.0.255.0' gateway='192.168.77.9'"),
	  "'255.0.255.0'" },
	{ ROUTE("address='10.1.0.0' prefix='33' gateway='192.168.77.9'"),
	  "t: Invalid prefix 33 specified in route definition, must be 0 - 32" },
	{ ROUTE("address='fd55::' prefix='48' gateway='fd00::9'"),
	  "t: No family specified for non-IPv4 address 'fd55::' in route definition" },
	{ ROUTE("address='10.1.0.0' prefix='16' gateway='fd00::9'"),
	  "t: No family specified for non-IPv4 gateway 'fd00::9' in route definition" },
	{ ROUTE("family='ipv4' address='10.1.0.0' prefix='16' gateway='fd00::9'"),
	  "t: IPv4 family specified for non-IPv4 gateway 'fd00::9'" },
	{ ROUTE("family='ipv6' address='10.1.0.0' prefix='16' gateway='fd00::9'"),
	  "t: IPv6 family specified for non-IPv6 address '10.1.0.0'" },
	{ ROUTE("family='ipv6' address='fd55::' netmask='255.0.0.0' gateway='fd00::9'"),
	  "t: Specifying netmask invalid for IPv6 address 'fd55::'" },
	{ ROUTE("address='10.1.0.0' prefix='16' gateway='192.168.77.1'"), "is the host itself" },
	{ ROUTE("address='10.1.0.0' prefix='16' gateway='192.168.77.255'"),
	  "is the broadcast address of the subnet" },
	{ ROUTE("address='192.168.77.0' prefix='24' gateway='192.168.77.9'"), "own subnet" },
	{ ROUTE("gateway='fd00::9'"), "No family specified for non-IPv4 gateway 'fd00::9'" },
	{ ROUTE("family='ipv6' gateway='192.168.77.9'"),
	  "IPv6 family specified for non-IPv6 gateway" },
	{ NET(IP4 "</ip>\n<route gateway='192.168.77.9'/>\n"
		  "<route address='0.0.0.0' gateway='192.168.77.8'/>"),
	  "a route to 0.0.0.0/0 with metric 1 is given twice (first at line 3)", 4 },
	{ NET(IP4 "</ip>\n<route address='10.1.0.0' prefix='16' gateway='192.168.77.9'/>\n"
		  "<route address='10.2.0.0' prefix='16' gateway='192.168.77.9'/>\n"
		  "<route address='10.1.0.0' netmask='255.255.0.0' gateway='192.168.77.8' "
		  "metric='1'/>"),
	  "t: a route to 10.1.0.0/16 with metric 1 is given twice (first at line 3)", 5 },
	{ NET("<route address='10.1.0.0' prefix='16' gateway='192.168.77.9'/>"), "unreachable" },
	{ 0 },
};

static const struct row routes_accepted[] = {
	{ ROUTE("address='10.1.0.0' prefix='16' metric='7' gateway='192.168.77.9'") },
	{ ROUTE("address='10.1.2.3' prefix='32' gateway='192.168.77.9'") },
	{ ROUTE("address='0.0.0.0' prefix='0' gateway='192.168.77.9'") },
	{ ROUTE("address='0.0.0.0' gateway='192.168.77.9'") },
	{ ROUTE("gateway='192.168.77.9'") },
	{ ROUTE("prefix='24' gateway='192.168.77.9'") },
	{ ROUTE("family='ipv6' gateway='fd00::9'") },
	{ ROUTE("family='ipv6' address='fd55::' prefix='48' gateway='fd00::9'") },
	{ ROUTE("family='ipv6' address='::' prefix='0' gateway='fd00::9'") },
	{ ROUTE("address='192.168.77.128' prefix='25' gateway='192.168.77.9'") },
	{ NET(IP4 "</ip><route address='10.1.0.0' prefix='16' gateway='192.168.77.9'/>"
		  "<route address='10.1.0.0' prefix='16' gateway='192.168.77.8' metric='2'/>"
		  "<route address='10.1.0.0' prefix='24' gateway='192.168.77.8'/>") },
	{ 0 },
};

RULES(routes)

/* What the reader lets nobody write can still be put together by a program. */
static void made_not_read(void)
{
	struct vnm_network net = { .name = (char *)"t" };
	struct vnm_nat_port *port = &net.forward.nat.port;
	struct vnm_warnings notes = { 0 };
	struct vnm_error err = { 0 };

	VNM_ASSERT_OK(vnm_network_validate(&net, NULL, &err), err);
	net.bridge.delay = (struct vnm_uint){ true, 32768 };
	VNM_ASSERT_INT_EQ(vnm_network_validate(&net, NULL, &err), -EINVAL);
	VNM_ASSERT_STR_EQ(err.msg,
			  "Invalid delay value '32768' in network 't': at most 32767 seconds");
	net.bridge.delay = (struct vnm_uint){ true, 31 };
	VNM_ASSERT_OK(vnm_network_validate(&net, NULL, &err), err);
	VNM_ASSERT_OK(vnm_network_validate(&net, &notes, &err), err);
	VNM_ASSERT_INT_EQ_FATAL(notes.n, 1);
	CU_ASSERT(!strncmp(notes.items[0], "a forward delay of 31 seconds", 29));
	vnm_warnings_clear(&notes);

	net.mtu.size = (struct vnm_uint){ true, 67 };
	CU_ASSERT(vnm_network_validate(&net, NULL, &err) < 0);
	net.mtu.size = (struct vnm_uint){ true, 65536 };
	CU_ASSERT(vnm_network_validate(&net, NULL, &err) < 0);
	net.mtu.size = (struct vnm_uint){ true, 0 };
	VNM_ASSERT_OK(vnm_network_validate(&net, NULL, &err), err);

	struct vnm_ip ip = { .address = { AF_INET, { 192, 0, 2, 1 } } };

	net.ips = &ip;
	net.n_ips = 1;
	net.forward.at.present = net.forward.nat.at.present = port->at.present = true;
	CU_ASSERT(vnm_network_validate(&net, NULL, &err) < 0);
	CU_ASSERT_PTR_NOT_NULL(strstr(err.msg, "'start' attribute in <port>"));
	port->start.v = 1;
	port->end.v = 65536;
	CU_ASSERT(vnm_network_validate(&net, NULL, &err) < 0);
	CU_ASSERT_PTR_NOT_NULL(strstr(err.msg, "'end' attribute in <port>"));
	port->end.v = 65535;
	VNM_ASSERT_OK(vnm_network_validate(&net, NULL, &err), err);

	net.name = (char *)"";
	CU_ASSERT(vnm_network_validate(&net, NULL, &err) < 0);
	VNM_ASSERT_STR_EQ(err.msg, "missing name information");
}

static void many_addresses(void)
{
	vnm_autobuf struct vnm_buf xml = { 0 };

	for (int n = 256; n <= 257; n++) {
		struct outcome outcome autooutcome = { 0 };

		vnm_buf_clear(&xml);
		vnm_buf_add(&xml, "<network><name>t</name>");
		for (int i = 0; i < n; i++)
			vnm_buf_printf(&xml, "<ip address='10.%d.%d.1' prefix='24'/>", i / 256,
				       i % 256);
		vnm_buf_add(&xml, "</network>");
		validate(xml.data, &outcome);
		VNM_ASSERT_INT_EQ(outcome.r < 0, n > 256);
	}
}

/* The examples that are installed are good ones, and warn of nothing. */
static void examples(void)
{
	static const char *const files[] = {
		"bridged", "default", "hostonly", "internal", "ipv6", "keennet", "open", "routed",
	};
	vnm_autofree char *path = vnm_asprintf("%s/networks", vnm_test_srcdir());
	vnm_autoclose int dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	vnm_autoschema struct vnm_schema *schema = load_schema("network.rng");
	struct vnm_error err = { 0 };

	CU_ASSERT_FATAL(dir >= 0);
	for (size_t i = 0; i < VNM_ARRAY_SIZE(files); i++) {
		vnm_autofree char *name = vnm_asprintf("%s.xml", files[i]);
		vnm_autonetwork struct vnm_network net = { 0 };
		struct vnm_warnings warnings = { 0 };
		vnm_autofree char *text = NULL;
		size_t len;

		CU_ASSERT_FATAL(vnm_file_read(dir, name, VNM_XML_MAX, &text, &len) == 0);
		VNM_ASSERT_OK_FATAL(vnm_network_xml_parse(text, len, name, &net, &err), err);
		VNM_ASSERT_OK(vnm_network_xml_check(text, len, name, schema, &err), err);
		VNM_ASSERT_OK(vnm_network_validate(&net, &warnings, &err), err);
		VNM_ASSERT_STR_EQ(net.name, files[i]);
		VNM_ASSERT_INT_EQ(warnings.n, 0);
		CU_ASSERT_FALSE(net.uuid.set || net.mac.at.present);
		vnm_warnings_clear(&warnings);
	}
}

/* Every option of dnsmasq 2.90 (dnsmasq --help) but those that only print something. */
/* clang-format off */
static const char *const options_refused[] = {
	"dhcp-script", "dhcp-luascript", "dhcp-scriptuser", "script-arp", "script-on-renewal",
	"conf-script", "conf-file", "conf-dir", "log-facility", "dumpfile", "pid-file", "user",
	"group", "dhcp-leasefile", "leasefile-ro", "keep-in-foreground", "no-daemon",
	"interface", "except-interface", "listen-address", "bind-interfaces", "bind-dynamic",
	"no-dhcp-interface", "no-dhcpv4-interface", "no-dhcpv6-interface", "auth-server",
	"bridge-interface", "dhcp-relay", "dhcp-alternate-port", "enable-dbus", "enable-ubus",
};

static const char *const options_accepted[] = {
	"add-cpe-id", "add-mac", "add-subnet", "addn-hosts", "address", "alias", "all-servers",
	"auth-peer", "auth-sec-servers", "auth-soa", "auth-ttl", "auth-zone", "bogus-nxdomain",
	"bogus-priv", "bootp-dynamic", "caa-record", "cache-rr", "cache-size",
	"clear-on-reload", "cname", "connmark-allowlist", "connmark-allowlist-enable",
	"conntrack", "dhcp-authoritative", "dhcp-boot", "dhcp-broadcast", "dhcp-circuitid",
	"dhcp-client-update", "dhcp-duid", "dhcp-fqdn", "dhcp-generate-names", "dhcp-host",
	"dhcp-hostsdir", "dhcp-hostsfile", "dhcp-ignore", "dhcp-ignore-clid",
	"dhcp-ignore-names", "dhcp-lease-max", "dhcp-mac", "dhcp-match", "dhcp-name-match",
	"dhcp-no-override", "dhcp-option", "dhcp-option-force", "dhcp-optsdir",
	"dhcp-optsfile", "dhcp-proxy", "dhcp-pxe-vendor", "dhcp-range", "dhcp-rapid-commit",
	"dhcp-remoteid", "dhcp-reply-delay", "dhcp-sequential-ip", "dhcp-subscrid", "dhcp-ttl",
	"dhcp-userclass", "dhcp-vendorclass", "dns-forward-max", "dns-loop-detect", "dns-rr",
	"dnssec", "dnssec-check-unsigned", "dnssec-debug", "dnssec-limits",
	"dnssec-no-timecheck", "dnssec-timestamp", "domain", "domain-needed", "dumpmask",
	"dynamic-host", "edns-packet-max", "enable-ra", "enable-tftp", "expand-hosts",
	"fast-dns-retry", "filter-A", "filter-AAAA", "filter-rr", "filterwin2k", "host-record",
	"hostsdir", "ignore-address", "interface-name", "ipset", "local", "local-service",
	"local-ttl", "localise-queries", "localmx", "log-async", "log-debug", "log-dhcp",
	"log-queries", "max-cache-ttl", "max-port", "max-tcp-connections", "max-ttl",
	"min-cache-ttl", "min-port", "mx-host", "mx-target", "naptr-record", "neg-ttl",
	"nftset", "no-hosts", "no-ident", "no-negcache", "no-ping", "no-poll", "no-resolv",
	"no-round-robin", "port", "port-limit", "proxy-dnssec", "ptr-record", "pxe-prompt",
	"pxe-service", "query-port", "quiet-dhcp", "quiet-dhcp6", "quiet-ra", "quiet-tftp",
	"ra-param", "read-ethers", "rebind-domain-ok", "rebind-localhost-ok", "resolv-file",
	"rev-server", "selfmx", "server", "servers-file", "shared-network", "srv-host",
	"stop-dns-rebind", "strict-order", "strip-mac", "strip-subnet", "synth-domain",
	"tag-if", "tftp-lowercase", "tftp-max", "tftp-mtu", "tftp-no-blocksize",
	"tftp-no-fail", "tftp-port-range", "tftp-root", "tftp-secure", "tftp-single-port",
	"tftp-unique-root", "trust-anchor", "txt-record", "umbrella", "use-stale-cache",
};
/* clang-format on */

/* Refused with this message, or accepted where there is none. */
static void try_option(const char *value, const char *words)
{
	vnm_autofree char *xml =
		vnm_asprintf("<network xmlns:d='http://libvirt.org/schemas/network/dnsmasq/1.0'>"
			     "<name>t</name>" IP4 "</ip>\n"
			     "<d:options><d:option value='%s'/></d:options></network>",
			     value);
	const struct row rows[] = { { xml, words }, { 0 } };
	struct outcome outcome autooutcome = { 0 };

	if (words) {
		expect_refused(rows);
		return;
	}
	validate(xml, &outcome);
	VNM_ASSERT_OK(outcome.r, outcome.err);
	expect_served(xml);
}

static void options(void)
{
	for (size_t i = 0; i < VNM_ARRAY_SIZE(options_refused); i++) {
		vnm_autofree char *value = vnm_asprintf("%s=x", options_refused[i]);
		vnm_autofree char *words =
			vnm_asprintf("dnsmasq option '%s' is not allowed: ", options_refused[i]);

		try_option(value, words);
		try_option(options_refused[i], words);
	}
	for (size_t i = 0; i < VNM_ARRAY_SIZE(options_accepted); i++) {
		vnm_autofree char *value = vnm_asprintf("%s=x", options_accepted[i]);

		try_option(value, NULL);
		try_option(options_accepted[i], NULL);
	}
	try_option("Filter A", "is no option of dnsmasq");
}

const struct vnm_test vnm_tests[] = {
	{ "names", names },
	{ "bridges", bridges },
	{ "forward", forward },
	{ "nat", nat },
	{ "bridge mode", bridge_mode },
	{ "addresses", addresses },
	{ "services", services },
	{ "routes", routes },
	{ "made not read", made_not_read },
	{ "many addresses", many_addresses },
	{ "options for dnsmasq", options },
	{ "examples", examples },
	{ 0 },
};
