#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Networks on many hosts: VNM_HOSTS (12) of them with VNM_NETWORKS (50) networks, on one machine; make check-hosts.
#
# The first two networks have NAT, DHCP, DNS and IPv6, and a guest on each host: all of these reach each other, in both families. The
# others have neither DHCP nor DNS, so that no server runs for them, and a guest on two hosts each, in turn, whose addresses vnetmgr does
# not know: the kernel has room for 1024 neighbours (net.ipv4.neigh.default.gc_thresh3), of all network namespaces together, and each host
# of an overlay knows all guests that were announced.
#
#   many.sh [PART...]: kill, split, rogue, race, figures, after the start; without any: all
. "$srcdir/tests/lib/ns.sh"
. "$srcdir/tests/lib/hosts.sh"
. "$srcdir/tests/lib/many.sh"
need nft bridge python3
: "${VNM_HOSTS:=12}" "${VNM_NETWORKS:=50}" "${VNM_RACES:=100}"
PARTS=${*:-kill split rogue race figures}
HOSTS=$(seq "$VNM_HOSTS")
# definition NUMBER NAME VNI PEERS...
definition() {
	number=$1 name=$2 vni=$3; shift 3
	echo "<network xmlns:vnm='urn:vnetmgr:network:1'><name>$name</name><forward mode='nat'/><bridge name='br-$name'/>"
	if [ "$number" -le 2 ]; then
		echo "<ip address='10.$number.0.1' prefix='16'><dhcp><range start='10.$number.1.0' end='10.$number.9.255'/></dhcp></ip>"
		echo "<ip family='ipv6' address='fd00:$number::1' prefix='64'/>"
	else
		echo "<dns enable='no'/><ip address='10.$number.0.1' prefix='16'/>"
	fi
	echo "<vnm:overlay vni='$vni'><vnm:host of='$VNM_HOSTS'/>"
	for k; do echo "<vnm:peer address='10.99.0.$k'/>"; done
	echo '</vnm:overlay></network>'
}
define_all() { for n in $(seq "$VNM_NETWORKS"); do host "$1" net-define "$T/n$n.xml" || return; done; }
start_all() { host "$1" net-start $(seq -f 'n%.0f' "$VNM_NETWORKS"); }
# guest NETWORK HOST: gN-K
guest() {
	ip netns add "g$1-$2" || return
	if [ "$1" -le 2 ]; then
		host "$2" net-attach "n$1" --netns "g$1-$2" --ip "10.$1.128.$2/16" --ip "fd00:$1::1:$2/64"
	else
		host "$2" net-attach "n$1" --netns "g$1-$2" --ip none && ip -n "g$1-$2" addr add "10.$1.128.$2/16" dev eth0
	fi
}
# pair NETWORK: the hosts of the guests of a network that is not one of the first two
pair() { echo $((($1 - 1) % VNM_HOSTS + 1)) $(($1 % VNM_HOSTS + 1)); }
guests() {
	for n in $(seq "$VNM_NETWORKS"); do
		if [ "$n" -le 2 ]; then guest "$n" "$1" || return; continue; fi
		for k in $(pair "$n"); do [ "$k" != "$1" ] || guest "$n" "$k" || return; done
	done
}
others() {
	failed=0
	for n in $(seq 3 "$VNM_NETWORKS"); do set -- $(pair "$n"); reach "g$n-$1" "10.$n.128.$2" || failed=1; done
	return $failed
}
# whole: on each host every network is; what is missed is told. On a machine that is busy with others they may be late to answer.
whole_on() { [ "$(host "$1" net-list | grep -c ' active ')" = "$VNM_NETWORKS" ]; }
whole() {
	for k in $HOSTS; do
		tries=0
		until whole_on "$k"; do
			tries=$((tries + 1))
			[ "$tries" -lt 20 ] || { host "$k" net-info n1; return 1; }
		done
	done
}

ok "$VNM_HOSTS hosts" lab_make "$VNM_HOSTS"
for k in $HOSTS; do cp "$VNETMGR_ROOT/etc/vnetmgr/network.conf" "$LAB/h$k/etc/vnetmgr/"; done
for n in $(seq "$VNM_NETWORKS"); do definition "$n" "n$n" $((100 + n)) $HOSTS >"$T/n$n.xml"; done
ok "$VNM_NETWORKS networks are defined" each define_all
began=$(now_ms)
ok 'all hosts start them, at once' each start_all
started=$(now_ms)
echo "# $VNM_HOSTS x $VNM_NETWORKS networks started in $((started - began)) ms"
ok 'guests' each guests
began=$(now_ms)
ok 'all guests of the first two networks reach each other' matrix "$HOSTS"
echo "# $((VNM_HOSTS * (VNM_HOSTS - 1) * 4)) ways in $(($(now_ms) - began)) ms"
ok 'those of the others, too' others
ok 'every host finds all others' whole
echo "# net-list of $VNM_NETWORKS networks: $(began=$(now_ms); host 1 net-list >/dev/null; echo $(($(now_ms) - began))) ms"

# A host ends: all its processes are killed, and its link is cut.
part_kill() {
	k=$((VNM_HOSTS / 2 + 1)) rest=
	for one in $HOSTS; do [ "$one" = "$k" ] || rest="$rest $one"; done
	ip netns exec g1-1 ping -n -q -i 0.01 -w 300 "10.1.128.$VNM_HOSTS" >"$T/ping" & ping=$!
	ip link set "u$k" down
	for pid in $(ip netns pids "h$k"); do kill -9 "$pid"; done
	ok 'a host is killed: the others go on' matrix "$rest"
	has 'it is missed' "host 10.99.0.$k does not answer" "$(host 1 net-info n1)"
	ip link set "u$k" up
	ok 'it returns' host "$k" net-repair --all
	ok 'all reach all' matrix "$HOSTS"
	ok 'every host finds all others' whole
	kill -INT $ping; wait $ping
	has 'no packet of the others was lost' '[, ]0% packet loss' "$(cat "$T/ping")"
}
# The link between two halves of the hosts is cut, and comes back.
part_split() {
	half=$((VNM_HOSTS / 2)) left=$(seq "$half") right=$(seq $((half + 1)) "$VNM_HOSTS")
	ip link add under2 type bridge mcast_snooping 0 && ip link set under2 up
	for k in $right; do ip link set "u$k" master under2; done
	ok 'one half goes on' matrix "$left"
	ok 'the other, too' matrix "$right"
	no 'there is no way between them' reach g1-1 "10.1.128.$VNM_HOSTS"
	has 'which both notice' 'does not answer' "$(host 1 net-info n1; host "$VNM_HOSTS" net-info n1)"
	for k in $right; do ip link set "u$k" master under; done
	ip link del under2
	ok 'it heals: all reach all' matrix "$HOSTS"
	ok 'every host finds all others' whole
}
# A machine that is none of the hosts sends to each of them, as a guest of the first network.
part_rogue() {
	ip netns add rogue
	ip link add rogue type veth peer name eth0 netns rogue && ip link set rogue master under up
	ip -n rogue link set eth0 up; ip -n rogue addr add 10.99.0.99/24 dev eth0
	for k in $HOSTS; do
		ip -n rogue link add vx type vxlan id 101 remote "10.99.0.$k" dstport 4789 dev eth0
		ip -n rogue addr add 10.1.200.1/16 dev vx; ip -n rogue link set vx up
		inns "g1-$k" nft 'table netdev t { chain i { type filter hook ingress device eth0 priority 0; arp saddr ip 10.1.200.1 counter; }; }'
		inns rogue ping -n -q -c 5 -i 0.2 -W 1 "10.1.128.$k" >/dev/null
		same "host $k: frames of a machine that is no host" 0 "$(inns "g1-$k" nft list table netdev t | sed -n 's/.*packets \([0-9]*\) .*/\1/p')"
		inns "g1-$k" nft delete table netdev t
		ip -n rogue link del vx
	done
	ip netns del rogue
}
# Two hosts start one network at once, and stop it.
part_race() {
	definition 60 race 900 1 2 >"$T/race.xml"
	for k in 1 2; do ok 'defined' host $k net-define "$T/race.xml"; done
	both() { host 1 net-$1 race & first=$!; host 2 net-$1 race; second=$?; wait $first && [ $second = 0 ]; }
	lost=0
	for i in $(seq "$VNM_RACES"); do
		both start && [ "$(for k in 1 2; do host $k net-list; done | grep -c '^ race *active ')" = 2 ] && both destroy || lost=$((lost + 1))
	done
	same "two hosts at once, $VNM_RACES times: failures" 0 "$lost"
	for k in 1 2; do host $k net-undefine race; done
}

# ---- figures

# by_hand: the same bridge and VXLAN device between the hosts 1 and 2 as ip(8) makes them, with the guests b1 and b2
by_hand() {
	for k in 1 2; do
		ip -n h$k link add br-hand type bridge && ip -n h$k link set br-hand up mtu 1450
		ip -n h$k link add vxhand type vxlan id 950 local 10.99.0.$k dstport 4789 dev eth0
		ip -n h$k link set vxhand master br-hand mtu 1450 up
		bridge -n h$k fdb append 00:00:00:00:00:00 dev vxhand dst 10.99.0.$((3 - k))
		ip netns add b$k
		ip -n h$k link add vhand mtu 1450 type veth peer name eth0 mtu 1450 netns b$k
		ip -n h$k link set vhand master br-hand up; ip -n b$k link set eth0 up; ip -n b$k addr add 10.77.0.$k/24 dev eth0
	done
}
part_figures() {
	definition 61 lone 901 1 2 >"$T/lone.xml"
	sed '/<vnm:overlay/,/<\/vnm:overlay>/d; s/>lone</>plain</; s/br-lone/br-plain/; s/10\.61\./10.62./g' "$T/lone.xml" >"$T/plain.xml"
	echo '</network>' >>"$T/plain.xml"
	for n in lone plain; do ok 'defined' host 1 net-define "$T/$n.xml"; done
	for i in $(seq 15); do
		for n in lone plain; do cost host 1 net-start $n >>"$T/start.$n"; host 1 net-destroy $n; done
	done
	lone=$(median <"$T/start.lone") plain=$(median <"$T/start.plain")
	echo "# start of an overlay: $lone ms, of the same with NAT on one host: $plain ms, in turn beside $VNM_NETWORKS others"
	ok "it takes no more than twice as long: $lone and $plain ms" awk "BEGIN { exit !($lone <= 2 * $plain) }"
	ok 'the same by hand' by_hand
	reaches b1 10.77.0.2 >/dev/null
	for i in $(seq 12); do
		carried g1-1 g1-2 10.1.128.2 >>"$T/tcp.ours"; carried b1 b2 10.77.0.2 >>"$T/tcp.hand"
	done
	ours=$(sort -n "$T/tcp.ours" | tail -1) hand=$(sort -n "$T/tcp.hand" | tail -1)
	echo "# TCP between hosts: $ours Mbit/s, by hand $hand, best of 12 each, in turn"
	ok "TCP has 0.95 of what it has by hand: $ours and $hand Mbit/s" [ $((ours * 100)) -ge $((hand * 95)) ]
	# All hosts start two networks of their own; from the last one's end until all reach all.
	for n in 3 4; do each stop_one "$n"; done
	start_two() { host "$1" net-start n3 n4; }
	ok 'two networks on all hosts' each start_two
	began=$(now_ms)
	ok 'each floods to all others' meshed
	echo "# full mesh of $VNM_HOSTS x 2 networks: $(($(now_ms) - began)) ms after the last start, by hosts that answer from the first one"
}
stop_one() { host "$2" net-destroy "n$1"; }
# meshed: every host is answered by all others, asked from the first one
meshed() { for n in 3 4; do await sh -c '! "$@" | grep "does not answer"' sh on 1 "$VNETMGR" net-info "n$n" || return; done; }

for part in $PARTS; do part_$part; done
finish
