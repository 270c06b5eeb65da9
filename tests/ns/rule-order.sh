#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# In tables of iptables: what others put before our rules and into our chains is reported, in the same words everywhere, unless it
# concerns none of our packets; net-repair, and any start or stop, puts ours first. More of "in effect": health.sh.
. "$srcdir/tests/lib/ns.sh"
in_iptables || skip 'others have no rules among those of nftables'
. "$srcdir/tests/lib/health.sh"

# moved WHAT CHAIN RULE...: a rule before ours, which stays, but behind ours.
moved() {
	about=$1 tool=$2 chain=$3 words=$4; shift 4
	family=; [ "$tool" = iptables ] || family=' \(IPv6\)'
	"$tool" -I "$chain" "$@"
	is=$(vnm net-info n)
	has "$about: reported" "^Degraded: +chain VNM_... is not first in $chain$family: rule 1 '$words' stands before it" "$is"
	has "$about: net-list" '^ n +degraded ' "$(vnm net-list)"
	ok "$about: repair" vnm net-repair n
	ok "$about: healthy again" healthy
	ok "$about: out" out; ok "$about: held" held
	ok "$about: is still there" "$tool" -D "$chain" "$@"
	same "$about: everything is as it was" "$up" "$(state)"
}
moved 'accept all' iptables FORWARD '-j ACCEPT' -j ACCEPT
moved 'drop all' iptables FORWARD '-j DROP' -j DROP
moved 'drop all of IPv6' ip6tables FORWARD '-j DROP' -j DROP
moved 'past us' iptables FORWARD '-m state --state NEW -j RETURN' -m state --state NEW -j RETURN
moved 'by the way out' iptables FORWARD '-i uplink0 -j DROP' -i uplink0 -j DROP
moved 'of our subnet' iptables FORWARD '-d 192.168.160.0/25 -p tcp -j REJECT --reject-with icmp-port-unreachable' -d 192.168.160.0/25 -p tcp -j REJECT
moved 'of our device' iptables INPUT '-i br-[+] -j DROP' -i br-+ -j DROP
moved 'to guests' iptables OUTPUT '-j DROP' -j DROP
iptables -N OTHER; iptables -N INNER; iptables -A OTHER -m mark --mark 7 -j INNER; iptables -A INNER -j DROP
up=$(state)
moved 'a chain that decides' iptables FORWARD '-j OTHER' -j OTHER
iptables -F INNER; up=$(state)
moved 'gone to, for good' iptables FORWARD '-g OTHER' -g OTHER
iptables -A INNER -j LOG; iptables -I FORWARD -j OTHER
ok 'a chain that decides nothing may stand first' healthy
iptables -D FORWARD -j OTHER; iptables -F OTHER; iptables -F INNER; iptables -X OTHER; iptables -X INNER
up=$(state)

# What concerns one network alone is a fault of that one, and is repaired there.
iptables -I INPUT -i br-n -p udp --dport 53 -j REJECT
has 'a rule for one network' '^ n +degraded ' "$(vnm net-list)"
has 'is no fault of another' '^ i +active ' "$(vnm net-list)"
vnm net-repair --all >"$T/all"
has 'it is repaired in this one' "^Network n repaired: no longer: chain VNM_INP is not first in INPUT: rule 1 '-i br-n -p udp -m udp --dport 53 -j REJECT --reject-with icmp-port-unreachable'" "$(cat "$T/all")"
has 'not in the other one, though that is looked at first' '^Network i is complete$' "$(cat "$T/all")"
iptables -D INPUT -i br-n -p udp --dport 53 -j REJECT; ok 'healthy without it' healthy

# What others put first for their own, as Docker does at every start, is no fault; where it concerns ours, too, it is reported.
ip link add docker0 type bridge; ip link set docker0 up
for rule in '-i docker0 -o docker0 -j ACCEPT' '-i lo -j ACCEPT'; do
	chain=FORWARD; [ "$rule" != "${rule%lo*}" ] && chain=INPUT
	iptables -I $chain $rule
	ok "no fault: $rule" healthy
	no "and not reported: $rule" grep -q '^Note' "$(vnm net-info n >"$T/info"; echo "$T/info")"
	iptables -D $chain $rule
done
iptables -t nat -I POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE
ok 'no fault: a subnet of others' healthy
iptables -t nat -D POSTROUTING 1
iptables -I FORWARD -i docker0 -j ACCEPT
ok 'no fault: to and from others' healthy
has 'but reported' "^Note: +rule 1 '-i docker0 -j ACCEPT' of FORWARD stands before vnetmgr's chains" "$(vnm net-info i)"
iptables -D FORWARD 1; ip link del docker0

# Within our chains there is nothing but ours.
fault 'a rule in a chain of ours' i "rule 1 '-j ACCEPT' of chain VNM_ISO is not vnetmgr's" iptables -I VNM_ISO -j ACCEPT
fault 'at its end' n "rule [0-9]+ '-p icmp -m icmp --icmp-type 8 -j DROP' of chain VNM_INP" iptables -A VNM_INP -p icmp -m icmp --icmp-type 8 -j DROP
fault 'of IPv6' n "rule 2 '-j DROP' of chain VNM_OUT \(IPv6\) is not" ip6tables -I VNM_OUT 2 -j DROP
fault 'of nat' n "rule 1 '-j ACCEPT' of chain nat VNM_PRT is not" iptables -t nat -I VNM_PRT -j ACCEPT
fault 'the jump is gone' n 'chain VNM_FWI is not entered from FORWARD' iptables -D FORWARD -j VNM_FWI
fault 'the order of our chains' n 'chain VNM_FWO stands before VNM_FW[XI] in FORWARD' \
	sh -c 'iptables -D FORWARD -j VNM_FWO; iptables -I FORWARD -j VNM_FWO'
order() {	# the first rule behind the gate goes to the end
	rule=$(iptables -S VNM_INP | sed -n '/br-n/{s/^-A VNM_INP //p;q}')
	iptables -D VNM_INP $rule && iptables -A VNM_INP $rule
}
up=	# the network's rules are the last ones of the chain then
fault 'the order of our rules' n 'the rules of chain VNM_INP are not in order' order
up=$(state)
fault 'a gate is gone' n 'chain VNM_FWI does not begin as it should' iptables -D VNM_FWI 1

# Starting or stopping any network puts ours first, too.
echo "<network><name>x</name><bridge name='br-x' stp='off'/><ip address='192.168.162.1' prefix='24'/></network>" >"$T/x.xml"
iptables -I FORWARD -j ACCEPT
ok 'a start' vnm net-create "$T/x.xml"; ok 'healthy after a start' healthy; ok 'held after a start' held
iptables -D FORWARD -j ACCEPT; iptables -I FORWARD -j ACCEPT
ok 'a stop' vnm net-destroy x; ok 'healthy after a stop' healthy; ok 'held after a stop' held
iptables -D FORWARD -j ACCEPT
finish
