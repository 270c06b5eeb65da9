#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# scripts/lab-hosts: what docs/many-hosts.md shows with it, on two hosts, and that nothing is left.
. "$srcdir/tests/lib/ns.sh"
need nft bridge
dir=$(mktemp -d) || exit 1	# there, where $T is not
trap 'rm -rf "$dir"' EXIT
cat >"$dir/lab.xml" <<'X'
<network xmlns:vnm='urn:vnetmgr:network:1'><name>lab</name><bridge name='br-lab'/><dns enable='no'/>
<ip address='192.168.50.1' prefix='24'/><vnm:overlay vni='100'><vnm:host of='2'/>
<vnm:peer address='10.99.0.1'/><vnm:peer address='10.99.0.2'/></vnm:overlay></network>
X
cat >"$dir/try" <<'X'
set -e
all "$VNETMGR" -q net-define "$1"
all "$VNETMGR" -q net-start lab
for k in 1 2; do ip netns add g$k; on $k "$VNETMGR" -q net-attach lab --netns g$k --ip 192.168.50.1$k; done
try=0
until ip netns exec g1 ping -n -c 1 -W 5 192.168.50.12; do try=$((try + 1)); [ $try -lt 20 ]; sleep .2; done
on 2 "$VNETMGR" net-info lab
X
# With FRR, and one command more.
sed "s|<vnm:peer .*/>|<vnm:evpn asn='65000' reflector='10.99.0.1' listen='10.99.0.0/24' password='p'/>|" "$dir/lab.xml" >"$dir/evpn.xml"
cat >"$dir/found" <<'X'
for try in $(seq 100); do
	on 2 vty show bgp l2vpn evpn summary | grep '^10.99.0.1 .*:[0-9][0-9]' && exit
	sleep .2
done
exit 1
X
before=$(snapshot)
ok 'a network on two hosts' env -u VNETMGR_SANDBOX sh "$srcdir/scripts/lab-hosts" 2 sh "$dir/try" "$dir/lab.xml"
has 'the second one is number 2' 'from 10.99.0.2' "$(cat "$T/out")"
if [ -x "${VNM_TEST_UNPACKED:-}/usr/lib/frr/bgpd" ]; then
	ok 'with EVPN' env -u VNETMGR_SANDBOX sh "$srcdir/scripts/lab-hosts" 2 sh -c 'sh "$0" "$2" && sh "$1"' "$dir/try" "$dir/found" "$dir/evpn.xml"
	has 'the session is shown' '^10.99.0.1 ' "$(cat "$T/out")"
fi
no_because 'no number of hosts' '^usage: lab-hosts HOSTS' env -u VNETMGR_SANDBOX sh "$srcdir/scripts/lab-hosts" some
no 'what its command says is its status' env -u VNETMGR_SANDBOX sh "$srcdir/scripts/lab-hosts" 1 false
same 'nothing is left' "$before" "$(snapshot)"
finish
