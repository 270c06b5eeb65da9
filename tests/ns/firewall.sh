#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The rules in the kernel are those of the plan, as the iptables commands understand them; and nobody
# else's rules go with them.
. "$srcdir/tests/lib/ns.sh"
in_iptables || skip 'those of nftables are in nftables.sh'

# planned NAME: the plan's rules as commands that ask for them
planned() { vnm -q net-start "$1" --dry-run | sed -n 's/^\(ip6\{0,1\}tables\) \(.*\)-A \(VNM_.*\)/\1 \2-C \3/p'; }
network() { printf "<network><name>%s</name>%s<bridge name='%s' stp='off'/>%s</network>" "$1" "$2" "$1" "$3" >"$T/n.xml"; ok "define $1" vnm -q net-define "$T/n.xml"; }
both() { echo "<ip address='192.168.$1.1' prefix='24'><tftp root='$T'/><dhcp><range start='192.168.$1.9' end='192.168.$1.99'/></dhcp></ip><ip family='ipv6' address='fd00:$1::1' prefix='64'/>"; }

network closed '' "$(both 60)"
no 'a closed tftp root is refused' vnm net-start closed
has 'and reported' "the tftp root '.*' of network 'closed' is no directory that everybody may read" "$(vnm net-start closed 2>&1)"
vnm -q net-undefine closed
chmod a+rx "$T"
network nat '<forward/>' "$(both 61)"
network nat6 "<forward><nat ipv6='yes'><port start='2000' end='3000'/></nat></forward>" "$(both 62)"
network snat "<forward dev='uplink0'><nat><address start='203.0.113.50' end='203.0.113.60'/></nat></forward>" "$(both 63)"
network route "<forward mode='route'/>" "$(both 64)"
network routedev "<forward mode='route' dev='uplink0'/>" "$(both 65)"
network hostonly '' "$(both 66)"
network internal '' ''
empty=$(snapshot)
all=
for name in nat nat6 snat route routedev hostonly internal; do
	planned "$name" >"$T/$name.rules"
	ok "$name has rules" test -s "$T/$name.rules"
	all="$all $name"
done
# shellcheck disable=SC2086
ok 'start all' vnm -q net-start $all
for name in $all; do
	while read -r rule; do
		ok "$name: in the kernel" sh -c "$rule" </dev/null
	done <"$T/$name.rules"
done
same 'every rule of ours is one of a plan, or a gate' '' "$(
	{ iptables -S; for t in nat mangle raw; do iptables -t $t -S; done; } | grep "^-A VNM_" | grep -vE "devgroup|-m rpfilter" |
	while read -r rule; do grep -qF -e "${rule#-A }" "$T"/*.rules || echo "$rule"; done)"

# A foreign rule before, between and behind ours stays while networks stop and start.
iptables -I FORWARD -s 10.99.0.1 -j ACCEPT
iptables -A FORWARD -s 10.99.0.2 -j ACCEPT
iptables -A VNM_FWO -s 10.99.0.3 -j ACCEPT
ok 'stop all' vnm -q net-destroy --all
has 'foreign rule before' '-A FORWARD -s 10.99.0.1/32 -j ACCEPT' "$(iptables -S)"
has 'foreign rule behind' '-A FORWARD -s 10.99.0.2/32 -j ACCEPT' "$(iptables -S)"
has 'foreign rule in our chain: chain and jump stay' '-A FORWARD -j VNM_FWO' "$(iptables -S)"
iptables -D VNM_FWO -s 10.99.0.3 -j ACCEPT
ok 'start and stop one' sh -c "'$VNETMGR' -q net-start nat && '$VNETMGR' -q net-destroy nat"
iptables -D FORWARD -s 10.99.0.1 -j ACCEPT
iptables -D FORWARD -s 10.99.0.2 -j ACCEPT
same 'no trace is left' "$empty" "$(snapshot)"

# A chain of nf_tables that drops what we accept: a start reports it, and what it advises lets guests pass.
if command -v nft >/dev/null; then
	nft add table inet theirs
	nft add chain inet theirs strict '{ type filter hook forward priority 0; policy drop; }'
	vnm -q net-start nat 2>"$T/output"
	guest g1 "$(vnm net-info nat | sed -n 's/^Bridge: *//p')"; static g1 192.168.61.9/24 192.168.61.1
	has 'it is reported' "^warning: nf_tables chain 'strict' of table 'inet theirs' drops" "$(cat "$T/output")"
	no 'and so it is' reaches g1 "$SERVER"
	sed -n 's/.*there, too: //p' "$T/output" | tr ';' '\n' >"$T/advice"
	same 'two commands' 2 "$(grep -o 'nft insert rule' "$T/advice" | grep -c .)"
	ok 'they can be carried out' sh -e "$T/advice"
	ok 'the guest passes' reaches g1 "$SERVER"
	leave g1
	vnm -q net-destroy nat; nft delete table inet theirs
fi
finish
