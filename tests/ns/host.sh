#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# vnm:host='yes': the host and the guests on its device reach each other, by the addresses that the device has; for
# the others on the wire all stays as it is.
. "$srcdir/tests/lib/ns.sh"
cd "$T" || exit 1
N=192.168.50 M=fd00:50:
ip netns add lan
ip link add nic0 type veth peer name eth0 netns lan
ip link set nic0 up; inns lan ip link set lo up; inns lan ip link set eth0 up
ip addr add $N.1/24 dev nic0; ip addr add $M:1/64 dev nic0 nodad
inns lan ip addr add $N.2/24 dev eth0; inns lan ip addr add $M:2/64 dev eth0 nodad
for ns in g1 g2; do ip netns add $ns; done
state() { snapshot | sed 's/link\/ether [0-9a-f:]*//; s/ metric 1024//' | sort; ip -6 neigh show proxy | sort; }
NIC=$(cat /sys/class/net/nic0/address)
knows() { inns lan ip neigh show "$1" | sed -n 's/.* lladdr \([^ ]*\) .*/\1/p'; }	# which MAC the wire has for an address

# Where it cannot be is refused when it is defined.
refused() { printf "<network xmlns:vnm='urn:vnetmgr:network:1'>\n<name>x</name>%s</network>" "$2" >x.xml; no "$1" vnm net-define x.xml; has "$1: why" "^error: x\.xml:2: .*$3" "$(cat out)"; }
for mode in private vepa passthrough; do refused $mode "<forward mode='$mode' vnm:host='yes'><interface dev='nic0'/></forward>" "cannot have vnm:host='yes': .*mode='$mode'"; done
refused nat "<forward mode='nat' vnm:host='yes'/><ip address='10.0.0.1' prefix='24'/>" 'its guests are on a bridge'
refused 'a bridge of the host' "<forward mode='bridge' vnm:host='yes'/><bridge name='br-x'/>" 'its guests are on a bridge'
refused 'another word' "<forward mode='bridge' vnm:host='maybe'><interface dev='nic0'/></forward>" "attribute 'host': expected"
refused 'another attribute' "<forward mode='bridge' vnm:guest='yes'><interface dev='nic0'/></forward>" "unknown attribute 'guest'"

before=$(state)
cat >n.xml <<'X'
<network xmlns:vnm='urn:vnetmgr:network:1'><name>n</name>
<forward mode='bridge' vnm:host='yes'><interface dev='nic0'/></forward></network>
X
ok 'define' vnm net-define --validate n.xml
has 'it is printed as it was written' "<forward mode='bridge' vnm:host='yes' xmlns:vnm='urn:vnetmgr:network:1'>|<forward .*vnm:host='yes'" "$(vnm -q net-dumpxml n)"
vnm -q net-dumpxml n >again.xml
ok 'and read again' vnm -q net-define --validate again.xml
has 'what it would do' '^ip link add link nic0 name h-nic0-[0-9a-f]{6} address 02:76:[0-9a-f:]* type macvlan mode bridge$' "$(vnm net-start n --dry-run)"
same 'nothing is done' "$before" "$(state)"
ok 'start' vnm net-start n
H=$(ip -o link show type macvlan | sed 's/^[0-9]*: \([^@]*\)@.*/\1/')
has 'it is there, and up' '<[^>]*UP[^>]*> .*macvlan mode bridge' "$(ip -d -o link show "$H")"
up=$(state)
ok 'a guest' vnm -q net-attach n --netns g1 --ip $N.11/24 --ip $M:11/64
ok 'a second one' vnm -q net-attach n --netns g2 --ip $N.12/24 --ip $M:12/64
both() {	# both WHAT: each way, each family, each guest; and the wire
	for g in 1 2; do
		inns g$g ip neigh flush all; inns g$g ip -6 neigh flush all; ip neigh flush all; ip -6 neigh flush all
		ok "$1: g$g to the host" reaches g$g $N.1
		ok "$1: g$g to the host, IPv6" reaches g$g $M:1
		inns g$g ip neigh flush all; inns g$g ip -6 neigh flush all; ip neigh flush all; ip -6 neigh flush all
		ok "$1: the host to g$g" ping -n -c 1 -W 2 $N.1$g
		ok "$1: the host to g$g, IPv6" ping -n -c 1 -W 2 $M:1$g
		ok "$1: g$g to the wire" reaches g$g $N.2
		ok "$1: g$g to the wire, IPv6" reaches g$g $M:2
	done
	ok "$1: guests among themselves" reaches g1 $N.12
	inns lan ip neigh flush all; inns lan ip -6 neigh flush all
	for i in 1 2 3; do ok "$1: the wire to the host" reaches lan $N.1; ok "$1: the wire to the host, IPv6" reaches lan $M:1; done
	same "$1: the wire knows the card" "$NIC $NIC" "$(knows $N.1) $(knows $M:1)"
}
both 'attached'
has "the host calls itself as on the wire" "^$N.11 dev $H .*src $N.1" "$(ip route)"
has 'the ports' ' attached ' "$(vnm net-port-list n)"
whole=$(state)

# Sabotage and repair, stop and start.
ip route del $N.11/32; ip -6 route del $M:12/128
ip link del "$H"
has 'it is seen' '^Degraded: ' "$(vnm net-info n)"
ok 'repair' vnm net-repair n
both 'repaired'
same 'as before it' "$whole" "$(state)"
ip route del $N.11/32
has 'a route of a guest' ' g1 .* degraded ' "$(vnm net-port-list n)"
ok 'repair of it' vnm net-repair n
same 'as before that' "$whole" "$(state)"
ok 'stop' vnm net-destroy n
no 'nothing of it' ip link show "$H"
no 'no routes' sh -c "ip route | grep '$N.1[12]'"
ok 'start' vnm net-start n
both 'started again'
same 'as before the stop' "$whole" "$(state)"
# Another address of the card is heeded with the next change of the network.
ip addr add $M:9/64 dev nic0 nodad
ok 'detach one' vnm -q net-detach n g2
inns g1 ip -6 neigh flush all
ok 'a new address of the card' reaches g1 $M:9
ip addr del $M:9/64 dev nic0
ok 'detach the other' vnm -q net-detach n g1
same 'as before them' "$up" "$(state)"

# A kill at any point: there whole, or not at all.
if optional strace; then
	. "$srcdir/tests/lib/kill.sh"
	points=0
	for call in openat renameat unlinkat sendmsg write; do
		for k in 1 2 3 5 8 12 16 20 25 30 36 42; do
			killed $call $k net-attach n --netns g1 --ip $N.11/24
			vnm -q net-list >/dev/null 2>&1
			[ "$(vnm -q net-port-list n | grep -c ' attached ')" = 0 ] || vnm -q net-detach n g1
			same "attach killed in $call $k" "$up" "$(state)"
			killed $call $k net-destroy n
			vnm -q net-list >/dev/null 2>&1
			if ! vnm -q net-list --name | grep -qx n; then same "stop killed in $call $k" "$before" "$(state)"; vnm -q net-start n; fi
			same "and started" "$up" "$(state)"
			points=$((points + 2))
		done
	done
	echo "$points points"
fi
ok 'the end' vnm net-destroy n
same 'no trace is left' "$before" "$(state)"
finish
