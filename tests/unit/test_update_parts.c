/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_update_parts.c - changing one part of a definition: <dns>, <forward>, portgroups, and what stands once. */
#include "update.h"

const char vnm_suite[] = "update_parts";

/* ---- <dns> ---- */

static void dns_hosts(void)
{
	static const struct change changes[] = {
		{ "dns-host", "add-last", "<host ip='10.0.0.13'><hostname>three</hostname></host>",
		  "+<host ip='10.0.0.13'>+<hostname>three</hostname>+</host>" },
		{ "dns-host", "add-first", "<host ip='10.0.0.11'><hostname>three</hostname></host>",
		  INVALID "there is already at least one DNS HOST record with a matching field in "
			  "network n" },
		{ "dns-host", "add-last", "<host ip='10.0.0.13'><hostname>uno</hostname></host>",
		  "+<host ip='10.0.0.13'>+<hostname>uno</hostname>+</host>" },
		{ "dns-host", "delete", "<host ip='10.0.0.12'/>",
		  "-<host ip='10.0.0.12'>-<hostname>two</hostname>-</host>" },
		{ "dns-host", "delete", "<host><hostname>two</hostname></host>",
		  "-<host ip='10.0.0.12'>-<hostname>two</hostname>-</host>" },
		{ "dns-host", "delete", "<host ip='10.0.0.12'><hostname>one</hostname></host>",
		  INVALID "multiple matching DNS HOST records were found in network n" },
		{ "dns-host", "delete", "<host ip='10.0.0.19'/>",
		  INVALID "couldn't locate a matching DNS HOST record in network n" },
		{ "dns-host", "delete", "<host/>",
		  "Missing ip and hostname in network 'n' DNS HOST record" },
		{ "dns-host", "modify", "<host ip='10.0.0.12'><hostname>b</hostname></host>",
		  "-<hostname>two</hostname>+<hostname>b</hostname>" },
		{ "dns-host", "modify", "<host ip='10.0.0.19'><hostname>b</hostname></host>",
		  INVALID "couldn't locate a matching DNS HOST record in network n" },
		{ "dns-host", "modify", "<host><hostname>two</hostname></host>",
		  "missing attribute 'ip' in <host>" },
		{ 0 },
	};

	run_changes(base, changes, -1);
}

static void dns_records(void)
{
	static const struct change changes[] = {
		{ "dns-txt", "add-last", "<txt name='c' value='3'/>",
		  "+<txt name='c' value='3'/>" },
		{ "dns-txt", "add-first", "<txt name='a' value='3'/>",
		  INVALID "there is already a DNS TXT record with name 'a' in network n" },
		{ "dns-txt", "delete", "<txt name='a'/>", "-<txt name='a' value='1'/>" },
		{ "dns-txt", "delete", "<txt name='c'/>",
		  INVALID "couldn't locate a matching DNS TXT record in network n" },
		{ "dns-txt", "delete", "<txt value='1'/>",
		  "missing required name attribute in DNS TXT record of network n" },
		{ "dns-txt", "modify", "<txt name='a' value='3'/>",
		  "-<txt name='a' value='1'/>+<txt name='a' value='3'/>" },
		{ "dns-txt", "modify", "<txt name='c' value='3'/>",
		  INVALID "couldn't locate a matching DNS TXT record in network n" },
		{ "dns-srv", "add-last", "<srv service='http' protocol='tcp'/>",
		  "+<srv service='http' protocol='tcp'/>" },
		{ "dns-srv", "add-last", "<srv service='ldap' protocol='tcp'/>",
		  INVALID
		  "there is already at least one DNS SRV record matching all specified fields in "
		  "network n" },
		{ "dns-srv", "add-first",
		  "<srv service='ldap' protocol='tcp' domain='x.test' target='t3' port='389'/>",
		  "+<srv service='ldap' protocol='tcp' domain='x.test' target='t3' port='389'/>" },
		{ "dns-srv", "delete", "<srv target='t2'/>",
		  "-<srv service='ldap' protocol='tcp' domain='x.test' target='t2' port='389'/>" },
		{ "dns-srv", "delete", "<srv protocol='udp'/>",
		  "-<srv service='sip' protocol='udp'/>" },
		{ "dns-srv", "delete", "<srv service='ldap'/>",
		  INVALID
		  "multiple DNS SRV records matching all specified fields were found in network "
		  "n" },
		{ "dns-srv", "delete", "<srv service='http'/>",
		  INVALID "couldn't locate a matching DNS SRV record in network n" },
		{ "dns-srv", "modify", "<srv service='sip' protocol='udp'/>",
		  NO_SUCH "DNS SRV records cannot be modified, only added or deleted" },
		{ "dns-forwarder", "add-last", "<forwarder addr='10.9.0.2'/>",
		  "+<forwarder addr='10.9.0.2'/>" },
		{ "dns-forwarder", "add-first", "<forwarder domain='y.test' addr='10.9.0.1'/>",
		  "+<forwarder domain='y.test' addr='10.9.0.1'/>" },
		{ "dns-forwarder", "add-last", "<forwarder addr='10.9.0.1'/>",
		  INVALID
		  "there is already a DNS forwarder with this domain and address in network n" },
		{ "dns-forwarder", "delete", "<forwarder domain='x.test' addr='10.9.0.1'/>",
		  "-<forwarder domain='x.test' addr='10.9.0.1'/>" },
		{ "dns-forwarder", "delete", "<forwarder addr='10.9.0.1'/>",
		  "-<forwarder addr='10.9.0.1'/>" },
		{ "dns-forwarder", "delete", "<forwarder domain='y.test'/>",
		  "-<forwarder domain='y.test'/>" },
		{ "dns-forwarder", "delete", "<forwarder domain='x.test'/>",
		  INVALID "couldn't locate a matching DNS forwarder in network n" },
		{ "dns-forwarder", "modify", "<forwarder addr='10.9.0.1'/>",
		  NO_SUCH "DNS forwarders cannot be modified, only added or deleted" },
		{ 0 },
	};

	run_changes(base, changes, -1);
}

/* ---- <forward>, <portgroup>, and what stands once ---- */

static void forwards(void)
{
	static const char attribute[] =
		"<network><name>n</name><forward dev='eth0' mode='nat'/></network>";
	static const struct change changes[] = {
		{ "forward-interface", "add-last", "<interface dev='eth2'/>",
		  "+<interface dev='eth2'/>" },
		{ "forward-interface", "add-first", "<interface dev='eth1'/>",
		  INVALID
		  "there is an existing interface entry in network 'n' that matches \"<interface "
		  "dev='eth1'>\"" },
		{ "forward-interface", "delete", "<interface dev='eth1'/>",
		  "-<interface dev='eth1'/>" },
		{ "forward-interface", "delete", "<interface dev='eth9'/>",
		  INVALID "couldn't find an interface entry in network 'n' matching <interface "
			  "dev='eth9'>" },
		{ "forward-interface", "delete", "<interface/>",
		  INVALID
		  "Missing required dev attribute in <forward> <interface> element of network n" },
		{ "forward-interface", "modify", "<interface dev='eth1'/>",
		  NO_SUCH "forward interface entries cannot be modified, only added or deleted" },
		{ "forward-pf", "add-last", "<pf dev='eth0'/>",
		  NO_SUCH "can't update 'forward pf' section of network 'n'" },
		{ "forward-pf", "modify", "<pf dev='eth0'/>",
		  NO_SUCH "can't update 'forward pf' section of network 'n'" },
		{ "forward-pf", "delete", "<pf dev='eth0'/>",
		  NO_SUCH "can't update 'forward pf' section of network 'n'" },
		{ "forward", "add-last", "<forward mode='open'/>",
		  INVALID "there is already a <forward> element in network 'n'; use modify" },
		{ "forward", "modify", "<forward mode='open'/>",
		  "-<forward dev='eth0' mode='nat'>-<interface dev='eth0'/>-<interface "
		  "dev='eth1'/>-</forward>"
		  "+<forward mode='open'/>" },
		{ "forward", "delete", "<forward/>",
		  "-<forward dev='eth0' mode='nat'>-<interface dev='eth0'/>-<interface "
		  "dev='eth1'/>-</forward>" },
		{ 0 },
	};
	static const struct change of_attribute[] = {
		{ "forward-interface", "add-last", "<interface dev='eth0'/>",
		  INVALID
		  "there is an existing interface entry in network 'n' that matches \"<interface "
		  "dev='eth0'>\"" },
		{ 0 },
	};

	run_changes(base, changes, -1);
	run_changes(attribute, of_attribute, -1);
}

static void portgroups(void)
{
	static const struct change changes[] = {
		{ "portgroup", "add-last", "<portgroup name='g3' default='no'/>",
		  "+<portgroup name='g3'>+</portgroup>" },
		{ "portgroup", "add-last", "<portgroup name='g3' default='yes'/>",
		  INVALID
		  "a different portgroup entry in network 'n' is already set as the default. Only "
		  "one default is allowed." },
		{ "portgroup", "modify", "<portgroup name='g2' default='yes'/>",
		  INVALID
		  "a different portgroup entry in network 'n' is already set as the default. Only "
		  "one default is allowed." },
		{ "portgroup", "modify", "<portgroup name='g1'/>",
		  "-<portgroup name='g1' default='yes'>+<portgroup name='g1'>" },
		{ "portgroup", "add-first", "<portgroup name='g2'/>",
		  INVALID
		  "there is an existing portgroup entry in network 'n' that matches \"<portgroup "
		  "name='g2'>\"" },
		{ "portgroup", "modify", "<portgroup name='g9'/>",
		  INVALID
		  "couldn't find a portgroup entry in network 'n' matching <portgroup name='g9'>" },
		{ "portgroup", "delete", "<portgroup name='g9'/>",
		  INVALID
		  "couldn't find a portgroup entry in network 'n' matching <portgroup name='g9'>" },
		{ "portgroup", "delete", "<portgroup name='g2' default='yes'/>",
		  "-<portgroup name='g2'>-</portgroup>" },
		{ "portgroup", "delete", "<portgroup/>",
		  "Missing required name attribute in portgroup" },
		{ 0 },
	};

	run_changes(base, changes, -1);
}

static void singles(void)
{
	static const char full[] = "<network><name>n</name><mtu size='1400'/><domain name='d'/>"
				   "<bandwidth><inbound average='5'/></bandwidth></network>";
	static const struct change changes[] = {
		/* Who gives a bridge without its name does not ask for another one. */
		{ "bridge", "modify", "<bridge stp='off' delay='0'/>",
		  "-<bridge name='br0' stp='on' delay='2'/>+<bridge name='br0' stp='off' "
		  "delay='0'/>" },
		{ "bridge", "modify", "<bridge name='' stp='off' delay='0'/>",
		  "-<bridge name='br0' stp='on' delay='2'/>+<bridge name='br0' stp='off' "
		  "delay='0'/>" },
		{ "bridge", "modify", "<bridge name='br1'/>",
		  "-<bridge name='br0' stp='on' delay='2'/>+<bridge name='br1' stp='on' "
		  "delay='0'/>" },
		{ "bridge", "add-last", "<bridge name='br1'/>",
		  NO_SUCH "the bridge of a network can only be modified" },
		{ "bridge", "delete", "<bridge name='br0'/>",
		  NO_SUCH "the bridge of a network can only be modified" },
		{ "mtu", "add-last", "<mtu size='1400'/>", "+<mtu size='1400'/>" },
		{ "mtu", "modify", "<mtu size='1400'/>",
		  INVALID "couldn't locate a <mtu> element in network 'n'; use add" },
		{ "domain", "add-first", "<domain name='d' localOnly='yes'/>",
		  "+<domain name='d' localOnly='yes'/>" },
		{ "domain", "delete", "<domain/>",
		  INVALID "couldn't locate a <domain> element in network 'n'" },
		{ "bandwidth", "add-last", "<bandwidth><inbound average='5'/></bandwidth>",
		  "+<bandwidth>+<inbound average='5'/>+</bandwidth>" },
		{ "bandwidth", "modify", "<bandwidth/>",
		  INVALID "couldn't locate a <bandwidth> element in network 'n'; use add" },
		{ 0 },
	};
	static const struct change there[] = {
		{ "mtu", "add-last", "<mtu size='1300'/>",
		  INVALID "there is already a <mtu> element in network 'n'; use modify" },
		{ "mtu", "modify", "<mtu size='1300'/>", "-<mtu size='1400'/>+<mtu size='1300'/>" },
		{ "mtu", "delete", "<mtu/>", "-<mtu size='1400'/>" },
		{ "domain", "add-first", "<domain name='e'/>",
		  INVALID "there is already a <domain> element in network 'n'; use modify" },
		{ "domain", "modify", "<domain name='e'/>",
		  "-<domain name='d'/>+<domain name='e'/>" },
		{ "domain", "delete", "<domain/>", "-<domain name='d'/>" },
		{ "bandwidth", "modify", "<bandwidth><outbound average='6'/></bandwidth>",
		  "-<inbound average='5'/>+<outbound average='6'/>" },
		{ "bandwidth", "delete", "<bandwidth/>",
		  "-<bandwidth>-<inbound average='5'/>-</bandwidth>" },
		{ 0 },
	};
	static const struct change no_bridge[] = {
		{ "bridge", "modify", "<bridge stp='off'/>",
		  INVALID "couldn't locate a <bridge> element in network 'n'" },
		{ 0 },
	};

	run_changes(base, changes, -1);
	run_changes(full, there, -1);
	run_changes(bare, no_bridge, -1);
}

const struct vnm_test vnm_tests[] = {
	{ "dns hosts", dns_hosts },   { "dns records", dns_records }, { "forwards", forwards },
	{ "portgroups", portgroups }, { "singles", singles },	      { 0 },
};
