#!/bin/sh
# <bandwidth> of a network: real traffic at the rate that was asked for, in both directions; noticed when it is
# gone, repaired, changed while it runs, taken back without a trace; never over somebody else's queues. And that of a
# portgroup, for one guest.
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
world() { snapshot; tc qdisc show | sed 's/fifo [0-9a-f]*:/fifo/'; for dev in $(ls /sys/class/net); do tc class show dev "$dev"; tc filter show dev "$dev" ingress; done; }

# speed FROM TO ADDRESS BYTES: how fast TCP is from one namespace ("." is the host) to ADDRESS in another one; kB/s
at() { [ "$1" = . ] && shift || set -- ip netns exec "$@"; "$@"; }
speed() {
	at "$2" nc -l -p 5001 >"$T/received" </dev/null &
	receiver=$!
	until at "$2" ss -Hltn 'sport = :5001' | grep -q .; do :; done
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
	same "$what: net-list says so" degraded "$(state n)"
	has "$what: net-info says what is missing" "^Degraded: .*$pattern" "$(vnm net-info n)"
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
has 'and says why' "device 'br-f' already has an egress queue that is not ours" "$(cat "$T/out")"
same 'and changes nothing' "$limited" "$(world)"
vnm -q net-undefine f2
tc filter add dev br-f ingress protocol ip prio 7 u32 match u32 0 0 action mirred egress mirror dev lo
ok 'destroy with a filter of somebody at our queue' vnm net-destroy f
has 'the filter stays' 'pref 7 u32' "$(tc filter show dev br-f ingress)"
no 'start beside it' vnm net-start f
has 'says why' 'already has an ingress queue that is not ours' "$(cat "$T/out")"
tc qdisc del dev br-f ingress
same 'taken back exactly' "$before" "$(world)"
fast 'in, after' . h 192.168.201.9
fast 'out, after' h . 192.168.201.1

# refused WHAT PATTERN: somebody's own is not touched
refused() {
	now=$(world)
	no "$1: refused" vnm net-start f
	has "$1: says why" "$2" "$(cat "$T/out")"
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

finish
