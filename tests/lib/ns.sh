# SPDX-License-Identifier: GPL-2.0-or-later
# ns.sh - the world of a namespace test; sourced first by every tests/ns/*.sh.
#
# The test runs again inside "vnetmgr sandbox --uplink": its own network, its own state directories, its own
# xtables lock, its own processes, and behind the device uplink0 a simulated upstream. Nothing of it is left
# when it ends.
#
#   sandbox  uplink0 203.0.113.2, 2001:db8:113::2   the host under test
#   internet 203.0.113.1, 2001:db8:113::1           the next router and DNS server, netns "internet"
#            198.51.100.10, 2001:db8:51::10         a server: HTTP on port 80 answers "you are ADDRESS"

set -u
: "${VNETMGR:?the program under test}" "${srcdir:=.}"
srcdir=$(cd "$srcdir" && pwd)
export VNETMGR srcdir LC_ALL=C PATH="$PATH:/usr/sbin:/sbin"

skip() { echo "SKIP: $*" >&2; [ -n "${VNM_TEST_MUST_WORK:-}" ] && exit 1; exit 77; }

. "$srcdir/tests/lib/programs.sh"
NS_PROGRAMS='ip ss busybox dig nc ping ps pgrep'
if [ -z "${VNETMGR_SANDBOX:-}" ]; then
	need $NS_PROGRAMS iptables-legacy ip6tables-legacy dnsmasq
	exec "$VNETMGR" sandbox --uplink sh "$0" "$@"
fi

# use_firewall BACKEND: networks use that back end, and iptables, ip6tables, iptables-save and so on are the commands for its tables;
# with nftables, which has none, those for iptables-nft's. "auto" is the one that the host gets.
use_firewall() {
	FIREWALL=$1 kind=nft
	mkdir -p "$VNETMGR_ROOT/etc/vnetmgr" "$T/bin"
	echo "firewall_backend = \"$1\"" >"$VNETMGR_ROOT/etc/vnetmgr/network.conf"
	[ "$1" != auto ] || FIREWALL=$(chosen_firewall)
	[ "$FIREWALL" != legacy ] || kind=legacy
	for tool in iptables ip6tables; do
		for part in "" -save -restore; do
			there=$(command -v $tool-$kind$part) && ln -sf "$there" "$T/bin/$tool$part"
		done
	done
}

chosen_firewall() {
	echo "<network><name>any</name><ip address='192.168.250.1' prefix='24'/></network>" >"$T/any.xml"
	"$VNETMGR" -v net-create "$T/any.xml" --dry-run 2>&1 | sed -n 's/^firewall back end: \([a-z-]*\),.*/\1/p'
}

# in_iptables: are the rules in tables of iptables, whose commands show them, and whose policies they override?
in_iptables() { [ "$FIREWALL" != nftables ]; }

SERVER=198.51.100.10 SERVER6=2001:db8:51::10
UPLINK=203.0.113.2 UPLINK6=2001:db8:113::2
T=$(mktemp -d /run/test.XXXXXX) || exit 1
programs "$T/bin" nc ping ps pgrep pkill
use_firewall "${VNM_FIREWALL:-legacy}"
# Where the package is installed there is the group whose members get the public summary: for tests/ns/public.sh alone.
! sed '/^vnetmgr:/d' /etc/group >"$T/etc-group" || cmp -s "$T/etc-group" /etc/group || mount --bind "$T/etc-group" /etc/group
failures=0 checks=0

# ok WHAT COMMAND...: the command must succeed. Its output is shown when it does not.
ok() {
	what=$1; shift; checks=$((checks + 1))
	"$@" >"$T/out" 2>&1 && return 0
	failures=$((failures + 1)); echo "FAIL: $what: $*" >&2; sed 's/^/    /' "$T/out" >&2; return 1
}

# no WHAT COMMAND...: the command must fail.
no() {
	what=$1; shift; checks=$((checks + 1))
	"$@" >"$T/out" 2>&1 || return 0
	failures=$((failures + 1)); echo "FAIL: $what: should have failed: $*" >&2; sed 's/^/    /' "$T/out" >&2; return 1
}

# no_because WHAT PATTERN COMMAND...: it must fail, with that message.
no_because() { title=$1 pattern=$2; shift 2; no "$title" "$@"; has "$title: why" "$pattern" "$(cat "$T/out")"; }
# no_change_because: the same, and state, a function of the test, still prints $now.
no_change_because() { no_because "$@"; same "$title: nothing changed" "$now" "$(state)"; }

# same WHAT EXPECTED ACTUAL
same() {
	checks=$((checks + 1)); [ "$2" = "$3" ] && return 0
	failures=$((failures + 1)); printf '%s\n' "$2" >"$T/expected"; printf '%s\n' "$3" >"$T/actual"
	echo "FAIL: $1 (- expected, + actual)" >&2; diff -U 1 "$T/expected" "$T/actual" | sed 1,2d >&2; return 1
}

# has WHAT PATTERN TEXT: an extended regular expression must match a line of the text.
has() {
	checks=$((checks + 1)); printf '%s\n' "$3" | grep -Eq -- "$2" && return 0
	failures=$((failures + 1)); printf 'FAIL: %s: no line matches %s in\n%s\n' "$1" "$2" "$3" >&2; return 1
}

finish() {
	echo "$checks checks, $failures failures"
	[ "$checks" -gt 0 ] && [ "$failures" -eq 0 ]; exit
}

# until_is TEXT COMMAND...: it prints that within 20 s
until_is() {
	expected=$1 end=$(($(date +%s) + 20)); shift
	until [ "$("$@")" = "$expected" ]; do [ "$(date +%s)" -lt "$end" ] || return 1; sleep .05; done
}

# await COMMAND...: until it succeeds; what never comes is for the time limit of the test. await_port PORT [RUNNER...]: until there
# is a TCP listener. ended PID...: until the processes, children or not, are gone.
await() { until "$@" >/dev/null 2>&1; do sleep .02; done; }
await_port() { until has_port "$@"; do sleep .02; done; }
has_port() ( port=$1; shift; "$@" ss -Hltn "sport = :$port" | grep -q . )
ended() { for process; do while kill -0 "$process" 2>/dev/null; do sleep .02; done; done; }

vnm() { "$VNETMGR" "$@"; }
inns() { ns=$1; shift; ip netns exec "$ns" "$@"; }
outside() { inns internet "$@"; }

# frame_filter: our table of frames, without the ports that it has learnt by itself
frame_filter() { frame_tables | sed "$LEARNT_PORTS"; }
frame_tables() { ! command -v nft >/dev/null || nft list ruleset bridge; }
LEARNT_PORTS='/^\tset ports/,/^\t[}]/d'

# saved_rules: the rules of both families. Tables of nf_tables and their built-in chains stay when we are gone; what counts is what
# they hold.
saved_rules() {
	if [ "$FIREWALL" = legacy ]; then iptables-save; ip6tables-save; return; fi
	for tool in iptables-save ip6tables-save; do
		$tool | awk -v tool=$tool '/^\*/ { t = $1 } /^-A/ || /^:/ && $2 != "ACCEPT" { print tool, t, $0 }'
	done
	[ "$FIREWALL" != nftables ] || for family in ip ip6; do nft -s list table $family vnetmgr 2>/dev/null; done
}
# uncounted_rules: the same, without what has passed
uncounted_rules() { saved_rules | sed '/^#/d; s/ \[[0-9:]*\]$//'; }
# snapshot [SED-COMMANDS]: everything of the host that vnetmgr may touch, as text without counters and indexes; and of its own state
# all but which namespaces and back end it is of, and who else was seen on a bridge. There are some thousand of them in "make check", so it starts few processes.
snapshot() {
	# iptables-save lists no table that nobody has asked for yet.
	[ -e "$T/tables" ] || for table in filter nat mangle raw; do
		iptables -t $table -S; ip6tables -t $table -S
	done >"$T/tables"
	{
		printf 'link show\naddress show\nroute show\nrule show\n' | ip -o -batch -
		ip -6 route
		saved_rules
		frame_tables
		for setting in ipv4/ip_forward ipv6/conf/all/forwarding ipv6/conf/default/accept_ra; do
			read -r value <"/proc/sys/net/$setting"; echo "$setting = $value"
		done
		ps -C dnsmasq -o args=
		find "$VNETMGR_ROOT/run/vnetmgr" -mindepth 1 ! -name lock ! -name owner ! -name firewall ! -name dnsmasq ! -name serving ! -path '*/handles*' ! -name '*.others' 2>/dev/null | sort
	} | sed -e '/ inet6\{0,1\} .* scope link/d; /^fe80/d; /^#/d; /\/run\/internet\//d' -e "$LEARNT_PORTS" \
		-e 's/^[0-9]*: //; s/@if[0-9]*//; s/ state [A-Z]* / /; s/ \[[0-9:]*\]$//' -e "${1:-}"
}
# What the kernel changes when it has time: whether devices have a carrier. For snapshot.
CARRIER='s/NO-CARRIER,//; s/,LOWER_UP//; s/ linkdown//'

# count_input NAME MATCH: what comes to the host past our rules, in both families, is counted by an nft(8) match, and then accepted;
# counted NAME 4|6: how often. Chains of iptables' INPUT are before those of nftables or behind, whichever came first.
count_input() {
	nft 'add table inet counts; add chain inet counts input { type filter hook input priority 10; }'
	for family in 4 6; do nft add rule inet counts input meta nfproto ipv$family $2 counter accept comment "\"$1$family\""; done
}
counted() { nft list chain inet counts input | sed -n "s/.* packets \([0-9]*\) .* comment \"$1$2\"\$/\1/p"; }
# flush_tables: no rule and no chain of anybody is left, in either family
flush_tables() {
	for tool in iptables-restore ip6tables-restore; do
		printf '*%s\nCOMMIT\n' filter nat mangle raw | $tool
	done
	in_iptables || for family in ip ip6; do nft delete table $family vnetmgr; done
}

# lose_rules PATTERN: our rules of IPv4 that match the extended regular expression are gone. names BRIDGE, accepts BRIDGE SUBNET,
# rejects BRIDGE: patterns of the rules that name a bridge; of the one that accepts what its guests send; of what rejects the rest.
# among BRIDGE: of the one that accepts what they send each other by the host.
lose_rules() {
	if in_iptables; then
		iptables-save | awk -v pattern="$1" '/^[*]|^COMMIT/; /^-A/ && $0 ~ pattern { sub(/^-A/, "-D"); print }' | iptables-restore -n
	else
		rule_handles "$1" | nft -f -
	fi
}
rule_handles() {
	nft -a list table ip vnetmgr | awk -v pattern="$1" '/^\tchain / { chain = $2 }
		/ counter packets / && $0 ~ pattern { print "delete rule ip vnetmgr", chain, "handle", $NF }'
}
# without_ways: of steps, those but what leads to a rule of nftables, which the step of a rule by itself has not
without_ways() { grep -vE "^nft '((add|delete) (chain|map|element) |add rule .* vmap @)|^# nft delete rule.* vmap @"; }
names() { echo " $1( |\$)|\"$1\""; }
accepts() { echo " -s $2 -i $1 -j ACCEPT|iifname \"$1\" ip saddr $2 $COUNTER accept"; }
rejects() { echo " -i $1 -j REJECT|iifname \"$1\" $COUNTER reject"; }
among() { echo " -i $1 -o $1 -j ACCEPT|iifname \"$1\" oifname \"$1\" $COUNTER accept"; }
COUNTER='counter( packets [0-9]* bytes [0-9]*)?'

# guest NAME BRIDGE [MAC]: a machine on the bridge: namespace NAME with eth0, up, without an address. It takes none of IPv6 for somebody
# else's, which it would wait a second or two for.
guest() {
	ip netns add "$1" && inns "$1" sh -c 'echo 0 >/proc/sys/net/ipv6/conf/default/accept_dad' &&
	ip link add name "$1" type veth peer name eth0 ${3:+address "$3"} netns "$1" &&
	ip link set dev "$1" master "$2" up && ip -n "$1" link set lo up && ip -n "$1" link set eth0 up
}

# leave NAME...: the machines go. Their ends on the bridge first: the kernel takes down a namespace when it has time.
leave() { for name; do ip link del dev "$name"; ip netns del "$name"; done; }

# dhcp NAME [UDHCPC-OPTION...]: a real DHCP client on the guest; what the server sent is in $T/NAME.dhcp.
dhcp() {
	name=$1; shift
	cat >"$T/udhcpc" <<-'EOF'
	#!/bin/sh
	[ "$1" = bound ] || [ "$1" = renew ] || exit 0
	set | grep -E '^(ip|mask|router|dns|domain|lease|mtu|hostname|boot_file|siaddr|serverid|search|staticroutes|tftp|bootfile)=' >"$DHCP_OUT"
	ip -4 addr flush dev "$interface"; ip addr add "$ip/$mask" dev "$interface"
	[ -z "$router" ] || ip route replace default via "${router%% *}"
	EOF
	chmod +x "$T/udhcpc"
	DHCP_OUT="$T/$name.dhcp" ip netns exec "$name" busybox udhcpc -i eth0 -n -q -f -t 20 -T 1 -s "$T/udhcpc" "$@" \
		>"$T/$name.udhcpc" 2>&1 || { cat "$T/$name.udhcpc"; return 1; }
}
dhcp_value() { sed -n "s/^$2='\{0,1\}\([^']*\)'\{0,1\}\$/\1/p" "$T/$1.dhcp"; }	# dhcp_value GUEST VARIABLE

# static NAME ADDRESS/LEN GATEWAY: a guest without DHCP, either family.
static() {
	ip -n "$1" addr add "$2" dev eth0 nodad 2>/dev/null || ip -n "$1" addr add "$2" dev eth0
	[ -z "${3:-}" ] || ip -n "$1" route replace default via "$3"
}

reaches() { inns "$1" ping -n -c 1 -W 2 "$2"; }			# one echo
web() { inns "$1" timeout 3 busybox wget -q -O - "http://$2/"; }	# web NAME HOST: what the server sees
connects() { inns "$1" nc -z -w 2 "$2" "$3"; }			# connects NAME ADDRESS PORT
listens() {							# listens NAME PORT: a TCP listener; its pid goes into $listener
	ip netns exec "$1" nc -l -k -p "$2" </dev/null >/dev/null 2>&1 &
	listener=$!
	await_port "$2" inns "$1"
}
# talk GUEST ADDRESS: an echo server outside, and a connection of the guest's to it, which stays open; hang_up ends it
talk() {
	outside busybox nc -l -p 7 -e cat >/dev/null 2>&1 &
	await_port 7 outside
	mkfifo "$T/in" "$T/reply"
	inns "$1" busybox nc "$2" 7 <"$T/in" >"$T/reply" &
	exec 3>"$T/in" 4<"$T/reply"
}
hang_up() { exec 3>&- 4<&-; }
echoes() {	# echoes WHAT: after that, the connection is as it was
	echo "$1" >&3
	checks=$((checks + 1))
	IFS= read -r line <&4 && [ "$line" = "$1" ] || { failures=$((failures + 1)); echo "FAIL: the connection is dead after: $1" >&2; }
}
