/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_update.c - changing one part of a definition: <ip>, routes, and what is given; the rest: test_update_parts.c. */
#include "update.h"

#include "xml/vocabulary.h"

const char vnm_suite[] = "update";

/* ---- <host> of <dhcp> ---- */

static void dhcp_hosts(void)
{
	static const struct change changes[] = {
		{ "ip-dhcp-host", "add-last", "<host mac='52:54:00:00:00:03' ip='10.0.0.13'/>",
		  "+<host mac='52:54:00:00:00:03' ip='10.0.0.13'/>" },
		{ "ip-dhcp-host", "add-first",
		  "<?xml version='1.0'?>\n<host name='three' ip='10.0.0.13'><lease expiry='1' "
		  "unit='hours'/></host>",
		  "+<host name='three' ip='10.0.0.13'>+<lease expiry='1' unit='hours'/>+</host>" },
		/* MAC address, name or address: one of them is enough to be there already. */
		{ "ip-dhcp-host", "add-last", "<host mac='52:54:00:00:00:01' ip='10.0.0.13'/>",
		  INVALID "there is an existing dhcp host entry in network 'n' that matches "
			  "\"<host mac='52:54:00:00:00:01' name='(null)' ip='10.0.0.13'/>\"" },
		{ "ip-dhcp-host", "add-first", "<host name='two' ip='10.0.0.13'/>",
		  INVALID "there is an existing dhcp host entry in network 'n' that matches "
			  "\"<host mac='unknown' name='two' ip='10.0.0.13'/>\"" },
		{ "ip-dhcp-host", "add-last", "<host mac='52:54:00:00:00:03' ip='10.0.0.11'/>",
		  INVALID "there is an existing dhcp host entry in network 'n' that matches "
			  "\"<host mac='52:54:00:00:00:03' name='(null)' ip='10.0.0.11'/>\"" },
		{ "ip-dhcp-host", "modify",
		  "<host mac='52:54:00:00:00:01' name='uno' ip='10.0.0.21'/>",
		  "-<host mac='52:54:00:00:00:01' name='one' ip='10.0.0.11'/>"
		  "+<host mac='52:54:00:00:00:01' name='uno' ip='10.0.0.21'/>" },
		{ "ip-dhcp-host", "modify", "<host mac='52:54:00:00:00:09' ip='10.0.0.12'/>",
		  "-<host mac='52:54:00:00:00:02' name='two' ip='10.0.0.12'/>"
		  "+<host mac='52:54:00:00:00:09' ip='10.0.0.12'/>" },
		{ "ip-dhcp-host", "modify",
		  "<host mac='52:54:00:00:00:09' name='nine' ip='10.0.0.19'/>",
		  INVALID
		  "couldn't locate an existing dhcp host entry with \"mac='52:54:00:00:00:09'\" "
		  "\"name='nine'\" \"ip='10.0.0.19'\" in network 'n'" },
		{ "ip-dhcp-host", "modify", "<host name='nine' ip='10.0.0.19'/>",
		  INVALID "couldn't locate an existing dhcp host entry with \"mac='unknown'\" "
			  "\"name='nine'\" \"ip='10.0.0.19'\" in network 'n'" },
		/* To delete, all that is given must be right, and no more than one need be. */
		{ "ip-dhcp-host", "delete", "<host mac='52:54:00:00:00:02'/>",
		  "-<host mac='52:54:00:00:00:02' name='two' ip='10.0.0.12'/>" },
		{ "ip-dhcp-host", "delete", "<host ip='10.0.0.11'/>",
		  "-<host mac='52:54:00:00:00:01' name='one' ip='10.0.0.11'/>" },
		{ "ip-dhcp-host", "delete",
		  "<host name='one' mac='52:54:00:00:00:01' ip='10.0.0.11'/>",
		  "-<host mac='52:54:00:00:00:01' name='one' ip='10.0.0.11'/>" },
		{ "ip-dhcp-host", "delete", "<host name='one' ip='10.0.0.12'/>",
		  INVALID "couldn't locate a matching dhcp host entry in network 'n'" },
		{ "ip-dhcp-host", "delete", "<host/>",
		  "At least one of name, mac, or ip attribute must be specified for static host "
		  "definition in network 'n'" },
		{ "ip-dhcp-host", "delete", "<host id='00:01' ip='10.0.0.12'/>",
		  INVALID "couldn't locate a matching dhcp host entry in network 'n'" },
		{ "ip-dhcp-host", "add-last", "<host mac='52:54:00:00:00:03' ip='fd00::3'/>",
		  INVALID "the address family of a host entry IP must match the address family of "
			  "the dhcp element's parent" },
		{ 0 },
	};

	run_changes(base, changes, -1);
}

/* An identifier is the same in either case. */
static void dhcp_host_id(void)
{
	static const char xml[] =
		"<network><name>n</name><ip family='ipv6' address='fd00::1' prefix='64'>"
		"<dhcp><host id='00:01:ab' ip='fd00::5'/></dhcp></ip></network>";
	static const struct change changes[] = {
		{ "ip-dhcp-host", "delete", "<host id='00:01:AB'/>",
		  "-<dhcp>-<host id='00:01:ab' ip='fd00::5'/>-</dhcp>" },
		{ "ip-dhcp-host", "delete", "<host id='00:01:ac'/>",
		  INVALID "couldn't locate a matching dhcp host entry in network 'n'" },
		{ 0 },
	};

	run_changes(xml, changes, -1);
}

/* ---- which <ip> is meant ---- */

static void parents(void)
{
	static const char two[] =
		"<network><name>n</name><ip address='10.0.0.1' prefix='24'/>"
		"<ip address='10.5.0.1' prefix='24'><dhcp><range start='10.5.0.9' "
		"end='10.5.0.20'/></dhcp></ip>"
		"</network>";
	static const char six[] = "<network><name>n</name><ip family='ipv6' address='fd00::1' "
				  "prefix='64'/></network>";
	static const char both[] =
		"<network><name>n</name><ip family='ipv6' address='fd00::1' prefix='64'/>"
		"<ip address='10.0.0.1' prefix='24'/></network>";
	static const struct change serving[] = {
		{ "ip-dhcp-host", "add-last", "<host mac='52:54:00:00:00:03' ip='10.5.0.5'/>",
		  "+<host mac='52:54:00:00:00:03' ip='10.5.0.5'/>" },
		{ 0 },
	};
	static const struct change first[] = {
		{ "ip-dhcp-host", "add-last", "<host mac='52:54:00:00:00:03' ip='10.0.0.5'/>",
		  "+<dhcp>+<host mac='52:54:00:00:00:03' ip='10.0.0.5'/>+</dhcp>" },
		{ "ip-dhcp-range", "add-first", "<range start='10.0.0.5' end='10.0.0.6'/>",
		  "+<dhcp>+<range start='10.0.0.5' end='10.0.0.6'/>+</dhcp>" },
		{ 0 },
	};
	static const struct change v6[] = {
		{ "ip-dhcp-host", "add-last", "<host name='x' ip='fd00::7'/>",
		  "+<dhcp>+<host name='x' ip='fd00::7'/>+</dhcp>" },
		{ 0 },
	};
	static const struct change beyond[] = {
		{ "ip-dhcp-host", "add-last", "<host mac='52:54:00:00:00:03' ip='10.5.0.5'/>",
		  INVALID
		  "couldn't update dhcp host entry - no <ip> element found at index 2 in network "
		  "'n'" },
		{ "ip-dhcp-range", "delete", "<range start='10.5.0.9' end='10.5.0.20'/>",
		  INVALID
		  "couldn't update dhcp host entry - no <ip> element found at index 2 in network "
		  "'n'" },
		{ 0 },
	};
	static const struct change none[] = {
		{ "ip-dhcp-host", "add-last", "<host mac='52:54:00:00:00:03' ip='10.5.0.5'/>",
		  INVALID
		  "couldn't update dhcp host entry - no <ip> element found in network 'n'" },
		{ "ip-dhcp-range", "add-last", "<range start='10.5.0.9' end='10.5.0.20'/>",
		  INVALID
		  "couldn't update dhcp host entry - no <ip> element found in network 'n'" },
		{ 0 },
	};

	run_changes(two, serving, -1);
	run_changes(two, serving, 1);
	run_changes(two, first, 0);
	run_changes(both, first, -1);
	run_changes(six, v6, -1);
	run_changes(two, beyond, 2);
	run_changes(bare, none, -1);
}

static void dhcp_ranges(void)
{
	static const struct change changes[] = {
		{ "ip-dhcp-range", "add-last", "<range start='10.0.0.150' end='10.0.0.160'/>",
		  "+<range start='10.0.0.150' end='10.0.0.160'/>" },
		{ "ip-dhcp-range", "add-first", "<range start='10.0.0.100' end='10.0.0.121'/>",
		  "+<range start='10.0.0.100' end='10.0.0.121'/>" },
		{ "ip-dhcp-range", "add-first", "<range start='10.0.0.100' end='10.0.0.120'/>",
		  INVALID "there is an existing dhcp range entry in network 'n' that matches "
			  "\"<range start='10.0.0.100' end='10.0.0.120'/>\"" },
		{ "ip-dhcp-range", "delete", "<range start='10.0.0.130' end='10.0.0.140'/>",
		  "-<range start='10.0.0.130' end='10.0.0.140'/>" },
		{ "ip-dhcp-range", "delete", "<range start='10.0.0.100' end='10.0.0.140'/>",
		  INVALID "couldn't locate a matching dhcp range entry in network 'n'" },
		{ "ip-dhcp-range", "delete", "<range start='10.0.0.130'/>",
		  "Missing \'end\' attribute in dhcp range for network 'n'" },
		{ "ip-dhcp-range", "delete", "<range end='10.0.0.140'/>",
		  "Missing \'start\' attribute in dhcp range for network 'n'" },
		{ "ip-dhcp-range", "add-last", "<range start='fd00::5' end='fd00::9'/>",
		  "+<range start='fd00::5' end='fd00::9'/>" },
		/* To modify, one end is enough. */
		{ "ip-dhcp-range", "modify", "<range start='10.0.0.130' end='10.0.0.150'/>",
		  "-<range start='10.0.0.130' end='10.0.0.140'/>"
		  "+<range start='10.0.0.130' end='10.0.0.150'/>" },
		{ "ip-dhcp-range", "modify", "<range start='10.0.0.90' end='10.0.0.120'/>",
		  "-<range start='10.0.0.100' end='10.0.0.120'/>"
		  "+<range start='10.0.0.90' end='10.0.0.120'/>" },
		{ "ip-dhcp-range", "modify", "<range start='10.0.0.150' end='10.0.0.160'/>",
		  INVALID
		  "no dhcp range entry in network 'n' begins with '10.0.0.150' or ends with "
		  "'10.0.0.160'; delete the one that this replaces, and add this one" },
		{ "ip-dhcp-range", "modify", "<range start='10.0.0.100' end='10.0.0.140'/>",
		  INVALID "several dhcp range entries in network 'n' match; delete one and modify "
			  "the other" },
		{ "ip-dhcp-range", "modify", "<range start='10.0.0.130'/>",
		  "missing attribute 'end' in <range>" },
		{ 0 },
	};
	static const struct change only[] = {
		{ "ip-dhcp-range", "modify", "<range start='10.5.0.30' end='10.5.0.40'/>",
		  "-<range start='10.5.0.9' end='10.5.0.20'/>"
		  "+<range start='10.5.0.30' end='10.5.0.40'/>" },
		{ 0 },
	};
	static const struct change six[] = {
		{ "ip-dhcp-range", "modify", "<range start='fd00::9' end='fd00::99'/>",
		  "-<range start='fd00::5' end='fd00::9'/>"
		  "+<range start='fd00::9' end='fd00::99'/>" },
		{ 0 },
	};

	run_changes(base, changes, -1);
	run_changes("<network><name>n</name><ip address='10.5.0.1' prefix='24'><dhcp>"
		    "<range start='10.5.0.9' end='10.5.0.20'/></dhcp></ip><ip family='ipv6' "
		    "address='fd00::1' prefix='64'><dhcp><range start='fd00::5' end='fd00::9'/>"
		    "</dhcp></ip></network>",
		    only, -1);
	run_changes("<network><name>n</name><ip address='10.5.0.1' prefix='24'/><ip family='ipv6' "
		    "address='fd00::1' prefix='64'><dhcp><range start='fd00::5' end='fd00::9'/>"
		    "</dhcp></ip></network>",
		    six, 1);
}

static void ips(void)
{
	static const struct change changes[] = {
		{ "ip", "add-last", "<ip address='10.7.0.1' prefix='24'/>",
		  "+<ip address='10.7.0.1' prefix='24'>+</ip>" },
		{ "ip", "add-first", "<ip address='10.0.0.1' prefix='16'/>",
		  INVALID "there is an existing ip entry in network 'n' that matches \"<ip "
			  "address='10.0.0.1'>\"" },
		{ "ip", "modify", "<ip family='ipv6' address='fd00::1' prefix='80'/>",
		  "-<ip family='ipv6' address='fd00::1' prefix='64'>+<ip family='ipv6' "
		  "address='fd00::1' prefix='80'>" },
		{ "ip", "modify", "<ip address='10.7.0.1' prefix='24'/>",
		  INVALID
		  "couldn't find an ip entry in network 'n' matching <ip address='10.7.0.1'>" },
		{ "ip", "delete", "<ip address='fd00::1'/>",
		  "-<ip family='ipv6' address='fd00::1' prefix='64'>-</ip>" },
		{ "ip", "delete", "<ip/>",
		  INVALID "Missing required address attribute in network 'n'" },
		{ 0 },
	};

	run_changes(base, changes, -1);
}

static void routes(void)
{
	static const struct change changes[] = {
		{ "route", "add-last", "<route address='10.1.0.0' prefix='16' gateway='10.0.0.8'/>",
		  "+<route address='10.1.0.0' prefix='16' gateway='10.0.0.8'/>" },
		{ "route", "add-first",
		  "<route address='10.1.0.0' netmask='255.255.0.0' gateway='10.0.0.9' metric='3'/>",
		  INVALID
		  "there is an existing route entry in network 'n' to the same destination by "
		  "the same gateway" },
		{ "route", "delete", "<route address='10.2.0.0'/>",
		  "-<route address='10.2.0.0' prefix='16' gateway='10.0.0.9'/>" },
		{ "route", "delete", "<route address='10.2.0.0' netmask='255.255.0.0'/>",
		  "-<route address='10.2.0.0' prefix='16' gateway='10.0.0.9'/>" },
		{ "route", "delete", "<route address='10.2.0.0' prefix='17'/>",
		  INVALID "couldn't find a matching route entry in network 'n'" },
		{ "route", "modify", "<route address='10.2.0.0' prefix='16' gateway='10.0.0.9'/>",
		  NO_SUCH "routes cannot be modified, only added or deleted" },
		{ 0 },
	};

	run_changes(base, changes, -1);
}

/* ---- what is given ---- */

/* The file that is to blame is what was given; it has lines of its own. */
static void given(void)
{
	static const struct change changes[] = {
		{ "dns-txt", "add-last", "",
		  INVALID "there is no element in the XML for network 'n'" },
		{ "dns-txt", "add-last", "<!-- none -->",
		  INVALID "there is no element in the XML for network 'n'" },
		{ "dns-txt", "delete", "words",
		  INVALID "there is no element in the XML for network 'n'" },
		{ "dns-txt", "add-last", "<host ip='10.0.0.1'/>",
		  "unexpected element <host>, expecting <txt>, while updating network 'n'" },
		{ "dns-txt", "delete", "<x:txt xmlns:x='urn:x' name='a'/>",
		  "unexpected element <txt>, expecting <txt>, while updating network 'n'" },
		{ "dns-txt", "add-last", "<txt name='c' value='1'/>\n<txt name='d' valu='1'/>",
		  "unknown attribute 'valu' in <txt>; expected one of name, value" },
		{ "ip-dhcp-host", "add-last", "<host mac='zz' ip='10.0.0.9'/>",
		  "element <host>: attribute 'mac': expected a MAC address such as "
		  "52:54:00:12:34:56, got 'zz'" },
		{ "ip-dhcp-host", "add-last", "<host", "(network_update):1:6: ..." },
		{ "ip-dhcp-host", "add-last", "</update><update>", "(network_update):1:2: ..." },
		{ "ip-dhcp-host", "delete", "<host mac='52:54:00:00:00:01' nam='one'/>",
		  "unknown attribute 'nam' in <host>; expected one of mac, id, name, ip" },
		/* What is added must be whole. */
		{ "ip-dhcp-range", "add-last", "<range start='10.0.0.9'/>",
		  "missing attribute 'end' in <range>" },
		{ "dns-host", "add-last", "<host><hostname>x</hostname></host>",
		  "missing attribute 'ip' in <host>" },
		/* The words are right, the shape is not: that is for the schema to refuse. */
		{ "dns-srv", "add-last", "<srv service='ldap2' protocol='TCP_'/>",
		  "(network_update):1: does not match the schema: ..." },
		{ "ip-dhcp-host", "add-last",
		  "<host mac='52:54:00:00:00:03' name='a b' ip='10.0.0.13'/>",
		  "(network_update):1: does not match the schema: ..." },
		{ 0 },
	};

	run_changes(base, changes, -1);
}

/* ---- several elements at once, and where they go ---- */

static void several(void)
{
	static const char two[] =
		"<txt name='c' value='3'/> <!-- and --> <txt name='d' value='4'/>";
	static const struct {
		enum vnm_update_how how;
		const char *xml, *order;
	} cases[] = {
		{ VNM_UPDATE_ADD_FIRST, two, "cdab" },
		{ VNM_UPDATE_ADD_LAST, two, "abcd" },
		{ VNM_UPDATE_DELETE, "<txt name='b'/><txt name='a'/>", "" },
	};

	for (size_t i = 0; i < VNM_ARRAY_SIZE(cases); i++) {
		vnm_autonetwork struct vnm_network net = { 0 };
		vnm_autobuf struct vnm_buf order = { 0 };
		struct vnm_update change = { .how = cases[i].how,
					     .section = section("dns-txt"),
					     .parent = -1,
					     .xml = cases[i].xml,
					     .len = strlen(cases[i].xml) };
		struct vnm_error err = { 0 };

		parse(base, &net);
		VNM_ASSERT_OK_FATAL(vnm_network_update(&net, &change, &err), err);
		for (size_t k = 0; k < net.dns.n_txts; k++)
			vnm_buf_add(&order, net.dns.txts[k].name);
		VNM_ASSERT_STR_EQ(vnm_buf_str(&order), cases[i].order);
	}
}

/* The second stands against the first, which was not there before either. */
static void several_refused(void)
{
	static const struct change changes[] = {
		{ "dns-txt", "add-last", "<txt name='c' value='3'/><txt name='c' value='4'/>",
		  INVALID "there is already a DNS TXT record with name 'c' in network n" },
		{ "dns-txt", "add-first", "<txt name='c' value='3'/><txt name='b' value='4'/>",
		  INVALID "there is already a DNS TXT record with name 'b' in network n" },
		{ "dns-txt", "delete", "<txt name='a'/><txt name='a'/>",
		  INVALID "couldn't locate a matching DNS TXT record in network n" },
		{ "mtu", "add-last", "<mtu size='1400'/><mtu size='1300'/>",
		  INVALID "there is already a <mtu> element in network 'n'; use modify" },
		{ "portgroup", "add-last", "<portgroup name='g1' default='yes'/>",
		  INVALID
		  "there is an existing portgroup entry in network 'n' that matches \"<portgroup "
		  "name='g1'>\"" },
		{ 0 },
	};

	run_changes(base, changes, -1);
}

/* Messages about what is given name its file and the line there, whoever finds the fault. */
static void file_lines(void)
{
	static const struct {
		const char *section, *xml, *message;
	} cases[] = {
		{ "dns-txt", "<txt name='c' value='1'/>\n<txt name='d' valu='1'/>",
		  "f.xml:2: unknown attribute 'valu' in <txt>; expected one of name, value" },
		{ "dns-txt", "<txt name='c' value='1'/>\n\n<txt name='d>", "f.xml:3:" },
		{ "dns-host", "<?xml version='1.0'?><host ip='10.0.0.19'>\n</host>", "f.xml:" },
	};
	vnm_autoschema struct vnm_schema *schema = load_schema("network.rng");

	for (size_t i = 0; i < VNM_ARRAY_SIZE(cases); i++) {
		vnm_autobuf struct vnm_buf out = { 0 };
		struct vnm_update change = { .how = VNM_UPDATE_ADD_LAST,
					     .section = section(cases[i].section),
					     .parent = -1,
					     .xml = cases[i].xml,
					     .file = "f.xml",
					     .len = strlen(cases[i].xml) };

		update(base, &change, schema, &out);
		if (strncmp(vnm_buf_str(&out), cases[i].message, strlen(cases[i].message)) != 0)
			VNM_ASSERT_STR_EQ(vnm_buf_str(&out), cases[i].message);
	}
}

/* A device that was named by the attribute alone stays one of the list. */
static void forward_attribute(void)
{
	static const char xml[] =
		"<network><name>n</name><forward dev='eth0' mode='nat'/></network>";
	static const char given_xml[] = "<interface dev='eth2'/>";
	vnm_autonetwork struct vnm_network net = { 0 };
	struct vnm_update change = { .how = VNM_UPDATE_ADD_LAST,
				     .section = section("forward-interface"),
				     .parent = -1,
				     .xml = given_xml,
				     .len = strlen(given_xml) };
	struct vnm_error err = { 0 };

	parse(xml, &net);
	VNM_ASSERT_OK_FATAL(vnm_network_update(&net, &change, &err), err);
	VNM_ASSERT_INT_EQ_FATAL(net.forward.n_interfaces, 2);
	VNM_ASSERT_STR_EQ(net.forward.interfaces[0].dev, "eth0");
	VNM_ASSERT_STR_EQ(net.forward.interfaces[1].dev, "eth2");
}

/*
 * No section takes fewer commands than its row says, or more: each word with an element of the section's name, which
 * is refused as unsupported or for another reason, but never both.
 */
static void every_pair(void)
{
	static const struct {
		const char *name, *xml;
		unsigned allowed; /* 1 modify, 2 delete, 4 add-last, 8 add-first */
	} cases[] = {
		{ "bridge", "<bridge/>", 1 },
		{ "domain", "<domain name='d'/>", 15 },
		{ "ip", "<ip address='10.0.0.1'/>", 15 },
		{ "ip-dhcp-host", "<host ip='10.0.0.7'/>", 15 },
		{ "ip-dhcp-range", "<range start='10.0.0.7' end='10.0.0.8'/>", 15 },
		{ "forward", "<forward/>", 15 },
		{ "forward-interface", "<interface dev='e'/>", 14 },
		{ "forward-pf", "<pf dev='e'/>", 0 },
		{ "portgroup", "<portgroup name='g'/>", 15 },
		{ "dns-host", "<host ip='10.0.0.7'/>", 15 },
		{ "dns-txt", "<txt name='a' value='b'/>", 15 },
		{ "dns-srv", "<srv service='a' protocol='b'/>", 14 },
		{ "dns-forwarder", "<forwarder addr='10.0.0.7'/>", 14 },
		{ "bandwidth", "<bandwidth/>", 15 },
		{ "mtu", "<mtu size='1400'/>", 15 },
		{ "route", "<route address='10.1.0.0' gateway='10.0.0.9'/>", 14 },
		{ "port-forward",
		  "<vnm:portForward proto='tcp' port='80' "
		  "to='10.0.0.7'/>",
		  15 },
		{ "redirect", "<vnm:redirect proto='tcp' port='80' toPort='81'/>", 15 },
		{ "source-nat", "<vnm:sourceNat dev='e'/>", 15 },
		{ "static-nat",
		  "<vnm:staticNat outside='192.0.2.1' "
		  "inside='10.0.0.7'/>",
		  15 },
		{ "allow", "<vnm:allow network='o'/>", 14 },
		{ "peer", "<vnm:peer address='10.9.0.2'/>", 14 },
	};

	VNM_ASSERT_INT_EQ_FATAL(VNM_ARRAY_SIZE(cases), vnm_n_sections);
	for (unsigned i = 0; i < VNM_ARRAY_SIZE(cases) * VNM_UPDATE_HOW_COUNT; i++) {
		vnm_autonetwork struct vnm_network net = { 0 };
		const char *name = cases[i / VNM_UPDATE_HOW_COUNT].name;
		struct vnm_update change = { .how = i % VNM_UPDATE_HOW_COUNT,
					     .section = section(name),
					     .parent = -1,
					     .xml = cases[i / VNM_UPDATE_HOW_COUNT].xml };
		bool taken = cases[i / VNM_UPDATE_HOW_COUNT].allowed & 1u << change.how;
		struct vnm_error err = { 0 };
		int r;

		parse(bare, &net);
		change.len = strlen(change.xml);
		r = vnm_network_update(&net, &change, &err);
		if ((r == -EOPNOTSUPP) == taken || (err.code == VNM_ERR_UNSUPPORTED) == taken)
			VNM_ASSERT_STR_EQ(taken ? "refused" : "taken", name);
	}
}

/* A name in a message, or a key, is that of an attribute. */
static void check_names(const struct vnm_field *field, const char *text, const char *before,
			const char *after)
{
	for (text = strpbrk(text, before); text; text = strpbrk(text, before)) {
		size_t len = strcspn(++text, after);

		if (strncmp(text, "network", len) != 0 || *after == ' ')
			CU_ASSERT_PTR_NOT_NULL(vnm_element_row(field->element, text, len));
		text += len;
	}
}

/* What the engine relies on in the table. */
static void table_is_sound(void)
{
	for (size_t i = 0; i < vnm_n_sections; i++) {
		const struct vnm_section *section = &vnm_sections[i];
		const struct vnm_field *field =
			section->path ? vnm_field_find(section->path) : NULL;
		const char *const messages[] = { section->exists, section->missing,
						 section->missing_to_modify, section->many };

		CU_ASSERT_PTR_EQUAL(vnm_section_find(section->name), section);
		CU_ASSERT_EQUAL(field != NULL, section->path != NULL);
		CU_ASSERT_TRUE(section->allowed == 15 || section->refusal);
		if (!field || field->kind != VNM_FIELD_LIST)
			continue;
		CU_ASSERT_EQUAL(section->keys != NULL, section->matches == NULL);
		CU_ASSERT_TRUE(section->exists && section->missing);
		for (size_t k = 0; k < VNM_ARRAY_SIZE(messages); k++)
			check_names(field, messages[k] ? messages[k] : "", "{", "}");
		if (section->keys) {
			vnm_autofree char *keys = vnm_asprintf(" %s", section->keys);

			check_names(field, keys, " ", " ");
		}
	}
}

/* ---- <vnm:...>: the prefix need not be declared where the element is given ---- */

static void ways(void)
{
	static const char xml[] =
		"<network xmlns:vnm='urn:vnetmgr:network:1'><name>n</name><forward mode='nat'/>"
		"<ip address='10.0.0.1' prefix='24'/>"
		"<ip family='ipv6' address='fd00::1' prefix='64'/>"
		"<vnm:portForward proto='tcp' port='80' to='10.0.0.7'/>"
		"<vnm:portForward proto='tcp' port='80' to='fd00::7'/>"
		"<vnm:portForward proto='tcp' port='81' to='10.0.0.8'/>"
		"<vnm:sourceNat dev='e' address='192.0.2.1'/></network>";
	static const struct change changes[] = {
		{ "port-forward", "add-last",
		  "<vnm:portForward proto='udp' port='80' to='10.0.0.7'/>",
		  "+<vnm:portForward proto='udp' port='80' to='10.0.0.7'/>" },
		{ "port-forward", "add-last",
		  "<vnm:portForward proto='tcp' port='80' to='10.0.0.9'/>",
		  INVALID
		  "there is an existing port-forward entry in network 'n' for the same port" },
		{ "port-forward", "modify",
		  "<vnm:portForward proto='tcp' port='81' to='10.0.0.9'/>",
		  "-<vnm:portForward proto='tcp' port='81' to='10.0.0.8'/>"
		  "+<vnm:portForward proto='tcp' port='81' to='10.0.0.9'/>" },
		{ "port-forward", "delete", "<vnm:portForward proto='tcp' port='81'/>",
		  "-<vnm:portForward proto='tcp' port='81' to='10.0.0.8'/>" },
		{ "port-forward", "delete", "<vnm:portForward proto='tcp' port='80'/>",
		  INVALID "several forwards of network 'n' match; name the address, the device or "
			  "the guest of one" },
		{ "port-forward", "delete", "<vnm:portForward proto='tcp' port='80' to='fd00::7'/>",
		  "-<vnm:portForward proto='tcp' port='80' to='fd00::7'/>" },
		{ "source-nat", "modify", "<vnm:sourceNat dev='e' address='192.0.2.2'/>",
		  "-<vnm:sourceNat dev='e' address='192.0.2.1'/>"
		  "+<vnm:sourceNat dev='e' address='192.0.2.2'/>" },
		{ "source-nat", "delete", "<vnm:sourceNat dev='e'/>",
		  "-<vnm:sourceNat dev='e' address='192.0.2.1'/>" },
		{ "allow", "delete", "<vnm:allow network='o'/>",
		  INVALID "couldn't find a matching allow entry in network 'n'" },
		{ "allow", "add-last", "<vnm:allow network='o'/>", "+<vnm:allow network='o'/>" },
		{ 0 },
	};

	run_changes(xml, changes, -1);
}

const struct vnm_test vnm_tests[] = {
	{ "dhcp hosts", dhcp_hosts },
	{ "dhcp host id", dhcp_host_id },
	{ "parents", parents },
	{ "dhcp ranges", dhcp_ranges },
	{ "ips", ips },
	{ "routes", routes },
	{ "given", given },
	{ "several", several },
	{ "several, refused", several_refused },
	{ "file and line", file_lines },
	{ "forward dev", forward_attribute },
	{ "every pair", every_pair },
	{ "table", table_is_sound },
	{ "ways", ways },
	{ 0 },
};
