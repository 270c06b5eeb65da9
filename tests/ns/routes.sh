#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Routes of the host that lead to a network's addresses: those that were there before it, and those that come while it
# is active (a VPN, another LAN), which must not be in the way of any change.
. "$srcdir/tests/lib/ns.sh"
cd "$T" || exit 1
N=10.17.3 N6=fd00:17:3:
before=$(snapshot)
for mode in nat route open isolated; do
	forward="<forward mode='$mode'/>"
	[ $mode = isolated ] && forward=
	cat >$mode.xml <<X
<network><name>$mode</name>$forward<bridge name='br-r' stp='off'/>
<ip address='$N.1' prefix='24'><dhcp><range start='$N.100' end='$N.200'/></dhcp></ip><ip family='ipv6' address='$N6:1' prefix='64'/></network>
X
done
has_not() { checks=$((checks + 1)); printf '%s\n' "$3" | grep -Eq -- "$2" || return 0; failures=$((failures + 1)); printf 'FAIL: %s: a line matches %s in\n%s\n' "$1" "$2" "$3" >&2; return 1; }
quietly() { what=$1; shift; ok "$what" "$@" && has_not "$what: without a warning" 'warning|part of the host' "$(cat out)"; }

# What there may be on a host: a tunnel without neighbours, a gateway, and another LAN.
tunnel() { ip tuntap add wg0 mode tun 2>/dev/null || ip link add wg0 type ipip local 203.0.113.2 remote 203.0.113.1; ip link set wg0 up; }
vpn() { tunnel && ip route add 10.0.0.0/8 dev wg0 && ip -6 route add fd00::/8 dev wg0; }
gateway() { ip route add 10.0.0.0/8 via 203.0.113.1 && ip -6 route add fd00::/8 via 2001:db8:113::1; }
lan() { ip addr add 10.17.200.5/16 dev uplink0 && ip addr add fd00:17::5/32 dev uplink0 nodad; }
part() { ip route add $N.128/25 via 203.0.113.1 && ip -6 route add ${N6}0:8000::/80 via 2001:db8:113::1; }
gone() {
	ip link del wg0 2>/dev/null
	for r in 10.0.0.0/8 $N.128/25; do ip route del $r 2>/dev/null; done
	for r in fd00::/8 ${N6}0:8000::/80; do ip -6 route del $r 2>/dev/null; done
	ip addr del 10.17.200.5/16 dev uplink0 2>/dev/null; ip addr del fd00:17::5/32 dev uplink0 2>/dev/null
	true
}

# Before the start: by a gateway and by a tunnel a warning, in each mode, at the start, at boot, and in a dry run.
for there in gateway vpn; do
	by=uplink0; [ $there = vpn ] && by=wg0
	ok "$there" $there
	for mode in nat route open isolated; do
		vnm -q net-define $mode.xml
		ok "$there, $mode: dry run" vnm net-start $mode --dry-run
		has "$there, $mode: dry run: reported" "^warning: subnet $N.0/24 of network '$mode' is part of the host's route 10.0.0.0/8 by interface $by" "$(cat out)"
		ok "$there, $mode: start" vnm net-start $mode
		has "$there, $mode: reported" "^warning: subnet $N.0/24 of network '$mode' is part of the host's route 10.0.0.0/8 by interface $by" "$(cat out)"
		has "$there, $mode: IPv6 told" "^warning: subnet $N6:/64 of network '$mode' is part of the host's route fd00::/8 by interface $by" "$(cat out)"
		quietly "$there, $mode: a change" vnm net-update $mode add ip-dhcp-host "<host mac='52:54:00:00:00:07' ip='$N.7'/>" --live --config
		quietly "$there, $mode: repair" vnm net-repair $mode
		vnm -q net-destroy $mode
		vnm -q net-autostart $mode
		ok "$there, $mode: boot" vnm autostart
		has "$there, $mode: boot: reported" "^warning: subnet $N.0/24 of network '$mode' is part of the host's route" "$(cat out)"
		has "$there, $mode: active" " $mode +active " "$(vnm net-list)"
		vnm -q net-destroy $mode; vnm -q net-undefine $mode
	done
	ok "no $there" gone
done
# On the link, or no larger than the subnet, it is in the way.
vnm -q net-define nat.xml
for there in lan part; do
	ok "$there" $there
	no_because "$there: start" "subnet .* of network 'nat' is already in use by interface uplink0" vnm net-start nat
	ok "no $there" gone
done
ok 'a tunnel' tunnel
for r in $N.0/24 $N.7/32 $N6:/64 $N6:7/128; do
	ip route add $r dev wg0
	no_because "a tunnel to $r" "is already in use by interface wg0" vnm net-start nat
	ip route del $r dev wg0
done
ok 'no tunnel' gone

# After the start: it neither stops a change that brings no addresses, nor is it reported.
for mode in nat route; do
	vnm -q net-define $mode.xml
	ok "$mode: start" vnm net-start $mode
	for there in lan gateway vpn part; do
		ok "$mode: $there comes" $there
		quietly "$there, $mode: a reservation" vnm net-update $mode add ip-dhcp-host "<host mac='52:54:00:00:00:07' ip='$N.7'/>" --live --config
		quietly "$there, $mode: a forward, looked at" vnm net-forward-add $mode tcp 8080 $N.7 --dry-run
		quietly "$there, $mode: a forward is opened" vnm net-forward-add $mode tcp 8080 $N.7 --live --config
		quietly "$there, $mode: and closed" vnm net-forward-del $mode tcp 8080 --live --config
		quietly "$there, $mode: IPv6, too" vnm net-forward-add $mode tcp 8080 $N6:7
		quietly "$there, $mode: and closed again" vnm net-forward-del $mode tcp 8080
		quietly "$there, $mode: a reservation goes, looked at" vnm net-update $mode delete ip-dhcp-host "<host mac='52:54:00:00:00:07'/>" --live --config --dry-run
		quietly "$there, $mode: a reservation goes" vnm net-update $mode delete ip-dhcp-host "<host mac='52:54:00:00:00:07'/>" --live --config
		quietly "$there, $mode: a range goes" vnm net-update $mode delete ip-dhcp-range "<range start='$N.100' end='$N.200'/>" --live
		quietly "$there, $mode: and comes" vnm net-update $mode add ip-dhcp-range "<range start='$N.100' end='$N.200'/>" --live
		sed "s/stp='off'/& delay='2'/; s,</name>,&<domain name='$there.test'/>," $mode.xml >changed.xml
		quietly "$there, $mode: apply, looked at" sh -c '"$VNETMGR" net-apply changed.xml --dry-run; [ $? = 2 ]'
		quietly "$there, $mode: apply" vnm net-apply changed.xml
		quietly "$there, $mode: apply what was" vnm net-apply $mode.xml
		has "$there, $mode: it is whole" " $mode +active " "$(vnm net-list)"
		# What a change brings is asked about.
		sed "s,</network>,<ip address='10.17.9.1' prefix='24'/>&," $mode.xml >more.xml
		case $there in
		lan) no_because "$there, $mode: another subnet" "subnet 10.17.9.0/24 of network '$mode' is already in use by interface uplink0 \\(route 10.17.0.0/16\\)" vnm net-apply more.xml ;;
		gateway | vpn)
			ok "$there, $mode: another subnet" vnm net-apply more.xml
			same "$there, $mode: that one is told, once" 1 "$(grep -c 'is part of the host' out)"
			has "$there, $mode: which" "^warning: subnet 10.17.9.0/24 of network '$mode'" "$(cat out)"
			ok "$there, $mode: it goes" vnm net-apply $mode.xml ;;
		esac
		ok "$mode: $there goes" gone
	done
	vnm -q net-destroy $mode
	vnm -q net-undefine $mode
done

# Nor is what a network stands on and has lost: its bridge, the carrier of its uplink.
ip link add brx type bridge
echo "<network><name>b</name><forward mode='bridge'/><bridge name='brx'/></network>" >b.xml
vnm -q net-define b.xml
ok 'a bridge of the host' vnm net-start b
ip link del brx
quietly 'a change without it' vnm net-update b add portgroup "<portgroup name='q'/>" --live
vnm -q net-destroy b; vnm -q net-undefine b
ip link add nic0 type veth peer name nic1; ip link set nic0 up; ip link set nic1 up
echo "<network xmlns:vnm='urn:vnetmgr:network:1'><name>u</name><forward mode='bridge'/><bridge name='bru'/><vnm:uplink dev='nic0'/></network>" >u.xml
vnm -q net-define u.xml
ok 'an uplink' vnm net-start u
ip link set nic1 down; ip link set nic0 down
quietly 'a change without a cable' vnm net-update u add portgroup "<portgroup name='q'/>" --live
vnm -q net-destroy u; vnm -q net-undefine u
ip link del nic0

# Two definitions that share a subnet: a warning when they are defined, not with each change.
sed "s/>nat</>twin</; s/br-r/br-t/" nat.xml >twin.xml
vnm -q net-define nat.xml
ok 'a twin' vnm net-define twin.xml
has 'reported' "^warning: subnet .* of network 'twin' overlaps with network 'nat'" "$(cat out)"
quietly 'a change of it' vnm net-update twin add ip-dhcp-host "<host mac='52:54:00:00:00:09' ip='$N.9'/>" --config
vnm -q net-undefine twin
vnm -q net-undefine nat

# <route> without an address: the default route, by way of a guest, on a host that has no other.
cat >default.xml <<X
<network><name>default</name><forward mode='route'/><bridge name='br-r' stp='off'/><ip address='$N.1' prefix='24'/>
<ip family='ipv6' address='$N6:1' prefix='64'/><route gateway='$N.9'/><route family='ipv6' gateway='$N6:9' metric='7'/></network>
X
vnm -q net-define default.xml
no 'the host has a default route' vnm net-start default
has 'which is told' "^error: Route address '0.0.0.0/0' of network 'default' conflicts with the route by interface 'uplink0'" "$(cat out)"
old=$(ip route show default) old6=$(ip -6 route show default | head -n 1)
ip route del default; ip -6 route flush default
ok 'it has none' vnm net-start default
has 'now this one' "^default via $N.9 dev br-r metric 1 " "$(ip route show default)"
has 'of either family' "^default via $N6:9 dev br-r metric 7 " "$(ip -6 route show default)"
has 'as it was written' "<route gateway='$N.9'/>" "$(vnm net-dumpxml default)"
ok 'it stops' vnm net-destroy default
same 'and takes it along' '' "$(ip route show default)$(ip -6 route show default)"
vnm -q net-undefine default
ip route add $old; [ -z "$old6" ] || ip -6 route add $old6
same 'no trace is left' "$before" "$(snapshot)"
finish
