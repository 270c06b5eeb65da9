# SPDX-License-Identifier: GPL-2.0-or-later
# many.sh - what tests of many hosts share (tests/hosts). Sourced after hosts.sh.
#
# A guest gN-K is one of the network nN on host K, which has 10.N.128.K and fd00:N::1:K. HOSTS are the numbers of all hosts.
now_ms() { echo $(($(date +%s%N) / 1000000)); }
median() { sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
# cost COMMAND...: milliseconds of it, with one decimal
cost() { from=$(date +%s%N); "$@" >/dev/null 2>&1; awk -v t=$(($(date +%s%N) - from)) 'BEGIN { printf "%.1f\n", t / 1000000 }'; }
# each COMMAND ARGUMENTS...: on all hosts at once, with the number of the host behind them
each() {
	pids=
	for k in $HOSTS; do "$@" "$k" & pids="$pids $!"; done
	for pid in $pids; do wait "$pid" || return; done
}
# reach FROM-NETNS ADDRESS...: each is reached; those that are not are named
reach() {
	from=$1; shift
	for to; do
		ip netns exec "$from" ping -n -q -c 3 -i 0.2 -W 3 "$to" >/dev/null 2>&1 || { echo "$from does not reach $to"; bad=1; }
	done
	return "${bad:-0}"
}
# matrix HOSTS: all guests of these hosts in the first two networks reach each other, IPv4 and IPv6; row: those of $from_host
row() {
	bad=0
	for n in 1 2; do
		set --
		for b in $among; do [ "$b" = "$from_host" ] || set -- "$@" "10.$n.128.$b" "fd00:$n::1:$b"; done
		[ $# = 0 ] || reach "g$n-$from_host" "$@" || bad=1
	done
	return $bad
}
matrix() {
	among=$1 failed=0 pids=
	for from_host in $among; do row & pids="$pids $!"; done
	for pid in $pids; do wait "$pid" || failed=1; done
	return $failed
}
# carried FROM-NETNS TO-NETNS ADDRESS: Mbit/s of a TCP connection
carried() {
	ip netns exec "$2" python3 "$srcdir/tests/hosts/carry.py" receive 5001 >"$T/carried" & sink=$!
	await_port 5001 inns "$2"
	ip netns exec "$1" python3 "$srcdir/tests/hosts/carry.py" send "$3" 5001 1000000000
	wait $sink; cat "$T/carried"
}
