#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What the host lives by keeps its MTU, whatever a network puts beside it; guests have what there is. tests/ns/mtu.sh is about
# networks that define theirs.
. "$srcdir/tests/lib/ns.sh"
. "$srcdir/tests/lib/mtu.sh"


ip link add br0 type bridge; ip link set br0 up
ip link add nic0 type veth peer name wire0; ip link set nic0 mtu 9000 up; ip link set wire0 mtu 9000 up
ip netns add a

### A device of the host's: it is warned of, reported, never changed.
ip link add host0 type veth peer name host1; ip link set host1 up
define v 9000 '<forward/>' "<ip address='10.11.13.1' prefix='24'/>"; vnm -q net-start v
ok 'attached' vnm net-attach v --dev host0
has 'warned' "^warning: device 'host0' has an MTU of 1500, and network 'v' one of 9000: larger packets do not get to it; ip link set host0 mtu 9000\$" "$(cat "$T/out")"
has 'reported' "^Note: +guest host0 has an MTU of 1500, and bridge 'vb' one of 9000: .*ip link set host0 mtu 9000" "$(vnm net-info v)"
has 'no fault' ' v +active' "$(vnm net-list)"
same 'both keep theirs' '1500 9000' "$(mtu host0) $(mtu vb)"
ip link set host0 mtu 9000; same 'that helps' '' "$(vnm net-info v | grep Note)"
ip link set host0 mtu 1500; vnm -q net-detach v host0
same 'off again, as it was' 1500 "$(mtu host0)"
vnm -q net-destroy v; vnm -q net-undefine v

### The bridge in the place of an uplink keeps the uplink's, and so does the host, whatever comes and goes.
peer=$(outside ip -o -4 addr | sed -n 's/^[0-9]*: \([^ ]*\) .*203\.0\.113\.1.*/\1/p')
outside ip link set "$peer" mtu 3000; ip link set uplink0 mtu 3000
sed "s/ens33/uplink0/; s/br-lan/wb/; s/<name>lan/<name>w/" "$srcdir/networks/examples/uplink.xml" >"$T/w.xml"
vnm -q net-define "$T/w.xml"; ok 'an uplink' vnm -q net-start w
keeps() { same "$1: MTU" 3000 "$(mtu wb)"; ok "$1: the host" host_big 2900 203.0.113.1; ok "$1: IPv6" host_big 2900 2001:db8:113::1; }
keeps 'alone'
ok 'a tap' vnm -q net-attach w --tap wt; keeps 'a tap'
ok 'a namespace' vnm -q net-attach w --netns a --ip 203.0.113.50/24; keeps 'a namespace'
ok 'a device of the host' vnm net-attach w --dev host0; has 'warned' "'host0' has an MTU of 1500, and network 'w' one of 3000" "$(cat "$T/out")"; keeps 'a device'
same 'theirs' '3000 3000 1500' "$(mtu wt) $(inside a) $(mtu host0)"
ok 'the guest reaches the LAN' big a 2900 203.0.113.1
ok 'live' vnm -q net-update w add portgroup "<portgroup name='p'/>" --live; keeps 'a change'
for dev in host0 a wt; do vnm -q net-detach w $dev; keeps "without $dev"; done
ok 'a namespace again' vnm -q net-attach w --netns a --ip 203.0.113.50/24
ip link set uplink0 mtu 2000
has 'a smaller uplink is seen' 'its MTU is 2000, that of its bridge 3000' "$(vnm net-info w)"
ok 'and mended' vnm -q net-repair w
same 'the bridge and its guests follow' '2000 2000' "$(mtu wb) $(inside a)"
ok 'by packets' host_big 1900 203.0.113.1; same 'whole' 'Network w is complete' "$(vnm net-repair w)"
vnm -q net-detach w a; ok 'stop' vnm -q net-destroy w; same 'the uplink as it was' 2000 "$(mtu uplink0)"
ip link set uplink0 mtu 1500; outside ip link set "$peer" mtu 1500; vnm -q net-undefine w

### So does a bridge of the host's own; guests get what it has, and get it again when that is changed.
ip link set nic0 master br0; ip addr add 192.0.2.1/24 dev br0; ip netns add far
ip link set wire0 netns far; inns far ip addr add 192.0.2.9/24 dev wire0; inns far ip link set wire0 up
printf "<network><name>h</name><forward mode='bridge'/><bridge name='br0'/></network>" >"$T/h.xml"
vnm -q net-define "$T/h.xml"; vnm -q net-start h
host_keeps() { same "$1" 9000 "$(mtu br0)"; ok "$1: the host" host_big 8000 192.0.2.9; }
host_keeps 'alone'
ok 'a tap' vnm -q net-attach h --tap ht; host_keeps 'a tap'
ok 'a namespace' vnm -q net-attach h --netns a --ip 192.0.2.50/24; host_keeps 'a namespace'
has 'looked at first' 'ip link set dev br0 mtu 9001' "$(vnm net-attach h --dev host0 --dry-run)"
ok 'a device' vnm -q net-attach h --dev host0; host_keeps 'a device'
ok 'guest to LAN' big a 8000 192.0.2.9
for dev in host0 ht; do vnm -q net-detach h $dev; host_keeps "without $dev"; done
ip link set br0 mtu 4000
has 'another one is seen' "guest vnet[0-9]* \(a\) has an MTU of 9000, and bridge 'br0' one of 4000" "$(vnm net-info h)"
has 'by the ports as well' ' a .* degraded ' "$(vnm net-port-list h)"
ok 'and followed' vnm -q net-repair h; same 'in the guest' 4000 "$(inside a)"
vnm -q net-detach h a; vnm -q net-destroy h; vnm -q net-undefine h; ip link del br0

### Devices on top of one of the host's have its MTU; QEMU gets it as host_mtu.
ip link set nic0 mtu 9000 nomaster
for mode in bridge private vepa passthrough; do
	printf "<network><name>p</name><forward mode='%s'><interface dev='nic0'/></forward></network>" $mode >"$T/p.xml"
	vnm -q net-define "$T/p.xml"; vnm -q net-start p
	ok "$mode: macvlan" vnm -q net-attach p --netns a --ip 192.0.2.60/24; same "$mode: macvlan" 9000 "$(inside a)"
	vnm -q net-detach p a
	ok "$mode: macvtap" vnm net-attach p --tap pt; has "$mode: QEMU" ',host_mtu=9000' "$(cat "$T/out")"
	vnm -q net-detach p pt; vnm -q net-destroy p; vnm -q net-undefine p
done
finish
