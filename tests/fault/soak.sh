#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# soak.sh - many commands for a long time: all at once and killed at random, and one after the other thousands of times.
#
#   VNM_SECONDS=4   how long eight workers use six networks   (make check-soak: 150)
#   VNM_CYCLES=15   starts and stops, attaches and detaches   (make check-soak: 5000 of each)
#   VNM_SEED=N      repeats each worker's commands; not how they meet
#
# Nobody gets stuck, nothing dies, nothing is left over, nothing grows, and readers get nothing wrong.
. "$srcdir/tests/lib/ns.sh"
seconds=${VNM_SECONDS:-4} cycles=${VNM_CYCLES:-15} seed=${VNM_SEED:-$(date +%s)} workers=8
R=$VNETMGR_ROOT
cd "$T" || exit 1
now() { echo $(($(date +%s%N) / 1000000)); }

# From now on a snapshot has the security table, too: iptables-save lists no table that nobody has asked for yet.
for ip in ip ip6; do ${ip}tables -t security -S; done >/dev/null 2>&1

# everything: more than snapshot: each namespace, each process, each file
everything() {
	snapshot
	! command -v nft >/dev/null || nft list ruleset
	ip netns list | cut -d " " -f 1 | sort; ip neigh show proxy; ip -6 neigh show proxy; tc qdisc show | grep -v noqueue | sed 's/ [0-9a-f]*: / /'
	ps -e -o args= | grep -E 'dnsmasq|vnetmgr|udhcpc|dhclient' | grep -v -e /run/internet/ -e "$0" -e grep
	find "$R/run" "$R/var" -type f ! -name lock ! -name owner | sort
	find "$R/run/vnetmgr" -name '.*'
}
# settled EXPECTED: what has been killed is gone for good after a while
settled() { tries=0; until [ "$(everything)" = "$1" ] || [ $((tries += 1)) -gt 100 ]; do busybox usleep 20000; done; everything; }

### Six networks of all kinds, each in two forms.
net() {	# net NUMBER FORWARD [REST]
	for form in 1 2; do cat >"n$1.$form.xml" <<-X
	<network><name>n$1</name>$2<bridge name='br-n$1' stp='off'/>${3:-}
	<ip address='10.60.$1.1' prefix='24'><dhcp><range start='10.60.$1.100' end='10.60.$1.${form}99'/></dhcp></ip></network>
	X
	done
}
net 1 "<forward mode='nat'/>"
net 2 "<forward mode='nat'><nat ipv6='yes'/></forward>" "<ip family='ipv6' address='fd00:60:2::1' prefix='64'/>"
net 3 "<forward mode='route'/>"
net 4 ''
net 5 "<forward mode='open'/>" "<bandwidth><inbound average='10000'/><outbound average='10000'/></bandwidth>"
net 6 "<forward mode='nat' dev='uplink0'/>" "<dns><host ip='10.60.6.9'><hostname>x</hostname></host></dns>"
for w in $(seq $workers); do ip netns add g$w; done
vnm -q net-define n1.1.xml; vnm -q net-start n1; vnm -q net-destroy n1; vnm -q net-undefine n1
idle=$(everything)

# choices SEED: lines COMMAND NETWORK FORM KILL; KILL is after how many microseconds, 0 never
choices() {
	awk -v seed="$1" 'BEGIN {
		srand(seed); split("define create start start destroy undefine update attach attach detach forward unforward apply repair list info", ops)
		for (i = 0; i < 20000; i++)
			print ops[1 + int(rand() * 16)], 1 + int(rand() * 6), 1 + int(rand() * 2), rand() < 0.12 ? int(rand() * 200000) : 0
	}'
}
# command_of OP NETWORK FORM WORKER: a word on a line
words() { printf '%s\n' "$@"; }
command_of() {
	case $1$3 in
	define* | create* | apply*) words net-$1 n$2.$3.xml ;;
	start* | destroy* | undefine* | repair* | info*) words net-$1 n$2 ;;
	update1) words net-update n$2 add dns-host "<host ip='10.60.$2.$4'><hostname>w$4</hostname></host>" ;;
	update2) words net-update n$2 delete dns-host "<host ip='10.60.$2.$4'/>" ;;
	attach1) words net-attach n$2 --tap t$2-$4 ;;
	attach2) words net-attach n$2 --netns g$4 --ifname e$2 --ip auto --no-default-route ;;
	detach1) words net-detach n$2 t$2-$4 ;;
	detach2) words net-detach n$2 g$4 ;;
	forward*) words net-forward-add n$2 tcp $((8000 + $2 * 10 + $4)) 10.60.$2.$((10 + $4)):80 ;;
	unforward*) words net-forward-del n$2 tcp $((8000 + $2 * 10 + $4)) ;;
	list*) words net-list --all ;;
	esac
}
# worker NUMBER: results are lines MILLISECONDS STATUS KILLED COMMAND
worker() {
	mine=out.$1 newline='
'
	choices $((seed + $1)) | while read -r op n form after; do
		[ "$(now)" -lt "$end" ] || break
		line=$(command_of $op $n $form $1); begin=$(now) killed=0
		IFS=$newline
		"$VNETMGR" -q $line >"$mine" 2>&1 & pid=$!
		unset IFS
		if [ "$after" -gt 0 ]; then busybox usleep "$after"; kill -9 $pid 2>/dev/null; fi
		wait $pid 2>/dev/null; status=$?
		[ $status != 137 ] || killed=1
		took=$(($(now) - begin))
		echo "$took $status $killed $op n$n" >>"results.$1"
		case $op:$status in *:137) ;; list:[!0]* | *:12[4-9] | *:1[34]?) { echo "--- $line: $status"; cat "$mine"; } >>wrong ;; esac
		grep -q 'has held' "$mine" && { echo "--- $line"; cat "$mine"; } >>wrong
	done
}

### All at once.
echo "$workers workers on 6 networks for $seconds s (seed $seed)"
: >wrong; end=$(($(now) + seconds * 1000))
pids=
for w in $(seq $workers); do : >"results.$w"; worker "$w" & pids="$pids $!"; done
while [ $((end - $(now))) -gt 10000 ]; do
	busybox sleep 10; echo "  $((seconds - (end - $(now)) / 1000)) s: $(cat results.* | wc -l) commands"
done
for pid in $pids; do wait "$pid"; done
same 'no command was stuck, crashed, or could not list' '' "$(head -c 3000 wrong)"
ok 'all is rolled back or completed' vnm -q net-list --all
ok 'and can be repaired' vnm -q net-repair --all
has 'whole' 'none' "$(vnm -q net-list 2>&1 | grep -v ' active ' | grep . || echo none)"
ok 'stop all' vnm -q net-destroy --all
for n in 1 2 3 4 5 6; do
	for dev in $(sed -n "s/.* dev='\([^']*\)'.*/\1/p" "$R/var/lib/vnetmgr/attachments/n$n.xml" 2>/dev/null); do vnm -q net-detach n$n "$dev"; done
	for w in $(seq $workers); do vnm -q net-detach n$n t$n-$w; vnm -q net-detach n$n g$w; done
	vnm -q net-undefine n$n
done >/dev/null 2>&1
same 'no definition' '' "$(vnm -q net-list --all --name | grep .)"
same 'nothing is left' "$idle" "$(settled "$idle")"
mix=$(cat results.* | awk '{ n++; s += $1; if ($1 > m) m = $1; k += $3; ok += $2 == 0 } END { printf "%d commands (%d killed, %d succeeded), mean %d ms, slowest %d ms", n, k, ok, n ? s / n : 0, m }')
turns=$(for w in $(seq $workers); do wc -l <results.$w; done | sort -n | sed -n '1p;$p' | xargs | sed 's/ / to /')

### Reading without the lock: whatever is being done to a network, it is never reported as degraded.
for n in 1 2 3; do vnm -q net-define n$n.1.xml; done
vnm -q net-start n3
: >going
while [ -e going ]; do
	vnm -q net-start n1 n2
	vnm -q net-update n1 add dns-txt "<txt name='a' value='b'/>" --live
	vnm -q net-forward-add n1 tcp 8080 10.60.1.9:80 --live
	vnm -q net-update n2 add route "<route address='10.99.0.0' prefix='16' gateway='10.60.2.2'/>" --live
	vnm -q net-attach n3 --tap t3 --ip 10.60.3.7 >/dev/null
	vnm -q net-detach n3 t3
	vnm -q net-destroy n1 n2
done >changes 2>&1 & changer=$!
end=$(($(now) + seconds * 250)) looks=0
while [ "$(now)" -lt "$end" ]; do
	vnm -q --wait 0 net-list --all >list 2>&1 || echo "status $?" >>list
	awk '$2 !~ /^(active|inactive|starting|stopping)$/' list >>odd
	vnm -q --wait 0 net-dumpxml n1 >/dev/null 2>>odd
	vnm -q --wait 0 net-info n3 >/dev/null 2>>odd
	looks=$((looks + 1))
done
rm going; wait $changer
same 'nothing odd was seen' '' "$(head -c 2000 odd)"
same 'and the changes were made' '' "$(grep -v '^warning: no guest' changes | head -c 2000)"
vnm -q net-destroy n3; for n in 1 2 3; do vnm -q net-undefine n$n; done
same 'nothing is left' "$idle" "$(settled "$idle")"

### One after the other.
# cycle WHAT THERE BACK...: both, $cycles times; $first and $last are milliseconds of a tenth each
cycle() {
	title=$1; tenth=$((cycles / 10 + 1)) i=0 failed=0 first=0 last=0
	while [ $((i += 1)) -le "$cycles" ]; do
		begin=$(now)
		eval "$2" >out 2>&1 && eval "$3" >>out 2>&1 || { failed=$((failed + 1)); sed 's/^/    /' out >&2; }
		took=$(($(now) - begin))
		[ $i -gt $tenth ] || first=$((first + took))
		[ $i -le $((cycles - tenth)) ] || last=$((last + took))
		[ $((i % 500)) -gt 0 ] || echo "  $title: $i of $cycles"
	done
	same "$title: failures" 0 $failed
	ok "$title: no slower at the end: $first ms, $last ms" [ $last -lt $((first * 2 + 500)) ]
	cycled="$cycled; $cycles $title: $failed failed, $((first / tenth)) ms at first, $((last / tenth)) ms at last"
}
cycled=
ok 'define' vnm -q net-define n2.1.xml
cycle 'starts and stops' 'vnm -q net-start n2' 'vnm -q net-destroy n2'
ok 'start' vnm -q net-start n2
once() { ok 'attach' vnm -q net-attach n2 --netns g1 --ip auto --hostname guest; ok 'detach' vnm -q net-detach n2 g1; }
once
pid=$(pgrep -f dnsmasq/n2/dnsmasq.conf)
size() { echo "$(sed -n 's/^VmRSS:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$pid/status") $(ls "/proc/$pid/fd" | wc -l) $(find "$R/run/vnetmgr" "$R/var/lib/vnetmgr" -type f | wc -l)"; }
size0=$(size)
cycle 'attaches and detaches' 'vnm -q net-attach n2 --netns g1 --ip auto --hostname guest' 'vnm -q net-detach n2 g1'
size1=$(size)
same 'the same dnsmasq' "$pid" "$(pgrep -f dnsmasq/n2/dnsmasq.conf)"
same 'descriptors and files' "${size0#* }" "${size1#* }"
ok "its memory: ${size0%% *} kB, ${size1%% *} kB" [ "${size1%% *}" -le $((${size0%% *} + 512)) ]
ok 'stop' vnm -q net-destroy n2; ok 'undefine' vnm -q net-undefine n2
same 'nothing is left of the cycles' "$idle" "$(settled "$idle")"
echo "$workers workers, $seconds s: $mix, $turns turns; $looks looks at 3 networks while they change, $(wc -l <odd) odd$cycled; dnsmasq: ${size0%% *} to ${size1%% *} kB, descriptors and files ${size0#* } to ${size1#* } (seed $seed)"
finish
