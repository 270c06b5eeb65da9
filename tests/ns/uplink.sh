#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The host's own device is enslaved to a bridge, which takes over its addresses, and restored: nothing is lost in between, and nobody
# is locked out. (Naive commands take the addresses off first, and wait 30 seconds for the spanning tree.)
. "$srcdir/tests/lib/ns.sh"
. "$srcdir/tests/lib/kill.sh"

# More than the usual: labels, several tables, metrics, protocols, a static neighbour, a lifetime, both families.
ip addr add 203.0.113.3/24 dev uplink0 label uplink0:1
ip addr add 192.0.2.77/32 dev uplink0 valid_lft 4000 preferred_lft 3000
ip addr add 2001:db8:113::3/64 dev uplink0 nodad
ip route add 198.18.0.0/15 via 203.0.113.1 metric 700 proto static table 77
ip route add 192.0.2.0/28 dev uplink0 scope link src 203.0.113.3
ip route add 100.64.0.0/10 nexthop via 203.0.113.1 weight 1 nexthop via 203.0.113.9 weight 3
ip -6 route add 2001:db8:77::/48 via 2001:db8:113::1 metric 33 mtu 1400 table 78
ip neigh add 203.0.113.200 lladdr 02:00:00:00:00:c8 dev uplink0 nud permanent
ip link set uplink0 mtu 1450
echo 2 >/proc/sys/net/ipv4/conf/uplink0/rp_filter
far=$(outside ip -o route get $UPLINK | sed -n 's/.* dev \([^ ]*\).*/\1/p')

# holds DEV: what it holds, in the kernel's order, without what the kernel makes of it by itself or counts
holds() {
	ip -o addr show dev "$1" | sed -E "s/^[0-9]+: $1 +//; s/ nodad//; s/ secondary//; s/$1/DEV/g; s/[0-9]+sec/SEC/g" | grep -v fe80
	for family in -4 -6; do
		ip $family route show table all | grep -E "dev $1( |\$)" | grep -Ev 'multicast|anycast|fe80|^(local|broadcast)' |
			sed "s/ $1/ DEV/g; s/ linkdown//"
	done
	ip neigh show dev "$1" nud permanent
}
other=$(ip route | grep -v uplink0)
before=$(holds uplink0) mac=$(cat /sys/class/net/uplink0/address)
# free: no trace of the network; the device is as it was
free() {
	[ "$(holds uplink0)" = "$before" ] && [ ! -e /sys/class/net/br-wan ] && [ ! -e /sys/class/net/uplink0/master ] &&
		[ -z "$(vnm -q net-list --name)" ] && [ ! -e "$VNETMGR_ROOT/run/vnetmgr/wan.guard" ]
}
# taken: the bridge has what it held
taken() {
	[ "$(holds br-wan)" = "$before" ] && [ -z "$(ip -o -4 addr show dev uplink0)" ] &&
		[ "$(cat /sys/class/net/br-wan/address)" = "$mac" ]
}
sed 's/ens33/uplink0/; s/br-lan/br-wan/; s/<name>lan/<name>wan/' "$srcdir/networks/examples/uplink.xml" >"$T/wan.xml"
ok 'defined' vnm -q net-define "$T/wan.xml"
has 'spanning tree off' "<bridge name='br-wan' stp='off' delay='0'/>" "$(vnm net-dumpxml wan)"
same 'no MAC address of its own' '' "$(vnm net-dumpxml wan | grep '<mac')"

### Nothing is lost: both directions, both families, a packet every millisecond.
# streams COMMAND...: run it while four streams of pings run; how many of each are missing, in $lost
streams() {
	outside ping -n -q -i 0.001 -c 1500 $UPLINK >"$T/in4" & in4=$!
	outside ping -n -q -i 0.001 -c 1500 $UPLINK6 >"$T/in6" & in6=$!
	ping -n -q -i 0.001 -c 1500 198.51.100.10 >"$T/out4" & out4=$!
	: >"$T/out6"	# not what the one before has left
	ping -n -i 0.001 -c 1500 2001:db8:51::10 >"$T/out6" & out6=$!
	until grep -q 'icmp_seq=50 ' "$T/out6"; do sleep .02; done
	ok "$label" vnm -q "$@"
	no "$label: while packets flow" grep -q 'packets transmitted' "$T/out6"
	wait $in4 $in6 $out4 $out6
	lost=
	for stream in in4 in6 out4 out6; do
		lost="$lost $(($(sed -n 's/^\([0-9]*\) packets transmitted, \([0-9]*\) received.*/\1 - \2/p' "$T/$stream")))"
	done
	echo "$label:$lost lost"
}
# counted WHAT BACK COMMAND...: fewer than three of each stream may be missing. On a busy machine some are, whatever is done:
# then it is reversed, and measured again.
counted() {
	label=$1 back=$2; shift 2
	for try in 1 2 3 4; do
		streams "$@"
		case " $lost " in *' '[3-9]' '* | *' '[0-9][0-9]*) ;; *) break ;; esac
		[ "$try" = 4 ] || ok "$label: back" vnm -q "$back" wan
	done
	for n in $lost; do ok "$label: lost$lost of 1500" [ "$n" -lt 3 ]; done
}
# A connection that is open all the time.
mkfifo "$T/say"; outside nc -l -p 2222 >"$T/heard" & server=$!
await_port 2222 outside
nc -N 203.0.113.1 2222 <"$T/say" & client=$!
exec 9>"$T/say"; echo before >&9
counted 'start' net-destroy net-start wan
has 'net-info: the device' '^Device: +uplink0$' "$(vnm net-info wan)"
ok 'the bridge has all, in the same order' taken; taken || diff -U 0 -L device -L bridge /dev/fd/3 /dev/fd/4 3<<A 4<<B >&2
$before
A
$(holds br-wan)
B
same 'other routes untouched' "$other" "$(ip route | grep -v br-wan)"
same 'settings' 2 "$(cat /proc/sys/net/ipv4/conf/br-wan/rp_filter)"
same 'MTU' 1450 "$(cat /sys/class/net/br-wan/mtu)"
same 'no forward delay' 0 "$(cat /sys/class/net/br-wan/bridge/forward_delay)"
echo between >&9
same 'active' wan "$(vnm -q net-list --name)"
same 'complete' 'Network wan is complete' "$(vnm net-repair wan | head -1)"

### Guests are on the host's LAN.
ip netns add box
ok 'a guest' vnm -q net-attach wan --netns box --ip 203.0.113.50/24
ok 'reaches the gateway' reaches box 203.0.113.1
ok 'reaches the host' reaches box $UPLINK
ok 'is reached from the LAN' outside ping -n -c 1 -W 2 203.0.113.50
ok 'and the outside, by the gateway of the host' reaches box "$SERVER"
has 'which is in its journal' 'default via 203.0.113.1 dev eth0' "$(ip -n box route)"
ip -n box route del default
has 'a lost one: net-doctor' 'ip -n box route add default via 203.0.113.1 dev eth0|net-repair wan' "$(vnm net-doctor wan box 2>&1)"
ok 'net-repair' vnm -q net-repair wan
ok 'has it again' reaches box "$SERVER"
vnm -q net-detach wan box
ok 'both families' vnm net-attach wan --netns box --ip 203.0.113.50/24 --ip 2001:db8:113::50/64
same 'nothing is amiss' '' "$(grep '^hint' "$T/out")"
has 'IPv6' 'default via 2001:db8:113::1 dev eth0' "$(ip -6 -n box route)"
vnm -q net-detach wan box
ok 'without' vnm net-attach wan --netns box --ip 203.0.113.50/24 --no-default-route
same 'as it is said' '' "$(ip -n box route show default; grep '^hint' "$T/out")"
vnm -q net-detach wan box
ok 'in the subnet of the host, whose length need not be said' vnm net-attach wan --netns box --ip 203.0.113.50 --ip 2001:db8:113::50
has 'it is there' '^Device .* 203.0.113.50/24 2001:db8:113::50/64$' "$(cat "$T/out")"
same 'nothing is amiss, either' '' "$(grep '^hint' "$T/out")"
ok 'reaches the outside' reaches box "$SERVER"
no_because 'who has it' "^error: address 203.0.113.50 is taken already on network 'wan': '.*' \\(box\\) has it; choose another$" \
	vnm net-attach wan --netns new --create --ip 203.0.113.50/24
vnm -q net-detach wan box
no_because 'elsewhere it must be said' "^error: nothing says how large the subnet of 10.9.9.9 is on network 'wan', .* --ip 10.9.9.9/24$" \
	vnm net-attach wan --netns box --ip 10.9.9.9
ok 'in a subnet of its own' vnm net-attach wan --netns box --ip 10.9.9.9/24
has 'no gateway is there, and that is told' "^hint: 'box' has no default route, since the host has none on 'br-wan' .*; ip -n box route add default via GATEWAY, or --no-default-route" "$(cat "$T/out")"
has 'net-doctor' 'guest-route|has no default route' "$(vnm net-doctor wan box 2>&1)"
vnm -q net-detach wan box
ip -n box link add other type bridge; ip -n box link set other up; ip -n box route add default dev other
ok 'a namespace with another way out' vnm net-attach wan --netns box --ip 203.0.113.50/24
same 'keeps that' 'default dev other' "$(ip -n box route show default | sed 's/ scope.*//')"
vnm -q net-detach wan box; ip -n box link del other

### The LAN's DHCP serves them.
ok 'without an address' vnm net-attach wan --netns box
has 'only what the network accepts is advised' "^hint: eth0 in 'box' has no address; --ip ADDRESS/PREFIX gives it that one, --ip dhcp runs a DHCP client, --ip none" "$(cat "$T/out")"
vnm -q net-detach wan box
inns internet dnsmasq -k --conf-file=/dev/null --port=0 --interface=gw0 --bind-dynamic --no-ping --pid-file= --dhcp-range=203.0.113.60,203.0.113.61,1h \
	--dhcp-leasefile="$T/lan.leases" >"$T/lan.log" 2>&1 & server=$!
await sh -c "ip netns exec internet ss -Hlun 'sport = :67' | grep -q ."
ok 'DHCP' vnm -q net-attach wan --netns box --ip dhcp
has 'an address of the LAN' ' 203\.0\.113\.6[01]/24' "$(ip -n box addr show dev eth0)"
ok 'it is reached from the LAN' outside ping -n -c 1 -W 2 "$(ip -n box -o -4 addr show dev eth0 | sed 's/.*inet \([^/]*\).*/\1/')"
ok 'detached' vnm -q net-detach wan box
kill $server; wait $server 2>/dev/null

### It can be changed, and mended, without losing what the device had.
ok 'a live change' vnm -q net-update wan add portgroup "<portgroup name='p'/>" --live
ok 'nothing moved' taken
ip link set uplink0 nomaster
has 'seen' 'degraded|uplink' "$(vnm net-list 2>&1)"
ok 'repaired' vnm -q net-repair wan
ok 'in place again' taken
ip -4 addr flush dev br-wan; ip -6 addr flush dev br-wan scope global
ok 'emptied, repaired' vnm -q net-repair wan
same 'addresses are back' "$(printf '%s\n' "$before" | grep inet)" "$(holds br-wan | grep inet)"
ok 'routes are back' taken
# What is added meanwhile is the host's, and goes along.
ip addr add 203.0.113.4/24 dev br-wan
counted 'destroy' net-start net-destroy wan
has 'added meanwhile: kept' '203\.0\.113\.4/24' "$(holds uplink0)"
ip addr del 203.0.113.4/24 dev uplink0
ok 'all is back' free; free || diff -U 0 /dev/fd/3 /dev/fd/4 3<<A 4<<B >&2
$before
A
$(holds uplink0)
B
echo after >&9; exec 9>&-
wait $client $server
same 'the open connection lost nothing' 'before between after' "$(tr '\n' ' ' <"$T/heard" | sed 's/ $//')"

### The bridge deleted by hand takes the addresses with it: the record gives them back.
vnm -q net-start wan; ip link del br-wan
ok 'destroyed without its bridge' vnm -q net-destroy wan
ok 'all is back from the record' free

### Refused, and nothing changed.
world() { snapshot 's/[0-9]*sec/SEC/g; s/NO-CARRIER,//'; holds uplink0; }
state=$(world)
# refused WHAT PATTERN XML: neither started nor anything changed
refused() {
	printf '<network xmlns:vnm="urn:vnetmgr:network:1"><name>bad</name>%s</network>' "$3" >"$T/bad.xml"
	no "$1" vnm net-create "$T/bad.xml"
	has "$1: why" "$2" "$(cat "$T/out")"
	same "$1: nothing changed" "$state" "$(world)"
}
B="<forward mode='bridge'/><bridge name='br-bad'/>"
ip link add bond0x type veth peer name bond1x; ip link set bond0x up; ip link set bond1x up
ip link add brx type bridge; ip link add brv type veth peer name brw; ip link set brv master brx
ip link set brv up; ip link set brw up
state=$(world)
refused 'no such device' "uplink 'eth9' of network 'bad' does not exist" "$B<vnm:uplink dev='eth9'/>"
refused 'a bridge' "uplink 'brx' of network 'bad' is a bridge itself" "$B<vnm:uplink dev='brx'/>"
refused 'enslaved' "uplink 'brv' of network 'bad' belongs to 'brx' already" "$B<vnm:uplink dev='brv'/>"
refused 'loopback' "bad.xml:1: .*invalid device name 'lo' in <vnm:uplink>" "$B<vnm:uplink dev='lo'/>"
ip link set bond1x down; state=$(world)
refused 'no carrier' "uplink 'bond0x' of network 'bad' has no carrier" "$B<vnm:uplink dev='bond0x'/>"
ip link set bond0x down; state=$(world)
refused 'down' "uplink 'bond0x' of network 'bad' is down" "$B<vnm:uplink dev='bond0x'/>"
refused 'another mode' 'bad.xml:1: .*<vnm:uplink> of network .bad. needs <forward mode=.bridge.' \
	"<forward mode='nat'/><bridge name='br-bad'/><vnm:uplink dev='uplink0'/><ip address='10.9.9.1' prefix='24'/>"
refused 'a pool too' 'bad.xml:1: .*an uplink for its bridge or a pool' \
	"<forward mode='bridge'><interface dev='bond0x'/></forward><vnm:uplink dev='uplink0'/>"
refused 'its own name' "bad.xml:1: .*needs another name" \
	"<forward mode='bridge'/><bridge name='uplink0'/><vnm:uplink dev='uplink0'/>"
refused 'a MAC address' 'bad.xml:1: .*Unsupported <mac> element' "$B<mac address='52:54:00:00:00:01'/><vnm:uplink dev='uplink0'/>"
refused 'addresses of its own' 'bad.xml:1: .*Unsupported <ip> element' "$B<ip address='10.9.9.1' prefix='24'/><vnm:uplink dev='uplink0'/>"
refused 'name too long' 'bad.xml:1:' "$B<vnm:uplink dev='sixteen-letters-'/>"
refused 'the bridge exists' "device 'brx' already exists and does not belong" \
	"<forward mode='bridge'/><bridge name='brx'/><vnm:uplink dev='uplink0'/>"
ip nexthop add id 7 via 203.0.113.1 dev uplink0 && ip route add 10.77.0.0/16 nhid 7
state=$(world)
refused 'shared next hops' "has routes with shared next hops" "$B<vnm:uplink dev='uplink0'/>"
ip nexthop del id 7
cat >"$T/nat.xml" <<'X'
<network><name>behind</name><forward mode='nat' dev='uplink0'/><bridge name='br-behind'/><ip address='10.66.0.1' prefix='24'/></network>
X
vnm -q net-create "$T/nat.xml"; state=$(world)
refused 'a network sends by it' "uplink 'uplink0' of network 'bad' is already in use by active network 'behind'" "$B<vnm:uplink dev='uplink0'/>"
vnm -q net-destroy behind
# Guests on the device itself: whoever comes second is refused, as long as it could be put right by a word.
pool() { echo "<forward mode='$1'><interface dev='$2'/></forward>"; }
state=$(world); refused 'guests on a port of another bridge' "device 'brv' of network 'bad' is on bridge 'brx', .* ip link set brv nomaster" "$(pool private brv)"
vnm -q net-start wan; state=$(world)
for mode in bridge private vepa passthrough; do
	refused "guests on the uplink, $mode" "device 'uplink0' of network 'bad' is the uplink of bridge 'br-wan' of active network 'wan', .* destroy 'wan' first" "$(pool $mode uplink0)"
done
vnm -q net-destroy wan
printf '<network><name>behind</name>%s</network>' "$(pool bridge uplink0)" >"$T/nat.xml"
vnm -q net-create "$T/nat.xml"; state=$(world)
refused 'a network has its guests on it' "uplink 'uplink0' of network 'bad' is already in use by active network 'behind'" "$B<vnm:uplink dev='uplink0'/>"
vnm -q net-destroy behind; state=$(world)
no 'a guard that is no number' vnm net-start wan --guard soon
no 'auto without time' vnm net-start wan --guard 0 --auto
no 'nobody waits' vnm net-confirm wan
same 'nothing changed' "$state" "$(world)"
ip link del bond0x; ip link del brv; ip link del brx

### Other owners of the addresses are named.
mkdir -p /run/systemd/netif/links /run/NetworkManager/devices
index=$(cat /sys/class/net/uplink0/ifindex)
echo 'ADMIN_STATE=configured' >"/run/systemd/netif/links/$index"
printf '[device]\nmanaged=true\n' >"/run/NetworkManager/devices/$index"
echo $$ >/run/dhclient.uplink0.pid
output=$(vnm net-start wan 2>&1)
has 'networkd' "managed by systemd-networkd.*Unmanaged=yes" "$output"
has 'NetworkManager' "managed by NetworkManager.*nmcli device set DEVICE managed no" "$output"
has 'dhclient' "managed by dhclient" "$output"
vnm -q net-destroy wan
rm -r /run/systemd/netif /run/NetworkManager /run/dhclient.uplink0.pid

### The guard.
record=$VNETMGR_ROOT/run/vnetmgr/wan.guard
guard() { sed 's/ .*//' "$record" 2>/dev/null; }		# nothing when there is none (any more)
gone() { [ -z "$1" ] || timeout 20 tail --pid="$1" -s .02 -f /dev/null; }	# gone PID: it has ended by itself
now() { date +%s%N; }
ok 'with a guard' vnm -q net-start wan --guard 300
pid=$(guard)
same 'of its own session' "$pid" "$(ps -o sid= -p "$pid" | tr -d ' ')"
same 'nothing of ours open' '' "$(ls -l /proc/$pid/fd | grep -E 'lock|pipe|tty|pts')"
has 'net-info reports it' '^Guard: +waits for net-confirm, [1-9][0-9]* seconds? left$' "$(vnm net-info wan)"
same 'completed' 'words
wan	active' "$(vnm __complete -- vnetmgr net-confirm '')"
same 'confirmed' 'Network wan confirmed' "$(vnm net-confirm --all)"
same 'nobody waits any more' 'Nothing to do' "$(vnm net-confirm --all)"
ok 'the guard ends' gone "$pid"
no 'net-info has nothing to report' eval 'vnm net-info wan | grep -q Guard'
ok 'it stays' taken
vnm -q net-destroy wan
# Nobody confirms.
start=$(now)
ok 'a second' vnm -q net-start wan --guard 1
ok 'the guard ends' gone "$(guard)"
took=$((($(now) - start) / 1000000))
ok "restored in time ($took ms)" [ "$took" -lt 2500 ]
ok 'all is back' free
no_because 'too late to confirm' "network 'wan' is not active: a start that is not confirmed in time is undone, and 'uplink0' is restored" vnm net-confirm wan
has 'no terminal, no guard' "^hint: no guard restores 'uplink0' if this host is out of reach now: --guard 60 starts one" "$(vnm net-start wan </dev/null 2>&1)"
vnm -q net-destroy wan
same 'nobody wants one' 0 "$(vnm net-start wan --guard 0 </dev/null 2>&1 | grep -c '^hint')"
vnm -q net-destroy wan
# The gateway answers: by ARP and neighbour discovery.
vnm -q net-start wan --guard 60 --auto
ok 'the guard is satisfied' gone "$(guard)"
ok 'confirmed by the gateway' taken
no 'nothing left to confirm' vnm -q net-confirm wan
vnm -q net-destroy wan
# It does not: a dead gateway with a live cable. Its echo would be no proof, since ARP says nothing.
outside sh -c "echo 8 >/proc/sys/net/ipv4/conf/$far/arp_ignore"
start=$(now)
vnm -q net-start wan --guard 2 --auto
ok 'the guard ends' gone "$(guard)"
took=$((($(now) - start) / 1000000))
ok "restored in time ($took ms)" [ "$took" -lt 3500 ]
ok 'all is back' free
outside sh -c "echo 0 >/proc/sys/net/ipv4/conf/$far/arp_ignore"
no 'no gateway to ask' sh -c "ip link add q0 type veth peer name q1; ip link set q0 up; ip link set q1 up
	sed 's/uplink0/q0/; s/wan/quiet/g' $T/wan.xml >$T/q.xml; $VNETMGR net-create $T/q.xml --auto"
has 'reports it' "no default route leaves by 'q0'" "$(cat "$T/out")"
ip link del q0
# Killed: the next command does its work.
vnm -q net-start wan --guard 300
kill -9 "$(guard)"; gone "$(guard)"
has 'the next command restores it' "its guard was ended before it was confirmed" "$(vnm net-list 2>&1)"
ok 'all is back' free
# From a terminal there is one without being asked for.
if command -v script >/dev/null; then
	script -qec "$VNETMGR net-start wan" /dev/null >"$T/tty" </dev/null
	has 'a minute' "'uplink0' is restored in 60 seconds unless you confirm network 'wan': vnetmgr net-confirm wan" "$(cat "$T/tty")"
	vnm -q net-confirm wan
	vnm -q net-destroy wan
fi
# destroyed while it waits
vnm -q net-start wan --guard 300; pid=$(guard)
vnm -q net-destroy wan
ok 'nothing left to guard' gone "$pid"
ok 'all is back' free

### kill -9 at every system call that changes something, in start and destroy, and in the guard at its work.
CALLS=openat,write,rename,renameat,renameat2,unlinkat,mkdirat,sendmsg,sendto,setsockopt,clone,clone3,fork,vfork,flock,fchmod,pidfd_open,poll,setsid
step=${VNM_KILL_STEP:-5} n=0
points $CALLS net-start wan --guard 300 >"$T/start"
points $CALLS net-destroy wan >"$T/stop"
ok 'undisturbed' free
while read -r count call; do
	k=1
	while [ "$k" -le "$count" ]; do
		killed "$call" "$k" net-start wan --guard 300
		vnm -q net-list >/dev/null 2>&1
		if [ -n "$(vnm -q net-list --name)" ]; then
			ok "start killed in $call $k: whole" taken
			ok "start killed in $call $k: guarded" [ -e "$record" ]
			vnm -q net-destroy wan
		fi
		ok "start killed in $call $k: rolled back" free
		n=$((n + 1)) k=$((k == count ? count + 1 : k + step > count ? count : k + step))
	done
done <"$T/start"
while read -r count call; do
	k=1
	while [ "$k" -le "$count" ]; do
		vnm -q net-start wan
		killed "$call" "$k" net-destroy wan
		vnm -q net-list >/dev/null 2>&1
		if [ -n "$(vnm -q net-list --name)" ]; then
			ok "destroy killed in $call $k: untouched" taken
			vnm -q net-destroy wan
		fi
		ok "destroy killed in $call $k: completed" free
		n=$((n + 1)) k=$((k == count ? count + 1 : k + step > count ? count : k + step))
	done
done <"$T/stop"
# The guard begins its work a second after the start; strace is with it by then.
watched() { strace -qq -o "$T/trace" -p "$(guard)" "$@" 2>/dev/null & tracer=$!; gone "$pid"; wait $tracer 2>/dev/null; }
vnm -q net-start wan --guard 1; pid=$(guard)
watched -e trace="$CALLS"
sed -n 's/^\([a-z0-9_]*\)(.*/\1/p' "$T/trace" | sort | uniq -c >"$T/guarding"
ok 'the guard undisturbed' free
while read -r count call; do
	k=1
	while [ "$k" -le "$count" ]; do
		vnm -q net-start wan --guard 1; pid=$(guard)
		watched -e trace="$call" -e inject="$call:signal=KILL:when=$k"
		vnm -q net-list >/dev/null 2>&1
		ok "guard killed in $call $k: restored" free
		n=$((n + 1)) k=$((k == count ? count + 1 : k + step * 2 > count ? count : k + step * 2))
	done
done <"$T/guarding"
echo "$n points"
ok 'it starts after all that' vnm -q net-start wan
ok 'whole' taken
ok 'and stops' vnm -q net-destroy wan
ok 'all is back' free
finish
