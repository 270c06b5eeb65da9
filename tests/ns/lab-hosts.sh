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
ip netns exec g1 ping -n -c 1 -W 5 192.168.50.12
on 2 "$VNETMGR" net-info lab
X
before=$(snapshot)
ok 'a network on two hosts' env -u VNETMGR_SANDBOX sh "$srcdir/scripts/lab-hosts" 2 sh "$dir/try" "$dir/lab.xml"
has 'the second one is number 2' 'from 10.99.0.2' "$(cat "$T/out")"
no_because 'no number of hosts' '^usage: lab-hosts HOSTS' env -u VNETMGR_SANDBOX sh "$srcdir/scripts/lab-hosts" some
no 'what its command says is its status' env -u VNETMGR_SANDBOX sh "$srcdir/scripts/lab-hosts" 1 false
same 'nothing is left' "$before" "$(snapshot)"
finish
