#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# kills.sh - kill -9 at any moment: starts and stops are killed after a random time, every other one together with its
# children. net-list works at once, the same command again succeeds, and the stop leaves nothing.
#
#   VNM_KILLS=60    how many                     (make check-fault: 1000)
#   VNM_SEED=N      repeats the moments of a run
. "$srcdir/tests/lib/ns.sh"
kills=${VNM_KILLS:-60} seed=${VNM_SEED:-$(date +%s)}
cd "$T" || exit 1
cat >n.xml <<-'X'
<network><name>n</name><forward mode='nat'><nat ipv6='yes'/></forward><bridge name='br-n' stp='off'/><mac address='52:54:00:a1:b2:c3'/>
<ip address='192.168.190.1' prefix='24'><dhcp><range start='192.168.190.100' end='192.168.190.200'/></dhcp></ip>
<ip family='ipv6' address='fd00:190::1' prefix='64'/></network>
X
ok 'define' vnm -q net-define n.xml
vnm -q net-start n; vnm -q net-destroy n
before=$(snapshot)
# left: the snapshot, once what has been killed is gone for good
left() {
	tries=0
	while ps -e -o args= | grep -q '^\[dnsmasq\]' && [ $((tries += 1)) -lt 1000 ]; do busybox usleep 5000; done
	snapshot
}
now() { echo $(($(date +%s%N) / 1000)); }
took() { began=$(now); vnm -q net-$1 n; echo $(($(now) - began)); }
# How long they take when nothing else is in the way: the shortest of five.
for i in 1 2 3 4 5; do echo "$(took start) $(took destroy)"; done >times
start_us=$(sort -n times | awk 'NR == 1 { print $1 }') destroy_us=$(sort -k 2n times | awk 'NR == 1 { print $2 }')

# kill_at MICROSECONDS GROUP WHAT: a session of its own makes a group of the command and its children.
kill_at() {
	setsid "$VNETMGR" -q net-"$3" n >out 2>&1 &
	pid=$!
	busybox usleep "$1"
	if [ "$2" = 1 ]; then kill -9 -- "-$pid" 2>/dev/null || kill -9 "$pid" 2>/dev/null; else kill -9 "$pid" 2>/dev/null; fi
	wait "$pid" 2>/dev/null; status=$?
	[ $status -ne 137 ] || killed=$((killed + 1))
	[ $status -eq 137 ] || same "net-$3, which came through" 0 $status
	ok "net-list after net-$3 killed at $1 us" vnm net-list --all
}
# Again: it succeeds, or it was through.
again() {
	case $1 in
	start) vnm -q net-start n >out 2>&1 || grep -q 'already active' out ;;
	destroy) vnm -q net-destroy n >out 2>&1 || grep -q 'is not active' out ;;
	esac
}
killed=0 i=0
awk -v seed="$seed" -v n="$kills" -v a="$start_us" -v b="$destroy_us" '
	BEGIN { srand(seed); for (i = 0; i < n; i++) printf "%d %d %d\n", rand() * a * 1.1, rand() * b * 1.1, i % 2 }' >moments
while read -r start destroy group; do
	i=$((i + 1))
	kill_at "$start" "$group" start
	ok "$i: start again, killed at $start us" again start
	has "$i: active" '^ *n  *active' "$(vnm net-list)"
	kill_at "$destroy" "$group" destroy
	ok "$i: stop again, killed at $destroy us" again destroy
	same "$i: nothing is left (VNM_SEED=$seed)" "$before" "$(left)"
	[ $((i % 50)) -gt 0 ] || echo "$i of $kills"
done <moments
ok 'some were killed' test $killed -gt $((kills / 4))
echo "$killed of $((kills * 2)) commands killed before they ended (seed $seed)"
finish
