#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The firewall back end: set, chosen, recorded, shown, and changed while networks are up.
. "$srcdir/tests/lib/ns.sh"

conf=$VNETMGR_ROOT/etc/vnetmgr/network.conf run=$VNETMGR_ROOT/run/vnetmgr
network() { printf "<network><name>%s</name><forward/><bridge name='br-%s' stp='off'/><ip address='192.168.%s.1' prefix='24'/></network>" "$1" "$1" "$2" >"$T/n.xml"; ok "define $1" vnm -q net-define "$T/n.xml"; }
backend() { printf '%s\n' "$1" >"$conf"; }
recorded() { cat "$run/firewall"; sed -n 's/^firewall //p' "$run"/*.journal | sort -u; }
network a 170
network b 171
before=$(snapshot)

# Whatever is wrong in the file: file and line, and nothing is changed; what is up can be seen and stopped.
state() { snapshot; }
now=$before
backend 'firewall_backend = "ebtables"'
no_change_because 'an unknown value' "^error: $conf:1: unrecognized value of firewall_backend: 'ebtables'" vnm net-start a
printf '# a comment\n\nfirewall = "legacy"\n' >"$conf"
no_change_because 'an unknown key' "^error: $conf:3: unrecognized key 'firewall'" vnm net-start a
no_change_because 'as a dry run' "^error: $conf:3: unrecognized key" vnm net-start --dry-run a
no_change_because 'to change it' "^error: $conf:3: unrecognized key" vnm net-repair --firewall
backend 'firewall_backend = "legacy"'
ok 'start' vnm -q net-start a
backend 'firewall_backend ='
ok 'net-list does not need it' vnm net-list
ok 'nor does a repair' vnm net-repair --all
no_because 'another network does' 'network.conf:1: expecting a value in quotes' vnm net-start b
ok 'a stop does not' vnm -q net-destroy a
same 'no trace' "$before" "$(snapshot)"; no 'nor a record' test -e "$run/firewall"

# The record, in the run directory and in the journals, lasts as long as a network is up.
backend '# firewall_backend = "ebtables"  a comment'
ok 'start' vnm -q net-start a
has 'net-info says which' "^Firewall: +$(head -n 1 "$run/firewall")$" "$(vnm net-info a)"
same 'journal and record agree' 1 "$(recorded | sort -u | wc -l)"
was=$(recorded)
rm "$run/firewall"
ok 'the record is lost: the journal has it' vnm -q net-start b
same 'written again' "$was" "$(recorded)"
has 'healthy' '^ a +active' "$(vnm net-list)"
ok 'stop one' vnm -q net-destroy a
same 'it stays for the other' "$was" "$(recorded)"
no 'nothing about one that is inactive' eval 'vnm net-info a | grep ^Firewall'
ok 'stop the last' vnm -q net-destroy b
same 'no trace' "$before" "$(snapshot)"; no 'nor a record' test -e "$run/firewall"
printf 'legacy\n' >"$run/firewall"
ok 'a record without networks is void' vnm -q net-list
no 'and removed' test -e "$run/firewall"

# net-event looks where the rules are.
for b in legacy iptables-nft nftables; do
	use_firewall $b
	ok "$b: start" vnm -q net-start a
	: >"$T/events" # what the last one said is not this one's
	"$VNETMGR" net-event --event health --loop >>"$T/events" 2>&1 & watcher=$!
	until grep -q degraded "$T/events"; do
		ip link set br-a down; sleep .2
		vnm -q net-repair a; sleep .05
	done
	kill $watcher; wait $watcher
	has "$b: net-event" "^event 'health' for network a: degraded \(link br-a[^,]*\)$" "$(cat "$T/events")"
	ok "$b: stop" vnm -q net-destroy a
done

# In tables of our own, the rules of a dry run are commands for nft, which it understands; so are those that remove them.
if command -v nft >/dev/null; then
	use_firewall nftables
	ok 'define' vnm -q net-define "$srcdir/networks/ipv6.xml"
	commands() { sed -n "s/^nft '\\(.*\\)'\$/\\1/p"; }
	vnm net-start --dry-run ipv6 | commands >"$T/add"
	ok 'start' vnm -q net-start ipv6
	has 'chains, maps and rules' '^add rule ip6 vnetmgr .* counter ' "$(cat "$T/add")"
	ok 'nft takes them' nft -f "$T/add"
	vnm net-destroy --dry-run ipv6 | commands >"$T/delete"
	ok 'and those that remove them' nft -f "$T/delete"
	same 'nothing of the network is left' '' "$(nft list ruleset | sed '/^table bridge/,$d' | grep sixbr0)"
	ok 'repair' vnm -q net-repair ipv6
	has 'whole' '^ ipv6 +active ' "$(vnm net-list)"
	"$VNETMGR" -v net-destroy ipv6 2>"$T/said"
	no 'none of iptables' grep -q '^ip6\{0,1\}tables' "$T/said"
	has 'with -v as well' '^# nft delete rule, with its handle: ' "$(cat "$T/said")"
	same 'each once' '' "$(grep '^# nft' "$T/said" | sort | uniq -d)"
fi
finish
