# SPDX-License-Identifier: GPL-2.0-or-later
# hosts.sh - hosts on one link, as network namespaces h1 to hN, with state directories of their own. Sourced in a sandbox, by tests and by
# scripts/lab-hosts.
#
# lab_make N makes them, below $LAB: host K has 10.99.0.K and fd99::K on eth0, and the number K in its host.conf; its port on the link,
# the bridge "under", is uK. "on K COMMAND..." runs a command on host K.

lab_host() {
	mkdir -p "$LAB/h$1/etc/vnetmgr" &&
	printf 'index = "%d"\n' "$1" >"$LAB/h$1/etc/vnetmgr/host.conf" &&
	ip netns add "h$1" &&
	ip netns exec "h$1" sh -c 'echo 0 >/proc/sys/net/ipv6/conf/default/accept_dad' &&
	ip link add "u$1" type veth peer name eth0 netns "h$1" &&
	ip link set "u$1" master under up &&
	ip -n "h$1" link set lo up && ip -n "h$1" link set eth0 up &&
	ip -n "h$1" addr add "10.99.0.$1/24" dev eth0 &&
	ip -n "h$1" addr add "fd99::$1/64" dev eth0 nodad
}

lab_make() {
	LAB=$(mktemp -d /run/lab.XXXXXX) && chmod 755 "$LAB" || return	# dnsmasq reads its files there
	ip link add under type bridge mcast_snooping 0 && ip link set under up || return
	for lab_k in $(seq "$1"); do lab_host "$lab_k" || return; done
}

on() { lab_k=$1; shift; VNETMGR_ROOT="$LAB/h$lab_k" ip netns exec "h$lab_k" "$@"; }
host() { k=$1; shift; on "$k" "$VNETMGR" -q "$@"; }

# ---- for tests of three hosts ----

# three_hosts: with the firewall back end of this test; each COMMAND...: of vnetmgr, on each
three_hosts() {
	HOSTS='1 2 3'
	lab_make 3 || return
	for k in $HOSTS; do cp "$VNETMGR_ROOT/etc/vnetmgr/network.conf" "$LAB/h$k/etc/vnetmgr/" || return; done
}
each() { for k in $HOSTS; do host "$k" "$@" || return; done; }
# address GUEST -4|-6
address() { ip -n "$1" -o "$2" addr show dev eth0 scope global | sed -n '/:fe/!s/.* inet6\{0,1\} \([^/]*\).*/\1/p'; }
# all_reach: guests g1 to g3 and hosts reach every guest, in both families
all_reach() {
	for a in $HOSTS; do
		for b in $HOSTS; do
			for family in -4 -6; do
				to=$(address g$b $family)
				reaches g$a "$to" || return
				on $a ping -n -c 1 -W 2 "$to" || return
			done
		done
	done
}
# A guest that moves, of the network "lab" with the subnets 192.168.50.0/24 and fd50::/64.
: "${VNM_MOVE_LOST:=25}"	# packets, of 2 ms each: 50 ms
# comes HOST, goes HOST: the guest m, in a namespace mK of that host, as a machine that migrates is on both for a moment
comes() {
	ip netns add m$1 && inns m$1 sh -c 'echo 0 >/proc/sys/net/ipv6/conf/default/accept_dad' &&
		host $1 net-attach lab --netns m$1 --ip 192.168.50.77/24 --ip fd50::77/64 --mac 52:54:00:50:00:77
}
goes() { host $1 net-detach lab m$1 && ip netns del m$1; }
moves() { comes $2 && goes $1; }
# pings TITLE FROM TO ADDRESS...: what is lost of echo requests while it moves
pings() {
	title=$1 from=$2 to=$3; shift 3; pids=
	for address; do
		reaches g3 "$address" >/dev/null 2>&1
		ip netns exec g3 ping -n -q -i 0.002 -w 60 "$address" >"$T/ping.$address" & pids="$pids $!"
	done
	ok "$title" moves $from $to
	for address; do reaches g3 "$address" >/dev/null 2>&1; done
	for pid in $pids; do kill -INT $pid; wait $pid; done
	for address; do
		lost=$(awk '/packets transmitted/ { print $1 - $4 }' "$T/ping.$address")
		echo "# $title: $address: $lost of $(awk '/packets transmitted/ { print $1 }' "$T/ping.$address") packets lost at 2 ms"
		ok "$title: $lost packets of 2 ms to $address are lost at most $VNM_MOVE_LOST" [ "${lost:-999}" -le "$VNM_MOVE_LOST" ]
	done
}
