#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# While a network is down its guests' devices are, too: what a guest sends reaches nobody, the host neither answers nor
# believes its router advertisements. Pairs, taps with a running machine, devices that were there; every mode; stop, start,
# boot, a device off its bridge.
. "$srcdir/tests/lib/ns.sh"
. "$srcdir/tests/lib/attach.sh"
command -v perl >/dev/null || skip 'perl is not installed'
cd "$T" || exit 1

# A namespace in which addresses can be used at once.
namespace() { ip netns add "$1"; inns "$1" sh -c 'echo 0 >/proc/sys/net/ipv6/conf/default/accept_dad'; }
machine() {	# machine NS TAP MAC
	namespace "$1"
	relay "$1" "$2" 0x1002 eth0 || return
	inns "$1" ip link set eth0 address "$3" up
	has_carrier "$2"
}
# A router advertisement to all nodes: a prefix, and a default route.
cat >advertise.pl <<'X'
use strict; use Socket qw(AF_INET6 SOCK_RAW IPPROTO_IPV6 inet_pton pack_sockaddr_in6);
my ($index, $prefix) = @ARGV;
socket(my $s, AF_INET6, SOCK_RAW, 58) or die "socket: $!";
setsockopt($s, IPPROTO_IPV6, 18, pack('i', 255)) or die "hops: $!"; # IPV6_MULTICAST_HOPS
my $ra = pack('C C n C C n N N', 134, 0, 0, 64, 0, 1800, 0, 0) .
	pack('C C C C N N N', 3, 4, 64, 0xc0, 3600, 1800, 0) . inet_pton(AF_INET6, $prefix);
send($s, $ra, 0, pack_sockaddr_in6(0, inet_pton(AF_INET6, 'ff02::1'), $index)) or die "send: $!";
X
advertises() { inns "$1" perl advertise.pl "$(inns "$1" cat /sys/class/net/eth0/ifindex)" "$2"; }
linklocal() {	# linklocal COMMAND...: until "COMMAND ip addr" has an address that it can send from
	n=0; until "$@" ip -6 addr show dev eth0 scope link | grep -v tentative | grep -q fe80; do n=$((n + 1)); [ $n -lt 500 ] || return 1; sleep .02; done
}

before=$(snapshot)
namespace control; ip link add ctl0 type veth peer name eth0 netns control
ip link set ctl0 up; inns control ip link set eth0 up
ok 'a device that is up' linklocal ip netns exec control
# The host does believe advertisements there: so what was sent before this one has come, or never will.
until_heard() {
	n=0; until ip -6 route show dev ctl0 | grep -q "^${1%::}"; do advertises control "$1"; n=$((n + 1)); [ $n -lt 200 ] || return 1; done
	ip -6 addr flush dev ctl0 scope global; ip -6 route flush dev ctl0 proto ra
}
ok 'the host believes what it hears there' until_heard 2001:db8:77::
isup() { ip -o link show "$1" | grep -q '[<,]UP[,>]'; }
# deaf WHEN GUEST DEVICE: nothing that the guest sends is heard
deaf() {
	no "$1: $3 is not up" isup "$3"
	same "$1: $3 has no address" '' "$(ip -o addr show dev "$3")"
	no "$1: $3 is on no bridge" sh -c "ip -o link show $3 | grep master"
	advertises "$2" 2001:db8:bad:: >/dev/null 2>&1
	ok "$1: another is heard" until_heard 2001:db8:77::
	no "$1: $3 brings the host no route" sh -c "ip -6 route | grep -E 'dev $3|bad'"
	no "$1: the host does not answer $2" ip netns exec "$2" sh -c "ip route replace $UPLINK dev eth0 && ping -n -c 1 -W 1 $UPLINK"
}
plugged() { ok "$1: $2 is up" isup "$2"; has "$1: and on the bridge" "master $3 " "$(ip -o link show "$2")"; }
mark() {	# mark N: until the monitor has seen all that was before
	n=0; until grep -q "mark$1" monitor; do ip link add "mark$1" type veth peer name markpeer; ip link del "mark$1"; n=$((n + 1)); [ $n -lt 200 ] || return 1; done
}
namespace v
IP="<ip address='10.80.1.1' prefix='24'/><ip family='ipv6' address='fd00:80::1' prefix='64'/>"
ip link add hostbr type bridge; ip link set hostbr up
for mode in nat route open isolated internal bridge; do
	bridge=br-n address='--ip auto'
	case $mode in
	isolated) body="<bridge name='br-n' stp='off'/>$IP" ;;
	internal) body="<bridge name='br-n' stp='off'/>"; address='--ip 10.80.1.2/24' ;;
	bridge) body="<forward mode='bridge'/><bridge name='hostbr'/>"; bridge=hostbr address='--ip 10.80.1.2/24' ;;
	*) body="<forward mode='$mode'/><bridge name='br-n' stp='off'/>$IP" ;;
	esac
	echo "<network><name>n</name>$body</network>" >n.xml
	ok "$mode: define" vnm -q net-define n.xml; ok "$mode: marked" vnm -q net-autostart n; ok "$mode: start" vnm -q net-start n

	# Nothing is up that is not on the bridge, at any moment.
	ip -o monitor link >monitor 2>/dev/null & monitor=$!
	ok "$mode: looked at" mark 0
	ok "$mode: a namespace" vnm -q net-attach n --netns v $address
	ok "$mode: a tap" vnm -q net-attach n --tap tap0 --mac 52:54:00:00:00:07
	ok "$mode: a machine" machine m tap0 52:54:00:00:00:07
	plugged "$mode" vnet0 $bridge; plugged "$mode" tap0 $bridge
	ok "$mode: the namespace can send" linklocal ip netns exec v; ok "$mode: the machine as well" linklocal ip netns exec m
	same "$mode: the ends here have no addresses" '' "$(ip -o addr show dev vnet0; ip -o addr show dev tap0)"
	ok "$mode: stop" vnm net-destroy n
	ok "$mode: looked at all of it" mark 1
	kill $monitor; wait $monitor 2>/dev/null
	same "$mode: what is up is on the bridge" '' "$(grep -E '(vnet0|tap0)[:@].*[<,]UP[,>]' monitor | grep -v "master $bridge ")"
	deaf "$mode: stopped" v vnet0; deaf "$mode: stopped" m tap0
	ok "$mode: the machine runs on" kill -0 $relay
	ok "$mode: start again" vnm net-start n
	plugged "$mode: started again" vnet0 $bridge; plugged "$mode: started again" tap0 $bridge
	has "$mode: and whole" '^ n +active' "$(vnm net-list)"
	ip netns exec m ip addr replace 10.80.1.77/24 dev eth0; ip netns exec v ip route replace 10.80.1.77 dev eth0
	ok "$mode: the guests reach each other" ip netns exec v ping -n -c 1 -W 3 10.80.1.77

	# Torn off: that is somebody's doing, but the host is deaf there.
	ip link set vnet0 nomaster; ip link set tap0 nomaster
	for g in v m; do advertises $g 2001:db8:bad::; done
	[ "$(cat /proc/sys/net/ipv6/conf/all/forwarding)" = 1 ] || ok "$mode: torn off: another is heard" until_heard 2001:db8:77::
	same "$mode: off the bridge they have no addresses" '' "$(ip -o addr show dev vnet0; ip -o addr show dev tap0)"
	no "$mode: and bring no route" sh -c "ip -6 route | grep -E 'dev (vnet0|tap0)|bad'"
	ok "$mode: repair" vnm net-repair n
	plugged "$mode: repaired" vnet0 $bridge; plugged "$mode: repaired" tap0 $bridge
	ip link set vnet0 down
	ok "$mode: down is repaired" vnm net-repair n
	plugged "$mode: repaired again" vnet0 $bridge
	kill $relay; wait $relay 2>/dev/null; ip netns del m
	power_cycle; same "$mode: the boot has nothing to report" 'Network n started' "$(cat boot.out)"
	plugged "$mode: after the boot" vnet0 $bridge; plugged "$mode: after the boot" tap0 $bridge
	ok "$mode: off" vnm -q net-detach n v; ok "$mode: and off" vnm -q net-detach n tap0
	no "$mode: gone" sh -c "ip -o link | grep -E 'vnet0|tap0'"
	vnm -q net-destroy n; vnm -q net-undefine n
done
ip link del hostbr

### A device that was there: down with its network, and afterwards as it was before.
echo "<network><name>n</name><bridge name='br-n' stp='off'/></network>" >n.xml; vnm -q net-define n.xml; vnm -q net-start n
ip link add ext0 type veth peer name eth0 netns v; inns v ip link set eth0 up
for was in down up; do
	ip link set ext0 $was
	ok "$was: attached" vnm -q net-attach n --dev ext0
	plugged "$was" ext0 br-n
	has "$was: how it would be let go" 'nomaster' "$(vnm net-detach n ext0 --dry-run)"
	ok "$was: stop" vnm -q net-destroy n
	deaf "$was: stopped" v ext0
	ok "$was: start" vnm -q net-start n
	plugged "$was: started" ext0 br-n
	ok "$was: let go" vnm -q net-detach n ext0
	[ $was = down ] || ok "$was: as it was" isup ext0
	[ $was = up ] || no "$was: as it was" isup ext0
done
# On a device there may be others, which have their packets before the bridge does.
if ip link add link ext0 name ext0.7 type vlan id 7 2>/dev/null; then
	ip link set ext0 up; ip link set ext0.7 up; ip addr add 192.0.2.9/24 dev ext0.7
	inns v ip link add link eth0 name eth0.7 type vlan id 7; inns v ip link set eth0.7 up; inns v ip addr add 192.0.2.10/24 dev eth0.7
	ok 'a VLAN is no hindrance' vnm -q net-attach n --dev ext0
	ok 'and works' reaches v 192.0.2.9
	ok 'also when' vnm -q net-destroy n
	ok 'the network is down' reaches v 192.0.2.9
	vnm -q net-start n; vnm -q net-detach n ext0; ip link del ext0.7
fi
ip link del ext0

### A macvtap.
ip link add nic0 type veth peer name nic1; ip link set nic0 up; ip link set nic1 up
if ip link add probe0 link nic0 type macvtap mode bridge 2>/dev/null; then
	ip link del probe0
	echo "<network><name>d</name><forward mode='bridge'><interface dev='nic0'/></forward></network>" >d.xml
	vnm -q net-define d.xml; vnm -q net-start d
	ok 'a macvtap' vnm -q net-attach d --tap mt0
	ok 'is up' isup mt0
	same 'without an address' '' "$(ip -o addr show dev mt0)"
	ok 'stop' vnm -q net-destroy d
	no 'it is down' isup mt0
	ok 'start' vnm -q net-start d
	ok 'it is up again' isup mt0
	vnm -q net-detach d mt0; vnm -q net-destroy d; vnm -q net-undefine d
fi
ip link del nic0

vnm -q net-destroy n; vnm -q net-undefine n
ip link del ctl0
# A boot, which was simulated above, resets what the kernel has.
for f in ipv4/ip_forward ipv6/conf/all/forwarding; do echo 0 >/proc/sys/net/$f; done
echo 1 >/proc/sys/net/ipv6/conf/default/accept_ra
same 'no trace is left' "$before" "$(snapshot)"
finish
