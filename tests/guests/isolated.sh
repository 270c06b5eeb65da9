#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Two machines, each on a host-only and on an internal network, as networks/ has them: they reach each other, and whom else they should.
. "$srcdir/tests/lib/ns.sh"
. "$srcdir/tests/guests/guest.sh"
for net in hostonly internal; do
	vnm -q net-define "$srcdir/networks/$net.xml" && vnm -q net-start $net || exit 1
done
H=192.168.133 I=10.5.5
for i in 1 2; do
	options="$(vnm -q net-attach hostonly --tap h$i) $(vnm -q net-attach internal --tap i$i)" || exit 1
	ok "machine $i" machine vm$i "$options" || finish
done
both() {	# both WHAT
	ok "$1: host-only, each other" vm vm1 "reaches $two"
	ok "$1: and back" vm vm2 "reaches $one"
	ok "$1: the host" vm vm1 "reaches $H.1"
	ok "$1: and the host them" ping -n -c 1 -W 3 "$one"
	ok "$1: internal, each other" vm vm1 "reaches $I.2"
	ok "$1: and back" vm vm2 "reaches $I.1"
}
one=$(vm vm1 lease) two=$(vm vm2 lease)
has 'a lease' "^$H\.[0-9]+$" "$one"
has 'another one' "^$H\.[0-9]+$" "$two"
no 'not the same' test "$one" = "$two"
same 'no default route' '' "$(vm vm1 'ip route | grep default')"
for i in 1 2; do
	vm vm$i "ip addr add $I.$i/24 dev eth1"
	no "machine $i: nobody serves on an internal network" vm vm$i 'lease eth1 -t 2'
	vm vm$i "lease" >/dev/null
done
both 'booted'

### Whoever goes further by himself does not get there.
vm vm1 "ip route add default via $H.1 dev eth0"
no 'outside' vm vm1 "reaches -W 1 $SERVER"
no "the host's address outside, by the internal network" vm vm1 "ip route del default; ip addr add 203.0.113.99/24 dev eth1; reaches -W 1 $UPLINK"
outside ip route add $H.0/24 via $UPLINK
no 'nor from outside' outside ping -n -c 1 -W 1 "$one"
vm vm1 'ip addr del 203.0.113.99/24 dev eth1'

### A restart under them.
ok 'stop' vnm -q net-destroy --all
no 'cut off' vm vm1 "reaches -W 1 $two"
no 'both' vm vm1 "reaches -W 1 $I.2"
ok 'start' vnm -q net-start hostonly internal
# The spanning tree listens for a while, as the definitions have it.
ok 'again' vm vm1 "for i in \$(seq 20); do reaches -W 1 $two && reaches -W 1 $I.2 && exit; done; false"
both 'after a restart'
finish
