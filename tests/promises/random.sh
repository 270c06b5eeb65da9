#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# random.sh [COUNT [FIRST]] - random sequences of commands and sabotage, held against a small model of what must be.
#
# Each sequence has a number, which is the seed of its random numbers: VNM_SEED=N repeats the one of that number, and prints its steps. After
# every step:
#
#   the exit status   is that of the model: a command works, or is refused, for the state the network is in
#   net-list          has the network's state, "persistent" and "autostart"; "active" only if every part of it is there,
#                     which is read from the kernel and /proc, not from vnetmgr
#   the parts         are the same, byte for byte, however the network came to be what it is: started, updated, repaired
#
# What sabotage breaks, one net-repair, net-apply or stop and start puts right. At the end all networks are stopped and
# undefined, and nothing is left of them.
. "$srcdir/tests/lib/ns.sh"
in_iptables || need nft
count=${1:-${VNM_SEQUENCES:-8}} first=${2:-1} steps=${VNM_STEPS:-14}
[ -z "${VNM_SEED:-}" ] || { first=$VNM_SEED; count=1; }
cd "$T" || exit 1

### Random numbers: the same everywhere for the same seed. The first few of neighbouring seeds are alike.
seed() { R=$(($1 * 7919 + 12345)); rnd 2; rnd 2; rnd 2; }
rnd() { R=$(((R * 1103515245 + 12345) & 2147483647)); X=$(((R >> 12) % $1)); }	# rnd N: 0 <= $X < N
pick() { rnd $#; shift $X; X=$1; }						# pick WORD...: one of them into $X

### The networks: NAT for both families with DHCP; a host-only one; one without addresses; one in the place of uplink0.
NETS='a b c w'
cat >base.a <<'X'
<network xmlns:vnm='urn:vnetmgr:network:1'><name>a</name><uuid>0a000000-0000-4000-8000-00000000000a</uuid><forward mode='nat'><nat ipv6='yes'/></forward><bridge name='br-a' stp='off'/><mac address='52:54:00:0a:00:01'/><domain name='a.test'/>
<ip address='10.77.1.1' prefix='24'><dhcp><range start='10.77.1.100' end='10.77.1.200'/>
HOSTS</dhcp></ip>
<ip family='ipv6' address='fd77:1::1' prefix='64'/>
FORWARDS</network>
X
cat >base.b <<'X'
<network><name>b</name><uuid>0b000000-0000-4000-8000-00000000000b</uuid><bridge name='br-b' stp='on'/><mac address='52:54:00:0b:00:01'/>
<ip address='10.77.2.1' prefix='24'><dhcp><range start='10.77.2.100' end='10.77.2.200'/>
HOSTS</dhcp></ip></network>
X
cat >base.c <<'X'
<network><name>c</name><uuid>0c000000-0000-4000-8000-00000000000c</uuid><bridge name='br-c' stp='off'/><mac address='52:54:00:0c:00:01'/></network>
X
cat >base.w <<'X'
<network xmlns:vnm='urn:vnetmgr:network:1'><name>w</name><uuid>0d000000-0000-4000-8000-00000000000d</uuid><forward mode='bridge'/><bridge name='br-w'/><vnm:uplink dev='uplink0'/></network>
X
subnet() { case $1 in a) S=10.77.1 ;; b) S=10.77.2 ;; *) S= ;; esac; }
host_xml() { subnet "$1"; H="<host mac='52:54:00:77:00:0$2' name='h$2' ip='$S.1$2'/>"; }	# into $H

# definition NET HOSTS FORWARDS: the whole text, into $T/NET.xml
definition() {
	: >hosts; : >forwards
	for i in $2; do host_xml "$1" "$i"; echo "$H" >>hosts; done
	for i in $3; do echo "<vnm:portForward proto='tcp' port='80$i' to='10.77.1.1$i' toPort='80'/>" >>forwards; done
	awk -v hosts=hosts -v forwards=forwards '
	/^HOSTS/ { while ((getline l < hosts) > 0) print l; sub(/^HOSTS/, "") }
	/^FORWARDS/ { while ((getline l < forwards) > 0) print l; sub(/^FORWARDS/, "") }
	{ print }' "base.$1" >"$1.xml"
}

### What is there, without asking vnetmgr.
# in_nftables: "FAMILY KIND -A NAME ..." of each rule, with its number in the chain, and of each element of a map
in_nftables() {
	awk '/^table / { family = $2 == "ip" ? 4 : 6; next }
		/^\t[a-z]/ { kind = $1; name = $2; n = 0; next }
		/^\t\t/ {
			gsub(/"/, ""); sub(/^[ \t]*/, ""); sub(/^elements = { /, ""); sub(/[, }]*$/, "")
			k = split($0, item, ", ")
			for (i = 1; i <= k; i++) print family, kind, "-A", name, (kind == "chain" ? ++n " " : "") item[i] " "
		}'
}
look() {
	if in_iptables; then
		for t in filter nat mangle raw; do
			iptables -t $t -S | sed "s/^/4 $t /"; ip6tables -t $t -S | sed "s/^/6 $t /"
		done
	else
		{ nft -s list table ip vnetmgr; nft -s list table ip6 vnetmgr; } 2>/dev/null | in_nftables | sort
	fi >rules
	ps -e -o args= | grep '[d]nsmasq' | grep -v /run/internet/ >servers
}
# parts NET: everything that the network is made of, as text, but for its guests: a tap has a line with its MAC address for dnsmasq
parts() {
	br=br-$1
	ip -d -o link show "$br" 2>/dev/null | grep -oE 'UP[,>]| mtu [0-9]+|link/ether [0-9a-f:]*| stp_state [0-9]| forward_delay [0-9]+| group [a-z0-9]+'
	ip -o addr show dev "$br" 2>/dev/null | sed 's/^[0-9]*: //; s/ [0-9]*sec/ SEC/g' | grep -v fe80
	ip -4 route show table all 2>/dev/null | grep " $br " | grep -v fe80 | sed 's/ linkdown//'
	ip -6 route show table all 2>/dev/null | grep " $br " | grep -Ev 'fe80|ff00|anycast' | sed 's/ linkdown//'
	# The bridge of an uplink goes on listening to router advertisements when other networks forward.
	for key in disable_ipv6 autoconf $([ "$1" = w ] || echo accept_ra); do cat /proc/sys/net/ipv6/conf/$br/$key 2>/dev/null; done
	case $1 in
	a) cat /proc/sys/net/ipv4/ip_forward /proc/sys/net/ipv6/conf/all/forwarding ;;
	w) for f in /sys/class/net/uplink0/brport/bridge; do readlink $f; done; ip -o -4 addr show dev uplink0 ;;
	esac
	# Its rules, and of their chains what belongs to no single network: the jumps to them, and the early-return rules; of nftables,
	# the chains that lead to those of networks.
	subnet "$1"
	awk -v br="$br" -v net="${S:-none}" -v net6="${S:+fd77:1:}" '
	function mine() { return index($0, " " br " ") || index($0 ".", " " net ".") || (net6 != "" && br == "br-a" && index($0, net6)) }
	function anybodys() { return index($0, " br-") || index($0, "10.77.") || index($0, "fd77:") }
	NR == FNR { if (mine()) { used[$1 " " $2 " " $4] = 1; family[$1] = 1 } next }
	$2 == "chain" && $4 !~ /[.]|_src$/ && family[$1]
	mine() || (used[$1 " " $2 " " $4] && !anybodys())
	$3 == "-A" && $(NF - 1) == "-j" && used[$1 " " $2 " " $NF]' rules rules
	grep -c "dnsmasq/$1/" servers
	for f in "$VNETMGR_ROOT/run/vnetmgr/dnsmasq/$1"/*; do
		case $f in
		*'/*' | */process) ;;
		*/bridge) echo "$f"; cmp -s "$f" "/sys/class/net/br-$1/ifindex" || echo 'of another bridge' ;;
		*) echo "$f"; sort "$f" | grep -vE '^[0-9a-f:]{17},id:\*$' ;;
		esac
	done
	[ "$1" = w ] && [ ! -e /sys/class/net/br-w ] && { ip -o addr show dev uplink0 | grep -v fe80; ip route | grep uplink0; }
	return 0
}

### The model: of each network whether it is defined, active, marked; what its definitions hold; whether it is sabotaged.
get() { eval "V=\$$1_$2"; }
set_() { eval "$1_$2=\$3"; }
forget() { for v in def act auto broken; do set_ "$1" $v 0; done; for v in kh kf lh lf taps; do set_ "$1" $v ''; done; }
is() { get "$1" "$2"; [ "$V" = 1 ]; }
# without WORD LIST: the list less one word, into $L; in WORD LIST
without() { L=; w=$1; shift; for x; do [ "$x" = "$w" ] || L="$L $x"; done; L=${L# }; }
in_() { w=$1; shift; for x; do [ "$x" = "$w" ] && return 0; done; return 1; }
sorted() { L=$(printf '%s\n' $1 | sort | xargs); }

trouble() { echo "sequence $number, step $step: $*" >&2; bad=1; }
# run EXPECTED COMMAND...: 0 or 1, or any
run() {
	want=$1; shift
	echo "$*" >>steps
	"$VNETMGR" "$@" >out 2>err; status=$?
	case $want in any) return 0 ;; esac
	[ "$status" -eq "$want" ] || { trouble "exit status $status, expected $want: $*"; cat out err >&2; }
}
sabotage() { echo "# $*" >>steps; (eval "$1") >/dev/null 2>&1; }
# Of the rules: all of one family in a table, those of a chain, the N-th about a bridge. In nftables a chain is one that leads to all
# networks' rules.
flush_table() { if in_iptables; then $1 -t "$2" -F; elif [ "$1" = iptables ]; then nft flush table ip vnetmgr; else nft flush table ip6 vnetmgr; fi; }
flush_chain() {
	in_iptables && { iptables -F "$1"; return; }
	case $1 in VNM_FWI) name=to_guests ;; VNM_FWO) name=from_guests ;; VNM_FWX) name=within ;; *) name=input ;; esac
	nft flush chain ip vnetmgr $name
}
lose_nth() {
	if in_iptables; then
		iptables -S | grep " $2 " | sed -n "$1p" | sed 's/^-A/-D/' | xargs -r iptables
	else
		rule_handles "\"$2\"" | sed -n "$1p" | nft -f -
	fi
}

# key NET: what its parts depend on, and nothing else
key() { get "$1" lh; k=$1_$(echo $V | tr ' ' -); get "$1" lf; K=known.${k}_$(echo $V | tr ' ' -); }

# lost_tap: is the tap of a guest of network $q gone, or off its bridge?
lost_tap() {
	get $q taps
	for tap in $V; do [ "$(readlink /sys/class/net/$tap/master)" = ../br-$q ] || return 0; done
	return 1
}

# stranded: are there rules about the bridge of a network that is not active, and no such bridge?
stranded() {
	for m in $NETS; do
		is $m act || [ -e /sys/class/net/br-$m ] || ! grep -q " br-$m " rules || return 0
	done
	return 1
}

# deaf: does uplink0, which has lost its bridge, ignore router advertisements, since another network forwards IPv6?
deaf() {
	is w broken && [ ! -e /sys/class/net/uplink0/brport ] && [ "$(cat /proc/sys/net/ipv6/conf/uplink0/accept_ra)" = 1 ] &&
		[ "$(cat /proc/sys/net/ipv6/conf/all/forwarding)" = 1 ]
}

# check: net-list against the model and against what is there
check() {
	look
	"$VNETMGR" -q net-list --all >list 2>err || { trouble 'net-list failed'; cat err >&2; }
	for q in $NETS; do
		line=$(awk -v n=$q '$1 == n { print $2, $3, $4 }' list)
		get $q def; def=$V; get $q act; act=$V; get $q auto; auto=$V
		if [ $def = 0 ] && [ $act = 0 ]; then
			[ -z "$line" ] || trouble "$q should not be listed: $line"
			continue
		fi
		[ $auto = 1 ] && auto=yes || auto=no
		[ $def = 1 ] && def=yes || def=no
		state=inactive
		if [ $act = 1 ]; then
			parts $q >now
			key $q
			state=active
			if [ ! -e "$K" ]; then
				is $q broken || cp now "$K"
				is $q broken && { state="${line%% *}"; [ "$state" = inactive ] && state=active; }
			elif ! cmp -s now "$K"; then
				state=degraded
				is $q broken || { trouble "the parts of $q are not what they were as $K"; diff -U 0 "$K" now >&2; }
			fi
		fi
		[ "$state" = active ] && lost_tap && state=degraded
		# Rules of a network whose records and bridge were removed are a fault in the chains of the others.
		[ "$state" = active ] && { stranded || deaf; } && [ "${line%% *}" = degraded ] && state=degraded
		[ "$line" = "$state $auto $def" ] || {
			trouble "$q is listed as: $line; expected: $state $auto $def"
			[ $act = 0 ] || { diff -U 0 "$K" now | head -20; "$VNETMGR" net-info $q; } >&2
		}
		[ $state = degraded ] || [ $state = inactive ] || set_ $q broken 0
	done
}

### Steps. A sabotaged network may refuse a change, which then must have changed nothing.
started() { get $1 kh; set_ $1 lh "$V"; get $1 kf; set_ $1 lf "$V"; set_ $1 act 1; set_ $1 broken 0; }
stopped() { set_ $1 act 0; set_ $1 broken 0; is $1 def || forget $1; }

do_define() { rnd 2; h=; [ $X = 0 ] && [ -n "$S" ] && h=3; definition $n "$h" ''; run 0 net-define $n.xml; set_ $n def 1; set_ $n kh "$h"; set_ $n kf ''; }
do_undefine() { if is $n def; then run 0 net-undefine $n; set_ $n def 0; set_ $n auto 0; set_ $n kh ''; set_ $n kf ''; is $n act || forget $n; else run 1 net-undefine $n; fi; }
do_start() { if is $n def && ! is $n act; then run 0 net-start $n; started $n; else run 1 net-start $n; fi; }
do_destroy() { if is $n act; then run 0 net-destroy $n; stopped $n; else run 1 net-destroy $n; fi; }
do_restart() { is $n act && is $n def && { run 0 net-destroy $n; stopped $n; run 0 net-start $n; started $n; }; }
do_create() { is $n def || is $n act || { definition $n '' ''; run 0 net-create $n.xml; started $n; }; }
do_autostart() { if is $n def; then run 0 net-autostart $n; set_ $n auto 1; else run 1 net-autostart $n; fi; }
do_unmark() { if is $n def; then run 0 net-autostart $n --disable; set_ $n auto 0; else run 1 net-autostart $n --disable; fi; }
do_boot() { run 0 autostart; for m in $NETS; do is $m auto && ! is $m act && started $m; done; }
do_start_all() { run 0 net-start --all; for m in $NETS; do is $m def && ! is $m act && started $m; done; }
do_destroy_all() { run 0 net-destroy --all; for m in $NETS; do is $m act && stopped $m; done; }
do_repair() { if is $n act; then run 0 net-repair $n; set_ $n broken 0; else run 1 net-repair $n; fi; }
do_repair_all() { run 0 net-repair --all; for m in $NETS; do set_ $m broken 0; done; }
do_apply() {	# also what is transient, or was sabotaged
	rnd 3; h=; f=
	case $n$X in a0) h='1 3' ;; a1) f=2 ;; b0 | b1) h=1 ;; esac
	definition $n "$h" "$f"
	run 0 net-apply $n.xml
	set_ $n def 1; set_ $n kh "$h"; set_ $n kf "$f"; started $n
}
# where the change goes: $flags, and whether it is there already in one of the places
places() {
	flags= there= missing=
	is $n act && flags=--live
	is $n def && flags="$flags --config"
	for p in k l; do
		case $p in k) is $n def || continue ;; l) is $n act || continue ;; esac
		get $n $p$1
		if in_ $2 $V; then there=1; else missing=1; fi
	done
}
changed() {	# changed h|f WORD add|del
	for p in k l; do
		case $p in k) is $n def || continue ;; l) is $n act || continue ;; esac
		get $n $p$1; without $2 $V
		[ $3 = del ] || sorted "$L $2"
		set_ $n $p$1 "$L"
	done
}
change() {	# change h|f WORD add|del COMMAND...
	what=$1 word=$2 how=$3; shift 3
	want=0
	[ -n "$flags" ] || want=1
	# A forward that one of the two places has is added to the other.
	[ $how = add ] && [ -n "$there" ] && { [ $what = h ] || [ -z "$missing" ]; } && want=1
	[ $how = del ] && [ -n "$missing" ] && want=1
	is $n broken && [ $want = 0 ] && want=any
	run $want "$@" $flags
	[ "$status" != 0 ] || changed $what $word $how
	is $n broken && set_ $n broken 1
}
do_host() { [ -n "$S" ] || return; rnd 4; i=$X; pick add del; how=$X; host_xml $n $i; places h $i
	[ $how = add ] && c=add-last || c=delete; change h $i $how net-update $n $c ip-dhcp-host "$H"; }
do_forward() { [ $n = a ] || return; rnd 3; i=$X; pick add del; how=$X; places f $i
	if [ $how = add ]; then change f $i add net-forward-add a tcp 80$i 10.77.1.1$i:80; else change f $i del net-forward-del a tcp 80$i; fi; }
do_attach() {
	[ $n != w ] || return; rnd 2; tap=tap-$n$X; get $n taps; taps=$V
	is $n act && ! is $n broken || return
	if in_ $tap $taps; then run 1 net-attach $n --tap $tap; else run 0 net-attach $n --tap $tap; set_ $n taps "$taps $tap"; fi
}
do_detach() {
	rnd 2; tap=tap-$n$X; get $n taps; taps=$V
	if in_ $tap $taps; then run 0 net-detach $n $tap; without $tap $taps; set_ $n taps "$L"; else run 1 net-detach $n $tap; fi
}

same_definitions() { is $n def && get $n kh && k=$V && get $n lh && [ "$k" = "$V" ] && get $n kf && k=$V && get $n lf && [ "$k" = "$V" ]; }
do_sabotage() {
	is $n act || return
	set_ $n broken 1
	run_dir=$VNETMGR_ROOT/run/vnetmgr
	dead="pkill -KILL -f '[d]nsmasq/$n/'; while pgrep -f '[d]nsmasq/$n/'; do sleep .02; done"
	pick kill kill bridge bridge table table chain rule flush down address forwarding files files some lease tap unplug all lock live record record
	case $X in
	live | record) same_definitions || return ;;
	esac
	case $X in
	kill) sabotage "$dead" ;;
	bridge) sabotage "ip link del br-$n" ;;
	table) for m in $NETS; do set_ $m broken 1; done; pick nat filter mangle; t=$X; pick iptables ip6tables; sabotage "flush_table $X $t" ;;
	chain) for m in $NETS; do set_ $m broken 1; done; pick VNM_FWI VNM_FWO VNM_FWX VNM_INP; sabotage "flush_chain $X" ;;
	rule) rnd 9; sabotage "lose_nth $((X + 1)) br-$n" ;;
	flush) for m in $NETS; do set_ $m broken 1; done; sabotage flush_tables ;;
	down) sabotage "ip link set br-$n down" ;;
	address) sabotage "ip addr flush dev br-$n" ;;
	forwarding) for m in $NETS; do set_ $m broken 1; done; sabotage 'echo 0 >/proc/sys/net/ipv4/ip_forward' ;;
	files) sabotage "rm -rf $run_dir/dnsmasq/$n" ;;
	some) rnd 4; sabotage "ls $run_dir/dnsmasq/$n | sed -n $((X + 1))p | sed s,^,$run_dir/dnsmasq/$n/, | xargs -r rm" ;;
	lease) sabotage "rm -f $VNETMGR_ROOT/var/lib/vnetmgr/leases/$n" ;;
	tap) get $n taps; for tap in $V; do sabotage "ip link del $tap"; break; done ;;
	unplug) [ $n = w ] && sabotage 'ip link set uplink0 nomaster' ;;
	lock) sabotage "rm $run_dir/lock" ;;
	live) sabotage "rm $run_dir/$n.xml"; run 0 net-info $n ;;
	record)	# without a record it is not active; a start takes over what is there
		pick "rm $run_dir/$n.journal" "rm -rf $run_dir/$n.* $run_dir/dnsmasq/$n" ": >$run_dir/$n.journal" \
			"rm $run_dir/$n.journal; ip link del br-$n" "rm -rf $run_dir/$n.* $run_dir/dnsmasq/$n; ip link del br-$n"
		# with both gone there is no record of what the host's own device had
		[ $n = w ] && X="rm $run_dir/w.journal"
		sabotage "$X"; set_ $n act 0; check
		pick start start apply all
		case $X in
		start) run 0 net-start $n ;;
		apply) get $n kh; h=$V; get $n kf; definition $n "$h" "$V"; run 0 net-apply $n.xml ;;
		all) do_start_all ;;
		esac
		started $n; set_ $n broken 1 ;;
	all) for m in $NETS; do set_ $m broken 1; done; sabotage "$dead; rm -rf $run_dir/dnsmasq; ip link del br-$n" ;;
	esac
}

one_step() {
	pick a a a b b c w; n=$X; subnet $n
	rnd 100
	if [ $X -lt 6 ]; then do_define
	elif [ $X -lt 9 ]; then do_undefine
	elif [ $X -lt 21 ]; then do_start
	elif [ $X -lt 25 ]; then do_destroy
	elif [ $X -lt 28 ]; then do_restart
	elif [ $X -lt 31 ]; then do_create
	elif [ $X -lt 34 ]; then do_autostart
	elif [ $X -lt 36 ]; then do_unmark
	elif [ $X -lt 39 ]; then do_boot
	elif [ $X -lt 42 ]; then do_start_all
	elif [ $X -lt 43 ]; then do_destroy_all
	elif [ $X -lt 50 ]; then do_repair
	elif [ $X -lt 52 ]; then do_repair_all
	elif [ $X -lt 58 ]; then do_apply
	elif [ $X -lt 66 ]; then do_host
	elif [ $X -lt 72 ]; then do_forward
	elif [ $X -lt 77 ]; then do_attach
	elif [ $X -lt 80 ]; then do_detach
	else do_sabotage
	fi
}

whole() {	# after the last step: one command heals all that is broken
	step=end
	run 0 net-repair --all
	for n in $NETS; do set_ $n broken 0; done
	check
	for n in $NETS; do
		get $n taps
		for tap in $V; do
			is $n act && { [ "$(readlink /sys/class/net/$tap/master)" = ../br-$n ] || trouble "$tap is not on its bridge"; }
		done
	done
}
away() {
	"$VNETMGR" -q net-destroy --all >out 2>&1 || { trouble 'net-destroy --all failed'; cat out >&2; }
	for n in $NETS; do
		get $n taps; for tap in $V; do is $n def && "$VNETMGR" -q net-detach $n $tap >/dev/null 2>&1; done
		is $n def && { "$VNETMGR" -q net-undefine $n >out 2>&1 || { trouble "net-undefine $n failed"; cat out >&2; }; }
	done
	after=$(left)
	[ "$before" = "$after" ] || { trouble 'something is left (- before, + after)'; echo "$before" >b; echo "$after" >f; diff -U 0 b f >&2; return 1; }
}
left() { snapshot 's/ SEC//; s/ linkdown//'; find "$VNETMGR_ROOT/etc/vnetmgr" "$VNETMGR_ROOT/var/lib/vnetmgr" -type f -o -type l | sort; ip -6 route | grep uplink0; }

vnm -q net-list >/dev/null
before=$(left)
failed=
number=$first last=$((first + count - 1))
while [ $number -le $last ]; do
	for n in $NETS; do forget $n; done
	: >steps; seed $number; bad=0 step=0
	for n in $NETS; do	# half of them to begin with
		rnd 2; subnet $n; [ $X = 0 ] && { do_define; rnd 3; [ $X = 0 ] || do_start; }
	done
	check
	while [ $step -lt $steps ] && [ $bad = 0 ]; do
		step=$((step + 1))
		one_step
		check
	done
	[ $bad = 0 ] && whole
	away || spoilt=1
	checks=$((checks + 1))
	if [ $bad != 0 ]; then
		failures=$((failures + 1)) failed="$failed $number"
		{ echo "sequence $number, to be repeated by VNM_SEED=$number:"; sed 's/^/    /' steps; } >&2
	fi
	[ -z "${spoilt:-}" ] || { echo "the rest of the sequences is not tried: this world is spoilt" >&2; break; }
	number=$((number + 1))
	[ $((checks % 50)) -gt 0 ] || echo "$checks of $count"
done
printf '%s sequences of %s steps, %s failed%s\n' "$checks" "$steps" "$failures" "${failed:+:$failed}"
[ "$failures" -eq 0 ]
