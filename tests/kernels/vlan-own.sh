#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# vlan-own.sh - VLANs on bridges that we make: the host, DHCP and router advertisements in theirs, an uplink as trunk of the LAN.
. "$srcdir/world.sh"
. "$srcdir/vlan-world.sh"
. "$srcdir/tests/lib/frame.sh"
NET=red N=10.42.0
uplink
links() { ip -o link | sed 's/^[0-9]*: //; s/@if[0-9]*//; s/ state [A-Z]* / /'; ip addr show dev uplink0 | sed 's/ nodad//; s/ tentative//'; ip route; }
begin=$(links)

# red VLAN [BLUE]: NAT in a VLAN, with guests in another one and a trunk
red() { cat <<X
<network><name>red</name><forward mode='nat'/><bridge name='redbr0' stp='off'/>
<vlan><tag id='$1'/></vlan>
<ip address='$N.1' prefix='24'><dhcp><range start='$N.100' end='$N.120'/></dhcp></ip>
<ip family='ipv6' address='fd00:42::1' prefix='64'/>
<portgroup name='blue'><vlan><tag id='${2:-43}'/></vlan></portgroup>
<portgroup name='router'><vlan trunk='yes'><tag id='42'/><tag id='43'/></vlan></portgroup>
</network>
X
}
red 42 >red.xml
ok 'define' vnm -q net-define --validate red.xml
has 'as commands' 'type bridge .* vlan_filtering 1$' "$(vnm net-start red --dry-run)"
has 'as commands: its own' '^bridge vlan add dev redbr0 vid 42 pvid untagged self$' "$(vnm net-start red --dry-run)"
ok 'start' vnm -q net-start red
healthy 'whole'
same 'the host' '42 PVID Egress Untagged;' "$(table redbr0)"
has 'it filters' 'vlan_filtering 1' "$(ip -d link show redbr0)"
put a --ip auto; put b --portgroup blue --ip none; put c --portgroup blue --ip none; put t --ip none --portgroup router; put own --ip none --vlan 42
same 'a guest' '42 PVID Egress Untagged;' "$(table "$(dev a)")"
same 'in a portgroup' '43 PVID Egress Untagged;' "$(table "$(dev b)")"
same 'a trunk' '42-43;' "$(table "$(dev t)")"
inns b ip addr add $N.7/24 dev eth0; inns c ip addr add $N.8/24 dev eth0; inns own ip addr add $N.9/24 dev eth0
tag t 42 $N.10; tag t 43 10.43.0.10; inns c ip addr add 10.43.0.8/24 dev eth0
inns own ip route add default via $N.1
both 'a guest' a 'the host' $N.1; both 'a guest' a 'the outside' $SERVER
both 'a guest of its own VLAN' own 'the host' $N.1; both 'it' own 'the outside' $SERVER
not 'one of another VLAN' b 'the host' $N.1; not 'it' b 'a guest' $N.9; both 'it' b 'one of its own' $N.8
both 'the trunk' t 'the host' $N.1; both 'the trunk' t 'one of the other VLAN' 10.43.0.8
no 'the host reaches nobody else' ping -n -c 1 -W 1 $N.8

# Containers, by CNI.
# cni COMMAND NS [KEYS]
cni() {
	echo "{\"cniVersion\":\"1.1.0\",\"name\":\"red\",\"type\":\"vnetmgr-cni\"${3:-}}" |
		CNI_COMMAND=$1 CNI_CONTAINERID=$2 CNI_NETNS=/run/netns/$2 CNI_IFNAME=eth0 CNI_PATH=/usr/sbin vnetmgr-cni >"$T/cni.$2"
}
ip netns add c42; ip netns add c43; ip netns add ct
ok 'a container' cni ADD c42; ok 'one in a VLAN' cni ADD c43 ',"vlan":43'; ok 'one in a trunk' cni ADD ct ',"vlanTrunk":[{"id":43},{"minID":100,"maxID":199}]'
same "the network's VLAN" '42 PVID Egress Untagged;' "$(table "$(dev c42)")"
same 'its own' '43 PVID Egress Untagged;' "$(table "$(dev c43)")"
same 'a trunk' '43;100-199;' "$(table "$(dev ct)")"
inns c43 ip addr add 10.43.0.43/24 dev eth0; tag ct 43 10.43.0.44; tag ct 150 10.150.0.44
both 'a container' c42 'the host' $N.1; both 'one in a VLAN' c43 'a guest of it' 10.43.0.8; not 'it' c43 'the host' $N.1
both 'one in a trunk' ct 'a guest' 10.43.0.8; both 'it' ct 'a container' 10.43.0.43; not 'it' ct 'the host' $N.1
for g in c42 c43 ct; do ok "DEL $g" cni DEL $g; ip netns del $g; done

# DHCP and router advertisements.
put d --ip none; put e --portgroup blue --ip none
ok 'a lease' dhcp d
has 'by the VLAN' "^$N\.1[012]" "$(dhcp_value d ip)"
no 'none in the other VLAN' inns e busybox udhcpc -f -q -n -t 2 -T 1 -i eth0 -s /bin/true
announced() { inns "$1" ip -6 addr show dev eth0 scope global | grep -c fd00:42; }
ok 'advertised' until_is 1 announced d
same 'not in the other VLAN' 0 "$(announced b)"

# What only the server may say is heard of no guest, whatever tags it is behind: by those of a trunk in the VLAN, and where the bridge
# takes one off that means none.
serves() { for frame in "$(offer $ALL "$1")" "$(ra $ALL6 "$1")"; do echo "$frame" "$(tagged "$frame")" "$(tagged "$(tagged "$frame")")"; done; }
hears a eth0
# shellcheck disable=SC2046
sends own $(serves "$(mac_of own)") "$(mark "$(mac_of own)")"
ok 'a guest is heard' heard
same 'no server among the guests' 0 "$(grep -c c0ffee "$T/heard.a")"
hears a eth0
for frame in $(serves "$(mac_of t)"); do set -- "$@" "$(tagged "$frame" 002a)"; done
sends t "$@" "$(tagged "$(mark "$(mac_of t)")0000" 002a)"
ok 'the trunk is heard' heard
same 'nor in the trunk' 0 "$(grep -c c0ffee "$T/heard.a")"

# Live changes: guests stay connected, and what is not concerned does not notice.
inns b ping -n -i 0.1 -c 40 $N.8 >pings & pinging=$!
red 44 >to44.xml
ok 'another VLAN' vnm -q net-apply to44.xml
same 'the host follows' '44 PVID Egress Untagged;' "$(table redbr0)"
same 'so does a guest' '44 PVID Egress Untagged;' "$(table "$(dev a)")"
same 'one of its own stays' '42 PVID Egress Untagged;' "$(table "$(dev own)")"
same 'one of a portgroup stays' '43 PVID Egress Untagged;' "$(table "$(dev b)")"
both 'a guest' a 'the host' $N.1; both 'a guest' a 'the outside' $SERVER; not 'one of its own VLAN' own 'the host' $N.1
red 43 42 >swap.xml
ok 'two that change places' vnm -q net-apply swap.xml
same 'the host' '43 PVID Egress Untagged;' "$(table redbr0)"
same 'a portgroup' '42 PVID Egress Untagged;' "$(table "$(dev b)")"
both 'a guest' a 'the host' $N.1; not 'a portgroup' b 'the host' $N.1
red 42 >back.xml
ok 'back' vnm -q net-apply back.xml
both 'a guest' a 'the host' $N.1; not 'a portgroup' b 'the host' $N.1
wait $pinging; has 'no packet is lost beside it' ' 0% packet loss' "$(cat pings)"
has 'a dry run' 'bridge redbr0' "$(vnm net-apply to44.xml --dry-run)"
same 'changes nothing' '42 PVID Egress Untagged;' "$(table redbr0)"
no_because 'a trunk is no place for an address' "the <ip> of network red would be in no VLAN" \
	sh -c "sed \"s/<vlan><tag id='42'/<vlan trunk='yes'><tag id='42'/\" red.xml >trunk.xml; vnetmgr -q net-apply trunk.xml"
sed '/<vlan>/d; /<vlan /d; /<portgroup/d' red.xml >plain.xml
no_because 'a guest needs it' "bridge 'redbr0' does not filter VLANs, so a guest would not be kept in one; give network 'red'|no portgroup" vnm -q net-apply plain.xml
healthy 'nothing has changed'
same 'nothing has changed' '42 PVID Egress Untagged;' "$(table redbr0)"

# What others do to it is seen and repaired.
ip link set redbr0 type bridge vlan_filtering 0
has 'filtering off: why' 'does not filter VLANs' "$(vnm net-info red)"
ok 'repair' vnm -q net-repair red; healthy 'filtering again'; not 'one of another VLAN' b 'the host' $N.1
bridge vlan add dev redbr0 vid 43 pvid untagged self
has 'the host elsewhere: why' 'the host is in other VLANs' "$(vnm net-info red)"
ok 'repair' vnm -q net-repair red; healthy 'repaired'
same 'the host' '42 PVID Egress Untagged;' "$(table redbr0)"
ip link del redbr0
ok 'the bridge is gone: repair' vnm -q net-repair red; healthy 'made again'
same 'the host' '42 PVID Egress Untagged;' "$(table redbr0)"
same 'a portgroup' '43 PVID Egress Untagged;' "$(table "$(dev b)")"
both 'a guest' a 'the host' $N.1; not 'one of another VLAN' b 'the host' $N.1

# Devices that others have put there come back to their VLANs.
guest x redbr0; bridge vlan add dev x vid 43 pvid untagged; bridge vlan del dev x vid 1
inns x ip addr add $N.30/24 dev eth0
inns x ping -n -i 0.02 -c 300 -W 1 $N.1 >crossing 2>&1 & crossing=$!
ok 'stop' vnm -q net-destroy red
ok 'start' vnm -q net-start red
same 'a device of others' '43 PVID Egress Untagged;' "$(table x)"
both 'it' x 'its own' $N.8
wait $crossing; has 'nothing crossed' ' 100% packet loss' "$(cat crossing)"
leave x
ok 'stop' vnm -q net-destroy red; ok 'undefine' vnm -q net-undefine red
for g in a b c t own d e; do ip netns del $g; done

# Without any, and then with: all are where they were.
NET=plain
ok 'plain' vnm -q net-create $srcdir/networks/keennet.xml
vnm -q net-destroy keennet
cat >plain.xml <<X
<network><name>plain</name><bridge name='plainbr0' stp='off'/><ip address='$N.1' prefix='24'/></network>
X
sed "s|</network>|<portgroup name='blue'><vlan><tag id='43'/></vlan></portgroup></network>|" plain.xml >vlans.xml
ok 'define' vnm -q net-define plain.xml; ok 'start' vnm -q net-start plain
put a --ip $N.2/24
no_because 'not in a VLAN' "bridge 'plainbr0' does not filter VLANs, so a guest would not be kept in one" vnm -q net-attach plain --netns b --create --vlan 43
inns a ping -n -i 0.05 -c 60 $N.1 >pings & pinging=$!
ok 'with VLANs' vnm -q net-apply vlans.xml
same 'the host' '1 PVID Egress Untagged;' "$(table plainbr0)"
put b --portgroup blue --ip $N.3/24
not 'a guest' a 'one in a VLAN' $N.3; not 'one in a VLAN' b 'the host' $N.1
ip netns del b; ok 'without it' vnm -q net-repair plain
vnm -q net-detach plain --netns b 2>/dev/null
ok 'without VLANs' vnm -q net-apply plain.xml
wait $pinging; has 'no packet is lost' ' 0% packet loss' "$(cat pings)"
has 'it filters no more' 'vlan_filtering 0' "$(ip -d link show plainbr0)"
healthy 'whole'
ok 'stop' vnm -q net-destroy plain; ok 'undefine' vnm -q net-undefine plain; ip netns del a

# macTableManager='libvirt': the bridge is told of guests, and neither learns them nor floods.
NET=told
cat >told.xml <<X
<network><name>told</name><bridge name='toldbr0' stp='off' macTableManager='libvirt'/><ip address='$N.1' prefix='24'/>
<portgroup name='blue'><vlan><tag id='43'/></vlan></portgroup></network>
X
sed "s/ macTableManager='libvirt'//" told.xml >learnt.xml
flags() { ip -d link show dev "$1" | grep -oE '\<(learning|flood) (on|off)' | sort | tr '\n' ' '; }
entries() { bridge fdb show br toldbr0 | awk -v mac="$1" '$1 == mac { print $2, $3, $NF, /static/ ? "static" : "" }' | sort -u | tr '\n' ';'; }
MAC=52:54:00:00:77:01
ok 'define' vnm -q net-define told.xml; ok 'start' vnm -q net-start told
has 'as libvirt has it, it filters' 'vlan_filtering 1' "$(ip -d link show toldbr0)"
put a --ip $N.2/24 --mac $MAC; put b --ip $N.3/24; put c --ip none --portgroup blue
both 'a guest' a 'the host' $N.1; both 'a guest' a 'another' $N.3; both 'the other' b 'it' $N.2
a=$(dev a)
same 'neither' 'flood off learning off ' "$(flags "$a")"
same 'told' "dev $a static static;" "$(entries $MAC)"
inns a sysctl -qw net.ipv4.conf.all.arp_ignore=1; inns a ip link add link eth0 name second address 52:54:00:00:77:02 type macvlan
inns a ip addr add $N.12/24 dev second; inns a ip link set second up
no 'one that it is not told of is not found' reaches b $N.12
same 'nor learnt' '' "$(entries 52:54:00:00:77:02)"
healthy 'whole'
has 'as commands' "^bridge fdb add 52:54:00:.* dev .* master static$" "$(vnm net-attach told --tap t1 --dry-run)"
ok 'a tap' vnm -q net-attach told --tap t1
same 'neither' 'flood off learning off ' "$(flags t1)"
ok 'detach' vnm -q net-detach told t1
bridge fdb del $MAC dev "$a" master
has 'no longer told: why' 'its bridge is not told of it' "$(vnm net-info told)"
ok 'repair' vnm -q net-repair told; same 'told again' "dev $a static static;" "$(entries $MAC)"
bridge link set dev "$a" learning on
has 'it learns: why' 'its bridge is not told of it' "$(vnm net-info told)"
ok 'repair' vnm -q net-repair told; same 'neither' 'flood off learning off ' "$(flags "$a")"
inns a ping -n -i 0.1 -c 40 $N.1 >pings & pinging=$!
ok 'learning' vnm -q net-apply learnt.xml
same 'both' 'flood on learning on ' "$(flags "$a")"
healthy 'whole'
ok 'told' vnm -q net-apply told.xml
same 'neither' 'flood off learning off ' "$(flags "$a")"; same 'told' "dev $a static static;" "$(entries $MAC)"
wait $pinging; has 'no packet is lost' ' 0% packet loss' "$(cat pings)"
ok 'stop' vnm -q net-destroy told; ok 'start' vnm -q net-start told
same 'told' "dev $(dev a) static static;" "$(entries $MAC)"; both 'a guest' a 'the host' $N.1
ok 'stop' vnm -q net-destroy told; ok 'undefine' vnm -q net-undefine told; for g in a b c; do ip netns del $g; done
# On a bridge of the host, which stays as it is.
ip link add toldbr0 type bridge; ip link set toldbr0 up; ip addr add $N.1/24 dev toldbr0
echo "<network><name>told</name><forward mode='bridge'/><bridge name='toldbr0' macTableManager='libvirt'/></network>" >told.xml
ok 'on a bridge of the host' vnm -q net-create told.xml; put a --ip $N.2/24 --mac $MAC
same 'told' "dev $(dev a) static static;" "$(entries $MAC)"; both 'a guest' a 'the host' $N.1
has 'it stays as it is' 'vlan_filtering 0' "$(ip -d link show toldbr0)"
ok 'stop' vnm -q net-destroy told; ip link del toldbr0; ip netns del a

# An uplink is the trunk of the LAN's VLANs. The host stays where it was: without a tag.
NET=lan
outside sh -c 'for v in 42 43 44 50; do ip link add link eth0 name v$v type vlan id $v; ip addr add 10.$v.0.1/24 dev v$v; ip link set v$v up; done'
lan() { cat <<X
<network xmlns:vnm='urn:vnetmgr:network:1'><name>lan</name><forward mode='bridge'/><bridge name='br-lan'/>
<vnm:uplink dev='uplink0'${1:-}/><vlan><tag id='42'/></vlan>
<portgroup name='blue'><vlan><tag id='43'/></vlan></portgroup>
<portgroup name='host'><vlan><tag id='1'/></vlan></portgroup>
</network>
X
}
lan >lan.xml
ok 'define' vnm -q net-define --validate lan.xml
ok 'start' vnm -q net-start lan
healthy 'whole'
same 'the host' '1 PVID Egress Untagged;' "$(table br-lan)"
same 'the uplink' '1 PVID Egress Untagged;42-43;' "$(table uplink0)"
ok 'the host reaches its LAN' ping -n -c 1 -W 2 203.0.113.1
put a --ip 10.42.0.5/24; put b --portgroup blue --ip 10.43.0.5/24; put h --portgroup host --ip 203.0.113.9/24
both 'a guest' a "its VLAN of the LAN" 10.42.0.1; both 'one of a portgroup' b 'its own' 10.43.0.1; both 'one beside the host' h 'the LAN' 203.0.113.1
inns a ip addr add 10.43.0.6/24 dev eth0; inns a ip addr add 203.0.113.8/24 dev eth0
not 'a guest' a 'another VLAN' 10.43.0.1; not 'a guest' a 'the host' $UPLINK; not 'a guest' a 'one of another VLAN' 10.43.0.5
put s --vlan 50 --ip 10.50.0.5/24
same "a guest's own VLAN is carried, too" '1 PVID Egress Untagged;42-43;50;' "$(table uplink0)"
both 'it' s 'its VLAN of the LAN' 10.50.0.1
ok 'detach' vnm -q net-detach lan "$(dev s)"
same 'and no longer' '1 PVID Egress Untagged;42-43;' "$(table uplink0)"
bridge vlan add dev uplink0 vid 44
has 'another VLAN: why' 'it is in other VLANs' "$(vnm net-info lan)"
ok 'repair' vnm -q net-repair lan; same 'repaired' '1 PVID Egress Untagged;42-43;' "$(table uplink0)"
ping -n -i 0.1 -c 20 203.0.113.1 >pings & pinging=$!
lan " vlans='43-44'" >fewer.xml
ok 'those that the definition names' vnm -q net-apply fewer.xml
same 'in place' '1 PVID Egress Untagged;43-44;' "$(table uplink0)"
not 'a guest' a 'its VLAN of the LAN' 10.42.0.1; both 'one of a portgroup' b 'its own' 10.43.0.1
wait $pinging; has 'the host stays connected' ' 0% packet loss' "$(cat pings)"
# A second network on the same bridge.
cat >third.xml <<X
<network><name>third</name><forward mode='bridge'/><bridge name='br-lan'/><vlan><tag id='44'/></vlan></network>
X
ok 'a second network of that uplink' vnm -q net-define third.xml; ok 'start' vnm -q net-start third
NET=third; put z --ip 10.44.0.5/24
both 'its guest' z 'its VLAN of the LAN' 10.44.0.1; inns z ip addr add 10.43.0.7/24 dev eth0; not 'it' z 'one of another VLAN' 10.43.0.5
both 'the other network' b 'its own' 10.43.0.1
ok 'stop' vnm -q net-destroy third; ok 'undefine' vnm -q net-undefine third
NET=lan
no_because 'no list' "'43-' in <vnm:uplink> of network 'lan' is no list of VLANs" sh -c "sed \"s/43-44/43-/\" fewer.xml >bad.xml; vnetmgr -q net-apply bad.xml"
lan " nativeVlan='99'" >native.xml
ok 'a native VLAN of another number' vnm -q net-apply native.xml
same 'the uplink' '1;42-43;99 PVID Egress Untagged;' "$(table uplink0)"; same 'the host' '99 PVID Egress Untagged;' "$(table br-lan)"
ok 'the host reaches its LAN' ping -n -c 1 -W 2 203.0.113.1; both 'a guest' a 'its VLAN of the LAN' 10.42.0.1
ok 'stop' vnm -q net-destroy lan; ok 'undefine' vnm -q net-undefine lan
ok 'the host reaches its LAN' ping -n -c 1 -W 2 203.0.113.1
for g in a b h s z; do ip netns del $g; done
same 'nothing is left' "$begin" "$(links)"
finish
