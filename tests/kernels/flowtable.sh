#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# flowtable.sh - what a flowtable would gain: a guest's TCP stream through NAT, by the back end "nftables" and nothing else, and
# beside a flowtable of the uplink and the bridge, or the bridge's port, in turns. The sandboxes' kernel may have none, so it is measured here.
#
# Each packet is one of MTU size, since what is saved is for each packet. The ratio counts: the machine is an emulated one.
VNM_FIREWALL=nftables
. "$srcdir/world.sh"
need nft busybox
ROUNDS=5 MB=16
uplink
define keennet
up keennet
guest g keenbr0
ok 'a lease' dhcp g
ip netns exec g ip link set eth0 gso_max_segs 1
outside ip link set eth0 gso_max_segs 1

mkfifo "$T/open"; exec 8<>"$T/open"	# a nc whose input has ended ends
# stream: milliseconds for MB megabytes to the outside; sees whether the kernel has offloaded the connection
stream() {
	outside busybox nc -l -p 5001 <&8 >"$T/received" & receiver=$!
	await_port 5001 outside
	from=$(date +%s%N)
	head -c $((MB << 20)) /dev/zero | ip netns exec g busybox nc $SERVER 5001 & sender=$!
	await grep -q 'dport=5001' /proc/net/nf_conntrack
	sleep .2; offloaded=$(grep 'dport=5001' /proc/net/nf_conntrack | grep -c OFFLOAD)
	wait $receiver; to=$(date +%s%N)
	kill $sender 2>/dev/null
	same "$1: all has arrived" $((MB << 20)) "$(wc -c <"$T/received")"
	same "$1: offloaded" "$2" "$offloaded"
	echo $(((to - from) / 1000000)) >>"$T/$1"
}
flowtable() {	# flowtable DEVICE,...
	nft -f - <<-N
	table inet beside {
		flowtable f { hook ingress priority 0; devices = { $1 }; }
		chain forward { type filter hook forward priority -10; ct state established meta l4proto { tcp, udp } flow add @f; }
	}
	N
}
median() { sort -n "$T/$1" | sed -n "$(((ROUNDS + 1) / 2))p"; }

round=0
while [ $round -lt $ROUNDS ]; do
	stream without 0
	ok 'a flowtable' flowtable 'keenbr0, uplink0'; stream bridge 1; nft delete table inet beside
	ok 'of the port' flowtable 'g, uplink0'; stream port 1; nft delete table inet beside
	round=$((round + 1))
done
base=$(median without)
for way in without bridge port; do
	ms=$(median $way)
	awk -v way=$way -v ms="$ms" -v base="$base" -v mb=$MB 'BEGIN {
		printf "~ %s: %d ms, %.0f packets a second, %.2f of the time without\n", way, ms, mb * 1048576 / 1448 / ms * 1000, ms / base }'
done
finish
