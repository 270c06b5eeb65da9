#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What guests send through NAT is limited where iptables sees bridged packets, too (br_netfilter): connections stay,
# rates are met, what is missing is noticed, nothing is left; and an ifb device from before does not pass for whole.
. "$srcdir/tests/lib/ns.sh"
bridged() { sysctl -qw "net.bridge.bridge-nf-call-iptables=$1" "net.bridge.bridge-nf-call-ip6tables=$1"; }
command -v nft >/dev/null || skip 'nft is not installed'
bridged 1 2>/dev/null || skip 'the kernel has no br_netfilter'
before=$(snapshot; nft list ruleset netdev)
outbound() { echo "<bandwidth><outbound average='$1'/></bandwidth>"; }
cat >"$T/n.xml" <<X
<network><name>n</name><forward mode='nat'/><bridge name='br-n' stp='off'/>$(outbound 1000)
<ip address='192.168.190.1' prefix='24'/></network>
X
state() { vnm net-list --all | awk '$1 == "n" { print $2 }'; }

# speed KB: kB/s of so much from the guest to the outside
speed() {
	outside nc -l -p 5001 >"$T/received" </dev/null &
	receiver=$!
	await_port 5001 outside
	begin=$(date +%s%N)
	head -c "${1}000" /dev/zero | inns g timeout 30 nc -N 203.0.113.1 5001 >/dev/null
	wait "$receiver"
	end=$(date +%s%N)
	[ "$(wc -c <"$T/received")" -eq "${1}000" ] || { echo 0; return; }
	echo $(($1 * 1000000000 / (end - begin)))
}
# One second's traffic passes at once: of 5000 kB at 1000 a second, 4000 wait. TCP does not use up all of a limit that drops.
limited() {
	is=$(speed 5000)
	ok "$1: $is kB/s" test "$is" -ge 500 -a "$is" -le 1300
}

ok define vnm net-define "$T/n.xml"
has 'planned' "^ *nft 'table netdev vnetmgr-br-n-" "$(vnm net-start --dry-run n)"
ok start vnm net-start n
guest g br-n; static g 192.168.190.5/24 192.168.190.1
talk g 203.0.113.1
echoes 'a start'
limited 'with NAT'
echoes 'that'
same 'all is there' active "$(state)"

ok 'taken away' vnm net-update n delete bandwidth '<bandwidth/>' --live
echoes 'taken away'
same 'no table is left' '' "$(nft list ruleset netdev)"
is=$(speed 30000); ok "without a limit: $is kB/s" test "$is" -ge 10000
ok 'set again' vnm net-update n add bandwidth "$(outbound 9000)" --live
echoes 'set again'
ok 'changed' vnm net-update n modify bandwidth "$(outbound 1000)" --live
echoes 'changed'
limited 'changed'

# sabotage WHAT COMMAND...
sabotage() {
	what=$1; shift
	ok "$what" "$@"
	same "$what: net-list reports it" degraded "$(state)"
	has "$what: net-info, too" '^Degraded: .*outbound bandwidth of 1000 kilobytes a second on br-n' "$(vnm net-info n)"
	ok "$what: repair" vnm net-repair n
	same "$what: healthy again" active "$(state)"
	echoes "$what"
}
table=$(nft list tables | sed -n 's/^table netdev \(vnetmgr-br-n-[0-9a-f]*\)$/\1/p')
sabotage 'table deleted' nft delete table netdev "$table"
sabotage 'rule gone' nft flush table netdev "$table"
sabotage 'a rule too many' nft add rule netdev "$table" in drop
sabotage 'another rate' nft "flush table netdev $table; add rule netdev $table in limit rate over 5 bytes/second drop"
ok stop vnm net-destroy n
hang_up
leave g
same 'nothing is left' "$before" "$(rm -rf "$VNETMGR_ROOT/var/lib/vnetmgr/dnsmasq/n"; vnm -q net-undefine n; snapshot; nft list ruleset netdev)"

# Without br_netfilter packets wait in an ifb device. When it is switched on, that would hide them from NAT.
bridged 0
if vnm -q net-define "$T/n.xml" && vnm net-start --dry-run n | grep -q ' type ifb'; then
	ok 'start with an ifb' vnm net-start n
	same 'all is there, too' active "$(state)"
	bridged 1
	same 'what NAT loses is noticed' degraded "$(state)"
	no 'and cannot be repaired by halves' vnm net-repair n
	has 'which is reported with the remedy' "leads packets through 'ifb-br-n', where NAT loses them since net.bridge.bridge-nf-call-iptables is on: stop the network and start it" "$(cat "$T/out")"
	ok stop vnm net-destroy n
	ok 'start again' vnm net-start n
	guest g br-n; static g 192.168.190.5/24 192.168.190.1
	ok 'NAT works' reaches g 203.0.113.1
	same 'all is there again' active "$(state)"
	ok stop vnm net-destroy n
	leave g
	same 'nothing is left, either' '' "$(nft list ruleset netdev)"
	no 'no ifb' ip link show dev ifb-br-n
fi

# The limits of one guest, on its own device: what comes in there nobody has seen before, so an ifb hides nothing.
bridged 1
sed "s|<bandwidth.*/bandwidth>|<portgroup name='slow' default='yes'>&</portgroup>|" "$T/n.xml" >"$T/g.xml"
ok 'a portgroup' vnm net-define "$T/g.xml"
ok start vnm net-start n
ip netns add g
ok 'a guest of it' vnm net-attach n --netns g --ip auto
ok 'NAT works for it' reaches g 203.0.113.1
limited 'a guest with NAT'
ok detach vnm net-detach n g
ok stop vnm net-destroy n
finish
