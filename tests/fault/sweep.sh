#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# sweep.sh - every system call of every command fails in every way, and the process is killed on entering it; then
# net-list, the same command again, and its reverse; and after each of these everything there is, is compared.
#
#   sweep.sh [-b BACKEND,...] [-c COMMAND,...] [-f FAULT,...] [-y CALL,...] [-s STEP] [-j WORKERS] [-r RESULTS] [-n] [-t] [-1] [-q]
#
#   -b  with these firewall back ends, else with all; -1: each command with one of them only, in turn
#   -s  every STEP-th point only, others with each fault     -t  only print the table of RESULTS
#   -y  at these system calls only: of a process that is killed only those that change something make a difference
#   -q  print the sums of the table only, and how far the sweep is not
#   -n  do not count the points first, for which each command runs once more: how long it will take is not printed
#
# RESULTS has one line a point; those of this program and these rows are not done again, so that an interrupted
# sweep goes on where it was; but those are that went wrong, since a machine that stands still for a minute looks like
# a program that hangs. What a point came to:
#
#   done     exit status 0, and all is as after the undisturbed command
#   clean    refused with a message, and all is as before
#   told     refused with a message, and all is as after it (the output could not be written, say)
#   next     killed, or refused with a message, and the next command made it one of the two
#   survived killed, and all is as before or as after it
#   warned   exit status 0, a warning names what is left, and with the next command (of some rows: net-repair) all is as after it
#
# and what it must not: found (exit status 3: net-doctor takes an error of its own for a fault of the network), wrong (0, and not
# done), mute (refused without a message), crash, hang, eintr (not tried again), stuck (the next command does not help), again (the same command does not succeed afterwards), lost (the
# reverse does not restore what was), list (net-list does not show what there is).
FINE='done clean told next survived warned missed'
backends=legacy,iptables-nft,nftables in_turn=
commands= faults= calls= step=1 workers=1 results=fault-results.tsv worker= table= uncounted= quiet=
while getopts b:c:f:y:s:j:r:w:nqt1 option; do
	case $option in
	b) backends=$OPTARG ;; 1) in_turn=-1 ;; c) commands=$OPTARG ;; f) faults=$OPTARG ;; y) calls=$OPTARG ;; s) step=$OPTARG ;; j) workers=$OPTARG ;; r) results=$OPTARG ;;
	w) worker=$OPTARG ;; n) uncounted=y ;; q) quiet=-q ;; t) table=y ;; *) exit 2 ;;
	esac
done
: "${VNETMGR:?the program under test}" "${srcdir:=.}"
srcdir=$(cd "$srcdir" && pwd) here=$srcdir/tests/fault
case $results in /*) ;; *) results=$PWD/$results ;; esac

if [ -z "$worker" ]; then
	print_table() { awk -v fine="$FINE" -v short="$quiet" -f "$here/table.awk" "$results" "$results"; }
	[ -z "$table" ] || { print_table; exit; }
	command -v strace >/dev/null || { echo 'SKIP: strace is not installed' >&2; exit "${VNM_TEST_MUST_WORK:-77}"; }
	: >>"$results"
	awk -F '\t' -v fine=" $FINE " 'index(fine, " " $7 " ")' "$results" >"$results.fine" && mv "$results.fine" "$results" || exit 1
	export srcdir VNETMGR
	worker() { "$VNETMGR" sandbox --uplink sh "$here/sweep.sh" -w "$1" -b "$backends" $in_turn $quiet -c "$commands" -f "$faults" -y "$calls" -s "$step" -r "$results"; }
	count() {
		worker count >"$results.count" || { cat "$results.count"; exit 1; }
		awk -v workers="$workers" '
		{ points += $2; known += $3; ms += ($2 - $3) * $4 }
		END { printf "%d commands, %d points, %d of them done before; about %d min for the rest\n", NR, points, known, ms / 60000 / workers + 1 }' \
			"$results.count"
		rm -f "$results.count"
	}
	[ -n "$uncounted" ] || count
	pids= i=0
	while [ "$i" -lt "$workers" ]; do
		# A worker whose world is spoilt leaves with 9, and another begins in a new one.
		(status=9 worlds=0
		while [ "$status" -eq 9 ] && [ "$worlds" -lt 200 ]; do
			worlds=$((worlds + 1))
			worker "$i/$workers"; status=$?
		done
		exit "$status") &
		pids="$pids $!" i=$((i + 1))
	done
	failed=0
	for pid in $pids; do wait "$pid" || failed=$?; done
	print_table || failed=1
	exit "$failed"
fi

. "$srcdir/tests/lib/ns.sh"
. "$srcdir/tests/lib/fault.sh"
. "$here/commands.sh"
number=${worker%/*} of=${worker#*/}
# FRR on this host, which tests/lib/frr.sh takes for number 0 of several.
on() { shift; "$@"; }
LAB=$T/lab frr=
mkdir "$LAB" && ln -s "$VNETMGR_ROOT" "$LAB/h0" && . "$srcdir/tests/lib/frr.sh" && frr_find && frr=y
. "$srcdir/tests/lib/ovs.sh"
ovs=; ! ovs_find || ovs=y
export OVS_CTL_TIMEOUT=30 # on a machine that is busy with this
mkdir "$T/cwd"; cd "$T/cwd" || exit 1
files
for tool in iptables ip6tables; do
	for kind in legacy nft; do
		for t in filter nat mangle raw; do $tool-$kind -t $t -S >/dev/null 2>&1; done
	done
done
CNI=${builddir:-${VNETMGR%/*}}/vnetmgr-cni
LEND=${builddir:-${VNETMGR%/*}}/vnetmgr-bridge-helper HOLD=${builddir:-${VNETMGR%/*}}/tests/fault/hold
program=$(cat "$VNETMGR" "$CNI" "$LEND" | sha256sum)

# Of three pictures a point most of the time is spent in programs that start; so what the shell can do itself, it does.

# running: name and arguments of each process that counts, in $found
running() {
	found=
	for at in /proc/[0-9]*; do
		{ read -r stat <"$at/stat"; } 2>/dev/null || continue
		case $stat in
		*') Z '*) ;;
		*'(dnsmasq) '* | *'(vnetmgr-'*) ;;
		*) continue ;;
		esac
		stat=${stat#*(} line=
		{ read -r line <"$at/cmdline"; } 2>/dev/null
		case $line in
		*/run/internet/*) ;;
		*) found="$found${stat%%)*} ${line:-[]}
" ;;
		esac
	done
}
# Processes that are on their way out get the time for it.
processes() {
	tries=0
	while :; do
		running
		case $found in
		'') break ;;
		*vnetmgr-gate* | *'[]'*) ;;
		*vnetmgr-guard*) [ ! -e "$VNETMGR_ROOT/run/vnetmgr/n.guard" ] || break ;;
		*) break ;;
		esac
		tries=$((tries + 1)); [ "$tries" -lt 500 ] || break
		busybox usleep 10000
	done
	echo "$found" | sort	# not by their numbers, which begin anew at some time
}

# everything: the whole namespace and all state, as text without what is different each time (addrgenmode: of a tun, whether it
# has ever been open while it was up, as it is when its close() fails; what is said of a stop that was refused)
everything() {
	case $name in *-create/*) new='s/ino=[0-9]+/ino=/g; s/ (netns-)?cookie=[0-9]+//g' ;; *) new= ;; esac	# each namespace has a number of its own
	bridge=
	[ ! -e /sys/class/net/br-n/ifindex ] || read -r bridge </sys/class/net/br-n/ifindex
	{
		processes
		network
		for ns in /run/netns/g*; do [ ! -e "$ns" ] || network -n "${ns##*/}"; done
		case $name in *bandwidth* | limited* | floor*) limits ;; ovs*) ports ;; vlan* | told*) vlans ;; vrf*) routed ;; overlay*) hosts ;; evpn*) hosts; vty 0 'show running-config' ;; esac
		rules 2>/dev/null
		frame_tables
		# shellcheck disable=SC2046
		set -- $(find "$VNETMGR_ROOT" ! -type d ! -path '*/run/vnetmgr/lock' ! -path '*/run/vnetmgr/handles/*' -printf '%h\n%p\n' | sort -u)
		stat -c '%A %u:%g %N' "$@"
		grep -a -H -s -d skip -D skip '' /proc/sys/net/ipv4/conf/*/route_localnet /proc/sys/net/ipv4/ip_forward \
			/proc/sys/net/ipv6/conf/all/forwarding /proc/sys/net/ipv6/conf/*/disable_ipv6 \
			/proc/sys/net/ipv6/conf/*/accept_* /proc/sys/net/ipv6/conf/*/autoconf \
			/proc/sys/net/ipv4/conf/*/*_redirects /proc/sys/net/ipv4/conf/*/rp_filter \
			/proc/sys/net/ipv4/conf/*/arp_ignore "$@"
	} 2>&1 | sed -E -e "$new" -e "$LEARNT_PORTS" -e '/^#/d; /^(anycast|multicast|local|broadcast) |^unicast fe80::/d; /scope link/d; s/^[0-9]+: //; s/@if[0-9]+//
		s/ \[[0-9]+:[0-9]+\]//; s/NO-CARRIER,//; s/,LOWER_UP//; s/ linkdown//; s/ state [A-Z]+ / /; s/bridge_slave state [a-z]+/bridge_slave/; s/[a-z_]*_timer +[0-9.]+//g; s/(port_(id|no)|designated_port) [0-9a-fx]+//g
		s/( process=.)[0-9]+@/\1/; s/link-netnsid [0-9]+//; s/ tentative//; s/valid_lft.*//; s/parentbus.*//; s/ promiscuity [0-9]+//; s/addrgenmode random/addrgenmode eui64/; s/^(((vnet|vnm)[0-9]|blue):.* link.ether )[0-9a-f:]+/\1/
		/:[0-9]+ [0-9]+ [0-9a-f-]{36}( [0-9]+)?$/d; s/(\.(bridge|guest|port)):[0-9]+ [0-9]+ /\1:/; s/(\.others:[0-9]+ [0-9]+) '"${bridge:-none}"' /\1 this /; s/(\.others:[0-9]+ [0-9]+) [0-9]+ /\1 gone /; s/(dnsmasq\/[^\/]*\/bridge):'"${bridge:-none}"'$/\1:this/; s/(dnsmasq\/[^\/]*\/bridge):[0-9]+$/\1:gone/; s/:(uplink bridge=[^ ]* dev=[^ ]*).*/:\1/; s/ [89a-f][0-9a-f]{3}: / /
		/\.journal:state stopping$/{ N; /\.journal:state active$/d }'
}
# by_chain: chains of nf_tables in the order of their names: the order in which they were made has no effect
by_chain() {
	awk '
	/^table / { table = $0 }
	/^\tchain / { chain = table "\001"; on = 1 }
	on { chain = chain $0 "\001"; if (/^\t}/) { print chain | "sort"; on = 0 } next }
	{ print; fflush() }' | tr '\001' '\n'
}
# rules: those of the back end; of all, where the command moves them
rules() {
	saved_rules | by_chain
	case $name in firewall/*) ;; *) return ;; esac
	for tool in iptables ip6tables; do $tool-legacy-save; $tool-nft-save | grep -E '^-A|^:[^ ]+ -'; done
	for family in ip ip6; do nft -s list table $family vnetmgr; done
}
# What the kernel shows is interrupted by changes of others in the same dump; it is asked again.
network() {
	tries=0
	until seen=$(printf 'link show\naddress show\nroute show table all\nrule show\n' | ip "$@" -o -d -b - 2>&1); do
		tries=$((tries + 1)); [ "$tries" -lt 200 ] || break
		busybox usleep 10000
	done
	echo "$seen"
}
# In an order of their own: the kernel has them by numbers, and the numbers of the leaves are its choice.
limits() {
	tc qdisc show | sed -E 's/^(qdisc ([bp]fifo|sfq)) [0-9a-f]+:/\1/' | sort
	for dev in $(ls /sys/class/net); do tc class show dev "$dev" | sort; tc filter show dev "$dev"; tc filter show dev "$dev" ingress; done
	nft list ruleset netdev
}
# Of an overlay: what its filter is, and the hosts it floods to.
hosts() {
	nft list ruleset netdev; nft list table ip vnetmgr-vnm7
	bridge fdb show dev vnm7 | grep '^00:00:00:00:00:00 ' | sort
}
# Which port is in which VLANs, and which addresses the bridge is told of.
vlans() { bridge -compressvlans vlan show; bridge fdb show br br-n | grep static; }
# What leads into a VRF and out of it.
routed() { ip -6 rule show; nft -s list table ip vnetmgr-vrf-br-n; ls -d /sys/fs/cgroup/vnetmgr-*-"$(stat -L -c %i /proc/self/ns/net)"; }
# Of a switch of Open vSwitch.
ports() {
	vsctl --format=csv --no-headings --columns=name,tag,trunks,vlan_mode,other_config list Port | sort
	vsctl --format=csv --no-headings --columns=name,external_ids list Interface | sort
}
# Without its device and filter.
apart() { ip link del vnm7; nft delete table ip vnetmgr-vnm7; nft delete table netdev vnetmgr-vnm7; }
listing() { vnm net-list --all 2>/dev/null; }
# look PICTURE...: everything, in $now; if it is none of those, once more a moment later. On a busy machine the kernel and processes
# that end may be late; what is wrong stays.
look() {
	now=$(everything)
	for picture; do [ "$now" != "$picture" ] || return 0; done
	busybox usleep 300000
	now=$(everything)
}

# judge: FAULT CALL K WHERE; sets verdict and note
judge() {
	verdict= note=
	# shellcheck disable=SC2086
	fault "$1" "$2" "$3" "$4" "$subject" $arguments <"$input" >"$T/stdout" 2>"$T/stderr"
	status=$?
	[ $status -ne 0 ] && now=$(everything) || look "$after"
	case $status in
	0) if [ "$now" = "$after" ]; then verdict=done; elif grep -q '^warning: ' "$T/stderr"; then verdict=warned; else verdict=wrong; fi ;;
	124) verdict=hang ;;
	137) case $now in "$before" | "$after") verdict=survived ;; *) verdict=next ;; esac; [ "$1" = KILL ] || verdict=hang ;;
	1) case $now in "$before") verdict=clean ;; "$after") verdict=told ;; *) verdict=next ;; esac
	   grep -q '^error: ' "$T/stderr" || verdict=mute ;;
	*) verdict=crash ;;
	esac
	if [ $status$kind = 3finds ]; then verdict=found; fi
	if [ "$1" = EINTR ] && [ "$verdict" != done ] && [ "$4" != stdio ] && interruptible "$2"; then verdict=eintr; fi
	words "$T/hit" INJECTED; hit=$said
	words "$T/stderr"
	[ "$verdict" != found ] || words "$T/stdout"
	case $1$4 in KILLchild) ;; KILL*) [ "$status" -eq 137 ] ;; *) [ -n "$hit" ] ;; esac || verdict=missed
	note=$(printf '%s: %.150s %.300s' "$status" "$hit" "$said")	# the line must fit one write(): workers share the file
	[ "$verdict" != wrong ] || differ "$after" "$now"
	[ "$verdict" = done ] || [ "$1" = KILL ] || grep -q "$(errno_text "$1")" "$T/stderr" || note="vague $note"
	list=$(listing)
	if [ "$verdict$kind" = warnedmended ]; then
		vnm net-repair n >"$T/stdout" 2>&1
		now=$(everything) list=$(listing)
	fi
	# What is as it should be needs no second picture: if net-list spoilt it, the same command does not lead on.
	case $now in "$before" | "$after") ;; *) look "$before" "$after" ;; esac
	case $now in
	"$before") [ "$list" = "$list_before" ] || worse list; [ "$verdict" != warned ] || verdict=wrong ;;
	"$after") [ "$list" = "$list_after" ] || worse list ;;
	*) [ "$verdict" != warned ] || verdict=wrong
	   [ "$kind" = partial ] || { worse stuck; differ "$before" "$now"; } ;;
	esac
	# shellcheck disable=SC2086
	"$subject" $arguments <"$input" >"$T/stdout" 2>"$T/again"; status=$? again=$now
	look "$after"
	if [ "$status" -ne 0 ] && [ "$again" = "$before" ]; then worse again; note="$note again: $(head -c 300 "$T/again" | tr '\t\n' '  ')"; fi
	if [ "$now" != "$after" ]; then worse again; differ "$after" "$now"; fi
	eval "$back" >"$T/stdout" 2>&1
	look "$before"
	if [ "$now" != "$before" ]; then worse lost; differ "$before" "$now"; fi
}
# words FILE [PART]: its lines, those with PART in them only, as one line, in $said
words() {
	said=
	while IFS= read -r line || [ -n "$line" ]; do
		case $line in *"${2:-}"*) said="$said $line" ;; esac
	done <"$1"
	set -f
	# shellcheck disable=SC2086
	set -- $said
	set +f
	said=$*
}
# The first thing that went wrong counts.
worse() { case " $FINE " in *" $verdict "*) verdict=$1 ;; esac; }
differ() {
	printf '%s\n' "$1" >"$T/expected"; printf '%s\n' "$2" >"$T/actual"
	note="$note diff: $(diff "$T/expected" "$T/actual" | grep '^[<>]' | cut -c 1-150 | head -n 6 | tr '\t\n' ' |')"
}

# row: see commands.sh
turn=0
row() {
	case ,${commands:-$1}, in *",$1,"*) ;; *) return ;; esac
	case ${5:-} in ruleless) of_row=${backends%%,*} ;; *) of_row=$(echo "$backends" | tr , ' ') ;; esac
	if [ -n "$in_turn" ]; then
		# shellcheck disable=SC2086
		set_turn $of_row
	fi
	for backend in $of_row; do sweep "$@"; done
}
set_turn() { shift $((turn % $#)); of_row=$1 turn=$((turn + 1)); }
sweep() {
	use_firewall "$backend"
	name=$1/$backend setup=$2 arguments=$3 back=$4 kind=${5:-}
	subject=$VNETMGR input=/dev/null
	[ "$kind" != cni ] || subject=$CNI input=c.json
	[ "$kind" != lend ] || subject=$HOLD arguments="held $LEND $3"
	key=$(echo "$program $backend $*" | sha256sum | cut -c 1-12)
	eval "$setup" >"$T/stdout" 2>&1
	# Once before what counts, for what stays behind when a command was used for the first time.
	# shellcheck disable=SC2086
	"$subject" $arguments <"$input" >"$T/stdout" 2>&1 || { echo "$name: the command itself fails: $(cat "$T/stdout")" >&2; exit 1; }
	eval "$back" >"$T/stdout" 2>&1
	before=$(everything) list_before=$(listing) began=$(date +%s%N)
	# shellcheck disable=SC2086
	case $kind in alone | lend) follow= ;; *) follow=$CHILD ;; esac
	trace "$T/trace" "$subject" $arguments <"$input" >"$T/stdout" 2>&1
	after=$(everything) list_after=$(listing)
	eval "$back" >"$T/stdout" 2>&1
	look "$before"
	ms=$((($(date +%s%N) - began) / 750000))	# three pictures of four
	[ "$now" = "$before" ] || { note=; differ "$before" "$now"; echo "$name: undisturbed, its reverse does not restore what was: $note" >&2; exit 1; }
	points "$T/trace" | awk -v calls="$calls" 'calls == "" || index("," calls ",", "," $1 ",")' >"$T/points"
	grep "^$key	" "$results" | cut -f 3-6 | tr '\t' ' ' | sort >"$T/known"
	n=0
	for fault in $(echo "${faults:-KILL $ERRNOS}" | tr , ' '); do
		# The KILL may have a step of its own: KILL/4
		every=$step; case $fault in */*) every=${fault#*/} fault=${fault%/*} ;; esac
		awk -v fault="$fault" -v every="$every" -v first="$n" '(NR + first) % every == 0 { print fault, $0 }' "$T/points"
		n=$((n + 1))
	done | while read -r fault call k where; do
		if [ "$fault" = KILL ] || { [ "$where" != sure ] && ! infallible "$call"; }; then echo "$fault $call $k $where"; fi
	done >"$T/all"
	if [ "$worker" = count ]; then
		sort "$T/all" | comm -12 - "$T/known" >"$T/todo"
		echo "$name $(wc -l <"$T/all") $(wc -l <"$T/todo") $ms"
		clear_world >"$T/stdout" 2>&1
		return
	fi
	awk -v number="$number" -v of="$of" 'NR % of == number' "$T/all" | sort | comm -23 - "$T/known" >"$T/todo"
	total=$(wc -l <"$T/todo") done=0 begun=$(date +%s)
	while read -r fault call k where <&3; do
		judge "$fault" "$call" "$k" "$where"
		printf '%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n' "$key" "$name" "$fault" "$call" "$k" "$where" "$verdict" "$note" >>"$results"
		done=$((done + 1))
		if [ -z "$quiet" ] && [ $((done % 50)) -eq 10 ]; then
			left=$((($(date +%s) - begun) * (total - done) / done))
			echo "$name: $done of $total, about $((left / 60)) min $((left % 60)) s left in this command (worker $number)"
		fi
		[ "$now" = "$before" ] || exit 9
	done 3<"$T/todo"
	clear_world >"$T/stdout" 2>&1
}
clear_world() {
	for device in $(vnm net-port-list n 2>/dev/null | awk '$2 == "netns" || $2 == "tap" { print $1 }'); do vnm net-detach n "$device"; done
	vnm net-destroy n; vnm net-undefine n; vnm net-undefine nn; vnm net-destroy nn
	[ ! -e "$LAB/h0/run/frr" ] || { frr_kill 0 KILL; rm -rf "$LAB/h0/run/frr" "$LAB/h0/etc/frr"; }
	[ ! -e /run/netns/g1 ] || ip netns del g1
	case $name in bridge-attach* | vlan-hosts*) ip link del br-n ;; esac
	rm -rf "$VNETMGR_ROOT/etc/vnetmgr/hooks" "$VNETMGR_ROOT/etc/vnetmgr/bridge.conf"
}
rows
exit 0
