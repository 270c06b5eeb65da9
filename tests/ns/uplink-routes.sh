#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Routes with several next hops, of which only some are by the uplink's device: these go to the bridge and come back, the others
# stay as they are, whatever has become of them. (IPv6 hops are routes that the kernel joins; IPv4 has one route with all hops.)
. "$srcdir/tests/lib/ns.sh"
. "$srcdir/tests/lib/kill.sh"

# Two more ways out.
for n in 1 2; do
	ip link add way$n type veth peer name far$n; ip link set far$n up; ip link set way$n up
	ip addr add 10.$n.0.2/24 dev way$n; ip addr add 10.9.$n.2/24 dev way$n; ip addr add 2001:db8:$n::2/64 dev way$n nodad
done
sed 's/ens33/uplink0/; s/br-lan/br-wan/; s/<name>lan/<name>wan/' "$srcdir/networks/examples/uplink.xml" >"$T/wan.xml"
ok 'defined' vnm -q net-define "$T/wan.xml"

V4=100.64.0.0/10 V6=2001:db8:77::/48
# hops FAMILY ROUTE: its next hops with weights and flags, in a fixed order: new IPv6 hops stand behind those that stayed
hops() { ip "$1" route show "$2" | grep -Eo 'via [^ ]+ dev [^ ]+( weight [0-9]+)?( +(dead|onlink))*' | sed -E 's/ (uplink0|br-wan)/ DEV/; s/ +/ /g' | sort; }
by() { ip -o link show "$1" >/dev/null && ! ip route show table all | grep -q "dev $2 weight" && ! ip -6 route show table all | grep -q "dev $2 weight"; }
put() {
	ip route replace $V4 nexthop via 203.0.113.1 weight 2 nexthop via 10.1.0.1 dev way1 weight 3 nexthop via 10.2.0.1 dev way2 weight 5
	ip -6 route flush $V6
	ip -6 route add $V6 metric 50 nexthop via 2001:db8:113::1 weight 2 nexthop via 2001:db8:1::1 dev way1 weight 3 nexthop via 2001:db8:2::1 dev way2 weight 5
}
# out_of_reach: the one way has lost the subnet of its gateway, the other is down
out_of_reach() { ip addr del 10.1.0.2/24 dev way1; ip addr del 2001:db8:1::2/64 dev way1; ip link set way2 down; }
in_reach() { ip addr replace 10.1.0.2/24 dev way1; ip addr replace 2001:db8:1::2/64 dev way1 nodad; ip link set way2 up; ip addr replace 2001:db8:2::2/64 dev way2 nodad; }

### All hops by the device, in either family.
put; own4=100.80.0.0/16 own6=2001:db8:78::/48
ip route add $own4 nexthop via 203.0.113.1 weight 2 nexthop via 203.0.113.9 weight 7
ip -6 route add $own6 nexthop via 2001:db8:113::1 weight 2 nexthop via 2001:db8:113::9 weight 7
o4=$(hops -4 $own4) o6=$(hops -6 $own6) b4=$(hops -4 $V4) b6=$(hops -6 $V6)
same 'there are three hops in IPv4' 3 "$(printf '%s\n' "$b4" | wc -l)"
same 'and in IPv6' 3 "$(printf '%s\n' "$b6" | wc -l)"
all() {
	same "$1: own hops, IPv4" "$o4" "$(hops -4 $own4)"; same "$1: own hops, IPv6" "$o6" "$(hops -6 $own6)"
	same "$1: IPv4" "$b4" "$(hops -4 $V4)"; same "$1: IPv6" "$b6" "$(hops -6 $V6)"
}

### Hops by others, which are well.
ok 'start' vnm -q net-start wan
all 'started'; ok 'none by the device' by br-wan uplink0
ip link set uplink0 nomaster
ok 'repair' vnm -q net-repair wan
all 'repaired'
ok 'destroy' vnm -q net-destroy wan
all 'destroyed'; ok 'none by the bridge' by uplink0 br-wan
vnm -q net-start wan; ip link del br-wan
ok 'destroyed without its bridge' vnm -q net-destroy wan
all 'from the record'

### One batch. Killed there, all or nothing has happened.
# batch COMMAND...: which of its calls of sendto has it; more than one: it is divided
batch() { strace -qq -o "$T/trace" -e trace=sendto "$VNETMGR" -q "$@"; awk '/^sendto/ { n++ } /RTM_(NEW|DEL)(ADDR|ROUTE)/ { print n }' "$T/trace"; }
start_at=$(batch net-start wan) stop_at=$(batch net-destroy wan)
same 'one message each' '2' "$(printf '%s\n' "$start_at" "$stop_at" | grep -c .)"
killed sendto "$start_at" net-start wan
all 'killed in the start'; vnm -q net-list >/dev/null 2>&1; vnm -q net-destroy wan 2>/dev/null
all 'and rolled back'
vnm -q net-start wan; killed sendto "$stop_at" net-destroy wan
all 'killed in the stop'; ok 'which the next command completes' vnm -q net-list
all 'completed'; no 'the bridge is gone' ip link show br-wan

### Hops by others that cannot be made again. In IPv6 nobody has touched them; in IPv4 what can be had is kept, and the rest reported.
lost="route to 100\.64\.0\.0/10: next hop 10\.2\.0\.1 on 'way2' cannot be restored .*, and is left out"
kept="route to 100\.64\.0\.0/10: next hop 10\.1\.0\.1 on 'way1' is out of reach .* kept as 'onlink'"
left4='via 10.1.0.1 dev way1 weight 3 onlink
via 203.0.113.1 dev DEV weight 2'
vnm -q net-start wan; out_of_reach; b6=$(hops -6 $V6)
has 'IPv6 keeps a hop that is dead' 'way2 .*dead' "$b6"
ok 'destroy' vnm net-destroy wan; output=$(cat "$T/out")
same 'IPv6 as it was' "$b6" "$(hops -6 $V6)"
same 'IPv4 has what it can' "$left4" "$(hops -4 $V4)"
has 'what is lost has a name' "$lost" "$output"; has 'what is changed, too' "$kept" "$output"
no 'the bridge is gone' ip link show br-wan
# The start and the repair meet the same.
in_reach; put; out_of_reach; b6=$(hops -6 $V6)
ok 'start' vnm net-start wan; output=$(cat "$T/out")
has 'what is lost has a name' "$lost" "$output"
same 'IPv6 as it was' "$b6" "$(hops -6 $V6)"; same 'IPv4 has what it can' "$left4" "$(hops -4 $V4)"
ip link set uplink0 nomaster
ok 'repair' vnm net-repair wan; output=$(cat "$T/out")
has 'it warns' 'route to 100\.64\.0\.0/10: cannot be restored with all its next hops' "$output"
same 'in place' br-wan "$(basename "$(readlink /sys/class/net/uplink0/master)")"
same 'IPv6 as it was' "$b6" "$(hops -6 $V6)"; same 'IPv4 has what it can' "$left4" "$(hops -4 $V4)"
ok 'destroy' vnm -q net-destroy wan
same 'IPv6 as it was' "$b6" "$(hops -6 $V6)"; same 'IPv4 has what it can' "$left4" "$(hops -4 $V4)"
# The guard.
in_reach; put
ok 'with a guard' vnm -q net-start wan --guard 1; pid=$(sed 's/ .*//' "$VNETMGR_ROOT/run/vnetmgr/wan.guard")
out_of_reach; b6=$(hops -6 $V6)
ok 'the guard ends' timeout 20 tail --pid="$pid" -s .02 -f /dev/null
no 'the guard has restored it' ip link show br-wan
same 'IPv6 as it was' "$b6" "$(hops -6 $V6)"; same 'IPv4 has what it can' "$left4" "$(hops -4 $V4)"
same 'nothing is left to do' '' "$(vnm -q net-list --name 2>&1)"
in_reach

### A default route that a router announces, which the kernel joins to a static one only once it has been moved.
ip -6 route del default dev uplink0
gw=$(outside ip -o route get $UPLINK | sed -n 's/.* dev \([^ ]*\).*/\1/p')
ip netns exec internet dnsmasq --no-daemon --conf-file=/dev/null --port=0 --enable-ra --ra-param="$gw",4,600 --interface="$gw" \
	--dhcp-range=::,constructor:"$gw",ra-only --dhcp-leasefile=/dev/null --user=root >"$T/router" 2>&1 & router=$!
i=0; until ip -6 route show default proto ra | grep -q expires || [ $i -ge 150 ]; do i=$((i + 1)); sleep 0.1; done
kill $router; wait $router 2>/dev/null
has 'a router is known' 'via fe80:.* dev uplink0 proto ra .*expires' "$(ip -6 route show default)"
ip -6 route append default via 2001:db8:1::1 dev way1 proto static metric 1024
ra() { ip -6 route show default | grep -E 'fe80:' | sed -E 's/expires [0-9]+sec/expires/; s/hoplimit [0-9]+ //'; }
before=$(ra)
ok 'start' vnm -q net-start wan
has 'the router by the bridge' 'via fe80:.* dev br-wan' "$(ip -6 route show default)"
has 'the other way' 'via 2001:db8:1::1 dev way1' "$(ip -6 route show default)"
ip addr del 2001:db8:1::2/64 dev way1
ok 'destroy' vnm -q net-destroy wan
has 'the other way stays' 'via 2001:db8:1::1 dev way1' "$(ip -6 route show default)"
ip -6 route del default via 2001:db8:1::1 dev way1
same 'the router by the device, and it ends as before' "$before" "$(ra)"
finish
