#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A bridge without a zone where firewalld runs: it gets one that lets guests have what they need, and loses it again.
. "$srcdir/tests/lib/ns.sh"
. "$srcdir/tests/lib/dbus.sh"
need dbus-daemon busctl firewalld firewall-cmd strace

# net NAME NUMBER [FORWARD [ZONE]]
net() { cat >"$T/$1.xml" <<X
<network><name>$1</name><uuid>5599d7e3-f78d-4f9b-abc2-0000000000$2</uuid>${3:-}
<bridge name='br-$1' stp='off'${4:+ zone='$4'}/><mac address='52:54:00:00:00:$2'/>
<dns><host ip='192.168.$2.1'><hostname>gate</hostname></host></dns>
<ip address='192.168.$2.1' prefix='24'><dhcp><range start='192.168.$2.100' end='192.168.$2.199'/></dhcp></ip>
<ip family='ipv6' address='2001:db8:$2::1' prefix='64'/></network>
X
}
NAT="<forward><nat ipv6='yes'/></forward>" ROUTE="<forward mode='route'/>"
names() { inns g dig +short +time=1 +tries=1 @"$1" gate; }
warns() { has "$1" "^warning: $2" "$(cat "$T/out")"; }
# Of the host: a lease, names, an answer to ping.
served() {
	ok "$1: a lease" dhcp g
	ip -n g -4 addr flush dev eth0
	static g "192.168.$2.5/24" "192.168.$2.1"
	ip -n g addr add "2001:db8:$2::5/64" dev eth0 nodad && ip -n g -6 route replace default via "2001:db8:$2::1"
	same "$1: names" "192.168.$2.1" "$(names "192.168.$2.1")"
	same "$1: names by IPv6" "192.168.$2.1" "$(names "2001:db8:$2::1")"
	ok "$1: the host answers" inns g ping -n -c 1 -W 2 "192.168.$2.1"
	ok "$1: the host answers by IPv6" inns g ping -n -c 1 -W 2 "2001:db8:$2::1"
}
zones_now() { for n in nat route none open; do zone_of br-$n; done | xargs; }

net nat 60 "$NAT"; net route 61 "$ROUTE"; net none 62; net open 63 "<forward mode='open'/>"
for n in nat route none open; do ok "define $n" vnm -q net-define "$T/$n.xml"; done

net without 64 '' work
vnm net-create "$T/without.xml" 2>&1 | grep -q 'built without D-Bus' && skip "$VNETMGR was built without libsystemd"

# What cannot be there is not asked.
asked() { strace -qq -e trace=connect -o "$T/trace" "$VNETMGR" -q net-start nat; grep -c dbus "$T/trace"; vnm -q net-destroy nat; }
same 'no bus' 0 "$(asked)"
bus
same 'a bus on which firewalld may not be' 0 "$(asked)"
: >/usr/share/dbus-1/system.d/FirewallD.conf
same 'one on which it might be' 1 "$(asked)"
same 'nobody there' '' "$(vnm net-start nat 2>&1 >/dev/null)"
has 'nothing is missing' '^Active: +yes$' "$(vnm net-info nat)"
ok 'stop it' vnm net-destroy nat
ok 'firewalld starts' firewalld || finish
before=$(snapshot)

# No zone that would do: reported, and what firewalld's default zone makes of it.
ok 'no zone: starts' vnm net-start nat
warns 'no zone: told' "firewalld has neither a zone vnetmgr nor libvirt: the guests of network 'nat' are in its default zone"
ok 'no zone: starts' vnm net-start route
warns 'no zone: told' 'firewalld has neither a zone vnetmgr-routed nor libvirt-routed'
same 'no zone: in none' '' "$(zones_now)"
guest g br-nat; static g 192.168.60.5/24 192.168.60.1
no 'no zone: no names' names 192.168.60.1
leave g
same 'open: says nothing' '' "$(vnm net-start open 2>&1 >/dev/null)"
ok 'stop all' vnm net-destroy --all

# started NETWORK: what it says, but for the route that the outside of a routed one needs
started() { vnm net-start "$1" 2>&1 >/dev/null | grep -v '^hint: the outside answers guests in '; }

# Ours.
ok 'zones of ours' zones "$srcdir/data/firewalld"
ok 'firewalld has no complaint' firewall-cmd --check-config
ok 'dry run' vnm net-start nat --dry-run
has 'dry run' '^firewall-cmd --zone=vnetmgr --change-interface=br-nat$' "$(cat "$T/out")"
for n in nat route none open; do same "$n: starts without a word" '' "$(started $n)"; done
same 'their zones' 'vnetmgr vnetmgr-routed vnetmgr' "$(zones_now)"
has 'whole' '^Active: +yes$' "$(vnm net-info nat)"

guest g br-nat; served nat 60
same 'nat: let out' "you are $UPLINK" "$(web g "$SERVER")"
same 'nat: let out by IPv6' "you are $UPLINK6" "$(web g "[$SERVER6]")"
outside ip route add 192.168.60.0/24 via "$UPLINK"
no 'nat: not reached from outside' outside ping -n -c 1 -W 1 192.168.60.5
outside ip route del 192.168.60.0/24
leave g
nc -l -k -p 2222 </dev/null >/dev/null 2>&1 & listener=$!
await_port 2222
guest g br-none; served none 62
no 'none: not let out' web g "$SERVER"
no 'none: nothing else of the host' connects g 192.168.62.1 2222
ok 'which is there' nc -z -w 2 192.168.62.1 2222
kill "$listener"; leave g
guest g br-route; served route 61
outside ip route add 192.168.61.0/24 via "$UPLINK"
outside ip -6 route add 2001:db8:61::/64 via "$UPLINK6"
same 'route: let out as it is' 'you are 192.168.61.5' "$(web g "$SERVER")"
ok 'route: reached from outside' outside ping -n -c 1 -W 2 192.168.61.5
ok 'route: reached from outside by IPv6' outside ping -n -c 1 -W 2 2001:db8:61::5
outside ip route del 192.168.61.0/24; outside ip -6 route del 2001:db8:61::/64
leave g

# The truth, and its repair: as for a zone that was asked for, but that it is not missed where firewalld is not.
ok 'somebody takes it out' firewall-cmd --zone=vnetmgr --remove-interface=br-nat
has 'it shows' "device br-nat in firewalld's zone vnetmgr$" "$(vnm net-info nat)"
has 'net-list' ' nat +degraded ' "$(vnm net-list)"
ok 'repair' vnm net-repair nat
same 'repaired' 'vnetmgr vnetmgr-routed vnetmgr' "$(zones_now)"
ok 'reload' firewall-cmd --reload
has 'whole after a reload' '^Active: +yes$' "$(vnm net-info nat)"
kill "$firewalld"; wait "$firewalld"
has 'not missed' '^Active: +yes$' "$(vnm net-info nat)"
seven="<host ip='192.168.60.7'><hostname>seven</hostname></host>"
ok 'a change' vnm net-update nat add dns-host "$seven" --live
ok 'firewalld starts again' firewalld
has 'it has forgotten' "firewalld's zone vnetmgr$FLUSHED" "$(vnm net-info nat)"
ok 'repair' vnm net-repair --all
same 'repaired' 'vnetmgr vnetmgr-routed vnetmgr' "$(zones_now)"

# Changes of a network that is up leave it there, or lead it to where it belongs.
ip netns add g
ok 'a guest is attached' vnm net-attach nat --netns g
same 'still there' vnetmgr "$(zone_of br-nat)"
ok 'and detached' vnm net-detach nat g
ok 'a change' vnm net-update nat delete dns-host "$seven" --live
same 'still there' vnetmgr "$(zone_of br-nat)"
to() { net nat 60 "$1" "${2:-}"; ok "change to $1" vnm net-apply "$T/nat.xml"; same "its zone: $1" "$3" "$(zone_of br-nat)"; }
to "$ROUTE" '' vnetmgr-routed
to "$ROUTE" work work
to "$NAT" '' vnetmgr
to "<forward mode='open'/>" '' ''
to "$NAT" '' vnetmgr
ok 'stop' vnm net-destroy --all
same 'in no zone' '' "$(zones_now)"
ip netns del g
same 'nothing is left' "$before" "$(snapshot)"

# libvirt's, where ours are not.
mkdir -p "$T/theirs/policies" "$T/theirs/zones"
for n in '' -routed; do cp "$srcdir/data/firewalld/zones/vnetmgr$n.xml" "$T/theirs/zones/libvirt$n.xml"; done
ok "libvirt's zones" zones "$T/theirs"
for n in nat route none; do same "$n: starts without a word" '' "$(started $n)"; done
same 'their zones' 'libvirt libvirt-routed libvirt' "$(zones_now)"
guest g br-nat; served libvirt 60; leave g
ok 'stop' vnm net-destroy --all
rm "$T/theirs/zones/libvirt-routed.xml"
ok "libvirt's one zone" zones "$T/theirs"
ok 'start' vnm net-start route
same 'its zone' libvirt "$(zones_now)"
ok 'stop' vnm net-destroy route

# What firewalld does not accept keeps no network from starting, but is missing there. The message about it is lost.
ok 'zones of ours' zones "$srcdir/data/firewalld"
# The first start after a reload makes more than the next ones.
ok 'start' vnm -q net-start nat; ok 'stop' vnm -q net-destroy nat
strace -qq -s 1000 -o "$T/trace" -e trace=sendmsg "$VNETMGR" -q net-start nat
at=$(grep '^sendmsg' "$T/trace" | grep -n changeZoneOfInterface | cut -d : -f 1)
ok 'stop' vnm net-destroy nat
ok 'lost: starts' strace -qq -o "$T/trace" -e trace=sendmsg -e inject="sendmsg:error=ENOBUFS:when=$at" "$VNETMGR" net-start nat
warns 'lost: told' "cannot add device 'br-nat' to firewalld's zone vnetmgr: .*; vnetmgr net-repair nat tries again$"
same 'lost: in none' '' "$(zones_now)"
has 'lost: it shows' "device br-nat in firewalld's zone vnetmgr$" "$(vnm net-info nat)"
ok 'lost: repair' vnm net-repair nat
same 'lost: repaired' vnetmgr "$(zones_now)"

# Nor does one that hangs.
ok 'stop' vnm net-destroy nat
kill -STOP "$firewalld"
start=$(date +%s)
ok 'hangs: starts' vnm net-start nat
warns 'hangs: told' 'cannot read the zones of firewalld: firewalld does not answer within 5 seconds'
ok 'hangs: bounded' [ $(($(date +%s) - start)) -le 8 ]
kill -CONT "$firewalld"
same 'hangs: in none' '' "$(zones_now)"
ok 'stop' vnm net-destroy nat
same 'nothing is left' "$before" "$(snapshot)"
kill "$firewalld"; wait "$firewalld"
finish
