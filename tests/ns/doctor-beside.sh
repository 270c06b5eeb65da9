#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# net-doctor beside other commands, and beside itself: no other command waits for it, a network that is changed meanwhile is looked at
# anew, what it could not look at is told and is no finding, and a packet that is followed when it is killed leaves nothing.
. "$srcdir/tests/lib/ns.sh"
need nft strace flock

cat >"$T/n.xml" <<'X'
<network><name>n</name><forward mode='nat'/><bridge name='br-n' stp='off'/>
<ip address='192.168.77.1' prefix='24'/></network>
X
for name in g1 g2; do ip netns add $name; done
ok 'define' vnm net-define "$T/n.xml"; ok 'start' vnm net-start n
ok 'a guest' vnm net-attach n --netns g1 --ip 192.168.77.5
ok 'another guest' vnm net-attach n --netns g2 --ip 192.168.77.6
LOCK=$VNETMGR_ROOT/run/vnetmgr/lock

# examine NAME [COMMAND...]: net-doctor in the background, by the command; its report is $T/NAME. ended_with: its status
examine() { name=$1; shift; ("$@" "$VNETMGR" net-doctor n >"$T/$name" 2>&1; echo $? >"$T/$name.status") & }
ended_with() { await [ -s "$T/$1.status" ]; cat "$T/$1.status"; }
running() { [ ! -e "$T/$1.status" ]; }
# has_looked NAME: it has had the lock
has_looked() { ! running "$1" || [ "$(cut -d ' ' -f 2 "$LOCK")" = "$(pgrep -f 'net-doctor n$' | tail -n 1)" ]; }

# Guests that hear no answer to their ARP requests: each packet of theirs takes a second or more. The lock is held for some 50 ms of it,
# and longer where processors are busy.
deaf() { inns $1 nft 'add table arp t; add chain arp t i { type filter hook input priority 0; policy drop; }'; }
deaf g1; deaf g2
examine deaf; n=0
while running deaf; do
	ok 'a change meanwhile' vnm --wait 3 net-desc n --config "$n"
	n=$((n + 1))
	sleep .1
done
same 'it has found something' 3 "$(ended_with deaf)"; has 'what' '^Finding: .* finds nobody at' "$(cat "$T/deaf")"
ok "it took a while" [ $n -gt 3 ]
for g in g1 g2; do inns $g nft delete table arp t; done

# Changed while it waits: it is about what there is in the end.
deaf g2
examine changed; await has_looked changed
ok 'the guest goes' vnm net-detach n g2
same 'healthy' 0 "$(ended_with changed)" || cat "$T/changed" >&2

# Errors of its own, one at a time.
# unseen WHAT ERRNO TEXT STRACE-OPTION...: that cannot be looked at
unseen() {
	about=$1 text=$2; shift 2
	strace -qq -o "$T/trace" "$@" "$VNETMGR" net-doctor n --json $passive >"$T/json" 2>"$T/err"
	same "$about: exit status" 1 $?
	has "$about: told" "^error: network n: could not be checked: $text" "$(cat "$T/err")"
	has "$about: no findings" '"findings": \[\]' "$(cat "$T/json")"
	has "$about: in JSON" "\"$text" "$(cat "$T/json")"
}
passive=--passive
unseen 'name servers' '/etc/resolv.conf: Input/output error' -P /etc/resolv.conf -e inject=openat:error=EIO
unseen 'a setting' '/proc/sys/net/ipv4/conf/br-n/arp_ignore: Permission denied' -P /proc/sys/net/ipv4/conf/br-n/arp_ignore -e inject=openat:error=EACCES
unseen 'a guest' 'guest vnet0 .*: Cannot allocate memory' -e trace=setns -e inject=setns:error=ENOMEM

# Packets for which there is no time, since the first takes all of it: 20 seconds, eight times as long on a busy host.
if [ "${VNM_DOCTOR:-}" = all ]; then
	passive=
	seconds=$(awk -v n="$(nproc)" '{ busy = int($1 / n) + 2; print 5 + 20 * (busy < 8 ? busy : 8) }' /proc/loadavg)
	unseen 'late' '[0-9]+ of the packets that were to be followed, for which there was no time' \
		-P /proc/net/softnet_stat -e inject=openat:delay_enter=${seconds}000000:when=1
fi

# Several networks: the host is read once, and each has its own findings.
for i in 1 2 3; do
	echo "<network><name>m$i</name><bridge name='br-m$i' stp='off'/><ip address='192.168.8$i.1' prefix='24'/></network>" >"$T/m.xml"
	vnm -q net-define "$T/m.xml"; vnm -q net-start m$i
done
ip link set dev br-m2 down
strace -qq -o "$T/trace" -P /proc/sys/net/ipv4/conf/lo/rp_filter "$VNETMGR" net-doctor --passive >"$T/report" 2>&1
same 'of one of them' 3 $?
same 'read once' 1 "$(grep -c open "$T/trace")"
same 'each network' 'm1 is healthy m2: 1 finding m3 is healthy n is healthy' \
	"$(sed -n 's/^Network //p' "$T/report" | sort | tr '\n' ' ' | sed 's/ $//')"
vnm -q net-destroy m1 m2 m3

# Killed while a packet is on its way, the next command restores what there was.
was=$(cat /proc/sys/net/netfilter/nf_log/2)
examine killed strace -f -qq -o "$T/trace" -P /proc/net/softnet_stat -e inject=openat:signal=KILL
same 'killed' 137 "$(ended_with killed)"
ok 'a record' [ -e "$VNETMGR_ROOT/run/vnetmgr/trace" ]
same 'the next one' 0 "$(vnm net-doctor n >"$T/out" 2>&1; echo $?)"
no 'no record' [ -e "$VNETMGR_ROOT/run/vnetmgr/trace" ]
same 'the logger' "$was" "$(cat /proc/sys/net/netfilter/nf_log/2)"
same 'no table' '' "$(nft list tables | grep trace)"
finish
