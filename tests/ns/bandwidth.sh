#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# <bandwidth> of a network: real traffic at the rate that was asked for, in both directions; noticed when it is
# gone, repaired, changed while it runs, reverted without a trace; never over somebody else's queues. And that of a
# portgroup, for one guest, and what a port is sure of.
. "$srcdir/tests/lib/ns.sh"
for tool in tc strace; do
	command -v $tool >/dev/null || skip "$tool is not installed"
done

# What is measured here is the ifb, where there is no police; for bridge-nf-call-iptables see bandwidth-nat.sh.
sysctl -qw net.bridge.bridge-nf-call-iptables=0 net.bridge.bridge-nf-call-ip6tables=0 2>/dev/null
LIMIT="<bandwidth><inbound average='2000'/><outbound average='2000'/></bandwidth>"
own() { echo "<network><name>n</name><bridge name='br-n' stp='off'/>$1<ip address='192.168.200.1' prefix='24'/></network>" >"$T/n.xml"; }
foreign() { echo "<network><name>f</name><forward mode='bridge'/><bridge name='br-f'/>$1</network>" >"$T/f.xml"; }
# The kernel picks the handle of a leaf.
world() { snapshot "$CARRIER"; tc qdisc show | sed 's/fifo [0-9a-f]*:/fifo/; s/ direct_packets_stat [0-9]*//'; for dev in $(ls /sys/class/net); do tc class show dev "$dev"; tc filter show dev "$dev" ingress; done; }

# speed FROM TO ADDRESS BYTES: how fast TCP is from one namespace ("." is the host) to ADDRESS in another one; kB/s
at() { [ "$1" = . ] && shift || set -- ip netns exec "$@"; "$@"; }
speed() {
	at "$2" nc -l -p 5001 >"$T/received" </dev/null &
	receiver=$!
	await_port 5001 at "$2"
	begin=$(date +%s%N)
	head -c "$4" /dev/zero | at "$1" timeout 20 nc -N "$3" 5001 >/dev/null
	wait "$receiver"
	end=$(date +%s%N)
	[ "$(wc -c <"$T/received")" -eq "$4" ] || { echo 0; return; }
	echo $(($4 * 1000000 / (end - begin)))
}
# about WHAT KB FROM TO ADDRESS: about 1.2 s of traffic, at most 15 % beside the rate. Too slow may be the machine, so
# that is looked at again; too fast never is.
about() {
	for try in 1 2 3; do
		is=$(speed "$3" "$4" "$5" $(($2 * 1200)))
		[ $((is * 100)) -lt $(($2 * 85)) ] || break
	done
	ok "$1: $is kB/s, $2 were asked for" test $((is * 100)) -ge $(($2 * 85)) -a $((is * 100)) -le $(($2 * 115))
}
# fast WHAT FROM TO ADDRESS: ten times as fast as the limit
fast() { is=$(speed "$2" "$3" "$4" 20000000); ok "$1: $is kB/s without a limit" test "$is" -ge 20000; }
state() { vnm net-list --all | awk -v n="$1" '$1 == n { print $2 }'; }

# A network of ours
before=$(world)
own ''; vnm -q net-define "$T/n.xml"; ok 'start without a limit' vnm net-start n
guest g br-n; static g 192.168.200.9/24
fast 'in, before' . g 192.168.200.9
fast 'out, before' g . 192.168.200.1
vnm -q net-destroy n; own "$LIMIT"; vnm -q net-define "$T/n.xml"
leave g
has 'the plan names both' 'tc qdisc add dev br-n root handle [0-9a-f]+: htb default 2' "$(vnm net-start --dry-run n)"
same 'a look leaves nothing' "$before" "$(world)"
ok start vnm net-start n
guest g br-n; static g 192.168.200.9/24
about in 2000 . g 192.168.200.9
about out 2000 g . 192.168.200.1
same 'all is there' active "$(state n)"

# sabotage WHAT PATTERN COMMAND...
sabotage() {
	what=$1 pattern=$2; shift 2
	ok "$what" "$@"
	same "$what: net-list reports it" degraded "$(state n)"
	has "$what: net-info names what is missing" "^Degraded: .*$pattern" "$(vnm net-info n)"
	ok "$what: repair" vnm net-repair n
	same "$what: healthy again" active "$(state n)"
}
sabotage 'root queue deleted' 'inbound bandwidth of 2000 kilobytes a second on br-n' tc qdisc del dev br-n root
sabotage 'ingress queue deleted' 'outbound bandwidth of 2000 kilobytes a second on br-n' tc qdisc del dev br-n ingress
sabotage 'filter deleted' 'outbound bandwidth' tc filter del dev br-n ingress
mark=$(tc qdisc show dev br-n root | sed 's/^qdisc htb \([0-9a-f]*\): .*/\1/')
sabotage 'a rate changed' 'inbound bandwidth' tc class change dev br-n parent "$mark:1" classid "$mark:2" htb rate 9mbit
sabotage 'a class deleted' 'inbound bandwidth' tc class del dev br-n classid "$mark:2"
if ip link show dev ifb-br-n >/dev/null 2>&1; then	# a kernel without police
	sabotage 'ifb deleted' 'outbound bandwidth' ip link del ifb-br-n
	sabotage 'ifb down' 'outbound bandwidth' ip link set ifb-br-n down
	sabotage 'its queue deleted' 'outbound bandwidth' tc qdisc del dev ifb-br-n root
fi
about 'in, repaired' 2000 . g 192.168.200.9
about 'out, repaired' 2000 g . 192.168.200.1

# Other rates while it runs
echo "<bandwidth><inbound average='4000'/><outbound average='1000'/></bandwidth>" >"$T/new.xml"
ok 'other rates' vnm net-update n modify bandwidth "$T/new.xml" --live
about 'in, changed' 4000 . g 192.168.200.9
about 'out, changed' 1000 g . 192.168.200.1
same 'nothing is missing' active "$(state n)"
echo "<bandwidth><inbound average='3000'/></bandwidth>" >"$T/new.xml"
ok 'one direction only' vnm net-update n modify bandwidth "$T/new.xml" --live
fast 'out, freed' g . 192.168.200.1
about 'in, changed again' 3000 . g 192.168.200.9
leave g
ok destroy vnm net-destroy n
same 'no trace' "$before" "$(world)"

# The host's own bridge
ip link add br-f type bridge && ip link set br-f up && ip addr add 192.168.201.1/24 dev br-f
guest h br-f; static h 192.168.201.9/24
before=$(world)
foreign "$LIMIT"; vnm -q net-define "$T/f.xml"
ok 'start on a bridge of the host' vnm net-start f
about 'in, on a bridge of the host' 2000 . h 192.168.201.9
about 'out, on a bridge of the host' 2000 h . 192.168.201.1
sed 's/<name>f</<name>f2</' "$T/f.xml" >"$T/f2.xml"; vnm -q net-define "$T/f2.xml"
limited=$(world)
no 'a second network cannot limit it as well' vnm net-start f2
has 'and gives the reason' "device 'br-f' already has an egress queue that is not ours" "$(cat "$T/out")"
same 'and changes nothing' "$limited" "$(world)"
vnm -q net-undefine f2
tc filter add dev br-f ingress protocol ip prio 7 u32 match u32 0 0 action mirred egress mirror dev lo
ok 'destroy with a filter of somebody at our queue' vnm net-destroy f
has 'the filter stays' 'pref 7 u32' "$(tc filter show dev br-f ingress)"
no 'start beside it' vnm net-start f
has 'gives the reason' 'already has an ingress queue that is not ours' "$(cat "$T/out")"
tc qdisc del dev br-f ingress
same 'reverted exactly' "$before" "$(world)"
fast 'in, after' . h 192.168.201.9
fast 'out, after' h . 192.168.201.1

# refused WHAT PATTERN: somebody's own is not touched
refused() {
	now=$(world)
	no "$1: refused" vnm net-start f
	has "$1: gives the reason" "$2" "$(cat "$T/out")"
	same "$1: nothing changed" "$now" "$(world)"
}
tc qdisc add dev br-f root handle 1: htb default 2
refused 'a root queue' "device 'br-f' already has an egress queue that is not ours \(htb 1:\).*tc qdisc del dev br-f root"
tc qdisc del dev br-f root
tc qdisc add dev br-f clsact
refused 'programs at its ends' "already has an ingress queue that is not ours \(clsact ffff:\)"
tc qdisc del dev br-f clsact
if ! vnm net-start --dry-run f | grep -q police; then
	ip link add ifb-br-f type bridge
	refused 'a device of the name' "device 'ifb-br-f' already exists and is not ours"
	ip link del ifb-br-f
fi
same 'as it was' "$before" "$(world)"

# One guest: the rates of its portgroup, on its own device; the others' are the network's.
guests() { echo "<network><name>g</name><bridge name='br-g' stp='off'/><ip address='192.168.202.1' prefix='24'/><portgroup name='slow' default='yes'>$1</portgroup><portgroup name='free'/></network>" >"$T/g.xml"; }
port_state() { vnm net-port-list g | awk -v d="$1" '$1 == d { for (i = 3; i <= NF; i++) if ($i ~ /^(attached|degraded|unplugged)$/) print $i }'; }
for ns in s u; do ip netns add $ns; done
ip link add dev0 type veth peer name dev1; ip link set dev1 netns u; ip link set dev0 up; inns u ip link set dev1 up
sysctl -qw net.ipv4.ip_forward=1	# which the tun wants
before=$(world)
guests "$LIMIT"; vnm -q net-define "$T/g.xml"; vnm -q net-start g
plain=$(world)
has 'a plan names both' 'tc qdisc add dev tap0 root handle [0-9a-f]+: htb default 2.*tc qdisc add dev tap0 ingress' "$(vnm net-attach g --tap tap0 --dry-run | tr '\n' ' ')"
same 'and does nothing' "$plain" "$(world)"
ok 'a guest of the default portgroup' vnm net-attach g --netns s --ip auto
about 'one guest, in' 2000 . s 192.168.202.2
about 'one guest, out' 2000 s . 192.168.202.1
ok 'a device that is there' vnm net-attach g --dev dev0
inns u ip addr add 192.168.202.9/24 dev dev1
about 'between guests, too' 2000 u s 192.168.202.2
ok 'a tap' vnm net-attach g --tap tap0
ok 'a tun' vnm net-attach g --tun tun0 --ip 192.168.202.1 --peer 192.168.202.50
for dev in dev0 tap0 tun0; do
	has "$dev: its queues" 'htb [0-9a-f]+: root .*ingress' "$(tc qdisc show dev $dev | tr '\n' ' ')"
done
ok 'a guest of another portgroup' vnm net-attach g --tap tap1 --portgroup free
same 'it has none' '' "$(tc qdisc show dev tap1 | grep -E 'htb|ingress')"
all=$(world)
for dev in vnet0 dev0 tap0 tun0; do
	tc qdisc del dev $dev root
	same "$dev: its queue deleted" degraded "$(port_state $dev)"
	ok "$dev: repair" vnm net-repair g
	tc qdisc del dev $dev ingress
	same "$dev: its ingress deleted" degraded "$(port_state $dev)"
	ok "$dev: repair, too" vnm net-repair g
	same "$dev: healthy" attached "$(port_state $dev)"
done
about 'repaired, in' 2000 . s 192.168.202.2
about 'repaired, out' 2000 s . 192.168.202.1
ok stop vnm net-destroy g
same 'without the network no limits' '' "$(tc qdisc show | grep -E 'htb|ingress|ifb')"
ok 'another name' vnm net-rename g g2
ok 'and back' vnm net-rename g2 g
ok 'start again' vnm net-start g
for dev in vnet0 dev0 tap0 tun0; do same "$dev: back" attached "$(port_state $dev)"; done
about 'started again, in' 2000 . s 192.168.202.2
about 'started again, out' 2000 s . 192.168.202.1
# Other rates, none, and the end of it.
ok 'other rates' vnm net-update g modify portgroup "<portgroup name='slow' default='yes'><bandwidth><inbound average='4000'/></bandwidth></portgroup>" --live
ok 'are taken up by a repair' vnm net-repair g
about 'other rates, in' 4000 . s 192.168.202.2
fast 'no limit out' s . 192.168.202.1
same 'nothing is left of it' '' "$(tc qdisc show | grep -E 'ingress|ifb')"
same 'healthy' attached "$(port_state vnet0)"
ok 'no rates' vnm net-update g modify portgroup "<portgroup name='slow' default='yes'/>" --live
ok 'repair once more' vnm net-repair g
same 'nothing is left at all' '' "$(tc qdisc show | grep -E 'htb|ingress|ifb')"
fast 'free, in' . s 192.168.202.2
# Somebody's own queue on a device that was there is not touched.
vnm -q net-detach g dev0; vnm -q net-update g modify portgroup "<portgroup name='slow' default='yes'>$LIMIT</portgroup>" --live
tc qdisc add dev dev0 root handle 1: htb default 2
now=$(world)
no 'a device with a queue' vnm net-attach g --dev dev0
has 'why not' "device 'dev0' already has an egress queue that is not ours" "$(cat "$T/out")"
same 'it is as it was' "$now" "$(world)"
tc qdisc del dev dev0 root
for dev in tap0 tap1 tun0 s; do ok "detach $dev" vnm net-detach g $dev; done
ok 'attached once more' vnm net-attach g --dev dev0
ok 'and detached' vnm net-detach g dev0
vnm -q net-destroy g; vnm -q net-undefine g
same 'no trace of guests' "$before" "$(world)"
ip link del dev0

# A floor: one guest is sure of its part of what the network lets in, whatever the others ask for.
floors() { tc class show dev br-p | sed -n 's/^class htb [0-9a-f]*:\([0-9a-f]*\) .* rate \([^ ]*\) ceil \([^ ]*\) .*/\1:\2-\3/p' | sort | xargs; }
filters() { tc filter show dev br-p | grep -c flowid; }
# port N NAME FLOOR: the guest NAME has a port
port() {
	echo "<networkport><uuid>7ae53baa-51de-11ea-8e5f-00000000000$1</uuid><owner><name>$2</name><uuid>7ae53baa-51de-11ea-8e5f-0000000000ff</uuid></owner>
	<mac address='$(inns "$2" cat /sys/class/net/eth0/address)'/><bandwidth><inbound average='100' floor='$3'/></bandwidth></networkport>" >"$T/port.xml"
	vnm net-port-create p "$T/port.xml"
}
unport() { vnm net-port-delete p 7ae53baa-51de-11ea-8e5f-00000000000"$1"; }
net_p() { echo "<network><name>p</name><bridge name='br-p' stp='off'/><bandwidth><inbound average='$1'/></bandwidth><ip address='192.168.203.1' prefix='24'/></network>" >"$T/p.xml"; }
net_p 2000; vnm -q net-define "$T/p.xml"; vnm -q net-start p
guest p1 br-p; static p1 192.168.203.11/24
guest p2 br-p; static p2 192.168.203.12/24
bare=$(world | grep -v /ports)
same 'without a floor' '1:16Mbit-16Mbit 2:16Mbit-16Mbit' "$(floors)"
ok 'a floor' port 1 p1 1500
same 'it is taken from the rest' '1:16Mbit-16Mbit 2:4Mbit-16Mbit 3:12Mbit-16Mbit' "$(floors)"
same 'packets find it' 1 "$(filters)"
# p2 asks for all there is, all the time.
inns p2 nc -l -p 5002 >/dev/null </dev/null & inns p2 true
await_port 5002 inns p2
(exec nc -N 192.168.203.12 5002 </dev/zero >/dev/null) & load=$!
until inns p2 ss -Htn 'sport = :5002' | grep -q ESTAB; do sleep .02; done
about 'the one with a floor, beside it' 1500 . p1 192.168.203.11
ok 'the floor goes' unport 1
same 'all is the rest again' '1:16Mbit-16Mbit 2:16Mbit-16Mbit' "$(floors)"
is=$(speed . p1 192.168.203.11 1800000)
ok "without it: $is kB/s" test "$is" -le 1400
kill $load; wait
about 'alone it has all' 2000 . p1 192.168.203.11
same 'as it was' "$bare" "$(world | grep -v /ports)"

ok 'two floors' port 1 p1 1000
ok 'the second' port 2 p2 600
two=$(floors) made=$(world)
same 'both are there' '1:16Mbit-16Mbit 2:3200Kbit-16Mbit 3:8Mbit-16Mbit 4:4800Kbit-16Mbit' "$two"
no 'a third is too much' port 3 p2 500
same 'and changes nothing' "$made" "$(world)"
mark=$(tc qdisc show dev br-p root | sed 's/^qdisc htb \([0-9a-f]*\): .*/\1/')
# broken WHAT PATTERN COMMAND...
broken() {
	what=$1 pattern=$2; shift 2
	ok "$what" "$@"
	same "$what: net-list reports it" degraded "$(state p)"
	has "$what: net-info names what is missing" "^Degraded: .*$pattern" "$(vnm net-info p)"
	ok "$what: repair" vnm net-repair p
	same "$what: all is there" "$two 2" "$(floors) $(filters)"
	same "$what: healthy again" active "$(state p)"
}
broken 'a filter deleted' 'floor of 1000 kilobytes a second for' tc filter del dev br-p parent "$mark:" prio 3
broken 'a floor lowered' 'floor of 600 kilobytes' tc class change dev br-p parent "$mark:1" classid "$mark:4" htb rate 9kbit
broken 'the queue deleted' 'floor of 1000 kilobytes .*floor of 600' tc qdisc del dev br-p root
tc filter del dev br-p parent "$mark:" prio 3
broken 'a class deleted' 'floor of 1000' tc class del dev br-p classid "$mark:3"
# The network's own rates change while there are floors.
echo "<bandwidth><inbound average='4000'/></bandwidth>" >"$T/new.xml"
ok 'other rates of the network' vnm net-update p modify bandwidth "$T/new.xml" --live
same 'are those of its classes' '1:32Mbit-32Mbit 2:19200Kbit-32Mbit 3:8Mbit-32Mbit 4:4800Kbit-32Mbit' "$(floors)"
echo "<bandwidth><outbound average='4000'/></bandwidth>" >"$T/new.xml"
ok 'none of them' vnm net-update p modify bandwidth "$T/new.xml" --live
same 'no floors either' '' "$(floors)"
echo "<bandwidth><inbound average='1000'/></bandwidth>" >"$T/new.xml"
ok 'less than the floors' vnm net-update p modify bandwidth "$T/new.xml" --live
same 'leaves a trickle' '1:8Mbit-8Mbit 2:8Kbit-8Mbit 3:8Mbit-8Mbit 4:4800Kbit-8Mbit' "$(floors)"
same 'healthy' active "$(state p)"
ok 'stop' vnm net-destroy p
ok 'start' vnm net-start p
same 'ports are gone, and their floors' '1:16Mbit-16Mbit 2:16Mbit-16Mbit' "$(floors)"
ip link set p1 master br-p; ip link set p2 master br-p

# Killed wherever it is: the next command makes it all or nothing. A hook that refuses a port takes its floor back.
ports_and_floors() { echo "$(vnm -q net-port-list p --uuid | wc -l) $(floors) $(filters) $(ls "$VNETMGR_ROOT/run/vnetmgr/ports/p" 2>/dev/null | grep -vc 'xml$')"; }
none='0 1:16Mbit-16Mbit 2:16Mbit-16Mbit 0 0' one='1 1:16Mbit-16Mbit 2:8Mbit-16Mbit 3:8Mbit-16Mbit 1 0'
port 1 p1 1000 >/dev/null
for what in create delete; do
	cuts=0 halves=
	for call in renameat:1 renameat:2 renameat:3 renameat:4 renameat:5 unlinkat:1 unlinkat:2 sendto:4 sendmsg:4 sendmsg:6 sendmsg:8 sendmsg:10 sendmsg:12; do
		if [ $what = create ]; then vnm -q net-port-delete p 7ae53baa-51de-11ea-8e5f-000000000001; set -- "$T/port.xml"
		else set -- 7ae53baa-51de-11ea-8e5f-000000000001; fi >/dev/null 2>&1
		strace -f -o /dev/null -e "inject=${call%:*}:signal=KILL:when=${call#*:}" "$VNETMGR" net-port-$what p "$@" >/dev/null 2>&1 || cuts=$((cuts + 1))
		vnm -q net-list >/dev/null 2>&1
		now=$(ports_and_floors)
		[ "$now" = "$none" ] || [ "$now" = "$one" ] || halves="$halves $call($now)"
		[ "$(vnm net-list --all | awk '$1 == "p" { print $2 }')" = active ] || halves="$halves $call(not healthy)"
		[ $what = create ] || vnm -q net-port-create p "$T/port.xml" >/dev/null 2>&1
	done
	same "$what, killed: all or nothing" '' "$halves"
	ok "$what: it was killed $cuts times" test "$cuts" -ge 8
done
unport 1 >/dev/null
mkdir -p "$VNETMGR_ROOT/etc/vnetmgr/hooks"
printf '#!/bin/sh\n[ "$2" != port-created ]\n' >"$VNETMGR_ROOT/etc/vnetmgr/hooks/network"; chmod 755 "$VNETMGR_ROOT/etc/vnetmgr/hooks/network"
no 'a hook against it' port 1 p1 1000
same 'rolls it back' "$none" "$(ports_and_floors)"
rm "$VNETMGR_ROOT/etc/vnetmgr/hooks/network"
leave p1 p2
vnm -q net-destroy p

finish
