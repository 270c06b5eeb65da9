#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# many-networks.sh - networks that start, are, and stop side by side cost each other as little as they can.
. "${srcdir:=.}/tests/lib/ns.sh"
need strace
cd "$T" || exit 1

NUMBERS=$(seq 1 17)
define() {
	echo "<network><name>n$1</name><forward mode='nat'/><bridge name='nb$1'/><ip address='10.77.$1.1' prefix='24'><dhcp><range start='10.77.$1.2' end='10.77.$1.99'/></dhcp></ip></network>" >n.xml
	vnm -q net-define n.xml
}
for i in $NUMBERS; do define "$i"; done
traced() { strace -qq -e trace=sendto,sendmsg,fork,vfork,clone,clone3 -o calls "$VNETMGR" -q "$@"; }
# listed: the chains whose rules are listed more than once
listed() { grep 'NFT_MSG_GETRULE.*NLM_F_DUMP' calls | sed 's/nlmsg_seq=[0-9]*//; s/ = [0-9]*$//' | sort | uniq -d; }
transactions() { grep -c NFNL_MSG_BATCH_BEGIN calls; }
serving() { pgrep -cf '/dnsmasq/n[0-9]*/dnsmasq.conf'; }
forks() { grep -cE '^(v?fork|clone3?)\(' calls; }

echo '--- rules of many go in one transaction, and come in one'
for backend in iptables-nft nftables; do
	use_firewall $backend
	traced net-start n1; one=$(transactions)
	ok "$backend: one of them stops" traced net-destroy n1; one_stops=$(transactions)
	ok "$backend: all start" traced net-start --all
	same "$backend: in as many transactions as one of them" "$one" "$(transactions)"
	same "$backend: no chain was listed twice" '' "$(listed)"
	same "$backend: one copy has forked for all" 1 "$(forks)"
	same "$backend: all serve" 17 "$(serving)"
	ok "$backend: all stop" traced net-destroy --all
	same "$backend: in as many transactions as one of them" "$one_stops" "$(transactions)"
	same "$backend: no chain was listed twice" '' "$(listed)"
	ok "$backend: nothing of them is recorded" test -z "$(ls "$VNETMGR_ROOT/run/vnetmgr/handles" 2>/dev/null)"
done

echo '--- whatever becomes of that copy, each dnsmasq has the record of its own network'
# whole WHAT: as many run as networks are active, none is degraded, and the others start
whole() {
	vnm net-list >list
	same "$1: all that are active serve, and no others" "$(grep -c ' active' list)" "$(serving)"
	ok "$1: all start" vnm -q net-start --all
	same "$1: all serve" 17 "$(serving)"
	ok "$1: all stop" vnm -q net-destroy --all
	same "$1: nothing is left" 0 "$(serving)"
}
start_with() { strace -qq -o calls -e inject="$1" "$VNETMGR" -q net-start --all; }
no 'an answer of it is lost' start_with recvfrom:error=ENOMEM:when=4; whole 'a lost answer'
ok 'it cannot be asked' start_with socketpair:error=EMFILE:when=1; whole 'without it'
start_with recvfrom:signal=KILL:when=6 2>/dev/null; whole 'killed while it forks'

echo '--- a dnsmasq sleeps while other networks start, change and stop'
ok 'all start again' vnm -q net-start --all
# pid NUMBER; groups PID: what its netlink socket is subscribed to; switches: how often each has gone to sleep
pid() { pgrep -f "/dnsmasq/n$1/dnsmasq.conf"; }
groups() { awk -v pid="$1" '$2 == 0 && $3 == pid { print $4 }' /proc/net/netlink; }
switches() { for i in 2 3 4; do sed -n "s/^voluntary_ctxt_switches:/n$i/p" "/proc/$(pid $i)/status"; done; }
mask=$((0x$(groups "$(pid 2)")))
ok 'it is told of addresses' test $((mask & 0x10)) -ne 0
ok 'but not of routes' test $((mask & 0x440)) -eq 0
define 30
was=$(switches)
ok 'one more starts' vnm -q net-start n30
ok 'it changes' vnm -q net-update n30 add ip-dhcp-host --live "<host mac='52:54:00:77:30:01' ip='10.77.30.9'/>"
ok 'it stops' vnm -q net-destroy n30
same 'nobody else was woken' "$was" "$(switches)"
ip addr add 10.77.102.1/24 dev nb2
woken() { [ "$(switches | sed -n 1p)" != "$(echo "$was" | sed -n 1p)" ]; }
ok 'an address on its own bridge is no secret' await woken
ok stop vnm -q net-destroy --all
finish
