#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Beside other managers of the host's network, told to take whatever they see: what belongs to networks is not theirs, whatever
# comes first, and a restart of theirs changes nothing. A device of the host shows that they do take devices.
. "$srcdir/tests/lib/ns.sh"
. "$srcdir/tests/lib/dbus.sh"
. "$srcdir/tests/lib/managers.sh"
need udevadm systemd-networkd systemd-networkd-wait-online NetworkManager connmand ifup dbus-daemon busctl
single_uid && skip 'systemd-networkd needs a user of its own; run as root'

cat >"$T/n.xml" <<'X'
<network><name>n</name><forward/><bridge name='br-n' stp='off'/>
<ip address='192.168.174.1' prefix='24'><dhcp><range start='192.168.174.100' end='192.168.174.200'/></dhcp></ip></network>
X
printf '[Match]\nName=!uplink0\n[Network]\nDHCP=yes\nLinkLocalAddressing=yes\n' >"$T/10-all.network"
taps='t1 t2 t3 t4 t5 t6 t7 t8'
ok 'define' vnm -q net-define "$T/n.xml"
sed "s|@rundir@|$VNETMGR_ROOT/run|" "$srcdir/data/udev/75-vnetmgr.rules.in" >"$T/75-vnetmgr.rules"
ok 'udevd' udevd "$T/75-vnetmgr.rules"

# starts: a network, with guests of both kinds. A tap is known by its group only, which no request that creates one can name.
starts() {
	ok "$1: start" vnm -q net-start n
	for tap in $taps; do ok "$1: a tap" vnm -q net-attach n --tap $tap; done
	ok "$1: a namespace" vnm -q net-attach n --netns web --create --ip auto
}
stops() { ok "$1: stop" vnm -q net-destroy n; for guest in $taps vnet0; do ok "$1: detach" vnm -q net-detach n $guest; done; }
# unharmed WHO TEST: each device is left alone, by that test; all is as it was made
unharmed() {
	for dev in br-n $taps vnet0; do ok "$1: $dev is left alone" eventually "$2" $dev; done
	for dev in $taps vnet0; do has "$1: on its bridge" 'master br-n' "$(ip -o link show dev $dev)"; done
	same "$1: the addresses" '192.168.174.1/24' "$(for dev in br-n $taps vnet0; do ip -o addr show dev $dev; done | awk '{ print $4 }')"
	has "$1: it is whole" '^ n +active ' "$(vnm net-list)"
	ok "$1: the guest" reaches web 192.168.174.1
	same "$1: the host forwards" 1 "$(cat /proc/sys/net/ipv4/ip_forward)"
}

# ---- devices that networks use: their coming, and their getting a name, is told to systemd
pair() { ip link add "$1" type veth peer name "$1peer"; }
wants() { udevadm info -q property "/sys/class/net/$1" | grep -qx 'SYSTEMD_WANTS=vnetmgr-device@.service'; }
echo "<network><name>p</name><forward mode='private'><interface dev='eth7'/></forward></network>" >"$T/p.xml"
pair eth7
ok 'start' vnm -q net-create "$T/p.xml"
ip link del eth7; pair eth7
ok 'it comes again' eventually wants eth7
ip link del eth7; pair eth8
ok 'another device' eventually udevadm info -q property /sys/class/net/eth8
udevadm settle --timeout=30
no 'is not used' wants eth8
ip link set eth8 name eth7
ok 'it gets the name' eventually wants eth7
ok 'stop' vnm -q net-destroy p
ip link del eth7

# ---- systemd-networkd
by_networkd() { state=$(networkd_has "$1"); [ -n "$state" ] && [ "$state" != unmanaged ] && [ "$state" != pending ]; }
not_by_networkd() { [ "$(networkd_has "$1")" = unmanaged ]; }
pair eth9; ip link set eth9 up
ok 'systemd-networkd' networkd "$srcdir/data/networkd/05-vnetmgr.network" "$T/10-all.network"
ok 'it takes a device of the host' eventually by_networkd eth9
starts networkd
unharmed networkd not_by_networkd
kill "$networkd"; wait "$networkd"; rm -f /run/systemd/netif/state /run/systemd/netif/links/*
ok 'a restart' start_networkd
ok 'it takes a device of the host' eventually by_networkd eth9
unharmed 'a restart' not_by_networkd
kill "$networkd"; wait "$networkd"
# A boot waits for what networkd configures, and not for a bridge without guests, which never has a carrier.
for guest in $taps vnet0; do ok 'detach' vnm -q net-detach n $guest; done
printf '[Match]\nName=!uplink0\n[Network]\nAddress=192.0.2.9/24\nLinkLocalAddressing=no\nIPv6AcceptRA=no\n' >"$T/network/10-all.network"
rm -f /run/systemd/netif/state /run/systemd/netif/links/*
ip link set eth9peer up
ok 'networkd with addresses' start_networkd
ok 'a boot is not held up' systemd-networkd-wait-online --ignore=uplink0 --timeout=30 # which was there before udevd
same 'for devices that it has' 'configured unmanaged' "$(networkd_has eth9) $(networkd_has br-n)"
kill "$networkd"; wait "$networkd"
ip addr flush dev eth9; ip addr flush dev eth9peer
ok 'stop' vnm -q net-destroy n

# ---- ifupdown, of which the udev rule of its package asks about each device that comes
not_by_ifupdown() { [ -z "$(ifquery -i "$T/interfaces" --allow hotplug -l "$1")" ] && [ -z "$(ifquery -i "$T/interfaces" --state "$1")" ]; }
mkdir -p /run/network
ifupdown() { command=$1; shift; "$command" -i "$T/interfaces" --no-scripts "$@"; }
printf 'auto lo eth9\niface lo inet loopback\niface eth9 inet static\n\taddress 192.0.2.9/24\n' >"$T/interfaces"
starts ifupdown
ok 'ifup -a' ifupdown ifup -a
has 'it takes a device of the host' ' 192.0.2.9/24 ' "$(ip -o addr show dev eth9)"
unharmed 'ifup -a' not_by_ifupdown
ok 'ifdown -a' ifupdown ifdown -a
ok 'again' ifupdown ifup -a
ok 'and down' ifupdown ifdown -a
unharmed 'ifdown and ifup' not_by_ifupdown
printf 'allow-hotplug br-n\niface br-n inet static\n\taddress 192.168.174.254/24\n' >>"$T/interfaces"
ok 'a bridge that it is told of' ifupdown ifup br-n
has 'has both addresses' '^192.168.174.1/24 192.168.174.254/24 $' "$(ip -o addr show dev br-n | awk '$3 == "inet" { print $4 }' | sort | tr '\n' ' ')"
has 'and is whole' '^ n +active ' "$(vnm net-list)"
ok 'its ifdown takes away both' ifupdown ifdown br-n
has 'which is seen' '^ n +degraded ' "$(vnm net-list)"
ok 'and mended' vnm -q net-repair n
ok 'the guest' reaches web 192.168.174.1
stops ifupdown

# ---- NetworkManager
by_manager() { state=$(manager_has "$1"); [ "$state" -ge 30 ]; }
not_by_manager() { [ "$(manager_has "$1")" = 10 ]; }
bus
ok 'NetworkManager' network_manager
ok 'it takes a device of the host' eventually by_manager eth9
starts NetworkManager
unharmed NetworkManager not_by_manager
kill "$manager"; wait "$manager"
ok 'a restart' network_manager
unharmed 'its restart' not_by_manager
kill "$manager"; wait "$manager"
stops NetworkManager

# ---- connman knows devices by the beginning of their names only, from its main.conf
ok 'connman' connman "$(sed -n 's/^ *NetworkInterfaceBlacklist=//p' "$srcdir/docs/RECIPES.md"),br-n,t,uplink0"
ok 'it takes a device of the host' eventually connman_has eth9
not_by_connman() { ! connman_has "$1"; }
starts connman
unharmed connman not_by_connman
kill "$connman" "$udevd" "$bus"; wait "$connman" "$udevd"
finish
