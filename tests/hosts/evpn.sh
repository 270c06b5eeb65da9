#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Networks on VNM_HOSTS (12) hosts that find each other by EVPN, beside the same daemons and devices set up by hand; make check-hosts.
#
#   evpn.sh [PART...]: mesh, starts, kill, slopes; without any: all. VNM_ROUNDS (3): how often figures that vary are taken.
. "$srcdir/tests/lib/ns.sh"
. "$srcdir/tests/lib/hosts.sh"
. "$srcdir/tests/lib/many.sh"
. "$srcdir/tests/lib/frr.sh"
need nft bridge python3
: "${VNM_HOSTS:=12}" "${VNM_ROUNDS:=3}"
PARTS=${*:-mesh starts kill slopes}
HOSTS=$(seq "$VNM_HOSTS")
# soon COMMAND...: it succeeds, at the latest in a minute
soon() { end=$(($(date +%s) + 60)); until "$@" >/dev/null 2>&1; do [ "$(date +%s)" -lt $end ] || return 1; sleep .02; done; }

# definition NUMBER: of network nNUMBER
definition() {
	cat <<X
<network xmlns:vnm='urn:vnetmgr:network:1'><name>n$1</name><forward mode='nat'/><bridge name='br-n$1'/>
<ip address='10.$1.0.1' prefix='16'><dhcp><range start='10.$1.1.0' end='10.$1.9.255'/></dhcp></ip>
<ip family='ipv6' address='fd00:$1::1' prefix='64'/><vnm:overlay vni='$((100 + $1))'><vnm:host of='$VNM_HOSTS'/>
<vnm:evpn asn='65000' reflector='10.99.0.1' reflector2='10.99.0.2' listen='10.99.0.0/24' password='s3cret' bfd='yes'/></vnm:overlay></network>
X
}
define() { for n in 1 2; do host "$1" net-define "$T/n$n.xml" || return; done; }
start() { host "$1" net-start n1 n2; }
stop() { host "$1" net-destroy n1 n2; }

# What net-start makes of two networks, as far as it has to do with EVPN, by ip(8) and vtysh(1).
by_hand() {
	k=$1
	for n in 1 2; do
		printf '%s\n' "link add br-n$n type bridge" "link set br-n$n up" "addr add 10.$n.0.1/16 dev br-n$n" \
			"link add vnm10$n type vxlan id 10$n local 10.99.0.$k dstport 4789 nolearning" \
			"link set vnm10$n master br-n$n mtu 1450" "link set vnm10$n type bridge_slave learning off neigh_suppress on" \
			"link set vnm10$n up"
	done | on "$k" ip -b - && frr_shell "$k" -f "$T/hand-$k" >/dev/null
}
by_hand_ends() {
	frr_shell "$1" -c 'configure terminal' -c 'no router bgp 65000' >/dev/null
	for n in 1 2; do on "$1" ip link del vnm10$n; on "$1" ip link del br-n$n; done
}
# hand_conf K: as FRR's documentation has it
hand_conf() {
	printf 'router bgp 65000\n bgp router-id 10.99.0.%d\n no bgp default ipv4-unicast\n timers bgp 3 9\n' "$1"
	[ "$1" -gt 2 ] || printf ' neighbor F peer-group\n neighbor F remote-as 65000\n neighbor F password s3cret\n neighbor F bfd
 bgp listen range 10.99.0.0/24 peer-group F\n'
	for r in 1 2; do
		[ "$1" = $r ] || printf ' neighbor 10.99.0.%d remote-as 65000\n neighbor 10.99.0.%d timers connect 1\n neighbor 10.99.0.%d password s3cret
 neighbor 10.99.0.%d bfd\n' $r $r $r $r
	done
	printf ' address-family l2vpn evpn\n'
	[ "$1" -gt 2 ] || printf '  neighbor F activate\n  neighbor F route-reflector-client\n'
	for r in 1 2; do [ "$1" = $r ] || printf '  neighbor 10.99.0.%d activate\n' $r; done
	printf '  advertise-all-vni\n exit-address-family\nexit\n'
}
# floods K VNI COUNT: the host sends what is for everybody to so many others
floods() { [ "$(bridge -n "h$1" fdb show dev "vnm$2" 2>/dev/null | grep -c '^00:00:00:00:00:00 dst ')" = "$3" ]; }
meshed() { for k in $HOSTS; do for n in 1 2; do soon floods "$k" 10$n $((VNM_HOSTS - 1)) || return; done; done; }

ok "$VNM_HOSTS hosts" lab_make "$VNM_HOSTS"
frr_find || skip 'FRR (frr, libyang2) is neither installed nor unpacked (scripts/deps --unpack)'
for k in $HOSTS; do
	cp "$VNETMGR_ROOT/etc/vnetmgr/network.conf" "$LAB/h$k/etc/vnetmgr/"
	hand_conf "$k" >"$T/hand-$k"
	frr_start "$k" zebra bfdd bgpd || exit 1
done
for n in 1 2; do definition $n >"$T/n$n.xml"; done
ok 'two networks are defined' each define

# From the end of the last start until each host sends to each other one, in both networks: in turns with the same by hand.
part_mesh() {
	for i in $(seq "$VNM_ROUNDS"); do
		ok 'all hosts start' each start
		began=$(now_ms); ok 'all know all' meshed; echo $(($(now_ms) - began)) >>"$T/mesh.ours"
		ok 'all stop' each stop
		ok 'by hand' each by_hand
		began=$(now_ms); ok 'all know all' meshed; echo $(($(now_ms) - began)) >>"$T/mesh.hand"
		each by_hand_ends
	done
	ours=$(median <"$T/mesh.ours") hand=$(median <"$T/mesh.hand")
	echo "# full mesh of $VNM_HOSTS x 2 networks after the last start: $ours ms ($(xargs <"$T/mesh.ours")), by hand $hand ms ($(xargs <"$T/mesh.hand"))"
	ok "within two seconds, or as soon as by hand on a busy machine: $ours, $hand ms" [ "$ours" -le 2000 -o "$ours" -le "$hand" ]
}

# A network with EVPN, for which FRR is not told anything, one with a list of peers, and the same on this host alone, in turns.
part_starts() {
	definition 3 >"$T/n3.xml"
	sed "s/n3</listed</; s/br-n3/br-listed/; s/103/104/; s/10\.3\./10.4./g; s/fd00:3/fd00:4/
		s|<vnm:evpn .*/>|<vnm:peer address='10.99.0.1'/><vnm:peer address='10.99.0.2'/>|" "$T/n3.xml" >"$T/listed.xml"
	sed "s/n3</plain</; s/br-n3/br-plain/; s/10\.3\./10.5./g; s/fd00:3/fd00:5/; s|<vnm:overlay.*||; s|^<vnm:evpn.*|</network>|" \
		"$T/n3.xml" >"$T/plain.xml"
	for n in n3 listed plain; do ok "$n is defined" host 1 net-define "$T/$n.xml"; done
	ok 'another network has told FRR' host 1 net-start n1
	for i in $(seq $((VNM_ROUNDS * 5))); do
		for n in n3 listed plain; do cost host 1 net-start $n >>"$T/start.$n"; host 1 net-destroy $n; done
	done
	cost host 1 net-destroy n1 >/dev/null
	for i in $(seq "$VNM_ROUNDS"); do cost host 1 net-start n1 >>"$T/start.first"; host 1 net-destroy n1; done
	for n in n3 listed plain first; do eval "$n=$(median <"$T/start.$n")"; done
	echo "# net-start: with EVPN $n3 ms, with a list of peers $listed, on this host alone $plain; the first one, which tells FRR, $first"
	ok "with EVPN twice as long at most: $n3 and $plain ms" awk "BEGIN { exit !($n3 <= 2 * $plain) }"
}

# guests K: one in each network
guests() {
	for n in 1 2; do
		ip netns add "g$n-$1" || return
		host "$1" net-attach n$n --netns "g$n-$1" --ip "10.$n.128.$1/16" --ip "fd00:$n::1:$1/64" || return
	done
}
leave() { for n in 1 2; do host "$1" net-detach n$n "g$n-$1"; ip netns del "g$n-$1"; done; }
# A host ends, and a reflector: all processes are killed, and the link is cut.
part_kill() {
	ok 'all hosts start' each start
	ok 'all know all' meshed
	ok 'guests' each guests
	began=$(now_ms)
	ok 'all guests reach each other' matrix "$HOSTS"
	echo "# $((VNM_HOSTS * (VNM_HOSTS - 1) * 4)) ways in $(($(now_ms) - began)) ms"
	for k in 2 "$VNM_HOSTS"; do
		rest=
		for one in $HOSTS; do [ "$one" = "$k" ] || rest="$rest $one"; done
		ip link set "u$k" down
		for pid in $(ip netns pids "h$k"); do kill -9 "$pid"; done
		began=$(now_ms)
		for one in $rest; do ok "host $k is killed: host $one does not send there" soon floods "$one" 101 $((VNM_HOSTS - 2)); done
		echo "# host $k is forgotten by all within $(($(now_ms) - began)) ms"
		ok 'the others go on' matrix "$rest"
		ip link set "u$k" up
		ok 'FRR starts again' frr_start "$k" zebra bfdd bgpd
		ok 'it returns' host "$k" net-repair --all
		ok 'all know all' meshed
		ok 'all reach all' matrix "$HOSTS"
	done
	each leave; each stop
}

# ---- what one more host, network and guest costs

# memory K DAEMON: kilobytes of its own; of host 3 and of the reflector
memory() { awk '/^Anonymous:/ { print $2 }' "/proc/$(cat "$LAB/h$1/run/frr/$2.pid")/smaps_rollup"; }
# updates K: messages that bgpd has sent
updates() { vty "$1" 'show bgp neighbors json' | python3 -c 'import json, sys
print(sum(n["messageStats"]["updatesSent"] for n in json.load(sys.stdin).values()))'; }
# many NUMBER: network nNUMBER, for which no server runs
many() { definition "$1" | sed "/family='ipv6'/s/<ip [^>]*>//; s|<dhcp>.*</dhcp>||; s|<bridge |<dns enable='no'/>&|"; }
define_many() { for n in $(seq 11 30); do host "$1" net-define "$T/n$n.xml" || return; done; }
# grow HOST NETWORKS STATIONS: so many networks, and stations in the first one, which are not there in truth
grow() {
	has=$(cat "$T/has-$1" 2>/dev/null || echo 0)
	[ "$has" = "$2" ] || host "$1" net-start $(seq -f 'n%.0f' $((11 + has)) $((10 + $2))) || return
	echo "$2" >"$T/has-$1"
	[ "$3" -gt 0 ] || return 0
	if [ ! -e "$T/port-$1" ]; then
		printf '%s\n' 'link add port type veth peer name other' 'link set port master br-n11 up' 'link set other up' |
			ip -n "h$1" -b - && : >"$T/port-$1" || return
	fi
	seq "$3" | awk -v k="$1" '{ printf "fdb replace 02:00:00:%02x:%02x:%02x dev port master dynamic\n", k, $1 / 256, $1 % 256 }' |
		bridge -n "h$1" -b -
}
# entries NETWORKS PATTERN: of host 3, to other hosts
entries() { for n in $(seq 11 $((10 + $1))); do bridge -n h3 fdb show dev "vnm1$n"; done | grep -c "$2"; }
entries_are() { [ "$(entries "$1" "$2")" = "$3" ]; }
settled() {
	soon entries_are "$2" '^00:00:00:00:00:00 dst ' $((($1 - 1) * $2)) && soon entries_are 1 '^02:00:00:.* dst ' $((($1 - 1) * $3))
}
to() {
	hosts=$1 networks=$2 stations=$3
	grow_one() { [ "$1" -gt "$hosts" ] || grow "$1" "$networks" "$stations"; }
	ok "$1 hosts, $2 networks, $3 stations each" each grow_one
	ok 'all know all' settled "$@"
	sleep 5		# until the daemons have done what they put off
	echo "$* $(memory 3 bgpd) $(memory 3 zebra) $(memory 1 bgpd) $(memory 1 zebra) $(updates 1)" >>"$T/slopes"
}
part_slopes() {
	for n in $(seq 11 30); do many $n >"$T/n$n.xml"; done
	ok 'twenty networks are defined' each define_many
	for step in '3 2 0' '7 2 0' '12 2 0' '12 10 0' '12 20 0' '12 20 200' '12 20 1000'; do to $step; done
	echo '# hosts, networks, stations on each host: kB of bgpd and zebra of a host, of a reflector; updates that this has sent'
	sed 's/^/# /' "$T/slopes"
	awk '
	{ key = $1 " " $2 " " $3; for (i = 4; i <= 8; i++) v[key, i] = $i }
	function slope(from, to, n, i) { return (v[to, i] - v[from, i]) / n }
	function line(what, from, to, n) {
		printf "# %s: bgpd %.2f kB, zebra %.2f kB, of a reflector %.2f and %.2f kB; %.2f updates sent by that\n", what,
			slope(from, to, n, 4), slope(from, to, n, 5), slope(from, to, n, 6), slope(from, to, n, 7), slope(from, to, n, 8)
	}
	END {
		line("a host, with 2 networks", "3 2 0", "12 2 0", 9)
		line("a network on one of the other hosts", "12 2 0", "12 20 0", 11 * 18)
		line("a station", "12 20 200", "12 20 1000", 12 * 800)
	}' "$T/slopes"
	leave_many() { ip -n "h$1" link del port; host "$1" net-destroy $(seq -f 'n%.0f' 11 30); }
	ok 'all stop' each leave_many
}

for part in $PARTS; do part_$part; done
finish
