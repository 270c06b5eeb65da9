#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The MTU of a network is that of all that connects its guests: what is larger than a port takes is dropped on a bridge, and
# nobody is told. tests/ns/mtu-host.sh is about what the host lives by.
. "$srcdir/tests/lib/ns.sh"
. "$srcdir/tests/lib/mtu.sh"

MAC=52:54:00:00:00:0b	# dnsmasq asks first whether somebody has an address, unless it is reserved
IP4="<ip address='10.11.12.1' prefix='24'><dhcp><range start='10.11.12.100' end='10.11.12.200'/><host mac='$MAC' ip='10.11.12.11'/></dhcp></ip>"
IP6="<ip family='ipv6' address='fd00:11::1' prefix='64'/>"
end_of() { vnm -q net-port-list "$1" | awk -v ns="$2" '$3 == ns { print $1 }'; }	# the device here of a guest
# all NETWORK DEVICES NAMESPACES: the MTU of its bridge and of everything of its guests, once each
all() { { mtu "${1}b"; for dev in $2; do mtu "$dev"; done; for ns in ${3:-}; do inside "$ns"; done; } | sort -un | tr '\n' ' '; }

### A network with jumbo frames: both ends of pairs, taps, tuns; by packets, both families.
define j 9000 "<forward mode='nat'><nat ipv6='yes'/></forward>" "$IP4$IP6"; vnm -q net-start j
ip netns add a; ip netns add b
ok 'a: static' vnm -q net-attach j --netns a --ip 10.11.12.10 --ip fd00:11::10
ok 'b: DHCP' vnm -q net-attach j --netns b --mac $MAC --ip dhcp
ok 'a tap' vnm net-attach j --tap jt
has 'QEMU is told' 'virtio-net-pci,netdev=jt,mac=[0-9a-f:]*,host_mtu=9000$' "$(cat "$T/out")"
ok 'a tun' vnm -q net-attach j --tun ju --ip 10.11.12.21 --peer 10.11.12.20
has 'looked at first' 'ip link add vnet[0-9]* mtu 9000 type veth peer name eth0 mtu 9000 ' \
	"$(ip netns add dry; vnm net-attach j --netns dry --ip none --dry-run)"
has 'a tap looked at first' 'ip link set dev dry mtu 9000' "$(vnm net-attach j --tap dry --dry-run)"
devs="jt ju $(end_of j a) $(end_of j b)"
same 'all have it' '9000 ' "$(all j "$devs" 'a b')"
B=$(inns b ip -o -4 addr show dev eth0 | sed 's/.*inet \([^/]*\).*/\1/')
static b fd00:11::11/64
for to in "$B" fd00:11::11; do ok "guest to guest $to" big a 8000 "$to"; done
for to in 10.11.12.1 fd00:11::1; do ok "guest to host $to" big a 8900 "$to"; done
for to in 10.11.12.10 fd00:11::10 "$B" fd00:11::11; do ok "host to guest $to" host_big 8000 "$to"; done

### Guests of others learn it by router advertisements.
define ra 1400 "<forward mode='nat'><nat ipv6='yes'/></forward>" "<ip family='ipv6' address='fd00:12::1' prefix='64'/>"
vnm -q net-start ra; ip netns add r; inns r sh -c 'echo 0 >/proc/sys/net/ipv6/conf/default/accept_dad'
ip link add r type veth peer name eth0 netns r; ip link set r master rab up; inns r ip link set eth0 up
ok 'reported' inns r timeout 15 sh -c 'until grep -q 1400 /proc/sys/net/ipv6/conf/eth0/mtu; do sleep .02; done'
leave r; vnm -q net-destroy ra; vnm -q net-undefine ra

### The guests' devices follow a live change, and a change that fails is rolled back.
ok 'smaller, live' vnm -q net-update j modify mtu "<mtu size='4000'/>" --live --config
same 'all have that' '4000 ' "$(all j "$devs" 'a b')"
ok 'large packets' big a 3900 "$B"
no 'larger ones are refused at once' big a 8000 "$B"
same 'whole' 'Network j is complete' "$(vnm net-repair j)"
ok 'none at all, live' vnm -q net-update j delete mtu "<mtu/>" --live
same 'all have the usual one' '1500 ' "$(all j "$devs" 'a b')"
same 'whole' 'Network j is complete' "$(vnm net-repair j)"
sed -i "s/mtu size='9000'/mtu size='1200'/; s/<ip family=.*\"fd00[^>]*>//; s/<ip family='ipv6'[^>]*>//; s/<nat ipv6='yes'.>//" "$T/j.xml"
vnm -q net-detach j a; ok 'attached again, with IPv4 only' vnm -q net-attach j --netns a --ip 10.11.12.10
devs="jt ju $(end_of j a) $(end_of j b)"
ok 'too small for IPv6, by net-apply' vnm -q net-apply "$T/j.xml"
same 'all have that' '1200 ' "$(all j "$devs" 'a b')"
no 'and no IPv6' test -e /proc/sys/net/ipv6/conf/jt
same 'whole' 'Network j is complete' "$(vnm net-repair j)"
sed -i "s/mtu size='1200'/mtu size='9000'/" "$T/j.xml"
ok 'large again, by net-apply' vnm -q net-apply "$T/j.xml"
same 'all have that' '9000 ' "$(all j "$devs" 'a b')"
same 'the host is deaf there' '1 1' "$(cat /proc/sys/net/ipv6/conf/jt/disable_ipv6 "/proc/sys/net/ipv6/conf/$(end_of j a)/disable_ipv6" | paste -sd ' ')"
ok 'large packets again' big a 8000 "$B"

### What somebody has changed is reported by all commands, and repaired.
end=$(end_of j a)
# told WHAT PATTERN: degraded, and in these words
told_of() {
	has "$1: net-list" ' j +degraded' "$(vnm net-list)"
	has "$1: net-info" "$2" "$(vnm net-info j)"
	has "$1: net-diff --live" "$2" "$(vnm net-diff j --live)"
}
ip link set "$end" mtu 1400
told_of 'the end here' "guest $end \(a\) lacks eth0 in /run/netns/a \(the MTU of '$end' is 1400 instead of 9000\)"
has 'net-port-list' "^ $end .* degraded " "$(vnm net-port-list j)"
has 'repaired' "the MTU of '$end' is 1400" "$(vnm net-repair j)"; same 'all have it' '9000 ' "$(all j "$devs" 'a b')"
inns a ip link set eth0 mtu 1400
told_of "the guest's end" "the MTU of 'eth0' is 1400 instead of 9000"
ok 'repaired' vnm -q net-repair j; same 'all have it' '9000 ' "$(all j "$devs" 'a b')"
ip link set jt mtu 1500; ip link set ju mtu 1500
told_of 'a tap' "guest jt lacks tap jt \(the MTU of 'jt' is 1500 instead of 9000\)"
told_of 'a tun' "guest ju lacks tun ju \(the MTU of 'ju' is 1500 instead of 9000\)"
ok 'repaired' vnm -q net-repair j; same 'all have it' '9000 ' "$(all j "$devs" 'a b')"
ip link set jb mtu 1500
told_of 'the bridge' 'bridge jb \(its MTU is 1500 instead of 9000\)'
ok 'repaired' vnm -q net-repair j; same 'all have it' '9000 ' "$(all j "$devs" 'a b')"
ok 'large packets again' big a 8000 "$B"

### A restart with another definition, and a boot.
vnm -q net-destroy j 2>/dev/null; sed -i "s/mtu size='9000'/mtu size='7000'/" "$T/j.xml"
vnm -q net-define "$T/j.xml"; vnm -q net-autostart j
ok 'started with another one' vnm -q net-start j
same 'all have that' '7000 ' "$(all j "$devs" 'a b')"
vnm -q net-destroy j 2>/dev/null; for dev in $devs; do ip link del "$dev"; done
rm -rf "$VNETMGR_ROOT/run/vnetmgr"
ok 'boot' vnm -q autostart
same 'all are made with it' '7000 ' "$(all j "$devs" 'a b')"
ok 'large packets' big a 6900 "$(inns b ip -o -4 addr show dev eth0 | sed 's/.*inet \([^/]*\).*/\1/')"
vnm -q net-undefine j 2>/dev/null; vnm -q net-destroy j 2>/dev/null; ip netns del a; ip netns del b; ip netns del dry

### Every mode; without <mtu> nothing is reported, and what somebody sets is left alone.
n=0
for mode in nat route open none; do
	n=$((n + 1))
	define m 4000 "$([ $mode = none ] || echo "<forward mode='$mode'/>")" "<ip address='10.77.$n.1' prefix='24'/>"
	vnm -q net-start m; ok "$mode: a tap" vnm -q net-attach m --tap mt; same "$mode" '4000 ' "$(all m mt)"
	vnm -q net-detach m mt; vnm -q net-destroy m; vnm -q net-undefine m
done
define m 4000 '' ''; vnm -q net-start m; vnm -q net-attach m --tap mt; same 'internal' '4000 ' "$(all m mt)"
vnm -q net-detach m mt; vnm -q net-destroy m; vnm -q net-undefine m
define m '' '<forward/>' "<ip address='10.77.9.1' prefix='24'/>"; vnm -q net-start m; ok 'a tap' vnm net-attach m --tap mt
no 'QEMU is told nothing' grep -q host_mtu "$T/out"
ip link set mt mtu 9000
same 'what is not said is not watched' 'Network m is complete' "$(vnm net-repair m)"; same 'nor changed' 9000 "$(mtu mt)"
vnm -q net-detach m mt; vnm -q net-destroy m; vnm -q net-undefine m

### Behind a VPN: smaller than usual, down to where IPv6 ends, and below.
ip netns add a; ip netns add b
for size in 1400 1279 600; do
	define v $size '<forward/>' "<ip address='10.11.13.1' prefix='24'><dhcp><range start='10.11.13.100' end='10.11.13.200'/><host mac='$MAC' ip='10.11.13.11'/></dhcp></ip>"
	vnm -q net-start v
	ok "$size: static" vnm -q net-attach v --netns a --ip auto; ok "$size: DHCP" vnm -q net-attach v --netns b --mac $MAC --ip dhcp
	ok "$size: a tap" vnm -q net-attach v --tap vt
	same "$size: all have it" "$size " "$(all v "vt $(end_of v a) $(end_of v b)" 'a b')"
	ok "$size: what fits" big a $((size - 28)) 10.11.13.1; no "$size: what does not is refused at once" big a $((size - 27)) 10.11.13.1
	same "$size: whole" 'Network v is complete' "$(vnm net-repair v)"
	for dev in a b vt; do vnm -q net-detach v $dev; done; vnm -q net-destroy v; vnm -q net-undefine v
done

### What a guest's DHCP server sends (tests/ns/dhcp.sh: to all clients): smaller than its device's is believed, unless it is of no use; larger is not.
for option in '1300 1300' '500 1500' '9000 1500' '0 1500'; do
	set -- $option
	define v '' '<forward/>' "<ip address='10.11.13.1' prefix='24'><dhcp><range start='10.11.13.100' end='10.11.13.200'/><host mac='$MAC' ip='10.11.13.11'/></dhcp></ip>"
	sed -i "s|<network |&xmlns:dnsmasq='http://libvirt.org/schemas/network/dnsmasq/1.0' |; s|</network>|<dnsmasq:options><dnsmasq:option value='dhcp-option=option:mtu,$1'/></dnsmasq:options>&|" "$T/v.xml"
	vnm -q net-define "$T/v.xml"; vnm -q net-start v
	ok "told $1" vnm -q net-attach v --netns b --mac $MAC --ip dhcp; same "told $1" "$2" "$(inside b)"
	same "told $1: whole" 'Network v is complete' "$(vnm net-repair v)"
	vnm -q net-detach v b; vnm -q net-destroy v; vnm -q net-undefine v
done

finish
