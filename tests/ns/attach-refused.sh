#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What must not be attached: devices that the host lives by, the host's own network namespace, and what others could lead
# there. Asked at the attach, at every start, at the boot and in a repair; nothing of it is left behind.
. "$srcdir/tests/lib/ns.sh"
. "$srcdir/tests/lib/attach.sh"
cd "$T" || exit 1
net() { printf "<network><name>%s</name>%s<bridge name='br-%s' stp='off'/>%s</network>\n" "$1" "$2" "$1" "$3" >"$1.xml"; vnm -q net-define "$1.xml"; }
refused() { title=$1 pattern=$2; shift 2; now=$(state); no_change_because "$title" "$pattern" vnm net-attach "$@"; }

before=$(snapshot)
ok 'a NAT network' net n "<forward/>" "<ip address='10.80.1.1' prefix='24'/><ip family='ipv6' address='fd00:80::1' prefix='64'/>"
ok 'an internal one' net i '' ''
ok 'marked for autostart' vnm -q net-autostart n i
ok 'start' vnm -q net-start n i

### VLANs: they are those of a bridge of the host, and of one that filters them.
refused 'a VLAN on a bridge of ours' "bridge 'br-n' does not filter VLANs, so a guest would not be kept in one; give network 'n'" n --tap t0 --vlan 5
for vlan in 0 4095 x 5, 5,,6 5-7; do refused "VLAN '$vlan'" "is not a VLAN; --vlan takes ID or ID,ID..., each 1 to 4094" n --tap t0 --vlan "$vlan"; done
refused 'a native VLAN alone' '--native-vlan needs --vlan' n --tap t0 --native-vlan 5
refused 'a native VLAN of others' '--native-vlan 7 is none of the trunk.s VLANs; add it to --vlan' n --tap t0 --vlan 5,6 --native-vlan 7
ip link add hostbr type bridge; ip link set hostbr up
printf '<network><name>h</name><forward mode="bridge"/><bridge name="hostbr"/><portgroup name="p"><vlan><tag id="4095"/></vlan></portgroup></network>\n' >h.xml
ok 'on a bridge of the host' vnm -q net-define h.xml; ok 'start' vnm -q net-start h
refused 'it does not filter' "bridge 'hostbr' (cannot keep guests in their VLANs|does not filter VLANs)" h --tap t0 --vlan 5
refused 'nor is it there when it is only asked' "bridge 'hostbr' (cannot keep guests in their VLANs|does not filter VLANs)" h --tap t0 --vlan 5,6 --native-vlan 6 --dry-run
refused 'a reserved one' "VLAN 4095 of device 't0' is reserved; a port can be in VLANs 1 to 4094" h --tap t0 --portgroup p
ok 'stop' vnm -q net-destroy h
sed 's/<portgroup.*/<vlan><tag id="5"\/><\/vlan><\/network>/' h.xml >h2.xml; ok 'define it in a VLAN' vnm -q net-define h2.xml
now=$(state); no_change_because 'nor does it start' "bridge 'hostbr' (cannot keep guests in their VLANs|does not filter VLANs)" vnm net-start h
ok 'undefine' vnm -q net-undefine h; ip link del hostbr

### Devices that the host lives by.
web_out() { timeout 3 busybox wget -q -O - "http://$SERVER/"; }
same 'the host is on the net' "you are $UPLINK" "$(web_out)"
for n in n i; do
	refused "the uplink, on $n" "device 'uplink0' has the address $UPLINK/24, which the host would lose; .*<vnm:uplink dev='uplink0'/>" $n --dev uplink0
	refused "also as a look, on $n" "device 'uplink0' has the address" $n --dev uplink0 --dry-run
done
same 'and goes on being on it' "you are $UPLINK" "$(web_out)"
same 'in both families' "you are $UPLINK6" "$(timeout 3 busybox wget -q -O - "http://[$SERVER6]/")"

# One reason at a time, on a device of its own.
ip link add ext0 type veth peer name ext1; echo 0 >/proc/sys/net/ipv6/conf/ext1/accept_ra; ip link set ext0 up; ip link set ext1 up
until ip -6 addr show dev ext0 scope link | grep -v tentative | grep -q fe80; do sleep .02; done
takes() { ok "$1" vnm -q net-attach n --dev ext0; ok "$1: and off" vnm -q net-detach n ext0; ip link set ext0 up; }
takes 'what reaches no further than the link is no hindrance'
ip addr add 192.0.2.9/24 dev ext0
refused 'an IPv4 address' 'has the address 192.0.2.9/24' n --dev ext0
ip addr flush dev ext0 scope global
ip addr add 2001:db8:77::9/64 dev ext0 nodad
refused 'an IPv6 address' 'has the address 2001:db8:77::9/64' n --dev ext0
ip -6 addr flush dev ext0 scope global
ip addr add 169.254.7.7/16 dev ext0 scope link
takes 'an address of the link alone'
ip addr flush dev ext0; ip link set ext0 down; ip link set ext0 up
for route in '192.0.2.128/25 dev ext0' '192.0.2.128/25 dev ext0 table 77' '192.0.2.128/25 nexthop dev ext0 nexthop dev uplink0' 'default dev ext0 metric 77'; do
	ip route add $route
	refused "a route: $route" "device 'ext0' is the way of the (route to 192.0.2.128/25|default route), which" n --dev ext0
	ip route del $route
done
ip -6 route add 2001:db8:78::/48 dev ext0
refused 'an IPv6 route' 'is the way of the route to 2001:db8:78::/48' n --dev ext0
ip -6 route del 2001:db8:78::/48 dev ext0
takes 'without any it is taken again'

# It became the host's later: while the network is down, at the boot, and while it was off the bridge.
ok 'attached' vnm -q net-attach n --dev ext0
ok 'stop' vnm -q net-destroy n
ip addr add 192.0.2.9/24 dev ext0; ip link set ext0 up
ok 'the network starts' vnm net-start n
has 'it is reported' "warning: 'ext0' is not reattached to network 'n': device 'ext0' has the address 192.0.2.9/24.*<vnm:uplink" "$(cat out)"
no 'it is on no bridge' sh -c 'ip -o link show ext0 | grep master'
has 'in the list' ' ext0 .* degraded ' "$(vnm net-port-list n)"
has 'and the network is not whole' '^ n +degraded' "$(vnm net-list)"
has 'for this reason' 'guest ext0 lacks ext0 on bridge br-n' "$(vnm net-info n)"
no 'nor does a repair do it' vnm net-repair n
has 'but warns' "error: guest 'ext0': device 'ext0' has the address 192.0.2.9/24" "$(cat out)"
no 'it is still on no bridge' sh -c 'ip -o link show ext0 | grep master'
ok 'the boot' power_cycle
has 'reports it, too' "warning: 'ext0' is not reattached to network 'n': device 'ext0' has the address" "$(cat boot.out)"
no 'and leaves it alone' sh -c 'ip -o link show ext0 | grep master'
has 'with its address' '192.0.2.9/24' "$(ip -o addr show ext0)"
ip addr flush dev ext0
ok 'without the address' vnm net-repair n
has 'it is put back' 'master br-n' "$(ip -o link show ext0)"
has 'and all is well' '^ n +active' "$(vnm net-list)"
ip addr add 192.0.2.9/24 dev ext0	# on the bridge it is of no use to anybody
ok 'what is on the bridge stays there' vnm net-repair n
has 'so it is' 'master br-n' "$(ip -o link show ext0)"
ok 'off' vnm -q net-detach n ext0
ip link del ext0

### The host's own namespace.
for ns in 1 $$ /proc/$$/ns/net /proc/1/ns/net; do
	refused "itself: $ns" "is the host's own" n --netns $ns --no-default-route --ip auto
	refused "itself, as a look: $ns" "is the host's own" i --netns $ns --dry-run
done
ip netns add g
touch /run/netns/own; mount --bind /proc/self/ns/net /run/netns/own
refused 'by a name' "'/run/netns/own' is the host's own" n --netns own --no-default-route
umount /run/netns/own; rm /run/netns/own
ok 'a guest by process' sh -c 'unshare -n sleep 1000 & echo $! >pid'
pid=$(cat pid)
until [ "$(readlink "/proc/$pid/ns/net")" != "$(readlink /proc/self/ns/net)" ]; do sleep .02; done
ok 'is taken' vnm -q net-attach n --netns "$pid" --ip auto
ok 'and let go' vnm -q net-detach n vnet0
ln -s "/proc/$pid/ns/net" /run/netns/linked
ok 'also by a link in /run/netns' vnm -q net-attach n --netns linked --ip auto
ok 'and let go again' vnm -q net-detach n linked
kill "$pid"; rm /run/netns/linked

### Paths that others may change.
mkdir -m 755 safe theirs; mkdir -m 777 open; mkdir -m 775 group; mkdir -m 1777 sticky; chmod 755 .
chown 1000 theirs
for d in safe theirs open group sticky; do touch $d/ns; mount --bind /run/netns/g $d/ns; ln -s "$T/$d/ns" safe/$d; done
ln -s "$T/safe" theirs/link; ln -s "$T/safe/ns" sticky/theirs; chown -h 1000 sticky/theirs
ok 'a path of root alone' vnm -q net-attach n --netns "$T/safe/ns" --ip auto
ok 'off' vnm -q net-detach n vnet0
ok 'where nobody can move what is not his' vnm -q net-attach n --netns "$T/sticky/ns" --ip auto
ok 'off again' vnm -q net-detach n vnet0
ok 'by a link of root' vnm -q net-attach n --netns "$T/safe/safe" --ip auto
ok 'off once more' vnm -q net-detach n vnet0
ok 'by "..", too' vnm -q net-attach n --netns "$T/safe/../safe/./ns" --ip auto
ok 'off at last' vnm -q net-detach n vnet0
refused 'a directory of somebody' "'$T/theirs' belongs to somebody else" n --netns "$T/theirs/ns" --ip auto
refused 'one that all may write to' "'$T/open' may be changed by others" n --netns "$T/open/ns" --ip auto
refused 'one that a group may write to' "'$T/group' may be changed by others" n --netns "$T/group/ns" --ip auto
refused 'through a directory of somebody' "'$T/theirs' belongs to somebody else" n --netns "$T/theirs/link/ns" --ip auto
refused 'by a link into one' "'$T/theirs' belongs to somebody else" n --netns "$T/safe/theirs" --ip auto
refused 'as a look' "'$T/theirs' belongs to somebody else" n --netns "$T/theirs/ns" --ip auto --dry-run
refused 'a link of somebody' "'$T/sticky/theirs' is a symbolic link of somebody else" n --netns "$T/sticky/theirs" --ip auto
refused 'through /proc' 'leads through /proc' n --netns "/proc/$$/root$T/safe/ns" --ip auto

### It was in order, and leads to the host now: the attack on the next start, and on the boot.
ok 'attached' vnm -q net-attach n --netns "$T/safe/ns" --ip auto
umount safe/ns
for how in start boot; do
	case $how in
	start) ok 'stop' vnm -q net-destroy n; ip link del vnet0; mount --bind /proc/1/ns/net safe/ns; now=$(ip -o addr | grep -v br-n)
		ok 'start' vnm net-start n; cp out output ;;
	boot) umount safe/ns; mount --bind /run/netns/g safe/ns; ok 'put back' vnm -q net-repair n; umount safe/ns; mount --bind /proc/1/ns/net safe/ns
		ok 'boot' power_cycle; cp boot.out output ;;
	esac
	has "$how: it is reported" "warning: 'vnet0' \($T/safe/ns\) is not reattached to network 'n': .*is the host's own" "$(cat output)"
	no "$how: the host has no eth0" ip link show eth0
	no "$how: nor is anything half made" ip link show vnet0
	no "$how: nor an address of the network" sh -c "ip -o addr | grep -v br-n | grep -E '10\.80\.1\.|fd00:80:'"
	[ $how = start ] || no "$how: nor a record" test -e "$R/run/vnetmgr/attachments/n/vnet0.journal"
	no "$how: the repair refuses it as well" vnm net-repair n
	has "$how: and names whose" "error: guest 'vnet0' .*is the host's own" "$(cat out)"
	ok "$how: the network can be stopped" vnm -q net-destroy n
	ok "$how: and started" vnm -q net-start n
done
umount safe/ns; mount --bind /run/netns/g safe/ns
ip netns exec g ip link add eth0 type bridge	# somebody else's is in its place
ok 'the guest that cannot be made' vnm -q net-destroy n
ok 'leaves' vnm net-start n
has 'a warning' "'vnet0' \(.*\) is not reattached to network 'n': in '.*': device 'eth0' already exists" "$(cat out)"
no 'nothing behind' ip link show vnet0
ip netns exec g ip link del eth0; ip netns exec g ip link set lo up; ip netns exec g ip route add default dev lo
ok 'one that cannot have its route' vnm -q net-destroy n
ok 'leaves as well' vnm net-start n
has 'a warning, too' "'vnet0' \(.*\) is not reattached to network 'n': .*route" "$(cat out)"
no 'nothing behind, though it was made already' ip link show vnet0
no 'inside neither' ip netns exec g ip link show eth0
ip netns exec g ip route del default
ok 'and is put back when it can be' vnm net-repair n
ok 'so that it works' reaches g 10.80.1.1

### A repair names the guest that cannot be repaired, whatever comes after it.
ip netns add h
ok 'a second guest' vnm -q net-attach n --netns h --ip auto --ifname lan0
ip netns exec g ip link set eth0 down; ip netns exec g ip link set eth0 name other
ip link set vnet1 nomaster
no 'the repair' vnm net-repair n
has 'has a reason, and a name' "error: guest 'vnet0' \($T/safe/ns\): .*" "$(cat out)"
has 'the other one is repaired' 'master br-n' "$(ip -o link show vnet1)"
ok 'and works' reaches h 10.80.1.1
ok 'off' vnm -q net-detach n h
ok 'and off' vnm -q net-detach n vnet0

vnm -q net-destroy n i
for d in safe theirs open group sticky; do umount $d/ns; done
same 'no trace is left' "$before" "$(snapshot)"
finish
