#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A change of the firewall back end while networks are up: nothing is lost of an open TCP stream, nor of what guests ping; the old
# back end keeps nothing; killed at any point, the next command completes the change or rolls it back.
. "$srcdir/tests/lib/ns.sh"
. "$srcdir/tests/lib/kill.sh"

BACKENDS='legacy iptables-nft nftables'
run=$VNETMGR_ROOT/run/vnetmgr
cat >"$T/n.xml" <<X
<network xmlns:vnm='urn:vnetmgr:network:1'><name>n</name><forward><nat ipv6='yes'/></forward><bridge name='br-n' stp='off'/>
<ip address='192.168.172.1' prefix='24'/><ip family='ipv6' address='fd00:172::1' prefix='64'/>
<vnm:portForward proto='tcp' port='8080' to='192.168.172.9' toPort='80'/></network>
X
cat >"$T/i.xml" <<X
<network><name>i</name><bridge name='br-i' stp='off'/><ip address='192.168.173.1' prefix='24'/></network>
X
for n in n i; do ok "define $n" vnm -q net-define "$T/$n.xml"; done

# left BACKEND: its rules and chains of ours, without order
left() { case $1 in
	legacy) iptables-legacy-save; ip6tables-legacy-save ;;
	iptables-nft) iptables-nft-save; ip6tables-nft-save ;;
	nftables) nft list table ip vnetmgr; nft list table ip6 vnetmgr ;;
	esac 2>/dev/null | grep -E 'VNM_|br-[ni]'; }
# only BACKEND: our rules are there, and nowhere else
only() {
	for b in $BACKENDS; do
		if [ "$b" = "$1" ]; then has "$2: $b has rules" br-n "$(left "$b")"
		else same "$2: $b has none" '' "$(left "$b")"; fi
	done
	same "$2: recorded" "$1" "$(cat "$run/firewall")"
	for n in n i; do
		has "$2: $n says so" "^Firewall: +$1\$" "$(vnm net-info $n)"
		has "$2: $n is active" "^ $n +active " "$(vnm net-list)"
	done
}
change() { use_firewall "$1"; vnm -q net-repair --firewall; }

use_firewall legacy
ok 'start' vnm -q net-start n i
guest g br-n; static g 192.168.172.9/24 192.168.172.1; static g fd00:172::9/64 fd00:172::1
guest h br-i; static h 192.168.173.9/24 192.168.173.1
works() {
	ok "$1: outside" reaches g "$SERVER"; ok "$1: outside by IPv6" reaches g "$SERVER6"
	ok "$1: a port forward" outside nc -z -w 2 "$UPLINK" 8080
	no "$1: the isolated one stays so" reaches h "$SERVER"; no "$1: apart" reaches h 192.168.172.9
}
listens g 80
works 'before'

# A stream of numbered lines, and an echo each 10 ms, while all rules move along every edge between the back ends.
outside nc -l -p 9 >"$T/arrived" & sink=$!
await_port 9 outside
( i=0; while [ ! -e "$T/enough" ]; do i=$((i + 1)); echo "$i"; sleep .005; done | tee "$T/sent" | inns g nc -N "$SERVER" 9 ) & stream=$!
ip netns exec g env --default-signal=INT ping -n -i .01 "$SERVER" >"$T/pings" 2>&1 & pinger=$!
await test -s "$T/arrived"
for edge in iptables-nft nftables legacy nftables iptables-nft legacy; do
	ok "to $edge" change "$edge"
	only "$edge" "in $edge"
	works "in $edge"
done
ok 'to where it is' change legacy
has 'nothing is done' '^Firewall back end is legacy, since it is set' "$(vnm net-repair --firewall)"
kill -INT $pinger; wait $pinger
touch "$T/enough"; wait $stream $sink
same 'the stream arrived whole' "$(cksum <"$T/sent")" "$(cksum <"$T/arrived")"
ok 'it was long' test "$(wc -l <"$T/sent")" -gt 100
has 'no echo is lost' ' 0% packet loss' "$(cat "$T/pings")"

# A dry run prints the rules in the language of either, and changes nothing.
use_firewall nftables
before=$(snapshot)
vnm net-repair --firewall --dry-run >"$T/dry"
has 'new ones by nft' "^nft 'add rule ip vnetmgr " "$(cat "$T/dry")"
has 'old ones by iptables' '^iptables -D VNM_FWO ' "$(cat "$T/dry")"
same 'nothing is changed' "$before" "$(snapshot)"

# What does not work is refused before anything is changed.
use_firewall legacy
only legacy 'before the kills'

# Killed at each of its writes: the next command, whichever it is, leaves one back end with all rules.
use_firewall iptables-nft
n_calls=0
points openat,renameat,renameat2,unlinkat,sendto,sendmsg,setsockopt net-repair --firewall >"$T/points"
ok 'back' change legacy
use_firewall iptables-nft
while read -r count call; do
	k=0; step=1
	[ "$count" -le 5 ] || step=$((count / 5 + 1))
	while k=$((k + step)); [ $k -le "$count" ]; do
		killed "$call" $k net-repair --firewall
		vnm -q net-list >"$T/list" 2>"$T/said"
		now=$(cat "$run/firewall")
		same "killed at $call $k: one of the two" yes "$(case $now in legacy | iptables-nft) echo yes ;; *) echo "$now" ;; esac)"
		only "$now" "killed at $call $k"
		n_calls=$((n_calls + 1))
		ok "killed at $call $k: again" vnm -q net-repair --firewall
		only iptables-nft "killed at $call $k, and again"
		use_firewall legacy; vnm -q net-repair --firewall; use_firewall iptables-nft
	done
done <"$T/points"
ok 'killed often' test $n_calls -gt 15
echo "killed $n_calls times"
ok 'stop' vnm -q net-destroy --all
for b in $BACKENDS; do same "no trace in $b" '' "$(left $b)"; done
finish
