#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# vrf.sh - a network in a VRF where the kernel has none; what it does where there are some is in tests/kernels/vrf.sh.
. "${srcdir:=.}/tests/lib/ns.sh"
! ip link add probe type vrf table 9 2>/dev/null || skip 'this kernel has VRFs: tests/kernels/run.sh SUITE vrf'

net() {
	cat <<X
<network xmlns:vnm='urn:vnetmgr:network:1'><name>$1</name><forward mode='${2:-nat}'/><bridge name='$1br0'/>
<ip address='10.0.0.1' prefix='24'><dhcp><range start='10.0.0.2' end='10.0.0.9'/></dhcp></ip>${3:-}</network>
X
}
net blue nat "<vnm:vrf name='blue' table='10'/>" >blue.xml
ok 'define' vnm -q net-define --validate blue.xml
has 'kept' "<vnm:vrf name='blue' table='10'/>" "$(vnm net-dumpxml blue)"
has 'shown' '^VRF: +blue$' "$(vnm net-info blue)"
has 'as JSON' '"vrf": *"blue"' "$(vnm net-info blue --json)"
now=$(snapshot)
for how in '' --dry-run; do
	no_because "start $how" "cannot create vrf 'blue'.*no devices of the kind 'vrf'.*without VRFs \(CONFIG_NET_VRF\) leave <vnm:vrf name='blue'/> out" \
		vnm net-start blue $how
	same 'nothing is left' "$now" "$(snapshot)"
done
net blue >blue.xml
ok 'without' vnm -q net-define blue.xml; ok 'start' vnm -q net-start blue
net blue nat "<vnm:vrf name='blue' table='10'/>" >blue.xml
now=$(snapshot)
no_because 'live' "network 'blue' stays in its VRF, or in none, as long as it is active.*net-destroy" vnm net-apply blue.xml
same 'nothing changed' "$now" "$(snapshot)"

net red nat "<vnm:vrf name='red' table='20'/>" >red.xml
ok 'another one' vnm -q net-define red.xml
no_because 'beside one without' "already in use by active network 'blue'.*only networks in different VRFs may have the same.*give network 'blue' a <vnm:vrf>, too" \
	vnm net-start red
ok 'stop' vnm -q net-destroy blue

# Two definitions.
ok 'in the file only' vnm -q net-define blue.xml
for wrong in "blue 11 VRF 'blue' of network 'red' has table 10 in network 'blue', and here 11" \
	"red 10 table 10 of VRF 'red' of network 'red' is already in use by VRF 'blue'"; do
	set -- $wrong
	net red nat "<vnm:vrf name='$1' table='$2'/>" >wrong.xml; shift 2
	no_because "not the same VRF" "$*" vnm net-define wrong.xml
done
ok 'a VRF of its own' vnm net-define red.xml
same 'no warning' '' "$(grep warning "$T/out")"
finish
