#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# dnsmasq answers what comes in by its own bridge, and nothing else, in every mode, whatever the firewall lets pass: not from outside,
# nor from another network, to the address of the bridge (CVE-2012-3411). It follows the addresses of its bridge, and is not woken
# by those of other devices.
. "$srcdir/tests/lib/ns.sh"
cd "$T" || exit 1
mkdir tftp; echo hello >tftp/file; chmod -R a+rX "$T" tftp

i=0
for mode in nat route open none; do
	i=$((i + 1))
	forward="<forward mode='$mode'/>"; [ $mode != none ] || forward=
	cat >$mode.xml <<-X
	<network><name>$mode</name>$forward<bridge name='br-$mode' stp='off'/><domain name='lab.test' localOnly='yes'/>
	<dns><host ip='192.168.20$i.9'><hostname>box</hostname></host></dns>
	<ip address='192.168.20$i.1' prefix='24'><tftp root='$T/tftp'/><dhcp><range start='192.168.20$i.100' end='192.168.20$i.110'/></dhcp></ip>
	<ip family='ipv6' address='fd00:20$i::1' prefix='64'><dhcp><range start='fd00:20$i::100' end='fd00:20$i::110'/></dhcp></ip></network>
	X
	vnm -q net-define $mode.xml; ok "start $mode" vnm -q net-start $mode
	guest g$mode br-$mode; static g$mode 192.168.20$i.50/24 192.168.20$i.1; static g$mode fd00:20$i::50/64 fd00:20$i::1
	outside ip route add 192.168.20$i.0/24 via $UPLINK; outside ip -6 route add fd00:20$i::/64 via $UPLINK6
	has "$mode: DHCP on its bridge only" "%br-$mode:67 " "$(ss -Hlun 'sport = :67')"
	has "$mode: DHCPv6, too" "%br-$mode:547 " "$(ss -Hlun 'sport = :547')"
done
# Our rules do not matter, nor does a firewall that somebody opens: nothing drops what is for the host.
iptables-legacy -I INPUT -j ACCEPT; ip6tables-legacy -I INPUT -j ACCEPT; iptables-legacy -I OUTPUT -j ACCEPT; ip6tables-legacy -I OUTPUT -j ACCEPT

question() { inns "$1" dig +short +time="${4:-1}" +tries=1 "$3" "@$2" box.lab.test; }	# question NETNS ADDRESS +tcp|+notcp [SECONDS]
# all_of NETNS NUMBER SECONDS: everything that the bridges' dnsmasq is asked from there, at once; what was answered within that time
all_of() {
	for addr in 192.168.20$2.1 fd00:20$2::1; do
		for how in +notcp +tcp; do question "$1" $addr $how $3 >"$1.$2.$addr.$how.got" 2>/dev/null & asked="$asked $!"; done
		# busybox's tftp is silent for long before it gives up.
		ip netns exec "$1" timeout $3 busybox tftp -g -l "$1.$2.$addr.tftp.got" -r file $addr >/dev/null 2>&1 & asked="$asked $!"
	done
}
answers() { cat "$1.$2".*.got 2>/dev/null | grep -E '^(192|hello)' | sort | xargs; }
asked=
for i in 1 2 3 4; do
	all_of internet $i 2
	own=0; for mode in nat route open none; do own=$((own + 1)); all_of g$mode $i $([ $own = $i ] && echo 20 || echo 2); done
done
wait $asked
i=0
for mode in nat route open none; do
	i=$((i + 1)) box=192.168.20$i.9
	same "$mode: its own guests" "$box $box $box $box hello hello" "$(answers g$mode $i)"
	same "$mode: not from outside" '' "$(answers internet $i)"
	for other in nat route open none; do [ $other = $mode ] || same "$mode: not from a guest of $other" '' "$(answers g$other $i)"; done
	same "$mode: the host itself" $box "$(dig +short +time=20 +tries=1 @192.168.20$i.1 box.lab.test)"
done
iptables-legacy -D INPUT 1; ip6tables-legacy -D INPUT 1; iptables-legacy -D OUTPUT 1; ip6tables-legacy -D OUTPUT 1

# Addresses that come later: by a live change, by hand, and as somebody's who puts back what he took.
pid() { pgrep -f "dnsmasq/$1/"; }
process=$(pid open)
answers_at() { inns gopen dig +short +time=1 +tries=1 "@$1" box.lab.test; }
sed 's,</network>,<ip address="192.168.213.1" prefix="24"/></network>,' open.xml >open2.xml
ok 'an address more' vnm -q net-apply open2.xml
static gopen 192.168.213.50/24
ok 'is served' until_is 192.168.203.9 answers_at 192.168.213.1
process=$(pid open)
ip addr del 192.168.213.1/24 dev br-open; ip addr add 192.168.213.1/24 dev br-open
ok 'one that was taken and put back' until_is 192.168.203.9 answers_at 192.168.213.1
echo 1 >/proc/sys/net/ipv6/conf/br-open/accept_dad
ip addr add fd00:213::1/64 dev br-open; static gopen fd00:213::50/64
ok 'one that is usable only after duplicate address detection' until_is 192.168.203.9 answers_at fd00:213::1
same 'by the same process' "$process" "$(pid open)"

# What others set does not concern it. (Without the right to trace others' processes, it does, and nothing else is lost.)
echo "<network><name>still</name><bridge name='br-still'/><ip address='192.168.205.1' prefix='24'/></network>" >still.xml
ok 'one that has nothing to do' vnm -q net-create still.xml
asleep() { sed -n 's/^voluntary_ctxt_switches:[^0-9]*//p' "/proc/$(pid still)/status"; }
before=$(asleep)
ip addr add 192.168.214.1/24 dev br-route; ip addr add fd00:214::1/64 dev br-route nodad; ip addr del 192.168.214.1/24 dev br-route
ok 'an address of another network is served there' until_is 192.168.202.9 inns groute dig +short +time=1 +tries=1 @192.168.202.1 box.lab.test
same 'and wakes no other dnsmasq' "$before" "$(asleep)"

# A bridge that is made again has another index.
leave gnat; process=$(pid nat); ip link del br-nat
has 'a bridge is deleted' "^ nat +degraded" "$(vnm -q net-list)"
ok 'and made again' vnm net-repair nat
has 'its dnsmasq, too' 'bridge br-nat, dnsmasq [(]its bridge is gone[)]' "$(cat out)"
guest gnat br-nat; ok 'guests get an address' dhcp gnat
same 'and are answered' 192.168.201.9 "$(question gnat 192.168.201.1 +notcp 20)"
static gnat fd00:201::50/64; same 'in both families' 192.168.201.9 "$(question gnat fd00:201::1 +notcp 20)"
has 'it is whole' '^ nat +active' "$(vnm -q net-list)"

# One that is started while there is no bridge, for what a detach changes, has none either.
ok 'a guest' vnm -q net-attach nat --tap tap-nat; ip link del br-nat; ok 'detach' vnm -q net-detach nat tap-nat
ok 'made again after it' vnm net-repair nat
has 'its dnsmasq after it' 'bridge br-nat, dnsmasq [(]its bridge is gone[)]' "$(cat out)"
has 'it is whole after it' '^ nat +active' "$(vnm -q net-list)"
finish
