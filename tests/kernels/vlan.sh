#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# vlan.sh - guests in VLANs, on a bridge of the host that filters them: who reaches whom, access ports and trunks, the host in a
# VLAN, what cannot be, live changes, repair, restarts.
. "$srcdir/world.sh"
. "$srcdir/vlan-world.sh"
NET=lan
N=10.42.0

ip link add lan0 type bridge vlan_filtering 1 && ip link set lan0 up
cat >lan.xml <<'X'
<network><name>lan</name><forward mode='bridge'/><bridge name='lan0'/>
<vlan><tag id='42'/></vlan>
<portgroup name='other'><vlan><tag id='43'/></vlan></portgroup>
<portgroup name='router'><vlan trunk='yes'><tag id='42'/><tag id='43'/><tag id='99' nativeMode='untagged'/></vlan></portgroup>
<portgroup name='tagged'><vlan trunk='yes'><tag id='42'/><tag id='99' nativeMode='tagged'/></vlan></portgroup>
</network>
X
ok 'define' vnm -q net-define --validate lan.xml
ok 'start' vnm -q net-start lan
has 'it is shown' '^VLAN: +42$' "$(vnm net-info lan)"

put a --ip $N.1/24
put b --ip $N.2/24
put c --ip $N.3/24 --portgroup other
put d --ip $N.4/24 --portgroup other
put t --ip none --portgroup router
put own --ip $N.6/24 --vlan 43
put cli --ip none --vlan 42,43,99 --native-vlan 99
put mute --ip none --vlan 42,43
put n --ip none --portgroup tagged
same 'an access port' '42 PVID Egress Untagged;' "$(table "$(dev a)")"
same 'of a portgroup' '43 PVID Egress Untagged;' "$(table "$(dev c)")"
same 'a trunk with a native VLAN' '42-43;99 PVID Egress Untagged;' "$(table "$(dev t)")"
same 'of its own' '43 PVID Egress Untagged;' "$(table "$(dev own)")"
same 'a trunk by options' '42-43;99 PVID Egress Untagged;' "$(table "$(dev cli)")"
same 'a trunk without a native VLAN' '42-43;' "$(table "$(dev mute)")"
same 'a native VLAN that keeps its tag' '42;99 PVID;' "$(table "$(dev n)")"
same 'the bridge itself is as it was' '1 PVID Egress Untagged;' "$(table lan0)"

# Packets, in every direction that is allowed, and in those that are not.
tag t 42 $N.10; tag t 43 10.43.0.10
inns t ip addr add 10.99.0.10/24 dev eth0
tag cli 42 $N.11; inns cli ip addr add 10.99.0.11/24 dev eth0
tag mute 42 $N.12; inns mute ip addr add 10.99.0.12/24 dev eth0
tag a 43 10.43.0.1
inns c ip addr add 10.43.0.3/24 dev eth0
both a a b $N.2; both b b a $N.1
not a a c $N.3; not c c a $N.1; not a a own $N.6
both c c d $N.4; both c c own $N.6; both own own d $N.4
both a a 'the trunk' $N.10; both 'the trunk' t a $N.1; both 'the trunk' t c 10.43.0.3; both c c 'the trunk' 10.43.0.10
both 'a trunk' t 'the other, untagged' 10.99.0.11; both 'a trunk' t 'the other, tagged' $N.11
both 'the trunk without a native VLAN' mute a $N.1; not 'it, untagged,' mute 'the other' 10.99.0.11
not 'an access port with a tag' a c 10.43.0.3
# The host: in no VLAN of theirs, then in one.
ip addr add $N.254/24 dev lan0
no 'the host reaches nobody' ping -n -c 1 -W 1 $N.1; not a a 'the host' $N.254
ip addr del $N.254/24 dev lan0
bridge vlan add dev lan0 vid 42 self; ip link add link lan0 name lan0.42 type vlan id 42; ip addr add $N.254/24 dev lan0.42; ip link set lan0.42 up
ok 'the host in VLAN 42' ping -n -c 1 -W 2 $N.1; both a a 'the host' $N.254; not c c 'the host' $N.254
both 'the trunk' t 'the host' $N.254

# For programs.
has 'as JSON' '"vlans":\[\{"id":42,"pvid":false,"untagged":false\},\{"id":43,"pvid":false,"untagged":false\},\{"id":99,"pvid":true,"untagged":true\}\]' \
	"$(vnm net-port-list lan --json | tr -d ' \n')"
healthy 'whole'

# The commands that a dry run prints do the same.
ip link add by-hand type veth peer name other-end
ip link set by-hand up
vnm -q net-attach lan --dev by-hand --portgroup router --dry-run >commands
grep -E '^(ip|bridge) ' commands >run; ok 'by hand' sh -ex run
same 'by hand' '42-43;99 PVID Egress Untagged;' "$(table by-hand)"
ip link set by-hand nomaster
same 'nothing is left' '' "$(table by-hand)"
ok 'a device of the host' vnm -q net-attach lan --dev by-hand --portgroup router
same 'a device of the host' '42-43;99 PVID Egress Untagged;' "$(table by-hand)"
ok 'detach' vnm -q net-detach lan by-hand
same 'it has none' '' "$(table by-hand)"

# Live changes, while one guest sends.
inns a ping -n -i 0.1 -c 30 $N.2 >pings & pinging=$!
ok 'a portgroup' vnm -q net-update lan modify portgroup "<portgroup name='other'><vlan><tag id='44'/></vlan></portgroup>" --live
same 'in place' '44 PVID Egress Untagged;' "$(table "$(dev c)")"
same 'others stay' '43 PVID Egress Untagged;' "$(table "$(dev own)")"
both c c d $N.4; not c c own $N.6
ok 'a portgroup without' vnm -q net-update lan modify portgroup "<portgroup name='other'/>" --live
same "the network's" '42 PVID Egress Untagged;' "$(table "$(dev c)")"
both c c a $N.1
no_because 'reserved' 'VLAN 4095 .* is reserved; a port can be in VLANs 1 to 4094' vnm -q net-update lan modify portgroup "<portgroup name='other'><vlan><tag id='4095'/></vlan></portgroup>" --live
same 'nothing is changed' '42 PVID Egress Untagged;' "$(table "$(dev c)")"
wait $pinging; has 'no packet is lost' ' 0% packet loss' "$(cat pings)"
ok 'back' vnm -q net-update lan modify portgroup "<portgroup name='other'><vlan><tag id='43'/></vlan></portgroup>" --live

# What others do to it is seen and repaired.
bridge vlan add dev "$(dev a)" vid 43
has 'another VLAN: degraded' '^ lan +active \(degraded\)|degraded' "$(vnm net-list)"
has 'another VLAN: why' "$(dev a) .*other VLANs|other VLANs" "$(vnm net-info lan)"
ok 'repair' vnm -q net-repair lan
same 'repaired' '42 PVID Egress Untagged;' "$(table "$(dev a)")"
healthy 'repaired'
ip link set lan0 type bridge vlan_filtering 0
has 'filtering off: why' "does not filter VLANs" "$(vnm net-info lan)"
no_because 'filtering off: attach' "bridge 'lan0' does not filter VLANs, so guests would not be kept in theirs; ip link set dev lan0 type bridge vlan_filtering 1" vnm -q net-attach lan --netns late --create
no 'nothing is made' test -e /run/netns/late
cat >port.xml <<'X'
<networkport><owner><name>vm</name><uuid>5b2b4a37-1ee9-47a6-91a0-01ab5a4a4d10</uuid></owner><mac address='52:54:00:00:42:01'/></networkport>
X
no_because 'filtering off: a port' "bridge 'lan0' does not filter VLANs" vnm -q net-port-create lan port.xml
ip link set lan0 type bridge vlan_filtering 1
healthy 'filtering on'
ok 'a port' vnm -q net-port-create lan port.xml
has "it has the network's" "<tag id='42'/>" "$(vnm -q net-port-dumpxml lan "$(vnm -q net-port-list lan | grep -oE '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}')")"

# A restart: what is down must not be in another VLAN for a moment, and all come back.
inns c ping -n -i 0.05 -c 200 -W 1 $N.1 >crossing 2>&1 & crossing=$!
ok 'stop' vnm -q net-destroy lan
ok 'start' vnm -q net-start lan
same 'again an access port' '42 PVID Egress Untagged;' "$(table "$(dev a)")"
same 'again a trunk' '42-43;99 PVID Egress Untagged;' "$(table "$(dev t)")"
both a a b $N.2; not c c a $N.1
wait $crossing; has 'nothing crossed' ' 100% packet loss' "$(cat crossing)"
vnm -q net-destroy lan
ip link set lan0 type bridge vlan_filtering 0
no_because 'filtering off: start' "bridge 'lan0' does not filter VLANs.*; ip link set dev lan0 type bridge vlan_filtering 1" vnm -q net-start lan
ip link set lan0 type bridge vlan_filtering 1

# Every VLAN at once, and a default of another number.
{ echo "<network><name>all</name><forward mode='bridge'/><bridge name='lan0'/><vlan trunk='yes'>"; seq 1 4094 | sed "s/.*/<tag id='&'\/>/"; echo '</vlan></network>'; } >all.xml
ok 'define all' vnm -q net-define all.xml
ok 'start all' vnm -q net-start all
ip link set lan0 type bridge vlan_default_pvid 7
ip netns add e; ok 'a trunk of all' vnm -q net-attach all --netns e
same 'all of them' '1-4094;' "$(table "$(vnm -q net-port-list all | awk '$3 == "e" || $3 ~ /\/e$/ { print $1 }')")"
ok 'stop all' vnm -q net-destroy all
# Where it cannot be.
no_because 'a network of ours' "bridge 'keenbr0' does not filter VLANs, so a guest would not be kept in one; give network 'keennet', or a portgroup, a <vlan>" sh -c 'vnetmgr -q net-define $srcdir/networks/keennet.xml; vnetmgr -q net-start keennet && vnetmgr -q net-attach keennet --tap t0 --vlan 5'
finish
