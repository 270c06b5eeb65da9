#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# foreign.sh - nobody else's rules are lost while networks come and go, with the back end of VNM_FIREWALL: eight processes start and
# stop four networks, and eight loops change rules of their own with the iptables commands, and where those are of nf_tables two
# with nft; each change takes effect, and stays.
#
#   VNM_FOREIGN_UPDATES=60   changes by each of the loops            (make check-fault: 1300)
#   VNM_FOREIGN_CHURN=8      starts and stops by each process        (make check-fault: 125)
. "$srcdir/tests/lib/ns.sh"
updates=${VNM_FOREIGN_UPDATES:-60} churn=${VNM_FOREIGN_CHURN:-8}

for i in 1 2 3 4; do
	cat >"$T/n$i.xml" <<-X
	<network><name>n$i</name><forward mode='nat'><nat ipv6='yes'/></forward><bridge name='br-n$i' stp='off'/>
	<ip address='192.168.19$i.1' prefix='24'/><ip family='ipv6' address='fd00:19$i::1' prefix='64'/></network>
	X
	ok "define n$i" vnm -q net-define "$T/n$i.xml"
done
# An address for each change; matches would not do, since ip6tables 1.8.9 compares rules without them.
address() { case $1 in ip6*) echo "fd97::$2/128" ;; *) echo "10.97.$(($2 / 256)).$(($2 % 256))/32" ;; esac; }
world() {
	for tool in iptables ip6tables; do
		{
			printf '*filter\n:REPLACE -\n:APPEND -\n:RESTORE -\n:DELETE -\n-A REPLACE -p 150\n'
			i=0; while [ $i -lt "$updates" ]; do i=$((i + 1)); echo "-A DELETE -s $(address $tool $i)"; done
			echo COMMIT
		} | $tool-restore --noflush
	done
}
world
for tool in iptables ip6tables; do for t in filter nat mangle raw; do $tool -t $t -S >/dev/null; done; done
before=$(snapshot)

# nft is somebody else, with a table of its own.
beside() { [ "$FIREWALL" != legacy ] && command -v nft >/dev/null; }
theirs() { nft 'add table inet theirs; add set inet theirs kept { type ipv4_addr; }; add set inet theirs gone { type ipv4_addr; }'; }
# The kinds of change: what it does, and what must be true afterwards, and still at the end of all.
change() {
	case $2 in
	APPEND) $1 -w -A APPEND -s "$(address $1 $3)" ;;
	REPLACE) $1 -w -R REPLACE 1 -s "$(address $1 $3)" ;;		# the number of rules stays, as the kernel checks it
	DELETE) $1 -w -D DELETE -s "$(address $1 $3)" ;;
	KEPT) nft add element inet theirs kept "{ 10.98.$(($3 / 256)).$(($3 % 256)) }" ;;
	GONE) nft "add element inet theirs gone { 10.98.$(($3 / 256)).$(($3 % 256)) }" &&
		nft "delete element inet theirs gone { 10.98.$(($3 / 256)).$(($3 % 256)) }" ;;
	RESTORE) printf '*filter\n:RESTORE - [0:0]\n-A RESTORE -s %s\nCOMMIT\n' "$(address $1 $3)" | $1-restore -w --noflush ;;
	esac
}
# What nft lists is interrupted by who commits, and then it fails or lists a part.
has_element() {
	for try in 1 2 3 4 5; do
		case $1 in
		KEPT) nft get element inet theirs kept "{ $2 }" >/dev/null 2>&1 && return ;;
		GONE) nft list set inet theirs gone 2>/dev/null | grep -qF "$2 " || return 0 ;;
		esac
	done
	return 1
}
stays() {
	case $2 in
	KEPT | GONE) has_element "$2" "10.98.$(($3 / 256)).$(($3 % 256))" ;;
	DELETE) ! $1 -w -C DELETE -s "$(address $1 $3)" 2>/dev/null ;;
	*) $1 -w -C "$2" -s "$(address $1 $3)" 2>/dev/null ;;
	esac
}
loop() {
	i=0
	while [ $i -lt "$updates" ]; do
		i=$((i + 1))
		change "$1" "$2" $i || echo "$1 $2 $i failed"
		stays "$1" "$2" $i || echo "$1 $2 $i lost at once"
	done
	echo "$i" >"$T/done.$1.$2"
}
# Two processes have one network, so that one of them may find it started or stopped by the other.
come_and_go() {
	n=0
	while [ $n -lt "$churn" ] || [ ! -e "$T/calm" ]; do
		for what in start destroy; do
			vnm -q net-$what "$1" >"$T/output.$2" 2>&1 || grep -q 'is already active\|is not active' "$T/output.$2" ||
				sed "s/^/net-$what $1: /" "$T/output.$2"
			n=$((n + 1))
		done
	done
	echo "$n" >"$T/went.$2"
}
began=$(date +%s)
hammers= churns=
for tool in iptables ip6tables; do
	for kind in APPEND REPLACE DELETE RESTORE; do loop $tool $kind >"$T/lost.$tool.$kind" 2>&1 & hammers="$hammers $!"; done
done
if beside; then
	theirs
	for kind in KEPT GONE; do loop nft $kind >"$T/lost.nft.$kind" 2>&1 & hammers="$hammers $!"; done
fi
for i in 1 2 3 4 5 6 7 8; do come_and_go "n$((i % 4 + 1))" $i >"$T/churn.$i" 2>&1 & churns="$churns $!"; done
# shellcheck disable=SC2086
wait $hammers; touch "$T/calm"
# shellcheck disable=SC2086
wait $churns
for i in 1 2 3 4; do vnm -q net-destroy n$i >/dev/null 2>&1; done

same 'no foreign update was lost or refused' '' "$(cat "$T"/lost.*)"
same 'every start and stop was carried out' '' "$(cat "$T"/churn.*)"
for tool in iptables ip6tables; do
	same "$tool: what was appended" "$updates" "$($tool -S APPEND | grep -c -- -s)"
	same "$tool: what was deleted" 0 "$($tool -S DELETE | grep -c -- -s)"
	for kind in REPLACE RESTORE; do
		same "$tool: what $kind made last" "-A $kind -s $(address $tool "$updates")" "$($tool -S $kind | grep -- '^-A')"
	done
done
if beside; then
	same 'nft: what was added' "$updates" "$(nft list set inet theirs kept | grep -oE '10[.]98[.][0-9.]+' | wc -l)"
	same 'nft: what was deleted' 0 "$(nft list set inet theirs gone | grep -c '10[.]98')"
	nft delete table inet theirs
fi
world
same 'no trace of the networks is left' "$before" "$(snapshot)"
total=$(cat "$T"/done.* | awk '{ n += $1 } END { print n }')
echo "$total foreign updates against $(cat "$T"/went.* | awk '{ n += $1 } END { print n }') starts and stops: $(cat "$T"/lost.* | wc -l) lost, $(($(date +%s) - began)) s"

[ "$FIREWALL" = legacy ] && command -v strace >/dev/null || finish	# the others take no lock
# holds COMMAND: how long net-COMMAND holds the lock, in ms, a line for each time, and whether it forks meanwhile: the
# child would hold it on.
holds() {
	strace -ttt -qq -o "$T/trace" -e trace=openat,flock,close,clone,clone3,fork,vfork "$VNETMGR" -q "net-$1" n1 >/dev/null 2>&1
	# TIME openat(.., "/run/xtables.lock", ..) = FD ... close(FD)
	awk '/xtables.lock/ { held = $NF; n++; next }
		held != "" && / flock\(/ { since = $1 }
		held != "" && / (clone|clone3|fork|vfork)\(/ { print "forks while it holds the lock" }
		held != "" && $2 == "close(" held ")" { printf "%.1f\n", ($1 - since) * 1000; held = "" }
		END { if (!n) print "does not lock" }' "$T/trace"
}
tangle() { iptables -F VNM_FWI; kill "$(cut -d' ' -f1 "$VNETMGR_ROOT/run/vnetmgr/dnsmasq/n1/process")" 2>/dev/null; }
for rules in 100 10000; do
	{
		printf '*filter\n:MANY -\n'
		i=0; while [ $i -lt $rules ]; do i=$((i + 1)); echo "-A MANY -s $(address iptables $i)"; done
		echo COMMIT
	} | iptables-restore --noflush
	i=0
	while [ $i -lt 10 ]; do
		i=$((i + 1))
		holds start; tangle; holds repair; holds destroy
	done >"$T/held"
	same "$rules foreign rules: the lock, and no forks" '' "$(grep -v '^[0-9.]*$' "$T/held")"
	ok "$rules foreign rules: the lock is held less than a second" awk '$1 > 1000 { exit 1 }' "$T/held"
	sort -n "$T/held" | awk -v rules=$rules '{ t[NR] = $1 }
		END { printf "%d foreign rules: the lock is held for %s ms, at most %s ms, of %d times\n", rules, t[int((NR + 1) / 2)], t[NR], NR }'
done
finish
