#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The back end iptables-nft: the iptables commands show, find and delete its rules; what others have in the same tables stays as
# it is, however much and however busy they are; and behind Docker's DROP guests reach the outside.
VNM_FIREWALL=iptables-nft; export VNM_FIREWALL
. "$srcdir/tests/lib/ns.sh"
need nft strace
cd "$T" || exit 1
EARLY=' -m rpfilter | -m devgroup '	# those that every chain begins with

# planned NAME: its rules, "TOOL TABLE RULE" each; found: those in the kernel
planned() {
	vnm -q net-start "$1" --dry-run | sed -n 's/^\(ip6\{0,1\}tables\) -t \([a-z]*\) -A \(VNM_.*\)/\1 \2 \3/p; s/^\(ip6\{0,1\}tables\) -A \(VNM_.*\)/\1 filter \2/p'
}
found() {
	for tool in iptables ip6tables; do
		$tool-save | awk -v tool=$tool '/^\*/ { t = substr($1, 2) } /^-A VNM_/ { sub(/^-A /, ""); print tool, t, $0 }'
	done | grep -vE -- "$EARLY"
}
# each OPTION FILE: the iptables commands with that option for each rule; in one process for each table
each() {
	for tool in iptables ip6tables; do
		for table in filter nat mangle raw; do
			grep -q "^$tool $table " "$2" || continue
			{ echo "*$table"; sed -n "s/^$tool $table /$1 /p" "$2"; echo COMMIT; } | $tool-restore -n || return
		done
	done
}
# theirs: all of nf_tables but our chains, the jumps to them, and what we have beside the tables of iptables
theirs() { nft -s -a list ruleset ip; nft -s -a list ruleset ip6; }
foreign() { theirs 2>/dev/null | sed '/^\tchain VNM_/,/^\t}/d; /jump VNM_/d; s/# handle [0-9]*//; /^$/d'; }
network() { printf "<network><name>%s</name><forward><nat ipv6='yes'/></forward><bridge name='br-%s' stp='off'/><ip address='192.168.%s.1' prefix='24'><dhcp><range start='192.168.%s.9' end='192.168.%s.99'/></dhcp></ip><ip family='ipv6' address='fd00:%s::1' prefix='64'/></network>" "$1" "$1" "$2" "$2" "$2" "$2" >"$T/n.xml"; ok "define $1" vnm -q net-define "$T/n.xml"; }

echo '--- the examples: shown as --dry-run says, found and deleted by the iptables commands'
for file in "$srcdir"/networks/*.xml; do
	name=$(sed -n "s:.*<name>\(.*\)</name>.*:\1:p" "$file" | head -n 1)
	ok "define $name" vnm -q net-define "$file"
	planned "$name" >planned
	[ -s planned ] || continue
	ok "$name: start" vnm -q net-start "$name"
	same "$name: the same text" "$(sort planned)" "$(found | sort)"
	ok "$name: found" each -C planned
	ok "$name: deleted" each -D planned
	same "$name: none is left" '' "$(found)"
	has "$name: which is noticed" "^ $name +degraded" "$(vnm net-list)"
	ok "$name: repaired" vnm -q net-repair "$name"
	iptables-save >saved; ip6tables-save >saved6
	ok "$name: saved and restored" sh -c 'iptables-restore <saved && ip6tables-restore <saved6'
	has "$name: they are the same still" "^ $name +active" "$(vnm net-list)"
	ok "$name: stop" vnm -q net-destroy "$name"
	same "$name: nothing is left" '' "$(iptables-save | grep VNM_; ip6tables-save | grep VNM_)"
done
same 'no legacy table' '' "$(cat /proc/net/ip_tables_names /proc/net/ip6_tables_names 2>/dev/null)"
no 'no lock' test -e /run/xtables.lock

echo "--- behind Docker's DROP"
ip link add docker0 type bridge; ip link set docker0 up
for tool in iptables ip6tables; do
	$tool -P FORWARD DROP; $tool -N DOCKER; $tool -N DOCKER-USER
	$tool -A DOCKER-USER -j RETURN; $tool -A FORWARD -j DOCKER-USER
	$tool -A FORWARD -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
	$tool -A FORWARD -o docker0 -j DOCKER; $tool -A FORWARD -i docker0 ! -o docker0 -j ACCEPT
	$tool -P INPUT DROP; $tool -A INPUT -i lo -j ACCEPT
	$tool -A INPUT -p "$([ $tool = iptables ] && echo icmp || echo ipv6-icmp)" -j ACCEPT
done
iptables -t nat -N DOCKER; iptables -t nat -A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
iptables -t nat -A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE
network d 171
network e 172
theirs=$(foreign)
has 'there is something to keep' 'hook forward .* policy drop' "$theirs"
ok 'start' vnm -q net-start d e
same 'policies, chains and rules of others' "$theirs" "$(foreign)"
guest g br-d
ok 'a lease' dhcp g
static g fd00:171::2/64 fd00:171::1
ok 'outside, 3 of 3' inns g ping -n -c 3 -i 0.2 -W 2 "$SERVER"
ok 'by IPv6' inns g ping -n -c 3 -i 0.2 -W 2 "$SERVER6"
same 'translated' "you are $UPLINK" "$(web g "$SERVER")"
has 'nothing is wrong' '^ d +active' "$(vnm net-list)"
no 'and nothing is told' grep -E '^(Note|Degraded)' "$(vnm net-info d >info; echo info)"
# Docker's restart puts its jumps first.
iptables -D FORWARD -j DOCKER-USER; iptables -I FORWARD -j DOCKER-USER
theirs=$(foreign)
ok 'outside, behind its chains' reaches g "$SERVER"
has 'still nothing is wrong' '^ d +active' "$(vnm net-list)"
# What it forbids there is forbidden.
iptables -I DOCKER-USER -i br-d -j DROP
no 'the administrator decides' reaches g "$SERVER"
has 'which is told' "^Degraded: +chain VNM_... is not first in FORWARD: rule 1 '-j DOCKER-USER' stands before it" "$(vnm net-info d)"
iptables -D DOCKER-USER 1
vnm -q net-forward-add d tcp 8080 "$(told g ip):80"
ok 'a change' reaches g "$SERVER"
same 'changes nothing of theirs' "$theirs" "$(foreign)"
ok 'stop one' vnm -q net-destroy e
ok 'the other stays' reaches g "$SERVER"
leave g
ok 'stop' vnm -q net-destroy d
same 'all of theirs is as before' "$theirs" "$(foreign)"
same 'nothing is left' '' "$(iptables-save | grep VNM_; ip6tables-save | grep VNM_)"

echo '--- beside 10 000 rules of others: not one message more'
# messages COMMAND...: how many are sent to the kernel and received from it
messages() { strace -qq -e trace=sendto,sendmsg,recvmsg -o traced "$VNETMGR" -q "$@"; grep -c NFNL_SUBSYS_NFTABLES traced; }
vnm -q net-start d; vnm -q net-destroy d
up=$(messages net-start d) down=$(messages net-destroy d)
ok 'it is counted' test "$up" -gt 50
{
	echo 'add chain ip filter MANY'
	i=0; while [ $i -lt 10000 ]; do i=$((i + 1)); echo "add rule ip filter MANY ip saddr 10.$((i / 250)).$((i % 250)).1 counter"; done
	echo 'add rule ip filter FORWARD counter jump MANY'
} >many
nft -f many
same 'at a start' "$up" "$(messages net-start d)"
same 'at a stop' "$down" "$(messages net-destroy d)"
same 'none of them is lost' 10000 "$(nft list chain ip filter MANY | grep -c saddr)"
nft flush chain ip filter MANY

echo '--- others commit all the time'
iptables -N BUSY
writer() { for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do iptables -A BUSY -s "10.$1.$i.0/24" -j RETURN || return; done; }
for w in 1 2 3; do writer $w & eval "w$w=$!"; done
n=0
while kill -0 "$w1" 2>/dev/null || kill -0 "$w2" 2>/dev/null || kill -0 "$w3" 2>/dev/null; do
	ok 'start' vnm -q net-start d e; found | sort >found.2
	same 'none twice' "$(cat found.2)" "$(uniq found.2)"
	[ $n -gt 0 ] || cp found.2 found.whole
	ok 'all rules' cmp found.whole found.2
	ok 'stop' vnm -q net-destroy d e
	n=$((n + 1))
done
for w in "$w1" "$w2" "$w3"; do ok 'a writer' wait "$w"; done
ok 'at the same time' test $n -gt 0
same 'none of their rules is lost' 60 "$(iptables -S BUSY | grep -c '^-A')"

echo '--- a stop finds its rules in the chains of all networks by their handles, and without them as well'
HANDLES=$VNETMGR_ROOT/run/vnetmgr/handles
# lists: how often it lists the rules of a chain
lists() { strace -qq -e trace=sendmsg -o traced "$VNETMGR" -q net-destroy e; grep -c 'NFT_MSG_GETRULE.*NLM_F_DUMP' traced; }
ours() { { iptables-save; ip6tables-save; } | grep -cE 'br-e|192\.168\.172|fd00:172'; }
# gone WHAT: the stop of e leaves nothing of it, and all of d
gone() { ok "$1: stop" vnm -q net-destroy e; same "$1: nothing is left of it" 0 "$(ours)"; has "$1: the other is whole" '^ d +active' "$(vnm net-list)"; }
vnm -q net-start d; vnm -q net-start e; ok 'they are recorded' grep -q ' VNM_SRC ' "$HANDLES/e"
few=$(lists); same 'nothing is left' 0 "$(ours)"; no 'no record either' test -e "$HANDLES/e"
vnm -q net-start e; rm -r "$HANDLES"; many=$(lists); same 'nothing is left without records' 0 "$(ours)"
ok "fewer lists of rules ($few, $many)" test $((few + 8)) -le "$many"
vnm -q net-start e; iptables-save >saved; ip6tables-save >saved6; iptables-restore <saved; ip6tables-restore <saved6; gone 'other handles'
vnm -q net-start e; sed -i 's/[0-9]*$/7/' "$HANDLES/e"; gone 'handles of other rules'
vnm -q net-start e; sed -i 's/ VNM_/ X_/' "$HANDLES/e"; gone 'a damaged record'
vnm -q net-start e; sort -r "$HANDLES/d" >"$HANDLES/e"; gone 'a record of another network'
vnm -q net-start e
iptables-save | sed -n '/^\*/p; /^COMMIT/p; /^-A VNM_[A-Z]* .*\(br-e\|192\.168\.172\)/p' >twice; ok 'there are some' test "$(wc -l <twice)" -gt 15
ok 'all of them twice' iptables-restore -n twice; gone 'rules that are there twice'
vnm -q net-start e; vnm -q net-forward-add e tcp 8081 192.168.172.9:80; iptables -F VNM_FWI.br-e; vnm -q net-repair e; gone 'changed and repaired'
vnm -q net-start e; vnm -q net-destroy d e
same 'nor is there one of both' '' "$({ iptables-save; ip6tables-save; } | grep VNM_; find "$HANDLES" -type f)"

echo '--- a start mends the head of a common chain, and only appends to it'
vnm -q net-start e
iptables -D VNM_FWO 1
vnm -q net-start d
has 'its head is back' 'devgroup .*-j RETURN' "$(iptables -S VNM_FWO 1)"
same 'each network has one rule there' 2 "$(iptables -S VNM_FWO | grep -c -- '-j VNM_FWO[.]')"
same 'both are whole' 2 "$(vnm -q net-list | grep -c ' active ')"
vnm -q net-destroy d; vnm -q net-destroy e

echo '--- a chain that iptables-nft cannot use either'
nft flush ruleset
nft add table ip filter; nft add chain ip filter FORWARD '{ type filter hook forward priority 5; policy accept; }'
now=$(foreign)
no_because 'told by name' "^error: chain 'FORWARD' of the nf_tables table 'ip filter' is not the one of iptables-nft" vnm net-start d
same 'nothing changed' "$now" "$(foreign)"
nft delete table ip filter

echo '--- a user without any rights, in a user namespace'
nobody() { setpriv --reuid=65534 --regid=65534 --clear-groups "$@"; }
inner='mkdir -p "$VNETMGR_ROOT/etc/vnetmgr" && echo "firewall_backend = \"iptables-nft\"" >"$VNETMGR_ROOT/etc/vnetmgr/network.conf" &&
	printf %s "$1" >/run/n.xml && "$0" -q net-define /run/n.xml && "$0" -q net-start keennet &&
	iptables-nft -t nat -C VNM_PRT.keenbr0 -s 192.168.132.0/24 -d 224.0.0.0/24 -j RETURN && "$0" net-list && "$0" net-destroy keennet'
if nobody "$VNETMGR" sandbox true 2>/dev/null || [ -n "${VNM_TEST_MUST_WORK:-}" ]; then
	has 'its own network' '^ keennet +active' "$(nobody "$VNETMGR" sandbox sh -c "$inner" "$VNETMGR" "$(cat "$srcdir/networks/keennet.xml")" 2>&1)"
else
	echo "not shown: $(nobody "$VNETMGR" sandbox true 2>&1)"
fi
finish
