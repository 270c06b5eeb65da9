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
