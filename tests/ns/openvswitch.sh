#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# openvswitch.sh - guests on a switch of Open vSwitch: what its database has of them, who reaches whom in which VLAN, live changes,
# repair, restarts, a switch that is not there or does not answer.
. "$srcdir/tests/lib/ns.sh"
. "$srcdir/tests/lib/ovs.sh"
ovs_find || skip 'Open vSwitch is not installed (openvswitch-switch)'
cd "$T" || exit 1
N=10.42.0
cat >o.xml <<'X'
<network><name>o</name><uuid>5599d7e3-f78d-4f9b-abc2-1a9384ffc5f7</uuid><forward mode='bridge'/><bridge name='ovs0'/>
<virtualport type='openvswitch'/><vlan><tag id='42'/></vlan>
<portgroup name='other'><vlan><tag id='43'/></vlan></portgroup>
<portgroup name='trunk'><vlan trunk='yes'><tag id='42'/><tag id='43'/><tag id='99' nativeMode='untagged'/></vlan></portgroup>
<portgroup name='known'><virtualport type='openvswitch'><parameters interfaceid='09b11c53-8b5c-4eeb-8f00-d84eaa0aaa4f' profileid='web'/></virtualport></portgroup>
</network>
X
ok 'define' vnm -q net-define --validate o.xml
no_because 'no switch' "bridge 'ovs0' does not exist" vnm -q net-start o
ip link add ovs0 type bridge
no_because 'not installed' 'Open vSwitch is not installed \(ovs-vsctl\); on Debian: apt-get install openvswitch-switch' vnm -q net-start o
ok 'Open vSwitch' ovs_start
no_because 'another device' "device 'ovs0' is no switch of Open vSwitch; ovs-vsctl add-br ovs0, or leave" vnm -q net-start o
ip link del ovs0
ok 'a switch' switch ovs0
before=$(vsctl list-ports ovs0; snapshot)
ok 'start' vnm -q net-start o
has 'whole' '^ o +active ' "$(vnm net-list)"

vlans() { vsctl get Port "$1" tag trunks vlan_mode | tr '\n' ' '; }
dev() { vnm -q net-port-list o | awk -v ns="$1" '$3 == ns || $3 ~ "/" ns "$" { print $1 }'; }
put() { ip netns add "$1"; ns=$1; shift; ok "guest $ns" vnm -q net-attach o --netns $ns "$@"; }
both() { ok "$1 reaches $3" reaches "$2" "$4"; }
not() { no "$1 does not reach $3" reaches "$2" "$4"; }
put a --ip $N.1/24 --mac 52:54:00:00:00:01; put b --ip $N.2/24; put c --ip $N.3/24 --portgroup other; put d --ip $N.4/24 --vlan 43
put t --ip 10.99.0.1/24 --portgroup trunk; put k --ip $N.5/24 --portgroup known; put u --ip 10.99.0.2/24 --vlan 99
a=$(dev a)
same 'an access port' '42 [] [] ' "$(vlans "$a")"
same 'of a portgroup' '43 [] [] ' "$(vlans "$(dev c)")"
same 'a trunk with a native VLAN' '99 [42, 43, 99] native-untagged ' "$(vlans "$(dev t)")"
same 'IDs' '{attached-mac="52:54:00:00:00:01", iface-id="ID", iface-status=active, vm-id="ID"}' \
	"$(vsctl get Interface "$a" external_ids | sed -E 's/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/ID/g')"
has 'those of the definition' 'iface-id="09b11c53-8b5c-4eeb-8f00-d84eaa0aaa4f", iface-status=active, port-profile=web' "$(vsctl get Interface "$(dev k)" external_ids)"
same 'not for the next boot' '{transient="true"}' "$(vsctl get Port "$a" other_config)"
both a a b $N.2; both b b a $N.1; not a a c $N.3; not c c a $N.1; both c c d $N.4; both d d c $N.3; both a a k $N.5
both 'the trunk, untagged,' t u 10.99.0.2; not 'the trunk, untagged,' t a $N.1
has 'as JSON' '"vlans":\[\{"id":42,"pvid":true,"untagged":true\}\]' "$(vnm net-port-list o --json | tr -d ' \n')"
has 'whole' '^ o +active ' "$(vnm net-list)"

# A dry run, and its commands.
ip link add by-hand type veth peer name other-end; ip link set by-hand up
vnm -q net-attach o --dev by-hand --portgroup trunk --dry-run >commands
grep -E '^(ip|ovs-vsctl) ' commands | sed "s|^ovs-vsctl|$T/ovs-bin/ovs-vsctl|" >run; ok 'by hand' sh -ex run
same 'by hand' '99 [42, 43, 99] native-untagged ' "$(vlans by-hand)"
no_because 'somebody else has it' "Open vSwitch has a port 'by-hand' of somebody else; if nothing needs it: ovs-vsctl del-port by-hand" \
	eval 'vsctl set Interface by-hand external_ids:iface-id=another; vnm -q net-attach o --dev by-hand'
vsctl del-port by-hand
ok 'a device of the host' vnm -q net-attach o --dev by-hand --portgroup other
same 'a device of the host' '43 [] [] ' "$(vlans by-hand)"
ok 'detach' vnm -q net-detach o by-hand
no 'it is off' vsctl port-to-br by-hand; ip link del by-hand
no_because 'isolated' "device 'vnet.*' cannot be isolated on switch 'ovs0': Open vSwitch isolates no ports from each other" vnm -q net-attach o --netns x --create --isolated
no 'nothing is made' test -e /run/netns/x

# Live changes, in place.
inns a ping -n -i 0.1 -c 20 $N.2 >pings & pinging=$!
ok 'a portgroup' vnm -q net-update o modify portgroup "<portgroup name='other'><vlan><tag id='44'/><tag id='45' nativeMode='tagged'/></vlan></portgroup>" --live
same 'in place' '45 [44, 45] native-tagged ' "$(vlans "$(dev c)")"
ok 'back' vnm -q net-update o modify portgroup "<portgroup name='other'><vlan><tag id='43'/></vlan></portgroup>" --live
same 'in place' '43 [] [] ' "$(vlans "$(dev c)")"; both c c d $N.4
wait $pinging; has 'no packet is lost' ' 0% packet loss' "$(cat pings)"

# What others do is seen and repaired.
vsctl set Port "$a" tag=43
has 'another VLAN: why' 'it is in other VLANs' "$(vnm net-info o)"
ok 'repair' vnm -q net-repair o; same 'repaired' '42 [] [] ' "$(vlans "$a")"
vsctl del-port "$a"
has 'it is off: degraded' 'degraded' "$(vnm net-list)"
ok 'repair' vnm -q net-repair o; both a a b $N.2
has 'whole' '^ o +active ' "$(vnm net-list)"

# A restart; and a port for libvirt's clients.
ok 'stop' vnm -q net-destroy o; same 'no ports' '' "$(vsctl list-ports ovs0)"
ok 'start' vnm -q net-start o; same 'again' '42 [] [] ' "$(vlans "$a")"; both a a b $N.2; not a a c $N.3
cat >port.xml <<'X'
<networkport><uuid>7ae53baa-51de-11ea-8e5f-000000000001</uuid><owner><name>vm</name><uuid>5b2b4a37-1ee9-47a6-91a0-01ab5a4a4d10</uuid></owner><mac address='52:54:00:00:42:01'/></networkport>
X
ok 'a port' vnm -q net-port-create o port.xml
has 'it has a number' "<parameters interfaceid='7ae53baa-51de-11ea-8e5f-000000000001'/>" "$(vnm -q net-port-dumpxml o 7ae53baa-51de-11ea-8e5f-000000000001)"
ok 'without it' vnm -q net-port-delete o 7ae53baa-51de-11ea-8e5f-000000000001

# A switch that does not answer: a guest is refused and nothing is left; a stop goes on.
ovs_stop switch
no_because 'a guest' "cannot put '.*' on switch 'ovs0': Open vSwitch does not answer; systemctl status ovs-vswitchd" vnm -q net-attach o --netns x --create
no 'nothing is made' test -e /run/netns/x
ok 'it comes back' ovs_switch
same 'nothing is left' 7 "$(vsctl list-ports ovs0 | grep -c .)"
ovs_stop switch db
has 'it does not run: why' 'Open vSwitch does not run; systemctl start openvswitch-switch' "$(vnm net-info o)"
ok 'stop' vnm net-destroy o
has 'what may be left' "^warning: .*if it is there: ovs-vsctl del-port $a" "$(cat out)"
ok 'it comes back' ovs_start
ok 'start' vnm -q net-start o; both a a b $N.2
for g in a b c d t k u; do ok "detach $g" vnm -q net-detach o "$(dev $g)"; done
same 'no ports' '' "$(vsctl list-ports ovs0)"
ok 'stop' vnm -q net-destroy o; vnm -q net-undefine o; for g in a b c d t k u; do ip netns del $g; done
same 'nothing is left' "$before" "$(vsctl list-ports ovs0; snapshot)"
ovs_stop switch db
finish
