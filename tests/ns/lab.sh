#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The lab of networks/examples: two networks, a router in a namespace, addresses and routes by DHCP.
. "$srcdir/tests/lib/ns.sh"
lab="$srcdir/networks/examples/lab.sh"
before=$(snapshot)
etc() { ls -lR /etc | grep -v '^total'; cat /etc/resolv.conf /etc/hosts; }
etc=$(etc)
ok 'it is built' "$lab" up
has 'ns1 is told the way' '^192.168.200.0/24 via 192.168.100.1 dev eth0' "$(inns ns1 ip route)"
there=$(sed -n 's/.*for example: ip netns exec \(ns1 ping [0-9.]*\)$/\1/p' "$lab")
ok 'what its comment says works' sh -c "ip netns exec ${there:-none} -n -c 1 -W 2"
same 'by the router' 'ttl=63' "$(inns ns1 ping -n -c 1 -W 2 192.168.200.10 | grep -o 'ttl=[0-9]*')"
no 'but not the outside' reaches ns1 "$SERVER"
listens ns2 8080
ok 'TCP as well' connects ns1 192.168.200.10 8080
kill "$listener"
now=$(snapshot; inns ns1 ip -o link; inns ns1 ip route)
ok 'a second time' "$lab" up
same 'it is as it was' "$now" "$(snapshot; inns ns1 ip -o link; inns ns1 ip route)"
vnm -q net-detach lab-right ns2; ip netns del ns2
ok 'what is missing is made' "$lab" up
ok 'and works' reaches ns1 192.168.200.10
ok 'it is taken away' "$lab" down
ok 'or was already' "$lab" down
same 'no trace is left' "$before" "$(snapshot)"
same 'nor in /etc' "$etc" "$(etc)"
ok 'in a sandbox of its own, too' "$VNETMGR" sandbox sh -c '"$1" up && ip netns exec ns2 ping -n -c 1 -W 2 192.168.100.10' x "$lab"
same 'of which nothing is seen' "$before$etc" "$(snapshot)$(etc)"
finish
