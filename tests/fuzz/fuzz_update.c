/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz_update.c - net-update: a line "HOW SECTION PARENT" with a number each, as letters from a on, then the XML.
 * "ada<range .../>": modify (a), ip-dhcp-host (d), the first <ip> (b; a is "none was named"). From e on it is that of a network on
 * many hosts, from i on of one with EVPN.
 */
#include "fuzz.h"

#include <string.h>

#include "model/validate.h"
#include "plan/op/diff.h"
#include "plan/facts.h"
#include "util/mem.h"
#include "xml/update/sections.h"
#include "xml/update/update.h"

const char vnm_fuzz_name[] = "update";

#define HEAD 3
#define PARENTS 4
const size_t vnm_fuzz_head = HEAD;

static const char base[] =
	"<network xmlns:vnm='urn:vnetmgr:network:1'><name>n</name>"
	"<forward mode='nat'><nat ipv6='yes'/><interface dev='eth0'/></forward>"
	"<bridge name='br0' stp='on' delay='2'/><mtu size='1400'/><domain name='y.test'/>"
	"<bandwidth><inbound average='1000'/></bandwidth>"
	"<dns><forwarder addr='10.9.0.1'/><forwarder domain='y.test'/><txt name='a' value='1'/>"
	"<srv service='ldap' protocol='tcp' domain='x.test' target='t1' port='389'/>"
	"<host ip='10.0.0.11'><hostname>one</hostname><hostname>uno</hostname></host></dns>"
	"<ip address='10.0.0.1' prefix='24'><dhcp>"
	"<range start='10.0.0.100' end='10.0.0.120'/><range start='10.0.0.130' end='10.0.0.140'/>"
	"<host mac='52:54:00:00:00:01' name='one' ip='10.0.0.11'/></dhcp></ip>"
	"<ip family='ipv6' address='fd00::1' prefix='64'/><ip address='10.8.0.1' prefix='24'/>"
	"<route address='10.1.0.0' prefix='16' gateway='10.0.0.9'/>"
	"<portgroup name='g1' default='yes'/><portgroup name='g2'/>"
	"<vnm:portForward proto='tcp' port='80' to='10.0.0.7' name='web'/>"
	"<vnm:portForward proto='tcp' port='80' to='fd00::7'/>"
	"<vnm:portForward proto='tcp' port='81' to='10.0.0.8'/>"
	"<vnm:redirect proto='tcp' port='3128' toPort='3129'/>"
	"<vnm:sourceNat dev='eth0' address='192.0.2.1'/>"
	"<vnm:staticNat outside='192.0.2.20' inside='10.0.0.20'/>"
	"<vnm:allow network='o'/></network>";

static const char overlay[] =
	"<network xmlns:vnm='urn:vnetmgr:network:1'><name>n</name><forward mode='nat'/>"
	"<bridge name='br0' stp='off'/>"
	"<ip address='10.0.0.1' prefix='24'><dhcp>"
	"<range start='10.0.0.100' end='10.0.0.120'/></dhcp></ip>"
	"<ip family='ipv6' address='fd00::1' prefix='64'/>"
	"<vnm:overlay vni='7' local='10.9.0.1' mtu='1500'><vnm:host index='1' of='3'/>"
	"<vnm:peer address='10.9.0.1'/><vnm:peer address='10.9.0.2'/></vnm:overlay></network>";

static const char evpn[] =
	"<network xmlns:vnm='urn:vnetmgr:network:1'><name>n</name><forward mode='nat'/>"
	"<bridge name='br0' stp='off'/>"
	"<ip address='10.0.0.1' prefix='24'><dhcp>"
	"<range start='10.0.0.100' end='10.0.0.120'/></dhcp></ip>"
	"<vnm:overlay vni='7' local='10.9.0.1' mtu='1500'><vnm:host index='1' of='3'/>"
	"<vnm:evpn asn='65000' reflector='10.9.0.1' reflector2='10.9.0.2' listen='10.9.0.0/24' "
	"password='p' bfd='yes'/></vnm:overlay></network>";

static const char *const bases[] = { base, overlay, evpn };

static unsigned letter(uint8_t c, unsigned n)
{
	return (unsigned)(c - 'a') % n;
}

/** LLVMFuzzerTestOneInput() - a change. Return: 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	vnm_autonetwork struct vnm_network net = { 0 };
	struct vnm_warnings warnings = { 0 };
	struct vnm_error err = { 0 };
	vnm_autofree char *text = NULL;
	struct vnm_update update;
	const char *from;

	if (size < HEAD || memchr(data, '\0', size))
		return 0;
	text = vnm_strndup((const char *)data + HEAD, size - HEAD);
	from = bases[letter(data[2], VNM_ARRAY_SIZE(bases) * PARENTS) / PARENTS];
	update = (struct vnm_update){
		.how = (enum vnm_update_how)letter(data[0], VNM_UPDATE_HOW_COUNT),
		.section = &vnm_sections[letter(data[1], (unsigned)vnm_n_sections)],
		.parent = (int)letter(data[2], PARENTS) - 1,
		.xml = text,
		.len = size - HEAD,
	};
	vnm_fuzz_true(vnm_network_xml_parse(from, strlen(from), "base", &net, &err) == 0 &&
			      vnm_network_validate(&net, &warnings, &err) == 0,
		      err.msg, from);
	if (vnm_network_update(&net, &update, &err) == 0 &&
	    vnm_network_validate(&net, &warnings, &err) == 0 &&
	    vnm_network_update_check(&update, "n", vnm_fuzz_schema(), &err) == 0)
		vnm_fuzz_accepted(&net, vnm_fuzz_salt(data, size));
	else
		vnm_fuzz_true(err.code && err.msg[0], "refused without a reason", "");
	vnm_warnings_clear(&warnings);
	return 0;
}
